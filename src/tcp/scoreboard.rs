//! The sender's scoreboard (RFC 6675 §3 and §4): what the peer has reported beyond SND.UNA.
//!
//! It holds ranges, not segments: without reports it is empty, and costs nothing. [`Received`] is
//! its counterpart on the other side.

use super::congestion::DUPLICATES;
use super::segment::SackBlock;
use super::seq::SeqNumber;

/// The ranges reported, and how far they have been used.
#[derive(Clone, Debug, Default)]
pub(super) struct Scoreboard {
    /// In order and apart from each other.
    ranges: Vec<SackBlock>,
    /// `HighRxt`: what lies before it was repeated in this recovery.
    pub(super) repeated_to: Option<SeqNumber>,
    /// Whether this recovery has used its rescue retransmission.
    pub(super) is_rescued: bool,
}

impl Scoreboard {
    pub(super) const fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Forgets everything, as after a timeout (RFC 2018 §8: the peer may have reneged).
    pub(super) fn clear(&mut self) {
        self.ranges.clear();
        self.begin_recovery();
    }

    /// A recovery begins: nothing is repeated yet.
    pub(super) const fn begin_recovery(&mut self) {
        self.repeated_to = None;
        self.is_rescued = false;
    }

    /// SND.UNA moved.
    pub(super) fn acknowledge(&mut self, una: SeqNumber) {
        self.ranges.retain(|(_, end)| end.after(una));
        if let Some((start, _)) = self.ranges.first_mut() {
            *start = start.latest(una);
        }
    }

    /// Adds a range. The bytes of it that are new.
    pub(super) fn add(&mut self, (start, end): SackBlock) -> u32 {
        let before = self.octets();
        let at = self.ranges.partition_point(|(_, other)| other.before(start));
        let mut joined = (start, end);
        while let Some(other) = self.ranges.get(at).copied()
            && other.0.at_or_before(joined.1)
        {
            joined = (
                if other.0.before(joined.0) { other.0 } else { joined.0 },
                joined.1.latest(other.1),
            );
            self.ranges.remove(at);
        }
        self.ranges.insert(at, joined);
        self.octets() - before
    }

    /// How much is reported.
    pub(super) fn octets(&self) -> u32 {
        self.ranges.iter().map(|(start, end)| end.distance_from(*start)).sum()
    }

    /// How much is reported between two numbers.
    pub(super) fn octets_between(&self, from: SeqNumber, to: SeqNumber) -> u32 {
        let part = |(start, end): &SackBlock| {
            let start = start.latest(from);
            let end = if end.after(to) { to } else { *end };
            if start.before(end) { end.distance_from(start) } else { 0 }
        };
        self.ranges.iter().map(part).sum()
    }

    /// The number after the highest reported.
    pub(super) fn highest(&self) -> Option<SeqNumber> {
        self.ranges.last().map(|(_, end)| *end)
    }

    /// `IsLost`: whether what begins at `seq`, in a gap, counts as lost: `DupThresh` ranges lie
    /// beyond it, or more than so many segments less one.
    pub(super) fn is_lost(&self, seq: SeqNumber, smss: u32) -> bool {
        let beyond = || self.ranges.iter().filter(|(start, _)| start.after(seq));
        let octets: u32 = beyond().map(|(start, end)| end.distance_from(*start)).sum();
        beyond().count() >= DUPLICATES as usize
            || u64::from(octets) > u64::from(DUPLICATES - 1) * u64::from(smss)
    }

    /// The first gap at or after `from`, up to the next range reported.
    pub(super) fn gap(&self, from: SeqNumber) -> Option<SackBlock> {
        let mut from = from;
        for (start, end) in &self.ranges {
            if from.before(*start) {
                return Some((from, *start));
            }
            from = from.latest(*end);
        }
        None
    }

    /// The next number at or after `from` that is not reported.
    pub(super) fn skip(&self, from: SeqNumber) -> SeqNumber {
        let inside =
            self.ranges.iter().find(|(start, end)| start.at_or_before(from) && end.after(from));
        inside.map_or(from, |(_, end)| *end)
    }

    /// `SetPipe`: how much of what lies between SND.UNA and SND.NXT is in the network.
    pub(super) fn pipe(&self, una: SeqNumber, nxt: SeqNumber, smss: u32) -> u32 {
        let mut pipe = 0;
        let mut from = una;
        while let Some((start, end)) = self.gap(from) {
            if !self.is_lost(start, smss) {
                pipe += end.distance_from(start);
            }
            if let Some(repeated) = self.repeated_to.filter(|repeated| repeated.after(start)) {
                let repeated = if repeated.after(end) { end } else { repeated };
                pipe += repeated.distance_from(start);
            }
            from = self.skip(end);
        }
        // Nothing is reported beyond the last range, so nothing there is lost.
        let last = self.highest().map_or(una, |highest| highest.latest(una));
        pipe + nxt.distance_from(last)
    }
}

/// What a receiver remembers for its SACK options.
#[derive(Clone, Debug, Default)]
pub(super) struct Received {
    /// Where the latest arrivals beyond a gap begin, the latest first.
    pub(super) latest: Vec<SeqNumber>,
    /// What arrived although it was there already, and is not reported yet.
    pub(super) duplicate: Option<SackBlock>,
}

#[cfg(test)]
mod tests {
    use super::Scoreboard;
    use crate::tcp::SeqNumber;

    /// Whether a gap before these ranges counts as lost, with segments of 100 bytes.
    fn is_lost(ranges: &[(u32, u32)]) -> bool {
        let mut scoreboard = Scoreboard::default();
        for (start, end) in ranges {
            scoreboard.add((SeqNumber(*start), SeqNumber(*end)));
        }
        scoreboard.is_lost(SeqNumber(0), 100)
    }

    #[test]
    fn a_gap_is_lost_by_ranges_or_by_bytes() {
        assert!(!is_lost(&[(100, 300)]), "two segments");
        assert!(is_lost(&[(100, 301)]));
        assert!(!is_lost(&[(100, 110), (120, 130)]));
        assert!(is_lost(&[(100, 110), (120, 130), (140, 150)]));
    }
}
