//! The calls of an application, and the errors that answer them.

use serde::Serialize;

use super::id::Side;
use crate::tcp::{CloseError, ReceiveError, SendError};

/// A user call of an application (RFC 9293 §3.10.1-5), its end, or a crash of its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// Passive OPEN.
    Listen,
    /// Active OPEN.
    Connect,
    /// SEND of this many bytes.
    Send(u32),
    /// RECEIVE of all that is readable.
    Read,
    /// Resizes the receive buffer, in bytes; 0 closes the window.
    Window(u32),
    /// CLOSE.
    Close,
    /// ABORT.
    Abort,
    /// close(2), or the end of the process: the application gives up both directions. CLOSE is
    /// shutdown(2) of one.
    Exit,
    /// Not a call: the host loses all memory of the connection and restarts, in CLOSED.
    Crash,
}

impl Call {
    /// The word for it in `do=`.
    #[must_use]
    pub const fn verb(self, side: Side) -> &'static str {
        match (self, side) {
            (Self::Listen, Side::Server) | (Self::Connect, Side::Client) => "open",
            (Self::Listen, Side::Client) => "listen",
            (Self::Connect, Side::Server) => "connect",
            (Self::Send(_), _) => "send",
            (Self::Read, _) => "read",
            (Self::Window(_), _) => "window",
            (Self::Close, _) => "close",
            (Self::Abort, _) => "abort",
            (Self::Exit, _) => "exit",
            (Self::Crash, _) => "crash",
        }
    }

    /// The same call with another number of bytes, if it has one.
    #[must_use]
    pub const fn with_octets(self, octets: u32) -> Self {
        match self {
            Self::Send(_) => Self::Send(octets),
            Self::Window(_) => Self::Window(octets),
            Self::Listen
            | Self::Connect
            | Self::Read
            | Self::Close
            | Self::Abort
            | Self::Exit
            | Self::Crash => self,
        }
    }

    /// The smallest number of bytes allowed: a SEND of nothing is not a call.
    #[must_use]
    pub const fn least_octets(self) -> u32 {
        if let Self::Send(_) = self { 1 } else { 0 }
    }

    /// The call that a word names. `open` is the usual call of the side: the client connects, the
    /// server listens.
    pub(super) fn from_verb(verb: &str, side: Side) -> Option<Self> {
        Some(match (verb, side) {
            ("listen", _) | ("open", Side::Server) => Self::Listen,
            ("connect", _) | ("open", Side::Client) => Self::Connect,
            ("send", _) => Self::Send(0),
            ("read", _) => Self::Read,
            ("window", _) => Self::Window(0),
            ("close", _) => Self::Close,
            ("abort", _) => Self::Abort,
            ("exit", _) => Self::Exit,
            ("crash", _) => Self::Crash,
            _ => return None,
        })
    }

    /// The number of bytes that it sends, or the size of the buffer that it sets.
    #[must_use]
    pub const fn octets(self) -> Option<u32> {
        match self {
            Self::Send(octets) | Self::Window(octets) => Some(octets),
            Self::Listen
            | Self::Connect
            | Self::Read
            | Self::Close
            | Self::Abort
            | Self::Exit
            | Self::Crash => None,
        }
    }
}

/// The error that a user call returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallError {
    /// "connection already exists".
    AlreadyExists,
    /// "connection does not exist".
    NotOpen,
    /// "connection closing".
    Closing,
    /// "insufficient resources".
    NoRoom,
}

impl CallError {
    /// Every error.
    pub(super) const ALL: [Self; 4] =
        [Self::AlreadyExists, Self::NotOpen, Self::Closing, Self::NoRoom];
}

impl From<SendError> for CallError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::NotOpen => Self::NotOpen,
            SendError::Closing => Self::Closing,
            SendError::NoRoom => Self::NoRoom,
        }
    }
}

impl From<ReceiveError> for CallError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::NotOpen => Self::NotOpen,
            ReceiveError::Closing => Self::Closing,
        }
    }
}

impl From<CloseError> for CallError {
    fn from(error: CloseError) -> Self {
        match error {
            CloseError::NotOpen => Self::NotOpen,
            CloseError::Closing => Self::Closing,
        }
    }
}
