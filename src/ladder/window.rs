//! The windows that segments announce.

use crate::sim::{Origin, SegmentRecord, Side, Trace};
use crate::tcp::Options;

/// The window that a segment announces, and the one that its sender announced before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowChange {
    /// The window before, in bytes.
    pub from: u32,
    /// The window now.
    pub to: u32,
}

impl WindowChange {
    /// Whether the change, or the closed window, is what the segment is about: the buffer did not
    /// merely fill by a few bytes.
    #[must_use]
    pub const fn is_notable(self) -> bool {
        self.to <= self.from / 2 || self.from <= self.to / 2
    }
}

/// For each segment, the window that it announces, if the sender announced another one before or if
/// it is closed.
pub(super) fn windows(trace: &Trace) -> Vec<Option<WindowChange>> {
    let shifts = Side::BOTH.map(|side| shift(trace, side));
    let is_scaled = shifts.iter().all(Option::is_some);
    // Before the first segment: the largest window that a segment can announce.
    let mut last = [u32::from(u16::MAX); 2];
    let window = |record: &SegmentRecord| {
        let Origin::Host(side) = record.id.origin else { return None };
        let segment = &record.segment;
        if segment.rst() {
            return None;
        }
        let shift = shifts[side.index()].filter(|_| is_scaled && !segment.syn()).unwrap_or(0);
        let to = u32::from(segment.window) << shift.min(Options::MAX_WINDOW_SCALE);
        let from = std::mem::replace(&mut last[side.index()], to);
        (to != from || to == 0).then_some(WindowChange { from, to })
    };
    trace.segments.iter().map(window).collect()
}

/// The window scale that a host's SYN offers.
fn shift(trace: &Trace, side: Side) -> Option<u8> {
    let mut syns = trace
        .segments
        .iter()
        .filter(|record| record.id.origin == Origin::Host(side) && record.segment.syn());
    syns.next()?.segment.options.window_scale
}
