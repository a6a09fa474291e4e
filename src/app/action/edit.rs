//! Actions that change the run of the link.

use crate::link::Link;
use crate::sim::{Call, Edit, SegmentId, Side};
use crate::time::Duration;

/// Changes the run of the link. Each change leads back from a comparison to the current run, and
/// ends the quiz.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Add an edit. For a segment of the past, the playhead goes to where it was sent.
    Add(Edit),
    /// Make a user call, now.
    Call(Side, Call),
    /// Begin an outage now, for this long or for good.
    Cut(Option<Duration>),
    /// Remove the edit with this index in the link.
    Remove(usize),
    /// Replace the edit with this index in the link.
    Replace(usize, Edit),
    /// Remove everything that loses, delays, damages or duplicates this segment.
    Restore(SegmentId),
    /// Remove all edits of the link.
    Clear,
    /// Show the whole run instead of a part of it.
    WholeRun,
    /// Undo the last change.
    Undo,
    /// Redo the change that was undone last.
    Redo,
    /// Forget the run before the last change.
    DismissGhost,
    /// Change the tuning of the run: the link after the change.
    Tune(Box<Link>),
    /// Simulate beyond the limit of steps at which the run was cut.
    Extend,
}
