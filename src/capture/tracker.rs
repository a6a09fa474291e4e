//! Assigns segments to connections and keeps what is needed to note them.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;

use super::analysis::{Direction, RoundTrip, analyse};
use super::connection::Connection;
use super::notes::Note;
use super::remarks::{Remark, Remarks};
use super::segment::{CapturedSegment, Identity};
use super::traced::TracedSegment;
use crate::tcp::segment::Flags;

/// The most connections of a capture: each takes some 450 bytes of memory.
const MAX_CONNECTIONS: usize = 1 << 17;
/// How many segments back a duplicate frame is looked for.
const DUPLICATES_WITHIN: usize = 64;
/// A mirrored packet is captured again within this time, in nanoseconds.
const DUPLICATE_TIME: i64 = 10_000_000;
/// The same for packets without an identification, which a fast retransmission may equal.
const DUPLICATE_TIME_WITHOUT_ID: i64 = 500_000;

/// A connection's addresses and ports, the lower first, so that both directions have the same key.
type Key = (SocketAddr, SocketAddr);

/// What is known of a connection besides its summary. The directions have the order of
/// [`Connection::ends`].
#[derive(Default)]
struct State {
    directions: [Direction; 2],
    round_trip: RoundTrip,
}

/// What a segment says about the ports of a known connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reuse {
    /// It belongs to the connection.
    No,
    /// It is the SYN of a new connection.
    NewConnection,
    /// It is a SYN,ACK that contradicts an earlier segment: an answer to an older SYN, or forged.
    SameConnection,
}

/// All connections so far.
#[derive(Default)]
pub(super) struct Tracker {
    connections: Vec<Connection>,
    states: Vec<State>,
    latest: BTreeMap<Key, usize>,
    /// The connection of the last segment: the next one is often of the same.
    last: Option<(Key, usize)>,
    recent: VecDeque<CapturedSegment>,
}

impl Tracker {
    pub fn connections(&self) -> &[Connection] {
        &self.connections
    }

    /// Notes a segment; `None` if there are too many connections to begin another.
    pub fn trace(
        &mut self,
        segment: CapturedSegment,
        remarks: &mut Remarks,
    ) -> Option<TracedSegment> {
        let Some((index, is_port_reused)) = self.connection(&segment) else {
            remarks.add(Remark::TooManyConnections);
            return None;
        };
        let connection = &mut self.connections[index];
        let sender = connection.sender(&segment);
        connection.count(&segment, sender);
        let State { directions, round_trip } = &mut self.states[index];
        let [first, second] = directions;
        let (own, peer) = if sender == 0 { (first, second) } else { (second, first) };
        round_trip.observe(&segment);
        let mut notes = analyse(&segment, own, peer, round_trip.first, is_port_reused);
        if self.is_duplicate(&segment) {
            notes.add(Note::DuplicateFrame);
            remarks.add(Remark::DuplicateFrames);
        }
        Some(TracedSegment { segment, connection: index, notes })
    }

    /// Adds the remarks that need whole connections.
    pub fn finish(&self, remarks: &mut Remarks) {
        let count = |is: fn(&Connection) -> bool| {
            self.connections.iter().filter(|connection| is(connection)).count() as u64
        };
        remarks.add_many(Remark::MissingSyn, count(Connection::is_syn_missing));
        remarks.add_many(Remark::OneDirection, count(Connection::is_one_sided));
    }

    /// The index of the segment's connection, and whether it is a new one on known ports.
    fn connection(&mut self, segment: &CapturedSegment) -> Option<(usize, bool)> {
        let key = (segment.from.min(segment.to), segment.from.max(segment.to));
        let known = match self.last {
            Some((last, index)) if last == key => Some(index),
            _ => self.latest.get(&key).copied(),
        };
        let mut is_port_reused = false;
        if let Some(index) = known {
            let reuse = self.reuse(index, segment);
            is_port_reused = reuse != Reuse::No;
            if reuse != Reuse::NewConnection {
                self.last = Some((key, index));
                return Some((index, is_port_reused));
            }
        }
        if self.connections.len() == MAX_CONNECTIONS {
            return None;
        }
        let index = self.connections.len();
        self.connections.push(Connection::new(segment));
        self.states.push(State::default());
        self.latest.insert(key, index);
        self.last = Some((key, index));
        Some((index, is_port_reused))
    }

    /// Whether a SYN has another initial sequence number than the one known for its sender.
    fn reuse(&mut self, index: usize, segment: &CapturedSegment) -> Reuse {
        if !segment.has(Flags::SYN) {
            return Reuse::No;
        }
        let sender = self.connections[index].sender(segment);
        let direction = &mut self.states[index].directions[sender];
        let is_other = direction.base.is_some_and(|base| base != segment.seq);
        if segment.has(Flags::ACK) {
            if is_other {
                direction.base = Some(segment.seq);
                return Reuse::SameConnection;
            }
        } else if is_other {
            return Reuse::NewConnection;
        } else if direction.base.is_some() {
            direction.restart();
        }
        Reuse::No
    }

    /// Whether the same packet was captured just before, and remembers this one.
    fn is_duplicate(&mut self, segment: &CapturedSegment) -> bool {
        if segment.identity.is_none() {
            return false;
        }
        let is_duplicate = self.recent.iter().rev().any(|other| is_same_packet(segment, other));
        if self.recent.len() == DUPLICATES_WITHIN {
            self.recent.pop_front();
        }
        self.recent.push_back(segment.clone());
        is_duplicate
    }
}

/// Whether two captured segments are one packet.
///
/// An identification tells a packet from its repetition. Without one, only segments that occupy
/// sequence numbers can be told: several ACKs in a row may be equal.
fn is_same_packet(segment: &CapturedSegment, other: &CapturedSegment) -> bool {
    if (segment.identity, segment.seq, segment.ack) != (other.identity, other.seq, other.ack)
        || (segment.from, segment.to) != (other.from, other.to)
        || (segment.flags, segment.length) != (other.flags, other.length)
        || (segment.window, segment.options) != (other.window, other.options)
    {
        return false;
    }
    let limit = match segment.identity {
        Some(Identity { ip_id: Some(_), .. }) => DUPLICATE_TIME,
        _ if segment.sequence_length() > 0 => DUPLICATE_TIME_WITHOUT_ID,
        _ => return false,
    };
    segment.at.abs_diff(other.at) <= limit.unsigned_abs()
}
