//! What the checks of an arriving segment share.

use super::outbox::Outbox;
use super::output::{Event, Transmission};
use super::rule::Rule;
use super::segment::{Flags, Segment};

/// The decision of a check.
pub(super) enum Verdict {
    /// Go on with the next check.
    Continue,
    /// The segment is finished.
    Done,
}

#[cold]
pub(super) fn discard(rule: Rule, out: &mut Outbox) {
    out.record(Event::Discarded, rule);
}

/// Drops a segment that belongs to no connection here, and answers it with a reset (§3.5.2).
#[cold]
pub(super) fn reset_unknown(segment: &Segment, rule: Rule, out: &mut Outbox) {
    discard(rule, out);
    let reset = match segment.acknowledgment() {
        Some(ack) => Segment { seq: ack, flags: Flags::RST, ..Segment::default() },
        None => {
            Segment { ack: segment.end(), flags: Flags::RST | Flags::ACK, ..Segment::default() }
        }
    };
    out.transmit(reset, Transmission::First, rule);
}
