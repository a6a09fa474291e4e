//! One host of the world: its connection, and the progress of its application.

use super::network::Departure;
use super::text::{PIECE, text};
use crate::sim::call::{Call, CallError};
use crate::sim::id::{Origin, SegmentId, Side};
use crate::sim::queue::{PendingKind, Queue, place};
use crate::sim::scenario::{Scenario, When};
use crate::sim::trace::{SegmentRecord, Trace};
use crate::tcp::{
    Config, Connection, Event, Outbox, PackedEvent, ReceiveError, Segment, SendError, SeqNumber,
    State,
};
use crate::time::Instant;

/// One host: its connection, and how far its application has come.
#[derive(Clone, Debug)]
pub(super) struct HostState {
    side: Side,
    connection: Connection,
    /// Whether the application was told of these events. Each of them triggers its planned calls
    /// once.
    was_established: bool,
    peer_has_closed: bool,
    has_failed: bool,
    /// Bytes delivered so far; `None` before the first.
    octets_received: Option<u32>,
    /// Bytes sent so far, on all connections. It determines the content of the next SEND.
    octets_sent: u64,
    /// Where the present connection's text begins in all that the host ever sent.
    stream_start: u64,
    /// The same for the connection of the last SYN, by its ISS, and for those before it.
    stream: Option<(SeqNumber, u64)>,
    earlier_streams: Vec<(SeqNumber, u64)>,
    /// IRS of the connection from which the application last read.
    reads_from: Option<SeqNumber>,
    /// Bytes that the application read from the present connection.
    octets_read: u64,
    /// Whether each of them was the right one.
    reads_truly: bool,
    /// Transmissions so far.
    transmissions: u32,
    /// How often the host crashed and restarted.
    crashes: u32,
    life: Life,
}

/// Whether the application still makes its planned calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Running,
    /// Its host crashed. What is planned to OPEN is started again with the host.
    Crashed,
    /// It ended.
    Exited,
}

impl Life {
    pub(super) const fn makes(self, planned: Call) -> bool {
        match self {
            Self::Running => true,
            Self::Crashed => matches!(planned, Call::Listen | Call::Connect),
            Self::Exited => false,
        }
    }
}

impl HostState {
    /// A host whose application has not called yet.
    pub(super) fn new(side: Side, config: Config) -> Self {
        Self {
            side,
            connection: Connection::new(config),
            was_established: false,
            peer_has_closed: false,
            has_failed: false,
            octets_received: None,
            octets_sent: 0,
            stream_start: 0,
            stream: None,
            earlier_streams: vec![],
            reads_from: None,
            octets_read: 0,
            reads_truly: true,
            transmissions: 0,
            crashes: 0,
            life: Life::Running,
        }
    }

