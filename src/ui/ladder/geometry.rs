//! The pixel geometry of the ladder, in integer tenths of a pixel.

use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::app::Run;
use crate::ladder::{Arrow, Axis, WIDTH};
use crate::sim::Side;

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
    fn tenths(tenths: i64) -> Self {
        // A quarter of the range of `i32`, so that sums of a few lengths do not overflow.
        let bound = i64::from(i32::MAX / 4);
        Self(i32::try_from(tenths.clamp(-bound, bound)).unwrap_or(0))
    }

    /// In whole pixels.
    pub const fn whole(self) -> i32 {
        self.0 / 10
    }

    /// `self * numerator / denominator`.
    fn ratio(self, numerator: i64, denominator: i64) -> Self {
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

/// The coordinate system of a ladder in a box of a given width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The width of the picture.
    pub width: Px,
    /// Whether the ladder is too narrow for text beside its lifelines.
    pub compact: bool,
    /// The width reserved for times at the left edge; zero in a compact ladder.
    pub gutter: Px,
    /// The width reserved beside each lifeline.
    pub margin: Px,
    /// The round-trip time in microseconds.
    rtt: u64,
}

/// The space above the start of the run.
const TOP: Px = Px::new(26);
/// The space below the end of the run.
const BOTTOM: Px = Px::new(96);
/// The height of one round trip, in tenths of a pixel.
const PER_RTT: u64 = 1_040;
/// The least width in pixels at which text fits beside the lifelines.
const WIDE: i32 = 560;
/// The number of parallel segments of a burst that are drawn [`APART`]. A larger burst is
/// compressed to the height of this many.
const SPREAD: i32 = 4;
/// The number of segments that can be told apart in a compressed burst.
const CROWD: i32 = 24;
/// The vertical distance between parallel segments of one host.
const APART: Px = Px::new(21);

impl Frame {
    /// The frame of a run in a box `width` pixels wide.
    pub fn of(run: &Run, width: i32) -> Self {
        let compact = width < WIDE;
        let margin = if compact {
            Px::new(width).ratio(14, 100).max(Px::new(46))
        } else {
            Px::new(width).ratio(17, 100).clamp(Px::new(124), Px::new(180))
        };
        let gutter = if compact { Px::new(0) } else { Px::new(58) };
        let rtt = run.timeline.scenario().network.delay.as_micros().saturating_mul(2).max(1_000);
        Self { width: Px::new(width), compact, gutter, margin, rtt }
    }

    /// The x-coordinate of a lifeline.
    pub fn x(&self, side: Side) -> Px {
        match side {
            Side::Client => self.gutter + self.margin,
            Side::Server => self.width - self.margin,
        }
    }

    /// The direction away from the middle: -1 for the client, 1 for the server.
    pub const fn outward(side: Side) -> i32 {
        match side {
            Side::Client => -1,
            Side::Server => 1,
        }
    }

    /// The y-coordinate of a presentation time.
    pub fn y(&self, y: u64) -> Px {
        let tenths = u128::from(y) * u128::from(PER_RTT) / u128::from(self.rtt);
        TOP + Px::tenths(i64::try_from(tenths).unwrap_or(i64::MAX))
    }

    /// The presentation time at a distance from the top, in pixels.
    pub fn time(&self, pixels: i32) -> u64 {
        let tenths = (Px::new(pixels) - TOP).0.max(0);
        u64::from(tenths.unsigned_abs()) * self.rtt / PER_RTT
    }

    /// The distance between the lifelines.
    pub fn span(&self) -> Px {
        self.width - self.gutter - self.margin * 2
    }
}

/// The geometry of every segment in a ladder.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The coordinate system.
    pub frame: Frame,
    /// The height of the picture.
    pub height: Px,
    /// The geometry of each arrow, in the order of the arrows.
    pub flights: Vec<Flight>,
}

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
    /// Whether it crosses a segment of the other host.
    pub crossed: bool,
    /// Whether there is room for its label.
    pub labelled: bool,
    /// Whether it is skipped in a long run: it is indistinguishable in a dense burst.
    pub is_indistinct: bool,
}

