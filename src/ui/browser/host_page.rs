//! The page inside another page: what the other asks for, and what it is told.
//!
//! Only the window around this one is obeyed, and only it is told. The format is
//! [`remote`]'s.

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

/// The window around this one, if there is one.
fn host() -> Option<Window> {
    let own = window();
    window().parent().ok().flatten().filter(|parent| *parent != own)
}

/// Nothing that is told is secret, and a sandboxed host has no origin that could be named.
fn tell(host: &Window, message: &str) {
    if let Ok(message) = js_sys::JSON::parse(message) {
        // A host that is gone hears nothing.
        let _ = host.post_message(&message, "*");
    }
}

/// Listens to the window around this one from when the page can be used, and tells it of changes.
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
    // Between two reports of the time.
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

/// Tells the time if it has changed, and again after a while if it has changed by then.
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
        // What is not ours is not even written out.
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

/// A message: a copy, so that nothing in it is a getter or changes.
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
