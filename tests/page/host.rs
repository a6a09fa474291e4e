//! The messages between the page and a host page.

use serde_json::{Value, json};
use tcp_handshake::app::host::{self, MAX_LENGTH, Message, Object, Reporter, Request};
use tcp_handshake::app::quiz::{Entry, Move};
use tcp_handshake::app::{Action, AppState, Look, Open, Play, play_quiz, read_opened_text, reduce};
use tcp_handshake::link::Link;
use tcp_handshake::packetdrill::Stack;
use tcp_handshake::tcp::Flags;
use tcp_handshake::time::Instant;

fn page(link: &str) -> AppState {
    let (link, problems) = Link::parse("", link);
    AppState::open(link, problems)
}

/// A message as JSON, its fields in order.
fn text(object: &Object) -> String {
    let field = |(name, value): &(&str, host::Value)| format!("{}:{}", json!(name), written(value));
    let fields: Vec<String> = object.fields().iter().map(field).collect();
    format!("{{{}}}", fields.join(","))
}

fn written(value: &host::Value) -> String {
    match value {
        host::Value::Null => "null".to_owned(),
        host::Value::Bool(value) => value.to_string(),
        host::Value::Number(number) => number.to_string(),
        host::Value::Text(text) => json!(text).to_string(),
        host::Value::List(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(","))
        }
        host::Value::Object(object) => text(object),
    }
}

fn parsed(object: &Object) -> Value {
    serde_json::from_str(&text(object)).expect("JSON")
}

/// The request that the page reads from a message.
fn read(json: &str, state: &AppState) -> Option<Message> {
    let value: Value = serde_json::from_str(json).ok()?;
    host::read(Some(json.len()), value.as_object()?, state)
}

/// The page's reply to a message, and its state afterwards.
fn ask(state: &AppState, message: &str) -> (Option<Value>, AppState) {
    let Some(Message { seq, request }) = read(message, state) else {
        return (None, state.clone());
    };
    match request {
        Ok(request) => {
            let mut after = state.clone();
            if let Request::Act(actions) = &request {
                after = actions.iter().cloned().fold(after, |state, action| reduce(&state, action));
            }
            (Some(parsed(&host::reply(seq, &request, &after))), after)
        }
        Err(error) => (Some(parsed(&host::refusal(seq, &error))), state.clone()),
    }
}

fn say(name: &str, mut fields: Value) -> String {
    let all = fields.as_object_mut().expect("an object");
    all.insert("src".into(), json!("tcp-handshake"));
    all.insert("v".into(), json!(1));
    all.insert("seq".into(), json!(7));
    all.insert("type".into(), json!(name));
    fields.to_string()
}

/// Sends one message, and compares one field of the reply's result.
#[track_caller]
#[allow(clippy::needless_pass_by_value, reason = "a literal at each call")]
fn check(name: &str, fields: Value, key: &str, expected: Value) {
    let (reply, _) = ask(&page("scenario=normal"), &say(name, fields));
    let reply = reply.expect("an answer");
    assert_eq!(reply["ok"], json!(true), "{reply}");
    assert_eq!(reply["seq"], json!(7));
    assert_eq!(reply["result"][key], expected, "{reply}");
}

#[track_caller]
fn refuses(name: &str, fields: Value, field: &str) {
    let before = page("scenario=normal");
    let (reply, after) = ask(&before, &say(name, fields));
    let reply = reply.expect("an answer");
    assert_eq!(reply["ok"], json!(false), "{reply}");
    let message = reply["error"]["message"].as_str().expect("a sentence");
    assert!(message.starts_with(field), "{message}");
    assert_eq!(after.link_now(), before.link_now(), "nothing changes");
}

