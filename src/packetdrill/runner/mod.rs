//! Runs a script in virtual time: segments to inject, system calls, expected segments.

use crate::packetdrill::host::Host;
use crate::packetdrill::options::Options;
use crate::packetdrill::record::notation;
use crate::packetdrill::report::{Failure, Note, Report, Verdict};
use crate::packetdrill::script::{
    Action, Assertion, Call, Command, Script, ScriptEvent, SystemCall, Wanted, When,
};
use crate::sim::{Ending, Side};
use crate::tcp::Text;
use crate::time::{Duration, Instant};

mod calls;
mod expect;

/// The most steps and segments of a run.
const MAX_WORK: usize = 50_000;
/// The longest wait of `*`.
const ANY_TIME: Duration = Duration::from_secs(3_600);
/// The most notes of one report.
const MAX_NOTES: usize = 1_000;

/// Runs a script against the machine, in virtual time.
#[must_use]
pub fn run(script: &Script, options: &Options) -> Report {
    let listens_first = script.events.iter().find_map(|event| match &event.action {
        Action::Call(SystemCall { call: Call::Listen(_), .. }) => Some(true),
        Action::Call(SystemCall { call: Call::Connect(_), .. }) => Some(false),
        _ => None,
    });
    let side = if listens_first == Some(true) { Side::Server } else { Side::Client };
    let stack = script.preamble.stack.unwrap_or(options.stack);
    let options = &Options { stack, ..*options };
    let tolerance = script.tolerance.unwrap_or(options.stack.tolerance());
    let mut runner = Runner {
        host: Host::new(script, options, side),
        tolerance: tolerance.max(options.tolerance.unwrap_or_default()),
        start: Instant::ZERO + options.one_way_delay,
        base: Instant::ZERO + options.one_way_delay,
        most_work: options.most_work.unwrap_or(MAX_WORK),
        waiting: None,
        notes: Vec::new(),
        spellings: 0,
        unchecked: 0,
    };
    let verdict = match runner.run(script, options) {
        Ok(()) => Verdict::Passed,
        Err(failure) => Verdict::Failed(failure),
    };
    let Runner { host, notes, spellings, unchecked, .. } = runner;
    let is_quiet = host.next_timer().is_none();
    let mut recorder = host.recorder;
    let places = recorder.trace.sort_segments();
    let mut segment_lines = vec![None; places.len()];
    for (line, place) in recorder.segment_lines.into_iter().zip(places) {
        segment_lines[place] = line;
    }
    recorder.trace.ending = if is_quiet { Ending::Quiet } else { Ending::Open };
    Report {
        verdict,
        notes,
        spellings,
        unchecked,
        side,
        trace: recorder.trace,
        step_lines: recorder.step_lines,
        segment_lines,
        config: host.config,
    }
}

struct Runner<'script> {
    host: Host,
    tolerance: Duration,
    /// The script's time zero.
    start: Instant,
    /// When the previous event finished.
    base: Instant,
    most_work: usize,
    waiting: Option<Waiting<'script>>,
    notes: Vec<Note>,
    spellings: u32,
    unchecked: u32,
}

/// A system call that blocks.
#[derive(Clone, Copy)]
struct Waiting<'script> {
    line: u32,
    call: &'script SystemCall,
    deadline: Instant,
}

impl<'script> Runner<'script> {
    fn run(&mut self, script: &'script Script, options: &Options) -> Result<(), Failure> {
        for event in &script.events {
            self.host.recorder.line = event.line;
            self.check_work()?;
            self.event(event)?;
            self.base = self.host.now;
        }
        self.await_call()?;
        self.tail(options)
    }

    fn event(&mut self, event: &'script ScriptEvent) -> Result<(), Failure> {
        if let Action::Expect(packet) = &event.action {
            return self.expect(event, packet);
        }
        let at = self.time_of(event.when);
        // As in the simulator, arrivals and calls come before a timer of the same instant.
        let comes_first = matches!(event.action, Action::Inject(_) | Action::Call(_));
        self.advance(at, comes_first)?;
        if at + self.tolerance < self.host.now {
            let (want, got) = (self.seconds(at), self.seconds(self.host.now));
            return Err(self.failure(event.line, format!("the time {want}"), got));
        }
        match &event.action {
            Action::Inject(packet) => {
                let text: Vec<u8> = (0..=u8::MAX).cycle().take(packet.len as usize).collect();
                let segment = self.host.recorder.segment_of(packet, Text::new(&text));
                self.host.inject(&segment);
                self.poll_call()
            }
            Action::Call(call) => self.call(event.line, call, at, event.when),
            Action::Commands(commands) => {
                commands.iter().try_for_each(|command| self.command(event.line, command))
            }
            Action::Assert(claims) => {
                claims.iter().try_for_each(|claim| self.assert(event.line, claim))
            }
            Action::Expect(_) => Ok(()),
        }
    }

