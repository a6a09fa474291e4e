//! Loss recovery with selective acknowledgments (RFC 6675 §5).

use super::congestion::{DUPLICATES, Phase};
use super::connection::Connection;
use super::outbox::Outbox;
use super::output::Event;
use super::prr::Prr;
use super::rule::Rule;
use super::segment::Segment;
use super::seq::SeqNumber;
use super::timer::Timer;
use crate::time::Instant;

/// What an ACK tells of, in bytes.
pub(super) struct Delivered {
    /// Whether it moved SND.UNA.
    pub(super) is_new: bool,
    /// What its ranges report for the first time.
    pub(super) news: u32,
    /// All that it newly acknowledges, by its number or by a range.
    pub(super) octets: u32,
}

impl Connection {
    /// Update: takes the ranges that a segment reports. How many bytes are news.
    #[cold]
    pub(super) fn learn_ranges(&mut self, segment: &Segment, out: &mut Outbox) -> u32 {
        let (una, nxt) = (self.tcb.snd_una, self.tcb.snd_nxt);
        let blocks = segment.options.sack.blocks();
        let mut news = 0;
        for (index, (start, end)) in blocks.iter().copied().enumerate() {
            let is_range = start.before(end) && end.at_or_before(nxt);
            // RFC 2883 §5: the first range reports a duplicate if it lies below SEG.ACK, or inside
            // the second.
            let is_inside = |(other, last): &(SeqNumber, SeqNumber)| {
                start.at_or_after(*other) && end.at_or_before(*last)
            };
            let is_duplicate = index == 0
                && (end.at_or_before(segment.ack) || blocks.get(1).is_some_and(is_inside));
            if is_range && is_duplicate {
                self.duplicate_was_reported = true;
                let octets = end.distance_from(start);
                out.record(Event::DuplicateReported { seq: start, octets }, Rule::DuplicateSack);
            } else if is_range && start.after(una) {
                let octets = self.scoreboard.add((start, end));
                news += octets;
                if octets > 0 {
                    out.record(Event::Sacked { seq: start, octets }, Rule::SackUpdates);
                }
            }
        }
        news
    }

    /// RFC 6675 §5: an ACK whose ranges are learned.
    #[cold]
    pub(super) fn recover_with_sack(
        &mut self,
        delivery: &Delivered,
        now: Instant,
        out: &mut Outbox,
    ) {
        let Delivered { is_new, news, .. } = *delivery;
        let congestion = &mut self.congestion;
        if news > 0 && !is_new {
            congestion.duplicates = congestion.duplicates.saturating_add(1);
            let count = congestion.duplicates;
            out.record(Event::DuplicateAck { count }, Rule::DuplicateAckCounted);
        }
        let is_noticed = congestion.duplicates >= DUPLICATES
            || self.scoreboard.is_lost(self.tcb.snd_una, self.congestion.smss());
        let may_begin = self.congestion.phase == Phase::Open && self.congestion.recover.is_none();
        if may_begin && is_noticed && !self.scoreboard.is_empty() {
            self.begin_sack_recovery(now, out);
        }
        if let Phase::Fast { .. } = self.congestion.phase {
            let (pipe, before) = (self.pipe(), self.congestion.cwnd());
            let smss = self.congestion.smss();
            let is_safe =
                is_new && self.next_gap().is_none_or(|gap| !self.scoreboard.is_lost(gap.0, smss));
            self.congestion.pace(delivery.octets, pipe, is_safe);
            if self.congestion.cwnd() != before {
                self.tell_congestion(Rule::ProportionalReduction, out);
            }
            self.repeat_gaps(now, out);
        }
    }

    /// RFC 6675 §5 (4): halves the window, and repeats the first segment that counts as lost.
    fn begin_sack_recovery(&mut self, now: Instant, out: &mut Outbox) {
        let recover = self.tcb.snd_nxt;
        self.congestion.recover = Some(recover);
        self.congestion.phase = Phase::Fast { recover, is_partial: false };
        self.congestion.enter_sack_recovery(self.tcb.in_flight());
        self.tell_congestion(Rule::FastRetransmit, out);
        self.scoreboard.begin_recovery();
        if self.config.proportional_reduction {
            self.congestion.prr = Some(Prr::begin(self.tcb.in_flight()));
        }
        if let Some((start, end)) = self.scoreboard.gap(self.tcb.snd_una) {
            self.repeat_gap(start, end, Rule::FastRetransmit, now, out);
        }
        // The repeated segment gets the whole RTO to be acknowledged.
        self.timers.set(Timer::Retransmission, now + self.rto.rto());
    }

    /// RFC 6675 §5 (C): sends while cwnd has room for a segment, in the order of `NextSeg` (§4).
    fn repeat_gaps(&mut self, now: Instant, out: &mut Outbox) {
        let smss = self.congestion.smss();
        let has_room = |it: &Self| it.congestion.cwnd().saturating_sub(it.pipe()) >= smss;
        // (1): what counts as lost.
        while has_room(self)
            && let Some((start, end)) = self.next_gap()
            && self.scoreboard.is_lost(start, smss)
        {
            self.repeat_gap(start, end, Rule::SackRetransmit, now, out);
        }
        // (2): new text, which follows when the segment is finished.
        if self.has_new_text_to_send() {
            return;
        }
        // (3): what is missing, but may only be late.
        while has_room(self)
            && let Some((start, end)) = self.next_gap()
        {
            self.repeat_gap(start, end, Rule::SackRetransmit, now, out);
        }
        // (4): the end of what was sent, once, so that its loss does not wait for the timer.
        let (una, nxt) = (self.tcb.snd_una, self.tcb.snd_nxt);
        let highest = self.scoreboard.highest().unwrap_or(una);
        if has_room(self)
            && self.congestion.rescues
            && !self.scoreboard.is_rescued
            && highest.before(nxt)
        {
            self.scoreboard.is_rescued = true;
            let start = highest.latest(nxt - self.most_text().min(nxt.distance_from(una)));
            let kept = self.scoreboard.repeated_to;
            self.repeat_gap(start, nxt, Rule::RescueRetransmit, now, out);
            self.scoreboard.repeated_to = kept;
        }
    }

    /// The first gap beyond what this recovery has repeated.
    fn next_gap(&self) -> Option<(SeqNumber, SeqNumber)> {
        let una = self.tcb.snd_una;
        let from = self.scoreboard.repeated_to.map_or(una, |repeated| repeated.latest(una));
        self.scoreboard.gap(from)
    }

    fn has_new_text_to_send(&self) -> bool {
        self.unsent_octets() > 0 && self.tcb.usable_window() > 0
    }

    /// Repeats one segment from the start of a gap.
    fn repeat_gap(
        &mut self,
        start: SeqNumber,
        end: SeqNumber,
        rule: Rule,
        now: Instant,
        out: &mut Outbox,
    ) {
        let from = start.distance_from(self.tcb.snd_una);
        let before = self.tcb.snd_nxt;
        let sent = self.retransmit_text(from, end.distance_from(start), rule, now, out);
        debug_assert_eq!(before, self.tcb.snd_nxt, "a gap ends before SND.NXT");
        self.scoreboard.repeated_to =
            Some(self.scoreboard.repeated_to.map_or(sent, |repeated| repeated.latest(sent)));
    }
}
