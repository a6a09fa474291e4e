//! The event loop: two connections, a network between them, and applications on top.

use std::sync::Arc;

use crate::sim::call::{Call, CallError};
use crate::sim::chance::{Purpose, percentile};
use crate::sim::edit::Edit;
use crate::sim::id::{Origin, SegmentId, Side};
use crate::sim::queue::{Pending, Queue, What, place};
use crate::sim::scenario::{Scenario, When};
use crate::sim::timeline::checkpoints::Checkpoint;
use crate::sim::trace::{Cause, Effect, Ending, LossCause, SegmentRecord, Trace};
use crate::tcp::{
    CloseError, Connection, Event, Outbox, ReceiveError, Rule, Segment, SendError, SeqNumber,
    State, Told,
};
use crate::time::{Duration, Instant};

/// The bounds of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most steps.
    pub steps: usize,
}

impl Default for Limits {
    /// As many steps as a page can show.
    fn default() -> Self {
        Self { steps: 2_000 }
    }
}

/// Two hosts and the network between them, at one instant. [`World::step`] moves it on.
#[derive(Clone, Debug)]
pub struct World {
    pub(in crate::sim) scenario: Arc<Scenario>,
    pub(in crate::sim) hosts: [HostState; 2],
    pub(in crate::sim) queue: Queue,
    pub(in crate::sim) trace: Trace,
    /// Where a changed scenario can be run from, in order.
    pub(in crate::sim) checkpoints: Vec<Arc<Checkpoint>>,
}

/// One host: its connection, and how far its application has come.
#[derive(Clone, Debug)]
pub(in crate::sim) struct HostState {
    connection: Connection,
    /// What the application was told, once and for all: its calls that wait for it are set off.
    was_established: bool,
    peer_has_closed: bool,
    has_failed: bool,
    /// Octets delivered so far, once there were any.
    octets_received: Option<u32>,
    /// Octets sent so far, for the text's content.
    octets_sent: u64,
    /// Where the present connection's text begins in what the host ever sent.
    stream_start: u64,
    /// The same for the connection that the host began last, by its ISS, and for those before it.
    stream: Option<(SeqNumber, u64)>,
    earlier_streams: Vec<(SeqNumber, u64)>,
    /// IRS of the connection from which the application last read.
    reads_from: Option<SeqNumber>,
    /// Octets that the application took from the present connection.
    octets_read: u64,
    /// Whether each of them was the right one.
    reads_truly: bool,
    /// Transmissions so far.
    transmissions: u32,
    /// How often the host was started anew.
    crashes: u32,
}

