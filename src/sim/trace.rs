//! What happened: every segment, every step, every effect, each with the rule that caused it.

use serde::Serialize;

use super::id::{SegmentId, Side};
use super::scenario::Call;
use crate::tcp::{Connection, Event, Rule, Segment, State, Tcb, Timer};
use crate::time::{Duration, Instant};

/// The whole of a run, in order.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Every transmission, in the order in which they were sent.
    pub segments: Vec<SegmentRecord>,
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// The effects of all steps, one after the other; see [`Trace::effects`].
    effects: Vec<Effect>,
    /// Why the run ends where it ends.
    pub ending: Ending,
}

/// Why a run ends where it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It was not run to an end yet.
    #[default]
    Open,
    /// Nothing is under way any more, and no timer runs.
    Quiet,
    /// The bound on steps was reached; [`Timeline::extend`](super::Timeline::extend) goes on.
    StepLimit,
}

/// One transmission, and what the network did with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRecord {
    /// Its name.
    pub id: SegmentId,
    /// Where it comes from; an old duplicate's is the host that it pretends to come from.
    pub from: Side,
    /// The segment.
    pub segment: Segment,
    /// When it was sent.
    pub sent_at: Instant,
    /// The earlier transmission that it repeats, if it is a retransmission.
    pub repeats: Option<SegmentId>,
    /// Why it was sent; an old duplicate has no reason.
    pub rule: Option<Rule>,
    /// When it arrives, if it does.
    pub arrives_at: Option<Instant>,
    /// When its copy arrives, if it was duplicated.
    pub copy_arrives_at: Option<Instant>,
    /// When and why it was lost, if it was.
    pub lost: Option<(Instant, LossCause)>,
    /// By how much an edit delays it; zero if none does.
    pub delayed_by: Duration,
}

/// Why a segment was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossCause {
    /// An edit says so.
    Edit,
    /// Chance, by the network's loss.
    Chance,
}

/// One atomic thing that happened: its cause, at one instant, and all that follows at once.
///
/// It is the unit of navigation.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// Where; a loss happens in the network, at neither host, and names its sender here.
    pub side: Side,
    /// Why.
    pub cause: Cause,
    /// Where its effects begin and end in the trace's list.
    first_effect: u32,
    effect_count: u32,
    /// For each host, the last step at or before this one that touched it.
    last: [Option<u32>; 2],
    /// The host after the step.
    pub after: HostView,
}

/// What set a step off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A segment arrived: its index in [`Trace::segments`], and whether it is the second copy.
    Arrival(usize, bool),
    /// The network lost a segment: its index.
    Loss(usize),
    /// The application called.
    Call(Call),
    /// A timer expired.
    Timer(Timer),
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A segment was sent: its index in [`Trace::segments`].
    Sent(usize),
    /// Something happened inside the connection, or its user was told.
    Event(Event, Rule),
    /// The user's call was answered with an error.
    Failed(CallError),
}

/// The error that answered a user's call.
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

/// One host's connection, as one can see it from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostView {
    /// Its state.
    pub state: State,
    /// Its sequence variables.
    pub tcb: Tcb,
    /// RTO.
    pub rto: Duration,
    /// SRTT; zero before the first sample.
    pub srtt: Duration,
    /// RTTVAR.
    pub rttvar: Duration,
    /// SMSS.
    pub send_mss: u16,
    /// How often the oldest unacknowledged segment was retransmitted.
    pub retransmissions: u32,
    /// Octets of text not acknowledged, sent or not.
    pub queued: u32,
    /// Octets that wait for the application's RECEIVE.
    pub readable: u32,
    /// Octets kept beyond a gap.
    pub kept: u32,
    deadlines: [Instant; Timer::ALL.len()],
}

impl HostView {
    /// The view of a connection.
    #[must_use]
    pub fn of(connection: &Connection) -> Self {
        let count = |octets: usize| u32::try_from(octets).unwrap_or(u32::MAX);
        let rto = connection.rto();
        Self {
            state: connection.state(),
            tcb: *connection.tcb(),
            rto: rto.rto(),
            srtt: rto.srtt().unwrap_or_default(),
            rttvar: rto.rttvar(),
            send_mss: connection.send_mss(),
            retransmissions: connection.retransmissions(),
            queued: count(connection.unacknowledged_octets()),
            readable: count(connection.readable_octets()),
            kept: connection.kept_octets(),
            deadlines: Timer::ALL
                .map(|timer| connection.timers().deadline(timer).unwrap_or(Instant::MAX)),
        }
    }

    /// When a timer expires, if it runs.
    #[must_use]
    pub fn deadline(&self, timer: Timer) -> Option<Instant> {
        let deadline = self.deadlines[timer as usize];
        (deadline < Instant::MAX).then_some(deadline)
    }
}

impl Trace {
    /// The effects of a step, in causal order.
    #[must_use]
    pub fn effects(&self, step: &Step) -> &[Effect] {
        let start = step.first_effect as usize;
        &self.effects[start..start + step.effect_count as usize]
    }

    /// The segment that a name stands for.
    #[must_use]
    pub fn segment(&self, id: SegmentId) -> Option<&SegmentRecord> {
        self.segments.iter().find(|record| record.id == id)
    }

    /// The index of the last step at or before `at`.
    #[must_use]
    pub fn step_at(&self, at: Instant) -> Option<usize> {
        self.steps.partition_point(|step| step.at <= at).checked_sub(1)
    }

    /// The host of `side` after the step with this index; `None` before the first that touched it.
    #[must_use]
    pub fn host_after(&self, step: usize, side: Side) -> Option<&HostView> {
        let last = self.steps.get(step)?.last[side.index()]?;
        self.steps.get(last as usize).map(|step| &step.after)
    }

    /// The host of the step before it happened.
    #[must_use]
    pub fn host_before(&self, step: usize) -> Option<&HostView> {
        self.host_after(step.checked_sub(1)?, self.steps.get(step)?.side)
    }

    /// The last instant at which anything happens.
    #[must_use]
    pub fn end(&self) -> Instant {
        self.steps.last().map_or(Instant::ZERO, |step| step.at)
    }

    /// Puts the segments into the order in which they were sent; where each stands now, by its
    /// earlier place.
    pub(crate) fn sort_segments(&mut self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.segments.len()).collect();
        order.sort_by_key(|index| self.segments[*index].sent_at);
        let mut places = vec![0; order.len()];
        for (place, index) in order.iter().enumerate() {
            places[*index] = place;
        }
        self.segments = order.iter().map(|index| self.segments[*index].clone()).collect();
        for effect in &mut self.effects {
            if let Effect::Sent(index) = effect {
                *index = places[*index];
            }
        }
        for step in &mut self.steps {
            if let Cause::Arrival(index, _) | Cause::Loss(index) = &mut step.cause {
                *index = places[*index];
            }
        }
        places
    }

    /// Appends a step.
    pub(crate) fn push(
        &mut self,
        at: Instant,
        side: Side,
        cause: Cause,
        effects: impl IntoIterator<Item = Effect>,
        after: HostView,
    ) {
        let first = self.effects.len();
        self.effects.extend(effects);
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let mut last = self.steps.last().map_or([None; 2], |step| step.last);
        last[side.index()] = Some(number(self.steps.len()));
        self.steps.push(Step {
            at,
            side,
            cause,
            first_effect: number(first),
            effect_count: number(self.effects.len() - first),
            last,
            after,
        });
    }
}
