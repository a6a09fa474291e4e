//! Text both ways: MSS, Nagle, silly windows, flow control, window scale, reassembly, text on SYN.

use crate::support::bench::Bench;
use crate::support::notation::text_at;
use crate::support::{NUMBERS, config};
use tcp_handshake::tcp::{Config, Event, Output, Segment, SeqNumber};
use tcp_handshake::time::Duration;

fn established_with(change: impl FnOnce(&mut Config)) -> Bench {
    let mut config = config(100);
    change(&mut config);
    let mut bench = Bench::in_state("SYN-SENT", config, 300);
    bench.gets("S. 0 ack 1 mss 1460", ". 1 ack 1");
    bench
}

fn established() -> Bench {
    established_with(|_| ())
}

/// The segments of the last step.
fn segments(bench: &Bench) -> Vec<Segment> {
    let sent = bench.outputs.iter().filter_map(|output| match output {
        Output::Transmit(segment, ..) => Some(segment.clone()),
        Output::Event(..) => None,
    });
    sent.collect()
}

fn window(bench: &Bench) -> u16 {
    segments(bench).last().expect("a segment").window
}

#[test]
fn mss_is_the_smaller_of_both_and_536_without_option() {
    for (option, ours, expected) in
        [("", 1460, 536), ("mss 1000", 1460, 1000), ("mss 9000", 1460, 1460), ("mss 0", 1460, 1)]
    {
        for (state, ack) in [("SYN-SENT", "S. 0 ack 1"), ("LISTEN", "S 0")] {
            let mut config = config(100);
            config.mss = ours;
            let mut bench = Bench::in_state(state, config, 300);
            bench.arrive(&format!("{ack} {option}"));
            assert_eq!(bench.connection.send_mss(), expected);
        }
    }
    let mut bench = Bench::in_state("SYN-SENT", config(100), 300);
    assert_eq!(segments(&bench)[0].options.mss, Some(1460));
    bench.arrive("S 0");
    assert_eq!(segments(&bench)[0].options.mss, Some(1460));
}

#[test]
fn nagle_holds_a_small_segment_while_text_is_in_flight() {
    let mut bench = established();
    assert_eq!(bench.send(5), [". 1+5 ack 1"]);
    assert_eq!(bench.send(5), Vec::<String>::new());
    assert_eq!(bench.send(1_455), [". 6+1460 ack 1"], "a full one leaves");
    assert_eq!(bench.send(7), Vec::<String>::new());
    bench.gets(". 1 ack 6", "");
    bench.gets(". 1 ack 1466", ". 1466+7 ack 1");
    // The FIN pushes the text that waits.
    let mut bench = established();
    bench.send(5);
    bench.send(5);
    assert_eq!(bench.close(), ["F. 6+5 ack 1"]);
    let mut bench = established_with(|config| config.nagle = false);
    bench.send(5);
    assert_eq!(bench.send(5), [". 6+5 ack 1"]);
}

#[test]
fn push_marks_the_end_of_what_is_queued() {
    use tcp_handshake::tcp::Flags;
    let mut bench = established_with(|config| config.nagle = false);
    bench.send(3_000);
    let pushed: Vec<bool> =
        segments(&bench).iter().map(|segment| segment.flags.contains(Flags::PSH)).collect();
    assert_eq!(pushed, [false, false, true]);
}

#[test]
fn the_senders_window_is_respected() {
    let mut bench = established();
    bench.gets(". 1 ack 1 win 3000", "");
    assert_eq!(bench.send(5_000), [". 1+1460 ack 1", ". 1461+1460 ack 1"]);
    // A usable window of 80 bytes is silly, so nothing is sent.
    bench.gets(". 1 ack 1461 win 1540", "");
    bench.gets(". 1 ack 2921 win 3000", ". 2921+1460 ack 1");
    // The last 620 bytes wait by Nagle's rule.
    bench.gets(". 1 ack 4381 win 3000", ". 4381+620 ack 1");
}

/// An old segment does not change the window (SND.WL1, SND.WL2).
#[test]
fn only_newer_segments_set_the_window() {
    let mut bench = established();
    bench.arrive("P. 1+10 ack 1 win 1000");
    bench.arrive(". 1 ack 1 win 9");
    assert_eq!(bench.connection.tcb().snd_wnd, 1_000, "left of the window");
    bench.send(10);
    bench.arrive(". 11 ack 11 win 2000");
    bench.arrive(". 11 ack 1 win 9");
    assert_eq!(bench.connection.tcb().snd_wnd, 2_000, "SEG.ACK < SND.UNA");
    bench.arrive(". 50 ack 11 win 3000");
    assert_eq!(bench.connection.tcb().snd_wnd, 3_000);
    bench.arrive(". 11 ack 11 win 9");
    assert_eq!(bench.connection.tcb().snd_wnd, 3_000, "SND.WL1 > SEG.SEQ");
}

