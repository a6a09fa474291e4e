//! The timers: retransmission and its back-off (RFC 6298), R2, zero-window probes, delayed ACKs,
//! TIME-WAIT.

use crate::support::bench::{Bench, STATES};
use crate::support::notation::text_at;
use crate::support::pair::Pair;
use crate::support::pair::Side::{A, B};
use crate::support::{NUMBERS, config};
use tcp_handshake::tcp::{Config, Connection, Event, GiveUp, SeqNumber, State, Timer};
use tcp_handshake::time::Duration;

fn established() -> Bench {
    let mut bench = Bench::in_state("SYN-SENT", config(100), 300);
    bench.gets("S. 0 ack 1 mss 1460", ". 1 ack 1");
    bench
}

/// `segment` at each of these times, in ms.
fn at(times: &[u64], segment: &str) -> Vec<String> {
    times.iter().map(|millis| format!("{millis} {segment}")).collect()
}

#[test]
fn syn_is_repeated_until_r2() {
    for (iss, irs) in NUMBERS {
        let mut bench = Bench::in_state("SYN-SENT", config(iss), irs);
        assert_eq!(bench.sent(), ["S 0"]);
        let times = [1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000];
        assert_eq!(bench.wait(182_999), at(&times, "S 0"));
        assert_eq!(bench.state(), "SYN-SENT");
        assert!(bench.wait(1).is_empty());
        assert_eq!(bench.state(), "CLOSED");
        assert!(bench.events().contains(&Event::TimedOut));
    }
}

#[test]
fn syn_ack_is_repeated_until_r2() {
    for state in ["SYN-RECEIVED", "SYN-RECEIVED (active)"] {
        let mut bench = Bench::in_state(state, config(100), 300);
        assert_eq!(bench.sent(), ["S. 0 ack 1"]);
        let times = [1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000];
        assert_eq!(bench.wait(182_999), at(&times, "S. 0 ack 1"));
        assert_eq!(bench.state(), "SYN-RECEIVED");
        bench.wait(1);
        assert_eq!(bench.state(), "CLOSED");
    }
}

#[test]
fn text_is_repeated_until_r2() {
    let mut bench = established();
    assert_eq!(bench.send(10), [". 1+10 ack 1"]);
    let times = [1_000, 3_000, 7_000, 15_000, 31_000, 63_000];
    assert_eq!(bench.wait(122_999), at(&times, ". 1+10 ack 1"));
    bench.wait(1);
    assert_eq!(bench.state(), "CLOSED");
    assert!(bench.rules().contains(&"gave-up"));
}

#[test]
fn r2_may_be_a_count() {
    let mut config = Config::linux(SeqNumber(1));
    config.give_up = GiveUp::Retransmissions(2);
    let mut bench = Bench::in_state("ESTABLISHED", config, 2);
    bench.send(1);
    // The handshake took no time, so RTO is at its floor.
    assert_eq!(bench.wait(10_000), at(&[200, 600], ". 1+1 ack 1"));
    assert_eq!(bench.state(), "CLOSED");
}

#[test]
fn fin_is_repeated_in_every_state_that_waits_for_its_ack() {
    for (state, fin) in
        [("FIN-WAIT-1", "F. 1 ack 1"), ("CLOSING", "F. 1 ack 2"), ("LAST-ACK", "F. 1 ack 2")]
    {
        let mut bench = Bench::in_state(state, config(100), 300);
        let times = [1_000, 3_000, 7_000, 15_000, 31_000, 63_000];
        assert_eq!(bench.wait(122_999), at(&times, fin), "{state}");
        assert_eq!(bench.state(), state);
        bench.wait(1);
        assert_eq!(bench.state(), "CLOSED");
    }
}

/// The last ACK is lost: LAST-ACK repeats the FIN, TIME-WAIT answers and starts again.
#[test]
fn a_lost_last_ack_restarts_time_wait() {
    let mut bench = Bench::in_state("TIME-WAIT", config(100), 300);
    bench.wait(200_000);
    bench.gets("F. 1 ack 2", ". 2 ack 2");
    assert!(bench.wait(239_999).is_empty());
    assert_eq!(bench.state(), "TIME-WAIT");
    // The repeated FIN may carry text.
    let mut with_text = Bench::in_state("FIN-WAIT-2", config(100), 300);
    with_text.gets("FP. 1+10 ack 2", ". 2 ack 12");
    with_text.wait(200_000);
    with_text.gets("FP. 1+10 ack 2", ". 2 ack 12");
    with_text.wait(239_999);
    assert_eq!(with_text.state(), "TIME-WAIT");
    with_text.wait(1);
    assert_eq!(with_text.state(), "CLOSED");
    assert_eq!(bench.wait(1).len(), 0);
    assert_eq!(bench.state(), "CLOSED");
}

