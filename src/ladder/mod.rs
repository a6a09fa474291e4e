//! A trace as a ladder diagram: lifelines, arrows and notes in abstract units. The screen and every
//! export use this one geometry.
//!
//! Time runs downwards. The unit of y is the microsecond of *presentation time*, which is virtual
//! time with the idle gaps folded; see [`Axis`]. The client's lifeline is at x = 0, the server's at
//! [`WIDTH`].

use crate::sim::{SegmentRecord, Side, Timeline};
use crate::time::{Duration, Instant};

mod arrow;
mod axis;
mod bursts;
mod caption;
mod marks;
mod outages;
mod passage;
mod spans;
mod window;

pub use arrow::{Arrow, Fate, SegmentKind, WIDTH};
pub use axis::{Axis, Fold};
pub use bursts::bursts;
pub use caption::Caption;
pub use marks::{CallMark, Chapter, Mark, MarkKind};
pub use outages::OutageBand;
pub use passage::Passage;
pub use spans::{Interval, TimerSpan};
pub use window::WindowChange;

pub use crate::sim::Moment;

/// A ladder diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// The time axis.
    pub axis: Axis,
    /// The round trip that the axis is made for.
    pub rtt: Duration,
    /// An arrow for each transmission, in the order of [`Trace::segments`].
    pub arrows: Vec<Arrow>,
    /// The state intervals of both lifelines, in order of time.
    pub intervals: Vec<Interval>,
    /// The times during which nothing passes.
    pub outages: Vec<OutageBand>,
    /// The timers that are shown.
    pub timers: Vec<TimerSpan>,
    /// A mark for each step.
    pub marks: Vec<Mark>,
    /// The calls of the applications.
    pub calls: Vec<CallMark>,
    /// The chapters of the run.
    pub chapters: Vec<Chapter>,
}

impl Ladder {
    /// The diagram of a run. With `true_scale` idle gaps are not folded.
    #[must_use]
    pub fn of(timeline: &Timeline, true_scale: bool) -> Self {
        let trace = timeline.trace();
        let rtt = timeline.scenario().network.delay.saturating_mul(2);
        let edges = outages::edges(timeline);
        let axis = Axis::of(&[trace], edges, timeline.start(), rtt, true_scale);
        Self::on((axis, rtt), timeline, None)
    }

    /// The diagram of a run on a time axis that also has room for another run.
    #[must_use]
    pub fn beside(timeline: &Timeline, other: &Timeline, true_scale: bool) -> Self {
        let [delay, other_delay] = [timeline, other].map(|it| it.scenario().network.delay);
        let rtt = delay.max(other_delay).saturating_mul(2);
        let start = timeline.start().min(other.start());
        let traces = [timeline.trace(), other.trace()];
        let edges = [timeline, other].map(outages::edges).concat();
        Self::on((Axis::of(&traces, edges, start, rtt, true_scale), rtt), timeline, None)
    }

    /// The same diagram with the part that is [known](Timeline::known) at an instant, on an axis
    /// that goes on to `until`.
    #[must_use]
    pub fn known(&self, timeline: &Timeline, at: Instant, until: Instant) -> Self {
        Self::on((self.axis.until(until), self.rtt), timeline, Some(at))
    }

    /// The whole diagram, or the part up to an instant.
    fn on((axis, rtt): (Axis, Duration), timeline: &Timeline, at: Option<Instant>) -> Self {
        let trace = timeline.trace();
        let end = at.unwrap_or(trace.end());
        let passages = passage::passages(trace);
        // In a part of a run, a window is compared with the one that the whole run announced
        // before.
        let whole = timeline.whole().trace();
        let windows = window::windows(whole);
        let window_of = |index: usize, record: &SegmentRecord| match timeline.is_part() {
            None => windows[index],
            Some(_) => {
                whole.segments.iter().position(|it| it.id == record.id).and_then(|it| windows[it])
            }
        };
        let arrows = trace.segments.iter().enumerate();
        let arrows = arrows.filter(|(_, record)| at.is_none_or(|at| record.sent_at <= at));
        Self {
            arrows: arrows
                .map(|(index, record)| {
                    let arrow = arrow::arrow(&axis, record, timeline.scenario());
                    let mut steps = passages[index];
                    // A segment that has not ended by then ends in the step after the last.
                    if steps.to.is_none() && at.is_some_and(|at| at <= arrow.ends_at) {
                        steps.to = Some(trace.steps.len());
                    }
                    Arrow { segment: index, steps, window: window_of(index, record), ..arrow }
                })
                .collect(),
            intervals: Side::BOTH.map(|side| spans::intervals(timeline, &axis, side, end)).concat(),
            outages: outages::bands(timeline, &axis, end),
            timers: spans::timers(trace, &axis, end),
            marks: marks::marks(trace, &axis),
            calls: marks::calls(trace, &axis),
            chapters: marks::chapters(trace, &axis),
            axis,
            rtt,
        }
    }
}
