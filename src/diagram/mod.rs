//! Figure 5 of RFC 9293 as a picture: the positions of its boxes and arrows, in abstract units.
//! [`EDGES`] determines which arrows exist; this module only places them.
//!
//! As in the figure there are two boxes for CLOSED: where a connection begins, and where it ends.

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

/// The arrow of a change of state. Changes that are only in the text of §3.10 are drawn around
/// the figure.
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

/// The event that triggers a change of state, in the RFC's words.
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

/// The segment that is sent on a change of state, in the RFC's words; `None` if nothing is sent.
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

/// Splits words into lines of at most `letters` characters, as far as possible.
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
