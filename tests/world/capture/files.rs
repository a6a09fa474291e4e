//! The formats of files and headers.

use std::net::SocketAddr;

use super::build::{
    ACK, Order, PacketBlock, SYN, Tcp, block, client, packet_block, pcap, section, server, timed,
};
use super::{open, open_in_chunks};

const RAW: u32 = 101;

fn handshake() -> Vec<Tcp> {
    vec![client(SYN, 100, 0, 0), server(SYN | ACK, 300, 101, 0), client(ACK, 101, 301, 10)]
}

const LINES: [&str; 3] = [
    "1\t0\t192.0.2.1:49152\t198.51.100.2:80\tS\t100\t0\t0\t",
    "2\t0\t198.51.100.2:80\t192.0.2.1:49152\tS.\t300\t101\t0\t",
    "3\t0\t192.0.2.1:49152\t198.51.100.2:80\t.\t101\t301\t10\t",
];

fn datagrams() -> Vec<Vec<u8>> {
    handshake().iter().map(Tcp::datagram).collect()
}

/// The packets of the handshake, each after a header.
fn behind(header: &[u8]) -> Vec<Vec<u8>> {
    datagrams().into_iter().map(|datagram| [header, &datagram].concat()).collect()
}

#[test]
fn pcap_is_read_in_both_byte_orders_and_resolutions() {
    for order in Order::BOTH {
        for is_nano in [false, true] {
            let mut packets = timed(datagrams());
            packets[1].0 += 7_000;
            let opened = open(&pcap(order, is_nano, RAW, &packets));
            assert_eq!(opened.result, Ok(()));
            assert_eq!(opened.lines(), LINES, "{order:?} {is_nano}");
            assert_eq!(opened.segments[1].segment.at, 1_001_007_000);
        }
    }
}

#[test]
fn pcapng_is_read_in_both_byte_orders_and_from_every_packet_block() {
    let kinds = [PacketBlock::Enhanced, PacketBlock::Simple, PacketBlock::Obsolete];
    // Microseconds, nanoseconds, and 2^-10 seconds.
    let resolutions = [(6, 1_500_000), (9, 1_500_000_000), (0x80 | 0x0a, 1_536)];
    for order in Order::BOTH {
        for kind in kinds {
            for (resolution, at) in resolutions {
                let mut file = section(order, 101, resolution);
                for datagram in datagrams() {
                    file.extend(packet_block(order, kind, at, &datagram));
                    // A block of an unsupported kind.
                    file.extend(block(order, 0x0bad_beef, &[0; 8]));
                }
                let opened = open(&file);
                assert_eq!(opened.result, Ok(()), "{order:?} {kind:?}");
                assert_eq!(opened.lines(), LINES);
                let expected = if kind == PacketBlock::Simple { 0 } else { 1_500_000_000 };
                assert_eq!(opened.segments[0].segment.at, expected, "{order:?} {resolution}");
            }
        }
    }
}

#[test]
fn sections_may_differ_in_byte_order_and_link_type() {
    let mut file = Vec::new();
    let ethernet = behind(&[0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 8, 0]);
    let packets = [(Order::Little, 101, &datagrams()[0]), (Order::Big, 1, &ethernet[1])];
    for (order, link, packet) in packets {
        file.extend(section(order, link, 6));
        file.extend(packet_block(order, PacketBlock::Enhanced, 1, packet));
    }
    assert_eq!(open(&file).lines(), LINES[..2]);
}

#[test]
fn every_link_type_is_read() {
    let ethernet = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2];
    let with = |rest: &[u8]| [&ethernet[..], rest].concat();
    let sll2 = [&[8, 0][..], &[0; 18]].concat();
    let sll = [&[0; 14][..], &[8, 0]].concat();
    let headers: [(u32, Vec<u8>); 18] = [
        (12, vec![]),
        (14, vec![]),
        (101, vec![]),
        (228, vec![]),
        (1, with(&[8, 0])),
        // 802.1Q, QinQ, and PPPoE behind a tag.
        (1, with(&[0x81, 0, 0, 5, 8, 0])),
        (1, with(&[0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 8, 0])),
        (1, with(&[0x81, 0, 0, 5, 0x88, 0x64, 0x11, 0, 0, 1, 0, 52, 0, 0x21])),
        // SNAP, and two MPLS labels.
        (1, with(&[0, 58, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0])),
        (1, with(&[0x88, 0x47, 0, 1, 0, 64, 0, 1, 1, 64])),
        (0, vec![2, 0, 0, 0]),
        (108, vec![0, 0, 0, 2]),
        (113, sll),
        (276, sll2),
        (9, vec![0xff, 3, 0, 0x21]),
        (9, vec![0x21]),
        (50, vec![0x0f, 0, 8, 0]),
        (10, with(&[0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0])),
    ];
    for (link, header) in headers {
        let opened = open(&pcap(Order::Little, false, link, &timed(behind(&header))));
        assert_eq!(opened.lines()[..2], LINES[..2], "{link} {header:?} {}", opened.remarks());
    }
}

