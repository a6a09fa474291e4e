//! Requests of a host page, read from the fields of a message.
//!
//! A message is read defensively: one that is not understood changes nothing, and the error names
//! the field at fault.

use serde_json::{Map, Value};

use crate::app::action::{Action, Change, Look, Open, Play, SpeedChange};
use crate::app::reduce::with_edit;
use crate::app::state::AppState;
use crate::link::{Link, MAX_EDITS, Problem, ProblemKind, Speed, Theme};
use crate::locale;
use crate::scenarios::Lesson;
use crate::sim::{Edit, SegmentId};
use crate::time::Instant;

/// A host page's request.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Apply these actions.
    Act(Vec<Action>),
    /// Report the contents of the run.
    Hello,
    /// Report the present state.
    State,
    /// Report the link of the run.
    Script,
}

/// Why a message is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestError {
    /// The error code: `bad-message`, `unknown-type`, `bad-field`, `refused`.
    pub code: &'static str,
    /// The error message, a sentence that names the field at fault.
    pub message: String,
}

/// The value of a field of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// There is no such field.
    Missing,
    /// A text.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A value of another type.
    Other,
}

/// The fields of a message. The page reads them from an object of the browser, without a JSON
/// parser.
pub trait Fields {
    /// The field at the end of a path of names, each within the object before it.
    fn field(&self, path: &[&str]) -> Field;
}

/// A message as JSON.
impl Fields for Map<String, Value> {
    fn field(&self, path: &[&str]) -> Field {
        let (first, names) = path.split_first().unwrap_or((&"", &[]));
        match names.iter().fold(self.get(*first), |value, name| value?.get(name)) {
            None => Field::Missing,
            Some(Value::String(text)) => Field::Text(text.clone()),
            Some(Value::Number(number)) => number.as_f64().map_or(Field::Other, Field::Number),
            Some(_) => Field::Other,
        }
    }
}

impl Field {
    pub(super) fn text(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A whole number that a double holds exactly.
    #[allow(clippy::cast_possible_truncation, reason = "no digit is lost")]
    fn whole(self) -> Option<i64> {
        const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
        match self {
            Self::Number(number) if number.abs() <= MAX_SAFE_INTEGER && number.fract() == 0.0 => {
                Some(number as i64)
            }
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub(super) fn count(self) -> Option<u64> {
        self.whole().and_then(|number| u64::try_from(number).ok())
    }
}

/// Reads a request: its name, and the fields that belong to it.
///
/// # Errors
///
/// Names the field at fault.
pub fn request(
    name: &str,
    fields: &impl Fields,
    state: &AppState,
) -> Result<Request, RequestError> {
    let one = |action| Ok(Request::Act(vec![action]));
    let to = || fields.field(&["to"]);
    match name {
        "hello" => Ok(Request::Hello),
        "getState" => Ok(Request::State),
        "getScript" => Ok(Request::Script),
        "play" => one(Action::Play(Play::Start)),
        "pause" => one(Action::Play(Play::Pause)),
        "toggle" => one(Action::Play(Play::Toggle)),
        "undo" | "redo" | "reset" | "edit" if state.is_fixed() => {
            Err(error("refused", "type: the run of a packetdrill script takes no edits"))
        }
        "undo" if !state.can_undo() => Err(error("refused", "type: there is nothing to undo")),
        "redo" if !state.can_redo() => Err(error("refused", "type: there is nothing to redo")),
        "undo" => one(Action::Edit(Change::Undo)),
        "redo" => one(Action::Edit(Change::Redo)),
        "reset" => Ok(Request::Act(reset().to_vec())),
        "seek" => one(seek(to(), fields.field(&["to", "chapter"]), state)?),
        "step" => one(Action::Play(Play::Step(step(fields.field(&["by"]))?))),
        "load" => one(load(fields.field(&["script"]), state)?),
        "edit" => one(Action::Edit(Change::Add(room_for(edit(fields)?, state)?))),
        "speed" => one(Action::Play(Play::Speed(SpeedChange::Percent(percent(&to())?)))),
        "language" => one(Action::Look(Look::Language(language(to())?))),
        "theme" => one(Action::Look(Look::Theme(theme(to())?))),
        other => Err(error("unknown-type", format!("type: {} is unknown", quoted(other)))),
    }
}

/// The actions that remove every edit and return to the start.
#[must_use]
pub fn reset() -> [Action; 3] {
    [Action::Edit(Change::Clear), Action::Play(Play::Pause), Action::Play(Play::Home)]
}

/// The error of a message whose `type` is missing or not a text.
pub(super) fn missing_type() -> RequestError {
    error("bad-message", "type: a text is needed")
}

/// The error of a message that is not read at all.
pub(super) fn unreadable(message: &str) -> RequestError {
    error("bad-message", message)
}

fn error(code: &'static str, message: impl Into<String>) -> RequestError {
    RequestError { code, message: message.into() }
}

/// A text from outside as an error message repeats it: short, and without control characters.
fn quoted(text: &str) -> String {
    let visible = |letter: char| if letter.is_ascii_control() { ' ' } else { letter };
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.chars().map(visible).collect()
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

/// Reads the run to load: a scenario's id, or a link.
fn load(script: Field, state: &AppState) -> Result<Action, RequestError> {
    let Some(text) = script.text() else {
        return Err(error("bad-field", "script: a scenario's id or a link is needed"));
    };
    if let Some(lesson) = Lesson::find(&text) {
        return Ok(Action::Open(Open::Scenario(lesson.id)));
    }
    if !(text.contains("scenario=") || text.contains("do=")) {
        return Err(error("bad-field", format!("script: no scenario is called {}", quoted(&text))));
    }
    let (link, problems) = Link::of_address(&text);
    // A link of another version may have parameters that this one does not know.
    let wrong = problems.iter().find(|problem| problem.kind != ProblemKind::UnknownKey);
    let is_other = link == Link { unknown: link.unknown.clone(), ..Link::default() };
    match wrong.or(problems.first().filter(|_| is_other)) {
        None => Ok(Action::Open(load_link(link, problems, state))),
        Some(Problem { key, part, kind }) => {
            let part = format!("{}={}", quoted(key), quoted(part));
            Err(error("bad-field", format!("script: {part} is not understood ({})", kind.id())))
        }
    }
}

/// The edit, if the run has room for it.
fn room_for(edit: Edit, state: &AppState) -> Result<Edit, RequestError> {
    if with_edit(&state.link, edit).is_some() {
        return Ok(edit);
    }
    Err(error("refused", format!("do: a run has at most {MAX_EDITS} edits")))
}

/// Opens a link. It keeps the state's language and theme where the link names none.
#[must_use]
pub fn load_link(mut link: Link, problems: Vec<Problem>, state: &AppState) -> Open {
    let (view, now) = (&mut link.view, &state.link.view);
    view.embed = now.embed;
    view.lang = view.lang.take().or_else(|| now.lang.clone());
    if view.theme == Theme::Auto {
        view.theme = now.theme;
    }
    Open::Link(Box::new(link), problems)
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
        error("bad-field", format!("do: {} is no edit, such as drop:C1", quoted(&spelled)))
    })
}

fn percent(to: &Field) -> Result<u16, RequestError> {
    let is_wanted = |speed: &Speed| match to {
        Field::Text(text) => text == speed.id(),
        Field::Number(number) => (number * 100.0 - f64::from(speed.percent())).abs() < 0.01,
        Field::Missing | Field::Other => false,
    };
    let known = Speed::ALL.into_iter().find(is_wanted);
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
