//! The clock of the page: the one `requestAnimationFrame` loop.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Interval;
use gloo::utils::document;
use wasm_bindgen::prelude::*;
use web_sys::window;
use yew::prelude::*;

use crate::app::{Action, Play};
use crate::time::Duration;

/// The longest that one frame moves: a page that slept does not jump.
const LONGEST_FRAME: Duration = Duration::from_millis(100);
/// How long each picture stands where the viewer wants no motion.
const STILL_MILLIS: u32 = 1_500;

/// Whether the viewer wants no motion.
pub fn wants_no_motion() -> bool {
    window()
        .and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok().flatten())
        .is_some_and(|query| query.matches())
}

/// Moves the playhead while playing; a hidden page stands still, and asks for nothing.
#[hook]
pub fn use_playback(
    playing: bool,
    still: Option<bool>,
    go_on: Callback<Duration>,
    dispatch: Callback<Action>,
) {
    let is_hidden = use_is_hidden();
    let runs = playing && !is_hidden;
    use_effect_with((runs, still), move |(runs, still)| {
        let clock = runs.then(|| {
            if still.unwrap_or_else(wants_no_motion) {
                let advance = move || dispatch.emit(Action::Play(Play::Advance));
                Clock::Still { _interval: Interval::new(STILL_MILLIS, advance) }
            } else {
                Clock::Frames(Frames::start(move |span| go_on.emit(span.min(LONGEST_FRAME))))
            }
        });
        move || drop(clock)
    });
}

/// Whether the page is hidden: in a tab behind another, or in a window that is put away.
#[hook]
fn use_is_hidden() -> bool {
    let is_hidden = use_state_eq(|| document().hidden());
    let setter = is_hidden.setter();
    use_effect_with((), move |()| {
        let listen = Closure::<dyn FnMut()>::new(move || setter.set(document().hidden()));
        let listener = listen.as_ref().unchecked_ref::<js_sys::Function>().clone();
        let change = "visibilitychange";
        // A listener can be added to any document, and taken from it.
        let _ = document().add_event_listener_with_callback(change, &listener);
        move || {
            let _ = document().remove_event_listener_with_callback(change, &listener);
            drop(listen);
        }
    });
    *is_hidden
}

/// What drives the playhead; it stops when it is dropped.
enum Clock {
    Still { _interval: Interval },
    Frames(#[allow(dead_code, reason = "held for its Drop")] Frames),
}

type FrameCallback = Closure<dyn FnMut(f64)>;

/// A running `requestAnimationFrame` loop.
struct Frames {
    handle: Rc<Cell<i32>>,
    callback: Rc<RefCell<Option<FrameCallback>>>,
}

impl Frames {
    fn start(on_frame: impl Fn(Duration) + 'static) -> Self {
        let frames = Self { handle: Rc::default(), callback: Rc::default() };
        let (handle, callback) = (Rc::clone(&frames.handle), Rc::downgrade(&frames.callback));
        let mut last: Option<f64> = None;
        *frames.callback.borrow_mut() = Some(Closure::new(move |now: f64| {
            if let Some(callback) = callback.upgrade() {
                handle.set(request(callback.borrow().as_ref()));
            }
            let elapsed = last.replace(now).map_or(0.0, |last| now - last);
            on_frame(micros(elapsed));
        }));
        frames.handle.set(request(frames.callback.borrow().as_ref()));
        frames
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let Some(window) = window() {
            // A frame that was not asked for cannot be cancelled, and need not be.
            let _ = window.cancel_animation_frame(self.handle.get());
        }
        // The loop may be dropped from inside its own frame: the browser lets go of it first.
        if let Some(callback) = self.callback.borrow_mut().take() {
            gloo::timers::callback::Timeout::new(0, move || drop(callback)).forget();
        }
    }
}

fn request(callback: Option<&FrameCallback>) -> i32 {
    let Some((window, callback)) = window().zip(callback) else { return 0 };
    window.request_animation_frame(callback.as_ref().unchecked_ref()).unwrap_or(0)
}

/// The browser's milliseconds.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a frame's length is small, and the cast saturates"
)]
fn micros(millis: f64) -> Duration {
    Duration::from_micros((millis * 1_000.0) as u64)
}
