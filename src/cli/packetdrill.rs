//! `tcp-handshake packetdrill`: packetdrill scripts run against the machine.

use std::io::{self, Write};

use lexopt::Arg::{Long, Value as Word};
use lexopt::{Parser, ValueExt as _};
use serde_json::{Value, json};
use tcp_handshake::packetdrill::{
    self, DEFAULT_DEFINES, Options, Report, Stack, Verdict, parse_with,
};
use tcp_handshake::time::Duration;

use super::failure::Failure;

pub const USAGE: &str = "\
usage: tcp-handshake packetdrill [--stack STACK] [--delayed-ack MS] [--tolerance MS]
                                 [--isn ISS,IRS] [--define NAME]... [--strict-tail] [--json] FILE...

Runs each script, prints a line for each, then how many passed. The exit status is 0 only if all
passed.

  --stack STACK     the stack that the scripts were written for: freebsd, linux or rfc9293;
                    without it, the one that a script names (`// stack: linux`), or freebsd
  --delayed-ack MS  how long an ACK may be delayed, instead of the stack's value; 0: not at all
  --tolerance MS    how far a segment may be off its time; a script may set a larger tolerance
  --isn ISS,IRS     initial sequence numbers, added to the script's, to test wrap-around
  --define NAME     a name that #ifdef finds defined, instead of the default, STANDARD
  --strict-tail     fail a script if a segment follows that its end does not mention
  --json            write one JSON document instead of lines
";

/// The arguments of `packetdrill`.
#[derive(Default)]
struct Request {
    options: Options,
    /// Whether `--stack` was given, which then counts more than the script's comment.
    has_stack: bool,
    /// If empty, the library's own definitions apply.
    defines: Vec<String>,
    json: bool,
    files: Vec<String>,
}

/// Runs the scripts. Fails if one of them does not pass.
pub fn run(parser: Parser) -> Result<(), Failure> {
    let all_passed = Request::read(parser)?.report(&mut io::stdout().lock())?;
    if all_passed { Ok(()) } else { Err(Failure::Reported) }
}

/// The result of one file.
struct FileResult {
    verdict: Verdict,
    /// `None` if the script could not be read.
    report: Option<Report>,
}

impl Request {
    fn read(mut parser: Parser) -> Result<Self, Failure> {
        let mut request = Self::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("stack") => {
                    let id = parser.value()?.string()?;
                    let stack = Stack::from_id(&id);
                    request.has_stack = true;
                    request.options.stack =
                        stack.ok_or_else(|| Failure::Usage(format!("no stack {id}")))?;
                }
                Long("delayed-ack") => {
                    request.options.delayed_ack = Some(parser.value()?.parse_with(millis)?);
                }
                Long("tolerance") => {
                    request.options.tolerance = Some(parser.value()?.parse_with(millis)?);
                }
                Long("isn") => request.options.isn = parser.value()?.parse_with(isn)?,
                Long("define") => request.defines.push(parser.value()?.string()?),
                Long("strict-tail") => request.options.strict_tail = true,
                Long("json") => request.json = true,
                Word(path) => request.files.push(path.string()?),
                _ => return Err(argument.unexpected().into()),
            }
        }
        if request.files.is_empty() {
            return Err(Failure::Usage("no file".to_owned()));
        }
        Ok(request)
    }

    /// Runs every file and prints its result. Returns whether all passed.
    fn report(&self, out: &mut impl Write) -> io::Result<bool> {
        let (mut passed, mut failed, mut unsupported) = (0, 0, 0);
        let mut files = Vec::new();
        for path in &self.files {
            let result = self.run(path);
            match result.verdict {
                Verdict::Passed => passed += 1,
                Verdict::Failed(_) => failed += 1,
                Verdict::Unsupported { .. } => unsupported += 1,
            }
            if self.json {
                files.push(result.json(path));
            } else {
                writeln!(out, "{}", result.line(path))?;
            }
        }
        if self.json {
            let counts = json!({ "passed": passed, "failed": failed, "unsupported": unsupported });
            writeln!(out, "{:#}", json!({ "files": files, "counts": counts }))?;
        } else {
            writeln!(out, "{passed} passed, {failed} failed, {unsupported} unsupported")?;
        }
        Ok(failed + unsupported == 0)
    }

    fn run(&self, path: &str) -> FileResult {
        let text = match std::fs::read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                let (want, context) = ("a file".to_owned(), "not run".to_owned());
                let failure =
                    packetdrill::Failure { line: 0, want, got: error.to_string(), context };
                return FileResult { verdict: Verdict::Failed(failure), report: None };
            }
        };
        let defines: Vec<&str> = if self.defines.is_empty() {
            DEFAULT_DEFINES.to_vec()
        } else {
            self.defines.iter().map(String::as_str).collect()
        };
        match parse_with(&text, &defines) {
            Ok(mut script) => {
                if self.has_stack {
                    script.preamble.stack = None;
                }
                let report = packetdrill::run(&script, &self.options);
                FileResult { verdict: report.verdict.clone(), report: Some(report) }
            }
            Err(error) => FileResult { verdict: error.into(), report: None },
        }
    }
}

impl FileResult {
    fn line(&self, path: &str) -> String {
        self.verdict.line(path)
    }

    fn json(&self, path: &str) -> Value {
        let notes: Vec<Value> = self
            .report
            .iter()
            .flat_map(|report| &report.notes)
            .map(|note| json!({ "line": note.line, "text": note.text }))
            .collect();
        let spellings = self.report.as_ref().map_or(0, |report| report.spellings);
        let mut value = json!({ "path": path, "notes": notes, "otherSpellings": spellings });
        value["unchecked"] = json!(self.report.as_ref().map_or(0, |report| report.unchecked));
        let facts = match &self.verdict {
            Verdict::Passed => json!({ "verdict": "pass" }),
            Verdict::Failed(failure) => json!({
                "verdict": "fail",
                "line": failure.line,
                "want": failure.want,
                "got": failure.got,
                "context": failure.context,
            }),
            Verdict::Unsupported { line, what } => {
                json!({ "verdict": "unsupported", "line": line, "what": what })
            }
        };
        if let (Value::Object(value), Value::Object(facts)) = (&mut value, facts) {
            value.extend(facts);
        }
        value
    }
}

fn millis(text: &str) -> Result<Duration, String> {
    let millis: u32 = text.parse().map_err(|_| "not a number of milliseconds".to_owned())?;
    Ok(Duration::from_millis(u64::from(millis)))
}

/// Reads `ISS,IRS`.
fn isn(text: &str) -> Result<(u32, u32), String> {
    let numbers = text.split_once(',').and_then(|(iss, irs)| {
        let iss = iss.parse().ok()?;
        Some((iss, irs.parse().ok()?))
    });
    numbers.ok_or_else(|| "not two numbers, ISS,IRS".to_owned())
}
