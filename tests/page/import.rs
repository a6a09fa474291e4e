//! Opening an exported JSON trace restores its run; any other text is refused.

use serde_json::{Value, json};

use tcp_handshake::app::{
    Action, AppState, Change, Complaint, Draft, Look, MAX_TRACE, Open, read_opened_text, reduce,
};
use tcp_handshake::export::{Format, Options, export};
use tcp_handshake::link::{Link, Theme};
use tcp_handshake::locale::Catalog;
use tcp_handshake::packetdrill::Stack;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::Timeline;

fn open(link: &str) -> AppState {
    let (link, problems) = Link::parse("", link);
    AppState::open(link, problems)
}

fn json_of(link: &Link) -> String {
    let timeline = Timeline::of(link.scenario_to_run());
    let catalog = Catalog::english();
    let octets = export(&timeline, link, Format::Json, catalog, &Options::default()).unwrap();
    String::from_utf8(octets).unwrap()
}

fn trace(link: &str) -> String {
    json_of(&open(link).link)
}

fn import(state: &AppState, text: &str) -> AppState {
    answered(reduce(state, Action::Open(Open::File(Ok(text.to_owned())))))
}

/// Reads an opened script or trace at once; on the page the result comes later.
fn answered(state: AppState) -> AppState {
    let Draft { text, stack, is_awaited: true, .. } = state.draft.clone() else { return state };
    let result = read_opened_text(&text, stack);
    reduce(&state, Action::Open(Open::Read(text, stack, result)))
}

/// The field that makes the page refuse a text. Only the draft changes.
fn fault(text: &str) -> String {
    let before = open("scenario=refused&t=10");
    let after = import(&before, text);
    assert!(after.draft.is_open && &*after.draft.text == text);
    assert_eq!((&after.link, after.playhead), (&before.link, before.playhead));
    match after.draft.complaint {
        Some(Complaint::Field(field)) => field,
        Some(Complaint::NotJson { line, column }) => format!("not JSON at {line}:{column}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_run_is_restored_from_its_trace() {
    let long =
        "scenario=normal&do=drop:C2,delay:S2:300ms,close:S@2s&rtt=40ms&isn=7,9&loss=30&seed=4";
    let links = LESSONS.iter().map(|lesson| format!("scenario={}", lesson.id));
    for link in links.chain([long.to_owned()]) {
        let text = trace(&link);
        let state = import(&open("scenario=refused&theme=dark&lang=ko&t=10"), &text);
        assert!(!state.draft.is_open && state.draft.complaint.is_none(), "{link}");
        assert!(json_of(&state.link) == text, "{link}");
        assert_eq!(state.playhead.step, None);
        // It is shown like any other run, and undo restores the run before it.
        assert_eq!(
            (state.link.view.theme, state.link.view.lang.as_deref()),
            (Theme::Dark, Some("ko"))
        );
        let undone = reduce(&state, Action::Edit(Change::Undo));
        assert_eq!(undone.link.scenario, "refused");
    }
}

#[test]
fn a_pasted_trace_and_one_with_a_byte_order_mark_are_opened() {
    let text = trace("scenario=fin-lost");
    let text = format!("\n {text}");
    let pasted =
        answered(reduce(&open(""), Action::Open(Open::Script(text.as_str().into(), Stack::Linux))));
    assert_eq!(pasted.link.scenario, "fin-lost");
    assert_eq!(import(&open(""), &format!("\u{feff}{text}")).link.scenario, "fin-lost");
}

#[test]
fn a_trace_replaces_a_scripts_run() {
    let script = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n";
    let state = import(&open(""), script);
    assert!(state.is_script());
    let state = import(&state, &trace("scenario=abort"));
    assert!(!state.is_script());
    assert_eq!(state.link.scenario, "abort");
}

#[test]
fn the_wrong_field_of_a_trace_is_named() {
    let whole: Value = serde_json::from_str(&trace("scenario=syn-lost&do=drop:C2")).unwrap();
    let damages: [(&str, &str, Value); 15] = [
        ("/version", "version", json!(2)),
        ("/version", "version", json!("1")),
        ("/link", "link", json!(7)),
        ("/link", "link", json!("scenario=nope")),
        ("/link", "link", json!("scenario=syn-lost&do=drop:X9")),
        ("/link", "edits", json!("scenario=syn-lost")),
        ("/scenario", "scenario", json!("normal")),
        ("/edits", "edits", json!({})),
        ("/edits/1", "edits[1]", json!("drop:C9")),
        ("/segments", "segments", json!([])),
        ("/segments/1/id", "segments[1].id", json!("<script>")),
        ("/segments/0/seq", "segments[0].seq", json!(-1)),
        ("/segments/2/sentAt", "segments[2].sentAt", json!(1.5)),
        ("/steps", "steps", Value::Null),
        ("/steps/3/at", "steps[3].at", json!([])),
    ];
    for (pointer, field, value) in damages {
        let mut file = whole.clone();
        *file.pointer_mut(pointer).unwrap() = value;
        assert_eq!(fault(&file.to_string()), field, "{pointer}");
    }
    for field in ["version", "link", "scenario", "edits", "segments", "steps"] {
        let mut file = whole.clone();
        file.as_object_mut().unwrap().remove(field);
        assert_eq!(fault(&file.to_string()), field);
    }
}

#[test]
fn invalid_json_is_reported_with_its_position() {
    assert_eq!(fault("{"), "not JSON at 1:1");
    assert_eq!(fault("{\n\"version\": 1,\n}"), "not JSON at 3:1");
    assert_eq!(fault("{}"), "version");
    assert!(fault(&"{\"a\":".repeat(100_000)).starts_with("not JSON at 1:"));
    let long = format!("{{{}", " ".repeat(MAX_TRACE));
    let draft =
        import(&reduce(&open(""), Action::Look(Look::Draft("kept".into(), Stack::Linux))), &long)
            .draft;
    assert_eq!(&*draft.text, "kept");
    assert_eq!(draft.complaint, Some(Complaint::TooLong { octets: long.len(), most: MAX_TRACE }));
}
