//! Invariants of the timeline: a run is a function of its scenario, seeking is a lookup, and an
//! edit does not change earlier events.

use std::sync::Arc;

use tcp_handshake::scenarios::{LESSONS, Lesson, Tuning};
use tcp_handshake::sim::{Call, Edit, Ending, Limits, SegmentId, Side, Timeline};
use tcp_handshake::tcp::State;
use tcp_handshake::time::{Duration, Instant};

fn timeline(id: &str) -> Timeline {
    Timeline::of(Lesson::find(id).expect("a built-in scenario").scenario(&Tuning::default()))
}

/// The names of the states that a host goes through, in order.
fn states(timeline: &Timeline, side: Side) -> Vec<&'static str> {
    let mut states = vec![State::Closed.name()];
    for step in timeline.trace().steps.iter().filter(|step| step.side == side) {
        if states.last() != Some(&step.state().name()) {
            states.push(step.state().name());
        }
    }
    states
}

/// The segments of a side as the RFC prints them.
fn segments(timeline: &Timeline, side: Side) -> Vec<String> {
    let records = timeline.trace().segments.iter().filter(|record| record.from == side);
    records.map(|record| format!("{} {}", record.id, record.segment)).collect()
}

#[test]
fn the_same_scenario_gives_the_same_trace() {
    for lesson in LESSONS {
        let scenario = lesson.scenario(&Tuning { loss_percent: 20, ..Tuning::default() });
        let [one, two] = [(), ()].map(|()| Timeline::of(scenario.clone()));
        assert_eq!(format!("{:?}", one.trace()), format!("{:?}", two.trace()), "{}", lesson.id);
    }
}

#[test]
fn every_scenario_comes_to_rest() {
    for lesson in LESSONS {
        let timeline = Timeline::of(lesson.scenario(&Tuning::default()));
        assert_eq!(timeline.trace().ending, Ending::Quiet, "{}", lesson.id);
        assert_eq!(timeline.orphans().count(), 0, "{}: an edit of its own does nothing", lesson.id);
    }
}

#[test]
fn extending_from_any_step_equals_running_from_the_start() {
    for lesson in LESSONS {
        let scenario = Arc::new(lesson.scenario(&Tuning::default()));
        let timeline = Timeline::of(Arc::clone(&scenario));
        let whole = format!("{:?}", timeline.trace());
        for steps in 0..timeline.trace().steps.len() {
            let mut timeline = Timeline::within(Arc::clone(&scenario), Limits { steps }).clone();
            timeline.extend(Limits::default());
            assert_eq!(format!("{:?}", timeline.trace()), whole, "{} from step {steps}", lesson.id);
        }
    }
}

#[test]
fn an_edit_does_not_change_the_trace_before_it() {
    for lesson in LESSONS {
        let before = Timeline::of(lesson.scenario(&Tuning::default()));
        for record in &before.trace().segments {
            for edit in [
                Edit::Drop(record.id),
                Edit::Duplicate(record.id, None),
                Edit::Delay(record.id, Duration::from_millis(1_500)),
            ] {
                let after = before.edited(edit, Limits::default());
                let earlier = |timeline: &Timeline| {
                    let trace = timeline.trace();
                    let steps = trace.steps.iter().take_while(|step| step.at < record.sent_at);
                    steps
                        .map(|step| {
                            format!("{step:?} {:?}", trace.effects(step).collect::<Vec<_>>())
                        })
                        .collect::<Vec<_>>()
                };
                assert_eq!(earlier(&before), earlier(&after), "{} {edit}", lesson.id);
            }
        }
    }
}

#[test]
fn seeking_to_any_instant_equals_playing_up_to_it() {
    for lesson in LESSONS {
        let timeline = Timeline::of(lesson.scenario(&Tuning::default()));
        let trace = timeline.trace();
        let mut last = [timeline.before(Side::Client), timeline.before(Side::Server)];
        for (index, step) in trace.steps.iter().enumerate() {
            last[step.side.index()] = timeline.trace().after(step);
            let is_last_of_instant =
                trace.steps.get(index + 1).is_none_or(|next| next.at > step.at);
            assert_eq!(timeline.hosts_after(Some(index)), last);
            if is_last_of_instant {
                assert_eq!(timeline.hosts_after(timeline.seek(step.at).step), last);
                let later = Instant::from_micros(step.at.as_micros() + 1);
                if trace.steps.get(index + 1).is_none_or(|next| next.at > later) {
                    assert_eq!(timeline.seek(later).step, Some(index));
                }
            }
        }
    }
}

#[test]
fn an_edit_does_not_change_the_random_losses_of_other_segments() {
    let tuning = Tuning { loss_percent: 30, seed: 7, ..Tuning::default() };
    let lesson = Lesson::find("normal").expect("built in");
    let before = Timeline::of(lesson.scenario(&tuning));
    let id = SegmentId::of(Side::Client, 1);
    let after = before.edited(Edit::Delay(id, Duration::from_millis(5)), Limits::default());
    let fates = |timeline: &Timeline| {
        let records = timeline.trace().segments.iter();
        let mut fates: Vec<_> =
            records.map(|record| (record.id, record.lost.map(|(_, cause)| cause))).collect();
        fates.sort_by_key(|(id, _)| *id);
        fates
    };
    let (before, after) = (fates(&before), fates(&after));
    for fate in &before {
        if let Some(other) = after.iter().find(|other| other.0 == fate.0) {
            assert_eq!(fate, other);
        }
    }
}

