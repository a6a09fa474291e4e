//! Headers below IP: from a packet of a link type to the IP datagram in it.

use super::packet::Packet;
use super::remarks::{Remark, Remarks};

/// An IP datagram as captured.
pub(super) struct Datagram<'a> {
    /// The bytes captured, from the IP header on; link-layer padding may follow.
    pub data: &'a [u8],
    /// How many bytes of it were on the wire.
    pub wire_length: usize,
}

// LINKTYPE numbers, as registered with the Tcpdump Group.
const NULL: u32 = 0;
const ETHERNET: u32 = 1;
const PPP: u32 = 9;
/// Raw IP has three numbers: `DLT_RAW` differs between systems, and some wrote it to files.
const RAW: [u32; 3] = [12, 14, 101];
const PPP_HDLC: u32 = 50;
const PPP_ETHER: u32 = 51;
const LOOP: u32 = 108;
const LINUX_SLL: u32 = 113;
const PPP_WITH_DIRECTION: u32 = 204;
const IPV4: u32 = 228;
const IPV6: u32 = 229;
const LINUX_SLL2: u32 = 276;
const FDDI: u32 = 10;
const NFLOG: u32 = 239;

// EtherTypes.
const TYPE_IPV4: u16 = 0x0800;
const TYPE_IPV6: u16 = 0x86dd;
const TYPE_MPLS: u16 = 0x8847;
const TYPE_MPLS_MULTICAST: u16 = 0x8848;
const TYPE_PPPOE: u16 = 0x8864;
const TYPE_PPP: u16 = 0x880b;
/// 802.1Q, 802.1ad (`QinQ`), and the numbers used for `QinQ` before it had its own.
const TYPES_VLAN: [u16; 4] = [0x8100, 0x88a8, 0x9100, 0x9200];
/// Smaller numbers are the length of an 802.3 frame.
const SMALLEST_TYPE: u16 = 0x0600;

/// 802.1ah: an Ethernet frame behind four bytes of a service tag.
const TYPE_PROVIDER_BACKBONE: u16 = 0x88e7;
const PPP_IPV4: u16 = 0x0021;
const PPP_IPV6: u16 = 0x0057;

/// The datagram in a packet, if there is one.
pub(super) fn datagram<'a>(packet: &Packet<'a>, remarks: &mut Remarks) -> Option<Datagram<'a>> {
    let data = packet.data;
    let mut header = Header { data, at: 0, end: packet.wire_length.max(data.len()) };
    match packet.link {
        link if RAW.contains(&link) => {}
        IPV4 | IPV6 => {}
        NULL | LOOP => header.null()?,
        ETHERNET => header.ethernet(12)?,
        FDDI => header.llc(13)?,
        PPP | PPP_HDLC => header.ppp(0)?,
        PPP_WITH_DIRECTION => header.ppp(1)?,
        PPP_ETHER => header.pppoe(0)?,
        // The type is at the end of the cooked header, or at the start of its second version.
        LINUX_SLL => header.ethernet(14)?,
        LINUX_SLL2 => header.payload(header.short(0)?, 20)?,
        NFLOG => header.nflog()?,
        unknown => {
            remarks.add(Remark::UnknownLinkType(unknown));
            return None;
        }
    }
    let wire_length = header.end.checked_sub(header.at)?;
    Some(Datagram { data: data.get(header.at..)?, wire_length })
}

/// A packet whose link-layer headers are being skipped.
struct Header<'a> {
    data: &'a [u8],
    /// Where the datagram begins, as far as is known.
    at: usize,
    /// Where the packet ends, by its length or by a header.
    end: usize,
}

