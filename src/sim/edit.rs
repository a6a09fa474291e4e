//! Edits: the changes that a user makes to a run.

use core::fmt;

use super::call::Call;
use super::id::{SegmentId, Side};
use super::outage::Outage;
use crate::time::{Duration, Instant};

/// One change to a run. Printed and read as in `do=`: `drop:C1`, `delay:S2:300ms`, `close:C@900ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// The network loses this segment.
    Drop(SegmentId),
    /// The network delivers it this much later.
    Delay(SegmentId, Duration),
    /// The network delivers it twice, the copy this much later. `None` is a short default gap.
    Duplicate(SegmentId, Option<Duration>),
    /// The network flips a bit: the segment arrives, and its receiver discards it.
    Corrupt(SegmentId),
    /// The network delivers it, even if chance or an earlier edit loses it. With a time, it arrives
    /// that long after it was sent.
    Deliver(SegmentId, Option<Duration>),
    /// An application makes a user call at an instant.
    Call(Side, Call, Instant),
    /// Nothing passes for some time.
    Cut(Outage),
}

impl Edit {
    /// The segment that the edit changes; `None` for a call or an outage.
    #[must_use]
    pub const fn segment(&self) -> Option<SegmentId> {
        match self {
            Self::Drop(id)
            | Self::Delay(id, _)
            | Self::Duplicate(id, _)
            | Self::Corrupt(id)
            | Self::Deliver(id, _) => Some(*id),
            Self::Call(..) | Self::Cut(_) => None,
        }
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drop(id) => write!(f, "drop:{id}"),
            Self::Delay(id, by) => write!(f, "delay:{id}:{by}"),
            Self::Duplicate(id, None) => write!(f, "dup:{id}"),
            Self::Duplicate(id, Some(later)) => write!(f, "dup:{id}:{later}"),
            Self::Corrupt(id) => write!(f, "corrupt:{id}"),
            Self::Deliver(id, None) => write!(f, "deliver:{id}"),
            Self::Deliver(id, Some(flight)) => write!(f, "deliver:{id}:{flight}"),
            Self::Call(side, call, at) => {
                write!(f, "{}:{}", call.verb(*side), side.letter())?;
                if let Some(octets) = call.octets() {
                    write!(f, ":{octets}")?;
                }
                write!(f, "@{at}")
            }
            Self::Cut(outage) => outage.fmt(f),
        }
    }
}

/// Why a text is not an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditError {
    /// The part of the text at fault.
    pub part: String,
    /// The kind of error.
    pub kind: EditErrorKind,
}

/// The kinds of errors in an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditErrorKind {
    /// Not `drop`, `delay`, `dup`, `corrupt`, `deliver`, `cut`, `open`, `connect`, `listen`,
    /// `send`, `read`, `window`, `close`, `abort`, `exit` or `crash`.
    UnknownVerb,
    /// Not `C1`, `S2`, …
    NotASegment,
    /// Not `C` or `S`.
    NotASide,
    /// Not a time such as `300ms`, or too long.
    NotATime,
    /// Not a number of bytes up to [`MOST_OCTETS`].
    NotACount,
    /// Too few or too many parts.
    WrongShape,
}

/// The longest time in an edit, in links and on the page: an hour.
pub const LONGEST: Duration = Duration::from_secs(3600);
/// The most bytes of one SEND or of a receive buffer, in links and on the page.
pub const MOST_OCTETS: u32 = 65_535;

impl core::str::FromStr for Edit {
    type Err = EditError;

