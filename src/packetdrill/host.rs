//! The host under test: sockets on top of connections, in virtual time.

use std::collections::{BTreeMap, VecDeque};

use super::events::Events;
use super::options::{Options, Stack};
use super::record::{Emitted, Recorder, Trigger};
use super::script::{Descriptor, Script, SocketOption};
use super::socket_options::{IPV6_MSS, apply};
use crate::sim::{Call, Side};
use crate::tcp::{Config, Connection, Event, Outbox, Output, Rule, Segment, SeqNumber, State};
use crate::time::Instant;

/// The host under test.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) stack: Stack,
    pub(super) now: Instant,
    /// The options of a new connection.
    pub(super) config: Config,
    pub(super) sockets: BTreeMap<Descriptor, Socket>,
    /// The sockets of each epoll instance.
    pub(super) polls: BTreeMap<Descriptor, Vec<Watched>>,
    /// Every connection of the run. Segments belong to the last one.
    pub(super) endpoints: Vec<Endpoint>,
    /// The socket that assertions are about.
    pub(super) under_test: Option<UnderTest>,
    /// Sent segments that are not compared yet.
    pub(super) emitted: VecDeque<Emitted>,
    pub(super) recorder: Recorder,
    pub(super) delayed_ack_is_fixed: bool,
    outbox: Outbox,
}

/// The socket that was created or accepted last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnderTest {
    Socket(Descriptor),
    Endpoint(usize),
}

/// A socket, to which a descriptor refers.
#[derive(Clone, Debug, Default)]
pub(super) struct Socket {
    pub(super) role: Role,
    pub(super) nonblocking: bool,
    pub(super) abort_on_close: bool,
    /// The options of its future connections.
    pub(super) options: Vec<SocketOption>,
    pub(super) receive_buffer: Option<u32>,
    /// Whether the user was told that the connection is open.
    pub(super) is_connected: bool,
}

/// A socket in an epoll instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Watched {
    pub(super) fd: Descriptor,
    pub(super) asked: Events,
    /// The events that the user was told of.
    pub(super) told: u32,
}

/// The use of a socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    Fresh,
    Listener,
    Connection(usize),
}

/// A connection, and its state in the socket layer.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) connection: Connection,
    /// The listener that will accept it; `None` once accepted.
    pub(super) listener: Option<Descriptor>,
    pub(super) was_established: bool,
    /// The error that the user has not been told yet.
    pub(super) error: Option<&'static str>,
    /// Whether a reset ended it in CLOSING or LAST-ACK. Some systems report this to the user.
    pub(super) was_reset_closing: bool,
    pub(super) is_read_shut: bool,
    /// The size of the receive buffer, if text in all of it is acceptable.
    pub(super) receive_buffer: Option<u32>,
}

impl Endpoint {
    fn new(config: Config) -> Self {
        Self {
            connection: Connection::new(config),
            listener: None,
            was_established: false,
            error: None,
            was_reset_closing: false,
            is_read_shut: false,
            receive_buffer: None,
        }
    }

    /// Whether segments still belong to it. A child that returned to LISTEN no longer counts.
    pub(super) fn is_alive(&self) -> bool {
        !matches!(self.connection.state(), State::Closed | State::Listen)
    }

    fn is_in_time_wait(&self) -> bool {
        self.connection.state() == State::TimeWait
    }

    /// Accepts text in the whole free buffer, announced or not, as real systems do.
    fn widen_window(&mut self) {
        let Some(buffer) = self.receive_buffer.filter(|_| self.is_alive()) else {
            return;
        };
        let unread = u32::try_from(self.connection.readable_octets()).unwrap_or(u32::MAX);
        let most = if self.is_in_time_wait() { u32::from(u16::MAX) } else { u32::MAX };
        let free = buffer.saturating_sub(unread).max(self.connection.tcb().rcv_wnd);
        self.connection.set_receive_window(free.min(most));
    }
}

