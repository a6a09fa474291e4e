//! Replays the corpus of every fuzz target without a fuzzer.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../fuzz/src/lib.rs"]
mod harness;

use harness::TARGETS;

/// The files of a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_input_of_the_corpus_passes_its_target() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let folders = files(&corpus);
    let names: Vec<_> = folders.iter().map(|it| it.file_name().expect("a name")).collect();
    assert_eq!(names, TARGETS.map(|(name, _)| name), "each target has its corpus");
    for (folder, (name, target)) in folders.iter().zip(TARGETS) {
        let inputs = files(folder);
        assert!(inputs.len() >= 10, "{name}: only {} inputs", inputs.len());
        for path in inputs {
            // The last name printed is that of the failing input.
            println!("{}", path.display());
            target(&fs::read(&path).expect("an input can be read"));
        }
    }
}
