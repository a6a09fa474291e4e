//! SEGMENT ARRIVES (RFC 9293 §3.10.7), in the RFC's own order of checks.

use super::connection::{AckNeed, Connection};
use super::habits::Checks;
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::sack_recovery::Delivered;
use super::segment::{Flags, Segment, Text};
use super::segment_opens::segment_arrives_closed;
use super::seq::SeqNumber;
use super::state::State;
use super::timer::Timer;
use super::verdict::{Verdict, discard, reset_unknown};
use crate::time::Instant;

impl Connection {
    /// SEGMENT ARRIVES (RFC 9293 §3.10.7): handles a segment of this connection.
    pub fn handle_segment(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) {
        self.last_heard = now;
        self.stamps.arrive(segment, now);
        match self.state {
            State::Closed => segment_arrives_closed(segment, out),
            State::Listen => self.segment_arrives_listen(now, segment, out),
            State::SynSent => self.segment_arrives_syn_sent(now, segment, out),
            State::SynReceived
            | State::Established
            | State::FinWait1
            | State::FinWait2
            | State::CloseWait
            | State::Closing
            | State::LastAck
            | State::TimeWait => self.segment_arrives_otherwise(now, segment, out),
        }
        if self.state != State::Closed {
            self.settle_ack(now, out);
            self.transmit_pending(now, out);
            if self.timers.deadline(Timer::KeepAlive).is_some() {
                self.watch_idleness(now);
            }
        }
    }

    /// §3.10.7.4: all other states.
    fn segment_arrives_otherwise(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) {
        if self.may_reopen(segment) {
            self.reopen(now, segment, out);
            return;
        }
        if self.stamps.is_outdated(segment) {
            discard(Rule::PawsDrops, out);
            if self.may_answer(segment, out) {
                self.emit_ack(Rule::PawsDrops, out);
            }
            return;
        }
        let verdict = match self.config.habits.checks {
            Checks::Rfc => self.check_first_to_fourth(now, segment, out),
            Checks::Linux => self.validate(now, segment, out),
        };
        if let Verdict::Done = verdict {
            return;
        }
        self.stamps.remember(segment);
        // Fifth: the ACK bit.
        let Some(ack) = segment.acknowledgment() else {
            discard(Rule::NoAckDropped, out);
            return;
        };
        if let Verdict::Done = self.check_ack(now, ack, segment, out) {
            return;
        }
        if self.refuse_late_text(segment, out) {
            return;
        }
        // Sixth, urgent: carried, not acted upon. Seventh: the text.
        if segment.seq == self.tcb.rcv_nxt {
            self.pace_text(segment, now);
        }
        let start = segment.seq + u32::from(segment.syn());
        self.take_text(start, &segment.text, now, out);
        // Eighth: the FIN bit.
        if segment.fin() {
            self.take_fin(start + segment.text.len(), now, out);
        }
        self.take_kept(now, out);
        self.acknowledge_crossed_syn(segment);
        // The other half of the fifth check, unless the FIN has already changed the state.
        if self.state == State::FinWait1 && self.fin_is_acknowledged() {
            self.fin_wait_2(now, out);
        }
    }

    /// The first to fourth checks.
    fn check_first_to_fourth(
        &mut self,
        now: Instant,
        segment: &Segment,
        out: &mut Outbox,
    ) -> Verdict {
        // First: the sequence number.
        if let Verdict::Done = self.check_sequence(now, segment, out) {
            return Verdict::Done;
        }
        // Second: the RST bit.
        if segment.rst() {
            self.check_reset(segment, out);
            return Verdict::Done;
        }
        // Third, security: not checked. Fourth: the SYN bit.
        if segment.syn() { self.check_syn(segment.seq, out) } else { Verdict::Continue }
    }

