//! One segment: its line and its label. Its [moving parts](super::moving) are drawn above.

use std::rc::Rc;

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use super::drag::{Preview, Subject, use_drag};
use super::flight::{Covered, Flight};
use super::frame::Frame;
use super::handle::{Handle, Handlers};
use super::labels::INSET;
use super::layout::Layout;
use super::pill::{stroke, tag};
use super::px::{Along, Point, Px, points, shortened};
use super::words;
use crate::app::compare::Difference;
use crate::app::{Action, Look, Run};
use crate::ladder::{Arrow, Fate};
use crate::sim::Side;
use crate::ui::browser::clock::Clock;
use crate::ui::browser::focus::{focus_node, is_segment_focused};
use crate::ui::page::{Page, Shared};

/// The width of the arc to a retransmission, in pixels.
const ARC: i32 = 44;

/// The properties of [`Segment`].
#[derive(Properties, PartialEq)]
pub struct SegmentProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The layout of the ladder.
    pub layout: Shared<Layout>,
    /// The index of the segment's arrow.
    pub index: usize,
    /// The segment's fate at the moment shown.
    pub fate: Fate,
    /// Whether the segment or its copy is in flight.
    pub moves: bool,
    /// The clock that moves it between two events.
    pub clock: Shared<Clock>,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether a token is about to run over its label, and over its plates.
    pub covered: Covered,
    /// How it differs from its counterpart in the run beside this one.
    pub difference: Option<Difference>,
    /// Whether the Tab key focuses it.
    pub tabbable: bool,
    /// Whether the future of the run is drawn.
    pub show_future: bool,
    /// What its moving parts need of it.
    pub handle: Shared<Handle>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// One segment.
#[component]
pub fn Segment(props: &SegmentProps) -> Html {
    let Handle { node, .. } = &*props.handle;
    let arrow = &props.run.ladder.arrows[props.index];
    let flight = &props.layout.flights[props.index];

    use_focus_on(node, props.selected);

    let subject = Subject {
        run: &props.run,
        layout: &props.layout,
        index: props.index,
        fate: props.fate,
        dispatch: &props.page.dispatch,
    };
    let drag = use_drag(node, &subject);
    let onclick = {
        let (dispatch, id, moved) = (props.page.dispatch.clone(), arrow.id, Rc::clone(&drag.moved));
        let node = node.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            if !moved.take() {
                focus_node(&node);
                dispatch.emit(Action::Look(Look::Select(Some(id))));
            }
        })
    };
    let look = classes!(
        format!("segment--{}", arrow.kind.name()),
        format!("segment--{}", props.fate.name()),
        arrow.repeats.map(|_| "segment--repeat"),
        arrow.is_old.then_some("segment--old"),
        props.selected.then_some("segment--selected"),
        drag.preview.map(|_| "segment--dragged"),
    );
    let whole = points(&flight.line);
    props.handle.handlers.replace(Some(Handlers::of(&drag, onclick.clone())));
    // The label is hidden from screen readers: the button's accessible name says the same in words.
    html! { <>
        <g class={classes!("segment", look.clone())} ref={node.clone()} role="button"
            tabindex={if props.tabbable { "0" } else { "-1" }}
            data-segment={arrow.id.to_string()}
            data-fate={props.fate.name()}
            aria-label={words::description(&props.page.catalog, &props.run, arrow, props.fate)}
            aria-pressed={if props.selected { "true" } else { "false" }}
            onclick={onclick.clone()}
            onpointerdown={drag.onpointerdown} onpointermove={drag.onpointermove}
            onpointerup={drag.onpointerup} onpointercancel={drag.onpointercancel}
            onkeydown={drag.onkeydown}>
            <polyline class="segment__ring" points={whole.clone()} />
            <polyline class="segment__ring-gap" points={whole.clone()} />
            <polyline class="segment__hit" points={whole} />
            { copy(props, flight) }
            { repeats(props, arrow, flight) }
            { line(props, arrow, flight) }
            { changed(props, flight) }
        </g>
        <g class={classes!("segment-words", look)} aria-hidden="true" {onclick}>
            { label(props, arrow, flight) }
            if !props.moves {
                { tags(flight, props.fate, props.covered, props.show_future) }
            }
            { drag.preview.map(|it| preview(props, flight, it)).unwrap_or_default() }
        </g>
    </> }
}

/// The arc beside the sender's lifeline that connects a retransmission with the original.
fn repeats(props: &SegmentProps, arrow: &Arrow, flight: &Flight) -> Html {
    let arrows = &props.run.ladder.arrows[..props.index];
    let earlier = arrow.repeats.and_then(|id| arrows.iter().rposition(|other| other.id == id));
    let from = earlier.and_then(|index| props.layout.flights[index].line.first());
    let Some((from, to)) = from.zip(flight.line.first()) else { return Html::default() };
    let out = to.x + Px::new(ARC) * Frame::outward(arrow.from);
    let tip = Px::new(7) * Frame::outward(arrow.from);
    let d = format!(
        "M{} {}C{out} {} {out} {} {} {}m{tip}-7L{} {}l{tip} 3",
        from.x, from.y, from.y, to.y, to.x, to.y, to.x, to.y
    );
    html! { <path class="segment__repeats" {d} /> }
}

/// The horizontal distance between two points, in pixels.
pub fn distance(a: Point, b: Point) -> i32 {
    (a.x - b.x).whole().abs()
}

