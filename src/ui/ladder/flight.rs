//! The geometry of one segment.

use super::frame::Frame;
use super::px::{Point, Px, place};
use super::shapes::Shape;
use crate::ladder::{Arrow, Caption, WIDTH};

/// The geometry of one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// The line from its departure to its arrival or loss, with a bend where a delay begins.
    pub line: Vec<Point>,
    /// The y-coordinate of the now-line when the segment is at each point of `line`.
    pub clock: Vec<Px>,
    /// For a delayed segment, the line that it would have followed after the bend.
    pub due: Option<[Point; 2]>,
    /// The line of the copy of a duplicated segment.
    pub copy: Option<[Point; 2]>,
    /// Whether it is only drawn as part of a band, unless it is selected.
    pub is_bundled: bool,
    /// Its label, if there is room for it.
    pub label: Option<Label>,
    /// The plates about its delay and its copy.
    pub tags: Vec<Tag>,
}

/// Which words of a segment a token is about to run over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// Its label.
    pub label: bool,
    /// Its plates.
    pub tags: bool,
    /// Its token has no room for words.
    pub token: bool,
    /// The token of its copy has none.
    pub copy: bool,
}

/// The label of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its words.
    pub words: Caption,
    /// Whether it is above the line.
    pub is_above: bool,
    /// How far its end is from the start of the line.
    pub reach: i32,
    /// The area that it covers.
    pub area: Shape,
}

/// A plate on a line: a delay, or a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its text.
    pub text: String,
    /// Its middle.
    pub at: Point,
    /// The area that it covers.
    pub area: Shape,
}

/// The geometry of an arrow whose start is `lowered` to keep clear of the segment before. Its end
/// stays at the time of arrival, unless the line would become too flat.
pub fn flight(frame: &Frame, arrow: &Arrow, lowered: Px) -> Flight {
    let x = |reach: u32| {
        let distance = frame.span().ratio(i64::from(reach), i64::from(WIDTH));
        frame.x(arrow.from) + distance * -Frame::outward(arrow.from)
    };
    let (departs, ends) = (frame.y(arrow.y_from), frame.y(arrow.y_to));
    let start = Point { x: x(0), y: departs + lowered };
    let landing = |at: u64| {
        let y = frame.y(at);
        Point { x: x(WIDTH), y: y + (lowered - (y - departs) / 2).max(Px::new(0)) }
    };
    let end = Point { x: x(arrow.reach), y: landing(arrow.y_to).y };
    let copy = arrow.copy.map(|(_, at)| [start, landing(at)]);
    let (line, clock, due) = match arrow.due {
        // A delayed segment follows its usual line half-way, and bends there.
        Some((_, due)) if arrow.lost.is_none() && due < arrow.y_to => {
            let landing = landing(due);
            let bend = Point { x: x(WIDTH / 2), y: (start.y + landing.y) / 2 };
            let held = (departs + frame.y(due)) / 2;
            (vec![start, bend, end], vec![departs, held, ends], Some([bend, landing]))
        }
        _ => (vec![start, end], vec![departs, ends], None),
    };
    Flight { line, clock, due, copy, is_bundled: false, label: None, tags: vec![] }
}

impl Flight {
    /// The position of the segment when the now-line is at `now`.
    pub fn place(&self, now: Px) -> Point {
        place(&self.line, &self.clock, now)
    }

    /// The top and bottom y-coordinates of the segment, its copy included.
    pub fn extent(&self) -> (Px, Px) {
        let first = self.line.first().map_or(Px::default(), |point| point.y);
        let (mut top, mut bottom) = (first, first);
        let legs = [&self.line[..], self.copy.as_ref().map_or(&[], |copy| &copy[..])];
        for point in legs.into_iter().flatten() {
            (top, bottom) = (top.min(point.y), bottom.max(point.y));
        }
        (top, bottom)
    }

    /// The part of the line that the segment has covered when the now-line is at `now`.
    pub fn past(&self, now: Px) -> Vec<Point> {
        let passed = self.clock.iter().filter(|at| **at < now).count().min(self.line.len());
        let mut past = self.line[..passed].to_vec();
        past.push(self.place(now));
        past
    }
}
