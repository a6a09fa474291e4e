//! Questions about losses: the viewer sees the events that one host saw, and finds the lost segment
//! that explains them.
//!
//! Each segment of the run is lost once, in a run of its own. Several answers may be right: from
//! one side, different losses can look the same.

use std::rc::Rc;

use crate::app::run::Run;
use crate::link::MAX_EDITS;
use crate::sim::{
    Cause, Edit, Effect, Ending, Limits, Origin, SegmentId, SegmentRecord, Side, Timeline,
};
use crate::tcp::Flags;
use crate::time::Instant;

/// The most losses that are simulated: those of the first segments.
pub const MOST_CASES: usize = 24;
/// The most events that are listed.
pub const MOST_LINES: usize = 16;
/// The number of listed events before the first that the loss changes.
const LINES_BEFORE: usize = 2;

/// An event that a host saw: a segment that it sent, or that arrived undamaged. It omits the
/// segment's name, which would reveal the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The time of the event.
    pub at: Instant,
    /// Whether the host sent it.
    pub is_sent: bool,
    /// Its flags, without PSH.
    pub flags: Flags,
    /// SEG.SEQ.
    pub seq: u32,
    /// SEG.ACK, if the flag is set.
    pub ack: Option<u32>,
    /// The length of the data in bytes.
    pub octets: u32,
}

/// The events that each host saw in a run.
type Seen = [Vec<Line>; 2];

/// The events that the hosts see in a run, and in each run with one more segment lost.
#[derive(Debug)]
struct Cases {
    whole: Seen,
    lost: Vec<(SegmentId, Seen)>,
    /// The turns that make a good question, in order.
    turns: Vec<usize>,
    /// Whether a run was cut at its limit, so that only the events before the cut are compared.
    is_cut: bool,
}

/// The losses of a run, and the one that is asked about.
#[derive(Clone, Debug)]
pub struct Loss {
    cases: Rc<Cases>,
    /// The number of the question, from 0; `None` after the last.
    pub turn: Option<usize>,
}

/// The events that are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing<'a> {
    /// The number of events before them, which are as in the run shown.
    pub before: usize,
    /// The listed events.
    pub lines: &'a [Line],
    /// Whether more events follow.
    pub goes_on: bool,
}

/// Whether the losses of a run can be asked about, for which the link needs room for one more edit.
#[must_use]
pub fn is_possible(run: &Run) -> bool {
    let edits = run.timeline.scenario().edits.len() - run.lesson_edits;
    !run.is_fixed() && edits < MAX_EDITS
}

impl Cases {
    fn of(run: &Run) -> Self {
        let mut until = None;
        let mut see = |timeline: &Timeline| {
            // At the last instant of a run that was cut, further events may be missing.
            if timeline.trace().ending != Ending::Quiet {
                let end = timeline.end();
                until = Some(until.map_or(end, |until: Instant| until.min(end)));
            }
            Side::BOTH.map(|side| seen(timeline, side))
        };
        let whole = see(&run.timeline);
        let arrives =
            |record: &&SegmentRecord| record.lost.is_none() && record.id.origin != Origin::Old;
        let records = run.timeline.trace().segments.iter().filter(arrives).take(MOST_CASES);
        let lost = records.map(|record| {
            (record.id, see(&run.timeline.edited(Edit::Drop(record.id), Limits::default())))
        });
        let mut cases =
            Self { lost: lost.collect(), turns: vec![], whole, is_cut: until.is_some() };
        if let Some(until) = until {
            let all = cases.lost.iter_mut().map(|(_, seen)| seen).chain([&mut cases.whole]);
            for lines in all.flatten() {
                lines.truncate(lines.partition_point(|line| line.at < until));
            }
        }
        cases.turns = (0..2 * cases.lost.len()).filter(|turn| cases.is_good(*turn)).collect();
        cases
    }

    /// The loss and the host of a turn. Two rounds cover every loss from both sides. The stride
    /// makes a round jump between early and late segments.
    fn turn(&self, turn: usize) -> (&(SegmentId, Seen), Side) {
        let count = self.lost.len();
        let stride = if count.is_multiple_of(7) { 5 } else { 7 };
        let side = Side::BOTH[(turn % count + turn / count) % 2];
        (&self.lost[(turn + 1) * stride % count], side)
    }

