//! Selective acknowledgments on both sides (RFC 2018, RFC 2883, RFC 6675), timestamps and PAWS
//! (RFC 7323).

use crate::support::bench::Bench;
use crate::support::notation::text_at;
use tcp_handshake::tcp::{Config, Event, InitialWindow, Output, Segment, SeqNumber};

fn config() -> Config {
    let mut config = Config::rfc9293(SeqNumber(1_000));
    config.initial_window = InitialWindow::Segments(10);
    config.sack = true;
    config
}

/// An open connection with SACK whose segments carry 100 bytes, and that sent `octets` bytes.
fn sender(octets: usize) -> Bench {
    let mut bench = Bench::in_state("SYN-SENT", config(), 300);
    bench.arrive("S. 0 ack 1 win 65535 mss 100 sackOK 1");
    send(&mut bench, octets);
    bench
}

fn send(bench: &mut Bench, octets: usize) {
    let text = text_at(0, octets);
    bench.call(|c, now, out| c.send(now, &text, out)).expect("ESTABLISHED");
}

fn ack(bench: &mut Bench, number: u32, sack: &str) -> Vec<String> {
    let sack = if sack.is_empty() { String::new() } else { format!(" sack {sack}") };
    bench.arrive(&format!(". 1 ack {number} win 65535{sack}"))
}

fn cwnd(bench: &Bench) -> u32 {
    bench.connection.congestion().cwnd()
}

fn last_segment(bench: &Bench) -> Segment {
    let sent = bench.outputs.iter().rev().find_map(|output| match output {
        Output::Transmit(segment, ..) => Some(segment.clone()),
        Output::Event(..) => None,
    });
    sent.expect("a segment was sent")
}

/// The ranges of the last segment, relative to IRS.
fn told(bench: &Bench) -> Vec<(u32, u32)> {
    let irs = bench.numbers.irs;
    let segment = last_segment(bench);
    let blocks = segment.options.sack.blocks().iter();
    blocks.map(|(start, end)| (start.distance_from(irs), end.distance_from(irs))).collect()
}

/// An open connection of a receiver.
fn receiver() -> Bench {
    Bench::in_state_with("ESTABLISHED", config(), 300, " sackOK 1")
}

#[test]
fn sack_needs_both_syns() {
    for (ours, theirs, used) in
        [(true, " sackOK 1", true), (true, "", false), (false, " sackOK 1", false)]
    {
        let config = Config { sack: ours, ..config() };
        let mut bench = Bench::in_state_with("ESTABLISHED", config, 300, theirs);
        bench.arrive(". 11+10 ack 1");
        assert_eq!(!told(&bench).is_empty(), used, "{ours} {theirs}");
    }
    // A SYN,ACK offers it only if the SYN did.
    for (theirs, offers) in [(" sackOK 1", true), ("", false)] {
        let mut bench = Bench::in_state("LISTEN", config(), 300);
        bench.arrive(&format!("S 0{theirs}"));
        assert_eq!(last_segment(&bench).options.sack_permitted, offers);
    }
}

#[test]
fn the_latest_arrival_is_told_first() {
    let mut bench = receiver();
    bench.arrive(". 101+100 ack 1");
    assert_eq!(told(&bench), [(101, 201)]);
    bench.arrive(". 301+100 ack 1");
    assert_eq!(told(&bench), [(301, 401), (101, 201)]);
    bench.arrive(". 501+100 ack 1");
    bench.arrive(". 701+100 ack 1");
    bench.arrive(". 901+100 ack 1");
    assert_eq!(told(&bench), [(901, 1_001), (701, 801), (501, 601), (301, 401)]);
    // What joins two ranges makes them one.
    bench.arrive(". 201+100 ack 1");
    assert_eq!(told(&bench), [(101, 401), (901, 1_001), (701, 801), (501, 601)]);
    // What is in order now is told no more.
    bench.arrive(". 1+100 ack 1");
    assert_eq!(told(&bench), [(901, 1_001), (701, 801), (501, 601)]);
}

#[test]
fn a_fin_beyond_a_gap_is_part_of_its_range() {
    let mut bench = receiver();
    bench.arrive("F. 101+100 ack 1");
    assert_eq!(told(&bench), [(101, 202)]);
}

