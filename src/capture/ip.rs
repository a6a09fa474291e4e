//! From a packet to the TCP segment in it, through IPv4 or IPv6.

use std::net::SocketAddr;

use etherparse::{Ipv4HeaderSlice, Ipv6ExtensionSlice, LaxIpSlice, ip_number};

use super::link::{Datagram, datagram};
use super::packet::Packet;
use super::remarks::{Remark, Remarks};
use super::segment::{CapturedSegment, Identity, TcpHead};

/// The bytes of an IPv6 header, which its payload length does not count.
const IPV6_HEADER: usize = 40;
/// No datagram without the jumbo option is longer.
const LONGEST_DATAGRAM: usize = 65_535;
/// Longer frames are not on any Ethernet, not even with jumbo frames.
const LONGEST_FRAME: usize = 9_216;

/// UDP ports whose packets are tunnels.
const UDP_TUNNELS: [(u16, &str); 5] =
    [(4789, "VXLAN"), (6081, "Geneve"), (2152, "GTP-U"), (3544, "Teredo"), (1701, "L2TP")];

/// The TCP segment in a packet, if there is one; what stands in its way becomes a remark.
pub(super) fn read_packet(
    packet: &Packet<'_>,
    frame: u64,
    remarks: &mut Remarks,
) -> Option<CapturedSegment> {
    let datagram = datagram(packet, remarks)?;
    let Ok((ip, _)) = LaxIpSlice::from_slice(datagram.data) else {
        remarks.add(Remark::MalformedHeaders);
        return None;
    };
    let protocol = ip.payload_ip_number();
    if is_later_fragment(&ip) {
        if protocol == ip_number::TCP {
            remarks.add(Remark::LaterFragments);
        }
        return None;
    }
    let payload = ip.payload().payload;
    if protocol != ip_number::TCP {
        if let Some(name) = tunnel(protocol.0, payload) {
            remarks.add(Remark::Tunnel(name));
        }
        return None;
    }
    let Some(payload_length) = payload_length(&ip, &datagram) else {
        remarks.add(Remark::MalformedHeaders);
        return None;
    };
    let Some(head) = TcpHead::read(payload) else {
        remarks.add(Remark::CutTcpHeaders);
        return None;
    };
    if head.length < super::segment::TCP_HEADER || head.length > payload_length {
        remarks.add(Remark::MalformedHeaders);
        return None;
    }
    if payload_length > LONGEST_FRAME {
        remarks.add(Remark::OffloadedSegments);
    }
    let ip_id = ip.ipv4().map(|ip| ip.header().identification()).filter(|id| *id != 0);
    Some(CapturedSegment {
        frame,
        at: packet.at,
        from: SocketAddr::new(ip.source_addr(), head.source_port),
        to: SocketAddr::new(ip.destination_addr(), head.destination_port),
        seq: head.seq,
        ack: head.ack,
        flags: head.flags,
        window: head.window,
        length: u32::try_from(payload_length - head.length).unwrap_or(u32::MAX),
        options: head.options,
        identity: Some(Identity { ip_id, checksum: head.checksum }),
    })
}

/// Whether the datagram is a fragment that does not begin with the TCP header.
fn is_later_fragment(ip: &LaxIpSlice<'_>) -> bool {
    match ip {
        LaxIpSlice::Ipv4(ip) => ip.header().fragments_offset().value() > 0,
        LaxIpSlice::Ipv6(ip) => ip.extensions().clone().into_iter().any(|extension| {
            matches!(extension, Ipv6ExtensionSlice::Fragment(fragment)
                if fragment.fragment_offset().value() > 0)
        }),
    }
}

/// The bytes behind the IP headers on the wire; `None` if the lengths contradict each other.
///
/// A total length of zero is left by segmentation offloading, before the network card sets it:
/// then the packet's own length counts. No datagram is longer than its packet.
fn payload_length(ip: &LaxIpSlice<'_>, datagram: &Datagram<'_>) -> Option<usize> {
    let (stated, headers) = match ip {
        LaxIpSlice::Ipv4(ip) => {
            let header = ipv4_header_length(ip.header());
            let extensions = ip.extensions().auth.map_or(0, |auth| auth.slice().len());
            (usize::from(ip.header().total_len()), header + extensions)
        }
        LaxIpSlice::Ipv6(ip) => {
            let headers = IPV6_HEADER + ip.extensions().slice().len();
            match usize::from(ip.header().payload_length()) {
                0 => (0, headers),
                payload => (IPV6_HEADER + payload, headers),
            }
        }
    };
    let total = if stated == 0 { datagram.wire_length } else { stated.min(datagram.wire_length) };
    debug_assert!(stated <= LONGEST_DATAGRAM + IPV6_HEADER, "the fields have 16 bits");
    total.checked_sub(headers)
}

fn ipv4_header_length(header: Ipv4HeaderSlice<'_>) -> usize {
    header.slice().len()
}

/// The name of the tunnel that an IP payload belongs to.
fn tunnel(protocol: u8, payload: &[u8]) -> Option<&'static str> {
    const UDP: u8 = 17;
    match protocol {
        4 => Some("IPv4 in IP"),
        41 => Some("IPv6 in IP"),
        47 => Some("GRE"),
        50 => Some("ESP"),
        115 => Some("L2TP"),
        137 => Some("MPLS in IP"),
        UDP => {
            let [a, b, c, d, ..] = *payload else { return None };
            let ports = [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])];
            UDP_TUNNELS.iter().find(|(port, _)| ports.contains(port)).map(|(_, name)| *name)
        }
        _ => None,
    }
}
