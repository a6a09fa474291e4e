//! The effects of an acceptable acknowledgment on the sending side: SND.UNA, the queue, the round
//! trip measured, the new window, and retransmissions.

use super::connection::Connection;
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::segment::Segment;
use super::seq::SeqNumber;
use super::state::State;
use super::timer::Timer;
use crate::time::{Duration, Instant};

impl Connection {
    /// Moves SND.UNA to `ack`. The caller has checked that SND.UNA < `ack` =< SND.NXT.
    pub(super) fn acknowledge(
        &mut self,
        ack: SeqNumber,
        rule: Rule,
        now: Instant,
        out: &mut Outbox,
    ) {
        let octets = ack.distance_from(self.tcb.snd_una);
        let takes_syn = std::mem::take(&mut self.syn_is_in_flight);
        let takes_fin = self.fin_sent.is_some_and(|fin| fin.before(ack));
        let text = octets.saturating_sub(u32::from(takes_syn) + u32::from(takes_fin)) as usize;
        debug_assert!(text <= self.queue.len(), "more acknowledged than queued");
        self.queue.take(text);
        self.tcb.snd_una = ack;
        let repeated = std::mem::take(&mut self.retransmissions);
        self.octets_acknowledged = self.octets_acknowledged.saturating_add(octets);
        self.waiting_since = now;
        out.record(Event::Acknowledged { una: ack, octets }, rule);
        self.measure(ack, now, out);
        if takes_syn {
            self.leave_handshake_rto(out);
            if self.congestion.after_syn(repeated, self.config.initial_window) {
                self.tell_congestion(Rule::OneSegmentAfterSynLoss, out);
            }
        }
        let keeps_timer = self.congestion.keeps_timer(ack);
        self.grow_congestion_window(ack, u32::try_from(text).unwrap_or(u32::MAX), now, out);
        if self.tcb.in_flight() == 0 {
            // RFC 6298 (5.2): all is acknowledged.
            self.timers.stop(Timer::Retransmission);
            self.timers.stop(Timer::User);
        } else if !keeps_timer {
            // RFC 6298 (5.3): something new is acknowledged.
            self.timers.set(Timer::Retransmission, now + self.rto.rto());
            self.restart_user_timeout(now);
        }
    }

    /// Takes SND.WND from a segment that is new enough. Returns whether it changed.
    pub(super) fn update_window(
        &mut self,
        now: Instant,
        segment: &Segment,
        out: &mut Outbox,
    ) -> bool {
        let Self { tcb, .. } = self;
        let newer = tcb.snd_wl1.before(segment.seq)
            || (tcb.snd_wl1 == segment.seq && tcb.snd_wl2.at_or_before(segment.ack));
        if !newer {
            return false;
        }
        let before = tcb.snd_wnd;
        self.set_window(segment, out);
        if self.tcb.snd_wnd == 0 {
            self.postpone_probe(now);
            // MUST-37: the connection stays open as long as the peer answers, also if the window
            // has shrunk below what is in flight (SHLD-17).
            self.retransmissions = 0;
            self.waiting_since = now;
            if self.tcb.in_flight() > 0 {
                self.restart_user_timeout(now);
            }
        } else if before == 0 {
            self.probes = 0;
            // The wait for a larger window starts anew.
            self.timers.stop(Timer::Persist);
        }
        self.tcb.snd_wnd != before
    }

    /// Takes SND.WND, SND.WL1 and SND.WL2 from a segment.
    pub(super) fn set_window(&mut self, segment: &Segment, out: &mut Outbox) {
        // RFC 7323 §2.2: the window of a SYN is never scaled.
        let shift = if segment.syn() { 0 } else { self.snd_scale };
        let tcb = &mut self.tcb;
        let wnd = u32::from(segment.window) << shift;
        let changed = wnd != tcb.snd_wnd;
        tcb.snd_wnd = wnd;
        tcb.max_snd_wnd = tcb.max_snd_wnd.max(wnd);
        tcb.snd_wl1 = segment.seq;
        tcb.snd_wl2 = segment.ack;
        if changed {
            out.record(Event::WindowChanged { wnd }, Rule::WindowUpdated);
        }
    }

    /// Continues a CLOSE that waited for ESTABLISHED.
    pub(super) fn established(&mut self, now: Instant, out: &mut Outbox) {
        self.begin_pacing(now);
        self.watch_idleness(now);
        if self.is_closing && self.state == State::Established {
            self.close_into(State::FinWait1, now, out);
        }
    }

    /// RFC 6298 §3 and §4: takes the round trip being timed as a sample, if `ack` ends it.
    fn measure(&mut self, ack: SeqNumber, now: Instant, out: &mut Outbox) {
        let (rtt, rule) = match self.timing {
            Some((end, sent)) if ack.at_or_after(end) => {
                self.timing = None;
                (now.since(sent), Rule::RttMeasured)
            }
            Some(_) => return,
            // RFC 7323 §4.1: an echo tells which transmission is acknowledged.
            None => match self.stamps.round_trip() {
                Some(rtt) => (rtt, Rule::RttFromTimestamp),
                None => return,
            },
        };
        self.rto.sample_of(rtt, self.tcb.snd_una, self.tcb.snd_nxt);
        let rto = self.rto.rto();
        out.record(Event::RttMeasured { rtt, rto }, rule);
    }

    /// RFC 6298 (5.7): if the timer expired for our SYN and the initial RTO was below 3 s, RTO is 3
    /// s when text begins.
    fn leave_handshake_rto(&mut self, out: &mut Outbox) {
        if self.syn_timed_out && self.config.rto_initial < RTO_AFTER_SYN_LOSS {
            self.rto.set(RTO_AFTER_SYN_LOSS);
            let rto = self.rto.rto();
            out.record(Event::RtoChanged { rto }, Rule::RtoAfterSynLoss);
        }
    }
}

const RTO_AFTER_SYN_LOSS: Duration = Duration::from_secs(3);