impl Host {
    pub(super) fn new(script: &Script, options: &Options, side: Side) -> Self {
        let mut config = options.stack.options(SeqNumber(options.isn.0));
        for (setting, span) in &script.preamble.times {
            setting.set(&mut config, *span);
        }
        if script.is_ipv6 {
            (config.mss, config.default_send_mss) = IPV6_MSS;
        }
        if let Some(time_wait) = script.time_wait {
            config.time_wait = time_wait;
        }
        if let Some(rto_max) = script.rto_max {
            config.rto_max = rto_max;
        }
        if let Some(delay) = options.delayed_ack {
            config.delayed_ack = Some(delay).filter(|delay| !delay.is_zero());
        }
        Self {
            stack: options.stack,
            now: Instant::ZERO + options.one_way_delay,
            config,
            sockets: BTreeMap::new(),
            polls: BTreeMap::new(),
            endpoints: Vec::new(),
            under_test: None,
            emitted: VecDeque::new(),
            recorder: Recorder::new(side, options),
            delayed_ack_is_fixed: options.delayed_ack.is_some(),
            outbox: Outbox::new(),
        }
    }

    /// The work done so far, in steps and segments, which is limited.
    pub(super) fn work(&self) -> usize {
        self.recorder.trace.steps.len() + self.recorder.trace.segments.len()
    }

    /// When the next timer expires.
    pub(super) fn next_timer(&self) -> Option<Instant> {
        self.endpoints.iter().filter_map(|endpoint| endpoint.connection.poll_timeout()).min()
    }

    /// Advances the clock to `at`, and expires the timers that are due.
    pub(super) fn expire(&mut self, at: Instant) {
        self.now = self.now.max(at);
        for index in 0..self.endpoints.len() {
            let due = self.endpoints[index].connection.timers().next();
            if let Some((timer, due)) = due
                && due <= at
            {
                self.drive(index, Trigger::Timer(timer), |connection, now, out| {
                    connection.handle_timeout(now, out);
                });
            }
        }
    }

    /// Handles an arriving segment.
    pub(super) fn inject(&mut self, segment: &Segment) {
        let arrival = self.recorder.injected(self.now, segment);
        let is_known = self.endpoints.last().is_some_and(Endpoint::is_alive);
        let waits = self.endpoints.last().is_some_and(Endpoint::is_in_time_wait);
        if self.config.drop_syn_fin && segment.syn() && segment.fin() && is_known && !waits {
            // BSD drops it before all other checks, except in TIME-WAIT.
            return;
        }
        let trigger = Trigger::Arrival(arrival);
        if !is_known || self.is_reopened(segment) {
            self.spawn();
        }
        let index = self.endpoints.len() - 1;
        let endpoint = &mut self.endpoints[index];
        endpoint.widen_window();
        self.drive(index, trigger, |connection, now, out| {
            connection.handle_segment(now, segment, out);
        });
        let endpoint = &self.endpoints[index];
        let is_flushed = endpoint.is_read_shut && self.stack == Stack::FreeBsd;
        if is_flushed && endpoint.connection.readable_octets() > 0 {
            // The text is discarded. Linux keeps it, and it can still be read.
            self.drive(index, Trigger::Call(Call::Read), |connection, now, out| {
                let _ = connection.receive(now, usize::MAX, out);
            });
        }
        let endpoint = &self.endpoints[index];
        let listener = endpoint.listener.map(UnderTest::Socket);
        let is_half_open = endpoint.listener.is_some() && !endpoint.was_established;
        if !endpoint.is_alive() && (!is_known || is_half_open) {
            // It opened no connection, or its listener waits for the next one.
            self.endpoints.pop();
            if self.under_test == Some(UnderTest::Endpoint(index)) {
                self.under_test = listener;
            }
        } else if listener.is_some() {
            self.under_test = Some(UnderTest::Endpoint(index));
        }
    }