#[test]
fn other_packets_are_reported_once() {
    let mut gre = datagrams()[0].clone();
    gre[9] = 47;
    let opened = open(&pcap(Order::Big, false, RAW, &timed([gre.clone(), gre])));
    assert_eq!(opened.remarks(), "packets in a tunnel (GRE), not entered: 2\n");
    let opened = open(&pcap(Order::Big, false, 147, &timed(datagrams())));
    assert_eq!(opened.remarks(), "packets of link type 147, which is not read: 3\n");
    assert_eq!(opened.capture.packets(), 3);
}

#[test]
fn ip_options_extensions_and_fragments_are_read() {
    let segment = client(ACK, 1, 2, 5);
    let v4 = segment.ipv4(&[1, 1, 1, 1], 0);
    let first = segment.ipv4(&[], 0x2000);
    let later = segment.ipv4(&[], 10);
    let from: SocketAddr = "[2001:db8::1]:1024".parse().unwrap();
    let to: SocketAddr = "[2001:db8::2]:80".parse().unwrap();
    let v6 = Tcp { from, to, ..segment };
    // Hop-by-hop options, then an atomic fragment.
    let extensions = [44, 0, 1, 4, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 1];
    let packets = [v4, first, later, v6.ipv6(0, &extensions)];
    let opened = open(&pcap(Order::Little, false, RAW, &timed(packets)));
    let fields: Vec<String> = opened.lines();
    assert_eq!(fields.len(), 3, "{fields:?}");
    assert!(fields.iter().all(|line| line.contains("\t.\t1\t2\t5\t")), "{fields:?}");
    assert!(fields[2].starts_with("4\t1\t[2001:db8::1]:1024\t[2001:db8::2]:80\t"));
    assert!(opened.remarks().contains("IP fragments after the first"));
}

#[test]
fn the_length_is_that_of_the_ip_header() {
    let mut cut = client(ACK, 1, 2, 500).datagram();
    let whole = cut.len();
    cut.truncate(40);
    let mut file = pcap(Order::Little, false, RAW, &timed([cut]));
    // The record gives the packet's original length.
    file[24 + 12..24 + 16].copy_from_slice(&Order::Little.word(u32::try_from(whole).unwrap()));
    let opened = open(&file);
    assert_eq!(opened.segments[0].segment.length, 500);
    assert_eq!(opened.remarks().lines().next(), Some("packets cut by the capture: 1"));

    // Padding of a short Ethernet frame is not data.
    let mut frame = behind(&[0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 8, 0]).remove(0);
    frame.extend([0; 6]);
    let opened = open(&pcap(Order::Little, false, 1, &timed([frame])));
    assert_eq!(opened.segments[0].segment.length, 0);

    // Segmentation offloading leaves the total length zero.
    let mut offloaded = client(ACK, 1, 2, 30_000).datagram();
    offloaded[2..4].fill(0);
    let opened = open(&pcap(Order::Little, false, RAW, &timed([offloaded])));
    assert_eq!(opened.segments[0].segment.length, 30_000);
    assert!(opened.remarks().contains("offloading"));
}

#[test]
fn errors_name_the_offset_and_keep_the_earlier_segments() {
    let mut file = pcap(Order::Little, false, RAW, &timed(datagrams()));
    let second = 24 + 16 + 40;
    file[second + 8..second + 12].copy_from_slice(&[0xff; 4]);
    let opened = open(&file);
    let error = opened.result.unwrap_err();
    assert_eq!(error.to_string(), format!("at byte {second}: a packet longer than 262144 bytes"));
    assert_eq!(open(&file).lines(), LINES[..1]);
    for (bytes, message) in [
        (&b""[..], "at byte 0: the file is empty"),
        (b"\x1f\x8b\x08\0", "at byte 0: a compressed file; decompress it first"),
        (
            b"\x01\x02\x03\x04",
            "at byte 0: neither pcap nor pcapng nor the text of tcpdump or tshark",
        ),
        (b"\xd4\xc3\xb2\xa1\x02", "at byte 0: the file is cut short within this record"),
    ] {
        assert_eq!(open(bytes).result.unwrap_err().to_string(), message);
    }
}

#[test]
fn chunks_of_any_size_give_the_same_result() {
    let file = pcap(Order::Little, false, RAW, &timed(datagrams()));
    for chunk in [1, 3, 16, 39, 41, 100] {
        assert_eq!(open_in_chunks(&file, chunk).lines(), LINES, "{chunk}");
    }
}
