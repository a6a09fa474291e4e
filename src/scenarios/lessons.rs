//! The built-in scenarios: the table, then a function for each.
//!
//! To add one, add a row to [`LESSONS`] and its function.

use super::build::{
    CONNECT, LISTEN, c, closing_with_drops, dropping, open_and_close, plan, s, scenario,
};
use super::endings::{
    abort, bad_gateway, close_wait_leak, fin_wait_2_timeout, half_close, late_data, no_time_wait,
    simultaneous_close, three_segment_close, unread_data,
};
use super::outages::{black_hole, cable_out, keep_alive, power_lost};
use super::tuning::Tuning;
use crate::sim::{Call, Edit, Scenario, SegmentId, Side, Stray, When};
use crate::tcp::{Flags, Options, Segment, Text};
use crate::time::{Duration, Instant};

/// A built-in scenario.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    /// Its name in links.
    pub id: &'static str,
    /// The phase of a connection that it shows.
    pub group: Group,
    /// The scenario that it builds on; empty for the first.
    pub after: &'static str,
    build: fn(&Tuning) -> Scenario,
}

/// The phase of a connection that a scenario shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Connection establishment.
    Open,
    /// Data transfer.
    Data,
    /// Connection termination.
    Close,
}

impl Group {
    /// All three, in the order of a connection's life.
    pub const ALL: [Self; 3] = [Self::Open, Self::Data, Self::Close];

    /// Its name in locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Data => "data",
            Self::Close => "close",
        }
    }
}

/// Every built-in scenario, grouped, in teaching order.
pub const LESSONS: &[Lesson] = &[
    lesson("normal", Group::Open, "", normal),
    lesson("syn-lost", Group::Open, "normal", |tuning| with_drops(tuning, &[c(1)])),
    lesson("syn-ack-lost", Group::Open, "syn-lost", |tuning| with_drops(tuning, &[s(1)])),
    lesson("ack-lost", Group::Open, "syn-lost", |tuning| with_drops(tuning, &[c(2)])),
    lesson("syn-timeout", Group::Open, "syn-lost", syn_timeout),
    lesson("refused", Group::Open, "normal", refused),
    lesson("simultaneous-open", Group::Open, "normal", simultaneous_open),
    lesson("old-duplicate-syn", Group::Open, "simultaneous-open", old_duplicate_syn),
    lesson("half-open", Group::Open, "refused", half_open),
    lesson("data-lost", Group::Data, "syn-lost", |tuning| with_drops(tuning, &[c(3)])),
    lesson("ack-of-data-lost", Group::Data, "data-lost", |tuning| with_drops(tuning, &[s(2)])),
    lesson("reordered", Group::Data, "data-lost", reordered),
    lesson("duplicated", Group::Data, "normal", duplicated),
    lesson("slow-start", Group::Data, "normal", slow_start),
    lesson("fast-retransmit", Group::Data, "slow-start", |tuning| bulk(tuning, 15, &[c(6)])),
    lesson("sack", Group::Data, "fast-retransmit", sack),
    lesson("tail-loss", Group::Data, "fast-retransmit", tail_loss),
    lesson("cable-out", Group::Data, "data-lost", cable_out),
    lesson("mtu-black-hole", Group::Data, "data-lost", black_hole),
    lesson("power-lost", Group::Data, "half-open", power_lost),
    lesson("keep-alive", Group::Data, "power-lost", keep_alive),
    lesson("zero-window", Group::Data, "normal", zero_window),
    lesson("four-way-close", Group::Close, "normal", open_and_close),
    lesson("half-close", Group::Close, "normal", half_close),
    lesson("late-data", Group::Close, "half-close", late_data),
    lesson("three-segment-close", Group::Close, "normal", three_segment_close),
    lesson("fin-lost", Group::Close, "syn-lost", |tuning| closing_with_drops(tuning, &[c(3)])),
    lesson("last-ack-lost", Group::Close, "fin-lost", |tuning| closing_with_drops(tuning, &[c(4)])),
    lesson("simultaneous-close", Group::Close, "half-close", simultaneous_close),
    lesson("abort", Group::Close, "refused", abort),
    lesson("unread-data", Group::Close, "abort", unread_data),
    lesson("bad-gateway", Group::Close, "late-data", bad_gateway),
    lesson("close-wait-leak", Group::Close, "half-close", close_wait_leak),
    lesson("fin-wait-2-timeout", Group::Close, "close-wait-leak", fin_wait_2_timeout),
    lesson("no-time-wait", Group::Close, "last-ack-lost", no_time_wait),
];

/// A server that listens, and nothing else: where a run of one's own begins. It teaches nothing by
/// itself, and is none of the lessons.
pub const BLANK: Lesson =
    lesson("blank", Group::Open, "", |tuning| scenario(tuning, &[], &[LISTEN]));

/// The scenario of a link that names none.
pub const DEFAULT: &str = "normal";

impl Lesson {
    /// The scenario of this name.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        const BLANK_TOO: &Lesson = &BLANK;
        LESSONS.iter().chain([BLANK_TOO]).find(|lesson| lesson.id == id)
    }

    /// The scenario, tuned.
    #[must_use]
    pub fn scenario(&self, tuning: &Tuning) -> Scenario {
        (self.build)(tuning)
    }
}

const fn lesson(
    id: &'static str,
    group: Group,
    after: &'static str,
    build: fn(&Tuning) -> Scenario,
) -> Lesson {
    Lesson { id, group, after, build }
}

