//! Chooses the templates of a step, and the values that they name.

use core::fmt::Display;

use super::names::{call_key, says, side_name};
use super::step_view::StepView;
use crate::locale::{self, Catalog};
use crate::sim::{Call, CallError, Cause, Effect, LossCause, Origin, SegmentRecord};
use crate::tcp::{Event, Rule, Segment};
use crate::time::Duration;

/// The values that a template may name, for one step in one language.
pub(super) struct Words<'a> {
    view: &'a StepView<'a>,
    catalog: &'a Catalog,
    values: Vec<(&'static str, String)>,
}

impl<'a> Words<'a> {
    pub(super) fn of(view: &'a StepView<'a>, catalog: &'a Catalog) -> Self {
        let mut words = Self { view, catalog, values: vec![] };
        words.add_hosts();
        words.add_segments();
        let main = view.main.and_then(|(index, _)| view.effects.get(index));
        if let Some(Effect::Event(event, _)) = main {
            words.values.extend(event_values(*event));
        }
        if let Cause::Call(call) = view.step.cause {
            words.values.push(("call", catalog.text(call_key(call)).to_owned()));
            if let Some(octets) = call.octets() {
                words.values.push(("count", octets.to_string()));
            }
        }
        words
    }

    fn add_hosts(&mut self) {
        let (view, catalog) = (self.view, self.catalog);
        let tcb = &view.before.tcb;
        self.values.extend([
            ("host", side_name(view.step.side, catalog)),
            ("peer", side_name(view.step.side.peer(), catalog)),
            ("state", view.before.state.to_string()),
            ("rto", span(view.before.rto)),
            ("unabefore", tcb.snd_una.to_string()),
            ("nxt", tcb.snd_nxt.to_string()),
            ("rcvnxt", tcb.rcv_nxt.to_string()),
        ]);
    }

    fn add_segments(&mut self) {
        if let Some(record) = self.view.arriving() {
            self.values.push(("segment", record.id.to_string()));
            self.values.extend(segment_values(&record.segment));
        }
        if let Some(record) = self.view.reply {
            let segment = &record.segment;
            self.values.extend([
                ("reply", record.id.to_string()),
                ("replyflags", segment.flags.to_string()),
                ("replyseq", segment.seq.to_string()),
                ("replyack", segment.ack.to_string()),
                ("replylen", segment.text.len().to_string()),
                ("replywnd", locale::number(u64::from(segment.window))),
            ]);
        }
    }

    /// The sentence and the paragraph.
    pub(super) fn sentence(&self) -> (String, String) {
        match (self.view.step.cause, self.view.main) {
            (_, Some((_, rule))) => self.rule(rule),
            (Cause::Loss(_), None) => self.loss(),
            (Cause::Call(Call::Crash), None) => self.pair("explain.crash", "explain.crash-why"),
            (Cause::Call(Call::Window(_)), None) => {
                self.pair("explain.window-set", "explain.window-set-why")
            }
            (Cause::Call(_), None) => match self.view.effects.first() {
                Some(Effect::Failed(error)) => self.failed(*error),
                _ => self.pair("explain.read-nothing", "explain.read-nothing-why"),
            },
            (Cause::Timer(_), None) => self.pair("explain.timer-nothing", "explain.nothing-why"),
            (Cause::Arrival(..), None) => self.pair("explain.nothing", "explain.nothing-why"),
        }
    }

    fn rule(&self, rule: Rule) -> (String, String) {
        let id = rule.id();
        let variants: &[&str] = match self.view.reply {
            Some(_) if self.carries_all() => &["all", "sent", "step"],
            Some(_) => &["sent", "step"],
            None => &["step"],
        };
        let mut keys = variants.iter().map(|variant| format!("rule.{id}.{variant}"));
        let sentence = match keys.find(|key| self.catalog.has(key)) {
            Some(key) => self.fill(&key, &[]),
            None => self.fill("explain.generic", &[("says", &says(rule, self.catalog))]),
        };
        (sentence, self.fill(&format!("rule.{id}.why"), &[]))
    }

    /// Whether the segment that was sent carries all the text of the call.
    fn carries_all(&self) -> bool {
        let Cause::Call(Call::Send(octets)) = self.view.step.cause else { return false };
        self.view.reply.is_some_and(|reply| reply.segment.text.len() == octets)
    }

