//! The list of the edits of a run.

use crate::app::action::{Action, Change};
use crate::app::run::Run;
use crate::sim::Edit;

/// An edit as a chip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// The edit.
    pub edit: Edit,
    /// Its index in the link; `None` if the lesson itself makes it.
    pub index: Option<usize>,
    /// Whether the segment that it names is not sent in this run.
    pub is_orphan: bool,
}

impl Chip {
    /// Undoes the edit. `None` for an edit of the lesson that names no segment.
    #[must_use]
    pub fn removal(&self) -> Option<Action> {
        let change = match (self.index, self.edit.segment()) {
            (Some(index), _) => Change::Remove(index),
            (None, Some(id)) => Change::Restore(id),
            (None, None) => return None,
        };
        Some(Action::Edit(change))
    }
}

/// All edits of the run: the lesson's own, then the viewer's.
#[must_use]
pub fn chips(run: &Run) -> Vec<Chip> {
    let timeline = &run.timeline;
    let orphans: Vec<usize> = timeline.orphans().map(|(index, _)| index).collect();
    timeline
        .scenario()
        .edits
        .iter()
        .enumerate()
        .map(|(index, edit)| Chip {
            edit: *edit,
            index: index.checked_sub(run.lesson_edits),
            is_orphan: orphans.contains(&index),
        })
        .collect()
}
