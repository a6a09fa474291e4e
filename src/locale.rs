//! The words, in every language: catalogs of templates, and numbers and times as text.
//!
//! A further language is one more file in `static/locales/` and one more line in [`LANGUAGES`].

use core::fmt::{self, Display, Write as _};
use std::sync::OnceLock;

use crate::time::{Duration, Instant};

/// A language that the words exist in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its code, which is also its file's name in `static/locales/`.
    pub code: &'static str,
    /// Its own name for itself.
    pub name: &'static str,
}

const ENGLISH: &str = include_str!("../static/locales/en.json");
/// What is compiled in beside English, by its code. The page fetches it.
#[cfg(not(target_arch = "wasm32"))]
const OTHERS: &[(&str, &str)] = &[("ko", include_str!("../static/locales/ko.json"))];
#[cfg(target_arch = "wasm32")]
const OTHERS: &[(&str, &str)] = &[];

/// Every language, English first.
pub const LANGUAGES: &[Language] =
    &[Language { code: "en", name: "English" }, Language { code: "ko", name: "한국어" }];

/// The language that a tag such as `ko`, `KO` or `ko-KR` asks for.
#[must_use]
pub fn language(tag: &str) -> Option<&'static Language> {
    let code = tag.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.iter().find(|language| language.code.eq_ignore_ascii_case(code))
}

/// The texts of one language, by dotted key. What it lacks is said in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    /// Sorted by key.
    texts: Vec<(String, String)>,
}

/// Why a text is no catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogError {
    /// It is not JSON from this octet on.
    NotJson(usize),
    /// What stands at this key is neither a text nor an object.
    NotText(String),
}

impl Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(octet) => write!(f, "not JSON from octet {octet} on"),
            Self::NotText(key) => write!(f, "{key}: neither a text nor an object"),
        }
    }
}

impl core::error::Error for CatalogError {}

/// The values that a template's `{name}` stand for.
pub type Arguments<'a> = &'a [(&'a str, &'a dyn Display)];

impl Catalog {
    /// Reads a locale file: nested objects of texts.
    pub fn parse(json: &str) -> Result<Self, CatalogError> {
        let mut reader = Reader { rest: json, key: String::new(), texts: vec![] };
        match reader.read() {
            Ok(()) => Ok(Self { texts: reader.texts }),
            Err(Fault::Json) => Err(CatalogError::NotJson(json.len() - reader.rest.len())),
            Err(Fault::Text) => Err(CatalogError::NotText(reader.key)),
        }
    }

    /// The English catalog.
    #[must_use]
    pub fn english() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        // The file is part of the program, and a test reads it.
        let read = || Self::parse(ENGLISH).unwrap_or(Self { texts: vec![] });
        CATALOG.get_or_init(read)
    }

    /// The catalog of a language, where it is compiled in.
    #[must_use]
    pub fn built_in(tag: &str) -> Option<Self> {
        let language = language(tag)?;
        if language == &LANGUAGES[0] {
            return Some(Self::english().clone());
        }
        let (_, file) = OTHERS.iter().find(|(code, _)| *code == language.code)?;
        Self::parse(file).ok()
    }

    /// The text of a key; the English one, or the key itself, where there is none.
    #[must_use]
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    /// The text of a key, in this language or in English.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&str> {
        self.own(key).or_else(|| Self::english().own(key))
    }

    /// Whether a key has a text, in one form or in two.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some() || self.find(&format!("{key}.other")).is_some()
    }

    /// The text of a key with each `{name}` replaced. Where `count` is given, `key.one` or
    /// `key.other` is taken if there is one.
    #[must_use]
    pub fn format(&self, key: &str, arguments: Arguments<'_>) -> String {
        let count = arguments.iter().find(|(name, _)| *name == "count");
        let plural = count.map(|(_, count)| {
            format!("{key}.{}", if count.to_string() == "1" { "one" } else { "other" })
        });
        // A language may have one form where English has two.
        let plural = plural.as_deref();
        let english = || Self::english().own_form(key, plural);
        let text = self.own_form(key, plural).or_else(english).unwrap_or(key);
        fill(text, arguments)
    }

    /// Every key of this language, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|(key, _)| key.as_str())
    }

    fn own_form(&self, key: &str, plural: Option<&str>) -> Option<&str> {
        plural.and_then(|plural| self.own(plural)).or_else(|| self.own(key))
    }

    fn own(&self, key: &str) -> Option<&str> {
        let place = place_of(key, &self.texts).ok()?;
        Some(&self.texts[place].1)
    }
}

