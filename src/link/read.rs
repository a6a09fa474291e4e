//! Reading a link: every invalid part is reported and skipped.

use super::model::Link;
use super::panel::Panel;
use super::parameters;
use super::problem::{Problem, ProblemKind};
use super::values::{choose, number};
use super::view::{PauseOn, Speed, Theme};
use crate::locale;
use crate::scenarios::Lesson;
use crate::sim::edit::span;
use crate::sim::{Edit, Part};
use crate::time::Instant;

/// The most edits in a link.
pub const MAX_EDITS: usize = 64;
/// The longest query or fragment that is read, in bytes.
pub const MAX_LENGTH: usize = 64 * 1024;
/// The most parameters in a query or a fragment.
const MAX_PAIRS: usize = 128;
/// The most panels.
const MAX_PANELS: usize = 16;
/// The most problems that are reported.
const MAX_PROBLEMS: usize = 64;
/// The most goals of an assignment.
pub const MAX_GOALS: usize = 8;
/// The most characters of a name.
pub const MAX_NAME: usize = 80;
/// The most characters of a task.
pub const MAX_TASK: usize = 1_000;
/// The most characters of an invalid piece that are quoted.
const MAX_QUOTED: usize = 60;

/// The link as read so far, and its problems.
struct Reader {
    link: Link,
    problems: Vec<Problem>,
}

/// Reads edits in the notation of `do=`. Returns the problems of those that cannot be read.
#[must_use]
pub fn edits(text: &str) -> (Vec<Edit>, Vec<Problem>) {
    let mut reader = Reader { link: Link::default(), problems: vec![] };
    reader.take_edits(text);
    (reader.link.edits, reader.problems)
}

impl Link {
    /// Reads a whole address, or a link's text alone, which is read as a fragment.
    #[must_use]
    pub fn of_address(text: &str) -> (Self, Vec<Problem>) {
        let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
        match before.split_once('?') {
            Some((_, query)) => Self::parse(query, fragment),
            None if before.len() < text.len() || before.contains("://") => {
                Self::parse("", fragment)
            }
            None => Self::parse("", text),
        }
    }

    /// Reads a query and a fragment, with or without their `?` and `#`. If both have a parameter,
    /// the fragment wins. Line breaks separate parameters as `&` does.
    ///
    /// A query may have names that others have added, such as `utm_source`: they are dropped. In a
    /// fragment, which is ours alone, an unknown name is reported, and kept for other versions.
    #[must_use]
    pub fn parse(query: &str, fragment: &str) -> (Self, Vec<Problem>) {
        let mut reader = Reader { link: Self::default(), problems: vec![] };
        let mut pairs = reader.pairs(query.strip_prefix('?').unwrap_or(query), is_name);
        let winners = reader.pairs(fragment.strip_prefix('#').unwrap_or(fragment), |_| true);
        pairs.retain(|(key, _)| winners.iter().all(|(winner, _)| winner != key));
        pairs.extend(winners);
        for (key, value) in pairs {
            reader.take(key, value);
        }
        (reader.link.normalized(), reader.problems)
    }
}

impl Reader {
    fn report(&mut self, key: &str, part: &str, kind: ProblemKind) {
        if self.problems.len() < MAX_PROBLEMS {
            let (key, part) = (quote(key), quote(part));
            self.problems.push(Problem { key, part, kind });
        }
    }

    /// The pairs of a query or a fragment that have a `wanted` name, decoded. Each key occurs once;
    /// several `do` are joined.
    fn pairs(&mut self, text: &str, wanted: fn(&str) -> bool) -> Vec<(String, String)> {
        let text = text.trim();
        let text = if text.len() > MAX_LENGTH {
            // A truncated parameter is dropped: half an edit could mean something else.
            let cut = text.bytes().take(MAX_LENGTH).rposition(|byte| byte == b'&').unwrap_or(0);
            self.report("", text.get(cut..).unwrap_or_default(), ProblemKind::TooMany);
            text.get(..cut).unwrap_or_default()
        } else {
            text
        };
        let mut pairs: Vec<(String, String)> = vec![];
        let pieces = text.split(['&', '\n', '\r']).map(str::trim).filter(|piece| !piece.is_empty());
        let named = pieces.filter(|piece| {
            let key = piece.split_once('=').map_or(*piece, |(key, _)| key);
            wanted(decode(key).unwrap_or_default().trim())
        });
        for (index, piece) in named.enumerate() {
            if index >= MAX_PAIRS {
                self.report("", piece, ProblemKind::TooMany);
                break;
            }
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            let (Some(key), Some(value)) = (decode(key), decode(value)) else {
                self.report("", piece, ProblemKind::BadEncoding);
                continue;
            };
            let key = key.trim().to_ascii_lowercase();
            match pairs.iter_mut().find(|(other, _)| *other == key) {
                Some((_, edits)) if key == "do" => {
                    edits.push(',');
                    edits.push_str(&value);
                }
                Some((_, earlier)) => {
                    let earlier = core::mem::replace(earlier, value);
                    self.report(&key, &earlier, ProblemKind::Repeated);
                }
                None => pairs.push((key, value)),
            }
        }
        pairs
    }

