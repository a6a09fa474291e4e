//! The habits of Linux, one test for each row of docs/stacks.md. Most of the expected segments were
//! measured on Linux 6.18; how long a host goes on before it gives up (102.2 s, 131 s, 924.6 s)
//! follows from the kernel's sources.

use crate::support::bench::Bench;
use tcp_handshake::tcp::{Config, Connection, Event, Output, SeqNumber};

fn linux() -> Config {
    Config::linux(SeqNumber(100))
}

/// An endpoint in `state`, whose round trips take no time.
fn in_state(state: &str) -> Bench {
    Bench::in_state(state, linux(), 300)
}

/// A server, after a handshake with this round trip in milliseconds.
fn server(rtt: u64) -> Bench {
    let mut bench = in_state("LISTEN");
    bench.gets("S 0", "S. 0 ack 1");
    bench.wait(rtt);
    bench.gets(". 1 ack 1", "");
    bench
}

#[test]
fn rto_is_the_round_trip_and_at_least_200_ms() {
    let mut bench = server(100);
    bench.send(10);
    assert_eq!(bench.wait(900), ["300 . 1+10 ack 1", "900 . 1+10 ack 1"]);
}

#[test]
fn the_syn_is_repeated_four_times_at_even_distances_and_given_up_at_131_s() {
    let mut bench = in_state("SYN-SENT");
    let times = [1, 2, 3, 4, 5, 7, 11, 19, 35, 67];
    assert_eq!(bench.wait(130_999), times.map(|second| format!("{} S 0", second * 1_000)));
    assert_eq!(bench.state(), "SYN-SENT");
    bench.wait(1);
    assert!(bench.events().contains(&Event::TimedOut));
}

#[test]
fn after_an_unacceptable_ack_the_syn_is_repeated_soon_but_once() {
    let mut bench = in_state("SYN-SENT");
    bench.wait(100);
    bench.gets(". 5000 ack 7000", "R 7000");
    assert_eq!(bench.wait(900), ["12 S 0"]);
    bench.gets(". 5000 ack 7000", "R 7000");
    assert_eq!(bench.wait(200), ["112 S 0"]);
    // A reset with an unacceptable ACK is not answered, but hurries as well.
    let mut bench = in_state("SYN-SENT");
    bench.gets("R. 5000 ack 7000", "");
    assert_eq!(bench.wait(20), ["12 S 0"]);
}

#[test]
fn fin_wait_2_lasts_60_s_when_the_application_is_gone() {
    for asks_first in [false, true] {
        let mut bench = server(10);
        if asks_first {
            assert_eq!(bench.close(), ["F. 1 ack 1"]);
            bench.gets(". 1 ack 2", "");
            bench.wait(500_000);
            assert_eq!(bench.state(), "FIN-WAIT-2", "an application waits for ever");
            bench.call(Connection::exit).expect("the call is legal");
        } else {
            bench.call(Connection::exit).expect("the call is legal");
            bench.gets(". 1 ack 2", "");
        }
        bench.wait(59_999);
        assert_eq!(bench.state(), "FIN-WAIT-2");
        bench.wait(1);
        assert_eq!(bench.state(), "CLOSED");
        bench.gets("F. 1 ack 2", "R 2");
    }
}

#[test]
fn a_host_gives_up_early_when_the_application_is_gone() {
    let mut bench = server(0);
    bench.call(Connection::exit).expect("the call is legal");
    // Retransmissions at 0.2, 0.6, …; the first expiry 102.2 s after the first of them.
    assert_eq!(bench.wait(102_399).last().map(String::as_str), Some("102200 F. 1 ack 1"));
    assert_eq!(bench.state(), "FIN-WAIT-1");
    bench.wait(200_000);
    assert_eq!(bench.state(), "CLOSED");

    let mut bench = server(0);
    bench.send(10);
    let sent = bench.wait(924_801);
    assert_eq!(sent.len(), 16);
    bench.wait(120_000);
    assert_eq!((bench.state(), bench.sent().len()), ("CLOSED", 0));
}

