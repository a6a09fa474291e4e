//! Checks of whole runs: [`laws`] that hold after every step, and [`explore`], which tries every
//! combination of network faults against them.

mod congestion;
pub mod explore;
pub mod laws;
