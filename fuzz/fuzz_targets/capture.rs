//! See [`tcp_handshake_fuzz::capture`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| tcp_handshake_fuzz::capture(input));
