//! `cargo xtask package`: the npm package in `target/package/`.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use lexopt::Parser;

use crate::failure::{Failure, Result};
use crate::{arguments, build_paths, files, notices, process, project, tools};

/// The looks of a mounted player, in the page's own order.
const STYLES: [&str; 19] = [
    "tokens",
    "base",
    "button",
    "explanation",
    "why",
    "embed",
    "player",
    "ladder",
    "segment",
    "band",
    "lanes",
    "lifeline",
    "state",
    "now",
    "host",
    "transport",
    "scrubber",
    "actions",
    "compare",
];

/// Files that are copied into the package: from, to.
const COPIES: [(&str, &str); 8] = [
    ("crates/api/npm/index.js", "index.js"),
    ("crates/api/npm/index.d.ts", "index.d.ts"),
    ("crates/api/npm/react.d.ts", "react.d.ts"),
    ("crates/api/npm/vue.d.ts", "vue.d.ts"),
    ("crates/api/npm/README.md", "README.md"),
    ("static/tcp-handshake.js", "element.js"),
    ("static/tcp-handshake.d.ts", "element.d.ts"),
    ("docs/trace.schema.json", "trace.schema.json"),
];

/// The part of the help below the usage.
pub fn help() -> String {
    "The package is target/package/, and target/package.tgz as npm would publish it. publint,\n\
     which is installed with the other packages of the end-to-end tests, has to find it good.\n"
        .into()
}

/// Runs the command.
pub fn run(parser: Parser) -> Result<ExitCode> {
    arguments::none(parser)?;
    package()?;
    Ok(ExitCode::SUCCESS)
}

/// Builds and checks the package.
pub fn package() -> Result<()> {
    tools::ensure_node()?;
    tools::ensure_npm_packages()?;
    let (root, folder) = (project::root(), project::target().join("package"));
    files::empty_folder(&folder)?;
    program(&folder)?;
    for (from, to) in COPIES {
        let from = root.join(from);
        fs::copy(&from, folder.join(to)).map_err(Failure::while_doing(from.display()))?;
    }
    notices::write("tcp-handshake-api", &folder)?;
    files::write(&folder.join("style.css"), &style(&root)?)?;
    let manifest = files::read_text(&root.join("crates/api/npm/package.json"))?;
    let version = project::locked_version("tcp-handshake-api")?;
    let manifest = manifest.replace("\"0.0.0\"", &format!("\"{version}\""));
    files::write(&folder.join("package.json"), &manifest)?;
    pack(&folder)
}

/// The wasm and its glue.
fn program(folder: &Path) -> Result<()> {
    let wasm_bindgen = tools::wasm_bindgen()?;
    let mut cargo = process::cargo();
    cargo.args(["build", "--release", "--locked", "--package", "tcp-handshake-api"]);
    process::run(cargo.args(["--target", tools::WASM]))?;
    let wasm = project::target().join(tools::WASM).join("release").join("tcp_handshake_api.wasm");
    let mut glue = Command::new(wasm_bindgen);
    glue.args(["--target", "web", "--no-typescript", "--out-name", "program", "--out-dir"]);
    process::run(glue.arg(folder).arg(wasm))?;
    let program = folder.join("program_bg.wasm");
    let mut wasm = files::read(&program)?;
    build_paths::hide(&mut wasm);
    files::write(&program, wasm)
}

/// Packs the folder as npm would, and lets publint judge the outcome.
fn pack(folder: &Path) -> Result<()> {
    let npm = tools::npm()?;
    let target = project::target();
    process::run(
        Command::new(npm).args(["pack", "--pack-destination"]).arg(&target).current_dir(folder),
    )?;
    let version = project::locked_version("tcp-handshake-api")?;
    let packed = target.join(format!("tcp-handshake-{version}.tgz"));
    let tarball = target.join("package.tgz");
    files::rename(&packed, &tarball)?;
    let publint = project::e2e().join("node_modules/publint/src/cli.js");
    process::run(Command::new("node").arg(publint).args(["run", "--strict"]).arg(&tarball))
}

/// All looks, within `.tcp-handshake`.
fn style(root: &Path) -> Result<String> {
    let (mut within, mut apart) = (String::new(), String::new());
    for name in STYLES {
        let text = files::read_text(&root.join("static/styles").join(name).with_extension("css"))?;
        for block in blocks(&text.replace(":root", "&")) {
            let into = if block.contains("@keyframes") { &mut apart } else { &mut within };
            into.push_str(block);
        }
    }
    let own = files::read_text(&root.join("crates/api/npm/style.css"))?;
    Ok(format!(".tcp-handshake {{{within}\n}}\n{apart}\n\n{own}"))
}

/// The rules of a stylesheet, each with the comments above it.
fn blocks(text: &str) -> Vec<&str> {
    let (mut blocks, mut depth, mut start) = (vec![], 0_usize, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    blocks.push(&text[start..=at]);
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stylesheet_is_split_into_its_rules() {
        let text = "/* a */ a { b: c }\n@media x { d { e: f } }\n@keyframes g { from { h: i } }\n";
        let found = blocks(text);
        assert_eq!(found.len(), 3);
        assert!(found[0].starts_with("/* a */") && found[1].ends_with("} }"));
        assert_eq!(found.concat(), text.trim_end());
    }

    #[test]
    fn no_look_of_the_player_is_missing() {
        let page = files::read_text(&project::root().join("index.html")).unwrap();
        let around = ["page", "stage", "loading", "notice", "late", "header", "poster", "problems"];
        let links = page.lines().filter(|line| line.contains("rel=\"css\""));
        for link in links.filter(|line| !line.contains("data-chunk")) {
            let name = link.split("styles/").nth(1).and_then(|rest| rest.split('.').next());
            let name = name.unwrap();
            assert!(STYLES.contains(&name) || around.contains(&name), "{name}");
        }
    }

    #[test]
    fn every_look_is_within_the_players_own_element() {
        let style = style(&project::root()).unwrap();
        assert!(!style.contains(":root"));
        for block in blocks(&style) {
            let block = block.trim();
            let is_ours = block.contains(".tcp-handshake") || block.contains("@keyframes tcp-");
            assert!(is_ours, "{block}");
        }
    }
}
