//! A packetdrill script: one side's TCP under test, the network and the other side played by the
//! script. Our own runner passes it with `--delayed-ack 0`; another stack with the same numbers can
//! too.

use core::fmt;
use std::fmt::Write as _;

use super::options::Place;
use crate::sim::{Call, Cause, Effect, Side, Step, Timeline};
use crate::tcp::{Config, Event, Flags, Segment, SeqNumber, State, Timer};
use crate::time::Instant;

/// Why a run cannot be expressed as a script for this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotExpressible {
    /// The host restarts; a script's host cannot.
    Restart,
    /// The receive buffer is changed; a script's is set before it opens.
    Window,
    /// The host begins a second connection, with another ISS.
    SecondConnection,
    /// The host's acknowledgment of a FIN is delayed; no option of the language says so.
    DelayedAck,
    /// A call is made on a connection that no `accept` has returned yet, or while there is none.
    EarlyCall,
    /// TIME-WAIT lasts no whole number of seconds.
    TimeWait,
    /// It is a part of a run in which the connection exists already.
    Part,
}

impl NotExpressible {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Restart,
        Self::Window,
        Self::SecondConnection,
        Self::DelayedAck,
        Self::EarlyCall,
        Self::TimeWait,
        Self::Part,
    ];

    /// Its name in the words of Share: `share.not.<id>`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::Window => "window",
            Self::SecondConnection => "second-connection",
            Self::DelayedAck => "delayed-ack",
            Self::EarlyCall => "early-call",
            Self::TimeWait => "time-wait",
            Self::Part => "part",
        }
    }
}

impl fmt::Display for NotExpressible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Restart => "a packetdrill script cannot crash its host",
            Self::Window => "a packetdrill script cannot change its receive buffer later",
            Self::SecondConnection => "a packetdrill script has one connection, and one ISS",
            Self::DelayedAck => "a packetdrill script cannot delay the ACK of a FIN",
            Self::EarlyCall => "a packetdrill script cannot use a connection before accept",
            Self::TimeWait => "a packetdrill script counts TIME-WAIT in whole seconds",
            Self::Part => "a packetdrill script opens its connection itself",
        })
    }
}

impl core::error::Error for NotExpressible {}

/// The socket that `socket` returns.
const SOCKET: u32 = 3;
/// The socket that `accept` returns.
const ACCEPTED: u32 = 4;

pub(super) fn write(timeline: &Timeline, place: Place) -> Result<String, NotExpressible> {
    let side = if place == Place::Server { Side::Server } else { Side::Client };
    let scenario = timeline.scenario();
    let config = &scenario.hosts[side.index()].config;
    if timeline.before(side).state != State::Closed {
        return Err(NotExpressible::Part);
    }
    if config.delay_ack_of_fin {
        return Err(NotExpressible::DelayedAck);
    }
    let mut script = Script {
        timeline,
        side,
        config,
        peer_iss: scenario.hosts[side.peer().index()].config.iss,
        connection: None,
        text: String::new(),
    };
    script.header()?;
    for (index, step) in timeline.trace().steps.iter().enumerate() {
        if step.side == side {
            script.step(index, step)?;
        }
    }
    if let Some(steps) = timeline.cut_after() {
        script.raw(&format!("// The run was stopped after {steps} steps; it would go on."));
    }
    Ok(script.text)
}

struct Script<'a> {
    timeline: &'a Timeline,
    side: Side,
    config: &'a Config,
    peer_iss: SeqNumber,
    /// The socket of the connection, once there is one.
    connection: Option<u32>,
    text: String,
}

