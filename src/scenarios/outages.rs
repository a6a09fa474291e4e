//! The scenarios whose segments do not arrive: for a while, for good, or the long ones.

use super::build::{CONNECT, LISTEN, plan, scenario};
use super::tuning::Tuning;
use crate::sim::{Call, Edit, Outage, Scenario, Side, When};
use crate::tcp::KeepAlive;
use crate::time::{Duration, Instant};

/// An outage in both directions, in milliseconds.
fn outage(from: u64, lasts: Option<u64>) -> Edit {
    let from = Instant::from_millis(from);
    Edit::Cut(Outage { of: None, from, lasts: lasts.map(Duration::from_millis) })
}

/// How long after ESTABLISHED the client sends again, so that this is 200 ms into the outage.
fn second_send(tuning: &Tuning) -> u64 {
    1_200_u64.saturating_sub(tuning.rtt.as_millis())
}

/// The cable is out for three seconds in the middle of a conversation.
pub(super) fn cable_out(tuning: &Tuning) -> Scenario {
    let mut scenario = scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(5)),
            plan(When::Established, second_send(tuning), Call::Send(20)),
            plan(When::Received(7), 100, Call::Close),
        ],
        &[
            LISTEN,
            plan(When::Received(25), 50, Call::Send(7)),
            plan(When::PeerClosed, 100, Call::Close),
        ],
    );
    scenario.edits.push(outage(1_000, Some(3_000)));
    scenario
}

/// The server's host loses its power, and is back ten seconds later without a memory.
pub(super) fn power_lost(tuning: &Tuning) -> Scenario {
    let mut scenario = scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(5)),
            plan(When::Established, second_send(tuning), Call::Send(20)),
        ],
        &[LISTEN],
    );
    let lost = Instant::from_millis(1_000);
    scenario
        .edits
        .extend([outage(1_000, Some(10_000)), Edit::Call(Side::Server, Call::Crash, lost)]);
    scenario
}

/// The longest datagram of a path with a tunnel in it, say, whose routers report nothing.
const TUNNEL: u16 = 1_400;

/// Small segments pass; full ones never do, and nobody says why.
pub(super) fn black_hole(tuning: &Tuning) -> Scenario {
    let mut scenario = scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(5)),
            plan(When::Received(7), 100, Call::Send(3_000)),
            plan(When::PeerClosed, 100, Call::Close),
        ],
        &[
            LISTEN,
            plan(When::Received(5), 50, Call::Send(7)),
            plan(When::Received(3_005), 50, Call::Close),
        ],
    );
    scenario.network.mtu.get_or_insert(TUNNEL);
    scenario
}

/// The client asks after every minute of silence, and the server vanishes.
pub(super) fn keep_alive(tuning: &Tuning) -> Scenario {
    let mut scenario =
        scenario(tuning, &[CONNECT, plan(When::Established, 100, Call::Send(5))], &[LISTEN]);
    let client = &mut scenario.hosts[Side::Client.index()].config;
    let (idle, interval) = (Duration::from_secs(60), Duration::from_secs(10));
    if tuning.switches.keep_alive[Side::Client.index()].is_none() {
        client.keep_alive = Some(KeepAlive { idle, interval, probes: 3 });
    }
    scenario.edits.push(outage(90_000, None));
    scenario
}
