//! What each action does to the state.

use std::rc::Rc;

use super::action::{Action, SpeedChange};
use super::answer::{Opened, opened};
use super::learn::Shown;
use super::run::Run;
use super::script::{Complaint, Draft};
use super::state::{AppState, Playhead};
use super::{import, quiz, tune, view};
use crate::ladder::Fate;
use crate::link::{Link, PauseOn, Speed};
use crate::packetdrill::Stack;
use crate::sim::{Edit, SegmentId};
use crate::time::Duration;

/// The most changes that can be taken back.
const UNDO_DEPTH: usize = 100;
/// How many round trips are played before what a run is to show: as many seconds, at 1x.
const LEAD_ROUND_TRIPS: u64 = 6;

/// The state after an action.
#[must_use]
pub fn reduce(state: &AppState, action: Action) -> AppState {
    let before = state;
    let mut state = before.clone();
    let goes_on = matches!(action, Action::Tick(_) | Action::Advance | Action::Show(_));
    if state.is_script() && needs_link(&action) {
        state.refused = true;
        return state;
    }
    if state.compares && (needs_link(&action) || replaces_run(&action)) {
        compare(&mut state);
    }
    if let Some(quiz) = &state.quiz {
        if needs_link(&action) || leaves_quiz(&action, &state) {
            quiz::leave(&mut state);
        } else if quiz.question.is_some() && state.is_at_end() && goes_beyond(&action, &state) {
            quiz::go_on(&mut state);
            return state;
        }
    }
    match action {
        Action::Toggle if state.playing => state.playing = false,
        Action::Play | Action::Toggle => play(&mut state),
        Action::Pause => state.playing = false,
        Action::Tick(span) => tick(&mut state, span),
        Action::Advance => advance(&mut state),
        Action::Seek(at) => {
            let at = at.min(state.run.end());
            state.playhead = state.playhead_at(at);
        }
        Action::SeekY(y) => state.playhead = state.playhead_at_y(y),
        Action::SeekStep(step) => {
            if step < state.run.timeline.trace().steps.len() {
                state.playing = false;
                state.playhead = state.playhead_at_step(step);
            }
        }
        Action::Step(by) => step(&mut state, by),
        Action::Chapter(by) => chapter(&mut state, by),
        Action::Nudge(by) => {
            let y = state.playhead.y.saturating_add_signed(by);
            state.playhead = state.playhead_at_y(y);
        }
        Action::Home => state.playhead = Playhead::default(),
        Action::End => state.playhead = state.playhead_at(state.run.end()),
        Action::Select(id) => select(&mut state, id),
        Action::SelectNext(by) => select_next(&mut state, by),
        Action::Edit(edit) => add_edit(&mut state, edit),
        Action::Call(side, call) => {
            let at = state.playhead.at;
            add_edit(&mut state, Edit::Call(side, call, at));
        }
        Action::RemoveEdit(index) => {
            let mut link = state.link.clone();
            if index < link.edits.len() {
                link.edits.remove(index);
                change(&mut state, link);
            }
        }
        Action::ReplaceEdit(index, edit) => {
            let mut link = state.link.clone();
            if let Some(place) = link.edits.get_mut(index) {
                *place = edit;
                change(&mut state, link);
            }
        }
        Action::Restore(id) => restore(&mut state, id),
        Action::ClearEdits => {
            let mut link = state.link.clone();
            if !link.edits.is_empty() {
                link.edits.clear();
                change(&mut state, link);
            }
        }
        Action::Undo => undo(&mut state),
        Action::Redo => redo(&mut state),
        Action::Compare => compare(&mut state),
        Action::DismissGhost => state.ghost = None,
        Action::Load(id) => load(&mut state, id),
        Action::Show(shown) => show(&mut state, shown),
        Action::Open(link, problems) => {
            let AppState { show_future, draft, settings, .. } = state;
            let draft = Draft { is_open: false, is_awaited: false, ..draft };
            let opened = AppState::open(*link, problems);
            state = AppState { show_future, draft, settings, ..opened };
        }
        Action::Tune(link) => tune(&mut state, *link),
        Action::Speed(change) => speed(&mut state, change),
        Action::PauseOn(pause_on) => state.link.view.pause_on = pause_on,
        Action::Language(lang) => state.link.view.lang = Some(lang),
        Action::Theme(theme) => state.link.view.theme = theme,
        Action::Panels(panels) => state.link.view.panels = panels,
        Action::TrueScale(true_scale) => {
            let quiz = quiz::leave(&mut state);
            state.true_scale = true_scale;
            state.run = Rc::new(state.run.scaled(true_scale));
            state.ghost = None;
            state.playhead.y = state.run.ladder.axis.y(state.playhead.at);
            quiz::resume(&mut state, quiz);
        }
        Action::ShowFuture(show) => state.show_future = show,
        Action::Extend => {
            state.run = Rc::new(state.run.extended(&state.link, state.true_scale));
            state.playhead = state.playhead_at(state.playhead.at);
        }
        Action::ShowDraft(is_open) => {
            state.draft.is_open = is_open;
            state.draft.is_awaited &= is_open;
        }
        Action::Draft(text, stack) => {
            let is_awaited = state.draft.awaits(&text, stack);
            state.draft = Draft { text, stack, is_awaited, ..state.draft };
        }
        Action::OpenScript(text, stack) => {
            let complaint = import::fits(&text).err();
            ask(&mut state, text, stack, complaint);
        }
        Action::Import(result) => {
            let Draft { text, stack, .. } = state.draft.clone();
            match result.and_then(|text| import::fits(&text).map(|()| text)) {
                Ok(text) => ask(&mut state, text.into(), stack, None),
                Err(complaint) => ask(&mut state, text, stack, Some(complaint)),
            }
        }
        // Something else may have been written or opened meanwhile.
        Action::Opened(text, stack, answer) if state.draft.awaits(&text, stack) => {
            open(&mut state, text, stack, answer);
        }
        Action::CloseScript => {
            leave_script(&mut state);
            state.playhead = Playhead::default();
        }
        Action::Help(is_open) => {
            state.help = is_open;
            state.playing &= !is_open;
        }
        Action::Quiz(quiz_move) => quiz::make(&mut state, quiz_move),
        Action::Set(settings) => state.settings = settings,
        Action::Opened(..) | Action::FullScreen => {}
        Action::DismissProblems => {
            state.problems.clear();
            state.refused = false;
        }
    }
    let is_led = goes_on || (state.playhead == before.playhead && is_same_run(&state, before));
    state.stops_at = state.stops_at.filter(|_| is_led);
    state
}

