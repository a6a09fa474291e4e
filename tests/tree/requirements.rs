//! The first table of docs/rfc9293.md lists exactly the requirements that `src/` cites.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tcp_handshake::link::Link;

/// Every `MUST-n`, `SHLD-n`, `MAY-n` and `REC-n` in a text.
fn labels(text: &str) -> BTreeSet<String> {
    let mut labels = BTreeSet::new();
    for kind in ["MUST-", "SHLD-", "MAY-", "REC-"] {
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

/// The labels in the first column of a section's table, in order.
fn rows(document: &str, section: usize) -> Vec<String> {
    let table = document.split("## ").nth(section).expect("a table");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    rows.filter(|label| !labels(label).is_empty()).map(str::to_owned).collect()
}

#[test]
fn every_requirement_of_appendix_b_has_one_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/rfc9293.md")).expect("the document");
    let counts = [("MUST", 69), ("SHLD", 31), ("MAY", 18), ("REC", 1)];
    let numbers = counts
        .into_iter()
        .flat_map(|(kind, last)| (1..=last).map(move |number| format!("{kind}-{number}")));
    let required: BTreeSet<String> = numbers.collect();
    assert_eq!(required.len(), 119);
    let tables = [1, 2].map(|section| rows(&document, section));
    for table in &tables {
        let sorted = |label: &String| {
            let (kind, number) = label.split_once('-').expect("a label");
            let kind = counts.iter().position(|(name, _)| *name == kind);
            (kind, number.parse::<u32>().expect("a number"))
        };
        assert!(table.is_sorted_by_key(sorted), "{table:?}");
    }
    let listed = tables.concat();
    assert_eq!(listed.len(), 119, "a requirement has two rows");
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), required);
    assert!(document.contains(&format!("{} are implemented", tables[0].len())));
}

#[test]
fn the_runs_of_the_document_are_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/rfc9293.md")).expect("the document");
    let table = document.split("## ").nth(1).expect("the first table");
    let runs = table.lines().filter_map(|line| line.rsplit_once("| `")?.1.strip_suffix("` |"));
    let mut count = 0;
    for run in runs.filter(|run| run.contains('=')) {
        count += 1;
        let (link, problems) = Link::parse("", run);
        assert_eq!(problems, [], "{run}");
        let timeline = tcp_handshake::sim::Timeline::of(link.scenario_to_run());
        assert_eq!(timeline.orphans().count(), 0, "{run}: an edit does nothing");
    }
    assert!(count > 40, "{count}");
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
