//! Everything that a user, the clock or the address bar can do to the page.

use std::rc::Rc;

use super::learn::Shown;
use super::quiz;
use super::script::Complaint;
use super::state::Settings;
use crate::link::{Link, PauseOn, Problem, Theme};
use crate::packetdrill::Stack;
use crate::sim::{Call, Edit, SegmentId, Side};
use crate::time::{Duration, Instant};

/// One action.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Play from here; from the start where the end was reached.
    Play,
    /// Stop here.
    Pause,
    /// Play or pause.
    Toggle,
    /// So much of the viewer's time went by; moves the playhead while playing.
    Tick(Duration),
    /// Go to the next thing that happens, or half-way through the next flight, and play on: for
    /// viewers who want no motion.
    Advance,
    /// Go to an instant of virtual time, right after everything that happens then.
    Seek(Instant),
    /// Go to a presentation time.
    SeekY(u64),
    /// Go to the moment right after a step.
    SeekStep(usize),
    /// Go so many steps forward or back, and pause.
    Step(i32),
    /// Go so many chapters forward or back, and pause.
    Chapter(i32),
    /// Move by so much presentation time, forward or back.
    Nudge(i64),
    /// Go to the start.
    Home,
    /// Go to the end.
    End,
    /// Select a segment, or none. A segment in flight pauses the run.
    Select(Option<SegmentId>),
    /// Select the next or the previous segment.
    SelectNext(i32),
    /// Add an edit; on a segment of the past the playhead goes to where it was sent.
    Edit(Edit),
    /// Make a user call, now.
    Call(Side, Call),
    /// Remove the edit with this index in the link.
    RemoveEdit(usize),
    /// Put another edit in the place of the one with this index.
    ReplaceEdit(usize, Edit),
    /// Take away whatever loses, delays or duplicates this segment.
    Restore(SegmentId),
    /// Remove all edits.
    ClearEdits,
    /// Take the last change to the run back.
    Undo,
    /// Make the change again that was taken back.
    Redo,
    /// Show the run before the last change in the place of this one, or this one again.
    Compare,
    /// Forget the ghost of the run before the last change.
    DismissGhost,
    /// Show another built-in scenario, from its start, without edits.
    Load(&'static str),
    /// Play the run that shows something, up to the moment at which it is seen.
    Show(Shown),
    /// Show what a link says.
    Open(Box<Link>, Vec<Problem>),
    /// Change what is tuned about the run: the changed link.
    Tune(Box<Link>),
    /// Play slower or faster.
    Speed(SpeedChange),
    /// Pause while it plays at these.
    PauseOn(PauseOn),
    /// Show the page in this language.
    Language(String),
    /// Show the page in this theme.
    Theme(Theme),
    /// Open these panels.
    Panels(Vec<String>),
    /// Fold idle gaps, or draw them as long as they are.
    TrueScale(bool),
    /// Show what is still to come, faintly, or hide it.
    ShowFuture(bool),
    /// Go on beyond the bound at which the run stopped.
    Extend,
    /// Open or close the panel in which a packetdrill script is written.
    ShowDraft(bool),
    /// Keep what is written there.
    Draft(Rc<str>, Stack),
    /// Run a packetdrill script, for this stack; where it cannot be read, show it and say why.
    OpenScript(Rc<str>, Stack),
    /// What came of such a text ([`answer`](super::answer)); nothing where that did not arrive.
    Opened(Rc<str>, Stack, Option<Vec<u8>>),
    /// A file was opened or dropped: its text, or why there is none.
    Import(Result<String, Complaint>),
    /// Leave the script's run, and show the link's again.
    CloseScript,
    /// Open or close the help.
    Help(bool),
    /// Change how the page behaves.
    Set(Settings),
    /// Start the quiz, answer, go on, or leave it.
    Quiz(quiz::Move),
    /// Fill the screen, or no longer: the browser does it.
    FullScreen,
    /// Forget the link's problems.
    DismissProblems,
}

/// Another speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeedChange {
    /// The next slower one.
    Slower,
    /// The next faster one.
    Faster,
    /// This one, in per cent of one round trip a second.
    Percent(u16),
}
