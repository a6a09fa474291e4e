//! The layers that move with time: the now-line, the veil over the future, and the remaining times
//! of the timers. Each is an SVG of its own, so that moving it does not repaint the ladder below.

use tcp_handshake_html::html;
use yew::prelude::*;

use super::column::{PLATE_HEIGHT, plates};
use super::frame::Frame;
use super::layout::Layout;
use super::px::Px;
use super::words;
use crate::app::{Playhead, Run};
use crate::sim::Side;
use crate::time::Instant;
use crate::ui::browser::clock::{Clock, transform, use_mover, use_text_playhead};
use crate::ui::page::Shared;

/// The properties of [`NowLine`] and [`NowTags`].
#[derive(Properties, PartialEq)]
pub struct NowProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The layout of the ladder.
    pub layout: Shared<Layout>,
    /// The clock that moves the layers between two events.
    pub clock: Shared<Clock>,
    /// Whether the future of the run is drawn.
    pub show_future: bool,
}

/// Keeps an SVG at the height of the now-line.
#[hook]
fn use_height(props: &NowProps) -> NodeRef {
    let node = use_node_ref();
    use_mover(&props.clock, {
        let (node, layout) = (node.clone(), props.layout.clone());
        Some(Box::new(move |now| {
            let y = layout.frame.y(now.playhead.y);
            transform(&node, &format!("translateY({y}px)"));
        }))
    });
    node
}

/// The now-line and the veil below it, drawn between the lifelines and the segments.
#[component]
pub fn NowLine(props: &NowProps) -> Html {
    let Layout { frame, height, .. } = &*props.layout;
    let node = use_height(props);
    let height = height.to_string();
    let width = (frame.x(Side::Client) + Px::new(6)).to_string();
    let right = frame.x(Side::Server) - Px::new(6);
    html! {
        <svg class="now ladder__picture ladder__moving" ref={node} pointer-events="none"
            aria-hidden="true">
            if props.show_future {
                <rect class="now__veil" width={width.clone()} height={height.clone()} />
                <rect class="now__veil" x={right.to_string()} {width} {height} />
            } else {
                // It covers the states, the timers and the folds that are still to come.
                <rect class="now__veil now__veil--whole" width={frame.width.to_string()}
                    height={height.clone()} />
                { for Side::BOTH.map(|side| html! {
                    <line class="lifeline" x1={frame.x(side).to_string()}
                        x2={frame.x(side).to_string()} y1="0" y2={height.clone()} />
                }) }
            }
            <line class="now__line" x1="0" x2={frame.width.to_string()} y1="0" y2="0" />
            { for Side::BOTH.map(|side| html! {
                <circle class="now__dot" cx={frame.x(side).to_string()} r="3.5" />
            }) }
        </svg>
    }
}

/// The labels of the now-line: the present time, and the remaining times of the timers.
#[component]
pub fn NowTags(props: &NowProps) -> Html {
    let frame = &props.layout.frame;
    let node = use_height(props);
    let now = use_text_playhead(&props.clock);
    let passed = now.at.since(Instant::ZERO);
    let steps = &props.run.timeline.trace().steps;
    // Right after the run was replaced, the moment can still be one of the run before.
    let step = now.step.and_then(|step| steps.get(step));
    let is_event = step.is_some_and(|step| step.at == now.at);
    let text = match (frame.compact, is_event) {
        (true, _) => words::briefest(passed),
        // As the sentence and the log say it.
        (false, true) => words::event(now.at),
        (false, false) => words::brief(passed),
    };
    let width = words::text_width(&text) + 12;
    let width = width.min(frame.clock_width());
    html! {
        <svg class="now ladder__picture ladder__moving" ref={node} pointer-events="none"
            aria-hidden="true">
            { timers(props, now) }
            <rect class="now__plate" y="-10" width={width.to_string()} height="20" rx="5" />
            <text class="now__text" x={(width / 2).to_string()} y="4" text-anchor="middle">
                { text }
            </text>
        </svg>
    }
}

/// The remaining times of the timers, on plates below the now-line.
fn timers(props: &NowProps, now: Playhead) -> Html {
    let Layout { frame, marks, .. } = &*props.layout;
    let plates = plates(&props.run, frame, marks, now.moment(), frame.y(now.y));
    let plates = plates.into_iter().map(|plate| {
        let width = words::text_width(&plate.text) + 8;
        let (gap, width) = if frame.compact { (0, width.min(44)) } else { (16, width) };
        let inner = frame.x(plate.side) + Px::new(gap) * Frame::outward(plate.side);
        let x = match (plate.side, frame.compact) {
            (Side::Client, true) => Px::new(1),
            (Side::Client, false) => inner - Px::new(width),
            (Side::Server, true) => frame.width - Px::new(width + 1),
            (Side::Server, false) => inner,
        };
        html! {
            <g transform={format!("translate({x} {})", plate.y)}>
                <rect class="now__timer-plate" width={width.to_string()}
                    height={PLATE_HEIGHT.to_string()} rx="4" />
                <text class="now__timer" x={(width / 2).to_string()} y="12.5" text-anchor="middle">
                    { plate.text }
                </text>
            </g>
        }
    });
    html! { <>{ for plates }</> }
}
