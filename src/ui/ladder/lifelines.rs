//! What stands still behind the segments: lifelines with their states, timers, folded gaps, and
//! the ghost of the run before the last change.

use yew::prelude::*;

use super::geometry::{Frame, Layout, Px, points};
use super::words;
use crate::app::{Action, Run};
use crate::ladder::{Fold, Interval, TimerSpan};
use crate::locale;
use crate::sim::Side;
use crate::ui::page::Shared;

/// What the lifelines show.
#[derive(Properties, PartialEq)]
pub struct LifelinesProps {
    /// The run.
    pub run: Shared<Run>,
    /// Where everything stands.
    pub layout: Shared<Layout>,
    /// The one way to act.
    pub dispatch: Callback<Action>,
}

/// How wide a lifeline is.
const BAR: i32 = 8;

/// Both lifelines.
#[component]
pub fn Lifelines(props: &LifelinesProps) -> Html {
    let ladder = &props.run.ladder;
    let frame = &props.layout.frame;
    let end = frame.y(ladder.axis.end());
    html! {
        <g class="lifelines" aria-hidden="true">
            { for Side::BOTH.map(|side| stem(frame, side, end)) }
            { for ladder.intervals.iter().map(|interval| bar(frame, interval)) }
            { for ladder.axis.folds.iter().map(|fold| zigzag(frame, fold)) }
            { for ladder.timers.iter().map(|span| timer(frame, span)) }
            { for Side::BOTH.map(|side| names(props, side)) }
        </g>
    }
}

/// The thin line on which the states stand; it goes on a little beyond the run.
fn stem(frame: &Frame, side: Side, end: Px) -> Html {
    let x = frame.x(side).to_string();
    html! {
        <line class="lifeline" x1={x.clone()} x2={x} y1="0" y2={(end + Px::new(40)).to_string()} />
    }
}

fn bar(frame: &Frame, interval: &Interval) -> Html {
    let (x, width) = (frame.x(interval.side) - Px::new(BAR / 2), BAR.to_string());
    let (y, y_to) = (frame.y(interval.y_from), frame.y(interval.y_to));
    let height = (y_to - y).to_string();
    let hatched = interval.half_closed.then(|| {
        html! {
            <rect class="state__hatch" x={x.to_string()} y={y.to_string()}
                width={width.clone()} height={height.clone()} fill="url(#tcp-hatch)" />
        }
    });
    html! { <>
        <rect class={classes!("state", state_class(interval))} rx="2" x={x.to_string()}
            y={y.to_string()} width={width.clone()} height={height.clone()} />
        { hatched }
    </> }
}

fn state_class(interval: &Interval) -> String {
    format!("state--{}", interval.state.name().to_ascii_lowercase())
}

/// The states' names: beside the lifeline where there is room, else along it.
fn names(props: &LifelinesProps, side: Side) -> Html {
    let frame = &props.layout.frame;
    let intervals = props.run.ladder.intervals.iter().filter(|interval| interval.side == side);
    let mut lowest = Px::new(0);
    let chips = intervals.map(|interval| {
        let y = frame.y(interval.y_from).max(lowest);
        let name = interval.state.name();
        let letters = i32::try_from(name.len()).unwrap_or(12);
        let onclick = interval.step.map(|step| {
            let dispatch = props.dispatch.clone();
            Callback::from(move |event: MouseEvent| {
                event.stop_propagation();
                dispatch.emit(Action::SeekStep(step));
            })
        });
        let class = classes!("state-chip", state_class(interval));
        if frame.compact {
            let room = (frame.y(interval.y_to) - y).whole();
            if room < letters * 6 + 8 {
                return Html::default();
            }
            let x = frame.x(side) + Px::new(14) * Frame::outward(side);
            let at = format!("translate({x} {}) rotate(-90)", y + Px::new(6));
            return html! {
                <g {class} {onclick} transform={at}>
                    <text y="3.5" text-anchor="end">{ name }</text>
                </g>
            };
        }
        lowest = y + Px::new(22);
        let width = letters * 7 + 14;
        let inner = frame.x(side) + Px::new(18) * Frame::outward(side);
        let x = match side {
            Side::Client => inner - Px::new(width),
            Side::Server => inner,
        };
        html! {
            <g {class} {onclick} transform={format!("translate({x} {y})")}>
                <rect y="-10" width={width.to_string()} height="20" rx="5" />
                <text x={(width / 2).to_string()} y="4" text-anchor="middle">{ name }</text>
            </g>
        }
    });
    html! { <g>{ for chips }</g> }
}

