//! The only input of a run: two hosts with applications, a network, and edits.

use super::call::Call;
use super::edit::Edit;
use super::id::{Origin, SegmentId, Side};
use super::trace::SegmentRecord;
use crate::tcp::{Config, Segment};
use crate::time::{Duration, Instant};

/// The complete input of a run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The client and the server, in this order.
    pub hosts: [Host; 2],
    /// The network between them.
    pub network: Network,
    /// Old duplicates from an earlier connection, named `O1`, `O2`, … in this order.
    pub strays: Vec<Stray>,
    /// Changes, in order. Of two that name the same segment, the later one is applied on top of the
    /// earlier.
    pub edits: Vec<Edit>,
}

impl Scenario {
    /// Whether the two scenarios differ at most in their edits.
    #[must_use]
    pub fn differs_in_edits_alone(&self, other: &Self) -> bool {
        self.hosts == other.hosts && self.network == other.network && self.strays == other.strays
    }

    /// When a segment arrives if nothing happens to it.
    #[must_use]
    pub fn due(&self, record: &SegmentRecord) -> Instant {
        let SegmentId { origin, ordinal } = record.id;
        let old = (origin == Origin::Old)
            .then(|| self.strays.get(usize::try_from(ordinal).ok()?.checked_sub(1)?))
            .flatten();
        old.map_or(record.sent_at + self.network.delay, |stray| stray.at)
    }

    /// When a segment would arrive without the edit that moves its arrival; `None` if no edit does.
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

/// The calls of an application, and when it makes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Application {
    /// Its calls. Each is made once.
    pub plan: Vec<Planned>,
    /// Whether arriving text stays in the buffer until the application calls RECEIVE.
    pub reads_by_hand: bool,
}

/// A planned call: it is made when a condition has been true for some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The condition.
    pub when: When,
    /// How long after that the call is made.
    pub after: Duration,
    /// The call.
    pub call: Call,
}

/// The conditions that trigger planned calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The start of the run.
    Start,
    /// ESTABLISHED is entered.
    Established,
    /// This many bytes have been delivered in total.
    Received(u32),
    /// The peer has closed its side.
    PeerClosed,
    /// The connection was refused or reset, or timed out.
    Failed,
}

/// The network between the hosts, the same in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The one-way delay.
    pub delay: Duration,
    /// The probability that a segment is lost, in per cent.
    pub loss_percent: u8,
    /// The seed of the hash that decides about losses.
    pub seed: u64,
    /// The longest datagram that passes, if there is a limit that nobody tells the hosts of.
    pub mtu: Option<u16>,
}

/// A segment that was in the network before the run began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The receiver.
    pub to: Side,
    /// When it arrives.
    pub at: Instant,
    /// The segment.
    pub segment: Segment,
}
