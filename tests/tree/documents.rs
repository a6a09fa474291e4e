//! Documents and comments name files that exist, and the README lists the scenarios of the code.

use std::collections::BTreeSet;

use tcp_handshake::scenarios::LESSONS;

use crate::repository::{Complaint, assert_complaint, check_all, extension, files, read, texts};

/// Paths that a document may name although git does not track them, each with the reason.
const NOT_TRACKED: &[(&str, &str)] = &[
    ("dist/", "built by `cargo xtask build`"),
    ("target/", "cargo's folder"),
    ("e2e/artifacts/", "pictures that the end-to-end tests leave"),
    (".vitepress/", "a file of the reader's own site"),
];

/// Every file and folder that git tracks.
struct Paths {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Paths {
    fn of(files: Vec<String>) -> Self {
        let mut folders = BTreeSet::new();
        for file in &files {
            folders.extend(file.match_indices('/').map(|(at, _)| file[..at].to_owned()));
        }
        Self { files: files.into_iter().collect(), folders }
    }

    fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.files.contains(path) || self.folders.contains(path)
    }

    /// Whether a name in a text is a file or folder of this repository.
    fn is_path(&self, name: &str) -> bool {
        let Some((first, _)) = name.split_once('/') else { return false };
        let is_ours =
            self.folders.contains(first) || self.folders.contains(&format!("src/{first}"));
        let is_plain =
            name.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
        // A part in capitals stands for a name that the reader fills in.
        let is_pattern =
            |part: &str| part.len() > 1 && part.chars().all(|it| it.is_ascii_uppercase());
        is_plain
            && !name.split('/').any(is_pattern)
            && (is_ours || ["rs", "md"].contains(&extension(name)))
    }

    /// Paths in a text that do not exist in the root, in `src/` or in the text's own folder.
    fn missing<'a>(
        &self,
        folder: &str,
        names: impl Iterator<Item = (usize, &'a str)>,
    ) -> Vec<Complaint> {
        let leads = |name: &str| {
            let from = ["", "src/", folder].map(|base| format!("{base}{name}"));
            from.iter().any(|path| self.exists(path))
                || NOT_TRACKED.iter().any(|(start, _)| name.starts_with(start))
        };
        let wrong = names.filter(|(_, name)| self.is_path(name) && !leads(name));
        wrong.map(|(line, name)| (line, format!("`{name}` does not exist"))).collect()
    }
}

fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

/// Each span between backticks, with its line.
fn code_spans(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(index, line)| line.split('`').skip(1).step_by(2).map(move |it| (index + 1, it)))
}

/// The targets of links to files, without their anchors. Code blocks have no links.
fn link_targets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    let lines = text.lines().enumerate().filter(move |(_, line)| {
        is_code ^= line.starts_with("```");
        !is_code
    });
    let targets = lines.flat_map(|(index, line)| {
        line.split("](").skip(1).filter_map(move |rest| Some((index + 1, rest.split_once(')')?.0)))
    });
    let targets = targets.map(|(line, target)| (line, target.split('#').next().unwrap_or("")));
    targets.filter(|(_, target)| !target.is_empty() && !target.contains(':'))
}

/// The words of comments that look like a path with the ending of a file.
fn paths_in_comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_comment = |line: &str| {
        let line = line.trim_start();
        let starts = ["//", "/*", "*", "#"].iter().any(|start| line.starts_with(start));
        starts && !line.starts_with("#[")
    };
    let lines = text.lines().enumerate().filter(move |(_, line)| is_comment(line));
    lines.flat_map(|(index, line)| {
        let is_end = |letter: char| !letter.is_ascii_alphanumeric() && !"/._-".contains(letter);
        line.split(is_end).map(move |word| (index + 1, word.trim_end_matches('.')))
    })
}

#[test]
fn the_paths_in_documents_exist() {
    let paths = Paths::of(files());
    let documents = texts(&["md"]).into_iter().filter(|(path, _)| !path.starts_with("tests/data/"));
    let documents: Vec<_> = documents.collect();
    assert!(documents.len() >= 6, "the documents are not found");
    check_all(&documents, |path, text| paths.missing(folder(path), code_spans(text)));
    check_all(&documents, |path, text| {
        let wrong = link_targets(text).filter(|(_, target)| {
            // A link is relative to its document.
            let mut base = folder(path);
            let mut target = *target;
            while let Some(rest) = target.strip_prefix("../") {
                base = folder(base.trim_end_matches('/'));
                target = rest;
            }
            !paths.exists(&format!("{base}{target}"))
        });
        wrong.map(|(line, target)| (line, format!("the link `{target}` leads nowhere"))).collect()
    });
}

#[test]
fn the_paths_in_comments_exist() {
    let paths = Paths::of(files());
    let texts = texts(&["rs", "mjs", "js", "css", "toml"]);
    // The tests of these checks name invented files.
    let texts: Vec<_> =
        texts.into_iter().filter(|(path, _)| !path.starts_with("tests/tree/")).collect();
    check_all(&texts, |path, text| {
        let names = paths_in_comments(text);
        let extensions = ["rs", "md", "mjs", "css", "txt", "json", "toml"];
        let is_file = |name: &str| extensions.contains(&extension(name));
        paths.missing(folder(path), names.filter(|(_, name)| is_file(name)))
    });
}

#[test]
fn the_readme_lists_the_scenarios() {
    let readme = read("README.md");
    let list = readme.split("\nScenarios: ").nth(1).expect("a list of scenarios");
    let list = list.split("\n\n").next().unwrap_or(list);
    let names: Vec<_> = code_spans(list).map(|(_, name)| name).collect();
    assert_eq!(names, LESSONS.iter().map(|lesson| lesson.id).collect::<Vec<_>>());
}

#[test]
fn a_missing_path_is_seen() {
    let files = ["src/lib.rs", "src/tcp/state.rs", "docs/a.md", "e2e/harness.mjs"];
    let paths = Paths::of(files.map(str::to_owned).to_vec());
    let good = "`src/tcp/`, `tcp/state.rs`, `docs/a.md`, `e2e/artifacts/failed/`, `cargo test`,\n\
                `e2e/*.test.mjs`, `src/TARGET/a.rs`, `/dev/net/tun`, `https://HOST/`, `Timeline`";
    assert_eq!(paths.missing("docs/", code_spans(good)), []);
    let found = paths.missing("", code_spans("A page on\nthe file `src/udp/state.rs`."));
    assert_complaint(&found, 2, "`src/udp/state.rs` does not exist");
    let found = paths.missing("", paths_in_comments("f(); \n// See tests/tidy.rs.\n"));
    assert_complaint(&found, 2, "`tests/tidy.rs`");
    let targets: Vec<_> = link_targets("[a](b.md#c), [d](https://e), [f](#g)").collect();
    assert_eq!(targets, [(1, "b.md")]);
}
