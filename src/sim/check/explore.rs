//! Every fate: all assignments of what the network may do to the first transmissions of a run.

use std::sync::Arc;

use super::laws::{self, Violation};
use crate::sim::edit::Edit;
use crate::sim::id::SegmentId;
use crate::sim::scenario::Scenario;
use crate::sim::world::World;
use crate::time::Duration;

/// How much later a delayed segment arrives: past the first retransmission.
const PAST_THE_RTO: Duration = Duration::from_millis(1_500);

/// The most steps of one run; one that goes on longer never ends.
const MOST_STEPS: usize = 2_000;

/// What was explored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explored {
    /// Runs made to their end.
    pub runs: u64,
    /// Steps simulated.
    pub steps: u64,
    /// Single laws checked.
    pub laws: u64,
    /// What failed, with the edits that show it.
    pub violations: Vec<(Vec<Edit>, Violation)>,
}

/// Tries every assignment of {deliver, drop, duplicate, delay past the RTO} to the first `depth`
/// transmissions of a scenario, and checks the invariants after every step and at the end.
#[must_use]
pub fn every_fate(scenario: &Scenario, depth: usize) -> Explored {
    let mut explored = Explored::default();
    visit(scenario, depth, &mut vec![], &mut vec![], &mut explored);
    explored
}

/// The fates of the segments in `decided` are settled; decides about the next one.
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
        // What comes before the next transmission does not depend on its fate.
        let mut world = world_of(scenario, edits);
        let undecided = |world: &World| {
            let trace = world.trace();
            trace.segments.iter().map(|record| record.id).find(|id| !decided.contains(id))
        };
        while undecided(&world).is_none() && world.trace().steps.len() < MOST_STEPS && world.step()
        {
        }
        undecided(&world)
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

fn world_of(scenario: &Scenario, edits: &[Edit]) -> World {
    let mut scenario = scenario.clone();
    scenario.edits.extend_from_slice(edits);
    World::new(Arc::new(scenario))
}

/// Runs to the end; the first violation of a run is reported.
fn run(scenario: &Scenario, edits: &[Edit], explored: &mut Explored) {
    let mut world = world_of(scenario, edits);
    let mut result = Ok(());
    while result.is_ok() && world.trace().steps.len() < MOST_STEPS && world.step() {
        explored.laws += laws::LAWS_PER_STEP;
        result = laws::after_step(&world);
    }
    explored.runs += 1;
    explored.steps += world.trace().steps.len() as u64;
    if result.is_ok() {
        world.settle();
        result = laws::at_end(&world);
    }
    if let Err(violation) = result {
        explored.violations.push((edits.to_vec(), violation));
    }
}
