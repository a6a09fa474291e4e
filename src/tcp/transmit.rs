//! Transmission: text and FIN as the window allows, acknowledgments, retransmissions.

use super::connection::{AckNeed, Connection};
use super::outbox::Outbox;
use super::output::{Event, Transmission};
use super::rule::Rule;
use super::segment::{Flags, Options, SackBlocks, Segment, Text};
use super::seq::SeqNumber;
use super::state::State;
use super::timer::Timer;
use crate::time::{Duration, Instant};

/// Whether a text segment may be sent now, and how large.
enum Batch {
    /// Nothing may be sent now.
    Nothing,
    /// This many bytes of text, and whether the FIN follows them in the same segment.
    Leaves { octets: u32, fin: bool },
}

impl Connection {
    /// Sends a segment that repeats no sequence number.
    pub(super) fn emit(&mut self, segment: Segment, rule: Rule, out: &mut Outbox) {
        if segment.flags.contains(Flags::ACK) {
            self.ack_leaves();
        }
        out.transmit(segment, Transmission::First, rule);
    }

    /// Sends our SYN: alone in SYN-SENT, with an ACK in SYN-RECEIVED.
    pub(super) fn emit_syn(&mut self, now: Instant, rule: Rule, out: &mut Outbox) {
        let segment = self.syn_segment();
        let first = self.tcb.snd_nxt == self.tcb.iss;
        self.tcb.snd_nxt = self.tcb.iss + 1;
        self.syn_is_in_flight = true;
        self.emit(segment, rule, out);
        if first {
            self.time_transmission(self.tcb.snd_nxt, now);
        } else {
            // Karn's algorithm: an ACK could belong to either transmission.
            self.timing = None;
        }
    }

    /// Sends an empty ACK: A(SND.NXT, RCV.NXT).
    #[inline(never)]
    pub(super) fn emit_ack(&mut self, rule: Rule, out: &mut Outbox) {
        self.slide_window();
        self.emit_in_place(Flags::ACK, rule, out);
    }

