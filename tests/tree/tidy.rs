//! What neither the compiler nor clippy checks: the order of the layers, what stays out of the
//! engine, and some bounds on length. Each complaint is a `file:line` and the rule.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{fs, iter};

/// The modules of `src/` by height. A module may use those below it, not those beside it.
const LAYERS: &[(&str, u8)] = &[
    ("time", 0),
    // Values as octets, from one of the page's programs to another.
    ("packed", 0),
    ("tcp", 1),
    ("sim", 2),
    ("scenarios", 3),
    ("packetdrill", 3),
    ("ladder", 3),
    // The state diagram of RFC 9293.
    ("diagram", 3),
    // Words in every language; the sentences that explain events are made of them.
    ("locale", 3),
    ("explain", 3),
    // The parameters of an address, read and written: they name scenarios.
    ("link", 4),
    ("export", 5),
    ("app", 6),
    ("ui", 7),
];

/// The exceptions: (a module, a module of its own height that it may use). Each with its reason.
const SIBLINGS: &[(&str, &str)] = &[
    // Catalogs are a mechanism and explanations a use of it, both at the height of `ladder`.
    ("explain", "locale"),
];

/// The modules where nothing may depend on rounding, a hasher, a clock or a thread.
const ENGINE: &[&str] = &["time", "tcp", "sim"];
const ENGINE_BANS: &[&str] =
    &["f32", "f64", "HashMap", "HashSet", "SystemTime", "rand", "thread", "async", "await"];
const ENGINE_BANNED_PATHS: &[&str] = &["std::time", "core::time"];

/// The modules that may name the browser, and how they would.
const BROWSER: &[&str] = &["ui"];
const BROWSER_CRATES: &[&str] = &["yew", "web_sys", "js_sys", "wasm_bindgen", "gloo"];

/// Left over from work that is not done, or meant for one's own terminal.
const BANNED_MACROS: &[&str] = &["todo!", "unimplemented!", "dbg!"];

const MAX_COLUMNS: usize = 100;
/// Lines with code: the RFC's text above a branch is welcome at any length, and tests do not count.
const MAX_FUNCTION: usize = 100;
const MAX_FILE: usize = 600;

