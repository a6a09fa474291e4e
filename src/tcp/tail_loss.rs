//! The tail loss probe (RFC 8985 §7): when the end of what was sent stays without an answer, a
//! segment more draws an ACK that shows what is missing, before the retransmission timer expires.

use super::congestion::Phase;
use super::connection::Connection;
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::sent::Probe;
use super::seq::SeqNumber;
use super::timer::Timer;
use crate::time::{Duration, Instant};

/// `TLP.max_ack_delay`: how long the ACK of a single segment may be delayed. Linux uses the
/// shortest RTO (`tcp_schedule_loss_probe`).
const ACK_DELAY: Duration = Duration::from_millis(200);
/// Linux's `TCP_TIMEOUT_MIN_US`.
const LEAST: Duration = Duration::from_millis(2);

impl Connection {
    /// RFC 8985 §7.2: schedules a probe for the end of what was sent, if nothing is being repaired.
    pub(super) fn schedule_probe(&mut self, now: Instant) {
        let is_due = self.config.tail_loss_probe
            && self.takes_sack
            && self.probe.is_none()
            && self.congestion.phase == Phase::Open
            && self.scoreboard.is_empty()
            && !self.syn_is_in_flight
            && self.tcb.snd_wnd > 0;
        let deadline = self.timers.deadline(Timer::Retransmission).filter(|_| is_due);
        let Some(timeout) = deadline.filter(|_| self.tcb.in_flight() > 0) else {
            self.timers.stop(Timer::LossProbe);
            return;
        };
        let wait = self.rto.srtt().map_or(self.config.rto_initial, |srtt| {
            let is_single = self.tcb.in_flight() <= self.congestion.smss();
            srtt.saturating_mul(2) + if is_single { ACK_DELAY } else { LEAST }
        });
        let at = (now + wait).min(timeout);
        self.timers.set(Timer::LossProbe, at);
        if at == timeout {
            // The probe goes first, and starts the retransmission timer anew.
            self.timers.set(Timer::Retransmission, timeout + Duration::from_micros(1));
        }
    }

    /// RFC 8985 §7.3: a segment of new text, else the last one again.
    pub(super) fn send_probe(&mut self, now: Instant, out: &mut Outbox) {
        if self.tcb.in_flight() == 0 || self.tcb.snd_wnd == 0 {
            return;
        }
        let rule = Rule::TailLossProbed;
        out.record(Event::Expired { timer: Timer::LossProbe }, rule);
        let repeats = !self.send_new_probe(rule, now, out);
        if repeats {
            let (una, nxt) = (self.tcb.snd_una, self.tcb.snd_nxt);
            let size = self.most_text().min(nxt.distance_from(una));
            let last = self.sent.last().map_or(una, |last| last.latest(una));
            // A FIN alone is the last segment too.
            let last = if last.before(nxt) { last.latest(nxt - size) } else { nxt - size };
            let from = last.distance_from(una);
            self.retransmit_text(from, nxt.distance_from(last), rule, now, out);
        }
        self.probe = Some(Probe { end: self.tcb.snd_nxt, repeats });
        self.timers.set(Timer::Retransmission, now + self.rto.rto());
    }

    /// RFC 8985 §7.4: an ACK ends a probe. If it was a retransmission and nothing tells that it
    /// arrived twice, it has repaired a loss, which is a sign of congestion.
    pub(super) fn end_probe(&mut self, ack: SeqNumber, is_news: bool, out: &mut Outbox) {
        let Some(Probe { end, repeats }) = self.probe.filter(|probe| !ack.before(probe.end)) else {
            return;
        };
        if !repeats || self.duplicate_was_reported || (ack == end && !is_news) {
            // The probe was new text, or both transmissions have arrived: nothing was lost.
            self.probe = None;
        } else if ack.after(end) {
            self.probe = None;
            self.congestion.reduce(self.tcb.in_flight());
            self.tell_congestion(Rule::TailLossRepaired, out);
        }
    }
}
