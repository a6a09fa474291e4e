//! The tools that Rust alone does not bring: the wasm32 target, trunk and wasm-bindgen.
//!
//! A right version on `PATH` is used. Otherwise Cargo builds it, once per user, into a cache folder
//! that every clone of the project shares. Nothing is ever downloaded as a binary.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::{process, project};

/// The target of the page.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The version of trunk that the page is built with.
const TRUNK_VERSION: &str = "0.21.14";

/// The version of cargo-fuzz that `cargo xtask test deep` runs.
const CARGO_FUZZ_VERSION: &str = "0.13.2";

/// One package with programs that the commands need.
struct Tool {
    package: &'static str,
    version: String,
    /// Each must answer `--version` with the version.
    programs: &'static [&'static str],
    /// About how long two cores build it.
    minutes: u32,
}

impl Tool {
    fn trunk() -> Self {
        let version = TRUNK_VERSION.into();
        Self { package: "trunk", version, programs: &["trunk"], minutes: 9 }
    }

    fn cargo_fuzz() -> Self {
        let version = CARGO_FUZZ_VERSION.into();
        Self { package: "cargo-fuzz", version, programs: &["cargo-fuzz"], minutes: 2 }
    }

    /// Must be exactly the version that the page is compiled against.
    fn wasm_bindgen() -> Result<Self> {
        Ok(Self {
            package: "wasm-bindgen-cli",
            version: project::locked_version("wasm-bindgen")?,
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            minutes: 6,
        })
    }

    /// The folder with the tool's programs, which are built first if no right ones are found.
    fn ensure(&self) -> Result<PathBuf> {
        if let Some(folder) = self.folder_on_path() {
            return Ok(folder);
        }
        let cache = cache()?;
        let name = format!("{}-{}", self.package, self.version);
        let folder = cache.join(&name).join("bin");
        if self.is_in(&folder) {
            return Ok(folder);
        }
        fs::create_dir_all(&cache).map_err(Failure::while_doing(cache.display()))?;
        let _lock = lock(&cache.join(format!("{name}.lock")))?;
        if !self.is_in(&folder) {
            self.build(&cache, &name)?;
        }
        if self.is_in(&folder) {
            return Ok(folder);
        }
        Err(Failure::new(format!("{} was built but does not answer as {name}", folder.display())))
    }

    /// Builds the tool into its cache folder. The objects of an interrupted build are kept for
    /// the next try; the programs themselves appear only when all is done.
    fn build(&self, cache: &Path, name: &str) -> Result<()> {
        let root = cache.join(name);
        println!(
            "Building {} {}, once, into {}: about {} minutes on two cores.",
            self.package,
            self.version,
            root.display(),
            self.minutes
        );
        let objects = cache.join(format!("{name}.build"));
        process::run(
            process::cargo()
                .args(["install", "--locked", "--force", "--root"])
                .arg(&root)
                .arg(format!("{}@{}", self.package, self.version))
                // Outside the project, so that its Cargo settings do not apply.
                .current_dir(cache)
                .env("CARGO_TARGET_DIR", &objects)
                // A tool that runs for seconds need not be compiled for minutes.
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env("CARGO_PROFILE_RELEASE_DEBUG", "0"),
        )?;
        fs::remove_dir_all(&objects).map_err(Failure::while_doing(objects.display()))
    }

    /// The folder of `PATH` that has every program, all of the right version.
    fn folder_on_path(&self) -> Option<PathBuf> {
        let folder = process::find(self.programs[0])?.parent()?.to_owned();
        self.is_in(&folder).then_some(folder)
    }

    /// Whether every program is in `folder` and answers with the right version.
    fn is_in(&self, folder: &Path) -> bool {
        self.programs.iter().all(|program| {
            let mut command = Command::new(process::executable(folder, program));
            process::answer(command.arg("--version"))
                .is_some_and(|answer| answer.split_whitespace().any(|word| word == self.version))
        })
    }
}

/// A trunk that finds its wasm-bindgen and never reaches for the network.
pub fn trunk() -> Result<Command> {
    ensure_wasm_target()?;
    let trunk = Tool::trunk().ensure()?;
    let wasm_bindgen = Tool::wasm_bindgen()?.ensure()?;
    let mut command = Command::new(process::executable(&trunk, "trunk"));
    command
        .current_dir(project::root())
        .env("PATH", process::path_with(&[wasm_bindgen])?)
        .env("TRUNK_OFFLINE", "true")
        .env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Trunk reads NO_COLOR as `true` or `false` only; the convention is "set to anything".
    if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        command.env("NO_COLOR", "true");
    }
    Ok(command)
}

