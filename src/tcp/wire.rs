//! The wire format: encodes and decodes segments as IPv4 datagrams, with checksums (RFC 791,
//! RFC 9293 §3.1).

use core::fmt;
use core::net::{Ipv4Addr, SocketAddrV4};

use super::header_field::HeaderField;
use super::segment::{Flags, Options, SackBlock, SackBlocks, Segment, Text, Timestamps};
use super::seq::SeqNumber;

/// The fields of a datagram around its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The sender's address and port.
    pub from: SocketAddrV4,
    /// The receiver's address and port.
    pub to: SocketAddrV4,
    /// The datagram's identification.
    pub id: u16,
    /// The datagram's time to live.
    pub ttl: u8,
}

/// Why bytes cannot be decoded, or a segment cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireError {
    /// Fewer bytes than a header needs, or than it says.
    Truncated,
    /// The version is not 4.
    NotIpv4,
    /// A length in the IPv4 header is impossible.
    BadLength,
    /// A fragment; only whole datagrams are decoded.
    Fragment,
    /// The protocol is not TCP.
    NotTcp,
    /// The IPv4 header's checksum is wrong.
    BadHeaderChecksum,
    /// The data offset is below 5, or beyond the segment.
    BadDataOffset,
    /// An option's length is impossible.
    BadOption,
    /// The TCP checksum is wrong (MUST-3).
    BadChecksum,
    /// The text does not fit into a datagram.
    TooLong,
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "truncated",
            Self::NotIpv4 => "not IPv4",
            Self::BadLength => "bad IPv4 length",
            Self::Fragment => "a fragment",
            Self::NotTcp => "not TCP",
            Self::BadHeaderChecksum => "bad IPv4 header checksum",
            Self::BadDataOffset => "bad data offset",
            Self::BadOption => "bad option length",
            Self::BadChecksum => "bad TCP checksum",
            Self::TooLong => "text too long for a datagram",
        })
    }
}

impl core::error::Error for WireError {}

/// The protocol number of TCP.
const TCP: u8 = 6;
/// The length of an IPv4 header without options, in bytes.
const IPV4_HEADER_LENGTH: u16 = 20;
const IPV4_HEADER: usize = IPV4_HEADER_LENGTH as usize;
/// The length of a TCP header without options, in bytes.
const TCP_HEADER: usize = 20;
/// "Don't fragment".
const DF: u16 = 0x4000;

const END_OF_OPTIONS: u8 = 0;
const NO_OPERATION: u8 = 1;
const MAXIMUM_SEGMENT_SIZE: u8 = 2;
const WINDOW_SCALE: u8 = 3;
const SACK_PERMITTED: u8 = 4;
const SACK: u8 = 5;
const TIMESTAMPS: u8 = 8;

/// The IPv4 datagram that carries a segment.
pub fn encode(segment: &Segment, envelope: &Envelope) -> Result<Vec<u8>, WireError> {
    let tcp = encode_tcp(segment, envelope)?;
    let total = u16::try_from(IPV4_HEADER + tcp.len()).map_err(|_| WireError::TooLong)?;
    let mut octets = Vec::with_capacity(usize::from(total));
    octets.extend([0x45, 0]);
    octets.extend(total.to_be_bytes());
    octets.extend(envelope.id.to_be_bytes());
    octets.extend(DF.to_be_bytes());
    octets.extend([envelope.ttl, TCP, 0, 0]);
    octets.extend(envelope.from.ip().octets());
    octets.extend(envelope.to.ip().octets());
    let checksum = !sum(0, &octets);
    octets[10..12].copy_from_slice(&checksum.to_be_bytes());
    octets.extend(tcp);
    Ok(octets)
}

/// The length of the IPv4 datagram that carries a segment.
#[must_use]
pub fn datagram_length(segment: &Segment) -> usize {
    let options = encode_options(&segment.options).len();
    IPV4_HEADER + TCP_HEADER + options + segment.text.octets().len()
}