/// Open, a request and its answer, half-close, more data from the server, close.
fn normal(tuning: &Tuning) -> Scenario {
    scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(5)),
            plan(When::Received(7), 100, Call::Close),
        ],
        &[
            LISTEN,
            plan(When::Received(5), 50, Call::Send(7)),
            plan(When::PeerClosed, 100, Call::Send(6)),
            plan(When::PeerClosed, 200, Call::Close),
        ],
    )
}

/// The normal run with these segments lost.
fn with_drops(tuning: &Tuning, lost: &[SegmentId]) -> Scenario {
    dropping(normal(tuning), lost)
}

/// No answer: every SYN is lost until R2.
fn syn_timeout(tuning: &Tuning) -> Scenario {
    let every: Vec<SegmentId> = (1..=8).map(c).collect();
    dropping(scenario(tuning, &[CONNECT], &[LISTEN]), &every)
}

/// The server does not listen.
fn refused(tuning: &Tuning) -> Scenario {
    scenario(tuning, &[CONNECT], &[])
}

/// Both connect; the SYNs cross.
fn simultaneous_open(tuning: &Tuning) -> Scenario {
    let later = tuning.rtt.as_millis() / 10;
    scenario(tuning, &[CONNECT], &[plan(When::Start, later, Call::Connect)])
}

/// RFC 9293, Figure 8: an old SYN arrives before the real one.
fn old_duplicate_syn(tuning: &Tuning) -> Scenario {
    let mut scenario = scenario(tuning, &[CONNECT], &[LISTEN]);
    let quarter = Duration::from_micros(tuning.rtt.as_micros() / 4);
    let segment = Segment {
        seq: tuning.isn[Side::Client.index()] + 10_u32.wrapping_neg(),
        window: u16::MAX,
        flags: Flags::SYN,
        options: Options { mss: Some(1460), ..Options::default() },
        text: Text::EMPTY,
        ..Segment::default()
    };
    scenario.strays.push(Stray { to: Side::Server, at: Instant::ZERO + quarter, segment });
    let delay = Duration::from_micros(tuning.rtt.as_micros() * 7 / 4);
    scenario.edits.push(Edit::Delay(c(1), delay));
    scenario
}

/// RFC 9293, Figure 9: the client's host restarts and opens again; the server knows nothing of it.
fn half_open(tuning: &Tuning) -> Scenario {
    scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 200, Call::Crash),
            plan(When::Established, 400, Call::Connect),
        ],
        &[LISTEN, plan(When::Failed, 50, Call::Listen)],
    )
}

/// The server's FIN overtakes its text.
fn reordered(tuning: &Tuning) -> Scenario {
    let mut scenario = scenario(
        tuning,
        &[CONNECT, plan(When::PeerClosed, 100, Call::Close)],
        &[
            LISTEN,
            plan(When::Established, 100, Call::Send(8)),
            plan(When::Established, 120, Call::Close),
        ],
    );
    scenario.edits.push(Edit::Delay(s(2), Duration::from_micros(tuning.rtt.as_micros() * 6 / 5)));
    scenario
}

/// The network delivers the client's text twice.
fn duplicated(tuning: &Tuning) -> Scenario {
    let mut scenario = normal(tuning);
    scenario.edits.push(Edit::Duplicate(c(3), None));
    scenario
}

/// The client sends this many full segments, and both close.
fn bulk(tuning: &Tuning, segments: u32, lost: &[SegmentId]) -> Scenario {
    let octets = segments * u32::from(tuning.config(Side::Client).mss);
    let scenario = scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(octets)),
            plan(When::PeerClosed, 50, Call::Close),
        ],
        &[LISTEN, plan(When::Received(octets), 100, Call::Close)],
    );
    dropping(scenario, lost)
}

/// Three segments, then twice as many in each round trip.
fn slow_start(tuning: &Tuning) -> Scenario {
    bulk(tuning, 21, &[])
}

/// The same with SACK, unless the link says otherwise.
fn with_sack(tuning: &Tuning, mut scenario: Scenario) -> Scenario {
    for (host, said) in scenario.hosts.iter_mut().zip(tuning.sack) {
        host.config.sack = said.unwrap_or(true);
    }
    scenario
}

/// Two segments of one flight are lost, and SACK tells of both gaps.
fn sack(tuning: &Tuning) -> Scenario {
    with_sack(tuning, bulk(tuning, 15, &[c(6), c(8)]))
}

/// The last segment is lost, and a probe finds out before the timer.
fn tail_loss(tuning: &Tuning) -> Scenario {
    let mut scenario = with_sack(tuning, bulk(tuning, 3, &[c(5)]));
    scenario.hosts[Side::Client.index()].config.tail_loss_probe = true;
    scenario
}

/// The server's application does not read; its buffer is small.
fn zero_window(tuning: &Tuning) -> Scenario {
    let mut scenario = scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(20)),
            plan(When::Received(3), 100, Call::Close),
        ],
        &[
            LISTEN,
            plan(When::Received(10), 4_000, Call::Read),
            plan(When::Received(20), 100, Call::Read),
            plan(When::Received(20), 150, Call::Send(3)),
            plan(When::PeerClosed, 100, Call::Close),
        ],
    );
    let server = &mut scenario.hosts[Side::Server.index()];
    server.config.receive_buffer = 10;
    // So small a window cannot be scaled.
    server.config.window_scale = server.config.window_scale.map(|_| 0);
    server.application.reads_by_hand = true;
    scenario
}
