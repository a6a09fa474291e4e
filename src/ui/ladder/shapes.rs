//! Convex shapes, and whether two of them overlap: for labels that must not cover each other.

use super::px::{Point, Px};

/// A convex shape, as the points of its outline in order; two points are a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape(Vec<Point>);

impl Shape {
    /// A line.
    pub fn line(from: Point, to: Point) -> Self {
        Self(vec![from, to])
    }

    /// A box with horizontal and vertical edges, around a point.
    pub fn around(middle: Point, width: Px, height: Px) -> Self {
        Self(corners(middle, width, height).to_vec())
    }

    /// A box that is rotated around `origin` to the direction from `from` to `to`: `x` and `y` are
    /// its extents along that direction and across it.
    pub fn along(origin: Point, (from, to): (Point, Point), x: [Px; 2], y: [Px; 2]) -> Self {
        let (dx, dy) = (i64::from((to.x - from.x).raw()), i64::from((to.y - from.y).raw()));
        let length = i64::try_from((dx * dx + dy * dy).unsigned_abs().isqrt()).unwrap_or(1).max(1);
        let turn = |x: Px, y: Px| Point {
            x: origin.x + x.ratio(dx, length) - y.ratio(dy, length),
            y: origin.y + x.ratio(dy, length) + y.ratio(dx, length),
        };
        Self(vec![turn(x[0], y[0]), turn(x[1], y[0]), turn(x[1], y[1]), turn(x[0], y[1])])
    }

    /// The area that a box covers while it moves from one point to another.
    pub fn sweep(from: Point, to: Point, width: Px, height: Px) -> Self {
        let mut points: Vec<Point> = vec![];
        for point in [corners(from, width, height), corners(to, width, height)].concat() {
            let place = points.partition_point(|it| (it.x, it.y) <= (point.x, point.y));
            points.insert(place, point);
        }
        let lower = chain(points.iter());
        let upper = chain(points.iter().rev());
        Self([lower, upper].concat())
    }

    /// Whether the two overlap: no straight line separates them.
    pub fn meets(&self, other: &Self) -> bool {
        for shape in [self, other] {
            for (index, a) in shape.0.iter().enumerate() {
                let b = shape.0[(index + 1) % shape.0.len()];
                let normal = (-i64::from((b.y - a.y).raw()), i64::from((b.x - a.x).raw()));
                let (from, to) = self.extent(normal);
                let (other_from, other_to) = other.extent(normal);
                if to <= other_from || other_to <= from {
                    return false;
                }
            }
        }
        true
    }

    /// The least and the greatest place of its corners along a direction.
    fn extent(&self, (x, y): (i64, i64)) -> (i64, i64) {
        let (mut least, mut greatest) = (i64::MAX, i64::MIN);
        for point in &self.0 {
            let place = i64::from(point.x.raw()) * x + i64::from(point.y.raw()) * y;
            (least, greatest) = (least.min(place), greatest.max(place));
        }
        (least, greatest)
    }
}

fn corners(middle: Point, width: Px, height: Px) -> [Point; 4] {
    let (left, right) = (middle.x - width / 2, middle.x + width / 2);
    let (top, bottom) = (middle.y - height / 2, middle.y + height / 2);
    [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point { x, y })
}

/// One half of a convex hull, without its last point (Andrew's monotone chain).
fn chain<'a>(points: impl Iterator<Item = &'a Point>) -> Vec<Point> {
    let mut hull: Vec<Point> = vec![];
    for point in points {
        while let [.., a, b] = hull[..] {
            let turn = cross(a, b, *point);
            if turn > 0 {
                break;
            }
            hull.pop();
        }
        hull.push(*point);
    }
    hull.pop();
    hull
}

fn cross(a: Point, b: Point, c: Point) -> i64 {
    let of = |from: Px, to: Px| i64::from((to - from).raw());
    of(a.x, b.x) * of(a.y, c.y) - of(a.y, b.y) * of(a.x, c.x)
}
