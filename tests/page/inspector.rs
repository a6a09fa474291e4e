//! The inspector: the bytes of a segment, every bit in a row, and the reason for each field's value
//! in the run shown.

use tcp_handshake::app::Run;
use tcp_handshake::app::inspector::{FieldRow, Inspection, Sentence, Span};
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::SegmentId;
use tcp_handshake::tcp::HeaderField;

fn run(link: &str) -> Run {
    Run::of(&Link::parse("", link).0, false)
}

fn inspect(run: &Run, id: &str) -> Inspection {
    let id: SegmentId = id.parse().unwrap();
    Inspection::of(run, id).unwrap_or_else(|| panic!("{id} is not sent"))
}

fn row<'a>(inspection: &'a Inspection, name: &str) -> &'a FieldRow {
    inspection.rows.iter().find(|row| row.name() == name).unwrap_or_else(|| panic!("no {name}"))
}

/// Checks the reason for a field's value, in English.
#[track_caller]
fn assert_why(link: &str, id: &str, name: &str, value: &str, why: &str) {
    let inspection = inspect(&run(link), id);
    let row = row(&inspection, name);
    assert_eq!(row.value, value);
    assert_eq!(row.why.text(Catalog::english()), why);
}

#[test]
fn rows_and_cells_cover_every_bit_once() {
    for lesson in LESSONS {
        let run = run(&format!("scenario={}", lesson.id));
        for record in &run.timeline.trace().segments {
            let inspection = Inspection::of(&run, record.id).unwrap();
            let bits = u32::try_from(inspection.octets.len() * 8).unwrap();
            let mut next = 0;
            for row in &inspection.rows {
                assert_eq!(row.span.from, next, "{} {}", record.id, row.name());
                next = row.span.to;
            }
            assert_eq!(next, bits);
            let mut next = 0;
            for cell in inspection.cells() {
                assert_eq!(cell.span.from, next, "{}", record.id);
                assert!(cell.span.len() <= 8 && cell.span.from / 8 == (cell.span.to - 1) / 8);
                assert!(inspection.rows[cell.row].span.overlaps(cell.span));
                next = cell.span.to;
            }
            let hidden = u32::try_from(inspection.octets_beyond_cells() * 8).unwrap();
            assert_eq!(next + hidden, bits);
            assert_eq!(inspection.text(), record.segment.text.octets());
        }
    }
}

#[test]
fn every_reason_has_its_text_in_every_language() {
    let korean = Catalog::built_in("ko").unwrap();
    let check = |sentence: &Sentence| {
        for catalog in [Catalog::english(), &korean] {
            let text = sentence.text(catalog);
            assert!(!text.contains("field.") && !text.contains('{'), "{text}");
        }
    };
    for lesson in LESSONS {
        let run = run(&format!("scenario={}&mss=536", lesson.id));
        for record in &run.timeline.trace().segments {
            for row in Inspection::of(&run, record.id).unwrap().rows {
                check(&row.why);
                row.bits.iter().for_each(|bit| check(&bit.why));
                assert_ne!(Catalog::english().text(row.meaning), row.meaning);
            }
        }
    }
}

#[test]
fn a_syn_has_its_real_bytes() {
    let inspection = inspect(&run("scenario=normal"), "C1");
    assert_eq!(
        inspection.hex(),
        "c0 00 00 50 00 00 00 64 00 00 00 00 60 02 ff ff eb 3a 00 00 02 04 05 b4"
    );
    assert_eq!(inspection.header, 24);
    // The pseudo-header, then the segment: the one's complement sum is all ones.
    let pseudo = [192, 0, 2, 1, 198, 51, 100, 2, 0, 6, 0, 24];
    let octets: Vec<u8> = pseudo.into_iter().chain(inspection.octets.clone()).collect();
    let words = octets.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1]));
    let total: u32 = words.sum();
    assert_eq!((total & 0xffff) + (total >> 16), 0xffff);
}

