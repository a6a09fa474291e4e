//! Full screen and the clipboard.

use gloo::utils::{document, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Enters or leaves full screen, and returns whether it enters.
pub fn toggle_full_screen() -> bool {
    let document = document();
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
        return false;
    }
    if let Some(root) = document.document_element() {
        // A frame may be denied full screen.
        let _ = root.request_fullscreen();
    }
    true
}

/// Leaves full screen.
pub fn leave_full_screen() {
    if document().fullscreen_element().is_some() {
        document().exit_fullscreen();
    }
}

/// Copies a text to the clipboard and returns whether that succeeded. Pages without TLS and many
/// frames may not.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let is_there = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| !clipboard.is_undefined());
    is_there && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
