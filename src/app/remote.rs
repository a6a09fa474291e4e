//! The page under another page's command: messages in, replies and events out, all as JSON.
//!
//! The format is described in docs/embedding.md. Whatever arrives is read defensively: a message
//! that is not understood changes nothing, and is answered with the part at fault.

use serde_json::{Map, Value, json};

use super::action::{Action, SpeedChange};
use super::state::AppState;
use super::view;
use crate::link::{Link, Theme};
use crate::locale;
use crate::scenarios::Lesson;
use crate::sim::{Edit, SegmentId, Side};
use crate::time::{Duration, Instant};

/// The `src` of every message of ours, in both directions.
pub const SOURCE: &str = "tcp-handshake";
/// The version of the format. Within it things are only added.
pub const VERSION: u64 = 1;
/// The longest message that is read, in octets of JSON.
pub const MAX_LENGTH: usize = 256 * 1024;

/// A message that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The number that the reply repeats, if the sender gave one.
    pub seq: Option<u64>,
    /// What is asked for, or why it is not understood.
    pub request: Result<Request, RequestError>,
}

/// What another page asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Do something.
    Act(Vec<Action>),
    /// Say that you are there.
    Hello,
    /// Say where you are.
    State,
    /// Say what is run: the link.
    Script,
}

/// Why a message was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    /// A word for programs: `bad-message`, `unknown-type`, `bad-field`.
    pub code: &'static str,
    /// A sentence for people, which names the field at fault.
    pub message: String,
}

/// Reads a message; `None` if it is not one of ours, or of another version: those are dropped.
#[must_use]
pub fn read(json: &str, state: &AppState) -> Option<Message> {
    if json.len() > MAX_LENGTH {
        return None;
    }
    let value: Value = serde_json::from_str(json).ok()?;
    let fields = value.as_object()?;
    let ours = fields.get("src").and_then(Value::as_str) == Some(SOURCE)
        && fields.get("v").and_then(Value::as_u64) == Some(VERSION);
    if !ours {
        return None;
    }
    let seq = fields.get("seq").and_then(Value::as_u64);
    Some(Message { seq, request: request(fields, state) })
}

/// The reply to a request that was granted, given the state after it.
#[must_use]
pub fn reply(seq: Option<u64>, request: &Request, state: &AppState) -> Value {
    let result = match request {
        Request::Act(_) | Request::State => status(state),
        Request::Hello => ready(state),
        Request::Script => json!({ "script": state.link.to_string() }),
    };
    message("reply", [("seq", json!(seq)), ("ok", json!(true)), ("result", result)])
}

/// The reply to a request that was not understood.
#[must_use]
pub fn refusal(seq: Option<u64>, error: &RequestError) -> Value {
    let error = json!({ "code": error.code, "message": error.message });
    message("reply", [("seq", json!(seq)), ("ok", json!(false)), ("error", error)])
}

/// The first message: the page can be used now.
#[must_use]
pub fn greeting(state: &AppState) -> Value {
    let Value::Object(fields) = ready(state) else { return Value::Null };
    let mut greeting = envelope("ready");
    greeting.extend(fields);
    Value::Object(greeting)
}

/// What changed between two states, as events in the order in which a host page wants them.
#[must_use]
pub fn events(before: &AppState, after: &AppState) -> Vec<Value> {
    let mut events = vec![];
    let time = millis(after.playhead.at);
    if before.link.to_string() != after.link.to_string() {
        events.push(message("scriptchange", [("script", json!(after.link.to_string()))]));
    }
    if before.playing != after.playing {
        let name = match (after.playing, after.is_at_end()) {
            (true, _) => "play",
            (false, true) => "ended",
            (false, false) => "pause",
        };
        events.push(message(name, [("currentTime", time.clone())]));
    }
    if before.selected != after.selected {
        events.push(message("segmentselect", [("seg", selected(after))]));
    }
    for side in Side::BOTH {
        let (from, to) = (view::host(before, side).state, view::host(after, side).state);
        if from != to {
            let side = json!(side.name());
            let (from, to) = (json!(from.name()), json!(to.name()));
            let fields = [("side", side), ("from", from), ("to", to), ("t", time.clone())];
            events.push(message("statechange", fields));
        }
    }
    if before.playhead.step != after.playhead.step
        && let Some(step) = after.playhead.step
    {
        events.push(message("event", [("index", json!(step)), ("t", time)]));
    }
    events
}

