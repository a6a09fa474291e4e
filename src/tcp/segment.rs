//! A segment as the state machine sees it: header fields and text, not yet encoded.

use core::fmt;
use core::ops::{BitOr, BitOrAssign};
use std::sync::Arc;

use serde::Serialize;

use super::seq::SeqNumber;

/// The control bits (RFC 9293 §3.1), in their order in the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    /// No control bit.
    pub const NONE: Self = Self(0);
    /// No more text from the sender.
    pub const FIN: Self = Self(0x01);
    /// Synchronize sequence numbers.
    pub const SYN: Self = Self(0x02);
    /// Reset the connection.
    pub const RST: Self = Self(0x04);
    /// Push function.
    pub const PSH: Self = Self(0x08);
    /// The acknowledgment field is significant.
    pub const ACK: Self = Self(0x10);
    /// The urgent pointer field is significant. Carried, but never set here.
    pub const URG: Self = Self(0x20);
    /// Congestion experienced echo (RFC 3168). Carried, but never set here.
    pub const ECE: Self = Self(0x40);
    /// Congestion window reduced (RFC 3168). Carried, but never set here.
    pub const CWR: Self = Self(0x80);

    const NAMES: [(Self, &'static str); 8] = [
        (Self::SYN, "SYN"),
        (Self::FIN, "FIN"),
        (Self::RST, "RST"),
        (Self::PSH, "PSH"),
        (Self::ACK, "ACK"),
        (Self::URG, "URG"),
        (Self::ECE, "ECE"),
        (Self::CWR, "CWR"),
    ];

    /// Each flag with its letter in the notation of tcpdump, in tcpdump's order.
    pub const LETTERS: [(Self, char); 8] = [
        (Self::SYN, 'S'),
        (Self::FIN, 'F'),
        (Self::RST, 'R'),
        (Self::PSH, 'P'),
        (Self::ACK, '.'),
        (Self::URG, 'U'),
        (Self::ECE, 'E'),
        (Self::CWR, 'W'),
    ];

    /// The flag of a letter of tcpdump's.
    #[must_use]
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::LETTERS.into_iter().find(|(_, other)| *other == letter).map(|(flag, _)| flag)
    }

    /// The flags by tcpdump's letters; `-` for none.
    #[must_use]
    pub fn letters(self) -> String {
        let set = Self::LETTERS.into_iter().filter(|(flag, _)| self.contains(*flag));
        let text: String = set.map(|(_, letter)| letter).collect();
        if text.is_empty() { "-".to_owned() } else { text }
    }

    /// The flags of byte 13 of a header.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The flags as byte 13 of a header.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether every bit of `other` is set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// These flags without those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The names of the set bits, SYN and FIN first, as the RFC's figures print them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(flag, _)| self.contains(*flag)).map(|(_, name)| name)
    }
}

impl BitOr for Flags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

/// Prints the bits as the RFC does: `SYN,ACK`; `none` for no bit.
impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("none");
        }
        for (index, name) in self.names().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

/// The text of a segment. Cloning it allocates nothing.
#[derive(Clone)]
pub struct Text(Octets);

/// Short text is stored inline.
#[derive(Clone)]
enum Octets {
    Few(u8, [u8; Text::FEW]),
    Many(Arc<[u8]>),
}

impl Text {
    /// The longest text stored inline, in bytes. It makes a `Text` 40 bytes large.
    const FEW: usize = 38;
    /// No text.
    pub const EMPTY: Self = Self(Octets::Few(0, [0; Self::FEW]));

    /// The text that holds a copy of `octets`.
    #[must_use]
    pub fn new(octets: &[u8]) -> Self {
        if octets.len() > Self::FEW {
            return Self(Octets::Many(Arc::from(octets)));
        }
        let mut few = [0; Self::FEW];
        few[..octets.len()].copy_from_slice(octets);
        #[allow(clippy::cast_possible_truncation)] // At most 38.
        Self(Octets::Few(octets.len() as u8, few))
    }

    /// Replaces the text by a copy of `octets`, in place.
    pub(super) fn set(&mut self, octets: &[u8]) {
        match &mut self.0 {
            Octets::Few(count, few) if octets.len() <= Self::FEW => {
                few[..octets.len()].copy_from_slice(octets);
                #[allow(clippy::cast_possible_truncation)] // At most 38.
                let length = octets.len() as u8;
                *count = length;
            }
            Octets::Few(..) | Octets::Many(_) => *self = Self::new(octets),
        }
    }

