//! Actions that show another run.

use std::rc::Rc;

use crate::app::captured::Shown;
use crate::app::learn::Demo;
use crate::app::opened::{Complaint, ReadResult};
use crate::link::{Link, Problem};
use crate::packetdrill::Stack;

/// Shows another run, or asks for one.
#[derive(Clone, Debug, PartialEq)]
pub enum Open {
    /// A built-in scenario, from its start, without edits.
    Scenario(&'static str),
    /// Play a run that demonstrates something, up to the moment that shows it.
    Demo(Demo),
    /// The run and the view of a link, with what could not be read of it.
    Link(Box<Link>, Vec<Problem>),
    /// Run a packetdrill script for this stack. If it cannot be read, show it and say why.
    Script(Rc<str>, Stack),
    /// A file was chosen or dropped: its text, or why it has none.
    File(Result<String, Complaint>),
    /// The text that was opened last has been read: the result of
    /// [`read_opened_text`](crate::app::read_opened_text).
    Read(Rc<str>, Stack, Result<ReadResult, Complaint>),
    /// The run of a link, from its start, with the present view.
    Run(Box<Link>),
    /// Show a captured connection.
    Capture(Shown),
    /// Leave the run of a script or of a capture, and show the link's again.
    Leave,
}
