//! The texts: every language has the same keys and placeholders; every rule, scenario, state and
//! problem has its text; no text is unused, and none that the source names is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tcp_handshake::app::learn::{MISTAKES, OPENING, QUESTIONS, STEPS};
use tcp_handshake::link::ProblemKind;
use tcp_handshake::locale::{Catalog, LANGUAGES};
use tcp_handshake::scenarios::{BLANK, LESSONS};
use tcp_handshake::tcp::{Rule, State};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of each language, by when the page needs them.
const FILES: [&str; 9] =
    ["capture", "graph", "help", "learn", "page", "quiz", "share", "start", "task"];

/// All texts of a language.
struct Words(BTreeMap<String, String>);

impl Words {
    fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }
}

/// The names in a folder, sorted.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

fn catalog(code: &str, file: &str) -> Catalog {
    let path = root().join(format!("static/words/{code}/{file}.json"));
    let text = fs::read_to_string(&path).unwrap();
    Catalog::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All texts of each language by key. No key is in two files.
fn catalogs() -> BTreeMap<String, Words> {
    let of = |code: &str| {
        let mut words = BTreeMap::new();
        for file in FILES {
            let catalog = catalog(code, file);
            for key in catalog.keys() {
                let before = words.insert(key.to_owned(), catalog.text(key).to_owned());
                assert!(before.is_none(), "{code}: {key} is in two files");
            }
        }
        (code.to_owned(), Words(words))
    };
    LANGUAGES.iter().map(|language| of(language.code)).collect()
}

fn english() -> Words {
    catalogs().remove("en").unwrap()
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts.map(|part| part.split_once('}').unwrap_or_else(|| panic!("{text}")).0).collect()
}

#[test]
fn every_language_has_the_same_files() {
    let mut languages: Vec<&str> = LANGUAGES.iter().map(|language| language.code).collect();
    languages.sort_unstable();
    let folder = root().join("static/words");
    assert_eq!(names_in(&folder), languages);
    for code in languages {
        let files = FILES.map(|file| format!("{file}.json"));
        assert_eq!(names_in(&folder.join(code)), files, "{code}");
    }
}

#[test]
fn every_language_has_the_same_keys_in_the_same_files() {
    for file in FILES {
        let keys = |code: &str| -> BTreeSet<String> {
            catalog(code, file).keys().map(|key| base(key).to_owned()).collect()
        };
        let english = keys("en");
        for language in LANGUAGES {
            let keys = keys(language.code);
            let odd: Vec<_> = keys.symmetric_difference(&english).collect();
            assert!(odd.is_empty(), "{}/{file}: {odd:?}", language.code);
        }
    }
}

/// The sources of the player, which is drawn before the chunks have loaded.
const PLAYER: [&str; 11] = [
    "src/explain/names.rs",
    "src/explain/words.rs",
    "src/link/problem.rs",
    "src/ui/app.rs",
    "src/ui/browser",
    "src/ui/import.rs",
    "src/ui/ladder",
    "src/ui/late.rs",
    "src/ui/mounted.rs",
    "src/ui/player",
    "src/ui/top/problems.rs",
];
/// Keys in those sources that only the chunks use.
const LATER: [&str; 1] = ["explain.timer."];

/// Whether a literal of the source names a key. A value for its braces has no dot.
fn is_named(key: &str, literal: &str) -> bool {
    let Some((before, rest)) = literal.split_once('{') else { return base(key) == literal };
    let Some((_, after)) = rest.split_once('}') else { return false };
    let value = key
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after).or_else(|| base(rest).strip_suffix(after)));
    value.is_some_and(|value| !value.is_empty() && !value.contains('.'))
}

