//! The page's state.

use std::rc::Rc;

use super::opened::Draft;
use super::quiz::{Move, Quiz};
use super::run::Run;
use crate::ladder::{Arrow, Fate, Moment};
use crate::link::{Link, Problem, ProblemKind};
use crate::sim::{HostView, SegmentId, Side};
use crate::time::Instant;

/// The whole state of the page. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The content of the address bar, without `t`.
    pub link: Link,
    /// The run that is shown.
    pub run: Rc<Run>,
    /// The ghost of the run before the last change.
    pub ghost: Option<Ghost>,
    /// The position in the run.
    pub playhead: Playhead,
    /// Whether the playhead moves, and how far.
    pub playback: Playback,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// Whether idle gaps are drawn to scale.
    pub true_scale: bool,
    /// Whether the future of the run is shown, faintly.
    pub show_future: bool,
    /// Whether the player is shown alone, enlarged.
    pub presents: bool,
    /// The problems of the link, until they are dismissed.
    pub problems: Vec<Problem>,
    /// The packetdrill script that is being written.
    pub draft: Draft,
    /// The list of a capture's connections.
    pub capture_list: CaptureList,
    /// Why the last edit was refused, if it was.
    pub refused: Option<Refusal>,
    /// The quiz, while it runs.
    pub quiz: Option<Rc<Quiz>>,
    /// Whether the help is open.
    pub help: bool,
    /// How the page behaves.
    pub settings: Settings,
    /// The code that makes the quiz's moves, once one has been made.
    pub(super) quiz_moves: Option<QuizMoves>,
    /// Whether the future was shown before the presenter mode.
    pub(super) showed_future: bool,
    pub(super) undo: Vec<Link>,
    pub(super) redo: Vec<Link>,
}

/// Makes a move of the quiz.
pub(super) type QuizMoves = fn(&mut AppState, Move);

/// Why an edit was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A script's run takes no edits.
    Script,
    /// What was captured cannot be changed.
    Capture,
    /// The assignment locks what it would change.
    Locked,
}

/// The list of a capture's connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaptureList {
    /// Whether it is open.
    pub is_open: bool,
    /// How often it was opened: a file that is dropped onto the open list opens it again.
    pub times: u32,
}

/// How the page behaves, independent of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether keys that write a character are shortcuts on their own (WCAG 2.1.4).
    pub single_keys: bool,
    /// Whether the playhead jumps from event to event instead of gliding; `None` follows the
    /// system's setting for reduced motion.
    pub still: Option<bool>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { single_keys: true, still: None }
    }
}

/// The ghost: the run to compare with, drawn faintly behind the one shown.
#[derive(Clone, Debug)]
pub struct Ghost {
    /// The run before the last change.
    pub run: Rc<Run>,
    /// Whether it is drawn beside the current one, both on one time axis.
    pub is_beside: bool,
}

impl Ghost {
    /// The run before the last change, behind the current one.
    pub(super) const fn before(run: Rc<Run>) -> Self {
        Self { run, is_beside: false }
    }
}

/// Whether the playhead moves, and how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Playback {
    /// Whether the playhead moves.
    pub motion: Motion,
    /// The step at which a demo stops.
    pub target: Option<usize>,
}

/// Whether the playhead moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// The playhead is paused.
    #[default]
    Paused,
    /// The playhead is paused while a segment in flight is selected, and moves on once that segment
    /// is edited.
    Held,
    /// The playhead moves with the clock.
    Playing,
}

impl Playback {
    /// Whether the playhead moves.
    #[must_use]
    pub fn is_playing(self) -> bool {
        self.motion == Motion::Playing
    }

    /// Moves the playhead from now on.
    pub(super) const fn play(&mut self) {
        self.motion = Motion::Playing;
    }

    /// Ends the hold: a later edit no longer starts the playhead.
    pub(super) fn release(&mut self) {
        if self.motion == Motion::Held {
            self.motion = Motion::Paused;
        }
    }

    /// Stops the playhead. One that is held stays so.
    pub(super) fn pause(&mut self) {
        if self.is_playing() {
            self.motion = Motion::Paused;
        }
    }
}

/// A position in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Playhead {
    /// In presentation time.
    pub y: u64,
    /// In virtual time.
    pub at: Instant,
    /// The last step that has happened; `None` before the first.
    pub step: Option<usize>,
}

impl Playhead {
    /// The moment of the run.
    #[must_use]
    pub const fn moment(self) -> Moment {
        Moment { at: self.at, step: self.step }
    }
}

impl AppState {
    /// The page as a link describes it.
    #[must_use]
    pub fn open(link: Link, problems: Vec<Problem>) -> Self {
        let run = Rc::new(Run::of(&link, false));
        let at = link.view.t.map(|at| at.min(run.end()));
        let motion = if link.view.autoplay { Motion::Playing } else { Motion::Paused };
        let mut state = Self {
            playhead: Playhead::default(),
            playback: Playback { motion, target: None },
            link,
            run,
            ghost: None,
            selected: None,
            true_scale: false,
            show_future: true,
            presents: false,
            showed_future: true,
            problems,
            draft: Draft::default(),
            capture_list: CaptureList::default(),
            refused: None,
            quiz: None,
            help: false,
            settings: Settings::default(),
            quiz_moves: None,
            undo: vec![],
            redo: vec![],
        };
        // Without an instant the playhead is before the first step, not after the steps at 0.
        state.playhead = at.map_or_else(|| state.beginning(), |at| state.playhead_at(at));
        state.report_missing_part();
        state
    }

