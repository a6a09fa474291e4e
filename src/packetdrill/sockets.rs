//! The system calls on sockets, and their results.

use super::host::{Endpoint, Host, Role, Socket, UnderTest};
use super::options::Stack;
use super::record::Trigger;
use super::script::{Call, Descriptor, ErrorWord, How, SocketOption};
use crate::sim::Call as UserCall;
use crate::tcp::{SendError, State};

/// The outcome of a system call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It returned this.
    Returned(i64),
    /// It returned the access mode and whether the socket is non-blocking.
    Flags(i64, bool),
    /// It returned -1 and this error.
    Failed(&'static str),
    /// It blocks. On a non-blocking socket it returns this error at once.
    Blocks(&'static str),
    /// It returned 0, but a value differs from the script's.
    Differs {
        /// The expected value.
        want: String,
        /// The actual value.
        got: String,
    },
    /// Like [`Outcome::Returned`] with 0: not the script's result, but an accepted equivalent.
    OtherSpelling,
}

/// The operation succeeded.
const OK: Outcome = Outcome::Returned(0);

impl Host {
    /// Makes a system call. `descriptor` is the number for a new descriptor.
    pub(super) fn call(&mut self, call: &Call, descriptor: Option<Descriptor>) -> Outcome {
        if let Call::Socket { nonblocking } = *call {
            let fd = descriptor.unwrap_or_else(|| self.free_descriptor());
            self.sockets.insert(fd, Socket { nonblocking, ..Socket::default() });
            self.under_test = Some(UnderTest::Socket(fd));
            return Outcome::Returned(fd);
        }
        if let Some(outcome) = self.call_about_events(call, descriptor) {
            return outcome;
        }
        let Some(socket) = self.sockets.get(&call.descriptor()) else {
            return Outcome::Failed("EBADF");
        };
        let role = socket.role;
        match *call {
            Call::Socket { .. }
            | Call::Poll(_)
            | Call::EpollCreate
            | Call::EpollControl(..)
            | Call::EpollWait(..)
            | Call::Bind(_) => OK,
            Call::GetFlags(_) => Outcome::Flags(O_RDWR, socket.nonblocking),
            Call::SetFlags(fd, nonblocking) => {
                self.sockets.entry(fd).and_modify(|socket| socket.nonblocking = nonblocking);
                OK
            }
            Call::SetOption(fd, ref option) => {
                self.set_option(fd, option);
                OK
            }
            Call::Listen(fd) => self.call_listen(fd, role),
            Call::Connect(fd) => self.call_connect(fd, role),
            Call::Accept(fd) => self.call_accept(fd, role, descriptor),
            Call::Write(_, len) => match role {
                Role::Connection(index) => self.call_write(index, len),
                Role::Fresh | Role::Listener => Outcome::Failed(self.not_connected_for_write()),
            },
            Call::Read { len, peek, .. } => match role {
                Role::Connection(index) => self.call_read(index, len, peek),
                Role::Fresh | Role::Listener => Outcome::Failed("ENOTCONN"),
            },
            Call::Shutdown(_, how) => match role {
                Role::Connection(index) => self.call_shutdown(index, how),
                Role::Fresh | Role::Listener => Outcome::Failed("ENOTCONN"),
            },
            Call::Close(fd) => self.call_close(fd),
            Call::Unread(_, want) => match role {
                Role::Connection(index) => {
                    let endpoint = &self.endpoints[index];
                    let unread = endpoint.connection.readable_octets();
                    let is_flushed = endpoint.is_read_shut && self.stack == Stack::FreeBsd;
                    let unread = if is_flushed { 0 } else { unread };
                    same(want, i64::try_from(unread).unwrap_or(i64::MAX))
                }
                Role::Fresh | Role::Listener => same(want, 0),
            },
            Call::GetError(_, ref want) => self.call_get_error(role, want.as_ref()),
            Call::GetReceiveBuffer(fd, size) => {
                if let Some(size) = size {
                    self.set_receive_buffer(fd, size);
                }
                OK
            }
        }
    }

    pub(super) fn free_descriptor(&self) -> Descriptor {
        self.sockets.last_key_value().map_or(3, |(fd, _)| fd.saturating_add(1))
    }

    fn not_connected_for_write(&self) -> &'static str {
        match self.stack {
            Stack::FreeBsd | Stack::Rfc9293 => "ENOTCONN",
            Stack::Linux => "EPIPE",
        }
    }

    fn call_listen(&mut self, fd: Descriptor, role: Role) -> Outcome {
        match role {
            Role::Listener => OK,
            Role::Fresh => {
                self.sockets.entry(fd).and_modify(|socket| socket.role = Role::Listener);
                self.listen();
                OK
            }
            Role::Connection(_) => Outcome::Failed("EINVAL"),
        }
    }

    fn call_connect(&mut self, fd: Descriptor, role: Role) -> Outcome {
        let Some(socket) = self.sockets.get(&fd).cloned() else {
            return Outcome::Failed("EBADF");
        };
        if let Role::Connection(index) = role
            && self.endpoints[index].is_alive()
        {
            let state = self.endpoints[index].connection.state();
            let is_open = !matches!(state, State::SynSent | State::SynReceived);
            // Linux reports once that the connection is open.
            let is_told = self.stack == Stack::FreeBsd || socket.is_connected;
            if is_open && !is_told {
                self.sockets.entry(fd).and_modify(|socket| socket.is_connected = true);
                return OK;
            }
            return Outcome::Failed(if is_open { "EISCONN" } else { "EALREADY" });
        }
        if role == Role::Listener {
            return Outcome::Failed(match self.stack {
                Stack::FreeBsd | Stack::Rfc9293 => "EOPNOTSUPP",
                Stack::Linux => "EISCONN",
            });
        }
        let index = self.connect(&socket);
        self.sockets.entry(fd).and_modify(|socket| socket.role = Role::Connection(index));
        self.under_test = Some(UnderTest::Socket(fd));
        Outcome::Blocks("EINPROGRESS")
    }

    /// The result of a blocked `connect`.
    fn connect_result(&mut self, fd: Descriptor, index: usize) -> Outcome {
        let endpoint = &mut self.endpoints[index];
        match endpoint.connection.state() {
            State::SynSent | State::SynReceived => return Outcome::Blocks("EINPROGRESS"),
            State::Closed | State::Listen => {
                if let Some(error) = endpoint.error.take() {
                    return Outcome::Failed(error);
                }
                if !endpoint.was_established {
                    return Outcome::Failed("ECONNABORTED");
                }
            }
            State::Established
            | State::FinWait1
            | State::FinWait2
            | State::CloseWait
            | State::Closing
            | State::LastAck
            | State::TimeWait => {}
        }
        self.sockets.entry(fd).and_modify(|socket| socket.is_connected = true);
        OK
    }

    fn call_accept(&mut self, fd: Descriptor, role: Role, new: Option<Descriptor>) -> Outcome {
        if role != Role::Listener {
            return Outcome::Failed("EINVAL");
        }
        let waits = |endpoint: &Endpoint| endpoint.listener == Some(fd) && endpoint.was_established;
        let Some(index) = self.endpoints.iter().position(waits) else {
            return Outcome::Blocks("EWOULDBLOCK");
        };
        let endpoint = &mut self.endpoints[index];
        endpoint.listener = None;
        if self.stack == Stack::FreeBsd && endpoint.error.is_some() {
            return Outcome::Failed("ECONNABORTED");
        }
        let (is_inherited, listener) = match self.sockets.get(&fd) {
            Some(socket) => (self.stack == Stack::FreeBsd && socket.nonblocking, socket.clone()),
            None => (false, Socket::default()),
        };
        let new = new.unwrap_or_else(|| self.free_descriptor());
        let role = Role::Connection(index);
        let socket = Socket { role, nonblocking: is_inherited, is_connected: true, ..listener };
        self.sockets.insert(new, socket);
        self.under_test = Some(UnderTest::Socket(new));
        Outcome::Returned(new)
    }

    fn call_write(&mut self, index: usize, len: u32) -> Outcome {
        let stack = self.stack;
        let not_connected = self.not_connected_for_write();
        let endpoint = &mut self.endpoints[index];
        if stack == Stack::Linux
            && let Some(error) = endpoint.error.take()
        {
            return Outcome::Failed(error);
        }
        let connection = &endpoint.connection;
        if connection.state() == State::Closed {
            // The error depends on whether the connection was ever open.
            let was_open = endpoint.was_established || endpoint.error.is_some();
            return Outcome::Failed(if was_open { "EPIPE" } else { not_connected });
        }
        let buffer = connection.config().send_buffer.min(SEND_BUFFER) as usize;
        let room = buffer.saturating_sub(connection.unacknowledged_octets());
        let count = room.min(len as usize);
        if count == 0 && len > 0 {
            return Outcome::Blocks("EWOULDBLOCK");
        }
        // The content does not matter; the bytes count up.
        let text: Vec<u8> = (0..=u8::MAX).cycle().take(count).collect();
        let octets = u32::try_from(count).unwrap_or(u32::MAX);
        let trigger = Trigger::Call(UserCall::Send(octets));
        match self.drive(index, trigger, |connection, now, out| connection.send(now, &text, out)) {
            Ok(()) => Outcome::Returned(i64::from(octets)),
            Err(SendError::NotOpen | SendError::Closing) => Outcome::Failed("EPIPE"),
            Err(SendError::NoRoom) => Outcome::Blocks("EWOULDBLOCK"),
        }
    }

    fn call_read(&mut self, index: usize, len: u32, peek: bool) -> Outcome {
        let is_flushed = self.stack == Stack::FreeBsd;
        let endpoint = &mut self.endpoints[index];
        let connection = &mut endpoint.connection;
        let is_at_end = endpoint.is_read_shut && (is_flushed || connection.readable_octets() == 0);
        if is_at_end || len == 0 {
            return OK;
        }
        if connection.readable_octets() > 0 {
            let count = if peek {
                connection.peek(len as usize).len()
            } else {
                let trigger = Trigger::Call(UserCall::Read);
                let text = self.drive(index, trigger, |connection, now, out| {
                    connection.receive(now, len as usize, out)
                });
                text.map_or(0, |text| text.len() as usize)
            };
            return Outcome::Returned(i64::try_from(count).unwrap_or(i64::MAX));
        }
        if let Some(error) = endpoint.error.take() {
            return Outcome::Failed(error);
        }
        match connection.state() {
            _ if connection.peer_has_closed() => OK,
            State::Closed if endpoint.was_established => OK,
            State::Closed => Outcome::Failed("ENOTCONN"),
            State::Listen
            | State::SynSent
            | State::SynReceived
            | State::Established
            | State::FinWait1
            | State::FinWait2
            | State::CloseWait
            | State::Closing
            | State::LastAck
            | State::TimeWait => Outcome::Blocks("EWOULDBLOCK"),
        }
    }

    fn call_shutdown(&mut self, index: usize, how: How) -> Outcome {
        let endpoint = &mut self.endpoints[index];
        // To the user a connection in TIME-WAIT no longer exists.
        if matches!(endpoint.connection.state(), State::Closed | State::TimeWait) {
            return Outcome::Failed("ENOTCONN");
        }
        if how != How::Write {
            endpoint.is_read_shut = true;
        }
        if how != How::Read {
            self.drive(index, Trigger::Call(UserCall::Close), |connection, now, out| {
                // A second CLOSE is an error in the RFC, but not in real systems.
                let _ = connection.close(now, out);
            });
        }
        OK
    }

    fn call_close(&mut self, fd: Descriptor) -> Outcome {
        let Some(socket) = self.sockets.remove(&fd) else {
            return Outcome::Failed("EBADF");
        };
        let Role::Connection(index) = socket.role else {
            return OK;
        };
        let endpoint = &mut self.endpoints[index];
        if !endpoint.is_alive() {
            return OK;
        }
        let aborts = socket.abort_on_close;
        let call = if aborts { UserCall::Abort } else { UserCall::Exit };
        self.drive(index, Trigger::Call(call), |connection, now, out| {
            // Errors are ignored: the connection is closing already.
            if aborts {
                let _ = connection.abort(now, out);
            } else {
                let _ = connection.exit(now, out);
            }
        });
        OK
    }

    fn call_get_error(&mut self, role: Role, want: Option<&ErrorWord>) -> Outcome {
        let stack = self.stack;
        let (error, was_reset_closing) = match role {
            Role::Connection(index) => {
                let endpoint = &mut self.endpoints[index];
                (endpoint.error.take(), std::mem::take(&mut endpoint.was_reset_closing))
            }
            Role::Fresh | Role::Listener => (None, false),
        };
        let is_wanted = |error: Option<&str>| match want {
            None => true,
            Some(ErrorWord::Name(name)) => error == Some(name),
            Some(ErrorWord::Number(number)) => *number == error_number(stack, error),
        };
        if is_wanted(error) {
            return OK;
        }
        if error.is_none() && was_reset_closing && is_wanted(Some("ECONNRESET")) {
            return Outcome::OtherSpelling;
        }
        let want = match want {
            Some(ErrorWord::Name(name)) => format!("SO_ERROR {name}"),
            Some(ErrorWord::Number(number)) => format!("SO_ERROR {number}"),
            None => String::new(),
        };
        let got = error.map_or("SO_ERROR 0".to_owned(), |error| format!("SO_ERROR {error}"));
        Outcome::Differs { want, got }
    }

    /// Retries a blocked call.
    pub(super) fn call_again(&mut self, call: &Call, descriptor: Option<Descriptor>) -> Outcome {
        if let Call::Connect(fd) = *call
            && let Some(Role::Connection(index)) = self.sockets.get(&fd).map(|socket| socket.role)
        {
            return self.connect_result(fd, index);
        }
        self.call(call, descriptor)
    }
}