#[test]
fn start_json_has_exactly_the_texts_of_the_player() {
    let (start, all) = (catalog("en", "start"), english());
    let start: BTreeSet<&str> = start.keys().collect();
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    let literals = literals_in(&PLAYER);
    let is_later = |literal: &str| LATER.iter().any(|later| literal.starts_with(later));
    for literal in literals.iter().filter(|literal| !is_later(literal)) {
        needed.extend(all.keys().filter(|key| is_named(key, literal)));
    }
    // The edits that the banner names.
    let edits = literals_in(&["src/ui/setup/edits.rs"]);
    let edit_words = ["drop", "corrupt", "deliver", "delay", "duplicate", "call", "cut"];
    let names_edit = |literal: &&String| {
        let name = literal.strip_prefix("ui.script.").unwrap_or_default();
        edit_words.contains(&name.split('-').next().unwrap_or_default())
    };
    for literal in edits.iter().filter(names_edit) {
        needed.extend(all.keys().filter(|key| is_named(key, literal)));
    }
    // The document's title.
    needed.extend(all.keys().filter(|key| is_named(key, "scenario.{}.title")));
    for rule in Rule::ALL {
        let keys = ["step", "sent", "all"].map(|it| format!("rule.{}.{it}", rule.id()));
        let sentences: Vec<&str> =
            all.keys().filter(|key| keys.iter().any(|it| it == base(key))).collect();
        let has_step = sentences.iter().any(|key| base(key) == keys[0]);
        needed.extend(sentences);
        // A step without a sentence of its own gets the text of its rule.
        let says = format!("rule.{}.says", rule.id());
        needed.extend(all.keys().filter(|key| !has_step && *key == says));
    }
    let missing: Vec<_> = needed.difference(&start).collect();
    assert!(missing.is_empty(), "move to start.json: {missing:#?}");
    let more: Vec<_> = start.difference(&needed).collect();
    assert!(more.is_empty(), "move to page.json: {more:#?}");
    assert!(needed.len() > 300, "{}", needed.len());
}

/// A key without its plural form: Korean has one form where English has two.
fn base(key: &str) -> &str {
    FORMS.iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key)
}

fn bases(catalog: &Words) -> BTreeSet<String> {
    catalog.keys().map(|key| base(key).to_owned()).collect()
}

#[test]
fn every_language_has_the_same_keys_and_placeholders() {
    let english = english();
    for (code, catalog) in catalogs() {
        let (theirs, ours) = (bases(&catalog), bases(&english));
        let odd: Vec<_> = theirs.symmetric_difference(&ours).collect();
        assert!(odd.is_empty(), "{code}: {odd:?}");
        for key in catalog.keys() {
            let text = catalog.text(key);
            assert!(!text.trim().is_empty(), "{code}: {key} is empty");
            let model = [key.to_owned(), format!("{}.other", base(key)), base(key).to_owned()];
            let model = model.iter().find(|key| english.text(key) != key.as_str()).unwrap();
            let model = placeholders(english.text(model));
            assert_eq!(placeholders(text), model, "{code}: {key}");
        }
    }
}

/// The keys that contain the id of something.
fn generated() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for lesson in LESSONS.iter().chain([&BLANK]) {
        keys.extend(["title", "question"].map(|it| format!("scenario.{}.{it}", lesson.id)));
    }
    for number in 1..=QUESTIONS.len() {
        keys.extend(["asked", "answer"].map(|it| format!("learn.question.{number}.{it}")));
    }
    for number in 1..=MISTAKES.len() {
        keys.extend(["claim", "fact"].map(|it| format!("learn.mistake.{number}.{it}")));
    }
    let (open, close) = (1..=OPENING, 1..=STEPS - OPENING);
    keys.extend(open.map(|number| format!("learn.open.step.{number}")));
    keys.extend(close.map(|number| format!("learn.close.step.{number}")));
    for reason in ["title", "1", "2", "3"] {
        keys.extend(["open", "close"].map(|it| format!("learn.{it}.why.{reason}")));
    }
    keys.extend(State::ALL.map(|state| format!("state.{state}")));
    keys.extend(ProblemKind::ALL.map(|kind| format!("problem.{}", kind.id())));
    for rule in Rule::ALL {
        keys.extend(["says", "why"].map(|it| format!("rule.{}.{it}", rule.id())));
    }
    keys
}

