//! The panels beside the run, one of which is shown at a time.

use tcp_handshake_html::html;
use yew::prelude::*;

use super::graph::GraphProps;
use super::inspector::InspectorProps;
use super::learn::LearnProps;
use super::log::LogProps;
use super::states::DiagramProps;
use super::why::WhyProps;
use crate::app::{Action, Look, Run};
use crate::ladder::Fate;
use crate::link::Panel;
use crate::sim::SegmentId;
use crate::ui::browser::focus::move_in_tabs;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::late;
use crate::ui::page::{Page, Shared};

/// The properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// Whether the future of the run is drawn.
    pub show_future: bool,
    /// The current step; `None` before the first.
    pub step: Option<usize>,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// The fate of the selected segment at the moment shown.
    pub fate: Option<Fate>,
    /// The open panels of the link; the first that has a tab is shown.
    pub open: Vec<Panel>,
    /// Computes the address of the present view.
    pub address: Callback<(), String>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The tabs.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let TabsProps { selected, open, page, .. } = props;
    let (lang, catalog, dispatch) = (&page.lang, &page.catalog, &page.dispatch);
    let current = Panel::TABS.into_iter().find(|panel| open.contains(panel));
    // The default until the viewer chooses: the inspector if a segment is selected, or else the
    // log.
    let default = if selected.is_some() { Panel::Inspect } else { Panel::Log };
    let current = current.unwrap_or(default);
    let lessons = use_words("learn", lang, current == Panel::Learn);
    let graph = use_words("graph", lang, current == Panel::Graph);
    let words = if current == Panel::Graph { graph } else { lessons };
    let tab = |panel: Panel| {
        let is_current = panel == current;
        let (tab_id, id) = (tab_id(&panel), panel.id().to_owned());
        let onclick =
            dispatch.reform(move |_: MouseEvent| Action::Look(Look::Panels(vec![panel.clone()])));
        html! {
            <button type="button" role="tab" id={tab_id} class="tabs__tab" {onclick}
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
            let ids = Panel::TABS.map(|panel| tab_id(&panel));
            if let Some(next) = move_in_tabs(&event, &ids) {
                dispatch.emit(Action::Look(Look::Panels(vec![Panel::TABS[next].clone()])));
            }
        })
    };
    html! {
        <section class="tabs">
            <div role="tablist" class="tabs__list" {onkeydown}
                aria-label={catalog.text("ui.tabs.title").to_owned()}>
                { for Panel::TABS.map(tab) }
            </div>
            <div role="tabpanel" class="tabs__panel" tabindex="0" id={format!("panel-{current}")}
                aria-labelledby={tab_id(&current)}>
                { panel(props, &current, words) }
            </div>
        </section>
    }
}

/// The id of a panel's tab.
fn tab_id(panel: &Panel) -> String {
    format!("tab-{panel}")
}

/// The content of the current panel.
fn panel(props: &TabsProps, current: &Panel, words: Words) -> Html {
    let TabsProps { step, selected, fate, address, .. } = props;
    let (run, page, step) = (props.run.clone(), props.page.clone(), *step);
    let failed = if *current == Panel::Graph { "ui.graph.failed" } else { "ui.learn.failed" };
    match current {
        Panel::Inspect => {
            let (selected, fate) = (*selected, *fate);
            late::mount(&late::INSPECTOR, InspectorProps { run, selected, fate, page }, &props.page)
        }
        Panel::States => late::mount(&late::STATES, DiagramProps { run, step, page }, &props.page),
        Panel::Why => late::mount(&late::WHY, WhyProps { run, step, page }, &props.page),
        Panel::Learn | Panel::Graph => match words {
            Words::Ready(words) if *current == Panel::Graph => {
                let properties = GraphProps { run, step, selected: *selected, words, page };
                late::mount(&late::GRAPH, properties, &props.page)
            }
            Words::Ready(words) => {
                let address = address.clone();
                let properties = LearnProps { run, step, words, address, page };
                late::mount(&late::LEARN, properties, &props.page)
            }
            Words::Loading => html! { <p class="panel__empty" aria-busy="true">{ "…" }</p> },
            Words::Failed => html! {
                <p class="panel__empty" role="alert">
                    { page.catalog.text(failed).to_owned() }
                </p>
            },
        },
        _ => late::mount(
            &late::LOG,
            LogProps { run, step, show_future: props.show_future, page },
            &props.page,
        ),
    }
}
