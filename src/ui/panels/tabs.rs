//! The panels beside the run, one of which is shown at a time.

use gloo::utils::window;
use tcp_handshake_html::{classes, html};
use web_sys::Element;
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
    /// The panel that is shown if the link names none.
    pub default: Panel,
    /// The open question of the lessons.
    pub question: Option<u16>,
    /// The scenario's id.
    pub scenario: &'static str,
    /// Whether the run is the lesson itself, without edits.
    pub is_lesson: bool,
    /// Computes the address of the present view.
    pub address: Callback<(), String>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The tabs.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let TabsProps { open, page, .. } = props;
    let (lang, catalog, dispatch) = (&page.lang, &page.catalog, &page.dispatch);
    let root = use_node_ref();
    let named = Panel::TABS.into_iter().find(|panel| open.contains(panel));
    // On a narrow page the panel is a sheet, which is closed until the link or the viewer names it.
    let is_open = named.is_some() || props.question.is_some();
    let current = named.unwrap_or(props.default.clone());
    let lessons = use_words("learn", lang, current == Panel::Learn);
    let graph = use_words("graph", lang, current == Panel::Graph);
    let words = if current == Panel::Graph { graph } else { lessons };
    let tab = |panel: Panel| {
        let is_current = panel == current;
        let (tab_id, id) = (tab_id(&panel), panel.id().to_owned());
        let closes = is_current && is_open;
        let (dispatch, root) = (dispatch.clone(), root.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            let is_closed = closes && is_sheet(&root);
            let panels = if is_closed { vec![] } else { vec![panel.clone()] };
            if is_closed {
                dispatch.emit(Action::Look(Look::Question(None)));
            }
            dispatch.emit(Action::Look(Look::Panels(panels)));
        });
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
        <section class={classes!("tabs", is_open.then_some("tabs--open"))} ref={root}>
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

/// Whether the panels are a sheet at the bottom of the page, as the stylesheet decides.
fn is_sheet(root: &NodeRef) -> bool {
    let style = root.cast::<Element>().and_then(|it| window().get_computed_style(&it).ok()?);
    let value = style.and_then(|style| style.get_property_value("--sheet").ok());
    value.is_some_and(|value| value.trim() == "1")
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
                let (address, question) = (address.clone(), props.question);
                let (scenario, is_lesson) = (props.scenario, props.is_lesson);
                let properties =
                    LearnProps { run, step, words, question, scenario, is_lesson, address, page };
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
