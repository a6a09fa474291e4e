//! Parts of runs: what belongs to them, and what they are as runs of their own.

use tcp_handshake::export::{Format, NotExpressible, Options, Place, export};
use tcp_handshake::ladder::Ladder;
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::packetdrill;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::{Cause, Edit, Effect, Limits, Origin, Part, Side, Timeline};
use tcp_handshake::tcp::Event;
use tcp_handshake::time::Duration;

fn link(text: &str) -> Link {
    let (link, problems) = Link::parse("", text);
    assert_eq!(problems, [], "{text}");
    link
}

fn run(text: &str) -> Timeline {
    let link = link(text);
    link.shown(Timeline::of(link.scenario_to_run()))
}

/// The sender and the flags of every segment.
fn segments(timeline: &Timeline) -> Vec<String> {
    let segments = timeline.trace().segments.iter();
    segments.map(|record| format!("{} {}", record.id, record.segment.flags)).collect()
}

fn states(timeline: &Timeline, step: Option<usize>) -> [String; 2] {
    timeline.hosts_after(step).map(|host| host.state.to_string())
}

/// The cells of the rows of the table for notes.
fn rows(text: &str, language: &str) -> Vec<Vec<String>> {
    let link = link(text);
    let timeline = Timeline::of(link.scenario_to_run());
    let catalog = Catalog::built_in(language).unwrap();
    let options = Options::default();
    let octets = export(&timeline, &link, Format::Markdown, &catalog, &options).unwrap();
    let text = String::from_utf8(octets).unwrap();
    let rows = text.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// The two tables of study notes: three rows, and four.
#[test]
fn the_two_handshakes_are_tables_of_three_and_four_rows() {
    for (language, [client, server]) in
        [("en", ["Client", "Server"]), ("ko", ["클라이언트", "서버"])]
    {
        let open = rows("scenario=normal&part=open", language);
        let found: Vec<[&str; 3]> = open.iter().map(|row| [&*row[0], &*row[1], &*row[2]]).collect();
        let [c, s] = [client, server];
        assert_eq!(found, [["1", c, s], ["2", s, c], ["3", c, s]]);
        for (row, flags) in open.iter().zip(["SYN", "SYN,ACK", "ACK"]) {
            assert!(row[3].ends_with(&format!(" {flags}")) && row[4].len() > 8, "{row:?}");
        }
        let close = rows("scenario=four-way-close&part=close", language);
        let found: Vec<[&str; 3]> =
            close.iter().map(|row| [&*row[0], &*row[1], &*row[2]]).collect();
        assert_eq!(found, [["1", c, s], ["2", s, c], ["3", s, c], ["4", c, s]]);
        for (row, flags) in close.iter().zip(["FIN,ACK", "ACK", "FIN,ACK", "ACK"]) {
            assert!(row[3].ends_with(&format!(" {flags}")) && row[4].len() > 8, "{row:?}");
        }
    }
}

#[test]
fn the_title_of_a_part_names_it() {
    for (language, wanted) in [
        ("en", "### Closing a connection: Close in four segments\n"),
        ("ko", "### 연결 종료: 세그먼트 네 개로 종료\n"),
    ] {
        let link = link("scenario=four-way-close&part=close");
        let catalog = Catalog::built_in(language).unwrap();
        let timeline = Timeline::of(link.scenario_to_run());
        let text = export(&timeline, &link, Format::Markdown, &catalog, &Options::default());
        assert!(text.unwrap().starts_with(wanted.as_bytes()), "{language}");
    }
}

#[test]
fn a_part_begins_and_ends_in_the_states_of_the_run() {
    for (text, before, after) in [
        ("normal&part=open", ["CLOSED", "CLOSED"], ["ESTABLISHED", "ESTABLISHED"]),
        ("normal&part=data", ["ESTABLISHED", "ESTABLISHED"], ["ESTABLISHED", "ESTABLISHED"]),
        ("four-way-close&part=close", ["ESTABLISHED", "ESTABLISHED"], ["CLOSED", "CLOSED"]),
        ("normal&part=half-close", ["FIN-WAIT-2", "CLOSE-WAIT"], ["FIN-WAIT-2", "CLOSE-WAIT"]),
        ("last-ack-lost&part=time-wait", ["FIN-WAIT-2", "LAST-ACK"], ["CLOSED", "CLOSED"]),
    ] {
        let part = run(&format!("scenario={text}"));
        assert_eq!(states(&part, None), before, "{text}");
        let last = part.trace().steps.len() - 1;
        assert_eq!(states(&part, Some(last)), after, "{text}");
        let ladder = Ladder::of(&part, false);
        let first = Side::BOTH.map(|side| {
            let interval = ladder.intervals.iter().find(|it| it.side == side).unwrap();
            assert_eq!(interval.y_from, 0, "{text}");
            interval.state.to_string()
        });
        // A state that lasts no time is not drawn: both hosts leave CLOSED at 0.
        let drawn = if before[0] == "CLOSED" { ["SYN-SENT", "LISTEN"] } else { before };
        assert_eq!(first, drawn, "{text}");
        assert_eq!(ladder.axis.at(0), part.start(), "{text}");
        assert_eq!(ladder.axis.at(ladder.axis.end()), part.end(), "{text}");
    }
}

/// However long the delay, the handshake has three segments.
#[test]
fn data_that_is_sent_before_the_opening_has_ended_is_no_part_of_it() {
    for rtt in ["10ms", "100ms", "300ms", "900ms"] {
        let open = run(&format!("scenario=normal&part=open&rtt={rtt}"));
        assert_eq!(segments(&open), ["C1 SYN", "S1 SYN,ACK", "C2 ACK"], "{rtt}");
        let last = open.trace().steps.len() - 1;
        assert_eq!(states(&open, Some(last)), ["ESTABLISHED", "ESTABLISHED"], "{rtt}");
    }
}

/// In `reordered` the FIN takes effect when the data that it overtook arrives.
#[test]
fn no_state_changes_without_a_reason_in_any_part() {
    for text in LESSONS.iter().map(|lesson| format!("scenario={}", lesson.id)).chain([
        "scenario=normal&rtt=900ms".to_owned(),
        "scenario=normal&do=send:C:5@0ms,close:C@1ms".to_owned(),
        "scenario=normal&loss=20&seed=5".to_owned(),
        "scenario=zero-window&do=abort:S@900ms".to_owned(),
        "scenario=half-close&do=dup:C4,crash:S@400ms".to_owned(),
    ]) {
        let whole = run(&text);
        for part in whole.parts() {
            let part = whole.part(part).unwrap();
            let trace = part.trace();
            assert!(!trace.segments.is_empty());
            let mut states = Side::BOTH.map(|side| part.before(side).state);
            for (index, step) in trace.steps.iter().enumerate() {
                let state = &mut states[step.side.index()];
                let before = trace.host_before(index).unwrap();
                assert_eq!(before.state, *state, "{text} {:?} {index}", part.is_part());
                let mut changes = trace.effects(step).filter_map(|effect| match effect {
                    Effect::Event(Event::Transition { from, to }, _) => Some((from, to)),
                    _ => None,
                });
                let is_crash = matches!(step.cause, Cause::Call(_));
                let by_events =
                    changes.try_fold(*state, |at, (from, to)| (at == from).then_some(to));
                assert!(is_crash || by_events == Some(step.state()), "{text} {index}");
                *state = step.state();
            }
        }
    }
}

/// Every segment of a part is a segment of the run, and what it refers to is right.
#[test]
fn a_part_keeps_names_and_instants() {
    for lesson in LESSONS {
        let whole = run(&format!("scenario={}", lesson.id));
        for part in whole.parts().into_iter().map(|part| whole.part(part).unwrap()) {
            let trace = part.trace();
            for record in &trace.segments {
                assert_eq!(whole.trace().segment(record.id), Some(record), "{}", lesson.id);
                assert!(record.id.origin == Origin::Old || record.sent_at >= part.start());
            }
            for step in &trace.steps {
                assert!(step.at >= part.start() && step.at <= part.end());
                for effect in trace.effects(step) {
                    if let Effect::Sent(index) = effect {
                        let record = &trace.segments[index];
                        assert_eq!((record.from, record.sent_at), (step.side, step.at));
                    }
                }
                if let Cause::Arrival(index, false) = step.cause {
                    assert_eq!(trace.segments[index].arrives_at, Some(step.at));
                }
            }
        }
    }
}

#[test]
fn scenarios_offer_the_parts_that_they_have() {
    for (scenario, parts) in [
        ("normal", &[Part::Open, Part::Data, Part::Close, Part::HalfClose, Part::TimeWait][..]),
        ("four-way-close", &[Part::Open, Part::Close, Part::TimeWait]),
        ("refused", &[]),
        ("abort", &[Part::Open, Part::Data, Part::Close, Part::Reset]),
        ("half-open", &[Part::Reset]),
    ] {
        let whole = run(&format!("scenario={scenario}"));
        assert_eq!(whole.parts(), parts, "{scenario}");
        for part in Part::ALL {
            let cut = whole.part(part);
            assert_eq!(cut.is_some(), parts.contains(&part), "{scenario} {part:?}");
            let again = cut.as_ref().map(|cut| cut.part(part).unwrap());
            assert_eq!(again.map(|it| segments(&it)), cut.map(|it| segments(&it)));
        }
    }
}

#[test]
fn an_edited_part_is_the_same_part_of_the_edited_run() {
    let close = run("scenario=four-way-close&part=close");
    let edited = close.edited(Edit::Drop("C3".parse().unwrap()), Limits::default());
    let fresh = run("scenario=four-way-close&part=close&do=drop:C3");
    assert_eq!(segments(&edited), segments(&fresh));
    assert!(segments(&fresh).len() > 4, "{:?}", segments(&fresh));
    // An edit of a segment outside the part still names a segment of the run.
    assert_eq!(run("scenario=normal&part=close&do=delay:C1:20ms").orphans().count(), 0);
    assert_eq!(run("scenario=normal&part=close&do=drop:C99").orphans().count(), 1);
}

#[test]
fn every_format_exports_every_part_of_every_scenario() {
    for lesson in LESSONS {
        let timeline = run(&format!("scenario={}", lesson.id));
        for part in timeline.parts() {
            let link = Link::to(lesson.id).showing(Some(part));
            for format in Format::ALL {
                let exported =
                    export(&timeline, &link, format, Catalog::english(), &Options::default());
                let is_script = format == Format::Packetdrill;
                assert!(exported.is_ok_and(|it| !it.is_empty()) || is_script, "{}", lesson.id);
            }
        }
    }
}

/// The script of an opening passes as that of a whole run does, and no other part has one.
#[test]
fn the_script_of_an_opening_passes() {
    let delayed_ack = Some(Duration::ZERO);
    let options = packetdrill::Options { delayed_ack, ..packetdrill::Options::default() };
    for at in [Place::Client, Place::Server] {
        for scenario in ["normal", "syn-lost", "ack-lost", "abort"] {
            let link = Link::to(scenario).showing(Some(Part::Open));
            let whole = run(&format!("scenario={scenario}"));
            let write = |link: &Link| {
                let choices = Options { at, ..Options::default() };
                export(&whole, link, Format::Packetdrill, Catalog::english(), &choices)
            };
            let script = String::from_utf8(write(&link).unwrap()).unwrap();
            let report = packetdrill::run(&packetdrill::parse(&script).unwrap(), &options);
            assert!(report.passed(), "{}\n{script}", report.verdict.line(scenario));
            let data = link.showing(Some(Part::Data));
            assert_eq!(write(&data), Err(NotExpressible::Part), "{scenario}");
        }
    }
}

/// In `zero-window` the server's first ACK of data closes the window that its SYN,ACK announced.
#[test]
fn a_window_is_compared_with_the_one_before_the_part() {
    let windows = |text: &str| -> Vec<_> {
        let timeline = run(text);
        let arrows = Ladder::of(&timeline, false).arrows.into_iter();
        arrows.map(|arrow| (arrow.id, arrow.window)).collect()
    };
    let whole = windows("scenario=zero-window");
    let data = windows("scenario=zero-window&part=data");
    assert!(data.iter().any(|(_, window)| window.is_some_and(|it| it.to == 0)));
    assert!(data.iter().all(|it| whole.contains(it)), "{data:?}");
}
