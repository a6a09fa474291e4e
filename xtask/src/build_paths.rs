//! Paths of the machine that built a program. Rust writes the paths of the sources of crates into
//! the messages of panics; in a program that others get, they have no place.

use std::env;
use std::path::PathBuf;

use crate::project;

/// The folder in Cargo's home that has the sources of crates, each registry in a folder of its own.
const REGISTRIES: &str = "registry/src/";

/// Overwrites the folders of this machine in a program. The length stays, so that no address in the
/// program changes.
pub fn hide(program: &mut [u8]) {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    for folder in [home, Some(project::root())].into_iter().flatten() {
        overwrite(program, folder.to_string_lossy().trim_end_matches('/').as_bytes());
    }
}

/// Replaces each occurrence of a folder by dots: `/home/me/.cargo/registry/src/index-1/yew` and
/// `/home/me/project/src` become `......../yew` and `…/src`.
fn overwrite(program: &mut [u8], folder: &[u8]) {
    let mut from = 0;
    while let Some(at) = find(&program[from..], folder) {
        let start = from + at;
        let mut end = start + folder.len();
        if program[end..].get(1..).is_some_and(|rest| rest.starts_with(REGISTRIES.as_bytes())) {
            end += 1 + REGISTRIES.len();
            end += program[end..].iter().position(|byte| *byte == b'/').unwrap_or(0);
        }
        program[start..end].fill(b'.');
        from = end;
    }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    let is_short = part.len() < 2;
    if is_short { None } else { bytes.windows(part.len()).position(|window| window == part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_overwritten_and_nothing_moves() {
        let mut program = *b"a/h/.cargo/registry/src/index-1/yew/lib.rs b/h/.cargo/x c/h/.carg";
        overwrite(&mut program, b"/h/.cargo");
        let text = std::str::from_utf8(&program).unwrap();
        assert_eq!(text, "a............................../yew/lib.rs b........./x c/h/.carg");
    }

    #[test]
    fn this_machines_own_paths_are_hidden() {
        let root = project::root().display().to_string();
        let mut program = format!("at {root}/src/a.rs").into_bytes();
        hide(&mut program);
        let text = String::from_utf8(program).unwrap();
        assert!(text.ends_with("./src/a.rs") && !text.contains(&root), "{text}");
    }
}
