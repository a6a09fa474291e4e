//! A scenario's whole run, seekable.

use std::sync::Arc;

use crate::sim::edit::Edit;
use crate::sim::id::{Origin, SegmentId, Side};
use crate::sim::scenario::Scenario;
use crate::sim::trace::{Ending, HostView, Trace};
use crate::sim::world::World;
use crate::tcp::Connection;
use crate::time::Instant;

mod checkpoints;
mod part;
#[cfg(test)]
mod tests;

use checkpoints::{Checkpoints, common_steps};
pub use part::Part;
use part::kept;

/// The bounds of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most steps.
    pub steps: usize,
}

impl Default for Limits {
    /// As many steps as a page can show.
    fn default() -> Self {
        Self { steps: 2_000 }
    }
}

/// A scenario and everything that follows from it.
#[derive(Clone, Debug)]
pub struct Timeline {
    scenario: Arc<Scenario>,
    trace: Trace,
    /// Both hosts before the first step.
    before: [HostView; 2],
    /// The state to run on from, or to rerun with other edits; `None` for a trace that was not
    /// simulated here, or only in part.
    simulation: Option<Simulation>,
    /// The run that this is a part of; `None` if it is the whole.
    part: Option<PartOf>,
}

/// The state of a run where its trace ends, and on the way there.
#[derive(Clone, Debug)]
struct Simulation {
    world: World,
    checkpoints: Checkpoints,
}

/// Marks a timeline as a part of a run.
#[derive(Clone, Debug)]
struct PartOf {
    part: Part,
    start: Instant,
    whole: Arc<Timeline>,
}

/// A moment of a run. Several steps can happen at one instant, one after the other: `step` says how
/// many of them already have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Instant,
    /// The last step that has happened; `None` before the first.
    pub step: Option<usize>,
}

