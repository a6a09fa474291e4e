//! Times during which nothing passes: the cable is out, or a host has no power.

use core::fmt;

use super::id::Side;
use crate::time::{Duration, Instant};

/// A time during which the network delivers nothing. Printed as in `do=`: `cut@1s`, `cut:3s@1s`,
/// `cut:C:3s@1s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Outage {
    /// Whose segments are lost; `None` for both hosts'.
    pub of: Option<Side>,
    /// When it begins.
    pub from: Instant,
    /// How long it lasts; `None` for good.
    pub lasts: Option<Duration>,
}

impl Outage {
    /// When it ends, if it does.
    #[must_use]
    pub fn to(&self) -> Option<Instant> {
        self.lasts.map(|lasts| self.from + lasts)
    }

    /// Whether it has begun at an instant, and not ended.
    #[must_use]
    pub fn covers(&self, at: Instant) -> bool {
        self.from <= at && self.to().is_none_or(|to| at < to)
    }

    /// Whether it stops a segment, which is sent or would arrive while it lasts.
    #[must_use]
    pub fn stops(&self, from: Side, sent_at: Instant, arrives_at: Instant) -> bool {
        let is_of_host = self.of.is_none_or(|of| of == from);
        is_of_host && (self.covers(sent_at) || self.covers(arrives_at))
    }
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut")?;
        if let Some(of) = self.of {
            write!(f, ":{}", of.letter())?;
        }
        if let Some(lasts) = self.lasts {
            write!(f, ":{lasts}")?;
        }
        write!(f, "@{}", self.from)
    }
}
