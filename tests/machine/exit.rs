//! The end of an application: close(2) gives up both directions (RFC 9293 §3.6.1).

use crate::support::bench::{Bench, STATES};
use crate::support::{NUMBERS, config};
use tcp_handshake::tcp::{Config, Connection, SeqNumber};

#[test]
fn an_exit_is_a_close_if_everything_was_read() {
    for (iss, irs) in NUMBERS {
        for state in STATES {
            let mut exits = Bench::in_state(state, config(iss), irs);
            let result = exits.call(Connection::exit);
            let mut closes = Bench::in_state(state, config(iss), irs);
            let close = closes.call(Connection::close);
            let closing =
                matches!(state, "FIN-WAIT-1" | "FIN-WAIT-2" | "CLOSING" | "LAST-ACK" | "TIME-WAIT");
            assert!(result == close || (closing && result.is_ok()), "{state}: {result:?}");
            assert_eq!((exits.sent(), exits.state()), (closes.sent(), closes.state()), "{state}");
        }
    }
}

#[test]
fn data_that_was_not_read_draws_a_reset() {
    let mut bench = Bench::in_state("ESTABLISHED", config(100), 300);
    bench.arrive("P. 1+10 ack 1");
    bench.receive(4);
    bench.call(Connection::exit).expect("the call is legal");
    assert_eq!(bench.sent(), ["R 1"]);
    assert_eq!((bench.state(), bench.rules()), ("CLOSED", vec!["exit-resets"; 2]));
    assert_eq!(bench.connection.readable_octets(), 0);

    let mut bench = Bench::in_state("ESTABLISHED", Config::linux(SeqNumber(100)), 300);
    bench.arrive("P. 1+10 ack 1");
    bench.call(Connection::exit).expect("the call is legal");
    assert_eq!(bench.sent(), ["R. 1 ack 11"]);
}

#[test]
fn data_that_comes_later_draws_a_reset() {
    for acknowledges in [false, true] {
        let mut bench = Bench::in_state("ESTABLISHED", config(100), 300);
        bench.call(Connection::exit).expect("the call is legal");
        assert_eq!(bench.sent(), ["F. 1 ack 1"]);
        if acknowledges {
            bench.gets(". 1 ack 2", "");
        }
        let ack = if acknowledges { 2 } else { 1 };
        // A peer that has received the FIN by then accepts no other number.
        bench.gets(&format!("P. 1+10 ack {ack}"), "R 2");
        assert_eq!(bench.state(), "CLOSED");
        assert!(bench.rules().contains(&"late-text-resets"));
    }
    // Linux answers as from CLOSED, and takes such a reset after a FIN.
    let mut bench = Bench::in_state("ESTABLISHED", Config::linux(SeqNumber(100)), 300);
    bench.call(Connection::exit).expect("the call is legal");
    assert_eq!(bench.sent(), ["F. 1 ack 1"]);
    bench.gets("P. 1+10 ack 1", "R 1");
    // After a CLOSE the application still reads.
    let mut bench = Bench::in_state("FIN-WAIT-2", config(100), 300);
    bench.gets("P. 1+10 ack 2", ". 2 ack 11");
    assert_eq!(bench.receive(99).len(), 10);
    bench.call(Connection::exit).expect("the call is legal");
    bench.gets("P. 11+10 ack 2", "R 2");
}

#[test]
fn an_application_that_is_gone_does_not_disturb_an_orderly_end() {
    let mut bench = Bench::in_state("ESTABLISHED", config(100), 300);
    bench.send(10);
    bench.call(Connection::exit).expect("the call is legal");
    assert_eq!(bench.sent(), ["F. 11 ack 1"]);
    bench.gets(". 1 ack 12", "");
    bench.wait(1_000_000);
    assert_eq!(bench.state(), "FIN-WAIT-2", "the RFC has no timer for it");
    bench.gets("F. 1 ack 12", ". 12 ack 2");
    assert_eq!(bench.state(), "TIME-WAIT");
}
