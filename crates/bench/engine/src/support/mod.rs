//! What the two benches share.

pub mod ours;
pub mod report;
pub mod theirs;
pub mod workload;
