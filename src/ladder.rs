//! A trace as a picture: lifelines, arrows and notes in abstract units. One geometry for the
//! screen and for every export.
//!
//! Down is time. The unit of y is the microsecond of *presentation time*, which is virtual time
//! with the idle gaps folded; see [`Axis`]. Across, the client's lifeline stands at 0 and the
//! server's at [`WIDTH`].

use crate::sim::{
    Cause, Effect, LossCause, Origin, Scenario, SegmentId, SegmentRecord, Side, Timeline, Trace,
};
use crate::tcp::{Event, Segment, State, Timer};
use crate::time::Instant;

mod axis;

pub use axis::{Axis, Fold};

/// The distance between the lifelines.
pub const WIDTH: u32 = 1_000;

/// A moment of a run. At one instant several steps may happen, one after the other: the step says
/// which of them have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Instant,
    /// The last step that has happened; `None` before the first.
    pub step: Option<usize>,
}

impl Moment {
    /// The moment of an instant at which all that happens then has happened.
    #[must_use]
    pub fn after(trace: &Trace, at: Instant) -> Self {
        Self { at, step: trace.step_at(at) }
    }
}

/// What a segment mainly is, for its colour and its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// SYN, with or without ACK.
    Syn,
    /// FIN.
    Fin,
    /// RST.
    Rst,
    /// Text.
    Data,
    /// Nothing but an acknowledgment.
    Ack,
}

impl SegmentKind {
    /// What a segment mainly is.
    #[must_use]
    pub fn of(segment: &Segment) -> Self {
        if segment.rst() {
            Self::Rst
        } else if segment.syn() {
            Self::Syn
        } else if segment.fin() {
            Self::Fin
        } else if segment.text.is_empty() {
            Self::Ack
        } else {
            Self::Data
        }
    }

    /// Its name in class names and data attributes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Syn => "syn",
            Self::Fin => "fin",
            Self::Rst => "rst",
            Self::Data => "data",
            Self::Ack => "ack",
        }
    }
}

/// The picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// The time axis.
    pub axis: Axis,
    /// An arrow for each transmission, in the order of [`Trace::segments`].
    pub arrows: Vec<Arrow>,
    /// The state intervals of both lifelines, in order of time.
    pub intervals: Vec<Interval>,
    /// The timers that ran long enough to be worth showing.
    pub timers: Vec<TimerSpan>,
    /// A mark for each step.
    pub marks: Vec<Mark>,
    /// The chapters of the run.
    pub chapters: Vec<Chapter>,
}

/// A transmission as a line between the lifelines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The segment's name.
    pub id: SegmentId,
    /// Its index in [`Trace::segments`].
    pub segment: usize,
    /// The lifeline where it begins.
    pub from: Side,
    /// What it mainly is.
    pub kind: SegmentKind,
    /// Its flags as a short label: `SYN`, `SYN·ACK`, `FIN·ACK`.
    pub flags: String,
    /// When it leaves.
    pub sent_at: Instant,
    /// When it arrives or is lost.
    pub ends_at: Instant,
    /// Where it leaves, in presentation time.
    pub y_from: u64,
    /// Where it arrives, or is lost.
    pub y_to: u64,
    /// How far it comes, in units of [`WIDTH`] from its own side: all the way, unless it is lost.
    pub reach: u32,
    /// Why it was lost, if it was.
    pub lost: Option<LossCause>,
    /// When and where it would have arrived, if it comes earlier or later than that.
    pub due: Option<(Instant, u64)>,
    /// When and where its copy arrives, if it was duplicated.
    pub copy: Option<(Instant, u64)>,
    /// The transmission that it repeats.
    pub repeats: Option<SegmentId>,
    /// Whether it is left over from an earlier connection.
    pub is_old: bool,
    /// The steps in which it is sent, and arrives or is lost.
    pub steps: Passage,
}

/// The steps in which something begins and ends; `None` where that is in no step of the run, and
/// its instant counts. What has not ended yet ends in the step after the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The step in which it begins.
    pub from: Option<usize>,
    /// The step in which it ends.
    pub to: Option<usize>,
}

