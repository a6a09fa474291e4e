//! The page's behaviour without a browser: one state, one list of actions, one reducer, and what
//! there is to see. Tested natively; the browser only draws it and passes actions on.

mod action;
mod answer;
pub mod arguments;
mod import;
pub mod inspector;
pub mod keys;
pub mod learn;
pub mod path;
pub mod quiz;
mod reduce;
pub mod remote;
mod run;
mod script;
pub mod share;
pub mod stacks;
mod state;
pub mod tune;
pub mod view;

pub use action::{Action, Change, Look, Open, Play, SpeedChange};
pub use answer::answer;
pub use import::MAX_TRACE;
pub use reduce::{glide, reduce};
pub use run::Run;
pub use script::{Complaint, Draft, MAX_SCRIPT, Script, lit_lines};
pub use state::{AppState, Ghost, Motion, Playback, Playhead, Settings};
