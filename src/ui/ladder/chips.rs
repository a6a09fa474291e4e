//! The names of the states: as chips beside the lifelines, or along them in a narrow ladder.

use tcp_handshake_html::{Classes, classes, html};
use yew::prelude::*;

use super::geometry::{Frame, Layout, Px};
use super::words::state_class;
use crate::app::{Action, Play, Run};
use crate::ladder::Interval;
use crate::sim::Side;
use crate::ui::page::{Page, Shared};

/// The properties of [`Chips`].
#[derive(Properties, PartialEq)]
pub struct ChipsProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The layout of the ladder.
    pub layout: Shared<Layout>,
    /// The latest step in which a host entered a state.
    pub entered: Option<usize>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The states' names on both lifelines. They are for the pointer only: the log offers the same to
/// the keyboard.
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
                state_class(interval.state),
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

/// The approximate width of a state's name in pixels, given tenths of a pixel for each letter.
fn width(interval: &Interval, letter: i32) -> i32 {
    i32::try_from(interval.state.name().len()).unwrap_or(12) * letter / 10
}

/// A chip beside the lifeline at the height where the state begins.
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

/// A vertical name along the lifeline, if the state lasts long enough for it to fit.
fn along(
    frame: &Frame,
    interval: &Interval,
    end: u64,
    class: Classes,
    onclick: Option<Callback<MouseEvent>>,
) -> Html {
    let (y, y_to) = (frame.y(interval.y_from), frame.y(interval.y_to));
    // The name of the last state may extend below the end of the run.
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
