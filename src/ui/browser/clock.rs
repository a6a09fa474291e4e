//! Movement between two events: components are not drawn again, but write the new positions of
//! their moving parts into the document.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::app::{AppState, Playhead, glide};
use crate::time::Duration;
use crate::ui::page::Shared;

/// How often a text that counts is written, in the page's own ms: no eye reads faster.
const UNHURRIED_MILLIS: f64 = 100.0;
/// The same for what moves by less than a pixel a frame.
const SLOW_MILLIS: f64 = 30.0;

/// Something that moves with time: it is told where the viewer is.
pub type Mover = Box<dyn Fn(&Now)>;
/// The same, held by the clock.
type SharedMover = Rc<dyn Fn(&Now)>;

/// Where the viewer is.
#[derive(Clone, Copy)]
pub struct Now {
    /// The playhead.
    pub playhead: Playhead,
    /// Whether the page was just drawn, and is not between two drawings.
    pub is_drawn: bool,
}

/// The playhead between the state's own, which changes only with an event.
#[derive(Default)]
pub struct Clock {
    /// The state's own playhead.
    base: Cell<Playhead>,
    now: Cell<Playhead>,
    /// How much time has passed since the state's playhead.
    ahead: Cell<Duration>,
    movers: RefCell<Vec<(u32, SharedMover)>>,
    last_id: Cell<u32>,
}

impl Clock {
    /// Where the viewer is.
    pub fn now(&self) -> Playhead {
        self.now.get()
    }

    /// Starts from the state's playhead, and the time that has passed since.
    pub fn set(&self, state: &AppState) {
        let base = state.playhead;
        self.base.set(base);
        self.now.set(glide(state, base, self.ahead.get()).unwrap_or(base));
    }

    /// The time that has passed since the state's playhead, for the state to catch up.
    pub fn take_ahead(&self) -> Duration {
        self.ahead.take()
    }

    /// Lets time go on; gives all of it since the state's playhead back where the page must be
    /// drawn anew.
    pub fn go_on(&self, state: &AppState, span: Duration) -> Option<Duration> {
        let ahead = self.ahead.get() + span;
        let Some(playhead) = glide(state, self.base.get(), ahead) else {
            self.ahead.set(Duration::ZERO);
            return Some(ahead);
        };
        self.ahead.set(ahead);
        self.now.set(playhead);
        self.show(false);
        None
    }

    /// Lets everything move to where it is now.
    pub fn show(&self, is_drawn: bool) {
        let now = Now { playhead: self.now.get(), is_drawn };
        let movers: Vec<SharedMover> =
            self.movers.borrow().iter().map(|it| Rc::clone(&it.1)).collect();
        for mover in movers {
            mover(&now);
        }
    }

    fn add(&self, mover: SharedMover, is_first: bool) -> u32 {
        let id = self.last_id.get().wrapping_add(1);
        self.last_id.set(id);
        let mut movers = self.movers.borrow_mut();
        let place = if is_first { 0 } else { movers.len() };
        movers.insert(place, (id, mover));
        id
    }

    fn remove(&self, id: u32) {
        let mut movers = self.movers.borrow_mut();
        if let Some(place) = movers.iter().position(|it| it.0 == id) {
            movers.remove(place);
        }
    }
}

/// Calls `mover` after every drawing, and for every frame in between.
#[hook]
pub fn use_mover(clock: &Shared<Clock>, mover: Option<Mover>) {
    use_moving(clock, mover, false);
}

/// As [`use_mover`], but before the others have changed anything: for what reads the document.
#[hook]
pub fn use_first_mover(clock: &Shared<Clock>, mover: Mover) {
    use_moving(clock, Some(mover), true);
}

#[hook]
fn use_moving(clock: &Shared<Clock>, mover: Option<Mover>, is_first: bool) {
    let clock = clock.clone();
    use_effect(move || {
        let id = mover.map(|mover| {
            mover(&Now { playhead: clock.now(), is_drawn: true });
            clock.add(mover.into(), is_first)
        });
        move || {
            if let Some(id) = id {
                clock.remove(id);
            }
        }
    });
}

/// Where the viewer is, as often as an eye can read it; exact where time stands still.
#[hook]
pub fn use_unhurried(clock: &Shared<Clock>) -> Playhead {
    let shown = use_state_eq(|| clock.now());
    let setter = shown.setter();
    use_unhurried_mover(clock, Box::new(move |now| setter.set(now.playhead)));
    *shown
}

/// As [`use_mover`], for what no eye follows: a few times a second.
#[hook]
pub fn use_unhurried_mover(clock: &Shared<Clock>, mover: Mover) {
    use_at_most_every(UNHURRIED_MILLIS, clock, mover);
}

/// As [`use_mover`], for what moves slowly: not for every frame.
#[hook]
pub fn use_slow_mover(clock: &Shared<Clock>, mover: Mover) {
    use_at_most_every(SLOW_MILLIS, clock, mover);
}

#[hook]
fn use_at_most_every(span: f64, clock: &Shared<Clock>, mover: Mover) {
    let written = use_mut_ref(|| 0.0);
    use_mover(
        clock,
        Some(Box::new(move |now| {
            let millis = js_sys::Date::now();
            if now.is_drawn || millis - *written.borrow() >= span {
                *written.borrow_mut() = millis;
                mover(now);
            }
        })),
    );
}

/// Moves what a component drew, by a CSS transform: what has a layer of its own is not painted
/// anew.
pub fn transform(node: &NodeRef, value: &str) {
    if let Some(element) = node.get() {
        // The property is known, and so allowed.
        let _ = element.unchecked_ref::<HtmlElement>().style().set_property("transform", value);
    }
}

/// Writes an attribute of what a component drew.
pub fn write(node: &NodeRef, attribute: &str, value: &str) {
    if let Some(element) = node.get() {
        // Its name is one of ours, and so allowed.
        let _ = element.unchecked_ref::<Element>().set_attribute(attribute, value);
    }
}
