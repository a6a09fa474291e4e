//! What there is to see: pure questions about the state.

use super::action::{Action, Change};
use super::run::Run;
use super::state::AppState;
use crate::ladder::{Arrow, Fate, Moment, TimerSpan};
use crate::sim::{Call, Cause, Edit, Effect, HostView, SegmentId, Side, Step, Trace};
use crate::tcp::{Event, Rule, SeqNumber, State};
use crate::time::{Duration, Instant};

/// So many segments further, among those that can be seen, in the order in which they were sent;
/// the first or the last where `from` is none of them.
#[must_use]
pub fn neighbour(state: &AppState, from: Option<SegmentId>, by: i32) -> Option<SegmentId> {
    let now = state.playhead.moment();
    let arrows = state.run.ladder.arrows.iter();
    let is_seen = |arrow: &&Arrow| state.show_future || arrow.fate(now) != Fate::Future;
    let seen: Vec<SegmentId> = arrows.filter(is_seen).map(|arrow| arrow.id).collect();
    let last = seen.len().saturating_sub(1);
    let target = match from.and_then(|id| seen.iter().position(|other| *other == id)) {
        Some(place) => place.saturating_add_signed(isize::try_from(by).unwrap_or(0)).min(last),
        None if by > 0 => 0,
        None => last,
    };
    seen.get(target).copied()
}

/// A host as it is now.
#[must_use]
pub fn host(state: &AppState, side: Side) -> HostView {
    state.run.host(state.playhead.step, side)
}

/// The host of a side before a step, if that step touched it.
fn host_before(run: &Run, step: Option<usize>, side: Side) -> Option<HostView> {
    let step = step?;
    let trace = run.timeline.trace();
    let touched = trace.steps.get(step)?.side == side;
    touched.then(|| trace.host_before(step).unwrap_or(run.timeline.before(side)))
}

/// What can be done with a segment, given where it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentAction {
    /// Lose it.
    Drop,
    /// Deliver it later; a number goes with it.
    Delay,
    /// Deliver it twice.
    Duplicate,
    /// Deliver it damaged.
    Corrupt,
    /// Deliver it at once.
    Deliver,
    /// Take away what befell it.
    Restore,
    /// Go to where it was sent.
    GoToSend,
    /// Go to where it arrived, or was lost.
    GoToEnd,
}

/// What can be done with a segment now. On a past segment dropping reads "what if it was lost?".
#[must_use]
pub fn segment_actions(state: &AppState, id: SegmentId) -> Vec<SegmentAction> {
    let actions = |arrow| arrow_actions(arrow, state.playhead.moment(), state.is_script());
    state.run.arrow(id).map_or(vec![], actions)
}

/// What can be done with the segment of an arrow at a moment. A script's segments can only be
/// looked at.
#[must_use]
pub fn arrow_actions(arrow: &Arrow, now: Moment, is_script: bool) -> Vec<SegmentAction> {
    use SegmentAction::{Corrupt, Delay, Deliver, Drop, Duplicate, GoToEnd, GoToSend, Restore};
    let is_changed = arrow.lost.is_some() || arrow.copy.is_some() || arrow.due.is_some();
    let mut actions = vec![];
    if arrow.lost.is_none() && !is_script {
        actions.extend([Drop, Delay, Duplicate, Corrupt]);
        if arrow.fate(now) == Fate::Flying {
            actions.push(Deliver);
        }
    }
    if is_changed {
        actions.push(Restore);
    }
    match arrow.fate(now) {
        Fate::Future => actions.push(GoToSend),
        Fate::Flying | Fate::Arrived | Fate::Lost => actions.extend([GoToSend, GoToEnd]),
    }
    actions
}

/// When a segment arrives if nothing befalls it.
#[must_use]
pub fn due(run: &Run, arrow: &Arrow) -> Instant {
    run.timeline.scenario().due(&run.timeline.trace().segments[arrow.segment])
}

