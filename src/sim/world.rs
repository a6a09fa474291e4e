//! The event loop: two connections, a network between them, and applications on top.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::chance::{Purpose, percentile};
use super::edit::Edit;
use super::id::{Origin, SegmentId, Side};
use super::scenario::{Call, Scenario, When};
use super::trace::{CallError, Cause, Effect, Ending, HostView, LossCause, SegmentRecord, Trace};
use crate::tcp::{
    CloseError, Connection, Event, Outbox, Output, ReceiveError, Rule, Segment, SendError,
    SeqNumber, State, Transmission,
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
    scenario: Arc<Scenario>,
    hosts: [HostState; 2],
    queue: BinaryHeap<Reverse<Pending>>,
    /// How many entries were queued so far: the ordinal of the next.
    queued: u64,
    trace: Trace,
    outbox: Outbox,
    effects: Vec<Effect>,
}

/// One host: its connection, and how far its application has come.
#[derive(Clone, Debug)]
struct HostState {
    connection: Connection,
    /// Which of the application's calls were set off.
    fired: Vec<bool>,
    /// Octets sent so far, for the text's content.
    octets_sent: u64,
    /// Where the present connection's text begins in what the host ever sent.
    stream_start: u64,
    /// The same for every connection that the host began, by its ISS.
    streams: Vec<(SeqNumber, u64)>,
    /// Octets delivered so far.
    octets_received: u32,
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

/// Something that will happen. The order is (instant, class, ordinal): what arrives comes before
/// what is lost, that before what applications do, and timers come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pending {
    at: Instant,
    class: Class,
    ordinal: u64,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Arrival,
    Loss,
    Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Arrival { segment: usize, is_copy: bool },
    Loss { segment: usize },
    Planned { side: Side, index: usize },
    Edit { index: usize },
}

