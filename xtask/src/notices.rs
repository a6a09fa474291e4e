//! What goes with everything that we distribute: our licences, and the notices of the crates that
//! the program is made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::{files, process, project, tools};

/// Our licences.
pub const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];
/// The file with the notices of others.
pub const THIRD_PARTY: &str = "THIRD-PARTY.txt";

/// How the names of files with a licence or a notice begin.
const STARTS: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];

/// Writes our licences, and the notices of the crates that `package` is made of, to `folder`.
pub fn write(package: &str, folder: &Path) -> Result<()> {
    for name in LICENCES {
        files::write(&folder.join(name), files::read(&project::root().join(name))?)?;
    }
    files::write(&folder.join(THIRD_PARTY), third_party(package)?)
}

/// The crates of `package` for wasm32 with their licences, and each licence's text once.
fn third_party(package: &str) -> Result<String> {
    let mut cargo = process::cargo();
    cargo.args(["metadata", "--locked", "--format-version", "1"]);
    let metadata = process::output(cargo.args(["--filter-platform", tools::WASM]));
    let metadata: Option<Value> = metadata.and_then(|text| serde_json::from_str(&text).ok());
    let metadata = metadata.ok_or_else(|| Failure::new("`cargo metadata` gives no answer"))?;
    let mut list = String::new();
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for it in crates_of(package, &metadata) {
        let word = |field: &str| it[field].as_str().unwrap_or("?");
        let name = format!("{} {}", word("name"), word("version"));
        list.extend([name.as_str(), ": ", word("license"), "\n"]);
        let folder = Path::new(word("manifest_path")).parent();
        for text in folder.map(licence_texts).unwrap_or_default() {
            texts.entry(text).or_default().insert(name.clone());
        }
    }
    if list.is_empty() {
        return Err(Failure::new(format!("`cargo metadata` does not name {package}")));
    }
    let mut file = format!(
        "This program contains Rust's standard library (MIT OR Apache-2.0) and these crates:\n\n\
         {list}"
    );
    for (text, names) in texts {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        file.extend(["\n", &"=".repeat(72), "\n", &names, "\n\n", text.trim_end(), "\n"]);
    }
    Ok(file)
}

/// The crates of others that end up in a package's program, in order of their names.
fn crates_of<'a>(package: &str, metadata: &'a Value) -> Vec<&'a Value> {
    let list = |value: &'a Value| value.as_array().map(Vec::as_slice).unwrap_or_default();
    let packages = list(&metadata["packages"]);
    let nodes = list(&metadata["resolve"]["nodes"]);
    let first = packages.iter().find(|it| it["name"] == package);
    let mut open: Vec<&Value> = first.map(|it| &it["id"]).into_iter().collect();
    let mut found: Vec<&Value> = vec![];
    while let Some(id) = open.pop() {
        if found.contains(&id) {
            continue;
        }
        found.push(id);
        let node = nodes.iter().find(|node| node["id"] == *id);
        for dependency in node.map(|node| list(&node["deps"])).unwrap_or_default() {
            // Neither dependencies of tests nor of build scripts.
            if list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()) {
                open.push(&dependency["pkg"]);
            }
        }
    }
    let is_others = |it: &&Value| found.contains(&&it["id"]) && !it["source"].is_null();
    packages.iter().filter(is_others).collect()
}

/// The texts of the licences and notices in a crate's folder.
fn licence_texts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_licence = |name: &str| STARTS.iter().any(|start| name.to_uppercase().starts_with(start));
    let named = entries.filter(|entry| entry.file_name().to_str().is_some_and(is_licence));
    let mut paths: Vec<_> = named.map(|entry| entry.path()).collect();
    paths.sort();
    let texts = paths.iter().filter_map(|path| fs::read(path).ok());
    texts.map(|text| String::from_utf8_lossy(&text).replace("\r\n", "\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notices_name_every_crate_of_the_program_and_no_other() {
        let text = third_party("tcp-handshake-api").unwrap();
        for name in ["yew 0.23.0", "wasm-bindgen ", "serde_json "] {
            assert!(text.contains(&format!("\n{name}")), "{name}");
        }
        // A development dependency, a native one, and our own crate.
        for name in ["proptest ", "lexopt ", "tcp-handshake-html "] {
            assert!(!text.contains(&format!("\n{name}")), "{name}");
        }
        assert!(text.contains("Permission is hereby granted"));
        assert!(third_party("no-such-package").is_err());
    }
}