/// The most text that waits to be sent. Less than the default, since a script can set an MSS of one
/// byte.
const SEND_BUFFER: u32 = 1 << 19;

/// Access mode `O_RDWR`.
const O_RDWR: i64 = 2;

/// The number of an error in the system's header; 0 for none.
fn error_number(stack: Stack, error: Option<&str>) -> i64 {
    let (freebsd, linux) = match error {
        None => (0, 0),
        Some("ECONNRESET") => (54, 104),
        Some("ETIMEDOUT") => (60, 110),
        Some("ECONNREFUSED") => (61, 111),
        Some(_) => (-1, -1),
    };
    match stack {
        Stack::FreeBsd => freebsd,
        Stack::Linux | Stack::Rfc9293 => linux,
    }
}

fn same(want: Option<i64>, got: i64) -> Outcome {
    match want {
        Some(want) if want != got => {
            Outcome::Differs { want: format!("[{want}]"), got: format!("[{got}]") }
        }
        _ => OK,
    }
}

impl Call {
    /// The descriptor that it uses; -1 for a new socket.
    const fn descriptor(&self) -> Descriptor {
        match *self {
            Self::Socket { .. } | Self::Poll(_) | Self::EpollCreate => -1,
            Self::EpollControl(fd, ..)
            | Self::EpollWait(fd, _)
            | Self::Bind(fd)
            | Self::GetFlags(fd)
            | Self::SetFlags(fd, _)
            | Self::SetOption(fd, _)
            | Self::Listen(fd)
            | Self::Connect(fd)
            | Self::Accept(fd)
            | Self::Write(fd, _)
            | Self::Read { fd, .. }
            | Self::Shutdown(fd, _)
            | Self::Close(fd)
            | Self::Unread(fd, _)
            | Self::GetError(fd, _)
            | Self::GetReceiveBuffer(fd, _) => fd,
        }
    }
}

/// Whether a socket option has no effect here.
pub(super) const fn is_bookkeeping(option: &SocketOption) -> bool {
    matches!(option, SocketOption::Other(_))
}
