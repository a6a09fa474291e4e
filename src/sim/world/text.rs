//! The text that applications send.
//!
//! It is the alphabet over and over, small letters from the client and capitals from the server.
//! Each SEND continues where the host's last one ended, so any part of a stream can be checked
//! without remembering it.

use crate::sim::id::Side;

const LETTERS: usize = 26;

/// The length of every piece but the last: whole alphabets, so that all begin with the same letter.
pub(super) const PIECE: usize = 4 * LETTERS;

/// Long enough for a piece that begins with any letter.
static LINES: [[u8; PIECE + LETTERS]; 2] = [line(b'a'), line(b'A')];

/// `octets` bytes of the text of `side`, beginning at byte `from` of all that it ever sends, in
/// pieces of [`PIECE`] bytes.
pub(super) fn text(side: Side, from: u64, octets: usize) -> impl Iterator<Item = &'static [u8]> {
    let line = &LINES[side.index()];
    let start = usize::try_from(from % LETTERS as u64).unwrap_or(0);
    (0..octets).step_by(PIECE).map(move |done| &line[start..start + PIECE.min(octets - done)])
}

const fn line(first: u8) -> [u8; PIECE + LETTERS] {
    let mut line = [first; PIECE + LETTERS];
    let mut index = 1;
    while index < line.len() {
        line[index] = if index % LETTERS == 0 { first } else { line[index - 1] + 1 };
        index += 1;
    }
    line
}
