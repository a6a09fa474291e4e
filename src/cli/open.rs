//! `tcp-handshake open`: the connections of a capture, or its segments.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write as _};
use std::path::PathBuf;

use lexopt::Arg::{Long, Value};
use lexopt::{Parser, ValueExt as _};
use tcp_handshake::capture::{
    Capture, MOST_SEGMENTS, ReadError, Reconstruction, SegmentLine, TracedSegment, connection_table,
};
use tcp_handshake::export::{Format, Options, Place, export_capture};
use tcp_handshake::locale::{Catalog, LANGUAGES, language};

use super::failure::Failure;

pub const USAGE: &str = "\
usage: tcp-handshake open FILE [--segments]
       tcp-handshake open FILE --connection N [--format FORMAT] [--lang LANG] [--full] [--at PLACE]

Reads a capture and lists its TCP connections. Facts about the capture as a whole, and errors with
their byte offset, go to standard error; what was read before an error is printed.

  --segments       one line a segment instead, with tabs between its fields: frame, connection,
                   sender, receiver, flags, SEQ, ACK, length of the data, notes
  --connection N   one connection of the list, with the states of both hosts as far as the capture
                   shows them; its first 2,000 segments
  --format FORMAT  markdown (the default), json, mermaid, svg, svg-animated; pcapng, with other
                   addresses and without data
  --lang LANG      en (the default) or ko
  --full           markdown: every number and state
  --at PLACE       pcapng: client (the default), server or both
  FILE             pcap, pcapng, or the text of tcpdump -n or tshark; - is standard input
";

/// The size of a read, in bytes.
const CHUNK: usize = 1 << 18;

struct Request {
    path: PathBuf,
    segments: bool,
    /// The connection to export, and how.
    export: Option<Export>,
}

struct Export {
    connection: usize,
    format: Format,
    lang: String,
    options: Options,
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
    let mut chosen = vec![];
    let mut chunk = vec![0; CHUNK];
    let mut written = Ok(());
    let number = request.export.as_ref().map(|export| export.connection);
    let mut each = |segment: &TracedSegment| {
        if request.segments && written.is_ok() {
            written = writeln!(out, "{}", SegmentLine(segment));
        }
        // As many of the chosen connection as are shown, and one to know that there are more.
        if number == Some(segment.connection) && chosen.len() <= 2 * MOST_SEGMENTS {
            chosen.push(segment.clone());
        }
    };
    let end: Result<(), ReadError> = loop {
        let length = match file.read(&mut chunk) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(error)),
        };
        let result = if length == 0 {
            capture.finish(&mut each)
        } else {
            capture.push(&chunk[..length], &mut each)
        };
        if result.is_err() || length == 0 {
            break result;
        }
    };
    written?;
    if let Some(export) = &request.export {
        out.write_all(&exported(&capture, &chosen, export)?)?;
    } else if !request.segments {
        out.write_all(connection_table(capture.connections()).as_bytes())?;
    }
    out.flush()?;
    eprint!("{}", capture.remarks());
    end.map_err(|error| Failure::Failed(format!("{name}: {error}")))
}

/// The chosen connection as a file.
fn exported(
    capture: &Capture,
    segments: &[TracedSegment],
    export: &Export,
) -> Result<Vec<u8>, Failure> {
    let all = capture.connections();
    let connection = all.get(export.connection).ok_or_else(|| {
        Failure::Failed(format!(
            "no connection {}; the capture has {}",
            export.connection,
            all.len()
        ))
    })?;
    let catalog = Catalog::built_in(&export.lang)
        .ok_or_else(|| Failure::Failed("the language file cannot be read".to_owned()))?;
    let run = Reconstruction::of(segments, connection.ends[0].address, None);
    export_capture(&run, export.format, &catalog, &export.options)
        .map_err(|error| Failure::Failed(error.to_string()))
}

fn read_arguments(mut parser: Parser) -> Result<Request, Failure> {
    let mut path = None;
    let mut segments = false;
    let mut connection = None;
    let mut detail = None;
    let mut export = Export {
        connection: 0,
        format: Format::Markdown,
        lang: LANGUAGES[0].code.to_owned(),
        options: Options::default(),
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("segments") => segments = true,
            Long("connection") => connection = Some(parser.value()?.parse()?),
            Long("format") => {
                let id = parser.value()?.string()?;
                export.format = Format::from_id(&id).ok_or_else(|| unknown("format", &id))?;
                detail = Some("--format");
            }
            Long("lang") => {
                let tag = parser.value()?.string()?;
                let known = language(&tag).ok_or_else(|| unknown("language", &tag))?;
                known.code.clone_into(&mut export.lang);
                detail = Some("--lang");
            }
            Long("full") => {
                export.options.full = true;
                detail = Some("--full");
            }
            Long("at") => {
                let id = parser.value()?.string()?;
                export.options.at = Place::from_id(&id).ok_or_else(|| unknown("place", &id))?;
                detail = Some("--at");
            }
            Value(value) if path.is_none() => path = Some(PathBuf::from(value)),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let path = path.ok_or_else(|| Failure::Usage("no file".to_owned()))?;
    match (connection, detail) {
        (None, Some(option)) => Err(Failure::Usage(format!("{option} needs --connection"))),
        (Some(_), _) if segments => {
            Err(Failure::Usage("either --segments or --connection".to_owned()))
        }
        (None, None) => Ok(Request { path, segments, export: None }),
        (Some(connection), _) => {
            Ok(Request { path, segments, export: Some(Export { connection, ..export }) })
        }
    }
}

fn unknown(kind: &str, name: &str) -> Failure {
    Failure::Usage(format!("no {kind} {name}"))
}
