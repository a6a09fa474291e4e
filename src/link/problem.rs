//! The parts of a link that could not be read.

use crate::locale::Catalog;
use crate::sim::edit::EditErrorKind;

/// A part of a link that was ignored. Its text in each language: `problem.<kind>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The parameter.
    pub key: String,
    /// The piece at fault, as it was written; cut if it is long.
    pub part: String,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

impl Problem {
    /// The problem in one sentence.
    #[must_use]
    pub fn text(&self, catalog: &Catalog) -> String {
        let key = format!("problem.{}", self.kind.id());
        catalog.format(&key, &[("key", &self.key), ("part", &self.part)])
    }
}

/// What is wrong with a part of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// No built-in scenario has this id.
    UnknownScenario,
    /// No edit begins with this word.
    UnknownVerb,
    /// Not a segment's name, such as `C1`.
    NotASegment,
    /// Not `C` or `S`.
    NotASide,
    /// Not a time such as `300ms`, or too long.
    NotATime,
    /// Not a count of octets in its range.
    NotACount,
    /// An edit with too few or too many pieces.
    WrongShape,
    /// Not a number in its range.
    NotANumber,
    /// None of the values that this parameter has.
    UnknownValue,
    /// A lower bound above the upper one.
    Reversed,
    /// No parameter has this name; it is kept.
    UnknownKey,
    /// It stood here before; the later one counts.
    Repeated,
    /// Not percent-encoded UTF-8.
    BadEncoding,
    /// More than can be read; the rest is ignored.
    TooMany,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::UnknownScenario,
        Self::UnknownVerb,
        Self::NotASegment,
        Self::NotASide,
        Self::NotATime,
        Self::NotACount,
        Self::WrongShape,
        Self::NotANumber,
        Self::UnknownValue,
        Self::Reversed,
        Self::UnknownKey,
        Self::Repeated,
        Self::BadEncoding,
        Self::TooMany,
    ];

    /// Why a text is no edit.
    pub(super) const fn of_edit(kind: EditErrorKind) -> Self {
        match kind {
            EditErrorKind::UnknownVerb => Self::UnknownVerb,
            EditErrorKind::NotASegment => Self::NotASegment,
            EditErrorKind::NotASide => Self::NotASide,
            EditErrorKind::NotATime => Self::NotATime,
            EditErrorKind::NotACount => Self::NotACount,
            EditErrorKind::WrongShape => Self::WrongShape,
        }
    }

    /// Its name in locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::UnknownScenario => "unknown-scenario",
            Self::UnknownVerb => "unknown-verb",
            Self::NotASegment => "not-a-segment",
            Self::NotASide => "not-a-side",
            Self::NotATime => "not-a-time",
            Self::NotACount => "not-a-count",
            Self::WrongShape => "wrong-shape",
            Self::NotANumber => "not-a-number",
            Self::UnknownValue => "unknown-value",
            Self::Reversed => "reversed",
            Self::UnknownKey => "unknown-key",
            Self::Repeated => "repeated",
            Self::BadEncoding => "bad-encoding",
            Self::TooMany => "too-many",
        }
    }
}
