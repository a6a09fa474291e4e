//! A segment in detail: its bytes on the wire, its fields, and the reason for each field's value.

mod sentence;
mod why;

use super::run::Run;
use crate::sim::{SegmentId, Side};
use crate::tcp::HeaderField;
use crate::tcp::wire::{self, Envelope, Field, sack_blocks};
pub use sentence::{Argument, Sentence};
use why::Context;

/// The most bits of data that are shown one by one.
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

    /// The bits of a byte.
    #[must_use]
    pub fn octet(index: usize) -> Self {
        let from = u32::try_from(index).unwrap_or(u32::MAX / 8).saturating_mul(8);
        Self { from, to: from.saturating_add(8) }
    }

    /// Whether the ranges overlap.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// The number of bits.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.to - self.from
    }

    /// Whether the range is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.to <= self.from
    }
}

/// A field of the header, or the data, as a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRow {
    /// Which field it is.
    pub field: HeaderField,
    /// Its value in the usual notation.
    pub value: String,
    /// Its position.
    pub span: Span,
    /// The catalog key for its purpose.
    pub meaning: &'static str,
    /// The reason for its value in this run.
    pub why: Sentence,
    /// Whether the reason is specific to this run.
    pub is_telling: bool,
    /// The eight flag bits; empty for every other field.
    pub bits: Vec<FieldRow>,
}

impl FieldRow {
    /// Its name in the RFC that defines it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.field.name()
    }
}

/// Bits of one byte that belong to one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The index of the row.
    pub row: usize,
    /// The bits.
    pub span: Span,
}

/// A segment in detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Its name.
    pub id: SegmentId,
    /// Its bytes, from the source port to the end of the data.
    pub octets: Vec<u8>,
    /// The length of the header in bytes.
    pub header: usize,
    /// Its fields, in order.
    pub rows: Vec<FieldRow>,
}

impl Inspection {
    /// A segment of a run in detail; `None` if the run has none of this name.
    #[must_use]
    pub fn of(run: &Run, id: SegmentId) -> Option<Self> {
        let context = Context::of(run, id)?;
        let record = context.record;
        let envelope = envelope(record.from, id.ordinal);
        let octets = wire::encode_tcp(&record.segment, &envelope).ok()?;
        let fields = wire::fields(&octets).ok()?;
        let header = octets.get(12).map_or(0, |offset| usize::from(offset >> 4) * 4);
        let mut rows: Vec<FieldRow> = vec![];
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

    /// The bytes in hexadecimal, two digits each.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.octets)
    }

    /// The range of all fields that overlap a byte.
    #[must_use]
    pub fn around_octet(&self, index: usize) -> Span {
        let octet = Span::octet(index);
        let touched = self.rows.iter().map(|row| row.span).filter(|span| span.overlaps(octet));
        touched.fold(octet, |all, span| Span {
            from: all.from.min(span.from),
            to: all.to.max(span.to),
        })
    }

    /// The row or flag bit at a range: the narrowest that contains it.
    #[must_use]
    pub fn row_of(&self, span: Span) -> Option<&FieldRow> {
        let bits = self.rows.iter().flat_map(|row| &row.bits);
        bits.clone()
            .find(|row| row.span == span)
            .or_else(|| self.rows.iter().find(|row| row.span.overlaps(span)))
    }

    /// The bytes of a field in hexadecimal, including bytes that it shares with another field.
    #[must_use]
    pub fn hex_of(&self, span: Span) -> String {
        let range = span.from as usize / 8..(span.to as usize).div_ceil(8);
        hex(self.octets.get(range).unwrap_or_default())
    }

