//! The presenter mode: the player alone on a whole screen. While nobody touches anything, the
//! controls fade.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::{Action, Look};
use crate::ui::browser::window::leave_full_screen;
use crate::ui::page::Page;

/// The properties of [`Presenter`].
#[derive(Properties, PartialEq)]
pub struct PresenterProps {
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// How long the controls stay after the last movement, in milliseconds.
const IDLE_MILLIS: u32 = 2_500;

/// The button that leaves the mode.
#[component]
pub fn Presenter(props: &PresenterProps) -> Html {
    let page = &props.page;
    let dispatch = page.dispatch.clone();
    use_effect_with((), move |()| {
        let fade = use_fading();
        let left = EventListener::new(&document(), "fullscreenchange", move |_| {
            if document().fullscreen_element().is_none() {
                dispatch.emit(Action::Look(Look::Present(false)));
            }
        });
        move || {
            drop((fade, left));
            set_idle(false);
            leave_full_screen();
        }
    });
    let leave = page.dispatch.reform(|_: MouseEvent| Action::Look(Look::Present(false)));
    let label = page.catalog.text("ui.present.leave").to_owned();
    html! {
        <button type="button" class="present__leave" onclick={leave} aria-keyshortcuts="p"
            aria-label={label.clone()} title={label}>
            <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                <path d="M5 5l10 10M15 5 5 15" />
            </svg>
        </button>
    }
}

/// Marks the document as idle while nothing is moved, pressed or focused, until this is dropped.
fn use_fading() -> Vec<EventListener> {
    let timer = std::rc::Rc::new(std::cell::RefCell::new(None::<Timeout>));
    let wake = move || {
        set_idle(false);
        *timer.borrow_mut() = Some(Timeout::new(IDLE_MILLIS, || set_idle(true)));
    };
    wake();
    let events = ["pointermove", "pointerdown", "keydown", "focusin"];
    let listen = |event: &'static str| {
        let wake = wake.clone();
        EventListener::new(&document(), event, move |_| wake())
    };
    events.map(listen).into()
}

fn set_idle(is_idle: bool) {
    if let Some(root) = document().document_element() {
        // The attribute's name is valid.
        let _ = root.toggle_attribute_with_force("data-idle", is_idle);
    }
}