fn envelope(name: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("src".to_owned(), json!(SOURCE));
    fields.insert("v".to_owned(), json!(VERSION));
    fields.insert("type".to_owned(), json!(name));
    fields
}

fn message<const N: usize>(name: &str, fields: [(&str, Value); N]) -> Value {
    let mut all = envelope(name);
    all.extend(fields.map(|(key, value)| (key.to_owned(), value)));
    Value::Object(all)
}

/// Virtual time in milliseconds, as the messages give it.
fn millis(at: Instant) -> Value {
    let micros = at.as_micros();
    if micros.is_multiple_of(1_000) {
        return json!(micros / 1_000);
    }
    // A fraction only where there is one: below 2^53 microseconds it is exact enough to seek by.
    json!(format!("{micros}us"))
}

fn selected(state: &AppState) -> Value {
    json!(state.selected.map(|id| id.to_string()))
}

fn ready(state: &AppState) -> Value {
    let ladder = &state.run.ladder;
    let chapters: Vec<Value> = ladder
        .chapters
        .iter()
        .map(|chapter| json!({ "id": chapter.id, "t": millis(chapter.at) }))
        .collect();
    let segments: Vec<String> = ladder.arrows.iter().map(|arrow| arrow.id.to_string()).collect();
    json!({
        "duration": millis(state.run.timeline.end()),
        "chapters": chapters,
        "segments": segments,
    })
}

fn status(state: &AppState) -> Value {
    let host = |side| view::host(state, side).state.name();
    json!({
        "currentTime": millis(state.playhead.at),
        "duration": millis(state.run.timeline.end()),
        "paused": !state.playing,
        "speed": state.link.view.speed.id(),
        "step": state.playhead.step,
        "client": host(Side::Client),
        "server": host(Side::Server),
        "selected": selected(state),
        "script": state.link.to_string(),
    })
}

fn request(fields: &Map<String, Value>, state: &AppState) -> Result<Request, RequestError> {
    let Some(name) = fields.get("type").and_then(Value::as_str) else {
        return Err(error("bad-message", "type: a text is needed"));
    };
    let one = |action| Ok(Request::Act(vec![action]));
    match name {
        "hello" => Ok(Request::Hello),
        "getState" => Ok(Request::State),
        "getScript" => Ok(Request::Script),
        "play" => one(Action::Play),
        "pause" => one(Action::Pause),
        "toggle" => one(Action::Toggle),
        "undo" => one(Action::Undo),
        "redo" => one(Action::Redo),
        "reset" => Ok(Request::Act(vec![Action::ClearEdits, Action::Pause, Action::Home])),
        "seek" => one(seek(fields.get("to"), state)?),
        "step" => one(Action::Step(step(fields.get("by"))?)),
        "load" => one(load(fields.get("script"))?),
        "intervene" => one(Action::Edit(edit(fields)?)),
        "speed" => one(Action::Speed(SpeedChange::Percent(percent(fields.get("to"))?))),
        "language" => one(Action::Language(language(fields.get("to"))?)),
        "theme" => one(Action::Theme(theme(fields.get("to"))?)),
        other => Err(error("unknown-type", format!("type: {} is unknown", shown(other)))),
    }
}

fn error(code: &'static str, message: impl Into<String>) -> RequestError {
    RequestError { code, message: message.into() }
}

/// A text from outside, short enough to be repeated.
fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A time in milliseconds, `"S1.arrive"`, `"50%"`, `"300ms"` or `{"chapter": "next"}`.
fn seek(to: Option<&Value>, state: &AppState) -> Result<Action, RequestError> {
    let bad =
        || error("bad-field", "to: a time in ms, \"S1.arrive\", \"50%\" or a chapter is needed");
    match to.ok_or_else(bad)? {
        Value::Number(number) => {
            let millis = number.as_u64().ok_or_else(bad)?;
            Ok(Action::Seek(Instant::from_millis(millis)))
        }
        Value::String(text) => seek_text(text, state).ok_or_else(bad),
        Value::Object(fields) => match fields.get("chapter").and_then(Value::as_str) {
            Some("next") => Ok(Action::Chapter(1)),
            Some("prev") => Ok(Action::Chapter(-1)),
            Some(id) => {
                let chapters = &state.run.ladder.chapters;
                let chapter = chapters.iter().find(|chapter| chapter.id == id).ok_or_else(bad)?;
                Ok(Action::Seek(chapter.at))
            }
            None => Err(bad()),
        },
        Value::Null | Value::Bool(_) | Value::Array(_) => Err(bad()),
    }
}