    /// Whether a turn makes a good question: the loss changes the events that the host sees, and no
    /// earlier loss changes them in the same way.
    fn is_good(&self, turn: usize) -> bool {
        let ((id, seen), side) = self.turn(turn);
        let seen = &seen[side.index()];
        let first = self.lost.iter().find(|(_, other)| other[side.index()] == *seen);
        *seen != self.whole[side.index()] && first.is_some_and(|(first, _)| first == id)
    }
}

/// The events that a host sees in a run, in order.
fn seen(timeline: &Timeline, side: Side) -> Vec<Line> {
    let trace = timeline.trace();
    let mut lines = vec![];
    for step in trace.steps.iter().filter(|step| step.side == side) {
        let mut note = |index: usize, is_sent| {
            let segment = &trace.segments[index].segment;
            lines.push(Line {
                at: step.at,
                is_sent,
                flags: segment.flags.without(Flags::PSH),
                seq: segment.seq.0,
                ack: segment.acknowledgment().map(|ack| ack.0),
                octets: segment.text.len(),
            });
        };
        if let Cause::Arrival(index, _) = step.cause {
            note(index, false);
        }
        for effect in trace.effects(step) {
            if let Effect::Sent(index) = effect {
                note(index, true);
            }
        }
    }
    lines
}

/// The index at which two lists begin to differ.
fn difference(one: &[Line], other: &[Line]) -> Option<usize> {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    (same < one.len().max(other.len())).then_some(same)
}

impl Loss {
    /// The first question about the losses of a run; `None` where [none can be asked](is_possible).
    #[must_use]
    pub fn first(run: &Run) -> Option<Self> {
        let cases = is_possible(run).then(|| Rc::new(Cases::of(run)))?;
        Some(Self { turn: (!cases.turns.is_empty()).then_some(0), cases })
    }

    /// One of the questions about the losses of a run, chosen by a number; `None` if there is none.
    #[must_use]
    pub fn any(run: &Run, number: u64) -> Option<Self> {
        let first = Self::first(run)?;
        let count = u64::try_from(first.count()).ok()?;
        let turn = usize::try_from(number.checked_rem(count)?).ok()?;
        Some(Self { turn: Some(turn), ..first })
    }

    /// The number of questions.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cases.turns.len()
    }

    /// The question after this one; `None` after the last.
    #[must_use]
    pub fn next(&self) -> Option<Self> {
        let turn = Some(self.turn? + 1).filter(|turn| *turn < self.count());
        Some(Self { turn, cases: Rc::clone(&self.cases) })
    }

    /// The lost segment, and the host whose events are listed; `None` after the last question.
    #[must_use]
    pub fn question(&self) -> Option<(SegmentId, Side)> {
        let ((id, _), side) = self.cases.turn(*self.cases.turns.get(self.turn?)?);
        Some((*id, side))
    }

    /// The possible answers, in the order in which the segments are sent.
    pub fn choices(&self) -> impl Iterator<Item = SegmentId> + Clone {
        self.cases.lost.iter().map(|(id, _)| *id)
    }

    /// The events that the host would see if this segment were lost.
    fn seen(&self, id: SegmentId) -> &[Line] {
        let case = self.cases.lost.iter().find(|(other, _)| *other == id);
        case.zip(self.question()).map_or(&[], |((_, seen), (_, side))| &seen[side.index()])
    }

    /// The events that the host saw, from shortly before the first that the loss changes.
    #[must_use]
    pub fn listing(&self) -> Option<Listing<'_>> {
        let (id, side) = self.question()?;
        let lines = self.seen(id);
        let changed = difference(lines, &self.cases.whole[side.index()])?;
        let before = changed.saturating_sub(LINES_BEFORE);
        let end = lines.len().min(before + MOST_LINES);
        let goes_on = end < lines.len() || self.cases.is_cut;
        Some(Listing { before, lines: &lines[before..end], goes_on })
    }

    /// The segments whose loss this host cannot tell from the right answer.
    #[must_use]
    pub fn fitting(&self) -> Vec<SegmentId> {
        self.choices().filter(|id| self.difference(*id).is_none()).collect()
    }

    /// The first event that would differ if this segment were lost, and the event that the host saw
    /// instead; `None` for either if no further event came. If nothing differs, the segment is a
    /// right answer.
    #[must_use]
    pub fn difference(&self, id: SegmentId) -> Option<[Option<Line>; 2]> {
        let both = [self.seen(id), self.seen(self.question()?.0)];
        let place = difference(both[0], both[1])?;
        Some(both.map(|lines| lines.get(place).copied()))
    }
}
