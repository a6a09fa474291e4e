//! The user's calls × eleven states (RFC 9293 §3.10.1 to §3.10.5): results, segments, states,
//! events.

use crate::support::bench::{Bench, STATES};
use crate::support::{NUMBERS, config};
use tcp_handshake::tcp::{
    AbortError, CloseError, Connection, Event, OpenError, ReceiveError, SendError,
};

/// Makes the same call in every state; each row is `state: result | sent | next state`.
#[track_caller]
fn table(call: impl Fn(&mut Bench) -> String, expected: &[&str]) {
    for (iss, irs) in NUMBERS {
        let rows: Vec<String> = STATES
            .iter()
            .map(|state| {
                let mut bench = Bench::in_state(state, config(iss), irs);
                let result = call(&mut bench);
                let sent = bench.sent().join("; ");
                format!("{state}: {result} | {sent} | {}", bench.state())
            })
            .collect();
        assert_eq!(rows, expected, "ISS={iss} IRS={irs}");
    }
}

fn shown<T, E: std::error::Error>(result: Result<T, E>) -> String {
    result.map_or_else(|error| format!("error: {error}"), |_| "ok".into())
}

#[test]
fn passive_open() {
    table(
        |bench| shown(bench.call(Connection::open_passive)),
        &[
            "CLOSED: ok |  | LISTEN",
            "LISTEN: error: connection already exists |  | LISTEN",
            "SYN-SENT: error: connection already exists |  | SYN-SENT",
            "SYN-RECEIVED: error: connection already exists |  | SYN-RECEIVED",
            "SYN-RECEIVED (active): error: connection already exists |  | SYN-RECEIVED",
            "ESTABLISHED: error: connection already exists |  | ESTABLISHED",
            "FIN-WAIT-1: error: connection already exists |  | FIN-WAIT-1",
            "FIN-WAIT-2: error: connection already exists |  | FIN-WAIT-2",
            "CLOSE-WAIT: error: connection already exists |  | CLOSE-WAIT",
            "CLOSING: error: connection already exists |  | CLOSING",
            "LAST-ACK: error: connection already exists |  | LAST-ACK",
            "TIME-WAIT: error: connection already exists |  | TIME-WAIT",
        ],
    );
}

#[test]
fn active_open() {
    table(
        |bench| shown(bench.call(Connection::open_active)),
        &[
            "CLOSED: ok | S 0 | SYN-SENT",
            "LISTEN: ok | S 0 | SYN-SENT",
            "SYN-SENT: error: connection already exists |  | SYN-SENT",
            "SYN-RECEIVED: error: connection already exists |  | SYN-RECEIVED",
            "SYN-RECEIVED (active): error: connection already exists |  | SYN-RECEIVED",
            "ESTABLISHED: error: connection already exists |  | ESTABLISHED",
            "FIN-WAIT-1: error: connection already exists |  | FIN-WAIT-1",
            "FIN-WAIT-2: error: connection already exists |  | FIN-WAIT-2",
            "CLOSE-WAIT: error: connection already exists |  | CLOSE-WAIT",
            "CLOSING: error: connection already exists |  | CLOSING",
            "LAST-ACK: error: connection already exists |  | LAST-ACK",
            "TIME-WAIT: error: connection already exists |  | TIME-WAIT",
        ],
    );
}

#[test]
fn send() {
    table(
        |bench| shown(bench.call(|c, now, out| c.send(now, b"hello", out))),
        &[
            "CLOSED: error: connection does not exist |  | CLOSED",
            "LISTEN: ok | S 0 | SYN-SENT",
            "SYN-SENT: ok |  | SYN-SENT",
            "SYN-RECEIVED: ok |  | SYN-RECEIVED",
            "SYN-RECEIVED (active): ok |  | SYN-RECEIVED",
            "ESTABLISHED: ok | . 1+5 ack 1 | ESTABLISHED",
            "FIN-WAIT-1: error: connection closing |  | FIN-WAIT-1",
            "FIN-WAIT-2: error: connection closing |  | FIN-WAIT-2",
            "CLOSE-WAIT: ok | . 1+5 ack 2 | CLOSE-WAIT",
            "CLOSING: error: connection closing |  | CLOSING",
            "LAST-ACK: error: connection closing |  | LAST-ACK",
            "TIME-WAIT: error: connection closing |  | TIME-WAIT",
        ],
    );
}

