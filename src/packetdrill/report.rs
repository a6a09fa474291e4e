//! The result of a run.

use core::fmt;

use super::script::ParseError;
use crate::sim::{Side, Trace};
use crate::tcp::{Config, SeqNumber};

/// The result of running a script.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whether it passed.
    pub verdict: Verdict,
    /// Remarks on the verdict, such as assertions that were not checked and segments left over.
    pub notes: Vec<Note>,
    /// How often an equivalent result was accepted instead of the script's.
    pub spellings: u32,
    /// How many assertions were about values that are not known here.
    pub unchecked: u32,
    /// Everything that happened: the host under test's steps, and both sides' segments. The
    /// script's side has no connection of its own, and so no steps.
    pub trace: Trace,
    /// The side of the host under test in the trace; the script plays the other.
    pub side: Side,
    /// For each step of the trace, the script's line that caused it or waited for it.
    pub step_lines: Vec<u32>,
    /// For each segment of the trace, the script's line that sent or expected it; `None` if the
    /// script does not mention it.
    pub segment_lines: Vec<Option<u32>>,
    /// The options of the host under test at the end.
    pub config: Config,
}

/// Whether a script passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The run was as the script demands.
    Passed,
    /// The run differed from the script.
    Failed(Failure),
    /// The script uses something that is not supported.
    Unsupported {
        /// Its line, from 1.
        line: u32,
        /// The unsupported part.
        what: String,
    },
}

/// The first difference between a script and what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The script's line, from 1.
    pub line: u32,
    /// The expectation.
    pub want: String,
    /// The actual result.
    pub got: String,
    /// The state, and the last segments sent.
    pub context: String,
}

/// A remark that does not change the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The script's line, if the remark is about one.
    pub line: Option<u32>,
    /// The remark.
    pub text: String,
}

/// The report of an empty run.
impl Default for Report {
    fn default() -> Self {
        Self {
            verdict: Verdict::Passed,
            notes: vec![],
            spellings: 0,
            unchecked: 0,
            trace: Trace::default(),
            side: Side::Client,
            step_lines: vec![],
            segment_lines: vec![],
            config: Config::rfc9293(SeqNumber(0)),
        }
    }
}

impl Report {
    /// Whether the script passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.verdict == Verdict::Passed
    }
}

impl Verdict {
    /// The verdict in one line, with the script's path.
    #[must_use]
    pub fn line(&self, path: &str) -> String {
        match self {
            Self::Passed => format!("PASS {path}"),
            Self::Failed(failure) => format!("FAIL {path}:{failure}"),
            Self::Unsupported { line, what } => format!("UNSUPPORTED {path}:{line}: {what}"),
        }
    }
}

/// An unsupported script gives that verdict; a wrong one fails.
impl From<ParseError> for Verdict {
    fn from(error: ParseError) -> Self {
        let ParseError { line, message, unsupported } = error;
        if unsupported {
            return Self::Unsupported { line, what: message };
        }
        let (want, context) = ("a script".to_owned(), "not run".to_owned());
        Self::Failed(Failure { line, want, got: message, context })
    }
}

/// Prints `line: want … got … (state, last segments)`.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, want, got, context } = self;
        write!(f, "{line}: want {want} got {got} ({context})")
    }
}
