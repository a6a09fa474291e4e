//! Splitting the page's program into chunks, after Trunk has built it whole.
//!
//! Trunk binds the whole program. This takes cargo's own wasm, which still has the relocations that
//! the splitter needs, splits it, binds the main part again, and puts the files in the place of
//! Trunk's. Every name carries a hash of all the parts: a main program never meets the chunk of
//! another build, which would corrupt its memory.

use std::collections::BTreeMap;
use std::fs;
use std::hash::Hasher;
use std::path::Path;
use std::process::Command;

use fnv::FnvHasher;

use crate::failure::{Failure, Result};
use crate::segments::merge_data_segments;
use crate::{process, project, shrink, tools};

/// The package's program.
const PROGRAM: &str = "tcp-handshake";
/// The package that splits; it takes minutes to compile, so it is not part of xtask.
const SPLITTER: &str = "tcp-handshake-split";

/// The files of a program in chunks.
pub struct Chunks {
    /// The bound main program's script, and its wasm.
    pub main: [String; 2],
    /// The wasm files of each chunk.
    pub files: BTreeMap<String, Vec<String>>,
}

/// Splits the program that cargo built last, into `folder`. `None` if the splitter cannot be built;
/// it says so.
pub fn split(folder: &Path, is_release: bool) -> Result<Option<Chunks>> {
    let profile = if is_release { "release" } else { "debug" };
    let program = project::target().join(tools::WASM).join(profile).join(format!("{PROGRAM}.wasm"));
    let parts = project::target().join("split").join(profile);
    if parts.exists() {
        fs::remove_dir_all(&parts).map_err(Failure::while_doing(parts.display()))?;
    }
    fs::create_dir_all(&parts).map_err(Failure::while_doing(parts.display()))?;
    let mut splitter = process::cargo();
    splitter.args(["run", "--quiet", "--locked", "--package", SPLITTER, "--"]);
    let Some(list) = process::answer(splitter.arg(&program).arg(&parts)) else {
        eprintln!("note: `cargo run --package {SPLITTER}` failed: the program stays in one piece");
        return Ok(None);
    };
    bind(&parts, is_release)?;
    emit(&parts, folder, &list, is_release).map(Some)
}

/// Binds the whole program anew, compiled without the feature `split`: what that feature leaves
/// behind cannot run unsplit.
pub fn bind_whole(folder: &Path, stem: &str, is_release: bool) -> Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["build", "--locked", "--target", tools::WASM, "--bin", PROGRAM]);
    process::run(cargo.args(is_release.then_some("--release")))?;
    let profile = if is_release { "release" } else { "debug" };
    let program = project::target().join(tools::WASM).join(profile).join(format!("{PROGRAM}.wasm"));
    run_wasm_bindgen(&program, folder, stem, is_release)
}

fn bind(parts: &Path, is_release: bool) -> Result<()> {
    run_wasm_bindgen(&parts.join("main.wasm"), &parts.join("bound"), "main", is_release)
}

fn run_wasm_bindgen(program: &Path, folder: &Path, name: &str, is_release: bool) -> Result<()> {
    let mut bindgen = Command::new(tools::wasm_bindgen()?);
    bindgen.args(["--target", "web", "--no-typescript", "--reference-types", "--keep-lld-exports"]);
    bindgen.args(is_release.then_some("--remove-name-section"));
    bindgen.args(["--out-name", name, "--out-dir"]).arg(folder).arg(program);
    process::run(&mut bindgen)
}

/// Writes the parts to `folder` under names with their common hash.
fn emit(parts: &Path, folder: &Path, list: &str, is_release: bool) -> Result<Chunks> {
    let bound = parts.join("bound");
    let mut glue = read(&bound.join("main.js"))?;
    let mut main = read_bytes(&bound.join("main_bg.wasm"))?;
    let mut loader = compact_loader(&read(&parts.join("split.js"))?);
    main = compact(&main, !is_release, true).ok_or_else(|| not_wasm(&bound))?;
    if is_release {
        (main, glue) = shrink::shorten(&main, &glue).ok_or_else(|| not_wasm(&bound))?;
        (glue, loader) = (shrink::unindented(&glue), shrink::unindented(&loader));
    }
    let files = chunk_files(list);
    let mut chunks = BTreeMap::new();
    for name in files.values().flatten() {
        let path = parts.join(format!("{name}.wasm"));
        let wasm = compact(&read_bytes(&path)?, !is_release, false);
        chunks.insert(name.as_str(), wasm.ok_or_else(|| not_wasm(&path))?);
    }
    let mut hash = FnvHasher::default();
    for content in [&main[..], glue.as_bytes(), loader.as_bytes()] {
        hash.write(content);
    }
    for wasm in chunks.values() {
        hash.write(wasm);
    }
    let stem = format!("{PROGRAM}-{}", format_args!("{:016x}", hash.finish()));
    for (name, wasm) in &chunks {
        let digest = shrink::integrity(wasm);
        let address = format!("{stem}-{name}.wasm");
        let (before, after) = (
            format!("fetchChunk(\"./{name}.wasm\")"),
            format!("fetchChunk(\"./{address}\",\"{digest}\")"),
        );
        if !loader.contains(&before) {
            return Err(Failure::new(format!("the loader does not load {name}")));
        }
        loader = loader.replace(&before, &after);
        write(&folder.join(address), wasm)?;
    }
    let loader = loader.replace("./main.js", &format!("./{stem}.js"));
    // The program's own name for the module stays.
    let glue = glue.replace("from \"./split.js\"", &format!("from \"./{stem}-split.js\""));
    write(&folder.join(format!("{stem}-split.js")), loader.as_bytes())?;
    write(&folder.join(format!("{stem}.js")), glue.as_bytes())?;
    write(&folder.join(format!("{stem}_bg.wasm")), &main)?;
    let full =
        |names: Vec<String>| names.into_iter().map(|name| format!("{stem}-{name}.wasm")).collect();
    Ok(Chunks {
        main: [format!("{stem}.js"), format!("{stem}_bg.wasm")],
        files: files.into_iter().map(|(chunk, names)| (chunk, full(names))).collect(),
    })
}

/// A module without relocations and empty data. The main part may fill gaps between its data.
fn compact(wasm: &[u8], keeps_names: bool, is_main: bool) -> Option<Vec<u8>> {
    merge_data_segments(&shrink::without_custom_sections(wasm, keeps_names)?, is_main)
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

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(Failure::while_doing(path.display()))
}

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(Failure::while_doing(path.display()))
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content).map_err(Failure::while_doing(path.display()))
}
