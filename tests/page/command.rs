//! The command line: its subcommands, their output and their exit status.

use std::process::{Command, Output};

use serde_json::Value;
use tcp_handshake::scenarios::LESSONS;

/// Runs `tcp-handshake` in the project's folder.
fn command(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tcp-handshake"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap()
}

fn stdout(arguments: &[&str], status: i32) -> String {
    let output = command(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Checks that arguments are refused with the usage and an error that contains `named`.
fn assert_misused(arguments: &[&str], named: &str) {
    let output = command(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    let (error, usage) = errors.split_once("\n\n").unwrap();
    assert!(error.contains(named), "{arguments:?}: {error}");
    assert!(usage.starts_with("usage: tcp-handshake"), "{usage}");
}

#[test]
fn help_and_version_are_printed() {
    let version = concat!("tcp-handshake ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(stdout(&["--version"], 0), version);
    let all = stdout(&["--help"], 0);
    for subcommand in ["run", "explore", "packetdrill", "open"] {
        assert!(all.contains(&format!("\n  {subcommand} ")), "{all}");
        let own = stdout(&[subcommand, "-h"], 0);
        assert!(own.starts_with("usage: tcp-handshake"), "{own}");
        assert!(own.contains(subcommand), "{own}");
        assert!(LESSONS.iter().all(|lesson| lesson.id != subcommand));
    }
}

#[test]
fn run_is_the_default_subcommand_and_takes_the_id_of_a_scenario() {
    let wanted = stdout(&["scenario=syn-lost"], 0);
    assert_eq!(stdout(&["run", "scenario=syn-lost"], 0), wanted);
    assert_eq!(stdout(&["syn-lost"], 0), wanted);
    assert_ne!(stdout(&[], 0), wanted);
    assert_misused(&["sin-lost"], "sin-lost");
}

#[test]
fn an_ignored_part_of_the_link_gives_exit_status_1() {
    let all = stdout(&["--format=json", "scenario=syn-lost"], 0);
    assert_eq!(stdout(&["--format=json", "scenario=syn-lost&do=drop:X9"], 1), all);
}

#[test]
fn a_run_other_than_the_wanted_one_is_not_written() {
    assert_eq!(stdout(&["scenario=nowhere"], 1), "");
    assert_eq!(stdout(&["https://notes.example/#scenario=nowhere"], 1), "");
    let wanted = stdout(&["scenario=abort"], 0);
    assert_eq!(stdout(&["https://notes.example/?utm_source=a#scenario=abort"], 0), wanted);
}

#[test]
fn a_run_that_is_cut_says_so_and_steps_run_it_on() {
    let link = "scenario=normal&rtt=60s&rto=1ms,1ms&loss=90";
    let cut = "The run was stopped after 2000 steps; it would go on.";
    for format in ["markdown", "mermaid", "svg"] {
        let text = stdout(&["--format", format, link], 0);
        // Mermaid has no semicolons.
        let text = text.replace("steps  it", "steps; it");
        assert!(text.contains(cut), "{format}");
        let whole = stdout(&["--format", format, "scenario=normal"], 0);
        assert!(!whole.contains("stopped"), "{format}");
    }
    let output = command(&["--format=pcapng", link]);
    assert!(String::from_utf8_lossy(&output.stdout).contains(cut));
    assert!(String::from_utf8_lossy(&output.stderr).contains(cut));
    let further = stdout(&["--steps=2500", link], 0);
    assert!(further.contains("2500 steps"), "the limit is the one that was asked for");
}

#[test]
fn the_page_of_a_table_cannot_end_its_link() {
    let text = stdout(&["--page", "https://a.example/x) [y](z <b>\n", "normal"], 0);
    let link = text.lines().last().unwrap();
    let page = "https://a.example/x%29%20%5By%5D%28z%20%3Cb%3E%0A";
    assert_eq!(link, format!("[See it run]({page}#scenario=normal)"));
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_unicode_is_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let word = std::ffi::OsStr::from_bytes(b"scenario=\xff");
    for before in [&[][..], &["--page"], &["--lang"], &["--format"], &["explore"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tcp-handshake"));
        let output = command.args(before).arg(word).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{before:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("usage: "), "{before:?}");
    }
}

#[test]
fn a_byte_order_mark_before_a_script_is_skipped() {
    let script = std::fs::read("tests/data/packetdrill/abort.pkt").unwrap();
    let path = std::env::temp_dir().join(format!("tcp-handshake-bom-{}.pkt", std::process::id()));
    std::fs::write(&path, [b"\xef\xbb\xbf", script.as_slice()].concat()).unwrap();
    let output = command(&["packetdrill", path.to_str().unwrap()]);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn invalid_arguments_are_refused() {
    assert_misused(&["--full=yes"], "--full");
    assert_misused(&["run", "--depth", "1"], "--depth");
    assert_misused(&["explore", "--depth"], "--depth");
    assert_misused(&["explore", "--depth", "deep"], "deep");
    assert_misused(&["explore", "nowhere"], "nowhere");
    assert_misused(&["packetdrill"], "no file");
    assert_misused(&["packetdrill", "--stack", "plan9", "a.pkt"], "plan9");
    assert_misused(&["packetdrill", "--isn", "5", "a.pkt"], "ISS,IRS");
    assert_misused(&["packetdrill", "--tolerance=4ms", "a.pkt"], "4ms");
}

#[test]
fn explore_counts_its_runs() {
    let text = stdout(&["explore", "--depth=1", "normal", "syn-lost"], 0);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[0].starts_with("normal ") && lines[1].starts_with("syn-lost "), "{text}");
    assert!(lines[2].starts_with("2 scenarios, 8 runs, "), "{text}");
    assert!(lines[2].ends_with(" laws checked, 0 violations"), "{text}");
}

#[test]
fn packetdrill_succeeds_only_if_every_script_passes() {
    let script = "tests/data/packetdrill/abort.pkt";
    let text = stdout(&["packetdrill", script], 0);
    assert!(text.ends_with("\n1 passed, 0 failed, 0 unsupported\n"), "{text}");
    // The same script with numbers near the end of the sequence space.
    stdout(&["packetdrill", "--isn", "4294967290,4294967290", script], 0);

    let text = stdout(&["packetdrill", script, "no-such-file.pkt"], 1);
    assert!(text.ends_with("\n1 passed, 1 failed, 0 unsupported\n"), "{text}");

    let json = stdout(&["packetdrill", "--json", script, "no-such-file.pkt"], 1);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["counts"]["passed"], 1);
    assert_eq!(json["files"][0]["verdict"], "pass");
    assert_eq!(json["files"][1]["verdict"], "fail");
}
