//! `install`: copies the built simulator into the book's sources, from where mdBook copies it to
//! the output.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lexopt::Arg::{Long, Value};
use lexopt::Parser;
use mdbook_preprocessor::config::Config;

/// The folder of the simulator, below the book's sources.
pub const FOLDER: &str = "tcp-handshake";

/// The arguments of `install`.
#[derive(Debug)]
pub struct Request {
    /// The folder of the built simulator.
    dist: PathBuf,
    /// The folder that contains `book.toml`.
    book: PathBuf,
}

impl Request {
    /// Reads `--dist DIST [BOOK]`, in any order.
    pub fn read(parser: &mut Parser) -> Result<Self, lexopt::Error> {
        let (mut dist, mut book) = (None, None);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("dist") => dist = Some(parser.value()?.into()),
                Value(folder) if book.is_none() => book = Some(folder.into()),
                _ => return Err(argument.unexpected()),
            }
        }
        let dist = dist.ok_or("install: --dist is missing, the folder of the built simulator")?;
        Ok(Self { dist, book: book.unwrap_or_else(|| ".".into()) })
    }

    /// Copies the simulator into the book, and replaces an older copy.
    ///
    /// # Errors
    ///
    /// `dist` contains no simulator, or the target folder exists and contains something else.
    pub fn run(&self) -> Result<(), String> {
        let at = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
        if !is_simulator(&self.dist) {
            let dist = self.dist.display();
            return Err(format!("{dist} is no built simulator: it has no tcp-handshake.js"));
        }
        let toml = self.book.join("book.toml");
        let config =
            Config::from_disk(&toml).map_err(|error| format!("{}: {error:#}", toml.display()))?;
        let target = self.book.join(&config.book.src).join(FOLDER);
        if target.exists() {
            if !is_simulator(&target) {
                return Err(format!("{} exists and is something else", target.display()));
            }
            fs::remove_dir_all(&target).map_err(|error| at(&target, error))?;
        }
        copy(&self.dist, &target).map_err(|error| at(&target, error))?;
        println!("{} is there: a figure needs no url in book.toml now", target.display());
        Ok(())
    }
}

fn is_simulator(folder: &Path) -> bool {
    ["index.html", "tcp-handshake.js"].iter().all(|name| folder.join(name).is_file())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
