//! The picture of the graph: the sequence numbers, and below them the variables.

use tcp_handshake_html::{classes, html};
use web_sys::Element;
use yew::prelude::*;

use crate::app::view::graph::{Bar, Graph, Row, ticks};
use crate::app::{Action, Look, Play, Run};
use crate::explain::side_name;
use crate::locale::{self, Catalog};
use crate::sim::SegmentId;
use crate::time::{Duration, Instant};
use crate::ui::browser::focus::move_in_list;
use crate::ui::ladder::brief;
use crate::ui::page::{Page, Shared};

const WIDTH: u32 = 340;
const LEFT: u32 = 52;
const RIGHT: u32 = 332;
const SEQUENCE_TOP: u32 = 16;
const SEQUENCE_BOTTOM: u32 = 170;
const WINDOW_TOP: u32 = 196;
const WINDOW_BOTTOM: u32 = 264;
const RTO_TOP: u32 = 290;
const RTO_BOTTOM: u32 = 322;
const HEIGHT: u32 = 344;
/// The least height of a segment's bar, so that a SYN is visible beside kilobytes.
const LEAST_BAR: f64 = 3.0;
/// The width of the area that a press on a segment may hit.
const HIT: f64 = 12.0;

/// The properties of [`Plot`], and of the table. The current step is not among them, so that
/// playing does not draw them again.
#[derive(Properties, PartialEq)]
pub struct PlotProps {
    /// The graph.
    pub graph: Shared<Graph>,
    /// The run shown.
    pub run: Shared<Run>,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// The texts of the graph.
    pub words: Shared<Catalog>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// Where things are in the picture.
struct Scale<'a> {
    graph: &'a Graph,
    run: &'a Run,
    /// The presentation time of the last change.
    last: u64,
    /// The presentation time at the right edge.
    end: u64,
}

impl<'a> Scale<'a> {
    fn of(graph: &'a Graph, run: &'a Run) -> Self {
        let last = run.ladder.axis.y(graph.end);
        // Room on the right for what follows the last change.
        Self { graph, run, last, end: last + (last / 16).max(1) }
    }

    #[allow(clippy::cast_precision_loss, reason = "a pixel is far coarser")]
    fn x(&self, at: Instant) -> f64 {
        let y = self.run.ladder.axis.y(at).min(self.end);
        f64::from(LEFT) + f64::from(RIGHT - LEFT) * (y as f64 / self.end.max(1) as f64)
    }

    #[allow(clippy::cast_precision_loss, reason = "a pixel is far coarser")]
    fn y(value: u64, most: u64, top: u32, bottom: u32) -> f64 {
        f64::from(bottom) - f64::from(bottom - top) * (value.min(most) as f64 / most.max(1) as f64)
    }

    fn sequence(&self, number: u64) -> f64 {
        Self::y(number, self.graph.most_sequence, SEQUENCE_TOP, SEQUENCE_BOTTOM)
    }

    fn bytes(&self, bytes: u32) -> f64 {
        Self::y(u64::from(bytes), self.graph.most_bytes, WINDOW_TOP, WINDOW_BOTTOM)
    }

    fn rto(&self, rto: Duration) -> f64 {
        Self::y(rto.as_micros(), self.graph.most_rto.as_micros(), RTO_TOP, RTO_BOTTOM)
    }

    /// The path of a value that stays until it changes; it is interrupted where there is none.
    fn steps(&self, value: &dyn Fn(&Row) -> Option<f64>) -> String {
        use std::fmt::Write as _;
        let mut path = String::new();
        let mut is_down = false;
        for row in &self.graph.rows {
            let x = self.x(row.at);
            let y = value(row);
            // Writing to a string cannot fail.
            let _ = match y {
                Some(y) if is_down => write!(path, "H{x:.1}V{y:.1}"),
                Some(y) => write!(path, "M{x:.1} {y:.1}"),
                None if is_down => write!(path, "H{x:.1}"),
                None => Ok(()),
            };
            is_down = y.is_some();
        }
        if is_down {
            let _ = write!(path, "H{RIGHT}");
        }
        path
    }
}

