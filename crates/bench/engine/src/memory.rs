//! The allocations and the memory of the engine, as rows of JSON.
//!
//! A separate program, because a counting allocator would distort the times of `speed`.

use std::alloc::System;
use std::sync::Arc;

use serde_json::Value;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};
use support::report::{lines, row};
use support::workload::{Loss, SEGMENTS};
use support::{ours, theirs};

mod support;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The limit for the bytes of one event of a run.
const KEPT_LIMIT: f64 = 300.0;

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
    let none = Loss { percent: 0, seed: 0 };
    let (mut pair, mut peer) = (ours::Ours::new(), theirs::Theirs::new());
    let scenario = Arc::new(ours::scenario(none));
    // The first connection allocates the buffers that the others reuse.
    assert_eq!([pair.connection(none), peer.connection(none)], [SEGMENTS; 2]);
    let theirs = allocations(&measured(|| peer.connection(none)).1);
    let bare = allocations(&measured(|| pair.connection(none)).1);
    let kept = allocations(&measured(|| ours::timeline(&scenario)).1);
    let mut rows = vec![
        row("allocations of a connection, no trace", "", bare, Some(theirs), None),
        row("allocations of a connection, all kept", "", kept, Some(theirs), None),
    ];
    for exponent in 2..=5 {
        let steps = 10_usize.pow(exponent);
        let (timeline, stats) = measured(|| ours::long_run(steps));
        let octets = number(stats.bytes_allocated) - number(stats.bytes_deallocated);
        let each = octets / number(timeline.trace().steps.len());
        let limit = (exponent >= 4).then_some(KEPT_LIMIT);
        rows.push(row(
            &format!("10^{exponent} events, kept, each"),
            "octets",
            each,
            limit,
            limit.map(|_| 1.0),
        ));
    }
    rows
}

fn measured<R>(work: impl FnOnce() -> R) -> (R, Stats) {
    let region = Region::new(ALLOCATOR);
    let result = work();
    let stats = region.change();
    (result, stats)
}

fn allocations(stats: &Stats) -> f64 {
    number(stats.allocations + stats.reallocations)
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("a count of a short run"))
}
