//! What each action does to the state.

mod edit;
mod look;
mod open;
mod play;
mod quiz;
mod quiz_moves;

use std::rc::Rc;

use super::action::{Action, Open, Play};
use super::assignment::keeps;
use super::state::{AppState, Refusal};
use crate::link::Lock;

pub(super) use edit::with_edit;
pub use play::glide;
pub use quiz_moves::play_quiz;

/// The state after an action.
#[must_use]
pub fn reduce(before: &AppState, action: Action) -> AppState {
    let mut state = before.clone();
    let keeps_target =
        matches!(action, Action::Play(Play::Tick(_) | Play::Advance) | Action::Open(Open::Demo(_)));
    match action {
        Action::Edit(_) if state.run.capture.is_some() => state.refused = Some(Refusal::Capture),
        // A script's run takes no edits.
        Action::Edit(_) if state.is_script() => state.refused = Some(Refusal::Script),
        Action::Edit(change) => {
            edit::show_current(&mut state);
            quiz::leave_to_edit(&mut state);
            edit::reduce(&mut state, change);
            state.refused = None;
            let lock = before.link.view.lock;
            if lock != Lock::default() && !keeps(lock, &before.link, &state.link) {
                state = AppState { refused: Some(Refusal::Locked), ..before.clone() };
            }
        }
        Action::Play(action) if quiz::is_answer(&state, &action) => quiz::go_on(&mut state),
        Action::Play(action) => play::reduce(&mut state, action),
        Action::Open(action) => open::reduce(&mut state, action),
        Action::Look(action) => look::reduce(&mut state, action),
        Action::Quiz(turn) => turn.make(&mut state),
    }
    // The step at which a demo stops is forgotten when the viewer goes elsewhere.
    let is_where_it_was = state.playhead == before.playhead && Rc::ptr_eq(&state.run, &before.run);
    if !keeps_target && !is_where_it_was {
        state.playback.target = None;
    }
    state
}
