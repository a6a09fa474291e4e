//! Everything that a viewer, the clock, the address bar or a host page can ask the page to do.
//!
//! The group of an action says which rules apply to it before it runs: an [edit](Change) needs the
//! link's run, and [opening](Open) something replaces the run that is shown.

mod edit;
mod look;
mod open;
mod play;
mod turn;

pub use edit::Change;
pub use look::Look;
pub use open::Open;
pub use play::{Play, SpeedChange};
pub use turn::Turn;

/// One action.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Moves the playhead, or changes how it moves.
    Play(Play),
    /// Changes the run of the link. Refused while a packetdrill script's run is shown.
    Edit(Change),
    /// Shows another run.
    Open(Open),
    /// Changes how the run or the page looks.
    Look(Look),
    /// Starts the quiz, answers, goes on to the next question, or leaves it; see
    /// [`play_quiz`](crate::app::play_quiz).
    Quiz(Turn),
}
