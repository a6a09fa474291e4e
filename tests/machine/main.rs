//! The TCP endpoint from outside: with the test as its peer, against another of our endpoints, and
//! against other implementations.
#![cfg(not(target_arch = "wasm32"))]

mod backoff;
mod congestion;
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
