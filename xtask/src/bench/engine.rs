//! The engine: the two programs of `crates/bench/engine/`, natively and in WebAssembly.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::{process, project, tools};

/// Time and memory are separate programs, because a counting allocator is slow.
const BENCHES: [&str; 2] = ["speed", "memory"];

/// Natively, for speed.
pub fn native() -> Result<Vec<Value>> {
    let mut rows = Vec::new();
    for program in build(&[])? {
        rows.extend(rows_of(&mut Command::new(program))?);
    }
    Ok(rows)
}

/// In WebAssembly, for speed.
pub fn wasm() -> Result<Vec<Value>> {
    in_node(&[])
}

/// In WebAssembly, with the optimization level of the release profile.
pub fn wasm_page() -> Result<Vec<Value>> {
    let level = release_opt_level()?;
    let of = |package: &str| format!("profile.bench.package.{package}.opt-level={level}");
    let levels = ["tcp-handshake", "smoltcp", "tcp-handshake-bench"].map(of);
    let options: Vec<&str> = levels.iter().flat_map(|level| ["--config", level]).collect();
    let mut rows = in_node(&options)?;
    for row in &mut rows {
        // The goals are for a build for speed; these rows show the cost of a build for size.
        row["goal"] = Value::Null;
    }
    Ok(rows)
}

fn in_node(options: &[&str]) -> Result<Vec<Value>> {
    tools::ensure_node()?;
    let bindgen = tools::wasm_bindgen()?;
    let folder = project::target().join("bench-wasm");
    let mut rows = Vec::new();
    for program in build(&[&["--target", tools::WASM], options].concat())? {
        let mut command = Command::new(&bindgen);
        command.args(["--target", "nodejs", "--out-name", "bench", "--out-dir"]);
        process::run(command.arg(&folder).arg(program))?;
        let script = "process.stdout.write(require('./bench.js').rows())";
        rows.extend(rows_of(Command::new("node").args(["-e", script]).current_dir(&folder))?);
    }
    Ok(rows)
}

/// Builds the benches, and says where they are.
fn build(options: &[&str]) -> Result<Vec<PathBuf>> {
    tools::ensure_wasm_target()?;
    let mut cargo = process::cargo();
    cargo.args(["build", "--locked", "--profile", "bench", "--message-format", "json"]);
    cargo.args(["--package", "tcp-handshake-bench"]).args(options);
    let output = cargo.stderr(Stdio::inherit()).output();
    let output = output.map_err(Failure::while_doing("cargo build --profile bench"))?;
    if !output.status.success() {
        return Err(Failure::new("the benches cannot be built"));
    }
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = BENCHES.iter().map(|bench| {
        let path = executable(&messages, bench).map(PathBuf::from);
        path.ok_or_else(|| Failure::new(format!("cargo does not say where it put {bench}")))
    });
    found.collect()
}

/// The program that cargo's messages name for a bench.
fn executable(messages: &str, bench: &str) -> Option<String> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
    let mut executables = messages.filter_map(|message: Value| {
        let is_it = message["target"]["name"] == bench && message["target"]["kind"][0] == "bin";
        is_it.then(|| message["executable"].as_str().map(String::from))?
    });
    executables.next()
}

/// Runs a bench, and reads its rows: a line of JSON each.
pub fn rows_of(command: &mut Command) -> Result<Vec<Value>> {
    let text = process::answer(command)
        .ok_or_else(|| Failure::new("a bench failed; run it by hand to see why"))?;
    let rows = text.lines().map(|line| {
        serde_json::from_str(line).map_err(|_| Failure::new(format!("no row: {line}")))
    });
    rows.collect()
}

/// `opt-level` of the release profile in `Cargo.toml`.
fn release_opt_level() -> Result<String> {
    let path = project::root().join("Cargo.toml");
    let text = std::fs::read_to_string(&path).map_err(Failure::while_doing(path.display()))?;
    level_in(&text).map(String::from).ok_or_else(|| no_level(&path))
}

fn level_in(manifest: &str) -> Option<&str> {
    let mut lines = manifest.lines().skip_while(|line| *line != "[profile.release]").skip(1);
    let section = lines.by_ref().take_while(|line| !line.starts_with('['));
    let mut levels = section.filter_map(|line| line.strip_prefix("opt-level = "));
    levels.next()
}

fn no_level(path: &Path) -> Failure {
    Failure::new(format!("{} has no opt-level for the release profile", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_level_is_read_from_its_own_section() {
        let manifest = "[profile.bench]\nopt-level = 3\n\n[profile.release]\nlto = true\n\
                        opt-level = \"z\"\n[profile.test]\nopt-level = 1\n";
        assert_eq!(level_in(manifest), Some("\"z\""));
        assert_eq!(level_in("[profile.release]\n[profile.test]\nopt-level = 1\n"), None);
    }

    #[test]
    fn the_program_is_found_among_the_messages() {
        let message = |kind, executable| {
            let target = json!({ "name": "speed", "kind": [kind] });
            json!({ "target": target, "executable": executable }).to_string()
        };
        let messages = [message("lib", None), "{".into(), message("bin", Some("a"))].join("\n");
        assert_eq!(executable(&messages, "speed").as_deref(), Some("a"));
        assert_eq!(executable(&messages, "memory"), None);
    }
}
