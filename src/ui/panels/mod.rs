//! The panels beside the player and their tabs.

pub mod inspector;
mod learn;
mod log;
mod states;
pub mod tabs;
pub mod tcb;
mod why;
