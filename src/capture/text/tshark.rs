//! A line of tshark's default columns:
//! `number time source → destination protocol length information`.

use std::net::{IpAddr, SocketAddr};

use super::clock::{Time, time};
use super::line::{Line, Window};
use crate::capture::segment::TcpOptions;
use crate::tcp::segment::Flags;
use crate::tcp::seq::SeqNumber;

const ARROWS: [&str; 3] = ["→", "->", ">"];
/// Protocols that tshark prints for packets that hold no TCP.
const NOT_ABOVE_TCP: [&str; 10] =
    ["ARP", "DHCP", "DNS", "ICMP", "ICMPv6", "IGMP", "MDNS", "NTP", "QUIC", "UDP"];

/// The columns before the information.
pub(super) struct Columns<'a> {
    time: Option<Time>,
    source: IpAddr,
    destination: IpAddr,
    protocol: &'a str,
}

/// The columns of a line, if it is one of tshark's.
pub(super) fn packet(line: &str) -> Option<Columns<'_>> {
    let words: Vec<&str> = line.split_whitespace().take(8).collect();
    let arrow = words.iter().position(|word| ARROWS.contains(word))?;
    let before = words.get(..arrow)?;
    let (source, times) = before.split_last()?;
    // The number and the time may be left out; a date takes two words.
    let at = times
        .iter()
        .enumerate()
        .find_map(|(index, word)| time(word, times.get(index + 1).copied()));
    Some(Columns {
        time: at,
        source: source.parse().ok()?,
        destination: words.get(arrow + 1)?.parse().ok()?,
        protocol: words.get(arrow + 2)?,
    })
}

/// Whether a line's protocol may be one above TCP, for which tshark prints no TCP fields.
pub(super) fn is_above_tcp(columns: &Columns<'_>) -> bool {
    !NOT_ABOVE_TCP.contains(&columns.protocol)
}

/// The segment on a line, if there is one.
pub(super) fn parse(line: &str) -> Option<Line> {
    let columns = packet(line)?;
    let (before, fields) = line.split_once("] Seq=")?;
    let (ports, flags) = before.rsplit_once('[')?;
    let mut ports = ports.split_whitespace().rev();
    let destination = ports.next()?.parse().ok()?;
    ARROWS.contains(&ports.next()?).then_some(())?;
    let source = ports.next()?.parse().ok()?;
    let mut line = Line {
        time: columns.time,
        from: SocketAddr::new(columns.source, source),
        to: SocketAddr::new(columns.destination, destination),
        flags: names(flags),
        seq: None,
        ack: None,
        window: Window::Raw(0),
        length: 0,
        options: TcpOptions::default(),
        may_be_relative: false,
    };
    let mut left_edge = None;
    for (index, field) in fields.split_whitespace().enumerate() {
        let named = if index == 0 { Some(("Seq", field)) } else { field.split_once('=') };
        let Some((name, Ok(value))) = named.map(|(name, value)| (name, value.parse())) else {
            continue;
        };
        read_field(name, value, &mut line, &mut left_edge);
    }
    Some(line)
}

fn read_field(name: &str, value: u32, line: &mut Line, left_edge: &mut Option<SeqNumber>) {
    let options = &mut line.options;
    match name {
        "Seq" => line.seq = Some(value),
        "Ack" => line.ack = Some(value),
        "Win" => line.window = Window::Scaled(value),
        "Len" => line.length = value,
        "MSS" => options.mss = value.try_into().ok(),
        // The factor of the scale, a power of two.
        "WS" => {
            options.window_scale = value.checked_ilog2().and_then(|shift| shift.try_into().ok());
        }
        "TSval" => options.timestamps = Some((value, 0)),
        "TSecr" => {
            if let Some((_, echo)) = &mut options.timestamps {
                *echo = value;
            }
        }
        "SLE" => *left_edge = Some(SeqNumber(value)),
        "SRE" => {
            if let Some(slot) = options.sack.iter_mut().find(|slot| slot.is_none()) {
                *slot = left_edge.take().map(|left| (left, SeqNumber(value)));
            }
        }
        _ => {}
    }
}

/// Names of flags, separated by commas; others are bits that this program calls reserved.
fn names(text: &str) -> Flags {
    text.split(',').fold(Flags::NONE, |flags, name| {
        flags
            | match name.trim() {
                "SYN" => Flags::SYN,
                "FIN" => Flags::FIN,
                "RST" => Flags::RST,
                "PSH" => Flags::PSH,
                "ACK" => Flags::ACK,
                "URG" => Flags::URG,
                "ECE" | "ECN" => Flags::ECE,
                "CWR" => Flags::CWR,
                _ => Flags::NONE,
            }
    })
}
