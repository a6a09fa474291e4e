//! A simulator of TCP's 3-way handshake and 4-way close.
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
