//! The page's only animation loop.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Interval;
use gloo::utils::document;
use wasm_bindgen::prelude::*;
use web_sys::window;
use yew::prelude::*;

use crate::app::{Action, Play};
use crate::time::Duration;

/// The longest step of a single frame. After the page was suspended, the run goes on from where it
/// was instead of jumping.
const LONGEST_FRAME: Duration = Duration::from_millis(100);
/// How long each still picture is shown for viewers who prefer reduced motion, in milliseconds.
const STILL_MILLIS: u32 = 1_500;

/// Whether the viewer prefers reduced motion.
pub fn wants_no_motion() -> bool {
    window()
        .and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok().flatten())
        .is_some_and(|query| query.matches())
}

/// Moves the playhead while playing. A hidden page pauses and requests no frames.
#[hook]
pub fn use_playback(
    playing: bool,
    still: Option<bool>,
    advance: Callback<Duration>,
    dispatch: Callback<Action>,
) {
    let is_hidden = use_is_hidden();
    let runs = playing && !is_hidden;
    use_effect_with((runs, still), move |(runs, still)| {
        let clock = runs.then(|| {
            if still.unwrap_or_else(wants_no_motion) {
                let jump = move || dispatch.emit(Action::Play(Play::Advance));
                Clock::Still { _interval: Interval::new(STILL_MILLIS, jump) }
            } else {
                Clock::Frames(Frames::start(move |span| advance.emit(span.min(LONGEST_FRAME))))
            }
        });
        move || drop(clock)
    });
}

/// Whether the page is hidden, in a background tab or a minimized window.
#[hook]
fn use_is_hidden() -> bool {
    let is_hidden = use_state_eq(|| document().hidden());
    let setter = is_hidden.setter();
    use_effect_with((), move |()| {
        let listen = Closure::<dyn FnMut()>::new(move || setter.set(document().hidden()));
        let listener = listen.as_ref().unchecked_ref::<js_sys::Function>().clone();
        let change = "visibilitychange";
        // Every document accepts listeners.
        let _ = document().add_event_listener_with_callback(change, &listener);
        move || {
            let _ = document().remove_event_listener_with_callback(change, &listener);
            drop(listen);
        }
    });
    *is_hidden
}

/// The source of the playhead's movement; dropping it stops the movement.
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
            // Cancelling a frame that was never requested has no effect.
            let _ = window.cancel_animation_frame(self.handle.get());
        }
        // The loop may be dropped by its own callback, which must not be freed while it runs.
        if let Some(callback) = self.callback.borrow_mut().take() {
            gloo::timers::callback::Timeout::new(0, move || drop(callback)).forget();
        }
    }
}

fn request(callback: Option<&FrameCallback>) -> i32 {
    let Some((window, callback)) = window().zip(callback) else { return 0 };
    window.request_animation_frame(callback.as_ref().unchecked_ref()).unwrap_or(0)
}

/// Converts the browser's milliseconds.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a frame's length is small, and the cast saturates"
)]
fn micros(millis: f64) -> Duration {
    Duration::from_micros((millis * 1_000.0) as u64)
}
