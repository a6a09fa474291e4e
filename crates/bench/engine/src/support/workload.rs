//! The work that both stacks do: one connection of thirteen segments.
//!
//! The handshake, a request, its reply, the client's FIN, text to the half-closed client, the
//! server's FIN. Every text and every FIN has an ACK of its own.

/// The text of the client's request.
pub const REQUEST: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyzabcdef";
/// The text of the server's answer.
pub const REPLY: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF";
/// The text that the server sends after the client's FIN.
pub const MORE: &[u8; 32] = b"GHIJKLMNOPQRSTUVWXYZABCDEFGHIJKL";

/// The one-way delay, in microseconds.
pub const ONE_WAY: u64 = 10_000;
/// The number of segments of a connection without loss.
pub const SEGMENTS: u64 = 13;
/// The size of every buffer, in bytes.
pub const BUFFER: u32 = 4_096;

/// The losses of a network.
#[derive(Clone, Copy)]
pub struct Loss {
    /// The percentage of segments that are lost.
    pub percent: u8,
    /// A different number for each connection.
    pub seed: u64,
}

impl Loss {
    /// Whether the `ordinal`-th transmission of a side is lost: a hash, so that both stacks lose
    /// the same segments.
    pub fn takes(self, side: usize, ordinal: usize) -> bool {
        if self.percent == 0 {
            return false;
        }
        let mut mixed = self.seed;
        for word in [side as u64, ordinal as u64] {
            mixed = (mixed ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
        }
        mixed % 100 < u64::from(self.percent)
    }
}
