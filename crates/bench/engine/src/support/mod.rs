//! Code shared by both benches.

pub mod ours;
pub mod report;
pub mod theirs;
pub mod workload;