/// What lets a segment arrive at an instant; nothing, where it arrives then anyway.
#[must_use]
pub fn arriving_at(run: &Run, arrow: &Arrow, at: Instant) -> Option<Action> {
    let (due, id) = (due(run, arrow), arrow.id);
    match at.max(arrow.sent_at) {
        at if at == arrow.ends_at => None,
        at if at == due => Some(Action::Edit(Change::Restore(id))),
        at if at > due => Some(Action::Edit(Change::Add(Edit::Delay(id, at.since(due))))),
        at => Some(Action::Edit(Change::Add(Edit::Deliver(id, Some(at.since(arrow.sent_at)))))),
    }
}

/// The calls that the application of a host can make now with some effect; RECEIVE, where
/// something `waits` to be read.
#[must_use]
pub fn calls(state: State, side: Side, waits: bool) -> Vec<Call> {
    let open = match side {
        Side::Client => [Call::Connect, Call::Listen],
        Side::Server => [Call::Listen, Call::Connect],
    };
    let sends = [Call::Send(5), Call::Close];
    let receives = if waits { vec![Call::Read] } else { vec![] };
    let window = [Call::Window(0)];
    let ends = [Call::Abort, Call::Crash];
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

/// A row of the TCB's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcbRow {
    /// The RFC's name: `SND.UNA`.
    pub name: &'static str,
    /// Its value now; `None` where there is none.
    pub value: Option<Value>,
    /// Its value before the current step, if that step changed it.
    pub before: Option<Option<Value>>,
}

/// A value in a TCB's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A sequence number, and that with which its connection began.
    Sequence {
        /// The number.
        value: SeqNumber,
        /// The ISS of who sends it.
        first: SeqNumber,
    },
    /// A count of octets.
    Number(u32),
    /// A span of time.
    Span(Duration),
    /// A state.
    State(State),
}

/// A host's TCB in RFC names, with what the current step changed.
#[must_use]
pub fn tcb_rows(state: &AppState, side: Side) -> Vec<TcbRow> {
    tcb_rows_of(&state.run, state.playhead.step, side)
}

/// A host's TCB after a step.
#[must_use]
pub fn tcb_rows_of(run: &Run, step: Option<usize>, side: Side) -> Vec<TcbRow> {
    if run.played() == Some(side) {
        let rows = rows_of(&run.timeline.before(side));
        return rows.map(|(name, _)| TcbRow { name, value: None, before: None }).to_vec();
    }
    let now = rows_of(&run.host(step, side));
    let before = host_before(run, step, side).map(|host| rows_of(&host));
    now.into_iter()
        .enumerate()
        .map(|(index, (name, value))| {
            let old = before.as_ref().map(|rows| rows[index].1);
            TcbRow { name, value, before: old.filter(|old| *old != value) }
        })
        .collect()
}

/// Which step gave each variable of a host the value that it has after a step; `None` where it is
/// still that of the start.
#[must_use]
pub fn tcb_causes_of(run: &Run, step: Option<usize>, side: Side) -> Vec<Option<usize>> {
    let now = rows_of(&run.host(step, side));
    let mut causes = vec![None; now.len()];
    let steps = step.filter(|_| run.played() != Some(side)).map_or(0, |step| step + 1);
    for step in (0..steps).rev() {
        if causes.iter().all(Option::is_some) {
            break;
        }
        let Some(before) = host_before(run, Some(step), side) else { continue };
        let rows = now.iter().zip(rows_of(&before));
        for (cause, ((_, now), (_, before))) in causes.iter_mut().zip(rows) {
            if cause.is_none() && *now != before {
                *cause = Some(step);
            }
        }
    }
    causes
}