/// The picture, with a line at the current step.
pub fn picture(props: &PlotProps, step: Option<usize>) -> Html {
    let PlotProps { graph, run, selected, words, page } = props;
    let scale = Scale::of(graph, run);
    let now = step.and_then(|step| run.timeline.trace().steps.get(step));
    let now = now.map(|step| scale.x(step.at.min(run.ladder.axis.at(scale.end))));
    let name = words.format("graph.name", &[("host", &side_name(graph.side, &page.catalog))]);
    let onkeydown = {
        let graph = graph.clone();
        Callback::from(move |event: KeyboardEvent| {
            let ids: Vec<String> = graph.bars.iter().map(|bar| bar_id(bar.id)).collect();
            move_in_list(&event, &ids);
        })
    };
    let onclick = seek(page, scale.end);
    html! {
        <svg class="graph__picture" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="group"
            aria-label={name} {onkeydown} {onclick}>
            <Plot graph={graph.clone()} run={run.clone()} selected={*selected}
                words={words.clone()} {page} />
            if let Some(x) = now {
                <line class="graph__now" x1={format!("{x:.1}")} x2={format!("{x:.1}")}
                    y1={SEQUENCE_TOP.to_string()} y2={RTO_BOTTOM.to_string()} />
            }
        </svg>
    }
}

/// The axes, the curves and the segments.
#[component]
fn Plot(props: &PlotProps) -> Html {
    let PlotProps { graph, run, selected, words, .. } = props;
    let scale = Scale::of(graph, run);
    // One bar takes part in the order of Tab; the arrow keys lead to the others.
    let stop = graph.bars.iter().position(|bar| *selected == Some(bar.id)).unwrap_or(0);
    let bars =
        graph.bars.iter().enumerate().map(|(index, it)| bar(it, index == stop, &scale, props));
    html! { <>
        { frame(&scale, words) }
        { curve("window-end", &scale, &|row| Some(scale.sequence(row.window_end))) }
        { curve("acknowledged", &scale, &|row| Some(scale.sequence(row.acknowledged))) }
        { for bars }
        { curve("ssthresh", &scale, &|row| row.ssthresh.map(|it| scale.bytes(it))) }
        { curve("in-flight", &scale, &|row| Some(scale.bytes(row.in_flight))) }
        { curve("cwnd", &scale, &|row| Some(scale.bytes(row.cwnd))) }
        { curve("rto", &scale, &|row| Some(scale.rto(row.rto))) }
    </> }
}

/// The line of a variable.
fn curve(name: &str, scale: &Scale<'_>, value: &dyn Fn(&Row) -> Option<f64>) -> Html {
    html! { <path class={format!("graph__{name}")} d={scale.steps(value)} /> }
}

/// A press on the picture shows the instant at that place.
fn seek(page: &Page, end: u64) -> Callback<MouseEvent> {
    let dispatch = page.dispatch.clone();
    Callback::from(move |event: MouseEvent| {
        let Some(target) = event.target_dyn_into::<Element>() else { return };
        let Ok(Some(picture)) = target.closest(".graph__picture") else { return };
        let area = picture.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - area.left()) * f64::from(WIDTH) / area.width();
        let part = (x - f64::from(LEFT)) / f64::from(RIGHT - LEFT);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "between zero and the end"
        )]
        let y = (part.clamp(0.0, 1.0) * end as f64) as u64;
        dispatch.emit(Action::Play(Play::SeekY(y)));
    })
}

/// The axes with their marks, and a title for each of the three plots.
fn frame(scale: &Scale<'_>, words: &Catalog) -> Html {
    let graph = scale.graph;
    let number = |value: u64| locale::number(value);
    let plots = [
        ("graph.sequence", SEQUENCE_TOP, SEQUENCE_BOTTOM, graph.most_sequence, 5),
        ("graph.bytes", WINDOW_TOP, WINDOW_BOTTOM, graph.most_bytes, 3),
    ];
    let lines = plots.into_iter().map(|(key, top, bottom, most, count)| {
        html! { <>
            <text class="graph__title" x={LEFT.to_string()} y={(top - 3).to_string()}>
                { words.text(key).to_owned() }
            </text>
            { for ticks(most, count).into_iter().map(|value| {
                rule(&number(value), Scale::y(value, most, top, bottom))
            }) }
        </> }
    });
    let rto = [Duration::ZERO, graph.most_rto];
    html! {
        <g aria-hidden="true">
            { for lines }
            <text class="graph__title" x={LEFT.to_string()} y={(RTO_TOP - 3).to_string()}>
                { "RTO" }
            </text>
            { for rto.map(|value| rule(&brief(value), scale.rto(value))) }
            { for times(scale) }
        </g>
    }
}

