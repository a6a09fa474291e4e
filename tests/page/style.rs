//! `docs/words.md` is kept: no text contains a word that its tables exclude, but for the keys that
//! they except.

use std::fs;
use std::path::Path;

use tcp_handshake::locale::{Catalog, LANGUAGES};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A row of a table: words to avoid, and the keys of the texts that may have them.
struct Avoided {
    words: Vec<String>,
    except: Vec<String>,
}

impl Avoided {
    fn is_allowed(&self, key: &str) -> bool {
        self.except.iter().any(|except| match except.strip_suffix('*') {
            Some(start) => key.starts_with(start),
            None => key == except,
        })
    }
}

/// The code spans of a cell.
fn spans(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows of a language's table. The sections are in the order of the languages.
fn avoided(language: usize) -> Vec<Avoided> {
    let document = read("docs/words.md");
    let section = document.split("\n## ").nth(language + 1).unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        assert_eq!(cells.len(), 3, "{row}");
        Avoided { words: spans(cells[0]), except: spans(cells[2]) }
    })
    .collect()
}

/// A text without its placeholders, markup and code.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let (mut depth, mut is_code) = (0_u32, false);
    for (index, char) in text.char_indices() {
        match char {
            '{' => depth += 1,
            '}' | '>' => depth = depth.saturating_sub(1),
            '<' => {
                let rest = &text[index..];
                is_code |= rest.starts_with("<pre") || rest.starts_with("<code");
                is_code &= !(rest.starts_with("</pre") || rest.starts_with("</code"));
                depth += 1;
            }
            _ if depth == 0 && !is_code => plain.push(char),
            _ => {}
        }
    }
    plain
}

/// Whether a text contains a phrase: in a Latin script as whole words, else as any part of it.
fn contains(text: &str, phrase: &str) -> bool {
    if !phrase.is_ascii() {
        return text.contains(phrase);
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let phrase: Vec<&str> = phrase.split(' ').collect();
    words.windows(phrase.len()).any(|window| window == phrase)
}

/// All texts of a language with their keys. Of the notes, the two lists from `learn.json` have keys
/// of their own.
fn texts(code: &str) -> Vec<(String, String)> {
    let mut texts = vec![];
    for file in ["capture", "graph", "help", "learn", "page", "quiz", "share", "start", "task"] {
        let catalog = Catalog::parse(&read(&format!("static/words/{code}/{file}.json"))).unwrap();
        let of = |key: &str| (key.to_owned(), plain(catalog.text(key)));
        texts.extend(catalog.keys().map(of));
    }
    let notes = read(&format!("static/notes/{code}.html"));
    let (before, rest) = notes.split_once("data-list=\"questions\">").unwrap();
    let (questions, after) = rest.split_once("</section>").unwrap();
    texts.push(("questions".to_owned(), plain(questions)));
    texts.push(("notes".to_owned(), plain(&format!("{before}>{after}"))));
    texts
}

#[test]
fn no_text_has_a_word_that_the_style_sheet_excludes() {
    let mut wrong = vec![];
    for (index, language) in LANGUAGES.iter().enumerate() {
        let (rows, texts) = (avoided(index), texts(language.code));
        assert!(rows.len() > 10 && texts.len() > 500, "{}", language.code);
        for row in &rows {
            for word in &row.words {
                let found =
                    texts.iter().filter(|(key, text)| contains(text, word) && !row.is_allowed(key));
                wrong.extend(found.map(|(key, text)| {
                    format!("{} {key}: “{word}” in “{}”", language.code, text.trim())
                }));
            }
        }
    }
    assert!(wrong.is_empty(), "see docs/words.md:\n{}", wrong.join("\n"));
}

/// An exception that nothing needs any more hides the next mistake.
#[test]
fn every_exception_of_the_style_sheet_is_needed() {
    for (index, language) in LANGUAGES.iter().enumerate() {
        let texts = texts(language.code);
        for row in avoided(index) {
            for except in &row.except {
                let alone = Avoided { words: vec![], except: vec![except.clone()] };
                let is_needed = texts.iter().any(|(key, text)| {
                    alone.is_allowed(key) && row.words.iter().any(|word| contains(text, word))
                });
                assert!(is_needed, "{}: {except} for {:?}", language.code, row.words);
            }
        }
    }
}

/// One notation for flags, and one for seconds in Korean.
#[test]
fn flags_and_units_have_one_notation() {
    for language in LANGUAGES {
        for (key, text) in texts(language.code) {
            for wrong in ["SYN·ACK", "SYN+ACK", "SYN-ACK", "SYN, ACK", "FIN·ACK", "FIN+ACK"] {
                // An enumeration of three flags may have “SYN, ACK” in it.
                let is_list = wrong == "SYN, ACK" || key == "notes" || key == "questions";
                assert!(is_list || !text.contains(wrong), "{} {key}: {text}", language.code);
            }
            let chars: Vec<char> = text.chars().collect();
            let is_apart = |window: &[char]| {
                window[0].is_ascii_digit() && window[1] == ' ' && matches!(window[2], '초' | '분')
            };
            assert!(!chars.windows(3).any(is_apart), "{key}: {text}");
        }
    }
}

/// What a rule does is a short form in lists, and in Korean no sentence.
#[test]
fn the_short_form_of_a_rule_is_no_sentence_in_korean() {
    let texts = texts("ko");
    let is_short = |key: &str| key.split('.').next_back() == Some("says");
    let short: Vec<_> = texts.iter().filter(|(key, _)| is_short(key)).collect();
    assert!(short.len() > 50, "{}", short.len());
    for (key, text) in short {
        assert!(!text.ends_with("니다"), "{key}: {text}");
    }
}
