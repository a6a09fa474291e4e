//! One arrow, as the paths that draw it.

use super::geometry::Point;
use super::lines::Label;
use crate::tcp::state::Edge;

/// The radius of an arrow's corners.
const RADIUS: i32 = 7;
/// The length of an arrow's head.
const HEAD: i32 = 7;

/// An arrow of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The change of state.
    pub edge: &'static Edge,
    /// The index in [`BOXES`](super::BOXES) of the box that it leads to.
    pub target: usize,
    /// Its corners, from border to border.
    pub corners: &'static [(i32, i32)],
    /// The place of its words.
    pub label: Label,
    /// Its words, a line each.
    pub lines: Vec<String>,
}

impl Route {
    /// The corners as points.
    #[must_use]
    pub fn points(&self) -> impl DoubleEndedIterator<Item = Point> + ExactSizeIterator {
        self.corners.iter().map(|(x, y)| Point { x: *x, y: *y })
    }

    /// The line as the `d` of an SVG path with rounded corners. It ends where the head begins.
    #[must_use]
    pub fn path(&self) -> String {
        let mut points: Vec<Point> = self.points().collect();
        if let [.., before, last] = points.as_mut_slice() {
            *last = towards(*last, *before, HEAD - 1);
        }
        let corner = |(index, point): (usize, &Point)| {
            let Point { x, y } = *point;
            match (index.checked_sub(1).map(|before| points[before]), points.get(index + 1)) {
                (None, _) => format!("M{x} {y}"),
                (Some(_), None) => format!("L{x} {y}"),
                (Some(before), Some(after)) => {
                    let room = length(before, *point).min(length(*point, *after)) / 2;
                    let into = towards(*point, before, RADIUS.min(room));
                    let out = towards(*point, *after, RADIUS.min(room));
                    format!("L{} {}Q{x} {y} {} {}", into.x, into.y, out.x, out.y)
                }
            }
        };
        points.iter().enumerate().map(corner).collect()
    }

    /// The head as the `d` of an SVG path.
    #[must_use]
    pub fn head(&self) -> String {
        let Some((tip, before)) = self.points().next_back().zip(self.points().nth_back(1)) else {
            return String::new();
        };
        let base = towards(tip, before, HEAD);
        let (dx, dy) = ((tip.x - before.x).signum(), (tip.y - before.y).signum());
        let wing = HEAD / 2 + 1;
        let (left, right) =
            ((base.x + dy * wing, base.y + dx * wing), (base.x - dy * wing, base.y - dx * wing));
        format!("M{} {}L{} {}L{} {}Z", tip.x, tip.y, left.0, left.1, right.0, right.1)
    }

    /// The point at a distance along the line.
    #[must_use]
    pub fn along(&self, distance: i32) -> Point {
        let mut left = distance;
        let mut points = self.points();
        let Some(mut here) = points.next() else { return Point { x: 0, y: 0 } };
        for next in points {
            let span = length(here, next);
            if left <= span {
                return towards(here, next, left);
            }
            left -= span;
            here = next;
        }
        here
    }
}

/// The length of a horizontal or vertical line.
fn length(from: Point, to: Point) -> i32 {
    (to.x - from.x).abs() + (to.y - from.y).abs()
}

/// The point at a distance from one point towards another, on a horizontal or vertical line.
fn towards(from: Point, to: Point, distance: i32) -> Point {
    Point {
        x: from.x + (to.x - from.x).signum() * distance,
        y: from.y + (to.y - from.y).signum() * distance,
    }
}
