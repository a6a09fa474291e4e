//! Invariants that hold after every step of every run, and at its end.

use core::fmt;

use super::congestion;
use crate::sim::call::Call;
use crate::sim::id::Side;
use crate::sim::trace::{Cause, Effect, Ending, HostView, Step, Trace};
use crate::sim::world::World;
use crate::tcp::state::edges_between;
use crate::tcp::{Event, State, Timer};
use crate::time::Duration;

/// A broken invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The index of the step after which it is broken.
    pub step: usize,
    /// The host at fault.
    pub side: Side,
    /// The invariant, in words.
    pub law: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}, {}: {}", self.step, self.side.name(), self.law)
    }
}

/// How many invariants [`after_step`] checks.
pub const LAWS_PER_STEP: u64 = 12;

/// The longest time from the last call to the end of a run: R2 and 2MSL of both sides, plus slack.
const LONGEST_TAIL: Duration = Duration::from_secs(1_800);

/// Checks the last step of `trace`, which is the trace of `world`.
pub fn after_step(world: &World, trace: &Trace) -> Result<(), Violation> {
    let Some(index) = trace.steps.len().checked_sub(1) else { return Ok(()) };
    let step = &trace.steps[index];
    let (side, host) = (step.side, &trace.after(step));
    let fail = |law| Err(Violation { step: index, side, law });
    if host.tcb.snd_una.after(host.tcb.snd_nxt) {
        return fail("SND.UNA =< SND.NXT");
    }
    if !follows_edges(trace, step) {
        return fail("every change of state is an arrow of the state diagram");
    }
    if !world.reads_truly(side) {
        return fail("no octet is delivered out of order, twice or invented");
    }
    if world.octets_read(side) > world.octets_offered(side) {
        return fail("no more octets are delivered than were sent");
    }
    if let Some(law) = timer_law(host).or_else(|| congestion::law(trace, index)) {
        return fail(law);
    }
    if let Some(before) = trace.host_before(index)
        && before.tcb.irs == host.tcb.irs
        && before.tcb.iss == host.tcb.iss
        && host.state.is_synchronized()
        && before.state.is_synchronized()
    {
        if host.tcb.rcv_nxt.before(before.tcb.rcv_nxt) {
            return fail("RCV.NXT never goes back");
        }
        if host.tcb.snd_una.before(before.tcb.snd_una) {
            return fail("SND.UNA never goes back");
        }
        let edge = |host: &HostView| host.tcb.rcv_nxt + host.tcb.rcv_wnd;
        let is_taken_back = matches!(step.cause, Cause::Call(Call::Window(_)));
        // A FIN takes the last sequence number of a full window.
        if edge(host).before(edge(&before)) && host.tcb.rcv_wnd > 0 && !is_taken_back {
            return fail("the right edge of the receive window never goes back");
        }
    }
    Ok(())
}

/// Checks a run in which nothing is left to happen. `trace` is the trace of `world`.
pub fn at_end(world: &World, trace: &Trace) -> Result<(), Violation> {
    let last = trace.steps.len().saturating_sub(1);
    let fail = |side, law| Err(Violation { step: last, side, law });
    if trace.ending != Ending::Quiet {
        return fail(Side::Client, "the two sides do not answer each other for ever");
    }
    let calls = trace.steps.iter().filter(|step| matches!(step.cause, Cause::Call(_)));
    let last_call = calls.map(|step| step.at).max().unwrap_or_default();
    if trace.end().since(last_call) > LONGEST_TAIL {
        return fail(Side::Client, "a run ends within R2 and 2MSL");
    }
    for side in Side::BOTH {
        let connection = world.connection(side);
        let settled = match connection.state() {
            // The last three wait for a CLOSE by an application, the peer's or their own.
            State::Closed
            | State::Listen
            | State::Established
            | State::FinWait2
            | State::CloseWait => true,
            State::SynSent
            | State::SynReceived
            | State::FinWait1
            | State::Closing
            | State::LastAck
            | State::TimeWait => false,
        };
        if !settled {
            return fail(side, "a run ends in CLOSED, or where an application is waited for");
        }
        if connection.tcb().in_flight() > 0 || connection.unacknowledged_octets() > 0 {
            return fail(side, "nothing is left unacknowledged, unless the user was told");
        }
        let ended_well = closed_well(trace, Side::Client) && closed_well(trace, Side::Server);
        if ended_well && world.octets_read(side) != world.octets_sent(side.peer()) {
            return fail(side, "everything sent before CLOSE is delivered");
        }
    }
    Ok(())
}

fn follows_edges(trace: &Trace, step: &Step) -> bool {
    trace.effects(step).all(|effect| match effect {
        Effect::Event(Event::Transition { from, to }, _) => {
            edges_between(from, to).next().is_some()
        }
        Effect::Event(..) | Effect::Sent(_) | Effect::Failed(_) => true,
    })
}

/// The retransmission timer runs exactly when something is in flight.
fn timer_law(host: &HostView) -> Option<&'static str> {
    let is_alive = !matches!(host.state, State::Closed | State::Listen);
    let in_flight = is_alive && host.tcb.in_flight() > 0;
    if host.deadline(Timer::Retransmission).is_some() != in_flight {
        return Some("the retransmission timer runs exactly when something is in flight");
    }
    if host.deadline(Timer::Persist).is_some() && in_flight {
        return Some("the persist timer runs only when nothing is in flight");
    }
    if host.deadline(Timer::TimeWait).is_some() != (host.state == State::TimeWait) {
        return Some("the 2MSL timer runs exactly in TIME-WAIT");
    }
    None
}

/// Whether the CLOSE of a side was completed, without an error that its user was told of.
fn closed_well(trace: &Trace, side: Side) -> bool {
    let mut completed = false;
    for step in trace.steps.iter().filter(|step| step.side == side) {
        if matches!(step.cause, Cause::Call(Call::Abort | Call::Exit | Call::Crash)) {
            return false;
        }
        for effect in trace.effects(step) {
            match effect {
                Effect::Event(Event::CloseCompleted, _) => completed = true,
                Effect::Event(Event::Refused | Event::Reset | Event::TimedOut, _) => return false,
                Effect::Event(..) | Effect::Sent(_) | Effect::Failed(_) => {}
            }
        }
    }
    completed
}
