//! Errors of reading a capture.

use core::fmt;

/// Where and why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Bytes from the start of the file to the record that cannot be read.
    pub offset: u64,
    /// What is wrong with it.
    pub kind: ErrorKind,
}

/// Why a capture cannot be read, or not to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The file has no bytes.
    Empty,
    /// Neither pcap nor pcapng nor text.
    UnknownFormat,
    /// Compressed by gzip, zstd or lz4.
    Compressed,
    /// The file ends within a header or packet.
    CutShort,
    /// The file header is not one of pcap.
    BadHeader,
    /// The byte-order magic of a pcapng section is wrong.
    BadByteOrder,
    /// The lengths of a record contradict each other.
    BadBlock,
    /// A packet or block is longer than the limit.
    PacketTooLong,
    /// A packet names an interface that its section does not describe.
    UnknownInterface,
    /// A line is longer than the limit.
    LineTooLong,
    /// No line of the text shows a TCP segment.
    NoSegmentInText,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Empty,
        Self::UnknownFormat,
        Self::Compressed,
        Self::CutShort,
        Self::BadHeader,
        Self::BadByteOrder,
        Self::BadBlock,
        Self::PacketTooLong,
        Self::UnknownInterface,
        Self::LineTooLong,
        Self::NoSegmentInText,
    ];

    /// Its name in locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::UnknownFormat => "unknown-format",
            Self::Compressed => "compressed",
            Self::CutShort => "cut-short",
            Self::BadHeader => "bad-header",
            Self::BadByteOrder => "bad-byte-order",
            Self::BadBlock => "bad-block",
            Self::PacketTooLong => "packet-too-long",
            Self::UnknownInterface => "unknown-interface",
            Self::LineTooLong => "line-too-long",
            Self::NoSegmentInText => "no-segment-in-text",
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.offset, self.kind)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the file is empty",
            Self::UnknownFormat => "neither pcap nor pcapng nor the text of tcpdump or tshark",
            Self::Compressed => "a compressed file; decompress it first",
            Self::CutShort => "the file is cut short within this record",
            Self::BadHeader => "not the header of a pcap file",
            Self::BadByteOrder => "a section without a byte order",
            Self::BadBlock => "a record whose lengths contradict each other",
            Self::PacketTooLong => "a packet longer than 262144 bytes",
            Self::UnknownInterface => "a packet of an interface that is not described",
            Self::LineTooLong => "a line longer than 65536 bytes",
            Self::NoSegmentInText => "text without any line of tcpdump or tshark",
        })
    }
}

impl core::error::Error for ReadError {}
