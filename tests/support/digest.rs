//! The digest of a scenario's JSON trace: its length, and its 64-bit FNV-1a hash.

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

fn fnv_1a(octets: &[u8]) -> u64 {
    octets.iter().fold(0xcbf2_9ce4_8422_2325, |hash, octet| {
        (hash ^ u64::from(*octet)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
