//! The reader's progress, which the browser keeps. Each change is made to what is stored, so that
//! two windows do not undo each other's.

use super::storage;
use crate::app::progress::Progress;

/// The name under which it is stored.
const NAME: &str = "progress";

/// Whether anything was ever stored: if not, this is the first visit.
pub fn is_there() -> bool {
    storage::kept(NAME).is_some()
}

/// The progress so far.
pub fn kept() -> Progress {
    storage::kept(NAME).map_or_else(Progress::default, |text| Progress::read(&text))
}

/// Changes the progress.
pub fn change(act: impl FnOnce(&mut Progress)) {
    let mut progress = kept();
    act(&mut progress);
    storage::keep(NAME, Some(&progress.to_string()));
}

/// Forgets everything. The visit stays one of a reader who was here before.
pub fn forget() {
    storage::keep(NAME, Some(&Progress::default().to_string()));
}