/// A segment in bytes, without an IPv4 header, with its checksum (MUST-2).
pub fn encode_tcp(segment: &Segment, envelope: &Envelope) -> Result<Vec<u8>, WireError> {
    let options = encode_options(&segment.options);
    let header = TCP_HEADER + options.len();
    let length = u16::try_from(header + segment.text.octets().len())
        .ok()
        .filter(|length| length.checked_add(IPV4_HEADER_LENGTH).is_some())
        .ok_or(WireError::TooLong)?;
    let mut octets = Vec::with_capacity(usize::from(length));
    octets.extend(envelope.from.port().to_be_bytes());
    octets.extend(envelope.to.port().to_be_bytes());
    octets.extend(segment.seq.0.to_be_bytes());
    octets.extend(segment.ack.0.to_be_bytes());
    // There are at most 40 bytes of options, so this fits four bits.
    octets.extend([u8::try_from(header / 4).unwrap_or(0) << 4, segment.flags.bits()]);
    octets.extend(segment.window.to_be_bytes());
    octets.extend([0, 0, 0, 0]);
    octets.extend(options);
    octets.extend(segment.text.octets());
    let checksum = !sum(pseudo_header(envelope, length), &octets);
    octets[16..18].copy_from_slice(&checksum.to_be_bytes());
    Ok(octets)
}

/// Decodes an IPv4 datagram. Bytes after its end are ignored.
pub fn decode(octets: &[u8]) -> Result<(Envelope, Segment), WireError> {
    let fixed = octets.first_chunk::<IPV4_HEADER>().ok_or(WireError::Truncated)?;
    if fixed[0] >> 4 != 4 {
        return Err(WireError::NotIpv4);
    }
    let header = usize::from(fixed[0] & 15) * 4;
    let total = usize::from(u16_at(fixed, 2));
    if header < IPV4_HEADER || total < header {
        return Err(WireError::BadLength);
    }
    let octets = octets.get(..total).ok_or(WireError::Truncated)?;
    if sum(0, &octets[..header]) != u16::MAX {
        return Err(WireError::BadHeaderChecksum);
    }
    if u16_at(fixed, 6) & 0x3fff != 0 {
        return Err(WireError::Fragment);
    }
    if fixed[9] != TCP {
        return Err(WireError::NotTcp);
    }
    let address = |at: usize| Ipv4Addr::new(fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]);
    let tcp = &octets[header..];
    let head = tcp.first_chunk::<TCP_HEADER>().ok_or(WireError::Truncated)?;
    let envelope = Envelope {
        from: SocketAddrV4::new(address(12), u16_at(head, 0)),
        to: SocketAddrV4::new(address(16), u16_at(head, 2)),
        id: u16_at(fixed, 4),
        ttl: fixed[8],
    };
    let segment = decode_tcp(tcp, &envelope)?;
    Ok((envelope, segment))
}

fn decode_tcp(octets: &[u8], envelope: &Envelope) -> Result<Segment, WireError> {
    let head = octets.first_chunk::<TCP_HEADER>().ok_or(WireError::Truncated)?;
    let header = usize::from(head[12] >> 4) * 4;
    if header < TCP_HEADER || header > octets.len() {
        return Err(WireError::BadDataOffset);
    }
    let length = u16::try_from(octets.len()).map_err(|_| WireError::TooLong)?;
    if sum(pseudo_header(envelope, length), octets) != u16::MAX {
        return Err(WireError::BadChecksum);
    }
    let mut options = Options::default();
    for option in OptionReader::new(&octets[TCP_HEADER..header]) {
        match option? {
            RawOption { kind: MAXIMUM_SEGMENT_SIZE, value: [high, low], .. } => {
                options.mss = Some(u16::from_be_bytes([*high, *low]));
            }
            RawOption { kind: WINDOW_SCALE, value: [shift], .. } => {
                options.window_scale = Some(*shift);
            }
            RawOption { kind: SACK_PERMITTED, value: [], .. } => options.sack_permitted = true,
            RawOption { kind: TIMESTAMPS, value, .. } => {
                let ([value, echo], []) = value.as_chunks::<4>() else {
                    return Err(WireError::BadOption);
                };
                let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes);
                options.timestamps = Some(Timestamps { value: number(value), echo: number(echo) });
            }
            RawOption { kind: SACK, value, .. } if value.len() % 8 == 0 && !value.is_empty() => {
                options.sack = SackBlocks::new(&sack_blocks(value));
            }
            RawOption {
                kind: MAXIMUM_SEGMENT_SIZE | WINDOW_SCALE | SACK_PERMITTED | SACK, ..
            } => {
                return Err(WireError::BadOption);
            }
            // MUST-6: an unknown option is skipped.
            RawOption { .. } => {}
        }
    }
    Ok(Segment {
        seq: SeqNumber(u32_at(head, 4)),
        ack: SeqNumber(u32_at(head, 8)),
        window: u16_at(head, 14),
        flags: Flags::from_bits(head[13]),
        options,
        text: Text::new(&octets[header..]),
    })
}

