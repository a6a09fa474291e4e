//! The sentence about a step: chooses its template, and the values that it names.

use core::fmt::Display;

use super::names::{call_key, says, side_name};
use super::step_view::StepView;
use crate::locale::{self, Catalog};
use crate::sim::{Call, CallError, Cause, Effect, LossCause};
use crate::tcp::{Event, Rule, Segment};
use crate::time::{Duration, Instant};

/// The values that a template may name, for one step in one language.
pub(super) struct Words<'a> {
    pub(super) view: &'a StepView<'a>,
    pub(super) catalog: &'a Catalog,
    values: Vec<(&'static str, String)>,
}

impl<'a> Words<'a> {
    pub(super) fn of(view: &'a StepView<'a>, catalog: &'a Catalog) -> Self {
        let mut words = Self { view, catalog, values: vec![] };
        words.add_hosts();
        words.add_segments();
        let main = view.main.and_then(|(index, _)| view.effects.get(index));
        if let Some(Effect::Event(event, _)) = main {
            words.values.extend(event_values(*event, catalog));
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
            ("rto", span(view.before.rto, catalog)),
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

    /// The main event, in one sentence.
    pub(super) fn sentence(&self) -> String {
        match (self.view.step.cause, self.view.main) {
            (Cause::Call(Call::Exit), Some((_, Rule::CloseSendsFin))) => {
                self.fill("explain.exit-sent", &[])
            }
            (_, Some((_, rule))) => self.rule(rule),
            (Cause::Call(Call::Exit), None) => self.fill("explain.exit", &[]),
            (Cause::Loss(_), None) => self.loss(),
            (Cause::Call(Call::Crash), None) => self.fill("explain.crash", &[]),
            (Cause::Call(Call::Window(_)), None) => self.fill("explain.window-set", &[]),
            (Cause::Call(_), None) => match self.view.effects.first() {
                Some(Effect::Failed(error)) => self.failed(*error),
                _ => self.fill("explain.read-nothing", &[]),
            },
            (Cause::Timer(_), None) => self.fill("explain.timer-nothing", &[]),
            (Cause::Arrival(..), None) => self.fill("explain.nothing", &[]),
        }
    }

    fn rule(&self, rule: Rule) -> String {
        match self.template(rule) {
            Some(key) => self.fill(&key, &[]),
            None => self.fill("explain.generic", &[("says", &says(rule, self.catalog))]),
        }
    }

    /// The key of the sentence about the main rule.
    pub(super) fn template(&self, rule: Rule) -> Option<String> {
        if rule == Rule::SynChallenged && self.view.is_syn_again() {
            return Some("explain.syn-again".to_owned());
        }
        let id = rule.id();
        let variants: &[&str] = match self.view.reply {
            Some(_) if self.carries_all() => &["all", "sent", "step"],
            Some(_) => &["sent", "step"],
            None => &["step"],
        };
        let mut keys = variants.iter().map(|variant| format!("rule.{id}.{variant}"));
        keys.find(|key| self.catalog.has(key))
    }

    /// Whether the segment that was sent carries all the text of the call.
    fn carries_all(&self) -> bool {
        let Cause::Call(Call::Send(octets)) = self.view.step.cause else { return false };
        self.view.reply.is_some_and(|reply| reply.segment.text.len() == octets)
    }

    fn loss(&self) -> String {
        match self.view.arriving().and_then(|record| record.lost) {
            Some((_, LossCause::Chance)) => self.fill("explain.lost-chance", &[]),
            Some((_, LossCause::Inferred)) => self.fill("explain.lost-inferred", &[]),
            Some((_, LossCause::Outage)) => self.fill("explain.lost-outage", &[]),
            Some((_, LossCause::Mtu)) => self.fill("explain.lost-mtu", &[]),
            Some((_, LossCause::Edit | LossCause::Corruption)) | None => {
                self.fill("explain.lost-edit", &[])
            }
        }
    }

    fn failed(&self, error: CallError) -> String {
        let error = self.catalog.text(match error {
            CallError::AlreadyExists => "problem.call.already-exists",
            CallError::NotOpen => "problem.call.not-open",
            CallError::Closing => "problem.call.closing",
            CallError::NoRoom => "problem.call.no-room",
        });
        let is_lost = self.view.is_rebooted();
        let key = if is_lost { "explain.failed-rebooted" } else { "explain.failed" };
        self.fill(key, &[("error", &error)])
    }

    /// Fills a template; `first` goes before the step's own values.
    pub(super) fn fill(&self, key: &str, first: &[(&str, &dyn Display)]) -> String {
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

pub(super) fn event_values(event: Event, catalog: &Catalog) -> Vec<(&'static str, String)> {
    match event {
        Event::Transition { from, to } => vec![("from", from.to_string()), ("to", to.to_string())],
        Event::Acknowledged { una, octets } => {
            let last = (una - 1).to_string();
            vec![("una", una.to_string()), ("last", last), ("count", octets.to_string())]
        }
        Event::WindowChanged { wnd } => {
            vec![("wnd", locale::number(u64::from(wnd))), ("count", wnd.to_string())]
        }
        Event::Queued { octets } | Event::Delivered { octets } | Event::Read { octets } => {
            vec![("count", octets.to_string())]
        }
        Event::Kept { seq, octets }
        | Event::Sacked { seq, octets }
        | Event::DuplicateReported { seq, octets } => {
            vec![("seq", seq.to_string()), ("count", octets.to_string())]
        }
        Event::TimeWaitStarted { until } => {
            vec![("until", span(until.since(Instant::ZERO), catalog))]
        }
        Event::RttMeasured { rtt, rto } => {
            vec![("rtt", span(rtt, catalog)), ("rto", span(rto, catalog))]
        }
        Event::RtoChanged { rto } => vec![("rto", span(rto, catalog))],
        Event::CongestionChanged { cwnd, ssthresh } => vec![
            ("cwnd", locale::number(u64::from(cwnd))),
            ("ssthresh", locale::number(u64::from(ssthresh.unwrap_or_default()))),
        ],
        Event::DuplicateAck { count } => vec![("count", count.to_string())],
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

/// A span of time in a sentence: `300 ms`, `1.05 s`, and in Korean `1.05초`.
#[must_use]
pub fn span(span: Duration, catalog: &Catalog) -> String {
    let text = locale::span(span);
    match text.strip_suffix(" s") {
        Some(seconds) => catalog.format("explain.seconds", &[("number", &seconds)]),
        None => text,
    }
}
