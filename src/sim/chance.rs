//! Stateless randomness: each number is a hash of its purpose, so that an edit to one segment does
//! not change the fate of the others.

use super::id::Side;

/// The purpose of a number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// Whether a segment is lost.
    Loss = 1,
}

/// A number from 0 to 99 for the `ordinal`-th transmission of `side`; always the same one.
pub(super) fn percentile(seed: u64, side: Side, ordinal: u32, purpose: Purpose) -> u8 {
    let mut mixed = seed;
    for word in [side as u64 + 1, u64::from(ordinal), purpose as u64] {
        mixed = mix(mixed ^ word);
    }
    u8::try_from(mixed % 100).unwrap_or(0)
}

/// The finalizer of `SplitMix64`.
pub(crate) const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
