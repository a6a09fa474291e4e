//! The words of the page: English is there from the start, other languages are fetched when they
//! are asked for.

use std::cell::Cell;
use std::rc::Rc;

use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use yew::prelude::*;

use super::page::Shared;
use crate::locale::{self, Catalog};

/// The language that the viewer's browser asks for first among those there are.
pub fn preferred() -> &'static str {
    let asked = window().navigator().languages();
    asked
        .iter()
        .filter_map(|tag| tag.as_string())
        .find_map(|tag| locale::language(&tag))
        .map_or("en", |language| language.code)
}

/// The catalog of a language; the last one until it is there, and none until the first is. The
/// second value says that a language could not be had.
#[hook]
pub fn use_catalog(code: &str) -> (Option<Shared<Catalog>>, bool) {
    let catalog = use_state(|| (code == "en").then(|| Shared::new(Catalog::english().clone())));
    let failed = use_state(|| false);
    {
        let (catalog, failed) = (catalog.clone(), failed.clone());
        use_effect_with(code.to_owned(), move |code| {
            let code = code.clone();
            let is_wanted = Rc::new(Cell::new(true));
            let was_wanted = Rc::clone(&is_wanted);
            yew::platform::spawn_local(async move {
                let words = match code.as_str() {
                    "en" => Some(Catalog::english().clone()),
                    code => fetch(code).await,
                };
                // Another language may have been chosen in the meantime.
                if !is_wanted.get() {
                    return;
                }
                failed.set(words.is_none());
                let spoken = if words.is_some() { code.as_str() } else { "en" };
                if let Some(root) = document().document_element() {
                    // The element is the document's own: the attribute can be set.
                    let _ = root.set_attribute("lang", spoken);
                }
                let words = words.unwrap_or_else(|| Catalog::english().clone());
                catalog.set(Some(Shared::new(words)));
            });
            move || was_wanted.set(false)
        });
    }
    ((*catalog).clone(), *failed)
}

async fn fetch(code: &str) -> Option<Catalog> {
    let address = format!("locales/{code}.json");
    let response = JsFuture::from(window().fetch_with_str(&address)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    Catalog::parse(&text).ok()
}