#[test]
fn receive_with_nothing_to_read() {
    table(
        |bench| shown(bench.call(|c, now, out| c.receive(now, 10, out))),
        &[
            "CLOSED: error: connection does not exist |  | CLOSED",
            "LISTEN: ok |  | LISTEN",
            "SYN-SENT: ok |  | SYN-SENT",
            "SYN-RECEIVED: ok |  | SYN-RECEIVED",
            "SYN-RECEIVED (active): ok |  | SYN-RECEIVED",
            "ESTABLISHED: ok |  | ESTABLISHED",
            "FIN-WAIT-1: ok |  | FIN-WAIT-1",
            "FIN-WAIT-2: ok |  | FIN-WAIT-2",
            "CLOSE-WAIT: error: connection closing |  | CLOSE-WAIT",
            "CLOSING: error: connection closing |  | CLOSING",
            "LAST-ACK: error: connection closing |  | LAST-ACK",
            "TIME-WAIT: error: connection closing |  | TIME-WAIT",
        ],
    );
}

#[test]
fn close() {
    table(
        |bench| shown(bench.call(Connection::close)),
        &[
            "CLOSED: error: connection does not exist |  | CLOSED",
            "LISTEN: ok |  | CLOSED",
            "SYN-SENT: ok |  | CLOSED",
            "SYN-RECEIVED: ok | F. 1 ack 1 | FIN-WAIT-1",
            "SYN-RECEIVED (active): ok | F. 1 ack 1 | FIN-WAIT-1",
            "ESTABLISHED: ok | F. 1 ack 1 | FIN-WAIT-1",
            "FIN-WAIT-1: error: connection closing |  | FIN-WAIT-1",
            "FIN-WAIT-2: error: connection closing |  | FIN-WAIT-2",
            "CLOSE-WAIT: ok | F. 1 ack 2 | LAST-ACK",
            "CLOSING: error: connection closing |  | CLOSING",
            "LAST-ACK: error: connection closing |  | LAST-ACK",
            "TIME-WAIT: error: connection closing |  | TIME-WAIT",
        ],
    );
}

#[test]
fn abort() {
    table(
        |bench| shown(bench.call(Connection::abort)),
        &[
            "CLOSED: error: connection does not exist |  | CLOSED",
            "LISTEN: ok |  | CLOSED",
            "SYN-SENT: ok |  | CLOSED",
            "SYN-RECEIVED: ok | R 1 | CLOSED",
            "SYN-RECEIVED (active): ok | R 1 | CLOSED",
            "ESTABLISHED: ok | R 1 | CLOSED",
            "FIN-WAIT-1: ok | R 2 | CLOSED",
            "FIN-WAIT-2: ok | R 2 | CLOSED",
            "CLOSE-WAIT: ok | R 1 | CLOSED",
            "CLOSING: ok |  | CLOSED",
            "LAST-ACK: ok |  | CLOSED",
            "TIME-WAIT: ok |  | CLOSED",
        ],
    );
}

#[test]
fn errors_are_values() {
    let mut closed = Bench::in_state("CLOSED", config(1), 2);
    assert_eq!(closed.call(|c, now, out| c.send(now, b"", out)), Err(SendError::NotOpen));
    assert_eq!(closed.call(|c, now, out| c.receive(now, 1, out)), Err(ReceiveError::NotOpen));
    assert_eq!(closed.call(Connection::close), Err(CloseError::NotOpen));
    assert_eq!(closed.call(Connection::abort), Err(AbortError::NotOpen));
    let mut last_ack = Bench::in_state("LAST-ACK", config(1), 2);
    assert_eq!(last_ack.call(Connection::open_active), Err(OpenError::AlreadyExists));
    assert_eq!(last_ack.call(|c, now, out| c.send(now, b"", out)), Err(SendError::Closing));
    assert_eq!(last_ack.call(|c, now, out| c.receive(now, 1, out)), Err(ReceiveError::Closing));
    assert_eq!(last_ack.call(Connection::close), Err(CloseError::Closing));
    assert!(last_ack.outputs.is_empty(), "a call that fails does nothing");
}

#[test]
fn a_send_that_does_not_fit_queues_nothing() {
    let mut config = config(1);
    config.send_buffer = 10;
    let mut bench = Bench::in_state("SYN-SENT", config, 2);
    bench.send(8);
    assert_eq!(bench.call(|c, now, out| c.send(now, b"abc", out)), Err(SendError::NoRoom));
    assert_eq!(bench.connection.unacknowledged_octets(), 8);
    bench.send(2);
}

#[test]
fn text_queued_before_established_leaves_with_the_ack() {
    for state in ["SYN-SENT", "SYN-RECEIVED (active)", "SYN-RECEIVED"] {
        let mut bench = Bench::in_state(state, config(1), 2);
        bench.send(5);
        let segment = if state == "SYN-SENT" { "S. 0 ack 1" } else { ". 1 ack 1" };
        bench.gets(segment, ". 1+5 ack 1");
        assert_eq!(bench.state(), "ESTABLISHED");
    }
}

