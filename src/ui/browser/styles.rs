//! Stylesheets that load after the page.

use std::cell::RefCell;

use gloo::utils::{body, document};
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlLinkElement;

use crate::ui::browser::program;

thread_local! {
    /// The stylesheets that have loaded or are loading, by address.
    static ADDED: RefCell<Vec<(String, Promise)>> = const { RefCell::new(vec![]) };
}

/// Adds a stylesheet to the page once, and waits until it has loaded.
///
/// # Errors
///
/// It could not be loaded. The next call tries again.
async fn load(address: &str) -> Result<(), JsValue> {
    let added = ADDED.with_borrow(|all| {
        all.iter().find(|(other, _)| other == address).map(|(_, promise)| promise.clone())
    });
    let loaded = match added {
        Some(promise) => promise,
        None => {
            let promise = add(address)?;
            ADDED.with_borrow_mut(|all| all.push((address.to_owned(), promise.clone())));
            promise
        }
    };
    let outcome = JsFuture::from(loaded).await;
    if outcome.is_err() {
        ADDED.with_borrow_mut(|all| all.retain(|(other, _)| other != address));
    }
    outcome.map(drop)
}

/// Loads the stylesheet of a chunk, unless it is part of the one that the document names.
///
/// # Errors
///
/// It could not be loaded. The next call tries again.
pub async fn load_chunk(chunk: &str) -> Result<(), JsValue> {
    match program::fact(&format!("style-{chunk}")) {
        Some(address) => load(&address).await,
        None => Ok(()),
    }
}

fn add(address: &str) -> Result<Promise, JsValue> {
    let link: HtmlLinkElement = document().create_element("link")?.unchecked_into();
    link.set_rel("stylesheet");
    link.set_href(address);
    let loaded = Promise::new(&mut |resolve, reject| {
        link.set_onload(Some(&resolve));
        link.set_onerror(Some(&reject));
    });
    document().head().unwrap_or_else(|| body().unchecked_into()).append_child(&link)?;
    Ok(loaded)
}
