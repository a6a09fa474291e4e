//! Remote control by a host page: reads its messages, and writes replies and events as JSON.
//!
//! docs/embedding.md describes the format. Input is untrusted: an invalid message changes nothing,
//! and the reply names the part at fault.

use serde_json::{Map, Value};

use super::action::{Action, Change, Look, Open, Play, SpeedChange};
use super::quiz::{Loss, Phase, Quiz};
use super::state::AppState;
use crate::link::{Link, Speed, Theme};
use crate::locale;
use crate::scenarios::Lesson;
use crate::sim::{Edit, SegmentId, Side};
use crate::time::Instant;

/// The `src` field of all messages of the protocol, in both directions.
pub const SOURCE: &str = "tcp-handshake";
/// The version of the protocol. Additions do not change it.
pub const VERSION: u64 = 1;
/// The longest message that is read, in bytes of JSON.
pub const MAX_LENGTH: usize = 256 * 1024;

/// A message that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The number that the reply repeats, if the sender gave one.
    pub seq: Option<u64>,
    /// The request, or the reason why it is invalid.
    pub request: Result<Request, RequestError>,
}

/// A host page's request.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Apply these actions.
    Act(Vec<Action>),
    /// Confirm that the page is there.
    Hello,
    /// Report the present state.
    State,
    /// Report the link of the run.
    Script,
}

/// Why a message is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    /// The error code: `bad-message`, `unknown-type`, `bad-field`.
    pub code: &'static str,
    /// The error message, a sentence that names the field at fault.
    pub message: String,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// There is no such field.
    Missing,
    /// A text.
    Text(String),
    /// A finite number: JSON has no others.
    Number(f64),
    /// A value of another type.
    Other,
}

/// Access to the fields of a message. The page reads the browser's own object through it, so that
/// it needs no JSON parser.
pub trait Fields {
    /// The value at a path of field names, each inside the object before it.
    fn field(&self, path: &[&str]) -> Field;
}

impl Fields for Map<String, Value> {
    fn field(&self, path: &[&str]) -> Field {
        let (first, names) = path.split_first().unwrap_or((&"", &[]));
        let within = |value: Option<&Value>| match value {
            None => Field::Missing,
            Some(Value::String(text)) => Field::Text(text.clone()),
            Some(Value::Number(number)) => number.as_f64().map_or(Field::Other, Field::Number),
            Some(_) => Field::Other,
        };
        within(names.iter().fold(self.get(*first), |value, name| value?.get(name)))
    }
}

impl Field {
    fn text(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// An integer in the range in which every one is exact.
    #[allow(clippy::cast_possible_truncation, reason = "no digit is lost")]
    fn whole(self) -> Option<i64> {
        const CERTAIN: f64 = 9_007_199_254_740_991.0;
        match self {
            Self::Number(number) if number.abs() <= CERTAIN && number.fract() == 0.0 => {
                Some(number as i64)
            }
            _ => None,
        }
    }

    fn count(self) -> Option<u64> {
        self.whole().and_then(|number| u64::try_from(number).ok())
    }
}

/// Reads a message whose JSON is `length` bytes long. `None` if it is too long, or not of this
/// protocol and version: such messages get no reply.
#[must_use]
pub fn read(length: usize, fields: &impl Fields, state: &AppState) -> Option<Message> {
    let ours = fields.field(&["src"]).text().as_deref() == Some(SOURCE)
        && fields.field(&["v"]).count() == Some(VERSION);
    if !ours || length > MAX_LENGTH {
        return None;
    }
    let seq = fields.field(&["seq"]).count();
    Some(Message { seq, request: request(fields, state) })
}

/// The reply to a valid request, as JSON, given the state after it.
#[must_use]
pub fn reply(seq: Option<u64>, request: &Request, state: &AppState) -> String {
    let result = match request {
        Request::Act(_) | Request::State => status(state),
        Request::Hello => ready(Object::new(), state),
        Request::Script => Object::new().text("script", &state.link.to_string()),
    };
    let reply = message("reply").optional("seq", seq).raw("ok", "true");
    reply.raw("result", &result.end()).end()
}

/// The reply to an invalid request, as JSON.
#[must_use]
pub fn refusal(seq: Option<u64>, error: &RequestError) -> String {
    let about = Object::new().text("code", error.code).text("message", &error.message);
    let reply = message("reply").optional("seq", seq).raw("ok", "false");
    reply.raw("error", &about.end()).end()
}

/// The present state, as JSON.
#[must_use]
pub fn state(state: &AppState) -> String {
    status(state).end()
}

/// The first message, as JSON: the page is ready.
#[must_use]
pub fn greeting(state: &AppState) -> String {
    ready(message("ready"), state).end()
}

/// The least time between two `timeupdate` events, in milliseconds: four a second are enough for
/// a progress bar.
pub const TIMEUPDATE_MILLIS: u32 = 250;

/// Derives events for a host page from changes of the state.
#[derive(Debug, Default)]
pub struct Reporter {
    state: Option<AppState>,
    reported_time: Option<Instant>,
}

impl Reporter {
    /// The events for all changes since the last call, as JSON, in the documented order.
    pub fn changes(&mut self, now: &AppState) -> Vec<String> {
        let before = self.state.replace(now.clone());
        before.map_or(vec![], |before| events(&before, now))
    }

