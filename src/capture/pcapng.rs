//! pcapng files: sections of blocks, in either byte order, with any resolution of time.

use pcap_parser::{
    Block, InterfaceDescriptionBlock, OptionCode, PcapNGOption, parse_block_be, parse_block_le,
};

use super::error::ErrorKind;
use super::packet::{MAX_PACKET, Packet, Step};

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
/// The Packet Block of early drafts, obsolete since 2004 but still found.
const OBSOLETE_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
const BYTE_ORDER: [u8; 4] = [0x1a, 0x2b, 0x3c, 0x4d];
const BLOCK_OVERHEAD: usize = 12;
/// Longer packet blocks are refused; other blocks are skipped at any length.
const MAX_BLOCK: usize = 16 << 20;
/// Interfaces that one section may describe.
const MAX_INTERFACES: usize = 1 << 16;
const NANOS_PER_SECOND: i128 = 1_000_000_000;

/// The state of reading a pcapng file.
#[derive(Default)]
pub(super) struct Pcapng {
    big_endian: bool,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Copy)]
struct Interface {
    link: u32,
    snap_length: u32,
    /// Units of its timestamps in a second.
    units: u128,
    /// Seconds to add to its timestamps.
    offset: i64,
}

impl Pcapng {
    /// Reads the next block at the start of `bytes`.
    pub fn step<'a>(&mut self, bytes: &'a [u8]) -> Result<Step<'a>, ErrorKind> {
        let Some(head) = bytes.first_chunk::<BLOCK_OVERHEAD>() else {
            return Ok(Step::Incomplete);
        };
        let [t0, t1, t2, t3, l0, l1, l2, l3, order @ ..] = *head;
        if u32::from_le_bytes([t0, t1, t2, t3]) == SECTION_HEADER {
            self.big_endian = match order {
                BYTE_ORDER => true,
                [0x4d, 0x3c, 0x2b, 0x1a] => false,
                _ => return Err(ErrorKind::BadByteOrder),
            };
            self.interfaces.clear();
        }
        let kind = self.word([t0, t1, t2, t3]);
        let length = self.word([l0, l1, l2, l3]) as usize;
        if length < BLOCK_OVERHEAD {
            return Err(ErrorKind::BadBlock);
        }
        let is_read = matches!(kind, INTERFACE | OBSOLETE_PACKET | SIMPLE_PACKET | ENHANCED_PACKET);
        if !is_read {
            return Ok(Step::Skip(length));
        }
        if length > MAX_BLOCK {
            return Err(ErrorKind::PacketTooLong);
        }
        let Some(block) = bytes.get(..length) else { return Ok(Step::Incomplete) };
        let parse = if self.big_endian { parse_block_be } else { parse_block_le };
        let (_, parsed) = parse(block).map_err(|_| ErrorKind::BadBlock)?;
        let packet = match parsed {
            Block::InterfaceDescription(interface) => {
                if self.interfaces.len() == MAX_INTERFACES {
                    return Err(ErrorKind::BadBlock);
                }
                self.interfaces.push(self.interface(&interface));
                return Ok(Step::Skip(length));
            }
            Block::EnhancedPacket(packet) => {
                let data = &block[28..];
                let (high, low) = (packet.ts_high, packet.ts_low);
                self.packet(packet.if_id, (high, low), packet.caplen, packet.origlen, data)?
            }
            Block::SimplePacket(packet) => {
                let snap_length = self.interfaces.first().map_or(0, |known| known.snap_length);
                let captured = match snap_length {
                    0 => packet.origlen,
                    limit => packet.origlen.min(limit),
                };
                self.packet(0, (0, 0), captured, packet.origlen, &block[12..length - 4])?
            }
            Block::Unknown(_) if kind == OBSOLETE_PACKET => self.obsolete_packet(block)?,
            _ => return Err(ErrorKind::BadBlock),
        };
        Ok(Step::Packet(length, packet))
    }

    fn word(&self, bytes: [u8; 4]) -> u32 {
        if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }

    /// Interface (16 bits), drop count (16 bits), time, captured and wire lengths, data.
    fn obsolete_packet<'a>(&self, block: &'a [u8]) -> Result<Packet<'a>, ErrorKind> {
        let (words, _) = block.as_chunks::<4>();
        let [_, _, numbers, high, low, captured, wire, ..] = words else {
            return Err(ErrorKind::BadBlock);
        };
        let interface = if self.big_endian {
            u16::from_be_bytes([numbers[0], numbers[1]])
        } else {
            u16::from_le_bytes([numbers[0], numbers[1]])
        };
        let time = (self.word(*high), self.word(*low));
        let (captured, wire) = (self.word(*captured), self.word(*wire));
        self.packet(interface.into(), time, captured, wire, &block[28..])
    }

    fn packet<'a>(
        &self,
        interface: u32,
        (high, low): (u32, u32),
        captured: u32,
        wire: u32,
        data: &'a [u8],
    ) -> Result<Packet<'a>, ErrorKind> {
        let known = self.interfaces.get(interface as usize).ok_or(ErrorKind::UnknownInterface)?;
        if captured as usize > MAX_PACKET {
            return Err(ErrorKind::PacketTooLong);
        }
        let data = data.get(..captured as usize).ok_or(ErrorKind::BadBlock)?;
        let at = known.nanos(u64::from(high) << 32 | u64::from(low));
        Ok(Packet { at, link: known.link, data, wire_length: wire as usize })
    }

    fn interface(&self, block: &InterfaceDescriptionBlock<'_>) -> Interface {
        let option = |code: OptionCode| {
            let found = block.options.iter().find(|option| option.code == code);
            found.and_then(|option: &PcapNGOption| option.as_bytes().ok())
        };
        let units = match option(OptionCode::IfTsresol) {
            // Powers of two with the top bit, of ten without it; unreasonable ones are clipped.
            Some([power]) if power & 0x80 != 0 => 1 << (power & 0x7f).min(63),
            Some([power]) => 10_u128.pow(u32::from(*power).min(19)),
            _ => 1_000_000,
        };
        let offset = option(OptionCode::IfTsoffset).and_then(|value| {
            let value: [u8; 8] = value.try_into().ok()?;
            Some(if self.big_endian {
                i64::from_be_bytes(value)
            } else {
                i64::from_le_bytes(value)
            })
        });
        Interface {
            #[allow(clippy::cast_sign_loss)] // A field of 16 bits.
            link: block.linktype.0 as u32,
            snap_length: block.snaplen,
            units,
            offset: offset.unwrap_or(0),
        }
    }
}

impl Interface {
    /// A timestamp in nanoseconds; times out of range are clipped.
    fn nanos(&self, time: u64) -> i64 {
        let since = u128::from(time) * 1_000_000_000 / self.units;
        let since = i128::try_from(since).unwrap_or(i128::MAX / 2);
        let nanos = since + i128::from(self.offset) * NANOS_PER_SECOND;
        i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
    }
}
