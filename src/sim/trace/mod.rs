//! The record of a run: every segment, every step, every effect, each with the rule that caused it.

mod excerpt;
mod host_view;

use serde::Serialize;

pub(in crate::sim) use self::excerpt::Kept;
pub use self::host_view::HostView;
use self::host_view::{FrequentFields, RareFields};
use crate::sim::call::{Call, CallError};
use crate::sim::id::{SegmentId, Side};
use crate::tcp::{Connection, Event, Outbox, PackedEvent, Rule, Segment, State, Timer};
use crate::time::{Duration, Instant};

/// A whole run, in order.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Every transmission, in the order in which they were sent.
    pub segments: Vec<SegmentRecord>,
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// The effects of all steps, in order. Connections write their outputs directly into it; see
    /// [`Trace::effects`].
    pub(in crate::sim) effects: Outbox,
    /// The rarely changing fields of hosts, shared by many steps; see [`Trace::after`].
    rare: Vec<RareFields>,
    /// Both hosts before their first step, in a part of a run.
    before: Option<Box<[HostView; 2]>>,
    /// Why the run ends where it ends.
    pub ending: Ending,
}

/// Why a run ends where it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The run has not ended.
    #[default]
    Open,
    /// No segment is in flight, and no timer is running.
    Quiet,
    /// The bound on steps was reached; [`Timeline::extend`](crate::sim::Timeline::extend)
    /// continues.
    StepLimit,
}

/// One transmission, and its fate in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRecord {
    /// Its name.
    pub id: SegmentId,
    /// The sender; for an old duplicate the host in its source address.
    pub from: Side,
    /// The segment.
    pub segment: Segment,
    /// When it was sent.
    pub sent_at: Instant,
    /// The earlier transmission that it repeats, if it is a retransmission.
    pub repeats: Option<SegmentId>,
    /// The rule by which it was sent; `None` for an old duplicate.
    pub rule: Option<Rule>,
    /// When it arrives; `None` if it is lost.
    pub arrives_at: Option<Instant>,
    /// When its copy arrives, if it was duplicated.
    pub copy_arrives_at: Option<Instant>,
    /// When and why it was lost, if it was.
    pub lost: Option<(Instant, LossCause)>,
    /// How much later it arrives because of an edit.
    pub delayed_by: Duration,
}

impl SegmentRecord {
    /// Whether it arrives damaged, and is discarded by its receiver.
    #[must_use]
    pub const fn is_damaged(&self) -> bool {
        matches!(self.lost, Some((_, LossCause::Corruption)))
    }
}

/// Why a segment was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossCause {
    /// An edit drops it.
    Edit,
    /// The network's random loss.
    Chance,
    /// An edit damages it, and its receiver discards it.
    Corruption,
    /// Nothing passes when it is sent, or would arrive.
    Outage,
    /// It is longer than the network carries, and nobody is told.
    Mtu,
    /// Captured traffic suggests it: the segment is sent again, and was not acknowledged before.
    Inferred,
}

/// One atomic event of a run: a cause at one instant, and all its immediate effects.
///
/// It is the unit of navigation.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// When it happened.
    pub at: Instant,
    /// The host at which it happened; for a loss in the network the segment's sender.
    pub side: Side,
    /// Its cause.
    pub cause: Cause,
    /// The index of its first effect in the trace's list, and the number of effects.
    first_effect: u32,
    effect_count: u32,
    /// The last earlier step of the other host, or [`NEVER`].
    other: u32,
    /// The frequently changing fields of the host after the step.
    frequent: FrequentFields,
    state: State,
}

/// The index that stands for no step.
const NEVER: u32 = u32::MAX;

impl Step {
    /// The state of the host after the step. [`Trace::after`] has the rest.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }
}

/// The cause of a step.
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

/// An effect of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A segment was sent: its index in [`Trace::segments`].
    Sent(usize),
    /// A change inside the connection, or a signal to its user.
    Event(Event, Rule),
    /// The user call returned an error.
    Failed(CallError),
}

/// The kinds of notes that stand for effects other than events.
const SENT: u8 = 0;
const FAILED: u8 = 1;

impl Effect {
    pub(in crate::sim) fn pack(self) -> PackedEvent {
        match self {
            Self::Sent(index) => PackedEvent::note(SENT, index as u64),
            Self::Event(event, rule) => PackedEvent::new(event, rule),
            Self::Failed(error) => PackedEvent::note(FAILED, error as u64),
        }
    }

    fn unpack(packed: PackedEvent) -> Self {
        if let Some((event, rule)) = packed.event() {
            return Self::Event(event, rule);
        }
        let (kind, value) = packed.noted().unwrap_or_default();
        let value = usize::try_from(value).unwrap_or(usize::MAX);
        if kind == SENT { Self::Sent(value) } else { Self::Failed(CallError::ALL[value]) }
    }
}

