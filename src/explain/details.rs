//! What an explanation says below its sentence: the reason, and a sentence for each other effect.

use core::fmt::Display;

use super::names::says;
use super::words::{Words, event_values, span};
use crate::sim::{Call, CallError, Cause, Effect, LossCause, Origin, SegmentRecord};
use crate::tcp::{Event, Rule};

impl Words<'_> {
    /// What the main clause requires, and why.
    pub(super) fn why(&self) -> String {
        let key = match (self.view.step.cause, self.view.main) {
            (_, Some((_, Rule::SynChallenged))) if self.view.is_syn_again() => {
                "explain.syn-again-why"
            }
            (
                Cause::Call(Call::Exit),
                None | Some((_, Rule::CloseSendsFin | Rule::CloseQueued)),
            ) => "explain.exit-why",
            (_, Some((_, rule))) => &format!("rule.{}.why", rule.id()),
            (Cause::Loss(_), None) => self.why_lost(),
            (Cause::Call(Call::Crash), None) => "explain.crash-why",
            (Cause::Call(Call::Window(_)), None) => "explain.window-set-why",
            (Cause::Call(_), None) => match self.view.effects.first() {
                Some(Effect::Failed(error)) => why_failed(*error),
                _ => "explain.read-nothing-why",
            },
            (Cause::Timer(_) | Cause::Arrival(..), None) => "explain.nothing-why",
        };
        self.fill(key, &[])
    }

    fn why_lost(&self) -> &'static str {
        if let Some((_, LossCause::Mtu)) = self.view.arriving().and_then(|record| record.lost) {
            return "explain.lost-mtu-why";
        }
        match self.view.arriving().map(|record| &record.segment) {
            Some(segment) if segment.rst() => "explain.lost-why-reset",
            Some(segment) if segment.is_empty() => "explain.lost-why-ack",
            Some(_) | None => "explain.lost-why",
        }
    }

    /// A sentence for each effect that the main sentence does not cover.
    pub(super) fn details(&self) -> Vec<String> {
        let mut details = self.about_the_segment();
        details.extend(self.data_of_the_reply());
        let main = self.view.main;
        let (mut delivered, mut at) = (0, usize::MAX);
        for (index, effect) in self.view.effects.iter().enumerate() {
            if main.is_some_and(|(told, _)| told == index) {
                continue;
            }
            match effect {
                Effect::Sent(index) => {
                    if let Some(record) = self.view.trace.segments.get(*index) {
                        details.extend(self.sent(record));
                    }
                }
                // One sentence for all pieces of text that are now in order.
                Effect::Event(Event::Delivered { octets }, _) => {
                    delivered += octets;
                    at = at.min(details.len());
                }
                // The delayed ACK was sent in the same step.
                Effect::Event(Event::AckDelayed, _) if self.view.reply.is_some() => {}
                Effect::Event(event, rule) => {
                    let is_told = main.is_some_and(|(_, main)| main == *rule);
                    if !(is_told && matches!(event, Event::Discarded | Event::Ignored)) {
                        details.extend(self.event(*event, *rule));
                    }
                }
                Effect::Failed(_) => {}
            }
        }
        if delivered > 0 {
            details.insert(at, self.in_order(delivered));
        }
        details
    }

    /// The sentence about text that is now in order, apart from that of the main sentence.
    fn in_order(&self, octets: u32) -> String {
        let told = self.view.main.and_then(|(index, _)| self.view.effects.get(index));
        let key = match told {
            Some(Effect::Event(Event::Delivered { .. }, _)) => "explain.detail.delivered-kept",
            _ => "explain.detail.delivered",
        };
        self.fill(key, &[("count", &octets)])
    }

    fn about_the_segment(&self) -> Vec<String> {
        let Some(record) = self.view.arriving() else { return vec![] };
        let mut details = vec![];
        if record.id.origin == Origin::Old {
            details.push(self.fill("explain.detail.old", &[]));
        }
        if matches!(self.view.step.cause, Cause::Arrival(_, true)) {
            details.push(self.fill("explain.detail.copy", &[]));
        } else if matches!(self.view.step.cause, Cause::Arrival(..)) && !record.delayed_by.is_zero()
        {
            let late = span(record.delayed_by, self.catalog);
            details.push(self.fill("explain.detail.late", &[("span", &late)]));
        }
        if let Some(repeated) = record.repeats {
            let added = self.view.arriving_index().map_or(0, |it| self.view.trace.added_octets(it));
            let key = match added {
                0 => "explain.detail.repeats",
                _ => "explain.detail.repeats-more",
            };
            details.push(self.fill(key, &[("repeated", &repeated), ("count", &added)]));
        }
        details
    }

    /// The data that rides on the segment which the main sentence names for another reason.
    fn data_of_the_reply(&self) -> Option<String> {
        let (_, rule) = self.view.main.filter(|_| self.tells_reply())?;
        let octets = self.view.reply.map_or(0, |reply| reply.segment.text.len());
        let is_told = octets == 0 || is_about_data(rule);
        (!is_told).then(|| self.fill("explain.detail.reply-carries", &[("count", &octets)]))
    }

    /// The sentence about a segment that was sent, unless the main sentence covers it.
    fn sent(&self, record: &SegmentRecord) -> Option<String> {
        if self.view.reply.is_some_and(|reply| reply.id == record.id && self.tells_reply()) {
            return None;
        }
        let segment = &record.segment;
        let key = match segment.acknowledgment() {
            Some(_) => "explain.detail.sent-ack",
            None => "explain.detail.sent",
        };
        let says = record.rule.map_or_else(String::new, |rule| says(rule, self.catalog));
        Some(self.fill(
            key,
            &[
                ("id", &record.id),
                ("flags", &segment.flags),
                ("seq", &segment.seq),
                ("ack", &segment.ack),
                ("says", &says),
            ],
        ))
    }

    /// Whether the main sentence names the segment that was sent.
    fn tells_reply(&self) -> bool {
        let Some((_, rule)) = self.view.main else { return false };
        let Some(key) = self.template(rule) else { return false };
        // The plural form stands for both.
        let text = self.catalog.find(&key).or(self.catalog.find(&format!("{key}.other")));
        text.is_some_and(|text| text.contains("{reply}"))
    }

    fn event(&self, event: Event, rule: Rule) -> Option<String> {
        let key = match event {
            Event::Transition { .. } => "explain.detail.transition",
            Event::Discarded => "explain.detail.discarded",
            Event::Ignored => {
                let says = says(rule, self.catalog);
                return Some(self.fill("explain.generic", &[("says", &says)]));
            }
            Event::Acknowledged { .. } => "explain.detail.acknowledged",
            Event::WindowChanged { .. } => "explain.detail.window-changed",
            Event::Queued { .. } => "explain.detail.queued",
            Event::Kept { octets: 0, .. } => "explain.detail.kept-fin",
            Event::Kept { .. } => "explain.detail.kept",
            Event::Read { .. } => "explain.detail.read",
            Event::CloseWaits => "explain.detail.close-waits",
            Event::CloseCompleted => "explain.detail.close-completed",
            Event::PeerClosed => "explain.detail.peer-closed",
            Event::Refused => "explain.detail.refused",
            Event::Reset => "explain.detail.reset",
            Event::TimedOut => "explain.detail.timed-out",
            Event::AckDelayed => "explain.detail.ack-delayed",
            // The cause of the step says it already; delivered text has one sentence in total.
            Event::Expired { .. } | Event::Delivered { .. } => return None,
            Event::TimeWaitStarted { .. } => "explain.detail.time-wait-started",
            Event::RttMeasured { .. } => "explain.detail.rtt-measured",
            Event::Sacked { .. } => "explain.detail.sacked",
            Event::DuplicateReported { .. } => "explain.detail.duplicate-reported",
            Event::DuplicateAck { .. } => "explain.detail.duplicate-ack",
            Event::CongestionChanged { .. } => congestion_key(rule),
            Event::RtoChanged { rto } => match rule {
                Rule::BackedOff if rto == self.view.before.rto => "explain.detail.rto-bound",
                Rule::BackedOff => "explain.detail.backed-off",
                Rule::RtoAfterSynLoss => "explain.detail.rto-after-syn-loss",
                _ => "explain.detail.rto-changed",
            },
        };
        let values = event_values(event, self.catalog);
        let values: Vec<(&str, &dyn Display)> =
            values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
        Some(self.fill(key, &values))
    }
}

