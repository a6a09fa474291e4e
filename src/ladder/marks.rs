//! Steps as marks, and the chapters of a run.

use super::arrow::SegmentKind;
use super::axis::Axis;
use crate::sim::{Cause, Effect, Side, Step, Trace};
use crate::tcp::{Event, State};
use crate::time::Instant;

/// A step as a mark on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The step's index.
    pub step: usize,
    /// When it happened.
    pub at: Instant,
    /// The same in presentation time.
    pub y: u64,
    /// The host.
    pub side: Side,
    /// The kind of step.
    pub kind: MarkKind,
}

/// The kind of a step, by its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// A segment arrived.
    Arrival,
    /// A segment was lost.
    Loss,
    /// A timer expired.
    Timer,
    /// An application called.
    Call,
}

/// A named part of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its name in locale files: `chapter.<id>`.
    pub id: &'static str,
    /// When it begins.
    pub at: Instant,
    /// The same in presentation time.
    pub y: u64,
}

pub(super) fn marks(trace: &Trace, axis: &Axis) -> Vec<Mark> {
    let mark = |(step, happened): (usize, &Step)| Mark {
        step,
        at: happened.at,
        y: axis.y(happened.at),
        side: happened.side,
        kind: match happened.cause {
            Cause::Arrival(..) => MarkKind::Arrival,
            Cause::Loss(_) => MarkKind::Loss,
            Cause::Timer(_) => MarkKind::Timer,
            Cause::Call(_) => MarkKind::Call,
        },
    };
    trace.steps.iter().enumerate().map(mark).collect()
}

/// The chapters, each where it begins for the first time: opening, established, data, closing,
/// half-closed, TIME-WAIT, failure.
pub(super) fn chapters(trace: &Trace, axis: &Axis) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = vec![];
    let mut begin = |id: &'static str, at: Instant| {
        if !chapters.iter().any(|chapter| chapter.id == id) {
            chapters.push(Chapter { id, at, y: axis.y(at) });
        }
    };
    for step in &trace.steps {
        for effect in trace.effects(step) {
            let id = match effect {
                Effect::Sent(index) => match SegmentKind::of(&trace.segments[index].segment) {
                    SegmentKind::Syn => "open",
                    SegmentKind::Data => "data",
                    SegmentKind::Fin => "close",
                    SegmentKind::Rst => "reset",
                    SegmentKind::Ack => continue,
                },
                Effect::Event(Event::Transition { to, .. }, _) => match to {
                    State::Established => "established",
                    State::FinWait2 => "half-close",
                    State::TimeWait => "time-wait",
                    _ => continue,
                },
                Effect::Event(Event::TimedOut, _) => "gave-up",
                Effect::Event(..) | Effect::Failed(_) => continue,
            };
            begin(id, step.at);
        }
    }
    chapters
}
