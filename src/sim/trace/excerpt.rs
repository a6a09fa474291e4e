//! Some steps and segments of a trace as a trace of their own.

use super::{Cause, Effect, HostView, NEVER, Trace};
use crate::sim::id::Side;
use crate::tcp::{Outbox, State};

/// The segments and the steps of a trace that an excerpt keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Kept {
    /// Whether each segment is kept.
    pub(in crate::sim) segments: Vec<bool>,
    /// Whether each step is kept. The segment that causes a kept step is kept too.
    pub(in crate::sim) steps: Vec<bool>,
}

/// For each place in a list, the place of the same item among the kept ones.
fn places(kept: &[bool]) -> Vec<usize> {
    let counted = kept.iter().scan(0, |count, is_kept| {
        let place = *count;
        *count += usize::from(*is_kept);
        Some(place)
    });
    counted.collect()
}

impl Trace {
    /// A host at the start of a part; `None` in a whole run.
    pub(super) fn first_host(&self, side: Side) -> Option<HostView> {
        self.before.as_ref().map(|before| before[side.index()])
    }

    /// The state in which a host begins.
    #[must_use]
    pub fn first_state(&self, side: Side) -> State {
        self.first_host(side).map_or(State::Closed, |host| host.state)
    }

    /// The kept steps and segments. Each host begins as it is `before` its first kept step. An
    /// effect that sent a segment which is not kept is left out.
    pub(in crate::sim) fn excerpt(&self, kept: &Kept, before: &[HostView; 2]) -> Self {
        let places = places(&kept.segments);
        let segments = self.segments.iter().zip(&kept.segments);
        let mut excerpt = Self {
            segments: segments.filter(|(_, it)| **it).map(|(record, _)| record.clone()).collect(),
            steps: vec![],
            effects: Outbox { events: vec![], segments: vec![] },
            rare: self.rare.clone(),
            before: Some(Box::new(*before)),
            ending: self.ending,
        };
        let number = |index: usize| u32::try_from(index).unwrap_or(NEVER);
        let mut latest = [NEVER; 2];
        for (step, _) in self.steps.iter().zip(&kept.steps).filter(|(_, it)| **it) {
            let first = excerpt.effects.events.len();
            for effect in self.effects(step) {
                let effect = match effect {
                    Effect::Sent(index) if kept.segments[index] => Effect::Sent(places[index]),
                    Effect::Sent(_) => continue,
                    Effect::Event(..) | Effect::Failed(_) => effect,
                };
                excerpt.effects.events.push(effect.pack());
            }
            let mut copy = *step;
            if let Cause::Arrival(index, _) | Cause::Loss(index) = &mut copy.cause {
                *index = places[*index];
            }
            copy.first_effect = number(first);
            copy.effect_count = number(excerpt.effects.events.len() - first);
            copy.other = latest[step.side.peer().index()];
            latest[step.side.index()] = number(excerpt.steps.len());
            excerpt.steps.push(copy);
        }
        excerpt
    }
}