fn seek_text(text: &str, state: &AppState) -> Option<Action> {
    if let Some(percent) = text.strip_suffix('%') {
        let percent: u64 = percent.parse().ok().filter(|percent| *percent <= 100)?;
        return Some(Action::SeekY(state.run.ladder.axis.end() * percent / 100));
    }
    if let Some((id, moment)) = text.split_once('.')
        && let Ok(id) = id.parse::<SegmentId>()
    {
        let arrow = view::arrow(&state.run, id)?;
        return match moment {
            "send" => Some(Action::Seek(arrow.sent_at)),
            "arrive" => Some(Action::Seek(arrow.ends_at)),
            _ => None,
        };
    }
    let span = crate::sim::edit::span(text).ok()?;
    Some(Action::Seek(Instant::ZERO + span))
}

fn step(by: Option<&Value>) -> Result<i32, RequestError> {
    let by = by.map_or(Some(1), Value::as_i64);
    by.and_then(|by| i32::try_from(by).ok())
        .filter(|by| (-10_000..=10_000).contains(by))
        .ok_or_else(|| error("bad-field", "by: a number of steps is needed"))
}

fn load(script: Option<&Value>) -> Result<Action, RequestError> {
    let Some(text) = script.and_then(Value::as_str) else {
        return Err(error("bad-field", "script: a scenario's id or a link is needed"));
    };
    if let Some(lesson) = Lesson::find(text) {
        return Ok(Action::Load(lesson.id));
    }
    if !(text.contains("scenario=") || text.contains("do=")) {
        return Err(error("bad-field", format!("script: no scenario is called {}", shown(text))));
    }
    let (link, problems) = Link::parse("", text);
    Ok(Action::Open(Box::new(link), problems))
}

/// `{"op": "drop", "seg": "C1"}`, with `"by"` for delay and dup; or `{"do": "drop:C1"}`.
fn edit(fields: &Map<String, Value>) -> Result<Edit, RequestError> {
    let text = |key: &str| fields.get(key).and_then(Value::as_str);
    let spelled = match (text("do"), text("op"), text("seg")) {
        (Some(spelled), ..) => spelled.to_owned(),
        (None, Some(op), Some(seg)) => match fields.get("by") {
            Some(Value::String(by)) => format!("{op}:{seg}:{by}"),
            Some(Value::Number(by)) => format!("{op}:{seg}:{by}ms"),
            _ => format!("{op}:{seg}"),
        },
        (None, None, _) => {
            return Err(error("bad-field", "op: drop, delay, dup or deliver is needed"));
        }
        (None, Some(_), None) => return Err(error("bad-field", "seg: a segment's name is needed")),
    };
    spelled.parse().map_err(|_| {
        error("bad-field", format!("do: {} is no edit, such as drop:C1", shown(&spelled)))
    })
}

fn percent(to: Option<&Value>) -> Result<u16, RequestError> {
    let text = to.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let speeds = crate::link::Speed::ALL;
    speeds
        .into_iter()
        .find(|speed| text.as_deref() == Some(speed.id()))
        .map(crate::link::Speed::percent)
        .ok_or_else(|| error("bad-field", "to: 0.1, 0.25, 0.5, 1, 2 or 4 is needed"))
}

fn language(to: Option<&Value>) -> Result<String, RequestError> {
    to.and_then(Value::as_str)
        .and_then(locale::language)
        .map(|language| language.code.to_owned())
        .ok_or_else(|| error("bad-field", "to: a language such as en or ko is needed"))
}

fn theme(to: Option<&Value>) -> Result<Theme, RequestError> {
    let id = to.and_then(Value::as_str);
    Theme::ALL
        .into_iter()
        .find(|theme| id == Some(theme.id()))
        .ok_or_else(|| error("bad-field", "to: auto, light or dark is needed"))
}

/// The longest pause between two `timeupdate` events: four a second are enough for a progress bar.
pub const TIMEUPDATE_EVERY: Duration = Duration::from_millis(250);
