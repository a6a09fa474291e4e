//! The notes that a segment can carry.

use core::fmt;

/// An observation about a segment, by the segments captured before it.
///
/// The first fourteen are those of tshark's TCP analysis, by the same rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Sequence numbers seen before are sent again.
    Retransmission,
    /// Sent again at once after duplicate ACKs; stands beside [`Note::Retransmission`].
    FastRetransmission,
    /// Sent again although acknowledged; stands beside [`Note::Retransmission`].
    SpuriousRetransmission,
    /// A segment that was overtaken by a later one.
    OutOfOrder,
    /// An ACK that repeats the one before it.
    DuplicateAck,
    /// The receiver closes its window.
    ZeroWindow,
    /// The data fills the receiver's window to its edge.
    WindowFull,
    /// A segment before the next sequence number that asks for an ACK (RFC 9293 §3.8.4).
    KeepAlive,
    /// The ACK of a keep-alive.
    KeepAliveAck,
    /// One byte into a closed window (RFC 9293 §3.8.6.1).
    ZeroWindowProbe,
    /// The ACK of a zero-window probe.
    ZeroWindowProbeAck,
    /// Acknowledges data that the capture does not hold.
    AckedUnseen,
    /// Data before this segment is not in the capture.
    PreviousNotCaptured,
    /// A SYN that begins a new connection on the addresses and ports of an earlier one.
    PortReused,
    /// The same packet captured again, as port mirroring does. Ours; tshark has no such note.
    DuplicateFrame,
}

impl Note {
    /// All notes, in the order in which they are printed.
    pub const ALL: [Self; 15] = [
        Self::Retransmission,
        Self::FastRetransmission,
        Self::SpuriousRetransmission,
        Self::OutOfOrder,
        Self::DuplicateAck,
        Self::ZeroWindow,
        Self::WindowFull,
        Self::KeepAlive,
        Self::KeepAliveAck,
        Self::ZeroWindowProbe,
        Self::ZeroWindowProbeAck,
        Self::AckedUnseen,
        Self::PreviousNotCaptured,
        Self::PortReused,
        Self::DuplicateFrame,
    ];

    /// The word by which `open --segments` prints it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retransmission => "retransmission",
            Self::FastRetransmission => "fast-retransmission",
            Self::SpuriousRetransmission => "spurious-retransmission",
            Self::OutOfOrder => "out-of-order",
            Self::DuplicateAck => "duplicate-ack",
            Self::ZeroWindow => "zero-window",
            Self::WindowFull => "window-full",
            Self::KeepAlive => "keep-alive",
            Self::KeepAliveAck => "keep-alive-ack",
            Self::ZeroWindowProbe => "zero-window-probe",
            Self::ZeroWindowProbeAck => "zero-window-probe-ack",
            Self::AckedUnseen => "acked-unseen",
            Self::PreviousNotCaptured => "previous-not-captured",
            Self::PortReused => "port-reused",
            Self::DuplicateFrame => "duplicate-frame",
        }
    }
}

/// A set of notes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notes(u16);

impl Notes {
    /// No notes.
    pub const NONE: Self = Self(0);

    /// Adds a note.
    pub fn add(&mut self, note: Note) {
        self.0 |= 1 << note as u16;
    }

    /// Whether the set has the note.
    #[must_use]
    pub const fn has(self, note: Note) -> bool {
        self.0 & (1 << note as u16) != 0
    }

    /// Whether there is no note.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The notes, in the order of [`Note::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Note> {
        Note::ALL.into_iter().filter(move |note| self.has(*note))
    }
}

/// Prints the names with commas between them.
impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, note) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(note.name())?;
        }
        Ok(())
    }
}
