//! The paths of the project and its parts, and facts from its own files.

use std::path::PathBuf;
use std::{env, fs};

use crate::failure::{Failure, Result};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    // Cargo sets the variable when it runs us; the compiled-in value serves a copied binary.
    let member = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    member.parent().map_or_else(|| member.clone(), PathBuf::from)
}

/// The folder of the release build, and of nothing else.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The folder of the end-to-end tests.
pub fn e2e() -> PathBuf {
    root().join("e2e")
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// The version of `package` in `Cargo.lock`.
pub fn locked_version(package: &str) -> Result<String> {
    let path = root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(Failure::while_doing(path.display()))?;
    version_in(&lock, package)
        .map(String::from)
        .ok_or_else(|| Failure::new(format!("Cargo.lock does not name {package}")))
}

/// Reads `version = "…"` in the entry that `name = "package"` begins.
fn version_in<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut entry = lock.lines().skip_while(|line| *line != name).skip(1);
    entry.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_is_read_by_whole_names() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                    [[package]]\r\nname = \"wasm-bindgen\"\r\nversion = \"0.2.1\"\r\n";
        assert_eq!(version_in(lock, "wasm-bindgen"), Some("0.2.1"));
        assert_eq!(version_in(lock, "wasm"), None);
    }

    #[test]
    fn this_project_locks_wasm_bindgen() {
        assert!(locked_version("wasm-bindgen").unwrap().starts_with("0.2."));
    }
}
