//! The network: decides what happens to each segment, records it, and schedules the consequences.

use crate::sim::chance::{Purpose, percentile};
use crate::sim::edit::Edit;
use crate::sim::id::{Origin, SegmentId, Side};
use crate::sim::outage::Outage;
use crate::sim::queue::{PendingKind, Queue, place};
use crate::sim::scenario::Scenario;
use crate::sim::trace::{LossCause, SegmentRecord, Trace};
use crate::tcp::{Rule, Segment, wire};
use crate::time::{Duration, Instant};

/// A segment that enters the network. The fields are those of [`SegmentRecord`].
pub(super) struct Departure {
    pub(super) id: SegmentId,
    pub(super) from: Side,
    pub(super) sent_at: Instant,
    pub(super) repeats: Option<SegmentId>,
    pub(super) rule: Option<Rule>,
}

impl Departure {
    /// Decides the segment's fate, records it in the trace, and schedules its arrival or loss.
    /// `arrival` is when it arrives if nothing happens to it.
    pub(super) fn route(
        self,
        segment: Segment,
        arrival: Instant,
        scenario: &Scenario,
        queue: &mut Queue,
        trace: &mut Trace,
    ) {
        let Self { id, from, sent_at, repeats, rule } = self;
        let mut fate = SegmentFate::of(scenario, id, from);
        if fate.settled_by == 0 && scenario.network.mtu.is_some_and(|mtu| is_longer(&segment, mtu))
        {
            fate.lost_by = Some(LossCause::Mtu);
        }
        let SegmentFate { flight, delayed_by, lost_by, copy_after, settled_by } = fate;
        let index = place(trace.segments.len());
        let arrival = flight.map_or(arrival, |flight| sent_at + flight) + delayed_by;
        let halfway = sent_at + Duration::from_micros(arrival.since(sent_at).as_micros() / 2);
        let outages = || outages(&scenario.edits, settled_by);
        let lost = match outages().find(|outage| outage.stops(from, sent_at, arrival)) {
            // One that is under way when the outage begins is lost then at the earliest.
            Some(outage) => Some((halfway.max(outage.from), LossCause::Outage)),
            None => lost_by.map(|cause| match cause {
                LossCause::Corruption => (arrival, cause),
                _ => (halfway, cause),
            }),
        };
        let arrives_at = lost.is_none().then_some(arrival);
        let copy_at = copy_after.filter(|_| lost.is_none()).map(|later| arrival + later);
        let passes = |at: &Instant| !outages().any(|outage| outage.stops(from, sent_at, *at));
        let copy_arrives_at = copy_at.filter(passes);
        trace.segments.push(SegmentRecord {
            id,
            from,
            segment,
            sent_at,
            repeats,
            rule,
            arrives_at,
            copy_arrives_at,
            lost,
            delayed_by,
        });
        if let Some((at, _)) = lost {
            queue.add(at, PendingKind::Loss { segment: index });
        } else {
            queue.add(arrival, PendingKind::Arrival { segment: index, is_copy: false });
        }
        if let Some(at) = copy_arrives_at {
            queue.add(at, PendingKind::Arrival { segment: index, is_copy: true });
        }
    }
}

/// Whether a segment does not fit into a datagram of this length.
fn is_longer(segment: &Segment, mtu: u16) -> bool {
    wire::datagram_length(segment) > usize::from(mtu)
}

/// What the network does with one segment.
struct SegmentFate {
    /// The time from departure to arrival, if an edit sets it; else the network's delay.
    flight: Option<Duration>,
    delayed_by: Duration,
    lost_by: Option<LossCause>,
    /// How much later than the segment its copy arrives, if it is duplicated.
    copy_after: Option<Duration>,
    /// How many edits there are up to the last one that delivers it: no earlier outage stops it.
    settled_by: usize,
}

/// The outages among the edits, after the first few.
fn outages(edits: &[Edit], after: usize) -> impl Iterator<Item = &Outage> {
    edits.iter().skip(after).filter_map(|edit| match edit {
        Edit::Cut(outage) => Some(outage),
        _ => None,
    })
}

impl SegmentFate {
    /// Applies chance, then the edits in their order: a later edit overrides an earlier one.
    fn of(scenario: &Scenario, id: SegmentId, from: Side) -> Self {
        let network = &scenario.network;
        let is_unlucky = network.loss_percent > 0
            && id.origin == Origin::Host(from)
            && percentile(network.seed, from, id.ordinal, Purpose::Loss) < network.loss_percent;
        let mut fate = Self {
            flight: None,
            delayed_by: Duration::ZERO,
            lost_by: is_unlucky.then_some(LossCause::Chance),
            copy_after: None,
            settled_by: 0,
        };
        let edits = scenario.edits.iter().enumerate();
        for (index, edit) in edits.filter(|(_, edit)| edit.segment() == Some(id)) {
            match edit {
                Edit::Drop(_) => fate.lost_by = Some(LossCause::Edit),
                Edit::Delay(_, by) => fate.delayed_by = fate.delayed_by + *by,
                Edit::Duplicate(_, later) => {
                    // Default gap: half the one-way delay.
                    let gap = Duration::from_micros((network.delay.as_micros() / 2).max(1));
                    fate.copy_after = Some(later.unwrap_or(gap));
                }
                Edit::Corrupt(_) => fate.lost_by = Some(LossCause::Corruption),
                Edit::Deliver(_, flight) => {
                    // An edit that only moves the arrival keeps the copy.
                    let copy_after = fate.copy_after.filter(|_| flight.is_some());
                    let delayed_by = Duration::ZERO;
                    let settled_by = index + 1;
                    fate =
                        Self { flight: *flight, delayed_by, lost_by: None, copy_after, settled_by };
                }
                Edit::Call(..) | Edit::Cut(_) => {}
            }
        }
        fate
    }
}
