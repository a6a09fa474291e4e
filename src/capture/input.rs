//! A file in chunks of any size: its format, its records, and the offset of an error.

use super::error::{ErrorKind, ReadError};
use super::ip::read_packet;
use super::packet::{MAX_PACKET, OnSegment, Packet, Step};
use super::pcap::Pcap;
use super::pcapng::Pcapng;
use super::remarks::{Remark, Remarks};
use super::text::TextReader;

/// The longest line of text that is read, in bytes.
const MAX_LINE: usize = 65_536;
/// How many bytes must look like text, in a file that has so many.
const TEXT_SAMPLE: usize = 512;

enum Format {
    Unknown,
    Pcap(Pcap),
    Pcapng(Pcapng),
    Text(TextReader),
}

/// A file that arrives in chunks.
pub(super) struct Input {
    format: Format,
    /// The start of a record whose end has not arrived.
    pending: Vec<u8>,
    /// The offset in the file of the next byte to read.
    offset: u64,
    /// Bytes still to be skipped.
    skip: u64,
    packets: u64,
    last_time: i64,
    failed: Option<ReadError>,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            format: Format::Unknown,
            pending: vec![],
            offset: 0,
            skip: 0,
            packets: 0,
            last_time: i64::MIN,
            failed: None,
        }
    }
}

impl Input {
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// Reads all records that `bytes` complete.
    pub fn push(
        &mut self,
        bytes: &[u8],
        remarks: &mut Remarks,
        each: &mut OnSegment<'_>,
    ) -> Result<(), ReadError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut bytes = bytes;
        // Complete the pending record first; then read from `bytes` itself, without copying it.
        while !self.pending.is_empty() && !bytes.is_empty() {
            let mut pending = core::mem::take(&mut self.pending);
            let (taken, rest) = bytes.split_at(bytes.len().min(MAX_PACKET));
            let old = pending.len();
            pending.extend_from_slice(taken);
            let used = self.read(&pending, remarks, each)?;
            if used < old {
                pending.drain(..used);
                self.pending = pending;
                bytes = rest;
            } else {
                bytes = &bytes[used - old..];
            }
        }
        let used = self.read(bytes, remarks, each)?;
        if used < bytes.len() {
            self.pending.extend_from_slice(&bytes[used..]);
        }
        Ok(())
    }

    /// Reads what is left at the end of the file.
    pub fn finish(
        &mut self,
        remarks: &mut Remarks,
        each: &mut OnSegment<'_>,
    ) -> Result<(), ReadError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let pending = core::mem::take(&mut self.pending);
        if let Format::Unknown = self.format {
            self.format = match detect(&pending, true) {
                Ok(Some(format)) => format,
                Ok(None) => return self.fail(ErrorKind::CutShort),
                Err(kind) => return self.fail(kind),
            };
        }
        let used = self.read(&pending, remarks, each)?;
        let rest = &pending[used..];
        if let Format::Text(reader) = &mut self.format {
            reader.line(rest, &mut self.packets, remarks, each);
            let found = reader.finish(remarks, each);
            return if found { Ok(()) } else { self.fail(ErrorKind::NoSegmentInText) };
        }
        if rest.is_empty() && self.skip == 0 { Ok(()) } else { self.fail(ErrorKind::CutShort) }
    }

    fn fail<T>(&mut self, kind: ErrorKind) -> Result<T, ReadError> {
        let error = ReadError { offset: self.offset, kind };
        self.failed = Some(error);
        Err(error)
    }

    /// Reads records from the start of `bytes`, and gives the number of bytes that they take.
    fn read(
        &mut self,
        bytes: &[u8],
        remarks: &mut Remarks,
        each: &mut OnSegment<'_>,
    ) -> Result<usize, ReadError> {
        let mut used = 0;
        loop {
            let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len() - used);
            self.skip -= skipped as u64;
            self.advance(&mut used, skipped);
            let rest = &bytes[used..];
            if rest.is_empty() {
                return Ok(used);
            }
            let step = match &mut self.format {
                Format::Unknown => match self.open(rest) {
                    Ok(Some(header)) => Ok(Step::Skip(header)),
                    Ok(None) => return Ok(used),
                    Err(kind) => Err(kind),
                },
                Format::Pcap(pcap) => pcap.step(rest),
                Format::Pcapng(pcapng) => pcapng.step(rest),
                Format::Text(reader) => match rest.iter().position(|byte| *byte == b'\n') {
                    Some(end) if end <= MAX_LINE => {
                        reader.line(&rest[..end], &mut self.packets, remarks, each);
                        Ok(Step::Skip(end + 1))
                    }
                    None if rest.len() <= MAX_LINE => return Ok(used),
                    _ => Err(ErrorKind::LineTooLong),
                },
            };
            match step {
                Ok(Step::Incomplete) => return Ok(used),
                Ok(Step::Skip(length)) => self.skip = length as u64,
                Ok(Step::Packet(length, packet)) => {
                    self.packet(&packet, remarks, each);
                    self.advance(&mut used, length);
                }
                Err(kind) => return self.fail(kind),
            }
        }
    }

    fn advance(&mut self, used: &mut usize, length: usize) {
        *used += length;
        self.offset += length as u64;
    }

    /// Recognises the format; gives the length of its header, or `None` if more bytes are needed.
    fn open(&mut self, bytes: &[u8]) -> Result<Option<usize>, ErrorKind> {
        let Some(format) = detect(bytes, false)? else { return Ok(None) };
        self.format = format;
        Ok(Some(if let Format::Pcap(_) = self.format { Pcap::HEADER } else { 0 }))
    }

    fn packet(&mut self, packet: &Packet<'_>, remarks: &mut Remarks, each: &mut OnSegment<'_>) {
        self.packets += 1;
        if packet.at < self.last_time {
            remarks.add(Remark::TimeBackwards);
        }
        self.last_time = packet.at;
        if packet.data.len() < packet.wire_length {
            remarks.add(Remark::CutPackets);
        }
        if let Some(segment) = read_packet(packet, self.packets, remarks) {
            each(segment, remarks);
        }
    }
}

/// The format of a file by its first bytes; `None` if there are too few to tell.
fn detect(bytes: &[u8], is_all: bool) -> Result<Option<Format>, ErrorKind> {
    if bytes.is_empty() && is_all {
        return Err(ErrorKind::Empty);
    }
    let Some(magic) = bytes.first_chunk::<4>() else {
        return if is_all { Err(ErrorKind::UnknownFormat) } else { Ok(None) };
    };
    match *magic {
        [0xa1, 0xb2, 0xc3, 0xd4]
        | [0xd4, 0xc3, 0xb2, 0xa1]
        | [0xa1, 0xb2, 0x3c, 0x4d]
        | [0x4d, 0x3c, 0xb2, 0xa1]
        | [0x34, 0xcd, 0xb2, 0xa1] => Ok(Pcap::open(bytes)?.map(Format::Pcap)),
        [0x0a, 0x0d, 0x0d, 0x0a] => Ok(Some(Format::Pcapng(Pcapng::default()))),
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd] | [0x04, 0x22, 0x4d, 0x18] => {
            Err(ErrorKind::Compressed)
        }
        _ if bytes.len() < TEXT_SAMPLE && !is_all => Ok(None),
        // Text has no control characters but white space.
        _ => {
            let mut sample = bytes.iter().take(TEXT_SAMPLE);
            let is_text = sample.all(|byte| *byte >= b' ' || byte.is_ascii_whitespace());
            let text = Format::Text(TextReader::default());
            if is_text { Ok(Some(text)) } else { Err(ErrorKind::UnknownFormat) }
        }
    }
}