/// Where a key is in a sorted list, or belongs.
fn place_of(key: &str, texts: &[(String, String)]) -> Result<usize, usize> {
    texts.binary_search_by(|(other, _)| other.as_str().cmp(key))
}

/// Reads as much of JSON as a catalog is: objects of texts and of such objects. A reader of all of
/// it would weigh five times as much on the page.
struct Reader<'a> {
    rest: &'a str,
    /// Of what is being read.
    key: String,
    texts: Vec<(String, String)>,
}

/// Where it cannot go on.
enum Fault {
    Json,
    Text,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), Fault> {
        self.expect('{')?;
        // How long the key is around each object that is open, the outermost first.
        let mut around = vec![0];
        let mut is_first = true;
        while let Some(&length) = around.last() {
            self.key.truncate(length);
            if self.is_next('}') {
                around.pop();
                is_first = false;
                continue;
            }
            if !is_first {
                self.expect(',')?;
            }
            let name = self.text()?;
            if length > 0 {
                self.key.push('.');
            }
            self.key += &name;
            self.expect(':')?;
            is_first = self.is_next('{');
            if is_first {
                around.push(self.key.len());
            } else if self.next() == Some('"') {
                let text = self.text()?;
                let (key, texts) = (self.key.clone(), &mut self.texts);
                match place_of(&key, texts) {
                    Ok(place) => texts[place].1 = text,
                    Err(place) => texts.insert(place, (key, text)),
                }
            } else {
                return Err(if self.next().is_some() { Fault::Text } else { Fault::Json });
            }
        }
        if self.next().is_some() { Err(Fault::Json) } else { Ok(()) }
    }

    /// The next letter that is not space.
    fn next(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
        self.rest.chars().next()
    }

    /// Whether this letter is next; it is taken.
    fn is_next(&mut self, letter: char) -> bool {
        let is_next = self.next() == Some(letter);
        if is_next {
            self.take();
        }
        is_next
    }

    fn expect(&mut self, letter: char) -> Result<(), Fault> {
        if self.is_next(letter) { Ok(()) } else { Err(Fault::Json) }
    }

    fn take(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let letter = letters.next();
        self.rest = letters.as_str();
        letter
    }

    fn text(&mut self) -> Result<String, Fault> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            text.push(match self.take().ok_or(Fault::Json)? {
                '"' => return Ok(text),
                '\\' => self.escaped().ok_or(Fault::Json)?,
                letter if letter < ' ' => return Err(Fault::Json),
                letter => letter,
            });
        }
    }

    /// What follows a backslash.
    fn escaped(&mut self) -> Option<char> {
        Some(match self.take()? {
            letter @ ('"' | '\\' | '/') => letter,
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let mut code = 0;
                for _ in 0..4 {
                    code = code * 16 + self.take()?.to_digit(16)?;
                }
                // Half of a pair is none; what needs two is written as it is.
                char::from_u32(code)?
            }
            _ => return None,
        })
    }
}

/// Replaces each `{name}` once; a value's own braces stay as they are.
fn fill(template: &str, arguments: Arguments<'_>) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        match arguments.iter().find(|(other, _)| *other == name) {
            // Writing to a String cannot fail.
            Some((_, value)) => drop(write!(text, "{value}")),
            None => drop(write!(text, "{{{name}}}")),
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

/// A span as text, in the unit that fits: `250 µs`, `300 ms`, `1.05 s`.
#[must_use]
pub fn span(span: Duration) -> String {
    match span.as_micros() {
        0 => "0 ms".to_owned(),
        micros @ 1..1_000 => format!("{micros} µs"),
        micros @ 1_000..1_000_000 => format!("{} ms", decimal(micros, 3)),
        micros => format!("{} s", decimal(micros, 6)),
    }
}

/// An instant as text: the span since the start.
#[must_use]
pub fn instant(at: Instant) -> String {
    span(at.since(Instant::ZERO))
}

/// An instant as seconds with milliseconds, all of one shape: `1.050`.
#[must_use]
pub fn clock(at: Instant) -> String {
    let millis = at.as_millis();
    format!("{}.{:03}", number(millis / 1_000), millis % 1_000)
}

/// A number with its thousands set apart: `65,535`.
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `value` divided by ten to the `places`, without trailing zeros.
fn decimal(value: u64, places: u32) -> String {
    let scale = 10_u64.pow(places);
    let fraction = format!("{:0width$}", value % scale, width = places as usize);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}", number(value / scale))
}

#[cfg(test)]
mod tests {
    use super::{Catalog, CatalogError, ENGLISH, LANGUAGES, OTHERS, clock, language, number, span};
    use crate::time::{Duration, Instant};

