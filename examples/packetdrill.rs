//! Runs packetdrill scripts against the machine.
//!
//! `cargo run --release --example packetdrill -- [--stack freebsd|linux] [--delayed-ack MS]
//! [--tolerance MS] [--isn ISS,IRS] [--define NAME]... [--strict-tail] [--json] FILE...`
//!
//! Prints a line for each file, then how many passed. The exit code is 0 only where all did.

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::{Value, json};
use tcp_handshake::packetdrill::{
    DEFAULT_DEFINES, Failure, Options, Report, Stack, Verdict, parse_with, run,
};
use tcp_handshake::time::Duration;

const USAGE: &str = "usage: packetdrill [--stack freebsd|linux] [--delayed-ack MS] \
    [--tolerance MS] [--isn ISS,IRS] [--define NAME]... [--strict-tail] [--json] FILE...";

/// What the command line asks for.
#[derive(Default)]
struct Request {
    options: Options,
    /// Where empty, the library's own.
    defines: Vec<String>,
    json: bool,
    files: Vec<String>,
}

fn main() -> ExitCode {
    let request = match Request::read(std::env::args().skip(1)) {
        Ok(request) => request,
        Err(complaint) => {
            eprintln!("{complaint}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match request.report(&mut io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Nobody reads any further.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// What came of one file.
struct FileResult {
    verdict: Verdict,
    /// There is none for a script that could not be read.
    report: Option<Report>,
}

impl Request {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut request = Self::default();
        while let Some(word) = words.next() {
            let (flag, inline) = match word.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => {
                    (flag.to_owned(), Some(value.to_owned()))
                }
                _ => (word.clone(), None),
            };
            let mut value =
                || inline.clone().or_else(|| words.next()).ok_or(format!("{flag} needs a value"));
            match flag.as_str() {
                "--stack" => {
                    request.options.stack = match value()?.as_str() {
                        "freebsd" => Stack::FreeBsd,
                        "linux" => Stack::Linux,
                        other => return Err(format!("no such stack: {other}")),
                    }
                }
                "--delayed-ack" => request.options.delayed_ack = Some(millis(&value()?)?),
                "--tolerance" => request.options.tolerance = Some(millis(&value()?)?),
                "--isn" => request.options.isn = isn(&value()?)?,
                "--define" => request.defines.push(value()?),
                "--strict-tail" => request.options.strict_tail = true,
                "--json" => request.json = true,
                _ if word.starts_with("--") => return Err(format!("no such option: {word}")),
                _ => request.files.push(word),
            }
        }
        if request.files.is_empty() { Err("no file".to_owned()) } else { Ok(request) }
    }

    /// Runs every file and prints what came of it; whether all passed.
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
            Ok(octets) => String::from_utf8_lossy(&octets).into_owned(),
            Err(error) => {
                let (want, context) = ("a file".to_owned(), "not run".to_owned());
                let failure = Failure { line: 0, want, got: error.to_string(), context };
                return FileResult { verdict: Verdict::Failed(failure), report: None };
            }
        };
        let defines: Vec<&str> = if self.defines.is_empty() {
            DEFAULT_DEFINES.to_vec()
        } else {
            self.defines.iter().map(String::as_str).collect()
        };
        match parse_with(&text, &defines) {
            Ok(script) => {
                let report = run(&script, &self.options);
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
    let millis: u32 = text.parse().map_err(|_| format!("no number of milliseconds: {text}"))?;
    Ok(Duration::from_millis(u64::from(millis)))
}

/// `ISS,IRS`.
fn isn(text: &str) -> Result<(u32, u32), String> {
    let refuse = || format!("no ISS,IRS: {text}");
    let (iss, irs) = text.split_once(',').ok_or_else(refuse)?;
    Ok((iss.parse().map_err(|_| refuse())?, irs.parse().map_err(|_| refuse())?))
}
