//! What is beside the lifelines: the names of the states, the calls of the applications, the timers
//! that expired, and the times of the events. They are for the pointer only: the log offers the
//! same to the keyboard.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use super::column::{Mark, Subject, plates, shown};
use super::frame::Frame;
use super::layout::Layout;
use super::px::Px;
use super::sight::Sight;
use super::words::state_class;
use crate::app::{Action, Play, Run};
use crate::ladder::Moment;
use crate::sim::Side;
use crate::ui::browser::clock::{Clock, use_text_mover};
use crate::ui::page::{Page, Shared};

/// The properties of [`Margins`].
#[derive(Properties, PartialEq)]
pub struct MarginsProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The layout of the ladder.
    pub layout: Shared<Layout>,
    /// The clock that moves the now-line between two events.
    pub clock: Shared<Clock>,
    /// The moment of the last event.
    pub now: Moment,
    /// Whether the future of the run is drawn.
    pub show_future: bool,
    /// The visible part of the ladder.
    pub sight: Sight,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// Where everything in the margins is drawn.
#[derive(Clone, PartialEq)]
struct Places {
    marks: Vec<Option<Px>>,
    times: Vec<bool>,
}

fn places(run: &Run, layout: &Layout, now: Moment, line: Px, show_future: bool) -> Places {
    let Layout { frame, marks, times, .. } = layout;
    let plates = plates(run, frame, marks, now, line);
    // The present time covers those of events that are too close to it.
    let is_clear = |y: Px| (y - line).whole().abs() > 18 && (show_future || y < line);
    Places {
        marks: shown(marks, frame, &plates, (now, line), show_future),
        times: times.iter().map(|(y, _)| is_clear(*y)).collect(),
    }
}

/// The marks beside both lifelines.
#[component]
pub fn Margins(props: &MarginsProps) -> Html {
    let MarginsProps { run, layout, clock, show_future, sight, page, .. } = props;
    let Layout { frame, marks, times, .. } = &**layout;
    let at = {
        let (run, layout, show_future) = (run.clone(), layout.clone(), *show_future);
        move |clock: &Clock| {
            let now = clock.now();
            places(&run, &layout, now.moment(), layout.frame.y(now.y), show_future)
        }
    };
    let drawn = at(clock);
    let moved = use_state_eq(|| drawn.clone());
    use_text_mover(clock, {
        let (clock, setter) = (clock.clone(), moved.setter());
        Box::new(move |_| setter.set(at(&clock)))
    });
    let marks = marks.iter().zip(&drawn.marks).filter_map(|(mark, y)| {
        let y = (*y)?;
        sight.has(mark.event, y + mark.height).then(|| draw(frame, mark, y, props.now, page))
    });
    let times =
        times.iter().zip(&drawn.times).filter(|((y, _), is_clear)| **is_clear && sight.has(*y, *y));
    let x = (frame.gutter - Px::new(8)).to_string();
    let times = times.map(|((y, text), _)| {
        let y = (*y + Px::new(4)).to_string();
        html! {
            <text class="lifeline__ruler" x={x.clone()} {y} text-anchor="end">
                { text.clone() }
            </text>
        }
    });
    let is_seen = |step: usize| *show_future || Some(step) <= props.now.step;
    let ticks = run.ladder.calls.iter().filter(|call| is_seen(call.step)).map(|call| {
        let (x, out) = (frame.x(call.side), Frame::outward(call.side));
        let y = frame.y(call.y).to_string();
        html! {
            <line class="lifeline__tick" x1={(x + Px::new(4) * out).to_string()} y1={y.clone()}
                x2={(x + Px::new(14) * out).to_string()} y2={y} />
        }
    });
    html! { <g aria-hidden="true"><g>{ for times }</g>{ for ticks }<g>{ for marks }</g></g> }
}

fn draw(frame: &Frame, mark: &Mark, y: Px, now: Moment, page: &Page) -> Html {
    let state = match mark.subject {
        Subject::State(state) => Some(state),
        Subject::Expiry | Subject::Call => None,
    };
    let class = classes!(
        if state.is_some() { "state-chip" } else { "lifeline__mark" },
        (mark.subject == Subject::Expiry).then_some("lifeline__mark--expiry"),
        (mark.step > now.step).then(|| {
            if state.is_some() { "state-chip--future" } else { "lifeline__mark--future" }
        }),
        state.map(state_class),
    );
    let onclick = mark.step.map(|step| {
        page.dispatch.reform(move |event: MouseEvent| {
            event.stop_propagation();
            Action::Play(Play::SeekStep(step))
        })
    });
    let out = Frame::outward(mark.side);
    if frame.compact {
        let x = frame.x(mark.side) + Px::new(17) * out;
        let at = format!("translate({x} {y}) rotate(-90)");
        return html! {
            <g {class} {onclick} transform={at}>
                <text y="3.5" text-anchor="end">{ mark.text.clone() }</text>
            </g>
        };
    }
    let inner = frame.x(mark.side) + Px::new(18) * out;
    if state.is_none() {
        let anchor = if mark.side == Side::Client { "end" } else { "start" };
        return html! {
            <text {class} {onclick} x={inner.to_string()} y={(y + Px::new(4)).to_string()}
                text-anchor={anchor}>{ mark.text.clone() }</text>
        };
    }
    let width = i32::try_from(mark.text.len()).unwrap_or(12) * 7 + 14;
    let x = if mark.side == Side::Client { inner - Px::new(width) } else { inner };
    html! {
        <g {class} {onclick} transform={format!("translate({x} {y})")}>
            <rect y="-10" width={width.to_string()} height="20" rx="5" />
            <text x={(width / 2).to_string()} y="4" text-anchor="middle">
                { mark.text.clone() }
            </text>
        </g>
    }
}
