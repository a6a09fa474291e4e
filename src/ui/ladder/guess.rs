//! The segment that a viewer expected in the quiz, beside the one that was sent.

use tcp_handshake_html::html;
use yew::prelude::*;

use super::layout::Layout;
use super::px::{Along, Point, Px, points};
use crate::app::Run;
use crate::app::quiz::Guess;
use crate::sim::Side;

/// How much lower it is drawn, in pixels.
const LOWER: i32 = 26;

/// A line in parallel to the true segment's, with the flags and numbers of the answer.
pub fn drawn(guess: &Guess, run: &Run, layout: &Layout) -> Option<Html> {
    let arrows = &run.ladder.arrows;
    let index = arrows.iter().position(|arrow| arrow.id == guess.beside)?;
    let line = &layout.flights[index].line;
    let lowered = |at: &Point| Point { x: at.x, y: at.y + Px::new(LOWER) };
    let (start, end) = (lowered(line.first()?), lowered(line.last()?));
    let (along, anchor, x) = match arrows[index].from {
        Side::Client => (Along::new(start, start, end), "start", "40"),
        Side::Server => (Along::new(start, end, start), "end", "-40"),
    };
    let head = Along::new(end, start, end).to_string();
    Some(html! {
        <g class="quiz__own" aria-hidden="true">
            <polyline class="quiz__own-line" points={points(&[start, end])} />
            <path class="quiz__own-head" d="M-4 0-14-5.5-12 0-14 5.5z" transform={head} />
            <text class="quiz__own-label" transform={along.to_string()} {x} y="16"
                text-anchor={anchor}>{ &guess.label }</text>
        </g>
    })
}
