//! The meaning of a segment in a few words, as in study notes.

use crate::explain::side_name;
use crate::locale::Catalog;
use crate::sim::SegmentRecord;
use crate::tcp::{Flags, Rule};

/// The meaning of a segment: `asks for a connection; its ISN is 100`.
#[must_use]
pub fn meaning(record: &SegmentRecord, catalog: &Catalog) -> String {
    let segment = &record.segment;
    catalog.format(
        key(record),
        &[
            ("from", &side_name(record.from, catalog)),
            ("to", &side_name(record.from.peer(), catalog)),
            ("seq", &segment.seq),
            ("ack", &segment.ack),
            ("window", &segment.window),
            ("count", &segment.text.len()),
        ],
    )
}

fn key(record: &SegmentRecord) -> &'static str {
    let segment = &record.segment;
    let acks = segment.flags.contains(Flags::ACK);
    if segment.rst() {
        return match record.rule {
            Some(Rule::ClosedResets) => "export.meaning.no-connection",
            Some(Rule::SynSentBadAckResets | Rule::ListenResetsAck | Rule::AckResets) => {
                "export.meaning.forget"
            }
            _ => "export.meaning.reset",
        };
    }
    if segment.syn() {
        return if acks { "export.meaning.syn-ack" } else { "export.meaning.syn" };
    }
    if segment.fin() {
        return match (segment.text.is_empty(), record.rule) {
            (false, _) => "export.meaning.data-and-fin",
            (true, Some(Rule::ZeroWindowProbed)) => "export.meaning.probe",
            (true, _) => "export.meaning.fin",
        };
    }
    if !segment.text.is_empty() {
        return match record.rule {
            Some(Rule::ZeroWindowProbed) => "export.meaning.probe",
            _ => "export.meaning.data",
        };
    }
    match record.rule {
        Some(Rule::SynSentEstablishes) => "export.meaning.ack-of-syn",
        Some(Rule::FinAcknowledgedToPeer | Rule::FinRestartsTimeWait) => {
            "export.meaning.ack-of-fin"
        }
        Some(Rule::WindowOpened | Rule::WindowShrunk) => "export.meaning.window",
        Some(Rule::ResetChallenged | Rule::SynChallenged) => "export.meaning.challenge",
        Some(
            Rule::OutsideWindowAcks | Rule::GapAcknowledged | Rule::AckOfUnsent | Rule::AckTooOld,
        ) => "export.meaning.expects",
        _ => "export.meaning.ack",
    }
}
