//! The world around two connections: a network with delay and loss, applications, and edits.
//!
//! Reading order: [`id`], [`scenario`], [`edit`], `chance`, `host`, [`trace`], `queue`,
//! [`world`], `resume`, [`timeline`]; then [`invariants`] and [`explore`], which prove it.

mod chance;
pub mod edit;
pub mod explore;
mod host;
pub mod id;
pub mod invariants;
mod queue;
mod resume;
pub mod scenario;
pub mod timeline;
pub mod trace;
pub mod world;

pub use edit::Edit;
pub use host::HostView;
pub use id::{Origin, SegmentId, Side};
pub use scenario::{Application, Call, Host, Network, Scenario, Stray, When};
pub use timeline::{Moment, Timeline};
pub use trace::{CallError, Cause, Effect, Ending, LossCause, SegmentRecord, Step, Trace};
pub use world::{Limits, World};
