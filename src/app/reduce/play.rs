//! Moving the playhead.

use crate::app::action::{Play, SpeedChange};
use crate::app::state::{AppState, Playhead};
use crate::link::{PauseOn, Speed};
use crate::time::Duration;

pub(super) fn reduce(state: &mut AppState, action: Play) {
    match action {
        Play::Toggle if state.is_playing() => state.playback.pause(),
        Play::Start | Play::Toggle => start(state),
        Play::Pause => state.playback.pause(),
        Play::Tick(span) => tick(state, span),
        Play::Advance => advance(state),
        Play::Seek(at) => state.playhead = state.playhead_at(at.min(state.run.end())),
        Play::SeekY(y) => state.playhead = state.playhead_at_y(y),
        Play::SeekStep(step) => {
            if step < state.run.timeline.trace().steps.len() {
                state.playback.pause();
                state.playhead = state.playhead_at_step(step);
            }
        }
        Play::Step(by) => step(state, by),
        Play::Chapter(by) => chapter(state, by),
        Play::Nudge(by) => {
            state.playhead = state.playhead_at_y(state.playhead.y.saturating_add_signed(by));
        }
        Play::Home => state.playhead = state.beginning(),
        Play::End => state.playhead = state.playhead_at(state.run.end()),
        Play::Speed(change) => speed(state, change),
        Play::PauseOn(pause_on) => state.link.view.pause_on = pause_on,
    }
}

fn start(state: &mut AppState) {
    if state.is_at_end() {
        state.playhead = state.beginning();
    }
    state.playback.play();
}

fn tick(state: &mut AppState, span: Duration) {
    if state.is_playing() {
        let from = state.playhead;
        state.playhead = later(state, from, span);
        if state.is_at_end() {
            state.playback.pause();
        }
        stop(state, from);
    }
}

/// Stops at the step that a demo shows, or where the run is to pause.
fn stop(state: &mut AppState, from: Playhead) {
    let stops = state.playback.target.into_iter().chain(pause_after(state, from));
    if let Some(step) = stops.filter(|step| state.playhead.step >= Some(*step)).min() {
        state.playhead = state.playhead_at_step(step);
        state.playback.pause();
        state.playback.target = state.playback.target.filter(|at| *at > step);
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

/// The playhead `span` of real time after `from`, if nothing happens on the way: no step, no
/// departure, and not the end of the run. Then a view can move the playhead without a new state.
#[must_use]
pub fn glide(state: &AppState, from: Playhead, span: Duration) -> Option<Playhead> {
    if !state.is_playing() {
        return None;
    }
    let playhead = later(state, from, span);
    let departed = |at| state.run.ladder.arrows.partition_point(|arrow| arrow.sent_at <= at);
    let happens = playhead.step != from.step
        || departed(playhead.at) != departed(from.at)
        || playhead.y >= state.run.ladder.axis.end();
    (!happens).then_some(playhead)
}

/// The playhead after `span` of playing: at 1x one round trip takes one second.
fn later(state: &AppState, from: Playhead, span: Duration) -> Playhead {
    let rtt = state.run.timeline.scenario().network.delay.saturating_mul(2);
    let pace = u128::from(rtt.as_micros().max(1_000));
    let percent = u128::from(state.link.view.speed.percent());
    let moved = u128::from(span.as_micros()) * pace * percent / 100_000_000;
    let y = from.y.saturating_add(u64::try_from(moved).unwrap_or(u64::MAX));
    state.playhead_at_y(y)
}

/// Jumps to the next step or to the middle of the next flight, so that each segment is seen at its
/// departure, half-way, and at its arrival.
fn advance(state: &mut AppState) {
    if !state.is_playing() {
        return;
    }
    let from = state.playhead;
    let now = from.y;
    let ladder = &state.run.ladder;
    let steps = ladder.marks.iter().map(|mark| mark.y);
    let halves = ladder.arrows.iter().map(|arrow| u64::midpoint(arrow.y_from, arrow.y_to));
    let next = steps.chain(halves).filter(|y| *y > now).min().unwrap_or(ladder.axis.end());
    state.playhead = state.playhead_at_y(next);
    if state.is_at_end() {
        state.playback.pause();
    }
    stop(state, from);
}

fn step(state: &mut AppState, by: i32) {
    state.playback.pause();
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
            state.playhead = state.beginning();
            return;
        }
        Some(step) => step.saturating_add_signed(by),
    };
    state.playhead = state.playhead_at_step(target.min(last));
}

fn chapter(state: &mut AppState, by: i32) {
    state.playback.pause();
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
            state.playhead = state.beginning();
            return;
        }
        None => state.run.end(),
    };
    state.playhead = state.playhead_at(at);
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