/// The sentence about a change of the congestion window.
const fn congestion_key(rule: Rule) -> &'static str {
    match rule {
        Rule::OneSegmentAfterSynLoss => "explain.detail.cwnd-syn-loss",
        Rule::SlowStart => "explain.detail.cwnd-slow-start",
        Rule::CongestionAvoidance => "explain.detail.cwnd-avoidance",
        Rule::RestartAfterIdle => "explain.detail.cwnd-restart",
        Rule::LossWindow => "explain.detail.cwnd-timeout",
        Rule::FastRecoveryInflates => "explain.detail.cwnd-inflated",
        Rule::PartialAck => "explain.detail.cwnd-partial",
        Rule::FastRecoveryEnds => "explain.detail.cwnd-recovered",
        Rule::TailLossRepaired => "explain.detail.cwnd-tail",
        Rule::ProportionalReduction => "explain.detail.cwnd-paced",
        Rule::SpuriousTimeout => "explain.detail.cwnd-undone",
        _ => "explain.detail.cwnd-fast",
    }
}

/// Whether the sentence about this rule says that the segment it names carries data.
const fn is_about_data(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::SendTakes
            | Rule::SendSegment
            | Rule::AckAdvances
            | Rule::WindowUpdated
            | Rule::TextRetransmitted
            | Rule::NextRetransmitted
            | Rule::ZeroWindowProbed
            | Rule::SmallWindowOverridden
            | Rule::DuplicateAckCounted
            | Rule::LimitedTransmit
            | Rule::FastRetransmit
            | Rule::PartialAck
    )
}

const fn why_failed(error: CallError) -> &'static str {
    match error {
        CallError::AlreadyExists => "problem.call-why.already-exists",
        CallError::NotOpen => "problem.call-why.not-open",
        CallError::Closing => "problem.call-why.closing",
        CallError::NoRoom => "problem.call-why.no-room",
    }
}
