//! The steps in which something on the ladder begins and ends.

use crate::sim::{Cause, Effect, Moment, Trace};
use crate::time::Instant;

/// The steps in which something begins and ends. `None` if that is no step of the run; then its
/// instant decides. Something that has not ended ends in the step after the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The step in which it begins.
    pub from: Option<usize>,
    /// The step in which it ends.
    pub to: Option<usize>,
}

impl Passage {
    pub(super) fn has_begun(self, now: Moment, from: Instant) -> bool {
        self.from.map_or(now.at >= from, |step| now.step >= Some(step))
    }

    pub(super) fn has_ended(self, now: Moment, to: Instant) -> bool {
        self.to.map_or(now.at >= to, |step| now.step >= Some(step))
    }
}

/// The steps in which each transmission is sent, and arrives or is lost.
pub(super) fn passages(trace: &Trace) -> Vec<Passage> {
    let mut passages = vec![Passage::default(); trace.segments.len()];
    for (index, step) in trace.steps.iter().enumerate() {
        if let Cause::Arrival(segment, false) | Cause::Loss(segment) = step.cause {
            passages[segment].to = Some(index);
        }
        for effect in trace.effects(step) {
            if let Effect::Sent(segment) = effect {
                passages[segment].from = Some(index);
            }
        }
    }
    passages
}
