//! Exported files: some are compared byte for byte with golden files, and rules hold for all.
//!
//! `UPDATE_EXPORTS=1 cargo test --test world exports` writes the golden files again: read the diff.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tcp_handshake::app::{ReadResult, read_opened_text};
use tcp_handshake::export::{Format, NotExpressible, Options, Place, export};
use tcp_handshake::link::Link;
use tcp_handshake::locale::{Catalog, LANGUAGES};
use tcp_handshake::packetdrill;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::{Cause, Effect, SegmentRecord, Side, Timeline, Trace};
use tcp_handshake::tcp::{Flags, wire};

#[path = "../support/digest.rs"]
mod digest;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(link: &str) -> (Link, Timeline) {
    let (link, problems) = Link::parse("", link);
    assert_eq!(problems, []);
    let timeline = Timeline::of(link.scenario_to_run());
    (link, timeline)
}

fn file(link: &str, format: Format, lang: &str, options: &Options) -> Vec<u8> {
    let (link, timeline) = run(link);
    let catalog = Catalog::built_in(lang).unwrap();
    export(&timeline, &link, format, &catalog, options).unwrap()
}

fn text(link: &str, format: Format, lang: &str) -> String {
    String::from_utf8(file(link, format, lang, &Options::default())).unwrap()
}

/// Compares with a golden file, or writes it.
fn golden(name: &str, octets: &[u8]) {
    let path = root().join("tests/data/exports").join(name);
    if std::env::var_os("UPDATE_EXPORTS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, octets).unwrap();
    }
    let wanted = fs::read(&path).unwrap_or_default();
    assert!(wanted == octets, "{name} differs; UPDATE_EXPORTS=1 writes it again");
}

#[test]
fn golden_files() {
    for scenario in ["normal", "syn-lost", "half-close"] {
        let link = format!("scenario={scenario}");
        for format in Format::ALL {
            let octets = file(&link, format, "en", &Options::default());
            golden(&format!("{scenario}.{}", name(format)), &octets);
        }
        let page = Some("https://example.org/tcp/".to_owned());
        let options = Options { full: true, page, ..Options::default() };
        let octets = file(&link, Format::Markdown, "ko", &options);
        golden(&format!("{scenario}.full.ko.md"), &octets);
    }
}

fn name(format: Format) -> String {
    match format {
        Format::SvgAnimated => "animated.svg".to_owned(),
        _ => format.extension().to_owned(),
    }
}

/// `tests/wasm.rs` compares the traces of wasm32 with the same file.
#[test]
fn traces_have_their_digests() {
    let lines: String = LESSONS.iter().map(|lesson| digest::line(lesson.id)).collect();
    if std::env::var_os("UPDATE_EXPORTS").is_some() {
        fs::write(root().join("tests/data/traces.txt"), &lines).unwrap();
    }
    let wanted = fs::read_to_string(root().join("tests/data/traces.txt")).unwrap_or_default();
    assert_eq!(wanted, lines, "a trace differs; UPDATE_EXPORTS=1 writes the digests anew");
}

#[test]
fn json_conforms_to_its_schema() {
    let schema = fs::read_to_string(root().join("docs/trace.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    for lesson in LESSONS {
        let json = text(&format!("scenario={}", lesson.id), Format::Json, "en");
        let trace: serde_json::Value = serde_json::from_str(&json).unwrap();
        conforms(&trace, &schema, &schema, lesson.id);
    }
}

/// The parts of JSON Schema that this schema uses: references, types, properties, items,
/// alternatives.
fn conforms(
    value: &serde_json::Value,
    schema: &serde_json::Value,
    whole: &serde_json::Value,
    at: &str,
) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = whole.pointer(reference.trim_start_matches('#')).unwrap();
        return conforms(value, target, whole, at);
    }
    if let Some(constant) = schema.get("const") {
        assert_eq!(value, constant, "{at}");
    }
    if let Some(list) = schema["enum"].as_array() {
        assert!(list.contains(value), "{at}: {value}");
    }
    let kinds: Vec<&str> = match &schema["type"] {
        serde_json::Value::String(kind) => vec![kind],
        serde_json::Value::Array(kinds) => kinds.iter().filter_map(|it| it.as_str()).collect(),
        _ => vec![],
    };
    let kind = match value {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(_) => "boolean",
        serde_json::Value::Number(_) => "integer",
        serde_json::Value::String(_) => "string",
        serde_json::Value::Array(_) => "array",
        serde_json::Value::Object(_) => "object",
    };
    assert!(kinds.is_empty() || kinds.contains(&kind), "{at}: {value} is no {kinds:?}");
    for item in value.as_array().into_iter().flatten() {
        conforms(item, &schema["items"], whole, at);
    }
    for (key, item) in value.as_object().into_iter().flatten() {
        let known = schema["properties"].get(key).or(schema.get("additionalProperties"));
        match known {
            Some(schema) if schema != false => {
                conforms(item, schema, whole, &format!("{at}.{key}"));
            }
            _ => panic!("{at}.{key} is not in the schema"),
        }
    }
    for key in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(key.as_str().unwrap()).is_some(), "{at} lacks {key}");
    }
}

