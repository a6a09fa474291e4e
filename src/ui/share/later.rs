//! What the Share dialog loads only when one of its buttons asks for it.

use crate::app::share::{Files, Sharing};
use crate::locale::Catalog;
use crate::ui::late::{NotLoaded, Task};

/// What a run can be handed out as: each in a dialog of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOut {
    /// An assignment.
    Make,
    /// A page to print.
    Print,
    /// One of the viewer's own runs.
    Runs,
}

impl HandOut {
    /// All of them, in the order of their buttons.
    pub const ALL: [Self; 3] = [Self::Make, Self::Print, Self::Runs];

    /// Its name in the texts: `share.<id>`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Make => "make",
            Self::Print => "print",
            Self::Runs => "runs",
        }
    }
}

/// Loads the code of [`hand_out`](super::hand_out), and calls it.
pub type LoadHandOut =
    fn(HandOut, Box<Sharing>, Catalog, Option<Files>) -> Task<Result<(), NotLoaded>>;

/// The functions that load the code behind some of the dialog's buttons. Most viewers only copy a
/// link.
#[derive(Clone, Copy, Debug)]
pub struct Later {
    /// The functions that write files.
    pub files: fn() -> Task<Result<Files, NotLoaded>>,
    /// See [`hand_out`](super::hand_out).
    pub hand_out: LoadHandOut,
}
