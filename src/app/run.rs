//! The run of a link or of a packetdrill script, with its picture.

use std::rc::Rc;

use super::captured::{Captured, Shown};
use super::opened::Script;
use crate::ladder::{Arrow, Ladder, Moment, TimerSpan};
use crate::link::Link;
use crate::sim::{HostView, Limits, SegmentId, Side, Timeline};
use crate::time::Instant;

/// How many steps an extension adds: as many as are computed in a blink.
const MORE_STEPS: usize = 3_000;
/// The most steps of a run.
const MOST_STEPS: usize = 20_000;

/// A run: its scenario, its timeline, its picture.
#[derive(Clone, Debug)]
pub struct Run {
    /// The events.
    pub timeline: Timeline,
    /// The geometry of the picture.
    pub ladder: Ladder,
    /// The number of edits that the lesson itself makes; the edits of the link follow them.
    pub lesson_edits: usize,
    /// The packetdrill script, if this is not the run of a link.
    pub script: Option<Script>,
    /// The captured connection, if this is not the run of a link.
    pub capture: Option<Rc<Captured>>,
    limits: Limits,
}

impl Run {
    /// The run that a link describes.
    #[must_use]
    pub fn of(link: &Link, true_scale: bool) -> Self {
        Self::shown(link, Timeline::of(link.scenario_to_run()), true_scale, Limits::default())
    }

    /// The run of a changed link. If only the edits differ, the new run has the limits of this one,
    /// and the part before the first difference is not simulated again.
    #[must_use]
    pub fn revised(&self, link: &Link, true_scale: bool) -> Self {
        let scenario = link.scenario_to_run();
        let is_edited = self.timeline.scenario().differs_in_edits_alone(&scenario);
        let limits = if is_edited { self.limits } else { Limits::default() };
        Self::shown(link, self.timeline.revised(scenario, limits), true_scale, limits)
    }

    fn shown(link: &Link, timeline: Timeline, true_scale: bool, limits: Limits) -> Self {
        let lesson_edits = timeline.scenario().edits.len() - link.edits.len();
        let timeline = link.shown(timeline);
        let ladder = Ladder::of(&timeline, true_scale);
        Self { timeline, ladder, lesson_edits, script: None, capture: None, limits }
    }

    /// The run of a packetdrill script.
    pub(super) fn of_script(script: Script, timeline: Timeline, true_scale: bool) -> Self {
        let ladder = picture(Ladder::of(&timeline, true_scale), Some(&script));
        let limits = Limits::default();
        Self { timeline, ladder, lesson_edits: 0, script: Some(script), capture: None, limits }
    }

    /// The run of a captured connection.
    pub(super) fn of_capture(shown: &Shown, true_scale: bool) -> Self {
        let (captured, timeline) = shown.parts();
        let ladder = Ladder::of(&timeline, true_scale);
        let capture = Some(captured);
        Self { timeline, ladder, lesson_edits: 0, script: None, capture, limits: Limits::default() }
    }

    /// Whether it is the run of a script or of a capture, which takes no edits.
    #[must_use]
    pub const fn is_fixed(&self) -> bool {
        self.script.is_some() || self.capture.is_some()
    }

    /// The same run with another time axis.
    #[must_use]
    pub fn scaled(&self, true_scale: bool) -> Self {
        let ladder = picture(Ladder::of(&self.timeline, true_scale), self.script.as_ref());
        Self { ladder, ..self.clone() }
    }

    /// The same run on a time axis that it shares with another run.
    #[must_use]
    pub fn beside(&self, other: &Self, true_scale: bool) -> Self {
        let ladder = Ladder::beside(&self.timeline, &other.timeline, true_scale);
        Self { ladder: picture(ladder, self.script.as_ref()), ..self.clone() }
    }

    /// The part of the run that is known at an instant, after the first `steps` steps. The picture
    /// goes on to `until`, without anything that happens after the instant.
    #[must_use]
    pub fn known(&self, steps: usize, at: Instant, until: Instant) -> Self {
        let timeline = self.timeline.known(steps, at);
        let (script, capture) = (self.script.clone(), self.capture.clone());
        let ladder = picture(self.ladder.known(&timeline, at, until), script.as_ref());
        Self { timeline, ladder, script, capture, ..*self }
    }

    /// The side that a packetdrill script plays, which has no connection.
    #[must_use]
    pub fn scripted_side(&self) -> Option<Side> {
        self.script.as_ref().map(|script| script.side.peer())
    }

    /// The lines of the script that belong to a step. Empty before the first step and in a link's
    /// run.
    #[must_use]
    pub fn lit_lines(&self, step: Option<usize>) -> Vec<u32> {
        let Some((script, step)) = self.script.as_ref().zip(step) else { return vec![] };
        script.lines_of(self.timeline.trace(), step)
    }

    /// The arrow of a segment in the picture.
    #[must_use]
    pub fn arrow(&self, id: SegmentId) -> Option<&Arrow> {
        self.ladder.arrows.iter().find(|arrow| arrow.id == id)
    }

    /// A host after a step; before the first step if there is none.
    #[must_use]
    pub fn host(&self, step: Option<usize>, side: Side) -> HostView {
        self.timeline.hosts_after(step)[side.index()]
    }

    /// The time at which a segment arrives if nothing affects it.
    #[must_use]
    pub fn due(&self, arrow: &Arrow) -> Instant {
        self.timeline.scenario().due(&self.timeline.trace().segments[arrow.segment])
    }

    /// The timers of a host that run at a moment and that the picture shows.
    pub fn running_timers(&self, now: Moment, side: Side) -> impl Iterator<Item = &TimerSpan> {
        self.ladder.timers.iter().filter(move |span| span.side == side && span.runs(now))
    }

    /// The end of the picture. In a script's run a segment can be in flight after the last step.
    #[must_use]
    pub fn end(&self) -> Instant {
        self.ladder.axis.at(self.ladder.axis.end())
    }

    /// The number of steps at which the run was stopped although it would go on. The run of a
    /// script or a capture has limits of its own.
    #[must_use]
    pub fn cut_after(&self) -> Option<usize> {
        self.timeline.cut_after().filter(|_| !self.is_fixed())
    }

    /// Whether the run can be [extended](Self::extended).
    #[must_use]
    pub const fn can_extend(&self) -> bool {
        self.limits.steps < MOST_STEPS
    }

    /// The same run with more steps, up to a limit.
    #[must_use]
    pub fn extended(&self, link: &Link, true_scale: bool) -> Self {
        let limits = Limits { steps: (self.limits.steps + MORE_STEPS).min(MOST_STEPS) };
        let timeline = self.timeline.revised(link.scenario_to_run(), limits);
        Self::shown(link, timeline, true_scale, limits)
    }
}

/// The picture, without states on the side that a script plays.
fn picture(mut ladder: Ladder, script: Option<&Script>) -> Ladder {
    if let Some(script) = script {
        ladder.intervals.retain(|interval| interval.side == script.side);
    }
    ladder
}
