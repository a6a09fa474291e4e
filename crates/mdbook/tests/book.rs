//! Books that are built by mdBook's own library with the preprocessor.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use mdbook_driver::MDBook;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_mdbook-tcp-handshake");

/// A book of these chapters, with these settings of the preprocessor in `book.toml`.
fn book(toml: &str, chapters: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let command = format!("[preprocessor.tcp-handshake]\ncommand = {PROGRAM:?}\n{toml}\n");
    write("book.toml", &format!("[book]\nlanguage = \"ko\"\n{command}"));
    let line = |(path, _): &(&str, &str)| format!("- [{path}]({path})\n");
    write("src/SUMMARY.md", &chapters.iter().map(line).collect::<String>());
    for (path, text) in chapters {
        write(&format!("src/{path}"), text);
    }
    folder
}

/// Builds a book in a separate process, to capture its standard error.
fn build(folder: &Path) -> Output {
    let example = Path::new(PROGRAM).with_file_name("examples").join("build_book");
    let output = Command::new(example).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    output
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn page(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join("book").join(path)).unwrap()
}

/// The content of the first element.
fn element(html: &str) -> &str {
    let from = html.find("<tcp-handshake ").unwrap();
    let to = html.find("</tcp-handshake>").unwrap();
    &html[from..to]
}

const URL: &str = "url = \"https://notes.example/tcp/\"";

#[test]
fn a_fence_becomes_the_element_with_a_picture_inside() {
    let chapter = "# TCP\n\nBefore\n```tcp-handshake height=420\n\
        scenario=syn-lost\ndo=drop:C2\n```\nAfter *this*\n";
    let folder = book(URL, &[("tcp.md", chapter)]);
    let book = MDBook::load(folder.path()).unwrap();
    book.build().unwrap();
    let html = page(folder.path(), "tcp.html");
    let element = element(&html);
    for wanted in [
        "src=\"https://notes.example/tcp/\"",
        "height=\"420\"",
        "scenario=\"syn-lost\"",
        "do=\"drop:C2\"",
        "lang=\"ko\"",
        "href=\"https://notes.example/tcp/#scenario=syn-lost&amp;do=drop:C2&amp;lang=ko\"",
        "<img src=\"data:image/svg+xml,",
    ] {
        assert!(element.contains(wanted), "{wanted}: {element}");
    }
    assert!(html.contains("src=\"https://notes.example/tcp/tcp-handshake.js\""), "{html}");
    // The text around it is still Markdown.
    assert!(html.contains("<p>Before</p>") && html.contains("After <em>this</em>"), "{html}");
    assert!(!html.contains("language-tcp-handshake"), "{html}");
}

#[test]
fn problems_are_reported_with_file_and_line_and_the_book_is_built() {
    let fence = "  ```tcp-handshake\n  scenario=normal\n  do=drop:Q9\n  ```\n";
    let bad = format!("{{{{#include included.txt}}}}\n\n- item\n\n{fence}");
    let worse =
        "```tcp-handshake\nscenario=nowhere\n```\n\n```tcp-handshake\nscenario=abort\n```\n";
    let folder = book(URL, &[("part/bad.md", &bad), ("worse.md", worse)]);
    fs::write(folder.path().join("src/part/included.txt"), "one\n\ntwo\n\nthree\n").unwrap();
    let told = stderr(&build(folder.path()));
    let at = |line: &str| told.lines().any(|told| told.contains(line));
    let separator = std::path::MAIN_SEPARATOR;
    assert!(at(&format!("src{separator}part{separator}bad.md:7: ")), "{told}");
    assert!(at(&format!("src{separator}worse.md:2: ")), "{told}");
    assert!(page(folder.path(), "part/bad.html").contains("<tcp-handshake "));
    let worse = page(folder.path(), "worse.html");
    // The fence with an unknown scenario keeps its text; the fence beside it becomes a figure.
    assert!(worse.contains("scenario=nowhere") && worse.contains("scenario=\"abort\""), "{worse}");
}