impl Passage {
    fn has_begun(self, now: Moment, from: Instant) -> bool {
        self.from.map_or(now.at >= from, |step| now.step >= Some(step))
    }

    fn has_ended(self, now: Moment, to: Instant) -> bool {
        self.to.map_or(now.at >= to, |step| now.step >= Some(step))
    }
}

impl Arrow {
    /// What became of the segment.
    #[must_use]
    pub fn fate(&self, now: Moment) -> Fate {
        if !self.steps.has_begun(now, self.sent_at) {
            Fate::Future
        } else if !self.steps.has_ended(now, self.ends_at) {
            Fate::Flying
        } else if self.lost.is_some() {
            Fate::Lost
        } else {
            Fate::Arrived
        }
    }

    /// How far the segment has come at presentation time `y`, in units of [`WIDTH`] from its own
    /// side.
    #[must_use]
    pub fn progress(&self, y: u64) -> u32 {
        let span = self.y_to.saturating_sub(self.y_from);
        if span == 0 {
            return if y >= self.y_to { self.reach } else { 0 };
        }
        let gone = y.saturating_sub(self.y_from).min(span);
        u32::try_from(u64::from(self.reach) * gone / span).unwrap_or(self.reach)
    }
}

/// What became of a segment by some instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not sent yet.
    Future,
    /// It is under way.
    Flying,
    /// It has arrived.
    Arrived,
    /// The network has lost it.
    Lost,
}

impl Fate {
    /// The value of `data-fate`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Future => "future",
            Self::Flying => "flying",
            Self::Arrived => "arrived",
            Self::Lost => "lost",
        }
    }
}

/// A time during which a host is in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The host.
    pub side: Side,
    /// The state.
    pub state: State,
    /// When it was entered.
    pub from: Instant,
    /// When it was left, or the end of the run.
    pub to: Instant,
    /// The same on the page.
    pub y_from: u64,
    /// The same on the page.
    pub y_to: u64,
    /// The step that entered it; `None` for the state at the start.
    pub step: Option<usize>,
    /// Whether the host has sent its FIN by then: its own direction is finished.
    pub half_closed: bool,
}

/// A timer that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerSpan {
    /// Whose.
    pub side: Side,
    /// Which.
    pub timer: Timer,
    /// When it was started.
    pub from: Instant,
    /// When it was to expire.
    pub deadline: Instant,
    /// When it expired or was stopped.
    pub to: Instant,
    /// The steps in which it was started, and expired or was stopped.
    pub steps: Passage,
    /// Whether it expired.
    pub expired: bool,
    /// Where it was started, in presentation time.
    pub y_from: u64,
    /// Where it expired or was stopped.
    pub y_to: u64,
}

impl TimerSpan {
    /// Whether it runs.
    #[must_use]
    pub fn runs(&self, now: Moment) -> bool {
        self.steps.has_begun(now, self.from) && !self.steps.has_ended(now, self.to)
    }
}

/// A step as a mark on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The step's index.
    pub step: usize,
    /// When.
    pub at: Instant,
    /// Where, in presentation time.
    pub y: u64,
    /// Whose.
    pub side: Side,
    /// What kind of step: `send`, `arrive`, `drop`, `timer`, `call`, `state`.
    pub kind: MarkKind,
}

/// What a step mainly is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// A segment arrived.
    Arrival,
    /// A segment was lost.
    Loss,
    /// A timer expired.
    Timer,
    /// An application called.
    Call,
}

/// A part of the run with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its name in locale files: `chapter.<id>`.
    pub id: &'static str,
    /// When it begins.
    pub at: Instant,
    /// Where, in presentation time.
    pub y: u64,
}

impl Ladder {
    /// The picture of a run.
    #[must_use]
    pub fn of(timeline: &Timeline, true_scale: bool) -> Self {
        let trace = timeline.trace();
        let rtt = timeline.scenario().network.delay.saturating_mul(2);
        Self::on(Axis::of(trace, rtt, true_scale), timeline, None)
    }

