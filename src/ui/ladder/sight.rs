//! What is in sight of a long ladder: nothing else of it is drawn.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::geometry::{Flight, Px};

/// A ladder of more segments is long.
const LONG: usize = 200;
/// What is in sight changes in steps of so many pixels.
const STEP: i32 = 256;

/// The parts of the ladder that are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    parts: [(Px, Px); 2],
    is_long: bool,
}

impl Sight {
    /// Whether anything between two heights is in sight.
    pub fn has(&self, from: Px, to: Px) -> bool {
        self.parts.iter().any(|part| from <= part.1 && part.0 <= to)
    }

    /// Whether a segment is drawn.
    pub fn shows(&self, flight: &Flight) -> bool {
        let (top, bottom) = flight.extent();
        self.has(top, bottom) && !(self.is_long && flight.is_lost_in_crowd)
    }
}

/// What is in sight in a box that scrolls, `size` pixels high: where it stands, and around `now`,
/// where it will be scrolled to. The callback is for when it is scrolled.
#[hook]
pub fn use_sight(
    node: &NodeRef,
    segments: usize,
    size: i32,
    now: i32,
) -> (Sight, Option<Callback<Event>>) {
    let step = use_state_eq(|| 0);
    if segments <= LONG {
        return (Sight { parts: [(Px::MIN, Px::MAX); 2], is_long: false }, None);
    }
    let onscroll = {
        let (node, step) = (node.clone(), step.setter());
        Callback::from(move |_: Event| {
            if let Some(element) = node.cast::<HtmlElement>() {
                step.set(element.scroll_top() / STEP);
            }
        })
    };
    let around =
        |from: i32, to: i32| (Px::new((from / STEP - 1) * STEP), Px::new((to / STEP + 2) * STEP));
    let top = *step * STEP;
    let parts = [around(top, top + size), around(now - size, now + size)];
    (Sight { parts, is_long: true }, Some(onscroll))
}