/// A CLOSE in SYN-RECEIVED with queued text waits for ESTABLISHED; then text and FIN are sent.
#[test]
fn close_in_syn_received_is_deferred() {
    for state in ["SYN-RECEIVED (active)", "SYN-RECEIVED"] {
        let mut bench = Bench::in_state(state, config(1), 2);
        bench.send(5);
        assert!(bench.close().is_empty());
        assert_eq!(bench.events(), [Event::CloseWaits]);
        assert_eq!(bench.state(), "SYN-RECEIVED");
        assert_eq!(bench.call(Connection::close), Err(CloseError::Closing));
        let send = bench.call(|c, now, out| c.send(now, b"more", out));
        assert_eq!(send, Err(SendError::Closing));
        bench.gets(". 1 ack 1", "F. 1+5 ack 1");
        assert_eq!(bench.state(), "FIN-WAIT-1");
        bench.gets(". 1 ack 7", "");
        assert_eq!(bench.state(), "FIN-WAIT-2");
    }
}

/// The user has closed, so a reset leads to CLOSED and not back to LISTEN.
#[test]
fn a_deferred_close_does_not_return_to_listen() {
    let mut bench = Bench::in_state("SYN-RECEIVED", config(1), 2);
    bench.send(5);
    bench.close();
    bench.gets("S 11", ". 1 ack 1");
    bench.gets("R 1", "");
    assert_eq!(bench.state(), "CLOSED");
}

/// The FIN is sent before our SYN is acknowledged: the SYN,ACK is repeated first, then the FIN.
#[test]
fn close_in_syn_received_when_the_syn_ack_is_lost() {
    let mut bench = Bench::in_state("SYN-RECEIVED", config(1), 2);
    assert_eq!(bench.close(), ["F. 1 ack 1"]);
    assert_eq!(bench.wait(1_000), ["1000 S. 0 ack 1"]);
    bench.gets(". 1 ack 1", "F. 1 ack 1");
    assert_eq!(bench.state(), "FIN-WAIT-1");
    bench.gets(". 1 ack 2", "");
    assert_eq!(bench.state(), "FIN-WAIT-2");
    assert_eq!(bench.connection.poll_timeout(), None);
}

#[test]
fn close_waits_for_the_queue() {
    // The peer's window accepts 10 bytes, so 5 bytes and the FIN wait.
    for (state, next) in [("ESTABLISHED", "FIN-WAIT-1"), ("CLOSE-WAIT", "LAST-ACK")] {
        let mut bench = Bench::in_state(state, config(1), 2);
        let rcv_nxt = if state == "CLOSE-WAIT" { 2 } else { 1 };
        bench.arrive(&format!(". {rcv_nxt} ack 1 win 10"));
        assert!(bench.send(15).is_empty(), "a silly window is not used at once");
        assert!(bench.close().is_empty());
        assert_eq!(bench.state(), next);
        assert_eq!(bench.wait(200), [format!("200 . 1+10 ack {rcv_nxt}")]);
        bench.gets(&format!(". {rcv_nxt} ack 11 win 10"), &format!("F. 11+5 ack {rcv_nxt}"));
    }
}

/// Text that arrived before the peer's FIN can still be read after it.
#[test]
fn unread_text_is_delivered_after_the_fin() {
    let mut bench = Bench::in_state("ESTABLISHED", config(1), 0);
    bench.arrive("FP. 1+10 ack 1");
    assert_eq!(bench.state(), "CLOSE-WAIT");
    assert_eq!(bench.receive(4).octets(), b"bcde");
    bench.close();
    assert_eq!(bench.receive(4).octets(), b"fghi");
    bench.arrive(". 12 ack 2");
    assert_eq!(bench.state(), "CLOSED");
    assert_eq!(bench.receive(9).octets(), b"jk");
    let more = bench.call(|c, now, out| c.receive(now, 1, out));
    assert_eq!(more, Err(ReceiveError::NotOpen));
}

#[test]
fn a_reset_discards_unread_text() {
    let mut bench = Bench::in_state("ESTABLISHED", config(1), 0);
    bench.arrive("P. 1+10 ack 1");
    bench.arrive("R 11");
    assert_eq!(bench.events()[0], Event::Reset);
    assert_eq!(bench.connection.readable_octets(), 0);
}

#[test]
fn a_connection_can_be_opened_again_with_the_next_iss() {
    let mut bench = Bench::in_state("ESTABLISHED", config(1), 0);
    bench.abort();
    assert_eq!(bench.call(Connection::open_active), Ok(()));
    assert_eq!(bench.sent(), ["S 100"]);
}
