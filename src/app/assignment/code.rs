//! Result codes: a solver's edits and tuning, when the goals were reached, and how long it took.
//!
//! A code is no proof of its own: checking it runs the machine again. It is `TCP1-` and base64url
//! of a CRC-32, a digest of the assignment, two numbers of seconds, and the run as a link.

use super::progress::{keeps, progress};
use crate::link::Link;
use crate::sim::Timeline;

/// The longest code that is read, in bytes.
pub const MAX_CODE: usize = 16 * 1024;
/// The first characters of every code.
const MARK: &str = "TCP1-";
/// The bytes before the text of the run.
const HEAD: usize = 16;

/// What a code holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// The assignment with the solver's edits and tuning.
    pub link: Link,
    /// When the goals were reached, in seconds since 1970 on the solver's clock.
    pub solved_at: u32,
    /// How long the assignment had been open then, in seconds.
    pub taken: u32,
}

/// Why a code is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// It does not look like a code.
    NotACode,
    /// A part is missing, or a character differs.
    Damaged,
    /// It is for another assignment.
    OtherAssignment,
    /// Its run changes what the assignment locks.
    Locked,
    /// Its run does not reach these goals, by their places in the assignment.
    Missed(Vec<usize>),
}

impl CodeError {
    /// Its name in the catalog.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::NotACode => "not-a-code",
            Self::Damaged => "damaged",
            Self::OtherAssignment => "other",
            Self::Locked => "locked",
            Self::Missed(_) => "missed",
        }
    }
}

/// The code of a run that reaches the goals of its assignment.
#[must_use]
pub fn result_code(solution: &Solution) -> String {
    let mut rest = digest(&solution.link).to_le_bytes().to_vec();
    rest.extend(solution.solved_at.to_le_bytes());
    rest.extend(solution.taken.to_le_bytes());
    rest.extend(solution.link.run_only().to_string().into_bytes());
    let mut bytes = crc32(&rest).to_le_bytes().to_vec();
    bytes.append(&mut rest);
    format!("{MARK}{}", encode(&bytes))
}

/// Checks a code for an assignment by running its edits.
///
/// # Errors
///
/// Why it is not accepted.
pub fn check_code(assigned: &Link, code: &str) -> Result<Solution, CodeError> {
    let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    let is_short = code.len() <= MAX_CODE;
    let text = code.strip_prefix(MARK).filter(|_| is_short).ok_or(CodeError::NotACode)?;
    let bytes = decode(text).ok_or(CodeError::Damaged)?;
    let (head, run) = bytes.split_at_checked(HEAD).ok_or(CodeError::Damaged)?;
    let number = |at: usize| {
        let four = head.get(at..at + 4).and_then(|four| four.try_into().ok());
        four.map(u32::from_le_bytes).ok_or(CodeError::Damaged)
    };
    if number(0)? != crc32(&bytes[4..]) {
        return Err(CodeError::Damaged);
    }
    let run = core::str::from_utf8(run).map_err(|_| CodeError::Damaged)?;
    let (run, problems) = Link::parse("", run);
    if !problems.is_empty() || run != run.run_only() {
        return Err(CodeError::Damaged);
    }
    let link = Link { view: assigned.view.clone(), ..run };
    // The digest covers the edits that are given, so a run that changes them has another one. Its
    // author took it from a changed assignment, or from an edited code.
    if number(4)? != digest(assigned) || link.scenario != assigned.scenario {
        return Err(CodeError::OtherAssignment);
    }
    if !keeps(assigned.view.lock, assigned, &link) {
        return Err(CodeError::Locked);
    }
    let timeline = Timeline::of(link.scenario_to_run());
    let missed = progress(&link, timeline.trace()).into_iter().enumerate();
    let missed = missed.filter(|(_, it)| !it.is_reached).map(|(place, _)| place);
    let missed: Vec<usize> = missed.collect();
    if missed.is_empty() {
        Ok(Solution { link, solved_at: number(8)?, taken: number(12)? })
    } else {
        Err(CodeError::Missed(missed))
    }
}

/// A digest of what a solver cannot change: the scenario, the edits that are given, and the
/// assignment itself.
fn digest(link: &Link) -> u32 {
    let mut fixed = Link::to(link.scenario);
    fixed.edits = link.edits.iter().take(link.view.lock.given).copied().collect();
    fixed.view.name.clone_from(&link.view.name);
    fixed.view.task.clone_from(&link.view.task);
    fixed.view.goals.clone_from(&link.view.goals);
    fixed.view.lock = link.view.lock;
    crc32(fixed.to_string().as_bytes())
}

/// The CRC-32 of IEEE 802.3.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let is_odd = crc & 1 == 1;
            crc >>= 1;
            if is_odd {
                crc ^= 0xedb8_8320;
            }
        }
    }
    !crc
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64url without padding (RFC 4648 §5).
fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .enumerate()
            .fold(0_u32, |word, (place, byte)| word | u32::from(*byte) << (16 - 8 * place));
        for place in 0..=chunk.len() {
            let index = word >> (18 - 6 * place) & 63;
            text.push(char::from(LETTERS[usize::try_from(index).unwrap_or(0)]));
        }
    }
    text
}

/// Reads base64url without padding; `None` if it is not the canonical text of some bytes.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut word = 0_u32;
        for (place, letter) in chunk.iter().enumerate() {
            let value = LETTERS.iter().position(|it| it == letter)?;
            word |= u32::try_from(value).ok()? << (18 - 6 * place);
        }
        let whole = word.to_be_bytes();
        bytes.extend_from_slice(whole.get(1..chunk.len())?);
    }
    (encode(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_their_encoding() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37) ^ length).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
        assert_eq!(encode(b"\xfb\xff\xfe"), "-__-");
        for text in ["A", "AAAAA", "A=", "é", "AB\0"] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
