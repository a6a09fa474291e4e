//! The mapping between virtual time and presentation time.

use crate::sim::Trace;
use crate::time::{Duration, Instant};

/// The mapping between virtual time and presentation time: monotone and piecewise linear. Idle
/// gaps are folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Corner points (virtual, presentation), both strictly increasing.
    knots: Vec<(u64, u64)>,
    /// The folded gaps, in order.
    pub folds: Vec<Fold>,
}

/// An idle gap that is drawn shorter than it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// When the gap begins.
    pub from: Instant,
    /// When it ends.
    pub to: Instant,
    /// Where it begins, in presentation time.
    pub y_from: u64,
    /// Where it ends, in presentation time.
    pub y_to: u64,
}

impl Fold {
    /// The real length of the gap.
    #[must_use]
    pub const fn length(&self) -> Duration {
        self.to.since(self.from)
    }
}

impl Axis {
    /// The axis of one or more runs from `start` on; `more` are further instants at which something
    /// is visible. Idle gaps of more than 1.5 round trips shrink
    /// to half a round trip, unless `true_scale` is set.
    #[must_use]
    pub fn of(
        traces: &[&Trace],
        more: Vec<Instant>,
        start: Instant,
        rtt: Duration,
        true_scale: bool,
    ) -> Self {
        let unit = rtt.as_micros().max(1_000);
        let (longest, folded, margin) = (unit * 3 / 2, unit / 2, unit / 4);
        let mut last = start.as_micros();
        let mut axis = Self { knots: vec![(last, 0)], folds: vec![] };
        for at in busy_instants(traces, more) {
            if at <= last {
                continue;
            }
            let (_, y) = axis.knots[axis.knots.len() - 1];
            let gap = at - last;
            if gap > longest && !true_scale {
                // A margin before and after keeps labels clear of the fold.
                let (from, to) = (last + margin, at - margin);
                let (y_from, y_to) = (y + margin, y + margin + folded);
                axis.folds.push(Fold {
                    from: Instant::from_micros(from),
                    to: Instant::from_micros(to),
                    y_from,
                    y_to,
                });
                axis.knots.extend([(from, y_from), (to, y_to), (at, y_to + margin)]);
            } else {
                axis.knots.push((at, y + gap));
            }
            last = at;
        }
        axis
    }

    /// The presentation time of an instant.
    #[must_use]
    pub fn y(&self, at: Instant) -> u64 {
        interpolate(&self.knots, at.as_micros(), |knot| knot)
    }

    /// The instant at a presentation time.
    #[must_use]
    pub fn at(&self, y: u64) -> Instant {
        Instant::from_micros(interpolate(&self.knots, y, |(at, y)| (y, at)))
    }

    /// The same axis, up to an instant.
    pub(super) fn until(&self, at: Instant) -> Self {
        let (x, y) = (at.as_micros(), self.y(at));
        let mut knots: Vec<_> = self.knots.iter().copied().filter(|knot| knot.0 < x).collect();
        knots.push((x, y));
        let folds = self.folds.iter().copied().filter(|fold| fold.to <= at).collect();
        Self { knots, folds }
    }

    /// The presentation time of the end of the run.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.knots.last().map_or(0, |(_, y)| *y)
    }
}

/// Every instant at which something is visible, in order: steps, departures, arrivals.
fn busy_instants(traces: &[&Trace], more: Vec<Instant>) -> Vec<u64> {
    let mut instants: Vec<u64> = more.into_iter().map(Instant::as_micros).collect();
    for trace in traces {
        for step in &trace.steps {
            instants.push(step.at.as_micros());
        }
        for record in &trace.segments {
            let lost = record.lost.map(|(at, _)| at);
            let ends = [Some(record.sent_at), record.arrives_at, record.copy_arrives_at, lost];
            for at in ends.into_iter().flatten() {
                instants.push(at.as_micros());
            }
            // The time during which a segment is in flight is not idle.
            let end = record.arrives_at.max(record.copy_arrives_at).or(lost);
            let Some(end) = end.filter(|_| record.delayed_by.is_zero()) else { continue };
            let (from, span) = (record.sent_at.as_micros(), end.since(record.sent_at).as_micros());
            for eighth in 1..8 {
                instants.push(from + span * eighth / 8);
            }
        }
    }
    instants.sort_unstable();
    instants
}

fn interpolate(knots: &[(u64, u64)], x: u64, orient: impl Fn((u64, u64)) -> (u64, u64)) -> u64 {
    let index = knots.partition_point(|knot| orient(*knot).0 <= x);
    let Some((x0, y0)) = index.checked_sub(1).map(|index| orient(knots[index])) else { return 0 };
    match knots.get(index) {
        Some(next) => {
            let (x1, y1) = orient(*next);
            let (dx, dy) = (u128::from(x1 - x0), u128::from(y1 - y0));
            y0 + u64::try_from(u128::from(x - x0) * dy / dx).unwrap_or(0)
        }
        // Beyond the end the scale is 1:1.
        None => y0 + (x - x0),
    }
}
