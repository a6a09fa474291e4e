//! A connection as the capture shows it: its ends, how it opened and how it ended.

use core::fmt;
use std::net::SocketAddr;

use super::segment::CapturedSegment;
use crate::tcp::segment::Flags;
use crate::tcp::seq::SeqNumber;

/// One end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Its address and port.
    pub address: SocketAddr,
    /// The segments that it sent.
    pub segments: u64,
    /// The bytes of data in them; bytes sent twice count twice.
    pub bytes: u64,
    /// All flags that it ever set.
    flags: Flags,
    /// The sequence number of its FIN.
    fin: Option<SeqNumber>,
    /// Whether it sent a SYN without ACK.
    sent_syn: bool,
    /// Whether it sent a SYN with ACK.
    sent_syn_ack: bool,
}

/// How a connection opened, as far as it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// SYN; SYN,ACK; ACK.
    Handshake,
    /// Both ends sent a SYN without ACK (RFC 9293 §3.5, Figure 7).
    Simultaneous,
    /// SYN and SYN,ACK, without the ACK.
    Incomplete,
    /// A SYN answered by RST.
    Refused,
    /// A SYN without any answer.
    Unanswered,
    /// It began before the capture, or its SYN was not captured.
    NotCaptured,
}

/// How a connection ended, as far as it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Both ends sent FIN.
    Closed,
    /// The end with this index sent FIN, the other did not.
    HalfClosed(usize),
    /// The end with this index sent RST.
    Reset(usize),
    /// Neither FIN nor RST was captured.
    Open,
}

impl Opening {
    /// Every way.
    pub const ALL: [Self; 6] = [
        Self::Handshake,
        Self::Simultaneous,
        Self::Incomplete,
        Self::Refused,
        Self::Unanswered,
        Self::NotCaptured,
    ];

    /// Its name in locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Handshake => "handshake",
            Self::Simultaneous => "simultaneous",
            Self::Incomplete => "incomplete",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
            Self::NotCaptured => "not-captured",
        }
    }
}

impl Closing {
    /// Every way.
    pub const ALL: [Self; 6] = [
        Self::Closed,
        Self::HalfClosed(0),
        Self::HalfClosed(1),
        Self::Reset(0),
        Self::Reset(1),
        Self::Open,
    ];

    /// Its name in locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::HalfClosed(0) => "half-client",
            Self::HalfClosed(_) => "half-server",
            Self::Reset(0) => "reset-client",
            Self::Reset(_) => "reset-server",
            Self::Open => "open",
        }
    }
}

/// A connection of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The end that sent the SYN, or else the first segment; then the other end.
    pub ends: [End; 2],
    /// The time of its first segment, in nanoseconds, as [`CapturedSegment::at`].
    pub start: i64,
    /// The latest time of a segment.
    pub end: i64,
    /// The end that sent the first RST.
    reset_by: Option<usize>,
    /// Whether that RST came before any segment of its sender but SYN.
    is_refused: bool,
}

impl Connection {
    /// The connection that begins with `segment`.
    pub(super) fn new(segment: &CapturedSegment) -> Self {
        let end = |address| End {
            address,
            segments: 0,
            bytes: 0,
            flags: Flags::NONE,
            fin: None,
            sent_syn: false,
            sent_syn_ack: false,
        };
        // A SYN,ACK comes from the server, which is listed second.
        let is_server = segment.has(Flags::SYN | Flags::ACK);
        let (first, second) =
            if is_server { (segment.to, segment.from) } else { (segment.from, segment.to) };
        Self {
            ends: [end(first), end(second)],
            start: segment.at,
            end: segment.at,
            reset_by: None,
            is_refused: false,
        }
    }

    /// The index of the end that sent `segment`.
    pub(super) fn sender(&self, segment: &CapturedSegment) -> usize {
        usize::from(self.ends[0].address != segment.from)
    }

    /// Counts a segment of the end with index `sender`.
    pub(super) fn count(&mut self, segment: &CapturedSegment, sender: usize) {
        if segment.has(Flags::RST) && self.reset_by.is_none() {
            self.reset_by = Some(sender);
            self.is_refused = self.ends[sender].segments == 0;
        }
        let end = &mut self.ends[sender];
        end.segments += 1;
        end.bytes += u64::from(segment.length);
        end.flags |= segment.flags;
        if segment.has(Flags::SYN) {
            let with_ack = segment.has(Flags::ACK);
            end.sent_syn |= !with_ack;
            end.sent_syn_ack |= with_ack;
        }
        if segment.has(Flags::FIN) {
            end.fin.get_or_insert(segment.seq + segment.length);
        }
        self.start = self.start.min(segment.at);
        self.end = self.end.max(segment.at);
    }

    /// The segments of both ends.
    #[must_use]
    pub fn segments(&self) -> u64 {
        self.ends.iter().map(|end| end.segments).sum()
    }

    /// The time from the first segment to the last, in nanoseconds.
    #[must_use]
    pub fn duration(&self) -> i64 {
        self.end.saturating_sub(self.start)
    }

    /// How it opened.
    #[must_use]
    pub fn opening(&self) -> Opening {
        let [first, second] = &self.ends;
        match (first.sent_syn, second.sent_syn, second.sent_syn_ack) {
            (true, true, _) => Opening::Simultaneous,
            (true, false, true) if first.flags.contains(Flags::ACK) => Opening::Handshake,
            (true, false, true) => Opening::Incomplete,
            (true, false, false) if self.is_refused => Opening::Refused,
            (true, false, false) if second.segments == 0 => Opening::Unanswered,
            _ => Opening::NotCaptured,
        }
    }

    /// How it ended.
    #[must_use]
    pub fn closing(&self) -> Closing {
        if let Some(index) = self.reset_by {
            return Closing::Reset(index);
        }
        match &self.ends {
            [End { fin: Some(_), .. }, End { fin: Some(_), .. }] => Closing::Closed,
            [End { fin: Some(_), .. }, _] => Closing::HalfClosed(0),
            [_, End { fin: Some(_), .. }] => Closing::HalfClosed(1),
            _ => Closing::Open,
        }
    }

    /// Whether segments of one end alone were captured.
    #[must_use]
    pub fn is_one_sided(&self) -> bool {
        self.ends.iter().any(|end| end.segments == 0)
    }

    /// Whether no SYN without ACK was captured.
    #[must_use]
    pub fn is_syn_missing(&self) -> bool {
        self.ends.iter().all(|end| !end.sent_syn)
    }
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Handshake => "handshake",
            Self::Simultaneous => "simultaneous",
            Self::Incomplete => "incomplete",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
            Self::NotCaptured => "not captured",
        })
    }
}

/// Names the ends `A` and `B`, in the order of [`Connection::ends`].
impl fmt::Display for Closing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Closed => "closed",
            Self::HalfClosed(0) => "half-closed by A",
            Self::HalfClosed(_) => "half-closed by B",
            Self::Reset(0) => "reset by A",
            Self::Reset(_) => "reset by B",
            Self::Open => "open",
        })
    }
}
