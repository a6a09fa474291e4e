//! A packetdrill script: one side's TCP under test, the network and the other side played by the
//! script. The original packetdrill reads it too. A run with `stack=linux` passes on a Linux
//! kernel; our own runner obeys the comments at the head, and passes every run.

use core::fmt;
use std::fmt::Write as _;

use super::options::Place;
use super::socket_options::socket_options;
use crate::packetdrill::{Setting, Stack};
use crate::sim::{Call, Cause, Effect, Side, Step, Timeline};
use crate::tcp::{Checks, Config, Event, Flags, Options, Segment, SeqNumber, State, Text, Timer};
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
    /// ACKs wait for another time than a kernel's.
    DelayedAck,
    /// A call is made on a connection that no `accept` has returned yet, or while there is none.
    EarlyCall,
    /// TIME-WAIT lasts for another time than a kernel's.
    TimeWait,
    /// The MSS is smaller or larger than a kernel allows.
    Mss,
    /// It is a part of a run in which the connection exists already.
    Part,
    /// A host has an option that no call can set.
    Option,
    /// The scenario turns on SACK or a probe, which the stack of the script does not have.
    Sack,
}

impl NotExpressible {
    /// Every reason.
    pub const ALL: [Self; 10] = [
        Self::Restart,
        Self::Window,
        Self::SecondConnection,
        Self::DelayedAck,
        Self::EarlyCall,
        Self::TimeWait,
        Self::Mss,
        Self::Part,
        Self::Option,
        Self::Sack,
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
            Self::Mss => "mss",
            Self::Part => "part",
            Self::Option => "option",
            Self::Sack => "sack",
        }
    }
}

impl fmt::Display for NotExpressible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Restart => "a packetdrill script cannot crash its host",
            Self::Window => "a receive buffer is set once, and is not this small in a kernel",
            Self::SecondConnection => "a packetdrill script has one connection, and one ISS",
            Self::DelayedAck => "a kernel's delay of ACKs cannot be set",
            Self::EarlyCall => "a packetdrill script cannot use a connection before accept",
            Self::TimeWait => "a kernel's TIME-WAIT cannot be set",
            Self::Mss => "a kernel's MSS is from 88 to 1460 over Ethernet",
            Self::Part => "a packetdrill script opens its connection itself",
            Self::Option => "a packetdrill script cannot set all options of the host",
            Self::Sack => "a packetdrill script cannot turn on SACK",
        })
    }
}

impl core::error::Error for NotExpressible {}

/// The socket that `socket` returns.
const SOCKET: u32 = 3;
/// The smallest receive buffer of a kernel (`SOCK_MIN_RCVBUF`), as its window shows it.
const LEAST_KERNEL_BUFFER: u32 = 1_152;
/// The socket that `accept` returns.
const ACCEPTED: u32 = 4;