    /// First: is any of the segment in the receive window?
    fn check_sequence(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) -> Verdict {
        let Self { state, tcb, .. } = self;
        // MUST-66 and RFC 5961 §3.2: a reset is checked by its own sequence number alone, with or
        // without text, and even if the window is closed.
        if segment.rst() {
            if segment.seq == tcb.rcv_nxt || segment.seq.is_within(tcb.rcv_nxt, tcb.rcv_wnd) {
                return Verdict::Continue;
            }
            discard(Rule::OutsideWindowDropsReset, out);
            return Verdict::Done;
        }
        let repeats_syn = *state == State::SynReceived && segment.syn() && segment.seq == tcb.irs;
        if repeats_syn {
            match segment.acknowledgment() {
                // The peer's SYN again: the peer has not received our SYN,ACK.
                None => {
                    self.retransmit_head(Rule::SynAckRepeated, now, out);
                    // The SYN,ACK was just sent: its timer starts anew.
                    self.timers.set(Timer::Retransmission, now + self.rto.rto());
                    return Verdict::Done;
                }
                // Figure 7, line 7: the SYN,ACK of a simultaneous open begins at IRS.
                Some(ack)
                    if segment.len() == 1
                        && ack.after(tcb.snd_una)
                        && ack.at_or_before(tcb.snd_nxt) =>
                {
                    return Verdict::Continue;
                }
                Some(_) => {}
            }
        }
        // RFC 5961 §4.2: whatever its sequence number.
        if segment.syn() && self.config.challenge_syn && self.state.is_synchronized() {
            self.challenge(Rule::SynChallenged, out);
            return Verdict::Done;
        }
        if self.is_acceptable(segment) {
            return Verdict::Continue;
        }
        self.refuse(now, segment, out)
    }

    /// First check, for a segment that is outside the window.
    #[cold]
    fn refuse(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) -> Verdict {
        let repeats_fin =
            self.state == State::TimeWait && segment.fin() && segment.end() == self.tcb.rcv_nxt;
        if repeats_fin {
            discard(Rule::FinRestartsTimeWait, out);
            self.start_time_wait(Rule::FinRestartsTimeWait, now, out);
            self.emit_ack(Rule::FinRestartsTimeWait, out);
            return Verdict::Done;
        }
        // A zero window takes no text, but the ACK is processed.
        if self.tcb.rcv_wnd == 0 && segment.seq == self.tcb.rcv_nxt && !segment.syn() {
            discard(Rule::ZeroWindowLooksAtAck, out);
            if let Some(ack) = segment.acknowledgment()
                && self.state != State::TimeWait
            {
                let text_less = Segment {
                    flags: segment.flags.without(Flags::FIN | Flags::PSH),
                    options: segment.options.clone(),
                    text: Text::EMPTY,
                    ..*segment
                };
                if let Verdict::Done = self.check_ack(now, ack, &text_less, out) {
                    return Verdict::Done;
                }
            }
            if self.state != State::Closed {
                self.need = AckNeed::Now(Rule::OutsideWindowAcks);
            }
            return Verdict::Done;
        }
        discard(Rule::OutsideWindowAcks, out);
        if segment.end().at_or_before(self.tcb.rcv_nxt) {
            self.note_duplicate(segment.seq, segment.end());
        }
        self.emit_ack(Rule::OutsideWindowAcks, out);
        Verdict::Done
    }

    /// The four cases of §3.4's acceptability test, except that the right edge is accepted.
    ///
    /// A peer that filled the window sends its empty ACKs at the edge, and one that probes a closed
    /// window one beyond it. By the letter both are dropped and answered with an ACK, and two ends
    /// with full windows answer each other for ever. Like deployed stacks, we accept the edge.
    fn is_acceptable(&self, segment: &Segment) -> bool {
        let (nxt, wnd) = (self.tcb.rcv_nxt, self.tcb.rcv_wnd);
        match (segment.len(), wnd) {
            (0, 0) => segment.seq.is_within(nxt, 2),
            (0, wnd) => segment.seq.is_within(nxt, wnd + 1),
            (_, 0) => false,
            (len, wnd) => {
                segment.seq.is_within(nxt, wnd) || (segment.seq + (len - 1)).is_within(nxt, wnd)
            }
        }
    }

    /// Second: the RST bit, on a segment that is in the window.
    #[cold]
    fn check_reset(&mut self, segment: &Segment, out: &mut Outbox) {
        if self.state == State::TimeWait && self.config.time_wait_ignores_rst {
            discard(Rule::ResetIgnoredInTimeWait, out);
            return;
        }
        // RFC 5961 §3.2: only the exact number resets; any other is answered with a challenge ACK.
        if self.config.challenge_rst && segment.seq != self.tcb.rcv_nxt {
            self.challenge(Rule::ResetChallenged, out);
            return;
        }
        self.take_reset(out);
    }

