//! The eleven states, and Figure 5 as data.

use core::fmt;

use serde::Serialize;

/// A connection's state (RFC 9293 §3.3.2), in the order in which the RFC lists them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// No connection: the fictional state without a TCB.
    #[default]
    Closed,
    /// Waiting for a connection request from any remote peer.
    Listen,
    /// Waiting for a matching connection request after having sent one.
    SynSent,
    /// Waiting for the acknowledgment of a connection request, after both were exchanged.
    SynReceived,
    /// An open connection: text is delivered to the user.
    Established,
    /// Waiting for the peer's FIN, or for the acknowledgment of ours.
    FinWait1,
    /// Waiting for the peer's FIN.
    FinWait2,
    /// Waiting for the local user's CLOSE; the peer has closed.
    CloseWait,
    /// Both closed at once: waiting for the acknowledgment of our FIN.
    Closing,
    /// Waiting for the acknowledgment of the FIN that answers the peer's.
    LastAck,
    /// Waiting 2MSL, so that the peer receives our ACK of its FIN and old segments expire.
    TimeWait,
}

impl State {
    /// All eleven, in the RFC's order.
    pub const ALL: [Self; 11] = [
        Self::Closed,
        Self::Listen,
        Self::SynSent,
        Self::SynReceived,
        Self::Established,
        Self::FinWait1,
        Self::FinWait2,
        Self::CloseWait,
        Self::Closing,
        Self::LastAck,
        Self::TimeWait,
    ];

    /// The name as the RFC prints it: `SYN-SENT`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "CLOSED",
            Self::Listen => "LISTEN",
            Self::SynSent => "SYN-SENT",
            Self::SynReceived => "SYN-RECEIVED",
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::CloseWait => "CLOSE-WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST-ACK",
            Self::TimeWait => "TIME-WAIT",
        }
    }

    /// The state whose RFC name is `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether both initial sequence numbers are known and confirmed (RFC 9293 §3.5.2, group 3).
    #[must_use]
    pub const fn is_synchronized(self) -> bool {
        match self {
            Self::Closed | Self::Listen | Self::SynSent | Self::SynReceived => false,
            Self::Established
            | Self::FinWait1
            | Self::FinWait2
            | Self::CloseWait
            | Self::Closing
            | Self::LastAck
            | Self::TimeWait => true,
        }
    }

    /// Whether text that arrives is still delivered to the user.
    #[must_use]
    pub const fn receives_text(self) -> bool {
        matches!(self, Self::Established | Self::FinWait1 | Self::FinWait2)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for State {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// An event that changes a connection's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A user's passive OPEN.
    PassiveOpen,
    /// A user's active OPEN.
    ActiveOpen,
    /// A user's SEND.
    Send,
    /// A user's CLOSE.
    Close,
    /// A user's ABORT.
    Abort,
    /// A SYN arrives.
    Syn,
    /// A SYN,ACK that acknowledges our SYN arrives.
    SynAck,
    /// The acknowledgment of our SYN arrives.
    AckOfSyn,
    /// A FIN arrives.
    Fin,
    /// A FIN arrives that also acknowledges ours (Figure 5, note 2).
    FinAckOfFin,
    /// The acknowledgment of our FIN arrives.
    AckOfFin,
    /// A RST arrives (Figure 5, note 1, for SYN-RECEIVED to LISTEN).
    Rst,
    /// The user timeout, or R2 (RFC 9293 §3.8.3).
    GiveUp,
    /// 2MSL have passed.
    TimeWaitTimeout,
}

/// One arrow of the state diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The state left.
    pub from: State,
    /// The state entered.
    pub to: State,
    /// The event that causes the change.
    pub on: Trigger,
    /// Whether Figure 5 draws it; the others are only in the text of §3.10.
    pub in_figure: bool,
}

const fn drawn(from: State, on: Trigger, to: State) -> Edge {
    Edge { from, to, on, in_figure: true }
}

const fn text_only(from: State, on: Trigger, to: State) -> Edge {
    Edge { from, to, on, in_figure: false }
}

