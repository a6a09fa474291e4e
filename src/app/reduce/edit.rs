//! Changing the run of the link, and taking changes back.

use std::rc::Rc;

use crate::app::action::Change;
use crate::app::state::{AppState, Ghost, Motion, Playhead};
use crate::app::tune;
use crate::ladder::Fate;
use crate::link::{Link, MAX_EDITS, Problem, ProblemKind};
use crate::sim::{Cause, Edit, Outage, SegmentId, Step};

/// The most changes that can be undone.
const UNDO_DEPTH: usize = 100;

pub(super) fn reduce(state: &mut AppState, action: Change) {
    match action {
        Change::Add(edit) => add(state, edit),
        Change::Call(side, call) => add(state, Edit::Call(side, call, state.playhead.at)),
        Change::Cut(lasts) => {
            add(state, Edit::Cut(Outage { of: None, from: state.playhead.at, lasts }));
        }
        Change::Remove(index) => {
            let mut link = state.link.clone();
            if index < link.edits.len() {
                link.edits.remove(index);
                change(state, link);
            }
        }
        Change::Replace(index, edit) => {
            let mut link = state.link.clone();
            if let Some(place) = link.edits.get_mut(index) {
                *place = edit;
                change(state, link);
            }
        }
        Change::Restore(id) => restore(state, id),
        Change::Clear => {
            let mut link = state.link.clone();
            if !link.edits.is_empty() {
                link.edits.clear();
                change(state, link);
            }
        }
        Change::WholeRun => {
            let link = state.link.clone().showing(None);
            change(state, link);
            state.ghost = None;
        }
        Change::Undo => undo(state),
        Change::Redo => redo(state),
        Change::DismissGhost => state.ghost = None,
        Change::Tune(link) => tune(state, *link),
        Change::Extend => {
            // The picture of a cut run ends with segments in flight, after its last step.
            let at = state.playhead.at.min(state.run.timeline.end());
            state.run = Rc::new(state.run.extended(&state.link, state.true_scale));
            state.playhead = state.playhead_at(at);
        }
    }
}

/// Shows the run before the last change beside the current one, both on one time axis; or the
/// current one alone again.
pub(super) fn compare(state: &mut AppState) {
    let true_scale = state.true_scale;
    let Some(ghost) = &mut state.ghost else { return };
    ghost.is_beside = !ghost.is_beside;
    // The actions on a segment would take the room.
    state.selected = None;
    let (before, after) = (Rc::clone(&ghost.run), Rc::clone(&state.run));
    let [before, after] = if ghost.is_beside {
        [before.beside(&after, true_scale), after.beside(&before, true_scale)]
    } else {
        [before.scaled(true_scale), after.scaled(true_scale)]
    };
    (ghost.run, state.run) = (Rc::new(before), Rc::new(after));
    let Playhead { at, step, .. } = state.playhead;
    let y = state.run.ladder.axis.y(at).min(state.run.ladder.axis.end());
    state.playhead = Playhead { y, at: at.min(state.run.end()), step };
}

/// Shows the current run alone again.
pub(super) fn show_current(state: &mut AppState) {
    if state.is_comparing() {
        compare(state);
    }
}

/// Adds an edit of the viewer's.
pub(super) fn add(state: &mut AppState, edit: Edit) {
    match with_edit(&state.link, edit) {
        Some(link) => {
            edit_segment(state, link, edit.segment());
            show_call(state, edit);
        }
        None => refuse(state, edit),
    }
}

/// The link with one more edit; `None` if it has as many as a link can hold.
pub(in crate::app) fn with_edit(link: &Link, edit: Edit) -> Option<Link> {
    let mut link = link.clone();
    // A segment has one edit of each kind: a new delay replaces the old.
    link.edits.retain(|other| {
        !is_of_kind(other, &edit) || other.segment().is_none() || other.segment() != edit.segment()
    });
    link.edits.push(edit);
    (link.edits.len() <= MAX_EDITS).then_some(link)
}

/// Goes to the step of a call that was just made: other steps may happen at the same instant.
fn show_call(state: &mut AppState, edit: Edit) {
    let Edit::Call(side, call, at) = edit else { return };
    let steps = &state.run.timeline.trace().steps;
    let is_made = |step: &Step| (step.side, step.at, step.cause) == (side, at, Cause::Call(call));
    if let Some(step) = steps.iter().rposition(is_made).filter(|_| at == state.playhead.at) {
        state.playhead.step = Some(step);
    }
}