    pub(super) const fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) const fn connection_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Bytes sent on the present connection.
    pub(super) const fn octets_sent(&self) -> u64 {
        self.octets_sent - self.stream_start
    }

    /// Bytes read from the present connection.
    pub(super) const fn octets_read(&self) -> u64 {
        self.octets_read
    }

    /// Whether all that was read is what the peer sent, in order.
    pub(super) const fn reads_truly(&self) -> bool {
        self.reads_truly
    }

    /// IRS of the connection from which the application last read.
    pub(super) const fn reads_from(&self) -> Option<SeqNumber> {
        self.reads_from
    }

    /// The range of the text sent on the connection with this ISS, in all that the host ever sent.
    pub(super) fn stream_of(&self, wanted: Option<SeqNumber>) -> (u64, u64) {
        let mut end = self.octets_sent;
        for (iss, start) in self.stream.iter().chain(self.earlier_streams.iter().rev()) {
            if Some(*iss) == wanted {
                return (*start, end);
            }
            end = *start;
        }
        (self.octets_sent, self.octets_sent)
    }

    /// RECEIVEs all that is readable, and compares it with what the peer sent.
    pub(super) fn read(
        &mut self,
        at: Instant,
        peer: &Self,
        out: &mut Outbox,
    ) -> Result<(), ReceiveError> {
        let irs = Some(self.connection.tcb().irs);
        let from = peer.stream_of(irs).0 + self.octets_read;
        let compare = |read: &[u8]| {
            (read.len() as u64, read.chunks(PIECE).eq(text(peer.side, from, read.len())))
        };
        let (octets, is_right) = self.connection.receive_with(at, usize::MAX, out, compare)?;
        self.reads_from = irs;
        self.reads_truly &= is_right;
        self.octets_read += octets;
        Ok(())
    }

    /// Makes a user call, or crashes the host.
    pub(super) fn call(
        &mut self,
        at: Instant,
        call: Call,
        peer: &Self,
        scenario: &Scenario,
        out: &mut Outbox,
    ) -> Result<(), CallError> {
        let connection = &mut self.connection;
        match call {
            Call::Listen => {
                connection.open_passive(at, out).map_err(|_| CallError::AlreadyExists)?;
                self.begin_connection();
            }
            Call::Connect => {
                connection.open_active(at, out).map_err(|_| CallError::AlreadyExists)?;
                self.begin_connection();
            }
            Call::Send(octets) => {
                send(connection, at, text(self.side, self.octets_sent, octets as usize), out)?;
                self.octets_sent += u64::from(octets);
            }
            Call::Read => self.read(at, peer, out)?,
            Call::Window(octets) => connection.set_receive_buffer(at, octets, out),
            Call::Close => connection.close(at, out)?,
            Call::Abort => connection.abort(at, out).map_err(|_| CallError::NotOpen)?,
            // An application can end without a connection.
            Call::Exit => {
                let _ = connection.exit(at, out);
                self.life = Life::Exited;
            }
            Call::Crash => {
                self.crashes += 1;
                self.life = Life::Crashed;
                let mut config = scenario.hosts[self.side.index()].config.clone();
                config.iss += config.iss_step.wrapping_mul(self.crashes);
                *connection = Connection::new(config);
            }
        }
        Ok(())
    }

    pub(super) const fn life(&self) -> Life {
        self.life
    }

    /// An OPEN succeeded: text sent and read from now on belongs to the new connection, and an
    /// application is there again.
    const fn begin_connection(&mut self) {
        self.life = Life::Running;
        self.stream_start = self.octets_sent;
        self.octets_read = 0;
    }

    /// Names a segment that the connection sends.
    pub(super) fn departure(
        &mut self,
        packed: PackedEvent,
        sent_at: Instant,
        segment: &Segment,
        trace: &Trace,
    ) -> Departure {
        if segment.syn() {
            self.begin_stream(segment.seq);
        }
        self.transmissions += 1;
        let from = self.side;
        let is_repeated = packed.is_retransmission();
        let repeats = is_repeated.then(|| earlier_transmission(trace, from, segment)).flatten();
        let id = SegmentId::of(from, self.transmissions);
        Departure { id, from, sent_at, repeats, rule: Some(packed.rule()) }
    }

    /// A SYN is sent: the text after it belongs to the connection with this ISS.
    fn begin_stream(&mut self, iss: SeqNumber) {
        let stream = Some((iss, self.stream_start));
        if self.stream != stream {
            self.earlier_streams.extend(std::mem::replace(&mut self.stream, stream));
        }
    }

    /// Schedules the calls that the application planned for this event.
    pub(super) fn on_event(
        &mut self,
        event: Event,
        at: Instant,
        scenario: &Scenario,
        queue: &mut Queue,
    ) {
        let who = (self.side, self.life);
        let mut schedule =
            |is_due: &dyn Fn(When) -> bool| schedule_due_calls(who, at, scenario, queue, is_due);
        match event {
            Event::Transition { to: State::Listen, .. } => {
                // Back in LISTEN, the connection drops text that was sent but not acknowledged.
                self.stream_start = self.octets_sent;
            }
            Event::Transition { to: State::Established, .. } if !self.was_established => {
                self.was_established = true;
                schedule(&|when| matches!(when, When::Established));
            }
            Event::Delivered { octets } => {
                let before = self.octets_received;
                let now = before.unwrap_or(0).saturating_add(octets);
                self.octets_received = Some(now);
                let is_new = |octets| octets <= now && before.is_none_or(|before| octets > before);
                schedule(&|when| matches!(when, When::Received(octets) if is_new(octets)));
            }
            Event::PeerClosed if !self.peer_has_closed => {
                self.peer_has_closed = true;
                schedule(&|when| matches!(when, When::PeerClosed));
            }
            Event::Refused | Event::Reset | Event::TimedOut if !self.has_failed => {
                self.has_failed = true;
                schedule(&|when| matches!(when, When::Failed));
            }
            _ => {}
        }
    }
}

/// Puts the planned calls of an application that are due into the queue, unless it is gone.
pub(super) fn schedule_due_calls(
    (side, life): (Side, Life),
    at: Instant,
    scenario: &Scenario,
    queue: &mut Queue,
    is_due: &dyn Fn(When) -> bool,
) {
    let plan = scenario.hosts[side.index()].application.plan.iter().enumerate();
    let due = plan.filter(|(_, planned)| is_due(planned.when) && life.makes(planned.call));
    for (index, planned) in due {
        queue.add(at + planned.after, PendingKind::Planned { side, index: place(index) });
    }
}

/// The latest earlier transmission of the same host that begins at the same sequence number.
fn earlier_transmission(trace: &Trace, side: Side, segment: &Segment) -> Option<SegmentId> {
    let is_same = |record: &&SegmentRecord| {
        record.from == side
            && record.id.origin == Origin::Host(side)
            && record.segment.seq == segment.seq
            && !record.segment.is_empty()
    };
    trace.segments.iter().rev().find(is_same).map(|record| record.id)
}

/// SENDs a text that comes in pieces.
fn send(
    connection: &mut Connection,
    at: Instant,
    mut text: impl Iterator<Item = &'static [u8]>,
    out: &mut Outbox,
) -> Result<(), SendError> {
    let first = text.next().unwrap_or_default();
    match text.next() {
        None => connection.send(at, first, out),
        Some(second) => {
            let pieces = [first, second].into_iter().chain(text);
            connection.send(at, &pieces.collect::<Vec<_>>().concat(), out)
        }
    }
}