impl World {
    /// The world before anything happened.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>) -> Self {
        let hosts = Side::BOTH.map(|side| {
            let host = &scenario.hosts[side.index()];
            HostState {
                connection: Connection::new(host.config.clone()),
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
            }
        });
        let mut world = Self {
            scenario,
            hosts,
            queue: Queue::default(),
            trace: Trace::new(),
            checkpoints: Vec::new(),
        };
        world.begin();
        world
    }

    /// What happened so far.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// A host's connection as it stands.
    #[must_use]
    pub const fn connection(&self, side: Side) -> &Connection {
        &self.hosts[side.index()].connection
    }

    /// How many octets of the present connection the application of `side` sent.
    #[must_use]
    pub const fn octets_sent(&self, side: Side) -> u64 {
        let host = &self.hosts[side.index()];
        host.octets_sent - host.stream_start
    }

    /// How many octets were sent on the connection from which the application of `side` last read.
    /// Its peer may have left it already.
    #[must_use]
    pub fn octets_offered(&self, side: Side) -> u64 {
        let (start, end) = self.stream(side.peer(), self.hosts[side.index()].reads_from);
        end - start
    }

    /// Where the text that `side` sent on the connection of this ISS lies in all that it ever sent.
    fn stream(&self, side: Side, of: Option<SeqNumber>) -> (u64, u64) {
        let host = &self.hosts[side.index()];
        let mut end = host.octets_sent;
        for (iss, start) in host.stream.iter().chain(host.earlier_streams.iter().rev()) {
            if Some(*iss) == of {
                return (*start, end);
            }
            end = *start;
        }
        (host.octets_sent, host.octets_sent)
    }

    /// How many octets of the present connection the application of `side` took.
    #[must_use]
    pub const fn octets_read(&self, side: Side) -> u64 {
        self.hosts[side.index()].octets_read
    }

    /// Whether everything that the application of `side` read is what the other one sent, in order.
    #[must_use]
    pub const fn reads_truly(&self, side: Side) -> bool {
        self.hosts[side.index()].reads_truly
    }

    /// Everything that happened.
    #[must_use]
    pub fn into_trace(self) -> Trace {
        self.trace
    }

    /// The same world with another past.
    pub(in crate::sim) fn with_trace(self, trace: Trace) -> Self {
        Self { trace, ..self }
    }

    /// Runs until nothing is left to happen, or a bound is reached.
    pub fn run(&mut self, limits: Limits) {
        while self.trace.steps.len() < limits.steps && self.step() {
            self.remember();
        }
        self.settle();
        self.trace.shrink();
    }

    /// Writes down why the run ends here, if it is run no further.
    pub fn settle(&mut self) {
        self.trace.ending = match self.next_at() {
            None => Ending::Quiet,
            Some(_) => Ending::StepLimit,
        };
    }

    /// When the next thing happens, if anything does.
    #[must_use]
    pub fn next_at(&self) -> Option<Instant> {
        let timers = self.hosts.iter().filter_map(|host| host.connection.poll_timeout());
        timers.chain(self.queue.next_at()).min()
    }

    /// Lets the next thing happen; false if there is none.
    pub fn step(&mut self) -> bool {
        let [client, server] = self.hosts.each_ref().map(|host| host.connection.timers().first());
        let due = client.min(server);
        if let Some(pending) = self.queue.take(due) {
            self.happen(pending);
            return true;
        }
        let side = if client <= server { Side::Client } else { Side::Server };
        let connection = &mut self.hosts[side.index()].connection;
        let Some((timer, at)) = connection.timers().next() else { return false };
        connection.handle_timeout(at, &mut self.trace.effects);
        self.finish(at, side, Cause::Timer(timer));
        true
    }

    fn begin(&mut self) {
        let scenario = Arc::clone(&self.scenario);
        let delay = scenario.network.delay;
        for (index, stray) in scenario.strays.iter().enumerate() {
            let ordinal = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let id = SegmentId { origin: Origin::Old, ordinal };
            let sent = Instant::from_micros(stray.at.as_micros().saturating_sub(delay.as_micros()));
            let from = stray.to.peer();
            let leaving = Leaving { id, from, sent_at: sent, repeats: None, rule: None };
            let segment = stray.segment.clone();
            leaving.route(segment, stray.at, &scenario, &mut self.queue, &mut self.trace);
        }
        // Who waits is there before who comes.
        for side in [Side::Server, Side::Client] {
            set_off(side, Instant::ZERO, &scenario, &mut self.queue, &|when| when == When::Start);
        }
        for (index, edit) in scenario.edits.iter().enumerate() {
            if let Edit::Call(_, _, at) = edit {
                self.queue.add_edit(*at, index);
            }
        }
        self.queue.begin();
    }

    fn happen(&mut self, pending: Pending) {
        let at = pending.at;
        match pending.what {
            What::Arrival { segment, is_copy } => {
                let index = segment as usize;
                let record = &self.trace.segments[index];
                let side = record.from.peer();
                let host = &mut self.hosts[side.index()];
                host.connection.handle_segment(at, &record.segment, &mut self.trace.effects);
                self.read_at_once(at, side);
                self.finish(at, side, Cause::Arrival(index, is_copy));
            }
            What::Loss { segment } => {
                let index = segment as usize;
                let record = &self.trace.segments[index];
                let (from, is_damaged) = (record.from, record.is_damaged());
                // What is damaged is found out by who receives it.
                let side = if is_damaged { from.peer() } else { from };
                if is_damaged {
                    self.trace.note(Effect::Event(Event::Discarded, Rule::ChecksumWrong));
                }
                self.finish(at, side, Cause::Loss(index));
            }
            What::Planned { side, index } => {
                let script = &self.scenario.hosts[side.index()].application.script;
                self.call(at, side, script[index as usize].call);
            }
            What::Edit { index } => {
                if let Edit::Call(side, call, _) = self.scenario.edits[index as usize] {
                    self.call(at, side, call);
                }
            }
        }
    }

    /// An application that always has a RECEIVE waiting takes what came in order.
    fn read_at_once(&mut self, at: Instant, side: Side) {
        let by_hand = self.scenario.hosts[side.index()].application.reads_by_hand;
        if !by_hand && self.hosts[side.index()].connection.readable_octets() > 0 {
            // What is readable can be received in every state.
            let _ = self.read(at, side);
        }
    }

    /// RECEIVEs all that is readable, and compares it with what the other one sent.
    fn read(&mut self, at: Instant, side: Side) -> Result<(), ReceiveError> {
        let irs = Some(self.hosts[side.index()].connection.tcb().irs);
        let (start, _) = self.stream(side.peer(), irs);
        let host = &mut self.hosts[side.index()];
        let from = start + host.octets_read;
        let compare = |read: &[u8]| {
            (read.len() as u64, read.chunks(PIECE).eq(text(side.peer(), from, read.len())))
        };
        let out = &mut self.trace.effects;
        let (octets, are_right) = host.connection.receive_with(at, usize::MAX, out, compare)?;
        host.reads_from = irs;
        host.reads_truly &= are_right;
        host.octets_read += octets;
        Ok(())
    }

    fn call(&mut self, at: Instant, side: Side, call: Call) {
        let host = &mut self.hosts[side.index()];
        let connection = &mut host.connection;
        let out = &mut self.trace.effects;
        let result = match call {
            Call::Listen => connection.open_passive(at, out).map_err(|_| CallError::AlreadyExists),
            Call::Connect => connection.open_active(at, out).map_err(|_| CallError::AlreadyExists),
            Call::Send(octets) => {
                let result =
                    send(connection, at, text(side, host.octets_sent, octets as usize), out);
                if result.is_ok() {
                    host.octets_sent += u64::from(octets);
                }
                result.map_err(|error| match error {
                    SendError::NotOpen => CallError::NotOpen,
                    SendError::Closing => CallError::Closing,
                    SendError::NoRoom => CallError::NoRoom,
                })
            }
            Call::Read => self.read(at, side).map_err(|error| match error {
                ReceiveError::NotOpen => CallError::NotOpen,
                ReceiveError::Closing => CallError::Closing,
            }),
            Call::Window(octets) => {
                connection.set_receive_buffer(at, octets, out);
                Ok(())
            }
            Call::Close => connection.close(at, out).map_err(|error| match error {
                CloseError::NotOpen => CallError::NotOpen,
                CloseError::Closing => CallError::Closing,
            }),
            Call::Abort => connection.abort(at, out).map_err(|_| CallError::NotOpen),
            Call::Crash => {
                host.crashes += 1;
                let mut config = self.scenario.hosts[side.index()].config.clone();
                config.iss += config.iss_step.wrapping_mul(host.crashes);
                *connection = Connection::new(config);
                Ok(())
            }
        };
        match result {
            Ok(()) if matches!(call, Call::Listen | Call::Connect) => {
                let host = &mut self.hosts[side.index()];
                host.stream_start = host.octets_sent;
                host.octets_read = 0;
            }
            Ok(()) => {}
            Err(error) => self.trace.note(Effect::Failed(error)),
        }
        self.finish(at, side, Cause::Call(call));
    }

    /// Turns what the connection said into effects, puts segments on their way, closes the step.
    fn finish(&mut self, at: Instant, side: Side, cause: Cause) {
        let Self { scenario, hosts, queue, trace, .. } = self;
        let host = &mut hosts[side.index()];
        let mut segments = std::mem::take(&mut trace.effects.segments);
        let mut leaving = segments.drain(..);
        let first = trace.next_effects();
        for index in first..trace.effects.told.len() {
            let told = trace.effects.told[index];
            if let Some(event) = told.awaited() {
                host.react(event, side, at, scenario, queue);
            } else if told.is_segment()
                && let Some(segment) = leaving.next()
            {
                trace.effects.told[index] = Effect::Sent(trace.segments.len()).pack();
                let leaving = host.leaving(told, side, at, &segment, trace);
                leaving.route(segment, at + scenario.network.delay, scenario, queue, trace);
            }
        }
        drop(leaving);
        trace.effects.segments = segments;
        trace.push_from(first, at, side, cause, &host.connection);
    }
}