    fn time_of(&self, when: When) -> Instant {
        match when {
            When::After(span) => self.base + span,
            When::At(at) => self.start + at.since(Instant::ZERO),
            When::Any => self.host.now,
        }
    }

    /// Advances virtual time to `at`. Timers of that very instant expire unless `timers_wait`.
    fn advance(&mut self, at: Instant, timers_wait: bool) -> Result<(), Failure> {
        loop {
            let limit = self.waiting.map_or(at, |call| at.min(call.deadline + self.tolerance));
            let waits = timers_wait && limit == at && self.host.next_timer() == Some(at);
            if !waits && self.expire_by(limit)? {
                continue;
            }
            self.host.now = self.host.now.max(limit);
            if limit < at {
                return self.overdue();
            }
            return Ok(());
        }
    }

    /// Expires the next timer, if its deadline is not after `limit`. Returns whether it was.
    fn expire_by(&mut self, limit: Instant) -> Result<bool, Failure> {
        let Some(at) = self.host.next_timer().filter(|at| *at <= limit) else {
            return Ok(false);
        };
        self.check_work()?;
        self.host.expire(at);
        self.poll_call()?;
        Ok(true)
    }

    /// Fails if the run has exceeded its bounds.
    fn check_work(&self) -> Result<(), Failure> {
        if self.host.work() <= self.most_work {
            return Ok(());
        }
        let got = format!("more than {} steps", self.most_work);
        Err(self.failure(self.host.recorder.line, "a bounded run".to_owned(), got))
    }

    fn command(&mut self, line: u32, command: &Command) -> Result<(), Failure> {
        match command {
            Command::Sysctl { name, value } => {
                self.host.set_variable(name, value);
                Ok(())
            }
            Command::Sleep(span) => self.advance(self.host.now + *span, false),
            Command::NotRun(text) => {
                self.note(line, format!("not run: {text}"));
                Ok(())
            }
            Command::CountState { state, pattern } => {
                let count = self.host.count(*state).to_string();
                if count.contains(pattern.as_str()) {
                    return Ok(());
                }
                let want = format!("{pattern} connections in {state}");
                Err(self.failure(line, want, count))
            }
        }
    }

    fn assert(&mut self, line: u32, claim: &Assertion) -> Result<(), Failure> {
        match claim {
            Assertion::State(state) => {
                let got = self.host.state_under_test();
                if got == *state {
                    return Ok(());
                }
                Err(self.failure(line, state.to_string(), got.to_string()))
            }
            Assertion::Compare(claim, text) => match self.host.compare(claim) {
                Some((true, _)) => Ok(()),
                Some((false, got)) => Err(self.failure(line, text.clone(), got)),
                None => {
                    self.leave_unchecked(line, text);
                    Ok(())
                }
            },
            Assertion::NotChecked(text) => {
                self.leave_unchecked(line, text);
                Ok(())
            }
        }
    }

    /// Counts an assertion on a value that is not known here.
    fn leave_unchecked(&mut self, line: u32, text: &str) {
        self.unchecked += 1;
        self.note(line, format!("not checked: {text}"));
    }

    /// Handles the segments that were sent but never expected.
    fn tail(&mut self, options: &Options) -> Result<(), Failure> {
        let line = self.host.recorder.line;
        while let Some(emitted) = self.host.emitted.pop_front() {
            let (seq, ack) = self.host.recorder.script_numbers(&emitted);
            let segment = &emitted.segment;
            let text = notation(segment.flags, seq, segment.text.len(), ack);
            let text = format!("`{text}` at {}", self.seconds(emitted.at));
            if options.strict_tail {
                return Err(self.failure(line, "no more segments".to_owned(), text));
            }
            self.note(line, format!("not expected, at the end: {text}"));
        }
        Ok(())
    }

    fn seconds(&self, at: Instant) -> String {
        self.host.recorder.seconds(at)
    }

    fn note(&mut self, line: u32, text: String) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(Note { line: Some(line), text });
        }
    }

    fn failure(&self, line: u32, want: String, got: String) -> Failure {
        let state = self.host.state_under_test();
        let segments = self.host.recorder.last_segments();
        let context =
            if segments.is_empty() { state.to_string() } else { format!("{state}, {segments}") };
        Failure { line, want, got, context }
    }
}

/// Prints the result as scripts write it.
impl core::fmt::Display for Wanted {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Error(name) => write!(f, "-1 {}", name.as_deref().unwrap_or_default()),
            Self::Flags(access, nonblocking) => {
                let mode = ["O_RDONLY", "O_WRONLY", "O_RDWR"];
                let index = usize::try_from(*access).unwrap_or_default().min(mode.len() - 1);
                write!(f, "{}{}", mode[index], if *nonblocking { "|O_NONBLOCK" } else { "" })
            }
            Self::Any => f.write_str("..."),
        }
    }
}