#[test]
fn everything_that_has_an_id_has_its_text() {
    let english = english();
    let keys: BTreeSet<&str> = english.keys().collect();
    let missing: Vec<_> =
        generated().into_iter().filter(|key| !keys.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for rule in Rule::ALL {
        let says = english.text(&format!("rule.{}.says", rule.id())).to_owned();
        assert!(says.split_whitespace().count() <= 12, "too long: {says}");
    }
}

/// The string literals of the source that are a key or contain its start: `"ui.play"`,
/// `"ui.tab.{id}"`.
fn literals() -> BTreeSet<String> {
    literals_in(&["src"])
}

/// The same for some files and folders.
fn literals_in(paths: &[&str]) -> BTreeSet<String> {
    let mut files = vec![];
    for path in paths {
        collect(&root().join(path), &mut files);
    }
    let mut literals = BTreeSet::new();
    for file in files {
        let source = fs::read_to_string(file).unwrap();
        for literal in source.split('"').skip(1).step_by(2).chain(source.split('"').step_by(2)) {
            let is_key = literal.split_once('.').is_some_and(|(section, rest)| {
                SECTIONS.contains(&section) && !rest.is_empty() && !rest.contains([' ', '\n'])
            });
            if is_key {
                literals.insert(literal.to_owned());
            }
        }
    }
    literals
}

/// The sections whose keys are literals in the source.
const SECTIONS: [&str; 21] = [
    "capture", "ui", "field", "explain", "export", "problem", "chapter", "graph", "help", "learn",
    "quiz", "loss", "share", "round", "goal", "lock", "task", "check", "make", "print", "runs",
];
/// The endings of a key with plural forms.
const FORMS: [&str; 2] = [".one", ".other"];

/// Adds a file, or every file in a folder.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        files.push(path.to_owned());
        return;
    }
    for entry in fs::read_dir(path).unwrap() {
        collect(&entry.unwrap().path(), files);
    }
}

#[test]
fn no_text_is_unused_and_none_is_missing() {
    let english = english();
    let keys: BTreeSet<&str> = english.keys().collect();
    let (generated, literals) = (generated(), literals());
    let is_used = |key: &&str| {
        let base = base(key);
        let section = key.split('.').next().unwrap_or_default();
        let ids = Rule::ALL.iter().map(|rule| format!("rule.{}", rule.id()));
        generated.contains(*key)
            || literals.contains(base)
            || literals.iter().any(|literal| {
                literal.split_once('{').is_some_and(|(prefix, _)| key.starts_with(prefix))
            })
            || section == "term"
            || ids
                .flat_map(|id| ["step", "sent", "all"].map(|it| format!("{id}.{it}")))
                .any(|it| it == base)
    };
    let unused: Vec<_> = keys.iter().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "unused: {unused:#?}");
    let missing: Vec<_> = literals
        .iter()
        .filter(|literal| !literal.contains('{') && !keys.contains(literal.as_str()))
        .filter(|literal| !keys.contains(format!("{literal}.other").as_str()))
        .collect();
    assert!(missing.is_empty(), "missing: {missing:#?}");
}

/// Placeholders whose values always end in a vowel: names of hosts, and times, because of their
/// units. In `export.meaning` the hosts are `from` and `to`.
const VOWEL_ENDED: [&str; 3] = ["host", "peer", "rto"];

/// The form of a Korean particle depends on the last sound of the word before it. The value of a
/// placeholder may end in a vowel or a consonant, so a fixed noun must follow it.
#[test]
fn no_korean_particle_depends_on_a_value() {
    let korean = catalogs().remove("ko").unwrap();
    for side in ["explain.client", "explain.server"] {
        let last = u32::from(korean.text(side).chars().next_back().unwrap());
        assert_eq!((last - u32::from('가')) % 28, 0, "{side} ends in a consonant");
    }
    let mut followed = 0;
    for key in korean.keys() {
        for (name, after) in
            korean.text(key).split('{').skip(1).filter_map(|part| part.split_once('}'))
        {
            let particle: String =
                after.chars().take_while(|c| ('가'..='힣').contains(c)).collect();
            let fits = match particle.as_str() {
                "을" | "은" | "이" | "과" | "으로" | "이나" => false,
                "를" | "는" | "가" | "와" | "로" | "나" => {
                    VOWEL_ENDED.contains(&name) || key.starts_with("export.meaning.")
                }
                _ => true,
            };
            assert!(fits, "{key}: {{{name}}}{particle}");
            followed += usize::from(!particle.is_empty());
        }
    }
    assert!(followed > 100, "{followed}");
}