#[test]
fn other_renderers_get_a_table() {
    let item = "1. one\n   ```tcp-handshake\n   scenario=refused\n   ```\n   two\n";
    let chapter = format!("{item}\n```tcp-handshake lang=en\nscenario=abort\n```\nafter\n");
    let toml = format!("{URL}\n[output.html]\n[output.markdown]");
    let folder = book(&toml, &[("tcp.md", &chapter)]);
    build(folder.path());
    let text = page(folder.path(), "markdown/tcp.md");
    assert!(text.contains("\n   | 1 | 클라이언트 | 서버 | C1 SYN |"), "{text}");
    assert!(text.contains("\n| 1 | Client | Server | C1 SYN |"), "{text}");
    assert!(!text.contains("```") && !text.contains("<tcp-handshake"), "{text}");
    // The text after the table is not a row of it.
    assert!(text.contains("\n\n   two") || text.contains("\n   \n   two"), "{text}");
    let html = page(folder.path(), "html/tcp.html");
    assert_eq!(html.matches("<tcp-handshake ").count(), 2, "{html}");
    assert_eq!(html.matches("tcp-handshake.js").count(), 1, "{html}");
}

#[test]
fn without_an_address_figures_are_pictures() {
    let folder = book("", &[("tcp.md", "```tcp-handshake\nscenario=abort\n```\n")]);
    let told = stderr(&build(folder.path()));
    assert!(told.contains("no url"), "{told}");
    let html = page(folder.path(), "tcp.html");
    assert!(html.contains("data:image/svg+xml") && !html.contains("<tcp-handshake "), "{html}");
}

#[test]
fn an_installed_simulator_is_copied_and_found_from_every_depth() {
    let fence = "```tcp-handshake\nscenario=abort\n```\n";
    let folder = book("", &[("a.md", fence), ("deep/er/b.md", fence)]);
    let dist = tempfile::tempdir().unwrap();
    fs::create_dir(dist.path().join("words")).unwrap();
    for file in ["index.html", "tcp-handshake.js", "words/ko.json"] {
        fs::write(dist.path().join(file), file).unwrap();
    }
    let install = |dist: &Path| {
        let mut command = Command::new(PROGRAM);
        command.args(["install", "--dist"]).arg(dist).arg(folder.path()).output().unwrap()
    };
    for _again in 0..2 {
        let output = install(dist.path());
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let told = stderr(&build(folder.path()));
    assert!(!told.contains("mdbook-tcp-handshake:"), "{told}");
    assert_eq!(page(folder.path(), "tcp-handshake/words/ko.json"), "words/ko.json");
    assert!(element(&page(folder.path(), "a.html")).contains("src=\"tcp-handshake/\""));
    let deep = page(folder.path(), "deep/er/b.html");
    assert!(element(&deep).contains("src=\"../../tcp-handshake/\""), "{deep}");
    assert!(deep.contains("src=\"../../tcp-handshake/tcp-handshake.js\""), "{deep}");

    // A folder that is not the simulator is neither copied nor replaced.
    assert!(!install(folder.path()).status.success());
    fs::remove_file(folder.path().join("src/tcp-handshake/index.html")).unwrap();
    let output = install(dist.path());
    assert!(!output.status.success());
    assert!(stderr(&output).contains("something else"), "{}", stderr(&output));
}

#[test]
fn the_command_line_is_mdbooks_protocol() {
    let run = |arguments: &[&str], input: &str| {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    assert!(run(&["supports", "html"], "").status.success());
    assert!(run(&["supports", "epub"], "").status.success());
    assert!(!run(&["nonsense"], "").status.success());
    assert!(run(&["--help"], "").status.success());

    let input = |version: &str| {
        serde_json::json!([
            { "root": ".", "config": {}, "renderer": "html", "mdbook_version": version },
            { "items": [{ "Chapter": {
                "name": "a", "content": "```tcp-handshake\n```\n", "number": null, "sub_items": [],
                "path": "a.md", "source_path": "a.md", "parent_names": []
            } }] }
        ])
        .to_string()
    };
    let output = run(&[], &input("0.5.0"));
    assert!(
        output.status.success() && !stderr(&output).contains("made for"),
        "{}",
        stderr(&output)
    );
    let book: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let content = book["items"][0]["Chapter"]["content"].as_str().unwrap();
    assert!(content.contains("data:image/svg+xml"), "{content}");
    let output = run(&[], &input("0.9.1"));
    assert!(output.status.success());
    assert!(stderr(&output).contains("made for mdBook 0.5, run by 0.9.1"), "{}", stderr(&output));
    let output = run(&[], "[]");
    assert!(!output.status.success());
    assert!(stderr(&output).contains("not a book of mdBook 0.5"), "{}", stderr(&output));
}