#[test]
fn the_right_edge_never_moves_left_and_only_by_worthwhile_steps() {
    let mut bench = established_with(|config| config.receive_buffer = 4_000);
    bench.gets("P. 1+1000 ack 1", ". 1 ack 1001");
    assert_eq!(window(&bench), 3_000);
    // Reading 500 of them is not worth an announcement.
    bench.receive(500);
    bench.gets("P. 1001+100 ack 1", ". 1 ack 1101");
    assert_eq!(window(&bench), 2_900);
    bench.receive(500);
    bench.gets("P. 1101+1400 ack 1", ". 1 ack 2501");
    assert_eq!(window(&bench), 1_500, "1,000 bytes are below one MSS");
    bench.receive(500);
    assert_eq!(bench.sent(), [". 1 ack 2501"], "RECEIVE opens a window the peer may wait for");
    assert_eq!(window(&bench), 3_000);
    // A smaller buffer withdraws nothing from the announced window.
    bench.connection.reconfigure(|config| config.receive_buffer = 100);
    bench.gets("P. 2501+10 ack 1", ". 1 ack 2511");
    assert_eq!(window(&bench), 2_990);
}

#[test]
fn the_user_may_shrink_the_announced_window() {
    let mut bench = established();
    bench.gets("P. 11+10 ack 1", ". 1 ack 1");
    let set = |bench: &mut Bench, octets| {
        bench.call(|connection, now, out| connection.set_receive_buffer(now, octets, out));
        bench.sent()
    };
    // The text kept beyond the new edge no longer fits.
    assert_eq!(set(&mut bench, 15), [". 1 ack 1"]);
    assert_eq!((bench.rules(), window(&bench)), (vec!["window-shrunk"], 15));
    bench.gets("P. 1+10 ack 1", ". 1 ack 16");
    assert_eq!(window(&bench), 0);
    bench.receive(15);
    assert_eq!((bench.sent(), window(&bench)), (vec![". 1 ack 16".into()], 15));
    assert_eq!(set(&mut bench, 0), [". 1 ack 16"]);
    bench.gets("P. 16+1 ack 1", ". 1 ack 16");
    assert_eq!(set(&mut bench, 0), Vec::<String>::new(), "nothing new");
    assert_eq!(set(&mut bench, 3_000), [". 1 ack 16"]);
    assert_eq!((bench.rules(), window(&bench)), (vec!["window-opened"], 3_000));
    assert_eq!(set(&mut bench, 3_001), Vec::<String>::new(), "not worth a segment");
    // The next segment announces the larger window; without one, nothing does.
    let mut bench = Bench::in_state("SYN-SENT", config(100), 300);
    assert_eq!(set(&mut bench, 10), Vec::<String>::new());
    bench.gets("S. 0 ack 1", ". 1 ack 1");
    assert_eq!(window(&bench), 10);
    bench.gets("F. 1 ack 1", ". 1 ack 2");
    assert_eq!(set(&mut bench, 5), Vec::<String>::new());
}

/// Segments in flight may lie beyond the window (RFC 9293 §3.8.6, MUST-34).
#[test]
fn a_window_that_shrinks_below_what_is_in_flight_is_survived() {
    let mut bench = established();
    assert_eq!(bench.send(2_920), [". 1+1460 ack 1", ". 1461+1460 ack 1"]);
    bench.gets(". 1 ack 1461 win 0", "");
    assert_eq!(bench.connection.tcb().usable_window(), 0);
    assert_eq!(bench.wait(1_000), ["1000 . 1461+1 ack 1"], "one byte, since it is closed");
    bench.gets(". 1 ack 1462 win 5000", ". 1462+1459 ack 1");
    bench.gets(". 1 ack 2921 win 5000", "");
    assert_eq!(bench.connection.tcb().in_flight(), 0);
}