impl HostState {
    /// Names a segment that the connection sends.
    fn leaving(
        &mut self,
        told: Told,
        from: Side,
        sent_at: Instant,
        segment: &Segment,
        trace: &Trace,
    ) -> Leaving {
        if segment.syn() {
            self.begin_stream(segment.seq);
        }
        self.transmissions += 1;
        let repeats = told.is_retransmission().then(|| repeated(trace, from, segment)).flatten();
        let id = SegmentId::of(from, self.transmissions);
        Leaving { id, from, sent_at, repeats, rule: Some(told.rule()) }
    }

    /// A SYN leaves: the text after it belongs to the connection of this ISS.
    fn begin_stream(&mut self, iss: SeqNumber) {
        let stream = Some((iss, self.stream_start));
        if self.stream != stream {
            self.earlier_streams.extend(std::mem::replace(&mut self.stream, stream));
        }
    }

    /// Sets off what the application planned for this event.
    fn react(
        &mut self,
        event: Event,
        side: Side,
        at: Instant,
        scenario: &Scenario,
        queue: &mut Queue,
    ) {
        let mut set_off =
            |is_due: &dyn Fn(When) -> bool| set_off(side, at, scenario, queue, is_due);
        match event {
            Event::Transition { to: State::Listen, .. } => {
                // What was sent and not acknowledged is forgotten.
                self.stream_start = self.octets_sent;
            }
            Event::Transition { to: State::Established, .. } if !self.was_established => {
                self.was_established = true;
                set_off(&|when| matches!(when, When::Established));
            }
            Event::Delivered { octets } => {
                let before = self.octets_received;
                let now = before.unwrap_or(0).saturating_add(octets);
                self.octets_received = Some(now);
                let is_new = |octets| octets <= now && before.is_none_or(|before| octets > before);
                set_off(&|when| matches!(when, When::Received(octets) if is_new(octets)));
            }
            Event::PeerClosed if !self.peer_has_closed => {
                self.peer_has_closed = true;
                set_off(&|when| matches!(when, When::PeerClosed));
            }
            Event::Refused | Event::Reset | Event::TimedOut if !self.has_failed => {
                self.has_failed = true;
                set_off(&|when| matches!(when, When::Failed));
            }
            _ => {}
        }
    }
}

