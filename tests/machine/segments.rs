//! Random segments, calls and waits in every state: nothing panics, and every invariant holds.

use proptest::prelude::*;
use proptest::sample::select;

use crate::support::bench::{Bench, STATES};
use crate::support::{self, config, sample};
use tcp_handshake::tcp::state::edges_between;
use tcp_handshake::tcp::{
    Algorithm, Config, Connection, Event, Flags, Options, Outbox, Output, Rule, SackBlocks,
    Segment, SeqNumber, State, Tcb, Text, Timer, Timestamps, Transmission,
};
use tcp_handshake::time::{Duration, Instant};

// ---- Inputs ----

#[derive(Clone, Debug)]
enum Step {
    /// A segment whose numbers are near those of the TCB: each is one of them plus an offset.
    Arrive {
        flags: Flags,
        seq: Near,
        ack: Near,
        octets: u16,
        window: u16,
        options: Options,
        /// The ranges of a SACK option.
        ranges: Vec<(Near, Near)>,
    },
    Send(u16),
    Receive(u16),
    /// Changes the receive buffer.
    Window(u32),
    Close,
    Abort,
    OpenActive,
    OpenPassive,
    Wait(u32),
    /// Lets the next timer expire.
    Expire,
}

/// A sequence number: an anchor in the TCB, and an offset.
#[derive(Clone, Debug)]
struct Near {
    anchor: u8,
    offset: i32,
}

fn near() -> impl Strategy<Value = Near> {
    let offset = prop_oneof![
        4 => Just(0_i32),
        4 => -12..12_i32,
        1 => -3_000..3_000_i32,
        1 => any::<i32>(),
    ];
    (0..6_u8, offset).prop_map(|(anchor, offset)| Near { anchor, offset })
}

fn flags() -> impl Strategy<Value = Flags> {
    const USUAL: [u8; 13] =
        [0x10, 0x10, 0x10, 0x18, 0x11, 0x11, 0x02, 0x12, 0x04, 0x14, 0x01, 0x13, 0x00];
    prop_oneof![9 => select(&USUAL), 1 => any::<u8>()].prop_map(Flags::from_bits)
}

