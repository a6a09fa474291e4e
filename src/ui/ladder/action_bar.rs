//! The actions on the selected segment.

use tcp_handshake_html::{classes, html};
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::app::segment_actions::SegmentAction;
use crate::app::{Action, Look, Run};
use crate::ladder::{Fate, Moment};
use crate::locale::{self, Catalog};
use crate::sim::SegmentId;
use crate::sim::edit::LONGEST;
use crate::time::Duration;
use crate::ui::browser::focus::focus_segment;
use crate::ui::page::{Page, Shared};

/// The properties of [`Actions`].
#[derive(Properties, PartialEq)]
pub struct ActionsProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The moment shown.
    pub now: Moment,
    /// The selected segment.
    pub id: SegmentId,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The delay proposed at first, in milliseconds.
const DELAY: u64 = 300;

/// The action bar of the selected segment.
#[component]
pub fn Actions(props: &ActionsProps) -> Html {
    let root = use_node_ref();
    let millis = use_state_eq(|| DELAY);
    let Some(arrow) = props.run.arrow(props.id) else { return Html::default() };
    let fate = arrow.fate(props.now);
    let is_past = matches!(fate, Fate::Arrived | Fate::Lost);

    let act = {
        let (dispatch, root, id) = (props.page.dispatch.clone(), root.clone(), props.id);
        Callback::from(move |action: Action| {
            // The bar closes once it has changed the run.
            let is_done = matches!(action, Action::Edit(_));
            dispatch.emit(action);
            if is_done {
                dispatch.emit(Action::Look(Look::Select(None)));
            }
            // The action may remove its own button: move the focus to the segment that changed.
            if let Some(root) = root.cast::<HtmlElement>() {
                focus_segment(&root, id);
            }
        })
    };
    let onkeydown = {
        let act = act.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                act.emit(Action::Look(Look::Select(None)));
            }
        })
    };
    let kind = arrow.kind.name();
    let (go, change): (Vec<_>, Vec<_>) =
        SegmentAction::available(arrow, props.now, props.run.is_fixed())
            .into_iter()
            .partition(|action| action.is_move());
    let draw = |actions: Vec<SegmentAction>| {
        let buttons = actions.into_iter().map(|action| {
            let edit = action.act(arrow, props.now.at, Duration::from_millis(*millis));
            let act = act.clone();
            let press = Callback::from(move |()| act.emit(edit.clone()));
            button(props, action, is_past, press, &millis)
        });
        html! { <>{ for buttons }</> }
    };
    let end = if arrow.lost.is_some() { "✕" } else { "→" };
    let times =
        format!("{} {end} {}", locale::instant(arrow.sent_at), locale::instant(arrow.ends_at));
    html! {
        <div ref={root} class={classes!("actions", format!("segment--{kind}"))} role="group"
            {onkeydown}
            aria-label={props.page.catalog.format("ui.actions.title", &[("id", &props.id)])}>
            <p class="actions__title" aria-hidden="true">
                <b>{ props.id.to_string() }</b>
                <span class="actions__flags">{ &arrow.flags }</span>
                <span class="actions__times">{ times }</span>
            </p>
            <div class="actions__buttons">{ draw(change) }</div>
            <div class="actions__corner">
                { draw(go) }
                { close_button(props, act.reform(|_| Action::Look(Look::Select(None)))) }
            </div>
        </div>
    }
}

fn close_button(props: &ActionsProps, onclick: Callback<MouseEvent>) -> Html {
    let label = props.page.catalog.text("ui.actions.close").to_owned();
    html! {
        <button type="button" class="actions__close" {onclick} aria-label={label.clone()}
            title={label}>
            <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                <path d="M5 5l10 10M15 5 5 15" />
            </svg>
        </button>
    }
}

