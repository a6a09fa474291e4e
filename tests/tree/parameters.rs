//! The lists of link parameters outside the program agree with the program's own table.

use std::collections::BTreeSet;

use tcp_handshake::link;

use crate::repository::read;

/// The names of the program's table, without those that a list leaves out for a reason.
fn names(without: &[&str]) -> BTreeSet<String> {
    let names: BTreeSet<String> = link::names().map(str::to_owned).collect();
    assert!(without.iter().all(|name| names.contains(*name)), "{without:?}");
    names.into_iter().filter(|name| !without.contains(&name.as_str())).collect()
}

/// The part of a text between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect(start);
    rest.split_once(end).expect(end).0
}

/// The names between backticks in the first column of the table of parameters.
fn table(document: &str) -> BTreeSet<String> {
    let text = read(document);
    let rows = between(&text, "| parameter |", "\n\n").lines().skip(2);
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn the_documents_list_every_parameter() {
    for document in ["README.md", "docs/embedding.md"] {
        assert_eq!(table(document), names(&[]), "{document}");
    }
}

#[test]
fn the_element_has_an_attribute_for_every_parameter() {
    let script = read("static/tcp-handshake.js");
    let list = between(&script, "const PARAMETERS = [", "];");
    let found: BTreeSet<String> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    // The element sets `embed` itself. Names of attributes are in lower case.
    let expected = names(&["embed"]).iter().map(|name| name.to_ascii_lowercase()).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_npm_package_declares_every_parameter() {
    let types = read("crates/api/npm/index.d.ts");
    let fields = between(&types, "export interface Parameters {", "\n}");
    let fields = fields.lines().filter_map(|line| line.split_once("?: "));
    let found: BTreeSet<String> =
        fields.map(|(name, _)| name.trim().trim_matches('\'').to_owned()).collect();
    // A player that is mounted in an element has no panels and no frame.
    assert_eq!(found, names(&["panels", "embed"]));
}
