//! A segment laid open: the octets that it is on the wire, the fields that they make, and why each
//! field has the value that it has in this run.

mod why;

use super::run::Run;
use crate::explain;
use crate::locale::Catalog;
use crate::sim::{SegmentId, Side};
use crate::tcp::wire::{self, Envelope, Field};
use why::Context;

/// The most octets of text that are shown bit by bit.
const DATA_BITS: u32 = 8 * 8;

/// A range of bits, counted from the start of the TCP header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first bit.
    pub from: u32,
    /// The bit after the last.
    pub to: u32,
}

impl Span {
    const fn of(field: &Field) -> Self {
        Self { from: field.bit_offset, to: field.bit_offset.saturating_add(field.bit_length) }
    }

    /// The bits of an octet.
    #[must_use]
    pub fn octet(index: usize) -> Self {
        let from = u32::try_from(index).unwrap_or(u32::MAX / 8).saturating_mul(8);
        Self { from, to: from.saturating_add(8) }
    }

    /// Whether both have a bit in common.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// How many bits there are.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.to - self.from
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.to <= self.from
    }
}

/// A sentence of the catalog with what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its key.
    pub key: &'static str,
    /// What stands in its gaps.
    pub arguments: Vec<(&'static str, Argument)>,
    /// The other segment that the value comes from.
    pub about: Option<SegmentId>,
}

/// What stands in a gap of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A number, a name: the same in every language.
    Text(String),
    /// A host.
    Host(Side),
}

impl Sentence {
    /// The sentence in a language.
    #[must_use]
    pub fn text(&self, catalog: &Catalog) -> String {
        let words = self.arguments.iter().map(|(name, argument)| match argument {
            Argument::Text(text) => (*name, text.clone()),
            Argument::Host(side) => (*name, explain::side_name(*side, catalog)),
        });
        let words: Vec<(&str, String)> = words.collect();
        let arguments: Vec<(&str, &dyn core::fmt::Display)> =
            words.iter().map(|(name, text)| (*name, text as &dyn core::fmt::Display)).collect();
        catalog.format(self.key, &arguments)
    }
}

/// A field of the header, or the data, as a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name, as RFC 9293 spells it.
    pub name: &'static str,
    /// Its value as it is usually written.
    pub value: String,
    /// Where it stands.
    pub span: Span,
    /// The key of what it is for.
    pub meaning: &'static str,
    /// Why it has this value here.
    pub why: Sentence,
    /// Whether its value tells something about this run.
    pub is_telling: bool,
    /// The control bits, where it is they.
    pub bits: Vec<Row>,
}

/// Some bits of one octet that belong to one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The index of the row.
    pub row: usize,
    /// The bits.
    pub span: Span,
}

/// A segment laid open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Its name.
    pub id: SegmentId,
    /// Its octets, from the source port to the end of the text.
    pub octets: Vec<u8>,
    /// How many of them are the header.
    pub header: usize,
    /// Its fields, in order.
    pub rows: Vec<Row>,
}

impl Inspection {
    /// A segment of a run, laid open.
    #[must_use]
    pub fn of(run: &Run, id: SegmentId) -> Option<Self> {
        let context = Context::of(run, id)?;
        let record = context.record;
        let envelope = envelope(record.from, id.ordinal);
        let octets = wire::encode_tcp(&record.segment, &envelope).ok()?;
        let fields = wire::fields(&octets).ok()?;
        let header = octets.get(12).map_or(0, |offset| usize::from(offset >> 4) * 4);
        let mut rows: Vec<Row> = vec![];
        for field in &fields {
            let row = row(field, &context, &octets);
            if field.bit_length > 1 {
                rows.push(row);
                continue;
            }
            match rows.last_mut().filter(|row| !row.bits.is_empty()) {
                Some(control) => {
                    control.span.to = row.span.to;
                    control.bits.push(row);
                }
                None => rows.push(control_bits(row, &context)),
            }
        }
        Some(Self { id, octets, header, rows })
    }

