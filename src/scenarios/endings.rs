//! The scenarios about the end of a connection, and of the applications at its ends.

use super::build::{CONNECT, LISTEN, c, closing_with_drops, plan, scenario};
use super::tuning::Tuning;
use crate::sim::{Call, Scenario, Side, When};
use crate::time::Duration;

/// The client closes first; the server goes on sending.
pub(super) fn half_close(tuning: &Tuning) -> Scenario {
    scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(5)),
            plan(When::Established, 150, Call::Close),
        ],
        &[
            LISTEN,
            plan(When::PeerClosed, 100, Call::Send(12)),
            plan(When::PeerClosed, 250, Call::Send(8)),
            plan(When::PeerClosed, 400, Call::Close),
        ],
    )
}

/// The client's application ends after its request, and the answer finds nobody.
pub(super) fn late_data(tuning: &Tuning) -> Scenario {
    scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(5)),
            plan(When::Established, 150, Call::Exit),
        ],
        &[
            LISTEN,
            plan(When::PeerClosed, 100, Call::Send(12)),
            plan(When::PeerClosed, 150 + tuning.rtt.as_millis(), Call::Send(8)),
        ],
    )
}

/// The server's application answers and ends before it has read the whole request.
pub(super) fn unread_data(tuning: &Tuning) -> Scenario {
    let mut scenario = scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(5)),
            plan(When::Established, 150, Call::Send(20)),
        ],
        &[
            LISTEN,
            plan(When::Received(5), 20, Call::Read),
            plan(When::Received(25), 50, Call::Send(7)),
            plan(When::Received(25), 100 + tuning.rtt.as_millis(), Call::Exit),
        ],
    );
    scenario.hosts[Side::Server.index()].application.reads_by_hand = true;
    scenario
}

/// How long the server keeps an idle connection, and how much later the next request comes.
const IDLE_MS: u64 = 5_000;
const TOO_LATE_MS: u64 = 10;

/// The server closes an idle connection just before the next request arrives.
pub(super) fn bad_gateway(tuning: &Tuning) -> Scenario {
    let answer_ms = 50;
    let pause = (IDLE_MS + TOO_LATE_MS - answer_ms).saturating_sub(tuning.rtt.as_millis());
    scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(5)),
            plan(When::Received(7), pause, Call::Send(9)),
        ],
        &[
            LISTEN,
            plan(When::Received(5), answer_ms, Call::Send(7)),
            plan(When::Received(5), IDLE_MS, Call::Exit),
        ],
    )
}

/// The server closes at once, and its FIN carries the acknowledgment of the client's.
pub(super) fn three_segment_close(tuning: &Tuning) -> Scenario {
    let mut scenario = scenario(
        tuning,
        &[CONNECT, plan(When::Established, 150, Call::Close)],
        &[LISTEN, plan(When::PeerClosed, 20, Call::Close)],
    );
    let server = &mut scenario.hosts[Side::Server.index()].config;
    if tuning.switches.delayed_ack[Side::Server.index()].is_none() {
        server.delayed_ack = Some(Duration::from_millis(40));
    }
    server.delay_ack_of_fin = true;
    scenario
}

/// Both close; the FINs cross.
pub(super) fn simultaneous_close(tuning: &Tuning) -> Scenario {
    let one_way = tuning.rtt.as_millis() / 2;
    scenario(
        tuning,
        &[CONNECT, plan(When::Established, 100 + one_way, Call::Close)],
        &[LISTEN, plan(When::Established, 110, Call::Close)],
    )
}

/// The client's application aborts the connection.
pub(super) fn abort(tuning: &Tuning) -> Scenario {
    scenario(
        tuning,
        &[
            CONNECT,
            plan(When::Established, 100, Call::Send(5)),
            plan(When::Established, 300, Call::Abort),
        ],
        &[LISTEN],
    )
}

/// The server's application forgets to close.
pub(super) fn close_wait_leak(tuning: &Tuning) -> Scenario {
    scenario(tuning, &[CONNECT, plan(When::Established, 150, Call::Close)], &[LISTEN])
}

/// The client's application is gone and its TCP waits a minute; the server's forgets to close, and
/// writes when that minute is over.
pub(super) fn fin_wait_2_timeout(tuning: &Tuning) -> Scenario {
    let mut scenario = scenario(
        tuning,
        &[CONNECT, plan(When::Established, 150, Call::Exit)],
        &[LISTEN, plan(When::PeerClosed, 75_000, Call::Send(6))],
    );
    let habits = &mut scenario.hosts[Side::Client.index()].config.habits;
    habits.fin_wait_2 = habits.fin_wait_2.or(Some(Duration::from_secs(60)));
    scenario
}

/// Without TIME-WAIT: the last ACK is lost, and the client cannot repeat it.
pub(super) fn no_time_wait(tuning: &Tuning) -> Scenario {
    let mut scenario = closing_with_drops(tuning, &[c(4)]);
    scenario.hosts[Side::Client.index()].config.time_wait = Duration::from_millis(1);
    scenario
}