/// The initial capacity of a trace's lists, enough for most built-in scenarios.
const USUAL_STEPS: usize = 32;
const USUAL_SEGMENTS: usize = 16;
const USUAL_EFFECTS: usize = 64;
const USUAL_RARE: usize = 12;

/// The lengths of a trace's lists at some point of the run.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Lengths {
    pub(in crate::sim) steps: usize,
    segments: usize,
    effects: usize,
    rare: usize,
}

impl Trace {
    /// An empty trace.
    pub(in crate::sim) fn new() -> Self {
        Self {
            segments: Vec::with_capacity(USUAL_SEGMENTS),
            steps: Vec::with_capacity(USUAL_STEPS),
            effects: Outbox { events: Vec::with_capacity(USUAL_EFFECTS), segments: Vec::new() },
            rare: Vec::with_capacity(USUAL_RARE),
            before: None,
            ending: Ending::Open,
        }
    }

    /// The present lengths of its lists.
    pub(in crate::sim) const fn lengths(&self) -> Lengths {
        Lengths {
            steps: self.steps.len(),
            segments: self.segments.len(),
            effects: self.effects.events.len(),
            rare: self.rare.len(),
        }
    }

    /// A copy of its beginning, with the capacity of the whole trace.
    pub(in crate::sim) fn beginning(&self, until: Lengths) -> Self {
        fn copy<T: Clone>(all: &[T], count: usize) -> Vec<T> {
            let mut copy = Vec::with_capacity(all.len());
            copy.extend_from_slice(&all[..count]);
            copy
        }
        Self {
            segments: copy(&self.segments, until.segments),
            steps: copy(&self.steps, until.steps),
            effects: Outbox {
                events: copy(&self.effects.events, until.effects),
                segments: Vec::new(),
            },
            rare: copy(&self.rare, until.rare),
            before: self.before.clone(),
            ending: Ending::Open,
        }
    }

    /// As much of the trace as can be known at an instant, after its first `steps` steps: nothing
    /// that later steps sent, and of a segment in flight only when it would arrive, by the `delay`
    /// of the network.
    pub(in crate::sim) fn known(&self, steps: usize, at: Instant, delay: Duration) -> Self {
        let all = self.lengths();
        let later = self.steps.get(steps..).unwrap_or_default();
        let sent = later
            .iter()
            .flat_map(|step| self.effects(step))
            .filter_map(|effect| if let Effect::Sent(index) = effect { Some(index) } else { None });
        let segments = sent.min().unwrap_or(all.segments);
        let effects = later.first().map_or(all.effects, |step| step.first_effect as usize);
        let steps = steps.min(all.steps);
        let mut known = self.beginning(Lengths { steps, segments, effects, ..all });
        for (index, record) in known.segments.iter_mut().enumerate() {
            record.copy_arrives_at = record.copy_arrives_at.filter(|copy_at| *copy_at <= at);
            let Some((lost_at, cause)) = record.lost else { continue };
            if !known.steps.iter().any(|step| step.cause == Cause::Loss(index)) {
                // A damaged segment is discarded on arrival, any other loss happens half-way.
                let way = lost_at.since(record.sent_at);
                record.arrives_at = Some(match cause {
                    LossCause::Corruption => lost_at,
                    // It can be lost later than half-way.
                    LossCause::Outage => lost_at.max(record.sent_at + delay + record.delayed_by),
                    _ => lost_at + way,
                });
                record.lost = None;
            }
        }
        known
    }

    /// Frees unused capacity of a long run.
    pub(in crate::sim) fn shrink(&mut self) {
        fn shrink<T>(list: &mut Vec<T>) {
            if list.capacity() - list.len() > list.len() / 16 + USUAL_STEPS * 3 {
                list.shrink_to_fit();
            }
        }
        shrink(&mut self.segments);
        shrink(&mut self.steps);
        shrink(&mut self.effects.events);
        shrink(&mut self.rare);
    }

    /// The effects of a step, in causal order.
    #[must_use]
    pub fn effects(
        &self,
        step: &Step,
    ) -> impl DoubleEndedIterator<Item = Effect> + ExactSizeIterator + Clone {
        let start = step.first_effect as usize;
        let effects = &self.effects.events[start..start + step.effect_count as usize];
        effects.iter().map(|packed| Effect::unpack(*packed))
    }

    /// The host of a step, after the step.
    #[must_use]
    pub fn after(&self, step: &Step) -> HostView {
        let frequent = &step.frequent;
        HostView::join(step.state, frequent, &self.rare[frequent.rare as usize])
    }

