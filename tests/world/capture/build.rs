//! Packets and files, written byte by byte.

use std::net::{IpAddr, SocketAddr};

/// A TCP segment to be written.
#[derive(Clone)]
pub struct Tcp {
    pub from: SocketAddr,
    pub to: SocketAddr,
    pub flags: u8,
    pub seq: u32,
    pub ack: u32,
    pub window: u16,
    pub options: Vec<u8>,
    pub data: usize,
    /// The identification of the IPv4 datagram.
    pub id: u16,
}

pub const FIN: u8 = 1;
pub const SYN: u8 = 2;
pub const RST: u8 = 4;
pub const ACK: u8 = 16;

const CLIENT: &str = "192.0.2.1:49152";
const SERVER: &str = "198.51.100.2:80";

/// A segment of the client.
pub fn client(flags: u8, seq: u32, ack: u32, data: usize) -> Tcp {
    let (from, to) = (CLIENT.parse().unwrap(), SERVER.parse().unwrap());
    Tcp { from, to, flags, seq, ack, window: 1_000, options: vec![], data, id: 0 }
}

/// A segment of the server.
pub fn server(flags: u8, seq: u32, ack: u32, data: usize) -> Tcp {
    let client = client(flags, seq, ack, data);
    Tcp { from: client.to, to: client.from, ..client }
}

impl Tcp {
    pub fn window(self, window: u16) -> Self {
        Self { window, ..self }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = [self.from.port().to_be_bytes(), self.to.port().to_be_bytes()].concat();
        bytes.extend(self.seq.to_be_bytes());
        bytes.extend(self.ack.to_be_bytes());
        let words = u8::try_from(5 + self.options.len() / 4).unwrap();
        bytes.extend([words << 4, self.flags]);
        bytes.extend(self.window.to_be_bytes());
        bytes.extend([0; 4]);
        bytes.extend(&self.options);
        bytes.extend(vec![b'x'; self.data]);
        bytes
    }

    /// The IPv4 or IPv6 datagram.
    pub fn datagram(&self) -> Vec<u8> {
        match (self.from.ip(), self.to.ip()) {
            (IpAddr::V4(_), _) => self.ipv4(&[], 0),
            _ => self.ipv6(6, &[]),
        }
    }

    /// An IPv4 datagram with options, and with this field of flags and fragment offset.
    pub fn ipv4(&self, options: &[u8], fragment: u16) -> Vec<u8> {
        let (IpAddr::V4(from), IpAddr::V4(to)) = (self.from.ip(), self.to.ip()) else { panic!() };
        let tcp = self.bytes();
        let words = u8::try_from(5 + options.len() / 4).unwrap();
        let total = 20 + options.len() + tcp.len();
        let mut bytes = vec![0x40 | words, 0];
        bytes.extend(u16::try_from(total).unwrap().to_be_bytes());
        bytes.extend(self.id.to_be_bytes());
        bytes.extend(fragment.to_be_bytes());
        bytes.extend([64, 6, 0, 0]);
        bytes.extend(from.octets());
        bytes.extend(to.octets());
        bytes.extend(options);
        bytes.extend(tcp);
        bytes
    }

    /// An IPv6 datagram with extension headers, the first of which has the number `next`.
    pub fn ipv6(&self, next: u8, extensions: &[u8]) -> Vec<u8> {
        let (IpAddr::V6(from), IpAddr::V6(to)) = (self.from.ip(), self.to.ip()) else { panic!() };
        let tcp = self.bytes();
        let mut bytes = vec![0x60, 0, 0, 0];
        bytes.extend(u16::try_from(extensions.len() + tcp.len()).unwrap().to_be_bytes());
        bytes.extend([next, 64]);
        bytes.extend(from.octets());
        bytes.extend(to.octets());
        bytes.extend(extensions);
        bytes.extend(tcp);
        bytes
    }
}

/// The byte order of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Little,
    Big,
}

impl Order {
    pub const BOTH: [Self; 2] = [Self::Little, Self::Big];

    fn short(self, value: u16) -> [u8; 2] {
        if self == Self::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    pub fn word(self, value: u32) -> [u8; 4] {
        if self == Self::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    fn long(self, value: u64) -> [u8; 8] {
        if self == Self::Big { value.to_be_bytes() } else { value.to_le_bytes() }
    }
}

/// A packet with its time in nanoseconds.
pub type Timed = (u64, Vec<u8>);

/// Packets a millisecond apart.
pub fn timed(packets: impl IntoIterator<Item = Vec<u8>>) -> Vec<Timed> {
    (1_000..).map(|millis| millis * 1_000_000).zip(packets).collect()
}

/// A pcap file of one link type.
pub fn pcap(order: Order, is_nano: bool, link: u32, packets: &[Timed]) -> Vec<u8> {
    let magic = if is_nano { 0xa1b2_3c4d } else { 0xa1b2_c3d4 };
    let mut file = order.word(magic).to_vec();
    file.extend([order.short(2), order.short(4)].concat());
    for word in [0, 0, 65_535, link] {
        file.extend(order.word(word));
    }
    for (at, packet) in packets {
        let unit = if is_nano { 1 } else { 1_000 };
        let length = u32::try_from(packet.len()).unwrap();
        let seconds = u32::try_from(at / 1_000_000_000).unwrap();
        let fraction = u32::try_from(at % 1_000_000_000 / unit).unwrap();
        for word in [seconds, fraction, length, length] {
            file.extend(order.word(word));
        }
        file.extend(packet);
    }
    file
}

/// The kinds of pcapng blocks that contain a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PacketBlock {
    Enhanced,
    Simple,
    Obsolete,
}

/// A pcapng section with one interface of a link type and a time resolution.
pub fn section(order: Order, link: u16, resolution: u8) -> Vec<u8> {
    let mut body = order.word(0x1a2b_3c4d).to_vec();
    body.extend([order.short(1), order.short(0)].concat());
    body.extend(order.long(u64::MAX));
    let mut file = block(order, 0x0a0d_0d0a, &body);
    let mut body = [order.short(link), order.short(0)].concat();
    body.extend(order.word(0));
    body.extend([order.short(9), order.short(1)].concat());
    body.extend([resolution, 0, 0, 0]);
    file.extend(block(order, 1, &body));
    file
}

/// A packet of a section's first interface, with a comment; `at` is in units of the interface.
pub fn packet_block(order: Order, kind: PacketBlock, at: u64, packet: &[u8]) -> Vec<u8> {
    let length = order.word(u32::try_from(packet.len()).unwrap());
    let high = order.word(u32::try_from(at >> 32).unwrap());
    let low = order.word(u32::try_from(at & 0xffff_ffff).unwrap());
    let mut body = match kind {
        PacketBlock::Enhanced => [order.word(0), high, low, length, length].concat(),
        PacketBlock::Simple => length.to_vec(),
        PacketBlock::Obsolete => [[0; 4], high, low, length, length].concat(),
    };
    body.extend(packet);
    body.resize(body.len().next_multiple_of(4), 0);
    if kind == PacketBlock::Enhanced {
        body.extend([order.short(1), order.short(5)].concat());
        body.extend(b"hello\0\0\0");
    }
    let number = match kind {
        PacketBlock::Enhanced => 6,
        PacketBlock::Simple => 3,
        PacketBlock::Obsolete => 2,
    };
    block(order, number, &body)
}

pub fn block(order: Order, kind: u32, body: &[u8]) -> Vec<u8> {
    let length = order.word(u32::try_from(body.len() + 12).unwrap());
    [&order.word(kind), &length, body, &length].concat()
}
