//! Windows too small for a segment, and small segments: what Linux does differently.

use super::connection::Connection;
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::state::State;
use super::timer::Timer;
use crate::time::Instant;

impl Connection {
    /// Probes a closed window with an empty segment. The persist timer goes on, since nothing is in
    /// flight.
    pub(super) fn probe_empty(&mut self, rule: Rule, now: Instant, out: &mut Outbox) {
        if self.retransmissions == 0 {
            self.waiting_since = now;
            self.repeating_since = now;
        } else if self.gives_up(self.text_give_up(), now) {
            self.fail(Event::TimedOut, Rule::GaveUp, out);
            return;
        }
        self.retransmissions += 1;
        self.emit_probe(rule, out);
        self.probes = self.probes.saturating_add(1);
        self.timers.set(Timer::Persist, now + self.probe_interval());
    }

    /// The peer has answered, and its window is still closed: the next probe is a whole interval
    /// away.
    pub(super) fn postpone_probe(&mut self, now: Instant) {
        if self.config.habits.probes_are_empty
            && self.timers.deadline(Timer::Persist).is_some()
            && self.tcb.in_flight() == 0
        {
            self.retransmissions = 0;
            self.timers.set(Timer::Persist, now + self.probe_interval());
        }
    }

    /// Sends what an option held back that is now off.
    pub fn flush(&mut self, now: Instant, out: &mut Outbox) {
        if self.state != State::Closed {
            self.transmit_pending(now, out);
        }
    }

    /// Whether Nagle's algorithm lets a segment that is not full leave.
    pub(super) fn nagle_allows(&self) -> bool {
        if self.config.corked {
            return false;
        }
        if !self.config.nagle || self.sent_octets() == 0 {
            return true;
        }
        self.config.habits.nagle_minds_small_only
            && self.small_end.is_none_or(|end| end.at_or_before(self.tcb.snd_una))
    }
}
