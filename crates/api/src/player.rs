//! A player in an element of the host page. Its state is its own: nothing of it is in the
//! document's address, title or storage.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, JSON, Object, Reflect};
use serde_json::{Map, Value};
use tcp_handshake::app::remote::{self, Reporter, Request};
use tcp_handshake::app::{Action, AppState, Look, reduce};
use tcp_handshake::link::{Link, Theme};
use tcp_handshake::locale::{self, LANGUAGES};
use tcp_handshake::ui::mounted::{Mounted, MountedProps};
use tcp_handshake::ui::page::{Page, PageParts, Shared};
use wasm_bindgen::prelude::*;
use web_sys::{Element, window};
use yew::{AppHandle, Callback, Renderer};

use crate::values::{error, fields_of, link_of, text_of};

/// The events of a player.
const EVENTS: [&str; 8] = [
    "play",
    "pause",
    "ended",
    "timeupdate",
    "event",
    "statechange",
    "segmentselect",
    "scriptchange",
];

/// Shows a player in an element of the document.
///
/// # Errors
///
/// The argument or the field of the options that is not understood.
#[wasm_bindgen]
pub fn mount(element: &JsValue, options: &JsValue) -> Result<Player, JsValue> {
    let element = element
        .dyn_ref::<Element>()
        .ok_or_else(|| error("element: an element of the document is needed"))?;
    let link = link_of("options", options)?;
    let root = element.owner_document().ok_or("element: it has no document")?;
    let root = root.create_element("div")?;
    root.set_class_name("tcp-handshake");
    element.append_child(&root)?;
    Ok(Player { show: RefCell::new(Some(Show::new(root, link))) })
}

/// A player. After `dispose` each of its methods throws.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Player {
    show: RefCell<Option<Rc<Show>>>,
}

#[wasm_bindgen]
impl Player {
    /// Plays from here; from the start where the end was reached.
    pub fn play(&self) -> Result<JsValue, JsValue> {
        self.ask("play", Map::new())
    }

    /// Stops here.
    pub fn pause(&self) -> Result<JsValue, JsValue> {
        self.ask("pause", Map::new())
    }

    /// Plays or pauses.
    pub fn toggle(&self) -> Result<JsValue, JsValue> {
        self.ask("toggle", Map::new())
    }

    /// Goes to milliseconds, `"S1.arrive"`, `"50%"`, `"300ms"` or `{ chapter: "next" }`.
    pub fn seek(&self, to: &JsValue) -> Result<JsValue, JsValue> {
        self.ask("seek", fields_of("to", to)?)
    }

    /// Goes so many steps forward or back; one where it is not said.
    pub fn step(&self, by: &JsValue) -> Result<JsValue, JsValue> {
        self.ask("step", fields_of("by", by)?)
    }

    /// Shows another run from its start: an id, a link's text, or an object of its parameters.
    pub fn load(&self, scenario: &JsValue) -> Result<JsValue, JsValue> {
        let link = link_of("scenario", scenario)?;
        let script = Value::String(link.to_string());
        self.ask("load", [("script".to_owned(), script)].into_iter().collect())
    }

    /// Changes the run: `"drop:C1"`, or `{ op: "drop", seg: "C1" }`.
    pub fn edit(&self, edit: &JsValue) -> Result<JsValue, JsValue> {
        let fields = fields_of("do", edit)?;
        match fields.get("do") {
            Some(Value::Object(parts)) => self.ask("edit", parts.clone()),
            _ => self.ask("edit", fields),
        }
    }

    /// Takes the last change back.
    pub fn undo(&self) -> Result<JsValue, JsValue> {
        self.ask("undo", Map::new())
    }

    /// Makes the change again that was taken back.
    pub fn redo(&self) -> Result<JsValue, JsValue> {
        self.ask("redo", Map::new())
    }

    /// Takes all changes back, and goes to the start.
    pub fn reset(&self) -> Result<JsValue, JsValue> {
        self.ask("reset", Map::new())
    }

