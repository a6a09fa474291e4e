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
mod linux;
mod matrix;
mod packetdrill;
mod pairs;
mod segments;
mod smoltcp;
mod support;
mod user_calls;
