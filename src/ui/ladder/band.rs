//! One band: a burst that is drawn as one, and a button that opens it.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use super::bands::Band;
use super::frame::Frame;
use super::layout::Layout;
use super::pill::{beside, dot, pill};
use super::px::{Along, Point, Px, place, points};
use crate::app::Run;
use crate::ladder::{Fate, Moment};
use crate::ui::browser::clock::{Clock, Mover, use_mover, write};
use crate::ui::page::{Page, Shared};

/// The properties of [`Bundle`].
#[derive(Properties, PartialEq)]
pub struct BundleProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The layout of the ladder.
    pub layout: Shared<Layout>,
    /// The index of the band.
    pub index: usize,
    /// The moment of the last event.
    pub now: Moment,
    /// Whether the future of the run is drawn.
    pub show_future: bool,
    /// Whether a token is about to run over its name.
    pub is_covered: bool,
    /// Whether its own token has no room for words.
    pub is_crowded: bool,
    /// The clock that moves it between two events.
    pub clock: Shared<Clock>,
    /// Opens or closes the band.
    pub toggle: Callback<usize>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The burst as one band.
#[component]
pub fn Bundle(props: &BundleProps) -> Html {
    let BundleProps { run, layout, index, now, page, .. } = props;
    let band = &layout.bands[*index];
    let [first, last] = band.ends.map(|index| &run.ladder.arrows[index]);
    let fate = match (first.fate(*now), last.fate(*now)) {
        (Fate::Future, _) => Fate::Future,
        (_, Fate::Arrived | Fate::Lost) => Fate::Arrived,
        _ => Fate::Flying,
    };
    let (area, token) = (use_node_ref(), use_node_ref());
    let moves = fate == Fate::Flying && !band.is_open;
    use_mover(&props.clock, moves.then(|| mover(props, area.clone(), token.clone())));
    if fate == Fate::Future && !props.show_future {
        return Html::default();
    }
    let onclick = {
        let (toggle, index) = (props.toggle.clone(), *index);
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            toggle.emit(index);
        })
    };
    let onkeydown = {
        let (toggle, index) = (props.toggle.clone(), *index);
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                event.stop_propagation();
                toggle.emit(index);
            }
        })
    };
    let name = band.place.as_ref().map(|(origin, [from, to], _)| {
        let along = Along::new(*origin, *from, *to).to_string();
        let y = if band.is_open { "-8" } else { "4" };
        let sign = if band.is_open { "− " } else { "+ " };
        html! {
            <text class="band__name" transform={along} {y} text-anchor="middle">
                { sign }{ band.name.clone() }
            </text>
        }
    });
    let whole = points(&band.outline(&layout.flights, None));
    let class = classes!(
        "band",
        format!("segment--{}", first.kind.name()),
        format!("band--{}", fate.name()),
        band.is_open.then_some("band--open"),
    );
    let label =
        page.catalog.format("ui.ladder.band", &[("name", &band.name), ("count", &band.count)]);
    html! {
        <g {class} role="button" tabindex="0" data-band={first.id.to_string()}
            aria-expanded={if band.is_open { "true" } else { "false" }} aria-label={label}
            {onclick} {onkeydown}>
            if !band.is_open {
                <polygon class="band__outline" points={whole.clone()} />
                <polygon class="band__area" ref={area} points={whole} />
            }
            if !moves && !props.is_covered {
                { name.unwrap_or_default() }
            }
            if moves && props.is_crowded {
                { dot(&token) }
            } else if moves {
                { pill(&token, &text(band), "") }
            }
        </g>
    }
}

/// The text in the token of a burst in flight.
pub fn text(band: &Band) -> String {
    format!("×{}", band.count)
}

/// Moves the token along the middle of the band, and its covered part with it.
fn mover(props: &BundleProps, area: NodeRef, token: NodeRef) -> Mover {
    let (layout, index) = (props.layout.clone(), props.index);
    Box::new(move |now| {
        let band = &layout.bands[index];
        let y = layout.frame.y(now.playhead.y);
        write(&area, "points", &points(&band.outline(&layout.flights, Some(y))));
        let here = token_place(&layout.frame, &layout, band, y);
        write(&token, "transform", &format!("translate({} {})", here.x, here.y));
    })
}

/// Where the token of a burst is when the now-line is at `now`.
pub fn token_place(frame: &Frame, layout: &Layout, band: &Band, now: Px) -> Point {
    let [first, last] = band.ends.map(|index| &layout.flights[index].clock);
    let clock = [first.first(), last.last()].map(|at| at.copied().unwrap_or_default());
    beside(frame, place(&band.middle(&layout.flights), &clock, now), &text(band))
}
