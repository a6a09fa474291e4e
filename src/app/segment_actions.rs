//! The actions on one segment, for the action bar, the keyboard and dragging alike.

use super::action::{Action, Change, Play};
use super::run::Run;
use crate::ladder::{Arrow, Fate, Moment};
use crate::sim::Edit;
use crate::time::{Duration, Instant};

/// An action on one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentAction {
    /// Lose it.
    Drop,
    /// Deliver it later, by a delay that the viewer chooses.
    Delay,
    /// Deliver it twice.
    Duplicate,
    /// Deliver it damaged.
    Corrupt,
    /// Deliver it at once.
    Deliver,
    /// Remove every effect on it.
    Restore,
    /// Move the playhead to its departure.
    GoToSend,
    /// Move the playhead to its arrival or loss.
    GoToEnd,
}

impl SegmentAction {
    /// The actions that make sense at a moment, in the order of the action bar. The segments of a
    /// script's run or a capture cannot be edited.
    #[must_use]
    pub fn available(arrow: &Arrow, now: Moment, is_fixed: bool) -> Vec<Self> {
        use SegmentAction::{Corrupt, Delay, Deliver, Drop, Duplicate, GoToEnd, GoToSend, Restore};
        let is_changed = arrow.lost.is_some() || arrow.copy.is_some() || arrow.due.is_some();
        let mut actions = vec![];
        if arrow.lost.is_none() && !is_fixed {
            actions.extend([Drop, Delay, Duplicate, Corrupt]);
            if arrow.fate(now) == Fate::Flying {
                actions.push(Deliver);
            }
        }
        if is_changed && !is_fixed {
            actions.push(Restore);
        }
        match arrow.fate(now) {
            Fate::Future => actions.push(GoToSend),
            Fate::Flying | Fate::Arrived | Fate::Lost => actions.extend([GoToSend, GoToEnd]),
        }
        actions
    }

    /// Whether it moves the playhead, and leaves the run as it is.
    #[must_use]
    pub const fn is_move(self) -> bool {
        matches!(self, Self::GoToSend | Self::GoToEnd)
    }

    /// The page's action. `at` is the present instant; `delay` is used by [`Delay`](Self::Delay)
    /// alone.
    #[must_use]
    pub fn act(self, arrow: &Arrow, at: Instant, delay: Duration) -> Action {
        let id = arrow.id;
        let edit = match self {
            Self::Drop => return drop(arrow),
            Self::Delay => Edit::Delay(id, delay),
            Self::Duplicate => return duplicate(arrow),
            Self::Corrupt => Edit::Corrupt(id),
            Self::Deliver => Edit::Deliver(id, Some(at.since(arrow.sent_at))),
            Self::Restore => return restore(arrow),
            Self::GoToSend => return Action::Play(Play::Seek(arrow.sent_at)),
            Self::GoToEnd => return Action::Play(Play::Seek(arrow.ends_at)),
        };
        Action::Edit(Change::Add(edit))
    }
}

/// Loses a segment.
#[must_use]
pub const fn drop(arrow: &Arrow) -> Action {
    Action::Edit(Change::Add(Edit::Drop(arrow.id)))
}

/// Delivers a segment twice, the copy after the default gap.
#[must_use]
pub const fn duplicate(arrow: &Arrow) -> Action {
    Action::Edit(Change::Add(Edit::Duplicate(arrow.id, None)))
}

/// Removes every effect on a segment.
#[must_use]
pub const fn restore(arrow: &Arrow) -> Action {
    Action::Edit(Change::Restore(arrow.id))
}

/// Makes a segment arrive at an instant; `None` if it already does.
#[must_use]
pub fn arrive_at(run: &Run, arrow: &Arrow, at: Instant) -> Option<Action> {
    let (due, id) = (run.due(arrow), arrow.id);
    let edit = match at.max(arrow.sent_at) {
        at if at == arrow.ends_at => return None,
        at if at == due => return Some(restore(arrow)),
        at if at > due => Edit::Delay(id, at.since(due)),
        at => Edit::Deliver(id, Some(at.since(arrow.sent_at))),
    };
    Some(Action::Edit(Change::Add(edit)))
}

/// Makes a segment arrive a tenth of a round trip later, or earlier; `None` for a lost one.
#[must_use]
pub fn shift(run: &Run, arrow: &Arrow, later: bool) -> Option<Action> {
    if arrow.lost.is_some() {
        return None;
    }
    let tenth = Duration::from_micros(run.timeline.scenario().network.delay.as_micros() / 5);
    let at = if later {
        arrow.ends_at + tenth
    } else {
        Instant::ZERO + arrow.ends_at.since(Instant::ZERO + tenth)
    };
    arrive_at(run, arrow, at)
}