/// The most bytes of options: the data offset counts up to 15 words.
const MOST_OPTIONS: usize = 40;

/// The options with their lengths (MUST-68), then zeros (MUST-69), in the order of Linux, aligned
/// to words where they fit (RFC 7323 Appendix A).
fn encode_options(options: &Options) -> Vec<u8> {
    let blocks = options.sack.blocks();
    let aligned = pack_options(options, blocks, true);
    if aligned.len() <= MOST_OPTIONS {
        return aligned;
    }
    // Options from elsewhere: without padding between them, and with as many ranges as fit.
    let mut kept =
        (0..=blocks.len()).rev().map(|count| pack_options(options, &blocks[..count], false));
    let mut octets = kept.find(|it| it.len() <= MOST_OPTIONS).unwrap_or_default();
    octets.resize(octets.len().next_multiple_of(4), END_OF_OPTIONS);
    octets
}

fn pack_options(options: &Options, blocks: &[SackBlock], is_aligned: bool) -> Vec<u8> {
    let mut octets = Vec::with_capacity(MOST_OPTIONS);
    let pad = |octets: &mut Vec<u8>, count| octets.extend(&[NO_OPERATION; 2][..count]);
    if let Some(mss) = options.mss {
        octets.extend([MAXIMUM_SEGMENT_SIZE, 4]);
        octets.extend(mss.to_be_bytes());
    }
    // The two fill three words together, and each alone needs two bytes before it.
    if is_aligned && options.sack_permitted != options.timestamps.is_some() {
        pad(&mut octets, 2);
    }
    if options.sack_permitted {
        octets.extend([SACK_PERMITTED, 2]);
    }
    if let Some(Timestamps { value, echo }) = options.timestamps {
        octets.extend([TIMESTAMPS, 10]);
        octets.extend(value.to_be_bytes());
        octets.extend(echo.to_be_bytes());
    }
    if let Some(shift) = options.window_scale {
        pad(&mut octets, usize::from(is_aligned));
        octets.extend([WINDOW_SCALE, 3, shift]);
    }
    if !blocks.is_empty() {
        pad(&mut octets, if is_aligned { 2 } else { 0 });
        octets.extend([SACK, u8::try_from(2 + 8 * blocks.len()).unwrap_or(2)]);
        for (start, end) in blocks {
            octets.extend(start.0.to_be_bytes());
            octets.extend(end.0.to_be_bytes());
        }
    }
    octets
}

/// The ranges in the value of a SACK option.
pub(crate) fn sack_blocks(value: &[u8]) -> Vec<SackBlock> {
    let number = |at: &[u8]| at.iter().fold(0, |number, octet| number << 8 | u32::from(*octet));
    value
        .chunks_exact(8)
        .map(|it| (SeqNumber(number(&it[..4])), SeqNumber(number(&it[4..]))))
        .collect()
}

/// One option: its position, its kind, and the bytes after its length.
pub(crate) struct RawOption<'a> {
    at: usize,
    length: usize,
    pub(crate) kind: u8,
    pub(crate) value: &'a [u8],
}

