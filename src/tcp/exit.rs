//! The end of an application: close(2), or the end of its process, gives up both directions
//! (RFC 9293 §3.6.1, MAY-1).

use super::connection::Connection;
use super::habits::GiveUp;
use super::outbox::Outbox;
use super::output::{CloseError, Event, Transmission};
use super::rule::Rule;
use super::segment::{Flags, Segment};
use super::state::State;
use super::timer::Timer;
use crate::time::Instant;

impl Connection {
    /// The application gives up the connection, and will read no more.
    ///
    /// It is a CLOSE, with two differences. Text that it has not read, or that arrives later, is
    /// lost, and the peer is told so by a reset (SHLD-3). And nobody waits for the end of the
    /// connection, so that some stacks bound FIN-WAIT-2.
    pub fn exit(&mut self, now: Instant, out: &mut Outbox) -> Result<(), CloseError> {
        let is_lost = !self.readable.is_empty() && self.config.habits.unread_text_resets;
        match self.state {
            State::Closed => return Err(CloseError::NotOpen),
            State::Listen | State::SynSent => return self.close(now, out),
            State::SynReceived
            | State::Established
            | State::FinWait1
            | State::FinWait2
            | State::CloseWait
            | State::Closing
            | State::LastAck
                if is_lost =>
            {
                // RFC 2525 §2.17: a FIN would pretend that everything was read.
                self.emit_reset(Rule::ExitResets, out);
                self.delete(Rule::ExitResets, out);
                self.readable.clear();
                return Ok(());
            }
            State::SynReceived | State::Established | State::CloseWait if !self.is_closing => {
                self.close(now, out)?;
            }
            State::SynReceived
            | State::Established
            | State::CloseWait
            | State::FinWait1
            | State::FinWait2
            | State::Closing
            | State::LastAck
            | State::TimeWait => {}
        }
        self.user_is_gone = true;
        self.readable.clear();
        self.bound_fin_wait_2(now);
        Ok(())
    }

    /// Whether the application has given up the connection.
    #[must_use]
    pub const fn user_is_gone(&self) -> bool {
        self.user_is_gone
    }

    /// Tells the application, unless it is gone.
    pub(super) fn tell(&self, signal: Event, rule: Rule, out: &mut Outbox) {
        if !self.user_is_gone {
            out.record(signal, rule);
        }
    }

    /// Sends a reset at SND.NXT.
    pub(super) fn emit_reset(&mut self, rule: Rule, out: &mut Outbox) {
        let mut reset = Segment { seq: self.tcb.snd_nxt, flags: Flags::RST, ..Segment::default() };
        if self.config.habits.reset_acknowledges {
            reset.flags |= Flags::ACK;
            reset.ack = self.tcb.rcv_nxt;
        }
        self.emit(reset, rule, out);
    }

    /// Text for an application that is gone is lost: the peer is told by a reset (SHLD-3, and
    /// RFC 2525 §2.17). Returns whether that was the case.
    pub(super) fn refuse_late_text(&mut self, segment: &Segment, out: &mut Outbox) -> bool {
        let waits = matches!(self.state, State::FinWait1 | State::FinWait2);
        let is_late = self.user_is_gone
            && waits
            && !segment.text.is_empty()
            && (segment.end() - u32::from(segment.fin())).after(self.tcb.rcv_nxt);
        if is_late {
            out.record(Event::Discarded, Rule::LateTextResets);
            let at_ack = self.config.habits.late_reset_at_ack;
            let seq = if at_ack { segment.ack } else { self.tcb.snd_nxt };
            let reset = Segment { seq, flags: Flags::RST, ..Segment::default() };
            out.transmit(reset, Transmission::First, Rule::LateTextResets);
            self.delete(Rule::LateTextResets, out);
        }
        is_late
    }

    /// FIN-WAIT-2 has no timer in the RFC: a peer that never closes keeps it for ever. Once the
    /// application is gone, nobody would notice.
    pub(super) fn bound_fin_wait_2(&mut self, now: Instant) {
        if let Some(span) = self.config.habits.fin_wait_2
            && self.state == State::FinWait2
            && self.user_is_gone
        {
            self.timers.set(Timer::FinWait2, now + span);
        }
    }

    /// R2 for text and FIN, which can be less once the application is gone.
    pub(super) fn text_give_up(&self) -> GiveUp {
        let orphaned = self.config.habits.orphan_give_up.filter(|_| self.user_is_gone);
        orphaned.unwrap_or(self.config.give_up)
    }
}
