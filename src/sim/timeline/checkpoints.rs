//! A changed scenario is not run from its start, but from the last checkpoint before the change.

use std::sync::Arc;

use crate::sim::edit::Edit;
use crate::sim::id::{Origin, SegmentId};
use crate::sim::queue::Queue;
use crate::sim::scenario::Scenario;
use crate::sim::trace::{Lengths, Trace};
use crate::sim::world::{HostState, Limits, World};
use crate::time::Instant;

/// How many steps lie between two checkpoints: lessons need none, and what a checkpoint takes is
/// little next to so many steps.
const INTERVAL: usize = if cfg!(test) { 5 } else { 1_024 };

/// All of a world but its trace, after some step.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Checkpoint {
    lengths: Lengths,
    hosts: [HostState; 2],
    queue: Queue,
}

impl World {
    /// Remembers how things stand, if it is time to.
    pub(in crate::sim) fn remember(&mut self) {
        let lengths = self.trace.lengths();
        if lengths.steps.is_multiple_of(INTERVAL) && lengths.steps > 0 {
            let (hosts, queue) = (self.hosts.clone(), self.queue.clone());
            self.checkpoints.push(Arc::new(Checkpoint { lengths, hosts, queue }));
        }
    }

    /// A world with other edits, which stands where this one stood before they made a difference,
    /// or not long before; none, if it differs from the start. To be run on.
    pub(in crate::sim) fn resumed(&self, scenario: &Arc<Scenario>, limits: Limits) -> Option<Self> {
        if !self.scenario.differs_in_edits_alone(scenario) {
            return None;
        }
        let steps = self.common_steps(scenario).min(limits.steps);
        let count = self.checkpoints.partition_point(|it| it.lengths.steps <= steps);
        let checkpoints = self.checkpoints[..count].to_vec();
        let checkpoint = checkpoints.last()?;
        let trace = self.trace.beginning(checkpoint.lengths);
        let mut queue = checkpoint.queue.clone();
        renew_edits(&mut queue, scenario, &trace);
        Some(Self {
            scenario: Arc::clone(scenario),
            hosts: checkpoint.hosts.clone(),
            queue,
            trace,
            checkpoints,
        })
    }

    /// How many steps this world surely has in common with that of a scenario with other edits.
    fn common_steps(&self, scenario: &Scenario) -> usize {
        let (old, new) = trimmed(&self.scenario.edits, &scenario.edits);
        let steps = &self.trace.steps;
        let before = |at: Instant| steps.partition_point(|step| step.at < at);
        let unaffected = old.iter().chain(new).map(|edit| {
            let at = match edit {
                Edit::Call(_, _, at) => Some(*at),
                _ => edit.segment().and_then(|id| self.sent_at(id)),
            };
            at.map_or(steps.len(), before)
        });
        unaffected.min().unwrap_or(steps.len())
    }

    /// When a segment was sent; the start, where it was there before.
    fn sent_at(&self, id: SegmentId) -> Option<Instant> {
        if id.origin == Origin::Old {
            return Some(Instant::ZERO);
        }
        self.trace.segment(id).map(|record| record.sent_at)
    }
}

/// Where two lists of edits differ: what follows the common beginning, but for the common end.
fn trimmed<'a>(old: &'a [Edit], new: &'a [Edit]) -> (&'a [Edit], &'a [Edit]) {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    (&old[..old.len() - end], &new[..new.len() - end])
}

