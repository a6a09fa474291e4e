//! Files and folders, with errors that name them.

use std::fs;
use std::hash::Hasher as _;
use std::io;
use std::path::Path;

use fnv::FnvHasher;

use crate::failure::{Failure, Result};

/// The content of a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(Failure::while_doing(path.display()))
}

/// The content of a text file.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(Failure::while_doing(path.display()))
}

/// Writes a file, in place of one that is there.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, content).map_err(Failure::while_doing(path.display()))
}

/// Removes a file.
pub fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path).map_err(Failure::while_doing(path.display()))
}

/// Gives a file or folder another name.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(Failure::while_doing(from.display()))
}

/// Makes a folder, or empties one that is there.
pub fn empty_folder(path: &Path) -> Result<()> {
    let emptied = if path.exists() { fs::remove_dir_all(path) } else { Ok(()) };
    emptied.and_then(|()| fs::create_dir_all(path)).map_err(Failure::while_doing(path.display()))
}

/// Every file in a folder and the folders in it: its path from there and its size, by path.
pub fn list(folder: &Path) -> Result<Vec<(String, u64)>> {
    let mut files = vec![];
    add_files(folder, folder, &mut files).map_err(Failure::while_doing(folder.display()))?;
    files.sort();
    Ok(files)
}

fn add_files(base: &Path, folder: &Path, into: &mut Vec<(String, u64)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            add_files(base, &path, into)?;
        } else {
            let name = path.strip_prefix(base).unwrap_or(&path);
            into.push((name.display().to_string(), path.metadata()?.len()));
        }
    }
    Ok(())
}

/// A hash of some contents, for the names of files: a new content has a new name.
pub fn hash<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = FnvHasher::default();
    for content in contents {
        hasher.write(content);
    }
    format!("{:016x}", hasher.finish())
}
