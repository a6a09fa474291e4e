//! Captures in the page: the list, the run of a connection, its summary.

use std::fmt::Write as _;
use std::rc::Rc;

use tcp_handshake::app::captured::list::{Column, Listing, Order, Troubles};
use tcp_handshake::app::captured::scenario::{NotAScenario, scenario};
use tcp_handshake::app::captured::summary::summary;
use tcp_handshake::app::captured::{Collector, Shown, Source};
use tcp_handshake::app::{Action, AppState, Change, Look, Open, Play, Refusal, reduce};
use tcp_handshake::capture::{
    Capture, CapturePoint, Closing, ErrorKind, MOST_SEGMENTS, Note, Opening, Remark,
};
use tcp_handshake::export::{Format, Options, Place, export};
use tcp_handshake::link::Link;
use tcp_handshake::locale::{Catalog, LANGUAGES};
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::{Edit, SegmentId, Side, Timeline};

fn english() -> Catalog {
    Catalog::built_in("en").unwrap()
}

/// The capture of a link's run at a host.
fn capture_of(link: &str, at: Place) -> Vec<u8> {
    let (link, _) = Link::parse("", link);
    let timeline = Timeline::of(link.scenario_to_run());
    let options = Options { at, ..Options::default() };
    export(&timeline, &link, Format::Pcapng, &english(), &options).unwrap()
}

/// A file that has been read as the page reads it.
struct Read {
    listing: Listing,
    bytes: Vec<u8>,
}

impl Read {
    fn new(bytes: Vec<u8>) -> Self {
        let (mut capture, mut troubles) = (Capture::new(), Troubles::default());
        let mut each = |traced: &_| troubles.count(traced);
        let result = capture.push(&bytes, &mut each).and_then(|()| capture.finish(&mut each));
        Self { listing: Listing::of("a.pcapng".into(), &capture, &troubles, result.err()), bytes }
    }

    fn show(&self, number: usize, before: u64) -> Shown {
        let (mut capture, mut collector) = (Capture::new(), Collector::new(number, before));
        // The error is in the list.
        let _ = capture.push(&self.bytes, |traced| collector.take(traced));
        let _ = capture.finish(|traced| collector.take(traced));
        let source = Source { file: Rc::clone(&self.listing.file), number, before };
        let connection = self.listing.rows[number].connection.clone();
        Shown::of(source, connection, collector.finish(), None)
    }
}

fn act(state: &AppState, actions: impl IntoIterator<Item = Action>) -> AppState {
    actions.into_iter().fold(state.clone(), |state, action| reduce(&state, action))
}

fn shown(link: &str) -> AppState {
    let read = Read::new(capture_of(link, Place::Client));
    let (link, problems) = Link::parse("", "scenario=refused");
    act(&AppState::open(link, problems), [Action::Open(Open::Capture(read.show(0, 0)))])
}

#[test]
fn a_capture_is_played_like_a_run_and_left_again() {
    let state = shown("scenario=data-lost");
    assert!(state.is_fixed() && !state.is_script() && state.playhead.step.is_none());
    let mut stepped = state.clone();
    for _ in 0..state.run.timeline.trace().steps.len() {
        stepped = act(&stepped, [Action::Play(Play::Step(1))]);
    }
    assert!(stepped.is_at_end());
    let c1 = SegmentId::of(Side::Client, 1);
    let selected = act(&stepped, [Action::Look(Look::Select(Some(c1)))]);
    assert_eq!(
        selected.run.capture.as_ref().unwrap().of_segment(&selected.run.timeline, c1).unwrap().0,
        1
    );
    // The address still names the run behind it.
    assert_eq!(selected.link_now().to_string(), "scenario=refused");
    let left = act(&selected, [Action::Open(Open::Leave)]);
    assert!(!left.is_fixed() && left.run.capture.is_none() && left.selected.is_none());
    let other = act(&selected, [Action::Open(Open::Scenario("normal"))]);
    assert!(!other.is_fixed() && other.link.scenario == "normal");
}

#[test]
fn what_was_captured_cannot_be_changed() {
    let state = shown("scenario=data-lost");
    let edit = Edit::Drop(SegmentId::of(Side::Client, 1));
    for change in [Change::Add(edit), Change::Undo, Change::Clear, Change::Extend] {
        let after = act(&state, [Action::Edit(change)]);
        assert_eq!(after.refused, Some(Refusal::Capture));
        assert!(Rc::ptr_eq(&after.run, &state.run));
    }
    assert!(!state.can_undo() && !state.can_redo());
}

