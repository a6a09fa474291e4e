//! What the dialogs have in common. One of them is on the page at a time.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::body;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlDialogElement};

use super::dom::{element, text, tree};

thread_local! {
    /// The last dialog and its listeners. They hold all that belongs to it.
    static LAST: RefCell<Option<(HtmlDialogElement, Vec<EventListener>)>> =
        const { RefCell::new(None) };
}

/// A dialog without content. Its name is its class, and begins the id of its title.
pub fn new(name: &str) -> Result<HtmlDialogElement, JsValue> {
    let (class, title) = (format!("sheet {name}"), format!("{name}-title"));
    let root = element("dialog", &[("class", &class), ("aria-labelledby", &title)])?;
    Ok(root.unchecked_into())
}

/// The head of a dialog: its title, and the button that closes it.
pub fn head(name: &str, title: &str, close: &str) -> Result<Element, JsValue> {
    let id = format!("{name}-title");
    let button = [("type", "button"), ("class", "button"), ("data-do", "close")];
    tree(
        "div",
        &[("class", "sheet__head")],
        &[text("h2", &[("id", &id)], title)?, text("button", &button, close)?],
    )
}

/// Puts a dialog on the page, in place of the last one. `on` hears these events of it; when it
/// closes, it is removed.
pub fn attach(
    root: &HtmlDialogElement,
    events: &[&'static str],
    on: impl Fn(&Event) + 'static,
) -> Result<(), JsValue> {
    let on = Rc::new(on);
    let hear = |name: &'static str| {
        let (on, dialog) = (Rc::clone(&on), root.clone());
        // This one does not rise from the part that opens.
        let options = match name {
            "toggle" => EventListenerOptions::run_in_capture_phase(),
            _ => EventListenerOptions::default(),
        };
        EventListener::new_with_options(root, name, options, move |event| {
            // The page's shortcuts do not apply in the dialog.
            event.stop_propagation();
            match name {
                "close" => dialog.remove(),
                "keydown" => {}
                _ => on(event),
            }
        })
    };
    let listeners: Vec<EventListener> =
        ["close", "keydown"].iter().chain(events).copied().map(hear).collect();
    if let Some((before, _)) = LAST.replace(Some((root.clone(), listeners))) {
        before.remove();
    }
    body().append_child(root).map(drop)
}

/// Closes the last dialog. The focus returns to where it was before.
pub fn close() {
    LAST.with_borrow(|last| last.iter().for_each(|(dialog, _)| dialog.close()));
}

/// The part of a dialog that a click is on, if a click does something there.
pub fn pressed(event: &Event) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("[data-do]").ok().flatten()
}
