//! A part of a run, such as the closing, as a run of its own.
//!
//! A part is not a span of time: with a long delay the client sends data while the third segment of
//! the handshake is still under way. It is all that belongs to a purpose, the segments and the
//! steps that they cause.

use crate::sim::call::Call;
use crate::sim::id::Side;
use crate::sim::trace::{Cause, Effect, Kept, SegmentRecord, Step, Trace};
use crate::tcp::{Event, State, Timer};

/// A part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Connection establishment.
    Open,
    /// Data that is sent before the first FIN.
    Data,
    /// Everything from the first FIN on, or from an ABORT.
    Close,
    /// What happens while one direction is closed: from FIN-WAIT-2 to the other FIN.
    HalfClose,
    /// What happens from the step on that enters TIME-WAIT.
    TimeWait,
    /// What happens from the first RST on.
    Reset,
}

impl Part {
    /// Every part, in the order of a connection's life.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Data, Self::Close, Self::HalfClose, Self::TimeWait, Self::Reset];

    /// Its name in links: the name of the chapter with which it begins.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Data => "data",
            Self::Close => "close",
            Self::HalfClose => "half-close",
            Self::TimeWait => "time-wait",
            Self::Reset => "reset",
        }
    }
}

/// What belongs to a part; `None` if no segment does, or every one.
pub(super) fn kept(trace: &Trace, part: Part) -> Option<Kept> {
    let mut kept = match part {
        Part::Open | Part::Data | Part::Close => of_purpose(trace, part),
        Part::HalfClose => {
            let from = steps(trace).find(|(_, step)| enters(trace, step, State::FinWait2))?;
            let (from, side) = (from.0 + 1, from.1.side);
            let is_other_fin = |(_, step): &(usize, &Step)| {
                step.side != side && sent(trace, step).any(|(_, record)| record.segment.fin())
            };
            let until = steps(trace).skip(from).find(is_other_fin);
            between(trace, from, until.map_or(trace.steps.len(), |(index, _)| index))
        }
        Part::TimeWait => {
            let from = steps(trace).find(|(_, step)| enters(trace, step, State::TimeWait))?;
            between(trace, from.0, trace.steps.len())
        }
        Part::Reset => {
            let is_reset = |(_, step): &(usize, &Step)| {
                sent(trace, step).any(|(_, record)| record.segment.rst())
            };
            between(trace, steps(trace).find(is_reset)?.0, trace.steps.len())
        }
    };
    let has_segments = kept.segments.iter().any(|it| *it);
    keep_changes_of_state(trace, &mut kept);
    keep_causes(trace, &mut kept);
    let has_all = kept.segments.iter().all(|it| *it);
    (has_segments && !has_all).then_some(kept)
}

fn steps(trace: &Trace) -> impl Iterator<Item = (usize, &Step)> {
    trace.steps.iter().enumerate()
}

/// The segments that a step sends.
fn sent<'a>(trace: &'a Trace, step: &'a Step) -> impl Iterator<Item = (usize, &'a SegmentRecord)> {
    trace.effects(step).filter_map(|effect| match effect {
        Effect::Sent(index) => Some((index, &trace.segments[index])),
        Effect::Event(..) | Effect::Failed(_) => None,
    })
}

fn enters(trace: &Trace, step: &Step, state: State) -> bool {
    trace.effects(step).any(
        |effect| matches!(effect, Effect::Event(Event::Transition { to, .. }, _) if to == state),
    )
}

/// The segments that the steps of a range send, with their arrivals and losses, and the steps
/// themselves.
fn between(trace: &Trace, from: usize, until: usize) -> Kept {
    let mut kept = Kept {
        segments: vec![false; trace.segments.len()],
        steps: (0..trace.steps.len()).map(|step| (from..until).contains(&step)).collect(),
    };
    for step in &trace.steps[from..until] {
        for (index, _) in sent(trace, step) {
            kept.segments[index] = true;
        }
    }
    for (index, step) in steps(trace).skip(from) {
        kept.steps[index] |= cause(step).is_some_and(|segment| kept.segments[segment]);
    }
    kept
}

