//! Where deployed stacks differ from each other, and from the letter of RFC 9293.
//!
//! Most habits are a number or a switch of their own, so that a difference between two stacks can
//! be tried alone; all that concerns the acceptance of segments is one switch, [`Checks`]. The
//! sources of Linux's values are in docs/stacks.md.

use crate::time::Duration;

/// The habits of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// What the shortest RTO is the floor of.
    pub rto_floor: RtoFloor,
    /// How many SYNs are repeated at equal intervals before RTO doubles.
    pub linear_syns: u32,
    /// How soon the SYN is repeated after an unacceptable ACK in SYN-SENT, if that is the first
    /// repetition.
    pub syn_after_bad_ack: Option<Duration>,
    /// How long FIN-WAIT-2 lasts once the application is gone.
    pub fin_wait_2: Option<Duration>,
    /// When to give up once the application is gone, if earlier than otherwise.
    pub orphan_give_up: Option<GiveUp>,
    /// Whether a window probe is an empty segment at SND.UNA - 1, not the next byte of text.
    pub probes_are_empty: bool,
    /// Whether the RST of an ABORT carries an ACK.
    pub reset_acknowledges: bool,
    /// How often segments without text are answered with an ACK that nothing else would send.
    pub ack_limit: AckLimit,
    /// Whether the delay of an ACK adapts to the traffic. Otherwise it is always the same.
    pub ack_delay_adapts: bool,
    /// Whether the SYN,ACK of a simultaneous open is acknowledged.
    pub crossed_syn_ack_is_acknowledged: bool,
    /// Whether text that waits for the application can still be read after a reset.
    pub reset_keeps_text: bool,
    /// Whether text and FIN of a SYN are dropped.
    pub syn_text_is_dropped: bool,
    /// Whether a new SYN opens a connection from TIME-WAIT (RFC 9293 §3.6.1, MAY-2).
    pub time_wait_reopens: bool,
    /// Whether text that was never read draws a reset when the application is gone (SHLD-3).
    pub unread_text_resets: bool,
    /// Whether the reset that answers late text has the number of the text's ACK, as from CLOSED.
    /// Otherwise it is SND.NXT, as for ABORT, so that a peer that has our FIN accepts it.
    pub late_reset_at_ack: bool,
    /// Nagle's algorithm as Minshall changed it: only a small segment in flight holds back another.
    pub nagle_minds_small_only: bool,
    /// Whether a segment waits until the window has room for all of it, and is at most half as long
    /// as the window that the peer's SYN announced.
    pub sends_whole_segments: bool,
    /// Whose checks an arriving segment must pass.
    pub checks: Checks,
}

/// What the shortest RTO is the floor of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RtoFloor {
    /// Of RTO itself (RFC 6298 §2.4).
    Sum,
    /// Of its second term, 4 RTTVAR, so that RTO is never shorter than SRTT plus the floor.
    Variation,
}

/// A limit of ACKs that answer unacceptable segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckLimit {
    /// At most this many challenge ACKs in each span (RFC 5961 §7).
    Count(u32, Duration),
    /// At most one in each span; also the ACKs of empty segments outside the window count.
    Spacing(Duration),
}

/// Whose checks an arriving segment must pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// RFC 9293 §3.10.7's, in its order.
    Rfc,
    /// Linux's: see `linux_checks`.
    Linux,
}

/// When to give up retransmitting: R2 of RFC 9293 §3.8.3, as a time or as a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiveUp {
    /// Gives up when the timer expires this long after the first transmission, or later.
    After(Duration),
    /// Gives up when the timer expires this long after the first retransmission, or later.
    AfterRepeating(Duration),
    /// Gives up when the timer expires after this many retransmissions.
    Retransmissions(u32),
}

/// The times of keep-alives. A connection has none unless its application turns them on (MUST-25).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepAlive {
    /// How long the connection must be idle before the first probe (MUST-27).
    pub idle: Duration,
    /// The time between probes.
    pub interval: Duration,
    /// How many probes in a row remain unanswered before the peer counts as gone. A single one is
    /// not enough (MUST-29): like any segment without text, its answer can be lost.
    pub probes: u32,
}

impl KeepAlive {
    /// The default: two hours (MUST-28), then nine probes 75 s apart, as in most systems.
    pub const DEFAULT: Self =
        Self { idle: Duration::from_secs(7_200), interval: Duration::from_secs(75), probes: 9 };
}

impl Habits {
    /// The letter of the RFC; where it leaves a choice, the simpler one.
    pub const RFC: Self = Self {
        rto_floor: RtoFloor::Sum,
        linear_syns: 0,
        syn_after_bad_ack: None,
        fin_wait_2: None,
        orphan_give_up: None,
        probes_are_empty: false,
        reset_acknowledges: false,
        ack_limit: AckLimit::Count(10, Duration::from_secs(5)),
        ack_delay_adapts: false,
        crossed_syn_ack_is_acknowledged: false,
        reset_keeps_text: false,
        syn_text_is_dropped: false,
        time_wait_reopens: false,
        unread_text_resets: true,
        late_reset_at_ack: false,
        nagle_minds_small_only: false,
        sends_whole_segments: false,
        checks: Checks::Rfc,
    };

    /// Linux's.
    pub const LINUX: Self = Self {
        rto_floor: RtoFloor::Variation,
        linear_syns: 4,
        // TCP_TIMEOUT_MIN is two ticks; a kernel with 250 ticks a second takes 12 to 16 ms.
        syn_after_bad_ack: Some(Duration::from_millis(12)),
        fin_wait_2: Some(Duration::from_secs(60)),
        // Eight retransmissions from the shortest RTO on.
        orphan_give_up: Some(GiveUp::AfterRepeating(Duration::from_millis(102_200))),
        probes_are_empty: true,
        reset_acknowledges: true,
        ack_limit: AckLimit::Spacing(Duration::from_millis(500)),
        ack_delay_adapts: true,
        crossed_syn_ack_is_acknowledged: true,
        reset_keeps_text: true,
        syn_text_is_dropped: true,
        time_wait_reopens: true,
        unread_text_resets: true,
        late_reset_at_ack: true,
        nagle_minds_small_only: true,
        sends_whole_segments: true,
        checks: Checks::Linux,
    };
}
