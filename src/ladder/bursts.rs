//! Segments that one host sends so close together that they are drawn as one.

use super::arrow::Arrow;
use crate::sim::Side;

/// The bursts among arrows: for each, the indices of its arrows, which are of one kind and leave
/// one host less than `apart` of presentation time after each other. A single arrow is no burst.
#[must_use]
pub fn bursts(arrows: &[Arrow], apart: u64) -> Vec<Vec<usize>> {
    let of = |side: Side| {
        let sent: Vec<usize> =
            (0..arrows.len()).filter(|index| arrows[*index].from == side).collect();
        let is_close = |before: &usize, after: &usize| {
            let (before, after) = (&arrows[*before], &arrows[*after]);
            after.kind == before.kind && after.y_from.saturating_sub(before.y_from) < apart
        };
        let bursts = sent.chunk_by(is_close).filter(|burst| burst.len() > 1);
        bursts.map(<[usize]>::to_vec).collect::<Vec<_>>()
    };
    Side::BOTH.map(of).concat()
}
