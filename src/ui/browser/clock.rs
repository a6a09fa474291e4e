//! Animation between two events. Components do not render again: callbacks, called movers, write
//! the new positions of moving parts straight into the document.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::app::{AppState, Playhead, glide};
use crate::time::Duration;
use crate::ui::page::Shared;

/// The least time between two updates of a running number, in milliseconds of real time: a viewer
/// cannot read faster changes.
const TEXT_MILLIS: f64 = 100.0;
/// The least time between two updates of a part that moves less than a pixel a frame.
const SLOW_MILLIS: f64 = 30.0;

/// A callback that moves one part of the picture to the moment shown.
pub type Mover = Box<dyn Fn(&Now)>;
/// A mover as the clock keeps it.
type SharedMover = Rc<dyn Fn(&Now)>;

/// The moment shown, as a [`Mover`] receives it.
#[derive(Clone, Copy)]
pub struct Now {
    /// The playhead.
    pub playhead: Playhead,
    /// Whether the component has just rendered, as opposed to a frame between two renderings.
    pub is_drawn: bool,
}

/// The playhead shown, which runs ahead of the state's playhead between two events.
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
    /// The playhead shown.
    pub fn now(&self) -> Playhead {
        self.now.get()
    }

    /// Starts again from the state's playhead, plus the real time that has passed since.
    pub fn set(&self, state: &AppState) {
        let base = state.playhead;
        self.base.set(base);
        self.now.set(glide(state, base, self.ahead.get()).unwrap_or(base));
    }

    /// Takes the real time that has passed since the state's playhead, so that the state can catch
    /// up.
    pub fn take_ahead(&self) -> Duration {
        self.ahead.take()
    }

    /// Advances by an amount of real time. If an event is due, so that the page must render again,
    /// returns all the time since the state's playhead instead.
    pub fn advance(&self, state: &AppState, span: Duration) -> Option<Duration> {
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

    /// Shows a moment of another clock.
    pub fn follow(&self, playhead: Playhead, is_drawn: bool) {
        self.base.set(playhead);
        self.now.set(playhead);
        self.show(is_drawn);
    }

    /// Calls every mover with the moment shown.
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

/// Calls `mover` after every rendering of the calling component, and in every frame in between.
#[hook]
pub fn use_mover(clock: &Shared<Clock>, mover: Option<Mover>) {
    use_moving(clock, mover, false);
}

/// Like [`use_mover`], but runs before all other movers. Reading the layout is cheap then; once
/// they have changed the document, the browser must compute it again.
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

/// The playhead shown, a few times a second while playing, and exact while paused.
#[hook]
pub fn use_text_playhead(clock: &Shared<Clock>) -> Playhead {
    let shown = use_state_eq(|| clock.now());
    let setter = shown.setter();
    use_text_mover(clock, Box::new(move |now| setter.set(now.playhead)));
    *shown
}

/// Like [`use_mover`], but runs only a few times a second: for running numbers.
#[hook]
pub fn use_text_mover(clock: &Shared<Clock>, mover: Mover) {
    use_at_most_every(TEXT_MILLIS, clock, mover);
}

/// Like [`use_mover`], but not in every frame: for parts that move slowly.
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

/// Moves a rendered element by a CSS transform. An element with a layer of its own is then not
/// painted again.
pub fn transform(node: &NodeRef, value: &str) {
    if let Some(element) = node.get() {
        // The property is valid, so it can be set.
        let _ = element.unchecked_ref::<HtmlElement>().style().set_property("transform", value);
    }
}

/// Sets an attribute of a rendered element.
pub fn write(node: &NodeRef, attribute: &str, value: &str) {
    if let Some(element) = node.get() {
        // The attribute's name is valid, so it can be set.
        let _ = element.unchecked_ref::<Element>().set_attribute(attribute, value);
    }
}
