//! What the moving parts of a segment, which are drawn apart from it, need of it.

use std::cell::RefCell;

use yew::prelude::*;

use super::drag::Drag;
use crate::ui::page::Shared;

/// What the moving parts need of their segment.
#[derive(Default)]
pub struct Handle {
    /// The segment's button.
    pub node: NodeRef,
    /// Its label, which appears once the token has moved past it.
    pub label: NodeRef,
    /// Its handlers, once it is rendered.
    pub handlers: RefCell<Option<Handlers>>,
}

/// The handlers of a segment.
#[derive(Clone)]
pub struct Handlers {
    /// For a click.
    pub onclick: Callback<MouseEvent>,
    /// For the press of a pointer.
    pub onpointerdown: Callback<PointerEvent>,
    /// For its movement.
    pub onpointermove: Callback<PointerEvent>,
    /// For its release.
    pub onpointerup: Callback<PointerEvent>,
    /// For a gesture that the browser takes over.
    pub onpointercancel: Callback<PointerEvent>,
}

impl Handlers {
    /// The handlers of a drag, and for a click.
    pub fn of(drag: &Drag, onclick: Callback<MouseEvent>) -> Self {
        Self {
            onclick,
            onpointerdown: drag.onpointerdown.clone(),
            onpointermove: drag.onpointermove.clone(),
            onpointerup: drag.onpointerup.clone(),
            onpointercancel: drag.onpointercancel.clone(),
        }
    }
}

/// A callback that calls the segment's own, as it is when the event comes.
pub fn relay<E: 'static>(
    handle: &Shared<Handle>,
    which: fn(&Handlers) -> &Callback<E>,
) -> Callback<E> {
    let handle = handle.clone();
    Callback::from(move |event| {
        let own = handle.handlers.borrow().as_ref().map(|handlers| which(handlers).clone());
        if let Some(own) = own {
            own.emit(event);
        }
    })
}
