//! Showing another run.

use std::rc::Rc;

use super::edit::{change, show_current, with_view_of};
use super::quiz;
use crate::app::action::Open;
use crate::app::captured::Shown;
use crate::app::learn::Demo;
use crate::app::opened::{self, Complaint, Draft, ReadResult};
use crate::app::run::Run;
use crate::app::state::{AppState, Motion};
use crate::link::Link;
use crate::packetdrill::Stack;

/// How many round trips of a demo are played before the step that it shows; one takes one second
/// at 1x.
const LEAD_ROUND_TRIPS: u64 = 6;

pub(super) fn reduce(state: &mut AppState, action: Open) {
    match action {
        Open::Scenario(id) => {
            let link = Link { scenario: id, part: None, edits: vec![], ..state.link.clone() };
            open_run(state, link);
        }
        Open::Demo(demo) => demonstrate(state, demo),
        Open::Link(link, problems) => {
            let AppState { show_future, draft, capture_list, settings, .. } = state.clone();
            let draft = Draft { is_open: false, is_awaited: false, ..draft };
            let opened = AppState::open(*link, problems);
            *state = AppState { show_future, draft, capture_list, settings, ..opened };
        }
        Open::Script(text, stack) => {
            let complaint = opened::fits(&text).err();
            await_result(state, text, stack, complaint);
        }
        Open::File(result) => {
            let Draft { text, stack, .. } = state.draft.clone();
            match result.and_then(|text| opened::fits(&text).map(|()| text)) {
                Ok(text) => await_result(state, text.into(), stack, None),
                Err(complaint) => await_result(state, text, stack, Some(complaint)),
            }
        }
        // The result of a text that was replaced meanwhile is ignored.
        Open::Read(text, stack, result) => {
            if state.draft.awaits(&text, stack) {
                show_result(state, text, stack, result);
            }
        }
        Open::Run(link) => open_run(state, *link),
        Open::Capture(shown) => show_capture(state, &shown),
        Open::Leave => {
            quiz::leave(state);
            leave_fixed(state);
            state.playhead = state.beginning();
        }
    }
}

/// Shows the text of a script or an exported trace in its panel while it is read. A complaint says
/// why it will not be read.
fn await_result(state: &mut AppState, text: Rc<str>, stack: Stack, complaint: Option<Complaint>) {
    show_current(state);
    state.playback.pause();
    let is_awaited = complaint.is_none();
    state.draft = Draft { is_open: true, text, stack, complaint, is_awaited };
}

/// Shows the run of a script or of an exported trace from its start. A text that cannot be read
/// stays in the panel, to be corrected.
fn show_result(
    state: &mut AppState,
    text: Rc<str>,
    stack: Stack,
    result: Result<ReadResult, Complaint>,
) {
    quiz::leave(state);
    let complaint = match result {
        Ok(ReadResult::Trace(link)) => {
            open_run(state, *link);
            None
        }
        Ok(ReadResult::Script(read)) => {
            let (script, timeline) = Rc::unwrap_or_clone(read);
            show_fixed(state, Run::of_script(script, timeline, state.true_scale));
            None
        }
        Err(complaint) => Some(complaint),
    };
    let is_open = complaint.is_some();
    state.draft = Draft { is_open, text, stack, complaint, is_awaited: false };
}

/// Shows a captured connection: where it was, if another estimate of the same segments replaces it.
fn show_capture(state: &mut AppState, shown: &Shown) {
    show_current(state);
    quiz::leave(state);
    let (at, selected) = (state.playhead.at, state.selected);
    let was = state.run.capture.clone();
    let run = Run::of_capture(shown, state.true_scale);
    let is_same = was.zip(run.capture.clone()).is_some_and(|(was, now)| was.is_same(&now));
    state.capture_list.is_open = false;
    state.playback.pause();
    show_fixed(state, run);
    if is_same {
        state.playhead = state.playhead_at(at);
        state.selected = selected;
    }
}

fn show_fixed(state: &mut AppState, run: Run) {
    state.run = Rc::new(run);
    state.ghost = None;
    state.selected = None;
    state.playback.release();
    state.refused = None;
    state.playhead = state.beginning();
}

/// Shows the link's run if a script's or a capture's is shown, and waits for no other.
fn leave_fixed(state: &mut AppState) {
    state.draft.is_awaited = false;
    if state.is_fixed() {
        state.run = Rc::new(Run::of(&state.link, state.true_scale));
        state.selected = None;
        state.playback.pause();
        state.refused = None;
    }
}

/// Shows another run from its start, with the present view.
fn open_run(state: &mut AppState, link: Link) {
    show_current(state);
    quiz::leave(state);
    leave_fixed(state);
    let mut link = with_view_of(link, &state.link);
    link.view = link.view.unnamed();
    change(state, link);
    state.ghost = None;
    state.selected = None;
    state.playback.motion = Motion::Paused;
    state.playhead = state.beginning();
}

/// Plays a run up to the step that it demonstrates, from a few round trips before it.
fn demonstrate(state: &mut AppState, demo: Demo) {
    open_run(state, demo.open());
    state.playback.target = demo.step(&state.run);
    if let Some(step) = state.playback.target {
        let seen = state.playhead_at_step(step).y;
        state.playhead = state.playhead_at_y(seen.saturating_sub(lead(state)));
        state.playback.play();
    }
}

/// The presentation time that is played before the step of a demo.
fn lead(state: &AppState) -> u64 {
    let delay = state.run.timeline.scenario().network.delay;
    delay.saturating_mul(2 * LEAD_ROUND_TRIPS).as_micros()
}
