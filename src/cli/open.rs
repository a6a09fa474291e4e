//! `tcp-handshake open`: the connections of a capture, or its segments.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write as _};
use std::path::PathBuf;

use lexopt::Arg::{Long, Value};
use lexopt::Parser;
use tcp_handshake::capture::{Capture, ReadError, SegmentLine, TracedSegment, connection_table};

use super::failure::Failure;

pub const USAGE: &str = "\
usage: tcp-handshake open FILE [--segments]

Reads a capture and lists its TCP connections. Facts about the capture as a whole, and errors with
their byte offset, go to standard error; what was read before an error is printed.

  --segments       one line a segment instead, with tabs between its fields: frame, connection,
                   sender, receiver, flags, SEQ, ACK, length of the data, notes
  FILE             pcap, pcapng, or the text of tcpdump -n or tshark; - is standard input
";

/// The size of a read, in bytes.
const CHUNK: usize = 1 << 18;

struct Request {
    path: PathBuf,
    segments: bool,
}

/// Opens a capture, and fails if it cannot be read to its end.
pub fn run(parser: Parser) -> Result<(), Failure> {
    let request = read_arguments(parser)?;
    let name = request.path.display();
    let failed = |error: io::Error| Failure::Failed(format!("{name}: {error}"));
    let mut file: Box<dyn Read> = if request.path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(&request.path).map_err(failed)?)
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut capture = Capture::new();
    let mut chunk = vec![0; CHUNK];
    let mut written = Ok(());
    let mut print = |segment: &TracedSegment| {
        if request.segments && written.is_ok() {
            written = writeln!(out, "{}", SegmentLine(segment));
        }
    };
    let end: Result<(), ReadError> = loop {
        let length = match file.read(&mut chunk) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(error)),
        };
        let result = if length == 0 {
            capture.finish(&mut print)
        } else {
            capture.push(&chunk[..length], &mut print)
        };
        if result.is_err() || length == 0 {
            break result;
        }
    };
    written?;
    if !request.segments {
        out.write_all(connection_table(capture.connections()).as_bytes())?;
    }
    out.flush()?;
    eprint!("{}", capture.remarks());
    end.map_err(|error| Failure::Failed(format!("{name}: {error}")))
}

fn read_arguments(mut parser: Parser) -> Result<Request, Failure> {
    let mut path = None;
    let mut segments = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("segments") => segments = true,
            Value(value) if path.is_none() => path = Some(PathBuf::from(value)),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let path = path.ok_or_else(|| Failure::Usage("no file".to_owned()))?;
    Ok(Request { path, segments })
}