/// Moves the focus along with the selection, if the focus is on a segment.
#[hook]
pub fn use_focus_on(node: &NodeRef, selected: bool) {
    let node = node.clone();
    use_effect_with(selected, move |selected| {
        if *selected && is_segment_focused() {
            focus_node(&node);
        }
    });
}

/// The line and its end: an arrowhead, or a cross if lost. In flight, the rest of its path.
fn line(props: &SegmentProps, arrow: &Arrow, flight: &Flight) -> Html {
    let [.., before, end] = flight.line.as_slice() else { return Html::default() };
    if props.fate == Fate::Flying {
        return html! { if props.show_future {
            <polyline class="segment__line segment__line--future" points={points(&flight.line)} />
        } };
    }
    if arrow.lost.is_some() {
        let at = format!("translate({} {})", end.x, end.y);
        return html! { <>
            { stroke(arrow, &points(&flight.line)) }
            <path class="segment__cross" d="M-6-6 6 6M6-6-6 6" transform={at} />
        </> };
    }
    // The arrowhead ends at the lifeline, and the line ends inside the arrowhead.
    let along = Along::new(*end, *before, *end).to_string();
    html! { <>
        { stroke(arrow, &points(&shortened(&flight.line, Px::new(12)))) }
        <path class="segment__head" d="M-4 0-14-5.5-12 0-14 5.5z" transform={along} />
    </> }
}

/// The mark of a segment that the other run does not have, or that takes another way there.
fn changed(props: &SegmentProps, flight: &Flight) -> Html {
    let mark = props.difference.zip(flight.line.first()).map(|(difference, start)| {
        let class = classes!("compare__mark", format!("compare__mark--{}", difference.name()));
        let at = format!("translate({} {})", start.x, start.y);
        html! { <path {class} d="M0-8 8 0 0 8-8 0z" transform={at} /> }
    });
    mark.unwrap_or_default()
}

/// The line of the copy, and the path that a delayed segment would have followed.
fn copy(props: &SegmentProps, flight: &Flight) -> Html {
    if props.fate == Fate::Future && !props.show_future {
        return Html::default();
    }
    let due = flight.due.map(|line| {
        html! { <polyline class="segment__due" points={points(&line)} /> }
    });
    let copy = flight.copy.map(|line| {
        let [start, end] = line;
        if props.moves && props.fate != Fate::Future {
            html! { if props.show_future {
                <polyline class="segment__copy segment__copy--future" points={points(&line)} />
            } }
        } else {
            html! { <>
                <polyline class="segment__copy" points={points(&shortened(&line, Px::new(12)))} />
                <path class="segment__head segment__head--copy" d="M-4 0-13-4-11 0-13 4z"
                    transform={Along::new(end, start, end).to_string()} />
            </> }
        }
    });
    html! { <>{ due }{ copy }</> }
}

/// The label along the line.
fn label(props: &SegmentProps, arrow: &Arrow, flight: &Flight) -> Html {
    let [start, next, ..] = flight.line.as_slice() else { return Html::default() };
    let Some(label) = flight.label.as_ref().filter(|_| !props.covered.label) else {
        return Html::default();
    };
    let (along, x, anchor) = match arrow.from {
        Side::Client => (Along::new(*start, *start, *next), INSET, "start"),
        Side::Server => (Along::new(*start, *next, *start), -INSET, "end"),
    };
    let y = if label.is_above { "-8" } else { "16" };
    let caption = &label.words;
    let words = [&caption.flags, &caption.numbers, &caption.window].into_iter();
    let words = words.zip([None, Some("segment__numbers"), Some("segment__octets")]);
    let words = words.filter(|(word, _)| !word.is_empty());
    html! {
        <text class="segment__label" key={props.fate.name()} ref={props.handle.label.clone()}
            transform={along.to_string()} x={x.to_string()} {y} text-anchor={anchor}>
            <tspan class="segment__name">{ &caption.name }</tspan>
            <tspan class="segment__flags" dx="5">{ &caption.subject }</tspan>
            { for words.map(|(word, class)| html! {
                <tspan {class} dx="5">{ word }</tspan>
            }) }
        </text>
    }
}

/// The plates for the effects on the segment: its delay, its copy.
pub fn tags(flight: &Flight, fate: Fate, covered: Covered, show_future: bool) -> Html {
    if fate == Fate::Future && !show_future || covered.tags {
        return Html::default();
    }
    flight.tags.iter().map(|it| tag(it.at, &it.text)).collect()
}

/// The effect of releasing the pointer that drags the segment.
fn preview(props: &SegmentProps, flight: &Flight, preview: Preview) -> Html {
    let Layout { frame, height, .. } = &*props.layout;
    let here = flight.place(frame.y(props.clock.now().y));
    match preview {
        Preview::Arrives(y, at) => {
            let arrow = &props.run.ladder.arrows[props.index];
            let side = arrow.from.peer();
            let lands = Point { x: frame.x(side), y };
            html! { <>
                <polyline class="segment__preview" points={points(&[here, lands])} />
                { tag(lands, &words::lateness(props.run.due(arrow), at)) }
            </> }
        }
        Preview::Lost(side) => {
            let x = match side {
                Side::Client => Px::new(0),
                Side::Server => frame.x(side),
            };
            let width = match side {
                Side::Client => frame.x(side),
                Side::Server => frame.margin,
            };
            let at = format!("translate({} {})", here.x, here.y);
            html! { <>
                <rect class="segment__catch" x={x.to_string()} y="0" width={width.to_string()}
                    height={height.to_string()} />
                <g transform={at}>
                    <path class="segment__cross" d="M-6-26 6-14M6-26-6-14" />
                </g>
            </> }
        }
    }
}
