//! What distinguishes two runs: the one before the last change, and the one after it.

use super::run::Run;
use crate::ladder::{Arrow, SegmentKind};
use crate::sim::Side;
use crate::tcp::{Segment, State};

/// How a segment of one run differs from its counterpart in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The other run has no such segment.
    Alone,
    /// It takes another way: it is lost in one of the two, late, damaged, or duplicated.
    Fate,
}

impl Difference {
    /// Its name in class names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::Fate => "fate",
        }
    }
}

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How many microseconds the second run takes longer.
    pub longer: i64,
    /// How many segments of each kind the second run has more, where that is not zero.
    pub more: Vec<(SegmentKind, i64)>,
    /// The states in which the hosts of the second run end, if those of the first end otherwise.
    pub other_end: Option<[State; 2]>,
}

/// Compares two runs.
#[must_use]
pub fn compare(before: &Run, after: &Run) -> Comparison {
    const KINDS: [SegmentKind; 5] =
        [SegmentKind::Syn, SegmentKind::Data, SegmentKind::Ack, SegmentKind::Fin, SegmentKind::Rst];
    let end = |run: &Run| i64::try_from(run.timeline.trace().end().as_micros()).unwrap_or(i64::MAX);
    let count = |run: &Run, kind: SegmentKind| {
        let of_kind = run.ladder.arrows.iter().filter(|arrow| arrow.kind == kind).count();
        i64::try_from(of_kind).unwrap_or(i64::MAX)
    };
    let more = KINDS.map(|kind| (kind, count(after, kind) - count(before, kind)));
    let states = |run: &Run| {
        let last = run.timeline.trace().steps.len().checked_sub(1);
        Side::BOTH.map(|side| run.host(last, side).state)
    };
    Comparison {
        longer: end(after) - end(before),
        more: more.into_iter().filter(|(_, more)| *more != 0).collect(),
        other_end: Some(states(after)).filter(|end| *end != states(before)),
    }
}

/// For each arrow of a run, how it differs from its counterpart in another run: the segment with
/// the same content, the first with the first, the second with the second. A segment that is only
/// sent at another time does not differ.
#[must_use]
pub fn differences(run: &Run, other: &Run) -> Vec<Option<Difference>> {
    let mut left: Vec<(&Arrow, &Segment)> = arrows(other).collect();
    let differs = |(arrow, segment): (&Arrow, &Segment)| {
        let is_same = |other: &(&Arrow, &Segment)| {
            other.0.from == arrow.from && is_same_content(other.1, segment)
        };
        let Some(place) = left.iter().position(is_same) else { return Some(Difference::Alone) };
        let (counterpart, _) = left.remove(place);
        (way(counterpart) != way(arrow)).then_some(Difference::Fate)
    };
    arrows(run).map(differs).collect()
}

fn arrows(run: &Run) -> impl Iterator<Item = (&Arrow, &Segment)> {
    let segments = &run.timeline.trace().segments;
    run.ladder.arrows.iter().map(move |arrow| (arrow, &segments[arrow.segment].segment))
}

fn is_same_content(one: &Segment, other: &Segment) -> bool {
    let content = |it: &Segment| (it.seq, it.ack, it.flags, it.text.len());
    content(one) == content(other)
}

/// The way that a segment takes through the network.
fn way(arrow: &Arrow) -> impl PartialEq {
    let flight = arrow.ends_at.since(arrow.sent_at);
    let copy = arrow.copy.map(|(at, _)| at.since(arrow.sent_at));
    (arrow.lost, flight, copy)
}
