//! Changing how the run or the page looks.

use std::rc::Rc;

use super::edit::{compare, show_current};
use super::quiz;
use crate::app::action::Look;
use crate::app::opened::Draft;
use crate::app::state::{AppState, Motion};
use crate::ladder::Fate;
use crate::sim::SegmentId;

pub(super) fn reduce(state: &mut AppState, action: Look) {
    match action {
        Look::Select(id) => select(state, id),
        Look::SelectNext(by) => {
            if let Some(id) = state.neighbour(state.selected, by) {
                select(state, Some(id));
            }
        }
        Look::Compare => {
            quiz::leave(state);
            compare(state);
        }
        Look::Language(lang) => state.link.view.lang = Some(lang),
        Look::Theme(theme) => state.link.view.theme = theme,
        Look::Panels(panels) => state.link.view.panels = panels,
        Look::TrueScale(true_scale) => scale(state, true_scale),
        Look::ShowFuture(show) => state.show_future = show,
        Look::ShowDraft(is_open) => {
            state.draft.is_open = is_open;
            state.draft.is_awaited &= is_open;
        }
        Look::Draft(text, stack) => {
            let is_awaited = state.draft.awaits(&text, stack);
            state.draft = Draft { text, stack, is_awaited, ..state.draft.clone() };
        }
        Look::ShowCapture(is_open) => {
            state.capture_list.is_open = is_open;
            state.capture_list.times += u32::from(is_open);
            if is_open {
                state.playback.pause();
            }
        }
        Look::Help(is_open) => {
            state.help = is_open;
            if is_open {
                state.playback.pause();
            }
        }
        Look::Quiz(true) => quiz::open(state),
        Look::Quiz(false) => quiz::leave(state),
        Look::Set(settings) => state.settings = settings,
        Look::Present(presents) => present(state, presents),
        Look::FullScreen => {}
        Look::DismissProblems => {
            state.problems.clear();
            state.refused = None;
        }
    }
}

/// Selects a segment. One in flight pauses the run, which goes on once the segment is edited.
fn select(state: &mut AppState, id: Option<SegmentId>) {
    state.selected = id;
    let arrow = id.and_then(|id| state.run.arrow(id));
    if arrow.is_some_and(|arrow| arrow.fate(state.playhead.moment()) == Fate::Flying) {
        if state.is_playing() {
            state.playback.motion = Motion::Held;
        }
    } else {
        state.playback.release();
    }
}

/// Enters or leaves the presenter mode. It hides the future; afterwards that is shown as before.
fn present(state: &mut AppState, presents: bool) {
    if presents == state.presents {
        return;
    }
    state.presents = presents;
    state.help = false;
    if presents {
        state.showed_future = std::mem::replace(&mut state.show_future, false);
    } else {
        state.show_future = state.showed_future;
    }
}

/// Draws the run, and the question about it, with another time axis.
fn scale(state: &mut AppState, true_scale: bool) {
    show_current(state);
    let quiz = quiz::take(state);
    state.true_scale = true_scale;
    state.run = Rc::new(state.run.scaled(true_scale));
    state.ghost = None;
    state.playhead.y = state.run.ladder.axis.y(state.playhead.at);
    quiz::resume(state, quiz);
}