impl Script<'_> {
    fn header(&mut self) -> Result<(), NotExpressible> {
        let waits = self.steps_in_time_wait();
        let micros = self.config.time_wait.as_micros();
        if waits && !micros.is_multiple_of(1_000_000) {
            return Err(NotExpressible::TimeWait);
        }
        let (seconds, rto_max) = (micros / 1_000_000, self.config.rto_max.as_millis());
        self.raw(&format!("// The {} of a run of tcp-handshake.", self.side.name()));
        self.raw("--ip_version=ipv4");
        self.raw("--tolerance_usecs=4000");
        if waits {
            self.raw(&format!("--time_wait_secs={seconds}"));
        }
        self.raw(&format!("--rto_max_ms={rto_max}\n"));
        Ok(())
    }

    fn steps_in_time_wait(&self) -> bool {
        let steps = &self.timeline.trace().steps;
        steps.iter().any(|step| step.side == self.side && step.state() == State::TimeWait)
    }

    fn step(&mut self, index: usize, step: &Step) -> Result<(), NotExpressible> {
        let trace = self.timeline.trace();
        let iss = trace.after(step).tcb.iss;
        if iss != SeqNumber(0) && iss != self.config.iss {
            return Err(NotExpressible::SecondConnection);
        }
        match step.cause {
            Cause::Arrival(segment, _) => {
                let at = self.before_timers(index, step);
                self.segment(at, '<', &trace.segments[segment].segment);
            }
            Cause::Call(call) => {
                let has_failed =
                    trace.effects(step).any(|effect| matches!(effect, Effect::Failed(_)));
                // A call that failed sent nothing.
                if !has_failed {
                    self.call(step.at, call)?;
                }
            }
            Cause::Timer(_) => {}
            Cause::Loss(_) => return Ok(()),
        }
        // A RECEIVE can announce a larger window; text that is read at once is read after the ACK.
        let reads_first = matches!(step.cause, Cause::Call(Call::Read));
        if reads_first {
            self.results(step)?;
        }
        for effect in trace.effects(step) {
            if let Effect::Sent(index) = effect {
                self.segment(step.at, '>', &trace.segments[index].segment);
            }
        }
        if reads_first { Ok(()) } else { self.results(step) }
    }

    /// The results of the application's pending calls: `accept` and `read`.
    fn results(&mut self, step: &Step) -> Result<(), NotExpressible> {
        for effect in self.timeline.trace().effects(step) {
            match effect {
                Effect::Event(Event::Transition { to: State::Established, .. }, _)
                    if self.connection.is_none() =>
                {
                    self.line(step.at, &format!("accept({SOCKET}, ..., ...) = {ACCEPTED}"));
                    self.connection = Some(ACCEPTED);
                }
                Effect::Event(Event::Read { octets }, _) => {
                    let fd = self.connected()?;
                    self.line(step.at, &format!("read({fd}, ..., {octets}) = {octets}"));
                }
                Effect::Event(..) | Effect::Sent(_) | Effect::Failed(_) => {}
            }
        }
        Ok(())
    }

    /// When a segment is injected. Here an arrival comes before a timer of the same instant; in a
    /// script it need not, so the segment is injected a microsecond earlier in that case.
    fn before_timers(&self, index: usize, step: &Step) -> Instant {
        let host = self.timeline.trace().host_before(index);
        let is_tie = host.is_some_and(|host| {
            Timer::ALL.into_iter().any(|timer| host.deadline(timer) == Some(step.at))
        });
        let micros = step.at.as_micros();
        Instant::from_micros(if is_tie { micros.saturating_sub(1) } else { micros })
    }

    fn call(&mut self, at: Instant, call: Call) -> Result<(), NotExpressible> {
        match call {
            Call::Listen => {
                self.socket(at);
                self.line(at, &format!("bind({SOCKET}, ..., ...) = 0"));
                self.line(at, &format!("listen({SOCKET}, 1) = 0"));
            }
            Call::Connect => {
                self.socket(at);
                let result = "-1 EINPROGRESS (Operation now in progress)";
                self.line(at, &format!("connect({SOCKET}, ..., ...) = {result}"));
                self.connection = Some(SOCKET);
            }
            Call::Send(octets) => {
                let fd = self.connected()?;
                self.line(at, &format!("write({fd}, ..., {octets}) = {octets}"));
            }
            // Its events say how much it took.
            Call::Read => {}
            Call::Close => {
                let fd = self.connected()?;
                self.line(at, &format!("shutdown({fd}, SHUT_WR) = 0"));
            }
            Call::Abort => {
                let fd = self.connected()?;
                let linger = "[{onoff=1, linger=0}], 8) = 0";
                self.line(at, &format!("setsockopt({fd}, SOL_SOCKET, SO_LINGER, {linger}"));
                self.line(at, &format!("close({fd}) = 0"));
            }
            Call::Window(_) => return Err(NotExpressible::Window),
            Call::Crash => return Err(NotExpressible::Restart),
        }
        Ok(())
    }

    fn socket(&mut self, at: Instant) {
        self.line(at, &format!("socket(..., SOCK_STREAM, IPPROTO_TCP) = {SOCKET}"));
        self.line(at, &format!("fcntl({SOCKET}, F_SETFL, O_RDWR | O_NONBLOCK) = 0"));
        let (mss, buffer) = (self.config.mss, self.config.receive_buffer);
        if mss != 1460 {
            let option = format!("setsockopt({SOCKET}, IPPROTO_TCP, TCP_MAXSEG, [{mss}], 4) = 0");
            self.line(at, &option);
        }
        if let Some(span) = self.config.user_timeout.filter(|_| self.opens_for_long()) {
            let seconds = span.as_micros() / 1_000_000;
            let option = format!("TCP_KEEPINIT, [{seconds}], 4) = 0");
            self.line(at, &format!("setsockopt({SOCKET}, IPPROTO_TCP, {option}"));
        }
        if buffer != 65_535 {
            let option = format!("setsockopt({SOCKET}, SOL_SOCKET, SO_RCVBUF, [{buffer}], 4) = 0");
            self.line(at, &option);
        }
    }

    /// Whether opening takes so long that BSD would give up.
    fn opens_for_long(&self) -> bool {
        self.timeline.trace().steps.iter().any(|step| {
            let opening = matches!(step.state(), State::SynSent | State::SynReceived);
            step.side == self.side && opening && step.at >= Instant::from_millis(60_000)
        })
    }

    fn connected(&self) -> Result<u32, NotExpressible> {
        self.connection.ok_or(NotExpressible::EarlyCall)
    }

    /// `<` injects a segment, `>` expects one. Numbers count from each side's ISS.
    fn segment(&mut self, at: Instant, direction: char, segment: &Segment) {
        let (own, peer) = (self.config.iss, self.peer_iss);
        let (seq_base, ack_base) = if direction == '<' { (peer, own) } else { (own, peer) };
        // A reset from CLOSED that answers no ACK has the number 0 itself.
        let is_literal = segment.rst() && segment.flags.contains(Flags::ACK) && segment.seq.0 == 0;
        let seq = if is_literal { 0 } else { segment.seq.distance_from(seq_base) };
        let length = segment.text.len();
        let end = seq.wrapping_add(length);
        let mut line = format!("{direction} {} {seq}:{end}({length})", segment.flags.letters());
        // Writing to a String cannot fail, here and below.
        if let Some(ack) = segment.acknowledgment() {
            let _ = write!(line, " ack {}", ack.distance_from(ack_base));
        }
        if direction == '<' {
            let _ = write!(line, " win {}", segment.window);
        }
        if let Some(mss) = segment.options.mss {
            let _ = write!(line, " <mss {mss}>");
        }
        self.line(at, &line);
    }

    fn line(&mut self, at: Instant, content: &str) {
        let at = at.as_micros();
        let _ = writeln!(self.text, "{}.{:06} {content}", at / 1_000_000, at % 1_000_000);
    }

    fn raw(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}
