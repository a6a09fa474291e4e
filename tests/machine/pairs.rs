//! Two correct ends and a network that loses, duplicates and reorders segments: every byte arrives
//! once and in order, and both ends reach CLOSED.

use proptest::prelude::*;
use proptest::sample::select;

use crate::support::pair::{Pair, Side};
use crate::support::{self, config, sample};
use tcp_handshake::tcp::{Config, Connection, Event, State};
use tcp_handshake::time::Duration;

#[derive(Clone, Debug)]
enum Step {
    Deliver(u8),
    Lose(u8),
    Repeat(u8),
    Wait(u32),
    Send(Side, u16),
    Receive(Side, u16),
    /// Changes the receive buffer.
    Window(Side, u32),
    Close(Side),
}

fn step() -> impl Strategy<Value = Step> {
    let side = || select(&[Side::A, Side::B]);
    prop_oneof![
        10 => (0..4_u8).prop_map(Step::Deliver),
        4 => (0..4_u8).prop_map(Step::Lose),
        2 => (0..4_u8).prop_map(Step::Repeat),
        4 => (0..1_500_u32).prop_map(Step::Wait),
        4 => (side(), prop_oneof![1..20_u16, 1..4_000_u16])
            .prop_map(|(side, octets)| Step::Send(side, octets)),
        2 => (side(), 1..4_000_u16).prop_map(|(side, octets)| Step::Receive(side, octets)),
        1 => (side(), select(&[0_u32, 1, 300, 65_535]))
            .prop_map(|(side, octets)| Step::Window(side, octets)),
        1 => side().prop_map(Step::Close),
    ]
}

fn end() -> impl Strategy<Value = Config> {
    let buffer = select(&[1_u32, 20, 2_000, 65_535, 1 << 20]);
    let mss = select(&[1_u16, 10, 536, 1_460]);
    let scale = proptest::option::of(0..15_u8);
    let switches = any::<[bool; 4]>();
    (any::<u32>(), buffer, mss, scale, switches).prop_map(|(iss, buffer, mss, scale, switches)| {
        let mut config = config(iss);
        (config.receive_buffer, config.mss, config.window_scale) = (buffer, mss, scale);
        let [delays, delays_fin, nagle, challenges] = switches;
        config.delayed_ack = delays.then_some(Duration::from_millis(40));
        (config.delay_ack_of_fin, config.nagle) = (delays_fin, nagle);
        (config.challenge_rst, config.challenge_syn) = (challenges, challenges);
        config
    })
}

/// One direction of text: the bytes sent, and how many of them arrived.
#[derive(Default)]
struct Stream {
    sent: Vec<u8>,
    received: usize,
}

struct Run {
    net: Pair,
    /// By the sending side.
    streams: [Stream; 2],
}

impl Run {
    fn new(a: Config, b: Config, both_active: bool) -> Self {
        let mut net = Pair::new(a, b);
        if both_active {
            net.open_active(Side::B);
        } else {
            net.open_passive(Side::B);
        }
        net.open_active(Side::A);
        Self { net, streams: [Stream::default(), Stream::default()] }
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Deliver(index) => drop(self.net.deliver_nth(index, false)),
            Step::Repeat(index) => drop(self.net.deliver_nth(index, true)),
            Step::Lose(index) => self.net.lose_nth(index),
            Step::Wait(millis) => self.net.wait(Duration::from_millis(millis.into())),
            Step::Send(side, octets) => self.send(side, octets),
            Step::Receive(side, octets) => self.receive(side, octets.into()),
            Step::Window(side, octets) => self.set_window(side, octets),
            Step::Close(side) => self.close(side),
        }
        self.check();
    }

    fn send(&mut self, side: Side, octets: u16) {
        let stream = &mut self.streams[side as usize];
        let text: Vec<u8> = (stream.sent.len()..).take(octets.into()).map(byte_at).collect();
        // A SEND in LISTEN would open actively; this user waits.
        if self.net.end(side).state() != State::Listen
            && self.net.call(side, |c, now, out| c.send(now, &text, out)).is_ok()
        {
            stream.sent.extend(text);
        }
    }

    fn receive(&mut self, side: Side, octets: usize) {
        let stream = &mut self.streams[1 - side as usize];
        let result = self.net.call(side, |c, now, out| c.receive(now, octets, out));
        if let Ok(text) = result {
            let expected: Vec<u8> =
                (stream.received..).take(text.octets().len()).map(byte_at).collect();
            assert_eq!(text.octets(), expected, "to {side:?}");
            stream.received += text.octets().len();
            assert!(stream.received <= stream.sent.len(), "invented");
        }
    }

    fn set_window(&mut self, side: Side, octets: u32) {
        self.net.call(side, |end, now, out| end.set_receive_buffer(now, octets, out));
    }

    fn close(&mut self, side: Side) {
        let may_close =
            !matches!(self.net.end(side).state(), State::Closed | State::Listen | State::SynSent);
        if may_close {
            // A second CLOSE is an error without effect.
            let _ = self.net.call(side, Connection::close);
        }
    }

    fn check(&mut self) {
        for side in [Side::A, Side::B] {
            let end = self.net.end(side);
            let tcb = end.tcb();
            assert!(tcb.snd_una.at_or_before(tcb.snd_nxt));
            for event in self.net.reported(side) {
                assert!(!matches!(event, Event::Refused | Event::Reset | Event::TimedOut));
            }
        }
    }

    /// From now on the network loses nothing, and the users read everything and close: the
    /// connection ends.
    fn finish(&mut self) {
        for side in [Side::A, Side::B] {
            self.set_window(side, 65_535);
        }
        for _ in 0..500_000 {
            for side in [Side::A, Side::B] {
                self.receive(side, usize::MAX);
                self.close(side);
            }
            self.check();
            let states = self.net.ends.each_ref().map(Connection::state);
            if !self.net.deliver_nth(0, false) {
                if states == [State::Closed, State::Closed] {
                    return;
                }
                let due = self.net.ends.iter().filter_map(Connection::poll_timeout).min();
                let due = due.unwrap_or_else(|| panic!("stalled in {states:?}"));
                let span = due.since(self.net.now);
                self.net.wait(span);
            }
        }
        panic!("no end: {:?}", self.net.ends.each_ref().map(Connection::state));
    }
}

fn byte_at(index: usize) -> u8 {
    u8::try_from(index % 251).unwrap_or(0)
}

fn check(a: Config, b: Config, both_active: bool, steps: &[Step]) {
    let mut run = Run::new(a, b, both_active);
    for step in steps {
        run.step(step);
    }
    run.finish();
    for stream in &run.streams {
        assert_eq!(stream.received, stream.sent.len());
    }
}

proptest! {
    #![proptest_config(sample())]

    #[test]
    fn every_byte_arrives_and_both_ends_close(
        a in end(),
        b in end(),
        both_active in any::<bool>(),
        steps in proptest::collection::vec(step(), 1..60),
    ) {
        check(a, b, both_active, &steps);
    }
}

mod deep {
    use super::*;

    proptest! {
        #![proptest_config(support::deep(10_000))]

        #[test]
        #[ignore = "deep: 10,000 random rounds"]
        fn every_byte_arrives_and_both_ends_close(
            a in end(),
            b in end(),
            both_active in any::<bool>(),
            steps in proptest::collection::vec(step(), 1..120),
        ) {
            check(a, b, both_active, &steps);
        }
    }
}