    fn loss(&self) -> (String, String) {
        let record = self.view.arriving();
        let key = match record.and_then(|record| record.lost) {
            Some((_, LossCause::Chance)) => "explain.lost-chance",
            Some((_, LossCause::Edit | LossCause::Corruption)) | None => "explain.lost-edit",
        };
        let why = match record.map(|record| &record.segment) {
            Some(segment) if segment.rst() => "explain.lost-why-reset",
            Some(segment) if segment.is_empty() => "explain.lost-why-ack",
            Some(_) | None => "explain.lost-why",
        };
        self.pair(key, why)
    }

    fn failed(&self, error: CallError) -> (String, String) {
        let (error, why) = match error {
            CallError::AlreadyExists => {
                ("problem.call.already-exists", "problem.call-why.already-exists")
            }
            CallError::NotOpen => ("problem.call.not-open", "problem.call-why.not-open"),
            CallError::Closing => ("problem.call.closing", "problem.call-why.closing"),
            CallError::NoRoom => ("problem.call.no-room", "problem.call-why.no-room"),
        };
        let error = self.catalog.text(error);
        (self.fill("explain.failed", &[("error", &error)]), self.fill(why, &[]))
    }

    /// A sentence for each effect that the main sentence does not cover.
    pub(super) fn details(&self) -> Vec<String> {
        let mut details = self.about_the_segment();
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
            let late = span(record.delayed_by);
            details.push(self.fill("explain.detail.late", &[("span", &late)]));
        }
        if let Some(repeated) = record.repeats {
            details.push(self.fill("explain.detail.repeats", &[("repeated", &repeated)]));
        }
        details
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
        let key = format!("rule.{}.sent", rule.id());
        let text = self.catalog.find(&key).or_else(|| {
            // The plural form stands for both.
            self.catalog.find(&format!("rule.{}.sent.other", rule.id()))
        });
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
            Event::RtoChanged { rto } => match rule {
                Rule::BackedOff if rto == self.view.before.rto => "explain.detail.rto-bound",
                Rule::BackedOff => "explain.detail.backed-off",
                Rule::RtoAfterSynLoss => "explain.detail.rto-after-syn-loss",
                _ => "explain.detail.rto-changed",
            },
        };
        let values = event_values(event);
        let values: Vec<(&str, &dyn Display)> =
            values.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
        Some(self.fill(key, &values))
    }

    fn pair(&self, sentence: &str, why: &str) -> (String, String) {
        (self.fill(sentence, &[]), self.fill(why, &[]))
    }

    /// Fills a template; `first` goes before the step's own values.
    fn fill(&self, key: &str, first: &[(&str, &dyn Display)]) -> String {
        let own = self.values.iter().map(|(name, value)| (*name, value as &dyn Display));
        let values: Vec<(&str, &dyn Display)> = first.iter().copied().chain(own).collect();
        self.catalog.format(key, &values)
    }
}

fn segment_values(segment: &Segment) -> [(&'static str, String); 3] {
    [
        ("flags", segment.flags.to_string()),
        ("seq", segment.seq.to_string()),
        ("ack", segment.ack.to_string()),
    ]
}

fn event_values(event: Event) -> Vec<(&'static str, String)> {
    match event {
        Event::Transition { from, to } => vec![("from", from.to_string()), ("to", to.to_string())],
        Event::Acknowledged { una, octets } => {
            vec![("una", una.to_string()), ("count", octets.to_string())]
        }
        Event::WindowChanged { wnd } => {
            vec![("wnd", locale::number(u64::from(wnd))), ("count", wnd.to_string())]
        }
        Event::Queued { octets } | Event::Delivered { octets } | Event::Read { octets } => {
            vec![("count", octets.to_string())]
        }
        Event::Kept { seq, octets } => {
            vec![("seq", seq.to_string()), ("count", octets.to_string())]
        }
        Event::TimeWaitStarted { until } => vec![("until", locale::instant(until))],
        Event::RttMeasured { rtt, rto } => vec![("rtt", span(rtt)), ("rto", span(rto))],
        Event::RtoChanged { rto } => vec![("rto", span(rto))],
        Event::Discarded
        | Event::Ignored
        | Event::CloseWaits
        | Event::CloseCompleted
        | Event::PeerClosed
        | Event::Refused
        | Event::Reset
        | Event::TimedOut
        | Event::AckDelayed
        | Event::Expired { .. } => vec![],
    }
}

fn span(span: Duration) -> String {
    locale::span(span)
}