#[test]
fn only_a_repeated_fin_restarts_time_wait() {
    let mut bench = Bench::in_state("TIME-WAIT", config(100), 300);
    bench.wait(239_000);
    for segment in [". 2 ack 2", ". 1 ack 2", "P. 2+10 ack 2", "F. 2 ack 2", "S 0", "R 12"] {
        bench.arrive(segment);
    }
    bench.wait(1_000);
    assert_eq!(bench.state(), "CLOSED");
}

#[test]
fn round_trips_move_the_rto() {
    let mut bench = Bench::in_state("SYN-SENT", config(100), 300);
    bench.wait(600);
    bench.arrive("S. 0 ack 1");
    assert_eq!(bench.connection.rto().rto(), Duration::from_millis(1_800));
    bench.send(1);
    bench.wait(1_000);
    bench.arrive(". 1 ack 2");
    assert_eq!(bench.connection.rto().rto(), Duration::from_millis(1_950));
    assert_eq!(bench.connection.rto().srtt(), Some(Duration::from_millis(650)));
}

/// Karn: a retransmitted segment gives no sample, and RTO stays backed off until a fresh one.
#[test]
fn a_repeated_segment_gives_no_sample() {
    let mut bench = established();
    bench.send(10);
    assert_eq!(bench.wait(1_500), ["1000 . 1+10 ack 1"]);
    bench.arrive(". 1 ack 11");
    assert!(!bench.rules().contains(&"rtt-measured"));
    assert_eq!(bench.connection.rto().rto(), Duration::from_secs(2));
    bench.send(10);
    bench.wait(100);
    bench.arrive(". 1 ack 21");
    assert!(bench.rules().contains(&"rtt-measured"));
    assert_eq!(bench.connection.rto().rto(), Duration::from_secs(1));
}

/// RFC 6298 (5.7): the SYN timer expired, so text begins with 3 s.
#[test]
fn after_a_lost_syn_text_begins_with_three_seconds() {
    for (state, ack) in [("SYN-SENT", "S. 0 ack 1"), ("SYN-RECEIVED", ". 1 ack 1")] {
        for lost in [1_000, 3_000] {
            let mut bench = Bench::in_state(state, config(100), 300);
            bench.wait(lost);
            bench.arrive(ack);
            assert_eq!(bench.state(), "ESTABLISHED");
            assert!(bench.rules().contains(&"rto-after-syn-loss"));
            bench.send(1);
            assert_eq!(bench.wait(8_999), ["3000 . 1+1 ack 1"]);
        }
    }
    // The peer's SYN came twice; our own timer did not expire.
    let mut bench = Bench::in_state("SYN-RECEIVED", config(100), 300);
    bench.gets("S 0", "S. 0 ack 1");
    bench.arrive(". 1 ack 1");
    assert_eq!(bench.connection.rto().rto(), Duration::from_secs(1));
}

/// RFC 6298 (5.1) to (5.3): off while nothing is in flight; an ACK of new data restarts it.
#[test]
fn the_timer_follows_what_is_in_flight() {
    let mut bench = established();
    assert_eq!(bench.connection.poll_timeout(), None);
    bench.send(1_460);
    bench.wait(600);
    bench.send(1_460);
    bench.send(1_460);
    bench.wait(300);
    bench.arrive(". 1 ack 1461");
    // The handshake took no time, this round trip 900 ms: SRTT 112.5 ms, RTTVAR 225 ms.
    assert_eq!(bench.connection.rto().rto(), Duration::from_micros(1_012_500));
    assert_eq!(bench.wait(1_012), Vec::<String>::new());
    bench.arrive(". 1 ack 1461");
    assert_eq!(bench.wait(1), ["0 . 1461+1460 ack 1"], "a duplicate ACK restarts nothing");
    bench.arrive(". 1 ack 4381");
    assert_eq!(bench.connection.poll_timeout(), None);
}