    /// Whether a SYN ends TIME-WAIT and belongs to a listener. Without one it cannot.
    fn is_reopened(&mut self, segment: &Segment) -> bool {
        let has_listener = self.sockets.values().any(|socket| socket.role == Role::Listener);
        let Some(endpoint) = self.endpoints.last_mut() else { return false };
        let is_new = endpoint.connection.reopens_for(segment);
        if is_new && has_listener {
            self.config.iss = endpoint.connection.next_iss();
        } else if is_new {
            endpoint.connection.reconfigure(|config| config.habits.time_wait_reopens = false);
        }
        is_new && has_listener
    }

    /// Creates a connection for a segment without one: in LISTEN if there is a listener.
    fn spawn(&mut self) {
        let listener = self.sockets.iter().find(|(_, socket)| socket.role == Role::Listener);
        let config = listener.map_or(self.config.clone(), |(_, socket)| self.config_for(socket));
        let mut endpoint = Endpoint::new(Config { open_timeout: None, ..config });
        if let Some((&fd, socket)) = listener {
            endpoint.listener = Some(fd);
            endpoint.receive_buffer = self.buffer_of(socket);
            // From CLOSED a passive OPEN cannot fail, and it sends nothing.
            let _ = endpoint.connection.open_passive(self.now, &mut self.outbox);
            self.outbox.clear();
        }
        self.endpoints.push(endpoint);
    }

    /// Notes in the trace that a socket listens. Each connection gets a TCB of its own later.
    pub(super) fn listen(&mut self) {
        let mut connection = Connection::new(self.config.clone());
        let _ = connection.open_passive(self.now, &mut self.outbox);
        let Self { now, recorder, outbox, .. } = self;
        recorder.step(*now, Trigger::Call(Call::Listen), &connection, outbox);
    }

    /// Active OPEN. Returns the index of the new connection.
    pub(super) fn connect(&mut self, socket: &Socket) -> usize {
        let mut endpoint = Endpoint::new(self.config_for(socket));
        endpoint.receive_buffer = self.buffer_of(socket);
        self.endpoints.push(endpoint);
        let index = self.endpoints.len() - 1;
        self.drive(index, Trigger::Call(Call::Connect), |connection, now, out| {
            // From CLOSED an active OPEN cannot fail.
            let _ = connection.open_active(now, out);
        });
        index
    }

    /// Calls a connection, and records its outputs.
    pub(super) fn drive<T>(
        &mut self,
        index: usize,
        trigger: Trigger,
        action: impl FnOnce(&mut Connection, Instant, &mut Outbox) -> T,
    ) -> T {
        let Self { endpoints, outbox, now, recorder, emitted, .. } = self;
        let endpoint = &mut endpoints[index];
        let result = action(&mut endpoint.connection, *now, outbox);
        for output in outbox.iter() {
            let Output::Event(event, rule) = output else { continue };
            match event {
                Event::Refused => endpoint.error = Some("ECONNREFUSED"),
                Event::Reset => endpoint.error = Some("ECONNRESET"),
                Event::TimedOut => endpoint.error = Some("ETIMEDOUT"),
                Event::Transition { to: State::Established, .. } => endpoint.was_established = true,
                Event::Transition { from: State::Closing | State::LastAck, .. }
                    if rule == Rule::ResetCloses =>
                {
                    endpoint.was_reset_closing = true;
                }
                _ => {}
            }
        }
        emitted.extend(recorder.step(*now, trigger, &endpoint.connection, outbox));
        result
    }

    /// The size of a receive buffer that is acceptable as a whole: always for BSD, for Linux only
    /// if the script sets it.
    fn buffer_of(&self, socket: &Socket) -> Option<u32> {
        let habit = (self.stack == Stack::FreeBsd).then_some(self.config.receive_buffer);
        socket.receive_buffer.or(habit)
    }