#[test]
fn commands_have_their_effects() {
    check("seek", json!({ "to": 50 }), "server", json!("SYN-RECEIVED"));
    check("seek", json!({ "to": "S1.arrive" }), "client", json!("ESTABLISHED"));
    check("seek", json!({ "to": "100%" }), "client", json!("CLOSED"));
    check("seek", json!({ "to": "1.5s" }), "currentTime", json!(1_500));
    check("seek", json!({ "to": { "chapter": "time-wait" } }), "client", json!("TIME-WAIT"));
    check("play", json!({}), "paused", json!(false));
    check("step", json!({ "by": 3 }), "step", json!(2));
    check("load", json!({ "script": "refused" }), "script", json!("scenario=refused"));
    let edited = json!("scenario=normal&do=drop:C1");
    check("edit", json!({ "op": "drop", "seg": "C1" }), "script", edited.clone());
    let later = json!({ "op": "delay", "seg": "S1", "by": 1.5 });
    check("edit", later, "script", json!("scenario=normal&do=delay:S1:1500us"));
    check("edit", json!({ "do": "drop:C1" }), "script", edited.clone());
    check("load", json!({ "script": "scenario=normal&do=drop:C1" }), "script", edited);
    check("speed", json!({ "to": 0.25 }), "speed", json!(0.25));
    check("speed", json!({ "to": "4" }), "speed", json!(4));
    check("seek", json!({ "to": 50.25 }), "currentTime", json!(50.25));
    check("seek", json!({ "to": "50500us" }), "currentTime", json!(50.5));
    check("getScript", json!({}), "script", json!("scenario=normal"));
    check("hello", json!({}), "duration", json!(240_750));
}

#[test]
fn a_bad_message_is_refused_with_the_name_of_the_field() {
    refuses("fly", json!({}), "type");
    refuses("seek", json!({}), "to");
    refuses("seek", json!({ "to": -5 }), "to");
    refuses("seek", json!({ "to": "C99.send" }), "to");
    refuses("seek", json!({ "to": "900%" }), "to");
    refuses("seek", json!({ "to": "\"\u{0}\\" }), "to");
    refuses("\"\u{7}\\", json!({}), "type");
    refuses("step", json!({ "by": 1e300 }), "by");
    refuses("load", json!({ "script": "<img src=x onerror=alert(1)>" }), "script");
    refuses("edit", json!({ "op": "drop" }), "seg");
    refuses("edit", json!({ "do": 9 }), "do");
    refuses("edit", json!({ "op": "delay", "seg": "S1", "by": -1 }), "by");
    refuses("edit", json!({ "op": "explode", "seg": "C1" }), "do");
    refuses("speed", json!({ "to": 77 }), "to");
    refuses("language", json!({ "to": "tlh" }), "to");
}

#[test]
fn messages_of_other_programs_are_dropped() {
    let state = page("scenario=normal");
    for message in [
        "",
        "null",
        "[]",
        "{",
        r#"{"type":"play"}"#,
        r#"{"src":"other","v":1,"type":"play"}"#,
        r#"{"src":"tcp-handshake","v":2,"type":"play"}"#,
        r#"{"src":"tcp-handshake","v":"1","type":"play"}"#,
    ] {
        assert!(read(message, &state).is_none(), "{message}");
    }
}

#[test]
fn a_message_that_is_too_long_or_not_json_is_refused() {
    let state = page("scenario=normal");
    let message = say("play", json!({}));
    let fields: Value = serde_json::from_str(&message).expect("JSON");
    let fields = fields.as_object().expect("an object");
    for length in [None, Some(MAX_LENGTH + 1)] {
        let Message { seq, request } = host::read(length, fields, &state).expect("a message");
        let error = request.expect_err("refused");
        assert_eq!((seq, error.code), (Some(7), "bad-message"));
        assert!(error.message.starts_with("message: "), "{}", error.message);
    }
    assert!(host::read(Some(MAX_LENGTH), fields, &state).is_some_and(|it| it.request.is_ok()));
}

/// The state after a message that is granted.
#[track_caller]
fn after(state: &AppState, name: &str, fields: Value) -> AppState {
    let (reply, after) = ask(state, &say(name, fields));
    assert_eq!(reply.expect("an answer")["ok"], json!(true), "{name}");
    after
}

#[track_caller]
fn is_refused(state: &AppState, name: &str, fields: Value, field: &str) {
    let (reply, after) = ask(state, &say(name, fields));
    let reply = reply.expect("an answer");
    assert_eq!((&reply["ok"], &reply["error"]["code"]), (&json!(false), &json!("refused")));
    let message = reply["error"]["message"].as_str().expect("a sentence");
    assert!(message.starts_with(field), "{message}");
    assert_eq!(after.link, state.link);
}

