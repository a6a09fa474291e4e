//! Goals and locks compared with a run.

use crate::link::{Goal, Link, Lock};
use crate::sim::{Effect, Ending, Side, Trace};
use crate::tcp::{Event, State};
use crate::time::{Duration, Instant};

/// How far a run is from a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The goal.
    pub goal: Goal,
    /// Whether the run reaches it.
    pub is_reached: bool,
    /// The longest time in the state, for a goal that asks for one; without end if the host stays
    /// in it for good.
    pub longest: Option<Duration>,
    /// The number of bytes, retransmissions or changes, for a goal that asks for one.
    pub count: Option<u32>,
}

/// How far a link's run is from each goal of its assignment.
#[must_use]
pub fn progress(link: &Link, trace: &Trace) -> Vec<Progress> {
    link.view.goals.iter().map(|goal| compare(*goal, link, trace)).collect()
}

fn compare(goal: Goal, link: &Link, trace: &Trace) -> Progress {
    let reached = |is_reached| Progress { goal, is_reached, longest: None, count: None };
    let counted = |count: u32, is_reached| Progress { count: Some(count), ..reached(is_reached) };
    match goal {
        Goal::Enters(side, state) => reached(stays(trace, side, state).next().is_some()),
        Goal::Stays(side, state, least) => {
            let longest = stays(trace, side, state).max();
            let is_reached = longest.is_some_and(|longest| longest >= least);
            Progress { longest: Some(longest.unwrap_or_default()), ..reached(is_reached) }
        }
        Goal::Ends(side, state) => {
            let last = trace.steps.iter().rev().find(|step| step.side == side);
            let state_at_end = last.map_or(State::Closed, crate::sim::trace::Step::state);
            reached(trace.ending == Ending::Quiet && state_at_end == state)
        }
        Goal::Receives(side, least) => {
            let octets = delivered(trace, side);
            counted(octets, octets >= least)
        }
        Goal::Resends(side, least) => {
            let repeats =
                trace.segments.iter().filter(|it| it.from == side && it.repeats.is_some());
            let count = u32::try_from(repeats.count()).unwrap_or(u32::MAX);
            counted(count, count >= least)
        }
        Goal::Changes(most) => {
            let changes = link.edits.len().saturating_sub(link.view.lock.given);
            let count = u32::try_from(changes).unwrap_or(u32::MAX);
            counted(count, count <= most)
        }
    }
}

/// How long a host stays in a state, each time that it enters it. The state before its first event
/// counts as entered at the start. A host that is still in it when nothing is left to happen stays
/// for ever; one whose run was cut stays until the cut.
fn stays(trace: &Trace, side: Side, state: State) -> impl Iterator<Item = Duration> {
    let own = trace.steps.iter().filter(move |step| step.side == side);
    let own = own.map(|step| (step.at, step.state()));
    let mut visits: Vec<(Instant, Option<Instant>)> = vec![];
    let mut last = State::Closed;
    if state == last {
        visits.push((Instant::ZERO, None));
    }
    for (at, now) in own {
        if now != last && last == state {
            if let Some((_, end @ None)) = visits.last_mut() {
                *end = Some(at);
            }
        } else if now != last && now == state {
            visits.push((at, None));
        }
        last = now;
    }
    let rest = match trace.ending {
        Ending::Quiet => None,
        Ending::Open | Ending::StepLimit => Some(trace.end()),
    };
    visits.into_iter().map(move |(from, to)| {
        to.or(rest).map_or(Duration::from_micros(u64::MAX), |to| to.since(from))
    })
}

/// The number of bytes that arrived in order for a host's application.
fn delivered(trace: &Trace, side: Side) -> u32 {
    let own = trace.steps.iter().filter(|step| step.side == side);
    let octets = own.flat_map(|step| trace.effects(step)).map(|effect| match effect {
        Effect::Event(Event::Delivered { octets }, _) => octets,
        _ => 0,
    });
    octets.fold(0, u32::saturating_add)
}

/// Whether a link makes only changes to an assignment that its locks allow.
#[must_use]
pub fn keeps(lock: Lock, assigned: &Link, link: &Link) -> bool {
    let is_given = assigned.edits.len() < lock.given
        || assigned.edits.get(..lock.given) == link.edits.get(..lock.given);
    let own = link.edits.iter().skip(lock.given);
    let is_tuned = !link.tuning_differences(assigned).is_empty();
    is_given
        && link.scenario == assigned.scenario
        && own.into_iter().all(|edit| lock.allows(edit))
        && (lock.allows_tuning() || !is_tuned)
}
