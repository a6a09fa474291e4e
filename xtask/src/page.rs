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
    "Trunk calls this one. The program is split into chunks. The stylesheets, a file for each\n\
     component, become two files: the player's, and those with data-chunk, which load with the\n\
     chunks. In a release the program and its scripts lose what only people read. The page\n\
     states the program's size, to show how much of it has arrived.\n"
        .into()
}

/// Runs the command.
pub fn run(parser: Parser) -> Result<ExitCode> {
    arguments::none(parser)?;
    let folder = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).ok_or_else(|| {
        Failure::new("there is no page: Trunk runs this command, and says where its build is")
    })?;
    let is_release = env::var_os("TRUNK_PROFILE").is_some_and(|profile| profile == "release");
    let is_split = split(&folder, is_release)?;
    join_styles(&folder, is_split)?;
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

/// Joins the stylesheets that the page names, in their order: into the player's and that of the
/// chunks, which the program's element names; or into one, if the program is not split.
fn join_styles(folder: &Path, is_split: bool) -> Result<()> {
    let path = folder.join("index.html");
    let html = read(&path)?;
    let links = style_links(&html);
    let (late, first): (Vec<&str>, Vec<&str>) =
        links.iter().partition(|link| is_split && link.contains("data-chunk"));
    let [place, others @ ..] = &first[..] else {
        return Err(Failure::new(format!("{} names no stylesheet", path.display())));
    };
    let name = join(folder, "player", &first)?;
    let mut page = html.replacen(place, &format!("<link rel=\"stylesheet\" href=\"./{name}\">"), 1);
    for link in others.iter().chain(&late) {
        page = page.replacen(link, "", 1);
    }
    if !late.is_empty() {
        let name = join(folder, "page", &late)?;
        let program = format!(" data-styles=\"{name}\" data-wasm=");
        page = page.replacen(" data-wasm=", &program, 1);
    }
    write(&path, &page)
}

/// Replaces the stylesheets of some elements by one, and gives its name.
fn join(folder: &Path, stem: &str, links: &[&str]) -> Result<String> {
    let mut style = String::new();
    for link in links {
        let path = folder.join(file_of(link));
        style += &read(&path)?;
        style.push('\n');
        fs::remove_file(&path).map_err(Failure::while_doing(path.display()))?;
    }
    let name = format!("{stem}-{:016x}.css", hash(style.as_bytes()));
    write(&folder.join(&name), &style)?;
    Ok(name)
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

    /// A page with three stylesheets, the second of which belongs to a chunk.
    fn page_with_styles(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("tcp-handshake-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in [("b.css", "b{}"), ("c.css", "c{}"), ("a.css", "a{}")] {
            fs::write(folder.join(name), text).unwrap();
        }
        let page = "<link href=./b.css rel=stylesheet><link data-chunk=page href=./c.css \
                    rel=stylesheet><link href=./a.css rel=stylesheet><meta data-wasm=a><p>";
        fs::write(folder.join("index.html"), page).unwrap();
        folder
    }

    /// The content of the one file of a folder whose name begins so, and its name.
    fn only_file(folder: &Path, start: &str) -> (String, String) {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let names: Vec<String> = names.filter(|name| name.starts_with(start)).collect();
        let [name] = &names[..] else { panic!("{names:?}") };
        (fs::read_to_string(folder.join(name)).unwrap(), name.clone())
    }

    #[test]
    fn the_stylesheets_of_a_whole_program_become_one() {
        let folder = page_with_styles("whole");
        join_styles(&folder, false).unwrap();
        let (style, name) = only_file(&folder, "player-");
        assert_eq!(style, "b{}\nc{}\na{}\n");
        let page = fs::read_to_string(folder.join("index.html")).unwrap();
        let expected = format!("<link rel=\"stylesheet\" href=\"./{name}\"><meta data-wasm=a><p>");
        assert_eq!(page, expected);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "the parts are gone");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_stylesheets_of_the_chunks_are_apart() {
        let folder = page_with_styles("split");
        join_styles(&folder, true).unwrap();
        let (style, name) = only_file(&folder, "player-");
        assert_eq!(style, "b{}\na{}\n");
        let (late_style, late_name) = only_file(&folder, "page-");
        assert_eq!(late_style, "c{}\n");
        let page = fs::read_to_string(folder.join("index.html")).unwrap();
        let expected = format!(
            "<link rel=\"stylesheet\" href=\"./{name}\">\
             <meta data-styles=\"{late_name}\" data-wasm=a><p>"
        );
        assert_eq!(page, expected);
        fs::remove_dir_all(&folder).unwrap();
    }
}
