//! The outputs of the state machine: segments, events, and the errors of user calls.

use core::fmt;

use serde::Serialize;

use super::rule::Rule;
use super::segment::Segment;
use super::seq::SeqNumber;
use super::state::State;
use super::timer::Timer;
use crate::time::{Duration, Instant};

/// One output, and the clause that caused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// A segment to send.
    Transmit(Segment, Transmission, Rule),
    /// A change inside the connection, or a signal to its user.
    Event(Event, Rule),
}

impl Output {
    /// The clause that caused this output.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::Transmit(_, _, rule) | Self::Event(_, rule) => *rule,
        }
    }
}

/// Whether a segment is sent for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transmission {
    /// Sequence numbers that were not sent before, or none at all.
    First,
    /// Sequence numbers that were sent before.
    Retransmission,
}

/// A change inside the connection, or a signal to its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Event {
    /// The connection changed its state.
    Transition {
        /// The state left.
        from: State,
        /// The state entered.
        to: State,
    },
    /// The arriving segment, or the rest of it, was discarded.
    Discarded,
    /// A part of the arriving segment had no effect; the rest was used.
    Ignored,
    /// SND.UNA moved.
    Acknowledged {
        /// The new SND.UNA.
        una: SeqNumber,
        /// How many sequence numbers were acknowledged by it.
        octets: u32,
    },
    /// SND.WND changed.
    WindowChanged {
        /// The new SND.WND, in bytes.
        wnd: u32,
    },
    /// The user's text was queued.
    Queued {
        /// How many bytes.
        octets: u32,
    },
    /// Text arrived in order and waits for the user's RECEIVE.
    Delivered {
        /// How many bytes.
        octets: u32,
    },
    /// Text arrived ahead of a gap and is kept.
    Kept {
        /// The sequence number of the first byte.
        seq: SeqNumber,
        /// How many bytes.
        octets: u32,
    },
    /// The user took text with a RECEIVE.
    Read {
        /// How many bytes.
        octets: u32,
    },
    /// A CLOSE waits until queued text is sent.
    CloseWaits,
    /// To the user: our CLOSE is complete, the peer has acknowledged our FIN.
    CloseCompleted,
    /// To the user: the peer has closed its side ("connection closing").
    PeerClosed,
    /// To the user: "connection refused".
    Refused,
    /// To the user: "connection reset".
    Reset,
    /// To the user: "connection aborted due to user timeout", or R2.
    TimedOut,
    /// An acknowledgment is delayed, so that text can carry it.
    AckDelayed,
    /// A timer expired.
    Expired {
        /// Which one.
        timer: Timer,
    },
    /// The 2MSL wait began, or began again.
    TimeWaitStarted {
        /// When it will end.
        until: Instant,
    },
    /// A round trip was measured, and the estimator updated.
    RttMeasured {
        /// The sample.
        rtt: Duration,
        /// RTO after it.
        rto: Duration,
    },
    /// RTO changed without a sample.
    RtoChanged {
        /// The new RTO.
        rto: Duration,
    },
    /// The congestion window or its threshold changed.
    CongestionChanged {
        /// The new cwnd, in bytes.
        cwnd: u32,
        /// The new ssthresh, in bytes; `None` before the first loss.
        ssthresh: Option<u32>,
    },
    /// The peer reported that something has arrived beyond a gap (SACK).
    Sacked {
        /// The sequence number of the first byte reported.
        seq: SeqNumber,
        /// How many bytes were not reported before.
        octets: u32,
    },
    /// The peer reported that something has arrived twice (D-SACK).
    DuplicateReported {
        /// The sequence number of the first byte.
        seq: SeqNumber,
        /// How many bytes.
        octets: u32,
    },
    /// An ACK of nothing new arrived while text is in flight.
    DuplicateAck {
        /// How many have arrived since SND.UNA last moved.
        count: u32,
    },
}

/// Why an OPEN failed (RFC 9293 §3.10.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// "connection already exists".
    AlreadyExists,
}

/// Why a SEND failed (RFC 9293 §3.10.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// "connection does not exist".
    NotOpen,
    /// "connection closing".
    Closing,
    /// "insufficient resources": the text does not fit the send buffer; nothing was queued.
    NoRoom,
}

/// Why a RECEIVE failed (RFC 9293 §3.10.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiveError {
    /// "connection does not exist".
    NotOpen,
    /// "connection closing": the peer's FIN was reached, and all text before it was read.
    Closing,
}

/// Why a CLOSE failed (RFC 9293 §3.10.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseError {
    /// "connection does not exist".
    NotOpen,
    /// "connection closing".
    Closing,
}

/// Why an ABORT failed (RFC 9293 §3.10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbortError {
    /// "connection does not exist".
    NotOpen,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection already exists")
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOpen => "connection does not exist",
            Self::Closing => "connection closing",
            Self::NoRoom => "insufficient resources",
        })
    }
}

impl fmt::Display for ReceiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOpen => "connection does not exist",
            Self::Closing => "connection closing",
        })
    }
}

impl fmt::Display for CloseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOpen => "connection does not exist",
            Self::Closing => "connection closing",
        })
    }
}

impl fmt::Display for AbortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection does not exist")
    }
}

impl core::error::Error for OpenError {}
impl core::error::Error for SendError {}
impl core::error::Error for ReceiveError {}
impl core::error::Error for CloseError {}
impl core::error::Error for AbortError {}
