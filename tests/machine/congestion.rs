//! Congestion control and the repair of losses: RFC 5681, RFC 6582, RFC 3042, RFC 6928.

use crate::support::bench::Bench;
use crate::support::notation::text_at;
use tcp_handshake::tcp::{Algorithm, Config, Event, InitialWindow, SeqNumber};
use tcp_handshake::time::Duration;

const ISS: SeqNumber = SeqNumber(1_000);

/// An open connection whose segments carry `mss` bytes, and that sent `octets` bytes.
fn sender(mss: u16, octets: usize, change: impl FnOnce(&mut Config)) -> Bench {
    let mut config = Config::rfc9293(ISS);
    change(&mut config);
    let mut bench = Bench::in_state("SYN-SENT", config, 300);
    bench.arrive(&format!("S. 0 ack 1 win 65535 mss {mss}"));
    send(&mut bench, octets);
    bench
}

fn send(bench: &mut Bench, octets: usize) {
    let text = text_at(0, octets);
    bench.call(|c, now, out| c.send(now, &text, out)).expect("ESTABLISHED");
}

fn cwnd(bench: &Bench) -> u32 {
    bench.connection.congestion().cwnd()
}

fn ssthresh(bench: &Bench) -> Option<u32> {
    bench.connection.congestion().ssthresh()
}

/// Lets an ACK of the receiver arrive.
fn ack(bench: &mut Bench, number: u32) -> Vec<String> {
    bench.arrive(&format!(". 1 ack {number} win 65535"))
}

/// The numbers with which the segments begin that were sent in the last step.
fn begins(sent: &[String]) -> Vec<u32> {
    let number = |segment: &String| {
        let range = segment.split(' ').find(|word| word.contains('+'))?;
        range.split('+').next()?.parse().ok()
    };
    sent.iter().filter_map(number).collect()
}

#[test]
fn the_initial_window_depends_on_the_size_of_segments() {
    for (smss, segments) in [(536, 4), (1_095, 4), (1_096, 3), (1_460, 3), (2_190, 3), (2_191, 2)] {
        assert_eq!(InitialWindow::Rfc5681.octets(smss), smss * segments, "SMSS {smss}");
    }
    assert_eq!(InitialWindow::Segments(10).octets(1_460), 14_600);
    let bench = sender(100, 2_000, |_| {});
    assert_eq!(begins(&bench.sent()), [1, 101, 201, 301]);
    let linux = sender(100, 2_000, |config| config.initial_window = InitialWindow::Segments(10));
    assert_eq!(linux.sent().len(), 10);
}

#[test]
fn slow_start_sends_two_segments_for_each_ack() {
    let mut bench = sender(100, 5_000, |_| {});
    assert_eq!(begins(&ack(&mut bench, 101)), [401, 501]);
    assert_eq!(cwnd(&bench), 500);
    assert!(bench.rules().contains(&"slow-start"));
    assert_eq!(begins(&ack(&mut bench, 201)), [601, 701]);
    // By at most SMSS for each ACK, whatever it acknowledges.
    assert_eq!(begins(&ack(&mut bench, 401)), [801, 901, 1_001]);
    assert_eq!(cwnd(&bench), 700);
}

#[test]
fn congestion_avoidance_adds_a_segment_for_each_window() {
    let mut bench = sender(100, 20_000, |_| {});
    bench.wait(1_000);
    assert_eq!((cwnd(&bench), ssthresh(&bench)), (100, Some(200)));
    ack(&mut bench, 401);
    assert_eq!(cwnd(&bench), 200, "slow start up to ssthresh");
    let mut una = 401;
    let mut windows = vec![];
    for _ in 0..9 {
        una += 100;
        ack(&mut bench, una);
        windows.push(cwnd(&bench));
    }
    assert_eq!(windows, [200, 300, 300, 300, 400, 400, 400, 400, 500]);
}

#[test]
fn a_window_that_is_not_used_does_not_grow() {
    let mut bench = sender(100, 0, |_| {});
    let mut una = 1;
    for _ in 0..20 {
        send(&mut bench, 100);
        una += 100;
        ack(&mut bench, una);
    }
    assert_eq!(cwnd(&bench), 400);
}

