//! Captured traffic: pcap and pcapng files and the text of tcpdump and tshark, read as a stream
//! into TCP segments, connections, and notes such as "retransmission".
//!
//! [`Capture`] takes a file in chunks of any size, calls back for every TCP segment, and keeps one
//! [`Connection`] for each pair of endpoints and initial sequence number. Memory does not grow with
//! the length of the file but with the number of connections, which is limited.
//!
//! docs/capture.md lists formats, limits, and the differences from tshark.

mod analysis;
mod connection;
mod error;
mod input;
mod ip;
mod link;
mod notes;
mod packet;
mod pcap;
mod pcapng;
mod reconstruct;
mod remarks;
mod segment;
mod table;
mod text;
mod traced;
mod tracker;

pub use connection::{Closing, Connection, End, Opening};
pub use error::{ErrorKind, ReadError};
pub use notes::{Note, Notes};
pub use reconstruct::{CapturePoint, MOST_SEGMENTS, Path, Reconstruction};
pub use remarks::{Remark, Remarks};
pub use segment::{CapturedSegment, TcpOptions};
pub use table::{SegmentLine, connection_table, date_and_time, seconds};
pub use traced::TracedSegment;

use input::Input;
use tracker::Tracker;

/// A capture while it is being read, and its result afterwards.
#[derive(Default)]
pub struct Capture {
    input: Input,
    tracker: Tracker,
    remarks: Remarks,
}

impl Capture {
    /// A capture of which nothing has been read.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next bytes of the file and calls `each` for every segment that they complete.
    ///
    /// After an error, the segments and connections read so far stay valid, and no more bytes are
    /// accepted.
    pub fn push(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(&TracedSegment),
    ) -> Result<(), ReadError> {
        let Self { input, tracker, remarks } = self;
        input.push(bytes, remarks, &mut |segment, remarks| {
            if let Some(traced) = tracker.trace(segment, remarks) {
                each(&traced);
            }
        })
    }

    /// Ends the file: reports a packet that is cut short, and reads a last line without a newline.
    pub fn finish(&mut self, mut each: impl FnMut(&TracedSegment)) -> Result<(), ReadError> {
        let Self { input, tracker, remarks } = self;
        let result = input.finish(remarks, &mut |segment, remarks| {
            if let Some(traced) = tracker.trace(segment, remarks) {
                each(&traced);
            }
        });
        tracker.finish(remarks);
        result
    }

    /// The connections, numbered from 0 in order of appearance.
    #[must_use]
    pub fn connections(&self) -> &[Connection] {
        self.tracker.connections()
    }

    /// How many packets the file holds so far, TCP or not.
    #[must_use]
    pub fn packets(&self) -> u64 {
        self.input.packets()
    }

    /// Facts about the capture as a whole, each reported once with a count.
    #[must_use]
    pub fn remarks(&self) -> &Remarks {
        &self.remarks
    }
}
