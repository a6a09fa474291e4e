//! The action of each key: a pure function of the key and the state, tested natively.

use super::action::{Action, Change, Look, Play, SpeedChange};
use super::segment_actions;
use super::state::AppState;
use crate::sim::SegmentId;

/// Where the focus was when a key was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// On an element that handles no keys itself.
    Page,
    /// On an element that takes text or letters, such as a field or a list of choices.
    Field,
    /// On an element that Space and Enter press, such as a button or a link.
    Button,
    /// On the time slider.
    Slider,
    /// On the ladder, but not on a segment.
    Ladder,
    /// On a segment of the ladder.
    Segment(SegmentId),
}

/// A key that was pressed.
#[derive(Clone, Copy, Debug)]
pub struct KeyPress<'a> {
    /// The browser's name for it: `ArrowLeft`, `k`, `[`.
    pub key: &'a str,
    /// Whether Shift was down.
    pub shift: bool,
    /// Whether Control or Command was down, unless it was needed to type the character
    /// (`AltGraph`).
    pub command: bool,
    /// Whether Alt was down, unless it was needed to type the character.
    pub alt: bool,
    /// Whether the key is being held down.
    pub repeat: bool,
    /// Where the focus was.
    pub focus: Focus,
}

/// The action of a key; `None` leaves the key to the browser.
#[must_use]
pub fn action_for(press: &KeyPress<'_>, state: &AppState) -> Option<Action> {
    if press.focus == Focus::Field || press.alt {
        return None;
    }
    let key = press.key.to_ascii_lowercase();
    if press.command {
        return match (key.as_str(), press.shift) {
            ("z", false) => Some(Action::Edit(Change::Undo)),
            ("z", true) | ("y", false) => Some(Action::Edit(Change::Redo)),
            _ => None,
        };
    }
    // Voice control may send single characters by mistake (WCAG 2.1.4).
    if !state.settings.single_keys && key.chars().count() == 1 && key != " " {
        return None;
    }
    if press.focus == Focus::Button && matches!(key.as_str(), " " | "enter") {
        return None;
    }
    moving(&key, press, state).or_else(|| choosing(&key, press, state))
}

/// Keys that move the playhead.
fn moving(key: &str, press: &KeyPress<'_>, state: &AppState) -> Option<Action> {
    let rtt = state.run.timeline.scenario().network.delay.saturating_mul(2).as_micros();
    let end = state.run.ladder.axis.end();
    let nudge = |by: u64| i64::try_from(by).unwrap_or(i64::MAX);
    let is_slider = press.focus == Focus::Slider;
    let stride = match (press.shift, is_slider) {
        (true, _) => end / 10,
        // 10 ms where a round trip takes 100 ms: finer than the browser's own steps.
        (false, true) => rtt / 10,
        (false, false) => rtt / 4,
    };
    Some(match key {
        " " if is_new_segment(press, state) => return None,
        " " | "k" | "r" if press.repeat => return None,
        " " | "k" => Action::Play(Play::Toggle),
        "," => Action::Play(Play::Step(-1)),
        "." => Action::Play(Play::Step(1)),
        "arrowdown" if is_slider => Action::Play(Play::Nudge(-nudge(stride))),
        "arrowup" if is_slider => Action::Play(Play::Nudge(nudge(stride))),
        "arrowleft" => Action::Play(Play::Nudge(-nudge(stride))),
        "arrowright" => Action::Play(Play::Nudge(nudge(stride))),
        "j" => Action::Play(Play::Nudge(-nudge(rtt))),
        "l" => Action::Play(Play::Nudge(nudge(rtt))),
        "[" => Action::Play(Play::Chapter(-1)),
        "]" => Action::Play(Play::Chapter(1)),
        // The keys of a remote control for slides.
        "pageup" if is_slider || state.presents => Action::Play(Play::Step(-1)),
        "pagedown" if is_slider || state.presents => Action::Play(Play::Step(1)),
        "escape" if state.presents && state.selected.is_none() => {
            Action::Look(Look::Present(false))
        }
        "end" => Action::Play(Play::End),
        "<" => Action::Play(Play::Speed(SpeedChange::Slower)),
        ">" => Action::Play(Play::Speed(SpeedChange::Faster)),
        "r" if press.shift => Action::Edit(Change::Clear),
        "r" | "home" => Action::Play(Play::Home),
        "?" if !press.repeat => Action::Look(Look::Help(true)),
        "p" if !press.repeat => Action::Look(Look::Present(!state.presents)),
        "f" if !press.repeat => Action::Look(Look::FullScreen),
        "g" if !press.repeat => Action::Look(Look::ShowFuture(!state.show_future)),
        _ => match key.as_bytes() {
            [digit @ b'0'..=b'9'] => Action::Play(Play::SeekY(end / 10 * u64::from(digit - b'0'))),
            _ => return None,
        },
    })
}

