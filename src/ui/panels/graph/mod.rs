//! The time-sequence graph of one host, with its congestion window and RTO below, and as a table.

use tcp_handshake_html::html;
use yew::prelude::*;

mod plot;
mod table;

use plot::{PlotProps, picture};
use table::Table;

use crate::app::Run;
use crate::app::view::graph::{Graph, busier_side};
use crate::explain::side_name;
use crate::locale::Catalog;
use crate::sim::{SegmentId, Side};
use crate::ui::page::{Page, Shared};

/// The properties of [`SequenceGraph`].
#[derive(Properties, PartialEq)]
pub struct GraphProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The current step; `None` before the first.
    pub step: Option<usize>,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// The texts of the graph.
    pub words: Shared<Catalog>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The graph.
#[component]
pub fn SequenceGraph(props: &GraphProps) -> Html {
    let GraphProps { run, words, page, .. } = props;
    let chosen = use_state_eq(|| None::<Side>);
    let is_table = use_state_eq(|| false);
    let side = chosen.unwrap_or_else(|| busier_side(run));
    let graph = use_memo((run.clone(), side), |(run, side)| Graph::of(run, *side));
    let plot = PlotProps {
        graph: Shared::from(graph),
        run: run.clone(),
        selected: props.selected,
        words: words.clone(),
        page: page.clone(),
    };
    let text = |key: &str| words.text(key).to_owned();
    let host = |of: Side| {
        let chosen = chosen.clone();
        let onclick = Callback::from(move |_: MouseEvent| chosen.set(Some(of)));
        html! {
            <button type="button" class="link-button" {onclick}
                aria-pressed={if of == side { "true" } else { "false" }}>
                { side_name(of, &page.catalog) }
            </button>
        }
    };
    let toggle = {
        let is_table = is_table.clone();
        Callback::from(move |_: MouseEvent| is_table.set(!*is_table))
    };
    html! {
        <div class="graph">
            <div class="graph__top" role="group" aria-label={text("graph.host")}>
                <span class="graph__label">{ text("graph.host") }</span>
                { for Side::BOTH.map(host) }
                <button type="button" class="link-button graph__table-button" onclick={toggle}
                    aria-pressed={if *is_table { "true" } else { "false" }}>
                    { text("graph.table") }
                </button>
            </div>
            if plot.graph.bars.is_empty() {
                <p class="panel__empty">{ text("graph.empty") }</p>
            } else if *is_table {
                <Table graph={plot.graph} run={plot.run} selected={plot.selected}
                    words={plot.words} page={plot.page} />
            } else {
                { picture(&plot, props.step) }
                { legend(words) }
            }
        </div>
    }
}

/// What each mark means.
fn legend(words: &Catalog) -> Html {
    let marks = [
        "data",
        "control",
        "retransmission",
        "lost",
        "acknowledged",
        "window-end",
        "cwnd",
        "ssthresh",
        "in-flight",
        "rto",
    ];
    html! {
        <ul class="graph__legend">
            { for marks.map(|mark| html! {
                <li>
                    <svg class="graph__sample" viewBox="0 0 18 12" aria-hidden="true">
                        { sample(mark) }
                    </svg>
                    <span>{ words.text(&format!("graph.legend.{mark}")).to_owned() }</span>
                </li>
            }) }
        </ul>
    }
}

fn sample(mark: &str) -> Html {
    match mark {
        "data" | "control" | "retransmission" => html! {
            <g class={format!("graph__bar graph__bar--{mark}")}>
                <line class="graph__bar-line" x1="9" x2="9" y1="1" y2="11" />
            </g>
        },
        "lost" => html! {
            <g class="graph__bar graph__bar--lost">
                <path class="graph__cross" d="M6 3l6 6m0 -6l-6 6" />
            </g>
        },
        _ => html! { <path class={format!("graph__{mark}")} d="M1 9H9V3H17" /> },
    }
}