/// Reads options one by one, to the end of the list or to the first bad length (MUST-7): those of
/// the mandatory set (MUST-4) and ours, in any segment (MUST-5), at any byte (MUST-64).
pub(crate) struct OptionReader<'a> {
    octets: &'a [u8],
    at: usize,
}

impl<'a> OptionReader<'a> {
    pub(crate) const fn new(octets: &'a [u8]) -> Self {
        Self { octets, at: 0 }
    }
}

impl<'a> Iterator for OptionReader<'a> {
    type Item = Result<RawOption<'a>, WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let rest = &self.octets[at..];
        let kind = *rest.first()?;
        if kind == END_OF_OPTIONS || kind == NO_OPERATION {
            self.at = if kind == END_OF_OPTIONS { self.octets.len() } else { at + 1 };
            return Some(Ok(RawOption { at, length: 1, kind, value: &[] }));
        }
        let length = rest.get(1).map_or(0, |length| usize::from(*length));
        if let Some(value) = rest.get(2..length).filter(|_| length >= 2) {
            self.at += length;
            Some(Ok(RawOption { at, length, kind, value }))
        } else {
            self.at = self.octets.len();
            Some(Err(WireError::BadOption))
        }
    }
}

/// A field of the TCP header, for showing it bit by bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Which field it is.
    pub field: HeaderField,
    /// Its distance from the start of the header, in bits.
    pub bit_offset: u32,
    /// Its length in bits.
    pub bit_length: u32,
    /// Its value; for an option, the bytes after its length; for the data, their number.
    pub value: u64,
}

impl Field {
    /// Its name in the RFC that defines it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.field.name()
    }
}

/// The fields of an encoded segment, from the source port to the data, without gaps.
pub fn fields(octets: &[u8]) -> Result<Vec<Field>, WireError> {
    const FIXED: [(HeaderField, u32); 17] = [
        (HeaderField::SourcePort, 16),
        (HeaderField::DestinationPort, 16),
        (HeaderField::SequenceNumber, 32),
        (HeaderField::AcknowledgmentNumber, 32),
        (HeaderField::DataOffset, 4),
        (HeaderField::Reserved, 4),
        (HeaderField::Cwr, 1),
        (HeaderField::Ece, 1),
        (HeaderField::Urg, 1),
        (HeaderField::Ack, 1),
        (HeaderField::Psh, 1),
        (HeaderField::Rst, 1),
        (HeaderField::Syn, 1),
        (HeaderField::Fin, 1),
        (HeaderField::Window, 16),
        (HeaderField::Checksum, 16),
        (HeaderField::UrgentPointer, 16),
    ];
    let head = octets.first_chunk::<TCP_HEADER>().ok_or(WireError::Truncated)?;
    let header = usize::from(head[12] >> 4) * 4;
    if header < TCP_HEADER || header > octets.len() {
        return Err(WireError::BadDataOffset);
    }
    let mut fields = Vec::with_capacity(FIXED.len() + 4);
    let mut offset = 0;
    let mut add = |field, bit_length, value| {
        if bit_length > 0 {
            fields.push(Field { field, bit_offset: offset, bit_length, value });
            offset += bit_length;
        }
    };
    let mut bit = 0;
    for (field, length) in FIXED {
        add(field, length, bits(head, bit, length));
        bit += length;
    }
    let options = &octets[TCP_HEADER..header];
    let mut end = 0;
    for option in OptionReader::new(options) {
        let RawOption { at, length, kind, value } = option?;
        let number = value.iter().fold(0, |number, octet| number << 8 | u64::from(*octet));
        add(option_field(kind), bit_count(length), number);
        end = at + length;
    }
    add(HeaderField::Padding, bit_count(options.len() - end), 0);
    let data = octets.len() - header;
    add(HeaderField::Data, bit_count(data), data as u64);
    Ok(fields)
}