    fn from_str(text: &str) -> Result<Self, EditError> {
        let fail = |part: &str, kind| Err(EditError { part: part.to_owned(), kind });
        let (head, at) = match text.split_once('@') {
            Some((head, at)) => (head, Some(at)),
            None => (text, None),
        };
        let mut pieces = head.split(':');
        let verb = pieces.next().unwrap_or_default().to_ascii_lowercase();
        let pieces: Vec<&str> = pieces.collect();
        match (verb.as_str(), pieces.as_slice(), at) {
            ("drop", [id], None) => Ok(Self::Drop(segment(id)?)),
            ("corrupt", [id], None) => Ok(Self::Corrupt(segment(id)?)),
            ("deliver", [id], None) => Ok(Self::Deliver(segment(id)?, None)),
            ("deliver", [id, flight], None) => Ok(Self::Deliver(segment(id)?, Some(span(flight)?))),
            ("delay", [id, by], None) => Ok(Self::Delay(segment(id)?, span(by)?)),
            ("dup", [id], None) => Ok(Self::Duplicate(segment(id)?, None)),
            ("dup", [id, later], None) => Ok(Self::Duplicate(segment(id)?, Some(span(later)?))),
            ("cut", pieces, Some(at)) => outage(text, pieces, at).map(Self::Cut),
            ("drop" | "corrupt" | "deliver" | "delay" | "dup" | "cut", ..) => {
                fail(text, EditErrorKind::WrongShape)
            }
            (verb, pieces, at) => {
                if Call::from_verb(verb, Side::Client).is_none() {
                    return fail(verb, EditErrorKind::UnknownVerb);
                }
                let (who, count) = match pieces {
                    [who] => (*who, None),
                    [who, count] => (*who, Some(*count)),
                    _ => return fail(text, EditErrorKind::WrongShape),
                };
                let Some(side) = side(who) else { return fail(who, EditErrorKind::NotASide) };
                let call = Call::from_verb(verb, side);
                let call = match (call, call.and_then(Call::octets), count) {
                    (Some(call), Some(_), Some(count)) => call.with_octets(octets(call, count)?),
                    (Some(call), None, None) => call,
                    _ => return fail(text, EditErrorKind::WrongShape),
                };
                let Some(at) = at else { return fail(text, EditErrorKind::WrongShape) };
                Ok(Self::Call(side, call, Instant::ZERO + span(at)?))
            }
        }
    }
}

/// Reads a time: a whole number and a unit, `us`, `ms` or `s`; a bare number is milliseconds.
/// Fractions such as `1.5s` are read too, down to the microsecond.
pub fn span(text: &str) -> Result<Duration, EditError> {
    let error = || EditError { part: text.to_owned(), kind: EditErrorKind::NotATime };
    let lower = text.to_ascii_lowercase();
    let (number, unit) = if let Some(number) = lower.strip_suffix("us") {
        (number, 1)
    } else if let Some(number) = lower.strip_suffix("ms") {
        (number, 1_000)
    } else if let Some(number) = lower.strip_suffix('s') {
        (number, 1_000_000)
    } else {
        (lower.as_str(), 1_000)
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = !whole.is_empty() && whole.len() <= 12 && fraction.len() <= 6;
    if !fits || !is_digits(whole) || !is_digits(fraction) || number.ends_with('.') {
        return Err(error());
    }
    let mut micros = whole.parse::<u64>().map_err(|_| error())?.saturating_mul(unit);
    let mut scale = unit;
    for digit in fraction.bytes() {
        scale /= 10;
        micros = micros.saturating_add(u64::from(digit - b'0') * scale);
    }
    let span = Duration::from_micros(micros);
    if span > LONGEST { Err(error()) } else { Ok(span) }
}

fn side(text: &str) -> Option<Side> {
    match text {
        "C" | "c" => Some(Side::Client),
        "S" | "s" => Some(Side::Server),
        _ => None,
    }
}

/// Reads an outage: whose segments are lost, and how long it lasts. Either can be left out.
fn outage(text: &str, pieces: &[&str], at: &str) -> Result<Outage, EditError> {
    let (of, lasts) = match pieces {
        [] => (None, None),
        [who] if side(who).is_some() => (side(who), None),
        [lasts] => (None, Some(span(lasts)?)),
        [who, lasts] => {
            let error = || EditError { part: (*who).to_owned(), kind: EditErrorKind::NotASide };
            (Some(side(who).ok_or_else(error)?), Some(span(lasts)?))
        }
        _ => {
            return Err(EditError { part: text.to_owned(), kind: EditErrorKind::WrongShape });
        }
    };
    Ok(Outage { of, from: Instant::ZERO + span(at)?, lasts })
}

fn segment(text: &str) -> Result<SegmentId, EditError> {
    text.parse().map_err(|_| EditError { part: text.to_owned(), kind: EditErrorKind::NotASegment })
}

fn octets(call: Call, text: &str) -> Result<u32, EditError> {
    match text.parse() {
        Ok(count @ ..=MOST_OCTETS) if count >= call.least_octets() => Ok(count),
        _ => Err(EditError { part: text.to_owned(), kind: EditErrorKind::NotACount }),
    }
}
