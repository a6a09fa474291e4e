//! A simulator of TCP's 3-way handshake and 4-way close.
//!
//! A [`Scenario`](sim::Scenario) is the only input. The engine derives a
//! [`Timeline`](sim::Timeline) from it, once and deterministically: every segment, state change and
//! timer, each with the clause of the RFC that caused it. Everything else shows a timeline.
//!
//! ```
//! use tcp_handshake::scenarios::{Lesson, Tuning};
//! use tcp_handshake::sim::{Edit, SegmentId, Side, Timeline};
//! use tcp_handshake::tcp::State;
//! use tcp_handshake::time::Instant;
//!
//! // A built-in scenario, in which the network loses the client's first segment: the SYN.
//! let lesson = Lesson::find("normal").expect("a built-in scenario");
//! let mut scenario = lesson.scenario(&Tuning::default());
//! let syn = SegmentId::of(Side::Client, 1);
//! scenario.edits.push(Edit::Drop(syn));
//!
//! let timeline = Timeline::of(scenario);
//! for record in &timeline.trace().segments {
//!     println!("{:>6} ms  {}  {}", record.sent_at.as_millis(), record.id, record.segment);
//! }
//!
//! // The client repeats the SYN after one second, and the connection is established then.
//! let repeated = &timeline.trace().segments[1];
//! assert_eq!((repeated.sent_at.as_millis(), repeated.repeats), (1_000, Some(syn)));
//! let [client, server] = timeline.hosts_after(timeline.seek(Instant::from_millis(1_150)).step);
//! assert_eq!([client.state, server.state], [State::Established; 2]);
//! ```
//!
//! # Reading order
//!
//! Each layer uses only those above it in this list; `docs/architecture.md` says more about each.
//!
//! **The engine**: no clock, no randomness, no floating point, no input or output.
//! - [`time`]: instants and spans of virtual time, in microseconds.
//! - [`tcp`]: one end of a connection, the state machine of RFC 9293.
//! - [`sim`]: two ends, their applications and a network between them.
//!
//! **What is run**
//! - [`scenarios`]: the built-in scenarios, and the parameters of all of them.
//! - [`packetdrill`]: packetdrill scripts, run against the same state machine.
//!
//! **How a run is shown**
//! - [`locale`]: words in every language, numbers and times as text.
//! - [`ladder`]: the geometry of the ladder diagram, for the screen and for every export.
//! - [`diagram`]: the geometry of the state diagram.
//! - [`explain`]: each step of a run in words, with the clause behind it.
//! - [`link`]: a run and its presentation as the parameters of an address.
//! - [`export`]: a run as a table, diagram, picture, capture, script or data.
//!
//! **The page**
//! - [`app`]: its behaviour, without a browser: state, actions, and views of both.
//! - `ui`: its components, in WebAssembly only.

pub mod app;
pub mod capture;
pub mod diagram;
pub mod explain;
pub mod export;
pub mod ladder;
pub mod link;
pub mod locale;
pub mod packetdrill;
pub mod scenarios;
pub mod sim;
pub mod tcp;
pub mod time;
#[cfg(target_arch = "wasm32")]
pub mod ui;
