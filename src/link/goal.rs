//! The parts of an assignment that are not free text: the goals that its run has to reach, and what
//! a solver must not change.

use core::fmt;
use core::str::FromStr;

use super::problem::ProblemKind;
use super::values::number;
use crate::sim::edit::span;
use crate::sim::{Edit, Side};
use crate::tcp::State;
use crate::time::Duration;

/// A goal: a fact about a run that the machine can check. Written `S:LAST-ACK@10s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// `S:LAST-ACK`: the host enters this state.
    Enters(Side, State),
    /// `S:LAST-ACK@10s`: the host stays in this state for at least this long.
    Stays(Side, State, Duration),
    /// `S:LAST-ACK@end`: the host is in this state when nothing is left to happen.
    Ends(Side, State),
    /// `S:received@20`: at least this many bytes arrive in order for its application.
    Receives(Side, u32),
    /// `C:resent@2`: the host sends at least this many retransmissions.
    Resends(Side, u32),
    /// `changes@1`: the solver makes at most this many changes.
    Changes(u32),
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enters(side, state) => write!(f, "{}:{}", side.letter(), state.name()),
            Self::Stays(side, state, span) => {
                write!(f, "{}:{}@{span}", side.letter(), state.name())
            }
            Self::Ends(side, state) => write!(f, "{}:{}@end", side.letter(), state.name()),
            Self::Receives(side, octets) => write!(f, "{}:received@{octets}", side.letter()),
            Self::Resends(side, count) => write!(f, "{}:resent@{count}", side.letter()),
            Self::Changes(most) => write!(f, "changes@{most}"),
        }
    }
}

impl FromStr for Goal {
    type Err = ProblemKind;

    fn from_str(text: &str) -> Result<Self, ProblemKind> {
        let lower = text.to_ascii_lowercase();
        let (what, bound) = match lower.split_once('@') {
            Some((what, bound)) => (what, Some(bound)),
            None => (lower.as_str(), None),
        };
        let count = || {
            let count = number(bound.ok_or(ProblemKind::WrongShape)?)?;
            u32::try_from(count).map_err(|_| ProblemKind::NotANumber)
        };
        let Some((host, what)) = what.split_once(':') else {
            return if what == "changes" {
                count().map(Self::Changes)
            } else {
                Err(ProblemKind::WrongShape)
            };
        };
        let side = match host {
            "c" => Side::Client,
            "s" => Side::Server,
            _ => return Err(ProblemKind::NotASide),
        };
        match what {
            "received" => return count().map(|octets| Self::Receives(side, octets)),
            "resent" => return count().map(|count| Self::Resends(side, count)),
            _ => {}
        }
        let state = State::ALL.into_iter().find(|state| state.name().eq_ignore_ascii_case(what));
        let state = state.ok_or(ProblemKind::UnknownValue)?;
        match bound {
            None => Ok(Self::Enters(side, state)),
            Some("end") => Ok(Self::Ends(side, state)),
            Some(time) => {
                let time = span(time).map_err(|_| ProblemKind::NotATime)?;
                Ok(Self::Stays(side, state, time))
            }
        }
    }
}

/// What the solver of an assignment must not change. Written `2,tune,calls`: the first two edits,
/// the tuning and the applications' calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The number of edits at the start that stay.
    pub given: usize,
    kinds: u8,
}

/// The kinds of changes that can be locked, by their names.
pub const LOCKS: [&str; 8] = ["tune", "drop", "delay", "deliver", "dup", "corrupt", "calls", "cut"];

impl Lock {
    /// A lock of the first edits alone.
    #[must_use]
    pub const fn of_edits(given: usize) -> Self {
        Self { given, kinds: 0 }
    }

    /// Whether the kind of changes with this index in [`LOCKS`] is locked.
    #[must_use]
    pub const fn has(self, kind: usize) -> bool {
        self.kinds & (1 << kind) != 0
    }

    /// The same lock with one more kind of changes, by its index in [`LOCKS`].
    #[must_use]
    pub const fn with(self, kind: usize) -> Self {
        Self { kinds: self.kinds | 1 << kind, ..self }
    }

    /// Whether the solver may change the tuning of the run.
    #[must_use]
    pub const fn allows_tuning(self) -> bool {
        !self.has(0)
    }

    /// Whether the solver may make such an edit.
    #[must_use]
    pub const fn allows(self, edit: &Edit) -> bool {
        !self.has(match edit {
            Edit::Drop(_) => 1,
            Edit::Delay(..) => 2,
            Edit::Deliver(..) => 3,
            Edit::Duplicate(..) => 4,
            Edit::Corrupt(_) => 5,
            Edit::Call(..) => 6,
            Edit::Cut(_) => 7,
        })
    }

    /// Reads one item into the lock.
    pub(super) fn take(&mut self, item: &str) -> Result<(), ProblemKind> {
        if item.bytes().all(|byte| byte.is_ascii_digit()) {
            self.given = usize::try_from(number(item)?).map_err(|_| ProblemKind::NotANumber)?;
            return Ok(());
        }
        let kind = LOCKS.iter().position(|name| name.eq_ignore_ascii_case(item));
        *self = self.with(kind.ok_or(ProblemKind::UnknownValue)?);
        Ok(())
    }

    /// Its items, in the notation of links.
    #[must_use]
    pub fn items(self) -> Vec<String> {
        let given = (self.given > 0).then(|| self.given.to_string());
        let kinds = (0..LOCKS.len()).filter(|kind| self.has(*kind));
        given.into_iter().chain(kinds.map(|kind| LOCKS[kind].to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_goal_is_written_as_it_is_read() {
        for text in [
            "S:LAST-ACK",
            "S:LAST-ACK@10s",
            "C:TIME-WAIT@1500ms",
            "C:CLOSED@end",
            "S:received@20",
            "C:resent@2",
            "changes@1",
        ] {
            let goal: Goal = text.parse().unwrap();
            assert_eq!(goal.to_string(), text);
            assert_eq!(text.to_ascii_lowercase().parse(), Ok(goal));
        }
    }

    #[test]
    fn anything_else_is_no_goal() {
        for (text, kind) in [
            ("", ProblemKind::WrongShape),
            ("LAST-ACK", ProblemKind::WrongShape),
            ("X:LAST-ACK", ProblemKind::NotASide),
            ("S:LAST_ACK", ProblemKind::UnknownValue),
            ("S:LAST-ACK@soon", ProblemKind::NotATime),
            ("S:LAST-ACK@3601s", ProblemKind::NotATime),
            ("S:received", ProblemKind::WrongShape),
            ("S:received@4294967296", ProblemKind::NotANumber),
            ("C:resent@-1", ProblemKind::NotANumber),
            ("changes@99999999999999999999", ProblemKind::NotANumber),
            ("C:changes@1", ProblemKind::UnknownValue),
            ("received@1", ProblemKind::WrongShape),
        ] {
            assert_eq!(text.parse::<Goal>(), Err(kind), "{text}");
        }
    }
}