    /// The same picture as far as an instant, of what is [known](Timeline::known) then.
    #[must_use]
    pub fn known(&self, timeline: &Timeline, at: Instant) -> Self {
        Self::on(self.axis.until(at), timeline, Some(at))
    }

    /// All of it, or as much as there is at an instant.
    fn on(axis: Axis, timeline: &Timeline, at: Option<Instant>) -> Self {
        let trace = timeline.trace();
        let end = at.unwrap_or(trace.end());
        let passages = passages(trace);
        let arrows = trace.segments.iter().enumerate();
        let arrows = arrows.filter(|(_, record)| at.is_none_or(|at| record.sent_at <= at));
        Self {
            arrows: arrows
                .map(|(index, record)| {
                    let arrow = arrow(&axis, record, timeline.scenario());
                    let mut steps = passages[index];
                    // What happens now is known as far as the steps go.
                    if steps.to.is_none() && at.is_some_and(|at| at <= arrow.ends_at) {
                        steps.to = Some(trace.steps.len());
                    }
                    Arrow { segment: index, steps, ..arrow }
                })
                .collect(),
            intervals: Side::BOTH
                .into_iter()
                .flat_map(|side| intervals(timeline, &axis, side, end))
                .collect(),
            timers: timers(trace, &axis, end),
            marks: marks(trace, &axis),
            chapters: chapters(trace, &axis),
            axis,
        }
    }
}

fn arrow(axis: &Axis, record: &SegmentRecord, scenario: &Scenario) -> Arrow {
    let (ends_at, reach) = match (record.arrives_at, record.lost) {
        (Some(at), _) | (None, Some((at, LossCause::Corruption))) => (at, WIDTH),
        (None, Some((at, LossCause::Edit | LossCause::Chance))) => (at, WIDTH / 2),
        (None, None) => (record.sent_at, 0),
    };
    let due = scenario.moved_from(record).filter(|due| *due != ends_at);
    let flags = record.segment.flags.without(crate::tcp::Flags::PSH).names().collect::<Vec<_>>();
    Arrow {
        id: record.id,
        segment: 0,
        from: record.from,
        kind: SegmentKind::of(&record.segment),
        flags: flags.join("·"),
        sent_at: record.sent_at,
        ends_at,
        y_from: axis.y(record.sent_at),
        y_to: axis.y(ends_at),
        reach,
        lost: record.lost.map(|(_, cause)| cause),
        due: due.map(|due| (due, axis.y(due))),
        copy: record.copy_arrives_at.map(|at| (at, axis.y(at))),
        repeats: record.repeats,
        is_old: record.id.origin == Origin::Old,
        steps: Passage::default(),
    }
}

/// In which steps each transmission is sent, and arrives or is lost.
fn passages(trace: &Trace) -> Vec<Passage> {
    let mut passages = vec![Passage::default(); trace.segments.len()];
    for (index, step) in trace.steps.iter().enumerate() {
        if let Cause::Arrival(segment, false) | Cause::Loss(segment) = step.cause {
            passages[segment].to = Some(index);
        }
        for effect in trace.effects(step) {
            if let Effect::Sent(segment) = effect {
                passages[segment].from = Some(index);
            }
        }
    }
    passages
}

fn intervals(timeline: &Timeline, axis: &Axis, side: Side, end: Instant) -> Vec<Interval> {
    let trace = timeline.trace();
    let mut intervals: Vec<Interval> = vec![];
    let mut enter = |state: State, at: Instant, step: Option<usize>| {
        if let Some(last) = intervals.last_mut() {
            if last.state == state {
                return;
            }
            (last.to, last.y_to) = (at, axis.y(at));
        }
        let half_closed = matches!(
            state,
            State::FinWait1 | State::FinWait2 | State::Closing | State::LastAck | State::TimeWait
        );
        intervals.push(Interval {
            side,
            state,
            from: at,
            to: end,
            y_from: axis.y(at),
            y_to: axis.end(),
            step,
            half_closed,
        });
    };
    enter(State::Closed, Instant::ZERO, None);
    for (index, step) in trace.steps.iter().enumerate() {
        if step.side == side {
            enter(step.state(), step.at, Some(index));
        }
    }
    // What lasts no time cannot be drawn, unless it is how the run ends.
    let count = intervals.len();
    let mut index = 0;
    intervals.retain(|interval| {
        index += 1;
        interval.from < interval.to || index == count
    });
    intervals
}