#[test]
fn a_timeout_leaves_one_segment_and_half_of_the_flight() {
    let mut bench = sender(100, 800, |config| config.initial_window = InitialWindow::Segments(8));
    assert_eq!(bench.wait(1_000), ["1000 . 1+100 ack 1"]);
    assert_eq!((cwnd(&bench), ssthresh(&bench)), (100, Some(400)));
    let changes: Vec<Event> = bench.events();
    assert!(changes.contains(&Event::CongestionChanged { cwnd: 100, ssthresh: Some(400) }));
    // RFC 5681 §3.1: a second timeout of the same segment leaves ssthresh.
    bench.wait(2_000);
    assert_eq!((cwnd(&bench), ssthresh(&bench)), (100, Some(400)));
    // Slow start: one segment, then two, then four.
    assert_eq!(begins(&ack(&mut bench, 101)), [101, 201]);
    assert_eq!(begins(&ack(&mut bench, 201)), [301, 401]);
    assert_eq!(begins(&ack(&mut bench, 301)), [501, 601]);
    // Text that has arrived is left out.
    assert_eq!(begins(&ack(&mut bench, 801)), Vec::<u32>::new());
}

#[test]
fn ssthresh_is_at_least_two_segments() {
    let mut bench = sender(100, 100, |_| {});
    bench.wait(1_000);
    assert_eq!((cwnd(&bench), ssthresh(&bench)), (100, Some(200)));
}

/// RFC 5681 §3.1: after a lost SYN the window begins with one segment.
#[test]
fn a_lost_syn_leaves_one_segment() {
    let mut bench = Bench::in_state("SYN-SENT", Config::rfc9293(ISS), 300);
    bench.wait(1_000);
    bench.arrive("S. 0 ack 1 win 65535 mss 100");
    assert_eq!(cwnd(&bench), 100);
    assert!(bench.rules().contains(&"one-segment-after-syn-loss"));
    send(&mut bench, 500);
    assert_eq!(begins(&bench.sent()), [1]);
}

/// RFC 5681 §4.1.
#[test]
fn after_a_pause_the_window_restarts() {
    let mut bench = sender(100, 1_000, |_| {});
    for una in [101, 201, 301, 401, 501, 601, 1_001] {
        ack(&mut bench, una);
    }
    let grown = cwnd(&bench);
    assert!(grown > 400, "{grown}");
    let rto = bench.connection.rto().rto();
    bench.wait_exactly(rto);
    send(&mut bench, 100);
    assert_eq!(cwnd(&bench), grown, "not after RTO, only after more");
    ack(&mut bench, 1_101);
    bench.wait_exactly(rto + Duration::from_micros(1));
    send(&mut bench, 100);
    assert_eq!(cwnd(&bench), 400);
    assert!(bench.rules().contains(&"restart-after-idle"));
}

/// A connection with eight segments in flight, the first of which is lost.
fn one_lost() -> Bench {
    let bench = sender(100, 3_000, |config| config.initial_window = InitialWindow::Segments(8));
    assert_eq!(bench.sent().len(), 8);
    bench
}

#[test]
fn the_third_duplicate_ack_repeats_the_missing_segment() {
    let mut bench = one_lost();
    // RFC 3042: a new segment for each of the first two.
    assert_eq!(ack(&mut bench, 1), [". 801+100 ack 1"]);
    assert_eq!(bench.rules(), ["duplicate-ack-counted", "limited-transmit"]);
    assert_eq!(ack(&mut bench, 1), [". 901+100 ack 1"]);
    assert_eq!(cwnd(&bench), 800);
    assert_eq!(ack(&mut bench, 1), [". 1+100 ack 1"]);
    let wanted = ["duplicate-ack-counted", "fast-retransmit", "fast-retransmit"];
    assert_eq!(bench.rules(), wanted);
    // FlightSize is 1,000: half of it, and three segments that have left the network.
    assert_eq!((cwnd(&bench), ssthresh(&bench)), (800, Some(500)));
    assert!(bench.events().contains(&Event::DuplicateAck { count: 3 }));
}

#[test]
fn each_further_duplicate_ack_lets_one_segment_in() {
    let mut bench = one_lost();
    for _ in 0..3 {
        ack(&mut bench, 1);
    }
    let sent: Vec<usize> = (0..6).map(|_| ack(&mut bench, 1).len()).collect();
    // 1,000 are in flight; the window passes that with the third.
    assert_eq!(sent, [0, 0, 1, 1, 1, 1]);
    assert_eq!(cwnd(&bench), 1_400);
    assert!(bench.rules().contains(&"fast-recovery-inflates"));
}

