//! Exhaustive exploration: every combination of network faults in the first transmissions of a run.

use std::sync::Arc;

use super::laws::{self, Violation};
use crate::sim::edit::Edit;
use crate::sim::id::SegmentId;
use crate::sim::scenario::Scenario;
use crate::sim::trace::Trace;
use crate::sim::world::World;
use crate::time::Duration;

/// How much later a delayed segment arrives: after the first retransmission.
const PAST_THE_RTO: Duration = Duration::from_millis(1_500);

/// The most steps of one run; a run that takes more is taken to be endless.
const MOST_STEPS: usize = 2_000;

/// The outcome of an exploration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explored {
    /// Runs simulated to their end.
    pub runs: u64,
    /// Steps simulated.
    pub steps: u64,
    /// Invariants checked.
    pub laws: u64,
    /// Each violation, with the edits that reproduce it.
    pub violations: Vec<(Vec<Edit>, Violation)>,
}

/// Tries every assignment of {deliver, drop, duplicate, delay past the RTO} to the first `depth`
/// transmissions of a scenario, and checks the invariants after every step and at
/// the end.
#[must_use]
pub fn every_fate(scenario: &Scenario, depth: usize) -> Explored {
    let mut explored = Explored::default();
    visit(scenario, depth, &mut vec![], &mut vec![], &mut explored);
    explored
}

/// Tries every fate of the first segment that is not in `decided`, then goes one level deeper.
/// `edits` are the fates of the decided segments.
fn visit(
    scenario: &Scenario,
    depth: usize,
    decided: &mut Vec<SegmentId>,
    edits: &mut Vec<Edit>,
    explored: &mut Explored,
) {
    let next = if depth == 0 {
        None
    } else {
        // The run up to the next transmission does not depend on that transmission's fate.
        let (mut world, mut trace) = world_of(scenario, edits);
        let undecided = |trace: &Trace| {
            trace.segments.iter().map(|record| record.id).find(|id| !decided.contains(id))
        };
        while undecided(&trace).is_none()
            && trace.steps.len() < MOST_STEPS
            && world.step(&mut trace)
        {}
        undecided(&trace)
    };
    let Some(id) = next else {
        run(scenario, edits, explored);
        return;
    };
    let fates = [
        None,
        Some(Edit::Drop(id)),
        Some(Edit::Duplicate(id, None)),
        Some(Edit::Delay(id, PAST_THE_RTO)),
    ];
    decided.push(id);
    for fate in fates {
        edits.extend(fate);
        visit(scenario, depth - 1, decided, edits, explored);
        if fate.is_some() {
            edits.pop();
        }
    }
    decided.pop();
}

fn world_of(scenario: &Scenario, edits: &[Edit]) -> (World, Trace) {
    let mut scenario = scenario.clone();
    scenario.edits.extend_from_slice(edits);
    World::new(Arc::new(scenario))
}

/// Runs to the end, and reports the first violation.
fn run(scenario: &Scenario, edits: &[Edit], explored: &mut Explored) {
    let (mut world, mut trace) = world_of(scenario, edits);
    let mut result = Ok(());
    while result.is_ok() && trace.steps.len() < MOST_STEPS && world.step(&mut trace) {
        explored.laws += laws::LAWS_PER_STEP;
        result = laws::after_step(&world, &trace);
    }
    explored.runs += 1;
    explored.steps += trace.steps.len() as u64;
    if result.is_ok() {
        trace.ending = world.ending();
        result = laws::at_end(&world, &trace);
    }
    if let Err(violation) = result {
        explored.violations.push((edits.to_vec(), violation));
    }
}
