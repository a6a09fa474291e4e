//! Text and FIN of an arriving segment: in order, or kept until the gap before them is filled
//! (RFC 9293 §3.10.7.4, seventh and eighth).

use super::connection::{AckNeed, Connection};
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::segment::{Segment, Text};
use super::seq::SeqNumber;
use super::state::State;
use crate::time::Instant;

impl Connection {
    /// Seventh: the text, from the sequence number of its first octet.
    pub(super) fn take_text(
        &mut self,
        start: SeqNumber,
        text: &Text,
        now: Instant,
        out: &mut Outbox,
    ) {
        if text.is_empty() {
            return;
        }
        if !self.state.receives_text() {
            ignore(Rule::TextIgnored, out);
            return;
        }
        let nxt = self.tcb.rcv_nxt;
        let end = start + text.len();
        // Trim the part left of the window, then the part right of it or after a known FIN.
        let skip = if start.before(nxt) { nxt.distance_from(start) } else { 0 };
        let edge = self.text_edge();
        let over = if end.after(edge) { end.distance_from(edge) } else { 0 };
        if skip > 0 || over > 0 {
            ignore(Rule::OutsideWindowTrimmed, out);
        }
        if skip > 0 {
            let known = if end.before(nxt) { end } else { nxt };
            self.note_duplicate(start, known);
        }
        if skip.saturating_add(over) >= text.len() {
            if skip > 0 {
                self.hurry_acks();
            }
            self.need = AckNeed::Now(Rule::GapAcknowledged);
            return;
        }
        let octets = &text.octets()[skip as usize..(text.len() - over) as usize];
        if start.after(nxt) {
            let whole = if over == 0 { text.clone() } else { Text::new(octets) };
            self.keep(start, whole, out);
            // MAY-13.
            self.need = AckNeed::Now(Rule::GapAcknowledged);
            return;
        }
        // SHLD-19: at least every second segment. RFC 5681 §4.2: at once if a gap was filled or
        // text was received before.
        let at_once = !self.kept.is_empty() || self.fin_seen.is_some() || skip > 0;
        // MUST-59: all that is now in order, before one ACK of it.
        self.deliver(octets, Rule::TextDelivered, out);
        if at_once {
            self.need = AckNeed::Now(Rule::GapAcknowledged);
        } else {
            self.owe_ack_of_text(now, out);
        }
    }

    /// Counts one more segment of text that is not acknowledged yet.
    fn owe_ack_of_text(&mut self, now: Instant, out: &mut Outbox) {
        if self.config.habits.ack_delay_adapts {
            self.owe_paced_ack();
            return;
        }
        self.unacknowledged_segments = self.unacknowledged_segments.saturating_add(1);
        match self.config.delayed_ack {
            Some(delay) if self.unacknowledged_segments < 2 => self.delay_ack(delay, now, out),
            Some(_) | None => self.need = AckNeed::Now(Rule::TextAcknowledged),
        }
    }

    /// Eighth: the FIN, with sequence number `fin`.
    pub(super) fn take_fin(&mut self, fin: SeqNumber, now: Instant, out: &mut Outbox) {
        if !self.state.receives_text() {
            ignore(Rule::TextIgnored, out);
            return;
        }
        // Like text, a FIN outside the window is trimmed off.
        if !fin.is_within(self.tcb.rcv_nxt, self.tcb.rcv_wnd) {
            ignore(Rule::OutsideWindowTrimmed, out);
            self.need = AckNeed::Now(Rule::GapAcknowledged);
            return;
        }
        if fin == self.tcb.rcv_nxt {
            self.reach_fin(now, out);
            return;
        }
        // The FIN waits for the text before it. A FIN that is already known is not replaced.
        self.need = AckNeed::Now(Rule::GapAcknowledged);
        if self.fin_seen.is_none() {
            self.fin_seen = Some(fin);
            self.note_arrival(fin);
            out.record(Event::Kept { seq: fin, octets: 0 }, Rule::TextKept);
        } else {
            ignore(Rule::AlreadyKept, out);
        }
    }

    /// Delivers kept text, and perhaps a FIN, that is now in order.
    #[inline]
    pub(super) fn take_kept(&mut self, now: Instant, out: &mut Outbox) {
        if !self.kept.is_empty() || self.fin_seen.is_some() {
            self.take_in_order(now, out);
        }
    }

    fn take_in_order(&mut self, now: Instant, out: &mut Outbox) {
        while self.state.receives_text()
            && let Some((start, _)) = self.kept.first()
            && start.at_or_before(self.tcb.rcv_nxt)
        {
            let (start, text) = self.kept.remove(0);
            // A SYN's own text waited for ESTABLISHED, not for a gap to be filled.
            let is_of_syn = start == self.tcb.irs + 1;
            let skip = self.tcb.rcv_nxt.distance_from(start);
            let end = text.len().min(self.text_edge().distance_from(start));
            if skip < end {
                let octets = &text.octets()[skip as usize..end as usize];
                self.deliver(octets, Rule::TextDelivered, out);
                if !is_of_syn {
                    self.need = AckNeed::Now(Rule::GapAcknowledged);
                } else if !matches!(self.need, AckNeed::Now(_)) {
                    self.owe_ack_of_text(now, out);
                }
            }
        }
        if self.state.receives_text() && self.fin_seen == Some(self.tcb.rcv_nxt) {
            self.reach_fin(now, out);
        }
    }