/// Every legal change of state: those of Figure 5 of RFC 9293, then those only in the text of
/// §3.10.
///
/// `Connection::transition` asserts it, the diagram is drawn from it, and traces are tested against
/// it.
pub const EDGES: &[Edge] = {
    use State::{
        CloseWait, Closed, Closing, Established, FinWait1, FinWait2, LastAck, Listen, SynReceived,
        SynSent, TimeWait,
    };
    use Trigger::{
        Abort, AckOfFin, AckOfSyn, ActiveOpen, Close, Fin, FinAckOfFin, GiveUp, PassiveOpen, Rst,
        Send, Syn, SynAck, TimeWaitTimeout,
    };
    &[
        drawn(Closed, PassiveOpen, Listen),
        drawn(Closed, ActiveOpen, SynSent),
        drawn(Listen, Close, Closed),
        drawn(Listen, Send, SynSent),
        drawn(Listen, Syn, SynReceived),
        drawn(SynSent, Close, Closed),
        drawn(SynSent, Syn, SynReceived),
        drawn(SynSent, SynAck, Established),
        drawn(SynReceived, Rst, Listen),
        drawn(SynReceived, AckOfSyn, Established),
        drawn(SynReceived, Close, FinWait1),
        drawn(Established, Close, FinWait1),
        drawn(Established, Fin, CloseWait),
        drawn(FinWait1, AckOfFin, FinWait2),
        drawn(FinWait1, Fin, Closing),
        drawn(FinWait1, FinAckOfFin, TimeWait),
        drawn(FinWait2, Fin, TimeWait),
        drawn(CloseWait, Close, LastAck),
        drawn(Closing, AckOfFin, TimeWait),
        drawn(LastAck, AckOfFin, Closed),
        drawn(TimeWait, TimeWaitTimeout, Closed),
        text_only(Listen, ActiveOpen, SynSent),
        text_only(SynReceived, Syn, Listen),
        text_only(Listen, Abort, Closed),
        text_only(SynSent, Abort, Closed),
        text_only(SynSent, Rst, Closed),
        text_only(SynSent, GiveUp, Closed),
        text_only(SynReceived, Abort, Closed),
        text_only(SynReceived, Rst, Closed),
        text_only(SynReceived, GiveUp, Closed),
        text_only(Established, Abort, Closed),
        text_only(Established, Rst, Closed),
        text_only(Established, GiveUp, Closed),
        text_only(FinWait1, Abort, Closed),
        text_only(FinWait1, Rst, Closed),
        text_only(FinWait1, GiveUp, Closed),
        text_only(FinWait2, Abort, Closed),
        text_only(FinWait2, Rst, Closed),
        text_only(CloseWait, Abort, Closed),
        text_only(CloseWait, Rst, Closed),
        text_only(CloseWait, GiveUp, Closed),
        text_only(Closing, Rst, Closed),
        text_only(Closing, Abort, Closed),
        text_only(Closing, GiveUp, Closed),
        text_only(LastAck, Rst, Closed),
        text_only(LastAck, Abort, Closed),
        text_only(LastAck, GiveUp, Closed),
        text_only(TimeWait, Abort, Closed),
        text_only(TimeWait, Syn, SynReceived),
        text_only(FinWait2, GiveUp, Closed),
        text_only(TimeWait, Rst, Closed),
    ]
};

/// The arrows from one state to another; none if the change is illegal.
pub fn edges_between(from: State, to: State) -> impl Iterator<Item = &'static Edge> {
    EDGES.iter().filter(move |edge| edge.from == from && edge.to == to)
}

#[cfg(test)]
mod tests {
    use super::{EDGES, State};

    #[test]
    fn figure_5_has_twenty_one_arrows() {
        assert_eq!(EDGES.iter().filter(|edge| edge.in_figure).count(), 21);
    }

    #[test]
    fn no_arrow_stands_twice_and_none_is_a_loop() {
        for (index, edge) in EDGES.iter().enumerate() {
            assert_ne!(edge.from, edge.to);
            assert!(!EDGES[index + 1..].iter().any(|other| {
                (other.from, other.to, other.on) == (edge.from, edge.to, edge.on)
            }));
        }
    }

    #[test]
    fn every_state_is_reached_from_closed() {
        let mut reached = vec![State::Closed];
        while let Some(edge) = EDGES.iter().find(|edge| {
            edge.in_figure && reached.contains(&edge.from) && !reached.contains(&edge.to)
        }) {
            reached.push(edge.to);
        }
        assert_eq!(reached.len(), State::ALL.len());
    }
}
