//! Figure 5 of RFC 9293 as a picture: where its boxes stand and how its arrows run, in abstract
//! units. Which arrows there are, [`EDGES`] says; this says only where.
//!
//! As in the figure CLOSED stands twice: where a connection begins, and where it ends.

use crate::tcp::State;
use crate::tcp::state::{EDGES, Edge, Trigger};

mod geometry;
mod lines;
mod route;

pub use geometry::{BOX_HEIGHT, BOXES, HEIGHT, Point, StateBox, WIDTH};
pub use lines::{Anchor, Label};
pub use route::Route;

/// The arrows of Figure 5.
#[must_use]
pub fn figure() -> Vec<Route> {
    EDGES.iter().filter(|edge| edge.in_figure).filter_map(route).collect()
}

/// The way of an arrow, also of one that only the text of §3.10 knows: those lead around the
/// figure.
#[must_use]
pub fn route(edge: &'static Edge) -> Option<Route> {
    let (corners, label) = if edge.in_figure {
        lines::figure_line(*edge)?
    } else {
        lines::text_only_line(edge.from, edge.to)?
    };
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