/// A button for an action. The one for a delay has a number field beside it.
fn button(
    props: &ActionsProps,
    action: SegmentAction,
    is_past: bool,
    enter: Callback<()>,
    millis: &UseStateHandle<u64>,
) -> Html {
    let catalog = &props.page.catalog;
    let onclick = enter.reform(|_: MouseEvent| ());
    let is_lost = props.run.arrow(props.id).is_some_and(|arrow| arrow.lost.is_some());
    let key = match (action, is_past) {
        (SegmentAction::Drop, false) => "drop",
        (SegmentAction::Drop, true) => "what-if-lost",
        (SegmentAction::Delay, false) => "delay",
        (SegmentAction::Delay, true) => "what-if-late",
        (SegmentAction::Duplicate, false) => "duplicate",
        (SegmentAction::Duplicate, true) => "what-if-twice",
        (SegmentAction::Corrupt, false) => "corrupt",
        (SegmentAction::Corrupt, true) => "what-if-damaged",
        (SegmentAction::Deliver, _) => "deliver",
        (SegmentAction::Restore, _) => "restore",
        (SegmentAction::GoToSend, _) => "go-to-send",
        (SegmentAction::GoToEnd, _) if is_lost => "go-to-loss",
        (SegmentAction::GoToEnd, _) => "go-to-end",
    };
    let text = catalog.text(&format!("ui.actions.{key}")).to_owned();
    // The accessible name includes the segment, as in "Drop C1", if the visible text does not.
    let label = catalog
        .find(&format!("ui.actions.{key}-segment"))
        .map(|_| catalog.format(&format!("ui.actions.{key}-segment"), &[("id", &props.id)]));
    if action.is_move() {
        return html! {
            <button type="button" class="actions__go" {onclick} aria-label={text.clone()}
                title={text}>{ icon(action) }</button>
        };
    }
    let class = classes!("actions__button", format!("actions__button--{key}"));
    let main = html! {
        <button type="button" {class} {onclick} aria-label={label}>
            { icon(action) }
            <span>{ text }</span>
        </button>
    };
    if action != SegmentAction::Delay {
        return main;
    }
    html! {
        <span class="actions__delay">
            { main }
            { delay(catalog, enter, millis) }
        </span>
    }
}

/// The field for the delay. Enter delays the segment.
fn delay(catalog: &Catalog, enter: Callback<()>, millis: &UseStateHandle<u64>) -> Html {
    let oninput = {
        let millis = millis.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Ok(value) = input.value().parse()
                && (1..=LONGEST.as_millis()).contains(&value)
            {
                millis.set(value);
            }
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            event.stop_propagation();
            enter.emit(());
        }
    });
    html! {
        <label class="actions__millis">
            <input type="number" min="1" max={LONGEST.as_millis().to_string()} step="10"
                inputmode="numeric" value={millis.to_string()} {oninput} {onkeydown}
                aria-label={catalog.text("ui.actions.millis").to_owned()} />
            <span aria-hidden="true">{ "ms" }</span>
        </label>
    }
}

fn icon(action: SegmentAction) -> Html {
    let path = match action {
        SegmentAction::Drop => "M5 5l10 10M15 5 5 15",
        SegmentAction::Delay => "M10 3.5a6.5 6.5 0 1 0 .01 0M10 6.5V10l2.5 2",
        SegmentAction::Duplicate => "M7.5 7.5h8v8h-8zM4.5 12.5v-8h8",
        SegmentAction::Corrupt => "M11.5 3 6 11h4l-1.5 6L14 9h-4z",
        SegmentAction::Deliver => "M4 17h12M10 3v5M6 5.5l4 4 4-4M6 10l4 4 4-4",
        SegmentAction::Restore => "M5 5v4h4M5.5 9a5.5 5.5 0 1 1 .5 4",
        SegmentAction::GoToSend => "M4 4h12M10 17V8M6 11.5 10 7.5l4 4",
        SegmentAction::GoToEnd => "M4 16h12M10 3v9M6 8.5l4 4 4-4",
    };
    html! {
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path d={path} /></svg>
    }
}