    /// The `timeupdate` event, if the time has changed since the last one.
    pub fn time(&mut self, now: &AppState) -> Option<String> {
        let at = now.playhead.at;
        // The first time is in the greeting already, or known to the caller.
        let last = self.reported_time.replace(at);
        last.is_some_and(|last| last != at)
            .then(|| message("timeupdate").time("currentTime", at).end())
    }
}

fn events(before: &AppState, after: &AppState) -> Vec<String> {
    let mut events = vec![];
    let at = after.playhead.at;
    if before.link != after.link {
        events.push(message("scriptchange").text("script", &after.link.to_string()));
    }
    if before.is_playing() != after.is_playing() {
        let name = match (after.is_playing(), after.is_at_end()) {
            (true, _) => "play",
            (false, true) => "ended",
            (false, false) => "pause",
        };
        events.push(message(name).time("currentTime", at));
    }
    if before.selected != after.selected {
        events.push(selected(message("segmentselect"), "seg", after));
    }
    for side in Side::BOTH {
        let (from, to) = (before.host(side).state, after.host(side).state);
        if from != to {
            let change = message("statechange").text("side", side.name());
            events.push(change.text("from", from.name()).text("to", to.name()).time("t", at));
        }
    }
    if before.playhead.step != after.playhead.step
        && let Some(step) = after.playhead.step
    {
        events.push(message("event").raw("index", &step.to_string()).time("t", at));
    }
    events.extend(answered(before, after));
    events.into_iter().map(Object::end).collect()
}

/// The event for a question of the quiz that was just answered or revealed.
fn answered(before: &AppState, after: &AppState) -> Option<Object> {
    let (asked, told) = (before.quiz.as_ref()?, after.quiz.as_ref()?);
    let Phase::Told(answer) = told.phase else { return None };
    let lost = |quiz: &Quiz| quiz.loss.as_ref().and_then(Loss::question);
    let is_same = asked.question == told.question && lost(asked) == lost(told);
    if !is_same || !matches!(asked.phase, Phase::Asked(_)) {
        return None;
    }
    let event = message("quiz");
    let event = match (lost(told), told.question) {
        (Some((id, _)), _) => event.text("kind", "loss").text("seg", &id.to_string()),
        (None, Some(question)) => {
            event.text("kind", "next").raw("index", &question.step.to_string())
        }
        (None, None) => return None,
    };
    let json = match answer.map(|answer| told.is_right(answer)) {
        Some(true) => "true",
        Some(false) => "false",
        None => "null",
    };
    Some(event.raw("correct", json))
}

/// A JSON object that is being written. Its values are few and flat; a general serializer would add
/// ten times as much code to the page.
struct Object(String);

impl Object {
    const fn new() -> Self {
        Self(String::new())
    }

    /// Adds a field with a value that is JSON already.
    #[inline(never)]
    fn raw(mut self, name: &str, json: &str) -> Self {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        quote(name, &mut self.0);
        self.0.push(':');
        self.0 += json;
        self
    }

    #[inline(never)]
    fn text(self, name: &str, text: &str) -> Self {
        let mut quoted = String::new();
        quote(text, &mut quoted);
        self.raw(name, &quoted)
    }

    /// Adds a number, or null.
    #[inline(never)]
    fn optional(self, name: &str, number: Option<u64>) -> Self {
        self.raw(name, &number.map_or_else(|| "null".to_owned(), |number| number.to_string()))
    }

    /// Adds a virtual time in milliseconds, with a fraction only if it is not a whole number.
    #[inline(never)]
    fn time(self, name: &str, at: Instant) -> Self {
        let micros = at.as_micros();
        let mut text = (micros / 1_000).to_string();
        let rest = (micros % 1_000 + 1_000).to_string();
        let fraction = rest[1..].trim_end_matches('0');
        if !fraction.is_empty() {
            text.push('.');
            text += fraction;
        }
        self.raw(name, &text)
    }

    #[inline(never)]
    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// Writes a text as a JSON string.
#[inline(never)]
fn quote(text: &str, into: &mut String) {
    into.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => into.extend(['\\', letter]),
            // Control characters occur only in error messages, which quote unreadable input.
            _ if letter.is_ascii_control() => into.push(' '),
            _ => into.push(letter),
        }
    }
    into.push('"');
}

