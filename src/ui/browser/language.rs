//! The texts of the page. English is built in; other languages are fetched on demand.

use std::cell::Cell;
use std::rc::Rc;

use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use yew::prelude::*;

use crate::locale::{self, Catalog};
use crate::ui::page::Shared;

/// The first of the browser's preferred languages in which the page is available.
pub fn preferred() -> &'static str {
    let asked = window().navigator().languages();
    asked
        .iter()
        .filter_map(|tag| tag.as_string())
        .find_map(|tag| locale::language(&tag))
        .map_or("en", |language| language.code)
}

/// The catalog of a language: the previous one while it loads, and none before the first is
/// loaded. After a failure, the second value loads the language again.
#[hook]
pub fn use_catalog(code: &str) -> (Option<Shared<Catalog>>, Option<Callback<MouseEvent>>) {
    let catalog = use_state(|| (code == "en").then(|| Shared::new(Catalog::english().clone())));
    let failed = use_state(|| false);
    let attempt = use_state(|| 0_u32);
    {
        let (catalog, failed) = (catalog.clone(), failed.clone());
        use_effect_with((code.to_owned(), *attempt), move |(code, _)| {
            let code = code.clone();
            let is_wanted = Rc::new(Cell::new(true));
            let was_wanted = Rc::clone(&is_wanted);
            yew::platform::spawn_local(async move {
                let words = self::catalog(&code).await;
                // Another language may have been chosen while this one loaded.
                if !is_wanted.get() {
                    return;
                }
                failed.set(words.is_none());
                let spoken = if words.is_some() { code.as_str() } else { "en" };
                if let Some(root) = document().document_element() {
                    // The element is the document's own, so the attribute can be set.
                    let _ = root.set_attribute("lang", spoken);
                }
                let words = words.unwrap_or_else(|| Catalog::english().clone());
                catalog.set(Some(Shared::new(words)));
            });
            move || was_wanted.set(false)
        });
    }
    let again = failed.then(|| Callback::from(move |_| attempt.set(*attempt + 1)));
    ((*catalog).clone(), again)
}

/// The state of a set of texts that loads on demand.
#[derive(Clone, PartialEq)]
pub enum Words {
    /// The texts are not needed yet, or still loading.
    Loading,
    /// The texts failed to load. Loading is tried again when they are next needed.
    Failed,
    /// The texts are loaded.
    Ready(Shared<Catalog>),
}

/// The texts of a folder in a language, or in English if that language lacks them. They load once
/// they are needed.
#[hook]
pub fn use_words(folder: &'static str, code: &str, is_wanted: bool) -> Words {
    let loaded = use_state_eq(|| Words::Loading);
    // The language of the loaded texts, so that they do not load again when a panel is opened
    // again.
    let spoken = use_mut_ref(String::new);
    {
        let loaded = loaded.clone();
        use_effect_with((code.to_owned(), is_wanted), move |(code, is_wanted)| {
            if !is_wanted || *spoken.borrow() == *code {
                return;
            }
            let address = format!("{folder}/{code}.json");
            let code = code.clone();
            yew::platform::spawn_local(async move {
                let mut words = fetch(&address).await;
                *spoken.borrow_mut() = words.as_ref().map_or_else(String::new, |_| code);
                if words.is_none() {
                    words = fetch(&format!("{folder}/en.json")).await;
                }
                loaded.set(words.map_or(Words::Failed, |words| Words::Ready(Shared::new(words))));
            });
        });
    }
    (*loaded).clone()
}

/// The texts of the page in a language; `None` if they could not be loaded.
pub async fn catalog(code: &str) -> Option<Catalog> {
    match code {
        "en" => Some(Catalog::english().clone()),
        code => fetch(&format!("locales/{code}.json")).await,
    }
}

/// A file of texts; `None` if it could not be loaded.
pub async fn fetch(address: &str) -> Option<Catalog> {
    let response = JsFuture::from(window().fetch_with_str(address)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    Catalog::parse(&text).ok()
}
