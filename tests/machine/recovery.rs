//! What the Linux stack adds to the repair of losses: whole segments are repeated, proportional
//! rate reduction (RFC 9937), the tail loss probe (RFC 8985), F-RTO (RFC 5682).

use crate::support::bench::Bench;
use crate::support::notation::text_at;
use tcp_handshake::tcp::{Config, Event, InitialWindow, SeqNumber};
use tcp_handshake::time::Duration;

fn config() -> Config {
    let mut config = Config::rfc9293(SeqNumber(1_000));
    config.initial_window = InitialWindow::Segments(10);
    config.sack = true;
    config.rto_min = Duration::from_millis(200);
    config
}

/// An open connection whose segments carry 100 bytes, and whose round trip was measured as 20 ms.
fn sender(config: Config) -> Bench {
    let mut bench = Bench::in_state("SYN-SENT", config, 300);
    bench.wait(20);
    bench.arrive("S. 0 ack 1 win 65535 mss 100 sackOK 1");
    bench
}

fn send(bench: &mut Bench, octets: usize) -> Vec<String> {
    let text = text_at(0, octets);
    bench.call(|c, now, out| c.send(now, &text, out)).expect("ESTABLISHED");
    bench.sent()
}

fn ack(bench: &mut Bench, number: u32, sack: &str) -> Vec<String> {
    let sack = if sack.is_empty() { String::new() } else { format!(" sack {sack}") };
    bench.arrive(&format!(". 1 ack {number} win 65535{sack}"))
}

fn window(bench: &Bench) -> (u32, Option<u32>) {
    let congestion = bench.connection.congestion();
    (congestion.cwnd(), congestion.ssthresh())
}

#[test]
fn whole_segments_are_repeated() {
    for (keeps, wanted) in [(true, "200 . 1+60 ack 1"), (false, "200 . 1+100 ack 1")] {
        let mut bench = sender(Config { keeps_segments: keeps, nagle: false, ..config() });
        send(&mut bench, 60);
        send(&mut bench, 100);
        assert_eq!(bench.wait(200), [wanted]);
    }
    // Those that fit together are joined.
    let mut bench = sender(Config { keeps_segments: true, nagle: false, ..config() });
    for _ in 0..3 {
        send(&mut bench, 30);
    }
    assert_eq!(bench.wait(200), ["200 . 1+90 ack 1"]);
}

fn probing() -> Bench {
    sender(Config { tail_loss_probe: true, keeps_segments: true, ..config() })
}

#[test]
fn the_last_segment_is_repeated_as_a_probe() {
    let mut bench = probing();
    send(&mut bench, 300);
    // Two round trips and 2 ms, before the RTO of 200 ms.
    assert_eq!(bench.wait(42), ["42 . 201+100 ack 1"]);
    assert!(bench.rules().contains(&"tail-loss-probed"));
    // One probe, then the timer, which began anew.
    assert_eq!(bench.wait(199), Vec::<String>::new());
    assert_eq!(bench.wait(1), ["1 . 1+100 ack 1"]);
}

#[test]
fn new_text_is_the_better_probe() {
    let mut bench = probing();
    send(&mut bench, 1_050);
    assert_eq!(bench.wait(42), ["42 . 1001+50 ack 1"]);
}

#[test]
fn a_single_segment_waits_for_a_delayed_ack() {
    let mut bench = probing();
    send(&mut bench, 100);
    // 2 SRTT + 200 ms would be later than the RTO, so the probe takes its place.
    assert_eq!(bench.wait(200), ["200 . 1+100 ack 1"]);
    assert!(bench.rules().contains(&"tail-loss-probed"));
    assert_eq!(window(&bench), (1_000, None), "no timeout, no reduction");
}

#[test]
fn a_probe_that_repaired_a_loss_reduces_the_window() {
    let mut bench = probing();
    send(&mut bench, 300);
    bench.wait(42);
    ack(&mut bench, 301, "");
    assert_eq!(window(&bench).1, None, "the next ACK decides");
    send(&mut bench, 100);
    ack(&mut bench, 401, "");
    assert!(bench.rules().contains(&"tail-loss-repaired"));
    assert!(window(&bench).1.is_some());
}

#[test]
fn a_probe_of_what_had_arrived_does_not() {
    let mut bench = probing();
    send(&mut bench, 300);
    bench.wait(42);
    ack(&mut bench, 301, "");
    // D-SACK: the probe arrived twice.
    ack(&mut bench, 301, "201:301");
    send(&mut bench, 100);
    ack(&mut bench, 401, "");
    assert_eq!(window(&bench).1, None);
}

#[test]
fn without_sack_there_is_no_probe() {
    let mut bench = Bench::in_state("SYN-SENT", Config { tail_loss_probe: true, ..config() }, 300);
    bench.arrive("S. 0 ack 1 win 65535 mss 100");
    send(&mut bench, 300);
    assert_eq!(bench.wait(199), Vec::<String>::new());
    bench.wait(1);
    assert!(!bench.rules().contains(&"tail-loss-probed"));
}

#[test]
fn the_window_comes_down_in_proportion() {
    let mut bench = sender(Config { proportional_reduction: true, ..config() });
    send(&mut bench, 5_000);
    let mut sent = vec![];
    for to in [201, 301, 401, 501, 601, 701, 801, 901, 1_001] {
        sent.push(ack(&mut bench, 1, &format!("101:{to}")).len());
    }
    // Two by limited transmit, the retransmission, then about one for every second delivered.
    assert_eq!(sent[..3], [1, 1, 1]);
    let paced: usize = sent[3..].iter().sum();
    assert!((2..=4).contains(&paced), "{sent:?}");
    assert!(sent[3..].iter().all(|count| *count <= 1), "no burst: {sent:?}");
    ack(&mut bench, 1_201, "");
    assert_eq!(window(&bench), (600, Some(600)));
}

fn timed_out() -> Bench {
    let mut bench = sender(Config { frto: true, ..config() });
    send(&mut bench, 2_000);
    assert_eq!(bench.wait(200), ["200 . 1+100 ack 1"]);
    assert_eq!(window(&bench), (100, Some(500)));
    bench
}

#[test]
fn a_spurious_timeout_is_undone() {
    let mut bench = timed_out();
    // The ACK of the first transmission: new text goes out instead of retransmissions.
    assert_eq!(ack(&mut bench, 101, ""), [". 1001+100 ack 1", ". 1101+100 ack 1"]);
    let sent = ack(&mut bench, 201, "");
    assert!(bench.rules().contains(&"spurious-timeout"));
    assert!(sent.iter().all(|segment| !segment.starts_with(". 201+")), "{sent:?}");
    assert_eq!(window(&bench).1, None);
    assert!(window(&bench).0 >= 1_000);
}

#[test]
fn a_real_timeout_is_not() {
    let mut bench = timed_out();
    ack(&mut bench, 101, "");
    let sent = ack(&mut bench, 101, "1001:1101");
    assert_eq!(sent.first().map(String::as_str), Some(". 101+100 ack 1"));
    assert_eq!(window(&bench).1, Some(500));
    let undone = Event::CongestionChanged { cwnd: 1_000, ssthresh: None };
    assert!(!bench.events().contains(&undone));
}