    /// The text of the segment.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.octets[self.header.min(self.octets.len())..]
    }

    /// The octets as hexadecimal numbers, two digits each.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.octets)
    }

    /// The fields that an octet belongs to, as one range.
    #[must_use]
    pub fn around_octet(&self, index: usize) -> Span {
        let octet = Span::octet(index);
        let touched = self.rows.iter().map(|row| row.span).filter(|span| span.overlaps(octet));
        touched.fold(octet, |all, span| Span {
            from: all.from.min(span.from),
            to: all.to.max(span.to),
        })
    }

    /// The row, or the control bit, that a range means: the narrowest that holds it.
    #[must_use]
    pub fn row_of(&self, span: Span) -> Option<&Row> {
        let bits = self.rows.iter().flat_map(|row| &row.bits);
        bits.clone()
            .find(|row| row.span == span)
            .or_else(|| self.rows.iter().find(|row| row.span.overlaps(span)))
    }

    /// The octets of a field as hexadecimal numbers; octets that it shares count too.
    #[must_use]
    pub fn hex_of(&self, span: Span) -> String {
        let range = span.from as usize / 8..(span.to as usize).div_ceil(8);
        hex(self.octets.get(range).unwrap_or_default())
    }

    /// The bits, octet by octet and field by field; of the text only the beginning.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        let mut cells = vec![];
        for (index, row) in self.rows.iter().enumerate() {
            let most = if row.name == DATA { DATA_BITS } else { u32::MAX };
            let end = row.span.to.min(row.span.from.saturating_add(most));
            let mut from = row.span.from;
            while from < end {
                let to = end.min((from / 8 + 1) * 8);
                cells.push(Cell { row: index, span: Span { from, to } });
                from = to;
            }
        }
        cells
    }

    /// How many octets [`Inspection::cells`] leaves out.
    #[must_use]
    pub fn octets_beyond_cells(&self) -> usize {
        self.text().len().saturating_sub(DATA_BITS as usize / 8)
    }

    /// A bit, 0 or 1.
    #[must_use]
    pub fn bit(&self, at: u32) -> u8 {
        let octet = self.octets.get(at as usize / 8).copied().unwrap_or(0);
        octet >> (7 - at % 8) & 1
    }
}

/// The name of the text as a field.
pub const DATA: &str = "Data";
/// The name of the eight flags together, as RFC 9293 §3.1 calls them.
pub const CONTROL_BITS: &str = "Control Bits";

/// The envelope of a segment's datagram, as captures have it.
fn envelope(from: Side, ordinal: u32) -> Envelope {
    let id = u16::try_from(ordinal % 0x1_0000).unwrap_or(0);
    Envelope { from: from.address(), to: from.peer().address(), id, ttl: 64 }
}

fn row(field: &Field, context: &Context<'_>, octets: &[u8]) -> Row {
    let span = Span::of(field);
    let (why, is_telling) = context.why(field);
    Row {
        name: field.name,
        value: value(field, octets),
        span,
        meaning: meaning(field.name),
        why,
        is_telling,
        bits: vec![],
    }
}

/// The row of all flags, begun with the first of them.
fn control_bits(first: Row, context: &Context<'_>) -> Row {
    Row {
        name: CONTROL_BITS,
        value: context.record.segment.flags.to_string(),
        span: first.span,
        meaning: "field.control-bits.meaning",
        why: context.why_control_bits(),
        is_telling: true,
        bits: vec![first],
    }
}

/// A field's value as it is usually written.
fn value(field: &Field, octets: &[u8]) -> String {
    match field.name {
        "Checksum" => format!("0x{:04x}", field.value),
        DATA => {
            let from = field.bit_offset as usize / 8;
            ascii(octets.get(from..).unwrap_or_default())
        }
        _ => field.value.to_string(),
    }
}

/// Octets as letters; a point for each that is none.
#[must_use]
pub fn ascii(octets: &[u8]) -> String {
    let letter = |octet: &u8| match octet {
        b' '..=b'~' => char::from(*octet),
        _ => '.',
    };
    octets.iter().map(letter).collect()
}

fn hex(octets: &[u8]) -> String {
    let words: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    words.join(" ")
}

/// The key of what a field is for.
fn meaning(name: &str) -> &'static str {
    match name {
        "Source Port" => "field.source-port.meaning",
        "Destination Port" => "field.destination-port.meaning",
        "Sequence Number" => "field.seq.meaning",
        "Acknowledgment Number" => "field.ack.meaning",
        "Data Offset" => "field.offset.meaning",
        "Reserved" => "field.reserved.meaning",
        "CWR" => "field.cwr.meaning",
        "ECE" => "field.ece.meaning",
        "URG" => "field.urg.meaning",
        "ACK" => "field.ack-bit.meaning",
        "PSH" => "field.psh.meaning",
        "RST" => "field.rst.meaning",
        "SYN" => "field.syn.meaning",
        "FIN" => "field.fin.meaning",
        "Window" => "field.window.meaning",
        "Checksum" => "field.checksum.meaning",
        "Urgent Pointer" => "field.urgent.meaning",
        "Maximum Segment Size" => "field.mss.meaning",
        "Window Scale" => "field.scale.meaning",
        "No-Operation" => "field.nop.meaning",
        "End of Option List" | "Padding" => "field.padding.meaning",
        DATA => "field.data.meaning",
        _ => "field.option.meaning",
    }
}
