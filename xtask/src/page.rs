//! `cargo xtask page`: the hook that Trunk runs on each page that it has built (`Trunk.toml`).

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::Parser;

use crate::chunks::Program;
use crate::failure::{Failure, Result};
use crate::{arguments, chunks, files, notices, project, shrink};

/// The attribute that names the program's wasm. Others are added before it.
const PROGRAM: &str = " data-wasm=";

/// The policy of the page, as in `static/_headers`. Blobs are the PNG that Share makes.
pub const POLICY: &str =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob: data:";

/// The part of the help below the usage.
pub fn help() -> String {
    "Trunk calls this one. The program is split into chunks. The stylesheets, a file for each\n\
     component, become three files: the player's, and those with data-chunk, which load with the\n\
     chunks. Files that the page or the program asks for have a hash in their names. In a release\n\
     the program and its scripts lose what only people read. The page states the program's size,\n\
     to show how much of it has arrived.\n"
        .into()
}

/// Runs the command.
pub fn run(parser: Parser) -> Result<ExitCode> {
    arguments::none(parser)?;
    let folder = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).ok_or_else(|| {
        Failure::new("there is no page: Trunk runs this command, and says where its build is")
    })?;
    let is_release = env::var_os("TRUNK_PROFILE").is_some_and(|profile| profile == "release");
    let program = chunks::write_program(&folder, is_release)?;
    let mut page = Page::read(folder)?;
    page.use_program(&program)?;
    page.join_styles(!program.chunks.is_empty())?;
    page.name_words()?;
    page.name_starter(is_release)?;
    page.count_bytes(&program.wasm)?;
    page.tell("version", &project::locked_version("tcp-handshake")?)?;
    if is_release {
        page.restrict()?;
    }
    notices::write("tcp-handshake", &page.folder)?;
    page.write()?;
    Ok(ExitCode::SUCCESS)
}

/// A page that is being built.
struct Page {
    folder: PathBuf,
    /// The text of `index.html`.
    html: String,
}

impl Page {
    fn read(folder: PathBuf) -> Result<Self> {
        let html = files::read_text(&folder.join("index.html"))?;
        Ok(Self { folder, html })
    }

    fn write(&self) -> Result<()> {
        files::write(&self.folder.join("index.html"), &self.html)
    }

    /// Puts a program in the place of Trunk's, and names the chunks that a page around the player
    /// needs: it asks for them from the start.
    fn use_program(&mut self, program: &Program) -> Result<()> {
        let wasm = value(&self.html, "data-wasm").map(file_of);
        let wasm = wasm.ok_or_else(|| Failure::new("the page names no program"))?.to_owned();
        let script = format!("{}.js", wasm.strip_suffix("_bg.wasm").unwrap_or(&wasm));
        for old in [&script, &wasm] {
            files::remove(&self.folder.join(old))?;
        }
        self.html = self.html.replace(&wasm, &program.wasm).replace(&script, &program.script);
        let early = ["page", "panels"].iter().filter_map(|chunk| program.chunks.get(*chunk));
        let mut early: Vec<&str> = early.flatten().map(String::as_str).collect();
        early.sort_unstable();
        early.dedup();
        if early.is_empty() { Ok(()) } else { self.tell("page", &early.join(" ")) }
    }

    /// Joins the stylesheets that the page names, in their order: into the player's, and one for
    /// each name in `data-chunk`, which the program's element names as `data-style-NAME`. A
    /// program in one piece has one stylesheet.
    fn join_styles(&mut self, is_split: bool) -> Result<()> {
        let mut first = vec![];
        let mut late: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for link in style_links(&self.html) {
            match value(link, "data-chunk").filter(|_| is_split) {
                Some(chunk) => late.entry(chunk.to_owned()).or_default().push(link.to_owned()),
                None => first.push(link.to_owned()),
            }
        }
        let Some(place) = first.first() else {
            return Err(Failure::new("the page names no stylesheet"));
        };
        let name = self.join("player", &first)?;
        let link = format!("<link rel=\"stylesheet\" href=\"./{name}\">");
        self.html = self.html.replacen(place, &link, 1);
        for link in first.iter().skip(1).chain(late.values().flatten()) {
            self.html = self.html.replacen(link, "", 1);
        }
        for (chunk, links) in &late {
            let name = self.join(chunk, links)?;
            self.tell(&format!("style-{chunk}"), &name)?;
        }
        Ok(())
    }