impl World {
    /// The world before anything happened.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>) -> Self {
        let hosts = Side::BOTH.map(|side| {
            let host = &scenario.hosts[side.index()];
            HostState {
                connection: Connection::new(host.config.clone()),
                fired: vec![false; host.application.script.len()],
                octets_sent: 0,
                stream_start: 0,
                streams: vec![],
                octets_received: 0,
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
            queue: BinaryHeap::new(),
            queued: 0,
            trace: Trace::default(),
            outbox: Outbox::new(),
            effects: Vec::new(),
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
        let (start, end) = self.stream_to(side);
        end - start
    }

    /// Where the text that `side` is to read begins and ends in what its peer ever sent.
    fn stream_to(&self, side: Side) -> (u64, u64) {
        let peer = &self.hosts[side.peer().index()];
        let irs = self.hosts[side.index()].reads_from;
        let Some(index) = peer.streams.iter().rposition(|(iss, _)| Some(*iss) == irs) else {
            return (peer.octets_sent, peer.octets_sent);
        };
        let end = peer.streams.get(index + 1).map_or(peer.octets_sent, |(_, start)| *start);
        (peer.streams[index].1, end)
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
    pub(super) fn with_trace(self, trace: Trace) -> Self {
        Self { trace, ..self }
    }

    /// Runs until nothing is left to happen, or a bound is reached.
    pub fn run(&mut self, limits: Limits) {
        while self.trace.steps.len() < limits.steps && self.step() {}
        self.settle();
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
        timers.chain(self.queue.peek().map(|Reverse(pending)| pending.at)).min()
    }

    /// Lets the next thing happen; false if there is none.
    pub fn step(&mut self) -> bool {
        let due = Side::BOTH
            .into_iter()
            .filter_map(|side| {
                let timers = self.hosts[side.index()].connection.timers();
                timers.next().map(|(timer, at)| (at, side, timer))
            })
            .min_by_key(|(at, side, _)| (*at, *side));
        let queued = self.queue.peek().map(|Reverse(pending)| *pending);
        match (queued, due) {
            (None, None) => return false,
            (Some(pending), due) if due.is_none_or(|(at, ..)| pending.at <= at) => {
                self.queue.pop();
                self.happen(pending);
            }
            (_, Some((at, side, timer))) => {
                let host = &mut self.hosts[side.index()];
                host.connection.handle_timeout(at, &mut self.outbox);
                self.finish(at, side, Cause::Timer(timer));
            }
            (Some(_), None) => {}
        }
        true
    }

    fn begin(&mut self) {
        let scenario = Arc::clone(&self.scenario);
        let delay = scenario.network.delay;
        for (index, stray) in scenario.strays.iter().enumerate() {
            let ordinal = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let id = SegmentId { origin: Origin::Old, ordinal };
            let sent = Instant::from_micros(stray.at.as_micros().saturating_sub(delay.as_micros()));
            self.route(id, stray.to.peer(), stray.segment.clone(), sent, None, None, stray.at);
        }
        // Who waits is there before who comes.
        for side in [Side::Server, Side::Client] {
            self.set_off(side, Instant::ZERO, |when| matches!(when, When::Start));
        }
        for (index, edit) in scenario.edits.iter().enumerate() {
            if let Edit::Call(_, _, at) = edit {
                self.enqueue(*at, Class::Command, What::Edit { index });
            }
        }
    }

    fn enqueue(&mut self, at: Instant, class: Class, what: What) {
        self.queue.push(Reverse(Pending { at, class, ordinal: self.queued, what }));
        self.queued += 1;
    }

    fn happen(&mut self, pending: Pending) {
        let at = pending.at;
        match pending.what {
            What::Arrival { segment, is_copy } => {
                let record = &self.trace.segments[segment];
                let side = record.from.peer();
                let host = &mut self.hosts[side.index()];
                host.connection.handle_segment(at, &record.segment, &mut self.outbox);
                self.read_at_once(at, side);
                self.finish(at, side, Cause::Arrival(segment, is_copy));
            }
            What::Loss { segment } => {
                let side = self.trace.segments[segment].from;
                self.finish(at, side, Cause::Loss(segment));
            }
            What::Planned { side, index } => {
                let call = self.scenario.hosts[side.index()].application.script[index].call;
                self.call(at, side, call);
            }
            What::Edit { index } => {
                if let Edit::Call(side, call, _) = self.scenario.edits[index] {
                    self.call(at, side, call);
                }
            }
        }
    }

    /// An application that always has a RECEIVE waiting takes what came in order.
    fn read_at_once(&mut self, at: Instant, side: Side) {
        let by_hand = self.scenario.hosts[side.index()].application.reads_by_hand;
        let connection = &mut self.hosts[side.index()].connection;
        if !by_hand && connection.readable_octets() > 0 {
            // What is readable can be received in every state.
            if let Ok(text) = connection.receive(at, usize::MAX, &mut self.outbox) {
                self.compare(side, text.octets());
            }
        }
    }

    /// Compares what an application read with what the other one sent.
    fn compare(&mut self, side: Side, read: &[u8]) {
        let host = &mut self.hosts[side.index()];
        host.reads_from = Some(host.connection.tcb().irs);
        let (start, _) = self.stream_to(side);
        let host = &mut self.hosts[side.index()];
        let octets = u32::try_from(read.len()).unwrap_or(u32::MAX);
        host.reads_truly &= read == text(side.peer(), start + host.octets_read, octets);
        host.octets_read += u64::from(octets);
    }

    fn call(&mut self, at: Instant, side: Side, call: Call) {
        let scenario = Arc::clone(&self.scenario);
        let host = &mut self.hosts[side.index()];
        let connection = &mut host.connection;
        let out = &mut self.outbox;
        let result = match call {
            Call::Listen => connection.open_passive(at, out).map_err(|_| CallError::AlreadyExists),
            Call::Connect => connection.open_active(at, out).map_err(|_| CallError::AlreadyExists),
            Call::Send(octets) => {
                let text = text(side, host.octets_sent, octets);
                let result = connection.send(at, &text, out);
                if result.is_ok() {
                    host.octets_sent += u64::from(octets);
                }
                result.map_err(|error| match error {
                    SendError::NotOpen => CallError::NotOpen,
                    SendError::Closing => CallError::Closing,
                    SendError::NoRoom => CallError::NoRoom,
                })
            }
            Call::Read => match connection.receive(at, usize::MAX, out) {
                Ok(text) => {
                    self.compare(side, text.octets());
                    Ok(())
                }
                Err(ReceiveError::NotOpen) => Err(CallError::NotOpen),
                Err(ReceiveError::Closing) => Err(CallError::Closing),
            },
            Call::Close => connection.close(at, out).map_err(|error| match error {
                CloseError::NotOpen => CallError::NotOpen,
                CloseError::Closing => CallError::Closing,
            }),
            Call::Abort => connection.abort(at, out).map_err(|_| CallError::NotOpen),
            Call::Crash => {
                host.crashes += 1;
                let mut config = scenario.hosts[side.index()].config.clone();
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
            Err(error) => self.effects.push(Effect::Failed(error)),
        }
        self.finish(at, side, Cause::Call(call));
    }

    /// Turns what the connection said into effects, puts segments on their way, closes the step.
    fn finish(&mut self, at: Instant, side: Side, cause: Cause) {
        let mut outbox = std::mem::take(&mut self.outbox);
        let mut effects = std::mem::take(&mut self.effects);
        for output in outbox.drain(..) {
            match output {
                Output::Transmit(segment, transmission, rule) => {
                    effects.push(Effect::Sent(self.trace.segments.len()));
                    self.transmit(at, side, segment, transmission, rule);
                }
                Output::Event(event, rule) => effects.push(Effect::Event(event, rule)),
            }
        }
        for effect in &effects {
            if let Effect::Event(event, _) = effect {
                self.react(at, side, *event);
            }
        }
        let after = HostView::of(&self.hosts[side.index()].connection);
        self.trace.push(at, side, cause, effects.drain(..), after);
        self.outbox = outbox;
        self.effects = effects;
    }

    /// Sets off what the application planned for this event.
    fn react(&mut self, at: Instant, side: Side, event: Event) {
        match event {
            Event::Transition { to: State::Listen, .. } => {
                // What was sent and not acknowledged is forgotten.
                let host = &mut self.hosts[side.index()];
                host.stream_start = host.octets_sent;
            }
            Event::Transition { to: State::Established, .. } => {
                self.set_off(side, at, |when| matches!(when, When::Established));
            }
            Event::Delivered { octets } => {
                let host = &mut self.hosts[side.index()];
                host.octets_received = host.octets_received.saturating_add(octets);
                let received = host.octets_received;
                self.set_off(
                    side,
                    at,
                    |when| matches!(when, When::Received(octets) if octets <= received),
                );
            }
            Event::PeerClosed => {
                self.set_off(side, at, |when| matches!(when, When::PeerClosed));
            }
            Event::Refused | Event::Reset | Event::TimedOut => {
                self.set_off(side, at, |when| matches!(when, When::Failed));
            }
            _ => {}
        }
    }

    fn set_off(&mut self, side: Side, at: Instant, is_due: impl Fn(When) -> bool) {
        let scenario = Arc::clone(&self.scenario);
        let script = &scenario.hosts[side.index()].application.script;
        for (index, planned) in script.iter().enumerate() {
            if is_due(planned.when) && !self.hosts[side.index()].fired[index] {
                self.hosts[side.index()].fired[index] = true;
                self.enqueue(at + planned.after, Class::Command, What::Planned { side, index });
            }
        }
    }

    fn transmit(
        &mut self,
        at: Instant,
        side: Side,
        segment: Segment,
        transmission: Transmission,
        rule: Rule,
    ) {
        let host = &mut self.hosts[side.index()];
        if segment.syn() {
            host.streams.push((segment.seq, host.stream_start));
        }
        host.transmissions += 1;
        let id = SegmentId::of(side, host.transmissions);
        let repeats = match transmission {
            Transmission::First => None,
            Transmission::Retransmission => self.repeated(side, &segment),
        };
        let arrival = at + self.scenario.network.delay;
        self.route(id, side, segment, at, repeats, Some(rule), arrival);
    }

    /// The latest earlier transmission of the same host that begins at the same number.
    fn repeated(&self, side: Side, segment: &Segment) -> Option<SegmentId> {
        let same = |record: &&SegmentRecord| {
            record.from == side
                && record.id.origin == Origin::Host(side)
                && record.segment.seq == segment.seq
                && !record.segment.is_empty()
        };
        self.trace.segments.iter().rev().find(same).map(|record| record.id)
    }

    /// Decides what the network does with a segment, and records it.
    #[allow(clippy::too_many_arguments)] // The fields of one record, each from its only source.
    fn route(
        &mut self,
        id: SegmentId,
        from: Side,
        segment: Segment,
        sent_at: Instant,
        repeats: Option<SegmentId>,
        rule: Option<Rule>,
        arrival: Instant,
    ) {
        let scenario = Arc::clone(&self.scenario);
        let Network { delayed_by, lost_by, copy_after } = Network::decide(&scenario, id, from);
        let index = self.trace.segments.len();
        let arrival = arrival + delayed_by;
        let mut record = SegmentRecord {
            id,
            from,
            segment,
            sent_at,
            repeats,
            rule,
            arrives_at: None,
            copy_arrives_at: None,
            lost: None,
            delayed_by,
        };
        if let Some(cause) = lost_by {
            let halfway = Duration::from_micros(arrival.since(sent_at).as_micros() / 2);
            record.lost = Some((sent_at + halfway, cause));
            self.enqueue(sent_at + halfway, Class::Loss, What::Loss { segment: index });
        } else {
            record.arrives_at = Some(arrival);
            let what = What::Arrival { segment: index, is_copy: false };
            self.enqueue(arrival, Class::Arrival, what);
            if let Some(later) = copy_after {
                record.copy_arrives_at = Some(arrival + later);
                let what = What::Arrival { segment: index, is_copy: true };
                self.enqueue(arrival + later, Class::Arrival, what);
            }
        }
        self.trace.segments.push(record);
    }
}

/// What the network does with one segment.
struct Network {
    delayed_by: Duration,
    lost_by: Option<LossCause>,
    copy_after: Option<Duration>,
}

impl Network {
    fn decide(scenario: &Scenario, id: SegmentId, from: Side) -> Self {
        let network = &scenario.network;
        let is_unlucky = id.origin == Origin::Host(from)
            && percentile(network.seed, from, id.ordinal, Purpose::Loss) < network.loss_percent;
        let mut fate = Self {
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
                Edit::Deliver(_) => {
                    fate = Self { delayed_by: Duration::ZERO, lost_by: None, copy_after: None };
                }
                Edit::Call(..) => {}
            }
        }
        fate
    }
}

/// The text of a SEND: the alphabet, small letters from the client and capitals from the server,
/// going on where the host's last SEND ended.
fn text(side: Side, from: u64, octets: u32) -> Vec<u8> {
    let first = match side {
        Side::Client => b'a',
        Side::Server => b'A',
    };
    (from..from + u64::from(octets)).map(|index| first + (index % 26) as u8).collect()
}
