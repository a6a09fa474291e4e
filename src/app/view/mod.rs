//! The data of the tables and lists beside the ladder: pure functions of a run.

pub mod chips;
pub mod graph;
pub mod log;
pub mod tcb;

use crate::sim::{Call, Side};
use crate::tcp::State;

/// The user calls that have an effect in a state, for the menu of a host. RECEIVE is among them if
/// received data `waits` to be read.
#[must_use]
pub fn calls(state: State, side: Side, waits: bool) -> Vec<Call> {
    let open = match side {
        Side::Client => [Call::Connect, Call::Listen],
        Side::Server => [Call::Listen, Call::Connect],
    };
    let sends = [Call::Send(5), Call::Close];
    let receives = if waits { vec![Call::Read] } else { vec![] };
    let window = [Call::Window(0)];
    let ends = [Call::Exit, Call::Abort, Call::Crash];
    match state {
        State::Closed => open.to_vec(),
        State::Listen => vec![Call::Connect, Call::Close],
        State::SynSent | State::SynReceived | State::Established => {
            [&sends[..], &receives, &window, &ends].concat()
        }
        State::CloseWait => [&sends[..], &receives, &ends].concat(),
        State::FinWait1 | State::FinWait2 => [&receives[..], &window, &ends].concat(),
        State::Closing | State::LastAck | State::TimeWait => [&receives[..], &ends].concat(),
    }
}
