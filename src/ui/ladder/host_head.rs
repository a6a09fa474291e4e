//! The head of a lifeline: the host's name, its state, and the calls that its application can make.

use tcp_handshake_html::{classes, html};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, Node};
use yew::prelude::*;

use super::words::state_class;
use crate::app::{Action, Change, view};
use crate::sim::edit::{LONGEST, MOST_OCTETS};
use crate::sim::{Call, Side};
use crate::tcp::State;
use crate::time::Duration;
use crate::ui::page::Page;

/// The properties of [`HostHead`].
#[derive(Properties, PartialEq)]
pub struct HostHeadProps {
    /// Which host.
    pub side: Side,
    /// The host's present state; `None` if a packetdrill script plays the host.
    pub state: Option<State>,
    /// Whether received data waits to be read.
    pub waits: bool,
    /// Whether user calls are impossible, as in a script's run.
    pub is_fixed: bool,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// A host's head.
#[component]
pub fn HostHead(props: &HostHeadProps) -> Html {
    let open = use_state_eq(|| false);
    let root = use_node_ref();
    let button = use_node_ref();
    let HostHeadProps { side, state, waits, is_fixed, page, .. } = props;
    let catalog = &page.catalog;
    let name = catalog.text(&format!("ui.host.{}", side.name())).to_owned();
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            if let Some(button) = button.cast::<HtmlElement>() {
                let _ = button.focus();
            }
        })
    };
    let onkeydown = {
        let (open, close) = (open.clone(), close.clone());
        Callback::from(move |event: KeyboardEvent| {
            if *open && event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let onfocusout = leave(&root, &open);
    use_outside_press(&root, *open, {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    });
    let title = catalog.format("ui.host.commands", &[("host", &name)]);
    let class = state.map(state_class);
    let chip = match state {
        Some(state) => state.name().to_owned(),
        None => catalog.text("ui.packetdrill.plays").to_owned(),
    };
    let translate = state.is_some().then_some("no");
    html! {
        <div ref={root} class={classes!("host", format!("host--{}", side.name()))}
            data-host={side.name()} data-state={state.map(State::name)} {onkeydown} {onfocusout}>
            { icon(*side) }
            <span class="host__name">{ &name }</span>
            <span class={classes!("host__state", class)} {translate}>
                { chip }
            </span>
            if !is_fixed {
                <button ref={button} class="host__menu-button" type="button" onclick={toggle}
                    aria-expanded={if *open { "true" } else { "false" }}
                    aria-label={title.clone()} title={title.clone()}>
                    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                        <path d="M4 6l4 4-4 4M10 14h6" />
                    </svg>
                </button>
            }
            if let (true, Some(state)) = (*open && !is_fixed, *state) {
                <Menu side={*side} {state} waits={*waits} {title} {page} {close} />
            }
        </div>
    }
}

/// Closes the menu when the focus leaves the head.
fn leave(root: &NodeRef, open: &UseStateHandle<bool>) -> Callback<FocusEvent> {
    let (open, root) = (open.clone(), root.clone());
    Callback::from(move |event: FocusEvent| {
        let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
        let inside = root.cast::<Node>().is_some_and(|root| root.contains(next.as_ref()));
        if !inside && next.is_some() {
            open.set(false);
        }
    })
}

#[derive(Properties, PartialEq)]
struct MenuProps {
    side: Side,
    state: State,
    waits: bool,
    title: String,
    close: Callback<()>,
    page: Page,
}

/// The menu of the calls that the application can make now.
#[component]
fn Menu(props: &MenuProps) -> Html {
    // The number of bytes to SEND, and the size of the RECEIVE buffer.
    let octets = [use_state_eq(|| 5_u32), use_state_eq(|| 0_u32)];
    let panel = use_node_ref();
    use_effect_with((), {
        let panel = panel.clone();
        move |()| {
            let first = panel.cast::<HtmlElement>().and_then(|panel| {
                panel.query_selector("button").ok().flatten()?.dyn_into::<HtmlElement>().ok()
            });
            if let Some(first) = first {
                let _ = first.focus();
            }
        }
    });
    let side = props.side;
    let items = view::calls(props.state, side, props.waits).into_iter().map(|call| {
        let octets = &octets[usize::from(call.least_octets() == 0)];
        let call = call.with_octets(**octets);
        let (dispatch, close) = (props.page.dispatch.clone(), props.close.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Edit(Change::Call(side, call)));
            close.emit(());
        });
        let text = props.page.catalog.text(key(call));
        let unit = props.page.catalog.text("ui.host.octets");
        let hint = props.page.catalog.text(hint(call));
        let field = call.octets().map(|count| {
            let (octets, least, most) = (octets.clone(), call.least_octets(), MOST_OCTETS);
            let oninput = Callback::from(move |event: InputEvent| {
                let input: HtmlInputElement = event.target_unchecked_into();
                let count = input.value().parse().ok();
                let fits = |count: &u32| (least..=most).contains(count);
                if let Some(count) = count.filter(fits) {
                    octets.set(count);
                }
            });
            html! {
                <label class="host__octets">
                    <input type="number" min={least.to_string()} max={most.to_string()}
                        inputmode="numeric" value={count.to_string()} {oninput}
                        aria-label={format!("{text}, {unit}")} />
                    <span aria-hidden="true">{ unit }</span>
                </label>
            }
        });
        html! {
            <li class="host__call">
                <button type="button" class="host__call-button" {onclick}>
                    <span class="host__call-name">{ text }</span>
                    <span class="host__call-hint">{ hint }</span>
                </button>
                { field }
            </li>
        }
    });
    html! {
        <div ref={panel} class="host__menu" role="group" aria-label={props.title.clone()}>
            <ul>
                { for items }
                <Unplug close={props.close.clone()} page={&props.page} />
            </ul>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct UnplugProps {
    close: Callback<()>,
    page: Page,
}

/// The item that begins an outage; 0 seconds are for good.
#[component]
fn Unplug(props: &UnplugProps) -> Html {
    let lasts = use_state_eq(|| 3_u64);
    let text = |key: &str| props.page.catalog.text(key).to_owned();
    let onclick = {
        let (dispatch, close, lasts) = (props.page.dispatch.clone(), props.close.clone(), *lasts);
        Callback::from(move |_: MouseEvent| {
            let lasts = (lasts > 0).then(|| Duration::from_secs(lasts));
            dispatch.emit(Action::Edit(Change::Cut(lasts)));
            close.emit(());
        })
    };
    let most = LONGEST.as_millis() / 1_000;
    let oninput = {
        let lasts = lasts.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(count) = input.value().parse().ok().filter(|count| *count <= most) {
                lasts.set(count);
            }
        })
    };
    html! {
        <li class="host__call">
            <button type="button" class="host__call-button" {onclick}>
                <span class="host__call-name">{ text("ui.host.cut") }</span>
                <span class="host__call-hint">{ text("ui.host.cut-hint") }</span>
            </button>
            <label class="host__octets">
                <input type="number" min="0" max={most.to_string()} inputmode="numeric"
                    value={lasts.to_string()} {oninput} aria-label={text("ui.host.cut-seconds")} />
                <span aria-hidden="true">{ "s" }</span>
            </label>
        </li>
    }
}

