//! Small rules of style: the width of a line, the names of getters, no leftovers of a draft.

use crate::repository::{Complaint, check_all, texts};
use crate::rust::Source;

const MAX_COLUMNS: usize = 100;

/// Macros for unfinished work or for debugging.
const DRAFT_MACROS: [&str; 3] = ["todo", "unimplemented", "dbg"];

#[test]
fn no_line_is_too_wide() {
    check_all(&texts(&["rs", "css"]), wide_lines);
}

#[test]
fn no_draft_is_left_over() {
    check_all(&texts(&["rs"]), drafts);
}

#[test]
fn unsafe_code_is_allowed_in_one_file() {
    check_all(&texts(&["rs"]), unsafe_allowed);
}

/// `unsafe` is denied for the whole workspace; a file can use it only after naming the lint.
fn unsafe_allowed(path: &str, text: &str) -> Vec<Complaint> {
    if path == "src/ui/chunks.rs" || path.starts_with("tests/tree/") {
        return vec![];
    }
    let lines = text.lines().enumerate().filter(|(_, line)| line.contains("unsafe_code"));
    lines.map(|(index, _)| (index + 1, "no file allows `unsafe_code`".to_owned())).collect()
}

fn wide_lines(_: &str, text: &str) -> Vec<Complaint> {
    let lines = text.lines().enumerate();
    let wide = lines.filter(|(_, line)| line.chars().count() > MAX_COLUMNS);
    wide.map(|(index, _)| (index + 1, format!("a line has at most {MAX_COLUMNS} columns")))
        .collect()
}

fn drafts(path: &str, text: &str) -> Vec<Complaint> {
    let source = Source::new(path, text);
    let mut found = Vec::new();
    for name in DRAFT_MACROS {
        let rule = format!("`{name}!` is for drafts");
        found.extend(source.macro_calls(name).map(|line| (line, rule.clone())));
    }
    for function in source.functions() {
        if function.name.starts_with("get_") {
            let rule = "a getter is named for its value, without `get_`";
            found.push((function.line, rule.to_owned()));
        }
    }
    found
}

mod can_fail {
    use super::*;
    use crate::repository::assert_complaint;

    #[test]
    fn drafts_and_getters() {
        let todo = drafts("src/app/mod.rs", "fn f() {\n    todo!()\n}");
        assert_complaint(&todo, 2, "`todo!`");
        assert_complaint(&drafts("examples/a.rs", "fn f() { dbg!(1); }"), 1, "`dbg!`");
        assert_complaint(&drafts("xtask/src/main.rs", "pub fn get_state() {}"), 1, "`get_`");
        assert_eq!(drafts("src/app/mod.rs", "fn state() { map.get(todo) }"), []);
    }

    #[test]
    fn allowed_unsafe_code() {
        let text = "#![allow(unsafe_code)]";
        assert_complaint(&unsafe_allowed("src/lib.rs", text), 1, "unsafe_code");
        assert_eq!(unsafe_allowed("src/ui/chunks.rs", text), []);
    }

    #[test]
    fn wide() {
        let widest = format!("// {}", "é".repeat(MAX_COLUMNS - 3));
        assert_eq!(wide_lines("tests/a.rs", &widest), []);
        assert_complaint(&wide_lines("tests/a.rs", &format!("{widest}é")), 1, "columns");
    }
}
