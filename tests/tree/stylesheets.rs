//! Stylesheets: type, weight, radius, layer and breakpoints come from tokens.css, and the classes
//! of a component begin with the name of its file.

use crate::repository::{Complaint, assert_complaint, check_all, read, texts};

const TOKENS: &str = "static/styles/tokens.css";

/// The properties whose values are tokens.
const TOKEN_PROPERTIES: [&str; 5] =
    ["font-size", "font-weight", "font", "border-radius", "z-index"];

/// Values that need no token: none, a circle, and the value of another element.
const FREE_VALUES: [&str; 5] = ["0", "50%", "inherit", "auto", "none"];

/// Files whose rules are about other components too, each with the reason.
const SHARED_FILES: &[(&str, &str)] = &[
    ("base", "rules for elements, and the one class for text that only screen readers get"),
    ("embed", "the page without its surroundings: every component at a low height"),
    ("poster", "stands in for the page until the program draws it"),
];

/// Classes that do not begin with their file's name, each with the reason.
const OTHER_CLASSES: &[(&str, &str, &str)] = &[
    ("button", "icon-button", "a variant of the button"),
    ("button", "link-button", "a variant of the button"),
];

/// One part of a stylesheet, with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Selector(usize, String),
    /// `@media …` and the like, up to the brace.
    Condition(usize, String),
    /// A property and its value.
    Declaration(usize, String, String),
}

fn component_styles() -> Vec<(String, String)> {
    let files = texts(&["css"]).into_iter();
    files.filter(|(path, _)| path.starts_with("static/styles/") && path != TOKENS).collect()
}

/// The parts of a stylesheet. The steps of `@keyframes` count as selectors.
fn parts(text: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let (mut line, mut start, mut piece) = (1, 1, String::new());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            let end = comment.find("*/").map_or(rest.len(), |at| at + 4);
            line += rest[..end].matches('\n').count();
            rest = &rest[end..];
            continue;
        }
        rest = &rest[letter.len_utf8()..];
        line += usize::from(letter == '\n');
        if !['{', '}', ';'].contains(&letter) {
            if piece.is_empty() {
                start = line;
            }
            if !(piece.is_empty() && letter.is_whitespace()) {
                piece.push(letter);
            }
            continue;
        }
        let text = std::mem::take(&mut piece).trim().to_owned();
        match (letter, text.split_once(':')) {
            ('{', _) if text.starts_with('@') => found.push(Part::Condition(start, text)),
            ('{', _) => found.push(Part::Selector(start, text)),
            (_, Some((property, value))) => {
                let (property, value) = (property.trim(), value.trim());
                found.push(Part::Declaration(start, property.to_owned(), value.to_owned()));
            }
            _ => {}
        }
    }
    found
}

// ---- The rules ----

#[test]
fn classes_begin_with_the_name_of_their_file() {
    check_all(&component_styles(), foreign_classes);
}

#[test]
fn breakpoints_are_those_of_the_tokens() {
    let tokens = read(TOKENS);
    let list = tokens.split("Breakpoints").nth(1).expect("a list of breakpoints in tokens.css");
    let list = list.split("*/").next().unwrap_or(list);
    let listed = |pixels: &str| list.split([' ', ',', ';', '.', '\n']).any(|word| word == pixels);
    check_all(&component_styles(), |_, text| {
        let mut found = Vec::new();
        for (line, size) in breakpoints(text) {
            if !listed(&size.to_string()) {
                found.push((line, format!("{size} is not among the breakpoints of tokens.css")));
            }
        }
        found
    });
}

/// The sizes at which a layout changes: `max-width: 719px` means the same as `min-width: 720px`.
fn breakpoints(text: &str) -> Vec<(usize, u32)> {
    let mut found = Vec::new();
    for part in parts(text) {
        let Part::Condition(line, condition) = part else { continue };
        for piece in condition.split('(').skip(1) {
            let Some((feature, rest)) = piece.split_once(": ") else { continue };
            let pixels = rest.split("px").next().and_then(|number| number.parse::<u32>().ok());
            let is_most = feature.starts_with("max-");
            found.extend(pixels.map(|pixels| (line, pixels + u32::from(is_most))));
        }
    }
    found
}

#[test]
fn type_weight_radius_and_layer_are_tokens() {
    check_all(&component_styles(), |_, text| literal_values(text));
}