const fn key(call: Call) -> &'static str {
    match call {
        Call::Connect => "ui.host.connect",
        Call::Listen => "ui.host.listen",
        Call::Send(_) => "ui.host.send",
        Call::Read => "ui.host.read",
        Call::Window(_) => "ui.host.window",
        Call::Close => "ui.host.close",
        Call::Abort => "ui.host.abort",
        Call::Exit => "ui.host.exit",
        Call::Crash => "ui.host.crash",
    }
}

const fn hint(call: Call) -> &'static str {
    match call {
        Call::Connect => "ui.host.connect-hint",
        Call::Listen => "ui.host.listen-hint",
        Call::Send(_) => "ui.host.send-hint",
        Call::Read => "ui.host.read-hint",
        Call::Window(_) => "ui.host.window-hint",
        Call::Close => "ui.host.close-hint",
        Call::Abort => "ui.host.abort-hint",
        Call::Exit => "ui.host.exit-hint",
        Call::Crash => "ui.host.crash-hint",
    }
}

/// The icon of a host: a screen for the client, a rack for the server.
fn icon(side: Side) -> Html {
    let path = match side {
        Side::Client => "M3 4.5h14v9H3zM7.5 16.5h5M10 13.5v3",
        Side::Server => "M4 3.5h12v5H4zM4 11.5h12v5H4zM6.5 6h.1M6.5 14h.1",
    };
    html! {
        <svg class="host__icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <path d={path} />
        </svg>
    }
}

/// Runs a callback when the pointer is pressed outside an element.
#[hook]
fn use_outside_press(node: &NodeRef, active: bool, on_press: Callback<()>) {
    let node = node.clone();
    use_effect_with(active, move |active| {
        let document = web_sys::window().and_then(|it| it.document()).filter(|_| *active);
        let listener = document.map(|document| {
            gloo::events::EventListener::new(&document, "pointerdown", move |event| {
                let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
                let inside = node.cast::<Node>().is_some_and(|it| it.contains(target.as_ref()));
                if !inside {
                    on_press.emit(());
                }
            })
        });
        move || drop(listener)
    });
}
