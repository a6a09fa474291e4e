//! The place between the hosts at which a capture was made, and the delay between them.

use super::passed::{Passed, expects_answer};
use crate::sim::Side;
use crate::tcp::segment::Flags;

/// Where a capture was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapturePoint {
    /// On the client, or close to it.
    Client,
    /// On the server, or close to it.
    Server,
    /// Between them: the part of the way from the client, in thousandths.
    Between(u16),
}

impl CapturePoint {
    /// The part of the way from the client, in thousandths.
    #[must_use]
    pub const fn thousandths(self) -> u16 {
        match self {
            Self::Client => 0,
            Self::Server => 1000,
            Self::Between(part) => part,
        }
    }
}

/// How far the two hosts are apart, and where the capture was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// The place of the capture.
    pub point: CapturePoint,
    /// Whether the place follows from the capture; otherwise it was assumed or chosen.
    pub is_inferred: bool,
    /// The delay of each direction, in microseconds.
    pub one_way_delay: i64,
}

/// The delay if nothing in the capture tells it, in microseconds.
const UNKNOWN_DELAY: i64 = 10_000;
/// A host answers within this time; a faster answer does not come over a network. In microseconds.
const OWN_ANSWER: i64 = 50;
/// A side that answers this many times faster than the other is where the capture was made.
const MUCH_FASTER: i64 = 8;

impl Path {
    /// Infers the path from the times at which segments and their answers passed the capture.
    ///
    /// `far` is the time from a segment towards the server to its answer, `near` the time from a
    /// segment towards the client to its answer. The handshake gives both at once, without an
    /// application in between; without one, the fastest answers do.
    pub(super) fn infer(passed: &[Passed<'_>]) -> Self {
        let handshake = handshake(passed);
        let is_inferred = handshake.is_some();
        let (far, near) = handshake.unwrap_or_else(|| fastest_answers(passed));
        match (far, near) {
            (Some(far), Some(near)) => {
                let round_trip = (far + near).max(2);
                let point = if near * MUCH_FASTER <= far {
                    CapturePoint::Client
                } else if far * MUCH_FASTER <= near {
                    CapturePoint::Server
                } else {
                    CapturePoint::Between(u16::try_from(near * 1000 / round_trip).unwrap_or(500))
                };
                Self { point, is_inferred, one_way_delay: round_trip / 2 }
            }
            (Some(far), None) if far > OWN_ANSWER => Self::assumed(CapturePoint::Client, far / 2),
            (None, Some(near)) if near > OWN_ANSWER => {
                Self::assumed(CapturePoint::Server, near / 2)
            }
            (Some(_), None) => Self::assumed(CapturePoint::Server, UNKNOWN_DELAY),
            (None, _) => Self::assumed(CapturePoint::Client, UNKNOWN_DELAY),
        }
    }

    const fn assumed(point: CapturePoint, one_way_delay: i64) -> Self {
        Self { point, is_inferred: false, one_way_delay }
    }

    /// The time from a host to the capture, in microseconds.
    pub(super) const fn to_capture(self, from: Side) -> i64 {
        let client = self.one_way_delay * self.point.thousandths() as i64 / 1000;
        match from {
            Side::Client => client,
            Side::Server => self.one_way_delay - client,
        }
    }
}

/// The two gaps of the handshake: SYN to SYN,ACK, and SYN,ACK to ACK.
fn handshake(passed: &[Passed<'_>]) -> Option<(Option<i64>, Option<i64>)> {
    let syn_ack = passed
        .iter()
        .position(|each| each.from == Side::Server && each.segment.has(Flags::SYN | Flags::ACK))?;
    let before = &passed[..syn_ack];
    let syn = before.iter().rfind(|each| {
        each.from == Side::Client && each.segment.has(Flags::SYN) && !each.segment.has(Flags::ACK)
    })?;
    let ack = passed[syn_ack..].iter().find(|each| each.from == Side::Client)?;
    let at = passed[syn_ack].at;
    (!ack.segment.has(Flags::SYN)).then(|| (Some(at - syn.at), Some(ack.at - at)))
}

/// The least time from a segment that needs an answer to its acknowledgment, for each direction.
fn fastest_answers(passed: &[Passed<'_>]) -> (Option<i64>, Option<i64>) {
    let fastest = |from: Side| {
        let asked = passed.iter().enumerate().filter(|(_, each)| each.from == from);
        asked
            .filter(|(index, _)| expects_answer(passed, *index))
            .filter_map(|(index, each)| {
                let answer = each.first_answer(&passed[index + 1..])?;
                Some(answer.at - each.at)
            })
            .min()
    };
    (fastest(Side::Client), fastest(Side::Server))
}