fn is_same_run(one: &AppState, other: &AppState) -> bool {
    Rc::ptr_eq(&one.run, &other.run)
}

/// Whether an action changes the link's run, which a script's run does not have.
const fn needs_link(action: &Action) -> bool {
    matches!(
        action,
        Action::Edit(_)
            | Action::Call(..)
            | Action::RemoveEdit(_)
            | Action::ReplaceEdit(..)
            | Action::Restore(_)
            | Action::ClearEdits
            | Action::Undo
            | Action::Redo
            | Action::DismissGhost
            | Action::Tune(_)
            | Action::Extend
    )
}

/// Whether an action shows another run, so that there is nothing more to compare.
const fn replaces_run(action: &Action) -> bool {
    matches!(
        action,
        Action::Load(_)
            | Action::Show(_)
            | Action::TrueScale(_)
            | Action::OpenScript(..)
            | Action::Import(_)
    )
}

/// Whether an action shows another run than the one that is asked about.
fn leaves_quiz(action: &Action, state: &AppState) -> bool {
    match action {
        Action::Compare | Action::Load(_) | Action::Show(_) | Action::CloseScript => true,
        Action::Opened(text, stack, _) => state.draft.awaits(text, *stack),
        _ => false,
    }
}

/// Whether an action would go on beyond what is known.
const fn goes_beyond(action: &Action, state: &AppState) -> bool {
    match action {
        Action::Play => true,
        Action::Toggle => !state.playing,
        Action::Step(by) => *by > 0,
        _ => false,
    }
}

