//! A link and all that follows from it.

use crate::ladder::Ladder;
use crate::link::Link;
use crate::sim::{Limits, Timeline};

/// A run: the link's scenario, its timeline, its picture.
#[derive(Clone, Debug)]
pub struct Run {
    /// Everything that happens.
    pub timeline: Timeline,
    /// Everything that can be drawn.
    pub ladder: Ladder,
    /// How many of the scenario's edits are the lesson's own; the link's follow them.
    pub lesson_edits: usize,
    limits: Limits,
}

impl Run {
    /// The run that a link describes.
    #[must_use]
    pub fn of(link: &Link, true_scale: bool) -> Self {
        Self::within(link, true_scale, Limits::default())
    }

    /// The same run with another time axis, or with wider bounds.
    #[must_use]
    pub fn within(link: &Link, true_scale: bool, limits: Limits) -> Self {
        let scenario = link.scenario_to_run();
        let lesson_edits = scenario.edits.len() - link.edits.len();
        let timeline = Timeline::within(scenario, limits);
        let ladder = Ladder::of(&timeline, true_scale);
        Self { timeline, ladder, lesson_edits, limits }
    }

    /// The same run with four times as many steps.
    #[must_use]
    pub fn extended(&self, link: &Link, true_scale: bool) -> Self {
        Self::within(link, true_scale, Limits { steps: self.limits.steps.saturating_mul(4) })
    }
}