#[test]
fn the_tree_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let folders = [
        "src",
        "crates/api/src",
        "tests",
        "crates/bench/engine/src",
        "examples",
        "fuzz/src",
        "crates/html/macro/src",
        "crates/mdbook",
        "reader/src",
        "share/src",
        "xtask/src",
    ];
    for folder in folders {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    assert!(files.iter().any(|file| file.ends_with("src/lib.rs")), "the sources are not found");

    let mut report = String::new();
    for file in &files {
        let name = file.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        for (line, rule) in complaints(&name, &fs::read_to_string(file).unwrap()) {
            writeln!(report, "{name}:{line}: {rule}").unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// A line, counted from one, and what is wrong there.
type Complaint = (usize, String);

/// Everything that is wrong in one file.
fn complaints(path: &str, text: &str) -> Vec<Complaint> {
    let source = Source::new(path, text);
    let mut found = line_lengths(text);
    found.extend(banned_everywhere(&source));
    if let Some(module) = source.module {
        found.extend(layer_order(&source, module));
        found.extend(way_out_by_super(&source));
        found.extend(browser_leaks(&source, module));
        found.extend(file_length(&source));
        if ENGINE.contains(&module) {
            found.extend(engine_bans(&source));
            found.extend(function_lengths(&source));
        }
    }
    found.sort();
    found
}

// ---- The rules ----

fn line_lengths(text: &str) -> Vec<Complaint> {
    let long = |(_, line): &(usize, &str)| line.chars().count() > MAX_COLUMNS;
    let rule = || format!("a line has at most {MAX_COLUMNS} columns");
    text.lines().enumerate().filter(long).map(|(index, _)| (index + 1, rule())).collect()
}

fn banned_everywhere(source: &Source) -> Vec<Complaint> {
    let mut found = Vec::new();
    for name in BANNED_MACROS {
        let word = name.trim_end_matches('!');
        let calls = source.words(word).filter(|at| source.code[at + word.len()..].starts_with('!'));
        found.extend(calls.map(|at| source.complain(at, &format!("`{name}` is for drafts"))));
    }
    for (at, name) in source.functions() {
        if name.starts_with("get_") {
            found.push(source.complain(at, "a getter is named for what it gives, without `get_`"));
        }
    }
    found
}

fn layer_order(source: &Source, module: &str) -> Vec<Complaint> {
    let height = |name: &str| LAYERS.iter().find(|layer| layer.0 == name).map(|layer| layer.1);
    let Some(own) = height(module) else {
        return vec![(1, format!("`{module}` has no place in LAYERS (tests/tree/tidy.rs)"))];
    };
    let mut found = Vec::new();
    for (at, used) in source.crate_paths() {
        let is_allowed = used == module
            || height(used).is_some_and(|other| other < own)
            || SIBLINGS.contains(&(module, used));
        if !is_allowed {
            let rule = format!("`{module}` may use only the layers below it, not `{used}`");
            found.push(source.complain(at, &rule));
        }
    }
    found
}

/// `super` must not lead out of a module unseen by [`layer_order`].
fn way_out_by_super(source: &Source) -> Vec<Complaint> {
    let is_top = source.path.matches('/').count() == 1 || source.path.ends_with("/mod.rs");
    let out = if is_top { "super::" } else { "super::super" };
    let paths = source.words("super").filter(|at| source.code[*at..].starts_with(out));
    let outside = paths.filter(|at| !source.is_test(*at));
    outside.map(|at| source.complain(at, "another module is named by its `crate::` path")).collect()
}

fn browser_leaks(source: &Source, module: &str) -> Vec<Complaint> {
    if BROWSER.contains(&module) {
        return Vec::new();
    }
    let uses = BROWSER_CRATES.iter().flat_map(|name| source.words(name).map(move |at| (at, name)));
    uses.map(|(at, name)| source.complain(at, &format!("`{name}` is for {BROWSER:?} only")))
        .collect()
}

fn engine_bans(source: &Source) -> Vec<Complaint> {
    let words = ENGINE_BANS.iter().flat_map(|name| source.words(name).map(move |at| (at, *name)));
    let paths = ENGINE_BANNED_PATHS
        .iter()
        .flat_map(|path| source.code.match_indices(path).map(move |(at, _)| (at, *path)));
    let literals = source.float_literals().map(|at| (at, "a fraction"));
    let all = words.chain(paths).chain(literals);
    all.map(|(at, what)| source.complain(at, &format!("{what} has no place in the engine")))
        .collect()
}

fn function_lengths(source: &Source) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (at, name) in source.functions().filter(|(at, _)| !source.is_test(*at)) {
        let lines = source.block_after(at).map_or(0, |block| source.code_lines(at..block.end));
        if lines > MAX_FUNCTION {
            let rule = format!("`{name}` has {lines} lines of code, more than {MAX_FUNCTION}");
            found.push(source.complain(at, &rule));
        }
    }
    found
}

fn file_length(source: &Source) -> Vec<Complaint> {
    let all = source.code_lines(0..source.code.len());
    let lines =
        all - source.tests.iter().map(|range| source.code_lines(range.clone())).sum::<usize>();
    if lines <= MAX_FILE {
        return Vec::new();
    }
    vec![(1, format!("the file has {lines} lines of code, more than {MAX_FILE}"))]
}

// ---- Reading Rust, as far as the rules need ----

struct Source<'a> {
    path: &'a str,
    /// The top module in `src/` that the file belongs to; none for a root or another folder.
    module: Option<&'a str>,
    /// The text with comments, strings and characters blanked, octet for octet.
    code: String,
    /// Where the `#[cfg(test)]` modules are; all of a file that is one.
    tests: Vec<Range<usize>>,
}

impl<'a> Source<'a> {
    fn new(path: &'a str, text: &str) -> Self {
        let inside = path.strip_prefix("src/").map(|rest| rest.trim_end_matches(".rs"));
        let module = inside.and_then(|rest| rest.split('/').next());
        let module = module.filter(|name| !["lib", "main"].contains(name));
        let mut source = Self { path, module, code: blank(text), tests: Vec::new() };
        let attributes = source.code.match_indices("#[cfg(test)]").map(|(at, _)| at);
        source.tests = attributes.filter_map(|at| source.block_after(at)).collect();
        if path.ends_with("/tests.rs") || path.contains("/tests/") {
            source.tests = iter::once(0..source.code.len()).collect();
        }
        source
    }

    fn complain(&self, at: usize, rule: &str) -> Complaint {
        (self.code[..at].matches('\n').count() + 1, rule.to_owned())
    }

    fn is_test(&self, at: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&at))
    }

    /// How many lines in the range hold more than blanks and comments.
    fn code_lines(&self, range: Range<usize>) -> usize {
        self.code[range].lines().filter(|line| !line.trim().is_empty()).count()
    }

    /// Where `word` stands as a whole word.
    fn words(&self, word: &'a str) -> impl Iterator<Item = usize> {
        let is_whole = move |at: &usize| {
            let before = self.code[..*at].chars().next_back();
            let after = self.code[*at + word.len()..].chars().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        };
        self.code.match_indices(word).map(|(at, _)| at).filter(is_whole)
    }

    /// Each named function: where its `fn` stands, and its name.
    fn functions(&self) -> impl Iterator<Item = (usize, &str)> {
        self.words("fn").filter_map(|at| {
            let name = leading_word(self.code[at + 2..].trim_start());
            (!name.is_empty()).then_some((at, name))
        })
    }

    /// The block in braces that the item at `at` ends with; none if it ends with `;`.
    fn block_after(&self, at: usize) -> Option<Range<usize>> {
        let mut depth = 0;
        let mut start = None;
        for (index, letter) in self.code[at..].char_indices() {
            match letter {
                ';' if depth == 0 => return None,
                '{' if depth == 0 => start = Some(at + index),
                _ => {}
            }
            match letter {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            if let (Some(start), 0) = (start, depth) {
                return Some(start..at + index + 1);
            }
        }
        None
    }

    /// The top modules that `crate::` paths name, `crate::{a, b::c}` taken apart.
    fn crate_paths(&self) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        for at in self.words("crate") {
            let Some(path) = self.code[at + "crate".len()..].strip_prefix("::") else { continue };
            match self.block_after(at).filter(|_| path.starts_with('{')) {
                None => found.push((at, leading_word(path))),
                Some(group) => {
                    let inner = group.start + 1..group.end - 1;
                    let mut depth = 0;
                    let items = self.code[inner].split(|letter| {
                        depth += i32::from(letter == '{') - i32::from(letter == '}');
                        letter == ',' && depth == 0
                    });
                    let names = items.map(|item| leading_word(item.trim_start()));
                    found.extend(names.filter(|name| !name.is_empty()).map(|name| (at, name)));
                }
            }
        }
        found
    }

    /// Where a number with a fraction or a float's suffix begins.
    fn float_literals(&self) -> impl Iterator<Item = usize> {
        let starts = self.code.match_indices(|letter: char| letter.is_ascii_digit());
        starts.map(|(at, _)| at).filter(|at| {
            let before = self.code[..*at].chars().next_back();
            let number = leading_word(&self.code[*at..]);
            let rest = &self.code[at + number.len()..];
            let is_fraction = rest
                .strip_prefix('.')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            let is_hexadecimal = number.starts_with("0x");
            let has_suffix = number.ends_with("f32") || number.ends_with("f64");
            // In `pair.0.1` the `0` is a field.
            !before.is_some_and(|letter| is_word(letter) || letter == '.')
                && (is_fraction || has_suffix && !is_hexadecimal)
        })
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn leading_word(text: &str) -> &str {
    text.split(|letter| !is_word(letter)).next().unwrap_or("")
}

/// Puts blanks in place of comments, strings and characters; line ends stay.
fn blank(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_prefixed = code.chars().next_back().is_some_and(is_word);
        let length = literal_length(rest, is_prefixed);
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            let blanks =
                rest[..length].bytes().map(|octet| if octet == b'\n' { '\n' } else { ' ' });
            code.extend(blanks);
            rest = &rest[length..];
        }
    }
    code
}

