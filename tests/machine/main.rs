//! The TCP endpoint from outside: with the test as its peer, against another of our endpoints, and
//! against other implementations.
#![cfg(not(target_arch = "wasm32"))]

mod backoff;
mod congestion;
mod exit;
mod figures;
mod flow;
mod keep_alive;
#[cfg(target_os = "linux")]
mod kernel;
#[cfg(target_os = "linux")]
mod kernel_recovery;
mod linux;
mod matrix;
mod packetdrill;
mod pairs;
mod recovery;
mod sack;
mod segments;
mod smoltcp;
mod support;
mod user_calls;
