//! The built-in scenarios, and how they can be tuned. Their titles and questions are in the locale
//! files.

mod build;
mod endings;
mod lessons;
mod outages;
mod tuning;

pub use lessons::{BLANK, DEFAULT, Group, LESSONS, Lesson};
pub use tuning::{PerHost, Stack, Switches, Tuning, WindowScale};
