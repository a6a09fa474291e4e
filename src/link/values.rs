//! The values of parameters: their ranges, and how they are read.

use core::fmt;

use super::problem::ProblemKind;
use crate::scenarios::PerHost;
use crate::sim::edit::{LONGEST, span};
use crate::tcp::KeepAlive;
use crate::time::Duration;

/// The values that a parameter accepts, bounds included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Times such as `300ms`.
    Spans(Duration, Duration),
    /// Whole numbers.
    Numbers(u64, u64),
}

impl Range {
    /// Reads a time in this range.
    pub(super) fn span(self, text: &str) -> Result<Duration, ProblemKind> {
        let is_inside = |span: &Duration| match self {
            Self::Spans(least, most) => (least..=most).contains(span),
            Self::Numbers(..) => false,
        };
        span(text).ok().filter(is_inside).ok_or(ProblemKind::NotATime)
    }

    /// Reads a number in this range.
    pub(super) fn number<T: TryFrom<u64>>(self, text: &str) -> Result<T, ProblemKind> {
        let is_inside = |number: &u64| match self {
            Self::Numbers(least, most) => (least..=most).contains(number),
            Self::Spans(..) => false,
        };
        let number = Some(number(text)?).filter(is_inside);
        number.and_then(|number| T::try_from(number).ok()).ok_or(ProblemKind::NotANumber)
    }
}

/// Reads a whole number without a sign.
pub(super) fn number(text: &str) -> Result<u64, ProblemKind> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits).ok_or(ProblemKind::NotANumber)
}

/// Splits a value such as `100,300`.
pub(super) fn two(text: &str) -> Option<[&str; 2]> {
    text.split_once(',').map(|(first, second)| [first.trim(), second.trim()])
}

/// Writes a value such as `100,300`.
pub(super) fn join([first, second]: [impl fmt::Display; 2]) -> String {
    format!("{first},{second}")
}

/// Reads one of several names, in upper or lower case.
pub(super) fn choose<T: Copy>(
    value: &str,
    all: impl IntoIterator<Item = T>,
    id: impl Fn(T) -> &'static str,
) -> Result<T, ProblemKind> {
    let mut all = all.into_iter();
    all.find(|item| id(*item).eq_ignore_ascii_case(value)).ok_or(ProblemKind::UnknownValue)
}

/// Reads `on` or `off`.
pub(super) fn on_or_off(value: &str) -> Result<bool, ProblemKind> {
    choose(value, [true, false], |is_on| if is_on { "on" } else { "off" })
}

/// Writes `on` or `off`.
pub(super) fn write_switch(is_on: bool) -> String {
    (if is_on { "on" } else { "off" }).to_owned()
}

/// Reads `off`, or a time in a range.
pub(super) fn off_or(range: Range, value: &str) -> Result<Option<Duration>, ProblemKind> {
    if value.eq_ignore_ascii_case("off") { Ok(None) } else { range.span(value).map(Some) }
}

/// Writes `off`, or a time.
pub(super) fn write_span(span: Option<Duration>) -> String {
    span.map_or_else(|| "off".to_owned(), |span| span.to_string())
}

/// The range of the times of keep-alives.
const WAIT: Range = Range::Spans(Duration::from_secs(1), LONGEST);
const PROBES: Range = Range::Numbers(1, 127);

/// Reads keep-alives: `off`, `on` for the usual times, or how long the connection must be idle,
/// which the interval and the number of probes can follow: `60s`, `60s-10s-3`.
pub(super) fn keep_alive(value: &str) -> Result<Option<KeepAlive>, ProblemKind> {
    let usual = KeepAlive::DEFAULT;
    if value.eq_ignore_ascii_case("off") {
        return Ok(None);
    }
    if value.eq_ignore_ascii_case("on") {
        return Ok(Some(usual));
    }
    let pieces: Vec<&str> = value.split('-').collect();
    let (idle, interval, probes) = match pieces[..] {
        [idle] => (WAIT.span(idle)?, usual.interval, usual.probes),
        [idle, interval, probes] => {
            (WAIT.span(idle)?, WAIT.span(interval)?, PROBES.number(probes)?)
        }
        _ => return Err(ProblemKind::WrongShape),
    };
    Ok(Some(KeepAlive { idle, interval, probes }))
}

/// Writes keep-alives, as short as possible.
#[must_use]
pub fn write_keep_alive(times: Option<KeepAlive>) -> String {
    let usual = KeepAlive::DEFAULT;
    match times {
        None => "off".to_owned(),
        Some(times) if times == usual => "on".to_owned(),
        Some(KeepAlive { idle, interval, probes })
            if (interval, probes) == (usual.interval, usual.probes) =>
        {
            idle.to_string()
        }
        Some(KeepAlive { idle, interval, probes }) => format!("{idle}-{interval}-{probes}"),
    }
}

/// Reads a value of the hosts: `V` for both, `C:V` or `S:V` for one, `VC,VS` for each.
pub(super) fn per_host<T: Copy>(
    text: &str,
    read: impl Fn(&str) -> Result<T, ProblemKind>,
) -> Result<PerHost<T>, ProblemKind> {
    if let Some([client, server]) = two(text) {
        return Ok([Some(read(client)?), Some(read(server)?)]);
    }
    match text.split_once(':') {
        Some((side, value)) => match side.trim() {
            "C" | "c" => Ok([Some(read(value.trim())?), None]),
            "S" | "s" => Ok([None, Some(read(value.trim())?)]),
            _ => Err(ProblemKind::UnknownValue),
        },
        None => read(text).map(|value| [Some(value); 2]),
    }
}

/// Writes a value of the hosts, as short as possible.
pub(super) fn write_per_host<T: Copy>(
    values: PerHost<T>,
    write: impl Fn(T) -> String,
) -> Option<String> {
    let [client, server] = values.map(|value| value.map(&write));
    match (client, server) {
        (None, None) => None,
        (Some(client), None) => Some(format!("C:{client}")),
        (None, Some(server)) => Some(format!("S:{server}")),
        (Some(client), Some(server)) if client == server => Some(client),
        (Some(client), Some(server)) => Some(join([client, server])),
    }
}
