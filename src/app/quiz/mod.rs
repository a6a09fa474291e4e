//! The quiz: the viewer predicts the next event, and the run itself checks the answer.

use std::rc::Rc;

use super::run::Run;
use crate::sim::SegmentId;

mod check;
mod entry;
pub mod loss;
mod question;
mod round;

pub use check::{CheckedField, Field, Guess, check, flag_names, guess, rule};
pub use entry::{Answer, Entry, FLAGS, MAX_NUMBER, Unread};
pub use loss::Loss;
pub use question::{Question, QuestionKind, given, questions};
pub use round::{Dealt, ROUND, Round};

/// A quiz about a run.
#[derive(Clone, Debug)]
pub struct Quiz {
    /// The complete run.
    pub whole: Rc<Run>,
    /// Every question about the run, in order.
    pub questions: Rc<[Question]>,
    /// The current or last question; `None` after the last one, or while a loss is asked about.
    pub question: Option<Question>,
    /// The losses to find, while a loss is asked about.
    pub loss: Option<Loss>,
    /// The phase of the question.
    pub phase: Phase,
    /// The segment of a wrong answer, drawn beside the true one.
    pub guess: Option<Guess>,
    /// The answers so far.
    pub score: Score,
    /// The round over all lessons, while one is played.
    pub round: Option<Rc<Round>>,
}

/// The phase of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The quiz has been opened. Its code may still be loading, and asks as soon as it is there.
    Opening,
    /// It waits for an answer. These fields of the last entry could not be read.
    Asked(Unread),
    /// The event has been revealed, after an answer or without one.
    Told(Option<Answer>),
    /// The run with the loss in question is shown; the answer is kept.
    Seen(Option<Answer>),
}

/// How many answers were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// The questions so far, with those whose answer was only shown.
    pub asked: u32,
    /// The right answers.
    pub right: u32,
    /// The right answers since the last that was not.
    pub streak: u32,
    /// The longest such series.
    pub best: u32,
    /// Whether the last answer was right; `None` if it was only shown.
    pub last: Option<bool>,
}

impl Score {
    /// The score after one more answer; `None` if the answer was only shown.
    #[must_use]
    pub fn after(self, is_right: Option<bool>) -> Self {
        let won = u32::from(is_right == Some(true));
        let streak = won * (self.streak + 1);
        Self {
            asked: self.asked + 1,
            right: self.right + won,
            streak,
            best: self.best.max(streak),
            last: is_right,
        }
    }
}

/// A viewer's move in the quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Ask about the next event after the playhead.
    Start,
    /// Ask about the first event of the run.
    Restart,
    /// Ask which loss explains the events that a host saw.
    FindLoss,
    /// Start a round of questions about all lessons, which this number shuffles.
    Mix(u64),
    /// Check this entry.
    Answer(Entry),
    /// Check whether this segment was lost.
    Guess(Option<SegmentId>),
    /// Show the answer.
    Show,
    /// Ask the next question.
    Next,
    /// Show the run in which the segment in question is lost.
    See,
    /// Return from that run to the question.
    Back,
    /// Leave the quiz, with the loss in question as an edit of the run.
    Keep,
    /// Ask the same question about the same run, whose picture has been laid out again.
    Resume,
    /// Show the whole run again.
    Leave,
}

impl Quiz {
    /// A quiz that asks nothing yet.
    #[must_use]
    pub fn opening(whole: Rc<Run>) -> Self {
        Self {
            whole,
            questions: Rc::new([]),
            question: None,
            loss: None,
            phase: Phase::Opening,
            guess: None,
            score: Score::default(),
            round: None,
        }
    }

    /// Whether an answer is right in every field.
    #[must_use]
    pub fn is_right(&self, answer: Answer) -> bool {
        let is_fact = |question: Question| {
            check(&self.whole, &question, Some(answer)).iter().all(|row| row.is_right)
        };
        match (answer, &self.loss) {
            (Answer::Loss(id), Some(loss)) => loss.difference(id).is_none(),
            _ => self.question.is_some_and(is_fact),
        }
    }

    /// The number of the current question, counted from 1, and of all.
    #[must_use]
    pub fn number(&self) -> Option<(usize, usize)> {
        if let Some(round) = &self.round {
            return (round.turn < ROUND).then_some((round.turn + 1, ROUND));
        }
        if let Some(loss) = &self.loss {
            return Some((loss.turn? + 1, loss.count()));
        }
        let question = self.question?;
        let place = self.questions.iter().position(|other| *other == question)?;
        Some((place + 1, self.questions.len()))
    }
}
