//! The congestion window (RFC 5681): how much may be in the network at the same time.
//!
//! Only the arithmetic, in whole bytes. What it makes a connection send is in `fast_recovery` and
//! `transmit`; how the window grows beyond slow start is in `growth`.

use super::cubic::Round;
use super::growth::Growth;
use super::prr::{Delivery, Prr};
use super::rule::Rule;
use super::seq::SeqNumber;
use crate::time::{Duration, Instant};

/// `DupThresh`: so many duplicate ACKs are taken for a loss (RFC 5681 §3.2), and so many ranges
/// beyond a gap (RFC 6675 §4).
pub(super) const DUPLICATES: u32 = 3;

/// How large the window is before the first loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitialWindow {
    /// Two to four segments, by their size (RFC 5681 §3.1).
    Rfc5681,
    /// This many segments; ten in RFC 6928.
    Segments(u32),
}

impl InitialWindow {
    /// IW in bytes.
    #[must_use]
    pub const fn octets(self, smss: u32) -> u32 {
        let segments = match self {
            Self::Rfc5681 if smss > 2190 => 2,
            Self::Rfc5681 if smss > 1095 => 3,
            Self::Rfc5681 => 4,
            Self::Segments(count) => count,
        };
        smss.saturating_mul(if segments == 0 { 1 } else { segments })
    }

    /// After how many retransmissions of the SYN the window begins with a single segment. RFC 5681
    /// §3.1: after the first. Linux lets one be spurious (`tcp_init_transfer`).
    const fn forgiven_syns(self) -> u32 {
        match self {
            Self::Rfc5681 => 0,
            Self::Segments(_) => 1,
        }
    }
}

/// Which loss is being repaired, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// None.
    Open,
    /// One that duplicate ACKs told of, until `recover` is acknowledged (RFC 6582).
    Fast {
        /// SND.NXT when the loss was noticed.
        recover: SeqNumber,
        /// Whether a partial acknowledgment has arrived.
        is_partial: bool,
    },
    /// One that a timeout told of: what was in flight is repeated from `next` on.
    Timeout {
        /// SND.NXT at the timeout.
        recover: SeqNumber,
        /// What was sent from here on counts as lost.
        next: SeqNumber,
        /// The first byte of the segment that was repeated last.
        last: SeqNumber,
    },
}

/// Where F-RTO stands (RFC 5682).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frto {
    /// Nothing to find out.
    Off,
    /// The first segment was repeated; its ACK is awaited.
    FirstAck,
    /// New text was sent instead of more retransmissions; its ACK is awaited.
    SecondAck,
}

/// The window before a timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Before {
    cwnd: u32,
    ssthresh: u32,
}

/// The congestion window of one connection.
#[derive(Clone, Debug)]
pub struct Congestion {
    cwnd: u32,
    ssthresh: u32,
    smss: u32,
    /// IW.
    initial: u32,
    pub(super) growth: Growth,
    pub(super) phase: Phase,
    /// Duplicate ACKs since SND.UNA last moved.
    pub(super) duplicates: u32,
    /// SND.NXT when a loss was last noticed, until something beyond it is acknowledged ("recover"
    /// of RFC 6582).
    pub(super) recover: Option<SeqNumber>,
    /// Whether the window was used up in the present round, the most in flight in it, and its end.
    is_limiting: bool,
    most_in_flight: u32,
    round_end: SeqNumber,
    /// When text was last sent.
    pub(super) last_sent: Instant,
    /// Whether a recovery with SACK may end with a rescue retransmission (RFC 6675 §4 (4)).
    pub(super) rescues: bool,
    /// The counters of a recovery with proportional rate reduction.
    pub(super) prr: Option<Prr>,
    pub(super) frto: Frto,
    /// The window before the last timeout.
    before: Option<Before>,
}

impl Congestion {
    /// The window before the handshake.
    pub(super) const fn new(growth: Growth) -> Self {
        Self {
            cwnd: 0,
            ssthresh: u32::MAX,
            smss: 1,
            initial: 0,
            growth,
            phase: Phase::Open,
            duplicates: 0,
            recover: None,
            is_limiting: false,
            most_in_flight: 0,
            round_end: SeqNumber(0),
            last_sent: Instant::ZERO,
            rescues: true,
            prr: None,
            frto: Frto::Off,
            before: None,
        }
    }

    /// cwnd, in bytes; zero before the peer's SYN.
    #[must_use]
    pub const fn cwnd(&self) -> u32 {
        self.cwnd
    }