    /// Sends a segment from SND.NXT on, with ACK and without SYN. The caller fills in the text.
    fn emit_in_place<'a>(
        &mut self,
        flags: Flags,
        rule: Rule,
        out: &'a mut Outbox,
    ) -> &'a mut Segment {
        self.ack_leaves();
        let segment = out.next_segment(Transmission::First, rule);
        segment.seq = self.tcb.snd_nxt;
        segment.ack = self.tcb.rcv_nxt;
        segment.window = self.window_field(false);
        segment.flags = flags;
        segment.options.timestamps = self.stamps.of_segment(self.tcb.rcv_nxt);
        segment.options.sack = self.sack_option();
        segment
    }

    /// Sends queued text as far as the rules allow, then the acknowledgment that is owed.
    #[inline]
    pub(super) fn transmit_pending(&mut self, now: Instant, out: &mut Outbox) {
        let waits = self.is_closing || !self.queue.is_empty();
        if !waits {
            self.timers.stop(Timer::Persist);
        } else if self.may_send_text() {
            self.transmit_text(now, out);
        }
        if let AckNeed::Now(rule) = self.need {
            self.emit_ack(rule, out);
        }
    }

    #[inline(never)]
    fn transmit_text(&mut self, now: Instant, out: &mut Outbox) {
        if self.tcb.in_flight() == 0 {
            self.restart_after_pause(now, out);
        }
        let before = self.tcb.snd_nxt;
        while let Batch::Leaves { octets, fin } = self.next_batch(false) {
            let rule = self.rule_of_new_text(octets);
            self.emit_text(octets, fin, rule, now, out);
        }
        self.congestion.note_use(self.pipe(), self.tcb.snd_una, self.tcb.snd_nxt);
        if self.config.tail_loss_probe && self.tcb.snd_nxt != before {
            self.schedule_probe(now);
        }
        self.watch_stalled_queue(now);
    }

    /// Sends one segment of new text as a tail loss probe, whatever cwnd says. Whether there was
    /// any.
    pub(super) fn send_new_probe(&mut self, rule: Rule, now: Instant, out: &mut Outbox) -> bool {
        let octets = self.unsent_octets().min(self.tcb.usable_window()).min(self.most_text());
        let is_new = octets > 0 && self.may_send_text();
        if is_new {
            let fin = self.is_closing
                && octets == self.unsent_octets()
                && self.tcb.usable_window() > octets;
            self.emit_text(octets, fin, rule, now, out);
        }
        is_new
    }

    /// Probes a closed window with one byte or the FIN, or sends what fits into a small window.
    #[cold]
    pub(super) fn transmit_stalled(&mut self, now: Instant, out: &mut Outbox) {
        let is_closed = self.tcb.usable_window() == 0;
        let rule = if is_closed { Rule::ZeroWindowProbed } else { Rule::SmallWindowOverridden };
        out.record(Event::Expired { timer: Timer::Persist }, rule);
        if is_closed && self.config.habits.probes_are_empty {
            self.probe_empty(rule, now, out);
        } else if is_closed {
            let octets = self.unsent_octets().min(1);
            self.emit_text(octets, octets == 0, rule, now, out);
            self.probes = self.probes.saturating_add(1);
            self.timers.set(Timer::Retransmission, now + self.probe_interval());
        } else if let Batch::Leaves { octets, fin } = self.next_batch(true) {
            self.emit_text(octets, fin, rule, now, out);
        }
    }

    /// SHLD-29, SHLD-30: the first probe of a zero window comes after RTO, the intervals then
    /// double.
    pub(super) fn probe_interval(&self) -> Duration {
        let factor = 1_u64 << self.probes.min(16);
        self.rto.rto().saturating_mul(factor).min(self.config.rto_max).max(Duration::from_micros(1))
    }

    /// Retransmits the earliest unacknowledged segment (RFC 6298 §5.4). The caller makes sure that
    /// something is in flight and that the retransmission timer is running.
    pub(super) fn retransmit_head(&mut self, rule: Rule, now: Instant, out: &mut Outbox) {
        if self.syn_is_in_flight {
            let segment = self.syn_segment();
            self.repeat(segment, rule, out);
        } else {
            self.retransmit_text(0, self.tcb.in_flight(), rule, now, out);
        }
    }

    /// Sends again what begins `from` bytes after SND.UNA, at most one segment and at most
    /// `at_most` sequence numbers. Returns the number after its last.
    #[cold]
    pub(super) fn retransmit_text(
        &mut self,
        from: u32,
        at_most: u32,
        rule: Rule,
        now: Instant,
        out: &mut Outbox,
    ) -> SeqNumber {
        let queued = u32::try_from(self.queue.len()).unwrap_or(u32::MAX).saturating_sub(from);
        // SHLD-16: within a window that has shrunk. One that is closed, or ends before this, still
        // gets one byte (MUST-35).
        let room = match self.tcb.snd_wnd {
            0 if self.config.habits.probes_are_empty => u32::from(self.send_mss),
            wnd => wnd.saturating_sub(from).max(1),
        };
        let mss = self.most_text();
        let start = self.tcb.snd_una + from;
        let at_most = if self.config.keeps_segments {
            at_most.min(self.sent.whole_from(start, self.tcb.snd_nxt, mss))
        } else {
            at_most
        };
        let octets = queued.min(room).min(mss).min(at_most);
        let fin = self.fin_sent.is_some() && octets == queued && octets < room.min(at_most);
        let segment = self.text_segment(start, from, octets, fin);
        let end = segment.end();
        self.tcb.snd_nxt = self.tcb.snd_nxt.latest(end);
        self.congestion.repeated(segment.seq, end, now);
        self.repeat(segment, rule, out);
        end
    }

    /// RFC 5681 §4.1: text that follows a pause begins with the restart window.
    fn restart_after_pause(&mut self, now: Instant, out: &mut Outbox) {
        let pause = now.since(self.congestion.last_sent);
        if self.congestion.restart(pause, self.rto.rto()) {
            self.tell_congestion(Rule::RestartAfterIdle, out);
        }
    }

    /// Announces the space that a RECEIVE freed, if the peer may be waiting for it.
    pub(super) fn announce_window(&mut self, now: Instant, out: &mut Outbox) {
        if !self.state.receives_text() {
            return;
        }
        let before = self.tcb.rcv_wnd;
        if before <= self.config.receive_buffer / 2 && self.slide_window() {
            self.need = AckNeed::Now(Rule::WindowOpened);
            self.transmit_pending(now, out);
        }
    }

    /// How many bytes of the queue were never sent.
    pub(super) fn unsent_octets(&self) -> u32 {
        let queued = u32::try_from(self.queue.len()).unwrap_or(u32::MAX);
        queued.saturating_sub(self.sent_octets())
    }

    /// How many bytes of the queue are sent but not acknowledged.
    pub(super) fn sent_octets(&self) -> u32 {
        self.tcb.in_flight()
            - u32::from(self.syn_is_in_flight)
            - u32::from(self.fin_sent.is_some_and(|fin| fin.at_or_after(self.tcb.snd_una)))
    }

    /// The effective send MSS (MUST-16): SMSS without what a SACK option takes of the next segment.
    pub(super) fn most_text(&self) -> u32 {
        u32::from(self.send_mss).saturating_sub(self.sack_length()).max(1)
    }

    fn may_send_text(&self) -> bool {
        match self.state {
            State::Established | State::CloseWait => true,
            State::FinWait1 | State::Closing | State::LastAck => self.fin_sent.is_none(),
            State::Closed
            | State::Listen
            | State::SynSent
            | State::SynReceived
            | State::FinWait2
            | State::TimeWait => false,
        }
    }

    /// The sender's silly window avoidance (RFC 9293 §3.8.6.2.1) with Nagle's rule (§3.7.4).
    fn next_batch(&self, overridden: bool) -> Batch {
        if self.fin_sent.is_some() {
            return Batch::Nothing;
        }
        let unsent = self.unsent_octets();
        // SHLD-15: nothing new if the window has shrunk below what is in flight.
        let usable = self.tcb.usable_window();
        // SHLD-28: as much as fits.
        let mss = self.most_text();
        let octets = unsent.min(usable).min(mss);
        let takes_all = octets == unsent;
        // The last text segment carries the FIN if the window has room for it.
        let fin = self.is_closing && takes_all && usable > octets;
        if unsent == 0 {
            // A FIN carries no text that could congest the network.
            return if fin { Batch::Leaves { octets: 0, fin } } else { Batch::Nothing };
        }
        // Nagle: while text is in flight, only a full segment is sent.
        let free = self.nagle_allows();
        let half_fits = octets >= self.tcb.max_snd_wnd / 2;
        let pipe = self.pipe();
        let leaves = octets > 0
            && (pipe == 0 || octets <= self.congestion_room(pipe))
            && (octets == mss
                || (takes_all && (free || fin))
                || (free && half_fits && !self.config.habits.sends_whole_segments)
                || overridden);
        if leaves { Batch::Leaves { octets, fin } } else { Batch::Nothing }
    }

    fn emit_text(&mut self, octets: u32, fin: bool, rule: Rule, now: Instant, out: &mut Outbox) {
        let rule =
            if octets == 0 && rule == Rule::SendSegment { Rule::CloseSendsFin } else { rule };
        let from = self.sent_octets();
        let start = self.tcb.snd_nxt;
        let is_small = octets < self.most_text();
        self.slide_window();
        let mut flags = self.text_flags(from, octets, fin);
        if rule == Rule::SmallWindowOverridden && self.config.habits.sends_whole_segments {
            flags |= Flags::PSH;
        }
        let segment = self.emit_in_place(flags, rule, out);
        segment.text.set(&self.queue.octets()[from as usize..(from + octets) as usize]);
        self.tcb.snd_nxt += octets;
        if fin {
            self.fin_sent = Some(self.tcb.snd_nxt);
            self.tcb.snd_nxt += 1;
        }
        if octets > 0 {
            self.pace_answer(now);
            if is_small {
                self.small_end = Some(self.tcb.snd_nxt);
            }
        }
        self.timers.stop(Timer::Persist);
        self.congestion.note_sent(octets, now);
        if self.config.keeps_segments && octets > 0 {
            self.sent.push(start);
        }
        self.time_transmission(self.tcb.snd_nxt, now);
    }

    #[cold]
    fn repeat(&mut self, mut segment: Segment, rule: Rule, out: &mut Outbox) {
        self.slide_window();
        segment.window = self.window_field(segment.syn());
        if !segment.syn() {
            segment.options.timestamps = self.stamps.of_segment(self.tcb.rcv_nxt);
            segment.options.sack = self.sack_option();
        }
        if segment.flags.contains(Flags::ACK) {
            self.ack_leaves();
        }
        // Karn's algorithm: an ACK could belong to either transmission.
        self.timing = None;
        out.transmit(segment, Transmission::Retransmission, rule);
    }

    /// Starts the retransmission timer if it is not running (RFC 6298 §5.1), and times one round
    /// trip.
    fn time_transmission(&mut self, end: SeqNumber, now: Instant) {
        if self.timing.is_none() {
            self.timing = Some((end, now));
        }
        if self.timers.deadline(Timer::Retransmission).is_none() {
            self.waiting_since = now;
            self.retransmissions = 0;
            self.timers.set(Timer::Retransmission, now + self.rto.rto());
            self.restart_user_timeout(now);
        }
    }

    /// Starts the persist timer if text is queued, nothing is in flight, and the window is too
    /// small.
    fn watch_stalled_queue(&mut self, now: Instant) {
        let waits = self.fin_sent.is_none() && (self.unsent_octets() > 0 || self.is_closing);
        if !waits || self.tcb.in_flight() > 0 {
            self.timers.stop(Timer::Persist);
        } else if self.timers.deadline(Timer::Persist).is_none() {
            let is_closed = self.tcb.usable_window() == 0;
            let waits_for_rto = is_closed || self.config.habits.sends_whole_segments;
            let span = if waits_for_rto { self.probe_interval() } else { SMALL_WINDOW_OVERRIDE };
            self.timers.set(Timer::Persist, now + span);
        }
    }

    /// Moves the right edge of the receive window, if the gain is large enough (RFC 9293
    /// §3.8.6.2.2).
    pub(super) fn slide_window(&mut self) -> bool {
        let (buffer, room) = (self.config.receive_buffer, self.room());
        // MUST-39; and never to the left (SHLD-14).
        let gain = room.saturating_sub(self.tcb.rcv_wnd);
        let worth_it = gain > 0 && gain >= (buffer / 2).min(u32::from(self.config.mss));
        if worth_it {
            self.tcb.rcv_wnd = room;
        }
        worth_it
    }

    /// The free space of the receive buffer in bytes, limited to what a header can announce.
    pub(super) fn room(&self) -> u32 {
        let unread = u32::try_from(self.readable.len()).unwrap_or(u32::MAX);
        let widest = u32::from(u16::MAX) << self.rcv_scale;
        self.config.receive_buffer.saturating_sub(unread).min(widest)
    }

    fn syn_segment(&self) -> Segment {
        let acks = self.state != State::SynSent;
        let flags = if acks { Flags::SYN | Flags::ACK } else { Flags::SYN };
        // RFC 7323 §2.2: a SYN,ACK offers window scaling only if the SYN did.
        let scales = !acks || self.rcv_scale > 0 || self.snd_scale > 0;
        let stamps = self.config.timestamps && (!acks || self.stamps.are_used);
        Segment {
            seq: self.tcb.iss,
            ack: if acks { self.tcb.rcv_nxt } else { SeqNumber(0) },
            window: self.window_field(true),
            flags,
            options: Options {
                // MAY-3: always.
                mss: Some(self.config.mss),
                window_scale: self.config.window_scale.filter(|_| scales),
                // RFC 2018 §2 and RFC 7323 §3.2: likewise.
                sack_permitted: self.config.sack && (!acks || self.takes_sack),
                timestamps: stamps.then(|| self.stamps.of_syn()),
                sack: SackBlocks::default(),
            },
            text: Text::EMPTY,
        }
    }

    fn text_segment(&self, seq: SeqNumber, from: u32, octets: u32, fin: bool) -> Segment {
        let flags = self.text_flags(from, octets, fin);
        let text = Text::new(&self.queue.octets()[from as usize..(from + octets) as usize]);
        let (ack, window) = (self.tcb.rcv_nxt, self.window_field(false));
        // Only a SYN carries the MSS option (MUST-65).
        Segment { seq, ack, window, flags, options: Options::default(), text }
    }

    fn text_flags(&self, from: u32, octets: u32, fin: bool) -> Flags {
        let mut flags = Flags::ACK;
        if fin {
            flags |= Flags::FIN;
        }
        if octets > 0 && (from + octets) as usize == self.queue.len() {
            // MUST-60, MUST-61: push when the buffer is emptied. SHLD-27: once, however many SENDs
            // filled it (MAY-16).
            flags |= Flags::PSH;
        }
        flags
    }

    /// SEG.WND: RCV.WND, scaled; a SYN's is never scaled (RFC 7323 §2.2).
    pub(super) fn window_field(&self, is_syn: bool) -> u16 {
        let shift = if is_syn { 0 } else { self.rcv_scale };
        u16::try_from(self.tcb.rcv_wnd >> shift).unwrap_or(u16::MAX)
    }

    /// Delays the acknowledgment by at most `delay` (MUST-40).
    pub(super) fn delay_ack(&mut self, delay: Duration, now: Instant, out: &mut Outbox) {
        self.need = AckNeed::Later;
        if self.timers.deadline(Timer::DelayedAck).is_none() {
            self.timers.set(Timer::DelayedAck, now + delay);
            out.record(Event::AckDelayed, Rule::AckDelayed);
        }
    }
}

/// RFC 9293 §3.8.6.2.1: a small window is used after all when it did not grow for this long;
/// the RFC recommends 0.1 to 1.0 s.
const SMALL_WINDOW_OVERRIDE: Duration = Duration::from_millis(200);
