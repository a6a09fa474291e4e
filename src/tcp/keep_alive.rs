//! Keep-alives (RFC 9293 §3.8.4, MAY-5): an idle connection asks the peer whether it is still
//! there.

use super::connection::Connection;
use super::habits::KeepAlive;
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::segment::{Flags, Options, Segment};
use super::state::State;
use super::timer::Timer;
use crate::time::Instant;

impl Connection {
    /// Starts or stops the keep-alives of a connection that exists, as its options say.
    pub(super) fn watch_idleness(&mut self, now: Instant) {
        match self.config.keep_alive.filter(|_| self.can_be_idle()) {
            Some(times) => {
                self.keeping.unanswered = 0;
                self.timers.set(Timer::KeepAlive, now + times.idle);
            }
            None => self.timers.stop(Timer::KeepAlive),
        }
    }

    /// Sets the keep-alives of this connection (MUST-24), which begin at `now`.
    pub fn set_keep_alive(&mut self, now: Instant, times: Option<KeepAlive>) {
        self.config.keep_alive = times;
        self.watch_idleness(now);
    }

    fn can_be_idle(&self) -> bool {
        self.state.is_synchronized() && self.state != State::TimeWait
    }

    /// The timer expired: nothing was heard for as long as the options say.
    pub(super) fn keep_alive_timeout(&mut self, now: Instant, out: &mut Outbox) {
        let Some(times) = self.config.keep_alive.filter(|_| self.can_be_idle()) else { return };
        // MUST-26: not while anything is in flight or waits; its retransmissions find out.
        if self.tcb.in_flight() > 0 || !self.queue.is_empty() {
            self.timers.set(Timer::KeepAlive, now + times.idle);
            return;
        }
        let rule = Rule::KeepAliveProbed;
        out.record(Event::Expired { timer: Timer::KeepAlive }, rule);
        if self.keeping.unanswered >= times.probes {
            self.emit_reset(Rule::KeepAliveGaveUp, out);
            self.fail(Event::TimedOut, Rule::KeepAliveGaveUp, out);
            return;
        }
        self.keeping.unanswered += 1;
        self.emit_probe(rule, out);
        self.timers.set(Timer::KeepAlive, now + times.interval);
    }

    /// Sends an empty segment at SND.UNA - 1 (SHLD-12). It is outside the peer's window, so
    /// that the peer must answer.
    pub(super) fn emit_probe(&mut self, rule: Rule, out: &mut Outbox) {
        self.slide_window();
        let probe = Segment {
            seq: self.tcb.snd_una - 1,
            ack: self.tcb.rcv_nxt,
            window: self.window_field(false),
            flags: Flags::ACK,
            options: Options {
                timestamps: self.stamps.of_segment(self.tcb.rcv_nxt),
                ..Options::default()
            },
            ..Segment::default()
        };
        self.emit(probe, rule, out);
    }
}