impl Layout {
    /// The layout of a run.
    pub fn of(run: &Run, frame: Frame) -> Self {
        let ladder = &run.ladder;
        let mut lowest: [Option<Px>; 2] = [None; 2];
        let mut flights = vec![];
        let bursts = bursts(&frame, &ladder.arrows);
        let crossings = Side::BOTH.map(|side| Crossings::of(&ladder.arrows, side.peer()));
        for (arrow, (place, count)) in ladder.arrows.iter().zip(bursts) {
            let apart = if count > SPREAD { APART * SPREAD / count } else { APART };
            let lowest = &mut lowest[arrow.from.index()];
            let natural = frame.y(arrow.y_from);
            let y = lowest.map_or(natural, |lowest| natural.max(lowest + apart));
            *lowest = Some(y);
            let crossed = crossings[arrow.from.index()].any(arrow);
            let labelled = count <= SPREAD || place + 1 == count;
            let is_plain = arrow.lost.is_none() && arrow.copy.is_none() && arrow.due.is_none();
            let is_indistinct =
                is_plain && count > CROWD && place * CROWD / count == (place + 1) * CROWD / count;
            let flight = flight(&frame, arrow, y - natural);
            flights.push(Flight { crossed, labelled, is_indistinct, ..flight });
        }
        let ends = flights.iter().filter_map(|flight| flight.line.last());
        let lowest = ends.map(|end| end.y).max().unwrap_or_default();
        let height = lowest.max(frame.y(ladder.axis.end())) + BOTTOM;
        Self { frame, height, flights }
    }
}

/// For each arrow, its index in its burst and the size of the burst. A burst is a sequence of
/// segments of one host so close together that their lines would overlap.
fn bursts(frame: &Frame, arrows: &[Arrow]) -> Vec<(i32, i32)> {
    let mut bursts = vec![(0, 1); arrows.len()];
    for side in Side::BOTH {
        let sent = (0..arrows.len()).filter(|index| arrows[*index].from == side);
        let sent: Vec<usize> = sent.collect();
        let y = |index: usize| frame.y(arrows[index].y_from);
        for burst in sent.chunk_by(|before, after| (y(*after) - y(*before)).0.abs() < APART.0) {
            let count = i32::try_from(burst.len()).unwrap_or(i32::MAX);
            for (place, index) in (0..count).zip(burst) {
                bursts[*index] = (place, count);
            }
        }
    }
    bursts
}

/// The times at which segments of one host are in flight.
struct Crossings {
    /// For each segment in the order of departure: its departure, and the latest arrival so far.
    spans: Vec<(u64, u64)>,
}

impl Crossings {
    fn of(arrows: &[Arrow], from: Side) -> Self {
        let sent = arrows.iter().filter(|arrow| arrow.from == from);
        let mut spans: Vec<_> = sent.map(|arrow| (arrow.y_from, arrow.y_to)).collect();
        debug_assert!(spans.is_sorted_by_key(|(y_from, _)| *y_from), "in the order of sending");
        let mut latest = 0;
        for (_, y_to) in &mut spans {
            latest = latest.max(*y_to);
            *y_to = latest;
        }
        Self { spans }
    }

    /// Whether a segment of this host is in flight at the same time as `arrow`.
    fn any(&self, arrow: &Arrow) -> bool {
        let sent = self.spans.partition_point(|(y_from, _)| *y_from < arrow.y_to);
        sent.checked_sub(1).is_some_and(|last| arrow.y_from < self.spans[last].1)
    }
}

/// The geometry of an arrow whose start is `lowered` to keep clear of the segment before. Its end
/// stays at the time of arrival, unless the line would become too flat.
fn flight(frame: &Frame, arrow: &Arrow, lowered: Px) -> Flight {
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
    Flight { line, clock, due, copy, crossed: false, labelled: true, is_indistinct: false }
}

impl Flight {
    /// The position of the segment when the now-line is at `now`.
    pub fn place(&self, now: Px) -> Point {
        place(&self.line, &self.clock, now)
    }

    /// A point shortly before the end of the line, for marks about the arrival.
    pub fn near_end(&self) -> Point {
        let [start, .., end] = self.line.as_slice() else { return Point::default() };
        Point { x: start.x + (end.x - start.x) * 4 / 5, y: start.y + (end.y - start.y) * 4 / 5 }
    }

    /// The top and bottom y-coordinates of the segment, its copy included.
    pub fn extent(&self) -> (Px, Px) {
        let heights = self.line.iter().chain(self.copy.iter().flatten()).map(|point| point.y);
        let (top, bottom) = (heights.clone().min(), heights.max());
        (top.unwrap_or_default(), bottom.unwrap_or_default())
    }

    /// The part of the line that the segment has covered when the now-line is at `now`.
    pub fn past(&self, now: Px) -> Vec<Point> {
        let passed = self.clock.iter().filter(|at| **at < now).count().min(self.line.len());
        let mut past = self.line[..passed].to_vec();
        past.push(self.place(now));
        past
    }
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

/// An arrow of another run as a straight line on the time axis of this run.
pub fn straight(frame: &Frame, arrow: &Arrow, axis: &Axis) -> [Point; 2] {
    let distance = frame.span().ratio(i64::from(arrow.reach), i64::from(WIDTH));
    let x = frame.x(arrow.from);
    let to = x + distance * -Frame::outward(arrow.from);
    [
        Point { x, y: frame.y(axis.y(arrow.sent_at)) },
        Point { x: to, y: frame.y(axis.y(arrow.ends_at)) },
    ]
}
