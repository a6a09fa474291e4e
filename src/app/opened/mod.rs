//! Reads a text that a viewer opens: a packetdrill script is run, and an exported trace is compared
//! with the run of its link.
//!
//! Few visits need this code, so the page loads it when the first text is opened.

mod script;
mod trace;

use std::rc::Rc;

pub use script::{Complaint, Draft, MAX_SCRIPT, Script};
pub use trace::MAX_TRACE;

use crate::link::Link;
use crate::packetdrill::Stack;
use crate::sim::Timeline;

/// What an opened text contains.
#[derive(Clone, Debug)]
pub enum ReadResult {
    /// An exported trace that agrees with its run: the link to that run.
    Trace(Box<Link>),
    /// A packetdrill script, with its run.
    Script(Rc<(Script, Timeline)>),
}

/// Two results are equal if they are the same reading of a script, or traces of the same link:
/// runs are not compared event by event.
impl PartialEq for ReadResult {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Trace(link), Self::Trace(other)) => link == other,
            (Self::Script(script), Self::Script(other)) => Rc::ptr_eq(script, other),
            _ => false,
        }
    }
}

/// Runs a script for a stack, or checks an exported trace.
///
/// # Errors
///
/// The trace's field that disagrees with its run, or the script's line that is not understood.
pub fn read_opened_text(text: &Rc<str>, stack: Stack) -> Result<ReadResult, Complaint> {
    if trace::is_trace(text) {
        return trace::link_in(text).map(|link| ReadResult::Trace(Box::new(link)));
    }
    let (report, delay, stack) = script::run(text, stack)?;
    Ok(ReadResult::Script(Rc::new(Script::of(report, delay, Rc::clone(text), stack))))
}

/// Checks that a text is not longer than the limit of its kind.
pub(super) fn fits(text: &str) -> Result<(), Complaint> {
    let most = if trace::is_trace(text) { MAX_TRACE } else { MAX_SCRIPT };
    let octets = text.len();
    if octets > most { Err(Complaint::TooLong { octets, most }) } else { Ok(()) }
}
