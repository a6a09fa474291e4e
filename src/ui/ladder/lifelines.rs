//! The fixed background of the ladder: lifelines with their states, timers, folded gaps, and the
//! ghost, which is the run before the last edit.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use super::frame::{Frame, straight};
use super::labels::outage_sides;
use super::layout::Layout;
use super::px::{Point, Px, points};
use super::sight::Sight;
use super::words;
use crate::app::Run;
use crate::capture::CapturePoint;
use crate::ladder::{Fold, Interval, OutageBand, TimerSpan};
use crate::locale;
use crate::sim::Side;
use crate::time::Instant;
use crate::ui::page::Shared;

/// The properties of [`Lifelines`].
#[derive(Properties, PartialEq)]
pub struct LifelinesProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The layout of the ladder.
    pub layout: Shared<Layout>,
    /// The visible part of the ladder.
    pub sight: Sight,
    /// The word for an outage.
    pub outage: String,
}

/// The width of a lifeline, in pixels.
const BAR: i32 = 8;

/// Both lifelines.
#[component]
pub fn Lifelines(props: &LifelinesProps) -> Html {
    let ladder = &props.run.ladder;
    let frame = &props.layout.frame;
    let end = frame.y(ladder.axis.end());
    let is_seen = |y_from: u64, y_to: u64| props.sight.has(frame.y(y_from), frame.y(y_to));
    let bars = ladder.intervals.iter().filter(|it| is_seen(it.y_from, it.y_to));
    let folds = ladder.axis.folds.iter().filter(|it| is_seen(it.y_from, it.y_to));
    let outages = ladder.outages.iter().zip(&props.layout.outages);
    let outages = outages.filter(|(it, _)| is_seen(it.y_from, it.y_to));
    // In a long run, a bar that the one before it covers is left out.
    let mut covered = [Px::MIN; 2];
    let timers = ladder.timers.iter().filter(|it| {
        let end = frame.y(it.y_to);
        let is_covered = props.sight.is_long() && end < covered[it.side.index()] + Px::new(2);
        if !is_covered && is_seen(it.y_from, it.y_to) {
            covered[it.side.index()] = end;
            return true;
        }
        false
    });
    html! {
        <g class="lifelines" aria-hidden="true">
            { for outages.map(|(band, place)| outage(props, band, *place)) }
            { for Side::BOTH.map(|side| stem(frame, side, end)) }
            { for bars.map(|interval| bar(frame, interval, &props.run)) }
            { for folds.map(|fold| zigzag(frame, fold)) }
            { for timers.map(|span| timer(frame, span)) }
            { for props.run.capture.as_ref().map(|it| captured_at(frame, it.path.point, end)) }
        </g>
    }
}

/// A time during which nothing passes.
fn outage(props: &LifelinesProps, band: &OutageBand, place: Option<Point>) -> Html {
    let frame = &props.layout.frame;
    let [left, right] = outage_sides(band, frame);
    let (y, y_to) = (frame.y(band.y_from), frame.y(band.y_to));
    let name = place.map(|Point { x, y }| {
        html! {
            <text class="lifeline__outage-name" x={x.to_string()}
                y={(y + Px::new(4)).to_string()} text-anchor="middle">
                { band.label(&props.outage) }
            </text>
        }
    });
    html! {
        <g class="lifeline__outage" data-outage={band.outage.to_string()}>
            <rect x={left.to_string()} y={y.to_string()} width={(right - left).to_string()}
                height={(y_to - y).to_string()} />
            { for name }
        </g>
    }
}

/// The thin line behind the states, which extends a little beyond the end of the run.
fn stem(frame: &Frame, side: Side, end: Px) -> Html {
    let x = frame.x(side).to_string();
    html! {
        <line class="lifeline" x1={x.clone()} x2={x} y1="0" y2={(end + Px::new(40)).to_string()} />
    }
}

/// The line at which a capture was made.
fn captured_at(frame: &Frame, point: CapturePoint, end: Px) -> Html {
    let left = frame.x(Side::Client);
    let x =
        (left + (frame.x(Side::Server) - left) * i32::from(point.thousandths()) / 1000).to_string();
    html! {
        <line class="lifeline__captured" x1={x.clone()} x2={x} y1="0" y2={end.to_string()} />
    }
}

/// Whether the states of a host are an estimate: a capture elsewhere shows them only in part.
fn is_estimated(run: &Run, side: Side) -> bool {
    let here = u16::try_from(side.index() * 1000).unwrap_or(0);
    run.capture.as_ref().is_some_and(|it| it.path.point.thousandths() != here)
}

fn bar(frame: &Frame, interval: &Interval, run: &Run) -> Html {
    let estimate = is_estimated(run, interval.side).then_some("lifeline__estimate");
    let (x, width) = (frame.x(interval.side) - Px::new(BAR / 2), BAR.to_string());
    let (y, y_to) = (frame.y(interval.y_from), frame.y(interval.y_to));
    let height = (y_to - y).to_string();
    let hatched = interval.half_closed.then(|| {
        html! {
            <rect class="state__hatch" x={x.to_string()} y={y.to_string()}
                width={width.clone()} height={height.clone()} fill="url(#tcp-hatch)" />
        }
    });
    let class = classes!("state", words::state_class(interval.state), estimate);
    html! { <>
        <rect {class} rx="2" x={x.to_string()}
            y={y.to_string()} width={width.clone()} height={height.clone()} />
        { hatched }
    </> }
}

