//! Moves of the quiz.
//!
//! While a question waits for its answer, the state holds only the part of the run that is
//! [known](crate::app::Run::known) before the event, so no part of the page can reveal more. A
//! question about a [loss](Loss) does not hide the run: the run shown does not contain the loss.

use std::rc::Rc;

use super::edit;
use crate::app::action::Play;
use crate::app::quiz::{Answer, Entry, Loss, Move, Phase, Quiz, Unread, question};
use crate::app::state::{AppState, Motion, Playhead};
use crate::sim::{Edit, SegmentId};

pub(super) fn reduce(state: &mut AppState, action: Move) {
    match action {
        Move::Start => {
            edit::show_current(state);
            ask(state, state.playhead.step);
        }
        Move::Restart => ask(state, None),
        Move::FindLoss => {
            edit::show_current(state);
            leave(state);
            if let Some(loss) = Loss::first(&state.run) {
                ask_loss(state, loss);
            }
        }
        Move::Answer(entry) => answer(state, &entry),
        Move::Guess(id) => guess(state, id),
        Move::Show => reveal(state, None),
        Move::See => see_loss(state),
        Move::Next => next(state),
        Move::Leave => {
            leave(state);
        }
    }
}

/// Whether a question about the next event is open and the action plays on: then the event is
/// revealed instead.
pub(super) fn is_answer(state: &AppState, action: &Play) -> bool {
    let goes_on = match action {
        Play::Start => true,
        Play::Toggle => !state.is_playing(),
        Play::Step(by) => *by > 0,
        _ => false,
    };
    let asks = state.quiz.as_ref().is_some_and(|quiz| quiz.question.is_some());
    goes_on && asks && state.is_at_end()
}

/// Reveals the answer; after it, asks the next question.
pub(super) fn go_on(state: &mut AppState) {
    match state.quiz.as_ref().map(|quiz| &quiz.phase) {
        Some(Phase::Asked(_)) => reveal(state, None),
        Some(Phase::Told(_)) => next(state),
        None => {}
    }
}

/// Shows the whole run again, with the playhead where it is. Returns the quiz, if there was one.
pub(super) fn leave(state: &mut AppState) -> Option<Rc<Quiz>> {
    let quiz = state.quiz.take()?;
    state.run = Rc::clone(&quiz.whole);
    Some(quiz)
}

/// Asks the same question about the same run, whose picture has been laid out again.
pub(super) fn resume(state: &mut AppState, quiz: Option<Rc<Quiz>>) {
    if let Some(quiz) = quiz {
        let whole = Rc::clone(&state.run);
        show(state, Quiz { whole, ..Quiz::clone(&quiz) });
    }
}

/// Asks about the first event after a step.
fn ask(state: &mut AppState, after: Option<usize>) {
    leave(state);
    let whole = Rc::clone(&state.run);
    let question = question(&whole, after);
    let phase = Phase::Asked(Unread::default());
    show(state, Quiz { whole, question, loss: None, phase });
}

/// Asks which segment was lost.
fn ask_loss(state: &mut AppState, loss: Loss) {
    leave(state);
    // A selected segment counts as the answer that is being given.
    state.selected = None;
    let phase = Phase::Asked(Unread::default());
    let whole = Rc::clone(&state.run);
    show(state, Quiz { whole, question: None, loss: Some(loss), phase });
}

fn next(state: &mut AppState) {
    let Some(quiz) = state.quiz.clone() else { return };
    if let Some(loss) = &quiz.loss {
        if let Some(loss) = loss.next() {
            ask_loss(state, loss);
        }
    } else if let Some(question) = quiz.question {
        ask(state, Some(question.step));
    }
}

fn answer(state: &mut AppState, entry: &Entry) {
    let Some(quiz) = open_question(state) else { return };
    match quiz.question.map(|question| entry.read(question.kind)) {
        Some(Ok(answer)) => reveal(state, Some(answer)),
        Some(Err(unread)) => {
            state.quiz = Some(Rc::new(Quiz { phase: Phase::Asked(unread), ..quiz }));
        }
        None => {}
    }
}

fn guess(state: &mut AppState, id: Option<SegmentId>) {
    let Some(quiz) = open_question(state) else { return };
    let Some(loss) = &quiz.loss else { return };
    if let Some(id) = loss.choices().find(|choice| Some(*choice) == id) {
        reveal(state, Some(Answer::Loss(id)));
    } else {
        let phase = Phase::Asked(Unread { loss: true, ..Unread::default() });
        state.quiz = Some(Rc::new(Quiz { phase, ..quiz }));
    }
}

/// Shows the event that was asked about.
fn reveal(state: &mut AppState, answer: Option<Answer>) {
    if let Some(quiz) = open_question(state) {
        show(state, Quiz { phase: Phase::Told(answer), ..quiz });
    }
}

/// Loses the segment in the run that is shown, and plays from its departure.
fn see_loss(state: &mut AppState) {
    let quiz = state.quiz.as_ref().filter(|quiz| matches!(quiz.phase, Phase::Told(_)));
    let Some((id, _)) = quiz.and_then(|quiz| quiz.loss.as_ref()?.question()) else { return };
    leave(state);
    edit::add(state, Edit::Drop(id));
    if let Some(at) = state.run.arrow(id).map(|arrow| arrow.sent_at) {
        state.playhead = state.playhead_at(at);
        state.playback.play();
    }
}

/// The quiz, if a question waits for an answer.
fn open_question(state: &AppState) -> Option<Quiz> {
    let quiz = state.quiz.as_ref().filter(|quiz| matches!(quiz.phase, Phase::Asked(_)))?;
    let is_lost = quiz.loss.as_ref().is_some_and(|loss| loss.question().is_some());
    (is_lost || quiz.question.is_some()).then(|| Quiz::clone(quiz))
}

/// Shows a quiz, and of its run only the part that is known at this point.
fn show(state: &mut AppState, quiz: Quiz) {
    state.playback.motion = Motion::Paused;
    let asked = quiz.question.and_then(|question| {
        let at = quiz.whole.timeline.trace().steps.get(question.step)?.at;
        Some((question.step + usize::from(matches!(quiz.phase, Phase::Told(_))), at))
    });
    if let Some((steps, at)) = asked {
        state.run = Rc::new(quiz.whole.known(steps, at));
        let y = state.run.ladder.axis.end();
        state.playhead = Playhead { y, at, step: steps.checked_sub(1) };
        state.selected = state.selected.filter(|id| state.run.arrow(*id).is_some());
    }
    state.quiz = Some(Rc::new(quiz));
}
