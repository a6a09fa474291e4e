//! Dragging a segment in flight: up or down changes its arrival, sideways off the wire loses it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::frame::Frame;
use super::layout::Layout;
use super::px::Px;
use crate::app::{Action, Look, Run, segment_actions};
use crate::ladder::Fate;
use crate::sim::Side;
use crate::time::{Duration, Instant};
use crate::ui::page::Shared;

/// The distance in pixels that the pointer must move before a press becomes a drag.
const SLOP: i32 = 4;
/// The step to which a delay is rounded unless Alt is held, in microseconds.
const SNAP: u64 = 10_000;

/// The effect of releasing the pointer at its present position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview {
    /// The segment is lost on this host's side.
    Lost(Side),
    /// The segment arrives at this height and instant.
    Arrives(Px, Instant),
}

/// A press that may become a drag.
#[derive(Clone, Copy)]
struct Grip {
    pointer: i32,
    x: i32,
    y: i32,
    moves: bool,
}

impl Grip {
    fn is_beyond_slop(&self, event: &PointerEvent) -> bool {
        let (dx, dy) = (event.client_x() - self.x, event.client_y() - self.y);
        dx.abs().max(dy.abs()) > SLOP
    }
}

/// The handlers that a segment needs to be draggable.
pub struct Drag {
    /// The effect of a release now, while it is dragged.
    pub preview: Option<Preview>,
    /// For the press of a pointer.
    pub onpointerdown: Callback<PointerEvent>,
    /// For its movement.
    pub onpointermove: Callback<PointerEvent>,
    /// For its release.
    pub onpointerup: Callback<PointerEvent>,
    /// For a gesture that the browser takes over, such as scrolling.
    pub onpointercancel: Callback<PointerEvent>,
    /// For Escape, which cancels the drag.
    pub onkeydown: Callback<KeyboardEvent>,
    /// Whether the press that ends now was a drag. The click that follows a drag is ignored.
    pub moved: Rc<Cell<bool>>,
}

/// The segment that may be dragged.
pub struct Subject<'a> {
    /// The run shown.
    pub run: &'a Shared<Run>,
    /// The layout of the ladder.
    pub layout: &'a Shared<Layout>,
    /// The index of the segment's arrow.
    pub index: usize,
    /// The segment's fate at the moment shown.
    pub fate: Fate,
    /// Dispatches an action to the state.
    pub dispatch: &'a Callback<Action>,
}

/// Makes a segment draggable while it is in flight.
#[hook]
pub fn use_drag(node: &NodeRef, subject: &Subject<'_>) -> Drag {
    let grip = use_mut_ref(|| None::<Grip>);
    let preview = use_state_eq(|| None::<Preview>);
    let moved = use_memo((), |()| Cell::new(false));

    let onpointerdown = press(node, subject, &grip, &moved);
    let onpointermove = {
        let (grip, moved, preview) = (grip.clone(), moved.clone(), preview.clone());
        let (node, run, layout) = (node.clone(), subject.run.clone(), subject.layout.clone());
        let index = subject.index;
        Callback::from(move |event: PointerEvent| {
            let mut grip = grip.borrow_mut();
            let Some(grip) = grip.as_mut().filter(|grip| grip.pointer == event.pointer_id()) else {
                return;
            };
            if !grip.moves && grip.is_beyond_slop(&event) {
                grip.moves = true;
                moved.set(true);
                capture(&node, &event);
            }
            let at = place_of(&node, &event, grip).filter(|_| grip.moves);
            if let Some(at) =
                at.map(|(x, y)| (layout.frame.in_picture(x), layout.frame.in_picture(y)))
            {
                preview.set(Some(outcome(&run, &layout, index, at, event.alt_key())));
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

/// Handles the press that may become a drag. A mouse selects at once, because the segment would
/// move away before the click is complete; a touch may still become a scroll.
fn press(
    node: &NodeRef,
    subject: &Subject<'_>,
    grip: &Rc<RefCell<Option<Grip>>>,
    moved: &Rc<Cell<bool>>,
) -> Callback<PointerEvent> {
    let flies = subject.fate == Fate::Flying && !subject.run.is_fixed();
    let id = subject.run.ladder.arrows[subject.index].id;
    let (grip, moved, dispatch) = (grip.clone(), moved.clone(), subject.dispatch.clone());
    let node = node.clone();
    Callback::from(move |event: PointerEvent| {
        moved.set(false);
        if !flies || event.button() != 0 || !event.is_primary() {
            return;
        }
        let (x, y) = (event.client_x(), event.client_y());
        *grip.borrow_mut() = Some(Grip { pointer: event.pointer_id(), x, y, moves: false });
        if event.pointer_type() == "mouse" {
            capture(&node, &event);
            dispatch.emit(Action::Look(Look::Select(Some(id))));
        }
    })
}

/// The pointer's position: pixels from the left edge of the picture, and pixels below the press.
fn place_of(node: &NodeRef, event: &PointerEvent, grip: &Grip) -> Option<(i32, i32)> {
    let picture = node.cast::<Element>()?.closest("svg").ok().flatten();
    let left = picture.map_or(0.0, |it| it.get_bounding_client_rect().left());
    Some((event.client_x() - whole(left), event.client_y() - grip.y))
}

/// Keeps receiving the pointer's events when it leaves the element.
fn capture(node: &NodeRef, event: &PointerEvent) {
    if let Some(element) = node.cast::<Element>() {
        // Fails if the pointer has already left the screen; then there is nothing to capture.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// The outcome of a release `at.0` pixels from the left edge and `at.1` below the press. A `free`
/// delay is not rounded.
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
    // The change of the flight's duration is rounded, not the duration itself.
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

/// Rounds the browser's pixels to whole ones.
#[allow(clippy::cast_possible_truncation, reason = "a place on the screen; the cast saturates")]
fn whole(pixels: f64) -> i32 {
    pixels as i32
}
