//! A player in an element of the host page. It keeps its state to itself: it uses none of the
//! document's address, title and storage.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object};
use tcp_handshake::app::host::{self, Fields, Reporter, Request};
use tcp_handshake::app::{Action, AppState, Look, Play, reduce};
use tcp_handshake::link::{Link, Theme};
use tcp_handshake::locale::{self, LANGUAGES};
use tcp_handshake::ui::js_value::{JsFields, to_js};
use tcp_handshake::ui::mounted::{MountedProps, Seat, SeatProps};
use tcp_handshake::ui::page::{Extent, Page, PageParts, Shared};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, window};
use yew::{AppHandle, Callback, Renderer};

use crate::values::{Argument, error, link_of, text_of};

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
/// Names the argument or the field of the options that is invalid.
#[wasm_bindgen]
pub fn mount(element: &JsValue, options: &JsValue) -> Result<Player, JsValue> {
    let element = element
        .dyn_ref::<Element>()
        .ok_or_else(|| error("element: an element of the document is needed"))?;
    let link = link_of("options", options)?;
    let document = element.owner_document().ok_or("element: it has no document")?;
    let seat = FREE_SEATS.with_borrow_mut(|free| {
        let place =
            free.iter().position(|seat| seat.root.owner_document().as_ref() == Some(&document))?;
        Some(free.swap_remove(place))
    });
    let seat = match seat {
        Some(seat) => seat,
        None => TakenSeat::new(&document)?,
    };
    element.append_child(&seat.root)?;
    Ok(Player { inner: RefCell::new(Some(PlayerInner::new(seat, link))) })
}

thread_local! {
    /// The seats of players that were disposed of, for the next players.
    static FREE_SEATS: RefCell<Vec<TakenSeat>> = const { RefCell::new(vec![]) };
}

/// An element for a player, and the application in it.
struct TakenSeat {
    root: Element,
    app: AppHandle<Seat>,
    /// How many players it has had.
    count: u32,
}

impl TakenSeat {
    fn new(document: &Document) -> Result<Self, JsValue> {
        let root = document.create_element("div")?;
        let props = SeatProps { player: None, count: 0 };
        let app = Renderer::<Seat>::with_root_and_props(root.clone(), props).render();
        Ok(Self { root, app, count: 0 })
    }

    fn show(&mut self, player: Option<MountedProps>) {
        self.count += u32::from(player.is_none());
        self.app.update(SeatProps { player, count: self.count });
    }
}

/// A player. After `dispose` each of its methods throws.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Player {
    inner: RefCell<Option<Rc<PlayerInner>>>,
}

#[wasm_bindgen]
impl Player {
    /// Plays from the playhead; from the start if it is at the end.
    pub fn play(&self) -> Result<JsValue, JsValue> {
        self.act([Action::Play(Play::Start)])
    }

    /// Pauses at the playhead.
    pub fn pause(&self) -> Result<JsValue, JsValue> {
        self.act([Action::Play(Play::Pause)])
    }

    /// Plays or pauses.
    pub fn toggle(&self) -> Result<JsValue, JsValue> {
        self.act([Action::Play(Play::Toggle)])
    }

    /// Moves the playhead to milliseconds, `"S1.arrive"`, `"50%"`, `"300ms"` or `{ chapter: "next"
    /// }`.
    pub fn seek(&self, to: &JsValue) -> Result<JsValue, JsValue> {
        self.request("seek", &Argument { name: "to", value: to })
    }

    /// Moves the playhead by a number of steps, forward or back; by one step if none is given.
    pub fn step(&self, by: &JsValue) -> Result<JsValue, JsValue> {
        self.request("step", &Argument { name: "by", value: by })
    }

    /// Opens another run at its start: an id, a link's text, or an object of link parameters.
    pub fn load(&self, scenario: &JsValue) -> Result<JsValue, JsValue> {
        let link = link_of("scenario", scenario)?;
        let open = host::load_link(link, vec![], &self.inner()?.state.borrow());
        self.act([Action::Open(open)])
    }

    /// Adds an edit: `"drop:C1"`, or `{ op: "drop", seg: "C1" }`.
    pub fn edit(&self, edit: &JsValue) -> Result<JsValue, JsValue> {
        if edit.is_object() && !Array::is_array(edit) {
            return self.request("edit", &JsFields(edit.clone()));
        }
        self.request("edit", &Argument { name: "do", value: edit })
    }

