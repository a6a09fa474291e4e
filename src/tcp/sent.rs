//! The segments in flight as they were sent. A stack that keeps them repeats whole segments, as
//! Linux does; others cut the text again, as large as possible (RFC 9293 §3.7.1).

use std::collections::VecDeque;

use super::seq::SeqNumber;

/// Where each segment of text in flight begins; empty if the stack does not keep them.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent {
    starts: VecDeque<SeqNumber>,
}

/// A tail loss probe (RFC 8985 §7) that is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Probe {
    /// `TLP.end_seq`: SND.NXT after the probe.
    pub(super) end: SeqNumber,
    /// `TLP.is_retrans`: whether it repeated what was sent before.
    pub(super) repeats: bool,
}

impl Sent {
    pub(super) fn push(&mut self, start: SeqNumber) {
        self.starts.push_back(start);
    }

    /// SND.UNA moved.
    pub(super) fn acknowledge(&mut self, una: SeqNumber) {
        while self.starts.get(1).is_some_and(|next| next.at_or_before(una)) {
            self.starts.pop_front();
        }
    }

    /// How many sequence numbers to repeat from `seq` on: its own segment, and those behind it that
    /// fit whole into `most` (Linux's `tcp_retrans_try_collapse`). `end` is SND.NXT.
    pub(super) fn whole_from(&self, seq: SeqNumber, end: SeqNumber, most: u32) -> u32 {
        let behind = self.starts.partition_point(|start| start.at_or_before(seq));
        let ends = self.starts.range(behind..).copied().chain([end]);
        let mut ends = ends.map(|end| end.distance_from(seq));
        let own = ends.next().unwrap_or(0);
        ends.take_while(|end| *end <= most).last().unwrap_or(own)
    }

    /// Where the last segment begins.
    pub(super) fn last(&self) -> Option<SeqNumber> {
        self.starts.back().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Sent;
    use crate::tcp::SeqNumber;

    #[test]
    fn whole_segments_are_repeated_and_joined_if_they_fit() {
        let mut sent = Sent::default();
        let at = SeqNumber;
        for start in [0, 1_000, 2_460, 2_500, 2_600] {
            sent.push(at(start));
        }
        let most = |seq| sent.whole_from(at(seq), at(2_700), 1_460);
        assert_eq!(most(0), 1_000, "the next does not fit whole");
        assert_eq!(most(400), 600, "the rest of a segment");
        assert_eq!(most(1_000), 1_460);
        assert_eq!(most(2_460), 240, "the three last fit together");
        assert_eq!(sent.last(), Some(at(2_600)));
        sent.acknowledge(at(2_480));
        assert_eq!(sent.whole_from(at(2_480), at(2_700), 150), 120);
    }
}