/// Says that the link has no room for an edit.
fn refuse(state: &mut AppState, edit: Edit) {
    let (key, part) = ("do".to_owned(), edit.to_string());
    let problem = Problem { key, part, kind: ProblemKind::TooMany };
    if !state.problems.contains(&problem) {
        state.problems.push(problem);
    }
}

/// Whether two edits set the same property of a segment, such as its time of arrival.
fn is_of_kind(one: &Edit, other: &Edit) -> bool {
    let is_time = |edit: &Edit| matches!(edit, Edit::Delay(..) | Edit::Deliver(_, Some(_)));
    is_time(one) && is_time(other) || std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// Changes the run, and leaves the playhead where the change can be seen.
fn edit_segment(state: &mut AppState, link: Link, id: Option<SegmentId>) {
    let now = state.playhead.moment();
    let before = id.and_then(|id| state.run.arrow(id)).map(|arrow| arrow.fate(now));
    let was_held = state.playback.motion == Motion::Held;
    change(state, link);
    let after = id.and_then(|id| state.run.arrow(id)).cloned();
    match (before, after) {
        (Some(Fate::Flying), Some(arrow)) => {
            // An early arrival or a loss is shown when it happens, not after it.
            if now.at > arrow.ends_at {
                state.playhead = state.playhead_at(arrow.ends_at);
            }
            state.playback.motion = if was_held { Motion::Playing } else { Motion::Paused };
        }
        (Some(Fate::Arrived | Fate::Lost), Some(arrow)) => {
            state.playback.pause();
            state.playhead = state.playhead_at(arrow.sent_at);
        }
        _ => {}
    }
}

/// Removes every effect on a segment, so that it arrives as sent.
fn restore(state: &mut AppState, id: SegmentId) {
    let mut link = state.link.clone();
    link.edits.retain(|edit| edit.segment() != Some(id));
    // An effect of the lesson's own edits or of chance needs an edit that overrides it.
    let plain = state.run.revised(&link, state.true_scale);
    let still = plain.timeline.trace().segment(id).is_some_and(|record| {
        record.lost.is_some() || record.copy_arrives_at.is_some() || !record.delayed_by.is_zero()
    });
    if still {
        let deliver = Edit::Deliver(id, None);
        match with_edit(&link, deliver) {
            Some(with_it) => link = with_it,
            None => return refuse(state, deliver),
        }
    }
    edit_segment(state, link, Some(id));
}

/// Tunes the run. Successive values of one field are one change; a return to the first value
/// removes that change.
fn tune(state: &mut AppState, link: Link) {
    let before = state.undo.last().filter(|_| state.ghost.is_some());
    let goes_on = before.is_some_and(|before| tune::is_same_change(before, &state.link, &link));
    if !goes_on {
        change(state, link);
        return;
    }
    let ghost = state.ghost.take();
    state.link = link;
    state.redo.clear();
    rerun(state);
    state.ghost = ghost;
    if state.undo.last() == Some(&state.link) {
        state.undo.pop();
        state.ghost = None;
    }
}

/// Makes a change that can be undone; the run before it stays as a ghost.
pub(super) fn change(state: &mut AppState, link: Link) {
    if link == state.link {
        return;
    }
    let before = std::mem::replace(&mut state.link, link);
    state.undo.push(before);
    if state.undo.len() > UNDO_DEPTH {
        state.undo.remove(0);
    }
    state.redo.clear();
    rerun(state);
}

fn rerun(state: &mut AppState) {
    let run = Rc::new(state.run.revised(&state.link, state.true_scale));
    state.ghost = Some(Ghost::before(std::mem::replace(&mut state.run, run)));
    let at = state.playhead.at.min(state.run.end());
    state.playhead = state.playhead_at(at);
    state.selected = state.selected.filter(|id| state.run.arrow(*id).is_some());
}

fn undo(state: &mut AppState) {
    if let Some(link) = state.undo.pop() {
        let link = with_view_of(link, &state.link);
        state.redo.push(std::mem::replace(&mut state.link, link));
        rerun(state);
        state.ghost = None;
    }
}

fn redo(state: &mut AppState) {
    if let Some(link) = state.redo.pop() {
        let link = with_view_of(link, &state.link);
        state.undo.push(std::mem::replace(&mut state.link, link));
        rerun(state);
    }
}

/// Undo leaves the view as it is: language, theme, speed and panels.
pub(super) fn with_view_of(link: Link, current: &Link) -> Link {
    Link { view: current.view.clone(), ..link }
}
