//! The page without a browser: its state, its texts, and its messages to and from other pages.
#![cfg(not(target_arch = "wasm32"))]

mod app;
mod arguments;
mod assignment;
mod captured;
mod command;
mod compare;
mod corpus;
mod embedding;
mod host;
mod import;
mod inspector;
mod ladder;
mod learn;
mod notes;
mod parts;
mod poster;
mod quiz;
mod runs;
mod share;
mod style;
mod words;
