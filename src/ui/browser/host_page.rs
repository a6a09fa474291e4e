//! The page inside a host page: receives the host's requests, and reports changes to it.
//!
//! Messages are accepted from and sent to the parent window only. The format is that of
//! [`app::host`](crate::app::host).

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, Window};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::app::host::{self, Field, Fields, Message, Object, Reporter, Request};
use crate::app::{Action, AppState};
use crate::ui::browser::js_value::{JsFields, to_js};
use crate::ui::late::{self, Connect, Report};
use crate::ui::page::Shared;
use crate::ui::store::Store;

/// The parent window, if the page is in a frame.
fn parent() -> Option<Window> {
    let own = window();
    window().parent().ok().flatten().filter(|parent| *parent != own)
}

/// Sends a message to any origin: nothing in it is secret, and a sandboxed host has no origin that
/// could be named.
fn send(host: &Window, message: &Object) {
    // A closed window ignores messages.
    let _ = host.post_message(&to_js(message), "*");
}

/// The way to the host page.
#[derive(Default)]
enum Connection {
    #[default]
    None,
    /// The code for it is loading.
    Asked,
    /// Reports the changes of the state.
    Open(Report),
}

/// Answers the parent window's messages once the page is ready, and reports changes to it. The code
/// for that is loaded in a frame only. If it cannot be loaded, the next change tries again.
#[hook]
pub fn use_host_page(
    state: &Rc<AppState>,
    store: &Shared<Store>,
    is_ready: bool,
    dispatch: Callback<Action>,
) {
    let connection = use_mut_ref(Connection::default);
    let (now, store) = (Rc::clone(state), store.clone());
    use_effect(move || {
        let Some(host) = parent().filter(|_| is_ready) else { return };
        match &*connection.borrow() {
            Connection::Open(report) => return report(&now),
            Connection::Asked => return,
            Connection::None => {}
        }
        connection.replace(Connection::Asked);
        spawn_local(async move {
            let connect = late::host_page().await;
            let open = |connect: Connect| Connection::Open(connect(host, store, dispatch));
            connection.replace(connect.map_or(Connection::None, open));
        });
    });
}

/// Greets the host page and hears its requests. Returns what reports changes to it.
pub fn connect(host: Window, store: Shared<Store>, dispatch: Callback<Action>) -> Report {
    send(&host, &host::greeting(&store.now()));
    let listener = listen(host.clone(), store.clone(), dispatch);
    let reporter = Rc::new(RefCell::new(Reporter::default()));
    // The time until the playhead may be reported again.
    let pause = Pause::default();
    let first = store.state();
    let report = move |now: &AppState| {
        // It hears the host as long as it reports.
        let _ = &listener;
        for event in reporter.borrow_mut().changes(now) {
            send(&host, &event.message());
        }
        report_time(&host, &reporter, &pause, &store);
    };
    // What the greeting has said is not a change.
    report(&first);
    Box::new(report)
}

type Pause = Rc<RefCell<Option<Timeout>>>;

/// Reports the playhead if it has changed, and checks again after [`host::TIMEUPDATE_MILLIS`].
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
    send(host, &event.message());
    let again = {
        let (host, reporter) = (host.clone(), Rc::clone(reporter));
        let (pause, store) = (Rc::downgrade(pause), store.clone());
        move || {
            let Some(pause) = pause.upgrade() else { return };
            pause.take();
            report_time(&host, &reporter, &pause, &store);
        }
    };
    pause.replace(Some(Timeout::new(host::TIMEUPDATE_MILLIS, again)));
}

fn listen(host: Window, store: Shared<Store>, dispatch: Callback<Action>) -> EventListener {
    EventListener::new(&window(), "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        let is_hosts = event.source().is_some_and(|source| js_sys::Object::is(&source, &host));
        if !is_hosts {
            return;
        }
        // The data is a structured clone, so its fields have no getters and never change.
        let data = JsFields(event.data());
        // Messages of other programs are dropped before the costly conversion to JSON.
        if data.field(&["src"]) != Field::Text(host::SOURCE.to_owned()) {
            return;
        }
        // A structured clone may have cycles and numbers that JSON does not have.
        let length = js_sys::JSON::stringify(&data.0).map(|json| json.length() as usize).ok();
        let message = host::read(length, &data, &store.now());
        let Some(Message { seq, request }) = message else { return };
        let reply = match request {
            Ok(request) => {
                if let Request::Act(actions) = &request {
                    for action in actions {
                        dispatch.emit(action.clone());
                    }
                }
                host::reply(seq, &request, &store.now())
            }
            Err(error) => host::refusal(seq, &error),
        };
        send(&host, &reply);
    })
}