/// Puts the calls of a scenario's edits in place of another's. Those up to the end of `trace` are
/// the same; it is known only of the last instant how many of them are still to be made.
fn renew_edits(queue: &mut Queue, scenario: &Scenario, trace: &Trace) {
    let now = trace.end();
    let mut left = queue.drop_edits(now);
    for (index, edit) in scenario.edits.iter().enumerate().rev() {
        match edit {
            Edit::Call(_, _, at) if *at > now => queue.add_edit(*at, index),
            Edit::Call(_, _, at) if *at == now && left > 0 => {
                queue.add_edit(*at, index);
                left -= 1;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::sim::chance::{Purpose, percentile};
    use crate::sim::scenario::Planned;
    use crate::sim::{
        Application, Call, Edit, Host, Limits, Network, Scenario, SegmentId, Side, Stray, When,
        World,
    };
    use crate::tcp::{Config, Flags, Segment, SeqNumber};
    use crate::time::{Duration, Instant};

    /// Numbers from 0 to 99, as chance has them.
    struct Numbers(u64, u32);

    impl Numbers {
        fn below(&mut self, end: u32) -> u32 {
            self.1 += 1;
            let draw = percentile(self.0, Side::Client, self.1, Purpose::Loss);
            u32::from(draw) * end / 100
        }

        fn edit(&mut self) -> Edit {
            let side = Side::BOTH[self.below(2) as usize];
            let id = match self.below(20) {
                0 => "O1".parse().expect("a name"),
                _ => SegmentId::of(side, 1 + self.below(40)),
            };
            // Often an instant at which something else happens.
            let at = Instant::from_millis(u64::from(self.below(60)) * 10);
            match self.below(12) {
                0 | 1 => Edit::Drop(id),
                2 => Edit::Delay(id, Duration::from_millis(u64::from(self.below(30)) * 10)),
                3 => Edit::Duplicate(id, None),
                4 => Edit::Deliver(id, None),
                9 => Edit::Corrupt(id),
                10 => {
                    let flight = Duration::from_millis(u64::from(self.below(9)) * 10);
                    Edit::Deliver(id, Some(flight))
                }
                11 => Edit::Call(side, Call::Window(self.below(4) * 300), at),
                5 => Edit::Call(side, Call::Close, at),
                6 => Edit::Call(side, Call::Abort, at),
                _ => Edit::Call(side, Call::Send(1 + self.below(100) * 5), at),
            }
        }

        fn change(&mut self, edits: &mut Vec<Edit>) {
            let count = u32::try_from(edits.len()).expect("few edits");
            let index = self.below(count + 1) as usize;
            match self.below(4) {
                0 if index < edits.len() => drop(edits.remove(index)),
                1 if index < edits.len() => edits[index] = self.edit(),
                2 => edits.push(self.edit()),
                _ => edits.insert(index, self.edit()),
            }
        }

        fn scenario(&mut self) -> Scenario {
            let planned = |when, call| Planned { when, after: Duration::ZERO, call };
            let client = vec![
                planned(When::Start, Call::Connect),
                planned(When::Established, Call::Send(900)),
                planned(When::Received(300), Call::Close),
            ];
            let server = vec![
                planned(When::Start, Call::Listen),
                planned(When::Received(400), Call::Send(700)),
                planned(When::PeerClosed, Call::Close),
            ];
            let host = |iss, script| Host {
                config: Config { mss: 40, receive_buffer: 400, ..Config::rfc9293(SeqNumber(iss)) },
                application: Application { script, reads_by_hand: false },
            };
            let stray = Segment { seq: SeqNumber(5), flags: Flags::SYN, ..Segment::default() };
            Scenario {
                hosts: [host(100, client), host(300, server)],
                network: Network {
                    delay: Duration::from_millis(10),
                    loss_percent: [0, 0, 15][self.below(3) as usize],
                    seed: self.0,
                },
                strays: vec![Stray { to: Side::Server, at: Instant::ZERO, segment: stray }],
                edits: vec![],
            }
        }
    }

    #[test]
    fn a_resumed_run_is_the_same_as_one_from_the_start() {
        let mut resumed = 0;
        for seed in 0..300 {
            let mut numbers = Numbers(seed, 0);
            let mut scenario = numbers.scenario();
            let mut world = World::new(Arc::new(scenario.clone()));
            world.run(Limits { steps: 10 + numbers.below(100) as usize * 3 });
            for _ in 0..6 {
                numbers.change(&mut scenario.edits);
                let scenario = Arc::new(scenario.clone());
                let limits = Limits { steps: 10 + numbers.below(100) as usize * 3 };
                let mut fresh = World::new(Arc::clone(&scenario));
                fresh.run(limits);
                if let Some(mut again) = world.resumed(&scenario, limits) {
                    again.run(limits);
                    let all = |world: &World| {
                        let World { hosts, queue, trace, checkpoints, .. } = world;
                        format!("{:?}", (hosts, queue.when(), trace, checkpoints.len()))
                    };
                    let edits = &scenario.edits;
                    assert!(all(&again) == all(&fresh), "seed {seed}, {edits:?}");
                    resumed += 1;
                    world = again;
                } else {
                    world = fresh;
                }
            }
        }
        assert!(resumed > 500, "{resumed} runs were resumed");
    }

    #[test]
    fn another_network_is_run_from_the_start() {
        let scenario = Numbers(1, 0).scenario();
        let mut world = World::new(Arc::new(scenario.clone()));
        world.run(Limits::default());
        assert!(world.resumed(&Arc::new(scenario.clone()), Limits::default()).is_some());
        let mut other = scenario;
        other.network.delay = Duration::from_millis(11);
        assert!(world.resumed(&Arc::new(other), Limits::default()).is_none());
    }
}
