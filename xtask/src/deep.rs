//! `cargo xtask test deep`: the checks that are long by nature. The ordinary tests run a sample of
//! each. The last results are in `docs/conformance.md`.

use std::fs;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::{explore, process, project, tools};

/// Executions of each fuzz target.
const FUZZ_RUNS: u32 = 1_000_000;

/// Runs every deep check, `end_to_end` among them; the first that fails ends the step.
pub fn run(end_to_end: fn() -> Result<()>) -> Result<()> {
    ignored_tests()?;
    explore::every_fate()?;
    end_to_end()?;
    fuzz()
}

/// The native tests that are marked `#[ignore]`: random rounds, seeds and Linux's TCP.
fn ignored_tests() -> Result<()> {
    let arguments = ["test", "--release", "--locked", "--workspace", "--", "--ignored"];
    process::run(process::cargo().args(arguments))
}

/// Every target of `fuzz/`, from its kept inputs. New inputs go to `target/fuzz/`.
fn fuzz() -> Result<()> {
    let folder = tools::cargo_fuzz()?;
    for target in fuzz_targets()? {
        let found = project::target().join("fuzz").join(&target);
        fs::create_dir_all(&found).map_err(Failure::while_doing(found.display()))?;
        let mut rustup = Command::new("rustup");
        let path = process::path_with(std::slice::from_ref(&folder))?;
        rustup.current_dir(project::root()).env("PATH", path);
        // Set by the cargo that runs us, and not nightly's.
        rustup.env_remove("CARGO").args(["run", "--install", "nightly", "cargo", "fuzz", "run"]);
        rustup.arg(&target).arg(&found).arg(format!("fuzz/corpus/{target}"));
        let runs = format!("-runs={FUZZ_RUNS}");
        process::run(rustup.args(["--", &runs, "-print_final_stats=1"]))?;
    }
    Ok(())
}

/// The names of the fuzz targets, in alphabetical order.
fn fuzz_targets() -> Result<Vec<String>> {
    let folder = project::root().join("fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).map_err(Failure::while_doing(folder.display()))?;
    let stem = |entry: fs::DirEntry| Some(entry.path().file_stem()?.to_str()?.to_owned());
    let mut names: Vec<String> = entries.flatten().filter_map(stem).collect();
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fuzz_target_is_found() {
        let targets = fuzz_targets().unwrap();
        assert!(
            ["link", "scenario", "wire"].iter().all(|name| targets.iter().any(|it| it == name))
        );
    }
}