fn rows_of(host: &HostView) -> [(&'static str, Option<Value>); 13] {
    let tcb = &host.tcb;
    let sends = !matches!(host.state, State::Closed | State::Listen);
    let receives = sends && host.state != State::SynSent;
    let own = |value| sends.then_some(Value::Sequence { value, first: tcb.iss });
    let peers = |value| receives.then_some(Value::Sequence { value, first: tcb.irs });
    let number = |known: bool, value: u32| known.then_some(Value::Number(value));
    let span = |known: bool, value: Duration| known.then_some(Value::Span(value));
    [
        ("STATE", Some(Value::State(host.state))),
        ("ISS", own(tcb.iss)),
        ("SND.UNA", own(tcb.snd_una)),
        ("SND.NXT", own(tcb.snd_nxt)),
        ("SND.WND", number(receives, tcb.snd_wnd)),
        ("IRS", peers(tcb.irs)),
        ("RCV.NXT", peers(tcb.rcv_nxt)),
        ("RCV.WND", number(sends, tcb.rcv_wnd)),
        ("RTO", span(sends, host.rto)),
        ("SRTT", span(sends && !host.srtt.is_zero(), host.srtt)),
        ("QUEUED", number(sends, host.queued)),
        ("READABLE", number(host.readable > 0 || sends, host.readable)),
        ("KEPT", number(receives, host.kept)),
    ]
}

/// The timers of a host that run at a moment and are worth showing.
pub fn running_timers(run: &Run, now: Moment, side: Side) -> impl Iterator<Item = &TimerSpan> {
    run.ladder.timers.iter().filter(move |span| span.side == side && span.runs(now))
}

/// An edit as a chip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// What it says, as in the link.
    pub edit: Edit,
    /// Its index in the link; `None` for the lesson's own.
    pub index: Option<usize>,
    /// The segment that it names is not sent in this run.
    pub is_orphan: bool,
}

/// All edits of the run: the lesson's own, then the viewer's.
#[must_use]
pub fn chips(state: &AppState) -> Vec<Chip> {
    let timeline = &state.run.timeline;
    let orphans: Vec<usize> = timeline.orphans().map(|(index, _)| index).collect();
    timeline
        .scenario()
        .edits
        .iter()
        .enumerate()
        .map(|(index, edit)| Chip {
            edit: *edit,
            index: index.checked_sub(state.run.lesson_edits),
            is_orphan: orphans.contains(&index),
        })
        .collect()
}

/// The rules that fired in the current step, the first the most telling.
#[must_use]
pub fn rules(state: &AppState) -> Vec<Rule> {
    let trace = state.run.timeline.trace();
    let Some(step) = state.playhead.step.and_then(|step| trace.steps.get(step)) else {
        return vec![];
    };
    let mut rules = vec![];
    for effect in trace.effects(step) {
        let rule = match effect {
            Effect::Sent(index) => trace.segments[index].rule,
            Effect::Event(_, rule) => Some(rule),
            Effect::Failed(_) => None,
        };
        if let Some(rule) = rule.filter(|rule| !rules.contains(rule)) {
            rules.push(rule);
        }
    }
    rules
}

/// Which steps the log lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFilter {
    /// Every step.
    #[default]
    All,
    /// A host's own.
    Of(Side),
    /// Those in which a host changes its state.
    States,
    /// What goes wrong, and what is done about it: losses, timers that expire, repetitions, and
    /// what is discarded.
    Trouble,
}

impl LogFilter {
    /// All of them, as they are offered.
    pub const ALL: [Self; 5] =
        [Self::All, Self::Of(Side::Client), Self::Of(Side::Server), Self::States, Self::Trouble];

    /// Its name in locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Of(side) => side.name(),
            Self::States => "states",
            Self::Trouble => "trouble",
        }
    }

    /// Whether it lists a step.
    #[must_use]
    pub fn lets(self, trace: &Trace, step: &Step) -> bool {
        let mut effects = trace.effects(step);
        match self {
            Self::All => true,
            Self::Of(side) => step.side == side,
            Self::States => {
                effects.any(|effect| matches!(effect, Effect::Event(Event::Transition { .. }, _)))
            }
            Self::Trouble => {
                matches!(step.cause, Cause::Loss(_) | Cause::Timer(_))
                    || effects.any(|effect| match effect {
                        Effect::Sent(index) => trace.segments[index].repeats.is_some(),
                        Effect::Event(event, _) => matches!(event, Event::Discarded),
                        Effect::Failed(_) => true,
                    })
            }
        }
    }
}
