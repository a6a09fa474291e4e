//! The share link: all of the viewer's choices as one line of text, read and written.
//!
//! Equal states give equal links: parameters have one order and one spelling, and defaults are
//! omitted. Invalid parts are reported and skipped.

mod goal;
mod model;
mod panel;
mod parameters;
mod problem;
mod read;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod values;
mod view;
mod write;

pub use goal::{Goal, LOCKS, Lock};
pub use model::Link;
pub use panel::Panel;
pub use parameters::{names, range};
pub use problem::{Problem, ProblemKind};
pub use read::{MAX_EDITS, MAX_GOALS, MAX_LENGTH, MAX_NAME, MAX_TASK, edits};
pub use values::{Range, write_keep_alive};
pub use view::{PauseOn, Speed, Theme, View};
