//! The shapes of segments that the ladder and the lanes share.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use super::frame::{Frame, PILL_HEIGHT};
use super::layout::Layout;
use super::px::{Point, Px, place};
use super::words;
use crate::app::Run;
use crate::ladder::{Arrow, SegmentKind};
use crate::sim::Side;

/// The line of a segment. A reset has a double line: a second, narrower line is drawn on the first.
pub fn stroke(arrow: &Arrow, points: &str) -> Html {
    html! { <>
        <polyline class="segment__line" points={points.to_owned()} />
        if arrow.kind == SegmentKind::Rst {
            <polyline class="segment__core" points={points.to_owned()} />
        }
    </> }
}

/// The position of a segment's copy while it is in flight.
pub fn copy_place(run: &Run, layout: &Layout, index: usize, now: Px) -> Option<Point> {
    let flight = &layout.flights[index];
    let (_, ends) = run.ladder.arrows[index].copy?;
    let clock = [*flight.clock.first()?, layout.frame.y(ends)];
    let line = flight.copy?;
    (now < clock[1]).then(|| place(&line, &clock, now))
}

/// A short text on a plate.
pub fn tag(at: Point, text: &str) -> Html {
    let width = words::text_width(text) + 10;
    html! {
        <g class="segment__tag" transform={format!("translate({} {})", at.x, at.y)}>
            <rect x={(-width / 2).to_string()} y="-9" width={width.to_string()} height="18"
                rx="5" />
            <text y="4" text-anchor="middle">{ text }</text>
        </g>
    }
}

/// A pill at a point of a line, beside the lifelines rather than on one.
pub fn beside(frame: &Frame, here: Point, text: &str) -> Point {
    let inset = Px::new(pill_width(text) / 2 + 7);
    let (left, right) = (frame.x(Side::Client) + inset, frame.x(Side::Server) - inset);
    Point { x: here.x.min(right).max(left), ..here }
}

/// The width of a pill, in pixels.
pub fn pill_width(text: &str) -> i32 {
    let letters = i32::try_from(text.chars().count()).unwrap_or(8);
    (letters * 9 + 16).max(40)
}

/// The token of a segment in flight that has no room for words.
pub fn dot(node: &NodeRef) -> Html {
    html! {
        <g class="segment__token" ref={node}>
            <circle class="segment__pill-hit" r="22" />
            <circle class="segment__pill" r="6" />
        </g>
    }
}

/// The pill of a segment in flight, which holds its flags.
pub fn pill(node: &NodeRef, text: &str, class: &'static str) -> Html {
    let width = pill_width(text);
    html! {
        <g class={classes!("segment__token", class)} ref={node}>
            <circle class="segment__pill-hit" r="22" />
            <rect class="segment__pill" x={(-width / 2).to_string()}
                y={(-PILL_HEIGHT / 2).to_string()} width={width.to_string()}
                height={PILL_HEIGHT.to_string()} rx="10" />
            <text class="segment__pill-text" y="4" text-anchor="middle">{ text }</text>
        </g>
    }
}
