//! The speed of the engine compared with smoltcp in one process, and the growth of its time with
//! the length of a run. Prints rows of JSON, from which `cargo xtask bench` makes a table.
//!
//! In WebAssembly `rows` returns the same lines to node.

use std::hint::black_box;
use std::sync::Arc;

use serde_json::Value;
use support::report::{lines, row};
use support::workload::{Loss, SEGMENTS};
use support::{ours, theirs};
use tcp_handshake::sim::{Edit, Limits, Timeline};
use tcp_handshake::time::Instant;
use timing::{Contender, against_limit, against_peer, interleave};

mod support;
#[path = "support/timing.rs"]
mod timing;

/// The goal: how many times faster than smoltcp a bare pair of connections is.
const PAIR_GOAL: f64 = if cfg!(target_arch = "wasm32") { 2.0 } else { 3.0 };
/// The same for a timeline that keeps everything.
const TIMELINE_GOAL: f64 = 1.0;
/// The number of connections with losses that are measured; each has its own seed.
const SEEDS: u32 = 500;
/// The limit for a seek in a run of 10^5 events, in nanoseconds.
const SEEK_LIMIT: f64 = 1_000.0;
/// The limit for an edit in the middle of a run of 10^4 events, in nanoseconds.
const EDIT_LIMIT: f64 = 5_000_000.0;
/// The limit for the time of an event in a run of 10^5 events, relative to one of 10^3.
const GROWTH_LIMIT: f64 = 1.5;

fn main() {
    if cfg!(not(target_arch = "wasm32")) {
        print!("{}", lines(&all()));
    }
}

/// The rows, as lines of JSON.
#[cfg(target_arch = "wasm32")]
#[must_use]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn rows() -> String {
    lines(&all())
}

fn all() -> Vec<Value> {
    let mut rows = vec![];
    for percent in [0, 20] {
        rows.extend(against_smoltcp(percent));
    }
    rows.extend(growth());
    rows
}

/// Connections, one after the other; with losses, one for each seed.
fn against_smoltcp(percent: u8) -> Vec<Value> {
    let seeds = if percent == 0 { 1 } else { SEEDS };
    let losses = || (0..seeds).map(move |seed| Loss { percent, seed: u64::from(seed) });
    let scenarios: Vec<_> = losses().map(|loss| Arc::new(ours::scenario(loss))).collect();
    let (mut pair, mut peer) = (ours::Ours::new(), theirs::Theirs::new());
    if percent == 0 {
        let kept = ours::timeline(&scenarios[0]).trace().segments.len() as u64;
        let loss = Loss { percent, seed: 0 };
        assert_eq!([pair.connection(loss), peer.connection(loss), kept], [SEGMENTS; 3]);
    }
    let mut contenders = [
        Contender::new(seeds, |_| losses().map(|loss| pair.connection(loss)).sum::<u64>()),
        Contender::new(seeds, |_| {
            for scenario in &scenarios {
                black_box(ours::timeline(scenario));
            }
        }),
        Contender::new(seeds, |_| losses().map(|loss| peer.connection(loss)).sum::<u64>()),
    ];
    interleave(&mut contenders);
    let [pair, kept, peer] = contenders;
    let name = |what| match percent {
        0 => format!("a connection, {what}"),
        _ => format!("a connection, {percent} % lost, {what}"),
    };
    vec![
        against_peer(&name("no trace"), &pair, &peer, PAIR_GOAL),
        against_peer(&name("all kept"), &kept, &peer, TIMELINE_GOAL),
    ]
}

/// The time for an event, a seek and an edit in runs of increasing length.
fn growth() -> Vec<Value> {
    let mut rows = vec![];
    let mut costs = vec![];
    for exponent in 2..=5 {
        let steps = 10_usize.pow(exponent);
        let timeline = ours::long_run(steps);
        assert_eq!(timeline.trace().steps.len(), steps);
        let middle = edit_in_the_middle(&timeline);
        let units = u32::try_from(steps).expect("a short run");
        let mut simulate = Contender::new(units, |_| ours::long_run(steps));
        let mut seek = Contender::new(1, |index| {
            timeline.hosts_after(timeline.seek(instant(&timeline, index)).step)
        });
        let mut edit = Contender::new(1, |_| timeline.edited(middle, Limits { steps }));
        for contender in [&mut simulate, &mut seek, &mut edit] {
            interleave(std::slice::from_mut(contender));
        }
        costs.push(simulate.nanos());
        let name = |what| format!("10^{exponent} events, {what}");
        rows.push(against_limit(&name("simulate, each"), &simulate, None));
        let limit = (exponent == 5).then_some(SEEK_LIMIT);
        rows.push(against_limit(&name("seek"), &seek, limit));
        let limit = (exponent == 4).then_some(EDIT_LIMIT);
        rows.push(against_limit(&name("edit in the middle"), &edit, limit));
    }
    let growth = costs[3] / costs[1];
    rows.push(row("an event of 10^5 to one of 10^3", "x", growth, Some(GROWTH_LIMIT), Some(1.0)));
    rows
}

/// A different instant of the run for each index.
fn instant(timeline: &Timeline, index: u32) -> Instant {
    let end = timeline.end().as_micros();
    Instant::from_micros((u64::from(index.wrapping_mul(0x9e37_79b9)) * end) >> 32)
}

/// Loses the segment that is sent in the middle of a run.
fn edit_in_the_middle(timeline: &Timeline) -> Edit {
    let segments = &timeline.trace().segments;
    let arrived = segments.iter().filter(|record| record.arrives_at <= Some(timeline.end()));
    Edit::Drop(segments[arrived.count() / 2].id)
}
