//! A parsed script: options, then events in order.

use super::events::Events;
use super::preamble::Preamble;
use crate::tcp::{Flags, Options, State};
use crate::time::{Duration, Instant};

/// A completely parsed script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// What the comments at its head say.
    pub preamble: Preamble,
    /// `--ip_version=ipv6`.
    pub is_ipv6: bool,
    /// `--tolerance_usecs`: the largest difference between expected and actual times.
    pub tolerance: Option<Duration>,
    /// `--time_wait_secs`: 2MSL.
    pub time_wait: Option<Duration>,
    /// `--rto_max_ms`: the cap of RTO.
    pub rto_max: Option<Duration>,
    /// The events, in order.
    pub events: Vec<ScriptEvent>,
}

/// One event: its time and its action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptEvent {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// When it happens.
    pub when: When,
    /// `T1~T2`: the latest time of an expected segment.
    pub latest: Option<When>,
    /// The action of an event.
    pub action: Action,
}

/// When an event happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// `+T`: this long after the previous event finished; zero for an event without a time.
    After(Duration),
    /// `T`: this long after the start.
    At(Instant),
    /// `*`: at any time. Only for expected segments.
    Any,
}

/// The action of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `<`: a segment arrives.
    Inject(Packet),
    /// `>`: a segment must be sent.
    Expect(Packet),
    /// The application calls.
    Call(SystemCall),
    /// The commands between backquotes.
    Commands(Vec<Command>),
    /// `%{ }%`: assertions.
    Assert(Vec<Assertion>),
}

/// A segment in the script's relative sequence numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The control bits.
    pub flags: Flags,
    /// SEQ, relative to the start of the connection.
    pub seq: u32,
    /// The length of the text, in bytes.
    pub len: u32,
    /// ACK. A script can set it without its flag.
    pub ack: Option<u32>,
    /// The window; not compared for expected segments.
    pub window: Option<u16>,
    /// The supported options; not compared for expected segments.
    pub options: Options,
}

/// A system call, and its expected result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemCall {
    /// The text of the call, for messages.
    pub text: String,
    /// The call.
    pub call: Call,
    /// The expected result.
    pub wanted: Wanted,
    /// `T1...T2`: the call blocks, and must return by T2.
    pub until: Option<When>,
}

/// A file descriptor, as numbered in the script.
pub type Descriptor = i64;

/// The supported system calls.
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
    /// `write` and `send` of this many bytes.
    Write(Descriptor, u32),
    /// `read` and `recv` of at most this many bytes.
    Read {
        /// The descriptor.
        fd: Descriptor,
        /// The most bytes.
        len: u32,
        /// `MSG_PEEK`: the bytes are not removed.
        peek: bool,
    },
    /// `shutdown`.
    Shutdown(Descriptor, How),
    /// `close`.
    Close(Descriptor),
    /// `poll` with its list.
    Poll(Vec<Watch>),
    /// `epoll_create`; the result is the new descriptor.
    EpollCreate,
    /// `epoll_ctl`: the instance, the socket, and its events; `None` to remove it.
    EpollControl(Descriptor, Descriptor, Option<Events>),
    /// `epoll_wait`: the instance, and the events of its first result.
    EpollWait(Descriptor, Option<Events>),
    /// `ioctl` with `SIOCINQ`: the number of readable bytes, if the script expects one.
    Unread(Descriptor, Option<i64>),
    /// `getsockopt` with `SO_ERROR`: the error, if the script expects one.
    GetError(Descriptor, Option<ErrorWord>),
    /// `getsockopt` with `SO_RCVBUF`: the size, if the script gives one.
    GetReceiveBuffer(Descriptor, Option<u32>),
}

/// A socket whose events are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The socket.
    pub fd: Descriptor,
    /// The events asked for.
    pub asked: Events,
    /// The events that the script expects, if it does.
    pub wanted: Option<Events>,
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

/// The socket options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketOption {
    /// `TCP_NODELAY`: Nagle's algorithm is off.
    NoDelay(bool),
    /// `TCP_CORK`: only full segments leave.
    Cork(bool),
    /// `SO_KEEPALIVE`.
    KeepAlive(bool),
    /// `TCP_KEEPIDLE`.
    KeepIdle(Duration),
    /// `TCP_KEEPINTVL`.
    KeepInterval(Duration),
    /// `TCP_KEEPCNT`.
    KeepCount(u32),
    /// `TCP_SYNCNT`: how often the SYN is repeated.
    SynCount(u32),
    /// `SO_SNDBUF`.
    SendBuffer(u32),
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
    /// Any other option is accepted and ignored.
    Other(String),
}

/// The expected result of a system call.
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
        /// The digits that the number of connections must contain.
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
    /// A comparison of numbers and fields of `struct tcp_info`, and its text.
    Compare(Comparison, String),
    /// Anything else is not checked, and noted in the report.
    NotChecked(String),
}

/// `a == b`, `a <= b < c`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The values compared.
    pub terms: Vec<Term>,
    /// What holds between each and the next.
    pub orders: Vec<Order>,
}

/// A value of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A number.
    Number(i64),
    /// A field, or a constant of a header.
    Name(String),
}

/// What holds between two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `==`.
    Equal,
    /// `!=`.
    Unequal,
    /// `<=`.
    AtMost,
    /// `>=`.
    AtLeast,
    /// `<`.
    Less,
    /// `>`.
    More,
}

/// Why a script could not be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line, from 1.
    pub line: u32,
    /// The error.
    pub message: String,
    /// True if the script uses something unsupported; false if it is wrong or too large.
    pub unsupported: bool,
}

impl core::fmt::Display for ParseError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl core::error::Error for ParseError {}