#[test]
fn another_capture_point_keeps_the_place_and_the_selection() {
    let state = shown("scenario=normal");
    let id = SegmentId::of(Side::Server, 1);
    let state = act(&state, [Action::Play(Play::Step(3)), Action::Look(Look::Select(Some(id)))]);
    let captured = state.run.capture.clone().unwrap();
    assert_eq!(captured.path.point, CapturePoint::Client);
    let server = captured.at(Some(CapturePoint::Server));
    let after = act(&state, [Action::Open(Open::Capture(server))]);
    let path = after.run.capture.as_ref().unwrap().path;
    assert_eq!((path.point, path.is_inferred), (CapturePoint::Server, false));
    assert_eq!((after.playhead.at, after.selected), (state.playhead.at, Some(id)));
}

#[test]
fn the_list_is_sorted_and_searched() {
    // Two connections: those of two captures, the second with other ports.
    let line = |at: &str, from: &str, to: &str, rest: &str| {
        format!("{at} IP {from} > {to}: Flags {rest}\n")
    };
    let text = [
        line("10:00:00.0", "10.0.0.1.5000", "10.0.0.2.80", "[S], seq 1, win 100, length 0"),
        line("10:00:00.1", "10.0.0.2.80", "10.0.0.1.5000", "[S.], seq 9, ack 2, win 100, length 0"),
        line("10:00:00.2", "10.0.0.1.5000", "10.0.0.2.80", "[.], ack 10, win 100, length 0"),
        line("10:00:01.0", "10.0.0.3.4000", "10.0.0.2.22", "[S], seq 1, win 100, length 0"),
        line("10:00:01.1", "10.0.0.2.22", "10.0.0.3.4000", "[R.], seq 0, ack 2, win 0, length 0"),
    ]
    .concat();
    let listing = Read::new(text.into_bytes()).listing;
    let words = english();
    let listed = |query: &str, order| listing.listed(query, order, &words);
    assert_eq!(listed("", Order::default()), [0, 1]);
    assert_eq!(listed("", Order::default().by(Column::Start)), [1, 0]);
    assert_eq!(listed("", Order::default().by(Column::Segments)), [0, 1], "the most first");
    assert_eq!(listed("", Order::default().by(Column::Opening)), [0, 1]);
    assert_eq!(listed("", Order::default().by(Column::Opening).by(Column::Opening)), [1, 0]);
    assert_eq!(listed("refused", Order::default()), [1]);
    assert_eq!(listed("10.0.0.1 HANDSHAKE", Order::default()), [0]);
    assert_eq!(listed("nowhere", Order::default()), [0_usize; 0]);
}

#[test]
fn a_long_connection_is_shown_in_parts() {
    let mut text = String::new();
    for index in 0..5_000_u32 {
        let seq = 1 + 10 * index;
        writeln!(
            text,
            "10:{:02}:{:02}.0 IP 10.0.0.1.5000 > 10.0.0.2.80: Flags [.], seq {seq}:{}, ack 1, \
             win 9, length 10",
            index / 60,
            index % 60,
            seq + 10
        )
        .unwrap();
    }
    let read = Read::new(text.into_bytes());
    let mut before = 0;
    let mut counts = vec![];
    loop {
        let state = act(
            &AppState::open(Link::default(), vec![]),
            [Action::Open(Open::Capture(read.show(0, before)))],
        );
        let captured = state.run.capture.clone().unwrap();
        counts.push(state.run.timeline.trace().segments.len());
        if captured.after() == 0 {
            break;
        }
        before = captured.connection.segments() - captured.after();
    }
    assert_eq!(counts, [MOST_SEGMENTS, MOST_SEGMENTS, 1_000]);
}