// Each function skips a header at an offset and those behind it; `None` if no IP follows.
impl Header<'_> {
    fn bytes<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.data.get(at..)?.first_chunk().copied()
    }

    fn short(&self, at: usize) -> Option<u16> {
        self.bytes(at).map(u16::from_be_bytes)
    }

    /// BSD's loopback: the address family in the byte order of the machine that captured. The IP
    /// version tells IPv4 from IPv6, as the numbers of `AF_INET6` differ between systems.
    fn null(&mut self) -> Option<()> {
        let ([0, 0, 0, family] | [family, 0, 0, 0]) = self.bytes(0)? else { return None };
        self.at = 4;
        matches!(family, 2 | 10 | 23 | 24 | 28 | 30).then_some(())
    }

    /// A header that ends with a type or length field at `at`.
    fn ethernet(&mut self, at: usize) -> Option<()> {
        let kind = self.short(at)?;
        if kind >= SMALLEST_TYPE { self.payload(kind, at + 2) } else { self.llc(at + 2) }
    }

    /// An LLC header for SNAP: no organisation, and an `EtherType`.
    fn llc(&mut self, at: usize) -> Option<()> {
        let [0xaa, 0xaa, 3, 0, 0, 0] = self.bytes(at)? else { return None };
        self.payload(self.short(at + 6)?, at + 8)
    }

    /// The payload of an `EtherType`, behind any tags.
    fn payload(&mut self, kind: u16, at: usize) -> Option<()> {
        match kind {
            TYPE_IPV4 | TYPE_IPV6 => {
                self.at = at;
                Some(())
            }
            _ if TYPES_VLAN.contains(&kind) => self.ethernet(at + 2),
            TYPE_PROVIDER_BACKBONE => self.ethernet(at + 16),
            TYPE_PPPOE => self.pppoe(at),
            TYPE_PPP => self.ppp(at),
            TYPE_MPLS | TYPE_MPLS_MULTICAST => self.mpls(at),
            _ => None,
        }
    }

    /// A session packet of PPP over Ethernet (RFC 2516 §4): code 0, and a length of its own.
    fn pppoe(&mut self, at: usize) -> Option<()> {
        let [0x11, 0, _, _, high, low] = self.bytes(at)? else { return None };
        self.end = self.end.min(at + 6 + usize::from(u16::from_be_bytes([high, low])));
        self.ppp(at + 6)
    }

    /// PPP: address and control may be left out, and a protocol be one byte (RFC 1661 §6.5,
    /// RFC 1662 §3.1).
    fn ppp(&mut self, at: usize) -> Option<()> {
        let at = if self.bytes(at)? == [0xff, 3] { at + 2 } else { at };
        // Cisco's HDLC shares the link type; its protocol is an `EtherType`.
        if let [0x0f | 0x8f, 0] = self.bytes(at)? {
            return self.payload(self.short(at + 2)?, at + 4);
        }
        let [first] = self.bytes(at)?;
        let (protocol, length) =
            if first & 1 == 1 { (first.into(), 1) } else { (self.short(at)?, 2) };
        self.at = at + length;
        matches!(protocol, PPP_IPV4 | PPP_IPV6).then_some(())
    }

    /// MPLS labels up to the one with the bottom-of-stack bit (RFC 3032 §2.1).
    fn mpls(&mut self, at: usize) -> Option<()> {
        let (labels, _) = self.data.get(at..)?.as_chunks::<4>();
        let bottom = labels.iter().position(|label| label[2] & 1 == 1)?;
        self.at = at + 4 * (bottom + 1);
        let [first] = self.bytes(self.at)?;
        matches!(first >> 4, 4 | 6).then_some(())
    }

    /// Linux's netfilter log: fields of length, type and value in the byte order of the machine
    /// that captured; the one with the packet is of type 9.
    fn nflog(&mut self) -> Option<()> {
        const PAYLOAD: [u16; 2] = [9, 0x0900];
        let mut at = 4;
        loop {
            let [a, b, c, d] = self.bytes(at)?;
            let kind = u16::from_be_bytes([c, d]);
            if PAYLOAD.contains(&kind) {
                self.at = at + 4;
                return Some(());
            }
            // Fields are shorter than 256 bytes, so one byte of the length is zero.
            let length = usize::from(a.max(b)).next_multiple_of(4);
            at += length.max(4);
        }
    }
}
