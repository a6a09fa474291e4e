//! What moves with time: the line that says now, the veil over what is still to come, and what
//! the timers have left.

use yew::prelude::*;

use super::geometry::{Frame, Layout, Px};
use super::words;
use crate::app::{Playhead, Run};
use crate::sim::Side;
use crate::time::Instant;
use crate::ui::markup::html;
use crate::ui::page::Shared;

/// What the now-line shows.
#[derive(Properties, PartialEq)]
pub struct NowProps {
    /// The run.
    pub run: Shared<Run>,
    /// Where everything stands.
    pub layout: Shared<Layout>,
    /// Where the viewer is.
    pub playhead: Playhead,
}

/// The veil: it stands between the lifelines and the segments.
#[component]
pub fn Veil(props: &NowProps) -> Html {
    let Layout { frame, height, .. } = &*props.layout;
    let y = frame.y(props.playhead.y);
    let left = (*height - y).max(Px::new(0)).to_string();
    let width = (frame.x(Side::Client) + Px::new(6)).to_string();
    let right = frame.x(Side::Server) - Px::new(6);
    html! {
        <g class="veil" aria-hidden="true">
            <rect x="0" y={y.to_string()} width={width.clone()} height={left.clone()} />
            <rect x={right.to_string()} y={y.to_string()} {width} height={left} />
        </g>
    }
}

/// The line that says now.
#[component]
pub fn NowLine(props: &NowProps) -> Html {
    let frame = &props.layout.frame;
    let y = frame.y(props.playhead.y).to_string();
    html! {
        <g class="now" aria-hidden="true">
            <line class="now__line" x1="0" x2={frame.width.to_string()} y1={y.clone()}
                y2={y.clone()} />
            { for Side::BOTH.map(|side| html! {
                <circle class="now__dot" cx={frame.x(side).to_string()} cy={y.clone()} r="3.5" />
            }) }
        </g>
    }
}

/// What time it is, and what the timers have left.
#[component]
pub fn NowTags(props: &NowProps) -> Html {
    let frame = &props.layout.frame;
    let y = frame.y(props.playhead.y);
    let now = props.playhead.at.since(Instant::ZERO);
    let text = if frame.compact { words::briefest(now) } else { words::brief(now) };
    let width = i32::try_from(text.chars().count()).unwrap_or(8) * 7 + 12;
    let width = width.min(if frame.compact { 45 } else { 64 });
    html! {
        <g class="now" aria-hidden="true">
            { for Side::BOTH.map(|side| left_of_timers(props, side, y)) }
            <g transform={format!("translate(0 {y})")}>
                <rect class="now__plate" y="-10" width={width.to_string()} height="20" rx="5" />
                <text class="now__text" x={(width / 2).to_string()} y="4" text-anchor="middle">
                    { text }
                </text>
            </g>
        </g>
    }
}

/// How long the timers of a host still run, on plates below the line.
fn left_of_timers(props: &NowProps, side: Side, y: Px) -> Html {
    let frame = &props.layout.frame;
    let at = props.playhead.at;
    let running = props.run.ladder.timers.iter();
    let running = running.filter(|span| span.side == side && span.from <= at && at < span.to);
    let plates = running.enumerate().map(|(index, span)| {
        let left = span.deadline.since(at);
        let text = if frame.compact {
            words::briefest(left)
        } else {
            format!("{} {}", words::timer(span.timer), words::brief(left))
        };
        let width = i32::try_from(text.chars().count()).unwrap_or(8) * 7 + 8;
        let (gap, width) = if frame.compact { (0, width.min(44)) } else { (16, width) };
        let inner = frame.x(side) + Px::new(gap) * Frame::outward(side);
        let x = match (side, frame.compact) {
            (Side::Client, true) => Px::new(1),
            (Side::Client, false) => inner - Px::new(width),
            (Side::Server, true) => frame.width - Px::new(width + 1),
            (Side::Server, false) => inner,
        };
        let y = y + Px::new(13 + 18 * i32::try_from(index).unwrap_or(0));
        html! {
            <g transform={format!("translate({x} {y})")}>
                <rect class="now__timer-plate" width={width.to_string()} height="17" rx="4" />
                <text class="now__timer" x={(width / 2).to_string()} y="12.5" text-anchor="middle">
                    { text }
                </text>
            </g>
        }
    });
    html! { <>{ for plates }</> }
}