/// The folder of cargo-fuzz.
pub fn cargo_fuzz() -> Result<PathBuf> {
    Tool::cargo_fuzz().ensure()
}

/// The program that makes a module for node out of wasm.
pub fn wasm_bindgen() -> Result<PathBuf> {
    ensure_wasm_target()?;
    Ok(process::executable(&Tool::wasm_bindgen()?.ensure()?, "wasm-bindgen"))
}

/// The program that runs wasm tests under node.
pub fn wasm_test_runner() -> Result<PathBuf> {
    ensure_wasm_target()?;
    let folder = Tool::wasm_bindgen()?.ensure()?;
    Ok(process::executable(&folder, "wasm-bindgen-test-runner"))
}

/// Adds the standard library for [`WASM`] with rustup if it is missing.
pub fn ensure_wasm_target() -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(project::root()).args(["--print", "target-libdir", "--target", WASM]);
    if process::answer(&mut rustc).is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    rustup(&["target", "add", WASM])
}

/// Adds `cargo fmt` or `cargo clippy` with rustup if it is missing.
pub fn ensure_component(component: &str, subcommand: &str) -> Result<()> {
    match process::answer(process::cargo().args([subcommand, "--version"])) {
        Some(_) => Ok(()),
        None => rustup(&["component", "add", component]),
    }
}

fn rustup(arguments: &[&str]) -> Result<()> {
    if process::find("rustup").is_none() {
        return Err(Failure::new(format!(
            "`rustup {}` is needed, but there is no rustup. Install it from https://rustup.rs",
            arguments.join(" ")
        )));
    }
    process::run(Command::new("rustup").args(arguments).current_dir(project::root()))
}

/// A node that is new enough, for the wasm tests and the end-to-end tests.
pub fn ensure_node() -> Result<()> {
    const MAJOR: u32 = 20;
    let version = process::answer(Command::new("node").arg("--version"));
    match version.as_deref().map(|version| (version, major(version))) {
        Some((_, Some(major))) if major >= MAJOR => Ok(()),
        Some((version, _)) => Err(Failure::new(format!(
            "node {MAJOR} or later is needed, and this one is {version}. \
             Install a newer one from https://nodejs.org or by your system's packages"
        ))),
        None => Err(Failure::new(format!(
            "node {MAJOR} or later is needed, and none is found. \
             Install it, with npm, from https://nodejs.org or by your system's packages"
        ))),
    }
}

/// `v20.20.2` -> 20.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// The npm packages of the end-to-end tests, as their lock file has them.
pub fn ensure_npm_packages() -> Result<()> {
    let e2e = project::e2e();
    let lock = e2e.join("package-lock.json");
    let installed = e2e.join("node_modules").join(".installed-lock.json");
    let read = |path: &Path| fs::read(path).map_err(Failure::while_doing(path.display()));
    let wanted = read(&lock)?;
    if read(&installed).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    process::run(Command::new(npm()?).args(["ci", "--no-audit", "--no-fund"]).current_dir(&e2e))?;
    fs::write(&installed, wanted).map_err(Failure::while_doing(installed.display()))
}

/// The package manager of node.
pub fn npm() -> Result<&'static str> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    match process::answer(Command::new(npm).arg("--version")) {
        Some(_) => Ok(npm),
        None => Err(Failure::new("npm is needed for the end-to-end tests. It comes with node")),
    }
}

/// The per-user folder that all clones share.
fn cache() -> Result<PathBuf> {
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let base = if let Some(folder) = variable("XDG_CACHE_HOME") {
        Some(PathBuf::from(folder))
    } else if cfg!(windows) {
        variable("LOCALAPPDATA").map(PathBuf::from)
    } else {
        let below = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
        variable("HOME").map(|home| PathBuf::from(home).join(below))
    };
    base.map(|base| base.join("tcp-handshake"))
        .ok_or_else(|| Failure::new("there is no home folder: set XDG_CACHE_HOME"))
}

/// Waits until no other process holds the file, and holds it until dropped (or until we end).
fn lock(path: &Path) -> Result<File> {
    let file = File::create(path).map_err(Failure::while_doing(path.display()))?;
    if file.try_lock().is_err() {
        println!("Waiting for another process that holds {}.", path.display());
        file.lock().map_err(Failure::while_doing(path.display()))?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_is_not_there_is_not_trusted() {
        assert!(!Tool::trunk().is_in(Path::new("/nonexistent")));
    }

    #[test]
    fn node_versions() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("20"), None);
    }
}