/// The octets of the comment, string or character at the start of `text`; 0 if code stands there.
fn literal_length(text: &str, is_prefixed: bool) -> usize {
    let until = |end: &str, from: usize| {
        text[from..].find(end).map_or(text.len(), |at| from + at + end.len())
    };
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return block_comment_length(text);
    }
    if text.starts_with('"') {
        return quoted_length(text, '"');
    }
    let hashes = text.strip_prefix('r').map(|rest| rest.len() - rest.trim_start_matches('#').len());
    if let Some(hashes) = hashes
        && text[1 + hashes..].starts_with('"')
        && !is_prefixed
    {
        return until(&format!("\"{}", "#".repeat(hashes)), hashes + 2);
    }
    let mut letters = text.chars();
    match (letters.next(), letters.next(), letters.next()) {
        (Some('\''), Some('\\'), _) => quoted_length(text, '\''),
        (Some('\''), Some(letter), Some('\'')) => 2 + letter.len_utf8(),
        _ => 0,
    }
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut is_escaped = true; // The opening quote does not close.
    for (at, letter) in text.char_indices() {
        if letter == quote && !is_escaped {
            return at + 1;
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    text.len()
}

fn block_comment_length(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let (step, change) = match text.as_bytes()[at..] {
            [b'/', b'*', ..] => (2, 1),
            [b'*', b'/', ..] => (2, -1),
            _ => (1, 0),
        };
        at += step;
        depth += change;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

// ---- The rules can fail ----

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_clean(path: &str, text: &str) {
        assert_eq!(complaints(path, text), [], "{path}: {text}");
    }

    /// Exactly one complaint, at this line, with these words.
    #[track_caller]
    fn assert_complaint(path: &str, text: &str, line: usize, words: &str) {
        let found = complaints(path, text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, line, "{found:?}");
        assert!(found[0].1.contains(words), "{found:?}");
    }

    #[test]
    fn a_layer_uses_those_below_it() {
        assert_clean(
            "src/sim/world.rs",
            "use crate::tcp::{Segment, seq};\nuse crate::time::Instant;",
        );
        assert_clean("src/tcp/seq.rs", "use crate::tcp::segment::Segment; pub(crate) fn f() {}");
        assert_complaint("src/tcp/seq.rs", "\nuse crate::sim::World;", 2, "not `sim`");
        assert_complaint("src/tcp/seq.rs", "fn f() { crate::ui::start() }", 1, "not `ui`");
        assert_complaint("src/ladder.rs", "use crate::scenarios::ALL;", 1, "not `scenarios`");
    }

    #[test]
    fn groups_are_taken_apart() {
        let group = "use crate::{\n    tcp::{Segment, seq::{A, B}},\n    time::Instant,\n};";
        assert_clean("src/sim/world.rs", group);
        assert_complaint(
            "src/tcp/seq.rs",
            "use crate::{time::{A, sim}, export::B};",
            1,
            "`export`",
        );
    }

    #[test]
    fn a_new_module_needs_a_place_and_the_roots_need_none() {
        assert_complaint("src/other/mod.rs", "", 1, "`other` has no place");
        assert_clean("src/lib.rs", "pub use crate::ui::start;");
        assert_clean("src/main.rs", "use yew::Renderer;");
    }

    #[test]
    fn super_does_not_lead_out() {
        let words = "by its `crate::` path";
        assert_clean("src/tcp/seq.rs", "use super::segment::Segment;");
        assert_complaint("src/tcp/seq.rs", "use super::super::sim::World;", 1, words);
        assert_complaint("src/tcp/mod.rs", "use super::sim::World;", 1, words);
        assert_clean("src/time.rs", "#[cfg(test)]\nmod tests {\n    use super::*;\n}");
        assert_clean("src/tcp/seq/tests.rs", "use super::super::segment::Segment;");
    }

    #[test]
    fn the_engine_is_integers_and_arguments() {
        let words = "no place in the engine";
        assert_complaint("src/tcp/rto.rs", "fn f(x: f64) {}", 1, words);
        assert_complaint("src/tcp/rto.rs", "const A: X = x(\n    1.5);", 2, words);
        assert_complaint("src/tcp/rto.rs", "const A: X = x(1f32);", 1, words);
        assert_complaint("src/sim/world.rs", "use std::collections::HashMap;", 1, words);
        assert_complaint("src/sim/world.rs", "use std::time::Duration;", 1, words);
        assert_complaint("src/sim/world.rs", "async fn f() {}", 1, words);
        assert_clean(
            "src/tcp/rto.rs",
            "fn f() { let buf32 = pair.0.1; for i in 0..10 { g(0xf32) } }",
        );
        assert_clean("src/app/mod.rs", "fn f(x: f64) {}");
    }

    #[test]
    fn comments_and_strings_are_not_code() {
        assert_clean("src/tcp/rto.rs", "// f64 in crate::ui\n/* a /* b */ 1.5 */\n");
        assert_clean(
            "src/tcp/rto.rs",
            r##"const A: &str = "f64 \" 1.5"; const B: &str = r#""f64"#;"##,
        );
        assert_clean("src/tcp/rto.rs", r"fn f<'a>(x: &'a str) { g('\'', '\u{1F600}', '{') }");
        assert_complaint("src/tcp/rto.rs", "fn f<'a>(x: &'a f64) {}", 1, "f64");
        assert_complaint("src/tcp/rto.rs", "const Q: char = '\"'; const A: f64 = x;", 1, "f64");
    }

    #[test]
    fn the_browser_stays_in_its_layers() {
        assert_complaint("src/app/mod.rs", "use web_sys::Window;", 1, "`web_sys` is for");
        assert_clean("src/ui/mod.rs", "use web_sys::Window;");
    }

    #[test]
    fn drafts_and_getters() {
        assert_complaint("src/app/mod.rs", "fn f() {\n    todo!()\n}", 2, "`todo!`");
        assert_complaint("examples/a.rs", "fn f() { dbg!(1); }", 1, "`dbg!`");
        assert_complaint("xtask/src/main.rs", "pub fn get_state() {}", 1, "`get_`");
        assert_clean("src/app/mod.rs", "fn state() { map.get(todo) }");
    }

    #[test]
    fn lengths() {
        let wide = format!("// {}", "é".repeat(MAX_COLUMNS - 3));
        assert_clean("tests/a.rs", &wide);
        assert_complaint("tests/a.rs", &format!("{wide}é"), 1, "columns");

        let body = |lines: usize| format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines));
        assert_clean("src/tcp/a.rs", &body(MAX_FUNCTION - 2));
        assert_complaint("src/tcp/a.rs", &body(MAX_FUNCTION - 1), 1, "`f` has 101 lines");
        assert_clean("src/ui/a.rs", &body(MAX_FUNCTION));
        let commented = body(MAX_FUNCTION - 2).replace("g();", "g();\n    // why\n");
        assert_clean("src/tcp/a.rs", &commented);

        let file = "struct A;\n".repeat(MAX_FILE);
        assert_clean("src/ui/a.rs", &file);
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", body(10));
        assert_clean("src/ui/a.rs", &format!("{}{tests}", "struct A;\n".repeat(MAX_FILE - 2)));
        assert_complaint("src/ui/a.rs", &format!("{file}struct A;\n"), 1, "601 lines");
    }
}
