//! A resumed run equals a fresh one, for random scenarios and random edits.

use std::sync::Arc;

use super::{Simulation, Timeline};
use crate::sim::chance::{Purpose, percentile};
use crate::sim::scenario::Planned;
use crate::sim::{
    Application, Call, Edit, Host, Limits, Network, Outage, Scenario, SegmentId, Side, Stray, When,
};
use crate::tcp::{Config, Flags, Segment, SeqNumber};
use crate::time::{Duration, Instant};

/// Hashed numbers from 0 to 99, of a seed and a counter.
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
        // A coarse grid, so that calls often coincide with other steps.
        let at = Instant::from_millis(u64::from(self.below(60)) * 10);
        match self.below(14) {
            12 | 13 => {
                let lasts = self.below(30).checked_sub(3);
                let lasts = lasts.map(|tens| Duration::from_millis(u64::from(tens) * 10));
                let of = [None, Some(side)][self.below(2) as usize];
                Edit::Cut(Outage { of, from: at, lasts })
            }
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
            7 => Edit::Call(side, Call::Exit, at),
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
        let host = |iss, plan| Host {
            config: Config { mss: 40, receive_buffer: 400, ..Config::rfc9293(SeqNumber(iss)) },
            application: Application { plan, reads_by_hand: false },
        };
        let stray = Segment { seq: SeqNumber(5), flags: Flags::SYN, ..Segment::default() };
        Scenario {
            hosts: [host(100, client), host(300, server)],
            network: Network {
                delay: Duration::from_millis(10),
                loss_percent: [0, 0, 15][self.below(3) as usize],
                seed: self.0,
                mtu: None,
            },
            strays: vec![Stray { to: Side::Server, at: Instant::ZERO, segment: stray }],
            edits: vec![],
        }
    }
}

/// Everything about a run that must not depend on how it was made.
fn fingerprint(timeline: &Timeline) -> String {
    let Simulation { world, checkpoints } = timeline.simulation.as_ref().expect("simulated");
    format!("{world:?}, {:?}, {}", timeline.trace, checkpoints.len())
}

#[test]
fn a_resumed_run_is_the_same_as_one_from_the_start() {
    let mut resumed = 0;
    for seed in 0..300 {
        let mut numbers = Numbers(seed, 0);
        let mut scenario = numbers.scenario();
        let limits = Limits { steps: 10 + numbers.below(100) as usize * 3 };
        let mut timeline = Timeline::within(scenario.clone(), limits);
        for _ in 0..6 {
            numbers.change(&mut scenario.edits);
            let scenario = Arc::new(scenario.clone());
            let limits = Limits { steps: 10 + numbers.below(100) as usize * 3 };
            let fresh = Timeline::within(Arc::clone(&scenario), limits);
            timeline = if let Some(again) = timeline.resumed(&scenario, limits) {
                let edits = &scenario.edits;
                assert!(fingerprint(&again) == fingerprint(&fresh), "seed {seed}, {edits:?}");
                resumed += 1;
                again
            } else {
                fresh
            };
        }
    }
    assert!(resumed > 500, "{resumed} runs were resumed");
}

#[test]
fn another_network_is_run_from_the_start() {
    let scenario = Numbers(1, 0).scenario();
    let timeline = Timeline::of(scenario.clone());
    assert!(timeline.resumed(&Arc::new(scenario.clone()), Limits::default()).is_some());
    let mut other = scenario;
    other.network.delay = Duration::from_millis(11);
    assert!(timeline.resumed(&Arc::new(other), Limits::default()).is_none());
}
