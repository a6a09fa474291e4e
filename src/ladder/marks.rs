//! Steps as marks, and the chapters of a run.

use super::arrow::SegmentKind;
use super::axis::Axis;
use crate::sim::{Call, Cause, Effect, Side, Step, Trace};
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

/// A call of an application, or a crash, as a mark on its host's lifeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallMark {
    /// The step's index.
    pub step: usize,
    /// The same in presentation time.
    pub y: u64,
    /// The host.
    pub side: Side,
    /// The call.
    pub call: Call,
}

impl CallMark {
    /// The call in the words of the socket API, the same in every language: `send 5 B`.
    #[must_use]
    pub fn label(&self) -> String {
        match self.call {
            Call::Listen => "listen".to_owned(),
            Call::Connect => "connect".to_owned(),
            Call::Send(octets) => format!("send {octets} B"),
            Call::Read => "read".to_owned(),
            Call::Window(octets) => format!("buffer {octets} B"),
            Call::Close => "close".to_owned(),
            Call::Abort => "abort".to_owned(),
            Call::Exit => "exit".to_owned(),
            Call::Crash => "crash".to_owned(),
        }
    }
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

pub(super) fn calls(trace: &Trace, axis: &Axis) -> Vec<CallMark> {
    let mark = |(step, happened): (usize, &Step)| match happened.cause {
        Cause::Call(call) => {
            Some(CallMark { step, y: axis.y(happened.at), side: happened.side, call })
        }
        Cause::Arrival(..) | Cause::Loss(_) | Cause::Timer(_) => None,
    };
    trace.steps.iter().enumerate().filter_map(mark).collect()
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