    fn catalog() -> Catalog {
        Catalog::parse(
            r#"{
                "a": {
                    "b": "x {who} y {who}",
                    "n": {"one": "{count} octet", "other": "{count} octets"}
                },
                "open": "a { b",
                "odd": "{nobody}"
            }"#,
        )
        .unwrap()
    }

    #[test]
    fn templates_are_filled_once() {
        let catalog = catalog();
        assert_eq!(catalog.format("a.b", &[("who", &"{who}")]), "x {who} y {who}");
        assert_eq!(catalog.format("a.n", &[("count", &1)]), "1 octet");
        assert_eq!(catalog.format("a.n", &[("count", &0)]), "0 octets");
        assert_eq!(catalog.format("open", &[]), "a { b");
        assert_eq!(catalog.format("odd", &[]), "{nobody}");
    }

    #[test]
    fn what_is_missing_is_said_in_english_or_by_its_key() {
        assert_eq!(
            catalog().text("scenario.normal.title"),
            Catalog::english().text("scenario.normal.title")
        );
        assert_ne!(catalog().text("scenario.normal.title"), "scenario.normal.title");
        assert_eq!(catalog().text("no.such.key"), "no.such.key");
    }

    #[test]
    fn what_is_no_catalog_says_where() {
        for (text, octet) in [
            ("{", 1),
            ("", 0),
            ("[]", 0),
            ("{} x", 3),
            ("{,}", 1),
            (r#"{"a": "b",}"#, 10),
            (r#"{"a": "b" "c": "d"}"#, 10),
            (r#"{"a": "\x"}"#, 9),
            (r#"{"a": "\ud800"}"#, 13),
            (r#"{"a": "b}"#, 9),
            ("{\"a\": \"\n\"}", 8),
        ] {
            assert_eq!(Catalog::parse(text), Err(CatalogError::NotJson(octet)), "{text}");
        }
        let deep = r#"{"a":"#.repeat(100_000);
        assert!(matches!(Catalog::parse(&deep), Err(CatalogError::NotJson(_))));
        assert_eq!(
            Catalog::parse(r#"{"a": {"b": 1}}"#),
            Err(CatalogError::NotText("a.b".to_owned()))
        );
    }

    fn flat(value: &serde_json::Value, key: &str, into: &mut Vec<(String, String)>) {
        if let Some(text) = value.as_str() {
            into.push((key.to_owned(), text.to_owned()));
        }
        for (name, value) in value.as_object().into_iter().flatten() {
            let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            flat(value, &key, into);
        }
    }

    #[test]
    fn a_catalog_is_read_as_json_is() {
        let odd = r#" { "b" : { } , "a" : { "" : "\"\\\/\b\f\n\r\t\u00e9" , "c" : "1" } ,
            "a" : { "c" : "2" } } "#;
        let catalog = Catalog::parse(odd).unwrap();
        assert_eq!(catalog.keys().collect::<Vec<_>>(), ["a.", "a.c"]);
        assert_eq!(catalog.own("a."), Some("\"\\/\u{8}\u{c}\n\r\té"));
        assert_eq!(catalog.own("a.c"), Some("2"), "the last one counts");

        for (code, file) in [("en", ENGLISH)].iter().chain(OTHERS) {
            let mut texts = vec![];
            flat(&serde_json::from_str(file).unwrap(), "", &mut texts);
            texts.sort();
            assert!(texts.len() > 400);
            assert_eq!(Catalog::built_in(code), Some(Catalog { texts }));
        }
    }

    #[test]
    fn tags_find_their_language() {
        assert_eq!(language("ko-KR").map(|it| it.code), Some("ko"));
        assert_eq!(language("EN_us").map(|it| it.code), Some("en"));
        assert_eq!(language("").or(language("xx")), None);
        assert!(LANGUAGES.iter().all(|it| Catalog::built_in(it.code).is_some()));
    }

    #[test]
    fn times_and_numbers() {
        let text = |micros| span(Duration::from_micros(micros));
        assert_eq!(text(0), "0 ms");
        assert_eq!(text(250), "250 µs");
        assert_eq!(text(1_500), "1.5 ms");
        assert_eq!(text(300_000), "300 ms");
        assert_eq!(text(1_050_000), "1.05 s");
        assert_eq!(text(241_750_000), "241.75 s");
        assert_eq!(text(3_600_000_001), "3,600.000001 s");
        assert_eq!(clock(Instant::from_millis(1_050)), "1.050");
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(4_294_967_295), "4,294,967,295");
    }
}
