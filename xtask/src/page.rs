//! `cargo xtask page`: the hook that Trunk runs on each page that it has built (`Trunk.toml`).

use std::hash::Hasher as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use fnv::FnvHasher;
use lexopt::Parser;

use crate::failure::{Failure, Result};
use crate::{arguments, chunks, shrink};

/// The part of the help below the usage.
pub fn help() -> String {
    "Trunk calls this one. The page's stylesheets, a file for each component, become one file:\n\
     it is a third smaller on its way than all of them, and asked for once. In a release the\n\
     programs and their scripts lose what only people read. The page learns how large its\n\
     program is, to say how much of it has come.\n"
        .into()
}

/// Runs the command.
pub fn run(parser: Parser) -> Result<ExitCode> {
    arguments::none(parser)?;
    let folder = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).ok_or_else(|| {
        Failure::new("there is no page: Trunk runs this command, and says where its build is")
    })?;
    let is_release = env::var_os("TRUNK_PROFILE").is_some_and(|profile| profile == "release");
    join_styles(&folder)?;
    let is_split = split(&folder, is_release)?;
    if is_release {
        if !is_split {
            shrink(&folder)?;
        }
        let starter = folder.join("loading.js");
        write(&starter, &shrink::unindented(&read(&starter)?))?;
    }
    count_bytes(&folder)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes one stylesheet of those that the page names, in their order.
fn join_styles(folder: &Path) -> Result<()> {
    let path = folder.join("index.html");
    let html = read(&path)?;
    let links = style_links(&html);
    let mut style = String::new();
    for link in &links {
        let path = folder.join(file_of(link));
        style += &read(&path)?;
        style.push('\n');
        fs::remove_file(&path).map_err(Failure::while_doing(path.display()))?;
    }
    let [first, others @ ..] = &links[..] else {
        return Err(Failure::new(format!("{} names no stylesheet", path.display())));
    };
    let name = format!("page-{:016x}.css", hash(style.as_bytes()));
    let mut page = html.replacen(first, &first.replace(file_of(first), &name), 1);
    for link in others {
        page = page.replacen(link, "", 1);
    }
    write(&folder.join(name), &style)?;
    write(&path, &page)
}

/// Splits the program into chunks, and names them in the page. Where that is not possible, the
/// page keeps one whole program; whether it was split.
fn split(folder: &Path, is_release: bool) -> Result<bool> {
    let path = folder.join("index.html");
    let html = read(&path)?;
    let Some((_, program)) = html.split_once(" data-wasm=") else {
        return Err(Failure::new(format!("{} names no program", path.display())));
    };
    let wasm = named(program).to_owned();
    let stem = wasm.strip_suffix("_bg.wasm").unwrap_or(&wasm).to_owned();
    let script = format!("{stem}.js");
    let Some(chunks) = chunks::split(folder, is_release)? else {
        chunks::bind_whole(folder, &stem, is_release)?;
        return Ok(false);
    };
    for old in [&script, &wasm] {
        fs::remove_file(folder.join(old)).map_err(Failure::while_doing(old))?;
    }
    // What a page that is not embedded needs besides: it is fetched from the start.
    let early = ["page", "panels"].iter().filter_map(|chunk| chunks.files.get(*chunk));
    let mut early: Vec<&str> = early.flatten().map(String::as_str).collect();
    early.sort_unstable();
    early.dedup();
    let html = html.replace(&wasm, &chunks.main[1]).replace(&script, &chunks.main[0]);
    let early = format!(" data-page=\"{}\" data-wasm=", early.join(" "));
    write(&path, &html.replacen(" data-wasm=", &early, 1))?;
    Ok(true)
}

