//! Checkpoints: states of the world from which a run with other edits can be resumed, so that the
//! common beginning of both runs is not simulated again.

use std::sync::Arc;

use crate::sim::edit::Edit;
use crate::sim::id::{Origin, SegmentId};
use crate::sim::scenario::Scenario;
use crate::sim::trace::{Lengths, LossCause, SegmentRecord, Trace};
use crate::sim::world::World;
use crate::time::Instant;

/// How many steps lie between two checkpoints. The built-in scenarios are shorter and need none;
/// in a long run the memory of a checkpoint is small next to that of so many steps.
const INTERVAL: usize = if cfg!(test) { 5 } else { 1_024 };

/// The world after some step, and how long the trace was then.
#[derive(Clone, Debug)]
struct Checkpoint {
    lengths: Lengths,
    world: World,
}

/// The checkpoints of one run, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Checkpoints(Vec<Arc<Checkpoint>>);

impl Checkpoints {
    /// Keeps a copy of the world if the last one is [`INTERVAL`] steps ago.
    pub(super) fn remember(&mut self, world: &World, trace: &Trace) {
        let lengths = trace.lengths();
        if lengths.steps.is_multiple_of(INTERVAL) && lengths.steps > 0 {
            self.0.push(Arc::new(Checkpoint { lengths, world: world.clone() }));
        }
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// The last checkpoint within the first `steps` steps of a run, set up to be run on with
    /// another scenario's edits: its world, the trace up to it, and the checkpoints up to it.
    /// `None` if there is no checkpoint that early.
    pub(super) fn resume(
        &self,
        steps: usize,
        scenario: &Arc<Scenario>,
        trace: &Trace,
    ) -> Option<(World, Trace, Self)> {
        let count = self.0.partition_point(|it| it.lengths.steps <= steps);
        let checkpoints = self.0[..count].to_vec();
        let checkpoint = checkpoints.last()?;
        let trace = trace.beginning(checkpoint.lengths);
        let world = checkpoint.world.with_edits_of(scenario, &trace);
        Some((world, trace, Self(checkpoints)))
    }
}

/// How many steps of a run with the `old` edits are certain to be the same with the `new` ones.
pub(super) fn common_steps(trace: &Trace, old: &[Edit], new: &[Edit]) -> usize {
    let (old, new) = differing_edits(old, new);
    let steps = &trace.steps;
    let before = |at: Instant| steps.partition_point(|step| step.at < at);
    let unaffected = old.iter().chain(new).map(|edit| {
        let at = match edit {
            Edit::Call(_, _, at) => Some(*at),
            Edit::Cut(outage) => first_in_flight(trace, outage.from),
            _ => edit.segment().and_then(|id| sent_at(trace, id)),
        };
        at.map_or(steps.len(), before)
    });
    unaffected.min().unwrap_or(steps.len())
}

/// When the first segment was sent that an outage from `at` on could stop, or did.
fn first_in_flight(trace: &Trace, at: Instant) -> Option<Instant> {
    let is_affected = |record: &&SegmentRecord| match (record.arrives_at, record.lost) {
        (Some(arrival), _) => arrival.max(record.copy_arrives_at.unwrap_or(arrival)) >= at,
        (None, Some((_, LossCause::Outage)) | None) => true,
        (None, Some((lost_at, _))) => lost_at + lost_at.since(record.sent_at) >= at,
    };
    trace.segments.iter().find(is_affected).map(|record| record.sent_at)
}

/// When a segment was sent; the start of the run for an old duplicate.
fn sent_at(trace: &Trace, id: SegmentId) -> Option<Instant> {
    if id.origin == Origin::Old {
        return Some(Instant::ZERO);
    }
    trace.segment(id).map(|record| record.sent_at)
}

/// Two lists of edits without their common beginning and their common end.
fn differing_edits<'a>(old: &'a [Edit], new: &'a [Edit]) -> (&'a [Edit], &'a [Edit]) {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    (&old[..old.len() - end], &new[..new.len() - end])
}