/// Puts the calls of an application that are due into the queue.
fn set_off(
    side: Side,
    at: Instant,
    scenario: &Scenario,
    queue: &mut Queue,
    is_due: &dyn Fn(When) -> bool,
) {
    let script = &scenario.hosts[side.index()].application.script;
    for (index, planned) in script.iter().enumerate().filter(|(_, planned)| is_due(planned.when)) {
        queue.add(at + planned.after, What::Planned { side, index: place(index) });
    }
}

/// The latest earlier transmission of the same host that begins at the same number.
fn repeated(trace: &Trace, side: Side, segment: &Segment) -> Option<SegmentId> {
    let same = |record: &&SegmentRecord| {
        record.from == side
            && record.id.origin == Origin::Host(side)
            && record.segment.seq == segment.seq
            && !record.segment.is_empty()
    };
    trace.segments.iter().rev().find(same).map(|record| record.id)
}

/// What is known of a segment when it leaves; the fields are those of [`SegmentRecord`].
struct Leaving {
    id: SegmentId,
    from: Side,
    sent_at: Instant,
    repeats: Option<SegmentId>,
    rule: Option<Rule>,
}

impl Leaving {
    /// Decides what the network does with a segment, and records it. `arrival` is when it arrives
    /// if nothing happens to it.
    fn route(
        self,
        segment: Segment,
        arrival: Instant,
        scenario: &Scenario,
        queue: &mut Queue,
        trace: &mut Trace,
    ) {
        let Self { id, from, sent_at, repeats, rule } = self;
        let fate = Network::decide(scenario, id, from);
        let Network { flight, delayed_by, lost_by, copy_after } = fate;
        let index = place(trace.segments.len());
        let arrival = flight.map_or(arrival, |flight| sent_at + flight) + delayed_by;
        let halfway = Duration::from_micros(arrival.since(sent_at).as_micros() / 2);
        let lost = lost_by.map(|cause| match cause {
            LossCause::Corruption => (arrival, cause),
            LossCause::Edit | LossCause::Chance => (sent_at + halfway, cause),
        });
        let arrives_at = lost.is_none().then_some(arrival);
        let copy_after = copy_after.filter(|_| lost.is_none());
        let copy_arrives_at = copy_after.map(|later| arrival + later);
        trace.segments.push(SegmentRecord {
            id,
            from,
            segment,
            sent_at,
            repeats,
            rule,
            arrives_at,
            copy_arrives_at,
            lost,
            delayed_by,
        });
        if let Some((at, _)) = lost {
            queue.add(at, What::Loss { segment: index });
        } else {
            queue.add(arrival, What::Arrival { segment: index, is_copy: false });
        }
        if let Some(at) = copy_arrives_at {
            queue.add(at, What::Arrival { segment: index, is_copy: true });
        }
    }
}

