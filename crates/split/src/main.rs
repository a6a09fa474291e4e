//! `tcp-handshake-split PROGRAM FOLDER`: splits a wasm program, linked with its relocations, into
//! chunks.
//!
//! FOLDER receives `main.wasm`, which wasm-bindgen has to bind; a wasm file for each chunk; and
//! `split.js`, which loads them. `split.js` imports `./main.js`, the bound program.
//!
//! Each line of the output is a chunk and the files that it consists of, without `.wasm`.
//!
//! `tcp-handshake-split --pack FILE…` rewrites modules so that they compress better.

mod order;
mod pack;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use wasm_split_cli_support::{Options, transform};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let outcome = match &arguments[..] {
        [option, files @ ..] if option == "--pack" => files.iter().try_for_each(pack),
        [program, folder] => split(program.as_ref(), folder.as_ref())
            .map_err(|error| format!("{}: {error}", program.display())),
        _ => Err("usage: tcp-handshake-split PROGRAM FOLDER, or --pack FILE...".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn pack(file: &OsString) -> Result<(), String> {
    let pack = || {
        let wasm = fs::read(file).map_err(|error| error.to_string())?;
        fs::write(file, pack::pack(&wasm)?).map_err(|error| error.to_string())
    };
    pack().map_err(|error: String| format!("{}: {error}", file.display()))
}

fn split(program: &Path, folder: &Path) -> Result<(), String> {
    let wasm = fs::read(program).map_err(|error| error.to_string())?;
    let main = folder.join("main.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = "./split.js";
    options.main_module = "./main.js";
    let split = transform(options).map_err(|error| format!("{error:#}"))?;
    let mut chunks: Vec<_> = split.prefetch_map.into_iter().collect();
    chunks.sort();
    for (chunk, files) in chunks {
        println!("{chunk} {}", files.join(" "));
    }
    Ok(())
}
