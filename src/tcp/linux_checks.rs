//! The checks of an arriving segment as Linux makes them, where they differ from RFC 9293's:
//! `tcp_validate_incoming` (`net/ipv4/tcp_input.c`), `tcp_check_req` and
//! `tcp_timewait_state_process` (`net/ipv4/tcp_minisocks.c`).

use super::connection::{AckNeed, Connection};
use super::habits::Checks;
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::segment::Segment;
use super::seq::SeqNumber;
use super::state::State;
use super::timer::Timer;
use super::verdict::{Verdict, discard, reset_unknown};
use crate::time::Instant;

impl Connection {
    /// The first to fourth checks.
    pub(super) fn validate(
        &mut self,
        now: Instant,
        segment: &Segment,
        out: &mut Outbox,
    ) -> Verdict {
        let is_forgotten = self.state == State::FinWait2 && self.user_is_gone;
        match self.state {
            State::SynReceived if self.is_passive && !self.is_closing => {
                return self.check_half_open(now, segment, out);
            }
            State::FinWait2 if is_forgotten => return self.check_fin_wait_2(segment, out),
            State::TimeWait => return self.check_time_wait(now, segment, out),
            _ => {}
        }
        if segment.acknowledgment().is_none() && !segment.rst() && !segment.syn() {
            discard(Rule::NoAckDropped, out);
            return Verdict::Done;
        }
        if !self.is_in_sequence(segment) {
            self.refuse_out_of_sequence(segment, out);
            return Verdict::Done;
        }
        if segment.rst() {
            let is_exact = segment.seq == self.tcb.rcv_nxt || self.repeats_reset(segment);
            if is_exact || !self.config.challenge_rst {
                self.take_reset(out);
            } else {
                self.challenge(Rule::ResetChallenged, out);
            }
            return Verdict::Done;
        }
        if !segment.syn() {
            return Verdict::Continue;
        }
        let crosses = self.state == State::SynReceived
            && segment.acknowledgment() == Some(self.tcb.snd_nxt)
            && segment.len() == 1
            && segment.end() == self.tcb.rcv_nxt;
        if crosses {
            return Verdict::Continue;
        }
        if self.config.challenge_syn {
            self.challenge(Rule::SynChallenged, out);
            return Verdict::Done;
        }
        self.check_syn(segment.seq, out)
    }

    /// `tcp_sequence`: the end must not be left of what was acknowledged last, and the beginning
    /// not right of the window.
    fn is_in_sequence(&self, segment: &Segment) -> bool {
        let edge = self.tcb.rcv_nxt + self.tcb.rcv_wnd;
        !segment.end().before(self.pacing.acknowledged) && !segment.seq.after(edge)
    }

    fn refuse_out_of_sequence(&mut self, segment: &Segment, out: &mut Outbox) {
        if segment.rst() {
            if self.repeats_reset(segment) {
                self.take_reset(out);
            } else {
                discard(Rule::OutsideWindowDropsReset, out);
            }
        } else if segment.syn() {
            self.challenge(Rule::SynChallenged, out);
        } else {
            self.answer_outside_window(segment, out);
        }
    }

    /// A segment that is not in the window of a request or of a connection that nobody uses.
    fn refuse_outside_window(&mut self, segment: &Segment, out: &mut Outbox) -> Verdict {
        if segment.rst() {
            discard(Rule::OutsideWindowDropsReset, out);
        } else {
            self.answer_outside_window(segment, out);
        }
        Verdict::Done
    }

    /// Drops a segment outside the window, and says what is expected.
    fn answer_outside_window(&mut self, segment: &Segment, out: &mut Outbox) {
        discard(Rule::OutsideWindowAcks, out);
        if !segment.is_empty() && segment.seq.before(self.tcb.rcv_nxt) {
            self.hurry_acks();
        }
        if segment.end().at_or_before(self.tcb.rcv_nxt) {
            self.note_duplicate(segment.seq, segment.end());
        }
        if self.may_answer(segment, out) {
            self.emit_ack(Rule::OutsideWindowAcks, out);
        }
    }

    /// A peer that forgot the connection right after its FIN resets at the FIN's own number.
    fn repeats_reset(&self, segment: &Segment) -> bool {
        matches!(self.state, State::CloseWait | State::LastAck | State::Closing)
            && segment.seq == self.tcb.rcv_nxt - 1
    }

