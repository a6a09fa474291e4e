//! The address bar, which always holds the link to the present view.

use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::app::{Action, AppState, Look, Open};
use crate::link::{Link, Problem, View};
use crate::ui::page::Shared;
use crate::ui::store::Store;

/// How long the state must stay unchanged before the address is updated, in milliseconds. Browsers
/// limit how often a page may change its address.
const SETTLED_MILLIS: u32 = 250;

/// The state of the browser's history during a first visit.
const NEW: &str = "new";

/// Reads the link in the address bar, and its problems.
pub fn read() -> (Link, Vec<Problem>) {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    let fragment = fragment();
    Link::parse(&query, &fragment)
}

/// Whether the viewer came without a link to a run: the address has only what says how it looks, or
/// it is the one that the page wrote at the viewer's first visit, which goes on.
pub fn names_no_run(link: &Link) -> bool {
    let View { lang, theme, .. } = link.view.clone();
    let plain = Link { view: View { lang, theme, ..View::default() }, ..Link::default() };
    let is_bare = !fragment().contains("scenario=");
    let goes_on = || window().history().and_then(|it| it.state()).is_ok_and(|it| it == NEW);
    *link == plain && (is_bare || goes_on())
}

/// The complete address of a link.
pub fn address(link: &Link) -> String {
    let link = link.clone().without_tempo();
    let location = window().location();
    let base = location.href().unwrap_or_default();
    let base = base.split(['#', '?']).next().unwrap_or_default();
    format!("{base}#{link}")
}

/// Updates the address after every change except the passing of time, and follows it when the
/// viewer changes it.
#[hook]
pub fn use_address(state: &AppState, store: &Shared<Store>, dispatch: Callback<Action>) {
    let stands_at = (!state.is_playing()).then_some(state.playhead.at);
    let store = store.clone();
    let known = use_mut_ref(fragment);
    let is_new = state.is_new && !state.show_future;
    let last = use_mut_ref(|| (state.openings, String::new()));
    use_effect_with((state.link.clone(), state.asked(), stands_at), {
        let known = Rc::clone(&known);
        let openings = state.openings;
        move |_| {
            let link = store.now().link_now().without_tempo();
            let before = last.replace((openings, link.to_string()));
            // Another run is a step of the browser's history, but not of the page around a frame.
            if before.0 != openings && !link.view.embed {
                write(&before.1, is_new, false);
                write(&link.to_string(), is_new, true);
                *known.borrow_mut() = fragment();
            }
            let write = Timeout::new(SETTLED_MILLIS, move || {
                // The viewer has just changed the address, and its event has not arrived yet.
                let is_known = *known.borrow() == fragment();
                if is_known {
                    write(&store.now().link_now().without_tempo().to_string(), is_new, false);
                }
                *known.borrow_mut() = fragment();
            });
            move || drop(write)
        }
    });
    use_effect_with((), move |()| {
        let listener = EventListener::new(&window(), "hashchange", move |_| {
            *known.borrow_mut() = fragment();
            let (link, problems) = read();
            let asked = link.view.quiz;
            dispatch.emit(Action::Open(Open::Link(Box::new(link.with_tempo()), problems)));
            if asked.is_some() {
                dispatch.emit(Action::Look(Look::Quiz(true)));
            }
        });
        move || drop(listener)
    });
}

fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Writes a link into the address bar, as a step of the browser's history or in place of the
/// present one.
fn write(link: &str, is_new: bool, is_step: bool) {
    let Ok(history) = window().history() else { return };
    let path = window().location().pathname().unwrap_or_default();
    let url = format!("{path}#{link}");
    // A sandboxed page may not change its address. The page works all the same.
    let state = if is_new { JsValue::from_str(NEW) } else { JsValue::NULL };
    let _ = if is_step {
        history.push_state_with_url(&state, "", Some(&url))
    } else {
        history.replace_state_with_url(&state, "", Some(&url))
    };
}
