//! Figure 5 of RFC 9293 as a picture: where its boxes stand and how its arrows run, in abstract
//! units. Which arrows there are, [`EDGES`] says; this says only where.
//!
//! As in the figure CLOSED stands twice: where a connection begins, and where it ends.

use crate::tcp::State;
use crate::tcp::state::{EDGES, Edge, Trigger};

/// The width of the picture.
pub const WIDTH: i32 = 288;
/// Its height.
pub const HEIGHT: i32 = 590;
/// The height of each box.
pub const BOX_HEIGHT: i32 = 28;
/// The distance between the lines of a label.
const LEADING: i32 = 12;
/// The same where a label's first line stands above its arrow, the second below.
const ASTRIDE: i32 = 16;
/// How round an arrow's corners are.
const RADIUS: i32 = 7;
/// How long an arrow's head is.
const HEAD: i32 = 7;

/// A point of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}

/// A state's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateBox {
    /// The state.
    pub state: State,
    /// The left edge.
    pub x: i32,
    /// The upper edge.
    pub y: i32,
    /// How wide it is.
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

/// Every box, in the figure's order. The first is CLOSED before a connection, the last CLOSED after
/// it.
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

/// Which end of a label stands at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// Where an arrow's words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The base line of its first line.
    pub at: Point,
    /// Which end stands there.
    pub anchor: Anchor,
    /// The distance to the next line.
    pub leading: i32,
    /// How many letters a line holds at most, where words can be parted.
    wrap: usize,
}

impl Label {
    /// Whether the words stand on their arrow's line, which then makes room for them.
    #[must_use]
    pub fn is_on_line(&self) -> bool {
        self.anchor == Anchor::Middle && self.leading == LEADING
    }
}

/// An arrow of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The change of state.
    pub edge: &'static Edge,
    /// The index in [`BOXES`] of the box that it leads to.
    pub target: usize,
    /// Its corners, from border to border.
    pub corners: &'static [(i32, i32)],
    /// Where its words stand.
    pub label: Label,
    /// Its words, a line each.
    pub lines: Vec<String>,
}

/// The arrows of Figure 5.
#[must_use]
pub fn figure() -> Vec<Route> {
    EDGES.iter().filter(|edge| edge.in_figure).filter_map(route).collect()
}

/// The way of an arrow, also of one that only the text of §3.10 knows: those lead around the
/// figure.
#[must_use]
pub fn route(edge: &'static Edge) -> Option<Route> {
    let (corners, label) =
        if edge.in_figure { drawn_way(*edge)? } else { text_only_way(edge.from, edge.to)? };
    let (x, y) = *corners.last()?;
    let target =
        BOXES.iter().position(|it| it.state == edge.to && it.has_on_border(Point { x, y }))?;
    let mut lines = wrapped(event_words(edge.on), label.wrap);
    if edge.in_figure {
        lines.extend(action_words(edge).map(str::to_owned));
    }
    Some(Route { edge, target, corners, label, lines })
}

/// What makes an arrow happen, as the RFC words it.
#[must_use]
pub const fn event_words(on: Trigger) -> &'static str {
    match on {
        Trigger::PassiveOpen => "passive OPEN",
        Trigger::ActiveOpen => "active OPEN",
        Trigger::Send => "SEND",
        Trigger::Close => "CLOSE",
        Trigger::Abort => "ABORT",
        Trigger::Syn => "rcv SYN",
        Trigger::SynAck => "rcv SYN,ACK",
        Trigger::AckOfSyn => "rcv ACK of SYN",
        Trigger::Fin => "rcv FIN",
        Trigger::FinAckOfFin => "rcv FIN, ACK of FIN",
        Trigger::AckOfFin => "rcv ACK of FIN",
        Trigger::Rst => "rcv RST",
        Trigger::GiveUp => "timeout",
        Trigger::TimeWaitTimeout => "2MSL timeout",
    }
}

/// What is sent along an arrow, as the RFC words it; `None` where nothing is.
#[must_use]
pub const fn action_words(edge: &Edge) -> Option<&'static str> {
    match (edge.from, edge.on) {
        (_, Trigger::ActiveOpen | Trigger::Send) => Some("snd SYN"),
        (State::Listen | State::SynSent, Trigger::Syn) => Some("snd SYN,ACK"),
        (_, Trigger::SynAck | Trigger::Fin | Trigger::FinAckOfFin) => Some("snd ACK"),
        (State::SynReceived | State::Established | State::CloseWait, Trigger::Close) => {
            Some("snd FIN")
        }
        (
            State::SynReceived
            | State::Established
            | State::FinWait1
            | State::FinWait2
            | State::CloseWait,
            Trigger::Abort,
        ) => Some("snd RST"),
        _ => None,
    }
}

type Way = (&'static [(i32, i32)], Label);

const fn label(x: i32, y: i32, anchor: Anchor, wrap: usize) -> Label {
    Label { at: Point { x, y }, anchor, leading: LEADING, wrap }
}

const fn astride(x: i32, y: i32, wrap: usize) -> Label {
    Label { at: Point { x, y }, anchor: Anchor::Middle, leading: ASTRIDE, wrap }
}

/// Where an arrow of the figure runs.
fn drawn_way(edge: Edge) -> Option<Way> {
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

/// Where an arrow runs that Figure 5 leaves out, however it is triggered.
fn text_only_way(from: State, to: State) -> Option<Way> {
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
        (S::TimeWait, S::Closed) => {
            (&[(182, 496), (218, 496), (218, 536)], label(202, 491, Middle, 9))
        }
        _ => return None,
    })
}

/// The words in lines of at most so many letters, where that can be.
fn wrapped(words: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in words.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

impl Route {
    /// The corners as points.
    #[must_use]
    pub fn points(&self) -> impl DoubleEndedIterator<Item = Point> + ExactSizeIterator {
        self.corners.iter().map(|(x, y)| Point { x: *x, y: *y })
    }

    /// The line as the `d` of an SVG path, corners rounded; it ends where the head begins.
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

    /// The point so far along the line.
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

/// The length of a line along one axis.
fn length(from: Point, to: Point) -> i32 {
    (to.x - from.x).abs() + (to.y - from.y).abs()
}

/// The point so far from one point towards another that lies on one axis with it.
fn towards(from: Point, to: Point, distance: i32) -> Point {
    Point {
        x: from.x + (to.x - from.x).signum() * distance,
        y: from.y + (to.y - from.y).signum() * distance,
    }
}
