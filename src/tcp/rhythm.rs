//! What a connection remembers for the timing of its ACKs and keep-alives.

use super::habits::AckLimit;
use super::seq::SeqNumber;
use crate::time::{Duration, Instant};

/// `TCP_MAX_QUICKACKS`.
const MOST_QUICK_ACKS: u32 = 16;
/// Text that is shorter than this in a segment does not tell the peer's MSS.
const LEAST_MSS: u32 = 88;
const DEFAULT_MSS: u32 = 536;

/// What a connection knows about the rhythm of the peer's text.
#[derive(Clone, Copy, Debug)]
pub(super) struct AckPacing {
    /// ATO: the delay that the traffic suggests; zero before the first text.
    pub(super) ato: Duration,
    /// How many more ACKs are sent without delay.
    pub(super) quick: u32,
    /// Whether text flows in both directions by turns, so that an answer can carry the ACK.
    pub(super) is_conversation: bool,
    pub(super) last_text: Instant,
    /// The size of the peer's full segments, as far as its text tells.
    pub(super) peer_mss: u32,
    pub(super) last_size: u32,
    /// How many segments that end a SEND are not acknowledged: none, one, or more.
    pub(super) pushed: u8,
    /// RCV.NXT of the last ACK.
    pub(super) acknowledged: SeqNumber,
    /// Whether an ACK is owed, and the arriving segment decides when.
    pub(super) is_owed: bool,
}

impl Default for AckPacing {
    fn default() -> Self {
        Self {
            ato: Duration::ZERO,
            quick: 0,
            is_conversation: false,
            last_text: Instant::ZERO,
            peer_mss: DEFAULT_MSS,
            last_size: 0,
            pushed: 0,
            acknowledged: SeqNumber(0),
            is_owed: false,
        }
    }
}

impl AckPacing {
    pub(super) fn hurry(&mut self, window: u32) {
        let count = (window / (2 * self.peer_mss.max(1))).clamp(2, MOST_QUICK_ACKS);
        self.quick = self.quick.max(count);
    }

    /// `tcp_measure_rcv_mss`: the longest segment so far, or the size of two in a row.
    pub(super) fn measure(&mut self, octets: u32, is_pushed: bool, our_mss: u32) {
        if octets >= self.peer_mss {
            self.peer_mss = octets.min(our_mss);
            if is_pushed {
                self.pushed = self.pushed.max(1);
            }
            return;
        }
        if octets >= DEFAULT_MSS || (octets >= LEAST_MSS && !is_pushed) {
            let is_same = octets == self.last_size;
            self.last_size = octets;
            if is_same {
                self.peer_mss = octets;
                return;
            }
        }
        self.pushed = (self.pushed + 1).min(2);
    }
}

/// How many of these ACKs were sent, and since when.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AckLimiter {
    pub(super) since: Option<Instant>,
    pub(super) count: u32,
}

impl AckLimiter {
    pub(super) fn allows(&mut self, limit: AckLimit, now: Instant) -> bool {
        let (most, span) = match limit {
            AckLimit::Count(most, span) => (most, span),
            AckLimit::Spacing(span) => (1, span),
        };
        if self.since.is_none_or(|since| now.since(since) >= span) {
            *self = Self { since: Some(now), count: 0 };
        }
        self.count = self.count.saturating_add(1);
        self.count <= most
    }
}

/// What a connection remembers for its keep-alives.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Keeping {
    pub(super) unanswered: u32,
}