/// What the network does with one segment.
struct Network {
    /// How long it flies, where that is not what the network always takes.
    flight: Option<Duration>,
    delayed_by: Duration,
    lost_by: Option<LossCause>,
    copy_after: Option<Duration>,
}

impl Network {
    fn decide(scenario: &Scenario, id: SegmentId, from: Side) -> Self {
        let network = &scenario.network;
        let is_unlucky = network.loss_percent > 0
            && id.origin == Origin::Host(from)
            && percentile(network.seed, from, id.ordinal, Purpose::Loss) < network.loss_percent;
        let mut fate = Self {
            flight: None,
            delayed_by: Duration::ZERO,
            lost_by: is_unlucky.then_some(LossCause::Chance),
            copy_after: None,
        };
        for edit in scenario.edits.iter().filter(|edit| edit.segment() == Some(id)) {
            match edit {
                Edit::Drop(_) => fate.lost_by = Some(LossCause::Edit),
                Edit::Delay(_, by) => fate.delayed_by = fate.delayed_by + *by,
                Edit::Duplicate(_, later) => {
                    // Where nothing else is said: near, yet to be told apart.
                    let apart = Duration::from_micros((network.delay.as_micros() / 2).max(1));
                    fate.copy_after = Some(later.unwrap_or(apart));
                }
                Edit::Corrupt(_) => fate.lost_by = Some(LossCause::Corruption),
                Edit::Deliver(_, flight) => {
                    // A copy stays, where all that changes is when it arrives.
                    let copy_after = fate.copy_after.filter(|_| flight.is_some());
                    let delayed_by = Duration::ZERO;
                    fate = Self { flight: *flight, delayed_by, lost_by: None, copy_after };
                }
                Edit::Call(..) => {}
            }
        }
        fate
    }
}

/// The text of SENDs: the alphabet, small letters from the client and capitals from the server,
/// going on where the host's last SEND ended. It comes in pieces, all but the last of one size.
fn text(side: Side, from: u64, octets: usize) -> impl Iterator<Item = &'static [u8]> {
    let line = &LINES[side.index()];
    let start = usize::try_from(from % LETTERS as u64).unwrap_or(0);
    (0..octets).step_by(PIECE).map(move |done| &line[start..start + PIECE.min(octets - done)])
}

const LETTERS: usize = 26;
/// Whole alphabets, so that each piece begins with the same letter.
const PIECE: usize = 4 * LETTERS;
/// Room for a piece that begins with any letter.
static LINES: [[u8; PIECE + LETTERS]; 2] = [line(b'a'), line(b'A')];

const fn line(first: u8) -> [u8; PIECE + LETTERS] {
    let mut line = [first; PIECE + LETTERS];
    let mut index = 1;
    while index < line.len() {
        line[index] = if index % LETTERS == 0 { first } else { line[index - 1] + 1 };
        index += 1;
    }
    line
}

/// SENDs a text.
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
