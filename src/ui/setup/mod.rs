//! The sections that change the run: its edits, its parameters, or a packetdrill script.

mod add_edit;
pub mod edits;
pub mod packetdrill;
pub mod tune;
