//! The event loop: two hosts, a network between them, and the calls of their applications.
//!
//! A [`World`] is the state of a run at one instant. Each [`World::step`] appends to a [`Trace`]
//! that the caller owns.

use std::sync::Arc;

use crate::sim::call::Call;
use crate::sim::edit::Edit;
use crate::sim::id::{Origin, SegmentId, Side};
use crate::sim::queue::{Pending, PendingKind, Queue};
use crate::sim::scenario::{Scenario, When};
use crate::sim::trace::{Cause, Effect, Ending, Trace};
use crate::tcp::{Connection, Event, Rule};
use crate::time::Instant;

mod host;
mod network;
mod text;

use host::{HostState, Life, schedule_due_calls};
use network::Departure;

/// Two hosts and the network between them, at one instant. [`World::step`] advances it.
#[derive(Clone, Debug)]
pub struct World {
    scenario: Arc<Scenario>,
    hosts: [HostState; 2],
    queue: Queue,
}

impl World {
    /// The world before anything happened, and its trace. The trace already lists the old
    /// duplicates that are in the network when the run starts.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>) -> (Self, Trace) {
        let hosts = Side::BOTH
            .map(|side| HostState::new(side, scenario.hosts[side.index()].config.clone()));
        let mut world = Self { scenario, hosts, queue: Queue::default() };
        let mut trace = Trace::new();
        world.start(&mut trace);
        (world, trace)
    }

    /// The scenario that is run.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The same world in a scenario that differs in its edits alone.
    ///
    /// The run up to the end of `trace` must be the same in both, so the calls that edits made
    /// before then are the same too. At the last instant of the trace only the number of calls
    /// still to be made is known: the last ones of the new scenario take their place.
    pub(in crate::sim) fn with_edits_of(&self, scenario: &Arc<Scenario>, trace: &Trace) -> Self {
        let now = trace.end();
        let mut queue = self.queue.clone();
        let mut remaining = queue.drop_edits(now);
        for (index, edit) in scenario.edits.iter().enumerate().rev() {
            match edit {
                Edit::Call(_, _, at) if *at > now => queue.add_edit(*at, index),
                Edit::Call(_, _, at) if *at == now && remaining > 0 => {
                    queue.add_edit(*at, index);
                    remaining -= 1;
                }
                _ => {}
            }
        }
        Self { scenario: Arc::clone(scenario), hosts: self.hosts.clone(), queue }
    }

    /// A host's connection.
    #[must_use]
    pub const fn connection(&self, side: Side) -> &Connection {
        self.hosts[side.index()].connection()
    }

    /// How many bytes the application of `side` sent on the present connection.
    #[must_use]
    pub const fn octets_sent(&self, side: Side) -> u64 {
        self.hosts[side.index()].octets_sent()
    }

    /// How many bytes were sent on the connection from which the application of `side` last read.
    /// The sender may have left that connection already.
    #[must_use]
    pub fn octets_offered(&self, side: Side) -> u64 {
        let reads_from = self.hosts[side.index()].reads_from();
        let (start, end) = self.hosts[side.peer().index()].stream_of(reads_from);
        end - start
    }

    /// How many bytes the application of `side` read from the present connection.
    #[must_use]
    pub const fn octets_read(&self, side: Side) -> u64 {
        self.hosts[side.index()].octets_read()
    }

    /// Whether all that the application of `side` read is what the peer sent, in order.
    #[must_use]
    pub const fn reads_truly(&self, side: Side) -> bool {
        self.hosts[side.index()].reads_truly()
    }

    /// Why a run that stops here ends.
    #[must_use]
    pub fn ending(&self) -> Ending {
        match self.next_at() {
            None => Ending::Quiet,
            Some(_) => Ending::StepLimit,
        }
    }

    /// The instant of the next step; `None` if nothing is left to happen.
    #[must_use]
    pub fn next_at(&self) -> Option<Instant> {
        let timers = self.hosts.iter().filter_map(|host| host.connection().poll_timeout());
        timers.chain(self.queue.next_at()).min()
    }

    /// Executes the next step and appends it to `trace`, which must be the trace of this world.
    /// False if nothing is left to happen.
    pub fn step(&mut self, trace: &mut Trace) -> bool {
        let [client, server] = self.hosts.each_ref().map(|host| host.connection().timers().first());
        let due = client.min(server);
        if let Some(pending) = self.queue.take(due) {
            self.execute(pending, trace);
            return true;
        }
        let side = if client <= server { Side::Client } else { Side::Server };
        let connection = self.hosts[side.index()].connection_mut();
        let Some((timer, at)) = connection.timers().next() else { return false };
        connection.handle_timeout(at, &mut trace.effects);
        self.finish(at, side, Cause::Timer(timer), trace);
        true
    }

    /// Fills the queue: old duplicates, calls planned for the start, calls of edits.
    fn start(&mut self, trace: &mut Trace) {
        let scenario = Arc::clone(&self.scenario);
        let delay = scenario.network.delay;
        for (index, stray) in scenario.strays.iter().enumerate() {
            let ordinal = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let id = SegmentId { origin: Origin::Old, ordinal };
            let sent = Instant::from_micros(stray.at.as_micros().saturating_sub(delay.as_micros()));
            let from = stray.to.peer();
            let departure = Departure { id, from, sent_at: sent, repeats: None, rule: None };
            let segment = stray.segment.clone();
            departure.route(segment, stray.at, &scenario, &mut self.queue, trace);
        }
        // Servers listen before clients connect.
        for side in [Side::Server, Side::Client] {
            let is_due = &|when| when == When::Start;
            let who = (side, Life::Running);
            schedule_due_calls(who, Instant::ZERO, &scenario, &mut self.queue, is_due);
        }
        for (index, edit) in scenario.edits.iter().enumerate() {
            if let Edit::Call(_, _, at) = edit {
                self.queue.add_edit(*at, index);
            }
        }
        self.queue.begin();
    }

    fn execute(&mut self, pending: Pending, trace: &mut Trace) {
        let at = pending.at;
        match pending.kind {
            PendingKind::Arrival { segment, is_copy } => {
                let index = segment as usize;
                let record = &trace.segments[index];
                let side = record.from.peer();
                let connection = self.hosts[side.index()].connection_mut();
                connection.handle_segment(at, &record.segment, &mut trace.effects);
                self.read_at_once(at, side, trace);
                self.finish(at, side, Cause::Arrival(index, is_copy), trace);
            }
            PendingKind::Loss { segment } => {
                let index = segment as usize;
                let record = &trace.segments[index];
                let (from, is_damaged) = (record.from, record.is_damaged());
                // The receiver detects the damage; any other loss is noted at the sender.
                let side = if is_damaged { from.peer() } else { from };
                if is_damaged {
                    trace.note(Effect::Event(Event::Discarded, Rule::ChecksumWrong));
                }
                self.finish(at, side, Cause::Loss(index), trace);
            }
            PendingKind::Planned { side, index } => {
                let plan = &self.scenario.hosts[side.index()].application.plan;
                self.call(at, side, plan[index as usize].call, trace);
            }
            PendingKind::Edit { index } => {
                if let Edit::Call(side, call, _) = self.scenario.edits[index as usize] {
                    self.call(at, side, call, trace);
                }
            }
        }
    }

    /// Lets an application that always has a RECEIVE waiting take the text that is in order.
    fn read_at_once(&mut self, at: Instant, side: Side, trace: &mut Trace) {
        let by_hand = self.scenario.hosts[side.index()].application.reads_by_hand;
        if !by_hand && self.connection(side).readable_octets() > 0 {
            let (host, peer) = host_and_peer(&mut self.hosts, side);
            // RECEIVE succeeds in every state while there is text to read.
            let _ = host.read(at, peer, &mut trace.effects);
        }
    }

    fn call(&mut self, at: Instant, side: Side, call: Call, trace: &mut Trace) {
        let (host, peer) = host_and_peer(&mut self.hosts, side);
        if let Err(error) = host.call(at, call, peer, &self.scenario, &mut trace.effects) {
            trace.note(Effect::Failed(error));
        }
        if matches!(call, Call::Exit | Call::Crash) {
            let plan = &self.scenario.hosts[side.index()].application.plan;
            let life = host.life();
            self.queue.retain_planned(side, |index| life.makes(plan[index as usize].call));
        }
        self.finish(at, side, Cause::Call(call), trace);
    }

    /// Completes a step: passes the connection's events to the application, sends its segments
    /// into the network, and appends the step to the trace.
    fn finish(&mut self, at: Instant, side: Side, cause: Cause, trace: &mut Trace) {
        let Self { scenario, hosts, queue } = self;
        let host = &mut hosts[side.index()];
        let mut segments = std::mem::take(&mut trace.effects.segments);
        let mut sent = segments.drain(..);
        let first = trace.next_effects();
        for index in first..trace.effects.events.len() {
            let packed = trace.effects.events[index];
            if let Some(event) = packed.awaited() {
                host.on_event(event, at, scenario, queue);
            } else if packed.is_segment()
                && let Some(segment) = sent.next()
            {
                trace.effects.events[index] = Effect::Sent(trace.segments.len()).pack();
                let departure = host.departure(packed, at, &segment, trace);
                departure.route(segment, at + scenario.network.delay, scenario, queue, trace);
            }
        }
        drop(sent);
        trace.effects.segments = segments;
        trace.push_from(first, at, side, cause, host.connection());
    }
}

/// A host to change, and the other one to look at.
const fn host_and_peer(hosts: &mut [HostState; 2], side: Side) -> (&mut HostState, &HostState) {
    let [client, server] = hosts;
    match side {
        Side::Client => (client, server),
        Side::Server => (server, client),
    }
}
