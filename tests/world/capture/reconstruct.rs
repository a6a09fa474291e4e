//! A captured connection becomes a run again: its states are those of the run that was exported.

use tcp_handshake::capture::{CapturePoint, Reconstruction};
use tcp_handshake::export::{Format, Options, Place, export};
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::{Cause, Effect, Side, Timeline};
use tcp_handshake::tcp::{SeqNumber, State};

use super::open;

/// What a capture on one host tells of it: the state of the host after each segment, its SND.NXT
/// and its RCV.NXT.
fn course(timeline: &Timeline, side: Side) -> Vec<(String, State, SeqNumber, SeqNumber)> {
    let trace = timeline.trace();
    let mut course = vec![];
    for step in trace.steps.iter().filter(|step| step.side == side) {
        // The steps of one instant cannot be told apart in a capture.
        let last = timeline.seek(step.at).step;
        let view = timeline.hosts_after(last)[side.index()];
        let mut add = |name: String| {
            course.push((name, view.state, view.tcb.snd_nxt, view.tcb.rcv_nxt));
        };
        let of = |index: usize| trace.segments[index].segment.to_string();
        if let Cause::Arrival(index, _) = step.cause {
            add(format!("arrives {}", of(index)));
        }
        for effect in trace.effects(step) {
            if let Effect::Sent(index) = effect {
                add(format!("sends {}", of(index)));
            }
        }
    }
    course
}

/// The segments of a host that arrived, with its state when it had sent them.
fn departures(timeline: &Timeline, side: Side) -> Vec<(String, State)> {
    let trace = timeline.trace();
    let mut departures = vec![];
    for (index, record) in trace.segments.iter().enumerate() {
        let sent = |step: &&tcp_handshake::sim::Step| {
            step.side == side && trace.effects(step).any(|effect| effect == Effect::Sent(index))
        };
        if record.arrives_at.is_some()
            && let Some(step) = trace.steps.iter().find(sent)
        {
            let last = timeline.seek(step.at).step;
            let state = timeline.hosts_after(last)[side.index()].state;
            let departure = (record.segment.to_string(), state);
            if !departures.contains(&departure) {
                departures.push(departure);
            }
        }
    }
    departures.sort();
    departures
}

#[test]
fn the_captured_host_goes_through_the_states_of_the_run() {
    let catalog = Catalog::built_in("en").unwrap();
    let mut wrong = vec![];
    for lesson in LESSONS {
        let (link, _) = Link::parse("", &format!("scenario={}", lesson.id));
        let timeline = Timeline::of(link.scenario_to_run());
        for (at, side) in [(Place::Client, Side::Client), (Place::Server, Side::Server)] {
            let options = Options { at, ..Options::default() };
            let file = export(&timeline, &link, Format::Pcapng, &catalog, &options).unwrap();
            let opened = open(&file);
            let point = match side {
                Side::Client => CapturePoint::Client,
                Side::Server => CapturePoint::Server,
            };
            let client = std::net::SocketAddr::V4(Side::Client.address());
            let run = Reconstruction::of(&opened.segments, client, None);
            if run.path.is_inferred && run.path.point != point {
                wrong.push(format!("{} {side:?}: {:?}", lesson.id, run.path));
            }
            let run = Reconstruction::of(&opened.segments, client, Some(point));
            let (expected, found) =
                (departures(&timeline, side.peer()), departures(&run.timeline, side.peer()));
            if expected != found && !(lesson.id == "old-duplicate-syn" && side == Side::Server) {
                wrong.push(format!("{} {side:?}:\n  {found:?}, not\n  {expected:?}", lesson.id));
            }
            let (expected, found) = (course(&timeline, side), course(&run.timeline, side));
            if let Some(index) = (0..expected.len().max(found.len()))
                .find(|index| expected.get(*index) != found.get(*index))
            {
                wrong.push(format!(
                    "{} {side:?} {index}: {:?}, not {:?}",
                    lesson.id,
                    found.get(index),
                    expected.get(index)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