/// RFC 5681 §3.1: after a timeout what was in flight counts as lost, and is repeated in slow start:
/// one segment, and two once it is acknowledged.
#[test]
fn after_a_timeout_the_rest_is_repeated_in_slow_start() {
    let mut bench = Bench::in_state("SYN-SENT", config(100), 300);
    bench.arrive("S. 0 ack 1 mss 10");
    let text = text_at(0, 30);
    bench.call(|c, now, out| c.send(now, &text, out)).expect("ESTABLISHED");
    assert_eq!(bench.sent(), [". 1+10 ack 1", ". 11+10 ack 1", ". 21+10 ack 1"]);
    assert_eq!(bench.wait(1_000), ["1000 . 1+10 ack 1"]);
    bench.gets(". 1 ack 11", ". 11+10 ack 1; . 21+10 ack 1");
    assert!(bench.rules().contains(&"next-retransmitted"));
    bench.gets(". 1 ack 21", "");
    bench.gets(". 1 ack 31", "");
    assert_eq!(bench.connection.poll_timeout(), None);
    assert_eq!(bench.send(5), [". 31+5 ack 1"]);
    bench.gets(". 1 ack 36", "");
    assert!(bench.rules().contains(&"rtt-measured"), "recovery is over");
}

#[test]
fn text_and_fin_are_repeated_together_and_apart() {
    let mut bench = established();
    assert_eq!(bench.send(1_460), [". 1+1460 ack 1"]);
    assert_eq!(bench.send(5), Vec::<String>::new(), "Nagle");
    assert_eq!(bench.close(), ["F. 1461+5 ack 1"]);
    assert_eq!(bench.wait(1_000), ["1000 . 1+1460 ack 1"]);
    bench.gets(". 1 ack 1461", "F. 1461+5 ack 1");
    bench.gets(". 1 ack 1466", "F. 1466 ack 1");
    bench.gets(". 1 ack 1467", "");
    assert_eq!(bench.state(), "FIN-WAIT-2");
    // A full segment with a FIN is retransmitted unchanged.
    let mut full = established();
    full.send(5);
    full.send(1_455);
    full.close();
    full.arrive(". 1 ack 1 win 1461");
    assert_eq!(full.wait(1_000), ["1000 F. 1+1460 ack 1"]);
}

#[test]
fn the_user_timeout_aborts() {
    let mut config = config(100);
    config.user_timeout = Some(Duration::from_secs(20));
    let mut bench = Bench::in_state("ESTABLISHED", config, 300);
    bench.send(1);
    bench.wait(10_000);
    bench.arrive(". 1 ack 2");
    assert_eq!(bench.connection.poll_timeout(), None);
    bench.send(1);
    bench.wait(19_999);
    assert_eq!(bench.state(), "ESTABLISHED");
    bench.wait(1);
    assert_eq!(bench.state(), "CLOSED");
    assert!(bench.rules().contains(&"user-timed-out"));
}

#[test]
fn an_open_may_have_its_own_timeout() {
    let mut config = config(100);
    (config.user_timeout, config.open_timeout) = (None, Some(Duration::from_secs(5)));
    let mut bench = Bench::in_state("SYN-SENT", config.clone(), 300);
    bench.wait(5_000);
    assert_eq!(bench.state(), "CLOSED");
    // It ends with the handshake, though a FIN is in flight.
    let mut bench = Bench::in_state("SYN-RECEIVED", config, 300);
    bench.close();
    bench.arrive(". 1 ack 1");
    bench.wait(20_000);
    assert_eq!(bench.state(), "FIN-WAIT-1");
}

// ---- Zero windows (RFC 9293 §3.8.6.1) ----

fn with_closed_window(octets: usize) -> Bench {
    let mut bench = established();
    bench.arrive(". 1 ack 1 win 0");
    assert_eq!(bench.send(octets), Vec::<String>::new());
    bench
}

/// A zero window is probed after RTO, then at doubled intervals, for as long as ACKs arrive.
#[test]
fn probes_back_off_and_the_connection_stays() {
    let mut bench = with_closed_window(10);
    let mut times = vec![];
    for _ in 0..1_000_000 {
        if let Some(probe) = bench.wait(1).pop() {
            assert_eq!(probe, "1 . 1+1 ack 1");
            times.push(bench.now.as_millis());
            bench.gets(". 1 ack 1 win 0", "");
        }
    }
    assert_eq!(times[..8], [1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000, 183_000]);
    assert_eq!(bench.state(), "ESTABLISHED");
    assert_eq!(bench.connection.rto().rto(), Duration::from_secs(1), "no loss was seen");
}

