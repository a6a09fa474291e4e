//! Runs a script: time, what is injected, and what is expected.

use super::host::Host;
use super::options::{Options, Stack};
use super::record::{Emitted, notation};
use super::report::{Failure, Note, Report, Verdict};
use super::script::{
    Action, Assertion, Call, Command, Packet, Script, ScriptEvent, SystemCall, Wanted, When,
};
use super::sockets::{Outcome, is_bookkeeping};
use crate::sim::{Ending, Side};
use crate::tcp::{Flags, Text};
use crate::time::{Duration, Instant};

/// The most steps and segments of a run.
const MAX_WORK: usize = 50_000;
/// How long `*` waits.
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
    let tolerance = script.tolerance.unwrap_or(options.stack.tolerance());
    let mut runner = Runner {
        host: Host::new(script, options, side),
        tolerance: tolerance.max(options.tolerance.unwrap_or_default()),
        start: Instant::ZERO + options.way,
        base: Instant::ZERO + options.way,
        most_work: options.most_work.unwrap_or(MAX_WORK),
        waiting: None,
        notes: Vec::new(),
        spellings: 0,
    };
    let verdict = match runner.run(script, options) {
        Ok(()) => Verdict::Passed,
        Err(failure) => Verdict::Failed(failure),
    };
    let Runner { host, notes, spellings, .. } = runner;
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
    /// When the event before finished.
    base: Instant,
    most_work: usize,
    waiting: Option<Waiting<'script>>,
    notes: Vec<Note>,
    spellings: u32,
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
        // As in the simulator, what arrives or is called comes before a timer of the same instant.
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

    /// Lets virtual time pass up to `at`; with the timers of that instant, unless they are to wait.
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

    /// Lets the next timer expire, if it does so by `limit`.
    fn expire_by(&mut self, limit: Instant) -> Result<bool, Failure> {
        let Some(at) = self.host.next_timer().filter(|at| *at <= limit) else {
            return Ok(false);
        };
        self.check_work()?;
        self.host.expire(at);
        self.poll_call()?;
        Ok(true)
    }

    /// Whether the run is still within its bounds.
    fn check_work(&self) -> Result<(), Failure> {
        if self.host.work() <= self.most_work {
            return Ok(());
        }
        let got = format!("more than {} steps", self.most_work);
        Err(self.failure(self.host.recorder.line, "a bounded run".to_owned(), got))
    }

    // System calls.

    fn call(
        &mut self,
        line: u32,
        call: &'script SystemCall,
        at: Instant,
        when: When,
    ) -> Result<(), Failure> {
        // One call at a time: the one that blocks must have returned.
        self.await_call()?;
        if let Call::SetOption(_, option) = &call.call
            && is_bookkeeping(option)
        {
            self.note(line, format!("{} changes nothing here", call.text));
        }
        let outcome = self.host.call(&call.call, new_descriptor(call));
        let Some(until) = call.until else {
            return self.judge(line, call, outcome);
        };
        if !matches!(outcome, Outcome::Blocks(_)) {
            return self.judge(line, call, outcome);
        }
        let deadline = match (until, when) {
            (When::After(span), When::After(from)) => at + (span - from),
            (When::At(_), _) => self.time_of(until),
            (When::After(_) | When::Any, _) => at,
        };
        self.waiting = Some(Waiting { line, call, deadline });
        self.poll_call()
    }

    /// Whether the call that waits can return now.
    fn poll_call(&mut self) -> Result<(), Failure> {
        let Some(Waiting { line, call, .. }) = self.waiting else {
            return Ok(());
        };
        let outcome = self.host.call_again(&call.call, new_descriptor(call));
        if matches!(outcome, Outcome::Blocks(_)) {
            return Ok(());
        }
        self.waiting = None;
        self.judge(line, call, outcome)
    }

    /// Lets time pass until the call that waits has returned.
    fn await_call(&mut self) -> Result<(), Failure> {
        while let Some(call) = self.waiting {
            if !self.expire_by(call.deadline + self.tolerance)? {
                return self.overdue();
            }
        }
        Ok(())
    }

    /// The call that waits has waited too long.
    fn overdue(&self) -> Result<(), Failure> {
        let Some(Waiting { line, call, deadline }) = self.waiting else {
            return Ok(());
        };
        let want = format!("{} = {} by {}", call.text, call.wanted, self.seconds(deadline));
        Err(self.failure(line, want, "no return".to_owned()))
    }

    fn judge(&mut self, line: u32, call: &SystemCall, outcome: Outcome) -> Result<(), Failure> {
        let (is_right, got) = match outcome {
            Outcome::Returned(value) => {
                (matches!(call.wanted, Wanted::Value(want) if want == value), value.to_string())
            }
            Outcome::OtherSpelling => {
                self.spellings += 1;
                self.note(line, "SO_ERROR ECONNRESET where the RFC signals nothing".to_owned());
                (call.wanted == Wanted::Value(0), "0".to_owned())
            }
            Outcome::Flags(access, nonblocking) => {
                let bit = match self.host.stack {
                    Stack::FreeBsd => 0x4,
                    Stack::Linux => 0x800,
                };
                let value = access | if nonblocking { bit } else { 0 };
                let is_right = match call.wanted {
                    Wanted::Value(want) => want == value,
                    Wanted::Flags(want, flag) => (want, flag) == (access, nonblocking),
                    Wanted::Error(_) | Wanted::Any => false,
                };
                (is_right, format!("{value:#x}"))
            }
            Outcome::Failed(error) | Outcome::Blocks(error) => {
                let is_right = match &call.wanted {
                    Wanted::Error(Some(name)) => is_same_error(name, error),
                    Wanted::Error(None) => true,
                    Wanted::Value(_) | Wanted::Flags(..) | Wanted::Any => false,
                };
                (is_right, format!("-1 {error}"))
            }
            Outcome::Differs { want, got } => return Err(self.failure(line, want, got)),
        };
        if is_right || call.wanted == Wanted::Any {
            return Ok(());
        }
        Err(self.failure(line, format!("{} = {}", call.text, call.wanted), got))
    }

    // Commands and assertions.

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
            Assertion::NotChecked(text) => {
                self.note(line, format!("not checked: {text}"));
                Ok(())
            }
        }
    }

    // Segments that are expected.

    fn expect(&mut self, event: &ScriptEvent, packet: &Packet) -> Result<(), Failure> {
        let at = (event.when != When::Any).then(|| self.time_of(event.when));
        let limit = at.map_or(self.host.now + ANY_TIME, |at| at + self.tolerance);
        while self.host.emitted.is_empty() && self.expire_by(limit)? {}
        let time = at.map_or("any time".to_owned(), |at| self.seconds(at));
        let want = notation(packet.flags, packet.seq, packet.len, packet.ack);
        let want = format!("`{want}` at {time}");
        let Some(emitted) = self.host.emitted.pop_front() else {
            return Err(self.failure(event.line, want, "nothing".to_owned()));
        };
        let emitted = self.merge(emitted, packet);
        self.host.recorder.segment_lines[emitted.index] = Some(event.line);
        let is_in_time = at.is_none_or(|at| {
            let (early, late) = (at.since(emitted.at), emitted.at.since(at));
            early <= self.tolerance && late <= self.tolerance
        });
        if is_in_time && self.matches(packet, &emitted, event.line) {
            return Ok(());
        }
        let (seq, ack) = self.host.recorder.script_numbers(&emitted);
        let segment = &emitted.segment;
        let got = notation(segment.flags, seq, segment.text.len(), ack);
        Err(self.failure(event.line, want, format!("`{got}` at {}", self.seconds(emitted.at))))
    }

    /// With segmentation offload, what leaves at one instant is one long segment to a capture.
    fn merge(&mut self, mut emitted: Emitted, packet: &Packet) -> Emitted {
        if self.host.stack != Stack::Linux {
            return emitted;
        }
        while !emitted.segment.text.is_empty()
            && emitted.segment.text.len() < packet.len
            && let Some(next) = self.host.emitted.front()
            && next.at == emitted.at
            && next.segment.seq == emitted.segment.end()
            && !next.segment.text.is_empty()
        {
            let text = [emitted.segment.text.octets(), next.segment.text.octets()].concat();
            emitted.segment.text = Text::new(&text);
            emitted.segment.flags |= next.segment.flags;
            emitted.segment.ack = next.segment.ack;
            let index = next.index;
            self.host.recorder.segment_lines[index] = Some(self.host.recorder.line);
            self.host.emitted.pop_front();
        }
        emitted
    }

    fn matches(&mut self, packet: &Packet, emitted: &Emitted, line: u32) -> bool {
        const NOT_COMPARED: [Flags; 3] = [Flags::PSH, Flags::ECE, Flags::CWR];
        let plain = |flags: Flags| NOT_COMPARED.into_iter().fold(flags, Flags::without);
        let (seq, ack) = self.host.recorder.script_numbers(emitted);
        let flags = plain(emitted.segment.flags);
        let is_same_ack = ack.is_none() || ack == packet.ack;
        let len = emitted.segment.text.len();
        if (flags, len) == (plain(packet.flags), packet.len) && seq == packet.seq && is_same_ack {
            return true;
        }
        // BSD repeats its FIN with an ACK that the RFC sends without.
        let repeats_fin = plain(packet.flags) == Flags::FIN | Flags::ACK
            && packet.len == 0
            && (flags, len, seq) == (Flags::ACK, 0, packet.seq.wrapping_add(1))
            && is_same_ack
            && self.sent_fin(packet.seq, emitted.index);
        if repeats_fin {
            self.spellings += 1;
            self.note(line, "a repeated FIN, where the RFC sends an ACK".to_owned());
        }
        repeats_fin
    }

    /// Whether a FIN at `seq`, in the script's numbers, left before the segment with this index.
    fn sent_fin(&self, seq: u32, before: usize) -> bool {
        let recorder = &self.host.recorder;
        recorder.trace.segments[..before].iter().any(|record| {
            let fin = record.segment.end() - 1;
            record.from == recorder.side && record.segment.fin() && (fin - recorder.isn.0).0 == seq
        })
    }

    // The end.

    /// What left and was never expected.
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

/// The number that the script has for a new descriptor.
fn new_descriptor(call: &SystemCall) -> Option<i64> {
    match call.wanted {
        Wanted::Value(fd) => Some(fd),
        Wanted::Error(_) | Wanted::Flags(..) | Wanted::Any => None,
    }
}

/// Two names of one error.
fn is_same_error(want: &str, got: &str) -> bool {
    let plain =
        |name: &str| if name == "EAGAIN" { "EWOULDBLOCK".to_owned() } else { name.to_owned() };
    plain(want) == plain(got)
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
