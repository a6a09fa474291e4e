//! Files from the viewer's machine, chosen in a panel or dropped onto the page.

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, DragEvent, Event, File};
use yew::prelude::*;

use crate::app::{Action, Complaint, Draft, MAX_TRACE, Open};
use crate::ui::late;

/// Set on the document element while a file is dragged over the page.
const HELD: &str = "data-file-held";

/// Reads a file, unless it is too long, and dispatches its text. The reducer decides what kind of
/// text it is.
pub fn read(file: File, dispatch: Callback<Action>) {
    yew::platform::spawn_local(async move {
        dispatch.emit(Action::Open(Open::File(text_of(&file).await)));
    });
}

/// Opens a file of any kind. Without the code that tells captures, it is read as a text.
fn take(file: File, dispatch: Callback<Action>) {
    yew::platform::spawn_local(async move {
        if late::take_file(file.clone(), dispatch.clone()).await.is_err() {
            read(file, dispatch);
        }
    });
}

async fn text_of(file: &File) -> Result<String, Complaint> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a file's size is a whole number"
    )]
    let octets = file.size() as usize;
    if octets > MAX_TRACE {
        return Err(Complaint::TooLong { octets, most: MAX_TRACE });
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    text.ok_or(Complaint::NoFile)
}

/// Reads the opened text whose result is awaited.
#[hook]
pub fn use_reader(draft: &Draft, dispatch: &Callback<Action>) {
    let Draft { text, stack, is_awaited, .. } = draft;
    let asked = is_awaited.then(|| (Rc::clone(text), *stack));
    let dispatch = dispatch.clone();
    use_effect_with(asked, move |asked| {
        let Some((text, stack)) = asked.clone() else { return };
        yew::platform::spawn_local(async move {
            let result = late::read(Rc::clone(&text), stack).await;
            let result = result.unwrap_or(Err(Complaint::NotLoaded));
            dispatch.emit(Action::Open(Open::Read(text, stack, result)));
        });
    });
}

/// Accepts files that are dropped anywhere on the page. An embedded player, which shows its host's
/// run and has no way back to it, refuses them.
#[hook]
pub fn use_drop(is_embedded: bool, dispatch: &Callback<Action>) {
    let dispatch = dispatch.clone();
    use_effect_with(is_embedded, move |is_embedded| {
        let is_embedded = *is_embedded;
        let options = EventListenerOptions::enable_prevent_default();
        let over = EventListener::new_with_options(&window(), "dragover", options, move |event| {
            if let Some(data) = files_of(event) {
                event.prevent_default();
                hold(!is_embedded);
                if is_embedded {
                    data.set_drop_effect("none");
                }
            }
        });
        let leave = EventListener::new(&window(), "dragleave", |event| {
            let next = event.dyn_ref::<DragEvent>().and_then(|event| event.related_target());
            if next.is_none() {
                hold(false);
            }
        });
        let drop_options = EventListenerOptions::enable_prevent_default();
        let dropped =
            EventListener::new_with_options(&window(), "drop", drop_options, move |event| {
                hold(false);
                let Some(data) = files_of(event) else { return };
                // By default the browser would leave the page and show the file.
                event.prevent_default();
                let file = data.files().and_then(|files| files.get(0));
                if let Some(file) = file.filter(|_| !is_embedded) {
                    take(file, dispatch.clone());
                }
            });
        move || drop((over, leave, dropped))
    });
}

/// The dragged data, if it contains files. They can be read only after the drop.
fn files_of(event: &Event) -> Option<DataTransfer> {
    let data = event.dyn_ref::<DragEvent>()?.data_transfer()?;
    let has_files = data.types().iter().any(|name| name == "Files");
    has_files.then_some(data)
}

fn hold(is_held: bool) {
    if let Some(root) = document().document_element() {
        // The element is the document's own, so the attribute can be set.
        let _ = root.toggle_attribute_with_force(HELD, is_held);
    }
}