/// Whether Space is pressed on a segment that is not selected, and so selects it.
fn is_new_segment(press: &KeyPress<'_>, state: &AppState) -> bool {
    matches!(press.focus, Focus::Segment(id) if state.selected != Some(id))
}

/// Keys that select a segment or act on it.
fn choosing(key: &str, press: &KeyPress<'_>, state: &AppState) -> Option<Action> {
    let is_in_ladder = matches!(press.focus, Focus::Ladder | Focus::Segment(_));
    match (key, press.focus) {
        ("arrowup" | "arrowdown", Focus::Segment(id)) => {
            let by = if key == "arrowup" { -1 } else { 1 };
            return state.neighbour(Some(id), by).map(|id| Action::Look(Look::Select(Some(id))));
        }
        ("arrowup", _) if is_in_ladder => return Some(Action::Look(Look::SelectNext(-1))),
        ("arrowdown", _) if is_in_ladder => return Some(Action::Look(Look::SelectNext(1))),
        ("enter" | " ", Focus::Segment(id)) if state.selected != Some(id) => {
            return Some(Action::Look(Look::Select(Some(id))));
        }
        _ => {}
    }
    let focused = match press.focus {
        Focus::Segment(id) => Some(id),
        _ => None,
    };
    let id = focused.or(state.selected)?;
    let arrow = state.run.arrow(id)?;
    match key {
        "enter" => Some(Action::Play(Play::Seek(arrow.sent_at))),
        "escape" => Some(Action::Look(Look::Select(None))),
        "d" | "delete" if press.repeat => None,
        "d" | "delete" if arrow.lost.is_some() => Some(segment_actions::restore(arrow)),
        "d" | "delete" => Some(segment_actions::drop(arrow)),
        "u" if !press.repeat => Some(segment_actions::duplicate(arrow)),
        "+" | "=" => segment_actions::shift(&state.run, arrow, true),
        "-" => segment_actions::shift(&state.run, arrow, false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Focus, KeyPress, action_for};
    use crate::app::{Action, AppState, Change, Look, Play, SpeedChange};
    use crate::link::Link;
    use crate::sim::{Edit, SegmentId, Side};
    use crate::time::{Duration, Instant};

    const C1: SegmentId = SegmentId::of(Side::Client, 1);

    fn press(key: &str, focus: Focus) -> KeyPress<'_> {
        KeyPress { key, shift: false, command: false, alt: false, repeat: false, focus }
    }

    fn state() -> AppState {
        AppState::open(Link::default(), vec![])
    }

    fn with_selected(id: SegmentId) -> AppState {
        AppState { selected: Some(id), ..state() }
    }

    #[test]
    fn keys_move_the_playhead() {
        let on_page = |key| action_for(&press(key, Focus::Page), &state());
        assert_eq!(on_page(" "), Some(Action::Play(Play::Toggle)));
        assert_eq!(on_page("K"), Some(Action::Play(Play::Toggle)));
        assert_eq!(on_page("."), Some(Action::Play(Play::Step(1))));
        assert_eq!(on_page("["), Some(Action::Play(Play::Chapter(-1))));
        assert_eq!(on_page("<"), Some(Action::Play(Play::Speed(SpeedChange::Slower))));
        assert_eq!(on_page("j"), Some(Action::Play(Play::Nudge(-100_000))));
        assert_eq!(on_page("0"), Some(Action::Play(Play::SeekY(0))));
        assert_eq!(on_page("F5"), None);
    }

    #[test]
    fn what_takes_keys_of_its_own_keeps_them() {
        let on = |key, focus| action_for(&press(key, focus), &with_selected(C1));
        assert_eq!(on("d", Focus::Field), None);
        assert_eq!(on(" ", Focus::Button), None);
        assert_eq!(on("Enter", Focus::Button), None);
        assert_eq!(on("k", Focus::Button), Some(Action::Play(Play::Toggle)));
        assert_eq!(on("ArrowLeft", Focus::Slider), Some(Action::Play(Play::Nudge(-10_000))));
        assert_eq!(on("ArrowUp", Focus::Slider), Some(Action::Play(Play::Nudge(10_000))));
        assert_eq!(on("PageDown", Focus::Slider), Some(Action::Play(Play::Step(1))));
        assert_eq!(on("PageDown", Focus::Ladder), None);
        assert_eq!(on("ArrowDown", Focus::Page), None);
        assert_eq!(on("ArrowDown", Focus::Ladder), Some(Action::Look(Look::SelectNext(1))));
    }

    #[test]
    fn modifiers_leave_keys_to_the_browser_but_for_undo() {
        let with = |key, shift, command, alt| {
            let press = KeyPress { shift, command, alt, ..press(key, Focus::Page) };
            action_for(&press, &with_selected(C1))
        };
        assert_eq!(with("z", false, true, false), Some(Action::Edit(Change::Undo)));
        assert_eq!(with("Z", true, true, false), Some(Action::Edit(Change::Redo)));
        assert_eq!(with("d", false, true, false), None);
        assert_eq!(with("ArrowLeft", false, false, true), None);
    }

    #[test]
    fn a_segment_is_chosen_and_changed_without_a_mouse() {
        let on_segment = |key| press(key, Focus::Segment(C1));
        assert_eq!(
            action_for(&on_segment("Enter"), &state()),
            Some(Action::Look(Look::Select(Some(C1))))
        );
        assert_eq!(
            action_for(&on_segment(" "), &state()),
            Some(Action::Look(Look::Select(Some(C1))))
        );
        let s1 = Some(SegmentId::of(Side::Server, 1));
        assert_eq!(
            action_for(&on_segment("ArrowDown"), &state()),
            Some(Action::Look(Look::Select(s1)))
        );
        let selected = with_selected(C1);
        let on_selected = |key| action_for(&on_segment(key), &selected);
        assert_eq!(on_selected("Enter"), Some(Action::Play(Play::Seek(Instant::ZERO))));
        assert_eq!(on_selected("Delete"), Some(Action::Edit(Change::Add(Edit::Drop(C1)))));
        assert_eq!(on_selected("u"), Some(Action::Edit(Change::Add(Edit::Duplicate(C1, None)))));
        let tenth = Duration::from_millis(10);
        assert_eq!(on_selected("+"), Some(Action::Edit(Change::Add(Edit::Delay(C1, tenth)))));
        let earlier = Edit::Deliver(C1, Some(Duration::from_millis(40)));
        assert_eq!(on_selected("-"), Some(Action::Edit(Change::Add(earlier))));
        assert_eq!(on_selected("Escape"), Some(Action::Look(Look::Select(None))));
    }

    #[test]
    fn single_keys_can_be_turned_off() {
        let mut state = with_selected(C1);
        let on_segment = |key, state: &AppState| action_for(&press(key, Focus::Segment(C1)), state);
        assert_eq!(on_segment("?", &state), Some(Action::Look(Look::Help(true))));
        assert_eq!(on_segment("f", &state), Some(Action::Look(Look::FullScreen)));
        state.settings.single_keys = false;
        for key in ["k", "?", "5", ",", "[", "<", "+", "-", "d", "G"] {
            assert_eq!(on_segment(key, &state), None, "{key}");
        }
        for key in [" ", "ArrowLeft", "Delete", "Enter", "Escape", "Home"] {
            assert_ne!(on_segment(key, &state), None, "{key}");
        }
        let undo = KeyPress { command: true, ..press("z", Focus::Page) };
        assert_eq!(action_for(&undo, &state), Some(Action::Edit(Change::Undo)));
    }

    #[test]
    fn the_keys_of_a_presenter() {
        let on_page = |key, state: &AppState| action_for(&press(key, Focus::Page), state);
        assert_eq!(on_page("p", &state()), Some(Action::Look(Look::Present(true))));
        assert_eq!(on_page("PageDown", &state()), None);
        assert_eq!(on_page("Escape", &state()), None);
        let presents = AppState { presents: true, ..state() };
        assert_eq!(on_page("P", &presents), Some(Action::Look(Look::Present(false))));
        assert_eq!(on_page("PageDown", &presents), Some(Action::Play(Play::Step(1))));
        assert_eq!(on_page("PageUp", &presents), Some(Action::Play(Play::Step(-1))));
        assert_eq!(on_page("Escape", &presents), Some(Action::Look(Look::Present(false))));
        let selected = AppState { selected: Some(C1), ..presents };
        assert_eq!(on_page("Escape", &selected), Some(Action::Look(Look::Select(None))));
    }

    #[test]
    fn a_held_key_toggles_once() {
        let held = KeyPress { repeat: true, ..press("k", Focus::Page) };
        assert_eq!(action_for(&held, &state()), None);
        let held = KeyPress { repeat: true, ..press(".", Focus::Page) };
        assert_eq!(action_for(&held, &state()), Some(Action::Play(Play::Step(1))));
    }
}
