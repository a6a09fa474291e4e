//! In WebAssembly every scenario has the same trace as natively, byte for byte:
//! `cargo test --target wasm32-unknown-unknown --test wasm`, in node.
#![cfg(target_arch = "wasm32")]

use tcp_handshake::scenarios::LESSONS;
use wasm_bindgen_test::wasm_bindgen_test;

#[path = "support/digest.rs"]
mod digest;

#[wasm_bindgen_test]
fn traces_are_byte_for_byte_those_of_the_native_build() {
    let lines: String = LESSONS.iter().map(|lesson| digest::line(lesson.id)).collect();
    assert_eq!(lines, include_str!("data/traces.txt"));
}
