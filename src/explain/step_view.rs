//! The parts of a step that its explanation is about.

use crate::sim::{Call, Cause, Effect, HostView, SegmentRecord, Step, Trace};
use crate::tcp::{Event, Rule, Timer};

/// A step, with the data that its explanation needs.
pub(super) struct StepView<'a> {
    pub(super) trace: &'a Trace,
    index: usize,
    pub(super) step: &'a Step,
    pub(super) effects: Vec<Effect>,
    /// The host before the step; in its first step, the host after it.
    pub(super) before: HostView,
    /// The most important effect, and its rule.
    pub(super) main: Option<(usize, Rule)>,
    /// The segment sent by the main rule, or else the first that was sent.
    pub(super) reply: Option<&'a SegmentRecord>,
}

impl<'a> StepView<'a> {
    pub(super) fn of(trace: &'a Trace, index: usize) -> Option<Self> {
        let step = trace.steps.get(index)?;
        let effects = trace.effects(step).collect();
        let mut view = Self {
            trace,
            index,
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

    /// The segment that arrives or is lost in the step.
    pub(super) fn arriving(&self) -> Option<&'a SegmentRecord> {
        self.trace.segments.get(self.arriving_index()?)
    }

    /// The index of the segment that arrives or is lost in the step.
    pub(super) fn arriving_index(&self) -> Option<usize> {
        match self.step.cause {
            Cause::Arrival(index, _) | Cause::Loss(index) => Some(index),
            Cause::Call(_) | Cause::Timer(_) => None,
        }
    }

    /// Whether the segment that arrives is the SYN that opened the connection, once more.
    pub(super) fn is_syn_again(&self) -> bool {
        let is_it = |it: &SegmentRecord| it.segment.syn() && it.segment.seq == self.before.tcb.irs;
        self.arriving().is_some_and(is_it)
    }

    /// Whether the host has crashed, and no call has opened a connection since.
    pub(super) fn is_rebooted(&self) -> bool {
        let side = self.step.side;
        let earlier = self.trace.steps[..self.index].iter().rev().filter(|it| it.side == side);
        let mut calls = earlier.filter_map(|step| match step.cause {
            Cause::Call(call @ (Call::Crash | Call::Listen | Call::Connect)) => Some(call),
            _ => None,
        });
        calls.next() == Some(Call::Crash)
    }

    /// The rule of an effect.
    pub(super) fn rule_of(&self, effect: &Effect) -> Option<Rule> {
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
            // The loss that an ACK tells of says more than the ACK.
            Effect::Event(
                Event::CongestionChanged { .. },
                Rule::FastRetransmit | Rule::PartialAck,
            ) => 3,
            Effect::Event(event, rule) => match event {
                Event::Transition { .. } => 1,
                Event::TimeWaitStarted { .. }
                | Event::Discarded
                | Event::Delivered { .. }
                | Event::Kept { .. }
                | Event::Expired { .. }
                | Event::CloseWaits => 2,
                Event::Queued { .. } | Event::Acknowledged { .. } | Event::DuplicateAck { .. } => 4,
                Event::WindowChanged { .. } | Event::Refused | Event::Reset | Event::TimedOut => 5,
                Event::CloseCompleted | Event::PeerClosed => 6,
                Event::Read { .. } => match self.step.cause {
                    Cause::Call(_) => 2,
                    Cause::Arrival(..) | Cause::Loss(_) | Cause::Timer(_) => 7,
                },
                Event::Ignored if *rule == Rule::AlreadyKept => 2,
                Event::Ignored => 7,
                Event::AckDelayed => 8,
                Event::Sacked { .. }
                | Event::DuplicateReported { .. }
                | Event::RttMeasured { .. }
                | Event::RtoChanged { .. }
                | Event::CongestionChanged { .. } => 9,
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

    /// The clause of the main sentence; for a failed call, the clause that describes the call.
    pub(super) fn headline(&self) -> Option<Rule> {
        match (self.main, self.step.cause) {
            (Some((_, rule)), _) => Some(rule),
            (None, Cause::Call(call)) => match call {
                Call::Listen => Some(Rule::OpenPassive),
                Call::Connect => Some(Rule::OpenActive),
                Call::Send(_) => Some(Rule::SendTakes),
                Call::Read => Some(Rule::ReceiveDelivers),
                Call::Close => Some(Rule::CloseSendsFin),
                Call::Abort => Some(Rule::AbortDeletes),
                Call::Window(_) | Call::Exit | Call::Crash => None,
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