pub(super) fn write(timeline: &Timeline, place: Place) -> Result<String, NotExpressible> {
    let side = if place == Place::Server { Side::Server } else { Side::Client };
    let scenario = timeline.scenario();
    let config = &scenario.hosts[side.index()].config;
    if timeline.before(side).state != State::Closed {
        return Err(NotExpressible::Part);
    }
    let is_linux = config.habits.checks == Checks::Linux;
    if !is_linux && (config.sack || config.timestamps || config.tail_loss_probe) {
        return Err(NotExpressible::Sack);
    }
    let mut script = Script {
        timeline,
        side,
        config,
        stack: if is_linux { Stack::Linux } else { Stack::Rfc9293 },
        peer_iss: scenario.hosts[side.peer().index()].config.iss,
        connection: None,
        has_listened: false,
        now: Instant::ZERO,
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
    stack: Stack,
    peer_iss: SeqNumber,
    /// The socket of the connection, once there is one.
    connection: Option<u32>,
    /// Whether the host has listened.
    has_listened: bool,
    /// The time of the last line. Each line counts from the one before, because a kernel's timers
    /// expire a little late.
    now: Instant,
    text: String,
}

impl Script<'_> {
    fn header(&mut self) -> Result<(), NotExpressible> {
        let usual = self.stack.options(SeqNumber(0));
        let differs = |setting: &Setting| setting.of(self.config) != setting.of(&usual);
        let settings: Vec<Setting> = Setting::ALL.into_iter().filter(differs).collect();
        if self.stack == Stack::Linux {
            self.check_kernel(&settings)?;
        }
        self.raw(&format!("// stack: {}", self.stack.id()));
        for setting in &settings {
            let micros = setting.of(self.config).as_micros();
            let (whole, fraction) = (micros / 1_000_000, micros % 1_000_000);
            self.raw(&format!("// {}: {whole}.{fraction:06}", setting.id()));
        }
        self.raw(&format!("// The {} of a run of tcp-handshake.", self.side.name()));
        self.raw("--ip_version=ipv4");
        self.raw("--tolerance_usecs=10000\n");
        self.raw("0 `true`");
        for setting in settings {
            // A kernel takes these from its variables.
            let span = setting.of(self.config);
            let variable = match setting {
                _ if self.stack != Stack::Linux => continue,
                Setting::RtoMin => format!("tcp_rto_min_us={}", span.as_micros()),
                Setting::RtoMax => format!("tcp_rto_max_ms={}", span.as_millis()),
                Setting::TimeWait | Setting::DelayedAck | Setting::DelayedAckOfFin => continue,
            };
            self.raw(&format!("+0 `sysctl -q -w net.ipv4.{variable}`"));
        }
        self.socket(&usual)
    }

    /// What no kernel can be told.
    fn check_kernel(&self, settings: &[Setting]) -> Result<(), NotExpressible> {
        if settings.contains(&Setting::TimeWait) && self.steps_in_time_wait() {
            return Err(NotExpressible::TimeWait);
        }
        if settings.contains(&Setting::DelayedAck) {
            return Err(NotExpressible::DelayedAck);
        }
        if !(88..=1460).contains(&self.config.mss) {
            return Err(NotExpressible::Mss);
        }
        if self.config.receive_buffer < LEAST_KERNEL_BUFFER {
            return Err(NotExpressible::Window);
        }
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
                let arrived = &trace.segments[segment].segment;
                let is_free = trace.host_before(index).is_some_and(|it| it.state == State::Closed);
                // A listener stays, and would open a second connection.
                if arrived.syn() && is_free && self.has_listened {
                    return Err(NotExpressible::SecondConnection);
                }
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
        let sent = trace.effects(step).filter_map(|effect| match effect {
            Effect::Sent(index) => Some(trace.segments[index].segment.clone()),
            Effect::Event(..) | Effect::Failed(_) => None,
        });
        for segment in self.merged(sent.collect()) {
            self.segment(step.at, '>', &segment);
        }
        if reads_first { Ok(()) } else { self.results(step) }
    }

    /// A kernel hands text that leaves at one instant to the network card as one long segment: two
    /// at a time, or more if the round trip is short (`tcp_tso_autosize`).
    fn merged(&self, segments: Vec<Segment>) -> Vec<Segment> {
        if self.stack != Stack::Linux {
            return segments;
        }
        let mss = u32::from(self.config.mss);
        let rtt = self.timeline.scenario().network.delay.as_micros() * 2;
        let burst = u32::try_from(rtt >> 9).ok().and_then(|shift| 65_536_u32.checked_shr(shift));
        let most = burst.unwrap_or(0).max(2 * mss);
        let mut merged: Vec<Segment> = vec![];
        for segment in segments {
            match merged.last_mut() {
                Some(last)
                    if !last.text.is_empty()
                        && !segment.text.is_empty()
                        && last.end() == segment.seq
                        && last.text.len() + segment.text.len() <= most =>
                {
                    let text = [last.text.octets(), segment.text.octets()].concat();
                    last.text = Text::new(&text);
                    // A kernel sets PSH on every such segment.
                    last.flags |= segment.flags | Flags::PSH;
                }
                _ => merged.push(segment),
            }
        }
        merged
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
                self.has_listened = true;
                self.line(at, &format!("bind({SOCKET}, ..., ...) = 0"));
                self.line(at, &format!("listen({SOCKET}, 1) = 0"));
            }
            Call::Connect => {
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
                let linger = "{onoff=1, linger=0}, 8) = 0";
                self.line(at, &format!("setsockopt({fd}, SOL_SOCKET, SO_LINGER, {linger}"));
                self.line(at, &format!("close({fd}) = 0"));
            }
            Call::Exit => {
                let fd = self.connected()?;
                self.line(at, &format!("close({fd}) = 0"));
            }
            Call::Window(_) => return Err(NotExpressible::Window),
            Call::Crash => return Err(NotExpressible::Restart),
        }
        Ok(())
    }

    /// The socket is made first, since its options must be set before it opens.
    fn socket(&mut self, usual: &Config) -> Result<(), NotExpressible> {
        let steps = &self.timeline.trace().steps;
        let opens = |step: &&Step| {
            step.side == self.side
                && matches!(step.cause, Cause::Call(Call::Listen | Call::Connect))
        };
        if !steps.iter().any(|step| opens(&step)) {
            return Ok(());
        }
        let at = Instant::ZERO;
        self.line(at, &format!("socket(..., SOCK_STREAM, IPPROTO_TCP) = {SOCKET}"));
        self.line(at, &format!("fcntl({SOCKET}, F_SETFL, O_RDWR|O_NONBLOCK) = 0"));
        let options = socket_options(self.config, usual).ok_or(NotExpressible::Option)?;
        for option in options {
            self.line(at, &format!("setsockopt({SOCKET}, {option}) = 0"));
        }
        Ok(())
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
        let options = option_list(&segment.options, ack_base);
        if direction == '>' && self.stack == Stack::Linux {
            // A kernel offers more options than the run needs.
            line.push_str(" <...>");
        } else if !options.is_empty() {
            let _ = write!(line, " <{options}>");
        }
        self.line(at, &line);
    }

    fn line(&mut self, at: Instant, content: &str) {
        let after = at.since(self.now).as_micros();
        self.now = self.now.max(at);
        let (whole, fraction) = (after / 1_000_000, after % 1_000_000);
        let _ = if after == 0 {
            writeln!(self.text, "+0 {content}")
        } else {
            writeln!(self.text, "+{whole}.{fraction:06} {content}")
        };
    }

    fn raw(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// Options as packetdrill writes them, in their order on the wire, with the numbers of SACK from
/// `base` on.
fn option_list(options: &Options, base: SeqNumber) -> String {
    let mut list: Vec<String> = vec![];
    list.extend(options.mss.map(|mss| format!("mss {mss}")));
    let pads = options.sack_permitted != options.timestamps.is_some();
    list.extend(pads.then(|| "nop,nop".to_owned()));
    list.extend(options.sack_permitted.then(|| "sackOK".to_owned()));
    list.extend(options.timestamps.map(|it| format!("TS val {} ecr {}", it.value, it.echo)));
    list.extend(options.window_scale.map(|shift| format!("nop,wscale {shift}")));
    if !options.sack.is_empty() {
        let relative = |seq: SeqNumber| seq.distance_from(base);
        let blocks = options.sack.blocks().iter();
        let blocks = blocks.map(|(start, end)| format!("{}:{}", relative(*start), relative(*end)));
        list.push(format!("nop,nop,sack {}", blocks.collect::<Vec<_>>().join(" ")));
    }
    list.join(",")
}
