//! The user's calls (RFC 9293 §3.10.1-6), each with its table of states.

use super::connection::{AckNeed, Connection};
use super::outbox::Outbox;
use super::output::{AbortError, CloseError, Event, OpenError, ReceiveError, SendError};
use super::rule::Rule;
use super::segment::Text;
use super::state::State;
use crate::time::Instant;

impl Connection {
    /// Passive OPEN (RFC 9293 §3.10.1): enters LISTEN and waits for a SYN.
    pub fn open_passive(&mut self, _now: Instant, out: &mut Outbox) -> Result<(), OpenError> {
        if self.state != State::Closed {
            return Err(OpenError::AlreadyExists);
        }
        self.readable.clear();
        self.is_passive = true;
        self.transition(State::Listen, Rule::OpenPassive, out);
        Ok(())
    }

    /// Active OPEN (RFC 9293 §3.10.1): sends a SYN, also from LISTEN (MUST-41).
    pub fn open_active(&mut self, now: Instant, out: &mut Outbox) -> Result<(), OpenError> {
        self.stamps.tick(now);
        if !matches!(self.state, State::Closed | State::Listen) {
            return Err(OpenError::AlreadyExists);
        }
        self.readable.clear();
        self.connect(now, Rule::OpenActive, out);
        Ok(())
    }

    /// SEND (RFC 9293 §3.10.2): queues `text`, all of it or nothing.
    pub fn send(&mut self, now: Instant, text: &[u8], out: &mut Outbox) -> Result<(), SendError> {
        self.stamps.tick(now);
        let rule = match self.state {
            State::Closed => return Err(SendError::NotOpen),
            State::Listen | State::SynSent | State::SynReceived => Rule::SendQueues,
            State::Established | State::CloseWait => Rule::SendTakes,
            State::FinWait1
            | State::FinWait2
            | State::Closing
            | State::LastAck
            | State::TimeWait => return Err(SendError::Closing),
        };
        if self.is_closing {
            return Err(SendError::Closing);
        }
        if self.queue.len() + text.len() > self.config.send_buffer as usize {
            return Err(SendError::NoRoom);
        }
        if text.is_empty() {
            return Ok(());
        }
        let octets = u32::try_from(text.len()).unwrap_or(u32::MAX);
        out.record(Event::Queued { octets }, rule);
        if self.state == State::Listen {
            self.connect(now, Rule::SendOpens, out);
        }
        self.queue.append(text);
        self.transmit_pending(now, out);
        Ok(())
    }

    /// RECEIVE (RFC 9293 §3.10.3): takes up to `max` bytes; the result is empty if none arrived
    /// yet.
    ///
    /// Text that arrived before the peer's FIN can be read in every state.
    pub fn receive(
        &mut self,
        now: Instant,
        max: usize,
        out: &mut Outbox,
    ) -> Result<Text, ReceiveError> {
        self.receive_with(now, max, out, Text::new)
    }

    /// RECEIVE without a copy: passes the bytes to `take`, and returns its result.
    pub fn receive_with<R>(
        &mut self,
        now: Instant,
        max: usize,
        out: &mut Outbox,
        take: impl FnOnce(&[u8]) -> R,
    ) -> Result<R, ReceiveError> {
        if self.readable.is_empty() {
            return match self.state {
                State::Closed => Err(ReceiveError::NotOpen),
                State::Listen
                | State::SynSent
                | State::SynReceived
                | State::Established
                | State::FinWait1
                | State::FinWait2 => Ok(take(&[])),
                State::CloseWait | State::Closing | State::LastAck | State::TimeWait => {
                    Err(ReceiveError::Closing)
                }
            };
        }
        let count = self.readable.len().min(max);
        if count == 0 {
            return Ok(take(&[]));
        }
        self.stamps.tick(now);
        let result = take(&self.readable.octets()[..count]);
        self.readable.take(count);
        let octets = u32::try_from(count).unwrap_or(u32::MAX);
        out.record(Event::Read { octets }, Rule::ReceiveDelivers);
        self.ack_after_read();
        self.announce_window(now, out);
        Ok(result)
    }

