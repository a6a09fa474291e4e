//! Packets and other records of a file.

use super::remarks::Remarks;
use super::segment::CapturedSegment;

/// The longest packet that is read, in bytes: that of libpcap's and Wireshark's readers.
pub(super) const MAX_PACKET: usize = 262_144;
/// One packet of a file.
pub(super) struct Packet<'a> {
    /// Nanoseconds since 1970.
    pub at: i64,
    /// The LINKTYPE number of its first header.
    pub link: u32,
    /// The bytes captured.
    pub data: &'a [u8],
    /// How long it was on the wire, in bytes.
    pub wire_length: usize,
}

/// The result of looking for a record.
pub(super) enum Step<'a> {
    /// Its end has not arrived.
    Incomplete,
    /// A record of so many bytes that is not a packet.
    Skip(usize),
    /// A record of so many bytes, and its packet.
    Packet(usize, Packet<'a>),
}

/// The callback for each segment.
pub(super) type OnSegment<'a> = dyn FnMut(CapturedSegment, &mut Remarks) + 'a;
