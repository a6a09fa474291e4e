//! The receiver's side of selective acknowledgments (RFC 2018), and reports of duplicates
//! (D-SACK, RFC 2883).

use super::connection::Connection;
use super::segment::{SackBlock, SackBlocks};
use super::seq::SeqNumber;

/// How many arrivals are remembered: enough for the ranges of an option, and those that join them.
const REMEMBERED: usize = 16;

impl Connection {
    /// Something arrived beyond a gap.
    #[cold]
    pub(super) fn note_arrival(&mut self, start: SeqNumber) {
        if self.takes_sack {
            let latest = &mut self.received.latest;
            latest.retain(|seq| *seq != start);
            latest.insert(0, start);
            latest.truncate(REMEMBERED);
        }
    }

    /// Something arrived again (RFC 2883 §4).
    #[cold]
    pub(super) fn note_duplicate(&mut self, start: SeqNumber, end: SeqNumber) {
        if self.takes_sack && start.before(end) {
            self.received.duplicate = Some((start, end));
        }
    }

    /// The ranges to report with the next ACK.
    #[inline]
    pub(super) fn sack_option(&mut self) -> SackBlocks {
        if self.has_ranges_to_tell() { self.ranges_to_tell() } else { SackBlocks::default() }
    }

    #[inline]
    fn has_ranges_to_tell(&self) -> bool {
        self.takes_sack
            && (!self.kept.is_empty()
                || self.received.duplicate.is_some()
                || self.fin_seen.is_some_and(|fin| fin.after(self.tcb.rcv_nxt)))
    }

    /// How many bytes the next SACK option will take.
    pub(super) fn sack_length(&self) -> u32 {
        if !self.has_ranges_to_tell() {
            return 0;
        }
        let count =
            self.ranges_beyond_gaps().len() + usize::from(self.received.duplicate.is_some());
        4 + 8 * u32::try_from(count.min(self.most_ranges())).unwrap_or(0)
    }

    /// RFC 2018 §3: three ranges fit beside timestamps.
    const fn most_ranges(&self) -> usize {
        if self.stamps.are_used { SackBlocks::MOST - 1 } else { SackBlocks::MOST }
    }

    /// RFC 2018 §4: the range of the latest arrival first, then those of earlier ones. RFC 2883 §4:
    /// a duplicate goes before them all.
    #[cold]
    fn ranges_to_tell(&mut self) -> SackBlocks {
        let nxt = self.tcb.rcv_nxt;
        let ranges = self.ranges_beyond_gaps();
        self.received.latest.retain(|seq| seq.at_or_after(nxt));
        let mut told: Vec<SackBlock> = self.received.duplicate.take().into_iter().collect();
        let first = told.len();
        let holds =
            |(start, end): &SackBlock, seq: SeqNumber| seq.at_or_after(*start) && seq.before(*end);
        for seq in &self.received.latest {
            let range = ranges.iter().find(|range| holds(range, *seq));
            if let Some(range) = range.filter(|range| !told[first..].contains(range)) {
                told.push(*range);
            }
        }
        let rest: Vec<SackBlock> =
            ranges.into_iter().filter(|range| !told[first..].contains(range)).collect();
        told.extend(rest);
        told.truncate(self.most_ranges());
        SackBlocks::new(&told)
    }

    /// The ranges kept beyond gaps, in order; a FIN takes a number too.
    fn ranges_beyond_gaps(&self) -> Vec<SackBlock> {
        let nxt = self.tcb.rcv_nxt;
        let mut ranges: Vec<SackBlock> = vec![];
        let mut add = |start: SeqNumber, end: SeqNumber| match ranges.last_mut() {
            Some((_, last)) if start.at_or_before(*last) => *last = last.latest(end),
            _ => ranges.push((start, end)),
        };
        for (start, text) in self.kept.iter().filter(|(start, _)| start.after(nxt)) {
            add(*start, *start + text.len());
        }
        if let Some(fin) = self.fin_seen.filter(|fin| fin.after(nxt)) {
            add(fin, fin + 1);
        }
        ranges
    }
}
