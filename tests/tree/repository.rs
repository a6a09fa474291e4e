//! The files of the repository, and how the checks complain about them.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A line, counted from one, and the rule that it breaks.
pub type Complaint = (usize, String);

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The paths of all files that git tracks or would track, sorted: with new files that are not yet
/// committed, without deleted ones.
pub fn files() -> Vec<String> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).current_dir(root());
    let output = git.output().expect("git lists the files of the repository");
    assert!(output.status.success(), "git: {}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let mut files: Vec<String> = list
        .split_terminator('\0')
        .filter(|path| root().join(path).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    assert!(files.iter().any(|path| path == "src/lib.rs"), "the sources are not found");
    files
}

/// The files with one of these extensions, each with its text.
pub fn texts(extensions: &[&str]) -> Vec<(String, String)> {
    let files = files().into_iter().filter(|path| extensions.contains(&extension(path)));
    files.map(|path| (path.clone(), read(&path))).collect()
}

/// The end of a file's name, after the last full stop.
pub fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Whether the file contains tests only. Limits on size do not apply to it.
pub fn is_test_file(path: &str) -> bool {
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with(".test.mjs")
}

/// Runs a check over files and fails with all of its complaints.
pub fn check_all(files: &[(String, String)], check: impl Fn(&str, &str) -> Vec<Complaint>) {
    let complaints = files.iter().flat_map(|(path, text)| {
        let found = check(path, text);
        found.into_iter().map(move |(line, rule)| format!("{path}:{line}: {rule}"))
    });
    assert_none(&complaints.collect::<Vec<_>>());
}

#[track_caller]
pub fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// For the tests of a check: exactly one complaint, at this line, with these words.
#[track_caller]
pub fn assert_complaint(found: &[Complaint], line: usize, words: &str) {
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, line, "{found:?}");
    assert!(found[0].1.contains(words), "{found:?}");
}
