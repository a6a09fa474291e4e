//! `tcp-handshake open FILE --connection N`: a captured connection in each format.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tcp_handshake::capture::Reconstruction;
use tcp_handshake::export::{Format, Options, Place, export, export_capture};
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::Timeline;

use super::open;

/// The capture of a scenario at a host.
fn capture_of(scenario: &str, at: Place) -> Vec<u8> {
    let (link, _) = Link::parse("", &format!("scenario={scenario}"));
    let timeline = Timeline::of(link.scenario_to_run());
    let options = Options { at, ..Options::default() };
    let catalog = Catalog::built_in("en").unwrap();
    export(&timeline, &link, Format::Pcapng, &catalog, &options).unwrap()
}

fn reconstructed(file: &[u8]) -> Reconstruction {
    let opened = open(file);
    let client = opened.capture.connections()[0].ends[0].address;
    let segments: Vec<_> =
        opened.segments.into_iter().filter(|segment| segment.connection == 0).collect();
    Reconstruction::of(&segments, client, None)
}

#[test]
fn every_format_but_a_script_shows_every_segment() {
    for language in ["en", "ko"] {
        let catalog = Catalog::built_in(language).unwrap();
        for lesson in LESSONS {
            let run = reconstructed(&capture_of(lesson.id, Place::Client));
            let segments = run.timeline.trace().segments.len();
            let written = |format| {
                let bytes = export_capture(&run, format, &catalog, &Options::default());
                bytes.map(|bytes| String::from_utf8(bytes).unwrap())
            };
            let table = written(Format::Markdown).unwrap();
            let rows = table.lines().filter(|line| line.starts_with("| ")).count();
            assert_eq!(rows, segments + 2, "{}: {table}", lesson.id);
            assert!(table.contains("192.0.2.1:49152"), "{table}");
            let trace: Value = serde_json::from_str(&written(Format::Json).unwrap()).unwrap();
            assert_eq!((&trace["version"], &trace["source"]), (&2.into(), &"capture".into()));
            assert_eq!(trace["segments"].as_array().unwrap().len(), segments);
            assert!(trace["segments"][0]["frame"].as_u64().unwrap() > 0);
            assert!(written(Format::Mermaid).unwrap().starts_with("sequenceDiagram"));
            for format in [Format::Svg, Format::SvgAnimated] {
                assert!(written(format).unwrap().starts_with("<svg"), "{}", lesson.id);
            }
            assert!(written(Format::Packetdrill).is_err());
        }
    }
}

#[test]
fn a_capture_to_pass_on_has_the_same_segments_without_their_addresses() {
    let catalog = Catalog::built_in("en").unwrap();
    let file = capture_of("data-lost", Place::Client);
    let run = reconstructed(&file);
    let options = Options::default();
    let shared = export_capture(&run, Format::Pcapng, &catalog, &options).unwrap();
    let fields = |file: &[u8]| -> Vec<_> {
        let segments = open(file).segments.into_iter().map(|each| each.segment);
        segments.map(|it| (it.seq, it.ack, it.flags, it.window, it.length)).collect()
    };
    assert_eq!(fields(&shared), fields(&file));
    let json = export_capture(&run, Format::Json, &catalog, &options).unwrap();
    assert!(!String::from_utf8(json).unwrap().contains("\"text\":\"H"), "no data is kept");
}

struct Opened {
    path: PathBuf,
}

impl Opened {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Self { path }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tcp-handshake"))
            .arg("open")
            .arg(&self.path)
            .args(arguments)
            .output()
            .unwrap()
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        // A file that is gone already needs no removal.
        let _ = std::fs::remove_file(&self.path);
    }
}

#[test]
fn the_command_line_exports_one_connection() {
    let file = capture_of("syn-lost", Place::Client);
    let opened = Opened::new("whole.pcapng", &file);
    for (arguments, start) in [
        (&["--connection", "0"][..], "### Captured connection"),
        (&["--connection=0", "--format=json"], "{\"version\":2"),
        (&["--connection=0", "--lang=ko", "--full"], "### 캡처한 연결"),
    ] {
        let output = opened.run(arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.starts_with(start), "{arguments:?}: {text}");
    }
    for (arguments, status, reason) in [
        (&["--connection=9"][..], 1, "no connection 9; the capture has 1"),
        (&["--connection=0", "--format=packetdrill"], 1, "neither the calls nor the timers"),
        (&["--format=json"], 2, "--format needs --connection"),
        (&["--connection=0", "--segments"], 2, "either --segments or --connection"),
        (&["--connection=x"], 2, "x"),
    ] {
        let output = opened.run(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        assert!(said.contains(reason) && output.stdout.is_empty(), "{arguments:?}: {said}");
    }
    // What was read before an error is exported, and the error has its offset.
    let cut = Opened::new("cut.pcapng", &file[..file.len() - 9]);
    let output = cut.run(&["--connection=0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("### Captured"));
    assert!(String::from_utf8(output.stderr).unwrap().contains("at byte "));
}
