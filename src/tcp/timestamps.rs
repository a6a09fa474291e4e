//! Timestamps (RFC 7323): round trips that retransmissions do not blur, and protection against
//! wrapped sequence numbers (PAWS).

use super::segment::{Segment, Timestamps};
use super::seq::SeqNumber;
use crate::time::{Duration, Instant};

/// What the option takes of each segment, in bytes, with the padding to a word.
pub(super) const STAMPS_LENGTH: u16 = 12;

/// The clock ticks in milliseconds, and began a second before the run: `TSval` 0 means none.
const HEAD_START: u64 = 1_000;

/// TS.Recent is too old to compare after 24 days (RFC 7323 §5.5).
const OUTDATED: Duration = Duration::from_secs(24 * 24 * 3_600);

/// The timestamps of one connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stamps {
    /// Whether both SYNs have the option.
    pub(super) are_used: bool,
    /// TS.Recent, and when it was taken.
    recent: u32,
    recent_at: Instant,
    /// Last.ACK.sent.
    acked: SeqNumber,
    /// The present instant, and `TSecr` of the segment that is being handled.
    now: Instant,
    echoed: Option<u32>,
}

impl Stamps {
    /// A call or a timer, at `now`.
    #[inline]
    pub(super) const fn tick(&mut self, now: Instant) {
        self.now = now;
        self.echoed = None;
    }

    /// A segment arrives.
    #[inline]
    pub(super) fn arrive(&mut self, segment: &Segment, now: Instant) {
        self.now = now;
        self.echoed = match segment.options.timestamps {
            Some(stamps) if segment.acknowledgment().is_some() => Some(stamps.echo),
            _ => None,
        };
    }

    /// The peer's SYN has these timestamps, if both ends want them.
    pub(super) const fn begin(&mut self, stamps: Option<Timestamps>, rcv_nxt: SeqNumber) {
        self.are_used = stamps.is_some();
        self.acked = rcv_nxt;
        if let Some(stamps) = stamps {
            self.recent = stamps.value;
            self.recent_at = self.now;
        }
    }

    /// The option of a SYN, before it is known whether the peer uses it too.
    pub(super) fn of_syn(&self) -> Timestamps {
        Timestamps { value: clock(self.now), echo: self.recent }
    }

    /// The option of a segment that acknowledges `ack`.
    #[inline]
    pub(super) fn of_segment(&mut self, ack: SeqNumber) -> Option<Timestamps> {
        if !self.are_used {
            return None;
        }
        self.acked = ack;
        Some(self.of_syn())
    }

    /// RFC 7323 §5.3, R1: whether the segment is older than one that was accepted before.
    pub(super) fn is_outdated(&self, segment: &Segment) -> bool {
        let Some(stamps) = segment.options.timestamps else { return false };
        self.are_used
            && !segment.rst()
            && SeqNumber(stamps.value).before(SeqNumber(self.recent))
            && self.now.since(self.recent_at) < OUTDATED
    }

    /// RFC 6191 §2: whether the segment is newer than all that were accepted before.
    pub(super) fn is_newer(&self, segment: &Segment) -> bool {
        let Some(stamps) = segment.options.timestamps else { return false };
        self.are_used && SeqNumber(stamps.value).after(SeqNumber(self.recent))
    }

    /// RFC 7323 §4.3: takes `TSval` of an acceptable segment that reaches up to what was last
    /// acknowledged.
    pub(super) fn remember(&mut self, segment: &Segment) {
        let Some(stamps) = segment.options.timestamps.filter(|_| self.are_used) else { return };
        let is_newer = !SeqNumber(stamps.value).before(SeqNumber(self.recent));
        if is_newer && segment.seq.at_or_before(self.acked) {
            self.recent = stamps.value;
            self.recent_at = self.now;
        }
    }

    /// RFC 7323 §4.1: the round trip of the transmission that is acknowledged, even if it was a
    /// retransmission.
    pub(super) fn round_trip(&self) -> Option<Duration> {
        let echoed = self.echoed.filter(|_| self.are_used)?;
        let age = clock(self.now).wrapping_sub(echoed);
        // An echo from the future, or from before the connection, is none of ours.
        let spans = u64::from(age) < self.now.as_micros() / 1_000 + HEAD_START;
        spans.then(|| Duration::from_millis(u64::from(age.max(1))))
    }
}

/// `TSval` at an instant.
fn clock(now: Instant) -> u32 {
    // It wraps after 49 days, as it should.
    let [a, b, c, d, ..] = (now.as_micros() / 1_000 + HEAD_START).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}
