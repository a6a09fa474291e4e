//! Moves of the quiz.
//!
//! While a question waits for its answer, the state holds only the part of the run that is
//! [known](crate::app::Run::known) before the event, so no part of the page can reveal more. A
//! question about a [loss](Loss) does not hide the run: the run shown does not contain the loss.

use std::rc::Rc;

use super::edit;
use super::quiz::{is_seen, leave};
use crate::app::action::{Action, Turn};
use crate::app::quiz::{
    Answer, Dealt, Entry, Loss, Move, Phase, Question, QuestionKind, Quiz, ROUND, Round, Score,
    Unread, guess as guess_of, questions,
};
use crate::app::run::Run;
use crate::app::state::{AppState, Motion, Playhead};
use crate::sim::{Edit, SegmentId};
use crate::time::Instant;

/// The action that makes a move of the quiz. Code that names this function loads with the quiz.
#[must_use]
pub const fn play_quiz(quiz_move: Move) -> Action {
    Action::Quiz(Turn::new(quiz_move, make))
}

fn make(state: &mut AppState, quiz_move: Move) {
    match quiz_move {
        Move::Start => {
            let score = score(state);
            edit::show_current(state);
            leave(state);
            let after = state.playhead.step;
            ask(state, after, score);
        }
        Move::Restart => {
            leave(state);
            ask(state, None, Score::default());
        }
        Move::FindLoss => {
            let score = score(state);
            edit::show_current(state);
            leave(state);
            if let Some(loss) = Loss::first(&state.run) {
                ask_loss(state, loss, score);
            }
        }
        Move::Mix(seed) => start_round(state, seed),
        Move::Answer(entry) => answer(state, &entry),
        Move::Guess(id) => guess(state, id),
        Move::Show => reveal(state, None),
        Move::See => see_loss(state),
        Move::Back => back(state),
        Move::Keep => keep(state),
        Move::Next => next(state),
        Move::Resume => resume(state),
        Move::Leave => leave(state),
    }
}

/// The score so far. A round over all lessons has its own.
fn score(state: &AppState) -> Score {
    let quiz = state.quiz.as_ref().filter(|quiz| quiz.round.is_none());
    quiz.map(|quiz| quiz.score).unwrap_or_default()
}

/// Asks about the first event after a step. At the end of a run, asks about its first.
fn ask(state: &mut AppState, after: Option<usize>, score: Score) {
    let whole = Rc::clone(&state.run);
    let questions: Rc<[Question]> = questions(&whole).into();
    let is_later = |question: &&Question| after.is_none_or(|step| question.step > step);
    let later = questions.iter().find(is_later).copied();
    let question = later.or(questions.first().copied().filter(|_| state.is_at_end()));
    let phase = Phase::Asked(Unread::default());
    let quiz = Quiz::opening(whole);
    show(state, Quiz { questions, question, phase, score, ..quiz });
}

/// Asks which segment was lost.
fn ask_loss(state: &mut AppState, loss: Loss, score: Score) {
    // A selected segment counts as the answer that is being given.
    state.selected = None;
    let quiz = Quiz::opening(Rc::clone(&state.run));
    let phase = Phase::Asked(Unread::default());
    show(state, Quiz { loss: Some(loss), phase, score, ..quiz });
}

/// Starts a round of questions about all lessons.
fn start_round(state: &mut AppState, seed: u64) {
    edit::show_current(state);
    leave(state);
    let round = Round {
        home: Rc::clone(&state.run),
        moment: state.playhead.moment(),
        turn: 0,
        lessons: vec![],
        missed: vec![],
        seed,
    };
    deal(state, round, Score::default());
}

/// Asks the question of a round's present turn.
fn deal(state: &mut AppState, mut round: Round, score: Score) {
    state.selected = None;
    let dealt = round.deal(state.true_scale);
    if dealt.is_none() {
        round.turn = ROUND;
    }
    let home = Rc::clone(&round.home);
    let (whole, question, loss) = match dealt {
        Some((run, Dealt::Next(question))) => (run, Some(question), None),
        Some((run, Dealt::Loss(loss))) => (run, None, Some(loss)),
        None => (home, None, None),
    };
    let asks_loss = loss.is_some();
    let phase = Phase::Asked(Unread::default());
    let quiz = Quiz::opening(Rc::clone(&whole));
    let round = Some(Rc::new(round));
    state.run = whole;
    state.playhead = state.beginning();
    show(state, Quiz { question, loss, phase, score, round, ..quiz });
    if asks_loss {
        // The whole run is shown, so it is shown from its end.
        state.playhead = state.playhead_at(state.run.end());
    }
}

