//! The page inside a host page: receives the host's requests, and reports changes to it.
//!
//! Messages are accepted from and sent to the parent window only. [`remote`] describes the format.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};
use yew::prelude::*;

use crate::app::remote::{self, Field, Fields, Message, Reporter, Request};
use crate::app::{Action, AppState};
use crate::ui::page::Shared;
use crate::ui::store::Store;

/// The parent window, if the page is in a frame.
fn host() -> Option<Window> {
    let own = window();
    window().parent().ok().flatten().filter(|parent| *parent != own)
}

/// Sends a message to any origin: nothing in it is secret, and a sandboxed host has no origin that
/// could be named.
fn tell(host: &Window, message: &str) {
    if let Ok(message) = js_sys::JSON::parse(message) {
        // A closed window ignores messages.
        let _ = host.post_message(&message, "*");
    }
}

/// Answers the parent window's messages once the page is ready, and reports changes to it.
#[hook]
pub fn use_host_page(
    state: &AppState,
    store: &Shared<Store>,
    is_ready: bool,
    dispatch: Callback<Action>,
) {
    let reporter = use_mut_ref(Reporter::default);
    let store = store.clone();
    use_effect_with(is_ready, {
        let store = store.clone();
        move |is_ready| {
            let host = host().filter(|_| *is_ready);
            let listener = host.map(|host| {
                tell(&host, &remote::greeting(&store.now()));
                listen(host, store, dispatch)
            });
            move || drop(listener)
        }
    });
    // The time until the playhead may be reported again.
    let pause = use_mut_ref(|| None::<Timeout>);
    let now = state.clone();
    use_effect(move || {
        let Some(host) = host().filter(|_| is_ready) else { return };
        for event in reporter.borrow_mut().changes(&now) {
            tell(&host, &event);
        }
        report_time(&host, &reporter, &pause, &store);
    });
}

type Pause = Rc<RefCell<Option<Timeout>>>;

/// Reports the playhead if it has changed, and checks again after [`remote::TIMEUPDATE_MILLIS`].
fn report_time(
    host: &Window,
    reporter: &Rc<RefCell<Reporter>>,
    pause: &Pause,
    store: &Shared<Store>,
) {
    if pause.borrow().is_some() {
        return;
    }
    let Some(event) = reporter.borrow_mut().time(&store.now()) else { return };
    tell(host, &event);
    let again = {
        let (host, reporter) = (host.clone(), Rc::clone(reporter));
        let (pause, store) = (Rc::downgrade(pause), store.clone());
        move || {
            let Some(pause) = pause.upgrade() else { return };
            pause.take();
            report_time(&host, &reporter, &pause, &store);
        }
    };
    pause.replace(Some(Timeout::new(remote::TIMEUPDATE_MILLIS, again)));
}

fn listen(host: Window, store: Shared<Store>, dispatch: Callback<Action>) -> EventListener {
    EventListener::new(&window(), "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        let is_hosts = event.source().is_some_and(|source| js_sys::Object::is(&source, &host));
        if !is_hosts {
            return;
        }
        let data = Data(event.data());
        // Messages of other programs are dropped before the costly conversion to JSON.
        if data.field(&["src"]) != Field::Text(remote::SOURCE.to_owned()) {
            return;
        }
        let Ok(json) = js_sys::JSON::stringify(&data.0) else { return };
        let message = remote::read(json.length() as usize, &data, &store.now());
        let Some(Message { seq, request }) = message else { return };
        let reply = match request {
            Ok(request) => {
                if let Request::Act(actions) = &request {
                    for action in actions {
                        dispatch.emit(action.clone());
                    }
                }
                remote::reply(seq, &request, &store.now())
            }
            Err(error) => remote::refusal(seq, &error),
        };
        tell(&host, &reply);
    })
}

/// A message. It is a structured clone, so its fields have no getters and never change.
struct Data(JsValue);

impl Fields for Data {
    fn field(&self, path: &[&str]) -> Field {
        let mut value = self.0.clone();
        for name in path {
            let found = value.is_object().then(|| Reflect::get(&value, &JsValue::from_str(name)));
            value = found.and_then(Result::ok).unwrap_or_default();
        }
        if let Some(text) = value.as_string() {
            Field::Text(text)
        } else if let Some(number) = value.as_f64().filter(|number| number.is_finite()) {
            Field::Number(number)
        } else if value.is_undefined() {
            Field::Missing
        } else {
            Field::Other
        }
    }
}
