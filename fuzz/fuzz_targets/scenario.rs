//! See [`tcp_handshake_fuzz::scenario`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| tcp_handshake_fuzz::scenario(input));