    /// Undoes the last change.
    pub fn undo(&self) -> Result<JsValue, JsValue> {
        self.request("undo", &JsFields(JsValue::UNDEFINED))
    }

    /// Redoes the change that was undone last.
    pub fn redo(&self) -> Result<JsValue, JsValue> {
        self.request("redo", &JsFields(JsValue::UNDEFINED))
    }

    /// Undoes all changes and moves the playhead to the start.
    pub fn reset(&self) -> Result<JsValue, JsValue> {
        self.act(host::reset())
    }

    /// Sets the speed: 0.1, 0.25, 0.5, 1, 2 or 4 times the usual one.
    pub fn speed(&self, to: &JsValue) -> Result<JsValue, JsValue> {
        self.request("speed", &Argument { name: "to", value: to })
    }

    /// Sets the language.
    pub fn language(&self, to: &JsValue) -> Result<JsValue, JsValue> {
        self.request("language", &Argument { name: "to", value: to })
    }

    /// Sets the theme: light, dark, or that of the host page.
    pub fn theme(&self, to: &JsValue) -> Result<JsValue, JsValue> {
        self.request("theme", &Argument { name: "to", value: to })
    }

    /// The present state, as an object.
    #[wasm_bindgen(js_name = getState)]
    pub fn state(&self) -> Result<JsValue, JsValue> {
        self.act([])
    }

    /// Adds a listener for an event. A listener that was added twice is called once.
    pub fn on(&self, name: &JsValue, listener: &JsValue) -> Result<(), JsValue> {
        let (inner, name, listener) = self.listener(name, listener)?;
        inner.forget(name, &listener);
        inner.listeners.borrow_mut().push((name, listener));
        Ok(())
    }

    /// Removes a listener.
    pub fn off(&self, name: &JsValue, listener: &JsValue) -> Result<(), JsValue> {
        let (inner, name, listener) = self.listener(name, listener)?;
        inner.forget(name, &listener);
        Ok(())
    }

    /// Removes the player from the document, with everything that it added.
    pub fn dispose(&self) {
        if let Some(inner) = self.inner.take() {
            inner.listeners.borrow_mut().clear();
            inner.root.remove();
            if let Some(mut seat) = inner.seat.take() {
                seat.show(None);
                FREE_SEATS.with_borrow_mut(|free| free.push(seat));
            }
        }
    }
}

impl Player {
    fn inner(&self) -> Result<Rc<PlayerInner>, JsValue> {
        self.inner.borrow().clone().ok_or_else(|| error("player: it was disposed of"))
    }

    fn listener(
        &self,
        name: &JsValue,
        listener: &JsValue,
    ) -> Result<(Rc<PlayerInner>, &'static str, Function), JsValue> {
        let inner = self.inner()?;
        let asked = text_of("name", name)?;
        let name = EVENTS.into_iter().find(|name| *name == asked);
        let name = name.ok_or_else(|| {
            error(&format!("name: there is no such event; the events: {}", EVENTS.join(", ")))
        })?;
        let listener = listener.dyn_ref::<Function>();
        let listener = listener.ok_or_else(|| error("listener: a function is needed"))?;
        Ok((inner, name, listener.clone()))
    }

    /// Grants a request that has arguments.
    fn request(&self, name: &str, fields: &impl Fields) -> Result<JsValue, JsValue> {
        // Reading the fields can run a getter that calls the player again: nothing is borrowed.
        let state = self.inner()?.state.borrow().clone();
        let request = host::request(name, fields, &state);
        match request.map_err(|fault| error(&fault.message))? {
            Request::Act(actions) => self.act(actions),
            Request::Hello | Request::State | Request::Script => self.act([]),
        }
    }

    /// Dispatches actions, and returns the state after them.
    fn act(&self, actions: impl IntoIterator<Item = Action>) -> Result<JsValue, JsValue> {
        let inner = self.inner()?;
        for action in actions {
            inner.act(action);
        }
        let status = host::status(&inner.state.borrow());
        Ok(to_js(&status))
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.dispose();
    }
}

/// The shared state of a player, which callbacks refer to weakly.
struct PlayerInner {
    root: Element,
    state: RefCell<Shared<AppState>>,
    page: RefCell<Page>,
    /// The language of the text around the element.
    around: &'static str,
    /// `None` once the player was disposed of.
    seat: RefCell<Option<TakenSeat>>,
    reporter: RefCell<Reporter>,
    reported_at: Cell<f64>,
    listeners: RefCell<Vec<(&'static str, Function)>>,
}

impl core::fmt::Debug for PlayerInner {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PlayerInner").field("root", &self.root).finish_non_exhaustive()
    }
}