fn timers(trace: &Trace, axis: &Axis, end: Instant) -> Vec<TimerSpan> {
    const SHOWN: [Timer; 3] = [Timer::Retransmission, Timer::Persist, Timer::TimeWait];
    let mut spans: Vec<TimerSpan> = vec![];
    // Which of them run, by host and timer.
    let mut running = [[None::<usize>; 3]; 2];
    for (index, step) in trace.steps.iter().enumerate() {
        let after = trace.after(step);
        for (timer, running) in SHOWN.into_iter().zip(&mut running[step.side.index()]) {
            let deadline = after.deadline(timer);
            let last = running.and_then(|place| spans.get_mut(place));
            if last.as_ref().map(|span| span.deadline) == deadline {
                continue;
            }
            if let Some(span) = last {
                (span.to, span.y_to, span.steps.to) = (step.at, axis.y(step.at), Some(index));
                span.expired = step.cause == Cause::Timer(timer) && step.at >= span.deadline;
            }
            *running = deadline.map(|deadline| {
                let y = axis.y(step.at);
                spans.push(TimerSpan {
                    side: step.side,
                    timer,
                    from: step.at,
                    deadline,
                    to: step.at,
                    steps: Passage { from: Some(index), to: Some(trace.steps.len()) },
                    expired: false,
                    y_from: y,
                    y_to: y,
                });
                spans.len() - 1
            });
        }
    }
    for place in running.into_iter().flatten().flatten() {
        let to = end.min(spans[place].deadline);
        (spans[place].to, spans[place].y_to) = (to, axis.y(to));
    }
    spans
}

fn marks(trace: &Trace, axis: &Axis) -> Vec<Mark> {
    let mark = |(step, happened): (usize, &crate::sim::Step)| Mark {
        step,
        at: happened.at,
        y: axis.y(happened.at),
        side: happened.side,
        kind: match happened.cause {
            Cause::Arrival(..) => MarkKind::Arrival,
            Cause::Loss(_) => MarkKind::Loss,
            Cause::Timer(_) => MarkKind::Timer,
            Cause::Call(_) => MarkKind::Call,
        },
    };
    trace.steps.iter().enumerate().map(mark).collect()
}

/// The chapters, each where it first begins: opening, established, data, closing, half-closed,
/// TIME-WAIT, failure.
fn chapters(trace: &Trace, axis: &Axis) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = vec![];
    let mut begin = |id: &'static str, at: Instant| {
        if !chapters.iter().any(|chapter| chapter.id == id) {
            chapters.push(Chapter { id, at, y: axis.y(at) });
        }
    };
    for step in &trace.steps {
        for effect in trace.effects(step) {
            let id = match effect {
                Effect::Sent(index) => match SegmentKind::of(&trace.segments[index].segment) {
                    SegmentKind::Syn => "open",
                    SegmentKind::Data => "data",
                    SegmentKind::Fin => "close",
                    SegmentKind::Rst => "reset",
                    SegmentKind::Ack => continue,
                },
                Effect::Event(Event::Transition { to, .. }, _) => match to {
                    State::Established => "established",
                    State::FinWait2 => "half-close",
                    State::TimeWait => "time-wait",
                    _ => continue,
                },
                Effect::Event(Event::TimedOut, _) => "gave-up",
                Effect::Event(..) | Effect::Failed(_) => continue,
            };
            begin(id, step.at);
        }
    }
    chapters
}
