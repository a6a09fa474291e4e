//! What every component is handed: shared values that compare by identity, and one way to act.

use std::ops::Deref;
use std::rc::Rc;

use gloo::utils::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::NodeRef;
use yew::html::ImplicitClone;
use yew::prelude::*;

/// A shared value as a property: equal only to itself, so comparing it costs nothing.
#[derive(Debug)]
pub struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    /// Shares a value.
    pub fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T> From<Rc<T>> for Shared<T> {
    fn from(value: Rc<T>) -> Self {
        Self(value)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> ImplicitClone for Shared<T> {}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// Moves the focus to an element, if there is one.
pub fn focus_by_id(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // What is in the document can be focused, or keeps its focus.
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
            // It is in the document and not open, so it can be shown.
            let _ = dialog.show_modal();
        } else if !*is_open && dialog.open() {
            dialog.close();
        }
    });
}

/// Fills the screen with the page, or gives it back.
pub fn toggle_full_screen() {
    let document = document();
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else if let Some(root) = document.document_element() {
        // A frame may be forbidden to.
        let _ = root.request_fullscreen();
    }
}

/// Brings what a selector names into view, inside its box; the box's top if there is none.
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

/// Copies a text; says whether that was possible. Pages without TLS, and many frames, may not.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let is_there = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| !clipboard.is_undefined());
    is_there && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
