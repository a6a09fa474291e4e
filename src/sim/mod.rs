//! The world around two connections: a network with delay and loss, applications, and edits.
//!
//! Reading order: [`id`], [`call`], [`outage`], [`edit`], [`scenario`], `chance`, `queue`,
//! [`trace`], [`world`], [`timeline`]; then [`check`], which holds every run to its laws.

pub mod call;
pub(crate) mod chance;
pub mod check;
pub mod edit;
pub mod id;
pub mod outage;
mod queue;
pub mod scenario;
pub mod timeline;
pub mod trace;
pub mod world;

pub use call::{Call, CallError};
pub use edit::Edit;
pub use id::{Origin, SegmentId, Side};
pub use outage::Outage;
pub use scenario::{Application, Host, Network, Scenario, Stray, When};
pub use timeline::{Limits, Moment, Part, Timeline};
pub use trace::{Cause, Effect, Ending, HostView, LossCause, SegmentRecord, Step, Trace};
pub use world::World;
