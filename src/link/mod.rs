//! The share link: everything that a viewer chose, as one line of text, both ways.
//!
//! Equal states give equal links: one order, one spelling, no defaults. What cannot be read is
//! reported and skipped; the rest still works.

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

pub use model::Link;
pub use panel::Panel;
pub use parameters::{names, range};
pub use problem::{Problem, ProblemKind};
pub use read::{MAX_EDITS, MAX_LENGTH, edits};
pub use values::Range;
pub use view::{PauseOn, Speed, Theme, View};