/// Lets the run and that before the last change change places.
pub(super) fn compare(state: &mut AppState) {
    if let Some(ghost) = &mut state.ghost {
        std::mem::swap(ghost, &mut state.run);
        state.compares = !state.compares;
        state.playhead = state.playhead_at(state.playhead.at.min(state.run.end()));
        state.selected = state.selected.filter(|id| view::arrow(&state.run, *id).is_some());
    }
}

/// Shows a script or an exported trace in its panel, until what comes of it is there; a complaint
/// says why that will not be.
fn ask(state: &mut AppState, text: Rc<str>, stack: Stack, complaint: Option<Complaint>) {
    state.playing = false;
    let is_awaited = complaint.is_none();
    state.draft = Draft { is_open: true, text, stack, complaint, is_awaited };
}

/// Shows the run of a script or of an exported trace from its start; a text that cannot be read
/// stays to be mended.
fn open(state: &mut AppState, text: Rc<str>, stack: Stack, answer: Option<Vec<u8>>) {
    let answer = answer.ok_or(Complaint::NoReader);
    let complaint = match answer.and_then(|octets| opened(octets, Rc::clone(&text), stack)) {
        Ok(Opened::Trace(link)) => {
            open_run(state, *link);
            None
        }
        Ok(Opened::Script(opened)) => {
            let (script, timeline) = *opened;
            show_script(state, Run::of_script(script, timeline, state.true_scale));
            None
        }
        Err(complaint) => Some(complaint),
    };
    let is_open = complaint.is_some();
    state.draft = Draft { is_open, text, stack, complaint, is_awaited: false };
}

fn show_script(state: &mut AppState, run: Run) {
    state.run = Rc::new(run);
    state.ghost = None;
    state.selected = None;
    state.resumes = false;
    state.refused = false;
    state.playhead = Playhead::default();
}

/// The link's run again, if a script's is shown; and none that is still to come.
fn leave_script(state: &mut AppState) {
    state.draft.is_awaited = false;
    if state.is_script() {
        state.run = Rc::new(Run::of(&state.link, state.true_scale));
        state.selected = None;
        state.playing = false;
        state.refused = false;
    }
}

fn play(state: &mut AppState) {
    if state.is_at_end() {
        state.playhead = Playhead::default();
    }
    state.playing = true;
    state.resumes = false;
}

fn tick(state: &mut AppState, span: Duration) {
    if state.playing {
        let from = state.playhead;
        state.playhead = later(state, from, span);
        state.playing = !state.is_at_end();
        stop(state, from);
    }
}

/// Stops at the step that the run was to show, or where it is to pause.
fn stop(state: &mut AppState, from: Playhead) {
    let stops = state.stops_at.into_iter().chain(pause_after(state, from));
    if let Some(step) = stops.filter(|step| state.playhead.step >= Some(*step)).min() {
        state.playhead = state.playhead_at_step(step);
        state.playing = false;
        state.stops_at = state.stops_at.filter(|at| *at > step);
    }
}

/// The next step at which the run is to pause.
fn pause_after(state: &AppState, from: Playhead) -> Option<usize> {
    match state.link.view.pause_on {
        PauseOn::None => None,
        PauseOn::Event => Some(from.step.map_or(0, |step| step + 1)),
        PauseOn::Chapter => {
            let mut chapters = state.run.ladder.chapters.iter();
            let next = chapters.find(|chapter| chapter.at > from.at)?;
            state.run.timeline.trace().step_at(next.at)
        }
    }
}

/// Where the playhead is so much time after it was at `from`, if until then nothing happens in the
/// run that plays: no step, no departure, and not its end.
#[must_use]
pub fn glide(state: &AppState, from: Playhead, span: Duration) -> Option<Playhead> {
    if !state.playing {
        return None;
    }
    let playhead = later(state, from, span);
    let departed = |at| state.run.ladder.arrows.partition_point(|arrow| arrow.sent_at <= at);
    let happens = playhead.step != from.step
        || departed(playhead.at) != departed(from.at)
        || playhead.y >= state.run.ladder.axis.end();
    (!happens).then_some(playhead)
}

