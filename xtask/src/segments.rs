//! The data segments of a split program. The splitter leaves every file one segment for each piece
//! of data of the whole program, most of them empty: thousands of headers, 40 KB in each file.

use std::iter;

use crate::shrink::{number, take, write_number};

const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;
/// The instruction `i32.const`.
const CONST: u8 = 0x41;
/// The end of an expression.
const END: u8 = 0x0b;
/// The longest gap, in bytes, that costs less when filled with zeros than a segment's header does.
const MAX_FILLED_GAP: usize = 8;

/// Data that is copied to a fixed address when the module is instantiated.
struct Segment {
    address: usize,
    bytes: Vec<u8>,
}

/// A module without empty data segments, and with one segment for neighbours. `None` if it is not
/// wasm, or has segments without a fixed address.
///
/// With `fills_gaps`, short gaps are written as zeros. Only the first module of a memory may do so:
/// another would overwrite data that is there already.
pub fn merge_data_segments(wasm: &[u8], fills_gaps: bool) -> Option<Vec<u8>> {
    let sections = sections(wasm)?;
    let data = sections.iter().find(|(kind, _)| *kind == DATA);
    let segments = data.map_or(Some(vec![]), |(_, content)| segments(content))?;
    let merged = merge(segments, if fills_gaps { MAX_FILLED_GAP } else { 0 });
    let mut out = wasm.get(..8)?.to_vec();
    for (kind, content) in sections {
        let content = match kind {
            DATA => encode(&merged),
            DATA_COUNT => encode_count(merged.len()),
            _ => content.to_vec(),
        };
        out.push(kind);
        write_number(&mut out, content.len());
        out.extend(content);
    }
    Some(out)
}

/// The sections of a module: the kind of each, and its content.
fn sections(wasm: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut rest = wasm.get(8..)?;
    let mut sections = vec![];
    while let Some((&kind, after)) = rest.split_first() {
        rest = after;
        let length = number(&mut rest)?;
        sections.push((kind, take(&mut rest, length)?));
    }
    Some(sections)
}

fn segments(mut section: &[u8]) -> Option<Vec<Segment>> {
    let count = number(&mut section)?;
    let segments = iter::repeat_with(|| {
        let [0, CONST] = take(&mut section, 2)? else { return None };
        let address = signed_number(&mut section)?;
        let [END] = take(&mut section, 1)? else { return None };
        let length = number(&mut section)?;
        Some(Segment { address, bytes: take(&mut section, length)?.to_vec() })
    });
    segments.take(count).collect()
}

fn merge(segments: Vec<Segment>, max_gap: usize) -> Vec<Segment> {
    let mut merged: Vec<Segment> = vec![];
    for segment in segments.into_iter().filter(|it| !it.bytes.is_empty()) {
        let last = merged.last_mut();
        let gap = |last: &Segment| segment.address.checked_sub(last.address + last.bytes.len());
        match last.map(|last| (gap(last), last)) {
            Some((Some(gap), last)) if gap <= max_gap => {
                last.bytes.resize(last.bytes.len() + gap, 0);
                last.bytes.extend(segment.bytes);
            }
            _ => merged.push(segment),
        }
    }
    merged
}

fn encode(segments: &[Segment]) -> Vec<u8> {
    let mut out = encode_count(segments.len());
    for Segment { address, bytes } in segments {
        out.extend([0, CONST]);
        write_signed_number(&mut out, *address);
        out.push(END);
        write_number(&mut out, bytes.len());
        out.extend(bytes);
    }
    out
}

fn encode_count(count: usize) -> Vec<u8> {
    let mut out = vec![];
    write_number(&mut out, count);
    out
}

/// An address, which is encoded as a signed number (SLEB128). `None` if it is negative: data is in
/// the lower half of the memory.
fn signed_number(from: &mut &[u8]) -> Option<usize> {
    let before = *from;
    let value = number(from)?;
    let last = before.get(before.len() - from.len() - 1)?;
    (last & 0x40 == 0).then_some(value)
}

fn write_signed_number(into: &mut Vec<u8>, value: usize) {
    write_number(into, value);
    // The highest bit of the last byte is the sign.
    if let Some(last) = into.last_mut().filter(|last| **last & 0x40 != 0) {
        *last |= 0x80;
        into.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(segments: &[(usize, &[u8])]) -> Vec<u8> {
        let segments: Vec<_> = segments
            .iter()
            .map(|(address, bytes)| Segment { address: *address, bytes: bytes.to_vec() })
            .collect();
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        for (kind, content) in [
            (1, b"type".to_vec()),
            (DATA_COUNT, encode_count(segments.len())),
            (10, b"code".to_vec()),
            (DATA, encode(&segments)),
        ] {
            wasm.push(kind);
            write_number(&mut wasm, content.len());
            wasm.extend(content);
        }
        wasm
    }

    #[test]
    fn neighbours_become_one_segment() {
        let wasm = module(&[(64, b"ab"), (65, b""), (66, b"c"), (70, b"d"), (90, b"e")]);
        let apart = module(&[(64, b"abc"), (70, b"d"), (90, b"e")]);
        assert_eq!(merge_data_segments(&wasm, false), Some(apart));
        let filled = module(&[(64, b"abc\0\0\0d"), (90, b"e")]);
        assert_eq!(merge_data_segments(&wasm, true), Some(filled));
    }

    #[test]
    fn addresses_are_signed_numbers() {
        for address in [0, 63, 64, 8_191, 8_192, 1_048_576, 0x7fff_ffff] {
            let mut bytes = vec![];
            write_signed_number(&mut bytes, address);
            let mut rest = &bytes[..];
            assert_eq!(signed_number(&mut rest), Some(address));
            assert!(rest.is_empty());
        }
        assert_eq!(signed_number(&mut &[0x40][..]), None, "-64");
    }

    #[test]
    fn other_modules_are_refused() {
        let wasm = module(&[(64, b"ab")]);
        let start = wasm.windows(2).rposition(|it| it == [0, CONST]).unwrap();
        for (place, byte) in [(start, 1), (start + 1, 0x23)] {
            let mut odd = wasm.clone();
            odd[place] = byte;
            assert!(merge_data_segments(&odd, true).is_none());
        }
        assert!(merge_data_segments(&wasm[..wasm.len() - 1], true).is_none());
        let empty = module(&[]);
        assert_eq!(merge_data_segments(&empty, true), Some(empty));
    }
}
