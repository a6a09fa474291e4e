//! The spans along a lifeline: states and timers.

use super::axis::Axis;
use super::passage::Passage;
use crate::sim::{Cause, Moment, Side, Timeline, Trace};
use crate::tcp::{State, Timer};
use crate::time::Instant;

/// A time during which a host is in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The host.
    pub side: Side,
    /// The state.
    pub state: State,
    /// When it was entered.
    pub from: Instant,
    /// When it was left, or the end of the diagram.
    pub to: Instant,
    /// The same in presentation time.
    pub y_from: u64,
    /// The same in presentation time.
    pub y_to: u64,
    /// The step that entered it; `None` for the state at the start.
    pub step: Option<usize>,
    /// Whether the host has closed its own direction by then.
    pub half_closed: bool,
}

/// The time during which a timer runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerSpan {
    /// The host.
    pub side: Side,
    /// The timer.
    pub timer: Timer,
    /// When it was started.
    pub from: Instant,
    /// When it is set to expire.
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
    /// Whether the timer is running at a moment.
    #[must_use]
    pub fn runs(&self, now: Moment) -> bool {
        self.steps.has_begun(now, self.from) && !self.steps.has_ended(now, self.to)
    }
}

pub(super) fn intervals(
    timeline: &Timeline,
    axis: &Axis,
    side: Side,
    end: Instant,
) -> Vec<Interval> {
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
    enter(timeline.before(side).state, timeline.start(), None);
    for (index, step) in trace.steps.iter().enumerate() {
        if step.side == side {
            enter(step.state(), step.at, Some(index));
        }
    }
    // An interval of no length cannot be drawn; only the last state of a run is kept.
    let count = intervals.len();
    let mut index = 0;
    intervals.retain(|interval| {
        index += 1;
        interval.from < interval.to || index == count
    });
    intervals
}

pub(super) fn timers(trace: &Trace, axis: &Axis, end: Instant) -> Vec<TimerSpan> {
    const SHOWN: [Timer; 3] = [Timer::Retransmission, Timer::Persist, Timer::TimeWait];
    let mut spans: Vec<TimerSpan> = vec![];
    // The index of each running timer's span, by host and timer.
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