    fn take(&mut self, key: String, value: String) {
        let tuning = parameters::tuning(&key);
        if !is_name(&key) {
            self.report(&key, &value, ProblemKind::UnknownKey);
            if !key.is_empty() {
                self.link.unknown.push((key, value));
            }
            return;
        }
        let value = value.trim();
        let result = match key.as_str() {
            "do" => {
                self.take_edits(value);
                return;
            }
            "panels" => {
                self.take_panels(value);
                return;
            }
            "goal" | "lock" => {
                self.take_items(&key, value);
                return;
            }
            "scenario" => self.take_scenario(value),
            "part" => choose(value, Part::ALL, Part::id).map(|it| self.link.part = Some(it)),
            _ => match tuning {
                Some(parameter) => (parameter.read)(&mut self.link, value),
                None => self.take_view(&key, value),
            },
        };
        if let Err(kind) = result {
            self.report(&key, value, kind);
        }
    }

    fn take_scenario(&mut self, value: &str) -> Result<(), ProblemKind> {
        let lesson = Lesson::find(&value.to_ascii_lowercase());
        self.link.scenario = lesson.ok_or(ProblemKind::UnknownScenario)?.id;
        Ok(())
    }

    fn take_view(&mut self, key: &str, value: &str) -> Result<(), ProblemKind> {
        let view = &mut self.link.view;
        match key {
            "t" => view.t = Some(instant(value)?),
            "autoplay" => view.autoplay = flag(value)?,
            "embed" => view.embed = flag(value)?,
            "speed" => {
                view.speed =
                    choose(value.strip_suffix('x').unwrap_or(value), Speed::ALL, Speed::id)?;
            }
            "pauseon" => view.pause_on = choose(value, PauseOn::ALL, PauseOn::id)?,
            "theme" => view.theme = choose(value, Theme::ALL, Theme::id)?,
            "name" => view.name = words(value, MAX_NAME)?,
            "task" => view.task = words(value, MAX_TASK)?,
            _ => {
                let language = locale::language(value).ok_or(ProblemKind::UnknownValue)?;
                view.lang = Some(language.code.to_owned());
            }
        }
        Ok(())
    }

    fn take_edits(&mut self, value: &str) {
        let pieces = value.split(',').map(str::trim).filter(|piece| !piece.is_empty());
        for (index, piece) in pieces.enumerate() {
            if index >= MAX_EDITS {
                self.report("do", piece, ProblemKind::TooMany);
                return;
            }
            match piece.parse::<Edit>() {
                Ok(edit) => self.link.edits.push(edit),
                // The problem quotes the whole edit, so that it can be found in the link.
                Err(error) => self.report("do", piece, ProblemKind::of_edit(error.kind)),
            }
        }
    }

    /// Takes the goals of an assignment, or what it locks.
    fn take_items(&mut self, key: &str, value: &str) {
        for piece in value.split(',').map(str::trim).filter(|piece| !piece.is_empty()) {
            let view = &mut self.link.view;
            let result = if key == "lock" {
                view.lock.take(piece)
            } else if view.goals.len() < MAX_GOALS {
                piece.parse().map(|goal| view.goals.push(goal))
            } else {
                Err(ProblemKind::TooMany)
            };
            if let Err(kind) = result {
                self.report(key, piece, kind);
            }
        }
    }

    fn take_panels(&mut self, value: &str) {
        for piece in value.split(',').map(str::trim).filter(|piece| !piece.is_empty()) {
            let name = piece.to_ascii_lowercase();
            let is_name = name.len() <= 32
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            if !is_name {
                self.report("panels", piece, ProblemKind::UnknownValue);
            } else if self.link.view.panels.len() >= MAX_PANELS {
                self.report("panels", piece, ProblemKind::TooMany);
                return;
            } else {
                let panel = Panel::named(name);
                if !self.link.view.panels.contains(&panel) {
                    self.link.view.panels.push(panel);
                }
            }
        }
    }
}

/// Whether a parameter has this name.
fn is_name(key: &str) -> bool {
    parameters::names().any(|name| name.eq_ignore_ascii_case(key))
}

/// Free text up to a number of characters; `None` if it is empty.
fn words(value: &str, most: usize) -> Result<Option<String>, ProblemKind> {
    if value.chars().nth(most).is_some() {
        return Err(ProblemKind::TooMany);
    }
    Ok((!value.is_empty()).then(|| value.to_owned()))
}

fn flag(value: &str) -> Result<bool, ProblemKind> {
    match value.to_ascii_lowercase().as_str() {
        "" | "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(ProblemKind::UnknownValue),
    }
}

/// An instant of the run. A long run can exceed the limit for times in edits.
fn instant(text: &str) -> Result<Instant, ProblemKind> {
    if let Ok(span) = span(text) {
        return Ok(Instant::ZERO + span);
    }
    let lower = text.to_ascii_lowercase();
    let units = [("us", 1), ("ms", 1_000), ("s", 1_000_000), ("", 1_000)];
    let (digits, unit) = units
        .iter()
        .find_map(|(name, unit)| Some((lower.strip_suffix(name)?, *unit)))
        .ok_or(ProblemKind::NotATime)?;
    let number = number(digits).map_err(|_| ProblemKind::NotATime)?;
    number.checked_mul(unit).map(Instant::from_micros).ok_or(ProblemKind::NotATime)
}

/// Decodes `%41` and `+`, and keeps a `%` that no two digits follow. `None` if the result is not
/// UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        octets.push(match (byte, tail) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            (byte, _) => *byte,
        });
    }
    String::from_utf8(octets).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The start of a text, without characters that control the screen or the direction of writing:
/// they would change the sentence around it.
fn quote(text: &str) -> String {
    let is_control = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}')
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let visible = |letter: char| if is_control(letter) { '\u{fffd}' } else { letter };
    let mut quoted: String = text.chars().take(MAX_QUOTED).map(visible).collect();
    if text.chars().nth(MAX_QUOTED).is_some() {
        quoted.push('…');
    }
    quoted
}
