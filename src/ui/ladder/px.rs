//! Lengths and points of the ladder, in integer tenths of a pixel.

use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A length, or a coordinate, in tenths of a pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Px(i32);

impl Px {
    /// Above every coordinate.
    pub const MIN: Self = Self(i32::MIN);
    /// Below every coordinate.
    pub const MAX: Self = Self(i32::MAX);

    /// From whole pixels.
    pub const fn new(pixels: i32) -> Self {
        Self(pixels * 10)
    }

    /// From tenths of a pixel, limited to the range below.
    pub fn tenths(tenths: i64) -> Self {
        // A quarter of the range of `i32`, so that sums of a few lengths do not overflow.
        let bound = i64::from(i32::MAX / 4);
        Self(i32::try_from(tenths.clamp(-bound, bound)).unwrap_or(0))
    }

    /// In whole pixels.
    pub const fn whole(self) -> i32 {
        self.0 / 10
    }

    /// In tenths of a pixel.
    pub const fn raw(self) -> i32 {
        self.0
    }

    /// `self * numerator / denominator`.
    pub fn ratio(self, numerator: i64, denominator: i64) -> Self {
        Self::tenths(i64::from(self.0) * numerator / denominator.max(1))
    }
}

impl Add for Px {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Px {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Px {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<i32> for Px {
    type Output = Self;
    fn mul(self, factor: i32) -> Self {
        Self(self.0 * factor)
    }
}

impl Div<i32> for Px {
    type Output = Self;
    fn div(self, divisor: i32) -> Self {
        Self(self.0 / divisor)
    }
}

/// Prints `12`, `12.3`, `-0.4`.
impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal(f, self.0, 10)
    }
}

/// Prints `value / scale`, where `scale` is 10 or 1,000.
fn decimal(f: &mut fmt::Formatter<'_>, value: i32, scale: i32) -> fmt::Result {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.abs() / scale, value.abs() % scale);
    match (rest, scale) {
        (0, _) => write!(f, "{sign}{whole}"),
        (_, 10) => write!(f, "{sign}{whole}.{rest}"),
        _ => write!(f, "{sign}{whole}.{rest:03}"),
    }
}

/// A point of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// The distance from the left edge.
    pub x: Px,
    /// The distance from the top edge.
    pub y: Px,
}

/// Prints `x,y`, as in `points` of a polyline.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.x, self.y)
    }
}

/// The `points` of a polyline.
pub fn points(line: &[Point]) -> String {
    let words: Vec<String> = line.iter().map(Point::to_string).collect();
    words.join(" ")
}

/// A rotation that lays the x-axis along a line, printed as an SVG `transform`.
pub struct Along {
    origin: Point,
    cos: i32,
    sin: i32,
}

impl Along {
    /// The rotation around `origin` to the direction from `from` to `to`.
    pub fn new(origin: Point, from: Point, to: Point) -> Self {
        let (dx, dy) = (i64::from(to.x.0 - from.x.0), i64::from(to.y.0 - from.y.0));
        let length = i64::try_from((dx * dx + dy * dy).unsigned_abs().isqrt()).unwrap_or(1).max(1);
        let per_mille = |part: i64| i32::try_from(part * 1_000 / length).unwrap_or(0);
        Self { origin, cos: per_mille(dx), sin: per_mille(dy) }
    }
}

impl fmt::Display for Along {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("matrix(")?;
        for value in [self.cos, self.sin, -self.sin, self.cos] {
            decimal(f, value, 1_000)?;
            f.write_str(" ")?;
        }
        write!(f, "{} {})", self.origin.x, self.origin.y)
    }
}

/// The point halfway between two points.
pub fn middle(a: Point, b: Point) -> Point {
    Point { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}

/// The point at so many percent of the way from one point to another.
pub fn part_way(from: Point, to: Point, percent: i64) -> Point {
    let at = |a: Px, b: Px| a + (b - a).ratio(percent, 100);
    Point { x: at(from.x, to.x), y: at(from.y, to.y) }
}

/// The position on a line at `now`, given the time at each of its points.
pub fn place(line: &[Point], clock: &[Px], now: Px) -> Point {
    let passed = clock.iter().filter(|at| **at <= now).count();
    let before = line[passed.saturating_sub(1).min(line.len() - 1)];
    let Some((next, to)) = line.get(passed).zip(clock.get(passed)).filter(|_| passed > 0) else {
        return before;
    };
    let from = clock[passed - 1];
    let (gone, span) = (i64::from((now - from).0), i64::from((*to - from).0));
    Point {
        x: before.x + (next.x - before.x).ratio(gone, span),
        y: before.y + (next.y - before.y).ratio(gone, span),
    }
}

/// A line with its end cut off by a length.
pub fn shortened(line: &[Point], by: Px) -> Vec<Point> {
    let mut line = line.to_vec();
    if let [.., before, end] = line.as_mut_slice() {
        let along = Along::new(*end, *before, *end);
        end.x = end.x - by.ratio(i64::from(along.cos), 1_000);
        end.y = end.y - by.ratio(i64::from(along.sin), 1_000);
    }
    line
}
