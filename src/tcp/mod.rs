//! The shared handshake state machine: one [`Connection`] type for client and server. Sans-IO.
//!
//! Reading order: [`seq`], [`segment`], [`wire`], [`state`], [`rule`], [`output`], [`outbox`],
//! [`tcb`], [`rto`], [`congestion`] with [`growth`] and `cubic`, [`timer`], [`config`],
//! [`connection`], then the three kinds of input of §3.10:
//! `user_calls` (§3.10.1-6), `segment_arrives` and `segment_opens` (§3.10.7;
//! with `acknowledge` for the ACK field and `reassemble` for text and FIN) and `timeouts`
//! (§3.10.8); and `transmit`, through which all three send. `fast_recovery` repairs losses, and
//! `sack_recovery` with the help of the peer's reports (`scoreboard`), which `sack` makes on the
//! other side. `timestamps` are RFC 7323. `stream` buffers text on both sides.
//!
//! [`habits`] lists where stacks differ. Their code: `linux_checks`, `ack_pacing`, `ack_limit`,
//! `exit`, `reopen` and `persist`; and `keep_alive`.

mod ack_limit;
mod ack_pacing;
mod acknowledge;
pub mod config;
pub mod congestion;
pub mod connection;
mod cubic;
mod exit;
mod fast_recovery;
mod frto;
pub mod growth;
pub mod habits;
mod header_field;
mod keep_alive;
mod linux_checks;
mod observed;
pub mod outbox;
pub mod output;
mod persist;
mod prr;
mod reassemble;
mod reopen;
mod rhythm;
pub mod rto;
mod rto_variation;
pub mod rule;
mod sack;
mod sack_recovery;
mod scoreboard;
pub mod segment;
mod segment_arrives;
mod segment_opens;
mod sent;
pub mod seq;
pub mod state;
mod stream;
mod tail_loss;
pub mod tcb;
mod timeouts;
pub mod timer;
mod timestamps;
mod transmit;
mod user_calls;
mod verdict;
pub mod wire;

pub use config::Config;
pub use congestion::{Congestion, InitialWindow};
pub use connection::Connection;
pub use growth::Algorithm;
pub use habits::{AckLimit, Checks, GiveUp, Habits, KeepAlive, RtoFloor};
pub use header_field::HeaderField;
pub use outbox::Outbox;
pub(crate) use outbox::PackedEvent;
pub use output::{
    AbortError, CloseError, Event, OpenError, Output, ReceiveError, SendError, Transmission,
};
pub use rule::Rule;
pub use segment::{Flags, Options, SackBlock, SackBlocks, Segment, Text, Timestamps};
pub use seq::SeqNumber;
pub use state::State;
pub use tcb::Tcb;
pub use timer::Timer;
