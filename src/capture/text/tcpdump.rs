//! A line of `tcpdump -n`: `time IP address.port > address.port: Flags [S], seq 1, …`.

use std::net::{IpAddr, SocketAddr};

use super::clock::leading_time;
use super::line::{Line, Window};
use crate::capture::segment::TcpOptions;
use crate::tcp::segment::Flags;
use crate::tcp::seq::SeqNumber;

const FLAGS: &str = ": Flags [";

/// The segment on a line, if there is one.
pub(super) fn parse(line: &str) -> Option<Line> {
    let (before, after) = line.split_once(FLAGS)?;
    let (flags, fields) = after.split_once(']')?;
    let (left, to) = before.rsplit_once(" > ")?;
    let from = left.rsplit(char::is_whitespace).next()?;
    let mut line = Line {
        time: leading_time(left),
        from: endpoint(from)?,
        to: endpoint(to)?,
        flags: letters(flags)?,
        seq: None,
        ack: None,
        window: Window::Raw(0),
        length: 0,
        options: TcpOptions::default(),
        may_be_relative: true,
    };
    let (fields, rest) = match fields.split_once("options [") {
        Some((fields, rest)) => {
            let (options, rest) = rest.split_once(']').unwrap_or((rest, ""));
            read_options(options, &mut line.options);
            (fields, rest)
        }
        None => (fields, ""),
    };
    for field in fields.split(',').chain(rest.split(',')) {
        read_field(field.trim(), &mut line);
    }
    Some(line)
}

/// Whether a line has the IP header of a packet whose segment `tcpdump -v` puts on the next line.
pub(super) fn is_ip_header(line: &str) -> bool {
    (line.contains("IP (") || line.contains("IP6 (")) && line.contains("TCP (6)")
}

/// `10.0.0.1.80` or `fe80::1.80`.
fn endpoint(word: &str) -> Option<SocketAddr> {
    let (address, port) = word.rsplit_once('.')?;
    Some(SocketAddr::new(address.parse::<IpAddr>().ok()?, port.parse().ok()?))
}

fn letters(word: &str) -> Option<Flags> {
    if word == "none" {
        return Some(Flags::NONE);
    }
    let mut flags = Flags::NONE;
    for letter in word.chars() {
        flags |= match letter {
            // Accurate ECN's bit is one of those that this program calls reserved.
            'e' => Flags::NONE,
            _ => Flags::from_letter(letter)?,
        };
    }
    Some(flags)
}

fn read_field(field: &str, line: &mut Line) {
    let Some((name, value)) = field.split_once(' ') else { return };
    let number = || value.split([' ', ':']).next()?.parse::<u32>().ok();
    match name {
        "seq" => line.seq = number(),
        "ack" => line.ack = number(),
        "win" => line.window = Window::Raw(number().unwrap_or(0)),
        "length" => line.length = number().unwrap_or(0),
        _ => {}
    }
}

fn read_options(text: &str, options: &mut TcpOptions) {
    for option in text.split(',') {
        let mut words = option.split([' ', '{', '}', ':']).filter(|word| !word.is_empty());
        let name = words.next();
        let mut numbers = words.filter_map(|word| word.parse::<u32>().ok());
        match name {
            Some("mss") => options.mss = numbers.next().and_then(|mss| mss.try_into().ok()),
            Some("wscale") => {
                options.window_scale = numbers.next().and_then(|shift| shift.try_into().ok());
            }
            Some("TS") => options.timestamps = numbers.next().zip(numbers.next()),
            Some("sack") => {
                // `sack 2 {1:5}{9:13}`: the count, then the edges.
                numbers.next();
                for slot in &mut options.sack {
                    *slot = numbers.next().map(SeqNumber).zip(numbers.next().map(SeqNumber));
                }
            }
            _ => {}
        }
    }
}
