//! The size of the ladder's box, and what it scrolls to.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::layout::Layout;
use crate::sim::SegmentId;
use crate::ui::browser::clock::{Clock, use_first_mover};
use crate::ui::page::Shared;

/// Measures the width and height of an element in pixels, and the height of its parent.
#[hook]
pub fn use_size(node: &NodeRef) -> (i32, i32, i32) {
    let size = use_state_eq(|| (first_width(), 640, 640));
    let node = node.clone();
    let setter = size.setter();
    use_effect_with((), move |()| {
        let measured = node.cast::<HtmlElement>().and_then(|element| {
            let measure = {
                let element = element.clone();
                move || {
                    let whole = element.parent_element().map_or(640, |it| it.client_height());
                    setter.set((element.client_width().max(240), element.client_height(), whole));
                }
            };
            measure();
            let callback = Closure::<dyn FnMut()>::new(measure);
            let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
            observer.observe(&element);
            Some((observer, callback))
        });
        move || {
            if let Some((observer, _callback)) = measured {
                observer.disconnect();
            }
        }
    });
    *size
}

/// The width before the first measurement: that of the static placeholder. A wrong guess could pick
/// the wrong one of the compact and wide layouts, and the page would jump.
fn first_width() -> i32 {
    let waiting = gloo::utils::document().query_selector("#waiting .ladder__scroller");
    let width = waiting.ok().flatten().map_or(0, |waiting| waiting.client_width());
    if width > 0 { width } else { 640 }
}

/// Scrolls as little as needed to show a newly selected segment.
#[hook]
pub fn use_reveal(node: &NodeRef, selected: Option<SegmentId>, reach: Option<(i32, i32)>) {
    let node = node.clone();
    use_effect_with(selected, move |_| {
        if let Some((element, (top, bottom))) = node.cast::<HtmlElement>().zip(reach) {
            let bottom = bottom + 20;
            let (from, height) = (element.scroll_top(), element.client_height());
            let target = from.max(bottom - height).min(top - 24);
            if target != from {
                element.set_scroll_top(target.max(0));
            }
        }
    });
}

/// Keeps the now-line visible when it moves or the box's height changes. Not while the mouse drags
/// it, because scrolling would move it away from the mouse.
#[hook]
pub fn use_follow(
    node: &NodeRef,
    is_held: &Rc<Cell<bool>>,
    clock: &Shared<Clock>,
    layout: &Shared<Layout>,
    room: i32,
) {
    let last = use_mut_ref(|| None::<(i32, i32)>);
    let (node, is_held, layout) = (node.clone(), Rc::clone(is_held), layout.clone());
    // Reads the scroll position before other movers change the document, which would make it
    // expensive.
    use_first_mover(
        clock,
        Box::new(move |now| {
            let y = layout.frame.on_screen(layout.frame.y(now.playhead.y));
            if last.replace(Some((y, room))) == Some((y, room)) || is_held.get() {
                return;
            }
            if let Some(element) = node.cast::<HtmlElement>() {
                let (top, height) = (element.scroll_top(), element.client_height());
                let (highest, lowest) = (y - height * 62 / 100, y - height * 22 / 100);
                if top < highest {
                    element.set_scroll_top(highest);
                } else if top > lowest.max(0) {
                    element.set_scroll_top(lowest.max(0));
                }
            }
        }),
    );
}
