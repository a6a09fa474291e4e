//! Sequence numbers and their modular order (RFC 9293 §3.4).

use core::fmt;
use core::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// A sequence number: a point on a circle of 2^32 (RFC 9293 §3.4).
///
/// It has no `Ord`: "less than" holds only within half the circle, so the comparisons are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeqNumber(pub u32);

impl SeqNumber {
    /// Strictly before `other` on the circle.
    #[must_use]
    pub const fn before(self, other: Self) -> bool {
        // The sign bit of the difference is the modular order.
        other.0.wrapping_sub(self.0).wrapping_sub(1) < 0x7fff_ffff
    }

    /// Before `other`, or equal to it (the RFC's `=<`).
    #[must_use]
    pub const fn at_or_before(self, other: Self) -> bool {
        other.0.wrapping_sub(self.0) <= 0x7fff_ffff
    }

    /// Strictly after `other`.
    #[must_use]
    pub const fn after(self, other: Self) -> bool {
        other.before(self)
    }

    /// After `other`, or equal to it.
    #[must_use]
    pub const fn at_or_after(self, other: Self) -> bool {
        other.at_or_before(self)
    }

    /// The distance from `start` to `self`, counted forward around the circle.
    #[must_use]
    pub const fn distance_from(self, start: Self) -> u32 {
        self.0.wrapping_sub(start.0)
    }

    /// Whether `self` is one of the `len` numbers that begin at `start`.
    #[must_use]
    pub const fn is_within(self, start: Self, len: u32) -> bool {
        self.distance_from(start) < len
    }

    /// The later of two numbers that lie within half the circle of each other.
    #[must_use]
    pub const fn latest(self, other: Self) -> Self {
        if self.before(other) { other } else { self }
    }
}

impl Add<u32> for SeqNumber {
    type Output = Self;
    fn add(self, octets: u32) -> Self {
        Self(self.0.wrapping_add(octets))
    }
}

impl AddAssign<u32> for SeqNumber {
    fn add_assign(&mut self, octets: u32) {
        *self = *self + octets;
    }
}

impl Sub<u32> for SeqNumber {
    type Output = Self;
    fn sub(self, octets: u32) -> Self {
        Self(self.0.wrapping_sub(octets))
    }
}

impl fmt::Display for SeqNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::SeqNumber;

    #[test]
    fn order_is_modular() {
        let top = SeqNumber(u32::MAX);
        assert!(top.before(SeqNumber(0)));
        assert!(SeqNumber(5).after(top));
        assert!(!SeqNumber(7).before(SeqNumber(7)));
        assert!(SeqNumber(7).at_or_before(SeqNumber(7)));
        assert_eq!(SeqNumber(3).distance_from(SeqNumber(u32::MAX - 1)), 5);
        assert_eq!(top + 2, SeqNumber(1));
        assert_eq!(SeqNumber(1) - 2, top);
    }

    #[test]
    fn a_number_is_within_a_window_that_wraps() {
        let start = SeqNumber(u32::MAX - 1);
        assert!(start.is_within(start, 1));
        assert!(SeqNumber(1).is_within(start, 4));
        assert!(!SeqNumber(2).is_within(start, 4));
        assert!(!start.is_within(start, 0));
    }
}
