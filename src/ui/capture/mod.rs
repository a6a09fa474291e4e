//! Captures: the dialog in which a file is opened and one of its connections is chosen, and the
//! card beside that connection's run.

mod card;
mod dialog;
mod file;
mod list;
mod open;

pub use card::{CaptureCard, CaptureCardProps};
pub use dialog::{CaptureDialog, CaptureDialogProps};
pub use open::take_file;
