//! The panels at the side, one at a time.

use tcp_handshake_html::html;
use yew::prelude::*;

use super::inspector::Inspector;
use super::learn::Learn;
use super::log::Log;
use super::states::Diagram;
use super::why::Why;
use crate::app::{Action, Look, Run};
use crate::ladder::Fate;
use crate::sim::SegmentId;
use crate::ui::browser::focus::focus_by_id;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::page::{Page, Shared};

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The run.
    pub run: Shared<Run>,
    /// The step.
    pub step: Option<usize>,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// What became of it by now.
    pub fate: Option<Fate>,
    /// The ids of the panels that are open; the first known one counts.
    pub open: Vec<String>,
    /// Asks for the address of what is seen.
    pub address: Callback<(), String>,
    /// The words, and the way to act.
    pub page: Page,
}

/// The panels, in their order.
const PANELS: [&str; 5] = ["log", "inspect", "states", "why", "learn"];

/// The tabs.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let TabsProps { selected, open, page, .. } = props;
    let (lang, catalog, dispatch) = (&page.lang, &page.catalog, &page.dispatch);
    let current = PANELS.into_iter().find(|id| open.iter().any(|other| other == id));
    // Until the viewer chooses a panel: the inspector of the selected segment, or else the log.
    let current = current.unwrap_or(if selected.is_some() { "inspect" } else { "log" });
    let lessons = use_words("learn", lang, current == "learn");
    let tab = |id: &'static str| {
        let is_current = id == current;
        let onclick =
            dispatch.reform(move |_: MouseEvent| Action::Look(Look::Panels(vec![id.to_owned()])));
        html! {
            <button type="button" role="tab" id={format!("tab-{id}")} class="tabs__tab" {onclick}
                aria-selected={if is_current { "true" } else { "false" }}
                aria-controls={format!("panel-{id}")}
                tabindex={if is_current { "0" } else { "-1" }}>
                { catalog.text(&format!("ui.tabs.{id}")).to_owned() }
            </button>
        }
    };
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let place = PANELS.iter().position(|id| *id == current).unwrap_or(0);
            let next = match event.key().as_str() {
                "ArrowRight" => (place + 1) % PANELS.len(),
                "ArrowLeft" => (place + PANELS.len() - 1) % PANELS.len(),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            dispatch.emit(Action::Look(Look::Panels(vec![PANELS[next].to_owned()])));
            focus_by_id(&format!("tab-{}", PANELS[next]));
        })
    };
    html! {
        <section class="tabs">
            <div role="tablist" class="tabs__list" {onkeydown}
                aria-label={catalog.text("ui.tabs.title").to_owned()}>
                { for PANELS.map(tab) }
            </div>
            <div role="tabpanel" class="tabs__panel" tabindex="0" id={format!("panel-{current}")}
                aria-labelledby={format!("tab-{current}")}>
                { panel(props, current, lessons) }
            </div>
        </section>
    }
}

/// The content of the current panel.
fn panel(props: &TabsProps, current: &str, lessons: Words) -> Html {
    let TabsProps { run, step, selected, fate, address, page, .. } = props;
    match current {
        "inspect" => html! {
            <Inspector run={run.clone()} selected={*selected} fate={*fate} {page} />
        },
        "states" => html! {
            <Diagram run={run.clone()} step={*step} {page} />
        },
        "why" => html! {
            <Why run={run.clone()} step={*step} {page} />
        },
        "learn" => match lessons {
            Words::Ready(words) => html! {
                <Learn run={run.clone()} step={*step} {words} {page}
                    address={address.clone()} />
            },
            Words::Loading => html! { <p class="panel__empty" aria-busy="true">{ "…" }</p> },
            Words::Failed => html! {
                <p class="panel__empty" role="alert">
                    { page.catalog.text("ui.learn.failed").to_owned() }
                </p>
            },
        },
        _ => html! {
            <Log run={run.clone()} step={*step} {page} />
        },
    }
}
