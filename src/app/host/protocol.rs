//! The messages between the page and the page around it: requests in, replies out.
//!
//! The format is described in docs/embedding.md.

use super::object::{Object, Value};
use super::request::{Fields, Request, RequestError, missing_type, request, unreadable};
use crate::app::state::AppState;
use crate::sim::Side;

/// The `src` of every message, in both directions.
pub const SOURCE: &str = "tcp-handshake";
/// The version of the format. A version only ever adds to itself.
pub const VERSION: u64 = 1;
/// The longest message that is read, in UTF-16 code units of its JSON.
pub const MAX_LENGTH: usize = 256 * 1024;

/// A message that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The number that the reply repeats, if the sender gave one.
    pub seq: Option<u64>,
    /// The request, or why it is not understood.
    pub request: Result<Request, RequestError>,
}

/// Reads a message; `length` is that of its JSON, if it can be written as JSON. `None` if the
/// message is to be ignored: it is from another source, or of another version.
#[must_use]
pub fn read(length: Option<usize>, fields: &impl Fields, state: &AppState) -> Option<Message> {
    let is_ours = fields.field(&["src"]).text().as_deref() == Some(SOURCE)
        && fields.field(&["v"]).count() == Some(VERSION);
    if !is_ours {
        return None;
    }
    let seq = fields.field(&["seq"]).count();
    let request = match length {
        None => Err(unreadable("message: it cannot be written as JSON")),
        Some(length) if length > MAX_LENGTH => Err(unreadable("message: it is too long")),
        Some(_) => {
            let name = fields.field(&["type"]).text().ok_or_else(missing_type);
            name.and_then(|name| request(&name, fields, state))
        }
    };
    Some(Message { seq, request })
}

/// The reply to a request that was granted, given the state after it.
#[must_use]
pub fn reply(seq: Option<u64>, request: &Request, state: &AppState) -> Object {
    let result = match request {
        Request::Act(_) | Request::State => status(state),
        Request::Hello => contents(state),
        Request::Script => Object::default().with("script", state.link.to_string()),
    };
    message("reply").with("seq", seq).with("ok", true).with("result", result)
}

/// The reply to a request that was not understood.
#[must_use]
pub fn refusal(seq: Option<u64>, error: &RequestError) -> Object {
    let about = Object::default().with("code", error.code).with("message", error.message.as_str());
    message("reply").with("seq", seq).with("ok", false).with("error", about)
}

/// The first message: the page can be used now.
#[must_use]
pub fn greeting(state: &AppState) -> Object {
    message("ready").and(contents(state))
}

/// The state of the page as a reply has it.
#[must_use]
pub fn status(state: &AppState) -> Object {
    let host = |side| state.host(side).state.name();
    Object::default()
        .with("currentTime", state.playhead.at)
        .with("duration", state.run.timeline.end())
        .with("paused", !state.is_playing())
        .with("speed", Value::Number(f64::from(state.link.view.speed.percent()) / 100.0))
        .with("step", state.playhead.step)
        .with("client", host(Side::Client))
        .with("server", host(Side::Server))
        .with("selected", state.selected.map(|id| id.to_string()))
        .with("script", state.link.to_string())
}

/// The start of every message.
pub(super) fn message(name: &'static str) -> Object {
    Object::default().with("src", SOURCE).with("v", VERSION).with("type", name)
}

/// The length of the run, its chapters and its segments.
fn contents(state: &AppState) -> Object {
    let ladder = &state.run.ladder;
    let chapters = ladder.chapters.iter();
    let chapters = chapters.map(|it| Object::default().with("id", it.id).with("t", it.at).into());
    let segments = ladder.arrows.iter().map(|arrow| arrow.id.to_string().into());
    Object::default()
        .with("duration", state.run.timeline.end())
        .with("chapters", chapters.collect::<Vec<Value>>())
        .with("segments", segments.collect::<Vec<Value>>())
}
