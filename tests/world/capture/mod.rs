//! Captures: our own exports, files written byte by byte, damaged files, and text.

mod build;
mod command;
mod damaged;
mod exports;
mod files;
mod notes;
mod reconstruct;
mod text;
mod tshark;

use tcp_handshake::capture::{Capture, ReadError, SegmentLine, TracedSegment};

/// The result of reading a capture.
struct Opened {
    segments: Vec<TracedSegment>,
    capture: Capture,
    result: Result<(), ReadError>,
}

impl Opened {
    /// The lines of `open --segments`.
    fn lines(&self) -> Vec<String> {
        self.segments.iter().map(|segment| SegmentLine(segment).to_string()).collect()
    }

    fn remarks(&self) -> String {
        self.capture.remarks().to_string()
    }
}

/// Reads a capture in chunks of `chunk` bytes.
fn open_in_chunks(bytes: &[u8], chunk: usize) -> Opened {
    let mut capture = Capture::new();
    let mut segments = Vec::new();
    let mut each = |segment: &TracedSegment| segments.push(segment.clone());
    let pushed = bytes.chunks(chunk).try_for_each(|bytes| capture.push(bytes, &mut each));
    let result = pushed.and_then(|()| capture.finish(&mut each));
    Opened { segments, capture, result }
}

fn open(bytes: &[u8]) -> Opened {
    open_in_chunks(bytes, bytes.len().max(1))
}
