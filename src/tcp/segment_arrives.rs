//! SEGMENT ARRIVES (RFC 9293 §3.10.7), in the RFC's own order of checks.

use super::connection::{AckNeed, Connection};
use super::output::{Event, Outbox, Output};
use super::rule::Rule;
use super::segment::{Flags, Segment, Text};
use super::seq::SeqNumber;
use super::state::State;
use super::timer::Timer;
use crate::time::Instant;

/// What a check decided.
enum Verdict {
    /// Go on with the next check.
    Continue,
    /// The segment is done with.
    Done,
}

impl Connection {
    /// SEGMENT ARRIVES (RFC 9293 §3.10.7): a segment of this connection came in.
    pub fn handle_segment(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) {
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
            self.transmit_pending(now, out);
        }
    }

    /// §3.10.7.2: LISTEN.
    fn segment_arrives_listen(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) {
        // First: a reset. It cannot be meant for anything sent from here.
        if segment.rst() {
            discard(Rule::ListenIgnoresReset, out);
            return;
        }
        // Second: any acknowledgment is of something never sent.
        if segment.acknowledgment().is_some() {
            reset_unknown(segment, Rule::ListenResetsAck, out);
            return;
        }
        // Fourth: other controls or text cannot arrive, and are dropped.
        if !segment.syn() {
            discard(Rule::ListenDrops, out);
            return;
        }
        if segment.fin() && self.config.drop_syn_fin {
            discard(Rule::SynFinDropped, out);
            return;
        }
        // Third: a SYN. Security is not checked.
        self.begin(true);
        self.accept_syn(segment);
        self.keep_text_of_syn(segment, out);
        self.transition(State::SynReceived, Rule::ListenSyn, out);
        self.emit_syn(now, Rule::ListenSyn, out);
    }

    /// §3.10.7.3: SYN-SENT.
    fn segment_arrives_syn_sent(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) {
        // First: the ACK bit.
        let ack = segment.acknowledgment();
        if let Some(ack) = ack
            && (ack.at_or_before(self.tcb.iss) || ack.after(self.tcb.snd_nxt))
        {
            if segment.rst() {
                discard(Rule::SynSentDropsReset, out);
            } else {
                reset_unknown(segment, Rule::SynSentBadAckResets, out);
            }
            return;
        }
        // Second: the RST bit. RCV.NXT is not known yet, so the ACK alone vouches for it.
        if segment.rst() {
            if ack.is_some() {
                self.fail(Event::Refused, Rule::SynSentRefused, out);
            } else {
                discard(Rule::SynSentDropsReset, out);
            }
            return;
        }
        // Fifth: neither SYN nor RST.
        if !segment.syn() {
            discard(Rule::SynSentDrops, out);
            return;
        }
        if segment.fin() && self.config.drop_syn_fin {
            discard(Rule::SynFinDropped, out);
            return;
        }
        // Fourth: the SYN bit.
        self.accept_syn(segment);
        if let Some(ack) = ack {
            self.transition(State::Established, Rule::SynSentEstablishes, out);
            self.acknowledge(ack, Rule::SynSentEstablishes, now, out);
            self.established(now, out);
            self.need = AckNeed::Now(Rule::SynSentEstablishes);
            self.keep_text_of_syn(segment, out);
            self.take_kept(now, out);
        } else {
            self.transition(State::SynReceived, Rule::SynSentSimultaneous, out);
            self.emit_syn(now, Rule::SynSentSimultaneous, out);
            self.keep_text_of_syn(segment, out);
        }
    }

    /// §3.10.7.4: all other states.
    fn segment_arrives_otherwise(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) {
        // First: the sequence number.
        if let Verdict::Done = self.check_sequence(now, segment, out) {
            return;
        }
        // Second: the RST bit.
        if segment.rst() {
            self.check_reset(segment, out);
            return;
        }
        // Third, security: not checked. Fourth: the SYN bit.
        if segment.syn()
            && segment.seq.at_or_after(self.tcb.rcv_nxt)
            && let Verdict::Done = self.check_syn(out)
        {
            return;
        }
        // Fifth: the ACK bit.
        let Some(ack) = segment.acknowledgment() else {
            discard(Rule::NoAckDropped, out);
            return;
        };
        if let Verdict::Done = self.check_ack(now, ack, segment, out) {
            return;
        }
        // Sixth, urgent: carried, not acted upon. Seventh: the text.
        let start = segment.seq + u32::from(segment.syn());
        self.take_text(start, &segment.text, now, out);
        // Eighth: the FIN bit.
        if segment.fin() {
            self.take_fin(start + segment.text.len(), now, out);
        }
        self.take_kept(now, out);
        // The other half of the fifth check, where the FIN did not decide otherwise.
        if self.state == State::FinWait1 && self.fin_is_acknowledged() {
            self.fin_wait_2(out);
        }
    }

    /// First: is any of the segment in the receive window?
    fn check_sequence(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) -> Verdict {
        let Self { state, tcb, .. } = self;
        let repeats_syn = *state == State::SynReceived
            && segment.syn()
            && !segment.rst()
            && segment.seq == tcb.irs;
        if repeats_syn {
            match segment.acknowledgment() {
                // The peer's SYN again: its sender has not seen our SYN,ACK.
                None => {
                    self.retransmit_head(now, Rule::SynAckRepeated, out);
                    // It was sent just now: its timer starts anew.
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
        let challenged = segment.syn() && !segment.rst() && self.config.challenge_syn;
        if challenged && self.state.is_synchronized() {
            self.challenge(Rule::SynChallenged, out);
            return Verdict::Done;
        }
        if self.is_acceptable(segment) {
            return Verdict::Continue;
        }
        if segment.rst() {
            discard(Rule::OutsideWindowDropsReset, out);
            return Verdict::Done;
        }
        let repeats_fin =
            self.state == State::TimeWait && segment.fin() && segment.end() == self.tcb.rcv_nxt;
        if repeats_fin {
            discard(Rule::FinRestartsTimeWait, out);
            self.start_time_wait(Rule::FinRestartsTimeWait, now, out);
            self.emit_ack(Rule::FinRestartsTimeWait, out);
            return Verdict::Done;
        }
        // MUST-66: a zero window takes no text, but its ACK is looked at.
        if self.tcb.rcv_wnd == 0 && segment.seq == self.tcb.rcv_nxt {
            discard(Rule::ZeroWindowLooksAtAck, out);
            if let Some(ack) = segment.acknowledgment()
                && self.state != State::SynReceived
            {
                let text_less = Segment {
                    flags: segment.flags.without(Flags::FIN | Flags::PSH),
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
        self.emit_ack(Rule::OutsideWindowAcks, out);
        Verdict::Done
    }

    /// The four cases of §3.4's acceptability test.
    fn is_acceptable(&self, segment: &Segment) -> bool {
        let (nxt, wnd) = (self.tcb.rcv_nxt, self.tcb.rcv_wnd);
        match (segment.len(), wnd) {
            (0, 0) => segment.seq == nxt,
            (0, wnd) => segment.seq.is_within(nxt, wnd),
            (_, 0) => false,
            (len, wnd) => {
                segment.seq.is_within(nxt, wnd) || (segment.seq + (len - 1)).is_within(nxt, wnd)
            }
        }
    }

    /// Second: the RST bit, on a segment that is in the window.
    fn check_reset(&mut self, segment: &Segment, out: &mut Outbox) {
        if self.state == State::TimeWait && self.config.time_wait_ignores_rst {
            discard(Rule::ResetIgnoredInTimeWait, out);
            return;
        }
        // RFC 5961 §3.2: only the exact number resets; anything else must prove itself.
        if self.config.challenge_rst && segment.seq != self.tcb.rcv_nxt {
            self.challenge(Rule::ResetChallenged, out);
            return;
        }
        match self.state {
            State::SynReceived if self.is_passive => {
                self.return_to_listen(Rule::ResetReturnsToListen, out);
            }
            State::SynReceived => self.fail(Event::Refused, Rule::ResetRefuses, out),
            State::Established | State::FinWait1 | State::FinWait2 | State::CloseWait => {
                self.fail(Event::Reset, Rule::ResetAborts, out);
            }
            State::Closing | State::LastAck | State::TimeWait => {
                self.delete(Rule::ResetCloses, out);
            }
            State::Closed | State::Listen | State::SynSent => {}
        }
    }

    /// Fourth: a SYN in the window.
    fn check_syn(&mut self, out: &mut Outbox) -> Verdict {
        if self.state == State::SynReceived && self.is_passive {
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
        let oldest = self.tcb.snd_una - self.tcb.max_snd_wnd;
        if ack.before(oldest) && self.config.challenge_rst {
            self.challenge(Rule::AckTooOld, out);
            return Verdict::Done;
        }
        if ack.after(self.tcb.snd_nxt) {
            self.challenge(Rule::AckOfUnsent, out);
            return Verdict::Done;
        }
        let is_new = ack.after(self.tcb.snd_una);
        if is_new {
            self.acknowledge(ack, Rule::AckAdvances, now, out);
        }
        let is_current = ack.at_or_after(self.tcb.snd_una);
        let updates = is_current && self.update_window(now, segment, out);
        if !is_new && !updates && segment.is_empty() && self.state != State::TimeWait {
            out.push(Output::Event(Event::Ignored, Rule::AckDuplicate));
        }
        self.after_ack(now, segment, out)
    }

    /// The fifth check's special cases, by state.
    fn after_ack(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) -> Verdict {
        match self.state {
            // Where a FIN comes along, the eighth check decides: Figure 5, note 2.
            State::FinWait1 if self.fin_is_acknowledged() && !segment.fin() => {
                self.fin_wait_2(out);
                Verdict::Continue
            }
            State::Closing => {
                if self.fin_is_acknowledged() {
                    out.push(Output::Event(Event::CloseCompleted, Rule::ClosingAcknowledged));
                    self.transition(State::TimeWait, Rule::ClosingAcknowledged, out);
                    self.start_time_wait(Rule::ClosingAcknowledged, now, out);
                }
                Verdict::Done
            }
            State::LastAck if self.fin_is_acknowledged() => {
                out.push(Output::Event(Event::CloseCompleted, Rule::LastAckAcknowledged));
                self.delete(Rule::LastAckAcknowledged, out);
                Verdict::Done
            }
            State::TimeWait => {
                if segment.is_empty() && segment.seq == self.tcb.rcv_nxt {
                    out.push(Output::Event(Event::Ignored, Rule::TimeWaitIgnores));
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

    /// Seventh: the text, from the sequence number of its first octet.
    fn take_text(&mut self, start: SeqNumber, text: &Text, now: Instant, out: &mut Outbox) {
        if text.is_empty() {
            return;
        }
        if !self.state.receives_text() {
            out.push(Output::Event(Event::Ignored, Rule::TextIgnored));
            return;
        }
        let nxt = self.tcb.rcv_nxt;
        let end = start + text.len();
        // Trim what is left of the window, then what is right of it.
        let skip = if start.before(nxt) { nxt.distance_from(start) } else { 0 };
        let edge = nxt + self.tcb.rcv_wnd;
        let over = if end.after(edge) { end.distance_from(edge) } else { 0 };
        if skip + over >= text.len() {
            self.need = AckNeed::Now(Rule::GapAcknowledged);
            return;
        }
        let octets = &text.octets()[skip as usize..(text.len() - over) as usize];
        if start.after(nxt) {
            let whole = if over == 0 { text.clone() } else { Text::new(octets) };
            self.keep(start, whole, out);
            self.need = AckNeed::Now(Rule::GapAcknowledged);
            return;
        }
        let fills_gap = !self.kept.is_empty();
        self.deliver(octets, Rule::TextDelivered, out);
        // RFC 9293 §3.8.6.3: at least every second segment; a gap or a duplicate at once.
        let at_once = fills_gap || skip > 0;
        self.unacknowledged_segments = self.unacknowledged_segments.saturating_add(1);
        match self.config.delayed_ack {
            _ if at_once => self.need = AckNeed::Now(Rule::GapAcknowledged),
            Some(delay) if self.unacknowledged_segments < 2 => self.delay_ack(delay, now, out),
            Some(_) | None => self.need = AckNeed::Now(Rule::TextAcknowledged),
        }
    }

    /// Eighth: the FIN, which stands at `fin`.
    fn take_fin(&mut self, fin: SeqNumber, now: Instant, out: &mut Outbox) {
        // Trimmed as text is: a FIN outside the window does not exist.
        let is_in_window = fin.is_within(self.tcb.rcv_nxt, self.tcb.rcv_wnd);
        if !self.state.receives_text() || !is_in_window {
            return;
        }
        self.fin_seen = Some(fin);
        if fin.after(self.tcb.rcv_nxt) {
            // It waits for the text before it.
            out.push(Output::Event(Event::Kept { seq: fin, octets: 0 }, Rule::TextKept));
            self.need = AckNeed::Now(Rule::GapAcknowledged);
            return;
        }
        self.reach_fin(now, out);
    }

    /// RCV.NXT has come to the peer's FIN.
    fn reach_fin(&mut self, now: Instant, out: &mut Outbox) {
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
        out.push(Output::Event(Event::PeerClosed, rule));
        if rule == Rule::FinEndsFinWait1 {
            out.push(Output::Event(Event::CloseCompleted, rule));
        }
        self.transition(to, rule, out);
        if to == State::TimeWait {
            self.start_time_wait(rule, now, out);
        }
        let waits = to == State::CloseWait
            && self.config.delay_ack_of_fin
            && !matches!(self.need, AckNeed::Now(_));
        match self.config.delayed_ack.filter(|_| waits) {
            Some(delay) => self.delay_ack(delay, now, out),
            None => self.need = AckNeed::Now(Rule::FinAcknowledgedToPeer),
        }
    }

    /// Text, and perhaps a FIN, that was kept and is now in order.
    fn take_kept(&mut self, now: Instant, out: &mut Outbox) {
        while self.state.receives_text()
            && let Some((start, _)) = self.kept.first()
            && start.at_or_before(self.tcb.rcv_nxt)
        {
            let (start, text) = self.kept.remove(0);
            let skip = self.tcb.rcv_nxt.distance_from(start);
            if skip < text.len() {
                self.deliver(&text.octets()[skip as usize..], Rule::TextDelivered, out);
                self.need = AckNeed::Now(Rule::GapAcknowledged);
            }
        }
        if self.state.receives_text() && self.fin_seen == Some(self.tcb.rcv_nxt) {
            self.reach_fin(now, out);
        }
    }

    fn keep(&mut self, start: SeqNumber, text: Text, out: &mut Outbox) {
        let end = start + text.len();
        let known = self
            .kept
            .iter()
            .any(|(seq, kept)| seq.at_or_before(start) && (*seq + kept.len()).at_or_after(end));
        if known || self.kept.len() >= MAX_KEPT {
            discard(Rule::OutsideWindowAcks, out);
            return;
        }
        let index = self.kept.partition_point(|(seq, _)| seq.at_or_before(start));
        let event = Event::Kept { seq: start, octets: text.len() };
        self.kept.insert(index, (start, text));
        out.push(Output::Event(event, Rule::TextKept));
    }

    fn deliver(&mut self, octets: &[u8], rule: Rule, out: &mut Outbox) {
        let count = u32::try_from(octets.len()).unwrap_or(u32::MAX);
        self.readable.extend(octets);
        self.tcb.rcv_nxt += count;
        self.tcb.rcv_wnd = self.tcb.rcv_wnd.saturating_sub(count);
        out.push(Output::Event(Event::Delivered { octets: count }, rule));
    }

    /// The peer's SYN: IRS, RCV.NXT, options, and the window that it announces.
    fn accept_syn(&mut self, segment: &Segment) {
        let tcb = &mut self.tcb;
        tcb.irs = segment.seq;
        tcb.rcv_nxt = segment.seq + 1;
        tcb.snd_wnd = u32::from(segment.window);
        tcb.max_snd_wnd = tcb.snd_wnd;
        tcb.snd_wl1 = segment.seq;
        tcb.snd_wl2 = segment.acknowledgment().unwrap_or_default();
        self.learn_options(segment.options);
    }

    /// Text or a FIN on a SYN is kept until ESTABLISHED.
    fn keep_text_of_syn(&mut self, segment: &Segment, out: &mut Outbox) {
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

    /// ESTABLISHED was entered: text may flow, and a deferred CLOSE goes on.
    fn established(&mut self, now: Instant, out: &mut Outbox) {
        // RFC 6298 §5.7.
        let after_loss = crate::time::Duration::from_secs(3);
        if self.syn_was_repeated && self.config.rto_initial < after_loss {
            self.rto.set(after_loss);
            let rto = self.rto.rto();
            out.push(Output::Event(Event::RtoChanged { rto }, Rule::RtoAfterSynLoss));
        }
        if self.is_closing && self.state == State::Established {
            self.close_into(State::FinWait1, now, out);
        }
    }

    /// SND.UNA moves to `ack`, which was checked.
    fn acknowledge(&mut self, ack: SeqNumber, rule: Rule, now: Instant, out: &mut Outbox) {
        let octets = ack.distance_from(self.tcb.snd_una);
        let syn = u32::from(self.tcb.syn_is_unacknowledged());
        let fin = u32::from(self.fin_sent.is_some_and(|fin| fin.before(ack)));
        let text = (octets - syn).saturating_sub(fin) as usize;
        self.queue.drain(..text.min(self.queue.len()));
        self.tcb.snd_una = ack;
        self.retransmissions = 0;
        self.waiting_since = now;
        out.push(Output::Event(Event::Acknowledged { una: ack, octets }, rule));
        if let Some((end, sent)) = self.timing
            && ack.at_or_after(end)
        {
            self.timing = None;
            let rtt = now.since(sent);
            self.rto.sample(rtt);
            let rto = self.rto.rto();
            out.push(Output::Event(Event::RttMeasured { rtt, rto }, Rule::RttMeasured));
        }
        if self.tcb.in_flight() == 0 {
            // RFC 6298 (5.2): all is acknowledged.
            self.recover = None;
            self.timers.stop(Timer::Retransmission);
            self.timers.stop(Timer::User);
            return;
        }
        // RFC 6298 (5.3): new text is acknowledged.
        self.timers.set(Timer::Retransmission, now + self.rto.rto());
        self.restart_user_timeout(now);
        match self.recover {
            Some(recover) if ack.before(recover) => {
                self.retransmit_head(now, Rule::NextRetransmitted, out);
            }
            Some(_) | None => self.recover = None,
        }
    }

    /// SND.WND from a segment that is new enough; says whether it changed.
    fn update_window(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) -> bool {
        let Self { tcb, .. } = self;
        let newer = tcb.snd_wl1.before(segment.seq)
            || (tcb.snd_wl1 == segment.seq && tcb.snd_wl2.at_or_before(segment.ack));
        if !newer {
            return false;
        }
        let before = tcb.snd_wnd;
        self.set_window(segment, out);
        if self.tcb.snd_wnd == 0 {
            // MUST-37: as long as the peer answers, the connection stays.
            self.retransmissions = 0;
            self.waiting_since = now;
            if self.tcb.in_flight() > 0 {
                self.restart_user_timeout(now);
            }
        } else if before == 0 {
            if self.probes > 0 && self.tcb.in_flight() > 0 {
                self.retransmit_head(now, Rule::WindowUpdated, out);
                self.timers.set(Timer::Retransmission, now + self.rto.rto());
            }
            self.probes = 0;
        }
        self.tcb.snd_wnd != before
    }

    fn set_window(&mut self, segment: &Segment, out: &mut Outbox) {
        let tcb = &mut self.tcb;
        let wnd = u32::from(segment.window) << self.snd_scale;
        let changed = wnd != tcb.snd_wnd;
        tcb.snd_wnd = wnd;
        tcb.max_snd_wnd = tcb.max_snd_wnd.max(wnd);
        tcb.snd_wl1 = segment.seq;
        tcb.snd_wl2 = segment.ack;
        if changed {
            out.push(Output::Event(Event::WindowChanged { wnd }, Rule::WindowUpdated));
        }
    }

    fn fin_wait_2(&mut self, out: &mut Outbox) {
        out.push(Output::Event(Event::CloseCompleted, Rule::FinAcknowledged));
        self.transition(State::FinWait2, Rule::FinAcknowledged, out);
    }

    fn start_time_wait(&mut self, rule: Rule, now: Instant, out: &mut Outbox) {
        let until = now + self.config.time_wait;
        self.timers.stop_all();
        self.timers.set(Timer::TimeWait, until);
        out.push(Output::Event(Event::TimeWaitStarted { until }, rule));
    }

    /// Drops the segment, and answers it with A(SND.NXT, RCV.NXT).
    fn challenge(&mut self, rule: Rule, out: &mut Outbox) {
        discard(rule, out);
        self.emit_ack(rule, out);
    }
}

/// §3.10.7.1: CLOSED. All text is dropped, and what is not a reset is answered with one.
fn segment_arrives_closed(segment: &Segment, out: &mut Outbox) {
    if segment.rst() {
        discard(Rule::ClosedDropsReset, out);
    } else {
        reset_unknown(segment, Rule::ClosedResets, out);
    }
}

fn discard(rule: Rule, out: &mut Outbox) {
    out.push(Output::Event(Event::Discarded, rule));
}

/// Drops a segment that belongs to no connection here, and answers it with a reset (§3.5.2).
fn reset_unknown(segment: &Segment, rule: Rule, out: &mut Outbox) {
    discard(rule, out);
    let reset = match segment.acknowledgment() {
        Some(ack) => Segment { seq: ack, flags: Flags::RST, ..Segment::default() },
        None => {
            Segment { ack: segment.end(), flags: Flags::RST | Flags::ACK, ..Segment::default() }
        }
    };
    out.push(Output::Transmit(reset, super::output::Transmission::First, rule));
}

/// The most pieces of text kept beyond gaps.
const MAX_KEPT: usize = 1024;