/// A thin bar beside the lifeline for the time during which a timer runs.
fn timer(frame: &Frame, span: &TimerSpan) -> Html {
    let x = frame.x(span.side) + Px::new(9) * Frame::outward(span.side);
    let (y, y_to) = (frame.y(span.y_from), frame.y(span.y_to));
    let expired = span.expired.then(|| {
        let (from, to) = (x - Px::new(4), x + Px::new(4));
        html! { <>
            <line class="lifeline__timer-end" x1={from.to_string()} x2={to.to_string()}
                y1={y_to.to_string()} y2={y_to.to_string()} />
        </> }
    });
    let class = classes!("lifeline__timer", span.expired.then_some("lifeline__timer--expired"));
    html! {
        <g {class}>
            <line class="lifeline__timer-bar" x1={x.to_string()} x2={x.to_string()}
                y1={y.to_string()}
                y2={y_to.to_string()} />
            { expired }
        </g>
    }
}

/// A folded gap: a zigzag across the ladder, with the real length of the gap.
fn zigzag(frame: &Frame, fold: &Fold) -> Html {
    let (from, to) = (frame.y(fold.y_from), frame.y(fold.y_to));
    let middle = (from + to) / 2;
    let breaks = Side::BOTH.map(|side| {
        let x = frame.x(side);
        let at = format!("translate({x} {middle})");
        html! {
            <g transform={at}>
                <rect class="lifeline__fold-gap" x="-7" y="-8" width="14" height="16" />
                <path class="lifeline__fold-tooth" d="M-8-5 -3-9 3-5 8-9M-8 9 -3 5 3 9 8 5" />
            </g>
        }
    });
    let text = locale::span(fold.length());
    let width = words::text_width(&text) + 34;
    let wave = wave(frame);
    html! {
        <g class="lifeline__fold">
            <path class="lifeline__fold-wave" d={wave}
                transform={format!("translate(0 {middle})")} />
            { for breaks }
            <g transform={format!("translate({} {middle})", frame.width / 2)}>
                <rect class="lifeline__fold-plate" x={(-width / 2).to_string()} y="-11"
                    width={width.to_string()} height="22" rx="11" />
                <text class="lifeline__fold-text" y="4" text-anchor="middle">
                    { format!("⌇ {text} ⌇") }
                </text>
            </g>
        </g>
    }
}

/// The path of a zigzag from lifeline to lifeline.
fn wave(frame: &Frame) -> String {
    let (left, right) = (frame.x(Side::Client), frame.x(Side::Server));
    let teeth = ((right - left).whole() - 24) / 14;
    // Each tooth is relative to the end of the one before.
    format!(
        "M{} 0l6-3{}",
        left + Px::new(12),
        "l7 6l7-6".repeat(usize::try_from(teeth).unwrap_or(0))
    )
}

/// The properties of [`Ghost`].
#[derive(Properties, PartialEq)]
pub struct GhostProps {
    /// The run before the last edit.
    pub ghost: Shared<Run>,
    /// The run shown.
    pub run: Shared<Run>,
    /// The layout of the ladder.
    pub layout: Shared<Layout>,
    /// The visible part of the ladder.
    pub sight: Sight,
}

/// The segments of the run before the last edit that the edit has changed, on this run's time axis.
#[component]
pub fn Ghost(props: &GhostProps) -> Html {
    let frame = &props.layout.frame;
    let axis = &props.run.ladder.axis;
    let is_seen =
        |from: Instant, to: Instant| props.sight.has(frame.y(axis.y(from)), frame.y(axis.y(to)));
    let arrows = props.ghost.ladder.arrows.iter();
    let arrows = arrows.filter(|old| is_seen(old.sent_at, old.ends_at)).filter(|old| {
        let now = props.run.arrow(old.id);
        !now.is_some_and(|now| {
            (now.sent_at, now.ends_at, now.lost, now.kind)
                == (old.sent_at, old.ends_at, old.lost, old.kind)
        })
    });
    // A segment that would be drawn below the picture, or squeezed into a folded gap, is left out.
    let bottom = axis.end();
    let is_folded = |at: Instant| axis.folds.iter().any(|fold| fold.from < at && at < fold.to);
    let lines = arrows.filter(|old| {
        axis.y(old.ends_at) <= bottom && !is_folded(old.sent_at) && !is_folded(old.ends_at)
    });
    let lines = lines.map(|old| {
        let flight = straight(frame, old, axis);
        html! { <polyline class="lifeline__ghost-line" points={points(&flight)} /> }
    });
    html! { <g class="lifeline__ghost" aria-hidden="true">{ for lines }</g> }
}