    /// ssthresh, in bytes; `None` before the first loss (RFC 5681 §3.1: arbitrarily high).
    #[must_use]
    pub const fn ssthresh(&self) -> Option<u32> {
        if self.ssthresh == u32::MAX { None } else { Some(self.ssthresh) }
    }

    /// Duplicate ACKs since SND.UNA last moved.
    #[must_use]
    pub const fn duplicates(&self) -> u32 {
        self.duplicates
    }

    pub(super) const fn smss(&self) -> u32 {
        self.smss
    }

    /// The peer's SYN has told SMSS: the window begins with IW.
    pub(super) const fn begin(&mut self, smss: u32, window: InitialWindow, start: SeqNumber) {
        self.smss = smss;
        self.initial = window.octets(smss);
        self.cwnd = self.initial;
        self.round_end = start;
    }

    /// Our SYN is acknowledged, after this many retransmissions. Whether that made cwnd smaller.
    pub(super) const fn after_syn(&mut self, repeated: u32, window: InitialWindow) -> bool {
        let shrinks = repeated > window.forgiven_syns() && self.cwnd > self.smss;
        if shrinks {
            self.cwnd = self.smss;
        }
        shrinks
    }

    /// Remembers how much of the window is used, so that only a window that limits the sender
    /// grows (as in RFC 7661 and Linux; RFC 5681 leaves it open).
    pub(super) const fn note_use(&mut self, pipe: u32, una: SeqNumber, nxt: SeqNumber) {
        let limits = pipe.saturating_add(self.smss) > self.cwnd;
        let is_larger = !self.is_limiting && pipe > self.most_in_flight;
        if limits || is_larger || una.at_or_after(self.round_end) {
            self.is_limiting = limits;
            self.most_in_flight = pipe;
            self.round_end = nxt;
        }
    }

    const fn is_in_slow_start(&self) -> bool {
        self.cwnd < self.ssthresh
    }

    const fn is_used(&self) -> bool {
        self.is_limiting || (self.is_in_slow_start() && self.cwnd / 2 < self.most_in_flight)
    }

    /// Grows the window for `acked` bytes, outside of fast recovery. The rule behind it, if it
    /// grew.
    pub(super) fn grow(&mut self, acked: u32, now: Instant, rtt: Duration) -> Option<Rule> {
        if acked == 0 || !self.is_used() {
            return None;
        }
        let mut rest = acked;
        let before = self.cwnd;
        if self.is_in_slow_start() {
            let step = self.growth.slow_start(acked, self.smss, self.ssthresh - self.cwnd);
            self.cwnd = self.cwnd.saturating_add(step.growth);
            rest = step.left;
            if rest == 0 {
                return Some(Rule::SlowStart);
            }
        }
        let round = Round { cwnd: self.cwnd, smss: self.smss, acked: rest, now, rtt };
        self.cwnd = self.cwnd.saturating_add(self.growth.avoid(&round));
        (self.cwnd > before).then_some(Rule::CongestionAvoidance)
    }

    /// RFC 5681 (4): what a loss leaves of the window.
    fn after_loss(&mut self, in_flight: u32) -> u32 {
        self.growth.after_loss(self.cwnd, in_flight).max(2 * self.smss)
    }

    /// A timeout leaves one segment (RFC 5681 §3.1, LW). If the segment was already repeated for a
    /// timeout, ssthresh stays. Whether anything changed.
    pub(super) fn time_out(&mut self, in_flight: u32, is_first: bool) -> bool {
        let before = (self.cwnd, self.ssthresh);
        if is_first {
            self.before = Some(Before { cwnd: self.cwnd, ssthresh: self.ssthresh });
            self.ssthresh = self.after_loss(in_flight);
        }
        self.cwnd = self.smss;
        (self.cwnd, self.ssthresh) != before
    }

    /// What lies from `start` to `end` was sent again.
    pub(super) fn repeated(&mut self, start: SeqNumber, end: SeqNumber, now: Instant) {
        self.note_sent(end.distance_from(start), now);
        if let Phase::Timeout { next, last, .. } = &mut self.phase {
            *next = next.latest(end);
            *last = start;
        }
    }

    /// RFC 5681 §3.2 (2) and (3): the third duplicate ACK.
    pub(super) fn enter_fast_recovery(&mut self, in_flight: u32) {
        self.ssthresh = self.after_loss(in_flight);
        self.cwnd = self.ssthresh.saturating_add(3 * self.smss);
    }