    /// Plays at 0.1, 0.25, 0.5, 1, 2 or 4 times the usual speed.
    pub fn speed(&self, to: &JsValue) -> Result<JsValue, JsValue> {
        self.ask("speed", fields_of("to", to)?)
    }

    /// Speaks another language.
    pub fn language(&self, to: &JsValue) -> Result<JsValue, JsValue> {
        self.ask("language", fields_of("to", to)?)
    }

    /// Is light, dark, or as the page around it.
    pub fn theme(&self, to: &JsValue) -> Result<JsValue, JsValue> {
        self.ask("theme", fields_of("to", to)?)
    }

    /// Where it is.
    #[wasm_bindgen(js_name = getState)]
    pub fn state(&self) -> Result<JsValue, JsValue> {
        self.ask("getState", Map::new())
    }

    /// Calls back on an event. The same listener is called once, however often it was added.
    pub fn on(&self, name: &JsValue, listener: &JsValue) -> Result<(), JsValue> {
        let (show, name, listener) = self.listener(name, listener)?;
        show.forget(name, &listener);
        show.listeners.borrow_mut().push((name, listener));
        Ok(())
    }

    /// Calls back no longer.
    pub fn off(&self, name: &JsValue, listener: &JsValue) -> Result<(), JsValue> {
        let (show, name, listener) = self.listener(name, listener)?;
        show.forget(name, &listener);
        Ok(())
    }

    /// Takes the player out of the document. Nothing of it stays.
    pub fn dispose(&self) {
        if let Some(show) = self.show.take() {
            show.listeners.borrow_mut().clear();
            if let Some(app) = show.app.take() {
                app.destroy();
            }
            show.root.remove();
        }
    }
}

impl Player {
    fn show(&self) -> Result<Rc<Show>, JsValue> {
        self.show.borrow().clone().ok_or_else(|| error("player: it was disposed of"))
    }

    fn listener(
        &self,
        name: &JsValue,
        listener: &JsValue,
    ) -> Result<(Rc<Show>, &'static str, Function), JsValue> {
        let show = self.show()?;
        let asked = text_of("name", name)?;
        let name = EVENTS.into_iter().find(|name| *name == asked);
        let name = name.ok_or_else(|| {
            error(&format!("name: there is no such event; the events: {}", EVENTS.join(", ")))
        })?;
        let listener = listener.dyn_ref::<Function>();
        let listener = listener.ok_or_else(|| error("listener: a function is needed"))?;
        Ok((show, name, listener.clone()))
    }

    fn ask(&self, name: &str, mut fields: Map<String, Value>) -> Result<JsValue, JsValue> {
        let show = self.show()?;
        fields.insert("type".to_owned(), Value::String(name.to_owned()));
        let request = remote::request(&fields, &show.state.borrow());
        let request = request.map_err(|fault| error(&fault.message))?;
        if let Request::Act(actions) = request {
            for action in actions {
                show.act(action);
            }
        }
        let state = remote::state(&show.state.borrow());
        JSON::parse(&state)
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.dispose();
    }
}

/// The parts of a player.
struct Show {
    root: Element,
    state: RefCell<AppState>,
    page: RefCell<Page>,
    /// The language of the text around.
    around: &'static str,
    app: RefCell<Option<AppHandle<Mounted>>>,
    reporter: RefCell<Reporter>,
    told: Cell<f64>,
    listeners: RefCell<Vec<(&'static str, Function)>>,
}

impl core::fmt::Debug for Show {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Show").field("root", &self.root).finish_non_exhaustive()
    }
}

/// The words in a language, and the way to act.
fn page_in(lang: &'static str, dispatch: Callback<Action>) -> Page {
    let catalog = Shared::new(crate::catalog(lang));
    Page::new(PageParts { catalog, lang: lang.to_owned(), dispatch })
}

