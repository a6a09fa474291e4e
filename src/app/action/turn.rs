//! A move of the quiz, with the code that makes it.

use std::fmt;

use crate::app::quiz::Move;
use crate::app::state::{AppState, QuizMoves};

/// A move of the quiz. It brings the code that makes it, so that a page can load this code with the
/// quiz instead of with the player.
#[derive(Clone)]
pub struct Turn {
    /// The move.
    pub quiz_move: Move,
    moves: QuizMoves,
}

impl Turn {
    /// A move, and the code that makes it.
    pub(in crate::app) const fn new(quiz_move: Move, moves: QuizMoves) -> Self {
        Self { quiz_move, moves }
    }

    /// Makes the move.
    pub(in crate::app) fn make(self, state: &mut AppState) {
        state.quiz_moves = Some(self.moves);
        (self.moves)(state, self.quiz_move);
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.quiz_move.fmt(f)
    }
}

impl PartialEq for Turn {
    fn eq(&self, other: &Self) -> bool {
        self.quiz_move == other.quiz_move
    }
}
