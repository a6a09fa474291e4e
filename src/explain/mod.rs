//! Explanations: a step of a trace as a sentence, its details, and the clause behind it.
//!
//! They are made only of the step's cause, effects, rules and numbers, never of the scenario.

use core::fmt::Display;

use crate::locale::{self, Catalog};
use crate::sim::{
    Call, Cause, Effect, HostView, LossCause, Origin, SegmentId, SegmentRecord, Side, Step, Trace,
};
use crate::tcp::rule::Citation;
use crate::tcp::{Event, Rule, Timer};
use crate::time::Duration;

mod words;

use words::Words;

/// A step in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The main event, in one sentence.
    pub sentence: String,
    /// The other effects, one sentence each.
    pub details: Vec<String>,
    /// What the main clause requires, and why.
    pub why: String,
    /// The clauses that applied, the main one first. Empty if the network or the operator of the
    /// host acted, not TCP.
    pub citations: Vec<Rule>,
}

/// A citation, such as `RFC 9293 §3.10.7.4, MUST-58`.
#[must_use]
pub fn cite(rule: Rule) -> String {
    let Citation { rfc, section, label } = rule.citation();
    match label {
        Some(label) => format!("RFC {rfc} §{section}, {label}"),
        None => format!("RFC {rfc} §{section}"),
    }
}

/// The address of the clause.
#[must_use]
pub fn citation_url(rule: Rule) -> String {
    let Citation { rfc, section, .. } = rule.citation();
    section_url(rfc, section)
}

/// The address of a section of an RFC, or of the whole RFC if `section` is empty.
#[must_use]
pub fn section_url(rfc: u16, section: &str) -> String {
    let section = match rfc {
        // The numbered rules in its sections have no addresses of their own.
        6298 => section.split('.').next().unwrap_or(section),
        _ => section,
    };
    let place = if section.is_empty() { "" } else { "#section-" };
    format!("https://www.rfc-editor.org/rfc/rfc{rfc}{place}{section}")
}

/// Splits a sentence at the names of segments. Each piece comes with the segment that it names.
pub fn naming_segments<'a>(
    sentence: &'a str,
    trace: &'a Trace,
) -> impl Iterator<Item = (&'a str, Option<SegmentId>)> {
    let mut rest = sentence;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let is_name = |from: &str| {
            let end = from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len());
            let id = from.get(..end)?.parse().ok()?;
            trace.segment(id).map(|record| (end, record.id))
        };
        // A name begins at the beginning of a word.
        let starts = rest.char_indices().scan(false, |in_word, (at, c)| {
            let begins = !*in_word && c.is_ascii_alphanumeric();
            *in_word = c.is_ascii_alphanumeric();
            Some((at, begins))
        });
        let mut names = starts
            .filter(|(_, begins)| *begins)
            .filter_map(|(at, _)| is_name(&rest[at..]).map(|found| (at, found)));
        let (end, id) = match names.next() {
            Some((0, (end, id))) => (end, Some(id)),
            Some((at, _)) => (at, None),
            None => (rest.len(), None),
        };
        drop(names);
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some((piece, id))
    })
}

/// A rule in a few words, such as `Repeats the SYN`.
#[must_use]
pub fn says(rule: Rule, catalog: &Catalog) -> String {
    catalog.text(&format!("rule.{}.says", rule.id())).to_owned()
}

/// A state's meaning in one line.
#[must_use]
pub fn state_gloss(state: crate::tcp::State, catalog: &Catalog) -> String {
    catalog.text(&format!("state.{state}")).to_owned()
}

/// A user call's name, such as `active OPEN`.
#[must_use]
pub fn call_name(call: Call, catalog: &Catalog) -> String {
    catalog.text(call_key(call)).to_owned()
}

/// A timer's name.
#[must_use]
pub fn timer_name(timer: Timer, catalog: &Catalog) -> String {
    catalog.text(timer_key(timer)).to_owned()
}

/// Explains the step with this index; `None` if there is no such step.
#[must_use]
pub fn explain(trace: &Trace, step: usize, catalog: &Catalog) -> Option<Explanation> {
    let view = StepView::of(trace, step)?;
    Some(view.explain(catalog))
}

/// A step, with the data that its explanation needs.
struct StepView<'a> {
    trace: &'a Trace,
    step: &'a Step,
    effects: Vec<Effect>,
    /// The host before the step; in its first step, the host after it.
    before: HostView,
    /// The most important effect, and its rule.
    main: Option<(usize, Rule)>,
    /// The segment sent by the main rule, or else the first that was sent.
    reply: Option<&'a SegmentRecord>,
}

impl<'a> StepView<'a> {
    fn of(trace: &'a Trace, index: usize) -> Option<Self> {
        let step = trace.steps.get(index)?;
        let effects = trace.effects(step).collect();
        let mut view = Self {
            trace,
            step,
            effects,
            before: trace.host_before(index).unwrap_or_else(|| trace.after(step)),
            main: None,
            reply: None,
        };
        view.main = view.find_main();
        view.reply = view.find_reply();
        Some(view)
    }

