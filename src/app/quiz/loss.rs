//! The quiz the other way round: what a host saw is shown, and the loss behind it is to be found.
//!
//! Each segment of the run is lost once, in a run of its own. What either host sees of that is
//! compared with what it sees of the others: so several answers may be right, where from one side
//! the losses look the same.

use std::rc::Rc;

use crate::app::run::Run;
use crate::link::MAX_EDITS;
use crate::sim::{
    Cause, Edit, Effect, Ending, Limits, Origin, SegmentId, SegmentRecord, Side, Timeline,
};
use crate::tcp::Flags;
use crate::time::Instant;

/// The most segments of a run that are lost: its first.
pub const MOST_CASES: usize = 24;
/// The most lines of what a host saw that are listed.
pub const MOST_LINES: usize = 16;
/// How many of them come before the first that the loss changes.
const LINES_BEFORE: usize = 2;

/// One line of what a host saw: a segment that it sent, or that arrived undamaged. It has no name,
/// which would tell whose loss is behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Instant,
    /// Whether the host sent it.
    pub is_sent: bool,
    /// Its flags, without PSH.
    pub flags: Flags,
    /// SEG.SEQ.
    pub seq: u32,
    /// SEG.ACK, where the flag is set.
    pub ack: Option<u32>,
    /// How many octets of text it has.
    pub octets: u32,
}

/// What the two hosts saw of a run.
type Seen = [Vec<Line>; 2];

/// What the hosts see of a run, and of each in which one more segment is lost.
#[derive(Debug)]
struct Cases {
    whole: Seen,
    lost: Vec<(SegmentId, Seen)>,
    /// Whether one of the runs goes on beyond what is compared.
    is_cut: bool,
}

/// The losses of a run, and which of them is asked about.
#[derive(Clone, Debug)]
pub struct Loss {
    cases: Rc<Cases>,
    /// The number of the question; `None` where nothing is left to ask.
    pub turn: Option<usize>,
}

/// The lines that are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing<'a> {
    /// How many come before, the same as in the run that is shown.
    pub before: usize,
    /// The lines.
    pub lines: &'a [Line],
    /// Whether more follow.
    pub goes_on: bool,
}

/// Whether the losses of a run can be asked about: it takes one more edit.
#[must_use]
pub fn is_possible(run: &Run) -> bool {
    let edits = run.timeline.scenario().edits.len() - run.lesson_edits;
    run.script.is_none() && edits < MAX_EDITS
}

impl Cases {
    fn of(run: &Run) -> Self {
        let mut until = None;
        let mut see = |timeline: &Timeline| {
            // Nobody can say what the last instant of a run that goes on has still to bring.
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
        let mut cases = Self { lost: lost.collect(), whole, is_cut: until.is_some() };
        if let Some(until) = until {
            let all = cases.lost.iter_mut().map(|(_, seen)| seen).chain([&mut cases.whole]);
            for lines in all.flatten() {
                lines.truncate(lines.partition_point(|line| line.at < until));
            }
        }
        cases
    }

    /// Which loss a turn is about, and from which side it is seen. In two rounds all come, each
    /// from both sides; a round goes neither from first to last nor back.
    fn turn(&self, turn: usize) -> (&(SegmentId, Seen), Side) {
        let count = self.lost.len();
        let stride = if count.is_multiple_of(7) { 5 } else { 7 };
        let side = Side::BOTH[(turn % count + turn / count) % 2];
        (&self.lost[(turn + 1) * stride % count], side)
    }

    /// The next turn that is worth asking: the loss makes a difference to what the host sees, and
    /// is the first one that makes this difference.
    fn next(&self, from: usize) -> Option<usize> {
        (from..2 * self.lost.len()).find(|turn| {
            let ((id, seen), side) = self.turn(*turn);
            let seen = &seen[side.index()];
            let first = self.lost.iter().find(|(_, other)| other[side.index()] == *seen);
            *seen != self.whole[side.index()] && first.is_some_and(|(first, _)| first == id)
        })
    }
}

/// What a host sees of a run, in order.
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

/// Where two lists begin to differ.
fn difference(one: &[Line], other: &[Line]) -> Option<usize> {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    (same < one.len().max(other.len())).then_some(same)
}

impl Loss {
    /// The first question about the losses of a run; `None` where [none can be asked](is_possible).
    #[must_use]
    pub fn first(run: &Run) -> Option<Self> {
        let cases = is_possible(run).then(|| Rc::new(Cases::of(run)))?;
        Some(Self { turn: cases.next(0), cases })
    }

    /// The question after this one; `None` after the last.
    #[must_use]
    pub fn next(&self) -> Option<Self> {
        let turn = self.cases.next(self.turn? + 1);
        Some(Self { turn, cases: Rc::clone(&self.cases) })
    }

    /// The lost segment, and the host whose side is shown; `None` where nothing is left to ask.
    #[must_use]
    pub fn question(&self) -> Option<(SegmentId, Side)> {
        let ((id, _), side) = self.cases.turn(self.turn?);
        Some((*id, side))
    }

    /// The segments that may be answered, in the order in which they are sent.
    pub fn choices(&self) -> impl Iterator<Item = SegmentId> + Clone {
        self.cases.lost.iter().map(|(id, _)| *id)
    }

    /// What the host would see if this segment were lost.
    fn seen(&self, id: SegmentId) -> &[Line] {
        let case = self.cases.lost.iter().find(|(other, _)| *other == id);
        case.zip(self.question()).map_or(&[], |((_, seen), (_, side))| &seen[side.index()])
    }

    /// What the host saw, from shortly before the first line that the loss changes.
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

    /// The segments whose loss gives this host the very same to see.
    #[must_use]
    pub fn fitting(&self) -> Vec<SegmentId> {
        self.choices().filter(|id| self.difference(*id).is_none()).collect()
    }

    /// The first line that would differ if this segment were lost: that line, and what the host
    /// saw; `None` of either where nothing more came. Without a difference it is a right answer.
    #[must_use]
    pub fn difference(&self, id: SegmentId) -> Option<[Option<Line>; 2]> {
        let both = [self.seen(id), self.seen(self.question()?.0)];
        let place = difference(both[0], both[1])?;
        Some(both.map(|lines| lines.get(place).copied()))
    }
}
