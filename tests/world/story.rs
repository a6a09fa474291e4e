//! What tables and diagrams tell of a segment: its meaning with the acknowledgment that rides
//! along, how late it was and what overtook it, and the states after each step.

use tcp_handshake::export::{Format, Options, export};
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::sim::Timeline;

fn exported(run: &str, format: Format, full: bool) -> String {
    let (link, problems) = Link::parse("", &format!("scenario={run}"));
    assert_eq!(problems, [], "{run}");
    let timeline = link.shown(Timeline::of(link.scenario_to_run()));
    let options = Options { full, ..Options::default() };
    let octets = export(&timeline, &link, format, Catalog::english(), &options).unwrap();
    String::from_utf8(octets).unwrap()
}

/// The last cell of the row of a segment.
fn meaning(run: &str, id: &str) -> String {
    let table = exported(run, Format::Markdown, false);
    let row = table.lines().find(|line| line.contains(&format!("| {id} "))).expect(run);
    row.trim_end_matches(" |").rsplit(" | ").next().unwrap().to_owned()
}

#[test]
fn an_acknowledgment_that_rides_along_is_told_if_it_is_news() {
    let fin = "the server has no more to send and asks to close its direction";
    for (run, id, told) in [
        ("normal", "S3", "carries 7 bytes from 301 on".to_owned()),
        ("normal", "S6", fin.to_owned()),
        ("three-segment-close", "S2", format!("{fin}, and acknowledges the client's FIN")),
        (
            "ack-lost",
            "C3",
            "carries 5 bytes from 101 on, and acknowledges the server's SYN".to_owned(),
        ),
        (
            "ack-of-data-lost",
            "S3",
            "carries 7 bytes from 301 on, and acknowledges everything up to 105".to_owned(),
        ),
        ("reordered", "C4", "acknowledges the server's data and FIN".to_owned()),
    ] {
        assert_eq!(meaning(run, id), told, "{run} {id}");
    }
    let first = meaning("normal&do=send:C:20@10ms", "C2");
    assert_eq!(first, "carries 20 bytes from 101 on, and acknowledges the server's SYN");
    let diagram = exported("three-segment-close", Format::Mermaid, false);
    assert!(diagram.contains("S2 FIN,ACK SEQ=301 ACK=102 (acknowledges the client's FIN)"));
}

/// What was acknowledged before a part of a run is no news in it.
#[test]
fn a_part_knows_what_was_acknowledged_before_it() {
    let fin = "the client has no more to send and asks to close its direction";
    assert_eq!(meaning("four-way-close&part=close", "C3"), fin);
    assert_eq!(meaning("four-way-close&part=close", "S2"), "acknowledges the client's FIN");
}

#[test]
fn an_answer_says_what_it_answers() {
    for (run, id, told) in [
        ("normal&do=drop:C2,drop:C3", "C4", "acknowledges the server's SYN again"),
        ("half-open", "S2", "challenge ACK: asks the client to confirm"),
        ("zero-window", "S3", "the window is still 0: 111 is still the next number expected"),
        ("duplicated", "S3", "names again the number that the server expects next: 106"),
    ] {
        assert_eq!(meaning(run, id), told, "{run} {id}");
    }
    let crossed = meaning("simultaneous-open", "C2");
    assert_eq!(crossed, "acknowledges the server's SYN and repeats the client's own, 100");
}

#[test]
fn a_retransmission_says_why_it_was_sent_or_what_it_adds() {
    assert!(meaning("syn-lost", "C2").ends_with("(repeats C1 after the RTO of 1 s)"));
    assert!(meaning("zero-window", "C6").ends_with("(repeats C5 and adds 9 new bytes)"));
}

#[test]
fn delay_and_overtaking_are_told() {
    let late = "(delayed by 120 ms; overtaken by S3)";
    assert!(meaning("reordered", "S2").ends_with(late));
    let early = meaning("normal&do=deliver:C3:10ms", "C3");
    assert!(early.ends_with("(40 ms earlier than usual)"), "{early}");
    // Nothing was sent behind it that could overtake it.
    assert!(meaning("normal&do=delay:C1:60ms", "C1").ends_with("(delayed by 60 ms)"));
}

/// The lines of a Mermaid diagram that contain this text.
fn lines(run: &str, text: &str) -> Vec<usize> {
    let diagram = exported(run, Format::Mermaid, false);
    let found = diagram.lines().enumerate().filter(|(_, line)| line.contains(text));
    found.map(|(number, _)| number).collect()
}

/// A late segment has a note where it is sent and its arrow where it arrives.
#[test]
fn a_diagram_draws_a_late_segment_where_it_arrives() {
    for (run, note, passing, late) in [
        ("reordered", "Note over S: sends S2 ", "S->>C: S3 ", "S->>C: S2 "),
        ("old-duplicate-syn", "Note over C: sends C1 ", "C->>S: O1 ", "C->>S: C1 "),
    ] {
        let [note, passing, late] = [note, passing, late].map(|text| lines(run, text));
        assert_eq!([note.len(), passing.len(), late.len()], [1, 1, 1], "{run}");
        assert!(note[0] < passing[0] && passing[0] < late[0], "{run}");
    }
}

#[test]
fn a_diagram_shows_timers_and_copies() {
    let expiry = lines("syn-lost", "Note over C: retransmission timer expires after 1 s");
    assert_eq!(lines("syn-lost", "C-->>S: C2 SYN"), [expiry[0] + 1]);
    let copy = lines("duplicated", "Note over S: C3 arrives a second time");
    assert_eq!(lines("duplicated", "S->>C: S3 ACK"), [copy[0] + 1]);
}

/// The row of C6, which acknowledges the server's data, does not have the LAST-ACK of the CLOSE
/// that the server calls at the same instant.
#[test]
fn the_full_table_has_the_states_after_each_step() {
    let table = exported("normal", Format::Markdown, true);
    let states = |id: &str| {
        let row = table.lines().find(|line| line.contains(&format!("| {id} |"))).unwrap();
        row.split(" | ").nth(8).unwrap().to_owned()
    };
    assert_eq!(states("C6"), "FIN-WAIT-2 / CLOSE-WAIT");
    assert_eq!(states("S6"), "TIME-WAIT / LAST-ACK");
    assert_eq!(states("C7"), "TIME-WAIT / CLOSED");
}
