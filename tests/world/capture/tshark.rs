//! If tshark is installed: its fields and notes for our exports equal ours.

use std::process::Command;

use tcp_handshake::capture::{Note, Notes};
use tcp_handshake::export::{Format, Options, export};
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::Timeline;

use super::open;

/// tshark's fields for the notes, in the order of [`Note::ALL`] without our own.
const NOTES: [&str; 14] = [
    "retransmission",
    "fast_retransmission",
    "spurious_retransmission",
    "out_of_order",
    "duplicate_ack",
    "zero_window",
    "window_full",
    "keep_alive",
    "keep_alive_ack",
    "zero_window_probe",
    "zero_window_probe_ack",
    "ack_lost_segment",
    "lost_segment",
    "reused_ports",
];
const FIELDS: [&str; 5] = ["frame.number", "tcp.stream", "tcp.seq_raw", "tcp.ack_raw", "tcp.len"];

/// tshark's fields of each segment; `None` if it is not installed.
fn by_tshark(path: &std::path::Path) -> Option<Vec<String>> {
    let mut command = Command::new("tshark");
    command.args(["-n", "-o", "ip.defragment:FALSE", "-Y", "tcp", "-T", "fields", "-r"]).arg(path);
    for field in FIELDS {
        command.args(["-e", field]);
    }
    for note in NOTES {
        command.args(["-e", &format!("tcp.analysis.{note}")]);
    }
    let output = command.output().ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let (fields, notes) = cells.split_at(FIELDS.len());
        let mut found = Notes::NONE;
        for (note, cell) in Note::ALL.into_iter().zip(notes) {
            if !cell.is_empty() {
                found.add(note);
            }
        }
        format!("{}\t{found}", fields.join("\t"))
    });
    Some(lines.collect())
}

#[test]
fn our_exports_have_the_notes_of_tshark() {
    let catalog = Catalog::built_in("en").unwrap();
    let folder = std::env::temp_dir().join(format!("tcp-handshake-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut skipped = false;
    for lesson in LESSONS {
        let (link, _) = Link::parse("", &format!("scenario={}", lesson.id));
        let timeline = Timeline::of(link.scenario_to_run());
        let file = export(&timeline, &link, Format::Pcapng, &catalog, &Options::default()).unwrap();
        let opened = open(&file);
        assert_eq!(opened.result, Ok(()));
        let lines: Vec<String> = opened
            .segments
            .iter()
            .map(|traced| {
                let segment = &traced.segment;
                let mut notes = Notes::NONE;
                let own = traced.notes.iter().filter(|note| *note != Note::DuplicateFrame);
                own.for_each(|note| notes.add(note));
                let (frame, connection) = (segment.frame, traced.connection);
                let (seq, ack, length) = (segment.seq, segment.ack, segment.length);
                format!("{frame}\t{connection}\t{seq}\t{ack}\t{length}\t{notes}")
            })
            .collect();
        let path = folder.join("capture.pcapng");
        std::fs::write(&path, &file).unwrap();
        match by_tshark(&path) {
            Some(expected) => assert_eq!(lines, expected, "{}", lesson.id),
            None => skipped = true,
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    if skipped {
        println!("tshark is not installed: our exports were read, but not compared with it");
    }
}
