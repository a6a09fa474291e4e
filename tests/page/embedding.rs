//! `docs/embedding.md` is correct: its commands run, its diagram is the export, its links and
//! fences are read without a complaint. `e2e/embedding-docs.test.mjs` has the tests that need a
//! browser.

use std::path::Path;
use std::process::Command;

use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;

fn guide() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/embedding.md");
    std::fs::read_to_string(path).unwrap()
}

/// The fenced blocks of a text: the word after the fence, and the content. A longer fence may
/// contain shorter ones.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = vec![];
    let mut open: Option<&str> = None;
    for line in text.lines() {
        let fence = &line[..line.len() - line.trim_start_matches('`').len()];
        match (open, found.last_mut()) {
            (Some(opening), _) if line == opening => open = None,
            (Some(_), Some((_, body))) => {
                body.push_str(line);
                body.push('\n');
            }
            _ if fence.len() > 2 => {
                open = Some(fence);
                found.push((line[fence.len()..].to_owned(), String::new()));
            }
            _ => {}
        }
    }
    assert_eq!(open, None, "a fence is open");
    found
}

/// The words of a command line, split as by a shell.
fn words(line: &str) -> Vec<String> {
    let (plain, quoted): (Vec<_>, Vec<_>) =
        line.split('\'').enumerate().partition(|(index, _)| index % 2 == 0);
    assert!(quoted.len() <= 1, "{line}");
    let (before, _redirected) = plain[0].1.split_once('>').unwrap_or((plain[0].1, ""));
    let mut words: Vec<String> = before.split_whitespace().map(str::to_owned).collect();
    words.extend(quoted.iter().map(|(_, text)| (*text).to_owned()));
    words
}

#[test]
fn its_commands_run() {
    let mut runs = 0;
    for (_, body) in blocks(&guide()).iter().filter(|(kind, _)| kind == "sh") {
        for line in body.lines().filter(|line| line.starts_with("tcp-handshake ")) {
            let mut command = Command::new(env!("CARGO_BIN_EXE_tcp-handshake"));
            let output = command.args(&words(line)[1..]).output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && told.is_empty(), "{line}: {told}");
            assert!(output.stdout.len() > 100, "{line}");
            runs += 1;
        }
    }
    assert_eq!(runs, 6);
}

#[test]
fn its_diagram_is_the_export() {
    let guide = guide();
    let outer = blocks(&guide);
    let inner: Vec<_> = outer.iter().flat_map(|(_, body)| blocks(body)).collect();
    let (_, diagram) = inner.iter().find(|(kind, _)| kind == "mermaid").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tcp-handshake"));
    let output = command.args(["--format", "mermaid", "scenario=refused"]).output().unwrap();
    assert_eq!(diagram, &String::from_utf8(output.stdout).unwrap());
}

#[test]
fn its_links_are_read() {
    let guide = guide();
    let mut links = 0;
    for (_, rest) in guide.match_indices("https://HOST/").map(|(at, _)| guide.split_at(at)) {
        let end = rest.find(['"', ')', '`', '\n', ' ']).unwrap();
        let (path, fragment) = rest[..end].split_once('#').unwrap_or((&rest[..end], ""));
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let (_, problems) = Link::parse(query, fragment);
        assert_eq!(problems, [], "{}", &rest[..end]);
        links += 1;
    }
    assert!(links > 15, "{links}");
}

/// The examples in the table of parameters, and the message for a wrong edit.
#[test]
fn its_parameters_are_read() {
    let guide = guide();
    let rows = guide.lines().skip_while(|line| !line.starts_with("| parameter")).skip(2);
    let mut examples = 0;
    for row in rows.take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let (names, example) = (cells[0].replace('`', ""), cells[2].replace('`', ""));
        let link = match names.split_once(',') {
            None if !example.contains('=') => format!("{names}={example}"),
            _ => example,
        };
        let (_, problems) = Link::parse("", &link);
        assert_eq!(problems, [], "{link}");
        examples += 1;
    }
    assert_eq!(examples, 15);

    let (_, problems) = Link::parse("", "do=drop:Q9");
    let told = format!("src/tcp.md:12: {}\n", problems[0].text(Catalog::english()));
    assert!(guide.contains(&told), "{told}");
}