/// The properties that components share, with the catalog of a language.
fn page_in(lang: &'static str, dispatch: Callback<Action>) -> Page {
    let catalog = Shared::new(crate::catalog(lang));
    // The package has all texts built in.
    let (extent, want_all, load_again) = (Extent::Whole, Callback::noop(), Callback::noop());
    let lang = lang.to_owned();
    Page::new(PageParts { catalog, extent, want_all, load_again, lang, dispatch })
}

impl PlayerInner {
    fn new(seat: TakenSeat, link: Link) -> Rc<Self> {
        let root = seat.root.clone();
        root.set_class_name("tcp-handshake");
        let around = language_around(&root);
        let state = Shared::new(AppState::open(link, vec![]));
        let inner = Rc::new_cyclic(|inner: &std::rc::Weak<Self>| {
            let inner = inner.clone();
            let dispatch = Callback::from(move |action| {
                if let Some(inner) = inner.upgrade() {
                    inner.act(action);
                }
            });
            Self {
                root,
                page: RefCell::new(page_in(around, dispatch)),
                around,
                seat: RefCell::new(Some(seat)),
                reporter: RefCell::default(),
                reported_at: Cell::new(0.0),
                listeners: RefCell::default(),
                state: RefCell::new(state),
            }
        });
        inner.report();
        inner.draw();
        inner
    }

    /// Renders the player, and sets the attributes for the stylesheet and for screen readers.
    fn view(&self) -> MountedProps {
        let state = self.state.borrow().clone();
        let lang = state.link.view.lang.as_deref().and_then(locale::language);
        let lang = lang.map_or(self.around, |lang| lang.code);
        let mut page = self.page.borrow_mut();
        if page.lang != lang {
            let dispatch = page.dispatch.clone();
            *page = page_in(lang, dispatch);
        }
        // The element is the player's own, so its attributes can be set. Its languages are written
        // from left to right, whatever is written around it.
        let _ = self.root.set_attribute("lang", lang);
        let _ = self.root.set_attribute("dir", "ltr");
        let _ = match state.link.view.theme {
            Theme::Auto => self.root.remove_attribute("data-theme"),
            theme => self.root.set_attribute("data-theme", theme.id()),
        };
        MountedProps { state, page: page.clone() }
    }

    fn act(&self, action: Action) {
        // Only the page has a help dialog and full screen.
        if matches!(action, Action::Look(Look::Help(_) | Look::FullScreen)) {
            return;
        }
        let state = reduce(&self.state.borrow(), action);
        self.state.replace(Shared::new(state));
        self.draw();
        self.report();
    }

    fn draw(&self) {
        let view = self.view();
        if let Some(seat) = self.seat.borrow_mut().as_mut() {
            seat.show(Some(view));
        }
    }

    /// Calls the listeners. They may call the player again, so no borrow is held meanwhile.
    fn report(&self) {
        let state = self.state.borrow().clone();
        let mut events = self.reporter.borrow_mut().changes(&state);
        let now = js_sys::Date::now();
        let is_due = now - self.reported_at.get() >= f64::from(host::TIMEUPDATE_MILLIS);
        if (is_due || !state.is_playing())
            && let Some(event) = self.reporter.borrow_mut().time(&state)
        {
            self.reported_at.set(now);
            events.push(event);
        }
        for event in events {
            let (name, detail) = (event.name(), to_js(&event.detail()));
            let listeners = self.listeners.borrow().clone();
            for (_, listener) in listeners.iter().filter(|(wanted, _)| *wanted == name) {
                if let Err(fault) = listener.call1(&JsValue::UNDEFINED, &detail) {
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

/// The language of the text around an element, or else the browser's preferred one.
fn language_around(element: &Element) -> &'static str {
    let around = element.closest("[lang]").ok().flatten();
    let around = around.and_then(|element| element.get_attribute("lang"));
    let asked = window().map(|window| window.navigator().languages());
    let asked = asked.unwrap_or_default();
    let known = around.into_iter().chain(asked.iter().filter_map(|tag| tag.as_string()));
    let mut known = known.filter_map(|tag| locale::language(&tag));
    known.next().map_or(LANGUAGES[0].code, |language| language.code)
}