/// The playhead of a run that plays, after so much time: at 1x one round trip takes one second.
fn later(state: &AppState, from: Playhead, span: Duration) -> Playhead {
    let rtt = state.run.timeline.scenario().network.delay.saturating_mul(2);
    let pace = u128::from(rtt.as_micros().max(1_000));
    let percent = u128::from(state.link.view.speed.percent());
    let moved = u128::from(span.as_micros()) * pace * percent / 100_000_000;
    let y = from.y.saturating_add(u64::try_from(moved).unwrap_or(u64::MAX));
    state.playhead_at_y(y)
}

/// Shows each segment at its departure, at half its way, and at its arrival.
fn advance(state: &mut AppState) {
    if !state.playing {
        return;
    }
    let from = state.playhead;
    let now = from.y;
    let ladder = &state.run.ladder;
    let steps = ladder.marks.iter().map(|mark| mark.y);
    let halves = ladder.arrows.iter().map(|arrow| u64::midpoint(arrow.y_from, arrow.y_to));
    let next = steps.chain(halves).filter(|y| *y > now).min().unwrap_or(ladder.axis.end());
    state.playhead = state.playhead_at_y(next);
    state.playing = !state.is_at_end();
    stop(state, from);
}

fn step(state: &mut AppState, by: i32) {
    state.playing = false;
    let count = state.run.timeline.trace().steps.len();
    let Some(last) = count.checked_sub(1) else { return };
    let by = isize::try_from(by).unwrap_or(0);
    let current = state.playhead.step;
    // Between two steps, "previous" is the one that has just happened.
    let is_between =
        current.is_some_and(|step| state.run.timeline.trace().steps[step].at < state.playhead.at);
    let target = match current {
        None if by > 0 => usize::try_from(by - 1).unwrap_or(0),
        None => return,
        Some(step) if by < 0 && is_between => step.saturating_add_signed(by + 1),
        Some(0) if by < 0 => {
            state.playhead = Playhead::default();
            return;
        }
        Some(step) => step.saturating_add_signed(by),
    };
    state.playhead = state.playhead_at_step(target.min(last));
}

fn chapter(state: &mut AppState, by: i32) {
    state.playing = false;
    let chapters = &state.run.ladder.chapters;
    let at = state.playhead.at;
    let target = if by < 0 {
        chapters.iter().rev().find(|chapter| chapter.at < at)
    } else {
        chapters.iter().find(|chapter| chapter.at > at)
    };
    let at = match target {
        Some(chapter) => chapter.at,
        None if by < 0 => {
            state.playhead = Playhead::default();
            return;
        }
        None => state.run.end(),
    };
    state.playhead = state.playhead_at(at);
}

fn select(state: &mut AppState, id: Option<SegmentId>) {
    state.selected = id;
    let arrow = id.and_then(|id| view::arrow(&state.run, id));
    if arrow.is_some_and(|arrow| arrow.fate(state.playhead.moment()) == Fate::Flying) {
        state.resumes |= state.playing;
        state.playing = false;
    } else {
        state.resumes = false;
    }
}

fn select_next(state: &mut AppState, by: i32) {
    if let Some(id) = view::neighbour(state, state.selected, by) {
        select(state, Some(id));
    }
}

/// Adds an edit of the viewer's.
pub(super) fn add_edit(state: &mut AppState, edit: Edit) {
    let mut link = state.link.clone();
    if link.edits.len() >= crate::link::MAX_EDITS {
        return;
    }
    // One fate of a kind for a segment: a new delay replaces the old.
    link.edits.retain(|other| {
        !is_of_kind(other, &edit) || other.segment().is_none() || other.segment() != edit.segment()
    });
    link.edits.push(edit);
    edit_segment(state, link, edit.segment());
}