/// A timer's run as a thin bar beside the lifeline.
fn timer(frame: &Frame, span: &TimerSpan) -> Html {
    let x = frame.x(span.side) + Px::new(9) * Frame::outward(span.side);
    let (y, y_to) = (frame.y(span.y_from), frame.y(span.y_to));
    let expired = span.expired.then(|| {
        let (from, to) = (x - Px::new(4), x + Px::new(4));
        let text = format!(
            "{} {}",
            words::timer(span.timer),
            locale::span(span.deadline.since(span.from)),
        );
        let anchor = if span.side == Side::Client { "end" } else { "start" };
        let beside = x + Px::new(9) * Frame::outward(span.side);
        html! { <>
            <line class="timer__end" x1={from.to_string()} x2={to.to_string()}
                y1={y_to.to_string()} y2={y_to.to_string()} />
            if !frame.compact {
                <text class="timer__text" x={beside.to_string()}
                    y={(y_to - Px::new(16)).to_string()} text-anchor={anchor}>{ text }</text>
            }
        </> }
    });
    let class = classes!("timer", span.expired.then_some("timer--expired"));
    html! {
        <g {class}>
            <line class="timer__bar" x1={x.to_string()} x2={x.to_string()} y1={y.to_string()}
                y2={y_to.to_string()} />
            { expired }
        </g>
    }
}

/// A folded gap: a break across the ladder, with its real length.
fn zigzag(frame: &Frame, fold: &Fold) -> Html {
    let (from, to) = (frame.y(fold.y_from), frame.y(fold.y_to));
    let middle = (from + to) / 2;
    let breaks = Side::BOTH.map(|side| {
        let x = frame.x(side);
        let at = format!("translate({x} {middle})");
        html! {
            <g transform={at}>
                <rect class="fold__gap" x="-7" y="-8" width="14" height="16" />
                <path class="fold__tooth" d="M-8-5 -3-9 3-5 8-9M-8 9 -3 5 3 9 8 5" />
            </g>
        }
    });
    let text = locale::span(fold.length());
    let width = i32::try_from(text.chars().count()).unwrap_or(8) * 7 + 34;
    let wave = wave(frame);
    html! {
        <g class="fold">
            <path class="fold__wave" d={wave} transform={format!("translate(0 {middle})")} />
            { for breaks }
            <g transform={format!("translate({} {middle})", frame.width / 2)}>
                <rect class="fold__plate" x={(-width / 2).to_string()} y="-11"
                    width={width.to_string()} height="22" rx="11" />
                <text class="fold__text" y="4" text-anchor="middle">{ format!("⌇ {text} ⌇") }</text>
            </g>
        </g>
    }
}

/// A zigzag from lifeline to lifeline.
fn wave(frame: &Frame) -> String {
    let (left, right) = (frame.x(Side::Client), frame.x(Side::Server));
    let mut path = format!("M{} 0", left + Px::new(12));
    let mut x = left + Px::new(18);
    let mut up = true;
    while x < right - Px::new(10) {
        path.push_str(&format!("L{x} {}", if up { "-3" } else { "3" }));
        up = !up;
        x = x + Px::new(7);
    }
    path
}

/// What the ghost shows.
#[derive(Properties, PartialEq)]
pub struct GhostProps {
    /// The run before the last change.
    pub ghost: Shared<Run>,
    /// The run.
    pub run: Shared<Run>,
    /// Where everything stands.
    pub layout: Shared<Layout>,
}

/// The segments of the run before the last change that have changed, on this run's axis.
#[component]
pub fn Ghost(props: &GhostProps) -> Html {
    let frame = &props.layout.frame;
    let axis = &props.run.ladder.axis;
    let arrows = props.ghost.ladder.arrows.iter().filter(|old| {
        let now = crate::app::view::arrow(&props.run, old.id);
        !now.is_some_and(|now| {
            (now.sent_at, now.ends_at, now.lost, now.kind)
                == (old.sent_at, old.ends_at, old.lost, old.kind)
        })
    });
    // What would stand below the picture is not drawn.
    let bottom = axis.end();
    let lines = arrows.filter(|old| axis.y(old.ends_at) <= bottom).map(|old| {
        let flight = super::geometry::straight(frame, old, axis);
        html! { <polyline class="ghost__line" points={points(&flight)} /> }
    });
    html! { <g class="ghost" aria-hidden="true">{ for lines }</g> }
}
