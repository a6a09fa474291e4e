//! Splitting the page's program into chunks, after Trunk has built it whole.
//!
//! Trunk binds the whole program. This takes cargo's own wasm, which still has the relocations that
//! the splitter needs, splits it, binds the main part again, and puts the files in the place of
//! Trunk's. Every name carries a hash of all the parts: a main program never meets the chunk of
//! another build, which would corrupt its memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::failure::{Failure, Result};
use crate::segments::merge_data_segments;
use crate::{build_paths, files, process, project, shrink, tools};

/// The package's program.
const PROGRAM: &str = "tcp-handshake";
/// The package that splits; it takes minutes to compile, so it is not part of xtask.
const SPLITTER: &str = "tcp-handshake-split";

/// The names of a program's files.
pub struct Program {
    /// The script that starts it.
    pub script: String,
    /// Its wasm, or that of its main part.
    pub wasm: String,
    /// The wasm files of each chunk. Empty for a program in one piece.
    pub chunks: BTreeMap<String, Vec<String>>,
}

/// Splits the program that cargo built last, and writes its files to `folder`. If the splitter
/// cannot be built, says so, and writes a program in one piece.
pub fn write_program(folder: &Path, is_release: bool) -> Result<Program> {
    let profile = if is_release { "release" } else { "debug" };
    let built = project::target().join(tools::WASM).join(profile).join(format!("{PROGRAM}.wasm"));
    let parts = project::target().join("split").join(profile);
    files::empty_folder(&parts)?;
    let list = process::output(splitter().arg(&built).arg(&parts).stderr(Stdio::inherit()));
    let main = if list.is_some() {
        parts.join("main.wasm")
    } else {
        eprintln!("note: `cargo run --package {SPLITTER}` failed: the program stays in one piece");
        build_whole(is_release)?;
        built
    };
    run_wasm_bindgen(&main, &parts.join("bound"), is_release)?;
    if let Some(list) = list.as_deref().filter(|_| is_release) {
        pack(&parts, list)?;
    }
    emit(&parts, folder, &list.unwrap_or_default(), is_release)
}

fn splitter() -> Command {
    let mut cargo = process::cargo();
    cargo.args(["run", "--locked", "--package", SPLITTER, "--"]);
    cargo
}

/// Rewrites all parts of a split program so that they compress better.
fn pack(parts: &Path, list: &str) -> Result<()> {
    let chunks = chunk_files(list);
    let names: BTreeSet<_> = chunks.values().flatten().collect();
    let files = names.iter().map(|name| parts.join(format!("{name}.wasm")));
    let main = parts.join("bound/main_bg.wasm");
    process::run(splitter().arg("--pack").args(files).arg(main))
}

/// Compiles the program again, without the feature `split`: a program with it cannot run unsplit,
/// since it imports the functions of its chunks.
fn build_whole(is_release: bool) -> Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["build", "--locked", "--target", tools::WASM, "--bin", PROGRAM]);
    process::run(cargo.args(is_release.then_some("--release")))
}

fn run_wasm_bindgen(program: &Path, folder: &Path, is_release: bool) -> Result<()> {
    let mut bindgen = Command::new(tools::wasm_bindgen()?);
    bindgen.args(["--target", "web", "--no-typescript", "--reference-types", "--keep-lld-exports"]);
    bindgen.args(is_release.then_some("--remove-name-section"));
    bindgen.args(["--out-name", "main", "--out-dir"]).arg(folder).arg(program);
    process::run(&mut bindgen)
}

