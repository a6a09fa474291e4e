//! Whole runs: the timelines of scenarios, their pictures, sentences and exports.
#![cfg(not(target_arch = "wasm32"))]

mod capture;
mod diagram;
mod explain;
mod explore;
mod exports;
mod lab;
mod parts;
mod story;
mod timeline;