    /// The text, in bytes.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        match &self.0 {
            Octets::Few(count, few) => &few[..usize::from(*count)],
            Octets::Many(many) => many,
        }
    }

    /// The length in bytes, which always fits 32 bits.
    #[must_use]
    pub fn len(&self) -> u32 {
        match &self.0 {
            Octets::Few(count, _) => u32::from(*count),
            Octets::Many(many) => u32::try_from(many.len()).unwrap_or(u32::MAX),
        }
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Octets::Few(0, _))
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.octets() == other.octets()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({})", self.octets().escape_ascii())
    }
}

/// The options that this machine reads and writes (RFC 9293 §3.2, RFC 7323, RFC 2018). Others are
/// skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// Maximum segment size: bytes of text.
    pub mss: Option<u16>,
    /// Window scale: the shift count, at most 14.
    pub window_scale: Option<u8>,
    /// Whether the sender of the SYN understands selective acknowledgments.
    pub sack_permitted: bool,
    /// `TSval` and `TSecr`.
    pub timestamps: Option<Timestamps>,
    /// What arrived beyond a gap.
    pub sack: SackBlocks,
}

impl Options {
    /// The largest shift count of a window scale (RFC 7323 §2.3).
    pub const MAX_WINDOW_SCALE: u8 = 14;
}

/// The timestamps option (RFC 7323 §3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Timestamps {
    /// `TSval`: the sender's clock.
    pub value: u32,
    /// `TSecr`: the last `TSval` from the receiver.
    pub echo: u32,
}

/// A range of sequence numbers, from its first to the one after its last.
pub type SackBlock = (SeqNumber, SeqNumber);

/// The ranges of a SACK option (RFC 2018 §3), at most four. None take no space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SackBlocks(Option<Box<[SackBlock]>>);

impl SackBlocks {
    /// The most ranges that fit the 40 bytes of options (RFC 2018 §3).
    pub const MOST: usize = 4;

    /// The first four of these ranges.
    #[must_use]
    pub fn new(blocks: &[SackBlock]) -> Self {
        let blocks = &blocks[..blocks.len().min(Self::MOST)];
        Self((!blocks.is_empty()).then(|| Box::from(blocks)))
    }

    /// The ranges, the most recent one first.
    #[must_use]
    pub fn blocks(&self) -> &[SackBlock] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether there is no range.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// A segment between the two ends. Ports are in the wire format only: one connection needs none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// SEG.SEQ: the sequence number of the first octet (of SYN, if there is one).
    pub seq: SeqNumber,
    /// SEG.ACK: the next number expected; meaningful only with [`Flags::ACK`].
    pub ack: SeqNumber,
    /// SEG.WND as in the header, unscaled; an unsigned number (MUST-1).
    pub window: u16,
    /// The control bits.
    pub flags: Flags,
    /// The options.
    pub options: Options,
    /// The text.
    pub text: Text,
}

impl Segment {
    /// SEG.LEN: bytes of text, plus one for SYN, plus one for FIN (RFC 9293 §3.4).
    #[must_use]
    pub fn len(&self) -> u32 {
        self.text.len() + u32::from(self.syn()) + u32::from(self.fin())
    }

    /// Whether the segment occupies no sequence number.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sequence number after the last that this segment occupies.
    #[must_use]
    pub fn end(&self) -> SeqNumber {
        self.seq + self.len()
    }

    /// Whether the SYN bit is set.
    #[must_use]
    pub const fn syn(&self) -> bool {
        self.flags.contains(Flags::SYN)
    }

    /// Whether the FIN bit is set.
    #[must_use]
    pub const fn fin(&self) -> bool {
        self.flags.contains(Flags::FIN)
    }

    /// Whether the RST bit is set.
    #[must_use]
    pub const fn rst(&self) -> bool {
        self.flags.contains(Flags::RST)
    }

    /// SEG.ACK where the ACK bit is set.
    #[must_use]
    pub fn acknowledgment(&self) -> Option<SeqNumber> {
        self.flags.contains(Flags::ACK).then_some(self.ack)
    }
}

/// Prints a segment as the RFC's figures do: `<SEQ=100><ACK=300><CTL=FIN,ACK>`.
impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<SEQ={}>", self.seq)?;
        if let Some(ack) = self.acknowledgment() {
            write!(f, "<ACK={ack}>")?;
        }
        write!(f, "<CTL={}>", self.flags)?;
        if !self.text.is_empty() {
            write!(f, "<DATA={}>", self.text.len())?;
        }
        Ok(())
    }
}