    fn arriving(&self) -> Option<&'a SegmentRecord> {
        match self.step.cause {
            Cause::Arrival(index, _) | Cause::Loss(index) => self.trace.segments.get(index),
            Cause::Call(_) | Cause::Timer(_) => None,
        }
    }

    fn rule_of(&self, effect: &Effect) -> Option<Rule> {
        match effect {
            Effect::Sent(index) => self.trace.segments.get(*index)?.rule,
            Effect::Event(_, rule) => Some(*rule),
            Effect::Failed(_) => None,
        }
    }

    fn find_main(&self) -> Option<(usize, Rule)> {
        let rank = |effect: &Effect| self.rank(effect);
        let (index, effect) =
            self.effects.iter().enumerate().min_by_key(|(_, effect)| rank(effect))?;
        let rule = match (effect, self.effects.iter().find_map(|it| self.sent_rule(it))) {
            // The segment that the persist timer sends says more than its expiry.
            (Effect::Event(Event::Expired { timer: Timer::Persist }, _), Some(sent)) => sent,
            _ => self.rule_of(effect)?,
        };
        Some((index, rule))
    }

    fn sent_rule(&self, effect: &Effect) -> Option<Rule> {
        match effect {
            Effect::Sent(_) => self.rule_of(effect),
            Effect::Event(..) | Effect::Failed(_) => None,
        }
    }

    /// The rank of an effect: the main sentence is about the effect with the lowest rank.
    fn rank(&self, effect: &Effect) -> u8 {
        match effect {
            Effect::Failed(_) => 0,
            // If text fills the gap before a kept FIN, the sentence is about the text.
            Effect::Event(Event::Transition { .. } | Event::TimeWaitStarted { .. }, rule)
                if is_reached_fin(*rule) && self.arriving().is_some_and(|it| !it.segment.fin()) =>
            {
                3
            }
            Effect::Event(event, rule) => match event {
                Event::Transition { .. } => 1,
                Event::TimeWaitStarted { .. }
                | Event::Discarded
                | Event::Delivered { .. }
                | Event::Kept { .. }
                | Event::Expired { .. }
                | Event::CloseWaits => 2,
                Event::Queued { .. } | Event::Acknowledged { .. } => 4,
                Event::WindowChanged { .. } | Event::Refused | Event::Reset | Event::TimedOut => 5,
                Event::CloseCompleted | Event::PeerClosed => 6,
                Event::Read { .. } => match self.step.cause {
                    Cause::Call(_) => 2,
                    Cause::Arrival(..) | Cause::Loss(_) | Cause::Timer(_) => 7,
                },
                Event::Ignored if *rule == Rule::AlreadyKept => 2,
                Event::Ignored => 7,
                Event::AckDelayed => 8,
                Event::RttMeasured { .. } | Event::RtoChanged { .. } => 9,
            },
            Effect::Sent(_) => 6,
        }
    }

    fn find_reply(&self) -> Option<&'a SegmentRecord> {
        let sent = || {
            self.effects.iter().filter_map(|effect| match effect {
                Effect::Sent(index) => self.trace.segments.get(*index),
                Effect::Event(..) | Effect::Failed(_) => None,
            })
        };
        let (_, main) = self.main?;
        sent().find(|record| record.rule == Some(main)).or_else(|| sent().next())
    }

    fn explain(&self, catalog: &Catalog) -> Explanation {
        let words = Words::of(self, catalog);
        let (sentence, why) = words.sentence();
        let mut citations: Vec<Rule> = vec![];
        // The expiry of a timer has no clause of its own: its effects have.
        let is_told = |effect: &&Effect| !matches!(effect, Effect::Event(Event::Expired { .. }, _));
        let rules = self.effects.iter().filter(is_told).filter_map(|effect| self.rule_of(effect));
        for rule in self.headline().into_iter().chain(rules) {
            if !citations.contains(&rule) {
                citations.push(rule);
            }
        }
        Explanation { sentence, details: words.details(), why, citations }
    }

    /// The clause of the main sentence; for a failed call, the clause that describes the call.
    fn headline(&self) -> Option<Rule> {
        match (self.main, self.step.cause) {
            (Some((_, rule)), _) => Some(rule),
            (None, Cause::Call(call)) => match call {
                Call::Listen => Some(Rule::OpenPassive),
                Call::Connect => Some(Rule::OpenActive),
                Call::Send(_) => Some(Rule::SendTakes),
                Call::Read => Some(Rule::ReceiveDelivers),
                Call::Close => Some(Rule::CloseSendsFin),
                Call::Abort => Some(Rule::AbortDeletes),
                Call::Window(_) | Call::Crash => None,
            },
            (None, Cause::Arrival(..) | Cause::Loss(_) | Cause::Timer(_)) => None,
        }
    }
}

/// The rules by which a FIN takes effect.
const fn is_reached_fin(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::FinPassive | Rule::FinSimultaneous | Rule::FinEndsFinWait1 | Rule::FinEndsFinWait2
    )
}

const fn call_key(call: Call) -> &'static str {
    match call {
        Call::Listen => "explain.call.listen",
        Call::Connect => "explain.call.connect",
        Call::Send(_) => "explain.call.send",
        Call::Read => "explain.call.read",
        Call::Window(_) => "explain.call.window",
        Call::Close => "explain.call.close",
        Call::Abort => "explain.call.abort",
        Call::Crash => "explain.call.crash",
    }
}

const fn timer_key(timer: Timer) -> &'static str {
    match timer {
        Timer::User => "explain.timer.user",
        Timer::Retransmission => "explain.timer.retransmission",
        Timer::Persist => "explain.timer.persist",
        Timer::DelayedAck => "explain.timer.delayed-ack",
        Timer::TimeWait => "explain.timer.time-wait",
    }
}

/// The name of a host in a sentence.
#[must_use]
pub fn side_name(side: Side, catalog: &Catalog) -> String {
    let key = match side {
        Side::Client => "explain.client",
        Side::Server => "explain.server",
    };
    catalog.text(key).to_owned()
}