/// An array of values that are JSON already: `["C1","S1"]`.
fn list(items: impl Iterator<Item = String>) -> String {
    let mut text = String::new();
    for item in items {
        text.push(if text.is_empty() { '[' } else { ',' });
        text += &item;
    }
    if text.is_empty() {
        text.push('[');
    }
    text.push(']');
    text
}

fn message(name: &str) -> Object {
    Object::new().text("src", SOURCE).raw("v", "1").text("type", name)
}

fn selected(object: Object, name: &str, state: &AppState) -> Object {
    match state.selected {
        Some(id) => object.text(name, &id.to_string()),
        None => object.raw(name, "null"),
    }
}

fn ready(object: Object, state: &AppState) -> Object {
    let ladder = &state.run.ladder;
    let chapters = ladder.chapters.iter();
    let chapters = chapters.map(|it| Object::new().text("id", it.id).time("t", it.at).end());
    let segments = ladder.arrows.iter();
    let segments = segments.map(|arrow| {
        let mut text = String::new();
        quote(&arrow.id.to_string(), &mut text);
        text
    });
    object
        .time("duration", state.run.timeline.end())
        .raw("chapters", &list(chapters))
        .raw("segments", &list(segments))
}

fn status(state: &AppState) -> Object {
    let host = |side| state.host(side).state.name();
    let step = state.playhead.step.and_then(|step| u64::try_from(step).ok());
    let status = Object::new()
        .time("currentTime", state.playhead.at)
        .time("duration", state.run.timeline.end())
        .raw("paused", if state.is_playing() { "false" } else { "true" })
        .raw("speed", state.link.view.speed.id())
        .optional("step", step)
        .text("client", host(Side::Client))
        .text("server", host(Side::Server));
    selected(status, "selected", state).text("script", &state.link.to_string())
}

/// Reads a request: its `type`, and the fields of that type.
///
/// # Errors
///
/// Names the field at fault.
pub fn request(fields: &impl Fields, state: &AppState) -> Result<Request, RequestError> {
    let Some(name) = fields.field(&["type"]).text() else {
        return Err(error("bad-message", "type: a text is needed"));
    };
    let one = |action| Ok(Request::Act(vec![action]));
    let to = || fields.field(&["to"]);
    match &*name {
        "hello" => Ok(Request::Hello),
        "getState" => Ok(Request::State),
        "getScript" => Ok(Request::Script),
        "play" => one(Action::Play(Play::Start)),
        "pause" => one(Action::Play(Play::Pause)),
        "toggle" => one(Action::Play(Play::Toggle)),
        "undo" => one(Action::Edit(Change::Undo)),
        "redo" => one(Action::Edit(Change::Redo)),
        "reset" => Ok(Request::Act(vec![
            Action::Edit(Change::Clear),
            Action::Play(Play::Pause),
            Action::Play(Play::Home),
        ])),
        "seek" => one(seek(to(), fields.field(&["to", "chapter"]), state)?),
        "step" => one(Action::Play(Play::Step(step(fields.field(&["by"]))?))),
        "load" => one(load(fields.field(&["script"]), state)?),
        "edit" => one(Action::Edit(Change::Add(edit(fields)?))),
        "speed" => one(Action::Play(Play::Speed(SpeedChange::Percent(percent(&to())?)))),
        "language" => one(Action::Look(Look::Language(language(to())?))),
        "theme" => one(Action::Look(Look::Theme(theme(to())?))),
        other => Err(error("unknown-type", format!("type: {} is unknown", brief(other)))),
    }
}

fn error(code: &'static str, message: impl Into<String>) -> RequestError {
    RequestError { code, message: message.into() }
}

/// Shortens a text from outside, to quote it in an error message.
fn brief(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Reads a time in milliseconds, `"S1.arrive"`, `"50%"`, `"300ms"` or `{"chapter": "next"}`.
fn seek(to: Field, chapter: Field, state: &AppState) -> Result<Action, RequestError> {
    let action = match (to, chapter.text()) {
        (Field::Number(millis), _) => {
            micros(millis).map(|micros| Action::Play(Play::Seek(Instant::from_micros(micros))))
        }
        (Field::Text(text), _) => seek_text(&text, state),
        (_, Some(chapter)) => match &*chapter {
            "next" => Some(Action::Play(Play::Chapter(1))),
            "prev" => Some(Action::Play(Play::Chapter(-1))),
            id => {
                let chapters = &state.run.ladder.chapters;
                let chapter = chapters.iter().find(|chapter| chapter.id == id);
                chapter.map(|chapter| Action::Play(Play::Seek(chapter.at)))
            }
        },
        (_, None) => None,
    };
    let needed = "to: a time in ms, \"S1.arrive\", \"50%\" or a chapter is needed";
    action.ok_or_else(|| error("bad-field", needed))
}

/// Converts milliseconds, fractions included, to microseconds.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn micros(millis: f64) -> Option<u64> {
    let micros = millis * 1_000.0;
    (micros >= 0.0).then(|| micros.round() as u64)
}

