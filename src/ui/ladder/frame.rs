//! The coordinate system of the ladder.

use super::px::{Point, Px};
use crate::app::Run;
use crate::ladder::{Arrow, Axis, WIDTH};
use crate::sim::Side;

/// The box that a ladder has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its width in pixels.
    pub width: i32,
    /// Its height in pixels.
    pub height: i32,
    /// How much the ladder is enlarged, in thousandths.
    pub scale: i32,
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
    /// The height of one round trip, in tenths of a pixel.
    per_rtt: u64,
    /// How much the picture is enlarged, in thousandths.
    scale: i32,
}

/// The space above the start of the run.
const TOP: Px = Px::new(26);
/// The space below the end of the run.
pub const BOTTOM: Px = Px::new(96);
/// The height of one round trip, in tenths of a pixel. A short run fills the room, up to the
/// double.
const PER_RTT: u64 = 1_040;
/// The least width in pixels at which text fits beside the lifelines.
const WIDE: i32 = 560;
/// The most parallel segments of a burst that are drawn [`APART`]. A larger burst is a band as high
/// as this many.
pub const SPREAD: i32 = 4;
/// The vertical distance between parallel segments of one host.
pub const APART: Px = Px::new(22);
/// The height of a pill, in pixels: less than that distance.
pub const PILL_HEIGHT: i32 = 20;

impl Frame {
    /// The width of the widest plate with the present time, at the left edge, in pixels.
    pub const fn clock_width(&self) -> i32 {
        if self.compact { 45 } else { 64 }
    }

    /// The frame of a run in a box.
    pub fn of(run: &Run, room: Room) -> Self {
        let Room { width, height, scale } = room;
        let [width, height] = [width, height].map(|length| length * 1_000 / scale.max(1));
        let compact = width < WIDE;
        let margin = if compact {
            Px::new(width).ratio(14, 100).max(Px::new(46))
        } else {
            Px::new(width).ratio(17, 100).clamp(Px::new(124), Px::new(180))
        };
        let gutter = if compact { Px::new(0) } else { Px::new(58) };
        let rtt = run.ladder.rtt.as_micros().max(1_000);
        let length = run.ladder.axis.end().saturating_mul(PER_RTT) / rtt;
        let room = (Px::new(height) - TOP - BOTTOM).raw().max(0).unsigned_abs();
        let per_rtt = PER_RTT.saturating_mul(room.into()) / length.max(1);
        let per_rtt = per_rtt.clamp(PER_RTT, 2 * PER_RTT);
        Self { width: Px::new(width), compact, gutter, margin, rtt, per_rtt, scale }
    }

    /// A length of the picture in pixels on the screen.
    pub fn on_screen(&self, length: Px) -> i32 {
        length.ratio(i64::from(self.scale), 1_000).whole()
    }

    /// A length on the screen in pixels of the picture.
    pub fn in_picture(&self, pixels: i32) -> i32 {
        pixels * 1_000 / self.scale.max(1)
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
        let tenths = u128::from(y) * u128::from(self.per_rtt) / u128::from(self.rtt);
        TOP + Px::tenths(i64::try_from(tenths).unwrap_or(i64::MAX))
    }

    /// The presentation time at a distance from the top, in pixels.
    pub fn time(&self, pixels: i32) -> u64 {
        let tenths = (Px::new(pixels) - TOP).raw().max(0);
        u64::from(tenths.unsigned_abs()) * self.rtt / self.per_rtt
    }

    /// The presentation time that takes a height.
    pub fn span_of(&self, height: Px) -> u64 {
        u64::from(height.raw().max(0).unsigned_abs()) * self.rtt / self.per_rtt
    }

    /// The distance between the lifelines.
    pub fn span(&self) -> Px {
        self.width - self.gutter - self.margin * 2
    }
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
