//! A run or an export as a program asks for it, in named values. A link ignores its invalid parts
//! and shows the rest; here an invalid value is an error that names its field.

use std::fmt::Write as _;

use crate::export::{Format, Options, Place, Width};
use crate::link::{Link, Problem, Theme};
use crate::locale::{self, Language};

/// A field's name and its value as text.
pub type Pair = (String, String);

/// Reads a run from a scenario's id, or from a link's text such as `scenario=normal&do=drop:C1`.
///
/// # Errors
///
/// Names the part at fault.
pub fn link_of_text(text: &str) -> Result<Link, String> {
    if text.contains(['=', '#', '?']) {
        return checked(Link::of_address(text));
    }
    link(&[("scenario".to_owned(), text.to_owned())])
}

/// Reads a run from the parameters of a link, each with its value.
///
/// # Errors
///
/// Names the parameter at fault.
pub fn link(pairs: &[Pair]) -> Result<Link, String> {
    let mut text = String::new();
    for (key, value) in pairs {
        for (part, end) in [(key, '='), (value, '&')] {
            for octet in part.bytes() {
                // Writing to a `String` cannot fail.
                let _ = write!(text, "%{octet:02X}");
            }
            text.push(end);
        }
    }
    checked(Link::parse("", text.trim_end_matches('&')))
}

/// The link, or the first of its problems.
fn checked((link, problems): (Link, Vec<Problem>)) -> Result<Link, String> {
    match problems.first() {
        None => Ok(link),
        Some(problem) => {
            let (field, part, kind) = (&problem.key, &problem.part, problem.kind.id());
            Err(format!("{field}: \u{201c}{part}\u{201d} is not understood ({kind})"))
        }
    }
}

/// The export format of this name.
///
/// # Errors
///
/// There is no such format.
pub fn format(id: &str) -> Result<Format, String> {
    Format::from_id(id).ok_or_else(|| {
        let known = Format::ALL.map(Format::id).join(", ");
        format!("format: one of {known} is needed")
    })
}

/// Reads the options of an export, and the language of its texts.
///
/// # Errors
///
/// Names the field at fault.
pub fn options(pairs: &[Pair]) -> Result<(Options, Option<&'static Language>), String> {
    let (mut options, mut lang) = (Options::default(), None);
    for (field, value) in pairs {
        let wants = |what: &str| format!("{field}: {what} is needed");
        match field.as_str() {
            "lang" => {
                lang = Some(locale::language(value).ok_or_else(|| wants("a language, en or ko"))?);
            }
            "full" => options.full = value.parse().map_err(|_| wants("true or false"))?,
            "at" => {
                let place = Place::from_id(value);
                options.at = place.ok_or_else(|| wants("client, server or both"))?;
            }
            "page" => options.page = Some(value.clone()),
            "width" => {
                options.width = Width::from_id(value).ok_or_else(|| wants("640 or 360"))?;
            }
            "theme" => {
                let theme = Theme::ALL.into_iter().find(|theme| theme.id() == value);
                options.theme = theme.ok_or_else(|| wants("light, dark or auto"))?;
            }
            "captions" => {
                let captions: bool = value.parse().map_err(|_| wants("true or false"))?;
                options.no_captions = !captions;
            }
            "sentences" => options.sentences = value.parse().map_err(|_| wants("true or false"))?,
            _ => return Err(format!("{field}: there is no such option")),
        }
    }
    Ok((options, lang))
}