/// Whether two edits say the same thing of a segment: when it arrives, say.
fn is_of_kind(one: &Edit, other: &Edit) -> bool {
    let is_time = |edit: &Edit| matches!(edit, Edit::Delay(..) | Edit::Deliver(_, Some(_)));
    is_time(one) && is_time(other) || std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// Changes the run, and leaves the playhead where the change can be seen.
fn edit_segment(state: &mut AppState, link: Link, id: Option<SegmentId>) {
    let now = state.playhead.moment();
    let before = id.and_then(|id| view::arrow(&state.run, id)).map(|arrow| arrow.fate(now));
    let resumes = state.resumes;
    change(state, link);
    let after = id.and_then(|id| view::arrow(&state.run, id)).cloned();
    match (before, after) {
        (Some(Fate::Flying), Some(arrow)) => {
            // It is seen to vanish or to arrive, wherever it had come to.
            if now.at > arrow.ends_at {
                state.playhead = state.playhead_at(arrow.ends_at);
            }
            state.playing = resumes;
            state.resumes = false;
        }
        (Some(Fate::Arrived | Fate::Lost), Some(arrow)) => {
            state.playing = false;
            state.playhead = state.playhead_at(arrow.sent_at);
        }
        _ => {}
    }
}

/// The segment arrives as if nothing had befallen it.
fn restore(state: &mut AppState, id: SegmentId) {
    let mut link = state.link.clone();
    link.edits.retain(|edit| edit.segment() != Some(id));
    // What the lesson itself, or chance, does to it needs an edit of its own.
    let plain = state.run.revised(&link, state.true_scale);
    let still = plain.timeline.trace().segment(id).is_some_and(|record| {
        record.lost.is_some() || record.copy_arrives_at.is_some() || !record.delayed_by.is_zero()
    });
    if still {
        link.edits.push(Edit::Deliver(id, None));
    }
    edit_segment(state, link, Some(id));
}

/// Tunes the run. A field that is turned on and on is one change; turned back, it is none.
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
fn change(state: &mut AppState, link: Link) {
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
    state.ghost = Some(std::mem::replace(&mut state.run, run));
    let at = state.playhead.at.min(state.run.end());
    state.playhead = state.playhead_at(at);
    state.selected = state.selected.filter(|id| view::arrow(&state.run, *id).is_some());
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

/// Language, theme, speed and panels are no part of what is undone.
fn with_view_of(link: Link, current: &Link) -> Link {
    Link { view: current.view.clone(), ..link }
}

fn load(state: &mut AppState, id: &'static str) {
    let link = Link { scenario: id, edits: vec![], ..state.link.clone() };
    open_run(state, link);
}

/// Shows another run from its start, as this one was looked at.
fn open_run(state: &mut AppState, link: Link) {
    leave_script(state);
    let link = with_view_of(link, &state.link);
    change(state, link);
    state.ghost = None;
    state.selected = None;
    state.playing = false;
    state.playhead = Playhead::default();
}

/// Plays a run up to the step at which something is seen, from a few round trips before it.
fn show(state: &mut AppState, shown: Shown) {
    open_run(state, shown.open());
    state.stops_at = shown.step(&state.run);
    if let Some(step) = state.stops_at {
        let seen = state.playhead_at_step(step).y;
        state.playhead = state.playhead_at_y(seen.saturating_sub(lead(state)));
        state.playing = true;
    }
}

/// How much of a run is played before what it is to show.
fn lead(state: &AppState) -> u64 {
    let delay = state.run.timeline.scenario().network.delay;
    delay.saturating_mul(2 * LEAD_ROUND_TRIPS).as_micros()
}

fn speed(state: &mut AppState, change: SpeedChange) {
    let current = state.link.view.speed.percent();
    let all = Speed::ALL;
    let place = all.iter().position(|speed| speed.percent() == current).unwrap_or(0);
    let next = match change {
        SpeedChange::Slower => all.get(place.saturating_sub(1)),
        SpeedChange::Faster => all.get((place + 1).min(all.len() - 1)),
        SpeedChange::Percent(percent) => all.iter().find(|speed| speed.percent() == percent),
    };
    if let Some(next) = next {
        state.link.view.speed = *next;
    }
}
