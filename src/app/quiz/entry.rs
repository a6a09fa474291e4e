//! What a viewer enters, and the answer that it stands for.

use super::question::QuestionKind;
use crate::sim::{SegmentId, Side};
use crate::tcp::{Flags, State};
use crate::time::Duration;

/// The flags that are asked for.
pub const FLAGS: [Flags; 4] = [Flags::SYN, Flags::ACK, Flags::FIN, Flags::RST];
/// The most characters of a number.
pub const MAX_NUMBER: usize = 10;

/// The fields of an entry that could not be read. They do not count as wrong answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// SEQ is not a sequence number.
    pub seq: bool,
    /// The ACK flag is set, and ACK is not a sequence number.
    pub ack: bool,
    /// No state was chosen.
    pub state: bool,
    /// No segment was chosen.
    pub loss: bool,
    /// No host was chosen.
    pub who: bool,
    /// The time is not a number of seconds.
    pub when: bool,
}

/// The viewer's entry, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The flags.
    pub flags: Flags,
    /// SEQ.
    pub seq: String,
    /// ACK; it is read only if the ACK flag is set.
    pub ack: String,
    /// The state.
    pub state: Option<State>,
    /// The host that acts first.
    pub who: Option<Side>,
    /// When it acts.
    pub when: String,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A segment, without its data.
    Segment {
        /// Its flags, among [`FLAGS`].
        flags: Flags,
        /// SEQ.
        seq: u32,
        /// ACK, if the flag is set.
        ack: Option<u32>,
    },
    /// A state.
    State(State),
    /// The host that acts first after a loss, and when.
    Acts(Side, Duration),
    /// The segment that was lost.
    Loss(SegmentId),
}

impl Entry {
    /// Reads the entry as an answer.
    ///
    /// # Errors
    ///
    /// The fields that cannot be read.
    pub fn read(&self, kind: QuestionKind) -> Result<Answer, Unread> {
        match kind {
            QuestionKind::State => {
                let unread = Unread { state: true, ..Unread::default() };
                self.state.map(Answer::State).ok_or(unread)
            }
            QuestionKind::Segment => self.segment(),
            QuestionKind::Acts(_) => {
                let when = seconds(&self.when);
                let unread =
                    Unread { who: self.who.is_none(), when: when.is_none(), ..Unread::default() };
                let (who, when) = self.who.zip(when).ok_or(unread)?;
                Ok(Answer::Acts(who, when))
            }
        }
    }

    fn segment(&self) -> Result<Answer, Unread> {
        let has_ack = self.flags.contains(Flags::ACK);
        let ack = number(&self.ack).filter(|_| has_ack);
        let bad_ack = has_ack && ack.is_none();
        let seq = number(&self.seq);
        let unread = Unread { seq: seq.is_none(), ack: bad_ack, ..Unread::default() };
        let seq = seq.filter(|_| !bad_ack).ok_or(unread)?;
        Ok(Answer::Segment { flags: self.flags, seq, ack })
    }
}

/// A sequence number in digits, at most [`MAX_NUMBER`] of them.
fn number(text: &str) -> Option<u32> {
    let digits = text.trim();
    digits.parse().ok().filter(|_| digits.len() <= MAX_NUMBER && is_plain(digits))
}

/// A time such as `1.05`, `1,05 s` or `1050 ms`; a number without a unit is in seconds.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim().to_ascii_lowercase();
    let (number, unit) = match text.strip_suffix("ms") {
        Some(millis) => (millis, 1_000),
        None => (text.strip_suffix('s').or(text.strip_suffix('초')).unwrap_or(&text), 1_000_000),
    };
    let number = number.trim_end();
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, "0"));
    let fits = |digits: &str| (1..=6).contains(&digits.len()) && is_plain(digits);
    if !fits(whole) || !fits(part) {
        return None;
    }
    let digits: u64 = format!("{whole}{part}").parse().ok()?;
    let scale = 10_u64.pow(u32::try_from(part.len()).ok()?);
    Some(Duration::from_micros(digits * unit / scale))
}

/// Whether a text is digits alone.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_and_without_its_unit() {
        for text in ["1.05", " 1,05 s ", "1050ms", "1050 MS", "1.050 s", "1.05초"] {
            assert_eq!(seconds(text), Some(Duration::from_millis(1_050)), "{text}");
        }
        for text in ["", "s", ".", "1.", "-1", "1e3", "1.0.5", "9999999", "1 min", "１"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
