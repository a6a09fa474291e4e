//! Text written by tcpdump and tshark.

use super::open;

const FIELDS: [&str; 4] = [
    "0\t192.0.2.1:49152\t198.51.100.2:80\tS\t4000000000\t0\t0\t",
    "0\t198.51.100.2:80\t192.0.2.1:49152\tS.\t9000\t4000000001\t0\t",
    "0\t192.0.2.1:49152\t198.51.100.2:80\t.\t4000000001\t9001\t0\t",
    "0\t192.0.2.1:49152\t198.51.100.2:80\tP.\t4000000001\t9001\t5\t",
];

/// Four lines of tcpdump, each with a time, and with relative or absolute numbers.
fn tcpdump(times: [&str; 4], is_absolute: bool) -> String {
    let (one, seq) = if is_absolute { ("9001", "4000000001:4000000006") } else { ("1", "1:6") };
    let segments = [
        "192.0.2.1.49152 > 198.51.100.2.80: Flags [S], seq 4000000000, win 64240, \
         options [mss 1460,sackOK,TS val 5 ecr 0,nop,wscale 7], length 0"
            .to_owned(),
        "198.51.100.2.80 > 192.0.2.1.49152: Flags [S.], seq 9000, ack 4000000001, win 65160, \
         length 0"
            .to_owned(),
        format!("192.0.2.1.49152 > 198.51.100.2.80: Flags [.], ack {one}, win 502, length 0"),
        format!(
            "192.0.2.1.49152 > 198.51.100.2.80: Flags [P.], seq {seq}, ack {one}, win 502, \
             length 5: HTTP"
        ),
    ];
    let lines = times.iter().zip(segments).map(|(time, segment)| format!("{time}IP {segment}\n"));
    lines.collect()
}

#[test]
fn a_byte_order_mark_at_the_start_is_skipped() {
    let text = tcpdump(["100.5 ", "100.6 ", "100.7 ", "101.0 "], false);
    let [with, without] = ["\u{feff}", ""].map(|mark| open(format!("{mark}{text}").as_bytes()));
    assert_eq!(format!("{:?}", with.segments), format!("{:?}", without.segments));
    assert_eq!(with.segments.len(), 4);
}

#[test]
fn tcpdump_is_read_in_every_time_format() {
    let formats = [
        ["12:00:00.5 ", "12:00:00.6 ", "12:00:00.7 ", "12:00:01.0 "],
        ["100.5 ", "100.6 ", "100.7 ", "101.0 "],
        [
            "2026-11-28 12:00:00.5 ",
            "2026-11-28 12:00:00.6 ",
            "2026-11-28 12:00:00.7 ",
            "2026-11-28 12:00:01.0 ",
        ],
        // Times since the previous packet, and since the first.
        [" 00:00:00.000 ", " 00:00:00.100 ", " 00:00:00.1 ", " 00:00:00.3 "],
        [" 00:00:00.000 ", " 00:00:00.100 ", " 00:00:00.050 ", " 00:00:00.350 "],
        [" 00:00:00.000 ", " 00:00:00.100 ", " 00:00:00.2 ", " 00:00:00.5 "],
    ];
    let fields = |line: &String| line.split_once('\t').unwrap().1.to_owned();
    for (index, times) in formats.into_iter().enumerate() {
        for is_absolute in [false, true] {
            let opened = open(tcpdump(times, is_absolute).as_bytes());
            assert_eq!(opened.result, Ok(()));
            let lines: Vec<String> = opened.lines().iter().map(fields).collect();
            assert_eq!(lines, FIELDS);
            let span = opened.segments[3].segment.at - opened.segments[0].segment.at;
            // Differences that never decrease look like times since the first packet.
            let expected = if index == 3 { 300_000_000 } else { 500_000_000 };
            assert_eq!(span, expected, "{times:?}");
        }
    }
    // Without times.
    assert_eq!(open(tcpdump([""; 4], false).as_bytes()).segments.len(), 4);
}

#[test]
fn verbose_tcpdump_has_two_lines_for_each_packet() {
    let text = "12:00:00.5 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), \
        length 60)\n    192.0.2.1.49152 > 198.51.100.2.80: Flags [S], cksum 0x1 (correct), seq 7, \
        win 64240, length 0\n";
    let opened = open(text.as_bytes());
    assert_eq!(opened.lines(), ["1\t0\t192.0.2.1:49152\t198.51.100.2:80\tS\t7\t0\t0\t"]);
    assert_eq!(opened.segments[0].segment.at, 43_200_500_000_000);
}

#[test]
fn tshark_is_read_and_lines_of_higher_protocols_are_counted() {
    let text = "\
    1   0.000000    192.0.2.1 → 198.51.100.2 TCP 74 49152 → 80 [SYN] Seq=0 Win=64240 Len=0 \
        MSS=1460 SACK_PERM TSval=5 TSecr=0 WS=128
    2   0.100000 198.51.100.2 → 192.0.2.1    TCP 74 80 → 49152 [SYN, ACK] Seq=0 Ack=1 Win=65160 \
        Len=0 WS=64
    3   0.200000    192.0.2.1 → 198.51.100.2 TCP 66 [TCP Keep-Alive] 49152 → 80 [ACK] Seq=0 Ack=1 \
        Win=64256 Len=0
    4   0.300000    192.0.2.1 → 198.51.100.2 HTTP 540 GET / HTTP/1.1
    5   0.400000    192.0.2.1 → 198.51.100.2 DNS 70 Standard query
";
    let opened = open(text.as_bytes());
    let expected = [
        "1\t0\t192.0.2.1:49152\t198.51.100.2:80\tS\t0\t0\t0\t",
        "2\t0\t198.51.100.2:80\t192.0.2.1:49152\tS.\t0\t1\t0\t",
        "3\t0\t192.0.2.1:49152\t198.51.100.2:80\t.\t0\t1\t0\tkeep-alive",
    ];
    assert_eq!(opened.lines(), expected);
    assert_eq!(opened.segments[2].segment.window, 502);
    assert_eq!(opened.remarks().lines().count(), 2, "{}", opened.remarks());
}

#[test]
fn text_without_segments_is_an_error() {
    let error = open(b"hello\nworld > all\n").result.unwrap_err();
    assert!(error.to_string().contains("text without any line"), "{error}");
}
