//! SEGMENT ARRIVES before there is a connection (RFC 9293 §3.10.7.1 to §3.10.7.3): in CLOSED,
//! LISTEN and SYN-SENT.

use super::connection::{AckNeed, Connection};
use super::habits::Checks;
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::segment::Segment;
use super::state::State;
use super::timer::Timer;
use super::verdict::{discard, reset_unknown};
use crate::time::Instant;

impl Connection {
    /// §3.10.7.2: LISTEN.
    pub(super) fn segment_arrives_listen(
        &mut self,
        now: Instant,
        segment: &Segment,
        out: &mut Outbox,
    ) {
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
        let drops_syn_fin = self.config.drop_syn_fin || self.config.habits.checks == Checks::Linux;
        if segment.fin() && drops_syn_fin {
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
    pub(super) fn segment_arrives_syn_sent(
        &mut self,
        now: Instant,
        segment: &Segment,
        out: &mut Outbox,
    ) {
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
            self.hurry_syn(now);
            return;
        }
        // Second: the RST bit. RCV.NXT is not known yet, so only the ACK can prove that it is
        // genuine.
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
            // MUST-10: simultaneous open.
            self.transition(State::SynReceived, Rule::SynSentSimultaneous, out);
            self.emit_syn(now, Rule::SynSentSimultaneous, out);
            // The SYN,ACK was just sent: its timer starts anew.
            self.timers.set(Timer::Retransmission, now + self.rto.rto());
            self.keep_text_of_syn(segment, out);
        }
    }

    /// An unacceptable ACK shows that the peer holds an older connection, which the reset now ends:
    /// the next SYN may come soon.
    fn hurry_syn(&mut self, now: Instant) {
        if let Some(span) = self.config.habits.syn_after_bad_ack
            && self.retransmissions == 0
        {
            self.timers.set(Timer::Retransmission, now + span);
        }
    }

    /// Takes IRS, RCV.NXT, the options and the window from the peer's SYN.
    pub(super) fn accept_syn(&mut self, segment: &Segment) {
        let tcb = &mut self.tcb;
        tcb.irs = segment.seq;
        tcb.rcv_nxt = segment.seq + 1;
        tcb.snd_wnd = u32::from(segment.window);
        tcb.max_snd_wnd = tcb.snd_wnd;
        tcb.snd_wl1 = segment.seq;
        tcb.snd_wl2 = segment.acknowledgment().unwrap_or_default();
        self.learn_options(segment);
    }
}

/// §3.10.7.1: CLOSED. The segment is dropped, and answered with a reset unless it is one.
#[cold]
pub(super) fn segment_arrives_closed(segment: &Segment, out: &mut Outbox) {
    if segment.rst() {
        discard(Rule::ClosedDropsReset, out);
    } else {
        reset_unknown(segment, Rule::ClosedResets, out);
    }
}