/// Shrinks every program and its glue.
fn shrink(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Failure::while_doing(folder.display()))? {
        let path = entry.map_err(Failure::while_doing(folder.display()))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let Some(name) = name.strip_suffix("_bg.wasm") else { continue };
        let glue = folder.join(format!("{name}.js"));
        let wasm = fs::read(&path).map_err(Failure::while_doing(path.display()))?;
        let (wasm, script) = shrink::shorten(&wasm, &read(&glue)?).ok_or_else(|| {
            Failure::new(format!("{} is not as wasm-bindgen writes it", path.display()))
        })?;
        fs::write(&path, wasm).map_err(Failure::while_doing(path.display()))?;
        write(&glue, &shrink::unindented(&script))?;
    }
    Ok(())
}

/// Writes the program's size in bytes beside its name: with compression no header has it.
fn count_bytes(folder: &Path) -> Result<()> {
    let path = folder.join("index.html");
    let html = read(&path)?;
    let Some((before, program)) = html.split_once(" data-wasm=") else {
        return Err(Failure::new(format!("{} names no program", path.display())));
    };
    let program_path = folder.join(named(program));
    let octets =
        fs::metadata(&program_path).map_err(Failure::while_doing(program_path.display()))?.len();
    write(&path, &format!("{before} data-bytes=\"{octets}\" data-wasm={program}"))
}

/// The elements that name a stylesheet.
fn style_links(html: &str) -> Vec<&str> {
    let ends = html.match_indices("<link").filter_map(|(start, _)| {
        let end = html[start..].find('>')?;
        Some(&html[start..=start + end])
    });
    ends.filter(|link| link.contains("stylesheet")).collect()
}

/// The file that an element's `href` names, without its folder.
fn file_of(link: &str) -> &str {
    named(link.split_once("href=").map_or("", |(_, rest)| rest))
}

/// The file of the address that a text begins with, which may stand in quotes.
fn named(text: &str) -> &str {
    let address = text.trim_start_matches('"');
    let address = address.split(['"', ' ', '>']).next().unwrap_or_default();
    address.rsplit('/').next().unwrap_or_default()
}

/// The hash in a file's name, so that a new content has a new name.
fn hash(content: &[u8]) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(content);
    hasher.finish()
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(Failure::while_doing(path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(Failure::while_doing(path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stylesheet_is_named_with_and_without_quotes() {
        let page = "<link rel=\"icon\" href=\"./a.svg\"/><link rel=\"stylesheet\" \
                    href=\"./b-1.css\"/>\n<link href=./c-2.css rel=stylesheet><p>stylesheet";
        let names: Vec<_> = style_links(page).into_iter().map(file_of).collect();
        assert_eq!(names, ["b-1.css", "c-2.css"]);
    }

    #[test]
    fn the_page_knows_how_large_its_program_is() {
        let folder = env::temp_dir().join(format!("tcp-handshake-octets-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a_bg.wasm"), [0; 1234]).unwrap();
        for quote in ["", "\""] {
            let page =
                |octets| format!("<meta content=a.js{octets} data-wasm={quote}./a_bg.wasm{quote}>");
            fs::write(folder.join("index.html"), page("")).unwrap();
            count_bytes(&folder).unwrap();
            let html = fs::read_to_string(folder.join("index.html")).unwrap();
            assert_eq!(html, page(" data-bytes=\"1234\""));
        }
        fs::write(folder.join("index.html"), "<p>").unwrap();
        assert!(count_bytes(&folder).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_stylesheets_become_one_in_their_order() {
        let folder = env::temp_dir().join(format!("tcp-handshake-page-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in [("b.css", "b{}"), ("a.css", "a{}")] {
            fs::write(folder.join(name), text).unwrap();
        }
        let page = "<link href=./b.css rel=stylesheet><link href=./a.css rel=stylesheet><p>";
        fs::write(folder.join("index.html"), page).unwrap();
        join_styles(&folder).unwrap();
        let page = fs::read_to_string(folder.join("index.html")).unwrap();
        let name = file_of(&page).to_owned();
        assert_eq!(page, format!("<link href=./{name} rel=stylesheet><p>"));
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), "b{}\na{}\n");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "the parts are gone");
        assert!(join_styles(&folder).is_ok(), "one is one already");
        fs::remove_dir_all(&folder).unwrap();
    }
}