const fn option_field(kind: u8) -> HeaderField {
    match kind {
        END_OF_OPTIONS => HeaderField::EndOfOptionList,
        NO_OPERATION => HeaderField::NoOperation,
        MAXIMUM_SEGMENT_SIZE => HeaderField::MaximumSegmentSize,
        WINDOW_SCALE => HeaderField::WindowScale,
        SACK_PERMITTED => HeaderField::SackPermitted,
        SACK => HeaderField::Sack,
        TIMESTAMPS => HeaderField::Timestamps,
        _ => HeaderField::UnknownOption,
    }
}

fn bit_count(octets: usize) -> u32 {
    u32::try_from(octets).unwrap_or(u32::MAX).saturating_mul(8)
}

/// The number in `length` bits from bit `from` on.
fn bits(octets: &[u8], from: u32, length: u32) -> u64 {
    (from..from + length).fold(0, |number, bit| {
        let octet = octets.get(bit as usize / 8).copied().unwrap_or(0);
        number << 1 | u64::from(octet >> (7 - bit % 8) & 1)
    })
}

/// The sum of the pseudo-header (RFC 9293 §3.1).
fn pseudo_header(envelope: &Envelope, length: u16) -> u32 {
    let words = [envelope.from.ip(), envelope.to.ip()].map(|ip| {
        let bits = ip.to_bits();
        (bits >> 16) + (bits & 0xffff)
    });
    words[0] + words[1] + u32::from(TCP) + u32::from(length)
}

/// The one's complement sum of 16-bit words (RFC 1071), begun with `start`.
fn sum(start: u32, octets: &[u8]) -> u16 {
    let words = octets
        .chunks(2)
        .map(|pair| u32::from(u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)])));
    // A datagram has at most 32,768 words, so 32 bits hold the sum.
    let mut total: u32 = start + words.sum::<u32>();
    while total > 0xffff {
        total = (total & 0xffff) + (total >> 16);
    }
    u16::try_from(total).unwrap_or(u16::MAX)
}

const fn u16_at(octets: &[u8; 20], at: usize) -> u16 {
    u16::from_be_bytes([octets[at], octets[at + 1]])
}

