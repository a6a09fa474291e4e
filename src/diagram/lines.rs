//! Where the arrows run and where their words stand: a line of this table per arrow.

use super::geometry::Point;
use crate::tcp::State;
use crate::tcp::state::{Edge, Trigger};

/// The distance between the lines of a label.
const LEADING: i32 = 12;
/// The same for a label with its first line above the arrow, and the second below.
const ASTRIDE: i32 = 16;

/// Which end of a label is at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// The place of an arrow's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The point on the base line of the first line.
    pub at: Point,
    /// Which end of the text is at that point.
    pub anchor: Anchor,
    /// The distance to the next line.
    pub leading: i32,
    /// The most characters of a line; a single word may be longer.
    pub(super) wrap: usize,
}

impl Label {
    /// Whether the words interrupt their arrow's line.
    #[must_use]
    pub fn is_on_line(&self) -> bool {
        self.anchor == Anchor::Middle && self.leading == LEADING
    }
}

/// The corners of an arrow, and the place of its words.
pub(super) type Line = (&'static [(i32, i32)], Label);

const fn label(x: i32, y: i32, anchor: Anchor, wrap: usize) -> Label {
    Label { at: Point { x, y }, anchor, leading: LEADING, wrap }
}

const fn astride(x: i32, y: i32, wrap: usize) -> Label {
    Label { at: Point { x, y }, anchor: Anchor::Middle, leading: ASTRIDE, wrap }
}

/// The lines of the figure's arrows.
pub(super) fn figure_line(edge: Edge) -> Option<Line> {
    use Anchor::{End, Middle, Start};
    use State as S;
    use Trigger as T;
    Some(match (edge.from, edge.on, edge.to) {
        (S::Closed, T::PassiveOpen, S::Listen) => {
            (&[(130, 46), (130, 92)], label(124, 72, End, 12))
        }
        (S::Closed, T::ActiveOpen, S::SynSent) => {
            (&[(186, 26), (258, 26), (258, 170)], label(257, 62, Middle, 12))
        }
        (S::Listen, T::Close, S::Closed) => (&[(158, 92), (158, 46)], label(164, 72, Start, 9)),
        (S::Listen, T::Send, S::SynSent) => {
            (&[(178, 106), (210, 106), (210, 170)], label(204, 145, End, 9))
        }
        (S::Listen, T::Syn, S::SynReceived) => {
            (&[(110, 114), (82, 114), (82, 170)], label(88, 142, Start, 9))
        }
        (S::SynSent, T::Close, S::Closed) => {
            (&[(224, 170), (224, 38), (186, 38)], label(224, 97, Middle, 9))
        }
        (S::SynSent, T::Syn, S::SynReceived) => (&[(199, 184), (97, 184)], astride(138, 179, 12)),
        (S::SynSent, T::SynAck, S::Established) => {
            (&[(210, 198), (210, 260), (187, 260)], label(217, 226, Start, 12))
        }
        (S::SynReceived, T::Rst, S::Listen) => {
            (&[(42, 170), (42, 106), (110, 106)], label(42, 137, Middle, 9))
        }
        (S::SynReceived, T::AckOfSyn, S::Established) => {
            (&[(80, 198), (80, 260), (101, 260)], label(88, 232, Start, 14))
        }
        (S::SynReceived, T::Close, S::FinWait1) => {
            (&[(30, 198), (30, 322)], label(37, 226, Start, 9))
        }
        (S::Established, T::Close, S::FinWait1) => {
            (&[(120, 274), (120, 292), (66, 292), (66, 322)], astride(88, 288, 9))
        }
        (S::Established, T::Fin, S::CloseWait) => {
            (&[(168, 274), (168, 292), (222, 292), (222, 322)], astride(197, 288, 9))
        }
        (S::FinWait1, T::AckOfFin, S::FinWait2) => {
            (&[(36, 350), (36, 398)], label(43, 377, Start, 9))
        }
        (S::FinWait1, T::Fin, S::Closing) => {
            (&[(91, 329), (144, 329), (144, 398)], label(151, 362, Start, 9))
        }
        (S::FinWait1, T::FinAckOfFin, S::TimeWait) => {
            (&[(91, 344), (103, 344), (103, 462), (122, 462), (122, 482)], label(97, 440, End, 10))
        }
        (S::FinWait2, T::Fin, S::TimeWait) => {
            (&[(36, 426), (36, 496), (106, 496)], astride(72, 491, 9))
        }
        (S::CloseWait, T::Close, S::LastAck) => {
            (&[(235, 350), (235, 398)], label(242, 377, Start, 9))
        }
        (S::Closing, T::AckOfFin, S::TimeWait) => {
            (&[(144, 426), (144, 482)], label(152, 454, Start, 9))
        }
        (S::LastAck, T::AckOfFin, S::Closed) => {
            (&[(235, 426), (235, 536)], label(242, 480, Start, 9))
        }
        (S::TimeWait, T::TimeWaitTimeout, S::Closed) => {
            (&[(144, 510), (144, 550), (202, 550)], astride(174, 545, 9))
        }
        _ => return None,
    })
}

/// The lines of the arrows that Figure 5 leaves out, whatever triggers them.
pub(super) fn text_only_line(from: State, to: State) -> Option<Line> {
    use Anchor::{End, Middle, Start};
    use State as S;
    Some(match (from, to) {
        (S::Listen, S::SynSent) => (&[(178, 99), (216, 99), (216, 170)], label(204, 132, End, 12)),
        (S::SynReceived, S::Listen) => {
            (&[(24, 170), (24, 99), (110, 99)], label(66, 94, Middle, 9))
        }
        (S::Listen, S::Closed) => (&[(144, 92), (144, 46)], label(164, 86, Start, 9)),
        (S::SynSent, S::Closed) => {
            (&[(271, 184), (282, 184), (282, 8), (144, 8), (144, 18)], label(226, 12, Middle, 9))
        }
        (S::SynReceived, S::Closed) => {
            (&[(9, 184), (5, 184), (5, 32), (102, 32)], label(54, 36, Middle, 9))
        }
        (S::Established, S::Closed) => (
            &[(144, 274), (144, 311), (194, 311), (194, 454), (218, 454), (218, 536)],
            label(170, 315, Middle, 9),
        ),
        (S::FinWait1, S::Closed) => {
            (&[(15, 336), (6, 336), (6, 580), (235, 580), (235, 564)], label(130, 584, Middle, 9))
        }
        (S::FinWait2, S::Closed) => {
            (&[(15, 412), (6, 412), (6, 580), (235, 580), (235, 564)], label(70, 584, Middle, 9))
        }
        (S::CloseWait, S::Closed) => {
            (&[(273, 336), (282, 336), (282, 556), (268, 556)], label(286, 522, End, 9))
        }
        (S::Closing, S::Closed) => {
            (&[(175, 412), (194, 412), (194, 454), (218, 454), (218, 536)], label(213, 474, End, 9))
        }
        (S::LastAck, S::Closed) => {
            (&[(268, 412), (282, 412), (282, 556), (268, 556)], label(286, 454, End, 9))
        }
        (S::TimeWait, S::SynReceived) => {
            (&[(106, 503), (3, 503), (3, 191), (9, 191)], label(54, 515, Middle, 9))
        }
        (S::TimeWait, S::Closed) => {
            (&[(182, 496), (218, 496), (218, 536)], label(202, 491, Middle, 9))
        }
        _ => return None,
    })
}
