//! The words and marks of the ladder, which the page and the exported pictures share.

use tcp_handshake::ladder::{CallMark, Caption, Ladder, bursts};
use tcp_handshake::link::Link;
use tcp_handshake::sim::{Side, Timeline};

fn run(link: &str) -> (Timeline, Ladder) {
    let (link, problems) = Link::parse("", link);
    assert!(problems.is_empty(), "{problems:?}");
    let timeline = Timeline::of(link.scenario_to_run());
    let ladder = Ladder::of(&timeline, false);
    (timeline, ladder)
}

/// The captions of a segment, from the data to the shortest.
fn captions(link: &str, id: &str) -> Vec<String> {
    let (timeline, ladder) = run(link);
    let arrow = ladder.arrows.iter().find(|arrow| arrow.id.to_string() == id).expect("it is sent");
    let segment = &timeline.trace().segments[arrow.segment].segment;
    let forms = Caption::forms(arrow, segment);
    forms.iter().map(|form| form.words().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_caption_says_what_the_segment_is_for() {
    assert_eq!(captions("", "C1")[0], "C1 SYN seq 100");
    assert_eq!(captions("", "S1")[0], "S1 SYN,ACK seq 300 ack 101");
    assert_eq!(
        captions("", "C3"),
        [
            "C3 DATA 5 B PSH,ACK seq 101 ack 301",
            "C3 DATA 5 B PSH,ACK seq 101 ack 301",
            "C3 DATA 5 B PSH 101/301",
            "C3 DATA 5 B 101/301",
            "C3 DATA 5 B",
        ]
    );
    assert_eq!(captions("scenario=syn-lost", "C2")[0], "C2 ↻C1 SYN seq 100");
    assert_eq!(captions("", "C5")[2], "C5 FIN,ACK 106/308");
}

#[test]
fn a_window_is_said_where_it_changes_and_stays_where_it_matters() {
    // Five bytes that were not read yet: said where there is room.
    assert_eq!(captions("", "S2")[0], "S2 ACK seq 301 ack 106 win 65530");
    assert_eq!(captions("", "S2")[1], "S2 ACK seq 301 ack 106");
    let ends = |id| captions("scenario=zero-window", id).pop().unwrap();
    assert_eq!(ends("S1"), "S1 SYN,ACK win 10");
    assert_eq!(ends("S2"), "S2 ACK win 0");
    assert_eq!(ends("S5"), "S5 ACK win 10", "it opens again");
    assert_eq!(ends("C4"), "C4 DATA 1 B", "the window of a probe has not changed");
    // A scaled window is said as the peer counts it.
    assert_eq!(captions("stack=linux", "C2").last().unwrap(), "C2 ACK");
}

#[test]
fn each_call_of_an_application_has_a_mark() {
    let labels = |link: &str, side: Side| {
        let (_, ladder) = run(link);
        let calls = ladder.calls.iter().filter(|mark| mark.side == side);
        calls.map(CallMark::label).collect::<Vec<_>>()
    };
    assert_eq!(labels("", Side::Client), ["connect", "send 5 B", "close"]);
    assert_eq!(labels("do=abort:C@300ms,read:S@310ms,crash:S@320ms", Side::Client)[2], "abort");
    let server = labels("do=abort:C@300ms,read:S@310ms,crash:S@320ms", Side::Server);
    assert!(server.ends_with(&["read".to_owned(), "crash".to_owned()]), "{server:?}");
}

/// Slow start: three segments, then twice as many in each round trip.
#[test]
fn a_long_send_is_one_burst_for_each_round_trip() {
    let (timeline, ladder) = run("do=send:C:59860@350ms");
    let rtt = timeline.scenario().network.delay.as_micros() * 2;
    let octets =
        |index: &usize| timeline.trace().segments[ladder.arrows[*index].segment].segment.text.len();
    let is_data = |index: &usize| ladder.arrows[*index].from == Side::Client && octets(index) > 0;
    let bursts = bursts(&ladder.arrows, rtt / 5);
    let data: Vec<Vec<usize>> = bursts
        .iter()
        .map(|burst| burst.iter().copied().filter(is_data).collect::<Vec<_>>())
        .filter(|burst| !burst.is_empty())
        .collect();
    let lengths: Vec<usize> = data.iter().map(Vec::len).collect();
    // The last of 41 carries the FIN, and is no part of a burst.
    assert_eq!(lengths, [3, 6, 12, 19]);
    assert_eq!(data.iter().flatten().map(octets).sum::<u32>(), 59_860 - 1_460);
}
