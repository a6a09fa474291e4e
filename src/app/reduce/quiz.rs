//! What the quiz has to do with everything else: opening and leaving it, and what playing on means
//! while it asks. `quiz_moves` has the rest, which loads with the quiz.

use std::rc::Rc;

use super::edit;
use crate::app::action::Play;
use crate::app::quiz::{Loss, Move, Phase, Quiz, Round};
use crate::app::state::{AppState, Playhead};
use crate::sim::Edit;

/// Opens the quiz, which asks nothing before its code makes the first move.
pub(super) fn open(state: &mut AppState) {
    edit::show_current(state);
    leave(state);
    state.playback.pause();
    state.quiz = Some(Rc::new(Quiz::opening(Rc::clone(&state.run))));
}

/// Whether a question about the next event is open and the action plays on: then the event is
/// revealed instead, and after it the next question is asked.
pub(super) fn is_answer(state: &AppState, action: &Play) -> bool {
    let goes_on = match action {
        Play::Start => true,
        Play::Toggle => !state.is_playing(),
        Play::Step(by) => *by > 0,
        _ => false,
    };
    let Some(quiz) = state.quiz.as_ref().filter(|quiz| quiz.question.is_some()) else {
        return false;
    };
    let is_last = || {
        let steps = state.run.timeline.trace().steps.len();
        state.playhead.step.map_or(0, |step| step + 1) == steps
    };
    goes_on && (state.is_at_end() || matches!(quiz.phase, Phase::Told(_)) && is_last())
}

/// Reveals the answer; after it, asks the next question.
pub(super) fn go_on(state: &mut AppState) {
    let quiz_move = match state.quiz.as_ref().map(|quiz| &quiz.phase) {
        Some(Phase::Asked(_)) => Move::Show,
        Some(Phase::Told(_)) => Move::Next,
        _ => return,
    };
    play(state, quiz_move);
}

/// Makes a move, if the code for it is there: without it no question has been asked.
fn play(state: &mut AppState, quiz_move: Move) {
    if let Some(moves) = state.quiz_moves {
        moves(state, quiz_move);
    }
}

/// Shows the whole run again, with the playhead where it is.
pub(super) fn leave(state: &mut AppState) {
    take(state);
}

/// Leaves the quiz. Returns it, if there was one.
pub(super) fn take(state: &mut AppState) -> Option<Rc<Quiz>> {
    let quiz = state.quiz.take()?;
    if let Some(round) = &quiz.round {
        state.run = Rc::clone(&round.home);
        let y = state.run.ladder.axis.y(round.moment.at);
        state.playhead = Playhead { y, at: round.moment.at, step: round.moment.step };
        state.selected = None;
        state.playback.pause();
    } else {
        let is_elsewhere = matches!(quiz.phase, Phase::Seen(_));
        state.run = Rc::clone(&quiz.whole);
        if is_elsewhere {
            state.playhead = state.playhead_at(state.playhead.at.min(state.run.end()));
        }
    }
    Some(quiz)
}

/// Leaves the quiz before an edit. If it shows the run with a loss, the loss becomes an edit too.
pub(super) fn leave_to_edit(state: &mut AppState) {
    let at = state.playhead.at;
    let Some(quiz) = take(state) else { return };
    let lost = quiz.loss.as_ref().and_then(Loss::question);
    if let Some((id, _)) = lost.filter(|_| is_seen(&quiz)) {
        edit::add(state, Edit::Drop(id));
        state.playhead = state.playhead_at(at.min(state.run.end()));
    }
}

/// Whether the quiz shows the link's own run with a loss.
pub(super) fn is_seen(quiz: &Quiz) -> bool {
    matches!(quiz.phase, Phase::Seen(_)) && quiz.round.is_none()
}

/// Asks the same question about the same run, whose picture has been laid out again.
pub(super) fn resume(state: &mut AppState, quiz: Option<Rc<Quiz>>) {
    if let Some(quiz) = quiz {
        let whole = Rc::new(quiz.whole.scaled(state.true_scale));
        let round = quiz
            .round
            .as_ref()
            .map(|round| Rc::new(Round { home: Rc::clone(&state.run), ..Round::clone(round) }));
        state.quiz = Some(Rc::new(Quiz { whole, round, ..Quiz::clone(&quiz) }));
        play(state, Move::Resume);
    }
}
