//! The keyboard focus, modal dialogs, and scrolling an element into view.

use std::rc::Rc;

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlDialogElement, HtmlElement, Node, SvgElement};
use yew::prelude::*;

use crate::sim::SegmentId;

/// Moves the focus to an element, if there is one.
pub fn focus_by_id(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element in the document can be focused, or ignores the call.
        let _ = element.focus();
    }
}

/// Follows an arrow key in a list of tabs, given by their ids: focuses the next tab and returns its
/// index.
pub fn move_in_tabs(event: &KeyboardEvent, ids: &[String]) -> Option<usize> {
    // From the focused tab, not the one drawn as current: keys may follow each other before the
    // page is drawn again.
    let focused = event.target_dyn_into::<Element>()?.id();
    let place = ids.iter().position(|id| *id == focused).unwrap_or(0);
    let next = match event.key().as_str() {
        "ArrowRight" => (place + 1) % ids.len(),
        "ArrowLeft" => (place + ids.len() - 1) % ids.len(),
        _ => return None,
    };
    event.prevent_default();
    event.stop_propagation();
    focus_by_id(&ids[next]);
    Some(next)
}

/// Follows an arrow key, Home or End in a list of SVG elements, given by their ids.
pub fn move_in_list(event: &KeyboardEvent, ids: &[String]) {
    let Some(focused) = event.target_dyn_into::<Element>() else { return };
    let Some(place) = ids.iter().position(|id| *id == focused.id()) else { return };
    let last = ids.len() - 1;
    let next = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => (place + 1).min(last),
        "ArrowLeft" | "ArrowUp" => place.saturating_sub(1),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    let element = document().get_element_by_id(&ids[next]);
    if let Some(element) = element.and_then(|element| element.dyn_into::<SvgElement>().ok()) {
        // The element can be focused, or the call is ignored.
        let _ = element.focus();
    }
}

/// Shows a dialog above the page, or closes it.
#[hook]
pub fn use_modal(dialog: &NodeRef, is_open: bool) {
    let dialog = dialog.clone();
    use_effect_with(is_open, move |is_open| {
        let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
        if *is_open && !dialog.open() {
            // The dialog is in the document and not open, so it can be shown.
            let _ = dialog.show_modal();
        } else if !*is_open && dialog.open() {
            dialog.close();
        }
    });
}

/// Moves the focus to an SVG element.
pub fn focus_node(node: &NodeRef) {
    if let Some(element) = node.cast::<SvgElement>() {
        // The element can be focused, or the call is ignored.
        let _ = element.focus();
    }
}

/// Whether a segment has the focus, in the ladder or in a lane.
pub fn is_segment_focused() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let focused = document.and_then(|document| document.active_element());
    focused.is_some_and(|element| element.has_attribute("data-segment"))
}

/// Moves the focus to a segment of the ladder in the same player as `within`.
pub fn focus_segment(within: &Element, id: SegmentId) {
    let root = within.closest(".player").ok().flatten();
    let found = root
        .and_then(|root| root.query_selector(&format!("[data-segment=\"{id}\"]")).ok().flatten());
    if let Some(element) = found.and_then(|element| element.dyn_into::<SvgElement>().ok()) {
        let _ = element.focus();
    }
}

/// Returns the focus to the page when the focused element is removed, such as a button that undoes
/// the last change, so that the keys still work. The callback belongs to the page's `onfocusin`.
#[hook]
pub fn use_focus_kept(root: &NodeRef) -> Callback<FocusEvent> {
    let focused = use_mut_ref(|| None::<Node>);
    {
        let (root, focused) = (root.clone(), Rc::clone(&focused));
        use_effect(move || {
            let is_gone = focused.borrow().as_ref().is_some_and(|it| !it.is_connected());
            if !is_gone {
                return;
            }
            focused.replace(None);
            // The viewer may be in another window, or in the page around this one.
            let is_here = document().has_focus().unwrap_or(false);
            if let Some(root) = root.cast::<HtmlElement>().filter(|_| is_here) {
                let options = FocusOptions::new();
                options.set_prevent_scroll(true);
                // The element can be focused, or the call is ignored.
                let _ = root.focus_with_options(&options);
            }
        });
    }
    use_callback((), move |event: FocusEvent, ()| {
        focused.replace(event.target().and_then(|target| target.dyn_into().ok()));
    })
}

/// Scrolls a box to the element that a selector names, or to the top if there is none.
pub fn follow(list: &NodeRef, selector: &str) {
    let Some(list) = list.cast::<HtmlElement>() else { return };
    let Ok(Some(current)) = list.query_selector(selector) else {
        list.set_scroll_top(0);
        return;
    };
    let (outer, inner) = (list.get_bounding_client_rect(), current.get_bounding_client_rect());
    let offset = inner.top() - outer.top();
    #[allow(clippy::cast_possible_truncation, reason = "pixels on a screen")]
    if offset < 0.0 || inner.bottom() > outer.bottom() {
        list.set_scroll_top(list.scroll_top() + (offset - outer.height() / 2.0) as i32);
    }
}
