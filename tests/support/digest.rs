//! The digest of a scenario's JSON trace: its length, and its 64-bit FNV-1a hash.

use std::hash::Hasher as _;

use fnv::FnvHasher;
use tcp_handshake::export::{Format, Options, export};
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::sim::Timeline;

/// A scenario's line in `tests/data/traces.txt`.
pub fn line(scenario: &str) -> String {
    let link = Link::to(scenario);
    let timeline = Timeline::of(link.scenario_to_run());
    let json = export(&timeline, &link, Format::Json, Catalog::english(), &Options::default());
    let json = json.expect("every run has a trace");
    format!("{scenario} {} {:016x}\n", json.len(), fnv_1a(&json))
}

fn fnv_1a(bytes: &[u8]) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(bytes);
    hasher.finish()
}
