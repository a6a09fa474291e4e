//! Figures 6 to 13 of RFC 9293, segment by segment and state by state, with the RFC's own numbers.

use crate::support::config;
use crate::support::pair::Pair;
use crate::support::pair::Side::{A, B};
use tcp_handshake::tcp::{Event, Flags, Segment, SeqNumber};
use tcp_handshake::time::Duration;

/// The RFC's ends: A's ISS is 100, B's is 300, and B's next ISS is 400.
fn rfc_pair() -> Pair {
    Pair::new(config(100), config(300))
}

/// Both ESTABLISHED, so that A sends 100 next and B 300, as Figures 9 to 13 begin.
fn established() -> Pair {
    let mut net = Pair::new(config(99), config(299));
    net.open_passive(B);
    net.open_active(A);
    net.settle();
    net.states("ESTABLISHED", "ESTABLISHED");
    net.reported(A);
    net.reported(B);
    net
}

#[test]
fn figure_6_basic_handshake() {
    let mut net = rfc_pair();
    net.open_passive(B);
    net.states("CLOSED", "LISTEN");
    net.open_active(A);
    net.states("SYN-SENT", "LISTEN");
    net.arrives(A, "<SEQ=100><CTL=SYN>");
    net.states("SYN-SENT", "SYN-RECEIVED");
    net.arrives(B, "<SEQ=300><ACK=101><CTL=SYN,ACK>");
    net.states("ESTABLISHED", "SYN-RECEIVED");
    net.arrives(A, "<SEQ=101><ACK=301><CTL=ACK>");
    net.states("ESTABLISHED", "ESTABLISHED");
    // Line 5: the ACK occupied no sequence number, so the text has the same SEQ.
    net.send(A, b"hello");
    net.arrives(A, "<SEQ=101><ACK=301><CTL=PSH,ACK><DATA=5>");
    assert_eq!(net.receive(B), b"hello");
    net.arrives(B, "<SEQ=301><ACK=106><CTL=ACK>");
    net.quiet();
}

#[test]
fn figure_7_simultaneous_open() {
    let mut net = rfc_pair();
    net.open_active(A);
    net.states("SYN-SENT", "CLOSED");
    net.open_active(B);
    net.arrives(B, "<SEQ=300><CTL=SYN>");
    net.states("SYN-RECEIVED", "SYN-SENT");
    net.arrives(A, "<SEQ=100><CTL=SYN>");
    net.states("SYN-RECEIVED", "SYN-RECEIVED");
    net.sent(A, "<SEQ=100><ACK=301><CTL=SYN,ACK>");
    net.arrives(B, "<SEQ=300><ACK=101><CTL=SYN,ACK>");
    net.states("ESTABLISHED", "SYN-RECEIVED");
    net.arrives(A, "<SEQ=100><ACK=301><CTL=SYN,ACK>");
    net.states("ESTABLISHED", "ESTABLISHED");
    net.quiet();
}

#[test]
fn figure_8_old_duplicate_syn() {
    let mut net = rfc_pair();
    net.open_passive(B);
    net.open_active(A);
    net.states("SYN-SENT", "LISTEN");
    let old = Segment { seq: SeqNumber(90), flags: Flags::SYN, window: 999, ..Segment::default() };
    net.inject(B, &old);
    net.states("SYN-SENT", "SYN-RECEIVED");
    net.arrives(B, "<SEQ=300><ACK=91><CTL=SYN,ACK>");
    net.states("SYN-SENT", "SYN-RECEIVED");
    net.arrives(A, "<SEQ=91><CTL=RST>");
    net.states("SYN-SENT", "LISTEN");
    assert_eq!(net.reported(B), []);
    net.arrives(A, "<SEQ=100><CTL=SYN>");
    net.states("SYN-SENT", "SYN-RECEIVED");
    net.arrives(B, "<SEQ=400><ACK=101><CTL=SYN,ACK>");
    net.states("ESTABLISHED", "SYN-RECEIVED");
    net.arrives(A, "<SEQ=101><ACK=401><CTL=ACK>");
    net.states("ESTABLISHED", "ESTABLISHED");
    net.quiet();
}

/// A loses its TCB in a crash; its next ISS is 400.
fn crash(net: &mut Pair) {
    *net.end(A) = tcp_handshake::tcp::Connection::new(config(400));
}

