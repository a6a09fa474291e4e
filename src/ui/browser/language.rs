//! The texts of the page. Each language has a file for the player, `start.json`, and one for the
//! rest of the page, `page.json`. The player's English texts are built in; the other files are
//! fetched.

use std::cell::Cell;
use std::rc::Rc;

use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use yew::prelude::*;

use crate::locale::{self, Catalog};
use crate::ui::browser::program;
use crate::ui::page::{Extent, Shared};

/// The first of the browser's preferred languages in which the page is available.
pub fn preferred() -> &'static str {
    let asked = window().navigator().languages();
    asked
        .iter()
        .filter_map(|tag| tag.as_string())
        .find_map(|tag| locale::language(&tag))
        .map_or("en", |language| language.code)
}

/// The texts of the page as they load.
pub struct PageTexts {
    /// The catalog: the previous language's while a language loads, and none before the first has
    /// loaded.
    pub catalog: Option<Shared<Catalog>>,
    /// Which texts the catalog has.
    pub extent: Extent,
    /// Whether a file of the language failed to load, so that English is used instead.
    pub has_failed: bool,
    /// Loads the texts of the whole page, unless they have been asked for before.
    pub want_all: Callback<()>,
    /// Loads the texts of the whole page anew, after a failure.
    pub load_again: Callback<()>,
}

/// The texts in a language: the player's, and with `wants_all`, or once `want_all` is called, those
/// of the whole page.
#[hook]
pub fn use_catalog(code: &str, wants_all: bool) -> PageTexts {
    let loaded = use_state(|| (code == "en").then(built_in));
    let has_failed = use_state(|| false);
    // How often the texts of the whole page were asked for: as drawn, and as the callbacks count,
    // which may be called several times before the page is drawn again.
    let attempt = use_state_eq(|| u32::from(wants_all));
    let attempts = use_mut_ref(|| u32::from(wants_all));
    // The player's texts alone never replace those of the whole page.
    let is_shown = use_mut_ref(|| loaded.is_some());
    {
        let (loaded, has_failed) = (loaded.clone(), has_failed.clone());
        use_effect_with((code.to_owned(), *attempt), move |(code, attempt)| {
            let (code, wants_all) = (code.clone(), *attempt > 0);
            let is_wanted = Rc::new(Cell::new(true));
            let was_wanted = Rc::clone(&is_wanted);
            yew::platform::spawn_local(async move {
                let started = start(&code).await;
                // Another language may have been chosen while this one loaded.
                if !is_wanted.get() {
                    return;
                }
                let spoken = if started.is_some() { code.as_str() } else { "en" };
                let mut is_complete = started.is_some();
                let started = started.unwrap_or_else(|| Catalog::english().clone());
                if !wants_all || !is_shown.replace(true) {
                    let extent = if wants_all { Extent::Loading } else { Extent::Player };
                    show(&loaded, started.clone(), extent, spoken);
                }
                if wants_all {
                    let (whole, has_all) = whole(&started, spoken).await;
                    if !is_wanted.get() {
                        return;
                    }
                    is_complete &= has_all;
                    let extent = if whole.is_some() { Extent::Whole } else { Extent::Failed };
                    show(&loaded, whole.unwrap_or(started), extent, spoken);
                }
                has_failed.set(!is_complete);
            });
            move || was_wanted.set(false)
        });
    }
    let extent = match &*loaded {
        Some((_, Extent::Player)) if *attempt > 0 => Extent::Loading,
        Some((_, extent)) => *extent,
        None => Extent::Loading,
    };
    let catalog = loaded.as_ref().map(|(catalog, _)| catalog.clone());
    let load_again = {
        let (attempt, attempts) = (attempt.setter(), Rc::clone(&attempts));
        use_callback((), move |(), ()| {
            *attempts.borrow_mut() += 1;
            attempt.set(*attempts.borrow());
        })
    };
    let want_all = use_callback(load_again.clone(), move |(), load_again| {
        if *attempts.borrow() == 0 {
            load_again.emit(());
        }
    });
    PageTexts { catalog, extent, has_failed: *has_failed, want_all, load_again }
}

type Loaded = Option<(Shared<Catalog>, Extent)>;

/// The English texts that are built in.
fn built_in() -> (Shared<Catalog>, Extent) {
    let extent = if cfg!(feature = "split") { Extent::Player } else { Extent::Whole };
    (Shared::new(Catalog::english().clone()), extent)
}

/// Shows the page in these texts, and names their language in the document.
fn show(loaded: &UseStateHandle<Loaded>, catalog: Catalog, extent: Extent, code: &str) {
    loaded.set(Some((Shared::new(catalog), extent)));
    if let Some(root) = document().document_element() {
        // The element is the document's own, so the attribute can be set.
        let _ = root.set_attribute("lang", code);
    }
}

/// The texts of the whole page, if they can be loaded, and whether they are in the language: if
/// not, those around the player are English.
async fn whole(start: &Catalog, code: &str) -> (Option<Catalog>, bool) {
    match with_rest(start, code).await {
        Some(whole) => (Some(whole), true),
        None if code == "en" => (None, false),
        None => (with_rest(start, "en").await, false),
    }
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

/// The texts of a file in a language, or in English if that language lacks them. They load once
/// they are needed.
#[hook]
pub fn use_words(file: &'static str, code: &str, is_wanted: bool) -> Words {
    let loaded = use_state_eq(|| Words::Loading);
    // The language of the texts that have loaded or are loading, so that they do not load again
    // when a panel is opened again.
    let asked = use_mut_ref(String::new);
    {
        let loaded = loaded.clone();
        use_effect_with((code.to_owned(), is_wanted), move |(code, is_wanted)| {
            if !is_wanted || *asked.borrow() == *code {
                return;
            }
            let code = code.clone();
            asked.replace(code.clone());
            yew::platform::spawn_local(async move {
                let own = fetch(&code, file).await;
                let is_own = own.is_some();
                let words = if is_own { own } else { fetch("en", file).await };
                // Another language may have been chosen while this one loaded.
                if *asked.borrow() != code {
                    return;
                }
                if !is_own {
                    asked.borrow_mut().clear();
                }
                loaded.set(words.map_or(Words::Failed, |words| Words::Ready(Shared::new(words))));
            });
        });
    }
    (*loaded).clone()
}

/// The texts of the whole page in a language; `None` if they could not be loaded.
pub async fn catalog(code: &str) -> Option<Catalog> {
    with_rest(&start(code).await?, code).await
}

/// The player's texts in a language; `None` if they could not be loaded.
async fn start(code: &str) -> Option<Catalog> {
    match code {
        "en" => Some(Catalog::english().clone()),
        code => fetch(code, "start").await,
    }
}

/// The player's texts with the rest of the page's, which may be in another language.
async fn with_rest(start: &Catalog, code: &str) -> Option<Catalog> {
    if code == "en" && cfg!(not(feature = "split")) {
        return Some(start.clone());
    }
    let rest = fetch_text(code, "page").await?;
    start.clone().with(&rest).ok()
}

/// A file of texts; `None` if it could not be loaded.
pub async fn fetch(code: &str, file: &str) -> Option<Catalog> {
    Catalog::parse(&fetch_text(code, file).await?).ok()
}

async fn fetch_text(code: &str, file: &str) -> Option<String> {
    let address = format!("{}/{code}/{file}.json", program::fact("words")?);
    let request = || JsFuture::from(window().fetch_with_str(&address));
    let response = match request().await {
        Ok(response) => response,
        // A preload that failed answers the first request, however much later that comes.
        Err(_) => request().await.ok()?,
    };
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}
