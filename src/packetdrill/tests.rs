//! What the parser refuses, what the runner notices, and what it accepts.

use super::{Options, Stack, Verdict, parse, parse_with, run};
use crate::time::Duration;

/// An active open, up to ESTABLISHED.
const OPEN: &str = "
0    socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0   fcntl(3, F_SETFL, O_RDWR | O_NONBLOCK) = 0
+0   connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
+0   > S 0:0(0) <mss 1460>
+.05 < S. 0:0(0) ack 1 win 65535 <mss 1460>
+0   > . 1:1(0) ack 1
";

fn verdict_with(text: &str, options: &Options) -> Verdict {
    match parse(text) {
        Ok(script) => run(&script, options).verdict,
        Err(error) => panic!("{error}"),
    }
}

fn verdict(text: &str) -> Verdict {
    verdict_with(text, &Options::default())
}

/// The line on which a script that continues [`OPEN`] fails, counted from the continuation.
#[track_caller]
fn failing_line(continuation: &str) -> (u32, String) {
    match verdict(&format!("{OPEN}{continuation}")) {
        Verdict::Failed(failure) => {
            (failure.line - u32::try_from(OPEN.lines().count()).unwrap(), failure.to_string())
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn passes(continuation: &str) {
    assert_eq!(verdict(&format!("{OPEN}{continuation}")), Verdict::Passed);
}

/// Outside of the subset, with its line.
#[track_caller]
fn unsupported(text: &str, line: u32) {
    match parse(text) {
        Ok(script) => panic!("understood: {script:?}"),
        Err(error) => {
            assert_eq!(error.line, line, "{error}");
            assert!(error.unsupported, "{error}");
        }
    }
}

#[test]
fn what_is_outside_of_the_subset_is_named_with_its_line() {
    for text in [
        "\n0 > icmp unreachable port_unreachable",
        "\n0 > udp (10)",
        "\n0 < S 0:0(0) win 1000 <mss>",
        "\n0 < S 0:0(0) win 70000",
        "\n0 < X 0:0(0)",
        "\n0 < SS 0:0(0)",
        "\n0 < . 1:1 ack 1",
        "\n0 < . 5000000000:5000000000(0) ack 1",
        "\n* < S 0:0(0) win 1000",
        "\n* close(3) = 0",
        "\n0...1 > S 0:0(0)",
        "\n1...0 close(3) = 0",
        "\n> S 0:0(0)",
        "\nclose(3) = 0",
        "\n+1 close(3)",
        "\n+1 close(3) = maybe",
        "\n+1 close(3) = -2",
        "\n+1 close(three) = 0",
        "\n+1 recv(3, ..., 10, MSG_OOB) = 10",
        "\n+1 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3",
        "\n+1 setsockopt(3, IPPROTO_TCP, TCP_MD5SIG, ..., 4) = 0",
        "\n+1 getsockopt(3, IPPROTO_TCP, TCP_INFO, ..., ...) = 0",
        "\n+1 `iptables -A INPUT -j DROP`",
        "\n+1 `sysctl net.inet.tcp.x | grep 1`",
        "\n+1 `sockstat -4 | wc -l`",
        "\n+1 %{ assert tcpi_state == TCPI_NOWHERE }%",
        "\n+1 %{ assert",
        "\n+1 `sysctl",
        "\n0~1 < S 0:0(0) win 1000",
        "\n2~1 > S 0:0(0)",
        "\n+1 sendto(3, ..., 10, MSG_FASTOPEN, ..., ...) = 10",
        "\n+1 poll([{fd=3, events=POLLSOME}], 1, 0) = 0",
        "\n+1 epoll_ctl(5, EPOLL_CTL_ADD, 4, {fd=4}) = 0",
        "\n--ip_version=ipx",
        "\n/* no end",
        "\n#ifdef STANDARD",
        "\n#if 1\n#endif",
        "\n#endif",
        "\n--mss=1000",
        "\n--tolerance_usecs=soon",
        "\n+1",
        "\n+",
        "\n+1 close(3) = 0 0",
        "\nhello",
        "\n+0.1234567890123 close(3) = 0",
        "\n+12345678901 close(3) = 0",
    ] {
        unsupported(text, 2);
    }
}

/// Options that a receiver skips, marks of the IP header, ranges of times, and calls.
#[test]
fn what_changes_nothing_here_is_read() {
    passes(
        "+.1 < [ect0] P. 1:11(10) ack 1 win 1000 <FO 1234,nop,md5 abc>\n\
         +0~+1 > [noecn] . 1:1(0) ack 11",
    );
    passes("+.1 sendto(3, ..., 10, 0, ..., ...) = 10\n+0 > (tos 0x2) P. 1:11(10) ack 1 <FOEXP>");
    passes(
        "+.1 setsockopt(3, SOL_TCP, TCP_CORK, [1], 4) = 0\n\
         +0 write(3, ..., 10) = 10\n\
         +.1 setsockopt(3, SOL_TCP, TCP_CORK, [0], 4) = 0\n\
         +0 > P. 1:11(10) ack 1",
    );
    passes(
        "+.1 poll([{fd=3, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 0) = 1\n\
         +0 poll([{fd=3, events=POLLIN}], 1, 0) = 0",
    );
    passes(
        "+0 epoll_create(1) = 5\n\
         +0 epoll_ctl(5, EPOLL_CTL_ADD, 3, {events=EPOLLIN, fd=3}) = 0\n\
         +0 epoll_wait(5, {events=EPOLLIN, fd=3}, 1, 0) = 0\n\
         +.1 < P. 1:11(10) ack 1 win 1000\n\
         +0...0.2 epoll_wait(5, {events=EPOLLIN, fd=3}, 1, 0) = 1\n\
         * > . 1:1(0) ack 11",
    );
}

/// Assertions are checked where there is a value, and counted where there is none.
#[test]
fn fields_of_tcp_info_are_compared() {
    passes("+0 %{ assert 0 <= tcpi_rtt < 100*1000, tcpi_rtt; assert tcpi_unacked == 0 }%");
    let text = format!("{OPEN}+0 %{{ assert tcpi_snd_mss == 1 }}%");
    let report = run(&parse(&text).expect("a script"), &Options::default());
    assert!(!report.passed());
    let text = format!("{OPEN}+0 %{{ assert tcpi_lost == 0 }}%");
    let report = run(&parse(&text).expect("a script"), &Options::default());
    assert!(report.passed() && report.unchecked == 1);
}

#[test]
fn a_script_without_an_event_fails() {
    for text in ["", "// only words\n", "--ip_version=ipv4\n"] {
        let error = parse(text).expect_err(text);
        assert_eq!((error.line, error.unsupported), (1, false));
    }
}

/// The MSS of IPv6 (MUST-15), and the stack that a comment names.
#[test]
fn the_head_of_a_script_is_obeyed() {
    let text = "// stack: rfc9293\n--ip_version=ipv6\n\
         0 socket(AF_INET6, SOCK_STREAM, 0) = 3\n\
         +0 connect(3, ..., ...) = -1 EINPROGRESS\n\
         +0 > S 0:0(0)\n+.1 < S. 0:0(0) ack 1 win 9000\n\
         +0 > . 1:1(0) ack 1\n+0 write(3, ..., 1300) = 1300\n\
         +0 > . 1:1221(1220) ack 1\n\
         +.1 < . 1:1(0) ack 1221 win 9000\n\
         +0 > P. 1221:1301(80) ack 1\n+1 > P. 1221:1301(80) ack 1";
    assert_eq!(verdict(text), Verdict::Passed);
}

#[test]
fn what_contradicts_itself_is_wrong_and_not_unsupported() {
    for text in ["0 < P 1:5(3) win 1", "0 < P 0:70000(70000) win 1"] {
        let error = parse(text).expect_err(text);
        assert_eq!((error.line, error.unsupported), (1, false), "{error}");
    }
    let many = "+0 `true`\n".repeat(10_001);
    assert!(!parse(&many).expect_err("too many events").unsupported);
    let long = " ".repeat((1 << 20) + 1);
    assert!(!parse(&long).expect_err("too long").unsupported);
}

#[test]
fn white_space_and_comments_do_not_matter() {
    passes(
        "+0.1<F.1:1(0)ack 1 win 65535<mss 1460,nop,nop,sack 1:2 3:4,eol>// FIN\n+ 0.0>.1:1(0)ack 2",
    );
    passes("/* over\nlines */ +.1 < F. 1:1(0)\n  ack 1\n win 65535\n* > . 1:1(0) ack 2 <...>");
    passes(
        "`../common/defaults.sh\n  ip route # no\n  sleep 1`\n%{\nassert tcpi_rto == 1000000\n}%",
    );
}

#[test]
fn conditions_choose_by_the_names_that_are_defined() {
    let text = "#ifdef STANDARD\n+0 `true`\n#else\n#ifdef X\nnonsense\n#endif\nnonsense\n#endif\n\
        #ifndef STANDARD\nnonsense\n#endif // X\n+0 `true`\n";
    let script = parse(text).expect("it is understood");
    let lines: Vec<u32> = script.events.iter().map(|event| event.line).collect();
    assert_eq!(lines, [2, 12]);
    let error = parse_with(text, &["OTHER"]).expect_err("the other branch is nonsense");
    assert_eq!(error.line, 7);
}

#[test]
fn a_wrong_expectation_fails_with_its_line() {
    let (line, text) = failing_line("+.1 < F. 1:1(0) ack 1 win 65535\n+0 > . 1:1(0) ack 3");
    assert_eq!(line, 2);
    assert_eq!(
        text.split_once(": ").map(|(_, text)| text),
        Some(
            "want `. 1:1(0) ack 3` at 0.150000 got `. 1:1(0) ack 2` at 0.150000 (CLOSE-WAIT, \
            0.050000 < S. 0:0(0) ack 1, 0.050000 > . 1:1(0) ack 1, 0.150000 < F. 1:1(0) ack 1, \
            0.150000 > . 1:1(0) ack 2)"
        )
    );
    for wrong in [
        "+.1 > . 1:1(0) ack 1",
        "* > . 1:1(0) ack 1",
        "+.1 getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0",
        "+.1 write(3, ..., 10) = 9",
        "+.1 write(3, ..., 10) = -1 EPIPE (Broken pipe)",
        "+.1 read(3, ..., 10) = 0",
        "+.1 read(9, ..., 10) = 0",
        "+.1...+.2 read(3, ..., 10) = 1",
        "+.1 ioctl(3, SIOCINQ, [1]) = 0",
        "+.1 connect(3, ..., ...) = 0",
        "+.1 %{ assert tcpi_state == TCPI_CLOSE_WAIT }%",
        "+.1 `sockstat -4 | grep -c ESTABLISHED | grep 2`",
        "+.1 fcntl(3, F_GETFL) = O_RDWR",
        "0.01 close(3) = 0",
    ] {
        assert_eq!(failing_line(wrong).0, 1, "{wrong}");
    }
}

#[test]
fn each_part_of_a_segment_is_compared() {
    let answer = "+.1 < F. 1:1(0) ack 1 win 65535\n";
    passes(&format!("{answer}+0 > . 1:1(0) ack 2 win 7 <mss 9>"));
    passes(&format!("{answer}+0 > PEW. 1:1(0) ack 2"));
    passes(&format!("{answer}+.004 > . 1:1(0) ack 2"));
    for wrong in [
        "+0 > . 2:2(0) ack 2",
        "+0 > . 1:2(1) ack 2",
        "+0 > U. 1:1(0) ack 2",
        "+0 > F. 1:1(0) ack 2",
        "+0 > - 1:1(0) ack 2",
        "+.005 > . 1:1(0) ack 2",
    ] {
        assert_eq!(failing_line(&format!("{answer}{wrong}")).0, 2, "{wrong}");
    }
}

#[test]
fn the_two_other_spellings_are_accepted_and_counted() {
    let spellings = |continuation: &str| {
        let script = parse(&format!("{OPEN}{continuation}")).expect("it is understood");
        let report = run(&script, &Options::default());
        assert_eq!(report.verdict, Verdict::Passed);
        report.spellings
    };
    let closing =
        "+0 shutdown(3, SHUT_WR) = 0\n+0 > F. 1:1(0) ack 1\n+.1 < F. 1:1(0) ack 1 win 9\n";
    assert_eq!(spellings(&format!("{closing}+0 > . 2:2(0) ack 2")), 0);
    assert_eq!(spellings(&format!("{closing}+0 > F. 1:1(0) ack 2")), 1);
    let reset = format!("{closing}+0 > . 2:2(0) ack 2\n+.1 < R 2:2(0)\n");
    let error =
        |name: &str| format!("{reset}+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [{name}], [4]) = 0");
    assert_eq!(spellings(&error("0")), 0);
    assert_eq!(spellings(&error("ECONNRESET")), 1);
    // Without a FIN before, it is none.
    assert_eq!(failing_line("+.1 < P. 1:2(1) ack 1 win 9\n+.04 > F. 0:0(0) ack 2").0, 2);
}

#[test]
fn what_is_left_over_is_a_note_or_a_failure() {
    let script = parse(&format!("{OPEN}+0 write(3, ..., 10) = 10")).expect("it is understood");
    let report = run(&script, &Options::default());
    assert!(report.passed());
    assert_eq!(report.notes.len(), 1);
    let report = run(&script, &Options { strict_tail: true, ..Options::default() });
    assert!(!report.passed());
}

#[test]
fn options_replace_the_habits_of_a_stack() {
    let script =
        |time: &str| format!("{OPEN}+.1 < P. 1:11(10) ack 1 win 65535\n{time} > . 1:1(0) ack 11");
    let with =
        |millis| Options { delayed_ack: Some(Duration::from_millis(millis)), ..Options::default() };
    assert_eq!(verdict(&script("+.04")), Verdict::Passed);
    assert_eq!(verdict_with(&script("+0"), &with(0)), Verdict::Passed);
    assert_eq!(verdict_with(&script("+.3"), &with(300)), Verdict::Passed);
    let linux = Options { stack: Stack::Linux, ..Options::default() };
    assert_eq!(verdict_with(&script("+.01"), &linux), Verdict::Passed);
    let patient = Options { tolerance: Some(Duration::from_millis(50)), ..Options::default() };
    assert_eq!(verdict_with(&script("+0"), &patient), Verdict::Passed);
}

#[test]
fn the_trace_holds_both_sides_segments_and_their_lines() {
    let script = parse(OPEN).expect("it is understood");
    let report = run(&script, &Options::default());
    let names: Vec<String> =
        report.trace.segments.iter().map(|record| record.id.to_string()).collect();
    assert_eq!(names, ["C1", "S1", "C2"]);
    assert_eq!(report.segment_lines, [Some(5), Some(6), Some(7)]);
    assert_eq!(report.trace.steps.len(), report.step_lines.len());
    assert_eq!(report.trace.end().as_millis(), 50);
}

#[test]
fn a_run_is_bounded() {
    // Ten thousand probes of a window that stays closed, and more.
    let text = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0 setsockopt(3, IPPROTO_TCP, TCP_KEEPINIT, [999999999], 4) = 0
        +0 connect(3, ..., ...) = -1 EINPROGRESS
        +0 > S 0:0(0)
        +0 < S. 0:0(0) ack 1 win 0
        +0 > . 1:1(0) ack 1
        +0 write(3, ..., 1000000) = 1000000
        +999999999 < . 1:1(0) ack 1 win 65535
        +999999999 close(3) = 0";
    let report = run(&parse(text).expect("it is understood"), &Options::default());
    assert!(report.trace.steps.len() < 200_000);
}

#[test]
fn no_prefix_and_no_mutation_of_a_script_panics() {
    let text = format!(
        "--tolerance_usecs=5000\n`sysctl -w a=b`\n{OPEN}+0...1 write(3, ..., 10) = 10\n\
        +0 > P. 1:11(10) ack 1\n#ifdef STANDARD\n* > P. 1:11(10) ack 1\n#endif\n\
        +0 shutdown(3, SHUT_WR) = 0\n+0 %{{ assert tcpi_state == TCPI_FIN_WAIT_1 }}%\n"
    );
    for end in 0..text.len() {
        if let Ok(script) = parse(&text[..end]) {
            let _ = run(&script, &Options::default());
        }
    }
    // Each octet in turn becomes each of these.
    for (index, _) in text.char_indices() {
        for char in ["0", "9", "-", "\n", ".", "<", "\u{e9}"] {
            let mutated = format!("{}{char}{}", &text[..index], &text[index + 1..]);
            if let Ok(script) = parse(&mutated) {
                let _ = run(&script, &Options::default());
            }
        }
    }
}

/// The SYN's timer expires after one second: an answer of that very instant is in time, and a call
/// too; a segment that is expected then, the timer sends.
#[test]
fn what_arrives_comes_before_a_timer_of_the_same_instant() {
    const SYN: &str = "
0    socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0   fcntl(3, F_SETFL, O_RDWR | O_NONBLOCK) = 0
+0   connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
+0   > S 0:0(0) <mss 1460>
";
    let answered = "+1 < S. 0:0(0) ack 1 win 65535 <mss 1460>\n+0 > . 1:1(0) ack 1\n";
    assert_eq!(verdict(&format!("{SYN}{answered}")), Verdict::Passed);
    assert_eq!(verdict(&format!("{SYN}+1 close(3) = 0\n")), Verdict::Passed);
    let repeated = "+1 > S 0:0(0) <mss 1460>\n";
    assert_eq!(verdict(&format!("{SYN}{repeated}")), Verdict::Passed);
    let late = "+1.000001 < S. 0:0(0) ack 1 win 65535 <mss 1460>\n+0 > . 1:1(0) ack 1\n";
    assert!(matches!(verdict(&format!("{SYN}{late}")), Verdict::Failed(_)));
}