#[test]
fn the_normal_run_goes_through_the_rfcs_states_in_order() {
    let timeline = timeline("normal");
    let client =
        ["CLOSED", "SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSED"];
    let server =
        ["CLOSED", "LISTEN", "SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "LAST-ACK", "CLOSED"];
    assert_eq!(states(&timeline, Side::Client), client);
    assert_eq!(states(&timeline, Side::Server), server);
}

#[test]
fn a_lost_syn_is_retransmitted_after_one_second() {
    let timeline = timeline("syn-lost");
    let trace = timeline.trace();
    let second = trace.segment(SegmentId::of(Side::Client, 2)).expect("sent again");
    assert_eq!(second.sent_at, Instant::from_millis(1_000));
    assert_eq!(second.repeats, Some(SegmentId::of(Side::Client, 1)));
    assert_eq!(states(&timeline, Side::Server).last(), Some(&"CLOSED"));
}

#[test]
fn unanswered_syns_are_retransmitted_at_the_rfcs_times() {
    let timeline = timeline("syn-timeout");
    let sent: Vec<u64> =
        timeline.trace().segments.iter().map(|record| record.sent_at.as_millis() / 1_000).collect();
    assert_eq!(sent, [0, 1, 3, 7, 15, 31, 63, 123]);
    assert_eq!(timeline.end(), Instant::from_millis(183_000));
}

#[test]
fn figure_8_as_a_scenario() {
    let timeline = timeline("old-duplicate-syn");
    assert_eq!(
        segments(&timeline, Side::Server),
        ["S1 <SEQ=300><ACK=91><CTL=SYN,ACK>", "S2 <SEQ=400><ACK=101><CTL=SYN,ACK>"],
    );
    assert_eq!(
        states(&timeline, Side::Server),
        ["CLOSED", "LISTEN", "SYN-RECEIVED", "LISTEN", "SYN-RECEIVED", "ESTABLISHED"],
    );
}

#[test]
fn simultaneous_open_and_close_go_through_their_states() {
    let opening = timeline("simultaneous-open");
    for side in Side::BOTH {
        let expected = ["CLOSED", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED"];
        assert_eq!(states(&opening, side), expected);
    }
    let closing = timeline("simultaneous-close");
    for side in Side::BOTH {
        let states = states(&closing, side);
        assert_eq!(states[states.len() - 4..], ["FIN-WAIT-1", "CLOSING", "TIME-WAIT", "CLOSED"]);
    }
}

#[test]
fn a_three_segment_close_skips_fin_wait_2() {
    let timeline = timeline("three-segment-close");
    assert!(!states(&timeline, Side::Client).contains(&"FIN-WAIT-2"));
    let fins = timeline.trace().segments.iter().filter(|record| record.segment.fin());
    assert_eq!(fins.count(), 2);
}

#[test]
fn a_lost_last_ack_restarts_time_wait() {
    let timeline = timeline("last-ack-lost");
    let starts = timeline.trace().steps.iter().filter(|step| {
        timeline.trace().effects(step).any(|effect| {
            let text = format!("{effect:?}");
            text.contains("TimeWaitStarted")
        })
    });
    assert_eq!(starts.count(), 2);
}

#[test]
fn without_time_wait_the_last_fin_meets_a_reset() {
    let timeline = timeline("no-time-wait");
    assert!(timeline.trace().segments.iter().any(|record| record.segment.rst()));
    let reset = timeline.trace().steps.iter().any(|step| {
        step.side == Side::Server
            && format!("{:?}", timeline.trace().effects(step).collect::<Vec<_>>())
                .contains("ResetCloses")
    });
    assert!(reset);
}

#[test]
fn an_edit_in_a_long_run_equals_running_from_the_start() {
    let mut scenario = Lesson::find("normal").expect("a lesson").scenario(&Tuning::default());
    scenario.hosts[0].config.mss = 10;
    scenario.edits.push(Edit::Call(Side::Client, Call::Send(60_000), Instant::from_millis(200)));
    let limits = Limits { steps: 6_000 };
    let before = Timeline::within(scenario.clone(), limits);
    assert_eq!(before.trace().steps.len(), limits.steps, "it is long");
    let middle = before.trace().segments[before.trace().segments.len() / 2].id;
    for edit in [Edit::Drop(middle), Edit::Delay(middle, Duration::from_millis(30))] {
        let after = before.edited(edit, limits);
        let anew = Timeline::within(after.scenario().clone(), limits);
        assert!(format!("{:?}", after.trace()) == format!("{:?}", anew.trace()), "{edit}");
        let back = after.revised(scenario.clone(), limits);
        assert!(format!("{:?}", back.trace()) == format!("{:?}", before.trace()), "{edit}");
    }
}
