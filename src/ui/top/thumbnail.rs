//! A small picture of a run: its lifelines and the lines of its first segments.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use crate::app::Run;
use crate::ladder::{Arrow, WIDTH};
use crate::link::Link;
use crate::sim::Side;

/// The width and height of the picture, in SVG units.
const SIZE: (u64, u64) = (40, 48);
/// The distance of the lifelines from the sides, and of the first and last line from the top and
/// bottom, in SVG units.
const INSET: u64 = 5;
/// The most segments that are drawn: more would be indistinguishable.
const MOST: usize = 24;

/// The properties of [`Thumbnail`].
#[derive(Properties, PartialEq)]
pub struct ThumbnailProps {
    /// The scenario's id.
    pub scenario: &'static str,
}

/// The thumbnail of a built-in scenario.
#[component]
pub fn Thumbnail(props: &ThumbnailProps) -> Html {
    let run = Run::of(&Link::to(props.scenario), false);
    let (width, height) = SIZE;
    let lifelines = format!("M{INSET} 2v{0}M{1} 2v{0}", height - 4, width - INSET);
    let arrows = &run.ladder.arrows[..run.ladder.arrows.len().min(MOST)];
    let end = arrows.iter().map(|arrow| arrow.y_to).max().unwrap_or(0).max(1);
    let lines = arrows.iter().map(|arrow| {
        let class = classes!("thumbnail__line", format!("segment--{}", arrow.kind.name()));
        html! { <path {class} d={line(arrow, end)} /> }
    });
    html! {
        <svg class="thumbnail" viewBox={format!("0 0 {width} {height}")} width={width.to_string()}
            height={height.to_string()} aria-hidden="true">
            <path class="thumbnail__lifelines" d={lifelines} />
            { for lines }
        </svg>
    }
}

/// The path of a segment's line, with a cross at its end if the segment is lost.
fn line(arrow: &Arrow, end: u64) -> String {
    let (width, height) = SIZE;
    let y = |at: u64| INSET + at * (height - 2 * INSET) / end;
    let reach = u64::from(arrow.reach) * (width - 2 * INSET) / u64::from(WIDTH);
    let (from, to) = match arrow.from {
        Side::Client => (INSET, INSET + reach),
        Side::Server => (width - INSET, width - INSET - reach),
    };
    let cross = if arrow.lost.is_some() { "m-2.5-2.5 5 5m0-5-5 5" } else { "" };
    format!("M{from} {}L{to} {}{cross}", y(arrow.y_from), y(arrow.y_to))
}
