//! The panels beside the player and their tabs.

pub mod graph;
pub mod inspector;
pub mod learn;
pub mod log;
pub mod states;
pub mod tabs;
pub mod tcb;
pub mod why;
