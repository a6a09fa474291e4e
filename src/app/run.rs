//! A link or a script, and all that follows from it.

use super::opened::Script;
use crate::ladder::{Arrow, Ladder};
use crate::link::Link;
use crate::sim::{HostView, Limits, SegmentId, Side, Timeline};
use crate::time::Instant;

/// A run: its scenario, its timeline, its picture.
#[derive(Clone, Debug)]
pub struct Run {
    /// Everything that happens.
    pub timeline: Timeline,
    /// Everything that can be drawn.
    pub ladder: Ladder,
    /// How many of the scenario's edits are the lesson's own; the link's follow them.
    pub lesson_edits: usize,
    /// The packetdrill script that it is the run of, if it is not a link's.
    pub script: Option<Script>,
    limits: Limits,
}

impl Run {
    /// The run that a link describes.
    #[must_use]
    pub fn of(link: &Link, true_scale: bool) -> Self {
        Self::shown(link, Timeline::of(link.scenario_to_run()), true_scale, Limits::default())
    }

    /// The run of a changed link. Where nothing but edits differ it goes as far as this one, and
    /// what comes before they make a difference is not simulated again.
    #[must_use]
    pub fn revised(&self, link: &Link, true_scale: bool) -> Self {
        let scenario = link.scenario_to_run();
        let is_edited = self.timeline.scenario().differs_in_edits_alone(&scenario);
        let limits = if is_edited { self.limits } else { Limits::default() };
        Self::shown(link, self.timeline.revised(scenario, limits), true_scale, limits)
    }

    fn shown(link: &Link, timeline: Timeline, true_scale: bool, limits: Limits) -> Self {
        let lesson_edits = timeline.scenario().edits.len() - link.edits.len();
        let ladder = Ladder::of(&timeline, true_scale);
        Self { timeline, ladder, lesson_edits, script: None, limits }
    }

    /// The run of a packetdrill script.
    pub(super) fn of_script(script: Script, timeline: Timeline, true_scale: bool) -> Self {
        let ladder = picture(Ladder::of(&timeline, true_scale), Some(&script));
        let limits = Limits::default();
        Self { timeline, ladder, lesson_edits: 0, script: Some(script), limits }
    }

    /// The same run with another time axis.
    #[must_use]
    pub fn scaled(&self, true_scale: bool) -> Self {
        let ladder = picture(Ladder::of(&self.timeline, true_scale), self.script.as_ref());
        Self { ladder, ..self.clone() }
    }

    /// What is known of it at an instant, after its first steps.
    #[must_use]
    pub fn known(&self, steps: usize, at: Instant) -> Self {
        let timeline = self.timeline.known(steps, at);
        let script = self.script.clone();
        let ladder = picture(self.ladder.known(&timeline, at), script.as_ref());
        Self { timeline, ladder, script, ..*self }
    }

    /// The side that a script plays: there is no connection to show.
    #[must_use]
    pub fn played(&self) -> Option<Side> {
        self.script.as_ref().map(|script| script.side.peer())
    }

    /// The arrow of a segment in the picture.
    #[must_use]
    pub fn arrow(&self, id: SegmentId) -> Option<&Arrow> {
        self.ladder.arrows.iter().find(|arrow| arrow.id == id)
    }

    /// A host after a step; before the first step if there is none.
    #[must_use]
    pub fn host(&self, step: Option<usize>, side: Side) -> HostView {
        match step {
            Some(step) => self.timeline.after_step(step).hosts[side.index()],
            None => self.timeline.before(side),
        }
    }

    /// When the last thing happens that can be seen: in a script's run a segment may still be
    /// under way after the last step.
    #[must_use]
    pub fn end(&self) -> Instant {
        self.ladder.axis.at(self.ladder.axis.end())
    }

    /// The same run with four times as many steps.
    #[must_use]
    pub fn extended(&self, link: &Link, true_scale: bool) -> Self {
        let limits = Limits { steps: self.limits.steps.saturating_mul(4) };
        let timeline = self.timeline.revised(link.scenario_to_run(), limits);
        Self::shown(link, timeline, true_scale, limits)
    }
}

/// The picture. The side that a script plays is in no state.
fn picture(mut ladder: Ladder, script: Option<&Script>) -> Ladder {
    if let Some(script) = script {
        ladder.intervals.retain(|interval| interval.side == script.side);
    }
    ladder
}
