//! A captured connection as a link: the settings and edits with which the simulator sends the same
//! segments.

use core::fmt::Write as _;

use crate::app::run::Run;
use crate::capture::{CapturePoint, Opening};
use crate::link::Link;
use crate::scenarios::{LESSONS, Lesson};
use crate::sim::{LossCause, SegmentId, SegmentRecord, Side, Timeline, Trace};
use crate::tcp::segment::Flags;
use crate::tcp::{Config, SeqNumber};

/// The longest connection that is tried, in segments.
const MOST_SEGMENTS: usize = 300;
/// The round-trip times that a link can hold, in microseconds.
const ROUND_TRIPS: core::ops::RangeInclusive<i64> = 2_000..=20_000_000;

/// Why a captured connection is not a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAScenario {
    /// A part of it is not shown, or was not captured.
    Incomplete,
    /// It has more segments than are tried.
    TooLong,
    /// No scenario sends the same segments. The closest does so up to this one.
    Differs {
        /// The closest scenario.
        closest: &'static str,
        /// The first captured segment that it does not send; `None` if it only sends more.
        first: Option<SegmentId>,
    },
}

/// What both runs are compared by: sender, flags, SEQ, ACK and the length of the data. The times
/// may differ.
type Fields = (Side, u8, SeqNumber, Option<SeqNumber>, u32);

/// The link whose run sends the segments of a captured connection, as seen at the capture.
///
/// # Errors
///
/// There is none among the scenarios with this connection's numbers, delay and losses.
pub fn scenario(run: &Run) -> Result<Link, NotAScenario> {
    let Some(captured) = &run.capture else { return Err(NotAScenario::Incomplete) };
    let is_whole = captured.source.before == 0 && captured.after() == 0;
    if !is_whole || captured.connection.opening() == Opening::NotCaptured {
        return Err(NotAScenario::Incomplete);
    }
    let trace = run.timeline.trace();
    if trace.segments.len() > MOST_SEGMENTS {
        return Err(NotAScenario::TooLong);
    }
    // What was captured twice is shown once, so copies do not count then.
    let seen_at = (captured.path.point, captured.duplicates() == 0);
    let seen = Side::BOTH.map(|side| {
        let own = trace.segments.iter().filter(|record| record.from == side);
        own.map(|record| (record.id, fields(record))).collect::<Vec<_>>()
    });
    let settings = settings(trace, captured.path.one_way_delay);
    let mut closest: Option<(usize, NotAScenario)> = None;
    for lesson in LESSONS {
        for drops in [String::new(), drops(trace)] {
            let (link, problems) =
                Link::parse("", &format!("scenario={}{settings}{drops}", lesson.id));
            if !problems.is_empty() {
                continue;
            }
            match difference(&seen, &link, seen_at, lesson) {
                None => return Ok(link),
                Some((same, reason)) if closest.is_none_or(|(most, _)| same > most) => {
                    closest = Some((same, reason));
                }
                Some(_) => {}
            }
        }
    }
    Err(closest.map_or(NotAScenario::Incomplete, |(_, reason)| reason))
}

fn fields(record: &SegmentRecord) -> Fields {
    let segment = &record.segment;
    let flags = segment.flags.bits();
    (record.from, flags, segment.seq, segment.acknowledgment(), segment.text.len())
}

/// The numbers of the connection, as parameters of a link.
fn settings(trace: &Trace, one_way_delay: i64) -> String {
    let syn = |side: Side| {
        trace.segments.iter().find(|it| it.from == side && it.segment.flags.contains(Flags::SYN))
    };
    let syns = Side::BOTH.map(syn);
    let mut text = String::new();
    let rtt = (2 * one_way_delay).clamp(*ROUND_TRIPS.start(), *ROUND_TRIPS.end());
    // Writing to a String cannot fail, here and below.
    let _ = write!(text, "&rtt={rtt}us");
    let iss = syns.map(|syn| syn.map_or(SeqNumber(300), |syn| syn.segment.seq));
    let _ = write!(text, "&isn={},{}", iss[0], iss[1]);
    let usual = Config::rfc9293(SeqNumber(0));
    let announced = syns.map(|syn| syn.and_then(|syn| syn.segment.options.mss));
    if let Some(mss) = announced[0].or(announced[1]).filter(|mss| *mss != usual.mss) {
        let _ = write!(text, "&mss={mss}");
    }
    text
}

/// The segments that were lost, as edits of a link.
fn drops(trace: &Trace) -> String {
    let lost = trace.segments.iter().filter(|it| matches!(it.lost, Some((_, LossCause::Inferred))));
    let edits: Vec<String> = lost.map(|it| format!("drop:{}", it.id)).collect();
    if edits.is_empty() { String::new() } else { format!("&do={}", edits.join(",")) }
}

/// How many segments a link's run has in common with what was captured, and where they differ;
/// `None` if they do not.
fn difference(
    seen: &[Vec<(SegmentId, Fields)>; 2],
    link: &Link,
    seen_at: (CapturePoint, bool),
    lesson: &'static Lesson,
) -> Option<(usize, NotAScenario)> {
    let timeline = Timeline::of(link.scenario_to_run());
    let mut same = 0;
    let mut first = None;
    let mut differs = false;
    for (side, seen) in Side::BOTH.into_iter().zip(seen) {
        let expected = passing(timeline.trace(), side, seen_at);
        let common = seen.iter().zip(&expected).take_while(|((_, a), b)| a == *b).count();
        same += common;
        if common < seen.len().max(expected.len()) {
            differs = true;
            first = first.or(seen.get(common).map(|(id, _)| *id));
        }
    }
    differs.then_some((same, NotAScenario::Differs { closest: lesson.id, first }))
}

/// The segments of a host that pass the place of a capture, in that order, with or without copies.
fn passing(trace: &Trace, side: Side, (point, copies): (CapturePoint, bool)) -> Vec<Fields> {
    let is_here = match point {
        CapturePoint::Client => side == Side::Client,
        CapturePoint::Server => side == Side::Server,
        CapturePoint::Between(_) => false,
    };
    let own = trace.segments.iter().filter(|record| record.from == side);
    if is_here {
        return own.map(fields).collect();
    }
    let mut arrived: Vec<_> = own
        .flat_map(|record| {
            let times = [record.arrives_at, record.copy_arrives_at.filter(|_| copies)];
            times.into_iter().flatten().map(move |at| (at, fields(record)))
        })
        .collect();
    arrived.sort_by_key(|(at, _)| *at);
    arrived.into_iter().map(|(_, fields)| fields).collect()
}
