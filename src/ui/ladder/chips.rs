//! The states' names: beside the lifelines where there is room, else along them.

use tcp_handshake_html::{Classes, classes, html};
use yew::prelude::*;

use super::geometry::{Frame, Layout, Px};
use super::lifelines::state_class;
use crate::app::{Action, Play, Run};
use crate::ladder::Interval;
use crate::sim::Side;
use crate::ui::page::{Page, Shared};

/// What the chips show.
#[derive(Properties, PartialEq)]
pub struct ChipsProps {
    /// The run.
    pub run: Shared<Run>,
    /// Where everything stands.
    pub layout: Shared<Layout>,
    /// The last step by now in which a host has entered a state.
    pub entered: Option<usize>,
    /// The words, and the way to act.
    pub page: Page,
}

/// The chips of both lifelines. What they do, the log does too, and by the keyboard.
#[component]
pub fn Chips(props: &ChipsProps) -> Html {
    let intervals = &props.run.ladder.intervals;
    let chips = Side::BOTH.map(|side| {
        let intervals = intervals.iter().filter(|it| it.side == side);
        let mut lowest = Px::new(0);
        let chips = intervals.map(|interval| {
            let is_future = interval.step > props.entered;
            let class = classes!(
                "state-chip",
                is_future.then_some("state-chip--future"),
                state_class(interval),
            );
            let onclick = interval.step.map(|step| {
                let dispatch = props.page.dispatch.clone();
                Callback::from(move |event: MouseEvent| {
                    event.stop_propagation();
                    dispatch.emit(Action::Play(Play::SeekStep(step)));
                })
            });
            if props.layout.frame.compact {
                let end = props.run.ladder.axis.end();
                return along(&props.layout.frame, interval, end, class, onclick);
            }
            let y = props.layout.frame.y(interval.y_from).max(lowest);
            lowest = y + Px::new(22);
            beside(&props.layout.frame, interval, y, class, onclick)
        });
        html! { <g>{ for chips }</g> }
    });
    html! { <g aria-hidden="true">{ for chips }</g> }
}

/// About how wide a name is, at so many tenths of a pixel a letter.
fn width(interval: &Interval, letter: i32) -> i32 {
    i32::try_from(interval.state.name().len()).unwrap_or(12) * letter / 10
}

/// A chip beside the lifeline, where the state begins.
fn beside(
    frame: &Frame,
    interval: &Interval,
    y: Px,
    class: Classes,
    onclick: Option<Callback<MouseEvent>>,
) -> Html {
    let width = width(interval, 70) + 14;
    let inner = frame.x(interval.side) + Px::new(18) * Frame::outward(interval.side);
    let x = match interval.side {
        Side::Client => inner - Px::new(width),
        Side::Server => inner,
    };
    html! {
        <g {class} {onclick} transform={format!("translate({x} {y})")}>
            <rect y="-10" width={width.to_string()} height="20" rx="5" />
            <text x={(width / 2).to_string()} y="4" text-anchor="middle">
                { interval.state.name() }
            </text>
        </g>
    }
}

/// A name along the lifeline, where the state lasts long enough for it.
fn along(
    frame: &Frame,
    interval: &Interval,
    end: u64,
    class: Classes,
    onclick: Option<Callback<MouseEvent>>,
) -> Html {
    let (y, y_to) = (frame.y(interval.y_from), frame.y(interval.y_to));
    // Below the end there is room.
    let y_to = if interval.y_to == end { y_to + Px::new(80) } else { y_to };
    if (y_to - y).whole() < width(interval, 60) + 8 {
        return Html::default();
    }
    let x = frame.x(interval.side) + Px::new(17) * Frame::outward(interval.side);
    let at = format!("translate({x} {}) rotate(-90)", y + Px::new(6));
    html! {
        <g {class} {onclick} transform={at}>
            <text y="3.5" text-anchor="end">{ interval.state.name() }</text>
        </g>
    }
}
