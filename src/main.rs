//! On wasm32 this starts the page; natively it is the command line.

#[cfg(not(target_arch = "wasm32"))]
mod cli;

#[cfg(target_arch = "wasm32")]
fn main() {
    tcp_handshake::ui::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    cli::main(std::env::args_os().skip(1).collect())
}