impl Show {
    fn new(root: Element, link: Link) -> Rc<Self> {
        let around = language_around(&root);
        let state = AppState::open(link, vec![]);
        let show = Rc::new_cyclic(|show: &std::rc::Weak<Self>| {
            let show = show.clone();
            let dispatch = Callback::from(move |action| {
                if let Some(show) = show.upgrade() {
                    show.act(action);
                }
            });
            Self {
                root,
                page: RefCell::new(page_in(around, dispatch)),
                around,
                app: RefCell::default(),
                reporter: RefCell::default(),
                told: Cell::new(0.0),
                listeners: RefCell::default(),
                state: RefCell::new(state),
            }
        });
        show.report();
        let renderer = Renderer::with_root_and_props(show.root.clone(), show.view());
        show.app.replace(Some(renderer.render()));
        show
    }

    /// Draws the player, and sets the attributes for the stylesheet and for screen readers.
    fn view(&self) -> MountedProps {
        let state = self.state.borrow().clone();
        let lang = state.link.view.lang.as_deref().and_then(locale::language);
        let lang = lang.map_or(self.around, |lang| lang.code);
        let mut page = self.page.borrow_mut();
        if page.lang != lang {
            let dispatch = page.dispatch.clone();
            *page = page_in(lang, dispatch);
        }
        // The element is our own: its attributes can be set.
        let _ = self.root.set_attribute("lang", lang);
        let _ = match state.link.view.theme {
            Theme::Auto => self.root.remove_attribute("data-theme"),
            theme => self.root.set_attribute("data-theme", theme.id()),
        };
        MountedProps { state: Shared::new(state), page: page.clone() }
    }

    fn act(&self, action: Action) {
        // The page alone has help and full screen.
        if matches!(action, Action::Look(Look::Help(_) | Look::FullScreen)) {
            return;
        }
        let state = reduce(&self.state.borrow(), action);
        self.state.replace(state);
        let view = self.view();
        if let Some(app) = self.app.borrow_mut().as_mut() {
            app.update(view);
        }
        self.report();
    }

    /// Calls the listeners. They may call the player again, so nothing is borrowed meanwhile.
    fn report(&self) {
        let state = self.state.borrow().clone();
        let mut events = self.reporter.borrow_mut().changes(&state);
        let now = js_sys::Date::now();
        let is_due = now - self.told.get() >= f64::from(remote::TIMEUPDATE_MILLIS);
        if (is_due || !state.is_playing())
            && let Some(event) = self.reporter.borrow_mut().time(&state)
        {
            self.told.set(now);
            events.push(event);
        }
        for event in events {
            let Ok(event) = JSON::parse(&event) else { continue };
            let name = Reflect::get(&event, &"type".into()).ok().and_then(|name| name.as_string());
            for envelope in ["src", "v"] {
                // It is a plain object.
                let _ = Reflect::delete_property(event.unchecked_ref::<Object>(), &envelope.into());
            }
            let listeners = self.listeners.borrow().clone();
            for (_, listener) in
                listeners.iter().filter(|(wanted, _)| name.as_deref() == Some(wanted))
            {
                if let Err(fault) = listener.call1(&JsValue::UNDEFINED, &event) {
                    report_error(&fault);
                }
            }
        }
    }

    fn forget(&self, name: &str, listener: &Function) {
        let is_other = |it: &(&str, Function)| it.0 != name || !Object::is(&it.1, listener);
        self.listeners.borrow_mut().retain(is_other);
    }
}

#[wasm_bindgen]
extern "C" {
    /// Reports a listener's exception as if the browser itself had called it.
    #[wasm_bindgen(js_name = reportError)]
    fn report_error(fault: &JsValue);
}

/// The language of the text around an element, else the first that the reader's browser asks for.
fn language_around(element: &Element) -> &'static str {
    let around = element.closest("[lang]").ok().flatten();
    let around = around.and_then(|element| element.get_attribute("lang"));
    let asked = window().map(|window| window.navigator().languages());
    let asked = asked.unwrap_or_default();
    let known = around.into_iter().chain(asked.iter().filter_map(|tag| tag.as_string()));
    let mut known = known.filter_map(|tag| locale::language(&tag));
    known.next().map_or(LANGUAGES[0].code, |language| language.code)
}