#[test]
fn unanswered_probes_end_at_r2() {
    let mut bench = with_closed_window(10);
    let probes = bench.wait(122_999);
    assert_eq!(probes, at(&[1_000, 3_000, 7_000, 15_000, 31_000, 63_000], ". 1+1 ack 1"));
    bench.wait(1);
    assert_eq!(bench.state(), "CLOSED");
    assert!(bench.rules().contains(&"gave-up"));
}

/// After long probing the window opens a little: it is used soon, not after a minute.
#[test]
fn a_small_window_after_many_probes() {
    let mut bench = with_closed_window(1_000);
    for octet in 1..8 {
        bench.wait(60_000);
        bench.arrive(&format!(". 1 ack {} win 0", octet + 1));
    }
    bench.gets(". 1 ack 8 win 10", "");
    assert_eq!(bench.wait(200), ["200 . 8+10 ack 1"]);
}

/// The peer accepts each probe's byte, yet its window stays closed.
#[test]
fn a_closed_window_that_accepts_probes() {
    let mut bench = with_closed_window(3);
    assert_eq!(bench.wait(1_000), ["1000 . 1+1 ack 1"]);
    bench.gets(". 1 ack 2 win 0", "");
    assert_eq!(bench.wait(2_000), ["2000 . 2+1 ack 1"]);
    bench.gets(". 1 ack 3 win 0", "");
    assert_eq!(bench.wait(4_000), ["4000 . 3+1 ack 1"]);
    bench.gets(". 1 ack 4 win 0", "");
    assert_eq!(bench.connection.poll_timeout(), None);
}

#[test]
fn probes_end_when_the_window_opens() {
    // The probe was not accepted: its byte is sent again, in a whole segment.
    let mut bench = with_closed_window(2_000);
    bench.wait(3_000);
    bench.arrive(". 1 ack 1 win 0");
    bench.gets(". 1 ack 1 win 5000", ". 1+1460 ack 1");
    bench.gets(". 1 ack 1461 win 5000", ". 1461+540 ack 1");
    bench.gets(". 1 ack 2001", "");
    assert_eq!(bench.connection.poll_timeout(), None);
    // The probe was accepted.
    let mut bench = with_closed_window(10);
    bench.wait(1_000);
    bench.gets(". 1 ack 2 win 5000", ". 2+9 ack 1");
    // No probe was sent.
    let mut bench = with_closed_window(10);
    bench.gets(". 1 ack 1 win 5000", ". 1+10 ack 1");
    // After many probes the timer is set to RTO again, not to a minute.
    let mut bench = with_closed_window(10);
    for _ in 0..200 {
        bench.wait(1_000);
        bench.arrive(". 1 ack 1 win 0");
    }
    bench.gets(". 1 ack 1 win 5000", ". 1+10 ack 1");
    assert_eq!(bench.wait(1_000), ["1000 . 1+10 ack 1"]);
}

#[test]
fn a_fin_probes_a_closed_window() {
    let mut bench = with_closed_window(0);
    assert_eq!(bench.close(), Vec::<String>::new());
    assert_eq!(bench.wait(3_000), ["1000 F. 1 ack 1", "3000 F. 1 ack 1"]);
    bench.gets(". 1 ack 1 win 0", "");
    bench.gets(". 1 ack 1 win 1", "F. 1 ack 1");
    bench.gets(". 1 ack 2 win 0", "");
    assert_eq!(bench.state(), "FIN-WAIT-2");
    assert_eq!(bench.connection.poll_timeout(), None);
}

#[test]
fn text_then_fin_through_a_window_of_one() {
    let mut bench = with_closed_window(2);
    bench.close();
    assert_eq!(bench.wait(1_000), ["1000 . 1+1 ack 1"]);
    // The window admits the probe's byte only, then closes.
    bench.gets(". 1 ack 1 win 1", ". 1+1 ack 1");
    bench.gets(". 1 ack 2 win 0", "");
    assert_eq!(bench.wait(1_000), ["1000 . 2+1 ack 1"]);
    bench.gets(". 1 ack 3 win 0", "");
    assert_eq!(bench.wait(2_000), ["2000 F. 3 ack 1"]);
    bench.gets(". 1 ack 4 win 0", "");
    assert_eq!(bench.state(), "FIN-WAIT-2");
}