#[test]
fn a_full_ack_ends_fast_recovery_without_a_burst() {
    let mut bench = one_lost();
    for _ in 0..5 {
        ack(&mut bench, 1);
    }
    ack(&mut bench, 1_001);
    // Nothing is in flight: two segments, though ssthresh is 500.
    assert_eq!(cwnd(&bench), 200);
    assert_eq!(ssthresh(&bench), Some(500));
    assert!(bench.rules().contains(&"fast-recovery-ends"));
    assert_eq!(begins(&bench.sent()), [1_001, 1_101]);
}

#[test]
fn a_partial_ack_repeats_the_next_hole_and_goes_on() {
    let mut bench = one_lost();
    for _ in 0..3 {
        ack(&mut bench, 1);
    }
    // 1 and 301 are lost.
    let deadline = |bench: &Bench| bench.connection.poll_timeout();
    bench.wait(100);
    assert_eq!(begins(&ack(&mut bench, 301)), [301]);
    assert_eq!(bench.rules()[1..], ["partial-ack", "partial-ack"]);
    // 800 without the 300 acknowledged, and one segment back.
    assert_eq!(cwnd(&bench), 600);
    let first = deadline(&bench);
    bench.wait(100);
    ack(&mut bench, 501);
    assert_eq!(deadline(&bench), first, "only the first one restarts the timer");
    ack(&mut bench, 1_001);
    assert!(bench.rules().contains(&"fast-recovery-ends"));
}

/// RFC 6582 §3.2 (2): what was in flight at a loss cannot start another fast retransmit.
#[test]
fn a_timeout_is_not_followed_by_a_false_fast_retransmit() {
    let mut bench = one_lost();
    bench.wait(1_000);
    for _ in 0..5 {
        assert_eq!(ack(&mut bench, 1), Vec::<String>::new());
    }
    assert_eq!(cwnd(&bench), 100);
    ack(&mut bench, 801);
    // Beyond what was in flight it can.
    let mut una = 801;
    for _ in 0..3 {
        una += 100;
        ack(&mut bench, una);
    }
    for _ in 0..2 {
        ack(&mut bench, una);
    }
    assert_eq!(begins(&ack(&mut bench, una)), [una]);
}

#[test]
fn what_is_no_duplicate_ack_is_not_counted() {
    // Another window, text, nothing in flight, a closed window.
    let mut bench = one_lost();
    bench.arrive(". 1 ack 1 win 60000");
    bench.arrive(". 1+5 ack 1 win 60000");
    assert_eq!(bench.connection.congestion().duplicates(), 0);
    bench.arrive(". 6 ack 1 win 60000");
    assert_eq!(bench.connection.congestion().duplicates(), 1);
    bench.arrive(". 6 ack 101 win 60000");
    assert_eq!(bench.connection.congestion().duplicates(), 0);
    let mut idle = sender(100, 0, |_| {});
    ack(&mut idle, 1);
    assert_eq!(idle.rules(), ["ack-duplicate"]);
    let mut closed = sender(100, 50, |_| {});
    closed.arrive(". 1 ack 1 win 0");
    for _ in 0..4 {
        closed.arrive(". 1 ack 1 win 0");
    }
    assert_eq!(closed.connection.congestion().duplicates(), 0);
}

#[test]
fn reordering_by_one_or_two_repeats_nothing() {
    let mut bench = one_lost();
    ack(&mut bench, 1);
    ack(&mut bench, 1);
    let sent = begins(&ack(&mut bench, 301));
    assert!(!sent.contains(&1) && !sent.contains(&301), "{sent:?}");
    assert_eq!(ssthresh(&bench), None);
}

#[test]
fn cubic_leaves_seven_tenths_of_the_window() {
    let mut bench = sender(100, 3_000, |config| {
        config.initial_window = InitialWindow::Segments(10);
        config.congestion = Algorithm::Cubic;
    });
    for _ in 0..3 {
        ack(&mut bench, 1);
    }
    assert_eq!(ssthresh(&bench), Some(700));
}