    /// A reset that is accepted, with text or without (SHLD-2).
    #[cold]
    pub(super) fn take_reset(&mut self, out: &mut Outbox) {
        let is_told = self.config.habits.checks == Checks::Linux;
        match self.state {
            // After a CLOSE the user does not want another connection.
            State::SynReceived if self.is_passive && !self.is_closing => {
                self.return_to_listen(Rule::ResetReturnsToListen, out);
            }
            State::SynReceived if !is_told => self.fail(Event::Refused, Rule::ResetRefuses, out),
            State::SynReceived => self.fail(Event::Reset, Rule::ResetRefuses, out),
            State::Closing | State::LastAck if is_told && !self.user_is_gone => {
                self.fail(Event::Reset, Rule::ResetAborts, out);
            }
            State::Established | State::FinWait1 | State::FinWait2 | State::CloseWait => {
                self.fail(Event::Reset, Rule::ResetAborts, out);
            }
            State::Closing | State::LastAck | State::TimeWait => {
                self.delete(Rule::ResetCloses, out);
            }
            State::Closed | State::Listen | State::SynSent => {}
        }
    }

    /// Fourth: a SYN on a segment that is in the window.
    #[cold]
    pub(super) fn check_syn(&mut self, seq: SeqNumber, out: &mut Outbox) -> Verdict {
        if seq.before(self.tcb.rcv_nxt) {
            if !self.state.is_synchronized() {
                // It repeats the first SYN; the text or FIN after it is new.
                return Verdict::Continue;
            }
            // The SYN itself is outside the window: treated as by the first check.
            discard(Rule::OutsideWindowAcks, out);
            self.emit_ack(Rule::OutsideWindowAcks, out);
        } else if self.state == State::SynReceived && self.is_passive && !self.is_closing {
            discard(Rule::SynReturnsToListen, out);
            self.return_to_listen(Rule::SynReturnsToListen, out);
        } else if self.config.challenge_syn {
            self.challenge(Rule::SynChallenged, out);
        } else {
            discard(Rule::SynResets, out);
            let reset = Segment {
                seq: self.tcb.snd_nxt,
                ack: self.tcb.rcv_nxt,
                flags: Flags::RST | Flags::ACK,
                ..Segment::default()
            };
            self.emit(reset, Rule::SynResets, out);
            self.fail(Event::Reset, Rule::SynResets, out);
        }
        Verdict::Done
    }

    /// Fifth: the ACK bit.
    #[inline]
    fn check_ack(
        &mut self,
        now: Instant,
        ack: SeqNumber,
        segment: &Segment,
        out: &mut Outbox,
    ) -> Verdict {
        if self.state == State::SynReceived {
            // §3.5.2: not synchronized, so an unacceptable ACK is answered with a reset.
            if !(ack.after(self.tcb.snd_una) && ack.at_or_before(self.tcb.snd_nxt)) {
                reset_unknown(segment, Rule::AckResets, out);
                return Verdict::Done;
            }
            self.transition(State::Established, Rule::AckEstablishes, out);
            self.set_window(segment, out);
            self.acknowledge(ack, Rule::AckEstablishes, now, out);
            self.established(now, out);
            return Verdict::Continue;
        }
        // RFC 5961 §5.2 (MAY-12): older than anything that was ever in flight.
        let oldest = self.tcb.snd_una - self.oldest_ack_distance();
        if ack.before(oldest) && self.config.challenge_rst {
            self.challenge(Rule::AckTooOld, out);
            return Verdict::Done;
        }
        if ack.after(self.tcb.snd_nxt) && self.drops_ack_of_unsent() {
            discard(Rule::AckOfUnsent, out);
            return Verdict::Done;
        }
        if ack.after(self.tcb.snd_nxt) {
            self.challenge(Rule::AckOfUnsent, out);
            return Verdict::Done;
        }
        self.take_ack(now, ack, segment, out);
        self.after_ack(now, segment, out)
    }

