//! Assignments: the goals that a run has to reach, and the codes that hold a solution.

mod code;
mod draft;
mod progress;
mod words;

pub use code::{CodeError, MAX_CODE, Solution, check_code, result_code};
pub use draft::{AssignmentDraft, DraftError, GOAL_KINDS, GoalDraft};
pub use progress::{Progress, keeps, progress};
pub use words::{goal_words, lock_words, progress_words};
