//! The length of functions and files in lines with code. Comments and blank lines do not count, so
//! that the RFC's text can be above its branch; tests do not count either.

use crate::repository::{Complaint, assert_complaint, check_all, extension, is_test_file, texts};
use crate::rust::Source;
use crate::scripts;

const MAX_FUNCTION: usize = 70;
const MAX_FILE: usize = 400;

/// Files that may be longer: the path, the limit and the reason.
const LONG_FILES: &[(&str, usize, &str)] = &[];

/// Functions that may be longer: the path, the name, the limit and the reason.
const LONG_FUNCTIONS: &[(&str, &str, usize, &str)] =
    &[("src/tcp/rule.rs", "facts", 159, "a table: one line for each rule of the RFC")];

const EXTENSIONS: [&str; 4] = ["rs", "mjs", "js", "css"];

#[test]
fn no_file_is_too_long() {
    check_all(&texts(&EXTENSIONS), file_length);
}

#[test]
fn no_function_is_too_long() {
    check_all(&texts(&EXTENSIONS), function_lengths);
}

/// An exception that is no longer needed must be removed, so that the limit applies again.
#[test]
fn every_exception_is_needed() {
    let texts = texts(&EXTENSIONS);
    let text = |path: &str| {
        let file = texts.iter().find(|(other, _)| other == path);
        file.map_or_else(|| panic!("{path} does not exist"), |(_, text)| text.as_str())
    };
    for (path, _, reason) in LONG_FILES {
        assert!(lines_of_code(path, text(path)) > MAX_FILE, "{path} is short again: {reason}");
    }
    for (path, name, _, reason) in LONG_FUNCTIONS {
        let functions = functions(path, text(path));
        let is_long =
            functions.iter().any(|(other, _, length)| other == name && *length > MAX_FUNCTION);
        assert!(is_long, "{path}: `{name}` is short again: {reason}");
    }
}

fn file_length(path: &str, text: &str) -> Vec<Complaint> {
    let exception = LONG_FILES.iter().find(|(file, ..)| *file == path);
    let limit = exception.map_or(MAX_FILE, |(_, limit, _)| *limit);
    let length = lines_of_code(path, text);
    if length <= limit {
        return Vec::new();
    }
    vec![(1, format!("the file has {length} lines of code, more than {limit}"))]
}

fn lines_of_code(path: &str, text: &str) -> usize {
    if is_test_file(path) {
        0
    } else if extension(path) == "rs" {
        Source::new(path, text).length()
    } else {
        scripts::length(text)
    }
}

fn function_lengths(path: &str, text: &str) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (name, line, length) in functions(path, text) {
        let is_exception =
            |(file, function, ..): &&(&str, &str, usize, &str)| *file == path && *function == name;
        let exception = LONG_FUNCTIONS.iter().find(is_exception);
        let limit = exception.map_or(MAX_FUNCTION, |(_, _, limit, _)| *limit);
        if length > limit {
            found.push((line, format!("`{name}` has {length} lines of code, more than {limit}")));
        }
    }
    found
}

/// The name, the line and the length of each function that is no test.
fn functions(path: &str, text: &str) -> Vec<(String, usize, usize)> {
    if is_test_file(path) || extension(path) == "css" {
        return Vec::new();
    }
    if extension(path) != "rs" {
        let functions = scripts::functions(text).into_iter();
        return functions.map(|it| (it.name.to_owned(), it.line, it.length)).collect();
    }
    let source = Source::new(path, text);
    let functions = source.functions().into_iter().filter(|function| !function.is_test);
    functions.map(|it| (it.name.to_owned(), it.line, it.length)).collect()
}

#[test]
fn a_long_function_is_seen() {
    let body = |lines: usize| format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines));
    assert_eq!(function_lengths("src/tcp/a.rs", &body(MAX_FUNCTION - 2)), []);
    let found = function_lengths("src/tcp/a.rs", &body(MAX_FUNCTION - 1));
    assert_complaint(&found, 1, "`f` has 71 lines");
    let commented = body(MAX_FUNCTION - 2).replace("g();", "g();\n    // why\n");
    assert_eq!(function_lengths("xtask/src/a.rs", &commented), []);
    assert_eq!(function_lengths("tests/page/a.rs", &body(MAX_FUNCTION)), []);
    let script = body(MAX_FUNCTION).replace("fn f", "function f");
    assert_complaint(&function_lengths("e2e/a.mjs", &script), 1, "`f` has 72 lines");
}

#[test]
fn a_long_file_is_seen() {
    let structs = |lines| "struct A;\n".repeat(lines);
    assert_eq!(file_length("src/tcp/a.rs", &structs(MAX_FILE)), []);
    let tests = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn f() {}\n}\n";
    assert_eq!(file_length("src/tcp/a.rs", &format!("{}{tests}", structs(MAX_FILE))), []);
    let found = file_length("src/tcp/a.rs", &structs(MAX_FILE + 1));
    assert_complaint(&found, 1, "401 lines");
    assert_complaint(&file_length("static/a.css", &"a {}\n".repeat(401)), 1, "401 lines");
}
