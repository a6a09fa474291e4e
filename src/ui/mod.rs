//! The page: function components over slices of [`AppState`](crate::app::AppState), a file each.
//!
//! `app` owns the state and lays the rest out; `player` holds what moves. Nothing below `app` knows
//! more than its own properties.

// `html!` expands to a block, however short the markup.
#![allow(clippy::single_match_else)]

mod app;
mod browser;
mod chunks;
mod help;
mod import;
mod ladder;
pub mod late;
pub mod mounted;
pub mod page;
mod panels;
mod player;
mod quiz;
mod setup;
mod share;
mod store;
mod top;

/// Mounts the page into the document's `#app`.
pub fn start() {
    // The page tells its viewer: static/loading.js hears of every trap, a panic's too.
    console_error_panic_hook::set_once();
    late::start(chunks::LOADERS);
    let root = gloo::utils::document().get_element_by_id("app");
    match root {
        Some(root) => drop(yew::Renderer::<app::App>::with_root(root).render()),
        None => drop(yew::Renderer::<app::App>::new().render()),
    }
}