/// RFC 2883 §4: the duplicate goes first, then the range that contains it.
#[test]
fn what_arrives_twice_is_told() {
    let mut bench = receiver();
    bench.arrive(". 1+100 ack 1");
    bench.arrive(". 1+100 ack 1");
    assert_eq!(told(&bench), [(1, 101)]);
    bench.arrive(". 51+100 ack 1");
    assert_eq!(told(&bench), [(51, 101)], "the part that was there");
    bench.arrive(". 301+100 ack 1");
    bench.arrive(". 301+50 ack 1");
    assert_eq!(told(&bench), [(301, 351), (301, 401)]);
    bench.arrive(". 501+100 ack 1");
    assert_eq!(told(&bench), [(501, 601), (301, 401)], "it is told once");
}

/// RFC 6675 §5: one of ten is lost.
#[test]
fn a_gap_is_repeated_and_nothing_that_arrived() {
    let mut bench = sender(3_000);
    assert_eq!(bench.sent().len(), 10);
    // What has arrived makes room in the pipe: limited transmit.
    assert_eq!(ack(&mut bench, 1, "101:201"), [". 1001+100 ack 1"]);
    assert_eq!(bench.rules(), ["sack-updates", "duplicate-ack-counted", "limited-transmit"]);
    assert_eq!(ack(&mut bench, 1, "101:301"), [". 1101+100 ack 1"]);
    assert_eq!(ack(&mut bench, 1, "101:401"), [". 1+100 ack 1"]);
    assert!(bench.rules().contains(&"fast-retransmit"));
    // Half of the 1,200 in flight, without anything on top.
    assert_eq!(cwnd(&bench), 600);
    // 800 are in the pipe: nothing more until it is below cwnd.
    let sent: Vec<usize> =
        [501, 601, 701, 801].map(|to| ack(&mut bench, 1, &format!("101:{to}")).len()).to_vec();
    assert_eq!(sent, [0, 0, 0, 1]);
    assert_eq!(bench.connection.pipe(), 600);
    ack(&mut bench, 1_201, "");
    assert!(bench.rules().contains(&"fast-recovery-ends"));
    assert_eq!(cwnd(&bench), 600);
}

#[test]
fn several_gaps_are_repeated_in_one_round_trip() {
    let mut bench = sender(1_000);
    // 1, 201 and 401 are lost.
    let mut repeated = vec![];
    for sack in ["101:201", "301:401,101:201", "501:601,301:401,101:201", "501:701,301:401,101:201"]
    {
        repeated.extend(ack(&mut bench, 1, sack));
    }
    repeated.extend(ack(&mut bench, 1, "501:801,301:401,101:201"));
    repeated.extend(ack(&mut bench, 1, "501:901,301:401,101:201"));
    // The last is the rescue of the end (RFC 6675 §4 (4)).
    let gaps = [". 1+100 ack 1", ". 201+100 ack 1", ". 401+100 ack 1", ". 901+100 ack 1"];
    assert_eq!(repeated, gaps);
    assert!(bench.rules().iter().all(|rule| *rule != "next-retransmitted"));
}

/// RFC 6675 §4 (4): the end of what was sent is lost too.
#[test]
fn the_end_is_rescued_once() {
    let mut bench = sender(1_000);
    for to in [201, 301, 401] {
        ack(&mut bench, 1, &format!("101:{to}"));
    }
    let (mut sent, mut rules) = (vec![], vec![]);
    for to in [501, 601, 701, 801, 901] {
        sent.extend(ack(&mut bench, 1, &format!("101:{to}")));
        rules.extend(bench.rules());
    }
    assert_eq!(sent, [". 901+100 ack 1"]);
    assert!(rules.contains(&"rescue-retransmit"));
}

#[test]
fn a_timeout_forgets_what_was_reported() {
    let mut bench = sender(1_000);
    ack(&mut bench, 1, "901:1001");
    assert_eq!(bench.wait(1_000), ["1000 . 1+100 ack 1"]);
    assert_eq!(cwnd(&bench), 100);
    // What is reported again is left out.
    let sent = ack(&mut bench, 101, "201:901");
    assert_eq!(sent, [". 101+100 ack 1", ". 901+100 ack 1"]);
}

