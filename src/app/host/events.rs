//! The events that a host page or program hears.

use super::object::Object;
use super::protocol::message;
use crate::app::quiz::{Loss, Phase, Quiz};
use crate::app::state::AppState;
use crate::link::Link;
use crate::sim::{SegmentId, Side};
use crate::tcp::State;
use crate::time::Instant;

/// The least time between two `timeupdate` events, in milliseconds: four a second are enough for
/// a progress bar.
pub const TIMEUPDATE_MILLIS: u32 = 250;

/// A change of the state that a host hears of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostEvent {
    /// Another run is shown.
    ScriptChange(Box<Link>),
    /// The run begins to play.
    Play(Instant),
    /// The run pauses before its end.
    Pause(Instant),
    /// The run has played to its end.
    Ended(Instant),
    /// The moment that is shown has changed.
    TimeUpdate(Instant),
    /// Another segment is selected, or none.
    SegmentSelect(Option<SegmentId>),
    /// A host is in another state.
    StateChange {
        /// The host.
        side: Side,
        /// Its state before.
        from: State,
        /// Its state now.
        to: State,
        /// The moment that is shown.
        at: Instant,
    },
    /// Another step is shown.
    Step {
        /// Its index in the trace.
        index: usize,
        /// The moment that is shown.
        at: Instant,
    },
    /// A question of the quiz was answered.
    Quiz {
        /// The question.
        question: QuizQuestion,
        /// Whether the answer is correct; `None` if the viewer asked to see it.
        is_correct: Option<bool>,
    },
}

/// A question of the quiz, as a host hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuizQuestion {
    /// Which segment was lost? The correct one.
    Loss(SegmentId),
    /// What happens next? The index of that step.
    Next(usize),
}

impl HostEvent {
    /// Its name in messages.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ScriptChange(_) => "scriptchange",
            Self::Play(_) => "play",
            Self::Pause(_) => "pause",
            Self::Ended(_) => "ended",
            Self::TimeUpdate(_) => "timeupdate",
            Self::SegmentSelect(_) => "segmentselect",
            Self::StateChange { .. } => "statechange",
            Self::Step { .. } => "event",
            Self::Quiz { .. } => "quiz",
        }
    }

    /// The message to a host page.
    #[must_use]
    pub fn message(&self) -> Object {
        message(self.name()).and(self.fields())
    }

    /// The event for a listener in the same program: a message without `src` and `v`.
    #[must_use]
    pub fn detail(&self) -> Object {
        Object::default().with("type", self.name()).and(self.fields())
    }

    fn fields(&self) -> Object {
        let fields = Object::default();
        match self {
            Self::ScriptChange(link) => fields.with("script", link.to_string()),
            Self::Play(at) | Self::Pause(at) | Self::Ended(at) | Self::TimeUpdate(at) => {
                fields.with("currentTime", *at)
            }
            Self::SegmentSelect(id) => fields.with("seg", id.map(|id| id.to_string())),
            Self::StateChange { side, from, to, at } => fields
                .with("side", side.name())
                .with("from", from.name())
                .with("to", to.name())
                .with("t", *at),
            Self::Step { index, at } => fields.with("index", *index).with("t", *at),
            Self::Quiz { question, is_correct } => match question {
                QuizQuestion::Loss(id) => fields.with("kind", "loss").with("seg", id.to_string()),
                QuizQuestion::Next(step) => fields.with("kind", "next").with("index", *step),
            }
            .with("correct", *is_correct),
        }
    }
}

/// Finds the events between one state and the next.
#[derive(Debug, Default)]
pub struct Reporter {
    reported: Option<AppState>,
    reported_time: Option<Instant>,
}

impl Reporter {
    /// The changes since the last call, in the order in which a host hears of them.
    pub fn changes(&mut self, now: &AppState) -> Vec<HostEvent> {
        let before = self.reported.replace(now.clone());
        before.map_or(vec![], |before| events(&before, now))
    }

    /// The time as an event, if it has changed since the last call.
    pub fn time(&mut self, now: &AppState) -> Option<HostEvent> {
        let at = now.playhead.at;
        // The first call is not an event: the host knows where a run begins.
        let reported = self.reported_time.replace(at);
        reported.is_some_and(|reported| reported != at).then_some(HostEvent::TimeUpdate(at))
    }
}

fn events(before: &AppState, after: &AppState) -> Vec<HostEvent> {
    let mut events = vec![];
    let at = after.playhead.at;
    if before.link != after.link {
        events.push(HostEvent::ScriptChange(Box::new(after.link.clone())));
    }
    if before.is_playing() != after.is_playing() {
        events.push(match (after.is_playing(), after.is_at_end()) {
            (true, _) => HostEvent::Play(at),
            (false, true) => HostEvent::Ended(at),
            (false, false) => HostEvent::Pause(at),
        });
    }
    if before.selected != after.selected {
        events.push(HostEvent::SegmentSelect(after.selected));
    }
    for side in Side::BOTH {
        let (from, to) = (before.host(side).state, after.host(side).state);
        if from != to {
            events.push(HostEvent::StateChange { side, from, to, at });
        }
    }
    if before.playhead.step != after.playhead.step
        && let Some(index) = after.playhead.step
    {
        events.push(HostEvent::Step { index, at });
    }
    events.extend(answered(before, after));
    events
}

/// The question of the quiz that was just answered, or shown without an answer.
fn answered(before: &AppState, after: &AppState) -> Option<HostEvent> {
    let (before, after) = (before.quiz.as_ref()?, after.quiz.as_ref()?);
    let Phase::Told(_) = after.phase else { return None };
    let lost = |quiz: &Quiz| quiz.loss.as_ref().and_then(Loss::question);
    let is_same = before.question == after.question && lost(before) == lost(after);
    if !is_same || !matches!(before.phase, Phase::Asked(_)) {
        return None;
    }
    let question = match (lost(after), after.question) {
        (Some((id, _)), _) => QuizQuestion::Loss(id),
        (None, Some(question)) => QuizQuestion::Next(question.step),
        (None, None) => return None,
    };
    Some(HostEvent::Quiz { question, is_correct: after.score.last })
}
