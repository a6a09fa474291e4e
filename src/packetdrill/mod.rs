//! packetdrill: runs scripts of the language in which TCP stacks are tested, against this machine.
//!
//! A script says what a peer sends, what the application calls, and what must leave when.
//! [`parse`] reads it, [`run`] plays peer and application in virtual time and compares.
//!
//! Reading order: [`script`], `cursor`, [`parser`], `calls`, `commands`; [`options`], [`report`],
//! `record`, `host`, `sockets` and [`runner`].

mod calls;
mod commands;
mod cursor;
mod host;
pub mod options;
pub mod parser;
mod record;
pub mod report;
pub mod runner;
pub mod script;
mod sockets;
#[cfg(test)]
mod tests;

pub use options::{Options, Stack};
pub use parser::{DEFAULT_DEFINES, parse, parse_with};
pub use report::{Failure, Note, Report, Verdict};
pub use runner::run;
pub use script::{ParseError, Script};
