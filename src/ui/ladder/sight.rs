//! The visible part of a ladder: of a long run, only that part is drawn.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::flight::Flight;
use super::frame::Room;
use super::px::Px;

/// A run with more segments than this is drawn only where it is visible.
const LONG: usize = 200;
/// The visible part changes in steps of this many pixels, so that scrolling rarely renders again.
const STEP: i32 = 256;

/// The parts of the ladder that are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    parts: [(Px, Px); 2],
}

impl Sight {
    /// Whether anything between two heights is visible.
    pub fn has(&self, from: Px, to: Px) -> bool {
        self.parts.iter().any(|part| from <= part.1 && part.0 <= to)
    }

    /// Whether the run is so long that only the visible part is drawn.
    pub fn is_long(&self) -> bool {
        self.parts[0].0 != Px::MIN
    }

    /// Whether a segment is drawn.
    pub fn shows(&self, flight: &Flight) -> bool {
        let (top, bottom) = flight.extent();
        self.has(top, bottom)
    }
}

/// The visible part of a scrolling box: the part around its scroll position, and the part around
/// `now`, where it may scroll next. The callback handles its scroll
/// events.
#[hook]
pub fn use_sight(
    node: &NodeRef,
    segments: usize,
    room: Room,
    now: i32,
) -> (Sight, Option<Callback<Event>>) {
    let step = use_state_eq(|| 0);
    let Room { height, scale, .. } = room;
    if segments <= LONG {
        return (Sight { parts: [(Px::MIN, Px::MAX); 2] }, None);
    }
    let onscroll = {
        let (node, step) = (node.clone(), step.setter());
        Callback::from(move |_: Event| {
            if let Some(element) = node.cast::<HtmlElement>() {
                step.set(element.scroll_top() * 1_000 / scale / STEP);
            }
        })
    };
    let around =
        |from: i32, to: i32| (Px::new((from / STEP - 1) * STEP), Px::new((to / STEP + 2) * STEP));
    let (top, size) = (*step * STEP, height * 1_000 / scale);
    let parts = [around(top, top + size), around(now - size, now + size)];
    (Sight { parts }, Some(onscroll))
}