fn arrive() -> impl Strategy<Value = Step> {
    let octets = prop_oneof![2 => Just(0), 2 => 1..30_u16, 1 => 1..3_000_u16];
    let window = prop_oneof![
        3 => Just(u16::MAX),
        2 => select(&[0_u16, 0, 1, 2, 10, 1_000]),
        1 => any::<u16>(),
    ];
    let stamps = proptest::option::of((any::<u32>(), any::<u32>()));
    let blocks = proptest::collection::vec((near(), near()), 0..4);
    let options = (
        proptest::option::of(0..2_000_u16),
        proptest::option::of(0..16_u8),
        any::<bool>(),
        stamps,
        blocks,
    )
        .prop_map(|(mss, window_scale, sack_permitted, stamps, blocks)| {
            let timestamps = stamps.map(|(value, echo)| Timestamps { value, echo });
            (
                Options { mss, window_scale, sack_permitted, timestamps, ..Options::default() },
                blocks,
            )
        });
    (flags(), near(), near(), octets, window, options).prop_map(
        |(flags, seq, ack, octets, window, (options, ranges))| Step::Arrive {
            flags,
            seq,
            ack,
            octets,
            window,
            options,
            ranges,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => arrive(),
        4 => prop_oneof![1..20_u16, 1..5_000_u16].prop_map(Step::Send),
        2 => prop_oneof![0..20_u16, Just(u16::MAX)].prop_map(Step::Receive),
        1 => select(vec![0, 1, 7, 3_000, 65_535, 1 << 20]).prop_map(Step::Window),
        2 => Just(Step::Close),
        1 => select(vec![Step::Abort, Step::OpenActive, Step::OpenPassive]),
        2 => (0..3_000_000_u32).prop_map(Step::Wait),
        4 => Just(Step::Expire),
    ]
}

fn configs() -> impl Strategy<Value = Config> {
    let buffer = select(&[1_u32, 7, 100, 3_000, 65_535, 1 << 20]);
    let scale = proptest::option::of(0..15_u8);
    let mss = select(&[1_u16, 10, 536, 1_460]);
    let switches = any::<[bool; 10]>();
    (any::<u32>(), buffer, scale, mss, switches).prop_map(|(iss, buffer, scale, mss, switches)| {
        let mut config = config(iss);
        (config.receive_buffer, config.window_scale, config.mss) = (buffer, scale, mss);
        config.send_buffer = 6_000;
        let [delays, delays_fin, nagle, rst, syn, ignores, counts, sack, stamps, cubic] = switches;
        (config.sack, config.timestamps) = (sack, stamps);
        if cubic {
            config.congestion = Algorithm::Cubic;
            config.keeps_segments = true;
            config.proportional_reduction = true;
            config.tail_loss_probe = true;
            config.frto = true;
        }
        config.delayed_ack = delays.then_some(Duration::from_millis(40));
        (config.delay_ack_of_fin, config.nagle) = (delays_fin, nagle);
        (config.challenge_rst, config.challenge_syn) = (rst, syn);
        config.time_wait_ignores_rst = ignores;
        if counts {
            config.give_up = tcp_handshake::tcp::GiveUp::Retransmissions(3);
            config.user_timeout = None;
        }
        config
    })
}

// ---- Invariants ----

/// The byte at a sequence number, on both sides, so that a misplaced one is detected.
fn byte_at(seq: SeqNumber) -> u8 {
    u8::try_from(seq.0 % 251).unwrap_or(0)
}

fn text_at(seq: SeqNumber, octets: u32) -> Text {
    Text::new(&(0..octets).map(|index| byte_at(seq + index)).collect::<Vec<_>>())
}

struct Machine {
    connection: Connection,
    now: Instant,
    out: Outbox,
    /// The sequence number of our next byte, and of the next byte that the user reads.
    written: SeqNumber,
    read: SeqNumber,
}

impl Machine {
    /// An end brought into `state`; no text has flowed.
    fn new(state: &str, config: Config, irs: u32) -> Self {
        let offers = match (config.sack, config.timestamps) {
            (true, true) => " sackOK 1 ts 1,0",
            (true, false) => " sackOK 1",
            (false, true) => " ts 1,0",
            (false, false) => "",
        };
        let bench = Bench::in_state_with(state, config, irs, offers);
        let tcb = *bench.connection.tcb();
        Self {
            connection: bench.connection,
            now: bench.now,
            out: Outbox::new(),
            written: tcb.iss + 1,
            read: tcb.irs + 1,
        }
    }

    fn number(&self, near: &Near) -> SeqNumber {
        let tcb = self.connection.tcb();
        let anchors =
            [tcb.rcv_nxt, tcb.rcv_nxt + tcb.rcv_wnd, tcb.irs, tcb.snd_nxt, tcb.snd_una, tcb.iss];
        let offset = u32::from_ne_bytes(near.offset.to_ne_bytes());
        anchors[usize::from(near.anchor) % anchors.len()] + offset
    }

    fn step(&mut self, step: &Step) {
        let before = self.connection.clone();
        self.out.clear();
        let (connection, now, out) = (&mut self.connection, self.now, &mut self.out);
        match step {
            Step::Arrive { flags, seq, ack, octets, window, options, ranges } => {
                let blocks = ranges.iter().map(|(from, to)| (self.number(from), self.number(to)));
                let sack = SackBlocks::new(&blocks.collect::<Vec<_>>());
                let (seq, ack) = (self.number(seq), self.number(ack));
                let start = seq + u32::from(flags.contains(Flags::SYN));
                let segment = Segment {
                    seq,
                    ack,
                    window: *window,
                    flags: *flags,
                    options: Options { sack, ..options.clone() },
                    text: text_at(start, u32::from(*octets)),
                };
                self.connection.handle_segment(now, &segment, &mut self.out);
            }
            Step::Send(octets) => {
                // In LISTEN the SEND would choose the ISS, which this test would not know.
                if connection.state() != State::Listen {
                    let text = text_at(self.written, u32::from(*octets));
                    if connection.send(now, text.octets(), out).is_ok() {
                        self.written += text.len();
                    }
                }
            }
            Step::Receive(octets) => {
                if let Ok(text) = connection.receive(now, usize::from(*octets), out) {
                    assert_eq!(text, text_at(self.read, text.len()), "the peer's bytes in order");
                    self.read += text.len();
                }
            }
            Step::Window(octets) => connection.set_receive_buffer(now, *octets, out),
            Step::Close => drop(connection.close(now, out)),
            Step::Abort => drop(connection.abort(now, out)),
            Step::OpenActive => drop(connection.open_active(now, out)),
            Step::OpenPassive => drop(connection.open_passive(now, out)),
            Step::Wait(micros) => {
                let end = now + Duration::from_micros(u64::from(*micros));
                let due = connection.poll_timeout().filter(|due| *due <= end);
                self.now = due.unwrap_or(end);
                connection.handle_timeout(self.now, out);
            }
            Step::Expire => {
                if let Some(due) = connection.poll_timeout() {
                    self.now = self.now.max(due);
                    connection.handle_timeout(self.now, out);
                    let next = connection.poll_timeout();
                    assert!(next.is_none_or(|next| next > self.now), "it expires for ever");
                }
            }
        }
        self.follow_incarnation();
        self.check(&before, matches!(step, Step::Window(_)));
    }

    /// Follows the numbers of a new connection.
    fn follow_incarnation(&mut self) {
        let tcb = self.connection.tcb();
        for output in self.out.iter() {
            match output {
                Output::Event(Event::Transition { to: State::SynSent, .. }, _) => {
                    self.written = tcb.iss + 1;
                }
                Output::Event(
                    Event::Transition { from: State::Listen, to: State::SynReceived },
                    _,
                ) => {
                    (self.written, self.read) = (tcb.iss + 1, tcb.irs + 1);
                }
                Output::Event(Event::Transition { from: State::SynSent, to }, _)
                    if to != State::Closed =>
                {
                    self.read = tcb.irs + 1;
                }
                Output::Event(..) | Output::Transmit(..) => {}
            }
        }
    }

    fn check(&self, before: &Connection, may_shrink: bool) {
        let connection = &self.connection;
        let (state, tcb) = (connection.state(), connection.tcb());
        assert!(tcb.snd_una.at_or_before(tcb.snd_nxt), "SND.UNA =< SND.NXT");
        assert!(tcb.in_flight() < 1 << 20, "bounded by the send buffer");
        self.check_edges(before, may_shrink);
        self.check_timers();
        let bound = 40 + 2 * (before.unacknowledged_octets() / usize::from(before.send_mss()));
        let bound = bound + 2 * (connection.unacknowledged_octets());
        assert!(self.out.len() <= bound + 4_000, "{} outputs", self.out.len());
        let mut at = before.state();
        for output in self.out.iter() {
            match output {
                Output::Event(Event::Transition { from, to }, _) => {
                    assert_eq!(from, at);
                    assert!(edges_between(from, to).next().is_some(), "{from} to {to}");
                    at = to;
                }
                Output::Event(..) => {}
                Output::Transmit(segment, transmission, rule) => {
                    self.check_segment(&segment, transmission, rule);
                }
            }
        }
        assert_eq!(at, state);
    }

    fn check_edges(&self, before: &Connection, may_shrink: bool) {
        let lives = |connection: &Connection| {
            !matches!(connection.state(), State::Closed | State::Listen | State::SynSent)
        };
        let (old, new) = (before.tcb(), self.connection.tcb());
        if lives(before) && lives(&self.connection) && (old.iss, old.irs) == (new.iss, new.irs) {
            let edge = |tcb: &Tcb| tcb.rcv_nxt + tcb.rcv_wnd;
            let is_left = edge(new).before(edge(old));
            assert!(may_shrink || !is_left, "the right edge moved left by itself");
            assert!(old.rcv_nxt.at_or_before(new.rcv_nxt), "RCV.NXT moved left");
            assert!(old.snd_una.at_or_before(new.snd_una), "SND.UNA moved left");
        }
    }

    fn check_timers(&self) {
        let (connection, tcb) = (&self.connection, self.connection.tcb());
        let state = connection.state();
        let runs = |timer| connection.timers().deadline(timer).is_some();
        assert_eq!(runs(Timer::Retransmission), tcb.in_flight() > 0, "in {state}: {tcb}");
        assert!(!runs(Timer::User) || tcb.in_flight() > 0, "what does the user wait for?");
        assert!(!runs(Timer::Persist) || tcb.in_flight() == 0);
        assert_eq!(runs(Timer::TimeWait), state == State::TimeWait);
        if matches!(state, State::Closed | State::Listen) {
            assert_eq!(connection.poll_timeout(), None);
        }
        // Queued text is in flight, or has a timer, or waits for the handshake.
        let sends = matches!(
            state,
            State::Established
                | State::CloseWait
                | State::FinWait1
                | State::Closing
                | State::LastAck
        );
        if sends && connection.unacknowledged_octets() > 0 {
            assert!(runs(Timer::Retransmission) || runs(Timer::Persist), "stalled in {state}");
        }
        if matches!(state, State::FinWait1 | State::Closing | State::LastAck) {
            assert!(runs(Timer::Retransmission) || runs(Timer::Persist), "no FIN in {state}");
        }
    }

    fn check_segment(&self, segment: &Segment, transmission: Transmission, rule: Rule) {
        let (state, tcb) = (self.connection.state(), self.connection.tcb());
        if segment.rst() || state == State::Closed {
            return;
        }
        assert!(segment.end().at_or_before(tcb.snd_nxt), "{segment} beyond SND.NXT");
        let expected = text_at(segment.seq, segment.text.len());
        assert_eq!(segment.text, expected, "{segment} carries other bytes");
        assert!(segment.text.len() <= u32::from(self.connection.send_mss()));
        assert!(segment.acknowledgment().is_none_or(|ack| ack.at_or_before(tcb.rcv_nxt)));
        let edge = tcb.snd_una + tcb.snd_wnd;
        let is_probe = rule == Rule::ZeroWindowProbed;
        if transmission == Transmission::First && !segment.is_empty() && !segment.syn() && !is_probe
        {
            assert!(segment.end().at_or_before(edge), "{segment} beyond the peer's window");
        }
    }
}

fn check(state: &str, config: Config, irs: u32, steps: &[Step]) {
    let mut machine = Machine::new(state, config, irs);
    for step in steps {
        machine.step(step);
    }
}

proptest! {
    #![proptest_config(sample())]

    #[test]
    fn random_steps_keep_the_invariants_in_every_state(
        state in select(&STATES),
        config in configs(),
        irs in any::<u32>(),
        steps in proptest::collection::vec(step(), 1..40),
    ) {
        check(state, config, irs, &steps);
    }
}

mod deep {
    use super::*;

    proptest! {
        #![proptest_config(support::deep(100_000))]

        #[test]
        #[ignore = "deep: 100,000 random rounds"]
        fn random_steps_keep_the_invariants_in_every_state(
            state in select(&STATES),
            config in configs(),
            irs in any::<u32>(),
            steps in proptest::collection::vec(step(), 1..80),
        ) {
            check(state, config, irs, &steps);
        }
    }
}
