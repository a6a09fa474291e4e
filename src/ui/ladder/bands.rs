//! Bursts too dense to tell their segments apart: each is one band until it is opened.

use super::flight::Flight;
use super::frame::{APART, Frame, SPREAD};
use super::px::{Point, Px, middle, part_way};
use super::shapes::Shape;
use super::words;
use crate::app::Run;
use crate::ladder::{Arrow, SegmentKind, bursts};
use crate::locale;
use crate::sim::SegmentId;

/// A burst that is drawn as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// Its first and its last arrow.
    pub ends: [usize; 2],
    /// The number of its segments.
    pub count: usize,
    /// Whether its segments are drawn one by one.
    pub is_open: bool,
    /// Its name: `C3–C43, 59,860 B`.
    pub name: String,
    /// Where its name is drawn: a point, the direction of the text, and the area.
    pub place: Option<(Point, [Point; 2], Shape)>,
}

/// The band of each arrow: its index, the place of the arrow in it, and whether it is open.
pub type Member = Option<(usize, i32)>;

/// The bands of a run, and which of them each arrow belongs to.
pub fn bands(run: &Run, frame: &Frame, open: &[SegmentId]) -> (Vec<Band>, Vec<Member>) {
    let arrows = &run.ladder.arrows;
    let mut members = vec![None; arrows.len()];
    let mut bands = vec![];
    for burst in bursts(arrows, frame.span_of(APART)) {
        let [first, .., last] = burst[..] else { continue };
        if burst.len() <= usize::try_from(SPREAD).unwrap_or(0) {
            continue;
        }
        for (place, index) in (0..).zip(&burst) {
            members[*index] = Some((bands.len(), place));
        }
        let segments = &run.timeline.trace().segments;
        let length = |index: &usize| u64::from(segments[arrows[*index].segment].segment.text.len());
        let octets: u64 = burst.iter().map(length).sum();
        let (from, to) = (&arrows[first], &arrows[last]);
        let name = match from.kind {
            SegmentKind::Data => format!("{}–{}, {} B", from.id, to.id, locale::number(octets)),
            _ => format!("{}–{}, {} ×{}", from.id, to.id, from.flags, burst.len()),
        };
        let is_open = open.contains(&from.id);
        bands.push(Band { ends: [first, last], count: burst.len(), is_open, name, place: None });
    }
    (bands, members)
}

/// Whether an arrow is drawn even within a closed band, because something happened to it.
pub const fn stands_out(arrow: &Arrow) -> bool {
    arrow.lost.is_some() || arrow.copy.is_some() || arrow.due.is_some() || arrow.repeats.is_some()
}

impl Band {
    /// The distance between two of its segments.
    pub fn apart(&self) -> Px {
        let count = i32::try_from(self.count).unwrap_or(i32::MAX);
        if self.is_open { APART } else { APART * SPREAD / count }
    }

    /// The outline of the area that its lines cover, up to `now` if it is given.
    pub fn outline(&self, flights: &[Flight], now: Option<Px>) -> Vec<Point> {
        let [first, last] = self.ends.map(|index| &flights[index]);
        let line = |flight: &Flight| match now {
            Some(now) => flight.past(now),
            None => flight.line.clone(),
        };
        let (mut outline, mut back) = (line(first), line(last));
        back.reverse();
        outline.append(&mut back);
        outline
    }

    /// The line through its middle.
    pub fn middle(&self, flights: &[Flight]) -> [Point; 2] {
        let [first, last] = self.ends.map(|index| &flights[index].line);
        [middle(first[0], last[0]), middle(first[first.len() - 1], last[last.len() - 1])]
    }

    /// Finds the place of its name: in its middle, or above its first line once it is open.
    pub fn place_name(&mut self, flights: &[Flight], taken: &[Shape]) {
        let width = Px::new(words::text_width(&self.name) + 16);
        let [mut from, mut to] = self.middle(flights);
        let mut across = [Px::new(-9), Px::new(9)];
        if self.is_open {
            let line = &flights[self.ends[0]].line;
            (from, to) = (line[0], line[line.len() - 1]);
            across = [Px::new(-22), Px::new(-4)];
        }
        let direction = if to.x < from.x { [to, from] } else { [from, to] };
        let spots = [50, 65, 35].map(|percent| {
            let origin = part_way(from, to, percent);
            let half = [-width / 2, width / 2];
            (origin, direction, Shape::along(origin, direction.into(), half, across))
        });
        let is_free = |spot: &(Point, [Point; 2], Shape)| !taken.iter().any(|it| it.meets(&spot.2));
        self.place = spots.into_iter().find(is_free);
    }
}
