//! An mdBook preprocessor: replaces each ```` ```tcp-handshake ```` fence by a run that can be
//! played.
//!
//! In the `html` renderer a figure is the `<tcp-handshake>` element with a picture inside, which is
//! shown where scripts do not run. Other renderers get a Markdown table. Problems are reported on
//! standard error, with file and line, and do not stop the build.

mod fence;
mod figure;
mod install;

use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use lexopt::Arg::{Long, Short, Value};
use lexopt::Parser;
use mdbook_preprocessor::book::{Book, Chapter};
use mdbook_preprocessor::{MDBOOK_VERSION, PreprocessorContext, parse_input};
use tcp_handshake::locale::LANGUAGES;

use figure::{Figure, Settings, Shape};

const USAGE: &str = "\
usage: mdbook-tcp-handshake                          run by mdBook: a book in, a book out
       mdbook-tcp-handshake supports RENDERER        whether it can do this renderer: it can
       mdbook-tcp-handshake install --dist DIST [BOOK]
                                                     copies the built simulator into the book,
                                                     for books that are read without a network

In book.toml:

  [preprocessor.tcp-handshake]
  url = \"https://HOST/\"      # where the simulator is; not needed after `install`
  height = 460               # of every figure that does not say its own, in pixels
";

fn main() -> ExitCode {
    match run(Parser::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mdbook-tcp-handshake: {}", error.trim_end());
            ExitCode::FAILURE
        }
    }
}

fn run(mut parser: Parser) -> Result<(), String> {
    let misused = |error: lexopt::Error| format!("{error}\n\n{USAGE}");
    match parser.next().map_err(misused)? {
        None if !std::io::stdin().is_terminal() => preprocess(),
        None | Some(Short('h') | Long("help")) => {
            print!("{USAGE}");
            Ok(())
        }
        Some(Value(word)) if word == "supports" => {
            // Every renderer is supported, but the argument must be consumed.
            parser.value().map(|_renderer| ()).map_err(misused)
        }
        Some(Value(word)) if word == "install" => {
            install::Request::read(&mut parser).map_err(misused)?.run()
        }
        Some(other) => Err(misused(other.unexpected())),
    }
}

/// Reads a book from standard input, and writes it with its fences replaced to standard output.
fn preprocess() -> Result<(), String> {
    let (context, mut book) = parse_input(std::io::stdin().lock()).map_err(|error| {
        format!("this is not a book of mdBook {}: {error:#}", series(MDBOOK_VERSION))
    })?;
    for complaint in rewrite(&context, &mut book) {
        eprintln!("mdbook-tcp-handshake: {complaint}");
    }
    let json = serde_json::to_string(&book).map_err(|error| error.to_string())?;
    std::io::stdout().write_all(json.as_bytes()).map_err(|error| error.to_string())
}

/// Replaces every fence in a book. Returns the problems.
fn rewrite(context: &PreprocessorContext, book: &mut Book) -> Vec<String> {
    let mut complaints = vec![];
    if series(&context.mdbook_version) != series(MDBOOK_VERSION) {
        complaints.push(format!(
            "made for mdBook {}, run by {}: it may not work",
            series(MDBOOK_VERSION),
            context.mdbook_version
        ));
    }
    let settings = settings(context, &mut complaints);
    let sources = context.root.join(&context.config.book.src);
    book.for_each_chapter_mut(|chapter| {
        let named = chapter.source_path.as_deref().or(chapter.path.as_deref());
        let Some(path) = named.map(Path::to_owned) else { return };
        let found = rewrite_chapter(chapter, &settings, &sources.join(&path));
        let file = context.config.book.src.join(&path);
        let at = |(line, text): (usize, String)| format!("{}:{line}: {text}", file.display());
        complaints.extend(found.into_iter().map(at));
    });
    complaints
}

/// Replaces the fences of a chapter. A problem is a line of the file and a description.
fn rewrite_chapter(
    chapter: &mut Chapter,
    settings: &Settings,
    file: &Path,
) -> Vec<(usize, String)> {
    let fences = fence::find(&chapter.content);
    if fences.is_empty() {
        return vec![];
    }
    // An earlier preprocessor may have inserted lines, so the line is looked up in the file itself.
    let source = fs::read_to_string(file).unwrap_or_default();
    let mut seen = BTreeMap::new();
    let mut complaints = vec![];
    let mut text = String::with_capacity(chapter.content.len());
    let mut done = 0;
    let mut scripts = 0;
    for fence in &fences {
        let raw = &chapter.content[fence.range.clone()];
        let nth = seen.entry(raw).and_modify(|count| *count += 1).or_insert(0_usize);
        let line = source
            .match_indices(raw)
            .nth(*nth)
            .map_or(fence.line, |(at, _)| source[..at].matches('\n').count() + 1);
        let (figure, problems) = Figure::read(fence, settings);
        complaints.extend(problems.into_iter().map(|(offset, text)| (line + offset, text)));
        // A fence without a known scenario keeps its text.
        let Some(figure) = figure else { continue };
        text.push_str(&chapter.content[done..fence.range.start]);
        done = fence.range.end;
        match settings.shape {
            Shape::Element => {
                let path = chapter.path.as_deref().unwrap_or(Path::new(""));
                text.push_str(&figure.html(settings, path, scripts == 0));
                scripts += 1;
            }
            Shape::Table => text.push_str(&fence.indent(&figure.table())),
        }
        if raw.ends_with('\n') {
            text.push('\n');
        }
    }
    text.push_str(&chapter.content[done..]);
    chapter.content = text;
    complaints
}

/// Reads the settings from `book.toml`.
fn settings(context: &PreprocessorContext, complaints: &mut Vec<String>) -> Settings {
    let is_html = context.renderer == "html";
    let sources = context.root.join(&context.config.book.src);
    let is_installed = sources.join(install::FOLDER).join("index.html").is_file();
    let url = context.config.get::<String>("preprocessor.tcp-handshake.url");
    let height = context.config.get::<u16>("preprocessor.tcp-handshake.height");
    for error in [url.as_ref().err(), height.as_ref().err()].into_iter().flatten() {
        complaints.push(format!("book.toml: {error:#}"));
    }
    let url = url.ok().flatten();
    let page = match url.as_deref().map(figure::Page::read) {
        Some(Some(page)) => Some(page),
        Some(None) => {
            complaints.push("book.toml: url: an http address or a folder is needed".to_owned());
            None
        }
        None => is_installed.then(|| figure::Page::Inside(install::FOLDER.to_owned())),
    };
    if is_html && page.is_none() {
        complaints.push(
            "book.toml: [preprocessor.tcp-handshake] has no url: figures are pictures only"
                .to_owned(),
        );
    }
    let language = context.config.book.language.as_deref().unwrap_or_default();
    Settings {
        shape: if is_html { Shape::Element } else { Shape::Table },
        page,
        height: height.ok().flatten().map_or(figure::HEIGHT, figure::bounded),
        language: tcp_handshake::locale::language(language).unwrap_or(&LANGUAGES[0]).code,
    }
}

/// The part of a version that identifies mdBook's format: `0.5` in `0.5.4`.
fn series(version: &str) -> &str {
    let end = version.match_indices('.').nth(1).map_or(version.len(), |(at, _)| at);
    &version[..end]
}