/// Writes the parts to `folder` under names with their common hash.
fn emit(parts: &Path, folder: &Path, list: &str, is_release: bool) -> Result<Program> {
    let chunks = chunk_files(list);
    let (main, glue) = main_part(&parts.join("bound"), is_release)?;
    let mut loader = String::new();
    if !chunks.is_empty() {
        loader = compact_loader(&files::read_text(&parts.join("split.js"))?);
    }
    if is_release {
        loader = shrink::unindented(&loader);
    }
    let mut wasms = BTreeMap::new();
    for name in chunks.values().flatten() {
        let path = parts.join(format!("{name}.wasm"));
        let wasm = compact(&files::read(&path)?, !is_release, false);
        wasms.insert(name.as_str(), wasm.ok_or_else(|| not_wasm(&path))?);
    }
    let texts = [&main[..], glue.as_bytes(), loader.as_bytes()];
    let hash = files::hash(texts.into_iter().chain(wasms.values().map(Vec::as_slice)));
    let stem = format!("{PROGRAM}-{hash}");
    for (name, wasm) in &wasms {
        let before = format!("fetchChunk(\"./{name}.wasm\")");
        if !loader.contains(&before) {
            return Err(Failure::new(format!("the loader does not load {name}")));
        }
        let after = if is_inline(wasm) {
            format!("decode(\"{}\")", BASE64_STANDARD.encode(wasm))
        } else {
            let address = format!("{stem}-{name}.wasm");
            files::write(&folder.join(&address), wasm)?;
            format!("fetchChunk(\"./{address}\",\"{}\")", shrink::integrity(wasm))
        };
        loader = loader.replace(&before, &after);
    }
    let (script, wasm) = (format!("{stem}.js"), format!("{stem}_bg.wasm"));
    if !chunks.is_empty() {
        let loader = loader.replace("./main.js", &format!("./{script}"));
        files::write(&folder.join(format!("{stem}-split.js")), loader)?;
    }
    // Only the address changes: the wasm imports from the module by its name, which stays.
    let glue = glue.replace("from \"./split.js\"", &format!("from \"./{stem}-split.js\""));
    files::write(&folder.join(&script), glue)?;
    files::write(&folder.join(&wasm), main)?;
    let addresses = |names: &[String]| {
        let files = names.iter().filter(|name| !is_inline(&wasms[name.as_str()]));
        files.map(|name| format!("{stem}-{name}.wasm")).collect()
    };
    let chunks = chunks.iter().map(|(chunk, names)| (chunk.clone(), addresses(names))).collect();
    Ok(Program { script, wasm, chunks })
}

/// Whether the loader itself contains a piece of code: many pieces that several chunks share are
/// not longer than the name and the digest by which it would ask for them.
const fn is_inline(wasm: &[u8]) -> bool {
    wasm.len() <= 160
}

/// The main part and its script, as wasm-bindgen wrote them, without what the page does not need.
fn main_part(bound: &Path, is_release: bool) -> Result<(Vec<u8>, String)> {
    let glue = files::read_text(&bound.join("main.js"))?;
    let main = compact(&files::read(&bound.join("main_bg.wasm"))?, !is_release, true);
    let main = main.ok_or_else(|| not_wasm(bound))?;
    if !is_release {
        return Ok((main, glue));
    }
    let (main, glue) = shrink::shorten(&main, &glue).ok_or_else(|| not_wasm(bound))?;
    Ok((main, shrink::unindented(&glue)))
}

/// A module without relocations, empty data and this machine's paths. The main part may fill gaps
/// between its data.
fn compact(wasm: &[u8], keeps_names: bool, is_main: bool) -> Option<Vec<u8>> {
    let wasm = shrink::without_custom_sections(wasm, keeps_names)?;
    let mut wasm = merge_data_segments(&wasm, is_main)?;
    build_paths::hide(&mut wasm);
    Some(wasm)
}

/// The loader with a fetch of our own: a server need not know wasm's media type, and a file that is
/// not the one of this build is an error.
fn compact_loader(loader: &str) -> String {
    let loader = loader
        .replace("WebAssembly.instantiateStreaming(src, imports)", "instantiate(src, imports)");
    let mut out = String::new();
    let mut rest = loader.as_str();
    while let Some((before, after)) = rest.split_once("fetch(new URL(") {
        let Some((address, after)) = after.split_once(", import.meta.url))") else { break };
        out.extend([before, "fetchChunk(", address, ")"]);
        rest = after;
    }
    out + rest + FETCH
}

const FETCH: &str = r#"
const asked = new Set();
const fetchChunk = async (address, integrity) => {
  // A file that failed may be in the browser's cache.
  const cache = asked.has(address) ? "reload" : "default";
  asked.add(address);
  const response = await fetch(new URL(address, import.meta.url), { integrity, cache });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
};
const decode = async (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const instantiate = async (bytes, imports) => WebAssembly.instantiate(await bytes, imports);
"#;

/// The splitter's list: a line for each chunk, with the files that it consists of.
fn chunk_files(list: &str) -> BTreeMap<String, Vec<String>> {
    let line = |line: &str| {
        let mut words = line.split_whitespace().map(String::from);
        Some((words.next()?, words.collect()))
    };
    list.lines().filter_map(line).collect()
}

fn not_wasm(path: &Path) -> Failure {
    Failure::new(format!("{} is not as wasm-bindgen and the splitter write it", path.display()))
}
