//! Shared by the tests of the machine: a notation for segments, a bench with one endpoint, a pair
//! of endpoints, and the number of random cases.

pub mod bench;
pub mod notation;
pub mod pair;

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;
use tcp_handshake::tcp::{Config, SeqNumber};

/// The random cases of an ordinary test: the same in every run, so that it never fails by chance.
pub fn sample() -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(9293),
        max_shrink_iters: 4_096,
        ..ProptestConfig::default()
    }
}

/// The random cases of a deep test: different in every run.
pub fn deep(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, max_shrink_iters: 4_096, ..ProptestConfig::default() }
}

/// The RFC's configuration with this ISS.
pub fn config(iss: u32) -> Config {
    Config::rfc9293(SeqNumber(iss))
}

/// Pairs (ISS, IRS) that make sequence numbers wrap, or change sign, in the handshake, in the text
/// and at the FIN.
pub const NUMBERS: [(u32, u32); 8] = [
    (100, 300),
    (0, 0),
    (u32::MAX, u32::MAX),
    (u32::MAX - 1, 0x7fff_ffff),
    (0x7fff_fffe, u32::MAX - 5),
    (0x8000_0000, 0x7fff_fff0),
    (u32::MAX - 12, 0x8000_0000),
    (0x7fff_fff8, u32::MAX - 70_000),
];
