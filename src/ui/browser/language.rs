//! The words of the page: English is there from the start, other languages are fetched when they
//! are asked for.

use std::cell::Cell;
use std::rc::Rc;

use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use yew::prelude::*;

use crate::locale::{self, Catalog};
use crate::ui::page::Shared;

/// The language that the viewer's browser asks for first among those there are.
pub fn preferred() -> &'static str {
    let asked = window().navigator().languages();
    asked
        .iter()
        .filter_map(|tag| tag.as_string())
        .find_map(|tag| locale::language(&tag))
        .map_or("en", |language| language.code)
}

/// The catalog of a language; the last one until it is there, and none until the first is. Where
/// a language could not be had, the second value asks for it again.
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
    let again = failed.then(|| Callback::from(move |_| attempt.set(*attempt + 1)));
    ((*catalog).clone(), again)
}

/// Words that are fetched when they are wanted.
#[derive(Clone, PartialEq)]
pub enum Sheet {
    /// They are not wanted yet, or not here yet.
    OnItsWay,
    /// They could not be had; they are asked for again when they are wanted again.
    Failed,
    /// Here they are.
    Here(Shared<Catalog>),
}

/// The words of a folder in a language, or else in English, from when they are first wanted.
#[hook]
pub fn use_sheet(folder: &'static str, code: &str, is_wanted: bool) -> Sheet {
    let sheet = use_state_eq(|| Sheet::OnItsWay);
    // The language of the words that are here: those of a sheet that is opened again need not come.
    let spoken = use_mut_ref(String::new);
    {
        let sheet = sheet.clone();
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
                sheet.set(words.map_or(Sheet::Failed, |words| Sheet::Here(Shared::new(words))));
            });
        });
    }
    (*sheet).clone()
}

/// The words of the page in a language; `None` if they could not be loaded.
pub async fn catalog(code: &str) -> Option<Catalog> {
    match code {
        "en" => Some(Catalog::english().clone()),
        code => fetch(&format!("locales/{code}.json")).await,
    }
}

/// A file of words; `None` if it could not be loaded.
pub async fn fetch(address: &str) -> Option<Catalog> {
    let response = JsFuture::from(window().fetch_with_str(address)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    Catalog::parse(&text).ok()
}