impl Moment {
    /// The moment after everything that happens at an instant.
    #[must_use]
    pub fn after(trace: &Trace, at: Instant) -> Self {
        Self { at, step: trace.step_at(at) }
    }
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
        let (world, trace) = World::new(Arc::clone(&scenario));
        let before = Side::BOTH.map(|side| HostView::of(world.connection(side)));
        let simulation = Some(Simulation { world, checkpoints: Checkpoints::default() });
        let mut timeline = Self { scenario, trace, before, simulation, part: None };
        timeline.extend(limits);
        timeline
    }

    /// A run that was recorded elsewhere. The scenario says how its hosts and the network between
    /// them are set up; it is not run.
    #[must_use]
    pub fn recorded(scenario: Scenario, trace: Trace) -> Self {
        let before = scenario
            .hosts
            .each_ref()
            .map(|host| HostView::of(&Connection::new(host.config.clone())));
        Self::observed(scenario, trace, before)
    }

    /// Like [`recorded`](Self::recorded), for hosts that were in the state `before` already.
    #[must_use]
    pub fn observed(scenario: Scenario, trace: Trace, before: [HostView; 2]) -> Self {
        Self { scenario: Arc::new(scenario), trace, before, simulation: None, part: None }
    }

    /// The whole run of another scenario. Where the two scenarios differ only in their edits, the
    /// common beginning is taken over instead of simulated again.
    #[must_use]
    pub fn revised(&self, scenario: impl Into<Arc<Scenario>>, limits: Limits) -> Self {
        let scenario = scenario.into();
        self.whole().resumed(&scenario, limits).unwrap_or_else(|| Self::within(scenario, limits))
    }

    /// [`revised`](Self::revised) from the last checkpoint before the runs differ; `None` if there
    /// is none.
    fn resumed(&self, scenario: &Arc<Scenario>, limits: Limits) -> Option<Self> {
        if !self.scenario.differs_in_edits_alone(scenario) {
            return None;
        }
        let Simulation { checkpoints, .. } = self.simulation.as_ref()?;
        let common = common_steps(&self.trace, &self.scenario.edits, &scenario.edits);
        let steps = common.min(limits.steps);
        let (world, trace, checkpoints) = checkpoints.resume(steps, scenario, &self.trace)?;
        let simulation = Some(Simulation { world, checkpoints });
        let scenario = Arc::clone(scenario);
        let mut timeline = Self { scenario, trace, before: self.before, simulation, part: None };
        timeline.extend(limits);
        Some(timeline)
    }

    /// As much of the run as can be known at an instant, after its first `steps` steps: nothing
    /// that happens later, and not whether a segment under way will be lost. It cannot be run on.
    #[must_use]
    pub fn known(&self, steps: usize, at: Instant) -> Self {
        Self {
            scenario: Arc::clone(&self.scenario),
            trace: self.trace.known(steps, at, self.scenario.network.delay),
            before: self.before,
            simulation: None,
            part: self.part.clone(),
        }
    }

    /// A part of the run. Every instant and every segment keeps its name, so that links and edits
    /// mean the same in a part. `None` if the run has no such part, or consists of it.
    #[must_use]
    pub fn part(&self, part: Part) -> Option<Self> {
        let whole = self.whole();
        let kept = kept(&whole.trace, part)?;
        let steps = || whole.trace.steps.iter().enumerate().filter(|(index, _)| kept.steps[*index]);
        let first = steps().next()?;
        let before = Side::BOTH.map(|side| {
            let own = steps().find(|(_, step)| step.side == side);
            whole.host_before(own.unwrap_or(first).0, side)
        });
        let trace = whole.trace.excerpt(&kept, &before);
        let sent = trace.segments.iter().filter(|record| record.id.origin != Origin::Old);
        let start = sent.map(|record| record.sent_at).chain([first.1.at]).min()?;
        // A little earlier, so that the states in which it begins can be seen.
        let lead = whole.scenario.network.delay.as_micros().max(1_000) / 2;
        let start = Instant::from_micros(start.as_micros().saturating_sub(lead));
        Some(Self {
            scenario: Arc::clone(&whole.scenario),
            trace,
            before,
            simulation: None,
            part: Some(PartOf { part, start, whole: Arc::new(whole.clone()) }),
        })
    }

    /// The parts that the run has, in the order of a connection's life.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let trace = &self.whole().trace;
        Part::ALL.into_iter().filter(|part| kept(trace, *part).is_some()).collect()
    }

    /// Which part of the run this is; `None` if it is the whole.
    #[must_use]
    pub fn is_part(&self) -> Option<Part> {
        self.part.as_ref().map(|it| it.part)
    }

    /// The whole run.
    #[must_use]
    pub fn whole(&self) -> &Self {
        self.part.as_ref().map_or(self, |it| &it.whole)
    }

    /// The instant at which it begins.
    #[must_use]
    pub fn start(&self) -> Instant {
        self.part.as_ref().map_or(Instant::ZERO, |it| it.start)
    }

    /// A host before a step.
    fn host_before(&self, step: usize, side: Side) -> HostView {
        let earlier = step.checked_sub(1).and_then(|step| self.trace.host_after(step, side));
        earlier.unwrap_or(self.before[side.index()])
    }

    /// Runs on from the last step until nothing is left to happen, or to wider bounds. Does nothing
    /// to a run that was not simulated here.
    pub fn extend(&mut self, limits: Limits) {
        let Some(Simulation { world, checkpoints }) = &mut self.simulation else { return };
        let trace = &mut self.trace;
        while trace.steps.len() < limits.steps && world.step(trace) {
            checkpoints.remember(world, trace);
        }
        trace.ending = world.ending();
        trace.shrink();
    }

    /// The number of steps after which the run was stopped although it would go on.
    #[must_use]
    pub fn cut_after(&self) -> Option<usize> {
        (self.trace.ending == Ending::StepLimit).then(|| self.whole().trace.steps.len())
    }

    /// The scenario that was run.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Everything that happened.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The last instant at which anything happens.
    #[must_use]
    pub fn end(&self) -> Instant {
        self.trace.end()
    }

    /// A host before the first step.
    #[must_use]
    pub const fn before(&self, side: Side) -> HostView {
        self.before[side.index()]
    }

    /// The moment after everything that happens at `at`.
    #[must_use]
    pub fn seek(&self, at: Instant) -> Moment {
        Moment::after(&self.trace, at)
    }

    /// The client and the server after a step; before the first one for `None`.
    #[must_use]
    pub fn hosts_after(&self, step: Option<usize>) -> [HostView; 2] {
        let last = self.trace.steps.len().saturating_sub(1);
        Side::BOTH.map(|side| {
            step.and_then(|step| self.trace.host_after(step.min(last), side))
                .unwrap_or(self.before[side.index()])
        })
    }

    /// The edits that have no effect, because the segment they name was never sent: each with its
    /// place in the scenario.
    pub fn orphans(&self) -> impl Iterator<Item = (usize, SegmentId)> {
        self.scenario.edits.iter().enumerate().filter_map(|(index, edit)| {
            let id = edit.segment()?;
            self.whole().trace.segment(id).is_none().then_some((index, id))
        })
    }

    /// The run of the same scenario with one more edit: the same part of it, if it has one.
    #[must_use]
    pub fn edited(&self, edit: Edit, limits: Limits) -> Self {
        let mut scenario = Scenario::clone(&self.scenario);
        scenario.edits.push(edit);
        let edited = self.revised(scenario, limits);
        self.is_part().and_then(|part| edited.part(part)).unwrap_or(edited)
    }
}
