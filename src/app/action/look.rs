//! Actions that change how the run or the page looks.

use std::rc::Rc;

use crate::app::state::Settings;
use crate::link::{Panel, Theme};
use crate::packetdrill::Stack;
use crate::sim::SegmentId;

/// Changes how the run or the page looks, and leaves the run as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Select a segment, or none. Selecting a segment in flight pauses the run.
    Select(Option<SegmentId>),
    /// Move the selection by a number of segments, forward or back.
    SelectNext(i32),
    /// Show the run before the last change beside the current one, or the current one alone.
    Compare,
    /// Show the page in this language.
    Language(String),
    /// Show the page in this theme.
    Theme(Theme),
    /// Open these panels.
    Panels(Vec<Panel>),
    /// Draw idle gaps to scale, or fold them.
    TrueScale(bool),
    /// Show the future of the run, faintly, or hide it.
    ShowFuture(bool),
    /// Open or close the panel for packetdrill scripts.
    ShowDraft(bool),
    /// Keep the text of that panel.
    Draft(Rc<str>, Stack),
    /// Open or close the list of a capture's connections.
    ShowCapture(bool),
    /// Open or close the help.
    Help(bool),
    /// Open or close the quiz. Once its code is there, it asks its first question.
    Quiz(bool),
    /// Change how the page behaves.
    Set(Settings),
    /// Show the player alone, enlarged, its future hidden; or the whole page again.
    Present(bool),
    /// Enter or leave full screen. The browser does it, so the state does not change.
    FullScreen,
    /// Dismiss the problems of the link.
    DismissProblems,
}
