//! The clauses that rules cite, and segments named in sentences.

use crate::sim::{SegmentId, Trace};
use crate::tcp::Rule;
use crate::tcp::rule::Citation;

/// A citation, such as `RFC 9293 §3.10.7.4, MUST-58`.
#[must_use]
pub fn cite(rule: Rule) -> String {
    let Citation { rfc, section, label } = rule.citation();
    match label {
        Some(label) => format!("RFC {rfc} §{section}, {label}"),
        None => format!("RFC {rfc} §{section}"),
    }
}

/// The address of the clause.
#[must_use]
pub fn citation_url(rule: Rule) -> String {
    let Citation { rfc, section, .. } = rule.citation();
    section_url(rfc, section)
}

/// The address of a section of an RFC, or of the whole RFC if `section` is empty.
#[must_use]
pub fn section_url(rfc: u16, section: &str) -> String {
    let section = match rfc {
        // The numbered rules in its sections have no addresses of their own.
        6298 => section.split('.').next().unwrap_or(section),
        _ => section,
    };
    let place = if section.is_empty() { "" } else { "#section-" };
    format!("https://www.rfc-editor.org/rfc/rfc{rfc}{place}{section}")
}

/// Splits a sentence at the names of segments. Each piece comes with the segment that it names.
pub fn naming_segments<'a>(
    sentence: &'a str,
    trace: &'a Trace,
) -> impl Iterator<Item = (&'a str, Option<SegmentId>)> {
    let mut rest = sentence;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let is_name = |from: &str| {
            let end = from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len());
            let id = from.get(..end)?.parse().ok()?;
            trace.segment(id).map(|record| (end, record.id))
        };
        // A name begins at the beginning of a word.
        let starts = rest.char_indices().scan(false, |in_word, (at, c)| {
            let begins = !*in_word && c.is_ascii_alphanumeric();
            *in_word = c.is_ascii_alphanumeric();
            Some((at, begins))
        });
        let mut names = starts
            .filter(|(_, begins)| *begins)
            .filter_map(|(at, _)| is_name(&rest[at..]).map(|found| (at, found)));
        let (end, id) = match names.next() {
            Some((0, (end, id))) => (end, Some(id)),
            Some((at, _)) => (at, None),
            None => (rest.len(), None),
        };
        drop(names);
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some((piece, id))
    })
}
