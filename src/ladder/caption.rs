//! The words on an arrow, the same on the page and in pictures.

use super::arrow::{Arrow, SegmentKind};
use super::window::WindowChange;
use crate::tcp::{Flags, Segment};

/// The words on an arrow, in the order in which they are read. Words that there is nothing to say
/// about are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    /// The segment's name, and the one that it repeats: `C2`, or `C2 ↻C1`.
    pub name: String,
    /// What the segment is for: `SYN,ACK`, or `DATA 5 B`.
    pub subject: String,
    /// The flags of a segment with data: `PSH,ACK`.
    pub flags: String,
    /// SEQ and ACK: `seq 300 ack 101`, or `300/101`.
    pub numbers: String,
    /// The window that it announces, if that changes or is closed: `win 0`.
    pub window: String,
}

impl Caption {
    /// The captions of an arrow, from the longest to the shortest.
    #[must_use]
    pub fn forms(arrow: &Arrow, segment: &Segment) -> [Self; 5] {
        let repeats = arrow.repeats.map_or(String::new(), |id| format!(" ↻{id}"));
        let ack = segment.acknowledgment();
        let numbers = match ack {
            Some(ack) => format!("seq {} ack {ack}", segment.seq),
            None => format!("seq {}", segment.seq),
        };
        let brief_numbers = match (ack, arrow.kind) {
            // The sequence number of an acknowledgment adds nothing to what it acknowledges.
            (Some(ack), SegmentKind::Ack) => ack.to_string(),
            (Some(ack), _) => format!("{}/{ack}", segment.seq),
            (None, _) => segment.seq.to_string(),
        };
        let has_data = arrow.kind == SegmentKind::Data;
        let is_pushed = has_data && segment.flags.contains(Flags::PSH);
        let push = if is_pushed { "PSH".to_owned() } else { String::new() };
        let said = |window: Option<WindowChange>| {
            window.map_or(String::new(), |window| format!("win {}", window.to))
        };
        let full = Self {
            name: format!("{}{repeats}", arrow.id),
            subject: arrow.subject(segment),
            flags: if has_data { arrow.flags.clone() } else { String::new() },
            numbers,
            window: said(arrow.window),
        };
        let notable = said(arrow.window.filter(|window| window.is_notable()));
        let without_window = Self { window: notable, ..full.clone() };
        let brief = Self { flags: push, numbers: brief_numbers, ..without_window.clone() };
        let briefer = Self { flags: String::new(), ..brief.clone() };
        let least = Self { numbers: String::new(), ..briefer.clone() };
        [full, without_window, brief, briefer, least]
    }

    /// The words that are not empty, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let all = [&self.name, &self.subject, &self.flags, &self.numbers, &self.window];
        all.into_iter().map(String::as_str).filter(|word| !word.is_empty())
    }
}