#[test]
fn pictures_are_small_and_have_titles() {
    for lesson in LESSONS {
        for language in LANGUAGES {
            for format in [Format::Svg, Format::SvgAnimated] {
                let svg = text(&format!("scenario={}", lesson.id), format, language.code);
                assert!(svg.len() <= 60 * 1024, "{}: {} bytes", lesson.id, svg.len());
                assert!(svg.contains("<title id") && svg.contains("<desc id"));
                for foreign in ["<script", "foreignObject", "href", "url(", "@import", "<animate"] {
                    assert!(!svg.contains(foreign), "{}: {foreign}", lesson.id);
                }
                let moves = svg.contains("@keyframes") && svg.contains("prefers-reduced-motion");
                assert_eq!(moves, format == Format::SvgAnimated);
                check_xml(&svg);
            }
        }
    }
}

/// Every element is closed, and every `&` and `<` is escaped.
fn check_xml(svg: &str) {
    let mut open: Vec<&str> = vec![];
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        let name = tag.split([' ', '/']).find(|word| !word.is_empty()).expect("a tag has a name");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        for entity in text.split('&').skip(1) {
            assert!(entity.split_once(';').is_some_and(|(name, _)| name.len() <= 5), "{entity}");
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

#[test]
fn markup_in_a_link_is_escaped() {
    let link = "scenario=normal&x=%3Cscript%3Ealert(1)%3C%2Fscript%3E&y=%22%27%7C%0A";
    let (link, _) = Link::parse("", link);
    let timeline = Timeline::of(link.scenario_to_run());
    for format in [Format::Markdown, Format::Mermaid, Format::Svg, Format::SvgAnimated] {
        let options = Options { full: true, ..Options::default() };
        let octets = export(&timeline, &link, format, Catalog::english(), &options).unwrap();
        let text = String::from_utf8(octets).unwrap();
        assert!(!text.contains("<script") && !text.contains("alert(1)"), "{}", format.id());
    }
}

#[test]
fn every_format_copes_with_long_runs_and_no_delay() {
    for link in [
        "scenario=normal&rtt=0",
        "scenario=normal&loss=60&seed=3",
        "scenario=zero-window&do=drop:S5,drop:S6,drop:S7,drop:S8",
        "scenario=normal&do=send:C:65535@600ms",
    ] {
        for format in Format::ALL {
            if format != Format::Packetdrill {
                let octets = file(link, format, "en", &Options::default());
                assert!(!octets.is_empty(), "{link} {}", format.id());
                assert!(
                    format == Format::Json || format == Format::Pcapng || octets.len() < 250_000
                );
            }
        }
    }
}

/// Mermaid refuses a text of more than 50,000 characters, the fence included.
#[test]
fn a_long_mermaid_diagram_stops_in_time_and_says_so() {
    for language in LANGUAGES {
        let link = "scenario=normal&mss=16&do=send:C:20000@250ms&isn=4000000000,4100000000";
        let diagram = text(link, Format::Mermaid, language.code);
        let length = diagram.chars().count();
        assert!((45_000..49_900).contains(&length), "{length}");
        let (_, timeline) = run(link);
        let drawn = diagram.lines().filter(|line| line.contains("->>") || line.contains("-x"));
        let left_out = timeline.trace().segments.len() - drawn.count();
        assert!(left_out > 0);
        let catalog = Catalog::built_in(language.code).unwrap();
        let more = catalog.format("export.more", &[("count", &left_out)]);
        assert!(diagram.contains(&format!("Note over C,S: {more}\n")), "{more}");
    }
}

/// The segments that a host's interface sees: those that it sends, and those that arrive.
fn seen(trace: &Trace, side: Side) -> usize {
    let steps = trace.steps.iter().filter(|step| step.side == side);
    let counts = steps.map(|step| {
        let sent = trace.effects(step).filter(|effect| matches!(effect, Effect::Sent(_)));
        sent.count() + usize::from(matches!(step.cause, Cause::Arrival(..)))
    });
    counts.sum()
}

#[test]
fn captures_contain_every_segment_seen() {
    for lesson in LESSONS {
        let link = format!("scenario={}", lesson.id);
        let (_, timeline) = run(&link);
        let [client, server] = Side::BOTH.map(|side| seen(timeline.trace(), side));
        for (at, count) in
            [(Place::Client, client), (Place::Server, server), (Place::Both, client + server)]
        {
            let octets = file(&link, Format::Pcapng, "en", &Options { at, ..Options::default() });
            assert_eq!(datagrams(&octets), count, "{link} {}", at.id());
        }
    }
}

/// A damaged segment is captured with its wrong checksum, and only at its receiver.
#[test]
fn a_damaged_segment_is_captured_with_a_wrong_checksum() {
    for (edits, at, wrong) in [
        ("corrupt:C1", Place::Client, 0),
        ("corrupt:C1", Place::Server, 1),
        ("corrupt:C3,corrupt:S1", Place::Both, 2),
    ] {
        let link = format!("scenario=normal&do={edits}");
        let octets = file(&link, Format::Pcapng, "en", &Options { at, ..Options::default() });
        let read = read_datagrams(&octets);
        let faults: Vec<_> = read.iter().filter_map(|read| read.as_ref().err()).collect();
        assert_eq!(faults, vec![&wire::WireError::BadChecksum; wrong], "{link} {}", at.id());
    }
}

/// The number of datagrams in a capture. Each is decoded, and its checksums are verified.
fn datagrams(octets: &[u8]) -> usize {
    read_datagrams(octets).into_iter().map(Result::unwrap).count()
}

fn read_datagrams(mut octets: &[u8]) -> Vec<Result<(), wire::WireError>> {
    let word = |at: &[u8]| u32::from_le_bytes(at[..4].try_into().unwrap()) as usize;
    let mut read = vec![];
    while !octets.is_empty() {
        let (kind, length) = (word(octets), word(&octets[4..]));
        assert_eq!(word(&octets[length - 4..]), length, "both lengths of a block agree");
        if kind == 6 {
            let datagram = &octets[28..28 + word(&octets[20..])];
            read.push(wire::decode(datagram).map(drop));
        }
        octets = &octets[length..];
    }
    read
}

/// tshark's output for a capture, one line for each segment.
fn tshark(capture: &Path, fields: &[&str]) -> Vec<String> {
    let mut command = Command::new("tshark");
    // Two passes (-2), so that the fields about a conversation cover all of it.
    command.arg("-2").arg("-r").arg(capture).args(["-o", "ip.check_checksum:TRUE"]);
    command.args(["-o", "tcp.check_checksum:TRUE", "-T", "fields"]);
    for field in fields {
        command.args(["-e", field]);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

// Two tests, which run in parallel, because tshark is the slowest part.
#[test]
fn tshark_reads_every_capture_of_the_client() {
    check_captures(Side::Client, Place::Client);
}

#[test]
fn tshark_reads_every_capture_of_the_server() {
    check_captures(Side::Server, Place::Server);
}

fn check_captures(side: Side, at: Place) {
    if Command::new("tshark").arg("--version").output().is_err() {
        println!("skipped: tshark is not installed");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for lesson in LESSONS {
        let link = format!("scenario={}", lesson.id);
        let (_, timeline) = run(&link);
        let options = Options { at, ..Options::default() };
        let capture: PathBuf = folder.join(format!("{}-{}.pcapng", lesson.id, at.id()));
        fs::write(&capture, file(&link, Format::Pcapng, "en", &options)).unwrap();
        let fields = [
            "ip.checksum.status",
            "tcp.checksum.status",
            "_ws.malformed",
            "tcp.completeness",
            "frame.comment",
            "tcp.analysis.retransmission",
        ];
        let lines = tshark(&capture, &fields);
        assert_eq!(lines.len(), seen(timeline.trace(), side), "{link} {}", at.id());
        let mut parts = 0;
        for line in &lines {
            // 1 is good; nothing malformed.
            let rest = line.strip_prefix("1\t1\t\t").unwrap_or_else(|| panic!("{link}: {line}"));
            parts |= rest.split_once('\t').unwrap().0.parse::<u8>().unwrap();
        }
        assert_eq!(parts, parts_of(timeline.trace(), side), "{link} {}", at.id());
        check_retransmissions(&timeline, side, &lines, &link);
    }
}

/// `tcp.completeness` of a conversation at a host's interface: SYN 1, SYN,ACK 2, ACK 4,
/// text 8, FIN 16, RST 32.
fn parts_of(trace: &Trace, side: Side) -> u8 {
    let is_seen = |record: &&SegmentRecord| {
        record.from == side || record.arrives_at.or(record.copy_arrives_at).is_some()
    };
    let parts = trace.segments.iter().filter(is_seen).map(|record| {
        let has = |flag| record.segment.flags.contains(flag);
        let opening = match (has(Flags::SYN), has(Flags::ACK)) {
            (true, false) => 1,
            (true, true) => 2,
            (false, true) => 4,
            (false, false) => 0,
        };
        let has_text = !record.segment.text.is_empty();
        let [text, fin, rst] = [has_text, has(Flags::FIN), has(Flags::RST)].map(u8::from);
        opening | text << 3 | fin << 4 | rst << 5
    });
    parts.fold(0, |all, part| all | part)
}

/// If a host's own segment repeats text, tshark reports a retransmission.
fn check_retransmissions(timeline: &Timeline, side: Side, lines: &[String], name: &str) {
    for record in timeline.trace().segments.iter().filter(|record| record.from == side) {
        let is_probe = record.rule == Some(tcp_handshake::tcp::Rule::ZeroWindowProbed);
        // It takes what SACK repairs between new segments for segments out of order.
        let is_among_new = record.rule == Some(tcp_handshake::tcp::Rule::SackRetransmit);
        // tshark takes a probe and the segments after it for keep-alives or new text.
        if is_among_new || record.repeats.is_none() || is_probe || name.ends_with("zero-window") {
            continue;
        }
        let comment = format!("\t{} ", record.id);
        let line = lines.iter().find(|line| line.contains(&comment)).unwrap();
        assert!(line.ends_with("\t1") || line.ends_with("\tTrue"), "{name}: {line}");
    }
}

/// A script names its stack, so that neither the runner nor the page needs to be told.
#[test]
fn scripts_pass_in_our_own_runner_and_page() {
    let restarts = [
        ("old-duplicate-syn server", NotExpressible::SecondConnection),
        ("half-open client", NotExpressible::Restart),
        ("half-open server", NotExpressible::SecondConnection),
        ("power-lost server", NotExpressible::Restart),
    ];
    let on_rfc = [
        ("sack client", NotExpressible::Sack),
        ("sack server", NotExpressible::Sack),
        ("tail-loss client", NotExpressible::Sack),
        ("tail-loss server", NotExpressible::Sack),
    ];
    let on_linux = [
        ("zero-window server", NotExpressible::Window),
        ("no-time-wait client", NotExpressible::TimeWait),
    ];
    for (stack, others) in [("rfc9293", on_rfc.as_slice()), ("linux", &on_linux)] {
        let (mut passed, mut failed, mut refused) = (0, vec![], vec![]);
        for lesson in LESSONS {
            for at in [Place::Client, Place::Server] {
                let (link, timeline) = run(&format!("scenario={}&stack={stack}", lesson.id));
                let options = Options { at, ..Options::default() };
                let name = format!("{} {}", lesson.id, at.id());
                match export(&timeline, &link, Format::Packetdrill, Catalog::english(), &options) {
                    Ok(script) => {
                        let script = String::from_utf8(script).unwrap();
                        match failure_of(&script) {
                            None => passed += 1,
                            Some(failure) => failed.push(format!("{name}: {failure}\n{script}")),
                        }
                    }
                    Err(reason) => refused.push((name, reason)),
                }
            }
        }
        assert!(failed.is_empty(), "{stack}:\n{}", failed.join("\n"));
        let wanted = restarts.iter().chain(others);
        let mut wanted: Vec<_> =
            wanted.map(|(name, reason)| ((*name).to_owned(), *reason)).collect();
        wanted.sort_by(|one, other| one.0.cmp(&other.0));
        refused.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(refused, wanted, "{stack}");
        assert_eq!(passed, 2 * LESSONS.len() - wanted.len());
    }
}

/// Why a script fails in the runner without an option, or in the page.
fn failure_of(script: &str) -> Option<String> {
    let parsed = match packetdrill::parse(script) {
        Ok(parsed) => parsed,
        Err(error) => return Some(error.to_string()),
    };
    let strict = packetdrill::Options { strict_tail: true, ..packetdrill::Options::default() };
    let report = packetdrill::run(&parsed, &strict);
    if !report.passed() {
        return Some(report.verdict.line("runner"));
    }
    match read_opened_text(&script.into(), packetdrill::Stack::default()) {
        Ok(ReadResult::Script(read)) => {
            let verdict = &read.0.verdict;
            (*verdict != packetdrill::Verdict::Passed).then(|| verdict.line("page"))
        }
        other => Some(format!("{other:?}")),
    }
}

/// Runs the command line.
fn command(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tcp-handshake")).args(arguments).output().unwrap()
}

#[test]
fn the_command_line_writes_what_the_library_does() {
    let link = "scenario=syn-lost&do=drop:C2";
    for format in Format::ALL {
        let output = command(&["--format", format.id(), "--lang=ko", link]);
        assert!(output.status.success() && output.stderr.is_empty());
        assert!(output.stdout == file(link, format, "ko", &Options::default()), "{}", format.id());
    }
    let output = command(&["https://example.org/?rtt=1#scenario=syn-lost&do=drop:C2&rtt=100"]);
    assert!(output.stdout == file(link, Format::Markdown, "en", &Options::default()));
}

#[cfg(feature = "png")]
#[test]
fn png_is_the_svg_at_twice_its_size_with_its_texts() {
    for lang in ["en", "ko"] {
        let output = command(&["--format=png", "--lang", lang, "scenario=refused"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let svg = text("scenario=refused", Format::Svg, lang);
        let number = |name: &str| {
            let value = svg.split(&format!(" {name}=\"")).nth(1).unwrap();
            value.split('"').next().unwrap().parse::<u32>().unwrap()
        };
        let dots = resvg::tiny_skia::Pixmap::decode_png(&output.stdout).unwrap();
        assert_eq!([dots.width(), dots.height()], [2 * number("width"), 2 * number("height")]);
        // The title is drawn: its area has dark pixels, and the margin above has none.
        let dark = |rows: std::ops::Range<u32>| {
            let places = rows.flat_map(|y| (32..300).map(move |x| (x, y)));
            places.filter(|(x, y)| dots.pixel(*x, *y).unwrap().red() < 0x60).count()
        };
        assert!(dark(24..56) > 500, "{lang}: {}", dark(24..56));
        assert_eq!(dark(6..16), 0);
    }
}

#[cfg(not(feature = "png"))]
#[test]
fn png_needs_its_feature_and_says_so() {
    let output = command(&["--format=png", "scenario=refused"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--features png"));
}

#[test]
fn the_command_line_reports_ignored_parts_and_unknown_arguments() {
    let output = command(&["do=drop:X9,delay:C1:-5s&rtt=banana"]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(!output.stdout.is_empty());
    for part in ["drop:X9", "delay:C1:-5s", "banana"] {
        assert!(errors.contains(part), "{errors}");
    }
    // Another scenario in place of an unknown one would mislead.
    let output = command(&["scenario=nope&rtt=banana"]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(errors.contains("nope") && errors.contains("banana"), "{errors}");
    for bad in [["--colour"].as_slice(), &["--format", "gif"], &["--lang"], &["a=1", "b=2"]] {
        let output = command(bad);
        assert_eq!(output.status.code(), Some(2), "{bad:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("usage:"));
    }
    let output = command(&["--format=packetdrill", "scenario=half-open"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(command(&["--help"]).stdout.starts_with(b"usage:"));
}
