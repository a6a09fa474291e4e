//! The questions about a run.

use crate::app::run::Run;
use crate::sim::{Call, Cause, Effect, SegmentRecord, Side, Step};
use crate::tcp::State;
use crate::time::Instant;

/// A question: how a host reacts to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The step of the event.
    pub step: usize,
    /// The host.
    pub side: Side,
    /// The kind of answer.
    pub kind: QuestionKind,
}

/// The kind of answer that a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    /// The flags, SEQ and ACK of the first segment that the host sends.
    Segment,
    /// The state that the host enters.
    State,
    /// Which host acts first after the loss of the segment with this index in the trace, and when.
    Acts(usize),
}

impl Question {
    /// The number of steps that are known while it waits for an answer, and the time until then.
    #[must_use]
    pub fn known(&self, run: &Run) -> (usize, Instant) {
        let steps = &run.timeline.trace().steps;
        let last = match self.kind {
            // The time of the event is asked for.
            QuestionKind::Acts(_) => self.step.checked_sub(1),
            QuestionKind::Segment | QuestionKind::State => Some(self.step),
        };
        let at = last.and_then(|step| steps.get(step)).map_or(Instant::ZERO, |step| step.at);
        (self.step, at)
    }
}

/// Every question about a run, in order: for each event the first segment that the host sends, or
/// the state that it enters without one, and after a loss who acts first. What cannot be known is
/// not asked: that a host opens, and the number that its first SYN carries.
#[must_use]
pub fn questions(run: &Run) -> Vec<Question> {
    let trace = run.timeline.trace();
    let mut questions = vec![];
    let mut lost = None;
    for (step, happened) in trace.steps.iter().enumerate() {
        if let Cause::Loss(index) = happened.cause {
            lost = Some(index);
        }
        let side = happened.side;
        let segment = sent(run, happened);
        let is_moved = happened.state() != run.host(step.checked_sub(1), side).state;
        if segment.is_none() && !is_moved {
            continue;
        }
        let is_asked = run.scripted_side() != Some(side);
        let mut ask = |kind| {
            if is_asked {
                questions.push(Question { step, side, kind });
            }
        };
        let lost = lost.take().filter(|_| matches!(happened.cause, Cause::Timer(_)));
        if let Some((index, _)) = lost.zip(segment) {
            ask(QuestionKind::Acts(index));
        }
        match segment {
            _ if happened.cause == Cause::Call(Call::Listen) => {}
            Some(record) if is_first_syn(happened, record) => {}
            Some(_) => ask(QuestionKind::Segment),
            None => ask(QuestionKind::State),
        }
    }
    questions
}

/// Whether a user call sends a SYN of its own, whose number its host chooses.
fn is_first_syn(step: &Step, record: &SegmentRecord) -> bool {
    matches!(step.cause, Cause::Call(_)) && record.segment.syn()
}

/// The first segment that a step sent.
pub(super) fn sent<'a>(run: &'a Run, step: &Step) -> Option<&'a SegmentRecord> {
    let trace = run.timeline.trace();
    trace.effects(step).find_map(|effect| match effect {
        Effect::Sent(index) => trace.segments.get(index),
        Effect::Event(..) | Effect::Failed(_) => None,
    })
}

/// The initial sequence number of the host that is asked about. It is a number that the host has
/// chosen, so a viewer is told it.
#[must_use]
pub fn given(run: &Run, question: &Question) -> u32 {
    let before = run.host(question.step.checked_sub(1), question.side);
    let after = run.host(Some(question.step), question.side);
    let is_open = |state| !matches!(state, State::Closed | State::Listen);
    let host = [before, after].into_iter().find(|host| is_open(host.state));
    let config = &run.timeline.scenario().hosts[question.side.index()].config;
    host.map_or(config.iss, |host| host.tcb.iss).0
}
