//! Losses that acknowledgments tell of: fast retransmit and fast recovery (RFC 5681 §3.2, RFC 6582
//! as "`NewReno`"), limited transmit (RFC 3042), and the repair after a timeout (RFC 5681 §3.1).

use super::congestion::{DUPLICATES, Frto, Phase};
use super::connection::Connection;
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::segment::Segment;
use super::seq::SeqNumber;
use super::timer::Timer;
use crate::time::Instant;

impl Connection {
    /// How much of what was sent is still in the network, as far as is known: SND.NXT - SND.UNA
    /// without what counts as lost.
    #[must_use]
    pub fn pipe(&self) -> u32 {
        match self.congestion.phase {
            Phase::Timeout { recover, next, .. } if next.before(recover) => {
                let told = self.scoreboard.octets() - self.scoreboard.octets_between(next, recover);
                self.tcb.in_flight() - recover.distance_from(next) - told
            }
            _ if self.scoreboard.is_empty() => self.tcb.in_flight(),
            Phase::Timeout { .. } => self.tcb.in_flight() - self.scoreboard.octets(),
            Phase::Open | Phase::Fast { .. } => {
                let (una, nxt) = (self.tcb.snd_una, self.tcb.snd_nxt);
                self.scoreboard.pipe(una, nxt, self.congestion.smss())
            }
        }
    }

    /// How much more the congestion window allows.
    pub(super) fn congestion_room(&self, pipe: u32) -> u32 {
        let congestion = &self.congestion;
        // RFC 3042: each of the first two duplicate ACKs releases a new segment beyond cwnd.
        let beyond = match congestion.phase {
            // With SACK what has arrived is no part of the pipe anyway.
            Phase::Open if !self.takes_sack => {
                congestion.duplicates.min(DUPLICATES - 1) * congestion.smss()
            }
            Phase::Open | Phase::Fast { .. } | Phase::Timeout { .. } => 0,
        };
        congestion.cwnd().saturating_add(beyond).saturating_sub(pipe)
    }

    /// The rule behind a new segment with so much text.
    pub(super) fn rule_of_new_text(&self, octets: u32) -> Rule {
        let congestion = &self.congestion;
        let is_limited = congestion.duplicates > 0
            && congestion.phase == Phase::Open
            && (self.takes_sack || self.pipe() + octets > congestion.cwnd());
        if is_limited { Rule::LimitedTransmit } else { Rule::SendSegment }
    }

    /// The congestion window's answer to an ACK of something new. `octets` were acknowledged, and
    /// `text` of them are text.
    pub(super) fn grow_congestion_window(
        &mut self,
        ack: SeqNumber,
        text: u32,
        now: Instant,
        out: &mut Outbox,
    ) {
        let congestion = &mut self.congestion;
        congestion.duplicates = 0;
        let takes_sack = self.takes_sack;
        self.scoreboard.acknowledge(ack);
        self.sent.acknowledge(ack);
        // RFC 6582 §3.2 (2) asks for more than that; RFC 6675 does not.
        let is_over = |recover| ack.after(recover) || (takes_sack && ack == recover);
        if congestion.recover.is_some_and(is_over) {
            congestion.recover = None;
        }
        let grown = match &mut congestion.phase {
            Phase::Fast { recover, is_partial } => {
                if ack.before(*recover) {
                    *is_partial = true;
                    if !takes_sack {
                        congestion.deflate(text);
                    }
                    (!takes_sack).then_some(Rule::PartialAck)
                } else if takes_sack {
                    congestion.phase = Phase::Open;
                    congestion.leave_sack_recovery();
                    Some(Rule::FastRecoveryEnds)
                } else {
                    congestion.phase = Phase::Open;
                    congestion.leave_fast_recovery(self.tcb.in_flight());
                    Some(Rule::FastRecoveryEnds)
                }
            }
            Phase::Timeout { recover, next, last } => {
                // An ACK in the middle of the last one: the peer had no room for the rest.
                *next = if ack.after(*last) { ack } else { next.latest(ack) };
                if ack.at_or_after(*recover) {
                    congestion.phase = Phase::Open;
                }
                congestion.grow(text, now, self.rto.srtt().unwrap_or_default())
            }
            Phase::Open => congestion.grow(text, now, self.rto.srtt().unwrap_or_default()),
        };
        if let Some(rule) = grown {
            self.tell_congestion(rule, out);
        }
    }

    /// Whether a segment is a duplicate ACK (RFC 5681 §2): it carries nothing, acknowledges nothing
    /// new and announces the same window while text is in flight. The answer to a probe of a closed
    /// window is none.
    pub(super) fn is_duplicate_ack(&self, segment: &Segment) -> bool {
        segment.is_empty()
            && segment.ack == self.tcb.snd_una
            && self.tcb.in_flight() > 0
            && self.tcb.snd_wnd > 0
            && u32::from(segment.window) << self.snd_scale == self.tcb.snd_wnd
    }

