//! On wasm32: starts the page. Natively: a scenario in, its trace out.

#[cfg(target_arch = "wasm32")]
fn main() {
    tcp_handshake::ui::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
