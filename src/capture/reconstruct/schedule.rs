//! Estimates when each segment was sent and when it arrived, from when it passed the capture.

use super::super::notes::Note;
use super::passed::{Passed, expects_answer};
use super::point::Path;
use crate::sim::Side;
use crate::tcp::segment::Flags;

/// When a segment was sent and when it arrived, in microseconds since the first segment passed the
/// capture; negative before that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Journey {
    pub sent: i64,
    pub arrives: i64,
    /// Whether it seems to have been lost after it passed the capture.
    pub is_lost: bool,
}

/// The shortest retransmission timeout in use, in microseconds.
const SHORTEST_TIMEOUT: i64 = 200_000;

/// The journeys of all segments.
///
/// A segment is sent and arrives as the path says, but for this: it arrives before its answer is
/// sent, even if the path was shorter than usual for once, and segments of one direction keep their
/// order.
pub(super) fn journeys(passed: &[Passed<'_>], path: Path) -> Vec<Journey> {
    let answers: Vec<Option<i64>> = passed
        .iter()
        .enumerate()
        .map(|(index, each)| {
            let expects_answer = expects_answer(passed, index);
            let answer = expects_answer.then(|| each.first_answer(&passed[index + 1..])).flatten();
            answer.map(|answer| answer.at)
        })
        .collect();
    let mut journeys: Vec<Journey> = passed
        .iter()
        .zip(&answers)
        .map(|(each, answer)| {
            let behind = path.to_capture(each.from.peer());
            let behind = answer.map_or(behind, |answer| behind.min((answer - each.at).max(0) / 2));
            let sent = each.at - path.to_capture(each.from);
            Journey { sent, arrives: each.at + behind, is_lost: false }
        })
        .collect();
    keep_order(passed, &mut journeys);
    put_overtaken_first(passed, &mut journeys, path);
    arrive_after_requests(passed, &mut journeys, path);
    for index in 0..passed.len() {
        journeys[index].is_lost = is_lost(passed, index, answers[index], path);
    }
    journeys
}

/// A segment that was overtaken on its way to the capture was sent before the one that overtook it.
fn put_overtaken_first(passed: &[Passed<'_>], journeys: &mut [Journey], path: Path) {
    for (index, each) in passed.iter().enumerate() {
        if path.to_capture(each.from) > 0
            && let Some(overtaker) = overtaker(passed, index)
        {
            journeys[index].sent = journeys[overtaker].sent - 1;
        }
    }
}

/// The first segment that passed the capture before this one, although it was sent later.
///
/// A gap that is filled so soon, and before three duplicate acknowledgments, is not filled by a
/// retransmission (RFC 5681 §3.2; the shortest timeout in use is that of Linux).
fn overtaker(passed: &[Passed<'_>], index: usize) -> Option<usize> {
    let each = &passed[index];
    if each.segment.sequence_length() == 0 {
        return None;
    }
    let is_own = |other: &&Passed<'_>| other.from == each.from;
    let mut own = passed[..index].iter().filter(is_own);
    if own.any(|other| {
        other.segment.seq.at_or_before(each.segment.seq) && other.end().after(each.segment.seq)
    }) {
        return None;
    }
    let overtaker = passed[..index].iter().position(|other| {
        other.from == each.from
            && other.segment.sequence_length() > 0
            && other.segment.seq.after(each.segment.seq)
    })?;
    let between = &passed[overtaker..index];
    let answers = between.iter().filter(|other| other.from != each.from).count();
    let is_soon = each.at - passed[overtaker].at < SHORTEST_TIMEOUT;
    (is_soon && answers < 3).then_some(overtaker)
}

/// A host whose acknowledgment asks for a segment had not received it when it sent that
/// acknowledgment.
fn arrive_after_requests(passed: &[Passed<'_>], journeys: &mut [Journey], path: Path) {
    for index in 0..passed.len() {
        let each = &passed[index];
        let is_estimated = path.to_capture(each.from.peer()) > 0;
        if !is_estimated || each.segment.sequence_length() == 0 {
            continue;
        }
        let asks = |other: &Passed<'_>| {
            other.from != each.from
                && other.segment.has(Flags::ACK)
                && other.segment.window > 0
                && each.segment.seq.at_or_before(other.segment.ack)
                && other.segment.ack.before(each.end())
        };
        let later = passed[index + 1..].iter().zip(&journeys[index + 1..]);
        let asked = later.filter(|(other, _)| asks(other)).map(|(_, journey)| journey.sent).max();
        let answered = passed[index + 1..].iter().zip(&journeys[index + 1..]);
        let answered = answered
            .filter(|(other, _)| {
                other.from != each.from
                    && other.segment.has(Flags::ACK)
                    && other.segment.ack.at_or_after(each.end())
            })
            .map(|(_, journey)| journey.sent)
            .min();
        let asked = asked.map_or(i64::MIN, |asked| asked + 1).min(answered.unwrap_or(i64::MAX));
        journeys[index].arrives = journeys[index].arrives.max(asked);
    }
}

fn keep_order(passed: &[Passed<'_>], journeys: &mut [Journey]) {
    for from in Side::BOTH {
        let mut next = i64::MAX;
        for (each, journey) in passed.iter().zip(journeys.iter_mut()).rev() {
            if each.from == from {
                journey.arrives = journey.arrives.min(next).max(each.at);
                next = journey.arrives;
            }
        }
    }
    // A segment is sent after the arrival of what it acknowledges.
    let mut sent = [i64::MIN; 2];
    let mut arrived = [i64::MIN; 2];
    let mut pending: Vec<usize> = vec![];
    for index in 0..passed.len() {
        let each = &passed[index];
        let side = each.from.index();
        pending.retain(|earlier| {
            let is_answered = passed[*earlier].from != each.from
                && each.segment.ack.at_or_after(passed[*earlier].end());
            if is_answered {
                arrived[side] = arrived[side].max(journeys[*earlier].arrives);
            }
            !is_answered
        });
        let earliest = sent[side].max(arrived[side]);
        let journey = &mut journeys[index];
        journey.sent = journey.sent.max(earliest).min(each.at);
        sent[side] = journey.sent;
        if expects_answer(passed, index) {
            pending.push(index);
        }
    }
}

/// Whether a segment was lost between the capture and its receiver: it is sent again, and nothing
/// acknowledges it before an answer to the repetition can have come back. An ACK was lost
/// if its receiver sends again what it acknowledges.
fn is_lost(passed: &[Passed<'_>], index: usize, answer: Option<i64>, path: Path) -> bool {
    let each = &passed[index];
    let behind = path.one_way_delay - path.to_capture(each.from);
    // A probe is repeated because the window is closed, not because it was lost.
    if behind == 0 || each.notes.has(Note::ZeroWindowProbe) || each.notes.has(Note::KeepAlive) {
        return false;
    }
    if each.segment.sequence_length() == 0 {
        return each.segment.has(Flags::ACK)
            && passed[index + 1..].iter().any(|later| {
                later.from != each.from
                    && later.notes.has(Note::Retransmission)
                    && later.end().at_or_before(each.segment.ack)
                    && later.at - behind > each.at + behind
            });
    }
    let repetition = passed[index + 1..].iter().find(|later| {
        later.from == each.from
            && later.is_syn_ack() == each.is_syn_ack()
            && later.segment.seq.at_or_before(each.segment.seq)
            && later.end().at_or_after(each.end())
    });
    let Some(repetition) = repetition else { return false };
    let is_needless =
        repetition.notes.has(Note::SpuriousRetransmission) || repetition.notes.has(Note::KeepAlive);
    !is_needless && answer.is_none_or(|answer| answer >= repetition.at + behind)
}
