//! A packetdrill script in the page: it is parsed, run, and shown on the ladder like a scenario.

use std::rc::Rc;

use crate::packetdrill::{self, Note, Options, Report, Stack, Verdict};
use crate::sim::{self, Application, Effect, Network, Scenario, Side, Timeline, Trace};
use crate::tcp::{Config, SeqNumber};
use crate::time::{Duration, Instant};

/// The longest script that is read, in bytes.
pub const MAX_SCRIPT: usize = 256 * 1024;
/// The most steps and segments of a run that the page can show.
const MOST_WORK: usize = 4_000;
/// The one-way delay, unless the script's peer answers sooner.
const LONGEST_DELAY: Duration = Duration::from_millis(50);
const SHORTEST_DELAY: Duration = Duration::from_millis(1);

/// A script with the result of its run.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its text.
    pub text: Rc<str>,
    /// The stack whose defaults the script expects.
    pub stack: Stack,
    /// Whether the run met every expectation of the script.
    pub verdict: Verdict,
    /// Remarks beside the verdict, such as expectations that were not checked.
    pub notes: Vec<Note>,
    /// The side of the host under test; the script plays the other.
    pub side: Side,
    /// The one-way delay with which segments are drawn. The run's clock is ahead of the script's by
    /// this much.
    pub one_way_delay: Duration,
    step_lines: Vec<u32>,
    segment_lines: Vec<Option<u32>>,
}

/// A script that is being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Whether the panel is open.
    pub is_open: bool,
    /// The text so far.
    pub text: Rc<str>,
    /// The stack whose defaults the script expects.
    pub stack: Stack,
    /// Why the text was refused, if it was.
    pub complaint: Option<Complaint>,
    /// Whether the result of reading it is awaited.
    pub is_awaited: bool,
}

/// Why a text was not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// It is longer than the limit of its kind.
    TooLong {
        /// Its length in bytes.
        octets: usize,
        /// The limit, in bytes.
        most: usize,
    },
    /// The file cannot be read.
    NoFile,
    /// The code that reads opened texts could not be loaded.
    NotLoaded,
    /// A trace is not JSON from this line and column on.
    NotJson {
        /// The line's number, from 1.
        line: usize,
        /// The column's number, from 1.
        column: usize,
    },
    /// A field of a trace is missing, or disagrees with the run.
    Field(String),
    /// A line is not understood.
    Line {
        /// The line's number, from 1.
        line: u32,
        /// Why, in packetdrill's own terms.
        message: String,
    },
}

impl Draft {
    /// Whether the result of reading this text for this stack is awaited.
    #[must_use]
    pub fn awaits(&self, text: &str, stack: Stack) -> bool {
        self.is_awaited && *self.text == *text && self.stack == stack
    }
}

impl Script {
    /// A script's run, prepared for the page.
    pub(super) fn of(
        report: Report,
        one_way_delay: Duration,
        text: Rc<str>,
        stack: Stack,
    ) -> (Self, Timeline) {
        let Report { verdict, notes, side, step_lines, segment_lines, config, trace, .. } = report;
        let peer = Config { iss: SeqNumber(0), ..config.clone() };
        let mut configs = [config, peer];
        if side == Side::Server {
            configs.reverse();
        }
        let hosts = configs.map(|config| {
            let application = Application { plan: vec![], reads_by_hand: true };
            sim::Host { config, application }
        });
        let network = Network { delay: one_way_delay, loss_percent: 0, seed: 0, mtu: None };
        let scenario = Scenario { hosts, network, strays: vec![], edits: vec![] };
        let script =
            Self { text, stack, verdict, notes, side, one_way_delay, step_lines, segment_lines };
        (script, Timeline::recorded(scenario, trace))
    }

    /// The lines that belong to a step of the run: the line that caused it or waited for it, then
    /// the lines that expect what it sent.
    pub(in crate::app) fn lines_of(&self, trace: &Trace, step: usize) -> Vec<u32> {
        let Some(happened) = trace.steps.get(step) else { return vec![] };
        let mut lines: Vec<u32> = self.step_lines.get(step).copied().into_iter().collect();
        for effect in trace.effects(happened) {
            if let Effect::Sent(index) = effect
                && let Some(Some(line)) = self.segment_lines.get(index)
                && !lines.contains(line)
            {
                lines.push(*line);
            }
        }
        lines
    }

    /// The line at which it failed, from 1.
    #[must_use]
    pub const fn failed_line(&self) -> Option<u32> {
        match &self.verdict {
            Verdict::Passed => None,
            Verdict::Failed(failure) => Some(failure.line),
            Verdict::Unsupported { line, .. } => Some(*line),
        }
    }
}

/// Parses and runs a script. Returns its report, the one-way delay for drawing the run, and the
/// stack: that of the script, if it names one.
pub(super) fn run(text: &str, stack: Stack) -> Result<(Report, Duration, Stack), Complaint> {
    let script = packetdrill::parse(text)
        .map_err(|error| Complaint::Line { line: error.line, message: error.message })?;
    let options = Options { stack, most_work: Some(MOST_WORK), ..Options::default() };
    let stack = script.preamble.stack.unwrap_or(stack);
    let delay = one_way_delay(&packetdrill::run(&script, &options));
    let report = packetdrill::run(&script, &Options { one_way_delay: delay, ..options });
    Ok((report, delay, stack))
}

/// Half of the shortest time in which the script answers a segment, so that no answer leaves before
/// the segment that it answers has arrived.
fn one_way_delay(report: &Report) -> Duration {
    let mut left: Option<Instant> = None;
    let mut shortest = LONGEST_DELAY.saturating_mul(2);
    for record in &report.trace.segments {
        if record.from == report.side {
            left = Some(record.sent_at);
        } else if let Some(left) = left {
            let answer = record.sent_at.since(left);
            if !answer.is_zero() {
                shortest = shortest.min(answer);
            }
        }
    }
    Duration::from_micros(shortest.as_micros() / 2).max(SHORTEST_DELAY)
}
