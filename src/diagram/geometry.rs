//! The boxes of the states, and the units of the picture.

use crate::tcp::State;

/// The width of the picture.
pub const WIDTH: i32 = 288;
/// The height of the picture.
pub const HEIGHT: i32 = 590;
/// The height of each box.
pub const BOX_HEIGHT: i32 = 28;
/// A point of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// To the right of the left edge.
    pub x: i32,
    /// Below the upper edge.
    pub y: i32,
}

/// The box of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateBox {
    /// The state.
    pub state: State,
    /// The left edge.
    pub x: i32,
    /// The upper edge.
    pub y: i32,
    /// Its width.
    pub width: i32,
}

impl StateBox {
    /// Its middle.
    #[must_use]
    pub const fn center(&self) -> Point {
        Point { x: self.x + self.width / 2, y: self.y + BOX_HEIGHT / 2 }
    }

    /// Whether a point lies on its border.
    #[must_use]
    pub fn has_on_border(&self, point: Point) -> bool {
        let (right, bottom) = (self.x + self.width, self.y + BOX_HEIGHT);
        let is_within = (self.x..=right).contains(&point.x) && (self.y..=bottom).contains(&point.y);
        is_within && ([self.x, right].contains(&point.x) || [self.y, bottom].contains(&point.y))
    }
}

/// Every box, in the figure's order. The first is CLOSED before a connection, the last is CLOSED
/// after it.
pub const BOXES: [StateBox; 12] = [
    place(State::Closed, 144, 18, 84),
    place(State::Listen, 144, 92, 68),
    place(State::SynReceived, 53, 170, 88),
    place(State::SynSent, 235, 170, 72),
    place(State::Established, 144, 246, 86),
    place(State::FinWait1, 53, 322, 76),
    place(State::CloseWait, 235, 322, 76),
    place(State::FinWait2, 53, 398, 76),
    place(State::Closing, 144, 398, 62),
    place(State::LastAck, 235, 398, 66),
    place(State::TimeWait, 144, 482, 76),
    place(State::Closed, 235, 536, 66),
];

const fn place(state: State, center: i32, y: i32, width: i32) -> StateBox {
    StateBox { state, x: center - width / 2, y, width }
}
