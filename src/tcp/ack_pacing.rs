//! How long an ACK waits where its delay adapts to the traffic, as in Linux: not at all for the
//! first segments of a connection, then for about as long as the peer's text is apart.
//!
//! The rules are those of `tcp_event_data_recv`, `__tcp_ack_snd_check`, `tcp_send_delayed_ack` and
//! `tcp_cleanup_rbuf` in `net/ipv4/tcp_input.c`, `tcp_output.c` and tcp.c.

use super::connection::{AckNeed, Connection};
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::segment::{Flags, Segment};
use super::timer::Timer;
use crate::time::{Duration, Instant};

/// `TCP_DELACK_MAX`.
const LONGEST_DELAY: Duration = Duration::from_millis(200);
/// The longest delay of an ACK for text that may go on.
const LONGEST_IDLE_DELAY: Duration = Duration::from_millis(500);
/// One tick of a kernel with 250 of them a second: no timer is shorter.
const TICK: Duration = Duration::from_millis(4);

impl Connection {
    /// The handshake is complete: the rhythm of the text begins to count.
    pub(super) fn begin_pacing(&mut self, now: Instant) {
        self.pacing.last_text = now;
    }

    /// Text arrived in order, in this segment.
    pub(super) fn pace_text(&mut self, segment: &Segment, now: Instant) {
        let octets = segment.text.len();
        if !self.config.habits.ack_delay_adapts || octets == 0 {
            return;
        }
        let shortest = self.shortest_ack_delay();
        let (rto, window) = (self.rto.rto(), self.tcb.rcv_wnd);
        let ends = [Flags::PSH, Flags::FIN, Flags::URG, Flags::SYN];
        let is_pushed = ends.into_iter().any(|flag| segment.flags.contains(flag));
        let pacing = &mut self.pacing;
        pacing.measure(octets, is_pushed, self.config.mss.into());
        let gap = now.since(pacing.last_text);
        pacing.last_text = now;
        if pacing.ato.is_zero() {
            pacing.hurry(window);
            pacing.ato = shortest;
            return;
        }
        let half = |span: Duration| Duration::from_micros(span.as_micros() / 2);
        if gap <= half(shortest) {
            pacing.ato = half(pacing.ato) + half(shortest);
        } else if gap < pacing.ato {
            pacing.ato = (half(pacing.ato) + gap).min(rto);
        } else if gap > rto {
            // The peer may have begun anew with a small congestion window.
            pacing.hurry(window);
        }
    }

    /// An ACK is owed for text or a FIN; [`settle_ack`](Self::settle_ack) decides when it leaves.
    pub(super) const fn owe_paced_ack(&mut self) {
        self.pacing.is_owed = true;
    }

    /// The peer's FIN: the application is about to close, and its FIN can carry the ACK.
    pub(super) const fn expect_answer(&mut self) {
        self.pacing.is_conversation = true;
    }

    /// Old text shows that an ACK was lost: the next ones are sent immediately.
    pub(super) fn hurry_acks(&mut self) {
        if self.config.habits.ack_delay_adapts {
            self.pacing.hurry(self.tcb.rcv_wnd);
            self.pacing.is_conversation = false;
            self.pacing.ato = self.shortest_ack_delay();
        }
    }

    /// Decides whether the ACK that an arriving segment made owed leaves now.
    pub(super) fn settle_ack(&mut self, now: Instant, out: &mut Outbox) {
        if !std::mem::take(&mut self.pacing.is_owed) || matches!(self.need, AckNeed::Now(_)) {
            return;
        }
        let pacing = &self.pacing;
        let unacknowledged = self.tcb.rcv_nxt.distance_from(pacing.acknowledged);
        let is_quick = pacing.quick > 0 && !pacing.is_conversation;
        let is_read = self.readable.len() <= self.config.receive_buffer as usize / 2;
        if is_quick || (unacknowledged > pacing.peer_mss && is_read) {
            self.need = AckNeed::Now(Rule::TextAcknowledged);
        } else {
            self.delay_paced_ack(now, out);
        }
    }

    fn delay_paced_ack(&mut self, now: Instant, out: &mut Outbox) {
        let shortest = self.shortest_ack_delay();
        let pacing = &self.pacing;
        let mut ato = pacing.ato;
        if ato > shortest {
            let is_short = pacing.is_conversation || pacing.pushed > 0;
            let most = if is_short { LONGEST_DELAY } else { LONGEST_IDLE_DELAY };
            let rtt = self.rto.srtt().map_or(most, |srtt| srtt.max(shortest));
            ato = ato.min(most.min(rtt));
        }
        // The first FIN of a connection without text has no ATO yet.
        let ato = ato.min(LONGEST_DELAY).max(TICK);
        let quarter = Duration::from_micros(ato.as_micros() / 4);
        let running = self.timers.deadline(Timer::DelayedAck);
        // One that is nearly over is not awaited.
        if running.is_some_and(|deadline| deadline <= now + quarter) {
            self.need = AckNeed::Now(Rule::TextAcknowledged);
            return;
        }
        self.need = AckNeed::Later;
        if running.is_none_or(|deadline| now + ato < deadline) {
            self.timers.set(Timer::DelayedAck, now + ato);
        }
        if running.is_none() {
            out.record(Event::AckDelayed, Rule::AckDelayed);
        }
    }

    /// A delayed ACK has waited long enough: the guess at the rhythm was wrong.
    pub(super) fn miss_delayed_ack(&mut self) {
        if !self.config.habits.ack_delay_adapts {
            return;
        }
        let (shortest, rto) = (self.shortest_ack_delay(), self.rto.rto());
        let pacing = &mut self.pacing;
        if pacing.is_conversation {
            pacing.is_conversation = false;
            pacing.ato = shortest;
        } else {
            pacing.ato = pacing.ato.saturating_mul(2).min(rto);
        }
    }

    /// The application has read text: the ACK that waits may leave now.
    pub(super) fn ack_after_read(&mut self) {
        let pacing = &self.pacing;
        if !self.config.habits.ack_delay_adapts || self.need != AckNeed::Later {
            return;
        }
        let unacknowledged = self.tcb.rcv_nxt.distance_from(pacing.acknowledged);
        let is_end = pacing.pushed > 1 || (pacing.pushed > 0 && !pacing.is_conversation);
        if unacknowledged > pacing.peer_mss || (is_end && self.readable.is_empty()) {
            self.need = AckNeed::Now(Rule::TextAcknowledged);
        }
    }

    /// A segment with an ACK leaves: nothing is owed any more.
    pub(super) fn ack_leaves(&mut self) {
        let shortest = self.shortest_ack_delay();
        let pacing = &mut self.pacing;
        let is_new = self.need != AckNeed::Nothing || pacing.is_owed;
        if is_new && pacing.quick > 0 {
            pacing.quick -= 1;
            if pacing.quick == 0 {
                pacing.ato = shortest;
            }
        }
        pacing.is_owed = false;
        pacing.pushed = 0;
        pacing.acknowledged = self.tcb.rcv_nxt;
        self.need = AckNeed::Nothing;
        self.unacknowledged_segments = 0;
        self.timers.stop(Timer::DelayedAck);
    }

    /// Text leaves: soon after the peer's text, it is an answer.
    pub(super) fn pace_answer(&mut self, now: Instant) {
        if now.since(self.pacing.last_text) < self.pacing.ato {
            self.pacing.is_conversation = true;
        }
    }

    fn shortest_ack_delay(&self) -> Duration {
        self.config.delayed_ack.unwrap_or(Duration::ZERO)
    }
}
