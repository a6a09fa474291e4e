//! The page's third program: reads what is opened, a packetdrill script or an exported trace.
//!
//! `static/loading.js` fetches it when the first is opened, so it weighs nothing before. What it
//! does is decided in `tcp_handshake::app::answer`, natively tested.
#![cfg(target_arch = "wasm32")]

use tcp_handshake::app::answer;
use tcp_handshake::packetdrill::Stack;
use wasm_bindgen::prelude::*;

/// What comes of a text, for the page that asked.
#[wasm_bindgen]
#[must_use]
pub fn read(text: &str, is_linux: bool) -> Vec<u8> {
    answer(text, if is_linux { Stack::Linux } else { Stack::FreeBsd })
}
