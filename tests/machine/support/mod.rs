//! What the machine's tests share: a notation for segments, one end on a bench, two as a pair.

pub mod bench;
pub mod notation;
pub mod pair;

use tcp_handshake::tcp::{Config, SeqNumber};

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