#[test]
fn figure_9_half_open_connection_discovery() {
    let mut net = established();
    crash(&mut net);
    net.states("CLOSED", "ESTABLISHED");
    net.open_active(A);
    net.arrives(A, "<SEQ=400><CTL=SYN>");
    net.states("SYN-SENT", "ESTABLISHED");
    net.arrives(B, "<SEQ=300><ACK=100><CTL=ACK>");
    net.states("SYN-SENT", "ESTABLISHED");
    net.arrives(A, "<SEQ=100><CTL=RST>");
    net.states("SYN-SENT", "CLOSED");
    assert!(net.reported(B).contains(&Event::Reset));
    net.open_passive(B);
    net.quiet();
    net.wait(Duration::from_secs(1));
    net.arrives(A, "<SEQ=400><CTL=SYN>");
    net.settle();
    net.states("ESTABLISHED", "ESTABLISHED");
}

#[test]
fn figure_10_active_side_discovers_half_open() {
    let mut net = established();
    crash(&mut net);
    net.send(B, b"ten octets");
    net.states("CLOSED", "ESTABLISHED");
    net.arrives(B, "<SEQ=300><ACK=100><CTL=PSH,ACK><DATA=10>");
    net.arrives(A, "<SEQ=100><CTL=RST>");
    net.states("CLOSED", "CLOSED");
    assert_eq!(net.reported(B).last(), Some(&Event::Reset));
    net.quiet();
}

#[test]
fn figure_11_old_duplicate_syn_between_two_passive_ends() {
    let mut net = rfc_pair();
    net.open_passive(A);
    net.open_passive(B);
    net.states("LISTEN", "LISTEN");
    let old = Segment { seq: SeqNumber(77), flags: Flags::SYN, window: 999, ..Segment::default() };
    net.inject(B, &old);
    net.states("LISTEN", "SYN-RECEIVED");
    net.arrives(B, "<SEQ=300><ACK=78><CTL=SYN,ACK>");
    net.states("LISTEN", "SYN-RECEIVED");
    net.arrives(A, "<SEQ=78><CTL=RST>");
    net.states("LISTEN", "LISTEN");
    net.quiet();
    assert_eq!(net.ends[1].poll_timeout(), None);
}

#[test]
fn figure_12_normal_close() {
    let mut net = established();
    net.close(A);
    net.states("FIN-WAIT-1", "ESTABLISHED");
    net.arrives(A, "<SEQ=100><ACK=300><CTL=FIN,ACK>");
    net.states("FIN-WAIT-1", "CLOSE-WAIT");
    assert_eq!(net.reported(B), [Event::PeerClosed]);
    net.arrives(B, "<SEQ=300><ACK=101><CTL=ACK>");
    net.states("FIN-WAIT-2", "CLOSE-WAIT");
    assert!(net.reported(A).contains(&Event::CloseCompleted));
    net.close(B);
    net.states("FIN-WAIT-2", "LAST-ACK");
    net.arrives(B, "<SEQ=300><ACK=101><CTL=FIN,ACK>");
    net.states("TIME-WAIT", "LAST-ACK");
    net.arrives(A, "<SEQ=101><ACK=301><CTL=ACK>");
    net.states("TIME-WAIT", "CLOSED");
    net.quiet();
    net.wait(Duration::from_millis(239_999));
    net.states("TIME-WAIT", "CLOSED");
    net.wait(Duration::from_millis(1));
    net.states("CLOSED", "CLOSED");
    net.quiet();
}

#[test]
fn figure_13_simultaneous_close() {
    let mut net = established();
    net.close(A);
    net.close(B);
    net.states("FIN-WAIT-1", "FIN-WAIT-1");
    net.arrives(A, "<SEQ=100><ACK=300><CTL=FIN,ACK>");
    net.states("FIN-WAIT-1", "CLOSING");
    net.arrives(B, "<SEQ=300><ACK=100><CTL=FIN,ACK>");
    net.states("CLOSING", "CLOSING");
    net.arrives(A, "<SEQ=101><ACK=301><CTL=ACK>");
    net.states("CLOSING", "TIME-WAIT");
    net.arrives(B, "<SEQ=301><ACK=101><CTL=ACK>");
    net.states("TIME-WAIT", "TIME-WAIT");
    net.quiet();
    net.wait(Duration::from_secs(240));
    net.states("CLOSED", "CLOSED");
}
