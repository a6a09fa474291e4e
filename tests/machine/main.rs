//! The TCP endpoint from outside: with the test as its peer, as a pair of ours, and against other
//! implementations.
#![cfg(not(target_arch = "wasm32"))]

mod backoff;
mod figures;
mod flow;
#[cfg(target_os = "linux")]
mod kernel;
mod matrix;
mod packetdrill;
mod pairs;
mod segments;
mod smoltcp;
mod support;
mod user_calls;
