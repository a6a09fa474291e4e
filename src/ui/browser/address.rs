//! The address bar, which always holds the link to the present view.

use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use yew::prelude::*;

use crate::app::{Action, AppState, Open};
use crate::link::{Link, Problem};
use crate::ui::page::Shared;
use crate::ui::store::Store;

/// How long the state must stay unchanged before the address is updated, in milliseconds. Browsers
/// limit how often a page may change its address.
const SETTLED_MILLIS: u32 = 250;

/// Reads the link in the address bar, and its problems.
pub fn read() -> (Link, Vec<Problem>) {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    let fragment = fragment();
    Link::parse(&query, &fragment)
}

/// The complete address of a link.
pub fn address(link: &Link) -> String {
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
    use_effect_with((state.link.clone(), stands_at), {
        let known = Rc::clone(&known);
        move |_| {
            let write = Timeout::new(SETTLED_MILLIS, move || {
                // The viewer has just changed the address, and its event has not arrived yet.
                let is_known = *known.borrow() == fragment();
                if is_known {
                    write(&store.now().link_now());
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
            dispatch.emit(Action::Open(Open::Link(Box::new(link), problems)));
        });
        move || drop(listener)
    });
}

fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

fn write(link: &Link) {
    let Ok(history) = window().history() else { return };
    let path = window().location().pathname().unwrap_or_default();
    let url = format!("{path}#{link}");
    // A sandboxed page may not change its address. The page works all the same.
    let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url));
}