fn next(state: &mut AppState) {
    let Some(quiz) = state.quiz.clone() else { return };
    if let Some(round) = &quiz.round {
        let round = Round { turn: round.turn + 1, ..Round::clone(round) };
        deal(state, round, quiz.score);
    } else if let Some(loss) = &quiz.loss {
        if let Some(loss) = loss.next() {
            leave(state);
            ask_loss(state, loss, quiz.score);
        }
    } else if let Some(question) = quiz.question {
        let place = quiz.questions.iter().position(|other| *other == question);
        let next = place.and_then(|place| quiz.questions.get(place + 1)).copied();
        leave(state);
        let phase = Phase::Asked(Unread::default());
        show(state, Quiz { question: next, phase, guess: None, ..Quiz::clone(&quiz) });
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

/// Shows the event that was asked about, and counts the answer.
fn reveal(state: &mut AppState, answer: Option<Answer>) {
    let Some(quiz) = open_question(state) else { return };
    let is_right = answer.map(|answer| quiz.is_right(answer));
    let mut round = quiz.round.as_ref().map(|round| Round::clone(round));
    if let Some(round) = &mut round
        && is_right != Some(true)
    {
        round.missed.extend(round.lessons.last());
    }
    let guess =
        quiz.question.zip(answer).and_then(|(it, answer)| guess_of(&quiz.whole, &it, answer));
    let (phase, score) = (Phase::Told(answer), quiz.score.after(is_right));
    show(state, Quiz { phase, guess, score, round: round.map(Rc::new), ..quiz });
}

/// Shows the run in which the segment in question is lost, from its departure.
fn see_loss(state: &mut AppState) {
    let Some(quiz) = state.quiz.clone() else { return };
    let Phase::Told(answer) = quiz.phase else { return };
    let Some((id, _)) = quiz.loss.as_ref().and_then(Loss::question) else { return };
    let round = quiz.round.as_ref();
    let mut link = round.map_or_else(|| state.link.clone(), |round| round.link());
    link.edits.push(Edit::Drop(id));
    state.run = Rc::new(quiz.whole.revised(&link, state.true_scale));
    state.selected = None;
    state.quiz = Some(Rc::new(Quiz { phase: Phase::Seen(answer), ..Quiz::clone(&quiz) }));
    play_from(state, id);
}

/// Plays from the departure of a segment.
fn play_from(state: &mut AppState, id: SegmentId) {
    if let Some(at) = state.run.arrow(id).map(|arrow| arrow.sent_at) {
        state.playhead = state.playhead_at(at);
        state.playback.play();
    }
}

/// Returns from the run with the loss to the question about it.
fn back(state: &mut AppState) {
    let Some(quiz) = state.quiz.clone() else { return };
    let Phase::Seen(answer) = quiz.phase else { return };
    state.run = Rc::clone(&quiz.whole);
    state.selected = None;
    state.playhead = state.playhead_at(state.playhead.at.min(state.run.end()));
    show(state, Quiz { phase: Phase::Told(answer), ..Quiz::clone(&quiz) });
}

/// Leaves the quiz, with the loss in question as an edit of the run.
fn keep(state: &mut AppState) {
    let Some(quiz) = state.quiz.clone().filter(|quiz| is_seen(quiz)) else { return };
    let Some((id, _)) = quiz.loss.as_ref().and_then(Loss::question) else { return };
    leave(state);
    edit::add(state, Edit::Drop(id));
    play_from(state, id);
}

/// Shows the quiz again over the same run, whose picture has been laid out again.
fn resume(state: &mut AppState) {
    let Some(quiz) = state.quiz.clone() else { return };
    let mut quiz = Quiz::clone(&quiz);
    if let Phase::Seen(answer) = quiz.phase {
        quiz.phase = Phase::Told(answer);
    }
    state.run = Rc::clone(&quiz.whole);
    show(state, quiz);
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
    if let Some(question) = quiz.question {
        let is_told = matches!(quiz.phase, Phase::Told(_));
        let (run, at) = known(&quiz.whole, question, is_told);
        state.run = Rc::new(run);
        let (y, step) = (state.run.ladder.axis.y(at), state.run.timeline.trace().steps.len());
        state.playhead = Playhead { y, at, step: step.checked_sub(1) };
        state.selected = state.selected.filter(|id| state.run.arrow(*id).is_some());
    }
    state.quiz = Some(Rc::new(quiz));
}

/// The part of a run that is known before or after the answer, and the moment of the question.
fn known(whole: &Run, question: Question, is_told: bool) -> (Run, Instant) {
    if !is_told {
        let (steps, at) = question.known(whole);
        let mut run = whole.known(steps, at, at);
        if matches!(question.kind, QuestionKind::Acts(_)) {
            // A timer that runs would tell who acts next.
            run.ladder.timers.retain(|span| span.expired);
        }
        return (run, at);
    }
    let steps = question.step + 1;
    let at = whole.timeline.trace().steps.get(question.step).map_or(Instant::ZERO, |it| it.at);
    let run = whole.known(steps, at, at);
    // The flight of the segment is drawn, but nothing that happens during it.
    let sent = run.ladder.arrows.iter().filter(|arrow| arrow.sent_at == at);
    let until = sent.map(|arrow| arrow.ends_at).max().unwrap_or(at);
    (whole.known(steps, at, until), at)
}