#[test]
fn a_closed_window_opens_when_the_user_reads() {
    let mut bench = established_with(|config| config.receive_buffer = 2_000);
    bench.gets("P. 1+2000 ack 1", ". 1 ack 2001");
    assert_eq!(window(&bench), 0);
    bench.gets("P. 2001+1 ack 1", ". 1 ack 2001");
    assert!(bench.rules().contains(&"zero-window-looks-at-ack"));
    bench.receive(999);
    assert_eq!(bench.sent(), Vec::<String>::new());
    bench.receive(1);
    assert_eq!(bench.sent(), [". 1 ack 2001"]);
    assert_eq!(window(&bench), 1_000);
    let mut bench = established_with(|config| config.receive_buffer = 1);
    bench.gets("P. 1+1 ack 1", ". 1 ack 2");
    bench.receive(1);
    assert_eq!((bench.sent(), window(&bench)), (vec![". 1 ack 2".into()], 1));
}

/// Text outside a closed window is dropped, but its ACK counts (RFC 9293 §3.10.7.4).
#[test]
fn an_ack_counts_although_the_window_is_closed() {
    let mut bench = established_with(|config| config.receive_buffer = 10);
    bench.send(5);
    bench.arrive("P. 1+10 ack 1");
    bench.gets("P. 11+1 ack 6", ". 6 ack 11");
    assert_eq!(bench.connection.tcb().snd_una, SeqNumber(106));
    bench.gets("RP 11+1", "");
    assert_eq!(bench.state(), "CLOSED");
}

#[test]
fn window_scale() {
    let mut config = config(100);
    (config.window_scale, config.receive_buffer) = (Some(4), 1 << 20);
    let mut bench = Bench::in_state("SYN-SENT", config.clone(), 300);
    assert_eq!(segments(&bench)[0].options.window_scale, Some(4));
    assert_eq!(segments(&bench)[0].window, 65_535);
    // The window of a SYN is not scaled, later ones are, both ways.
    bench.arrive("S. 0 ack 1 win 1000 mss 1460 wscale 3");
    assert_eq!(bench.connection.tcb().snd_wnd, 1_000);
    assert_eq!(window(&bench), 65_535);
    assert_eq!(bench.connection.tcb().rcv_wnd, 65_535 << 4);
    bench.arrive(". 1 ack 1 win 1000");
    assert_eq!(bench.connection.tcb().snd_wnd, 8_000);
    // A window that fits into 16 bits is also announced in units of 16 bytes.
    let small = Config { receive_buffer: 32_000, ..config.clone() };
    let mut bench = Bench::in_state("SYN-SENT", small, 300);
    bench.arrive("S. 0 ack 1 win 1000 mss 1460 wscale 3");
    assert_eq!((window(&bench), bench.connection.tcb().rcv_wnd), (2_000, 32_000));
    // If one side offers no scaling, neither side scales.
    let mut bench = Bench::in_state("SYN-SENT", config.clone(), 300);
    bench.arrive("S. 0 ack 1 win 1000 mss 1460");
    assert_eq!(bench.connection.tcb().rcv_wnd, 65_535);
    // The SYN,ACK offers it only if the SYN did; simultaneous open leaves the SYN,ACK unscaled.
    let mut bench = Bench::in_state("LISTEN", config.clone(), 300);
    bench.arrive("S 0 wscale 14");
    assert_eq!(segments(&bench)[0].options.window_scale, Some(4));
    let mut bench = Bench::in_state("LISTEN", config.clone(), 300);
    bench.arrive("S 0");
    assert_eq!(segments(&bench)[0].options.window_scale, None);
    let mut bench = Bench::in_state("SYN-SENT", config, 300);
    bench.arrive("S 0 win 500 wscale 3");
    bench.gets("S. 0 ack 1 win 600", "");
    assert_eq!(bench.state(), "ESTABLISHED");
    assert_eq!(bench.connection.tcb().snd_wnd, 600);
}

#[test]
fn pieces_are_put_together_in_any_order() {
    let pieces =
        ["P. 1+5 ack 1", "P. 4+6 ack 1", "P. 8+2 ack 1", "P. 10+5 ack 1", "FP. 13+8 ack 1"];
    for (iss, irs) in NUMBERS {
        let mut orders = vec![];
        permutations(&mut pieces.to_vec(), 0, &mut orders);
        for order in orders {
            let mut bench = Bench::in_state("ESTABLISHED", config(iss), irs);
            let mut answers = 0;
            for piece in &order {
                answers += bench.arrive(piece).len();
            }
            assert_eq!(answers, order.len(), "each is acknowledged at once: {order:?}");
            assert_eq!(bench.state(), "CLOSE-WAIT", "{order:?}");
            let text = bench.receive(100);
            assert_eq!(text.octets(), text_at(1, 20), "{order:?}");
            assert_eq!(bench.connection.kept_octets(), 0);
        }
    }
}

