//! [`html!`] with Yew's syntax, and the functions that its code calls.
//!
//! Yew's own macro writes out, at every element, all the code that builds a node. This one writes a
//! constant for what never changes and a short call for each value that does. The called functions
//! are not inlined, and few are generic, so that an element costs the page little.
//!
//! `crates/html/tests/same_nodes.rs` compares the nodes with those of Yew's macro.
//! `docs/performance.md` has the measured difference and says when to drop this crate.
#![cfg(target_arch = "wasm32")]

mod classes;
mod component;
mod element;

pub use tcp_handshake_html_macro::html;

pub use classes::{Class, Classes};
pub use component::{ComponentVTable, component, erased};
pub use element::{Attribute, Child, Element, Shape, nothing};
