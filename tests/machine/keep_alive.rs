//! Keep-alives (RFC 9293 §3.8.4).

use crate::support::bench::Bench;
use crate::support::{NUMBERS, config};
use tcp_handshake::tcp::{Config, Event, KeepAlive};
use tcp_handshake::time::Duration;

const TIMES: KeepAlive =
    KeepAlive { idle: Duration::from_secs(10), interval: Duration::from_secs(3), probes: 2 };

fn keeping(iss: u32) -> Config {
    Config { keep_alive: Some(TIMES), ..config(iss) }
}

#[test]
fn an_idle_peer_is_asked_and_given_up_after_several_silences() {
    for (iss, irs) in NUMBERS {
        let mut bench = Bench::in_state("ESTABLISHED", keeping(iss), irs);
        // One left of SND.UNA, without text.
        assert_eq!(bench.wait(15_999), ["10000 . 0 ack 1", "13000 . 0 ack 1"]);
        assert_eq!(bench.state(), "ESTABLISHED", "one silence is not enough");
        assert_eq!(bench.wait(1), ["1 R 1"]);
        assert!(bench.events().contains(&Event::TimedOut));
        assert_eq!(bench.state(), "CLOSED");
    }
}

#[test]
fn an_answer_begins_the_wait_anew() {
    let mut bench = Bench::in_state("ESTABLISHED", keeping(100), 300);
    assert_eq!(bench.wait(13_000).len(), 2);
    bench.gets(". 1 ack 1", "");
    assert_eq!(bench.wait(13_000), ["10000 . 0 ack 1", "13000 . 0 ack 1"]);
    bench.gets("P. 1+10 ack 1", ". 1 ack 11");
    assert_eq!(bench.wait(10_000), ["10000 . 0 ack 11"]);
}

#[test]
fn data_in_flight_needs_no_keep_alive() {
    let mut bench = Bench::in_state("ESTABLISHED", keeping(100), 300);
    bench.send(5);
    let sent = bench.wait(60_000);
    assert!(sent.iter().all(|segment| segment.ends_with(". 1+5 ack 1")), "{sent:?}");
}

#[test]
fn they_are_off_by_default_and_can_be_turned_on_and_off() {
    let mut bench = Bench::in_state("ESTABLISHED", config(100), 300);
    assert!(bench.wait(100_000_000).is_empty());
    bench.call(|c, now, _| c.set_keep_alive(now, Some(KeepAlive::DEFAULT)));
    assert!(bench.wait(7_199_999).is_empty());
    assert_eq!(bench.wait(1), ["1 . 0 ack 1"]);
    bench.call(|c, now, _| c.set_keep_alive(now, None));
    assert!(bench.wait(100_000_000).is_empty());
}

#[test]
fn a_half_closed_connection_is_kept_alive_too() {
    for (state, probe) in [("FIN-WAIT-2", "10000 . 1 ack 1"), ("CLOSE-WAIT", "10000 . 0 ack 2")] {
        let mut bench = Bench::in_state(state, keeping(100), 300);
        assert_eq!(bench.wait(10_000), [probe], "{state}");
    }
}
