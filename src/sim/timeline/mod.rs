//! A scenario's whole run, seekable.

pub(super) mod checkpoints;

use std::sync::Arc;

use crate::sim::edit::Edit;
use crate::sim::id::{SegmentId, Side};
use crate::sim::scenario::Scenario;
use crate::sim::trace::{HostView, Trace};
use crate::sim::world::{Limits, World};
use crate::time::Instant;

/// A scenario and everything that follows from it.
#[derive(Clone, Debug)]
pub struct Timeline {
    scenario: Arc<Scenario>,
    world: World,
    before: [HostView; 2],
}

/// What can be seen at one instant.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The instant.
    pub at: Instant,
    /// The last step at or before it; `None` before the first.
    pub step: Option<usize>,
    /// The client and the server.
    pub hosts: [HostView; 2],
}

impl Timeline {
    /// Runs a scenario to its end, or to the default bounds.
    #[must_use]
    pub fn of(scenario: impl Into<Arc<Scenario>>) -> Self {
        Self::within(scenario, Limits::default())
    }

    /// Runs a scenario to its end, or to the given bounds.
    #[must_use]
    pub fn within(scenario: impl Into<Arc<Scenario>>, limits: Limits) -> Self {
        let scenario = scenario.into();
        let mut world = World::new(Arc::clone(&scenario));
        let before = Side::BOTH.map(|side| HostView::of(world.connection(side)));
        world.run(limits);
        Self { scenario, world, before }
    }

    /// A run that was recorded elsewhere, with the scenario that says how its hosts and the way
    /// between them are set up.
    #[must_use]
    pub fn recorded(scenario: Scenario, trace: Trace) -> Self {
        let limits = Limits { steps: 0 };
        let mut timeline = Self::within(scenario, limits);
        timeline.world = timeline.world.with_trace(trace);
        timeline
    }

    /// The run of another scenario. Where it differs from this one's in its edits alone, what comes
    /// before they make a difference is not simulated again.
    #[must_use]
    pub fn revised(&self, scenario: impl Into<Arc<Scenario>>, limits: Limits) -> Self {
        let scenario = scenario.into();
        match self.world.resumed(&scenario, limits) {
            Some(mut world) => {
                world.run(limits);
                Self { scenario, world, before: self.before }
            }
            None => Self::within(scenario, limits),
        }
    }

    /// What is known of it at an instant, after its first steps: nothing that happens later, and of
    /// a segment under way not whether it will be lost. It is to be looked at, and run no further.
    #[must_use]
    pub fn known(&self, steps: usize, at: Instant) -> Self {
        let world = self.world.clone().with_trace(self.trace().known(steps, at));
        Self { scenario: Arc::clone(&self.scenario), world, before: self.before }
    }

    /// Goes on from where it ended, up to wider bounds.
    pub fn extend(&mut self, limits: Limits) {
        self.world.run(limits);
    }

    /// What it was made of.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What happened.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        self.world.trace()
    }

    /// The last instant at which anything happens.
    #[must_use]
    pub fn end(&self) -> Instant {
        self.trace().end()
    }

    /// A host before anything happened.
    #[must_use]
    pub const fn before(&self, side: Side) -> HostView {
        self.before[side.index()]
    }

    /// What can be seen at `at`: after everything that happens at that instant.
    #[must_use]
    pub fn seek(&self, at: Instant) -> Moment {
        self.moment(at, self.trace().step_at(at))
    }

    /// What can be seen right after a step.
    #[must_use]
    pub fn after_step(&self, step: usize) -> Moment {
        let at = self.trace().steps.get(step).map_or(self.end(), |step| step.at);
        self.moment(at, Some(step.min(self.trace().steps.len().saturating_sub(1))))
    }

    fn moment(&self, at: Instant, step: Option<usize>) -> Moment {
        let hosts = Side::BOTH.map(|side| {
            step.and_then(|step| self.trace().host_after(step, side))
                .unwrap_or(self.before[side.index()])
        });
        Moment { at, step, hosts }
    }

    /// The edits that changed nothing, since the segment that they name was never sent.
    pub fn orphans(&self) -> impl Iterator<Item = (usize, SegmentId)> {
        self.scenario.edits.iter().enumerate().filter_map(|(index, edit)| {
            let id = edit.segment()?;
            self.trace().segment(id).is_none().then_some((index, id))
        })
    }

    /// The same scenario with one more edit.
    #[must_use]
    pub fn edited(&self, edit: Edit, limits: Limits) -> Self {
        let mut scenario = Scenario::clone(&self.scenario);
        scenario.edits.push(edit);
        self.revised(scenario, limits)
    }
}