#[test]
fn the_summary_agrees_with_the_run_that_was_captured() {
    let words = english();
    let mut all = String::new();
    for lesson in LESSONS {
        let state = shown(&format!("scenario={}", lesson.id));
        let sentences = summary(&state.run, &words).join(" ");
        assert!(!sentences.contains("capture."), "{}: {sentences}", lesson.id);
        let opens = match lesson.id {
            "refused" => "refused C1 with the RST S1",
            "simultaneous-open" => "the SYNs C1 and S1 crossed",
            "old-duplicate-syn" => "C1, S2, C3",
            "syn-timeout" => "Nothing replied to C1; SYNs sent",
            _ => "3-way handshake",
        };
        assert!(sentences.contains(opens), "{}: {sentences}", lesson.id);
        let (link, _) = Link::parse("", &format!("scenario={}", lesson.id));
        let trace = Timeline::of(link.scenario_to_run()).trace().clone();
        let again = trace
            .segments
            .iter()
            .filter(|it| it.repeats.is_some() && it.from == Side::Client)
            .count();
        let is_said = sentences.contains("sent again:");
        // The client that has restarted opens another connection; probes are noted as such.
        if again > 0 && !["half-open", "zero-window"].contains(&lesson.id) {
            assert!(is_said, "{}: {sentences}", lesson.id);
        }
        writeln!(all, "{}: {sentences}", lesson.id).unwrap();
    }
    for part in [
        "Both hosts closed, the client first",
        "reset the connection with",
        "sent the RST",
        "is open",
    ] {
        assert!(all.contains(part), "{part} in\n{all}");
    }
}

#[test]
fn every_name_has_its_words() {
    let mut keys: Vec<String> = vec![];
    keys.extend(
        Note::ALL
            .iter()
            .flat_map(|note| ["note", "says"].map(|it| format!("capture.{it}.{}", note.name()))),
    );
    keys.extend(ErrorKind::ALL.iter().map(|kind| format!("capture.error.{}", kind.id())));
    keys.extend(Remark::IDS.iter().map(|id| format!("capture.remark.{id}")));
    keys.extend(Opening::ALL.iter().map(|it| format!("capture.opening.{}", it.id())));
    keys.extend(Closing::ALL.iter().map(|it| format!("capture.closing.{}", it.id())));
    keys.extend(Column::ALL.iter().map(|it| format!("capture.column.{}", it.id())));
    for language in LANGUAGES {
        let words = Catalog::built_in(language.code).unwrap();
        let missing: Vec<&String> = keys.iter().filter(|key| !words.has(key)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", language.code);
    }
}

/// The segments of a capture; with `swaps`, as if each host had sent those of the other.
fn seen(file: &[u8], swaps: bool) -> Vec<String> {
    let mut capture = Capture::new();
    let mut lines = vec![];
    let mut each = |traced: &tcp_handshake::capture::TracedSegment| {
        let it = &traced.segment;
        let from = if swaps { it.to } else { it.from };
        let flags = it.flags.letters();
        lines.push(format!("{from} {flags} {} {} {}", it.seq, it.ack, it.length));
    };
    capture.push(file, &mut each).unwrap();
    capture.finish(&mut each).unwrap();
    // Segments that pass at the same time have no order.
    lines.sort();
    lines
}

#[test]
fn a_captured_scenario_becomes_a_link_to_the_same_segments() {
    let mut failed = vec![];
    // A host that has restarted opens a second connection; the answer to an old duplicate hides
    // the delay. Both are refused with the first segment that differs.
    let refused = ["half-open", "old-duplicate-syn"];
    for lesson in LESSONS {
        for at in [Place::Client, Place::Server] {
            for tuned in ["", "&rtt=40ms&isn=7000,900000"] {
                let file = capture_of(&format!("scenario={}{tuned}", lesson.id), at);
                let read = Read::new(file.clone());
                // Where no segment arrives, there is nothing to see.
                if read.listing.rows.is_empty() {
                    continue;
                }
                let state = act(
                    &AppState::open(Link::default(), vec![]),
                    [Action::Open(Open::Capture(read.show(0, 0)))],
                );
                match scenario(&state.run) {
                    Ok(link) => {
                        let again = capture_of(&link.to_string(), at);
                        // Whoever's SYN is captured first counts as the client.
                        let swaps = lesson.id == "simultaneous-open" && at == Place::Server;
                        if seen(&again, swaps) != seen(&file, false) {
                            failed.push(format!("{}{tuned} {at:?}: other segments", lesson.id));
                        }
                        let opened = act(&state, [Action::Open(Open::Run(Box::new(link)))]);
                        assert!(!opened.is_fixed());
                    }
                    Err(NotAScenario::Differs { .. }) if refused.contains(&lesson.id) => {}
                    Err(why) => failed.push(format!("{}{tuned} {at:?}: {why:?}", lesson.id)),
                }
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