const fn u32_at(octets: &[u8; 20], at: usize) -> u32 {
    u32::from_be_bytes([octets[at], octets[at + 1], octets[at + 2], octets[at + 3]])
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use core::net::{Ipv4Addr, SocketAddrV4};

    use proptest::prelude::*;

    use super::{
        Envelope, HeaderField, WireError, decode, encode, encode_options, encode_tcp, fields,
    };
    use crate::tcp::{Flags, Options, SackBlocks, Segment, SeqNumber, Text, Timestamps};

    const ENVELOPE: Envelope = Envelope {
        from: SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 1), 49152),
        to: SocketAddrV4::new(Ipv4Addr::new(198, 51, 100, 2), 80),
        id: 1,
        ttl: 64,
    };

    fn syn() -> Segment {
        Segment {
            seq: SeqNumber(100),
            window: 65_535,
            flags: Flags::SYN,
            options: Options { mss: Some(1460), window_scale: Some(7), ..Options::default() },
            ..Segment::default()
        }
    }

    /// Puts the right checksums over octets that were changed by hand.
    fn seal(octets: &mut [u8]) {
        let total = u16::try_from(octets.len()).unwrap();
        octets[2..4].copy_from_slice(&total.to_be_bytes());
        octets[10..12].fill(0);
        let checksum = !super::sum(0, &octets[..20]);
        octets[10..12].copy_from_slice(&checksum.to_be_bytes());
        octets[36..38].fill(0);
        let checksum = !super::sum(super::pseudo_header(&ENVELOPE, total - 20), &octets[20..]);
        octets[36..38].copy_from_slice(&checksum.to_be_bytes());
    }

    #[test]
    fn a_syn_is_the_octets_that_the_rfcs_draw() {
        let octets = encode(&syn(), &ENVELOPE).unwrap();
        let ip = [0x45, 0, 0, 48, 0, 1, 0x40, 0, 64, 6];
        assert_eq!(octets[..10], ip);
        assert_eq!(octets[12..20], [192, 0, 2, 1, 198, 51, 100, 2]);
        assert_eq!(octets[20..36], [0xc0, 0, 0, 80, 0, 0, 0, 100, 0, 0, 0, 0, 0x70, 2, 255, 255]);
        assert_eq!(octets[38..], [0, 0, 2, 4, 5, 0xb4, 1, 3, 3, 7]);
        assert_eq!(decode(&octets), Ok((ENVELOPE, syn())));
    }

    #[test]
    fn foreign_options_are_skipped_and_bad_ones_reported() {
        let with = |options: &[u8]| {
            let bare = Segment { options: Options::default(), ..syn() };
            let mut octets = encode(&bare, &ENVELOPE).unwrap();
            octets.extend(options);
            octets[32] = u8::try_from((20 + options.len()) / 4 * 16).unwrap();
            seal(&mut octets);
            decode(&octets).map(|(_, segment)| segment.options)
        };
        // SACK permitted, timestamps, an unknown one, MSS, end of list, rubbish.
        let list = [4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 99, 3, 1, 2, 4, 2, 24, 0, 3, 99, 9, 9];
        let timestamps = Some(Timestamps { value: 1, echo: 0 });
        let known =
            Options { mss: Some(536), sack_permitted: true, timestamps, ..Options::default() };
        assert_eq!(with(&list), Ok(known));
        for bad in [[2, 3, 1, 0], [3, 4, 1, 1], [8, 1, 0, 0], [8, 10, 0, 0], [1, 1, 1, 8]] {
            assert_eq!(with(&bad), Err(WireError::BadOption), "{bad:?}");
        }
    }

    #[test]
    fn each_kind_of_damage_has_its_name() {
        let good = encode(&syn(), &ENVELOPE).unwrap();
        let bad = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut octets = good.clone();
            change(&mut octets);
            decode(&octets).unwrap_err()
        };
        assert_eq!(bad(&|octets| octets.truncate(19)), WireError::Truncated);
        assert_eq!(bad(&|octets| octets.truncate(47)), WireError::Truncated);
        assert_eq!(bad(&|octets| octets[0] = 0x65), WireError::NotIpv4);
        assert_eq!(bad(&|octets| octets[0] = 0x44), WireError::BadLength);
        assert_eq!(bad(&|octets| octets[8] = 1), WireError::BadHeaderChecksum);
        assert_eq!(bad(&|octets| octets[40] = 1), WireError::BadChecksum);
        let sealed = |at: usize, value: u8| {
            bad(&|octets| {
                octets[at] = value;
                seal(octets);
            })
        };
        assert_eq!(sealed(6, 0x20), WireError::Fragment);
        assert_eq!(sealed(9, 17), WireError::NotTcp);
        assert_eq!(sealed(32, 0x40), WireError::BadDataOffset);
        assert_eq!(sealed(32, 0xf0), WireError::BadDataOffset);
        let text = Text::new(&vec![b'a'; 65_500]);
        assert_eq!(encode(&Segment { text, ..syn() }, &ENVELOPE), Err(WireError::TooLong));
    }

    /// A captured SYN of Linux 6.18: MSS, SACK-permitted, timestamps, window scale.
    #[test]
    fn the_options_of_a_syn_are_in_the_order_of_linux() {
        let options = Options {
            mss: Some(1460),
            window_scale: Some(7),
            sack_permitted: true,
            timestamps: Some(Timestamps { value: 0x0102_0304, echo: 0 }),
            ..Options::default()
        };
        let wanted = [2, 4, 5, 180, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7];
        assert_eq!(encode_options(&options), wanted);
        let sack = SackBlocks::new(&[(SeqNumber(1), SeqNumber(2))]);
        let timestamps = Some(Timestamps { value: 5, echo: 6 });
        let ack = Options { timestamps, sack, ..Options::default() };
        let wanted = [1, 1, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6, 1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2];
        assert_eq!(encode_options(&ack), wanted);
        let alone = Options { sack_permitted: true, ..Options::default() };
        assert_eq!(encode_options(&alone), [1, 1, 4, 2]);
    }

    #[test]
    fn options_that_do_not_fit_lose_ranges_and_nothing_else() {
        let blocks = [1, 3, 5, 7].map(|at| (SeqNumber(at), SeqNumber(at + 1)));
        let options = Options {
            mss: Some(1460),
            window_scale: Some(7),
            sack_permitted: true,
            timestamps: Some(Timestamps { value: 1, echo: 2 }),
            sack: SackBlocks::new(&blocks),
        };
        let full = Segment { options: options.clone(), ..syn() };
        let octets = encode(&full, &ENVELOPE).unwrap();
        let (_, segment) = decode(&octets).unwrap();
        let sack = SackBlocks::new(&blocks[..2]);
        assert_eq!(segment.options, Options { sack, ..options });
        assert_eq!(octets[32] >> 4, 15, "the longest header");
    }

    #[test]
    fn the_field_map_covers_every_bit() {
        let segment = Segment { text: Text::new(b"hello"), ..syn() };
        let octets = encode_tcp(&segment, &ENVELOPE).unwrap();
        let fields = fields(&octets).unwrap();
        let mut offset = 0;
        for field in &fields {
            assert_eq!(field.bit_offset, offset, "{}", field.name());
            offset += field.bit_length;
        }
        assert_eq!(offset as usize, octets.len() * 8);
        let value = |wanted| fields.iter().find(|field| field.field == wanted).unwrap().value;
        assert_eq!(value(HeaderField::SourcePort), 49152);
        assert_eq!(value(HeaderField::SequenceNumber), 100);
        assert_eq!(value(HeaderField::DataOffset), 7);
        assert_eq!((value(HeaderField::Syn), value(HeaderField::Ack)), (1, 0));
        assert_eq!(value(HeaderField::MaximumSegmentSize), 1460);
        assert_eq!(value(HeaderField::WindowScale), 7);
        assert_eq!(value(HeaderField::Data), 5);
    }

    prop_compose! {
        fn segment()(
            seq in any::<u32>(),
            ack in any::<u32>(),
            window in any::<u16>(),
            flags in any::<u8>(),
            mss in any::<Option<u16>>(),
            window_scale in any::<Option<u8>>(),
            sack_permitted in any::<bool>(),
            stamps in any::<Option<(u32, u32)>>(),
            blocks in any::<[(u32, u32); 2]>(),
            count in 0..=2_usize,
            text in proptest::collection::vec(any::<u8>(), 0..64),
        ) -> Segment {
            Segment {
                seq: SeqNumber(seq),
                ack: SeqNumber(ack),
                window,
                flags: Flags::from_bits(flags),
                options: Options {
                    mss,
                    window_scale,
                    sack_permitted,
                    timestamps: stamps.map(|(value, echo)| Timestamps { value, echo }),
                    sack: SackBlocks::new(
                        &blocks.map(|(a, b)| (SeqNumber(a), SeqNumber(b)))[..count],
                    ),
                },
                text: Text::new(&text),
            }
        }
    }

    prop_compose! {
        fn envelope()(ips in any::<[u32; 2]>(), ports in any::<[u16; 2]>(), id in any::<u16>(),
                      ttl in any::<u8>()) -> Envelope {
            let [from, to] = [0, 1]
                .map(|side| SocketAddrV4::new(Ipv4Addr::from_bits(ips[side]), ports[side]));
            Envelope { from, to, id, ttl }
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(segment in segment(), envelope in envelope()) {
            let octets = encode(&segment, &envelope).unwrap();
            prop_assert_eq!(decode(&octets), Ok((envelope, segment)));
        }

        #[test]
        fn one_flipped_bit_is_noticed(
            segment in segment(),
            envelope in envelope(),
            at in any::<u16>(),
        ) {
            let mut octets = encode(&segment, &envelope).unwrap();
            let bit = usize::from(at) % (octets.len() * 8);
            octets[bit / 8] ^= 0x80 >> (bit % 8);
            prop_assert!(decode(&octets).is_err());
        }

        #[test]
        fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = decode(&octets);
            let _ = fields(&octets);
        }
    }
}