    /// Whether the playhead moves.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.playback.is_playing()
    }

    /// Whether the run before the last change is shown beside the current one.
    #[must_use]
    pub fn is_comparing(&self) -> bool {
        self.ghost.as_ref().is_some_and(|ghost| ghost.is_beside)
    }

    /// The link before the last change.
    #[must_use]
    pub fn link_before(&self) -> Option<&Link> {
        self.undo.last()
    }

    /// Whether a change can be undone.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.is_fixed() && !self.undo.is_empty()
    }

    /// Whether a change that was undone can be redone.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.is_fixed() && !self.redo.is_empty()
    }

    /// Whether the run shown is a packetdrill script's, and not the link's.
    #[must_use]
    pub fn is_script(&self) -> bool {
        self.run.script.is_some()
    }

    /// Whether the run shown is a script's or a capture's: it takes no edits, and no link holds
    /// it.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.run.is_fixed()
    }

    /// The complete run of the link, or of a script: even while a quiz hides its future, or asks
    /// about another run.
    #[must_use]
    pub fn whole_run(&self) -> &Rc<Run> {
        let Some(quiz) = &self.quiz else { return &self.run };
        quiz.round.as_ref().map_or(&quiz.whole, |round| &round.home)
    }

    /// Whether the playhead is at the end of the run.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.playhead.y >= self.run.ladder.axis.end()
    }

    /// The link to the present view, `t` included. No link holds the run of a script or a capture:
    /// while one is shown, this is the link to the run that was shown before it.
    #[must_use]
    pub fn link_now(&self) -> Link {
        let mut link = self.link.clone();
        let round = self.quiz.as_ref().and_then(|quiz| quiz.round.as_ref());
        let at = round.map_or(self.whole_millis(), |round| round.moment.at);
        let start = self.whole_run().timeline.start();
        link.view.t = (at > start && !self.is_fixed()).then_some(at);
        link.view.autoplay = false;
        link
    }

    /// The instant shown, in whole milliseconds if nothing happens in between: a reader pauses at
    /// no special microsecond.
    fn whole_millis(&self) -> Instant {
        let Playhead { at, step, .. } = self.playhead;
        let whole = Instant::from_millis(at.as_millis());
        let trace = self.run.timeline.trace();
        let is_same = trace.step_at(whole) == trace.step_at(at) && trace.step_at(at) == step;
        if is_same { whole } else { at }
    }

    /// A host at the playhead.
    #[must_use]
    pub fn host(&self, side: Side) -> HostView {
        self.run.host(self.playhead.step, side)
    }

    /// The segment `by` places after `from` among the visible ones, in the order of departure. If
    /// `from` is not visible: the first one for a positive `by`, else the last.
    #[must_use]
    pub fn neighbour(&self, from: Option<SegmentId>, by: i32) -> Option<SegmentId> {
        let now = self.playhead.moment();
        let is_visible = |arrow: &&Arrow| self.show_future || arrow.fate(now) != Fate::Future;
        let arrows = self.run.ladder.arrows.iter().filter(is_visible);
        let visible: Vec<SegmentId> = arrows.map(|arrow| arrow.id).collect();
        let last = visible.len().saturating_sub(1);
        let target = match from.and_then(|id| visible.iter().position(|other| *other == id)) {
            Some(place) => place.saturating_add_signed(isize::try_from(by).unwrap_or(0)).min(last),
            None if by > 0 => 0,
            None => last,
        };
        visible.get(target).copied()
    }

    /// The playhead before the first step.
    pub(super) fn beginning(&self) -> Playhead {
        let at = self.run.timeline.start();
        // A run without a segment has nothing to play: it begins where hosts listen.
        if self.run.timeline.trace().segments.is_empty() {
            return self.playhead_at(at);
        }
        Playhead { y: 0, at, step: None }
    }

    /// Reports a link to a part that its run does not have.
    fn report_missing_part(&mut self) {
        if let Some(part) = self.link.part.filter(|_| self.run.timeline.is_part().is_none()) {
            let [key, part] = ["part", part.id()].map(str::to_owned);
            self.problems.push(Problem { key, part, kind: ProblemKind::AbsentPart });
        }
    }

    pub(super) fn playhead_at(&self, at: Instant) -> Playhead {
        let at = at.max(self.run.timeline.start());
        Playhead { y: self.run.ladder.axis.y(at), at, step: self.run.timeline.trace().step_at(at) }
    }

    pub(super) fn playhead_at_y(&self, y: u64) -> Playhead {
        let y = y.min(self.run.ladder.axis.end());
        let at = self.run.ladder.axis.at(y);
        Playhead { y, at, step: self.run.timeline.trace().step_at(at) }
    }

    pub(super) fn playhead_at_step(&self, step: usize) -> Playhead {
        let steps = &self.run.timeline.trace().steps;
        let at = steps.get(step).map_or(Instant::ZERO, |step| step.at);
        Playhead { y: self.run.ladder.axis.y(at), at, step: Some(step) }
    }
}