/// Each selector has a class of the file's component: the rule is about the component, or about
/// another one inside or around it.
fn foreign_classes(path: &str, text: &str) -> Vec<Complaint> {
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".css");
    if SHARED_FILES.iter().any(|(file, _)| *file == name) {
        return Vec::new();
    }
    let is_own = |class: &str| {
        let rest = class.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
            || OTHER_CLASSES.iter().any(|(file, other, _)| *file == name && class == *other)
    };
    let mut found = Vec::new();
    for part in parts(text) {
        let Part::Selector(line, selectors) = part else { continue };
        for selector in split_list(&selectors) {
            let mut classes = classes(selector).peekable();
            if classes.peek().is_some() && !classes.any(is_own) {
                found.push((line, format!("`{selector}` has no class that begins with `{name}`")));
            }
        }
    }
    found
}

/// The selectors of a list, split at the commas outside of parentheses.
fn split_list(selectors: &str) -> Vec<&str> {
    let mut depth = 0;
    let parts = selectors.split(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        letter == ',' && depth == 0
    });
    parts.collect()
}

fn classes(selector: &str) -> impl Iterator<Item = &str> {
    let is_end = |letter: char| !letter.is_alphanumeric() && !"-_".contains(letter);
    let names = selector.split('.').skip(1);
    names.map(move |rest| rest.split(is_end).next().unwrap_or(rest))
}

/// Values that should be tokens.
fn literal_values(text: &str) -> Vec<Complaint> {
    let mut found = Vec::new();
    for part in parts(text) {
        let Part::Declaration(line, property, value) = part else { continue };
        let is_token_property = TOKEN_PROPERTIES.contains(&property.as_str())
            || property.starts_with("border-") && property.ends_with("-radius");
        if !is_token_property || FREE_VALUES.contains(&value.as_str()) {
            continue;
        }
        // The line height may be a number: `font: var(--size)/1.5 var(--family)`.
        let plain = value.split(' ').map(|word| word.split('/').next().unwrap_or(word));
        let is_literal = |word: &str| {
            word != "0"
                && !word.starts_with("var(")
                && word.contains(|letter: char| letter.is_ascii_digit())
        };
        if plain.into_iter().any(is_literal) {
            found.push((line, format!("`{property}: {value}` is no token")));
        }
    }
    found
}

mod can_fail {
    use super::*;

    #[test]
    fn parts_of_a_stylesheet() {
        let text = "/* a; b */\n.a,\n.b:is(.c, .d) { color: red; top: 0 }\n\
                    @media (x: y) {\n  .e { f: g; }\n}\n";
        let found = parts(text);
        let declaration = |line, property: &str, value: &str| {
            Part::Declaration(line, property.to_owned(), value.to_owned())
        };
        assert_eq!(
            found,
            [
                Part::Selector(2, ".a,\n.b:is(.c, .d)".to_owned()),
                declaration(3, "color", "red"),
                declaration(3, "top", "0"),
                Part::Condition(4, "@media (x: y)".to_owned()),
                Part::Selector(5, ".e".to_owned()),
                declaration(5, "f", "g"),
            ]
        );
    }

    #[test]
    fn a_foreign_class_is_seen() {
        let own =
            ".log, .log__line td, .page--embed .log--full, .log > .button, li { color: red; }";
        assert_eq!(foreign_classes("static/styles/log.css", own), []);
        let found = foreign_classes("static/styles/log.css", "\n.tcb__row:hover {\n  top: 0;\n}");
        assert_complaint(&found, 2, "`.tcb__row:hover`");
        assert_complaint(&foreign_classes("static/styles/log.css", ".logs {}"), 1, "`.logs`");
    }

    #[test]
    fn breakpoints_are_found() {
        let text = "@container page (max-height: 259px) and (min-width: 480px) {}\n\
                    @media (pointer: coarse) {}";
        assert_eq!(breakpoints(text), [(1, 260), (1, 480)]);
    }

    #[test]
    fn a_literal_value_is_seen() {
        let tokens =
            ".a { font: var(--size)/1.5 var(--mono); border-radius: 50%; z-index: var(--top); }";
        assert_eq!(literal_values(tokens), []);
        assert_complaint(&literal_values(".a {\n  font-size: 13px;\n}"), 2, "font-size");
        assert_complaint(&literal_values(".a { border-top-left-radius: 2px; }"), 1, "radius");
        assert_complaint(&literal_values(".a { font: 600 var(--size) var(--mono); }"), 1, "font");
    }
}