#[test]
fn a_change_that_cannot_be_made_is_refused() {
    let first = page("scenario=normal");
    is_refused(&first, "undo", json!({}), "type: ");
    is_refused(&first, "redo", json!({}), "type: ");
    let edited = after(&first, "edit", json!({ "do": "drop:C1" }));
    is_refused(&edited, "redo", json!({}), "type: ");
    let undone = after(&edited, "undo", json!({}));
    assert_eq!(undone.link, first.link);
    assert_eq!(after(&undone, "redo", json!({})).link, edited.link);

    let edits: Vec<String> = (1..=64).map(|ms| format!("send:C:1@{ms}ms")).collect();
    let full = page(&format!("scenario=normal&do={}", edits.join(",")));
    assert_eq!((full.link.edits.len(), full.problems.len()), (64, 0));
    is_refused(&full, "edit", json!({ "do": "drop:C1" }), "do: ");
    // An edit that replaces another needs no room.
    let last = edits[..63].join(",");
    let full = page(&format!("scenario=normal&do={last},delay:C1:10ms"));
    let slower = after(&full, "edit", json!({ "do": "delay:C1:20ms" }));
    assert_eq!(slower.link.edits.len(), 64);
    assert!(slower.link.to_string().ends_with("delay:C1:20ms"));
}

#[test]
fn a_scripts_run_takes_no_edits_from_a_host() {
    let script: std::rc::Rc<str> = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3".into();
    let stack = Stack::Linux;
    let state = reduce(&page("scenario=normal"), Action::Open(Open::Script(script.clone(), stack)));
    let read = read_opened_text(&script, stack);
    let state = reduce(&state, Action::Open(Open::Read(script, stack, read)));
    assert!(state.is_script());
    for name in ["edit", "undo", "redo", "reset"] {
        is_refused(&state, name, json!({ "do": "drop:C1" }), "type: ");
    }
}

#[test]
fn an_address_is_loaded_and_a_link_that_is_not_understood_is_refused() {
    let loaded = |script: &str| {
        after(&page("scenario=normal"), "load", json!({ "script": script })).link.to_string()
    };
    let address = "https://notes.example/tcp/?utm_source=a&lang=ko#scenario=refused&rtt=30ms";
    assert_eq!(loaded(address), "scenario=refused&rtt=30ms&lang=ko");
    assert_eq!(loaded("https://notes.example/?scenario=abort"), "scenario=abort");
    assert_eq!(loaded("#do=drop:C1"), "scenario=normal&do=drop:C1");
    // A link of a later version.
    assert_eq!(loaded("scenario=abort&later=1"), "scenario=abort&later=1");
    for wrong in ["scenario=nowhere", "do=drop:Q9", "scenario=abort&rtt=banana", "undo=1"] {
        refuses("load", json!({ "script": wrong }), "script: ");
    }
}

