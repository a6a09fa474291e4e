//! The segments of a connection as they passed the capture.

use super::super::notes::{Note, Notes};
use super::super::segment::CapturedSegment;
use crate::sim::Side;
use crate::tcp::SeqNumber;
use crate::tcp::segment::Flags;

/// A segment that passed the capture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed<'a> {
    pub segment: &'a CapturedSegment,
    pub notes: Notes,
    /// Its sender.
    pub from: Side,
    /// The number of its packet in the file.
    pub frame: u64,
    /// When it passed, in microseconds since the first segment.
    pub at: i64,
}

impl Passed<'_> {
    /// The sequence number after the last that it occupies.
    pub fn end(&self) -> SeqNumber {
        self.segment.seq + self.segment.sequence_length()
    }

    /// Whether it is a SYN,ACK: in a simultaneous open it has the sequence number of the SYN.
    pub fn is_syn_ack(&self) -> bool {
        self.segment.has(Flags::SYN | Flags::ACK)
    }

    /// The first of the `later` segments that acknowledges all of this one; `None` if it occupies
    /// no sequence number, or was not acknowledged.
    pub fn first_answer<'b>(&self, later: &'b [Passed<'b>]) -> Option<&'b Passed<'b>> {
        if self.segment.sequence_length() == 0 {
            return None;
        }
        later.iter().find(|answer| {
            answer.from != self.from
                && answer.segment.has(Flags::ACK)
                && answer.segment.ack.at_or_after(self.end())
        })
    }
}

/// Whether the acknowledgment of a segment is its own: it occupies sequence numbers that no earlier
/// segment did, or is a retransmission. The SYN,ACK of a simultaneous open repeats the SYN.
pub(super) fn expects_answer(passed: &[Passed<'_>], index: usize) -> bool {
    let each = &passed[index];
    let is_new = || {
        !passed[..index].iter().any(|other| {
            other.from == each.from
                && other.segment.sequence_length() > 0
                && other.end().at_or_after(each.end())
        })
    };
    let is_repetition = each.notes.has(Note::Retransmission) && !each.segment.has(Flags::SYN);
    each.segment.sequence_length() > 0 && (is_repetition || is_new())
}
