//! A segment with its connection and notes.

use super::notes::Notes;
use super::segment::CapturedSegment;

/// One TCP segment of a capture, with its place in its connection.
#[derive(Clone, Debug)]
pub struct TracedSegment {
    /// The segment as captured.
    pub segment: CapturedSegment,
    /// The index of its connection in [`Capture::connections`](super::Capture::connections).
    pub connection: usize,
    /// Observations that follow from the segments before it.
    pub notes: Notes,
}
