//! A captured connection as a run: both hosts with their states, on one time axis.
//!
//! A capture shows segments at one place. When each was sent and when it arrived is estimated from
//! that place ([`Path`]), and our state machine follows each host: what the host received is handed
//! to it, and what the host sent is taken over as a fact. Its states and sequence variables are
//! therefore those that RFC 9293 gives, as far as the capture shows them.

mod events;
mod host;
mod passed;
mod point;
mod schedule;

use std::net::SocketAddr;

pub use point::{CapturePoint, Path};

use super::notes::{Note, Notes};
use super::segment::CapturedSegment;
use super::traced::TracedSegment;
use crate::sim::{
    Application, Host as ScenarioHost, LossCause, Network, Scenario, SegmentId, SegmentRecord,
    Side, Timeline, Trace,
};
use crate::tcp::segment::{Flags, Options};
use crate::tcp::{Segment, Text};
use crate::time::{Duration, Instant};
use host::Host;
use passed::Passed;
use schedule::{Journey, journeys};

/// The most segments of a connection that are shown at once.
pub const MOST_SEGMENTS: usize = 2_000;

/// A captured connection as a run.
#[derive(Clone, Debug)]
pub struct Reconstruction {
    /// The run. Its segments have the order of the capture.
    pub timeline: Timeline,
    /// Where the capture was made, and how far the hosts are apart.
    pub path: Path,
    /// The addresses and ports of the client and of the server.
    pub addresses: [SocketAddr; 2],
    /// The notes of each segment.
    pub notes: Vec<Notes>,
    /// The number of each segment's packet in the file.
    pub frames: Vec<u64>,
    /// The time of the start of the run, in nanoseconds as [`CapturedSegment::at`].
    pub start: i64,
    /// How many segments of the connection are not shown: those beyond [`MOST_SEGMENTS`], and
    /// packets that were captured twice.
    pub left_out: usize,
}

impl Reconstruction {
    /// The run of a connection whose segments are `traced`, in the order of the capture. The client
    /// is the end with the address `client`. Without a `point`, the place of the capture is
    /// inferred.
    #[must_use]
    pub fn of(traced: &[TracedSegment], client: SocketAddr, point: Option<CapturePoint>) -> Self {
        let shown: Vec<&TracedSegment> = traced
            .iter()
            .filter(|each| !each.notes.has(Note::DuplicateFrame))
            .take(MOST_SEGMENTS)
            .collect();
        let first = shown.iter().map(|each| each.segment.at).min().unwrap_or(0);
        let mut passed: Vec<Passed<'_>> = shown
            .iter()
            .map(|each| Passed {
                segment: &each.segment,
                notes: each.notes,
                from: if each.segment.from == client { Side::Client } else { Side::Server },
                at: each.segment.at.saturating_sub(first) / 1_000,
                frame: each.segment.frame,
            })
            .collect();
        passed.sort_by_key(|each| each.at);
        let inferred = Path::infer(&passed);
        let path = point.map_or(inferred, |point| Path { point, is_inferred: false, ..inferred });
        let journeys = journeys(&passed, path);
        let earliest = journeys.iter().map(|journey| journey.sent).min().unwrap_or(0);
        let (hosts, scenario) = set_up(&passed, path);
        let timeline = run(&passed, &journeys, earliest, hosts, scenario);
        Self {
            timeline,
            path,
            addresses: [client, server(traced, client)],
            notes: passed.iter().map(|each| each.notes).collect(),
            frames: passed.iter().map(|each| each.frame).collect(),
            start: first.saturating_add(earliest.saturating_mul(1_000)),
            left_out: traced.len() - passed.len(),
        }
    }
}

/// The other end of the connection.
fn server(traced: &[TracedSegment], client: SocketAddr) -> SocketAddr {
    let first = traced.first().map(|each| &each.segment);
    first.map_or(client, |first| if first.from == client { first.to } else { first.from })
}

/// Both hosts before the first segment, and the scenario that describes them.
fn set_up(passed: &[Passed<'_>], path: Path) -> ([Host; 2], Scenario) {
    let hosts = Side::BOTH.map(|side| {
        let own = || passed.iter().filter(|each| each.from == side);
        let syn = own().find(|each| each.segment.has(Flags::SYN));
        Host::new(own().next().map(|each| each.segment), syn.map(|each| each.segment))
    });
    let scenario = Scenario {
        hosts: hosts.each_ref().map(|host| ScenarioHost {
            config: host.config().clone(),
            application: Application::default(),
        }),
        network: Network {
            delay: Duration::from_micros(path.one_way_delay.unsigned_abs()),
            loss_percent: 0,
            seed: 0,
            mtu: None,
        },
        strays: vec![],
        edits: vec![],
    };
    (hosts, scenario)
}

fn run(
    passed: &[Passed<'_>],
    journeys: &[Journey],
    earliest: i64,
    hosts: [Host; 2],
    scenario: Scenario,
) -> Timeline {
    let moment = |at: i64| Instant::from_micros(at.saturating_sub(earliest).unsigned_abs());
    let mut texts = Texts::default();
    let mut trace = Trace::default();
    let mut counts = [0; 2];
    for (each, journey) in passed.iter().zip(journeys) {
        let count = &mut counts[each.from.index()];
        *count += 1;
        let lost_at = i64::midpoint(each.at, journey.arrives);
        trace.segments.push(SegmentRecord {
            id: SegmentId::of(each.from, *count),
            from: each.from,
            segment: segment_of(each.segment, &mut texts),
            sent_at: moment(journey.sent),
            repeats: None,
            rule: None,
            arrives_at: (!journey.is_lost).then(|| moment(journey.arrives)),
            copy_arrives_at: None,
            lost: journey.is_lost.then(|| (moment(lost_at), LossCause::Inferred)),
            delayed_by: Duration::ZERO,
        });
    }
    for index in 0..passed.len() {
        trace.segments[index].repeats =
            earlier(passed, index).map(|found| trace.segments[found].id);
    }
    events::record(passed, hosts, trace, scenario)
}

/// The last earlier segment that a retransmission repeats.
fn earlier(passed: &[Passed<'_>], index: usize) -> Option<usize> {
    let each = &passed[index];
    let is_repetition = each.notes.has(Note::Retransmission)
        || each.notes.has(Note::FastRetransmission)
        || each.notes.has(Note::SpuriousRetransmission);
    let before = is_repetition.then(|| {
        passed[..index].iter().rposition(|other| {
            other.from == each.from
                && other.segment.seq == each.segment.seq
                && other.segment.sequence_length() > 0
        })
    });
    before.flatten()
}

/// The data of segments: zeros, of which segments of the same length share one copy.
#[derive(Default)]
struct Texts(std::collections::BTreeMap<u32, Text>);

impl Texts {
    /// The longest data of one segment; offloading merges at most this many bytes.
    const LONGEST: u32 = 1 << 18;

    fn of(&mut self, length: u32) -> Text {
        let length = length.min(Self::LONGEST);
        self.0.entry(length).or_insert_with(|| Text::new(&vec![0; length as usize])).clone()
    }
}

fn segment_of(captured: &CapturedSegment, texts: &mut Texts) -> Segment {
    Segment {
        seq: captured.seq,
        ack: captured.ack,
        window: captured.window,
        flags: captured.flags,
        options: Options {
            mss: captured.options.mss,
            window_scale: captured.options.window_scale,
            ..Options::default()
        },
        text: texts.of(captured.length),
    }
}