#[test]
fn fields_bytes_and_bits_select_each_other() {
    let inspection = inspect(&run("scenario=normal"), "S1");
    let flags = row(&inspection, HeaderField::ControlBits.name());
    assert_eq!((flags.span, flags.value.as_str()), (Span { from: 104, to: 112 }, "SYN,ACK"));
    assert_eq!(inspection.around_octet(5), Span { from: 32, to: 64 });
    assert_eq!(inspection.around_octet(12), Span { from: 96, to: 104 });
    assert_eq!(inspection.around_octet(13), flags.span);
    assert_eq!(inspection.row_of(Span { from: 32, to: 64 }).unwrap().name(), "Sequence Number");
    let syn = flags.bits.iter().find(|bit| bit.name() == "SYN").unwrap();
    assert_eq!(inspection.row_of(syn.span).unwrap().name(), "SYN");
    assert_eq!(inspection.bit(syn.span.from), 1);
    assert_eq!(inspection.hex_of(syn.span), "12");
    assert_eq!(inspection.hex_of(Span { from: 32, to: 64 }), "00 00 01 2c");
}

#[test]
fn the_numbers_of_the_handshake_have_reasons() {
    const NORMAL: &str = "scenario=normal";
    let seq = "Sequence Number";
    let ack = "Acknowledgment Number";
    let iss = "The client’s ISS, its initial sequence number. The SYN itself takes it.";
    assert_why(NORMAL, "C1", seq, "100", iss);
    let nothing = "Without the ACK bit it means nothing: the client has received nothing yet.";
    assert_why(NORMAL, "C1", ack, "0", nothing);
    let syn = "C1 has number 100, and its SYN takes one: 101 is next.";
    assert_why(NORMAL, "S1", ack, "101", syn);
    let empty = "C1 began at 100 and took one number: 101 is next. An empty segment takes none.";
    assert_why(NORMAL, "C2", seq, "101", empty);
    let text = "C3 began at 101 and brought 5 bytes: 106 is next.";
    assert_why(NORMAL, "S2", ack, "106", text);
    let stream = "5 bytes from the client’s application, numbers 101 to 105.";
    assert_why(NORMAL, "C3", HeaderField::Data.name(), "abcde", stream);
    let window = "RCV.WND: the client’s receive buffer has room for 65535 bytes.";
    assert_why(NORMAL, "C1", "Window", "65535", window);
    let mtu =
        "A link that carries 1500 bytes, less 20 for the IP header and 20 for the TCP header.";
    assert_why(NORMAL, "C1", "Maximum Segment Size", "1460", mtu);
    let about = row(&inspect(&run(NORMAL), "S1"), ack).why.about;
    assert_eq!(about, "C1".parse().ok());
}

#[test]
fn the_numbers_of_unusual_segments_have_reasons() {
    let (seq, ack) = ("Sequence Number", "Acknowledgment Number");
    let repeat = "The same as in C1: what is sent again keeps its number.";
    assert_why("scenario=syn-lost", "C2", seq, "100", repeat);
    let zero = "C1 has no ACK bit, so there is no number to copy: zero.";
    assert_why("scenario=refused", "S1", seq, "0", zero);
    let reset = "C1 began at 100 and took one number: the reset acknowledges it.";
    assert_why("scenario=refused", "S1", ack, "101", reset);
    let window = "The connection ends, so no window is announced.";
    assert_why("scenario=refused", "S1", "Window", "0", window);
    let old = "Left over from an earlier connection: the number is not about this one.";
    let inspection = inspect(&run("scenario=old-duplicate-syn"), "O1");
    assert_eq!(row(&inspection, seq).why.text(Catalog::english()), old);

    // The FIN arrived first: the text before it is still missing.
    let run = run("scenario=reordered");
    let trace = run.timeline.trace();
    let gaps = trace.segments.iter().filter_map(|record| {
        let inspection = Inspection::of(&run, record.id)?;
        let row = row(&inspection, ack);
        (row.why.key == "field.ack.gap").then(|| row.why.text(Catalog::english()))
    });
    let gaps: Vec<String> = gaps.collect();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].ends_with("so the number stays."), "{gaps:?}");
}

#[test]
fn a_full_buffer_closes_the_window() {
    let run = run("scenario=zero-window");
    let zeros = run.timeline.trace().segments.iter().filter(|record| record.segment.window == 0);
    let keys: Vec<&str> = zeros
        .map(|record| row(&Inspection::of(&run, record.id).unwrap(), "Window").why.key)
        .collect();
    assert!(!keys.is_empty());
    assert!(keys.iter().all(|key| *key == "field.window.zero"), "{keys:?}");
}
