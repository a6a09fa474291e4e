//! What happened: every segment, every step, every effect, each with the rule that caused it.

mod host_view;

use serde::Serialize;

pub use self::host_view::HostView;
use self::host_view::{FrequentFields, RareFields};
use crate::sim::call::{Call, CallError};
use crate::sim::id::{SegmentId, Side};
use crate::tcp::{Connection, Event, Outbox, PackedEvent, Rule, Segment, State, Timer};
use crate::time::{Duration, Instant};

/// The whole of a run, in order.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Every transmission, in the order in which they were sent.
    pub segments: Vec<SegmentRecord>,
    /// Every step, in order.
    pub steps: Vec<Step>,
    /// The effects of all steps, one after the other, as the connections write them; see
    /// [`Trace::effects`].
    pub(in crate::sim) effects: Outbox,
    /// What is the same about a host after many a step; see [`Trace::after`].
    rare: Vec<RareFields>,
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
    /// The bound on steps was reached; [`Timeline::extend`](crate::sim::Timeline::extend) goes on.
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

impl SegmentRecord {
    /// Whether it arrives damaged, so that its receiver discards it.
    #[must_use]
    pub const fn is_damaged(&self) -> bool {
        matches!(self.lost, Some((_, LossCause::Corruption)))
    }
}

/// Why a segment was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossCause {
    /// An edit says so.
    Edit,
    /// Chance, by the network's loss.
    Chance,
    /// An edit says that it arrives damaged: its receiver discards it.
    Corruption,
}

/// One atomic thing that happened: its cause, at one instant, and all that follows at once.
///
/// It is the unit of navigation.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// Where; a loss in the network happens at neither host, and names its sender here.
    pub side: Side,
    /// Why.
    pub cause: Cause,
    /// Where its effects begin in the trace's list, and how many they are.
    first_effect: u32,
    effect_count: u32,
    /// The last step before this one that touched the other host, or [`NEVER`].
    other: u32,
    /// The host after the step, but for what lasts.
    frequent: FrequentFields,
    state: State,
}

/// No step.
const NEVER: u32 = u32::MAX;

impl Step {
    /// The state of the host after the step. [`Trace::after`] has the rest.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }
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

/// How [`Effect`]s that are no events are noted among the packed ones.
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

/// How long a run's lists are from the start: room for most lessons.
const USUAL_STEPS: usize = 32;
const USUAL_SEGMENTS: usize = 16;
const USUAL_EFFECTS: usize = 64;
const USUAL_RARE: usize = 12;

/// How long a trace's lists are at some point of the run.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Lengths {
    pub(in crate::sim) steps: usize,
    segments: usize,
    effects: usize,
    rare: usize,
}

impl Trace {
    /// A trace of nothing yet.
    pub(in crate::sim) fn new() -> Self {
        Self {
            segments: Vec::with_capacity(USUAL_SEGMENTS),
            steps: Vec::with_capacity(USUAL_STEPS),
            effects: Outbox { events: Vec::with_capacity(USUAL_EFFECTS), segments: Vec::new() },
            rare: Vec::with_capacity(USUAL_RARE),
            ending: Ending::Open,
        }
    }

    /// How much there is of it.
    pub(in crate::sim) const fn lengths(&self) -> Lengths {
        Lengths {
            steps: self.steps.len(),
            segments: self.segments.len(),
            effects: self.effects.events.len(),
            rare: self.rare.len(),
        }
    }

    /// A copy of its beginning, with room for as much again as the whole has.
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
            ending: Ending::Open,
        }
    }

    /// What is known of it at an instant, after its first steps: nothing that later ones sent, and
    /// of what is under way only where it would arrive.
    pub(in crate::sim) fn known(&self, steps: usize, at: Instant) -> Self {
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
            let Some((lost_at, _)) = record.lost else { continue };
            if !known.steps.iter().any(|step| step.cause == Cause::Loss(index)) {
                // What is not damaged is lost half-way.
                let way = lost_at.since(record.sent_at);
                let rest = if record.is_damaged() { Duration::ZERO } else { way };
                record.arrives_at = Some(lost_at + rest);
                record.lost = None;
            }
        }
        known
    }

    /// Gives back the room that a long run did not use.
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

    /// The host of a step after it.
    #[must_use]
    pub fn after(&self, step: &Step) -> HostView {
        let frequent = &step.frequent;
        HostView::join(step.state, frequent, &self.rare[frequent.rare as usize])
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
    pub fn host_after(&self, step: usize, side: Side) -> Option<HostView> {
        let step = self.steps.get(step)?;
        let last = if step.side == side { step } else { self.steps.get(step.other as usize)? };
        Some(self.after(last))
    }

    /// The host of the step before it happened.
    #[must_use]
    pub fn host_before(&self, step: usize) -> Option<HostView> {
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

    /// Notes an effect of the step that is [`push`](Self::push)ed next.
    pub(crate) fn note(&mut self, effect: Effect) {
        self.effects.events.push(effect.pack());
    }

    /// Where the effects of the step begin that is pushed next.
    pub(in crate::sim) fn next_effects(&self) -> usize {
        self.steps.last().map_or(0, |step| (step.first_effect + step.effect_count) as usize)
    }

    /// Appends a step; what was noted since the last one are its effects.
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
        // The last step of the same host, and the last one of the other.
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