#[test]
fn a_host_page_receives_events_about_changes() {
    let before = page("scenario=normal");
    let (_, after) = ask(&before, &say("seek", json!({ "to": 100 })));
    let mut reporter = Reporter::default();
    assert!(reporter.changes(&before).is_empty(), "nothing is known yet that could have changed");
    let events: Vec<Value> =
        reporter.changes(&after).iter().map(|it| parsed(&it.message())).collect();
    let changes: Vec<String> = events
        .iter()
        .filter(|event| event["type"] == "statechange")
        .map(|event| format!("{} {} {}", event["side"], event["to"], event["t"]))
        .collect();
    assert_eq!(changes, [r#""client" "ESTABLISHED" 100"#, r#""server" "SYN-RECEIVED" 100"#]);
    assert!(reporter.changes(&after).is_empty());
}

#[test]
fn a_host_page_receives_the_results_of_the_quiz() {
    let told = |moves: &[Move]| {
        let mut reporter = Reporter::default();
        let mut state = page("scenario=normal");
        let mut heard = vec![];
        for one in moves {
            state = reduce(&state, play_quiz(one.clone()));
            heard.extend(reporter.changes(&state).iter().map(|it| parsed(&it.message())));
        }
        heard.retain(|event| event["type"] == "quiz");
        heard
    };
    let correct = |heard: Vec<Value>| -> Vec<Value> {
        heard.iter().map(|event| event["correct"].clone()).collect()
    };
    let entry = |seq: &str| {
        let ack = "301".to_owned();
        Move::Answer(Entry { flags: Flags::ACK, seq: seq.to_owned(), ack, ..Entry::default() })
    };
    // The answer to the SYN is shown first; the question is about the third segment.
    let asked = |last: Move| correct(told(&[Move::Start, Move::Show, Move::Next, last]));
    assert_eq!(asked(entry("101")), [Value::Null, json!(true)]);
    assert_eq!(asked(entry("7")), [Value::Null, json!(false)]);
    assert_eq!(asked(entry("x")), [Value::Null]);
    assert_eq!(asked(Move::Leave), [Value::Null]);
    let first = &told(&[Move::Start, Move::Show])[0];
    assert_eq!((&first["kind"], &first["index"]), (&json!("next"), &json!(2)));
    // The first question about a lost segment: it is the client's fifth.
    let lost = |last: Move| told(&[Move::Start, Move::FindLoss, last, Move::Next]);
    for (last, correct) in [("C5", json!(true)), ("C1", json!(false))] {
        let heard = lost(Move::Guess(last.parse().ok()));
        let event = json!({
            "src": heard[0]["src"], "v": 1, "type": "quiz", "kind": "loss", "seg": "C5",
            "correct": correct,
        });
        assert_eq!(heard, [event]);
    }
    assert_eq!(correct(lost(Move::Show)), [Value::Null]);
    assert!(lost(Move::Guess(None)).is_empty());
}

#[test]
fn the_time_is_reported_when_it_has_changed() {
    let mut reporter = Reporter::default();
    let before = page("scenario=normal");
    assert_eq!(reporter.time(&before), None);
    let (_, after) = ask(&before, &say("seek", json!({ "to": 100 })));
    let time = parsed(&reporter.time(&after).expect("a time").message());
    assert_eq!(time["type"], json!("timeupdate"));
    assert_eq!(time["currentTime"], json!(100));
    assert_eq!(reporter.time(&after), None);
}

#[test]
fn loading_a_run_keeps_language_and_theme() {
    let before = page("scenario=normal&embed=1&lang=ko&theme=dark");
    let script = json!({ "script": "scenario=refused&t=20ms" });
    let (_, after) = ask(&before, &say("load", script));
    let look = "scenario=refused&t=20ms&lang=ko&theme=dark&embed=1";
    assert_eq!(after.link_now().to_string(), look);
    let (_, after) = ask(&after, &say("load", json!({ "script": "do=drop:C1&lang=en" })));
    assert_eq!(after.link.view.lang.as_deref(), Some("en"));
}

#[test]
fn messages_have_exact_texts() {
    let state = page("scenario=refused");
    let mut texts = vec![text(&host::greeting(&state)), text(&host::status(&state))];
    let mut reporter = Reporter::default();
    assert!(reporter.changes(&state).is_empty());
    assert_eq!(reporter.time(&state), None);
    let after = Action::Play(Play::Seek(Instant::from_micros(50_250)));
    let after = reduce(&state, after);
    let after = reduce(&after, Action::Look(Look::Select("C1".parse().ok())));
    texts.extend(reporter.changes(&after).iter().map(|event| text(&event.message())));
    texts.extend(reporter.time(&after).iter().map(|event| text(&event.message())));
    for (name, fields) in [
        ("edit", json!({ "do": "drop:C1" })),
        ("getScript", json!({})),
        ("hello", json!({})),
        ("\u{7}\"fly\\", json!({})),
    ] {
        let Message { seq, request } = read(&say(name, fields), &after).expect("a message");
        texts.push(match request {
            Ok(request) => text(&host::reply(seq, &request, &after)),
            Err(error) => text(&host::refusal(seq, &error)),
        });
    }
    let expected = include_str!("../data/host/messages.txt");
    assert_eq!(texts.join("\n") + "\n", expected);
}
