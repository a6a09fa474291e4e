//! Dragging a segment that flies: up or down changes when it arrives, off the wire loses it.

use std::cell::Cell;
use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::geometry::{Frame, Layout, Px};
use crate::app::{Action, Look, Run, segment_actions};
use crate::ladder::Fate;
use crate::sim::Side;
use crate::time::{Duration, Instant};
use crate::ui::page::Shared;

/// How far the pointer may stray, in pixels, before it drags.
const SLOP: i32 = 4;
/// What a delay is rounded to, but where Alt is held.
const SNAP: u64 = 10_000;

/// What would happen if the pointer were released here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview {
    /// It would be lost.
    Lost(Side),
    /// It would arrive then and there.
    Arrives(Px, Instant),
}

/// Where the pointer was pressed.
#[derive(Clone, Copy)]
struct Grip {
    pointer: i32,
    x: i32,
    y: i32,
    moves: bool,
}

/// What a segment listens to while it may be dragged.
pub struct Drag {
    /// What would happen now.
    pub preview: Option<Preview>,
    /// The pointer was pressed.
    pub onpointerdown: Callback<PointerEvent>,
    /// It moved.
    pub onpointermove: Callback<PointerEvent>,
    /// It was released.
    pub onpointerup: Callback<PointerEvent>,
    /// The browser took it away.
    pub onpointercancel: Callback<PointerEvent>,
    /// Escape gives up.
    pub onkeydown: Callback<KeyboardEvent>,
    /// Whether the press that ends now moved the segment, and is no click.
    pub moved: Rc<Cell<bool>>,
}

/// The flight that may be dragged.
pub struct Subject<'a> {
    /// The run.
    pub run: &'a Shared<Run>,
    /// Where everything stands.
    pub layout: &'a Shared<Layout>,
    /// Its index among the arrows.
    pub index: usize,
    /// What became of it by now.
    pub fate: Fate,
    /// The one way to act.
    pub dispatch: &'a Callback<Action>,
}

/// Lets a segment be dragged while it flies.
#[hook]
pub fn use_drag(node: &NodeRef, subject: &Subject<'_>) -> Drag {
    let grip = use_mut_ref(|| None::<Grip>);
    let preview = use_state_eq(|| None::<Preview>);
    let moved = use_memo((), |()| Cell::new(false));
    let flies = subject.fate == Fate::Flying && subject.run.script.is_none();
    let id = subject.run.ladder.arrows[subject.index].id;

    let onpointerdown = {
        let (grip, moved, dispatch) = (grip.clone(), moved.clone(), subject.dispatch.clone());
        let node = node.clone();
        Callback::from(move |event: PointerEvent| {
            moved.set(false);
            if !flies || event.button() != 0 || !event.is_primary() {
                return;
            }
            let (x, y) = (event.client_x(), event.client_y());
            *grip.borrow_mut() = Some(Grip { pointer: event.pointer_id(), x, y, moves: false });
            // It would fly from under the mouse before the click is complete. A finger may still
            // mean to scroll.
            if event.pointer_type() == "mouse" {
                capture(&node, &event);
                dispatch.emit(Action::Look(Look::Select(Some(id))));
            }
        })
    };
    let onpointermove = {
        let (grip, moved, preview) = (grip.clone(), moved.clone(), preview.clone());
        let (node, run, layout) = (node.clone(), subject.run.clone(), subject.layout.clone());
        let index = subject.index;
        Callback::from(move |event: PointerEvent| {
            let mut grip = grip.borrow_mut();
            let Some(grip) = grip.as_mut().filter(|grip| grip.pointer == event.pointer_id()) else {
                return;
            };
            let (dx, dy) = (event.client_x() - grip.x, event.client_y() - grip.y);
            let Some(element) = node.cast::<Element>() else { return };
            if !grip.moves && dx.abs().max(dy.abs()) > SLOP {
                grip.moves = true;
                moved.set(true);
                capture(&node, &event);
            }
            if grip.moves {
                let picture = element.closest("svg").ok().flatten();
                let left = picture.map_or(0.0, |it| it.get_bounding_client_rect().left());
                let x = event.client_x() - whole(left);
                preview.set(Some(outcome(&run, &layout, index, (x, dy), event.alt_key())));
            }
        })
    };
    let onpointerup = {
        let (grip, preview, dispatch) = (grip.clone(), preview.clone(), subject.dispatch.clone());
        let (run, index) = (subject.run.clone(), subject.index);
        Callback::from(move |_: PointerEvent| {
            if grip.borrow_mut().take().is_some_and(|grip| grip.moves) {
                if let Some(action) = preview.and_then(|it| action(&run, index, it)) {
                    dispatch.emit(action);
                }
                preview.set(None);
            }
        })
    };
    let cancel = {
        let preview = preview.clone();
        move || {
            preview.set(None);
            grip.borrow_mut().take().is_some_and(|grip| grip.moves)
        }
    };
    let onpointercancel = {
        let cancel = cancel.clone();
        Callback::from(move |_: PointerEvent| {
            cancel();
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" && cancel() {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    let preview = *preview;
    Drag { preview, onpointerdown, onpointermove, onpointerup, onpointercancel, onkeydown, moved }
}

/// Keeps the pointer's events coming, wherever it goes.
fn capture(node: &NodeRef, event: &PointerEvent) {
    if let Some(element) = node.cast::<Element>() {
        // Where the pointer is gone there is nothing to capture.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// What it would mean to release the pointer `x` pixels from the left, `dy` below where it was
/// pressed.
fn outcome(run: &Run, layout: &Layout, index: usize, at: (i32, i32), free: bool) -> Preview {
    let (x, dy) = at;
    let frame = &layout.frame;
    let off = Px::new(28);
    for side in Side::BOTH {
        let beyond = (Px::new(x) - frame.x(side)) * Frame::outward(side);
        if beyond > off {
            return Preview::Lost(side);
        }
    }
    let axis = &run.ladder.axis;
    let arrow = &run.ladder.arrows[index];
    let flight = run.due(arrow).since(arrow.sent_at);
    let end = frame.y(arrow.y_to) + Px::new(dy);
    let wanted = axis.at(frame.time(end.whole())).since(arrow.sent_at).as_micros();
    // What it takes longer or less than usual is a round number.
    let (snap, usual) = (if free { 1 } else { SNAP }, flight.as_micros());
    let off = (wanted.abs_diff(usual) + snap / 2) / snap * snap;
    let taken = if wanted > usual { usual + off } else { usual.saturating_sub(off) };
    let at = arrow.sent_at + Duration::from_micros(taken);
    Preview::Arrives(frame.y(axis.y(at)), at)
}

fn action(run: &Run, index: usize, preview: Preview) -> Option<Action> {
    let arrow = &run.ladder.arrows[index];
    match preview {
        Preview::Lost(_) => Some(segment_actions::drop(arrow)),
        Preview::Arrives(_, at) => segment_actions::arrive_at(run, arrow, at),
    }
}

/// The browser's pixels.
#[allow(clippy::cast_possible_truncation, reason = "a place on the screen; the cast saturates")]
fn whole(pixels: f64) -> i32 {
    pixels as i32
}
