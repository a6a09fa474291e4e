//! The top of the page: the header with the scenario picker, and problems with the link.

pub mod header;
mod own_runs;
pub mod problems;
pub mod scenario_picker;
mod thumbnail;
