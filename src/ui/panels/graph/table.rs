//! The graph as a table: the segments and the variables, in the order of time.

use tcp_handshake_html::html;
use yew::prelude::*;

use super::plot::{PlotProps, describe};
use crate::app::view::graph::{Bar, Row};
use crate::app::{Action, Look, Play};
use crate::locale::{self, Catalog};
use crate::time::Instant;
use crate::ui::ladder::brief;
use crate::ui::page::Page;

/// The most rows of the table.
const MOST_ROWS: usize = 500;

/// What a row is about.
enum Line<'a> {
    Segment(&'a Bar),
    Variables(&'a Row),
}

impl Line<'_> {
    const fn at(&self) -> Instant {
        match self {
            Self::Segment(bar) => bar.at,
            Self::Variables(row) => row.at,
        }
    }
}

/// The table.
#[component]
pub fn Table(props: &PlotProps) -> Html {
    let PlotProps { graph, words, page, .. } = props;
    let heading = |key: &str| {
        let name = words.text(&format!("graph.column.{key}")).to_owned();
        html! { <th scope="col">{ name }</th> }
    };
    let head =
        ["time", "segment", "acknowledged", "window-end", "cwnd", "ssthresh", "in-flight", "rto"];
    let segments = graph.bars.iter().map(Line::Segment);
    let mut lines: Vec<Line<'_>> = segments.chain(graph.rows.iter().map(Line::Variables)).collect();
    lines.sort_by_key(Line::at);
    let hidden = lines.len().saturating_sub(MOST_ROWS);
    let lines = lines.into_iter().take(MOST_ROWS).map(|line| match line {
        Line::Segment(bar) => segment_line(bar, words, page),
        Line::Variables(row) => variables_line(row, page),
    });
    html! {
        <div class="graph__scroll" tabindex="0" role="region"
            aria-label={words.text("graph.table").to_owned()}>
            <table class="graph__table">
                <thead><tr>{ for head.map(heading) }</tr></thead>
                <tbody>{ for lines }</tbody>
            </table>
            if hidden > 0 {
                <p class="panel__empty">
                    { words.format("graph.more", &[("count", &locale::number(hidden as u64))]) }
                </p>
            }
        </div>
    }
}

fn segment_line(bar: &Bar, words: &Catalog, page: &Page) -> Html {
    let id = bar.id;
    let onclick = page.dispatch.reform(move |_: MouseEvent| Action::Look(Look::Select(Some(id))));
    html! {
        <tr class={format!("graph__line graph__line--{}", bar.mark.name())}>
            <th scope="row">{ brief(bar.at.since(Instant::ZERO)) }</th>
            <td colspan="7">
                <button type="button" class="link-button" {onclick}>
                    { describe(bar, words) }
                </button>
            </td>
        </tr>
    }
}

fn variables_line(row: &Row, page: &Page) -> Html {
    let step = row.step;
    let onclick = page.dispatch.reform(move |_: MouseEvent| Action::Play(Play::SeekStep(step)));
    let number = |value: u64| locale::number(value);
    let values = [
        number(row.acknowledged),
        number(row.window_end),
        number(u64::from(row.cwnd)),
        row.ssthresh.map_or_else(|| "–".to_owned(), |it| number(u64::from(it))),
        number(u64::from(row.in_flight)),
        brief(row.rto),
    ];
    html! {
        <tr>
            <th scope="row">
                <button type="button" class="link-button" {onclick}>
                    { brief(row.at.since(Instant::ZERO)) }
                </button>
            </th>
            <td></td>
            { for values.map(|value| html! { <td>{ value }</td> }) }
        </tr>
    }
}
