//! Invariants of congestion control and of the repair of losses.

use crate::sim::trace::{Cause, Effect, HostView, SegmentRecord, Step, Trace};
use crate::tcp::{Event, Rule, SackBlock, State, Timer};

/// The law that a step breaks, if it breaks one.
pub(super) fn law(trace: &Trace, index: usize) -> Option<&'static str> {
    let step = &trace.steps[index];
    let host = &trace.after(step);
    if host.state.is_synchronized() && host.cwnd < u32::from(host.send_mss) {
        return Some("the congestion window has room for a segment");
    }
    let sent = trace.effects(step).filter_map(|effect| match effect {
        Effect::Sent(index) => trace.segments.get(index),
        Effect::Event(..) | Effect::Failed(_) => None,
    });
    // What the step sends after a segment was not in flight yet when that one left.
    let mut later = 0;
    for record in sent.rev() {
        let is_new = record.repeats.is_none() && !record.segment.text.is_empty();
        if is_new && !fits(host, record, host.in_flight.saturating_sub(later)) {
            return Some("new text leaves only as far as cwnd and SND.WND allow");
        }
        later += if is_new { record.segment.text.len() } else { 0 };
        if is_repair(record.rule) && repeats_reported(trace, index, record) {
            return Some("what SACK reported is not sent again before a timeout");
        }
    }
    None
}

/// Whether new text was within both windows. A probe may go beyond them, and limited transmit by
/// two segments (RFC 3042). A FIN takes a number, but is no text.
fn fits(host: &HostView, record: &SegmentRecord, in_flight: u32) -> bool {
    let smss = u32::from(host.send_mss);
    let beyond = match record.rule {
        Some(Rule::ZeroWindowProbed | Rule::TailLossProbed | Rule::SmallWindowOverridden) => {
            return true;
        }
        Some(Rule::LimitedTransmit) => 2 * smss,
        _ => 0,
    };
    let is_closed = matches!(host.state, State::Closed | State::Listen);
    let unacknowledged = record.segment.end().distance_from(host.tcb.snd_una);
    is_closed
        || (in_flight <= host.cwnd.max(smss) + beyond + 1 && unacknowledged <= host.tcb.snd_wnd + 1)
}

/// Whether a segment was repeated because of what ACKs told.
const fn is_repair(rule: Option<Rule>) -> bool {
    matches!(rule, Some(Rule::FastRetransmit | Rule::SackRetransmit | Rule::RescueRetransmit))
}

/// Whether a segment repeats text that the peer had reported since the last timeout.
fn repeats_reported(trace: &Trace, until: usize, record: &SegmentRecord) -> bool {
    let (seq, end) = (record.segment.seq, record.segment.end());
    let repeats = |(from, to): &SackBlock| seq.before(*to) && end.after(*from);
    let earlier = trace.steps[..=until].iter().rev();
    let earlier = earlier.filter(|step| step.side == record.from);
    let mut since_timeout = earlier.take_while(|step| !begins_anew(trace, step));
    since_timeout.any(|step| {
        let Cause::Arrival(index, _) = step.cause else { return false };
        let arrived = &trace.segments[index].segment;
        let is_news = |block: &SackBlock| block.0.at_or_after(arrived.ack);
        arrived.options.sack.blocks().iter().any(|block| is_news(block) && repeats(block))
            && is_taken(trace, step)
    })
}

/// Whether the ranges of the arriving segment were used.
fn is_taken(trace: &Trace, step: &Step) -> bool {
    trace.effects(step).any(|effect| matches!(effect, Effect::Event(Event::Sacked { .. }, _)))
}

/// Whether a step forgets what was reported: a timeout, or another connection.
fn begins_anew(trace: &Trace, step: &Step) -> bool {
    step.cause == Cause::Timer(Timer::Retransmission)
        || trace.effects(step).any(|effect| {
            matches!(effect, Effect::Event(Event::Transition { to: State::Established, .. }, _))
        })
}

#[cfg(test)]
mod tests {
    use super::law;
    use crate::sim::scenario::Planned;
    use crate::sim::{
        Application, Call, Edit, Effect, Host, Network, Scenario, SegmentId, Side, Timeline, Trace,
        When,
    };
    use crate::tcp::{Config, Rule, SeqNumber};
    use crate::time::Duration;

    /// A client with SACK sends ten segments, of which two are lost.
    fn timeline() -> Timeline {
        let plan = |when, after, call| Planned { when, after: Duration::from_millis(after), call };
        let host = |iss, plan: &[Planned]| {
            let mut config = Config::linux(SeqNumber(iss));
            config.timestamps = false;
            let application = Application { plan: plan.to_vec(), reads_by_hand: false };
            Host { config, application }
        };
        let client =
            [plan(When::Start, 0, Call::Connect), plan(When::Established, 100, Call::Send(14_600))];
        let lost = [4, 6].map(|ordinal| Edit::Drop(SegmentId::of(Side::Client, ordinal)));
        Timeline::of(Scenario {
            hosts: [host(100, &client), host(300, &[plan(When::Start, 0, Call::Listen)])],
            network: Network {
                delay: Duration::from_millis(50),
                loss_percent: 0,
                seed: 1,
                mtu: None,
            },
            strays: vec![],
            edits: lost.to_vec(),
        })
    }

    #[test]
    fn a_repair_keeps_the_laws() {
        let timeline = timeline();
        let trace = timeline.trace();
        for index in 0..trace.steps.len() {
            assert_eq!(law(trace, index), None, "step {index}");
        }
    }

    /// A trace in which the repaired segment is one that the peer had reported breaks the law.
    #[test]
    fn a_repair_of_what_arrived_is_found() {
        let mut trace = timeline().trace().clone();
        let repaired = |trace: &Trace, step: usize| {
            trace.effects(&trace.steps[step]).find_map(|effect| match effect {
                Effect::Sent(index) if trace.segments[index].rule == Some(Rule::SackRetransmit) => {
                    Some(index)
                }
                _ => None,
            })
        };
        let found = (0..trace.steps.len()).find_map(|step| Some((step, repaired(&trace, step)?)));
        let (step, index) = found.expect("the scenario repairs the second gap");
        trace.segments[index].segment.seq += 1_460;
        assert!(law(&trace, step).is_some_and(|law| law.starts_with("what SACK reported")));
    }
}
