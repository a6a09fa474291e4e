//! The text of `tcpdump -n` and of tshark's default columns, line by line.
//!
//! Text holds less than a capture: tcpdump prints no sequence number for a bare ACK, and both
//! print numbers relative to a base. [`Numbers`] puts back what follows from the lines before.

mod clock;
mod line;
mod tcpdump;
mod tshark;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::capture::packet::OnSegment;
use crate::capture::remarks::{Remark, Remarks};
use crate::capture::segment::CapturedSegment;
use crate::tcp::segment::Flags;
use crate::tcp::seq::SeqNumber;
use clock::{Clock, Time};
use line::{Line, Window};

/// Connections whose sequence numbers are followed; those of later ones stay as printed.
const MAX_CONNECTIONS: usize = 1 << 16;
/// Segments held back until the meaning of their times is known.
const MAX_HELD: usize = 4_096;

/// Reads lines and gives the segments that they show.
#[derive(Default)]
pub(super) struct TextReader {
    clock: Clock,
    numbers: BTreeMap<(SocketAddr, SocketAddr), Numbers>,
    /// The time of a packet whose segment is on the next line (`tcpdump -v`).
    header_time: Option<Time>,
    held: Vec<CapturedSegment>,
    found: bool,
}

impl TextReader {
    /// Reads one line, without its newline.
    pub fn line(
        &mut self,
        line: &[u8],
        packets: &mut u64,
        remarks: &mut Remarks,
        each: &mut OnSegment<'_>,
    ) {
        let line = String::from_utf8_lossy(line);
        // Some programs begin a text with a byte order mark.
        let text = line.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return;
        }
        // Lines indented further than any time go on with the packet above.
        let is_continued = line.starts_with('\t') || line.starts_with("    ");
        let parsed = match tcpdump::parse(text).or_else(|| tshark::parse(text)) {
            Some(parsed) => parsed,
            None if is_continued && tshark::packet(text).is_none() => return,
            None => {
                *packets += 1;
                self.header_time = clock::leading_time(text);
                // With -v, the line of the IP header comes first, and the segment's follows.
                if tcpdump::is_ip_header(text) {
                    return;
                }
                let is_above =
                    tshark::packet(text).is_some_and(|columns| tshark::is_above_tcp(&columns));
                remarks.add(if is_above { Remark::LinesWithoutTcp } else { Remark::OtherLines });
                return;
            }
        };
        let header_time = self.header_time.take();
        if header_time.is_none() || parsed.time.is_some() {
            *packets += 1;
        }
        let time = parsed.time.or(header_time);
        self.found = true;
        let at = self.clock.at(time);
        let segment = self.segment(&parsed, *packets, at);
        if self.clock.is_undecided() && self.held.len() < MAX_HELD {
            self.held.push(segment);
        } else {
            self.clock.decide();
            self.release(remarks, each);
            each(segment, remarks);
        }
    }

    /// Gives the segments that are held back, and whether any segment was found at all.
    pub fn finish(&mut self, remarks: &mut Remarks, each: &mut OnSegment<'_>) -> bool {
        self.clock.decide();
        self.release(remarks, each);
        self.found
    }

    fn release(&mut self, remarks: &mut Remarks, each: &mut OnSegment<'_>) {
        let mut sum = 0_i64;
        for mut segment in core::mem::take(&mut self.held) {
            if self.clock.is_delta() {
                sum = sum.saturating_add(segment.at);
                segment.at = sum;
            }
            each(segment, remarks);
        }
    }

    fn segment(&mut self, line: &Line, frame: u64, at: i64) -> CapturedSegment {
        let key = (line.from.min(line.to), line.from.max(line.to));
        let is_room = self.numbers.len() < MAX_CONNECTIONS || self.numbers.contains_key(&key);
        let mut unknown = Numbers::default();
        let numbers = if is_room { self.numbers.entry(key).or_default() } else { &mut unknown };
        let (seq, ack, window) = numbers.restore(line, usize::from(line.from > line.to));
        CapturedSegment {
            frame,
            at,
            from: line.from,
            to: line.to,
            seq,
            ack,
            flags: line.flags,
            window,
            length: line.length,
            options: line.options,
            identity: None,
        }
    }
}

/// The sequence numbers of a connection, by direction.
#[derive(Default)]
struct Numbers {
    /// The number that is subtracted from those printed.
    bases: Option<[SeqNumber; 2]>,
    /// Whether numbers after the first are printed absolute (`tcpdump -S`).
    is_absolute: Option<bool>,
    next: [Option<SeqNumber>; 2],
    shifts: [u8; 2],
}

impl Numbers {
    /// The numbers and window of the header behind those that a line of direction `own` prints.
    ///
    /// tcpdump prints the first segment with ACK, and every SYN, with absolute numbers; those
    /// after it relative to that segment's SEQ and to one before its ACK.
    fn restore(&mut self, line: &Line, own: usize) -> (SeqNumber, SeqNumber, u16) {
        let peer = 1 - own;
        let mut seq = line.seq.map(SeqNumber);
        let mut ack = line.ack.map(SeqNumber);
        let is_first = self.bases.is_none() || line.flags.contains(Flags::SYN);
        if line.may_be_relative && !is_first {
            let bases = self.bases.unwrap_or_default();
            let printed = [(ack, bases[peer]), (seq, bases[own])];
            if self.is_absolute.is_none()
                && let Some((number, base)) =
                    printed.into_iter().find_map(|(number, base)| Some((number?, base)))
            {
                let distance = |number: SeqNumber, base: SeqNumber| {
                    number.distance_from(base).min(base.distance_from(number))
                };
                self.is_absolute = Some(distance(number, base) < distance(number, SeqNumber(0)));
            }
            if self.is_absolute == Some(false) {
                seq = seq.map(|number| number + bases[own].0);
                ack = ack.map(|number| number + bases[peer].0);
            }
        } else if line.flags.contains(Flags::ACK)
            && let (Some(first), Some(ack)) = (seq.or(self.next[own]), ack)
        {
            let mut bases = [first; 2];
            bases[peer] = ack - 1;
            self.bases = Some(bases);
        }
        let seq = seq.or(self.next[own]).unwrap_or_default();
        let control = line.flags.contains(Flags::SYN) || line.flags.contains(Flags::FIN);
        let end = seq + line.length + u32::from(control);
        self.next[own] = Some(self.next[own].map_or(end, |next| next.latest(end)));
        if let Some(ack) = ack {
            self.next[peer].get_or_insert(ack);
        }
        if line.flags.contains(Flags::SYN) {
            self.shifts[own] = line.options.window_scale.unwrap_or(0).min(14);
        }
        (seq, ack.unwrap_or_default(), self.window(line, own))
    }

    fn window(&self, line: &Line, own: usize) -> u16 {
        let raw = match line.window {
            Window::Scaled(window) if !line.flags.contains(Flags::SYN) => {
                window >> self.shifts[own]
            }
            Window::Raw(window) | Window::Scaled(window) => window,
        };
        u16::try_from(raw).unwrap_or(u16::MAX)
    }
}