#[test]
fn a_zero_window_is_probed_with_nothing() {
    let mut bench = server(10);
    bench.send(100);
    bench.wait(10);
    bench.gets(". 1 ack 101 win 0", "");
    assert!(bench.send(100).is_empty());
    assert_eq!(bench.wait(210), ["210 . 100 ack 1"]);
    bench.wait(10);
    // The answer postpones the next probe.
    bench.gets(". 1 ack 101 win 0", "");
    assert_eq!(bench.wait(420), ["420 . 100 ack 1"]);
    bench.gets(". 1 ack 101 win 65535", ". 101+100 ack 1");
}

#[test]
fn a_segment_waits_for_a_window_that_takes_all_of_it() {
    let mut bench = server(10);
    bench.gets(". 1 ack 1 win 500", "");
    assert!(bench.send(600).is_empty());
    assert_eq!(bench.wait(210), ["210 . 1+500 ack 1"]);
}

#[test]
fn an_abort_acknowledges() {
    for state in ["SYN-RECEIVED (active)", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT"]
    {
        let mut bench = in_state(state);
        assert!(bench.abort()[0].starts_with("R. "), "{state}");
    }
}

#[test]
fn unacceptable_segments_without_text_are_answered_once_in_half_a_second() {
    let mut bench = server(10);
    bench.gets("R 11", ". 1 ack 1");
    bench.gets("R 11", "");
    bench.gets(". -9 ack 1", "");
    // Text is exempt, but not from challenges.
    bench.gets("P. -9+5 ack 1", ". 1 ack 1");
    bench.gets("S 50", "");
    bench.wait(500);
    bench.gets("S 50", ". 1 ack 1");
}

#[test]
fn an_ack_of_text_never_sent_is_dropped_and_an_old_one_challenged() {
    let mut bench = server(10);
    bench.gets(". 1 ack 500", "");
    assert_eq!(bench.rules(), ["ack-of-unsent"]);
    bench.gets(". 1 ack -4", ". 1 ack 1");
}

#[test]
fn the_syn_ack_of_a_simultaneous_open_is_acknowledged() {
    let mut bench = in_state("SYN-RECEIVED (active)");
    bench.gets("S. 0 ack 1", ". 1 ack 1");
    assert_eq!(bench.state(), "ESTABLISHED");
}

#[test]
fn text_is_acknowledged_at_once_until_it_is_answered() {
    let mut bench = server(10);
    for start in [1, 11, 21] {
        bench.wait(100);
        bench.gets(&format!("P. {start}+10 ack 1"), &format!(". 1 ack {}", start + 10));
    }
    bench.send(20);
    bench.gets(". 31 ack 21", "");
    // A conversation: the ACK waits for the next answer, for 40 ms.
    bench.wait(100);
    bench.gets("P. 31+10 ack 21", "");
    assert_eq!(bench.wait(100), ["40 . 21 ack 41"]);
    // That was a wrong guess.
    bench.gets("P. 41+10 ack 21", ". 21 ack 51");
}

#[test]
fn the_ack_of_a_fin_waits_as_long_as_that_of_text() {
    let mut bench = server(10);
    bench.gets("F. 1 ack 1", "");
    assert_eq!(bench.wait(100), ["4 . 1 ack 2"], "the next tick");
    let mut bench = server(10);
    bench.gets("P. 1+10 ack 1", ". 1 ack 11");
    bench.gets("F. 11 ack 1", "");
    assert_eq!(bench.wait(100), ["40 . 1 ack 12"]);
}

#[test]
fn two_full_segments_are_acknowledged_at_once() {
    let mut bench = server(10);
    bench.gets("P. 1+10 ack 1", ". 1 ack 11");
    bench.send(5);
    bench.gets(". 11+1000 ack 6", "");
    bench.gets(". 1011+1000 ack 6", ". 6 ack 2011");
}

#[test]
fn text_can_be_read_after_a_reset() {
    let mut bench = server(10);
    bench.arrive("P. 1+10 ack 1");
    bench.arrive("R 11");
    assert_eq!(bench.state(), "CLOSED");
    assert!(bench.events().contains(&Event::Reset));
    assert_eq!(bench.receive(100).len(), 10);
}

#[test]
fn text_of_a_syn_is_dropped() {
    let mut bench = in_state("LISTEN");
    bench.gets("S 0+10", "S. 0 ack 1");
    let mut bench = in_state("SYN-SENT");
    bench.gets("SF. 0+10 ack 1", ". 1 ack 1");
    assert_eq!(bench.state(), "ESTABLISHED");
    let mut bench = in_state("LISTEN");
    bench.gets("SF 0", "");
}

/// A server in TIME-WAIT.
fn waiting() -> Bench {
    let mut bench = server(10);
    bench.close();
    bench.gets("F. 1 ack 2", ". 2 ack 2");
    bench
}

#[test]
fn a_new_syn_opens_from_time_wait() {
    let mut bench = waiting();
    // An old number, then the one that follows the FIN: neither is beyond RCV.NXT.
    bench.gets("S 0", ". 2 ack 2");
    bench.wait(500);
    bench.gets("S 2", ". 2 ack 2");
    bench.gets("S 5000", "S. 65539 ack 5001");
    assert_eq!(bench.state(), "SYN-RECEIVED");
    bench.gets(". 5001 ack 65540", "");
    assert_eq!(bench.state(), "ESTABLISHED");
    // A client does not listen.
    let mut bench = in_state("TIME-WAIT");
    bench.gets("S 5000", ". 2 ack 2");
}

/// RFC 6191: with timestamps, theirs is the order that counts.
#[test]
fn a_newer_timestamp_opens_from_time_wait() {
    let mut bench = in_state("LISTEN");
    bench.gets("S 0 ts 5000,0", "S. 0 ack 1");
    bench.gets(". 1 ack 1 ts 5001,1000", "");
    bench.close();
    bench.gets("F. 1 ack 2 ts 5002,1000", ". 2 ack 2");
    bench.gets("S -1000 ts 5002,0", ". 2 ack 2");
    bench.wait(500);
    bench.gets("S 5000 ts 4000,0", ". 2 ack 2");
    bench.gets("S -1000 ts 5003,0", "S. 65539 ack -999");
    // The new connection has the same clock.
    let stamps = bench.outputs.iter().find_map(|output| match output {
        Output::Transmit(segment, ..) => segment.options.timestamps,
        Output::Event(..) => None,
    });
    assert_eq!(stamps.map(|stamps| (stamps.value, stamps.echo)), Some((1_500, 5_003)));
}

#[test]
fn time_wait_begins_anew_with_an_ack_and_minds_only_exact_resets() {
    let mut bench = waiting();
    bench.wait(59_000);
    bench.gets(". 2 ack 2", "");
    bench.wait(59_000);
    bench.gets("R 5", "");
    assert_eq!(bench.state(), "TIME-WAIT");
    bench.gets("R 2", "");
    assert_eq!(bench.state(), "CLOSED");
}

#[test]
fn a_half_open_connection_is_dropped_on_any_doubt() {
    let half_open = || {
        let mut bench = in_state("LISTEN");
        bench.gets("S 0", "S. 0 ack 1");
        bench
    };
    let mut bench = half_open();
    bench.gets("R 50", "");
    assert_eq!(bench.state(), "LISTEN");
    let mut bench = half_open();
    bench.gets("S 1000", "R. zero ack 1001");
    assert_eq!(bench.state(), "LISTEN");
    let mut bench = half_open();
    bench.gets(". 1 ack 7", "R 7");
    assert_eq!(bench.state(), "SYN-RECEIVED");
    bench.gets("S 0", "S. 0 ack 1");
    bench.gets("S 0", "");
    bench.gets("R 100000", "");
    assert_eq!(bench.state(), "SYN-RECEIVED");
}

#[test]
fn a_reset_at_the_fin_resets_and_the_user_is_told() {
    for state in ["CLOSE-WAIT", "LAST-ACK", "CLOSING"] {
        let mut bench = in_state(state);
        bench.gets("R 1", "");
        assert!(bench.events().contains(&Event::Reset), "{state}");
    }
    let mut bench = in_state("ESTABLISHED");
    bench.gets("R 0", "");
    assert_eq!(bench.state(), "ESTABLISHED");
}

#[test]
fn only_a_small_segment_holds_back_another() {
    let mut bench = in_state("SYN-SENT");
    bench.arrive("S. 0 ack 1 mss 1000");
    assert_eq!(bench.send(1_000), [". 1+1000 ack 1"]);
    assert_eq!(bench.send(10), [". 1001+10 ack 1"]);
    assert!(bench.send(10).is_empty());
}
