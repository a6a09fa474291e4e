//! packetdrill: runs scripts of Google's test language for TCP stacks against our state machine.
//!
//! A script lists the segments of a peer, the calls of the application, and the segments that the
//! host under test must send, each with its time.
//! [`parse`] reads it; [`run`] plays the peer and the application in virtual time, and compares.
//!
//! Reading order: [`script`], `cursor`, [`parser`], `calls`, `commands`; [`options`], [`report`],
//! `record`, `host`, `sockets` and [`runner`].

mod assertions;
mod calls;
mod commands;
mod cursor;
pub mod events;
mod host;
pub mod options;
pub mod parser;
pub mod preamble;
mod readiness;
mod record;
pub mod report;
pub mod runner;
pub mod script;
mod socket_options;
mod sockets;
mod tcp_info;
#[cfg(test)]
mod tests;
mod variables;

pub use options::{Options, Stack};
pub use parser::{DEFAULT_DEFINES, parse, parse_with};
pub use preamble::{Preamble, Setting};
pub use report::{Failure, Note, Report, Verdict};
pub use runner::run;
pub use script::{ParseError, Script};