    /// The cells of the bit diagram. Of the data, only the first bytes have cells.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        let mut cells = vec![];
        for (index, row) in self.rows.iter().enumerate() {
            let most = if row.field == HeaderField::Data { DATA_BITS } else { u32::MAX };
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

    /// The number of data bytes without a cell in [`Inspection::cells`].
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

/// The IP envelope of a segment, as in captures.
fn envelope(from: Side, ordinal: u32) -> Envelope {
    let id = u16::try_from(ordinal % 0x1_0000).unwrap_or(0);
    Envelope { from: from.address(), to: from.peer().address(), id, ttl: 64 }
}

fn row(field: &Field, context: &Context<'_>, octets: &[u8]) -> FieldRow {
    let span = Span::of(field);
    let (why, is_telling) = context.why(field);
    FieldRow {
        field: field.field,
        value: value(field, octets),
        span,
        meaning: meaning(field.field),
        why,
        is_telling,
        bits: vec![],
    }
}

/// The row of the flags, starting with the first of them.
fn control_bits(first: FieldRow, context: &Context<'_>) -> FieldRow {
    FieldRow {
        field: HeaderField::ControlBits,
        value: context.record.segment.flags.to_string(),
        span: first.span,
        meaning: meaning(HeaderField::ControlBits),
        why: context.why_control_bits(),
        is_telling: true,
        bits: vec![first],
    }
}

/// The value of a field in the usual notation.
fn value(field: &Field, octets: &[u8]) -> String {
    match field.field {
        HeaderField::Checksum => format!("0x{:04x}", field.value),
        HeaderField::Data => {
            let from = field.bit_offset as usize / 8;
            ascii(octets.get(from..).unwrap_or_default())
        }
        HeaderField::SackPermitted => String::new(),
        HeaderField::Timestamps => {
            format!("TSval {}, TSecr {}", field.value >> 32, field.value & u64::from(u32::MAX))
        }
        HeaderField::Sack => {
            let from = field.bit_offset as usize / 8 + 2;
            let octets = octets.get(from..from + field.bit_length as usize / 8 - 2);
            let blocks = sack_blocks(octets.unwrap_or_default()).into_iter();
            blocks.map(|(start, end)| format!("{start}–{end}")).collect::<Vec<_>>().join(", ")
        }
        _ => field.value.to_string(),
    }
}

/// Bytes as ASCII; a dot for each that is not printable.
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

/// The catalog key for the purpose of a field.
const fn meaning(field: HeaderField) -> &'static str {
    match field {
        HeaderField::SourcePort => "field.source-port.meaning",
        HeaderField::DestinationPort => "field.destination-port.meaning",
        HeaderField::SequenceNumber => "field.seq.meaning",
        HeaderField::AcknowledgmentNumber => "field.ack.meaning",
        HeaderField::DataOffset => "field.offset.meaning",
        HeaderField::Reserved => "field.reserved.meaning",
        HeaderField::Cwr => "field.cwr.meaning",
        HeaderField::Ece => "field.ece.meaning",
        HeaderField::Urg => "field.urg.meaning",
        HeaderField::Ack => "field.ack-bit.meaning",
        HeaderField::Psh => "field.psh.meaning",
        HeaderField::Rst => "field.rst.meaning",
        HeaderField::Syn => "field.syn.meaning",
        HeaderField::Fin => "field.fin.meaning",
        HeaderField::Window => "field.window.meaning",
        HeaderField::Checksum => "field.checksum.meaning",
        HeaderField::UrgentPointer => "field.urgent.meaning",
        HeaderField::MaximumSegmentSize => "field.mss.meaning",
        HeaderField::WindowScale => "field.scale.meaning",
        HeaderField::NoOperation => "field.nop.meaning",
        HeaderField::EndOfOptionList | HeaderField::Padding => "field.padding.meaning",
        HeaderField::Data => "field.data.meaning",
        HeaderField::ControlBits => "field.control-bits.meaning",
        HeaderField::SackPermitted => "field.sack-permitted.meaning",
        HeaderField::Sack => "field.sack.meaning",
        HeaderField::Timestamps => "field.timestamps.meaning",
        HeaderField::UnknownOption => "field.option.meaning",
    }
}