/// A horizontal line with its value.
fn rule(label: &str, y: f64) -> Html {
    html! { <>
        <line class="graph__rule" x1={LEFT.to_string()} x2={RIGHT.to_string()}
            y1={format!("{y:.1}")} y2={format!("{y:.1}")} />
        <text class="graph__mark" x={(LEFT - 4).to_string()} y={format!("{:.1}", y + 3.0)}
            text-anchor="end">{ label.to_owned() }</text>
    </> }
}

/// The marks of the time axis: instants at equal distances up to the last change. Idle gaps are
/// folded as they are in the ladder.
fn times(scale: &Scale<'_>) -> impl Iterator<Item = Html> {
    const COUNT: u64 = 4;
    (0..=COUNT).map(|index| {
        let at = scale.run.ladder.axis.at(scale.last * index / COUNT);
        html! {
            <text class="graph__mark" x={format!("{:.1}", scale.x(at))}
                y={(RTO_BOTTOM + 16).to_string()} text-anchor="middle">
                { brief(at.since(Instant::ZERO)) }
            </text>
        }
    })
}

fn bar_id(id: SegmentId) -> String {
    format!("graph-{id}")
}

/// A segment from its first sequence number to its last. A press selects it.
fn bar(bar: &Bar, is_stop: bool, scale: &Scale<'_>, props: &PlotProps) -> Html {
    let PlotProps { selected, words, page, .. } = props;
    let Bar { id, at, from, to, mark, is_lost } = *bar;
    let is_selected = *selected == Some(id);
    let class = classes!(
        "graph__bar",
        format!("graph__bar--{}", mark.name()),
        is_lost.then_some("graph__bar--lost"),
        is_selected.then_some("graph__bar--selected"),
    );
    let x = scale.x(at);
    let (top, bottom) = (scale.sequence(to), scale.sequence(from));
    let top = top.min(bottom - LEAST_BAR);
    let cross = format!("M{:.1} {:.1}l6 6m0 -6l-6 6", x - 3.0, top - 8.0);
    let dispatch = page.dispatch.clone();
    let select = move || dispatch.emit(Action::Look(Look::Select(Some(id))));
    let onclick = {
        let select = select.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            select();
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            event.stop_propagation();
            select();
        }
    });
    html! {
        <g key={id.to_string()} id={bar_id(id)} {class} role="button" {onclick} {onkeydown}
            tabindex={if is_stop { "0" } else { "-1" }}
            aria-pressed={if is_selected { "true" } else { "false" }}
            aria-label={describe(bar, words)}>
            <rect class="graph__bar-hit" x={format!("{:.1}", x - HIT / 2.0)} y={format!("{top:.1}")}
                width={HIT.to_string()} height={format!("{:.1}", bottom - top)} />
            <line class="graph__bar-line" x1={format!("{x:.1}")} x2={format!("{x:.1}")}
                y1={format!("{bottom:.1}")} y2={format!("{top:.1}")} />
            if is_lost {
                <path class="graph__cross" d={cross} />
            }
        </g>
    }
}

/// A segment in words.
pub fn describe(bar: &Bar, words: &Catalog) -> String {
    let last = bar.to.saturating_sub(1);
    let kind = words.text(&format!("graph.legend.{}", bar.mark.name())).to_owned();
    let fate = if bar.is_lost { words.text("graph.lost") } else { "" };
    let at = brief(bar.at.since(Instant::ZERO));
    words.format(
        "graph.bar",
        &[
            ("id", &bar.id),
            ("kind", &kind),
            ("from", &locale::number(bar.from)),
            ("to", &locale::number(last)),
            ("at", &at),
            ("lost", &fate),
        ],
    )
}
