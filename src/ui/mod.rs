//! The page: function components over slices of [`AppState`](crate::app::AppState), one component a
//! file.
//!
//! `app` owns the state and arranges the rest; `player` contains the moving parts. A component
//! below `app` knows only its own properties.

// `html!` expands to a block, however short the markup.
#![allow(clippy::single_match_else)]

mod app;
mod browser;
mod capture;
mod chunks;
mod compare;
mod help;
mod import;
mod ladder;
pub mod late;
pub mod mounted;
pub mod page;
mod panels;
mod player;
mod present;
mod quiz;
mod setup;
mod share;
mod store;
mod task;
mod top;

pub use browser::js_value;

/// Mounts the page into the document's `#app`.
pub fn start() {
    // `static/loading.js` shows a notice to the viewer after any trap, a panic included. This hook
    // logs the panic's message too.
    console_error_panic_hook::set_once();
    late::start(chunks::LOADERS);
    let root = gloo::utils::document().get_element_by_id("app");
    match root {
        Some(root) => drop(yew::Renderer::<app::App>::with_root(root).render()),
        None => drop(yew::Renderer::<app::App>::new().render()),
    }
}
