//! A TCP segment as a capture shows it.

use std::net::SocketAddr;

use crate::tcp::segment::Flags;
use crate::tcp::seq::SeqNumber;
use crate::tcp::wire;

/// The length of a TCP header without options, in bytes.
pub(super) const TCP_HEADER: usize = 20;
const MAXIMUM_SEGMENT_SIZE: u8 = 2;
const WINDOW_SCALE: u8 = 3;
const SACK: u8 = 5;
const TIMESTAMPS: u8 = 8;

/// A TCP segment with a complete 20-byte header. Its data is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturedSegment {
    /// The number of its packet in the file, from 1; all packets count.
    pub frame: u64,
    /// The time of capture in nanoseconds since 1970-01-01 00:00 UTC, or since an unknown moment
    /// for text without a date.
    pub at: i64,
    /// The sender.
    pub from: SocketAddr,
    /// The receiver.
    pub to: SocketAddr,
    /// SEG.SEQ.
    pub seq: SeqNumber,
    /// The acknowledgment field, even without the ACK flag.
    pub ack: SeqNumber,
    /// The eight flags; reserved bits are dropped.
    pub flags: Flags,
    /// The window field, unscaled.
    pub window: u16,
    /// The bytes of data on the wire, by the IP header: more than captured if the packet was cut.
    pub length: u32,
    /// The options that the notes need.
    pub options: TcpOptions,
    /// What identifies the packet; `None` for text.
    pub(super) identity: Option<Identity>,
}

/// The options of a captured segment, as far as they were captured (RFC 9293 §3.2, RFC 7323,
/// RFC 2018).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpOptions {
    /// Maximum segment size, in bytes.
    pub mss: Option<u16>,
    /// The shift of the window scale option.
    pub window_scale: Option<u8>,
    /// The value and the echo reply of the timestamps option.
    pub timestamps: Option<(u32, u32)>,
    /// The left and right edges of up to four SACK blocks.
    pub sack: [Option<(SeqNumber, SeqNumber)>; 4],
}

/// The fields that two captures of the same packet share, unlike a packet sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// The IPv4 identification; `None` where there is none to go by: in IPv6, and if zero.
    pub ip_id: Option<u16>,
    /// The TCP checksum.
    pub checksum: u16,
}

impl CapturedSegment {
    /// The sequence numbers that the segment occupies: its data, SYN and FIN (SEG.LEN).
    #[must_use]
    pub fn sequence_length(&self) -> u32 {
        let control = u32::from(self.has(Flags::SYN)) + u32::from(self.has(Flags::FIN));
        self.length.wrapping_add(control)
    }

    /// Whether all of `flags` are set.
    #[must_use]
    pub fn has(&self, flags: Flags) -> bool {
        self.flags.contains(flags)
    }

    /// Whether at least one of `flags` is set.
    #[must_use]
    pub fn has_any(&self, flags: Flags) -> bool {
        self.flags.bits() & flags.bits() != 0
    }
}

/// The fields of a TCP header.
pub(super) struct TcpHead {
    pub source_port: u16,
    pub destination_port: u16,
    pub seq: SeqNumber,
    pub ack: SeqNumber,
    pub flags: Flags,
    pub window: u16,
    pub checksum: u16,
    /// The length of the header with its options, in bytes.
    pub length: usize,
    pub options: TcpOptions,
}

impl TcpHead {
    /// The header at the start of `bytes`; `None` if fewer than 20 bytes were captured.
    ///
    /// Checksums are not verified: offloading leaves them wrong in the sender's own captures.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let head = bytes.first_chunk::<TCP_HEADER>()?;
        let short = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
        let word = |at: usize| {
            SeqNumber(u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]))
        };
        let length = usize::from(head[12] >> 4) * 4;
        let end = length.clamp(TCP_HEADER, bytes.len());
        Some(Self {
            source_port: short(0),
            destination_port: short(2),
            seq: word(4),
            ack: word(8),
            flags: Flags::from_bits(head[13]),
            window: short(14),
            checksum: short(16),
            length,
            options: TcpOptions::read(&bytes[TCP_HEADER..end]),
        })
    }
}

impl TcpOptions {
    /// The options in `bytes`, up to the first malformed or cut one.
    fn read(bytes: &[u8]) -> Self {
        let mut options = Self::default();
        for option in wire::OptionReader::new(bytes).map_while(Result::ok) {
            match (option.kind, option.value) {
                (MAXIMUM_SEGMENT_SIZE, [high, low]) => {
                    options.mss = Some(u16::from_be_bytes([*high, *low]));
                }
                (WINDOW_SCALE, [shift]) => options.window_scale = Some(*shift),
                (TIMESTAMPS, value) => {
                    if let ([value, echo], []) = value.as_chunks::<4>() {
                        options.timestamps =
                            Some((u32::from_be_bytes(*value), u32::from_be_bytes(*echo)));
                    }
                }
                (SACK, value) => {
                    let (blocks, _) = value.as_chunks::<8>();
                    for (slot, block) in options.sack.iter_mut().zip(blocks) {
                        *slot = sack_block(*block);
                    }
                }
                _ => {}
            }
        }
        options
    }
}

fn sack_block(block: [u8; 8]) -> Option<(SeqNumber, SeqNumber)> {
    let [left, right] = block.as_chunks::<4>().0 else { return None };
    Some((SeqNumber(u32::from_be_bytes(*left)), SeqNumber(u32::from_be_bytes(*right))))
}