fn permutations(items: &mut Vec<&'static str>, from: usize, out: &mut Vec<Vec<&'static str>>) {
    if from == items.len() {
        out.push(items.clone());
        return;
    }
    for index in from..items.len() {
        items.swap(from, index);
        permutations(items, from + 1, out);
        items.swap(from, index);
    }
}

/// Text that is already queued, new text, and text outside the window have different rules.
#[test]
fn a_copy_of_queued_text_is_dropped_by_its_own_rule() {
    let mut bench = Bench::in_state("ESTABLISHED", config(100), 300);
    let told = |bench: &Bench| {
        ["text-kept", "already-kept", "outside-window-acks"].map(|id| bench.rules().contains(&id))
    };
    for (segment, expected) in [
        ("P. 11+10 ack 1", [true, false, false]),
        ("P. 11+10 ack 1", [false, true, false]),
        ("P. 13+5 ack 1", [false, true, false]),
        ("P. 13+9 ack 1", [true, false, false]),
        ("F. 31 ack 1", [true, false, false]),
        ("F. 31 ack 1", [false, true, false]),
    ] {
        bench.gets(segment, ". 1 ack 1");
        assert_eq!(told(&bench), expected, "{segment}");
    }
}

/// A FIN that arrives before its text is kept, and changes the state only after the text.
#[test]
fn a_fin_before_its_text_is_kept() {
    for (state, una, next, fin) in [
        ("ESTABLISHED", 1, "CLOSE-WAIT", "fin-passive"),
        ("FIN-WAIT-1", 1, "CLOSING", "fin-simultaneous"),
        ("FIN-WAIT-2", 2, "TIME-WAIT", "fin-ends-fin-wait-2"),
    ] {
        let mut bench = Bench::in_state(state, config(100), 300);
        bench.arrive(&format!("F. 11 ack {una}"));
        assert_eq!(bench.state(), state);
        assert!(!bench.connection.peer_has_closed());
        bench.arrive(&format!("P. 1+10 ack {una}"));
        assert_eq!(bench.state(), next);
        assert!(bench.rules().contains(&fin));
        assert!(bench.connection.peer_has_closed());
        assert!(bench.sent()[0].ends_with("ack 12"), "{:?}", bench.sent());
    }
}

/// Our FIN is acknowledged by a segment whose own FIN lies beyond a gap.
#[test]
fn a_kept_fin_does_not_hide_the_ack_of_ours() {
    let mut bench = Bench::in_state("FIN-WAIT-1", config(100), 300);
    bench.gets("F. 11 ack 2", ". 2 ack 1");
    assert_eq!(bench.state(), "FIN-WAIT-2");
    bench.gets("P. 1+10 ack 2", ". 2 ack 12");
    assert_eq!(bench.state(), "TIME-WAIT");
}

/// A peer sends text after its FIN, or two FINs: the first FIN that is in order ends the stream.
#[test]
fn text_after_a_fin_is_ignored() {
    let mut bench = Bench::in_state("ESTABLISHED", config(100), 300);
    bench.arrive("F. 6 ack 1");
    bench.arrive("F. 9 ack 1");
    bench.arrive("P. 1+20 ack 1");
    assert_eq!(bench.state(), "CLOSE-WAIT");
    assert_eq!(bench.sent(), [". 1 ack 7"]);
    assert_eq!(bench.receive(100).octets(), text_at(1, 5));
    // A FIN in order discards queued text beyond it.
    let mut bench = Bench::in_state("ESTABLISHED", config(100), 300);
    bench.arrive("P. 11+10 ack 1");
    bench.gets("FP. 1+4 ack 1", ". 1 ack 6");
    assert_eq!(bench.state(), "CLOSE-WAIT");
    assert_eq!(bench.connection.kept_octets(), 0);
}

#[test]
fn text_and_fin_right_of_the_window_are_trimmed() {
    let mut bench = established_with(|config| config.receive_buffer = 10);
    bench.gets("FP. 1+10 ack 1", ". 1 ack 11");
    assert_eq!(bench.state(), "ESTABLISHED");
    assert_eq!(bench.receive(100).octets(), text_at(1, 10));
    bench.gets("FP. 1+10 ack 1", ". 1 ack 12");
    assert_eq!(bench.state(), "CLOSE-WAIT");
    let mut bench = established_with(|config| config.receive_buffer = 10);
    bench.gets("FP. 1+30 ack 1", ". 1 ack 11");
    let mut bench = established_with(|config| config.receive_buffer = 10);
    bench.gets("FP. 6+30 ack 1", ". 1 ack 1");
    assert_eq!(bench.connection.kept_octets(), 5);
}

