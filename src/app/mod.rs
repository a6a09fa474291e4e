//! The page's behaviour without a browser: the state, the actions, the reducer, and the data that
//! the views show. It is tested natively; the browser draws the state and sends actions.

mod action;
pub mod assignment;
pub mod captured;
pub mod compare;
pub mod handout;
pub mod host;
pub mod inspector;
pub mod keys;
pub mod learn;
mod opened;
pub mod path;
pub mod quiz;
mod reduce;
mod run;
pub mod runs;
pub mod segment_actions;
pub mod share;
pub mod stacks;
mod state;
pub mod tune;
pub mod view;

pub use action::{Action, Change, Look, Open, Play, SpeedChange, Turn};
pub use opened::{Complaint, Draft, MAX_SCRIPT, MAX_TRACE, ReadResult, Script, read_opened_text};
pub use reduce::{glide, play_quiz, reduce};
pub use run::Run;
pub use state::{AppState, CaptureList, Ghost, Motion, Playback, Playhead, Refusal, Settings};
