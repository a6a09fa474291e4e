//! The scenarios as a course: each lesson's place in it, and what to do after one.

use super::progress::Progress;
use super::run::Run;
use crate::scenarios::{LESSONS, Lesson};
use crate::sim::SegmentId;
use crate::tcp::Segment;

/// The number of lessons.
#[must_use]
pub const fn count() -> usize {
    LESSONS.len()
}

/// The number of a lesson, from 1.
#[must_use]
pub fn number(scenario: &str) -> Option<usize> {
    LESSONS.iter().position(|lesson| lesson.id == scenario).map(|place| place + 1)
}

/// The lesson after another one: the next that was not played yet, from the first again after the
/// last. Once all were played, the one that follows.
#[must_use]
pub fn next(scenario: &str, progress: &Progress) -> Option<&'static Lesson> {
    let place = number(scenario)?;
    let all = LESSONS.iter().cycle().skip(place).take(LESSONS.len() - 1);
    let new = all.clone().find(|lesson| !progress.has_played(lesson.id));
    new.or_else(|| all.clone().next())
}

/// What a reader may want to lose next: the first SYN, or else the first SYN of an answer, or the
/// first FIN, whichever this run does not lose. With its flags.
#[must_use]
pub fn loss(run: &Run) -> Option<(SegmentId, &'static str)> {
    let segments = &run.timeline.trace().segments;
    ["SYN", "SYN,ACK", "FIN"].into_iter().find_map(|flags| {
        let first = segments.iter().find(|record| kind(&record.segment) == Some(flags))?;
        first.lost.is_none().then_some((first.id, flags))
    })
}

/// The flags that tell what a segment does in a handshake.
fn kind(segment: &Segment) -> Option<&'static str> {
    match (segment.syn(), segment.fin(), segment.acknowledgment()) {
        (true, _, None) => Some("SYN"),
        (true, _, Some(_)) => Some("SYN,ACK"),
        (false, true, _) => Some("FIN"),
        (false, false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{count, loss, next, number};
    use crate::app::Run;
    use crate::app::progress::Progress;
    use crate::link::Link;
    use crate::scenarios::LESSONS;

    #[test]
    fn the_lessons_are_numbered_in_teaching_order() {
        for (place, lesson) in LESSONS.iter().enumerate() {
            assert_eq!(number(lesson.id), Some(place + 1));
        }
        assert_eq!(number("nothing"), None);
        assert_eq!(count(), LESSONS.len());
    }

    #[test]
    fn the_next_lesson_is_one_that_was_not_played() {
        let mut progress = Progress::default();
        let after = |scenario: &str, progress: &Progress| next(scenario, progress).map(|it| it.id);
        assert_eq!(after("normal", &progress), Some(LESSONS[1].id));
        progress.play(LESSONS[1].id);
        assert_eq!(after("normal", &progress), Some(LESSONS[2].id));
        let last = LESSONS[LESSONS.len() - 1].id;
        assert_eq!(after(last, &progress), Some("normal"));
        for lesson in LESSONS {
            progress.play(lesson.id);
        }
        assert_eq!(after("normal", &progress), Some(LESSONS[1].id));
        assert_eq!(after(last, &progress), Some("normal"));
    }

    #[test]
    fn what_is_offered_to_lose_is_not_lost_already() {
        let loss = |scenario: &str| {
            let run = Run::of(&Link::to(scenario), false);
            loss(&run).map(|(id, name)| (id.to_string(), name))
        };
        let of = |id: &str, name| Some((id.to_owned(), name));
        assert_eq!(loss("normal"), of("C1", "SYN"));
        assert_eq!(loss("syn-ack-lost"), of("C1", "SYN"));
        assert_eq!(loss("syn-lost"), of("S1", "SYN,ACK"));
        assert_eq!(loss("syn-timeout"), None);
    }
}
