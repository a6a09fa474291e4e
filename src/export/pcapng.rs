//! A pcapng capture for Wireshark: the segments at each interface, with their names in comments.
//!
//! Only three kinds of blocks are written, and none is read. The crates for pcapng also read, and
//! bring error types and macros of their own, so the blocks are written here.

use super::options::{Place, cut, loss};
use crate::locale::Catalog;
use crate::sim::{Cause, Effect, Origin, SegmentRecord, Side, Timeline};
use crate::tcp::wire::{Envelope, encode};
use crate::time::Instant;

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const ENHANCED_PACKET: u32 = 6;
const BYTE_ORDER: u32 = 0x1a2b_3c4d;
/// `LINKTYPE_RAW`: IPv4 datagrams without a link layer's header.
const RAW: u16 = 101;
const COMMENT: u16 = 1;
const INTERFACE_NAME: u16 = 2;
const TTL: u8 = 64;

pub(super) fn write(timeline: &Timeline, catalog: &Catalog, place: Place) -> Vec<u8> {
    let mut file = File(vec![]);
    file.section_header(cut(timeline, catalog).as_deref());
    let interfaces: Vec<Side> = Side::BOTH.into_iter().filter(|side| place.sees(*side)).collect();
    for side in &interfaces {
        file.interface(side.name());
    }
    let trace = timeline.trace();
    for step in &trace.steps {
        let Some(interface) = interfaces.iter().position(|side| *side == step.side) else {
            continue;
        };
        let interface = u32::try_from(interface).unwrap_or(0);
        if let Cause::Arrival(index, is_copy) = step.cause {
            let record = &trace.segments[index];
            let comment = comment(record, is_copy, false, catalog);
            file.packet(interface, step.at, octets(record), &comment);
        }
        if let Cause::Loss(index) = step.cause
            && trace.segments[index].is_damaged()
        {
            let record = &trace.segments[index];
            let comment = comment(record, false, true, catalog);
            file.packet(interface, step.at, damaged(record), &comment);
        }
        for effect in trace.effects(step) {
            if let Effect::Sent(index) = effect {
                let record = &trace.segments[index];
                let comment = comment(record, false, true, catalog);
                file.packet(interface, step.at, octets(record), &comment);
            }
        }
    }
    file.0
}

fn comment(record: &SegmentRecord, is_copy: bool, leaves: bool, catalog: &Catalog) -> String {
    let mut notes = vec![];
    if record.id.origin == Origin::Old {
        notes.push(catalog.text("export.old").to_owned());
    }
    if let Some(id) = record.repeats {
        notes.push(catalog.format("export.repeats", &[("id", &id)]));
    }
    if is_copy {
        notes.push(catalog.text("export.twice").to_owned());
    }
    if let Some(key) = loss(record).filter(|_| leaves) {
        notes.push(catalog.text(key).to_owned());
    }
    if notes.is_empty() {
        record.id.to_string()
    } else {
        format!("{} ({})", record.id, notes.join(", "))
    }
}

fn envelope(record: &SegmentRecord) -> Envelope {
    let (from, to) = (record.from.address(), record.from.peer().address());
    // The n-th transmission of a host has identification n.
    Envelope { from, to, id: (record.id.ordinal & 0xffff) as u16, ttl: TTL }
}

/// The bytes of a segment; empty if it is too long for a datagram.
fn octets(record: &SegmentRecord) -> Option<Vec<u8>> {
    encode(&record.segment, &envelope(record)).ok()
}

/// The same with one flipped bit, so that its checksum is wrong.
fn damaged(record: &SegmentRecord) -> Option<Vec<u8>> {
    let mut octets = octets(record)?;
    *octets.last_mut()? ^= 1;
    Some(octets)
}

/// The blocks written so far, little-endian.
struct File(Vec<u8>);

impl File {
    fn section_header(&mut self, comment: Option<&str>) {
        let mut body = BYTE_ORDER.to_le_bytes().to_vec();
        // Version 1.0; the section's length is not given.
        body.extend(1_u16.to_le_bytes());
        body.extend(0_u16.to_le_bytes());
        body.extend(u64::MAX.to_le_bytes());
        if let Some(comment) = comment {
            option(&mut body, COMMENT, comment.as_bytes());
            option(&mut body, 0, &[]);
        }
        self.block(SECTION_HEADER, body);
    }

    fn interface(&mut self, name: &str) {
        let mut body = RAW.to_le_bytes().to_vec();
        body.extend([0; 2]);
        // No limit on the length of packets. Times are in microseconds by default.
        body.extend(0_u32.to_le_bytes());
        option(&mut body, INTERFACE_NAME, name.as_bytes());
        option(&mut body, 0, &[]);
        self.block(INTERFACE, body);
    }

    fn packet(&mut self, interface: u32, at: Instant, octets: Option<Vec<u8>>, comment: &str) {
        let Some(octets) = octets else { return };
        let length = u32::try_from(octets.len()).unwrap_or(u32::MAX);
        let micros = at.as_micros();
        let mut body = interface.to_le_bytes().to_vec();
        for word in [micros >> 32, micros & 0xffff_ffff] {
            body.extend(u32::try_from(word).unwrap_or(u32::MAX).to_le_bytes());
        }
        body.extend(length.to_le_bytes());
        body.extend(length.to_le_bytes());
        body.extend(octets);
        pad(&mut body);
        option(&mut body, COMMENT, comment.as_bytes());
        option(&mut body, 0, &[]);
        self.block(ENHANCED_PACKET, body);
    }

    fn block(&mut self, kind: u32, body: Vec<u8>) {
        let length = u32::try_from(body.len() + 12).unwrap_or(u32::MAX).to_le_bytes();
        self.0.extend(kind.to_le_bytes());
        self.0.extend(length);
        self.0.extend(body);
        self.0.extend(length);
    }
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    body.extend(code.to_le_bytes());
    body.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
    body.extend(value);
    pad(body);
}

/// Pads to a multiple of four bytes.
fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}