    /// Resizes the receive buffer, in bytes. A smaller one takes back window that was announced,
    /// which a receiver should not do (RFC 9293 §3.8.6, SHLD-14): text in flight may find no room
    /// and is retransmitted. The peer must cope with it (MUST-34), also with a window that stays
    /// closed (MAY-8).
    pub fn set_receive_buffer(&mut self, now: Instant, octets: u32, out: &mut Outbox) {
        self.stamps.tick(now);
        self.config.receive_buffer = octets;
        let room = self.room();
        if room >= self.tcb.rcv_wnd {
            self.announce_window(now, out);
        } else if self.state.receives_text() {
            self.tcb.rcv_wnd = room;
            self.need = AckNeed::Now(Rule::WindowShrunk);
            self.transmit_pending(now, out);
        } else if matches!(self.state, State::SynSent | State::SynReceived) {
            // The next segment announces it.
            self.tcb.rcv_wnd = room;
        }
    }

    /// The bytes that [`receive`](Self::receive) would deliver, without removing them.
    #[must_use]
    pub fn peek(&self, max: usize) -> &[u8] {
        let count = self.readable.len().min(max);
        &self.readable.octets()[..count]
    }

    /// CLOSE (RFC 9293 §3.10.4): no more to send. Receiving goes on until the peer's FIN.
    pub fn close(&mut self, now: Instant, out: &mut Outbox) -> Result<(), CloseError> {
        self.stamps.tick(now);
        match self.state {
            State::Closed => Err(CloseError::NotOpen),
            // The peer knows of no connection yet: the TCB is deleted, nothing is sent.
            State::Listen | State::SynSent => {
                self.delete(Rule::CloseDeletes, out);
                Ok(())
            }
            // Queued text must wait for ESTABLISHED; without any the FIN can be sent at once.
            State::SynReceived if self.is_closing => Err(CloseError::Closing),
            State::SynReceived if !self.queue.is_empty() => {
                self.is_closing = true;
                out.record(Event::CloseWaits, Rule::CloseDeferred);
                Ok(())
            }
            State::SynReceived | State::Established => {
                self.close_into(State::FinWait1, now, out);
                Ok(())
            }
            // The peer closed first: our FIN is the last.
            State::CloseWait => {
                self.close_into(State::LastAck, now, out);
                Ok(())
            }
            // A FIN was sent already.
            State::FinWait1
            | State::FinWait2
            | State::Closing
            | State::LastAck
            | State::TimeWait => Err(CloseError::Closing),
        }
    }

    /// ABORT (RFC 9293 §3.10.5): flushes both queues, and resets the peer.
    pub fn abort(&mut self, _now: Instant, out: &mut Outbox) -> Result<(), AbortError> {
        match self.state {
            State::Closed => return Err(AbortError::NotOpen),
            State::SynReceived
            | State::Established
            | State::FinWait1
            | State::FinWait2
            | State::CloseWait => {
                self.emit_reset(Rule::AbortResets, out);
                self.delete(Rule::AbortResets, out);
            }
            State::Listen | State::SynSent | State::Closing | State::LastAck | State::TimeWait => {
                self.delete(Rule::AbortDeletes, out);
            }
        }
        self.readable.clear();
        Ok(())
    }

    /// Sends the first SYN.
    fn connect(&mut self, now: Instant, rule: Rule, out: &mut Outbox) {
        self.begin(false);
        self.transition(State::SynSent, rule, out);
        self.emit_syn(now, rule, out);
    }

    /// Changes the state at once; the FIN follows the queued text.
    pub(super) fn close_into(&mut self, to: State, now: Instant, out: &mut Outbox) {
        self.is_closing = true;
        let waits = self.unsent_octets() > 0;
        let rule = if waits { Rule::CloseQueued } else { Rule::CloseSendsFin };
        self.transition(to, rule, out);
        self.transmit_pending(now, out);
        if self.fin_sent.is_none() {
            out.record(Event::CloseWaits, Rule::CloseQueued);
        }
    }
}
