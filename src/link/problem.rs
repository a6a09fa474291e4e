//! The parts of a link that could not be read.

use crate::locale::Catalog;
use crate::sim::edit::EditErrorKind;

/// A part of a link that was ignored. Its text in each language is `problem.<kind>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The parameter.
    pub key: String,
    /// The part at fault as written, shortened if it is long.
    pub part: String,
    /// The reason.
    pub kind: ProblemKind,
}

impl Problem {
    /// The problem as a sentence.
    #[must_use]
    pub fn text(&self, catalog: &Catalog) -> String {
        let key = format!("problem.{}", self.kind.id());
        catalog.format(&key, &[("key", &self.key), ("part", &self.part)])
    }
}

/// Why a part of a link is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// No built-in scenario has this id.
    UnknownScenario,
    /// No edit has this verb.
    UnknownVerb,
    /// Not a segment's name, such as `C1`.
    NotASegment,
    /// Not `C` or `S`.
    NotASide,
    /// Not a time such as `300ms`, or too long.
    NotATime,
    /// Not a number of bytes in range.
    NotACount,
    /// An edit with too few or too many pieces.
    WrongShape,
    /// Not a number in range.
    NotANumber,
    /// Not among the values of this parameter.
    UnknownValue,
    /// A lower bound above the upper one.
    Reversed,
    /// No parameter has this name; it is kept.
    UnknownKey,
    /// The parameter or edit occurs more than once; the last one counts.
    Repeated,
    /// Not percent-encoded UTF-8.
    BadEncoding,
    /// The link has too many parts; the rest is ignored.
    TooMany,
    /// The run has no such part; the whole run is shown.
    AbsentPart,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
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
        Self::AbsentPart,
    ];

    /// The kind of problem for an edit that cannot be read.
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

    /// Its name in the catalog.
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
            Self::AbsentPart => "absent-part",
        }
    }
}
