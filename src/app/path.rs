//! The path of each host through the state diagram, up to the playhead.

use super::run::Run;
use crate::diagram::{self, BOXES};
use crate::sim::{Effect, Side, Trace};
use crate::tcp::state::{EDGES, Edge, Trigger, edges_between};
use crate::tcp::{Event, Rule, State};

/// One change of a host's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The host.
    pub side: Side,
    /// The step that changed it.
    pub step: usize,
    /// The state left.
    pub from: State,
    /// The state entered.
    pub to: State,
    /// The arrow taken; `None` if the host crashed and lost its state.
    pub edge: Option<&'static Edge>,
    /// The rule that causes the change; `None` if the host crashed.
    pub rule: Option<Rule>,
}

/// The present place of both hosts in the diagram, and the path that led there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Every change of state up to the playhead, in order.
    pub moves: Vec<Move>,
    /// The index in [`BOXES`] of each host's present state.
    pub places: [usize; 2],
}

impl Path {
    /// The path up to a step; `None` is before the first.
    #[must_use]
    pub fn of(run: &Run, until: Option<usize>) -> Self {
        let moves = moves(run.timeline.trace(), until);
        let places = Side::BOTH.map(|side| {
            let last = moves.iter().rev().find(|it| it.side == side);
            last.map_or_else(|| box_of(run.timeline.before(side).state), place_after)
        });
        Self { moves, places }
    }

    /// A host's state.
    #[must_use]
    pub fn state(&self, side: Side) -> State {
        BOXES[self.places[side.index()]].state
    }

    /// The changes of the last step in which anything changed.
    #[must_use]
    pub fn last(&self) -> &[Move] {
        let Some(step) = self.moves.last().map(|it| it.step) else { return &[] };
        let from = self.moves.partition_point(|it| it.step < step);
        &self.moves[from..]
    }

    /// For some arrows and each host, the latest change along each arrow, in order.
    #[must_use]
    pub fn taken(&self, edges: &[&Edge]) -> Vec<Move> {
        let along = |it: &Move| it.edge.is_some_and(|edge| edges.contains(&edge));
        let again = |it: &Move, later: &[Move]| {
            later.iter().any(|later| (later.side, later.edge) == (it.side, it.edge))
        };
        let moves = self.moves.iter().enumerate();
        let latest = moves.filter(|(at, it)| along(it) && !again(it, &self.moves[at + 1..]));
        latest.map(|(_, it)| *it).collect()
    }

    /// The latest change that entered a box.
    #[must_use]
    pub fn entered(&self, place: usize) -> Option<&Move> {
        self.moves.iter().rev().find(|it| place_after(it) == place)
    }

    /// The arrows taken that are not in Figure 5, grouped by the states that they connect.
    #[must_use]
    pub fn beyond_figure(&self) -> Vec<Vec<&'static Edge>> {
        let mut groups: Vec<Vec<&'static Edge>> = vec![];
        for edge in EDGES.iter().filter(|edge| !edge.in_figure && !self.taken(&[edge]).is_empty()) {
            let group = groups
                .iter_mut()
                .find(|group| (group[0].from, group[0].to) == (edge.from, edge.to));
            match group {
                Some(group) => group.push(edge),
                None => groups.push(vec![edge]),
            }
        }
        groups
    }
}

/// The box that a change entered. A host that crashed is back at the first box.
fn place_after(change: &Move) -> usize {
    let by_arrow = change.edge.and_then(diagram::route).map(|route| route.target);
    by_arrow.unwrap_or_else(|| box_of(change.to))
}

/// The first box with a state.
fn box_of(state: State) -> usize {
    BOXES.iter().position(|it| it.state == state).unwrap_or(0)
}

/// Every change of state up to a step, in order; none if the step is `None`.
#[must_use]
pub fn moves(trace: &Trace, until: Option<usize>) -> Vec<Move> {
    let mut states = Side::BOTH.map(|side| trace.first_state(side));
    let mut moves = vec![];
    let count = until.map_or(0, |step| step + 1);
    for (index, step) in trace.steps.iter().enumerate().take(count) {
        let state = &mut states[step.side.index()];
        for effect in trace.effects(step) {
            if let Effect::Event(Event::Transition { from, to }, rule) = effect {
                moves.push(Move {
                    side: step.side,
                    step: index,
                    from,
                    to,
                    edge: edge_of(from, to, rule),
                    rule: Some(rule),
                });
                *state = to;
            }
        }
        let to = step.state();
        if *state != to {
            let from = std::mem::replace(state, to);
            moves.push(Move { side: step.side, step: index, from, to, edge: None, rule: None });
        }
    }
    moves
}

/// The arrow between two states that a rule follows. Several arrows may connect the same states.
fn edge_of(from: State, to: State, rule: Rule) -> Option<&'static Edge> {
    let trigger = trigger_of(rule);
    edges_between(from, to)
        .find(|edge| Some(edge.on) == trigger)
        .or_else(|| edges_between(from, to).next())
}

/// The event that triggers the change of state that a rule makes, if it makes one.
#[must_use]
pub fn trigger_of(rule: Rule) -> Option<Trigger> {
    Some(match rule {
        Rule::OpenPassive => Trigger::PassiveOpen,
        Rule::OpenActive => Trigger::ActiveOpen,
        Rule::SendOpens => Trigger::Send,
        Rule::CloseDeletes | Rule::CloseQueued | Rule::CloseSendsFin => Trigger::Close,
        Rule::AbortResets | Rule::AbortDeletes | Rule::ExitResets | Rule::LateTextResets => {
            Trigger::Abort
        }
        Rule::ListenSyn
        | Rule::SynSentSimultaneous
        | Rule::SynReturnsToListen
        | Rule::TimeWaitReopens => Trigger::Syn,
        Rule::SynSentEstablishes => Trigger::SynAck,
        Rule::AckEstablishes => Trigger::AckOfSyn,
        Rule::FinPassive | Rule::FinSimultaneous | Rule::FinEndsFinWait2 => Trigger::Fin,
        Rule::FinEndsFinWait1 => Trigger::FinAckOfFin,
        Rule::FinAcknowledged | Rule::ClosingAcknowledged | Rule::LastAckAcknowledged => {
            Trigger::AckOfFin
        }
        Rule::SynSentRefused
        | Rule::ResetReturnsToListen
        | Rule::ResetRefuses
        | Rule::ResetAborts
        | Rule::ResetCloses => Trigger::Rst,
        Rule::GaveUp | Rule::UserTimedOut | Rule::KeepAliveGaveUp | Rule::FinWait2Expired => {
            Trigger::GiveUp
        }
        Rule::TimeWaitExpired => Trigger::TimeWaitTimeout,
        _ => return None,
    })
}
