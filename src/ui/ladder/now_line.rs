//! What moves with time: the line that says now, the veil over what is still to come, and what
//! the timers have left.

use yew::prelude::*;

use super::geometry::{Frame, Layout, Px};
use super::words;
use crate::app::{Playhead, Run};
use crate::sim::Side;
use crate::time::Instant;
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
    let width = (frame.margin + Px::new(6)).to_string();
    let right = frame.width - frame.margin - Px::new(6);
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
    let y = frame.y(props.playhead.y);
    let text = words::brief(props.playhead.at.since(Instant::ZERO));
    let width = i32::try_from(text.chars().count()).unwrap_or(8) * 7 + 12;
    html! {
        <g class="now" aria-hidden="true">
            <line class="now__line" x1="0" x2={frame.width.to_string()} y1={y.to_string()}
                y2={y.to_string()} />
            { for Side::BOTH.map(|side| html! {
                <circle class="now__dot" cx={frame.x(side).to_string()} cy={y.to_string()} r="3.5" />
            }) }
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

/// How long the timers of a host still run.
fn left_of_timers(props: &NowProps, side: Side, y: Px) -> Html {
    let frame = &props.layout.frame;
    let at = props.playhead.at;
    let running = props.run.ladder.timers.iter();
    let running = running.filter(|span| span.side == side && span.from < at && at < span.to);
    let anchor = if side == Side::Client { "end" } else { "start" };
    let x = frame.x(side) + Px::new(18) * Frame::outward(side);
    let texts = running.enumerate().map(|(index, span)| {
        let left = words::brief(span.deadline.since(at));
        let text =
            if frame.compact { left } else { format!("{} {left}", words::timer(span.timer)) };
        let line = i32::try_from(index).unwrap_or(0);
        let y = y - Px::new(15 + 15 * line);
        html! {
            <text class="now__timer" x={x.to_string()} y={y.to_string()} text-anchor={anchor}>
                { text }
            </text>
        }
    });
    html! { <>{ for texts }</> }
}
