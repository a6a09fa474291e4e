//! The only input: two hosts, a network, applications, and edits.

use super::call::Call;
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
    pub plan: Vec<Planned>,
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
