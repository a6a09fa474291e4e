//! The page: function components over slices of [`AppState`](crate::app::AppState), a file each.
//!
//! `shell` owns the state and lays the rest out; `player` holds what moves. Nothing below `shell`
//! knows more than its own properties.

// What `html!` writes is a block, however short the markup.
#![allow(clippy::single_match_else)]

mod actions;
mod add_edit;
mod address;
mod clock;
mod diagram;
mod explanation;
mod frame;
mod header;
mod help;
mod host_head;
mod import;
mod inspector;
mod keys;
mod ladder;
mod language;
mod learn;
mod log;
pub mod markup;
pub mod mounted;
mod octets;
mod packetdrill;
pub mod page;
mod player;
mod problems;
mod quiz;
mod remote;
mod scenario_picker;
mod script;
mod share;
mod shell;
mod store;
mod tabs;
mod tcb;
mod thumbnail;
mod transport;
mod tune;

/// Mounts the page into the document's `#app`.
pub fn start() {
    // The page tells its viewer: static/loading.js hears of every trap, a panic's too.
    console_error_panic_hook::set_once();
    let root = gloo::utils::document().get_element_by_id("app");
    match root {
        Some(root) => drop(yew::Renderer::<shell::App>::with_root(root).render()),
        None => drop(yew::Renderer::<shell::App>::new().render()),
    }
}