    /// The options of a connection of this socket.
    fn config_for(&self, socket: &Socket) -> Config {
        let mut config = self.config.clone();
        for option in &socket.options {
            apply(&mut config, option);
            if let SocketOption::ReceiveBuffer(size) = option {
                config.receive_buffer = *size;
            }
        }
        if let Some(buffer) = socket.receive_buffer {
            config.receive_buffer = buffer;
        }
        config
    }

    /// Sets an option of a socket, and of its connection if there is one.
    pub(super) fn set_option(&mut self, fd: Descriptor, option: &SocketOption) {
        let Some(socket) = self.sockets.get_mut(&fd) else { return };
        if let SocketOption::AbortOnClose(aborts) = option {
            socket.abort_on_close = *aborts;
        }
        if let SocketOption::ReceiveBuffer(size) = option
            && self.stack == Stack::FreeBsd
        {
            self.set_receive_buffer(fd, *size);
            return;
        }
        socket.options.push(option.clone());
        if let Role::Connection(index) = socket.role {
            self.endpoints[index].connection.reconfigure(|config| apply(config, option));
            self.act_on_option(index, option);
        }
    }

    /// What an option changes immediately on an open connection.
    fn act_on_option(&mut self, index: usize, option: &SocketOption) {
        match option {
            SocketOption::KeepAlive(_)
            | SocketOption::KeepIdle(_)
            | SocketOption::KeepInterval(_)
            | SocketOption::KeepCount(_) => {
                let endpoint = &mut self.endpoints[index];
                let times = endpoint.connection.config().keep_alive;
                endpoint.connection.set_keep_alive(self.now, times);
            }
            SocketOption::NoDelay(true) | SocketOption::Cork(false) => {
                self.drive(index, Trigger::Call(Call::Send(0)), |connection, now, out| {
                    connection.flush(now, out);
                });
            }
            _ => {}
        }
    }

    /// Sets the size of a socket's receive buffer, and so the text that it accepts.
    pub(super) fn set_receive_buffer(&mut self, fd: Descriptor, size: u32) {
        // A window of 65,536 cannot be announced without scaling.
        let size = if size == u32::from(u16::MAX) + 1 { size - 1 } else { size };
        let Some(socket) = self.sockets.get_mut(&fd) else { return };
        socket.receive_buffer = Some(size);
        if let Role::Connection(index) = socket.role {
            let endpoint = &mut self.endpoints[index];
            endpoint.receive_buffer = Some(size);
            endpoint.connection.reconfigure(|config| config.receive_buffer = size);
        }
    }

    /// The state of the socket that was created or accepted last.
    pub(super) fn state_under_test(&self) -> State {
        let endpoint = |index: usize| self.endpoints[index].connection.state();
        match self.under_test {
            None => self.endpoints.len().checked_sub(1).map_or(State::Closed, endpoint),
            Some(UnderTest::Endpoint(index)) => endpoint(index),
            Some(UnderTest::Socket(fd)) => match self.sockets.get(&fd).map(|socket| socket.role) {
                Some(Role::Fresh) => State::Closed,
                Some(Role::Listener) => State::Listen,
                Some(Role::Connection(index)) => endpoint(index),
                None => self.endpoints.len().checked_sub(1).map_or(State::Closed, endpoint),
            },
        }
    }

    /// The number of sockets and connections in a state.
    pub(super) fn count(&self, state: State) -> usize {
        let in_state = |endpoint: &&Endpoint| endpoint.connection.state() == state;
        match state {
            State::Listen => {
                self.sockets.values().filter(|socket| socket.role == Role::Listener).count()
            }
            // A closed connection without a descriptor does not count.
            State::Closed => {
                let is_closed = |socket: &&Socket| match socket.role {
                    Role::Fresh => true,
                    Role::Listener => false,
                    Role::Connection(index) => in_state(&&self.endpoints[index]),
                };
                self.sockets.values().filter(is_closed).count()
            }
            _ => self.endpoints.iter().filter(in_state).count(),
        }
    }
}
