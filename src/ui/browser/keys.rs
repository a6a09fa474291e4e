//! Key presses, from the browser's events to [`keys`](crate::app::keys).

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use crate::app::keys::{Focus, KeyPress, action_for};
use crate::app::{Action, AppState, Look};
use crate::ui::browser::focus::{focus_segment, is_segment_focused};

/// The action of a key press. If there is one, the browser's default is prevented.
pub fn on_key_down(event: &KeyboardEvent, state: &AppState) -> Option<Action> {
    if event.default_prevented() || event.is_composing() {
        return None;
    }
    let is_character = event.get_modifier_state("AltGraph");
    let press = KeyPress {
        key: &event.key(),
        shift: event.shift_key(),
        command: (event.ctrl_key() || event.meta_key()) && !is_character,
        alt: event.alt_key() && !is_character,
        repeat: event.repeat(),
        focus: focus_of(event),
    };
    let action = action_for(&press, state)?;
    event.prevent_default();
    Some(action)
}

fn focus_of(event: &KeyboardEvent) -> Focus {
    // The element where the event began, even inside a shadow root.
    let origin = event.composed_path().get(0);
    let Some(element) = origin.dyn_into::<Element>().ok() else { return Focus::Page };
    let id = element.closest("[data-segment]").ok().flatten();
    let id = id.and_then(|element| element.get_attribute("data-segment"));
    if let Some(id) = id.and_then(|id| id.parse().ok()) {
        return Focus::Segment(id);
    }
    let is_in = |place: &str| element.closest(place).ok().flatten().is_some();
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        return match input.type_().as_str() {
            "range" if is_in(".scrubber") => Focus::Slider,
            // A checkbox in a form is part of an entry, not a command.
            "checkbox" if !is_in("form") => Focus::Button,
            "button" => Focus::Button,
            _ => Focus::Field,
        };
    }
    let is_editable = element.has_attribute("contenteditable");
    match element.tag_name().to_ascii_lowercase().as_str() {
        "textarea" | "select" => Focus::Field,
        _ if is_editable => Focus::Field,
        "button" | "a" | "summary" => Focus::Button,
        _ if is_in(".ladder") => Focus::Ladder,
        _ => Focus::Page,
    }
}

/// Moves the focus with the selection, if the focus is on a segment: at once, so that a key pressed
/// before the next render acts on the segment that is selected now.
pub fn follow(event: &KeyboardEvent, action: &Action) {
    let Action::Look(Look::Select(Some(id))) = action else { return };
    if is_segment_focused()
        && let Some(element) = event.target_dyn_into::<Element>()
    {
        focus_segment(&element, *id);
    }
}
