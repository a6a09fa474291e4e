//! A round of questions about all lessons, as an interview asks them.

use std::rc::Rc;

use super::loss::Loss;
use super::question::{Question, QuestionKind, questions};
use crate::app::run::Run;
use crate::ladder::Moment;
use crate::link::Link;
use crate::scenarios::LESSONS;
use crate::sim::chance::mix;

/// The number of questions of a round.
pub const ROUND: usize = 10;

/// A round. The number `seed` decides about its lessons and questions.
#[derive(Clone, Debug)]
pub struct Round {
    /// The run that was shown before the round, and is shown after it.
    pub home: Rc<Run>,
    /// The moment of that run.
    pub moment: Moment,
    /// The number of the question, from 0; [`ROUND`] after the last.
    pub turn: usize,
    /// The lesson of each question so far.
    pub lessons: Vec<&'static str>,
    /// The lessons whose question was not answered right.
    pub missed: Vec<&'static str>,
    /// The number that shuffles the lessons.
    pub seed: u64,
}

/// What is asked about a lesson.
#[derive(Clone, Debug)]
pub enum Dealt {
    /// What comes next.
    Next(Question),
    /// Which segment was lost.
    Loss(Loss),
}

/// The kinds of questions, as a round alternates between them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Next,
    Acts,
    Loss,
}

impl Round {
    /// The link of the lesson of the last question.
    #[must_use]
    pub fn link(&self) -> Link {
        let scenario = self.lessons.last().copied().unwrap_or(Link::default().scenario);
        Link { scenario, ..Link::default() }
    }

    /// The run and the question of the present turn, whose lesson is noted; `None` after the last.
    pub fn deal(&mut self, true_scale: bool) -> Option<(Rc<Run>, Dealt)> {
        if self.turn >= ROUND {
            return None;
        }
        let wish = match self.turn % 5 {
            1 => Wish::Acts,
            3 => Wish::Loss,
            _ => Wish::Next,
        };
        let fresh = LESSONS.iter().map(|lesson| lesson.id).filter(|id| !self.lessons.contains(id));
        let mut ordered: Vec<&str> = vec![];
        for id in fresh {
            let place = ordered.partition_point(|other| self.number(other) <= self.number(id));
            ordered.insert(place, id);
        }
        for id in ordered {
            let link = Link { scenario: id, ..Link::default() };
            let run = Rc::new(Run::of(&link, true_scale));
            if let Some(dealt) = ask(&run, wish, self.number(id)) {
                self.lessons.push(id);
                return Some((run, dealt));
            }
        }
        None
    }

    /// A number for a lesson, always the same in one round.
    fn number(&self, id: &str) -> u64 {
        id.bytes().fold(mix(self.seed), |number, byte| mix(number ^ u64::from(byte)))
    }
}

/// The question of a run that fulfils a wish.
fn ask(run: &Run, wish: Wish, number: u64) -> Option<Dealt> {
    if wish == Wish::Loss {
        return Loss::any(run, number).map(Dealt::Loss);
    }
    let fits = |question: &Question| {
        matches!(question.kind, QuestionKind::Acts(_)) == (wish == Wish::Acts)
    };
    let fitting: Vec<_> = questions(run).into_iter().filter(fits).collect();
    fitting.get(pick(number, fitting.len())?).copied().map(Dealt::Next)
}

/// An index below `count`.
fn pick(number: u64, count: usize) -> Option<usize> {
    let count = u64::try_from(count).ok()?;
    usize::try_from(mix(number).checked_rem(count)?).ok()
}
