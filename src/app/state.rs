//! The page's state.

use std::rc::Rc;

use super::quiz::Quiz;
use super::run::Run;
use super::script::Draft;
use crate::ladder::Moment;
use crate::link::{Link, Problem};
use crate::sim::SegmentId;
use crate::time::Instant;

/// Everything that the page remembers. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct AppState {
    /// What is shown, and how: the address bar's content, but for `t`.
    pub link: Link,
    /// What follows from the link.
    pub run: Rc<Run>,
    /// The run before the last change, shown faintly behind this one.
    pub ghost: Option<Rc<Run>>,
    /// Whether the two have changed places, to be compared.
    pub compares: bool,
    /// Where the viewer is.
    pub playhead: Playhead,
    /// Whether time goes on.
    pub playing: bool,
    /// Whether it did when a segment in flight was selected, and goes on once that is edited.
    pub resumes: bool,
    /// The step at which it stops, if it plays to show that.
    pub stops_at: Option<usize>,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// Whether idle gaps are drawn as long as they are.
    pub true_scale: bool,
    /// Whether what is still to come is shown, faintly.
    pub show_future: bool,
    /// What was wrong with the link, until it is dismissed.
    pub problems: Vec<Problem>,
    /// The packetdrill script that is being written.
    pub draft: Draft,
    /// Whether the last action was refused, since a script's run takes no edits.
    pub refused: bool,
    /// The quiz, while it stands.
    pub quiz: Option<Rc<Quiz>>,
    /// Whether the help is open.
    pub help: bool,
    /// How the page behaves.
    pub settings: Settings,
    pub(super) undo: Vec<Link>,
    pub(super) redo: Vec<Link>,
}

/// How the page behaves, whatever it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether keys that write a character do something on their own (WCAG 2.1.4).
    pub single_keys: bool,
    /// Whether playing goes in steps instead of gliding; `None` is as the system has it.
    pub still: Option<bool>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { single_keys: true, still: None }
    }
}

/// Where the viewer is in a run.
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
        let mut state = Self {
            playhead: Playhead::default(),
            playing: link.view.autoplay,
            link,
            run,
            ghost: None,
            compares: false,
            resumes: false,
            stops_at: None,
            selected: None,
            true_scale: false,
            show_future: true,
            problems,
            draft: Draft::default(),
            refused: false,
            quiz: None,
            help: false,
            settings: Settings::default(),
            undo: vec![],
            redo: vec![],
        };
        // Without an instant the page stands before the first step.
        if let Some(at) = at {
            state.playhead = state.playhead_at(at);
        }
        state
    }

    /// Whether a change can be taken back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.is_script() && !self.undo.is_empty()
    }

    /// Whether a change that was taken back can be made again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.is_script() && !self.redo.is_empty()
    }

    /// Whether what is shown is a packetdrill script's run, and not the link's.
    #[must_use]
    pub fn is_script(&self) -> bool {
        self.run.script.is_some()
    }

    /// The run with all that is still to come, even while a quiz hides it.
    #[must_use]
    pub fn whole_run(&self) -> &Rc<Run> {
        self.quiz.as_ref().map_or(&self.run, |quiz| &quiz.whole)
    }

    /// Whether the playhead stands at the end.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.playhead.y >= self.run.ladder.axis.end()
    }

    /// The link to exactly what is seen now, `t` included. A script's run is in no link: while
    /// one is shown, this is the link to what stands behind it.
    #[must_use]
    pub fn link_now(&self) -> Link {
        let mut link = self.link.clone();
        let at = self.playhead.at;
        link.view.t = (at > Instant::ZERO && !self.is_script()).then_some(at);
        link.view.autoplay = false;
        link
    }

    pub(super) fn playhead_at(&self, at: Instant) -> Playhead {
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
