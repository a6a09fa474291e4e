//! What scenarios are built from.

use super::tuning::Tuning;
use crate::sim::scenario::Planned;
use crate::sim::{Application, Call, Edit, Host, Network, Scenario, SegmentId, Side, When};
use crate::time::Duration;

pub(super) const fn c(ordinal: u32) -> SegmentId {
    SegmentId::of(Side::Client, ordinal)
}

pub(super) const fn s(ordinal: u32) -> SegmentId {
    SegmentId::of(Side::Server, ordinal)
}

/// A call, `after_ms` milliseconds after its condition is met.
pub(super) const fn plan(when: When, after_ms: u64, call: Call) -> Planned {
    Planned { when, after: Duration::from_millis(after_ms), call }
}

pub(super) const CONNECT: Planned = plan(When::Start, 0, Call::Connect);
pub(super) const LISTEN: Planned = plan(When::Start, 0, Call::Listen);

/// Two tuned hosts, with the calls that their applications plan.
pub(super) fn scenario(tuning: &Tuning, client: &[Planned], server: &[Planned]) -> Scenario {
    let host = |side: Side, plan: &[Planned]| {
        let application = Application { plan: plan.to_vec(), reads_by_hand: false };
        Host { config: tuning.config(side), application }
    };
    Scenario {
        hosts: [host(Side::Client, client), host(Side::Server, server)],
        network: Network {
            delay: Duration::from_micros(tuning.rtt.as_micros() / 2),
            loss_percent: tuning.loss_percent,
            seed: tuning.seed,
            mtu: tuning.mtu,
        },
        strays: vec![],
        edits: vec![],
    }
}

/// Open and close, nothing else, with these segments lost.
pub(super) fn closing_with_drops(tuning: &Tuning, lost: &[SegmentId]) -> Scenario {
    dropping(open_and_close(tuning), lost)
}

pub(super) fn dropping(mut scenario: Scenario, lost: &[SegmentId]) -> Scenario {
    scenario.edits.extend(lost.iter().map(|id| Edit::Drop(*id)));
    scenario
}

/// Open and close, without data in between.
pub(super) fn open_and_close(tuning: &Tuning) -> Scenario {
    scenario(
        tuning,
        &[CONNECT, plan(When::Established, 150, Call::Close)],
        &[LISTEN, plan(When::PeerClosed, 100, Call::Close)],
    )
}
