//! The first table of docs/rfc9293.md lists exactly the requirements that `src/` cites.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every `MUST-n`, `SHLD-n` and `MAY-n` in a text.
fn labels(text: &str) -> BTreeSet<String> {
    let mut labels = BTreeSet::new();
    for kind in ["MUST-", "SHLD-", "MAY-"] {
        for (at, _) in text.match_indices(kind) {
            let digits = text[at + kind.len()..].chars().take_while(char::is_ascii_digit);
            let digits: String = digits.collect();
            if !digits.is_empty() {
                labels.insert(format!("{kind}{digits}"));
            }
        }
    }
    labels
}

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push_str(&fs::read_to_string(&path).expect("a source"));
        }
    }
}

#[test]
fn the_table_has_the_requirements_that_the_code_cites() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut source = String::new();
    sources(&root.join("src"), &mut source);
    let cited = labels(&source);
    assert!(cited.len() > 20, "the sources are not found");

    let document = fs::read_to_string(root.join("docs/rfc9293.md")).expect("the document");
    let table = document.split("## ").nth(1).expect("the first table");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let listed: BTreeSet<String> = rows.flat_map(labels).collect();

    let unlisted: Vec<_> = cited.difference(&listed).collect();
    let uncited: Vec<_> = listed.difference(&cited).collect();
    assert!(unlisted.is_empty(), "cited in src/, not in docs/rfc9293.md: {unlisted:?}");
    assert!(uncited.is_empty(), "in docs/rfc9293.md, not cited in src/: {uncited:?}");
}

#[test]
fn the_files_that_the_document_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/rfc9293.md")).expect("the document");
    for name in document.split('`').skip(1).step_by(2) {
        let is_file = name.contains('/') && name != "src/";
        if !is_file {
            continue;
        }
        let found = root.join(name).exists() || root.join("src").join(name).exists();
        assert!(found, "{name} does not exist");
    }
}

#[test]
fn labels_are_found_in_a_text() {
    let found = labels("MUST-1, (SHLD-31) MAY-x MUST-66: text");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["MUST-1", "MUST-66", "SHLD-31"]);
}
