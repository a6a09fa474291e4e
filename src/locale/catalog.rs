//! Catalogs: the texts of one language, by key.

use core::fmt::{self, Display, Write as _};
use std::sync::OnceLock;

use super::language::{ENGLISH, LANGUAGES, OTHERS, language};
use super::reader::{Fault, Reader, place_of};

/// The texts of one language, by dotted key. English texts fill the gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    /// Sorted by key.
    texts: Vec<(String, String)>,
}

/// Why a text is not a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogError {
    /// Invalid JSON at this byte.
    NotJson(usize),
    /// The value of this key is neither a text nor an object.
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

/// The values of the `{name}`s in a template.
pub type Arguments<'a> = &'a [(&'a str, &'a dyn Display)];

impl Catalog {
    /// Reads a file of words, which consists of nested objects of texts.
    ///
    /// # Errors
    ///
    /// The file is not JSON, or has a value that is neither a text nor an object.
    pub fn parse(json: &str) -> Result<Self, CatalogError> {
        Self { texts: vec![] }.with(json)
    }

    /// The catalog with the words of a further file.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse).
    pub fn with(self, json: &str) -> Result<Self, CatalogError> {
        let mut reader = Reader { rest: json, key: String::new(), texts: self.texts };
        match reader.read() {
            Ok(()) => Ok(Self { texts: reader.texts }),
            Err(Fault::Json) => Err(CatalogError::NotJson(json.len() - reader.rest.len())),
            Err(Fault::Text) => Err(CatalogError::NotText(reader.key)),
        }
    }

    /// Reads the files of a language.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse).
    pub fn parse_all(files: &[&str]) -> Result<Self, CatalogError> {
        files.iter().try_fold(Self { texts: vec![] }, |catalog, json| catalog.with(json))
    }

    /// The English catalog: of a split program, only the player's words.
    #[must_use]
    pub fn english() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        // Parsing cannot fail: the files are compiled in, and a test parses them.
        let read = || Self::parse_all(ENGLISH).unwrap_or(Self { texts: vec![] });
        CATALOG.get_or_init(read)
    }

    /// The catalog of a language, if it is compiled in.
    #[must_use]
    pub fn built_in(tag: &str) -> Option<Self> {
        let language = language(tag)?;
        if language == &LANGUAGES[0] {
            return Some(Self::english().clone());
        }
        let (_, files) = OTHERS.iter().find(|(code, _)| *code == language.code)?;
        Self::parse_all(files).ok()
    }

    /// The text of a key; else the English text, or the key itself.
    #[must_use]
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    /// The text of a key, in this language or in English.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&str> {
        self.own(key).or_else(|| Self::english().own(key))
    }

    /// Whether a key has a text, or a singular and a plural text.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some() || self.find(&format!("{key}.other")).is_some()
    }

    /// The text of a key with each `{name}` replaced. With the argument `count`, `key.one` or
    /// `key.other` is used if it exists.
    #[must_use]
    pub fn format(&self, key: &str, arguments: Arguments<'_>) -> String {
        let count = arguments.iter().find(|(name, _)| *name == "count");
        let plural = count.map(|(_, count)| {
            format!("{key}.{}", if count.to_string() == "1" { "one" } else { "other" })
        });
        // A language can have one form where English has two.
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

/// Replaces each `{name}` once; braces inside a value are kept.
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

#[cfg(test)]
mod tests {
    use super::{Catalog, CatalogError};
    use crate::locale::language::{ENGLISH, LANGUAGES, OTHERS, language};

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

        for (code, files) in [("en", ENGLISH)].iter().chain(OTHERS) {
            let mut texts = vec![];
            for file in *files {
                flat(&serde_json::from_str(file).unwrap(), "", &mut texts);
            }
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
}