    /// Replaces the stylesheets of some elements by one, and gives its name.
    fn join(&self, stem: &str, links: &[String]) -> Result<String> {
        let mut style = String::new();
        for link in links {
            let path = self.folder.join(file_of(value(link, "href").unwrap_or_default()));
            style += &files::read_text(&path)?;
            style.push('\n');
            files::remove(&path)?;
        }
        let name = format!("{stem}-{}.css", files::hash([style.as_bytes()]));
        files::write(&self.folder.join(&name), &style)?;
        Ok(name)
    }

    /// Gives the folder of the texts a name with their hash.
    fn name_words(&mut self) -> Result<()> {
        let folder = self.folder.join("words");
        let mut contents = vec![];
        for (path, _) in files::list(&folder)? {
            contents.push(files::read(&folder.join(&path))?);
            contents.push(path.into_bytes());
        }
        let name = format!("words-{}", files::hash(contents.iter().map(Vec::as_slice)));
        files::rename(&folder, &self.folder.join(&name))?;
        self.tell("words", &name)
    }

    /// Gives the script that starts the program a name with its hash, in a release without what
    /// only people read.
    fn name_starter(&mut self, is_release: bool) -> Result<()> {
        const STARTER: &str = "loading.js";
        if self.html.matches(STARTER).count() != 1 {
            return Err(Failure::new(format!("the page does not name {STARTER} once")));
        }
        let path = self.folder.join(STARTER);
        let mut script = files::read_text(&path)?;
        if is_release {
            script = shrink::unindented(&script);
        }
        let name = format!("loading-{}.js", files::hash([script.as_bytes()]));
        files::remove(&path)?;
        files::write(&self.folder.join(&name), script)?;
        self.html = self.html.replacen(STARTER, &name, 1);
        Ok(())
    }

    /// States the program's size in bytes: with compression no header has it.
    fn count_bytes(&mut self, wasm: &str) -> Result<()> {
        let bytes = files::read(&self.folder.join(wasm))?.len();
        self.tell("bytes", &bytes.to_string())
    }

    /// States the page's policy, for hosts that send none. `trunk serve` adds a script of its own
    /// to the page, so only a release has it.
    fn restrict(&mut self) -> Result<()> {
        const FIRST: &str = "<meta charset=\"utf-8\">";
        const NAME: &str = "http-equiv=\"Content-Security-Policy\"";
        let meta = format!("{FIRST}<meta {NAME} content=\"{POLICY}\">");
        let charset = ["<meta charset=\"utf-8\">", "<meta charset=utf-8>"];
        let found = charset.into_iter().find(|it| self.html.contains(it));
        let found = found.ok_or_else(|| Failure::new("the page has no charset"))?;
        self.html = self.html.replacen(found, &meta, 1);
        Ok(())
    }

    /// Adds an attribute to the program's element, for `loading.js` and the program.
    fn tell(&mut self, name: &str, value: &str) -> Result<()> {
        let Some((before, after)) = self.html.split_once(PROGRAM) else {
            return Err(Failure::new("the page names no program"));
        };
        self.html = format!("{before} data-{name}=\"{value}\"{PROGRAM}{after}");
        Ok(())
    }
}

/// The elements that name a stylesheet.
fn style_links(html: &str) -> Vec<&str> {
    let links = html.match_indices("<link").filter_map(|(start, _)| {
        let end = html[start..].find('>')?;
        Some(&html[start..=start + end])
    });
    links.filter(|link| link.contains("stylesheet")).collect()
}

