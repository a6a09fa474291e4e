//! The table of a host's variables (TCB, RFC 9293 §3.3.1), by the RFC's names.

use crate::app::run::Run;
use crate::sim::{HostView, Side};
use crate::tcp::{SeqNumber, State};
use crate::time::Duration;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcbRow {
    /// The RFC's name: `SND.UNA`.
    pub name: &'static str,
    /// Its value; `None` while the variable has no meaning.
    pub value: Option<TcbValue>,
    /// Its value before the step, if the step changed it.
    pub before: Option<Option<TcbValue>>,
}

/// The value of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcbValue {
    /// A sequence number, and the first of its connection.
    Sequence {
        /// The number.
        value: SeqNumber,
        /// The ISS of its sender.
        first: SeqNumber,
    },
    /// A number of bytes.
    Number(u32),
    /// A span of time.
    Span(Duration),
    /// A state.
    State(State),
}

/// A host's TCB after a step, with the changes that this step made.
#[must_use]
pub fn rows(run: &Run, step: Option<usize>, side: Side) -> Vec<TcbRow> {
    if run.scripted_side() == Some(side) {
        let rows = values(&run.timeline.before(side));
        return rows.map(|(name, _)| TcbRow { name, value: None, before: None }).to_vec();
    }
    let now = values(&run.host(step, side));
    let before = host_before(run, step, side).map(|host| values(&host));
    now.into_iter()
        .enumerate()
        .map(|(index, (name, value))| {
            let old = before.as_ref().map(|rows| rows[index].1);
            TcbRow { name, value, before: old.filter(|old| *old != value) }
        })
        .collect()
}

/// The step that gave each variable of [`rows`] its present value; `None` for a variable that still
/// has its first value.
#[must_use]
pub fn causes(run: &Run, step: Option<usize>, side: Side) -> Vec<Option<usize>> {
    let now = values(&run.host(step, side));
    let mut causes = vec![None; now.len()];
    let steps = step.filter(|_| run.scripted_side() != Some(side)).map_or(0, |step| step + 1);
    for step in (0..steps).rev() {
        if causes.iter().all(Option::is_some) {
            break;
        }
        let Some(before) = host_before(run, Some(step), side) else { continue };
        let rows = now.iter().zip(values(&before));
        for (cause, ((_, now), (_, before))) in causes.iter_mut().zip(rows) {
            if cause.is_none() && *now != before {
                *cause = Some(step);
            }
        }
    }
    causes
}

fn values(host: &HostView) -> [(&'static str, Option<TcbValue>); 17] {
    let tcb = &host.tcb;
    let sends = !matches!(host.state, State::Closed | State::Listen);
    let receives = sends && host.state != State::SynSent;
    let own = |value| sends.then_some(TcbValue::Sequence { value, first: tcb.iss });
    let peers = |value| receives.then_some(TcbValue::Sequence { value, first: tcb.irs });
    let number = |known: bool, value: u32| known.then_some(TcbValue::Number(value));
    let span = |known: bool, value: Duration| known.then_some(TcbValue::Span(value));
    [
        ("STATE", Some(TcbValue::State(host.state))),
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
        ("CWND", number(receives, host.cwnd)),
        ("SSTHRESH", host.ssthresh.filter(|_| receives).map(TcbValue::Number)),
        ("IN FLIGHT", number(sends, host.in_flight)),
        ("DUP ACKS", number(receives, host.duplicate_acks)),
    ]
}

/// The host of a side before a step, if the step is one of this host.
fn host_before(run: &Run, step: Option<usize>, side: Side) -> Option<HostView> {
    let step = step?;
    let trace = run.timeline.trace();
    let touched = trace.steps.get(step)?.side == side;
    touched.then(|| trace.host_before(step).unwrap_or(run.timeline.before(side)))
}
