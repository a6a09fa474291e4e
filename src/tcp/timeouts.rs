//! Timeouts (RFC 9293 §3.10.8).

use super::connection::{AckNeed, Connection};
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::state::State;
use super::timer::Timer;
use crate::time::Instant;

impl Connection {
    /// Expires every timer whose deadline is `now` or earlier.
    pub fn handle_timeout(&mut self, now: Instant, out: &mut Outbox) {
        self.stamps.tick(now);
        // Each expiry stops its timer or moves its deadline past `now`, so the loop ends. The bound
        // guards against a configured timer of zero length.
        for _ in 0..2 * Timer::ALL.len() {
            let Some((timer, deadline)) = self.timers.next() else {
                return;
            };
            if deadline > now {
                return;
            }
            self.timers.stop(timer);
            match timer {
                Timer::User => self.fail(Event::TimedOut, Rule::UserTimedOut, out),
                Timer::Retransmission => self.retransmission_timeout(now, out),
                Timer::Persist => {
                    self.transmit_stalled(now, out);
                }
                Timer::LossProbe => self.send_probe(now, out),
                Timer::DelayedAck => {
                    self.miss_delayed_ack();
                    self.need = AckNeed::Now(Rule::DelayedAckSent);
                    self.transmit_pending(now, out);
                }
                Timer::TimeWait => {
                    out.record(Event::Expired { timer }, Rule::TimeWaitExpired);
                    self.delete(Rule::TimeWaitExpired, out);
                }
                Timer::KeepAlive => self.keep_alive_timeout(now, out),
                Timer::FinWait2 => {
                    out.record(Event::Expired { timer }, Rule::FinWait2Expired);
                    self.delete(Rule::FinWait2Expired, out);
                }
            }
        }
    }

    /// RFC 6298 §5.4 to §5.6, until R2.
    fn retransmission_timeout(&mut self, now: Instant, out: &mut Outbox) {
        let is_syn = self.syn_is_in_flight;
        let probes = self.tcb.snd_wnd == 0 && !is_syn;
        let (rule, limit) = if self.state == State::SynSent {
            (Rule::SynRetransmitted, self.config.syn_give_up)
        } else if is_syn {
            (Rule::SynAckRetransmitted, self.config.syn_ack_give_up)
        } else if probes {
            (Rule::ZeroWindowProbed, self.text_give_up())
        } else if self.fin_sent.is_some() && self.queue.is_empty() {
            (Rule::FinRetransmitted, self.text_give_up())
        } else {
            (Rule::TextRetransmitted, self.text_give_up())
        };
        out.record(Event::Expired { timer: Timer::Retransmission }, rule);
        self.timers.stop(Timer::LossProbe);
        self.probe = None;
        if self.gives_up(limit, now) {
            self.fail(Event::TimedOut, Rule::GaveUp, out);
            return;
        }
        if self.retransmissions == 0 {
            self.repeating_since = now;
        }
        self.retransmissions += 1;
        if probes {
            // SHLD-30: the interval doubles. RTO stays: no loss has shown it to be too short.
            self.probes = self.probes.saturating_add(1);
            self.timers.set(Timer::Retransmission, now + self.probe_interval());
        } else {
            self.syn_timed_out |= is_syn;
            let is_linear = self.state == State::SynSent
                && self.retransmissions <= self.config.habits.linear_syns;
            if !is_linear {
                // RFC 6298 §5.5: the back-off of MUST-19.
                self.rto.back_off();
                let rto = self.rto.rto();
                out.record(Event::RtoChanged { rto }, Rule::BackedOff);
            }
            self.timers.set(Timer::Retransmission, now + self.rto.rto());
            if is_syn {
                self.lose_what_followed_syn();
            } else {
                self.reduce_after_timeout(self.retransmissions == 1, out);
            }
        }
        self.retransmit_head(rule, now, out);
    }
}