    /// SND.UNA < SEG.ACK =< SND.NXT, or a duplicate: SND.UNA, SND.WND, and the repair of losses.
    #[inline]
    fn take_ack(&mut self, now: Instant, ack: SeqNumber, segment: &Segment, out: &mut Outbox) {
        let is_new = ack.after(self.tcb.snd_una);
        let known = self.tcb.in_flight().saturating_sub(self.scoreboard.octets());
        self.duplicate_was_reported = false;
        let news = if segment.options.sack.is_empty() || !self.takes_sack {
            0
        } else {
            self.learn_ranges(segment, out)
        };
        if is_new {
            self.acknowledge(ack, Rule::AckAdvances, now, out);
        }
        let is_current = ack.at_or_after(self.tcb.snd_una);
        let probed = self.probes > 0;
        let updates = is_current && self.update_window(now, segment, out);
        let reopened = probed && self.probes == 0;
        if reopened {
            self.repeat_into_open_window(now, out);
        } else if is_new && !self.look_for_spurious_timeout(ack, out) {
            self.repeat_lost(now, out);
        }
        if self.probe.is_some() {
            self.end_probe(ack, is_new || news > 0, out);
        }
        if self.takes_sack && (news > 0 || is_new) && self.tcb.in_flight() > 0 {
            let left = self.tcb.in_flight().saturating_sub(self.scoreboard.octets());
            let octets = known.saturating_sub(left);
            self.recover_with_sack(&Delivered { is_new, news, octets }, now, out);
            if news > 0 && !is_new {
                self.confirm_timeout(now, out);
            }
        } else if !is_new && !updates && segment.is_empty() && self.state != State::TimeWait {
            if !self.takes_sack && self.is_duplicate_ack(segment) {
                self.count_duplicate_ack(now, out);
                self.confirm_timeout(now, out);
            } else {
                out.record(Event::Ignored, Rule::AckDuplicate);
            }
        }
        if self.config.tail_loss_probe && (is_new || news > 0) {
            self.schedule_probe(now);
        }
    }

    /// The fifth check's special cases, by state.
    fn after_ack(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) -> Verdict {
        match self.state {
            // If the segment has a FIN, the eighth check decides: Figure 5, note 2.
            State::FinWait1 if self.fin_is_acknowledged() && !segment.fin() => {
                self.fin_wait_2(now, out);
                Verdict::Continue
            }
            State::Closing => {
                if self.fin_is_acknowledged() {
                    self.tell(Event::CloseCompleted, Rule::ClosingAcknowledged, out);
                    self.transition(State::TimeWait, Rule::ClosingAcknowledged, out);
                    self.start_time_wait(Rule::ClosingAcknowledged, now, out);
                }
                if !segment.is_empty() {
                    out.record(Event::Ignored, Rule::TextIgnored);
                }
                Verdict::Done
            }
            State::LastAck if self.fin_is_acknowledged() => {
                self.tell(Event::CloseCompleted, Rule::LastAckAcknowledged, out);
                self.delete(Rule::LastAckAcknowledged, out);
                Verdict::Done
            }
            State::TimeWait => {
                if segment.is_empty() && segment.seq == self.tcb.rcv_nxt {
                    out.record(Event::Ignored, Rule::TimeWaitIgnores);
                } else {
                    discard(Rule::TimeWaitAcks, out);
                    self.need = AckNeed::Now(Rule::TimeWaitAcks);
                }
                Verdict::Done
            }
            State::Closed
            | State::Listen
            | State::SynSent
            | State::SynReceived
            | State::Established
            | State::FinWait1
            | State::FinWait2
            | State::CloseWait
            | State::LastAck => Verdict::Continue,
        }
    }

    fn fin_wait_2(&mut self, now: Instant, out: &mut Outbox) {
        self.tell(Event::CloseCompleted, Rule::FinAcknowledged, out);
        self.transition(State::FinWait2, Rule::FinAcknowledged, out);
        self.bound_fin_wait_2(now);
    }

    pub(super) fn start_time_wait(&mut self, rule: Rule, now: Instant, out: &mut Outbox) {
        let until = now + self.config.time_wait;
        self.timers.stop_all();
        self.timers.set(Timer::TimeWait, until);
        out.record(Event::TimeWaitStarted { until }, rule);
    }

    /// Drops the segment, and answers with an ACK: A(SND.NXT, RCV.NXT).
    #[cold]
    pub(super) fn challenge(&mut self, rule: Rule, out: &mut Outbox) {
        discard(rule, out);
        if self.may_challenge(out) {
            self.emit_ack(rule, out);
        }
    }
}