    /// SYN-RECEIVED after a passive OPEN: there is no socket yet, only a request, which is dropped
    /// on any doubt.
    fn check_half_open(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) -> Verdict {
        let ack = segment.acknowledgment();
        let repeats_syn = segment.seq == self.tcb.irs && segment.syn();
        if repeats_syn && ack.is_none() && !segment.rst() {
            if self.may_answer(segment, out) {
                self.retransmit_head(Rule::SynAckRepeated, now, out);
                self.timers.set(Timer::Retransmission, now + self.rto.rto());
            }
            return Verdict::Done;
        }
        if ack.is_some_and(|ack| ack != self.tcb.snd_nxt) {
            if segment.rst() {
                discard(Rule::OutsideWindowDropsReset, out);
            } else {
                reset_unknown(segment, Rule::AckResets, out);
            }
            return Verdict::Done;
        }
        if !is_in_window(segment, self.tcb.rcv_nxt, self.tcb.rcv_wnd) {
            return self.refuse_outside_window(segment, out);
        }
        if segment.rst() {
            self.return_to_listen(Rule::ResetReturnsToListen, out);
            return Verdict::Done;
        }
        if segment.syn() && !repeats_syn {
            reset_unknown(segment, Rule::SynReturnsToListen, out);
            self.return_to_listen(Rule::SynReturnsToListen, out);
            return Verdict::Done;
        }
        if ack.is_none() {
            discard(Rule::NoAckDropped, out);
            return Verdict::Done;
        }
        Verdict::Continue
    }

    /// FIN-WAIT-2 of an application that is gone: all but a FIN in order, and ACKs, ends it.
    fn check_fin_wait_2(&mut self, segment: &Segment, out: &mut Outbox) -> Verdict {
        if !is_in_window(segment, self.tcb.rcv_nxt, self.tcb.rcv_wnd) {
            return self.refuse_outside_window(segment, out);
        }
        if segment.rst() {
            self.take_reset(out);
            return Verdict::Done;
        }
        if segment.syn() && segment.seq.at_or_after(self.tcb.rcv_nxt) {
            reset_unknown(segment, Rule::SynResets, out);
            self.delete(Rule::SynResets, out);
            return Verdict::Done;
        }
        let is_new = segment.end().after(self.tcb.rcv_nxt) && !segment.is_empty();
        if segment.acknowledgment().is_none() || !is_new {
            out.record(Event::Ignored, Rule::AckDuplicate);
            return Verdict::Done;
        }
        if !segment.fin() || segment.end() != self.tcb.rcv_nxt + 1 {
            reset_unknown(segment, Rule::LateTextResets, out);
            self.delete(Rule::LateTextResets, out);
            return Verdict::Done;
        }
        Verdict::Continue
    }

    /// TIME-WAIT: only a reset at RCV.NXT, a bare ACK there and a new SYN are told from the rest.
    fn check_time_wait(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) -> Verdict {
        let is_at_edge = segment.seq == self.tcb.rcv_nxt;
        if is_at_edge && segment.rst() {
            if self.config.time_wait_ignores_rst {
                discard(Rule::ResetIgnoredInTimeWait, out);
            } else {
                self.take_reset(out);
            }
        } else if segment.rst() {
            discard(Rule::OutsideWindowDropsReset, out);
        } else if is_at_edge && segment.is_empty() {
            out.record(Event::Ignored, Rule::TimeWaitIgnores);
            self.start_time_wait(Rule::TimeWaitIgnores, now, out);
        } else {
            let repeats_fin = segment.fin() && segment.end() == self.tcb.rcv_nxt;
            let rule = if repeats_fin { Rule::FinRestartsTimeWait } else { Rule::TimeWaitAcks };
            discard(rule, out);
            // A SYN without an ACK may be a new one with an unlucky number.
            if segment.acknowledgment().is_some() {
                self.start_time_wait(rule, now, out);
            }
            if self.may_answer(segment, out) {
                self.emit_ack(rule, out);
            }
        }
        Verdict::Done
    }

    /// How far left of SND.UNA an ACK may be: Linux also counts what was ever acknowledged.
    pub(super) fn oldest_ack_distance(&self) -> u32 {
        let widest = self.tcb.max_snd_wnd;
        match self.config.habits.checks {
            Checks::Rfc => widest,
            // The SYN does not count where it was acknowledged before there was a socket.
            Checks::Linux => {
                widest.min(self.octets_acknowledged.saturating_sub(u32::from(self.is_passive)))
            }
        }
    }

    /// Whether an ACK of something not yet sent is dropped without an answer.
    pub(super) fn drops_ack_of_unsent(&self) -> bool {
        self.config.habits.checks == Checks::Linux && self.state == State::Established
    }

    /// The SYN,ACK of a simultaneous open repeats the peer's SYN, and old numbers are acknowledged
    /// at once.
    pub(super) fn acknowledge_crossed_syn(&mut self, segment: &Segment) {
        let habits = &self.config.habits;
        if habits.crossed_syn_ack_is_acknowledged && segment.syn() && !self.is_passive {
            self.hurry_acks();
            self.need = AckNeed::Now(Rule::CrossedSynAcknowledged);
        }
    }
}

/// `tcp_in_window`.
fn is_in_window(segment: &Segment, nxt: SeqNumber, wnd: u32) -> bool {
    let (seq, end, edge) = (segment.seq, segment.end(), nxt + wnd);
    seq == nxt || (end.after(nxt) && seq.before(edge)) || (seq == edge && seq == end)
}