    /// The segment with this name.
    #[must_use]
    pub fn segment(&self, id: SegmentId) -> Option<&SegmentRecord> {
        self.segments.iter().find(|record| record.id == id)
    }

    /// The bytes of a retransmission beyond those that the transmission it repeats has carried.
    #[must_use]
    pub fn added_octets(&self, index: usize) -> u32 {
        let end = |record: &SegmentRecord| record.segment.seq + record.segment.text.len();
        let added = |record: &SegmentRecord| {
            let earlier = self.segments[..index].iter().rev();
            let repeated = earlier.clone().find(|it| Some(it.id) == record.repeats)?;
            let is_longer = end(record).after(end(repeated));
            is_longer.then(|| end(record).distance_from(end(repeated)))
        };
        self.segments.get(index).and_then(added).unwrap_or_default()
    }

    /// The index of the last step at or before `at`.
    #[must_use]
    pub fn step_at(&self, at: Instant) -> Option<usize> {
        self.steps.partition_point(|step| step.at <= at).checked_sub(1)
    }

    /// The host of `side` after the step with this index. Before the first step of that host: as it
    /// is at the start of a part, and `None` in a whole run.
    #[must_use]
    pub fn host_after(&self, step: usize, side: Side) -> Option<HostView> {
        let step = self.steps.get(step)?;
        if step.side == side {
            return Some(self.after(step));
        }
        let other = self.steps.get(step.other as usize);
        other.map(|step| self.after(step)).or_else(|| self.first_host(side))
    }

    /// The host of a step, before the step.
    #[must_use]
    pub fn host_before(&self, step: usize) -> Option<HostView> {
        let side = self.steps.get(step)?.side;
        step.checked_sub(1)
            .map_or_else(|| self.first_host(side), |step| self.host_after(step, side))
    }

    /// The last instant at which anything happens.
    #[must_use]
    pub fn end(&self) -> Instant {
        self.steps.last().map_or(Instant::ZERO, |step| step.at)
    }

    /// Sorts the segments by the time they were sent. Returns the new index of each, by its old
    /// index.
    pub(crate) fn sort_segments(&mut self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.segments.len()).collect();
        order.sort_by_key(|index| self.segments[*index].sent_at);
        let mut places = vec![0; order.len()];
        for (place, index) in order.iter().enumerate() {
            places[*index] = place;
        }
        self.segments = order.iter().map(|index| self.segments[*index].clone()).collect();
        for packed in &mut self.effects.events {
            if let Effect::Sent(index) = Effect::unpack(*packed) {
                *packed = Effect::Sent(places[index]).pack();
            }
        }
        for step in &mut self.steps {
            if let Cause::Arrival(index, _) | Cause::Loss(index) = &mut step.cause {
                *index = places[*index];
            }
        }
        places
    }

    /// Adds an effect to the step that is [`push`](Self::push)ed next.
    pub(crate) fn note(&mut self, effect: Effect) {
        self.effects.events.push(effect.pack());
    }

    /// The index of the first effect of the next step.
    pub(in crate::sim) fn next_effects(&self) -> usize {
        self.steps.last().map_or(0, |step| (step.first_effect + step.effect_count) as usize)
    }

    /// Appends a step. Its effects are those noted since the last step.
    pub(crate) fn push(&mut self, at: Instant, side: Side, cause: Cause, connection: &Connection) {
        self.push_from(self.next_effects(), at, side, cause, connection);
    }

    /// Appends a step with the effects from `first` on.
    pub(in crate::sim) fn push_from(
        &mut self,
        first: usize,
        at: Instant,
        side: Side,
        cause: Cause,
        connection: &Connection,
    ) {
        let number = |index: usize| u32::try_from(index).unwrap_or(NEVER);
        let first = number(first);
        let last = self.steps.last();
        // The last steps of the same host and of the other host.
        let latest = self.steps.len().checked_sub(1).map_or(NEVER, number);
        let (same, other) = match last {
            Some(step) if step.side == side => (latest, step.other),
            Some(step) => (step.other, latest),
            None => (NEVER, NEVER),
        };
        let rare = RareFields::of(connection);
        let before = self.steps.get(same as usize).map(|step| step.frequent.rare);
        let kept = before.filter(|index| self.rare[*index as usize] == rare);
        let rare = kept.unwrap_or_else(|| {
            self.rare.push(rare);
            number(self.rare.len() - 1)
        });
        self.steps.push(Step {
            at,
            side,
            cause,
            first_effect: first,
            effect_count: number(self.effects.events.len()) - first,
            other,
            frequent: FrequentFields::of(connection, rare),
            state: connection.state(),
        });
    }
}
