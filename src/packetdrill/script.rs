//! A script as data: options, then events in order.

use crate::tcp::{Flags, Options, State};
use crate::time::{Duration, Instant};

/// A script that was understood from its first line to its last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// `--tolerance_usecs`: how far from its time an expected segment may leave.
    pub tolerance: Option<Duration>,
    /// `--time_wait_secs`: 2MSL.
    pub time_wait: Option<Duration>,
    /// `--rto_max_ms`: the cap of RTO.
    pub rto_max: Option<Duration>,
    /// The events, in order.
    pub events: Vec<ScriptEvent>,
}

/// One event: when, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptEvent {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// When it happens.
    pub when: When,
    /// What happens.
    pub action: Action,
}

/// When an event happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// `+T`, and an event without a time: so long after the event before it finished.
    After(Duration),
    /// `T`: so long after the start.
    At(Instant),
    /// `*`: at any time. Only for a segment that is expected.
    Any,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `<`: a segment arrives.
    Inject(Packet),
    /// `>`: a segment must leave.
    Expect(Packet),
    /// The application calls.
    Call(SystemCall),
    /// A backquoted command, in its parts.
    Commands(Vec<Command>),
    /// `%{ }%`: assertions.
    Assert(Vec<Assertion>),
}

/// A segment in the script's own numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The control bits.
    pub flags: Flags,
    /// SEQ, from the beginning of the connection in a segment that is expected.
    pub seq: u32,
    /// Octets of text.
    pub len: u32,
    /// ACK. It may be given without its control bit.
    pub ack: Option<u32>,
    /// The window; on a segment that is expected it is not looked at.
    pub window: Option<u16>,
    /// The options that the machine knows; on a segment that is expected they are not looked at.
    pub options: Options,
}

/// A system call, and the result that the script wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemCall {
    /// The call as it is written, for messages.
    pub text: String,
    /// The call.
    pub call: Call,
    /// The result that it must give.
    pub wanted: Wanted,
    /// `T1...T2`: the call blocks, and must return by T2.
    pub until: Option<When>,
}

/// A file descriptor: the script's number.
pub type Descriptor = i64;

/// The system calls, as far as they matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// `socket`; the result is the new descriptor.
    Socket {
        /// `SOCK_NONBLOCK` was given.
        nonblocking: bool,
    },
    /// `bind`.
    Bind(Descriptor),
    /// `fcntl` with `F_GETFL`.
    GetFlags(Descriptor),
    /// `fcntl` with `F_SETFL`; whether `O_NONBLOCK` was given.
    SetFlags(Descriptor, bool),
    /// `setsockopt`.
    SetOption(Descriptor, SocketOption),
    /// `listen`.
    Listen(Descriptor),
    /// `connect`.
    Connect(Descriptor),
    /// `accept`; the result is the new descriptor.
    Accept(Descriptor),
    /// `write` and `send`: so many octets.
    Write(Descriptor, u32),
    /// `read` and `recv`: at most so many octets.
    Read {
        /// Where from.
        fd: Descriptor,
        /// How many octets at most.
        len: u32,
        /// `MSG_PEEK`: they stay where they are.
        peek: bool,
    },
    /// `shutdown`.
    Shutdown(Descriptor, How),
    /// `close`.
    Close(Descriptor),
    /// `ioctl` with `SIOCINQ`: how many octets can be read, if the script says.
    Unread(Descriptor, Option<i64>),
    /// `getsockopt` with `SO_ERROR`: the error, if the script says.
    GetError(Descriptor, Option<ErrorWord>),
    /// `getsockopt` with `SO_RCVBUF`: the size, if the script says.
    GetReceiveBuffer(Descriptor, Option<u32>),
}

/// An error, by name or by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorWord {
    /// A name, such as `ECONNRESET`.
    Name(String),
    /// A number, as the system's own header has it; 0 is no error.
    Number(i64),
}

/// The direction that `shutdown` closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `SHUT_RD`.
    Read,
    /// `SHUT_WR`.
    Write,
    /// `SHUT_RDWR`.
    Both,
}

/// The socket options, as far as they matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketOption {
    /// `TCP_NODELAY`: Nagle's algorithm is off.
    NoDelay(bool),
    /// `TCP_KEEPINIT`: the user timeout of the open.
    OpenTimeout(Duration),
    /// `TCP_USER_TIMEOUT`.
    UserTimeout(Duration),
    /// `TCP_MAXSEG`: the MSS.
    MaxSegment(u16),
    /// `SO_RCVBUF`.
    ReceiveBuffer(u32),
    /// `SO_LINGER`; true if it is on with no time, so that `close` aborts.
    AbortOnClose(bool),
    /// Any other is taken and changes nothing.
    Other(String),
}

/// The result that a script wants of a system call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This number.
    Value(i64),
    /// -1, and this error; without a name any error.
    Error(Option<String>),
    /// Flag words of `F_GETFL`: the access mode, and whether `O_NONBLOCK` is among them.
    Flags(i64, bool),
    /// `...`: any result.
    Any,
}

/// A command that the script gives to a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `sysctl name=value`.
    Sysctl {
        /// The variable.
        name: String,
        /// Its new value.
        value: String,
    },
    /// `sockstat … | grep -c STATE | grep N`.
    CountState {
        /// The state.
        state: State,
        /// What the number of connections in it must contain.
        pattern: String,
    },
    /// `sleep`.
    Sleep(Duration),
    /// A set-up command that changes nothing here.
    NotRun(String),
}

/// An assertion between `%{` and `}%`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assertion {
    /// `assert tcpi_state == TCPI_…`.
    State(State),
    /// Anything else: it is not checked, and the report says so.
    NotChecked(String),
}

/// Why a script was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong with it.
    pub message: String,
    /// True where it is outside of the subset; false where it contradicts itself or is too big.
    pub unsupported: bool,
}

impl core::fmt::Display for ParseError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl core::error::Error for ParseError {}