/// The segment that causes a step.
const fn cause(step: &Step) -> Option<usize> {
    match step.cause {
        Cause::Arrival(segment, _) | Cause::Loss(segment) => Some(segment),
        Cause::Call(_) | Cause::Timer(_) => None,
    }
}

/// What serves the opening, the data or the closing.
fn of_purpose(trace: &Trace, part: Part) -> Kept {
    let mut purposes: Vec<Part> = trace.segments.iter().map(purpose_of_old).collect();
    let mut kept = Kept { segments: vec![], steps: vec![] };
    // The purpose of the latest step of each host, for timers that send nothing.
    let mut latest = [Part::Open; 2];
    let mut closes = false;
    for step in &trace.steps {
        let data = if closes { Part::Close } else { Part::Data };
        let of_segment = |index: usize| purposes[index];
        let repeated = |record: &SegmentRecord| {
            let id = record.repeats?;
            trace.segments.iter().position(|other| other.id == id).map(of_segment)
        };
        let purpose = match step.cause {
            Cause::Arrival(segment, _) | Cause::Loss(segment) => purposes[segment],
            Cause::Call(Call::Listen | Call::Connect) => Part::Open,
            Cause::Call(Call::Send(_) | Call::Read | Call::Window(_)) => data,
            Cause::Call(Call::Close | Call::Abort | Call::Exit)
            | Cause::Timer(Timer::TimeWait | Timer::FinWait2) => Part::Close,
            Cause::Call(Call::Crash) => latest[step.side.index()],
            Cause::Timer(_) => {
                let first = sent(trace, step).next();
                first.and_then(|(_, record)| repeated(record)).unwrap_or(latest[step.side.index()])
            }
        };
        let sends: Vec<(usize, Part)> = sent(trace, step)
            .map(|(index, record)| {
                let segment = &record.segment;
                let own = if segment.rst() {
                    purpose
                } else if segment.syn() {
                    Part::Open
                } else if segment.fin() {
                    Part::Close
                } else if segment.text.is_empty() {
                    purpose
                } else {
                    repeated(record).unwrap_or(data)
                };
                (index, own)
            })
            .collect();
        closes |= sent(trace, step).any(|(_, record)| record.segment.fin());
        kept.steps.push(purpose == part || sends.iter().any(|(_, own)| *own == part));
        for (index, own) in sends {
            purposes[index] = own;
        }
        latest[step.side.index()] = purpose;
    }
    kept.segments = purposes.iter().map(|purpose| *purpose == part).collect();
    kept
}

/// The purpose of a segment that no step sends, an old duplicate.
fn purpose_of_old(record: &SegmentRecord) -> Part {
    match (record.segment.fin(), record.segment.text.is_empty()) {
        (true, _) => Part::Close,
        (false, false) => Part::Data,
        (false, true) => Part::Open,
    }
}

/// Keeps the steps between two kept ones of a host if its state changes there: in a part, no state
/// may change without a reason. A FIN that overtakes data, for example, takes effect when the data
/// arrives.
fn keep_changes_of_state(trace: &Trace, kept: &mut Kept) {
    for side in Side::BOTH {
        let own: Vec<usize> =
            steps(trace).filter(|(_, step)| step.side == side).map(|(index, _)| index).collect();
        let mut last: Option<usize> = None;
        for place in 0..own.len() {
            if !kept.steps[own[place]] {
                continue;
            }
            if let Some(last) = last.filter(|last| last + 1 < place) {
                let [before, after] = [place - 1, last].map(|it| trace.steps[own[it]].state());
                if before != after {
                    own[last + 1..place].iter().for_each(|step| kept.steps[*step] = true);
                }
            }
            last = Some(place);
        }
    }
}

/// Keeps the segments that cause kept steps.
fn keep_causes(trace: &Trace, kept: &mut Kept) {
    for (index, step) in steps(trace) {
        if let Some(segment) = cause(step).filter(|_| kept.steps[index]) {
            kept.segments[segment] = true;
        }
    }
}
