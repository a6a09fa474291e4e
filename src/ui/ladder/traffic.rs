//! The tokens that move between two events, and the words that they run over meanwhile.

use super::band::{text as band_text, token_place};
use super::flight::{Covered, Flight};
use super::frame::PILL_HEIGHT;
use super::layout::Layout;
use super::pill::{beside, copy_place, pill_width};
use super::px::{Point, Px};
use super::shapes::Shape;
use super::words;
use crate::app::{Playhead, Run};
use crate::ladder::Fate;

/// What a token belongs to, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A segment.
    Segment(usize),
    /// The copy of a segment.
    Copy(usize),
    /// A band.
    Band(usize),
}

/// The area that a token covers from one event to the next.
struct Way {
    owner: Owner,
    area: Shape,
    /// Whether the token has no room for words, because another is too close.
    is_crowded: bool,
}

/// All tokens that move.
pub struct Traffic(Vec<Way>);

/// The most tokens of which each is compared with each.
const MOST: usize = 120;

impl Traffic {
    /// The traffic after an event.
    pub fn of(run: &Run, layout: &Layout, now: Playhead) -> Self {
        let ladder = &run.ladder;
        let next = ladder.marks.iter().map(|mark| mark.y).find(|y| *y > now.y);
        let span = [now.y, next.unwrap_or(ladder.axis.end())].map(|y| layout.frame.y(y));
        let mut traffic = Self(vec![]);
        for (index, flight) in layout.flights.iter().enumerate() {
            let arrow = &ladder.arrows[index];
            let fate = arrow.fate(now.moment());
            let is_still = fate != Fate::Flying && arrow.copy.is_none();
            if fate == Fate::Future || flight.is_bundled || is_still {
                continue;
            }
            let text = words::token(arrow, &run.timeline.trace().segments[arrow.segment]);
            if fate == Fate::Flying {
                let stops = stops(span, flight);
                let places = stops.iter().map(|at| flight.place(*at));
                traffic.add(Owner::Segment(index), legs(layout, places, &text));
            }
            let copies = span.iter().filter_map(|at| copy_place(run, layout, index, *at));
            traffic.add(Owner::Copy(index), legs(layout, copies, &text));
        }
        let bands = layout.bands.iter().enumerate().filter(|(_, band)| !band.is_open);
        for (index, band) in bands {
            let [first, last] = band.ends.map(|index| ladder.arrows[index].fate(now.moment()));
            if first != Fate::Future && !matches!(last, Fate::Arrived | Fate::Lost) {
                let text = band_text(band);
                let places = span.iter().map(|at| token_place(&layout.frame, layout, band, *at));
                traffic.add(Owner::Band(index), legs(layout, places, &text));
            }
        }
        traffic
    }

    /// Adds the way of a token. It has no words if it meets one that has.
    fn add(&mut self, owner: Owner, areas: Vec<Shape>) {
        let is_many = self.0.len() > MOST;
        let meets = |area: &Shape| self.0.iter().any(|way| !way.is_crowded && way.area.meets(area));
        let is_crowded = is_many || areas.iter().any(meets);
        self.0.extend(areas.into_iter().map(|area| Way { owner, area, is_crowded }));
    }

    /// Whether a token has no room for words.
    pub fn crowds(&self, owner: Owner) -> bool {
        self.0.iter().any(|way| way.owner == owner && way.is_crowded)
    }

    /// Whether a token runs over an area. The one of the `owner`, if there is one, does not count.
    pub fn meets(&self, area: &Shape, owner: Option<Owner>) -> bool {
        self.0.iter().any(|way| Some(way.owner) != owner && way.area.meets(area))
    }

    /// The words of a flight that a token runs over. Its own token passes its label, which appears
    /// after it.
    pub fn covers(&self, index: usize, flight: &Flight) -> Covered {
        let label = flight.label.as_ref();
        let own = Some(Owner::Segment(index));
        Covered {
            label: label.is_some_and(|label| self.meets(&label.area, own)),
            tags: flight.tags.iter().any(|tag| self.meets(&tag.area, None)),
            token: self.crowds(Owner::Segment(index)),
            copy: self.crowds(Owner::Copy(index)),
        }
    }
}

/// The now-lines at which a token starts, turns and stops.
fn stops([from, to]: [Px; 2], flight: &Flight) -> Vec<Px> {
    let mut stops = vec![from];
    for at in flight.clock.iter().copied().filter(|at| from < *at && *at < to) {
        stops.push(at);
    }
    stops.push(to);
    stops
}

/// The area that a token covers on each leg of its way.
fn legs(layout: &Layout, places: impl Iterator<Item = Point>, text: &str) -> Vec<Shape> {
    let places: Vec<Point> = places.map(|here| beside(&layout.frame, here, text)).collect();
    let (width, height) = (Px::new(pill_width(text) + 4), Px::new(PILL_HEIGHT + 4));
    places.windows(2).map(|leg| Shape::sweep(leg[0], leg[1], width, height)).collect()
}
