//! The only input: two hosts, a network, applications, and edits.

use super::edit::Edit;
use super::id::{Origin, SegmentId, Side};
use super::trace::SegmentRecord;
use crate::tcp::{Config, Segment};
use crate::time::{Duration, Instant};

/// Everything that a run depends on.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The client and the server, in this order.
    pub hosts: [Host; 2],
    /// What lies between them.
    pub network: Network,
    /// Old duplicates from an earlier connection, which `O1`, `O2`, … name.
    pub strays: Vec<Stray>,
    /// Changes, in order: where two speak of one segment, the later adds to the earlier.
    pub edits: Vec<Edit>,
}

impl Scenario {
    /// Whether another one differs from it in nothing but its edits.
    #[must_use]
    pub fn differs_in_edits_alone(&self, other: &Self) -> bool {
        self.hosts == other.hosts && self.network == other.network && self.strays == other.strays
    }

    /// When a segment arrives if nothing befalls it.
    #[must_use]
    pub fn due(&self, record: &SegmentRecord) -> Instant {
        let SegmentId { origin, ordinal } = record.id;
        let old = (origin == Origin::Old)
            .then(|| self.strays.get(usize::try_from(ordinal).ok()?.checked_sub(1)?))
            .flatten();
        old.map_or(record.sent_at + self.network.delay, |stray| stray.at)
    }

    /// When a segment would arrive, where an edit says how long it flies.
    #[must_use]
    pub fn moved_from(&self, record: &SegmentRecord) -> Option<Instant> {
        let is_moved = self.edits.iter().any(|edit| match edit {
            Edit::Delay(id, _) | Edit::Deliver(id, Some(_)) => *id == record.id,
            _ => false,
        });
        is_moved.then(|| self.due(record))
    }
}

/// One host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its TCP's options.
    pub config: Config,
    /// Its application.
    pub application: Application,
}

/// What an application does, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Application {
    /// Its calls. Each is made once.
    pub script: Vec<Planned>,
    /// Whether it leaves what arrives in the buffer until it calls RECEIVE.
    pub reads_by_hand: bool,
}

/// A call that waits for its moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// What it waits for.
    pub when: When,
    /// How long after that it is made.
    pub after: Duration,
    /// The call.
    pub call: Call,
}

/// What an application waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The start of the run.
    Start,
    /// ESTABLISHED is entered.
    Established,
    /// So many octets have been delivered in all.
    Received(u32),
    /// The peer has closed its side.
    PeerClosed,
    /// The connection was refused, reset or given up.
    Failed,
}

/// What an application asks for (RFC 9293 §3.10.1-5), or what befalls its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// Passive OPEN.
    Listen,
    /// Active OPEN.
    Connect,
    /// SEND of so many octets.
    Send(u32),
    /// RECEIVE of all that is there.
    Read,
    /// The receive buffer has room for so many octets from now on; 0 closes the window.
    Window(u32),
    /// CLOSE.
    Close,
    /// ABORT.
    Abort,
    /// Not a call: the host loses all memory of the connection and starts anew, in CLOSED.
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
            (Self::Crash, _) => "crash",
        }
    }

    /// The same call with another number of octets, if it has any.
    #[must_use]
    pub const fn with_octets(self, octets: u32) -> Self {
        match self {
            Self::Send(_) => Self::Send(octets),
            Self::Window(_) => Self::Window(octets),
            Self::Listen | Self::Connect | Self::Read | Self::Close | Self::Abort | Self::Crash => {
                self
            }
        }
    }

    /// The fewest octets that it can have: to send none is no call.
    #[must_use]
    pub const fn least_octets(self) -> u32 {
        if let Self::Send(_) = self { 1 } else { 0 }
    }

    /// The call that a word names. `open` is what the side usually does: the client connects,
    /// the server listens.
    pub(super) fn from_verb(verb: &str, side: Side) -> Option<Self> {
        Some(match (verb, side) {
            ("listen", _) | ("open", Side::Server) => Self::Listen,
            ("connect", _) | ("open", Side::Client) => Self::Connect,
            ("send", _) => Self::Send(0),
            ("read", _) => Self::Read,
            ("window", _) => Self::Window(0),
            ("close", _) => Self::Close,
            ("abort", _) => Self::Abort,
            ("crash", _) => Self::Crash,
            _ => return None,
        })
    }

    /// How many octets it sends, or has room for.
    #[must_use]
    pub const fn octets(self) -> Option<u32> {
        match self {
            Self::Send(octets) | Self::Window(octets) => Some(octets),
            Self::Listen | Self::Connect | Self::Read | Self::Close | Self::Abort | Self::Crash => {
                None
            }
        }
    }
}

/// The way between the hosts, the same in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// One way, as long as no edit says otherwise.
    pub delay: Duration,
    /// How many of a hundred segments are lost by chance.
    pub loss_percent: u8,
    /// What chance depends on.
    pub seed: u64,
}

/// A segment that was in the network before the run began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Where it arrives.
    pub to: Side,
    /// When.
    pub at: Instant,
    /// What it is.
    pub segment: Segment,
}
