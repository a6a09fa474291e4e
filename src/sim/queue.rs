//! What will happen, in its order.

use std::collections::VecDeque;

use super::id::Side;
use crate::time::Instant;

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    pub(super) at: Instant,
    /// The class, above the ordinal.
    rank: u64,
    pub(super) what: What,
}

/// What will happen. Numbers are places in the lists of the trace and of the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Arrival { segment: u32, is_copy: bool },
    Loss { segment: u32 },
    Planned { side: Side, index: u32 },
    Edit { index: u32 },
}

/// The order is (instant, class, ordinal): what arrives comes before what is lost, that before what
/// applications do.
#[derive(Clone, Copy, Debug)]
enum Class {
    Arrival,
    Loss,
    Command,
}

impl What {
    const fn class(self) -> Class {
        match self {
            Self::Arrival { .. } => Class::Arrival,
            Self::Loss { .. } => Class::Loss,
            Self::Planned { .. } | Self::Edit { .. } => Class::Command,
        }
    }
}

/// What is pending. The delays of a network hardly differ, so what is added mostly comes last.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    pending: VecDeque<Pending>,
    /// The ordinal of the next entry.
    next: u64,
}

/// Ordinals of edits' calls: after all that is there from the start, before all that comes later.
const EDITS: u64 = 1 << 40;
const LATER: u64 = 1 << 41;
const CLASS_SHIFT: u32 = 62;

impl Queue {
    /// From now on entries come after the edits' calls.
    pub(super) const fn begin(&mut self) {
        self.next = LATER;
    }

    /// Adds an entry; where another one has its instant and class, after it.
    pub(super) fn add(&mut self, at: Instant, what: What) {
        self.insert(at, what, self.next);
        self.next += 1;
    }

    /// Adds the call of an edit.
    pub(super) fn add_edit(&mut self, at: Instant, index: usize) {
        self.insert(at, What::Edit { index: place(index) }, EDITS + index as u64);
    }

    fn insert(&mut self, at: Instant, what: What, ordinal: u64) {
        let rank = (what.class() as u64) << CLASS_SHIFT | ordinal;
        let pending = Pending { at, rank, what };
        match self.pending.back() {
            Some(last) if (last.at, last.rank) > (at, rank) => {
                let index = self.pending.partition_point(|it| (it.at, it.rank) < (at, rank));
                self.pending.insert(index, pending);
            }
            Some(_) | None => self.pending.push_back(pending),
        }
    }

    /// When the next thing happens, if anything does.
    pub(super) fn next_at(&self) -> Option<Instant> {
        self.pending.front().map(|pending| pending.at)
    }

    /// Takes out what happens next, unless that is later than `at`.
    pub(super) fn take(&mut self, at: Instant) -> Option<Pending> {
        if self.next_at()? > at {
            return None;
        }
        self.pending.pop_front()
    }

    /// Each entry's instant and content, in order.
    #[cfg(test)]
    pub(super) fn when(&self) -> Vec<(Instant, What)> {
        self.pending.iter().map(|pending| (pending.at, pending.what)).collect()
    }

    /// Takes out the calls of all edits; gives how many of them are due at `at`.
    pub(super) fn drop_edits(&mut self, at: Instant) -> usize {
        let mut count = 0;
        self.pending.retain(|pending| {
            let is_edit = matches!(pending.what, What::Edit { .. });
            count += usize::from(is_edit && pending.at == at);
            !is_edit
        });
        count
    }
}

/// A place in a list, as entries hold it.
pub(super) fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