    /// RFC 5681 §3.2 and RFC 6582 §3.2: a duplicate ACK tells that something has arrived beyond a
    /// gap.
    #[cold]
    pub(super) fn count_duplicate_ack(&mut self, now: Instant, out: &mut Outbox) {
        let congestion = &mut self.congestion;
        congestion.duplicates = congestion.duplicates.saturating_add(1);
        let count = congestion.duplicates;
        out.record(Event::DuplicateAck { count }, Rule::DuplicateAckCounted);
        match congestion.phase {
            Phase::Fast { .. } => {
                congestion.inflate();
                self.tell_congestion(Rule::FastRecoveryInflates, out);
            }
            // RFC 6582 §3.2 (2): not for what was in flight when the last loss was noticed.
            Phase::Open if count == DUPLICATES && congestion.recover.is_none() => {
                self.retransmit_fast(now, out);
            }
            Phase::Open | Phase::Timeout { .. } => {}
        }
    }

    fn retransmit_fast(&mut self, now: Instant, out: &mut Outbox) {
        let recover = self.tcb.snd_nxt;
        self.congestion.recover = Some(recover);
        self.congestion.phase = Phase::Fast { recover, is_partial: false };
        self.congestion.enter_fast_recovery(self.tcb.in_flight());
        self.tell_congestion(Rule::FastRetransmit, out);
        self.retransmit_head(Rule::FastRetransmit, now, out);
        // The repeated segment gets the whole RTO to be acknowledged.
        self.timers.set(Timer::Retransmission, now + self.rto.rto());
    }

    /// The retransmission timer has expired: everything in flight counts as lost.
    pub(super) fn reduce_after_timeout(&mut self, is_first: bool, out: &mut Outbox) {
        let in_flight = self.tcb.in_flight();
        let recover = self.tcb.snd_nxt;
        let congestion = &mut self.congestion;
        congestion.recover = Some(recover);
        congestion.duplicates = 0;
        congestion.prr = None;
        congestion.frto = if is_first && self.config.frto { Frto::FirstAck } else { Frto::Off };
        let una = self.tcb.snd_una;
        congestion.phase = Phase::Timeout { recover, next: una, last: una };
        self.scoreboard.clear();
        if congestion.time_out(in_flight, is_first) {
            self.tell_congestion(Rule::LossWindow, out);
        }
    }

    /// The timer has expired for our SYN: what was sent after it counts as lost with it.
    pub(super) fn lose_what_followed_syn(&mut self) {
        let (iss, recover) = (self.tcb.iss, self.tcb.snd_nxt);
        self.congestion.phase = Phase::Timeout { recover, next: iss + 1, last: iss };
    }

    /// After an ACK of something new, or when the window reopens: repeats what counts as lost, as
    /// far as the congestion window allows.
    pub(super) fn repeat_lost(&mut self, now: Instant, out: &mut Outbox) {
        if self.tcb.in_flight() == 0 || self.tcb.snd_wnd == 0 {
            return;
        }
        match self.congestion.phase {
            // RFC 6582 §3.2 (3): a partial acknowledgment shows the next hole.
            Phase::Fast { is_partial: true, .. } if !self.takes_sack => {
                self.retransmit_head(Rule::PartialAck, now, out);
            }
            Phase::Timeout { .. } => while self.repeat_next(now, out) {},
            Phase::Open | Phase::Fast { .. } => {}
        }
    }

    /// RFC 5681 §3.1: repeats the next segment of what was in flight at the timeout, if cwnd and
    /// the send window have room for it.
    fn repeat_next(&mut self, now: Instant, out: &mut Outbox) -> bool {
        let Phase::Timeout { recover, next, .. } = self.congestion.phase else { return false };
        let next = self.scoreboard.skip(next);
        if !next.before(recover) {
            return false;
        }
        let end = self.scoreboard.gap(next).map_or(recover, |(_, end)| end);
        let from = next.distance_from(self.tcb.snd_una);
        let size = end.distance_from(next).min(self.congestion.smss());
        let fits = self.pipe() + size <= self.congestion.cwnd() && from + size <= self.tcb.snd_wnd;
        if from > 0 && !fits {
            return false;
        }
        self.retransmit_text(from, end.distance_from(next), Rule::NextRetransmitted, now, out);
        true
    }

    /// After probes of a closed window it has reopened: sends a whole segment from SND.UNA on. What
    /// followed it may not have found room either.
    pub(super) fn repeat_into_open_window(&mut self, now: Instant, out: &mut Outbox) {
        if self.tcb.in_flight() == 0 || self.tcb.snd_wnd == 0 {
            return;
        }
        // The timer still has the interval of the probes, up to a minute.
        self.timers.set(Timer::Retransmission, now + self.rto.rto());
        let (una, nxt) = (self.tcb.snd_una, self.tcb.snd_nxt);
        self.congestion.phase = Phase::Timeout { recover: nxt, next: una, last: una };
        self.retransmit_text(0, u32::MAX, Rule::WindowUpdated, now, out);
    }

    /// Records the congestion window after a change.
    pub(super) fn tell_congestion(&mut self, rule: Rule, out: &mut Outbox) {
        let cwnd = self.congestion.cwnd();
        let ssthresh = self.congestion.ssthresh();
        out.record(Event::CongestionChanged { cwnd, ssthresh }, rule);
    }
}
