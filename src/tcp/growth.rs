//! How the congestion window grows, and what a loss leaves of it: the replaceable part of
//! congestion control.

use super::cubic::{Cubic, Round};
use crate::time::Duration;

/// A congestion control algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// The one of RFC 5681.
    Reno,
    /// CUBIC (RFC 9438; MAY-18).
    Cubic,
}

/// An algorithm and what it remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Growth {
    /// Reno: the bytes acknowledged since the window last grew.
    Reno { acked: u32 },
    /// CUBIC.
    Cubic(Cubic),
}

/// What slow start does with an acknowledgment.
pub(super) struct SlowStart {
    /// By how much the window grows.
    pub(super) growth: u32,
    /// The bytes acknowledged that are left for congestion avoidance.
    pub(super) left: u32,
}

impl Growth {
    pub(super) const fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Reno => Self::Reno { acked: 0 },
            Algorithm::Cubic => Self::Cubic(Cubic::new()),
        }
    }

    /// Slow start, with `room` left below ssthresh.
    pub(super) fn slow_start(&self, acked: u32, smss: u32, room: u32) -> SlowStart {
        match self {
            // RFC 5681 §3.1 (2): by at most SMSS for each ACK.
            Self::Reno { .. } => SlowStart { growth: acked.min(smss), left: 0 },
            // Linux counts all that was acknowledged, and stops at ssthresh (`tcp_slow_start`).
            Self::Cubic(_) => {
                let growth = acked.min(room);
                SlowStart { growth, left: acked - growth }
            }
        }
    }

    /// Congestion avoidance: by how much the window grows.
    pub(super) fn avoid(&mut self, round: &Round) -> u32 {
        match self {
            // RFC 5681 §3.1: SMSS for each window of bytes acknowledged (the recommended way).
            Self::Reno { acked } => {
                *acked = acked.saturating_add(round.acked);
                if *acked < round.cwnd {
                    return 0;
                }
                *acked -= round.cwnd;
                round.smss
            }
            Self::Cubic(cubic) => cubic.avoid(round),
        }
    }

    /// ssthresh after a loss, before its bound of two segments.
    pub(super) fn after_loss(&mut self, cwnd: u32, in_flight: u32) -> u32 {
        match self {
            // RFC 5681 (4).
            Self::Reno { acked } => {
                *acked = 0;
                in_flight / 2
            }
            Self::Cubic(cubic) => cubic.after_loss(cwnd),
        }
    }

    /// The window after a pause of more than RTO.
    pub(super) fn after_pause(
        &mut self,
        cwnd: u32,
        initial: u32,
        pause: Duration,
        rto: Duration,
    ) -> u32 {
        match self {
            // RFC 5681 §4.1.
            Self::Reno { .. } => cwnd.min(initial),
            // Linux halves it for each RTO, down to the same bound (`tcp_cwnd_restart`).
            Self::Cubic(cubic) => {
                cubic.forget_epoch();
                let rtos = pause.as_micros() / rto.as_micros().max(1);
                let halved = cwnd >> rtos.min(31);
                halved.max(cwnd.min(initial))
            }
        }
    }
}