    /// Text or a FIN on a SYN is kept until ESTABLISHED.
    pub(super) fn keep_text_of_syn(&mut self, segment: &Segment, out: &mut Outbox) {
        if self.config.habits.syn_text_is_dropped {
            if segment.fin() || !segment.text.is_empty() {
                ignore(Rule::SynTextDropped, out);
            }
            return;
        }
        let room = self.tcb.rcv_wnd.min(segment.text.len());
        let text = if room == segment.text.len() {
            segment.text.clone()
        } else {
            Text::new(&segment.text.octets()[..room as usize])
        };
        if !text.is_empty() {
            self.keep(segment.seq + 1, text, out);
        }
        if segment.fin() && room == segment.text.len() && room < self.tcb.rcv_wnd {
            self.fin_seen = Some(segment.seq + 1 + room);
        }
    }

    /// The peer's FIN takes effect: RCV.NXT has reached it.
    fn reach_fin(&mut self, now: Instant, out: &mut Outbox) {
        self.fin_seen = Some(self.tcb.rcv_nxt);
        self.kept.clear();
        self.tcb.rcv_nxt += 1;
        self.tcb.rcv_wnd = self.tcb.rcv_wnd.saturating_sub(1);
        let acknowledged = self.fin_is_acknowledged();
        let (to, rule) = match self.state {
            State::FinWait1 if acknowledged => (State::TimeWait, Rule::FinEndsFinWait1),
            State::FinWait1 => (State::Closing, Rule::FinSimultaneous),
            State::FinWait2 => (State::TimeWait, Rule::FinEndsFinWait2),
            State::Closed
            | State::Listen
            | State::SynSent
            | State::SynReceived
            | State::Established
            | State::CloseWait
            | State::Closing
            | State::LastAck
            | State::TimeWait => (State::CloseWait, Rule::FinPassive),
        };
        self.tell(Event::PeerClosed, rule, out);
        if rule == Rule::FinEndsFinWait1 {
            self.tell(Event::CloseCompleted, rule, out);
        }
        self.transition(to, rule, out);
        if to == State::TimeWait {
            self.start_time_wait(rule, now, out);
        }
        let is_passive_close = to == State::CloseWait && !matches!(self.need, AckNeed::Now(_));
        if self.config.habits.ack_delay_adapts && is_passive_close {
            self.expect_answer();
            self.owe_paced_ack();
            return;
        }
        let waits = to == State::CloseWait
            && self.config.delay_ack_of_fin
            && !matches!(self.need, AckNeed::Now(_));
        match self.config.delayed_ack.filter(|_| waits) {
            Some(delay) => self.delay_ack(delay, now, out),
            None => self.need = AckNeed::Now(Rule::FinAcknowledgedToPeer),
        }
    }

    /// The sequence number at which text must end: the window's right edge, or a known FIN before
    /// it.
    fn text_edge(&self) -> SeqNumber {
        let edge = self.tcb.rcv_nxt + self.tcb.rcv_wnd;
        self.fin_seen.filter(|fin| fin.before(edge)).unwrap_or(edge)
    }

    #[cold]
    fn keep(&mut self, start: SeqNumber, text: Text, out: &mut Outbox) {
        let end = start + text.len();
        let known = self
            .kept
            .iter()
            .any(|(seq, kept)| seq.at_or_before(start) && (*seq + kept.len()).at_or_after(end));
        // RFC 9293 §3.10: a segment that overlaps others is trimmed to its new part.
        self.note_arrival(start);
        if known {
            self.note_duplicate(start, end);
        }
        if known || self.kept.len() >= MAX_KEPT {
            let rule = if known { Rule::AlreadyKept } else { Rule::GapAcknowledged };
            ignore(rule, out);
            return;
        }
        let index = self.kept.partition_point(|(seq, _)| seq.at_or_before(start));
        let event = Event::Kept { seq: start, octets: text.len() };
        self.kept.insert(index, (start, text));
        out.record(event, Rule::TextKept);
    }

    fn deliver(&mut self, octets: &[u8], rule: Rule, out: &mut Outbox) {
        let count = u32::try_from(octets.len()).unwrap_or(u32::MAX);
        self.readable.append(octets);
        self.tcb.rcv_nxt += count;
        self.tcb.rcv_wnd = self.tcb.rcv_wnd.saturating_sub(count);
        out.record(Event::Delivered { octets: count }, rule);
    }
}

/// Records that a part of the segment has no effect; the rest is used.
#[cold]
fn ignore(rule: Rule, out: &mut Outbox) {
    out.record(Event::Ignored, rule);
}

/// The most pieces of text kept beyond gaps.
const MAX_KEPT: usize = 1024;