#[test]
fn text_on_a_syn_waits_for_established() {
    let mut bench = Bench::in_state("LISTEN", config(100), 300);
    bench.gets("SP 0+10", "S. 0 ack 1");
    assert!(bench.events().contains(&Event::Kept { seq: SeqNumber(301), octets: 10 }));
    assert_eq!(bench.connection.readable_octets(), 0);
    bench.gets(". 1 ack 1", ". 1 ack 11");
    assert!(bench.rules().contains(&"text-acknowledged"));
    assert_eq!(bench.receive(100).len(), 10);
    // It fills no gap, so its ACK may be delayed like that of other text.
    let patient = Config { delayed_ack: Some(Duration::from_millis(40)), ..config(100) };
    let mut bench = Bench::in_state("LISTEN", patient, 300);
    bench.gets("SP 0+10", "S. 0 ack 1");
    bench.gets(". 11 ack 1", "");
    assert_eq!(bench.wait(40), ["40 . 1 ack 11"]);
    // With a FIN.
    let mut bench = Bench::in_state("LISTEN", config(100), 300);
    bench.gets("SFP 0+10", "S. 0 ack 1");
    bench.gets(". 1 ack 1", ". 1 ack 12");
    assert_eq!(bench.state(), "CLOSE-WAIT");
    // On a SYN,ACK: one ACK covers everything.
    let mut bench = Bench::in_state("SYN-SENT", config(100), 300);
    bench.gets("SFP. 0+10 ack 1", ". 1 ack 12");
    assert_eq!(bench.state(), "CLOSE-WAIT");
    // Simultaneous open.
    let mut bench = Bench::in_state("SYN-SENT", config(100), 300);
    bench.gets("SP 0+10", "S. 0 ack 1");
    bench.gets("S. 0 ack 1", ". 1 ack 11");
    let mut config = config(100);
    config.drop_syn_fin = true;
    let mut bench = Bench::in_state("LISTEN", config, 300);
    bench.gets("SF 0", "");
    assert_eq!(bench.state(), "LISTEN");
}

#[test]
fn half_close_with_text_both_ways() {
    let mut bench = established();
    bench.close();
    bench.gets("P. 1+10 ack 1", ". 2 ack 11");
    bench.gets("P. 11+10 ack 2", ". 2 ack 21");
    assert_eq!(bench.state(), "FIN-WAIT-2");
    assert_eq!(bench.receive(100).len(), 20);
    let mut bench = Bench::in_state("CLOSE-WAIT", config(100), 300);
    assert_eq!(bench.send(10), [". 1+10 ack 2"]);
    bench.gets(". 2 ack 11", "");
    assert_eq!(bench.close(), ["F. 11 ack 2"]);
    bench.gets(". 2 ack 12", "");
    assert_eq!(bench.state(), "CLOSED");
}

/// CLOSE while the window holds back the queued text; the peer's FIN arrives first.
#[test]
fn the_peer_closes_while_our_fin_waits() {
    let mut bench = established();
    bench.arrive(". 1 ack 1 win 0");
    bench.send(10);
    bench.close();
    bench.gets("F. 1 ack 1 win 0", ". 1 ack 2");
    assert_eq!(bench.state(), "CLOSING");
    bench.gets(". 2 ack 1 win 5000", "F. 1+10 ack 2");
    bench.gets(". 2 ack 12", "");
    assert_eq!(bench.state(), "TIME-WAIT");
}

/// Reading after the peer has closed announces no window.
#[test]
fn reading_after_the_fin_announces_nothing() {
    let mut bench = established_with(|config| config.receive_buffer = 11);
    bench.arrive("FP. 1+10 ack 1");
    bench.receive(100);
    assert_eq!(bench.sent(), Vec::<String>::new());
}

#[test]
fn time_wait_may_ignore_resets() {
    let mut config = config(100);
    config.time_wait_ignores_rst = true;
    let mut bench = Bench::in_state("TIME-WAIT", config, 300);
    bench.gets("R 2", "");
    assert_eq!(bench.state(), "TIME-WAIT");
}