/// The value of an element's attribute, which may stand in quotes.
fn value<'a>(element: &'a str, attribute: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(&format!(" {attribute}="))?;
    rest.trim_start_matches('"').split(['"', ' ', '>']).next()
}

/// The file that an address names, without its folder.
fn file_of(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder of its own with an empty page.
    fn page(name: &str, html: &str) -> Page {
        let name = format!("tcp-handshake-{name}-{}", std::process::id());
        let folder = env::temp_dir().join(name);
        files::empty_folder(&folder).unwrap();
        Page { folder, html: html.into() }
    }

    /// The files of a page's folder.
    fn names(page: &Page) -> Vec<String> {
        files::list(&page.folder).unwrap().into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_stylesheet_is_named_with_and_without_quotes() {
        let page = "<link rel=\"icon\" href=\"./a.svg\"/><link rel=\"stylesheet\" \
                    href=\"./b-1.css\"/>\n<link href=./c-2.css rel=stylesheet><p>stylesheet";
        let links = style_links(page);
        let names: Vec<_> = links.iter().map(|link| value(link, "href").map(file_of)).collect();
        assert_eq!(names, [Some("b-1.css"), Some("c-2.css")]);
        assert_eq!(value(page, "data-chunk"), None);
    }

    #[test]
    fn the_page_knows_how_large_its_program_is() {
        let mut page = page("bytes", "");
        fs::write(page.folder.join("a_bg.wasm"), [0; 1234]).unwrap();
        for quote in ["", "\""] {
            let html =
                |bytes| format!("<meta content=a.js{bytes} data-wasm={quote}./a_bg.wasm{quote}>");
            page.html = html("");
            page.count_bytes("a_bg.wasm").unwrap();
            assert_eq!(page.html, html(" data-bytes=\"1234\""));
        }
        page.html = "<p>".into();
        assert!(page.count_bytes("a_bg.wasm").is_err());
        fs::remove_dir_all(&page.folder).unwrap();
    }

    #[test]
    fn a_program_takes_the_place_of_trunks() {
        let mut page = page(
            "program",
            "<meta content=./a-1.js data-wasm=./a-1_bg.wasm><link href=./a-1_bg.wasm rel=preload>",
        );
        for name in ["a-1.js", "a-1_bg.wasm", "a-2.js", "a-2_bg.wasm"] {
            fs::write(page.folder.join(name), "").unwrap();
        }
        let files = |names: &[&str]| names.iter().copied().map(String::from).collect();
        let program = Program {
            script: "a-2.js".into(),
            wasm: "a-2_bg.wasm".into(),
            chunks: [
                ("page", files(&["x", "p"])),
                ("panels", files(&["x"])),
                ("share", files(&["s"])),
            ]
            .map(|(name, files)| (name.to_owned(), files))
            .into(),
        };
        page.use_program(&program).unwrap();
        let expected = "<meta content=./a-2.js data-page=\"p x\" data-wasm=./a-2_bg.wasm>\
                        <link href=./a-2_bg.wasm rel=preload>";
        assert_eq!(page.html, expected);
        assert_eq!(names(&page), ["a-2.js", "a-2_bg.wasm"]);
        fs::remove_dir_all(&page.folder).unwrap();
    }

    /// A page with four stylesheets, two of which belong to chunks.
    fn page_with_styles(name: &str) -> Page {
        let page = page(
            name,
            "<link href=./b.css rel=stylesheet><link data-chunk=page href=./c.css \
             rel=stylesheet><link href=./a.css rel=stylesheet><link href=./d.css \
             rel=stylesheet data-chunk=\"share\"><meta data-wasm=a><p>",
        );
        for (name, text) in [("a.css", "a{}"), ("b.css", "b{}"), ("c.css", "c{}"), ("d.css", "d{}")]
        {
            fs::write(page.folder.join(name), text).unwrap();
        }
        page
    }

    /// The content of the one file of a page whose name begins so, and its name.
    fn only_file(page: &Page, start: &str) -> (String, String) {
        let names: Vec<_> = names(page).into_iter().filter(|it| it.starts_with(start)).collect();
        let [name] = &names[..] else { panic!("{names:?}") };
        (files::read_text(&page.folder.join(name)).unwrap(), name.clone())
    }

    #[test]
    fn the_stylesheets_of_a_whole_program_become_one() {
        let mut page = page_with_styles("whole");
        page.join_styles(false).unwrap();
        let (style, name) = only_file(&page, "player-");
        assert_eq!(style, "b{}\nc{}\na{}\nd{}\n");
        let expected = format!("<link rel=\"stylesheet\" href=\"./{name}\"><meta data-wasm=a><p>");
        assert_eq!(page.html, expected);
        assert_eq!(names(&page).len(), 1, "the parts are gone");
        fs::remove_dir_all(&page.folder).unwrap();
    }

    #[test]
    fn the_stylesheets_of_the_chunks_are_apart() {
        let mut page = page_with_styles("split");
        page.join_styles(true).unwrap();
        let (style, name) = only_file(&page, "player-");
        assert_eq!(style, "b{}\na{}\n");
        let (late_style, late_name) = only_file(&page, "page-");
        assert_eq!(late_style, "c{}\n");
        let (share_style, share_name) = only_file(&page, "share-");
        assert_eq!(share_style, "d{}\n");
        let expected = format!(
            "<link rel=\"stylesheet\" href=\"./{name}\"><meta data-style-page=\"{late_name}\" \
             data-style-share=\"{share_name}\" data-wasm=a><p>"
        );
        assert_eq!(page.html, expected);
        fs::remove_dir_all(&page.folder).unwrap();
    }

    #[test]
    fn the_name_of_the_words_depends_on_every_file() {
        let mut names = vec![];
        for (file, text) in [("en/a.json", "{}"), ("en/a.json", "[]"), ("en/b.json", "[]")] {
            let mut page = page("words", "<meta data-wasm=a>");
            fs::create_dir_all(page.folder.join("words/en")).unwrap();
            fs::write(page.folder.join("words").join(file), text).unwrap();
            page.name_words().unwrap();
            let name = value(&page.html, "data-words").unwrap().to_owned();
            assert!(name.starts_with("words-"), "{name}");
            assert_eq!(files::read_text(&page.folder.join(&name).join(file)).unwrap(), text);
            names.push(name);
            fs::remove_dir_all(&page.folder).unwrap();
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 3);
    }

    #[test]
    fn the_policy_is_the_same_in_the_page_and_in_the_headers() {
        let headers = files::read_text(&project::root().join("static/_headers")).unwrap();
        assert!(headers.contains(&format!("\n  Content-Security-Policy: {POLICY}\n")));
        for charset in ["<meta charset=utf-8>", "<meta charset=\"utf-8\">"] {
            let mut page = page("policy", &format!("<head>{charset}<title>"));
            page.restrict().unwrap();
            assert!(page.html.starts_with("<head><meta charset"), "{}", page.html);
            assert!(page.html.contains(&format!(" content=\"{POLICY}\"><title>")), "{}", page.html);
            page.html = "<p>".into();
            assert!(page.restrict().is_err());
        }
    }

    #[test]
    fn the_starter_is_renamed_in_the_page_too() {
        let mut page = page("starter", "<script src=loading.js></script>");
        fs::write(page.folder.join("loading.js"), "if (a) {\n  b();\n}\n").unwrap();
        page.name_starter(true).unwrap();
        let (script, name) = only_file(&page, "loading-");
        assert_eq!(script, "if (a) {\nb();\n}\n");
        assert_eq!(page.html, format!("<script src={name}></script>"));
        assert!(page.name_starter(true).is_err(), "the page does not name it any more");
        fs::remove_dir_all(&page.folder).unwrap();
    }
}
