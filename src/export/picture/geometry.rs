//! Points and areas of a picture, in integer tenths of a pixel.

use core::fmt;

/// A length or a coordinate, in tenths of a pixel.
pub(super) type Tenths = i64;

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) x: Tenths,
    pub(super) y: Tenths,
}

impl Point {
    pub(super) const fn new(x: Tenths, y: Tenths) -> Self {
        Self { x, y }
    }

    /// The point at a fraction of the way to another.
    pub(super) const fn toward(self, other: Self, part: i64, of: i64) -> Self {
        let x = self.x + (other.x - self.x) * part / of;
        Self { x, y: self.y + (other.y - self.y) * part / of }
    }
}

/// The distance between two points.
pub(super) fn distance(from: Point, to: Point) -> Tenths {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    i64::try_from((dx * dx + dy * dy).unsigned_abs().isqrt()).unwrap_or(Tenths::MAX)
}

/// Prints `12 -3.4`, as in the data of a path.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", Px(self.x), Px(self.y))
    }
}

/// Tenths of a pixel as text: `12`, `-3.4`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Px(pub(super) Tenths);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, tenths) = (self.0.abs() / 10, self.0.abs() % 10);
        if tenths == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{tenths}") }
    }
}

/// A direction, as the cosine and the sine of its angle in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Direction {
    cos: i64,
    sin: i64,
}

impl Direction {
    pub(super) fn of(from: Point, to: Point) -> Self {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = distance(from, to);
        if length == 0 {
            return Self { cos: 1_000, sin: 0 };
        }
        Self { cos: dx * 1_000 / length, sin: dy * 1_000 / length }
    }

    /// The point `along` this direction from another, and `below` the line.
    pub(super) const fn from(self, origin: Point, along: Tenths, below: Tenths) -> Point {
        Point {
            x: origin.x + (along * self.cos - below * self.sin) / 1_000,
            y: origin.y + (along * self.sin + below * self.cos) / 1_000,
        }
    }

    /// How far an upright rectangle reaches from its middle, across this direction.
    pub(super) const fn half_extent(self, width: Tenths, height: Tenths) -> Tenths {
        (width * self.sin.abs() + height * self.cos.abs()) / 2_000
    }

    /// `transform="matrix(cos sin -sin cos x y)"`: the x-axis along this direction, from a point.
    pub(super) fn matrix(self, origin: Point) -> String {
        let number = |value: i64| {
            let sign = if value < 0 { "-" } else { "" };
            match value.abs() {
                1_000.. => format!("{sign}1"),
                0 => "0".to_owned(),
                part => format!("{sign}.{part:03}"),
            }
        };
        let [cos, sin, minus] = [self.cos, self.sin, -self.sin].map(number);
        format!("transform=\"matrix({cos} {sin} {minus} {cos} {origin})\"")
    }
}

/// A convex area with four corners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area([Point; 4]);

impl Area {
    /// An upright rectangle.
    pub(super) const fn upright(x: Tenths, y: Tenths, width: Tenths, height: Tenths) -> Self {
        let (right, bottom) = (x + width, y + height);
        Self([
            Point::new(x, y),
            Point::new(right, y),
            Point::new(right, bottom),
            Point::new(x, bottom),
        ])
    }

    /// A rectangle along a direction: from `left` to `right` of a point, from `top` to `bottom`.
    pub(super) const fn turned(
        origin: Point,
        direction: Direction,
        [left, right]: [Tenths; 2],
        [top, bottom]: [Tenths; 2],
    ) -> Self {
        Self([
            direction.from(origin, left, top),
            direction.from(origin, right, top),
            direction.from(origin, right, bottom),
            direction.from(origin, left, bottom),
        ])
    }

    /// A line of this width.
    pub(super) fn line(from: Point, to: Point, width: Tenths) -> Self {
        let direction = Direction::of(from, to);
        let half = width / 2;
        Self([
            direction.from(from, 0, -half),
            direction.from(to, 0, -half),
            direction.from(to, 0, half),
            direction.from(from, 0, half),
        ])
    }

    /// The least and the greatest coordinates.
    pub(super) fn bounds(&self) -> (Point, Point) {
        let (mut least, mut most) = (self.0[0], self.0[0]);
        for point in &self.0[1..] {
            least = Point::new(least.x.min(point.x), least.y.min(point.y));
            most = Point::new(most.x.max(point.x), most.y.max(point.y));
        }
        (least, most)
    }

    /// Whether two areas have a point in common: no line separates them.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let ((a, b), (c, d)) = (self.bounds(), other.bounds());
        if b.x < c.x || d.x < a.x || b.y < c.y || d.y < a.y {
            return false;
        }
        !self.is_beside(other) && !other.is_beside(self)
    }

    /// Whether a side of this area separates it from another.
    fn is_beside(&self, other: &Self) -> bool {
        (0..4).any(|index| {
            let (from, to) = (self.0[index], self.0[(index + 1) % 4]);
            let normal = (from.y - to.y, to.x - from.x);
            let span = |area: &Self| {
                let places = area.0.map(|point| point.x * normal.0 + point.y * normal.1);
                places.into_iter().fold((i64::MAX, i64::MIN), |(least, most), place| {
                    (least.min(place), most.max(place))
                })
            };
            let ((a, b), (c, d)) = (span(self), span(other));
            b < c || d < a
        })
    }
}

/// Everything that is drawn where nothing else may be.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken(Vec<Area>);

impl Taken {
    pub(super) fn add(&mut self, area: Area) {
        self.0.push(area);
    }

    /// Whether nothing is there yet.
    pub(super) fn is_free(&self, area: &Area) -> bool {
        !self.0.iter().any(|other| other.meets(area))
    }

    /// The first of some places that is free; it is then taken.
    pub(super) fn take<T>(&mut self, places: impl IntoIterator<Item = (Area, T)>) -> Option<T> {
        let (area, what) = places.into_iter().find(|(area, _)| self.is_free(area))?;
        self.add(area);
        Some(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slanted_line_meets_only_what_it_crosses() {
        let line = Area::line(Point::new(0, 0), Point::new(1_000, 500), 10);
        assert!(line.meets(&Area::upright(400, 150, 200, 200)));
        assert!(!line.meets(&Area::upright(0, 100, 100, 300)));
        assert!(!line.meets(&Area::upright(500, 0, 400, 150)));
        let direction = Direction::of(Point::new(0, 0), Point::new(1_000, 500));
        let below = Area::turned(Point::new(0, 0), direction, [100, 900], [20, 150]);
        assert!(!line.meets(&below));
        let across = Area::turned(Point::new(0, 0), direction, [100, 900], [-20, 150]);
        assert!(line.meets(&across));
    }

    #[test]
    fn a_place_is_taken_once() {
        let mut taken = Taken::default();
        let places = [0, 50, 100].map(|x| (Area::upright(x, 0, 40, 40), x));
        let found: Vec<_> = (0..4).map(|_| taken.take(places)).collect();
        assert_eq!(found, [Some(0), Some(50), Some(100), None]);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(Point::new(-5, 120).to_string(), "-0.5 12");
        let matrix = Direction::of(Point::new(0, 0), Point::new(300, 400)).matrix(Point::new(1, 2));
        assert_eq!(matrix, "transform=\"matrix(.600 .800 -.800 .600 0.1 0.2)\"");
    }
}