fn seek_text(text: &str, state: &AppState) -> Option<Action> {
    if let Some(percent) = text.strip_suffix('%') {
        let percent: u64 = percent.parse().ok().filter(|percent| *percent <= 100)?;
        return Some(Action::Play(Play::SeekY(state.run.ladder.axis.end() * percent / 100)));
    }
    if let Some((id, moment)) = text.split_once('.')
        && let Ok(id) = id.parse::<SegmentId>()
    {
        let arrow = state.run.arrow(id)?;
        return match moment {
            "send" => Some(Action::Play(Play::Seek(arrow.sent_at))),
            "arrive" => Some(Action::Play(Play::Seek(arrow.ends_at))),
            _ => None,
        };
    }
    let span = crate::sim::edit::span(text).ok()?;
    Some(Action::Play(Play::Seek(Instant::ZERO + span)))
}

fn step(by: Field) -> Result<i32, RequestError> {
    let by = if by == Field::Missing { Some(1) } else { by.whole() };
    by.and_then(|by| i32::try_from(by).ok())
        .filter(|by| (-10_000..=10_000).contains(by))
        .ok_or_else(|| error("bad-field", "by: a number of steps is needed"))
}

/// Reads a run to load. Parts of the view that its link does not set stay as they are.
fn load(script: Field, state: &AppState) -> Result<Action, RequestError> {
    let Some(text) = script.text() else {
        return Err(error("bad-field", "script: a scenario's id or a link is needed"));
    };
    if let Some(lesson) = Lesson::find(&text) {
        return Ok(Action::Open(Open::Scenario(lesson.id)));
    }
    if !(text.contains("scenario=") || text.contains("do=")) {
        return Err(error("bad-field", format!("script: no scenario is called {}", brief(&text))));
    }
    let (mut link, problems) = Link::parse("", &text);
    let (view, now) = (&mut link.view, &state.link.view);
    view.embed = now.embed;
    view.lang = view.lang.take().or_else(|| now.lang.clone());
    if view.theme == Theme::Auto {
        view.theme = now.theme;
    }
    Ok(Action::Open(Open::Link(Box::new(link), problems)))
}

/// Reads `{"op": "drop", "seg": "C1"}`, with `"by"` for delay, dup and deliver, or `{"do":
/// "drop:C1"}`.
fn edit(fields: &impl Fields) -> Result<Edit, RequestError> {
    let needed = |sentence| Err(error("bad-field", sentence));
    let text = |name| fields.field(&[name]).text();
    let spelled = match (fields.field(&["do"]), text("op"), text("seg")) {
        (Field::Text(spelled), ..) => spelled,
        (_, Some(op), Some(seg)) => match fields.field(&["by"]) {
            Field::Text(by) => format!("{op}:{seg}:{by}"),
            Field::Number(by) => match micros(by) {
                Some(by) => format!("{op}:{seg}:{by}us"),
                None => return needed("by: a time in ms is needed"),
            },
            Field::Missing | Field::Other => format!("{op}:{seg}"),
        },
        (Field::Missing, None, _) => {
            return needed("op: drop, delay, dup, corrupt or deliver is needed");
        }
        (Field::Missing, Some(_), None) => return needed("seg: a segment's name is needed"),
        _ => return needed("do: an edit such as drop:C1 is needed"),
    };
    spelled.parse().map_err(|_| {
        error("bad-field", format!("do: {} is no edit, such as drop:C1", brief(&spelled)))
    })
}

fn percent(to: &Field) -> Result<u16, RequestError> {
    let is_asked = |speed: &Speed| match to {
        Field::Text(text) => text == speed.id(),
        Field::Number(asked) => (asked * 100.0 - f64::from(speed.percent())).abs() < 0.01,
        Field::Missing | Field::Other => false,
    };
    let known = Speed::ALL.into_iter().find(is_asked);
    known
        .map(Speed::percent)
        .ok_or_else(|| error("bad-field", "to: 0.1, 0.25, 0.5, 1, 2 or 4 is needed"))
}

fn language(to: Field) -> Result<String, RequestError> {
    to.text()
        .and_then(|tag| locale::language(&tag))
        .map(|language| language.code.to_owned())
        .ok_or_else(|| error("bad-field", "to: a language such as en or ko is needed"))
}

fn theme(to: Field) -> Result<Theme, RequestError> {
    let id = to.text();
    Theme::ALL
        .into_iter()
        .find(|theme| id.as_deref() == Some(theme.id()))
        .ok_or_else(|| error("bad-field", "to: auto, light or dark is needed"))
}
