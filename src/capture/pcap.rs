//! pcap files: a header and records, in either byte order, with micro- or nanoseconds.

use pcap_parser::{parse_pcap_frame, parse_pcap_frame_be, parse_pcap_header};

use super::error::ErrorKind;
use super::packet::{MAX_PACKET, Packet, Step};

const RECORD_HEADER: usize = 16;
/// Records of Kuznetzov's patched libpcap have eight more bytes before the data.
const PATCHED_RECORD_HEADER: usize = 24;
/// The low bits of the link-type field; above them are the length of the frame check sequence and
/// its flag.
const LINK_TYPE: u32 = 0x03ff_ffff;
const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// The state of reading a pcap file.
#[derive(Clone, Copy)]
pub(super) struct Pcap {
    big_endian: bool,
    patched: bool,
    /// Nanoseconds in a unit of the fraction of a second.
    unit: i64,
    link: u32,
}

impl Pcap {
    /// The length of the file header, in bytes.
    pub const HEADER: usize = 24;

    /// Reads the file's header; `None` while it is incomplete.
    pub fn open(bytes: &[u8]) -> Result<Option<Self>, ErrorKind> {
        let Some(header) = bytes.get(..Self::HEADER) else { return Ok(None) };
        let (_, header) = parse_pcap_header(header).map_err(|_| ErrorKind::BadHeader)?;
        #[allow(clippy::cast_sign_loss)] // A field of bits.
        let link = header.network.0 as u32 & LINK_TYPE;
        let pcap = Self {
            big_endian: header.is_bigendian(),
            patched: header.is_modified_format(),
            unit: if header.is_nanosecond_precision() { 1 } else { 1_000 },
            link,
        };
        Ok(Some(pcap))
    }

    /// Reads the next record at the start of `bytes`.
    pub fn step<'a>(&self, bytes: &'a [u8]) -> Result<Step<'a>, ErrorKind> {
        let header = if self.patched { PATCHED_RECORD_HEADER } else { RECORD_HEADER };
        let Some(head) = bytes.get(..header) else { return Ok(Step::Incomplete) };
        let word = |at: usize| {
            let bytes = [head[at], head[at + 1], head[at + 2], head[at + 3]];
            if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
        };
        let captured = word(8) as usize;
        if captured > MAX_PACKET {
            return Err(ErrorKind::PacketTooLong);
        }
        let length = header + captured;
        let Some(record) = bytes.get(..length) else { return Ok(Step::Incomplete) };
        if self.patched {
            return Ok(Step::Packet(
                length,
                self.packet(word(0), word(4), word(12), &record[header..]),
            ));
        }
        let parse = if self.big_endian { parse_pcap_frame_be } else { parse_pcap_frame };
        let (_, frame) = parse(record).map_err(|_| ErrorKind::BadBlock)?;
        let packet = self.packet(frame.ts_sec, frame.ts_usec, frame.origlen, frame.data);
        Ok(Step::Packet(length, packet))
    }

    fn packet<'a>(&self, seconds: u32, fraction: u32, wire: u32, data: &'a [u8]) -> Packet<'a> {
        let at = i64::from(seconds) * NANOS_PER_SECOND + i64::from(fraction) * self.unit;
        Packet { at, link: self.link, data, wire_length: wire as usize }
    }
}