#[test]
fn nonsense_in_a_report_is_ignored() {
    let mut bench = sender(1_000);
    for sack in ["1:1", "201:101", "901:1101", "4000000000:4000000100", "1:101"] {
        ack(&mut bench, 1, sack);
        assert!(
            !bench.events().iter().any(|event| matches!(event, Event::Sacked { .. })),
            "{sack}"
        );
    }
    assert_eq!(bench.connection.pipe(), 1_000);
}

#[test]
fn a_reported_duplicate_is_no_news() {
    let mut bench = sender(1_000);
    ack(&mut bench, 201, "1:101");
    let reported = Event::DuplicateReported { seq: SeqNumber(1_001), octets: 100 };
    assert!(bench.events().contains(&reported));
    assert_eq!(bench.connection.congestion().duplicates(), 0);
    // Inside the second range.
    ack(&mut bench, 201, "301:401,301:601");
    assert!(bench.rules().contains(&"duplicate-sack") && bench.rules().contains(&"sack-updates"));
}

/// An open connection with timestamps; its clock and the peer's are at 1,000.
fn stamped() -> Bench {
    let config = Config { timestamps: true, ..config() };
    Bench::in_state_with("ESTABLISHED", config, 300, " ts 1000,1000")
}

#[test]
fn each_segment_echoes_the_last_timestamp() {
    let mut bench = stamped();
    bench.arrive(". 1+10 ack 1 ts 1005,1000");
    let stamps = last_segment(&bench).options.timestamps.unwrap();
    assert_eq!((stamps.value, stamps.echo), (1_000, 1_005));
    bench.wait(20);
    // Beyond a gap: TS.Recent stays (RFC 7323 §4.3, case B).
    bench.arrive(". 21+10 ack 1 ts 1030,1000");
    let stamps = last_segment(&bench).options.timestamps.unwrap();
    assert_eq!((stamps.value, stamps.echo), (1_020, 1_005));
}

#[test]
fn the_mss_counts_the_timestamps() {
    let bench = stamped();
    assert_eq!(bench.connection.send_mss(), 536 - 12);
}

/// RFC 6691: like all options. A FIN beyond a gap is a range too.
#[test]
fn segments_leave_room_for_the_ranges() {
    let mut bench = Bench::in_state("SYN-SENT", config(), 300);
    bench.arrive("S. 0 ack 1 win 65535 mss 100 sackOK 1");
    bench.arrive("F. 11 ack 1");
    assert_eq!(told(&bench), [(11, 12)]);
    send(&mut bench, 200);
    assert_eq!(bench.sent(), [". 1+88 ack 1", ". 89+88 ack 1"]);
    assert_eq!(bench.wait(1_000), ["1000 . 1+88 ack 1"]);
}

#[test]
fn an_outdated_timestamp_is_dropped() {
    let mut bench = stamped();
    bench.arrive(". 1+10 ack 1 ts 2000,1000");
    bench.arrive(". 11+10 ack 1 ts 1999,1000");
    assert_eq!(bench.rules(), ["paws-drops", "paws-drops"]);
    assert_eq!(bench.connection.readable_octets(), 10);
    bench.arrive(". 11+10 ack 1 ts 2000,1000");
    assert_eq!(bench.connection.readable_octets(), 20);
    // A reset needs none (RFC 7323 §5.2).
    bench.arrive("R 21 ts 1,0");
    assert_eq!(bench.state(), "CLOSED");
}

#[test]
fn a_retransmission_gives_a_sample() {
    let mut bench = stamped();
    send(&mut bench, 10);
    bench.wait(1_000);
    bench.wait(250);
    bench.arrive(". 1 ack 11 ts 1001,2000");
    let sample = bench.events().into_iter().find_map(|event| match event {
        Event::RttMeasured { rtt, .. } => Some(rtt.as_millis()),
        _ => None,
    });
    assert_eq!(sample, Some(250));
    assert!(bench.rules().contains(&"rtt-from-timestamp"));
}
