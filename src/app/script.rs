//! A packetdrill script in the page: read, run, and shown on the ladder as a scenario is.

use std::rc::Rc;

use super::run::Run;
use crate::packetdrill::{self, Note, Options, Report, Stack, Verdict};
use crate::sim::{self, Application, Network, Scenario, Side, Timeline};
use crate::tcp::{Config, SeqNumber};
use crate::time::{Duration, Instant};

/// The longest script that is read, in octets.
pub const MAX_SCRIPT: usize = 256 * 1024;
/// The most steps and segments of a run: as many as a page can show.
const MOST_WORK: usize = 4_000;
/// How long a segment is under way, unless the script's peer answers sooner.
const LONGEST_WAY: Duration = Duration::from_millis(50);
const SHORTEST_WAY: Duration = Duration::from_millis(1);

/// A script that was run.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its text.
    pub text: Rc<str>,
    /// The stack whose habits it assumes.
    pub stack: Stack,
    /// Whether everything was as it wants it.
    pub verdict: Verdict,
    /// What a reader should know even so.
    pub notes: Vec<Note>,
    /// The side of the host under test; the script plays the other.
    pub side: Side,
    /// How long a segment is drawn under way. The run's clock is ahead of the script's by as much.
    pub way: Duration,
    step_lines: Vec<u32>,
    segment_lines: Vec<Option<u32>>,
}

/// A script that is being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Whether the panel is open.
    pub is_open: bool,
    /// What is written.
    pub text: Rc<str>,
    /// The stack whose habits it assumes.
    pub stack: Stack,
    /// Why it was not run, if it was not.
    pub complaint: Option<Complaint>,
    /// Whether what comes of it is awaited.
    pub is_awaited: bool,
}

/// Why a script was not run, or a trace not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// It is longer than what is read.
    TooLong {
        /// Its length in octets.
        octets: usize,
        /// What is read of its kind.
        most: usize,
    },
    /// The file cannot be read.
    NoFile,
    /// The program that reads what is opened did not arrive.
    NoReader,
    /// A trace's field is missing, or is not as the run has it.
    Field(String),
    /// A line is not understood.
    Line {
        /// Which, from 1.
        line: u32,
        /// Why, in packetdrill's own terms.
        message: String,
    },
}

impl Draft {
    /// Whether what comes of this text is awaited, for this stack.
    #[must_use]
    pub fn awaits(&self, text: &str, stack: Stack) -> bool {
        self.is_awaited && *self.text == *text && self.stack == stack
    }
}

impl Script {
    /// A script's run, as the page shows it.
    pub(super) fn of(
        report: Report,
        way: Duration,
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
        let network = Network { delay: way, loss_percent: 0, seed: 0 };
        let scenario = Scenario { hosts, network, strays: vec![], edits: vec![] };
        let script = Self { text, stack, verdict, notes, side, way, step_lines, segment_lines };
        (script, Timeline::recorded(scenario, trace))
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

/// Reads a script and runs it; with what came of it, how long a segment is under way.
pub(super) fn run(text: &str, stack: Stack) -> Result<(Report, Duration), Complaint> {
    let script = packetdrill::parse(text)
        .map_err(|error| Complaint::Line { line: error.line, message: error.message })?;
    let options = Options { stack, most_work: Some(MOST_WORK), ..Options::default() };
    let way = way(&packetdrill::run(&script, &options));
    Ok((packetdrill::run(&script, &Options { way, ..options }), way))
}

/// Half of the shortest time in which the script answers a segment: then no answer leaves before
/// what it answers has arrived.
fn way(report: &Report) -> Duration {
    let mut left: Option<Instant> = None;
    let mut shortest = LONGEST_WAY.saturating_mul(2);
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
    Duration::from_micros(shortest.as_micros() / 2).max(SHORTEST_WAY)
}

/// The lines of the script that a step is about: the one that set it off or waited for it, then
/// those that want what it sent. None before the first step, and none in a link's run.
#[must_use]
pub fn lit_lines(run: &Run, step: Option<usize>) -> Vec<u32> {
    let trace = run.timeline.trace();
    let Some((script, step)) = run.script.as_ref().zip(step) else { return vec![] };
    let Some(happened) = trace.steps.get(step) else { return vec![] };
    let mut lines: Vec<u32> = script.step_lines.get(step).copied().into_iter().collect();
    for effect in trace.effects(happened) {
        if let sim::Effect::Sent(index) = effect
            && let Some(Some(line)) = script.segment_lines.get(index)
            && !lines.contains(line)
        {
            lines.push(*line);
        }
    }
    lines
}