/// The window shrinks below the text in flight, which a sender must survive (MUST-34).
#[test]
fn a_window_that_shrinks_over_text_in_flight() {
    let mut bench = established();
    bench.send(1_000);
    bench.arrive(". 1 ack 501 win 0");
    assert_eq!(bench.wait(3_000), ["1000 . 501+1 ack 1", "3000 . 501+1 ack 1"]);
    bench.arrive(". 1 ack 501 win 100");
    assert_eq!(bench.sent(), [". 501+100 ack 1"]);
    bench.gets(". 1 ack 601 win 100", ". 601+100 ack 1");
    bench.gets(". 1 ack 701 win 1000", ". 701+300 ack 1");
    bench.gets(". 1 ack 1001", "");
    assert_eq!(bench.connection.poll_timeout(), None);
}

// ---- Delayed acknowledgments (RFC 9293 §3.8.6.3) ----

fn delaying(state: &str) -> Bench {
    let mut config = config(100);
    config.delayed_ack = Some(Duration::from_millis(40));
    Bench::in_state(state, config, 300)
}

#[test]
fn an_ack_waits_for_the_second_segment_or_the_delay() {
    let mut bench = delaying("ESTABLISHED");
    bench.gets("P. 1+10 ack 1", "");
    assert_eq!(bench.wait(40), ["40 . 1 ack 11"]);
    bench.gets("P. 11+10 ack 1", "");
    bench.gets("P. 21+10 ack 1", ". 1 ack 31");
    assert_eq!(bench.connection.poll_timeout(), None);
    bench.gets("P. 31+10 ack 1", "");
    assert_eq!(bench.send(5), [". 1+5 ack 41"], "the ACK rides on text");
    assert_eq!(bench.connection.timers().deadline(Timer::DelayedAck), None);
}

#[test]
fn gaps_duplicates_and_fins_are_acknowledged_at_once() {
    let mut bench = delaying("ESTABLISHED");
    bench.gets("P. 11+10 ack 1", ". 1 ack 1");
    bench.gets("P. 1+10 ack 1", ". 1 ack 21");
    bench.gets("P. 1+10 ack 1", ". 1 ack 21");
    bench.gets("P. 16+10 ack 1", ". 1 ack 26");
    bench.gets("FP. 26+10 ack 1", ". 1 ack 37");
    // A retransmission carries the ACK too, and resets the count.
    let mut bench = delaying("ESTABLISHED");
    bench.send(5);
    bench.wait(990);
    bench.gets("P. 1+10 ack 1", "");
    assert_eq!(bench.wait(10), ["10 . 1+5 ack 11"]);
    bench.gets("P. 11+10 ack 1", "");
}

#[test]
fn the_ack_of_a_fin_may_be_sent_with_our_fin() {
    let mut config = Config::linux(SeqNumber(100));
    config.time_wait = Duration::from_secs(1);
    let mut bench = Bench::in_state("ESTABLISHED", config, 300);
    bench.gets("F. 1 ack 1", "");
    assert_eq!(bench.state(), "CLOSE-WAIT");
    assert_eq!(bench.close(), ["F. 1 ack 2"]);
    bench.gets(". 2 ack 2", "");
    assert_eq!(bench.state(), "CLOSED");
}

// ---- Losses in the handshake (both ends) ----

fn pair() -> Pair {
    Pair::new(config(100), config(300))
}

#[test]
fn the_syn_ack_is_lost() {
    let mut net = pair();
    net.open_passive(B);
    net.open_active(A);
    net.arrives(A, "<SEQ=100><CTL=SYN>");
    net.lost(B, "<SEQ=300><ACK=101><CTL=SYN,ACK>");
    net.wait(Duration::from_secs(1));
    // Both timers run. A's repeated SYN makes B answer again; the duplicate has no effect.
    net.arrives(A, "<SEQ=100><CTL=SYN>");
    net.settle();
    net.states("ESTABLISHED", "ESTABLISHED");
    assert_eq!(net.ends.each_ref().map(Connection::poll_timeout), [None, None]);
}

/// The third ACK is lost, and A's first text completes the handshake.
#[test]
fn text_completes_the_handshake() {
    let mut net = pair();
    net.open_passive(B);
    net.open_active(A);
    net.arrives(A, "<SEQ=100><CTL=SYN>");
    net.arrives(B, "<SEQ=300><ACK=101><CTL=SYN,ACK>");
    net.lost(A, "<SEQ=101><ACK=301><CTL=ACK>");
    net.states("ESTABLISHED", "SYN-RECEIVED");
    net.send(A, b"hello");
    net.arrives(A, "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=5>");
    net.states("ESTABLISHED", "ESTABLISHED");
    assert_eq!(net.receive(B), b"hello");
}