    /// RFC 6675 §5 (4.2): with SACK nothing is added for what has left the network.
    pub(super) fn enter_sack_recovery(&mut self, in_flight: u32) {
        self.ssthresh = self.after_loss(in_flight);
        self.cwnd = self.ssthresh;
    }

    /// RFC 5682 §2.1: the timeout was spurious, and the window is what it was.
    pub(super) fn undo(&mut self) {
        if let Some(Before { cwnd, ssthresh }) = self.before.take() {
            self.cwnd = self.cwnd.max(cwnd);
            self.ssthresh = ssthresh;
        }
    }

    /// A loss that is repaired already.
    pub(super) fn reduce(&mut self, in_flight: u32) {
        self.ssthresh = self.after_loss(in_flight);
        self.cwnd = self.cwnd.min(self.ssthresh);
    }

    /// RFC 9937: what may leave in answer to an ACK, beyond what is in the network.
    pub(super) fn pace(&mut self, delivered: u32, pipe: u32, is_safe: bool) {
        let (ssthresh, smss) = (self.ssthresh, self.smss);
        if let Some(prr) = &mut self.prr {
            let ack = Delivery { octets: delivered, pipe, ssthresh, smss, is_safe };
            self.cwnd = pipe.saturating_add(prr.allowance(&ack)).max(smss);
        }
    }

    /// Text of this length was sent, for the first time or again.
    pub(super) const fn note_sent(&mut self, octets: u32, now: Instant) {
        self.last_sent = now;
        if let Some(prr) = &mut self.prr {
            prr.note_sent(octets);
        }
    }

    /// RFC 6675 §5 (A): what was in flight at the loss is acknowledged.
    pub(super) const fn leave_sack_recovery(&mut self) {
        self.prr = None;
        self.cwnd = self.ssthresh;
    }

    /// RFC 5681 §3.2 (4): one more segment has left the network.
    pub(super) const fn inflate(&mut self) {
        self.cwnd = self.cwnd.saturating_add(self.smss);
    }

    /// RFC 6582 §3.2 (3), a partial acknowledgment: what it acknowledged has left the network, and
    /// one segment replaces it.
    pub(super) fn deflate(&mut self, acked: u32) {
        let back = if acked >= self.smss { self.smss } else { 0 };
        self.cwnd = self.cwnd.saturating_sub(acked).saturating_add(back).max(self.smss);
    }

    /// RFC 6582 §3.2 (3), a full acknowledgment, option (1), which avoids a burst.
    pub(super) fn leave_fast_recovery(&mut self, in_flight: u32) {
        let flight = in_flight.max(self.smss).saturating_add(self.smss);
        self.cwnd = self.ssthresh.min(flight);
    }

    /// RFC 6582 §3.2 (3): of the partial acknowledgments only the first restarts the timer, so that
    /// a window with many losses is left to the timeout ("impatient").
    pub(super) const fn keeps_timer(&self, ack: SeqNumber) -> bool {
        matches!(self.phase, Phase::Fast { recover, is_partial: true } if ack.before(recover))
    }

    /// RFC 5681 §4.1: after a pause of more than RTO the window is no longer justified by ACKs.
    /// Whether it changed.
    pub(super) fn restart(&mut self, pause: Duration, rto: Duration) -> bool {
        let before = self.cwnd;
        if pause > rto {
            let cwnd = self.growth.after_pause(self.cwnd, self.initial, pause, rto);
            self.cwnd = cwnd.min(before).max(self.smss);
        }
        self.cwnd != before
    }
}

#[cfg(test)]
mod tests {
    use super::{Congestion, InitialWindow};
    use crate::tcp::SeqNumber;
    use crate::tcp::growth::{Algorithm, Growth};

    /// RFC 5681 §3.1: it is halved once for each segment that is lost.
    #[test]
    fn a_second_timeout_keeps_ssthresh() {
        let mut congestion = Congestion::new(Growth::new(Algorithm::Reno));
        congestion.begin(100, InitialWindow::Segments(10), SeqNumber(0));
        assert!(congestion.time_out(1_000, true));
        assert_eq!((congestion.cwnd(), congestion.ssthresh()), (100, Some(500)));
        assert!(!congestion.time_out(100, false));
        assert_eq!((congestion.cwnd(), congestion.ssthresh()), (100, Some(500)));
    }
}
