//! Everything that is scheduled, in the order in which it will be executed.

use std::collections::VecDeque;

use super::id::Side;
use crate::time::Instant;

/// A scheduled entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    pub(super) at: Instant,
    /// The priority in the top bits, the ordinal below.
    rank: u64,
    pub(super) kind: PendingKind,
}

/// What an entry does. Numbers are indices into the lists of the trace and of the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PendingKind {
    Arrival { segment: u32, is_copy: bool },
    Loss { segment: u32 },
    Planned { side: Side, index: u32 },
    Edit { index: u32 },
}

/// The order at one instant: arrivals, then losses, then calls of applications. Entries of the same
/// priority are executed in the order of their ordinals.
#[derive(Clone, Copy, Debug)]
enum Priority {
    Arrival,
    Loss,
    Command,
}

impl PendingKind {
    const fn priority(self) -> Priority {
        match self {
            Self::Arrival { .. } => Priority::Arrival,
            Self::Loss { .. } => Priority::Loss,
            Self::Planned { .. } | Self::Edit { .. } => Priority::Command,
        }
    }
}

/// The scheduled entries, in order. The delays of a network hardly differ, so a new entry mostly
/// comes last, and a sorted deque beats a heap.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    pending: VecDeque<Pending>,
    /// The ordinal of the next entry.
    next: u64,
}

/// Ordinals of the calls of edits: after the entries of the start, before those added later.
const EDITS: u64 = 1 << 40;
const LATER: u64 = 1 << 41;
const PRIORITY_SHIFT: u32 = 62;

impl Queue {
    /// Ends the setup: entries added from now on come after the calls of edits.
    pub(super) const fn begin(&mut self) {
        self.next = LATER;
    }

    /// Adds an entry, after those of the same instant and priority.
    pub(super) fn add(&mut self, at: Instant, kind: PendingKind) {
        self.insert(at, kind, self.next);
        self.next += 1;
    }

    /// Adds the call of an edit.
    pub(super) fn add_edit(&mut self, at: Instant, index: usize) {
        self.insert(at, PendingKind::Edit { index: place(index) }, EDITS + index as u64);
    }

    fn insert(&mut self, at: Instant, kind: PendingKind, ordinal: u64) {
        let rank = (kind.priority() as u64) << PRIORITY_SHIFT | ordinal;
        let pending = Pending { at, rank, kind };
        match self.pending.back() {
            Some(last) if (last.at, last.rank) > (at, rank) => {
                let index = self.pending.partition_point(|it| (it.at, it.rank) < (at, rank));
                self.pending.insert(index, pending);
            }
            Some(_) | None => self.pending.push_back(pending),
        }
    }

    /// The instant of the first entry.
    pub(super) fn next_at(&self) -> Option<Instant> {
        self.pending.front().map(|pending| pending.at)
    }

    /// Takes out the first entry, unless it is later than `at`.
    pub(super) fn take(&mut self, at: Instant) -> Option<Pending> {
        if self.next_at()? > at {
            return None;
        }
        self.pending.pop_front()
    }

    /// Removes the planned calls of a host, apart from those that it still makes.
    pub(super) fn retain_planned(&mut self, of: Side, makes: impl Fn(u32) -> bool) {
        self.pending.retain(|pending| match pending.kind {
            PendingKind::Planned { side, index } => side != of || makes(index),
            _ => true,
        });
    }

    /// Removes the calls of all edits, and returns how many of them were due at `at`.
    pub(super) fn drop_edits(&mut self, at: Instant) -> usize {
        let mut count = 0;
        self.pending.retain(|pending| {
            let is_edit = matches!(pending.kind, PendingKind::Edit { .. });
            count += usize::from(is_edit && pending.at == at);
            !is_edit
        });
        count
    }
}

/// An index as entries hold it.
pub(super) fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