/// The third ACK is lost, and nothing is sent: B repeats its SYN,ACK, and A challenges it.
#[test]
fn a_repeated_syn_ack_completes_the_handshake() {
    let mut net = pair();
    net.open_passive(B);
    net.open_active(A);
    net.arrives(A, "<SEQ=100><CTL=SYN>");
    net.arrives(B, "<SEQ=300><ACK=101><CTL=SYN,ACK>");
    net.lost(A, "<SEQ=101><ACK=301><CTL=ACK>");
    net.wait(Duration::from_secs(1));
    net.arrives(B, "<SEQ=300><ACK=101><CTL=SYN,ACK>");
    net.arrives(A, "<SEQ=101><ACK=301><CTL=ACK>");
    net.states("ESTABLISHED", "ESTABLISHED");
    net.quiet();
}

/// Simultaneous open, with every combination of its four segments lost once.
#[test]
fn simultaneous_open_survives_losses() {
    let all = [
        (A, "<SEQ=100><CTL=SYN>"),
        (B, "<SEQ=300><CTL=SYN>"),
        (A, "<SEQ=100><ACK=301><CTL=SYN,ACK>"),
        (B, "<SEQ=300><ACK=101><CTL=SYN,ACK>"),
    ];
    for losses in 0_u32..16 {
        let mut net = pair();
        net.open_active(A);
        net.open_active(B);
        let mut dropped = 0_u32;
        for _ in 0..40 {
            for (index, (side, segment)) in all.into_iter().enumerate() {
                if losses & !dropped & (1 << index) != 0 && net.try_lose(side, segment) {
                    dropped |= 1 << index;
                }
            }
            if !net.deliver_oldest() {
                net.wait(Duration::from_secs(1));
            }
        }
        net.states("ESTABLISHED", "ESTABLISHED");
        net.quiet();
    }
}

/// Both ends have filled each other's window, and the first segment of each is lost: their empty
/// ACKs are at the right edge. Taken literally, the RFC has each answered, for ever.
#[test]
fn full_windows_do_not_make_the_ends_answer_each_other() {
    let mut net = pair();
    for side in [A, B] {
        net.end(side).reconfigure(|config| (config.receive_buffer, config.nagle) = (2, false));
    }
    net.open_passive(B);
    net.open_active(A);
    net.settle();
    for side in [A, B] {
        net.send(side, b"1");
        net.send(side, b"2");
    }
    net.lost(A, "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=1>");
    net.lost(B, "<SEQ=301><ACK=101><CTL=PSH,ACK><DATA=1>");
    net.settle();
    net.wait(Duration::from_secs(1));
    net.settle();
    assert_eq!((net.receive(A), net.receive(B)), (b"12".to_vec(), b"12".to_vec()));
}

/// Both windows are closed, both ends probe, and the byte of each probe is beyond the right edge.
#[test]
fn probes_of_two_closed_windows_cause_no_endless_replies() {
    let mut net = pair();
    for side in [A, B] {
        net.end(side).reconfigure(|config| config.receive_buffer = 2);
    }
    net.open_passive(B);
    net.open_active(A);
    net.settle();
    for side in [A, B] {
        net.send(side, b"12345");
    }
    net.settle();
    for _ in 0..1_000 {
        net.wait(Duration::from_secs(1));
        net.settle();
    }
    net.states("ESTABLISHED", "ESTABLISHED");
    for _ in 0..4 {
        for side in [A, B] {
            net.receive(side);
        }
        net.settle();
        net.wait(Duration::from_secs(60));
        net.settle();
    }
    assert_eq!(net.ends.each_ref().map(Connection::unacknowledged_octets), [0, 0]);
}

/// When the peer has gone, every state with a timer ends.
#[test]
fn no_state_waits_for_ever_for_a_silent_peer() {
    for state in STATES {
        let mut bench = Bench::in_state(state, config(100), 300);
        bench.wait(400_000);
        let rests = match bench.connection.state() {
            // These states wait for a user to close, which may take any time.
            State::Closed
            | State::Listen
            | State::Established
            | State::CloseWait
            | State::FinWait2 => true,
            State::SynSent
            | State::SynReceived
            | State::FinWait1
            | State::Closing
            | State::LastAck
            | State::TimeWait => false,
        };
        assert!(rests, "{state} ends in {}", bench.state());
        assert_eq!(bench.connection.poll_timeout(), None);
    }
}
