//! Each note, on a short exchange that causes it; and the list of connections.

use super::build::{ACK, FIN, Order, RST, SYN, Tcp, client, pcap, server, timed};
use super::open;
use tcp_handshake::capture::{Closing, Opening, connection_table};

/// The notes of segments a millisecond apart, after a handshake with ISNs 100 and 300, unscaled.
fn notes(segments: impl IntoIterator<Item = Tcp>) -> Vec<String> {
    let handshake =
        [client(SYN, 100, 0, 0), server(SYN | ACK, 300, 101, 0), client(ACK, 101, 301, 0)];
    let packets = handshake.into_iter().chain(segments).map(|segment| segment.datagram());
    let opened = open(&pcap(Order::Little, false, 101, &timed(packets)));
    opened.segments[3..].iter().map(|segment| segment.notes.to_string()).collect()
}

#[test]
fn segments_sent_again_are_told_apart() {
    let data = client(ACK, 101, 301, 10);
    let more = client(ACK, 111, 301, 10);
    let ack = |ack| server(ACK, 301, ack, 0);
    let expected = ["", "retransmission"];
    assert_eq!(notes([data.clone(), data.clone()]), expected);
    let expected = ["", "", "retransmission,spurious-retransmission"];
    assert_eq!(notes([data.clone(), ack(111), data.clone()]), expected);
    let expected = ["previous-not-captured", "out-of-order"];
    assert_eq!(notes([more.clone(), data.clone()]), expected);
    let fast = [data, more.clone(), ack(111), ack(111), ack(111), more];
    let expected =
        ["", "", "", "duplicate-ack", "duplicate-ack", "retransmission,fast-retransmission"];
    assert_eq!(notes(fast), expected);
}

#[test]
fn windows_and_probes_are_noted() {
    let closed = server(ACK, 301, 101, 0).window(0);
    let probe = client(ACK, 101, 301, 1);
    let exchange = [closed.clone(), probe, closed.clone()];
    let expected = ["zero-window", "zero-window-probe", "zero-window,zero-window-probe-ack"];
    assert_eq!(notes(exchange), expected);
    assert_eq!(notes([client(ACK, 101, 301, 1_000)]), ["window-full"]);
    let idle = [client(ACK, 100, 301, 0), server(ACK, 301, 101, 0).window(1_000)];
    assert_eq!(notes(idle), ["keep-alive", "keep-alive-ack"]);
}

#[test]
fn gaps_in_the_capture_are_noted() {
    assert_eq!(notes([client(ACK, 150, 301, 5)]), ["previous-not-captured"]);
    assert_eq!(notes([server(ACK, 301, 150, 0)]), ["acked-unseen"]);
}

#[test]
fn a_syn_with_another_number_begins_a_new_connection() {
    let again = [client(SYN, 100, 0, 0), client(SYN, 9_000, 0, 0)];
    let packets = again.into_iter().chain([client(SYN, 100, 0, 0)]);
    let opened =
        open(&pcap(Order::Little, false, 101, &timed(packets.map(|segment| segment.datagram()))));
    let numbers: Vec<usize> = opened.segments.iter().map(|segment| segment.connection).collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert_eq!(opened.segments[1].notes.to_string(), "port-reused");
}

#[test]
fn a_packet_captured_twice_is_not_a_retransmission() {
    let first = Tcp { id: 7, ..client(ACK, 101, 301, 10) };
    let again = Tcp { id: 8, ..first.clone() };
    let expected = ["", "retransmission,duplicate-frame", "retransmission"];
    assert_eq!(notes([first.clone(), first, again]), expected);
}

#[test]
fn connections_are_listed_with_their_opening_and_ending() {
    let opened = |segments: &[Tcp]| {
        let packets = segments.iter().map(Tcp::datagram);
        let opened = open(&pcap(Order::Little, false, 101, &timed(packets)));
        let [connection] = opened.capture.connections() else { panic!() };
        let table = connection_table(opened.capture.connections());
        (connection.opening(), connection.closing(), table)
    };
    let syn = client(SYN, 100, 0, 0);
    let syn_ack = server(SYN | ACK, 300, 101, 0);
    let refused = opened(&[syn.clone(), server(RST | ACK, 0, 101, 0)]);
    assert_eq!((refused.0, refused.1), (Opening::Refused, Closing::Reset(1)));
    let silent = opened(&[syn.clone(), syn.clone()]);
    assert_eq!((silent.0, silent.1), (Opening::Unanswered, Closing::Open));
    let late = opened(&[client(ACK, 1, 2, 3)]);
    assert_eq!((late.0, late.1), (Opening::NotCaptured, Closing::Open));
    let crossed = opened(&[syn.clone(), server(SYN, 300, 0, 0), syn_ack.clone()]);
    assert_eq!(crossed.0, Opening::Simultaneous);
    let whole = opened(&[
        syn,
        syn_ack,
        client(ACK, 101, 301, 12),
        client(FIN | ACK, 113, 301, 0),
        server(FIN | ACK, 301, 114, 0),
    ]);
    assert_eq!((whole.0, whole.1), (Opening::Handshake, Closing::Closed));
    let lines: Vec<&str> = whole.2.lines().collect();
    assert_eq!(
        lines,
        [
            "#  A                B                start (UTC)                  seconds  segments  \
             bytes A to B  bytes B to A  opening    ending",
            "0  192.0.2.1:49152  198.51.100.2:80  1970-01-01 00:00:01.000000  0.004000         5\
             \x20           12             0  handshake  closed",
        ]
    );
}
