//! The fuzz targets: for each a function that panics if a property is violated.
//!
//! `cargo fuzz` generates inputs; `tests/page/corpus.rs` replays the corpus without nightly.

use std::sync::Arc;

use tcp_handshake::app::host::{self, Object, Reporter, Request, Value};
use tcp_handshake::app::view::{chips::chips, tcb};
use tcp_handshake::app::{Action, AppState, Open, Play, reduce};
use tcp_handshake::capture::{Capture, SegmentLine, connection_table};
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::packetdrill::{self, Options, Report, Stack, Verdict};
use tcp_handshake::sim::check::laws;
use tcp_handshake::sim::{Edit, Limits, Side, Timeline, World};
use tcp_handshake::tcp::wire;
use tcp_handshake::time::Duration;

/// A target: it panics if a property is violated.
pub type Target = fn(&[u8]);

/// Every target, by the name of its corpus.
pub const TARGETS: [(&str, Target); 6] = [
    ("capture", capture),
    ("link", link),
    ("message", message),
    ("packetdrill", packetdrill),
    ("scenario", scenario),
    ("wire", wire),
];

/// The most steps of a run.
const MOST_STEPS: usize = 400;
/// The most messages of one input.
const MOST_MESSAGES: usize = 16;

/// A capture: read whole and in small chunks it gives the same segments, connections, remarks and
/// error.
pub fn capture(input: &[u8]) {
    let read = |chunk: usize| {
        let mut capture = Capture::new();
        let mut text = String::new();
        let mut each = |segment: &_| {
            text.push_str(&SegmentLine(segment).to_string());
            text.push('\n');
        };
        let pushed = input.chunks(chunk).try_for_each(|bytes| capture.push(bytes, &mut each));
        let result = pushed.and_then(|()| capture.finish(&mut each));
        let table = connection_table(capture.connections());
        format!("{text}{result:?}\n{table}{}", capture.remarks())
    };
    assert_eq!(read(input.len().max(1)), read(61));
}

/// A datagram: decoding, encoding and decoding again gives the same segment. Checksums are
/// corrected first, because mutations would almost never produce valid ones.
pub fn wire(input: &[u8]) {
    let _ = wire::fields(input);
    for octets in [input.to_vec(), mended(input)] {
        let Ok((envelope, segment)) = wire::decode(&octets) else { continue };
        let again = wire::encode(&segment, &envelope).expect("what was read fits");
        assert_eq!(wire::decode(&again), Ok((envelope, segment)));
        let tcp = &again[20..];
        let fields = wire::fields(tcp).expect("what was written has fields");
        let mut end = 0;
        for field in &fields {
            assert_eq!(field.bit_offset, end, "no gap before {}", field.name());
            end += field.bit_length;
        }
        assert_eq!(end as usize, tcp.len() * 8);
    }
}

/// The same bytes with correct checksums, if they are long enough.
fn mended(input: &[u8]) -> Vec<u8> {
    let mut octets = input.to_vec();
    if octets.len() < 40 {
        return octets;
    }
    let header = usize::from(octets[0] & 15) * 4;
    let total = usize::from(u16::from_be_bytes([octets[2], octets[3]]));
    if header < 20 || total < header + 20 || total > octets.len() {
        return octets;
    }
    octets[10..12].fill(0);
    let sum = checksum(&octets[..header], 0);
    octets[10..12].copy_from_slice(&sum.to_be_bytes());
    octets[header + 16..header + 18].fill(0);
    let length = u32::try_from(total - header).expect("below 2^16");
    let sum =
        checksum(&octets[header..total], u32::from(octets[9]) + length + words(&octets[12..20]));
    octets[header + 16..header + 18].copy_from_slice(&sum.to_be_bytes());
    octets
}

fn words(octets: &[u8]) -> u32 {
    let word = |pair: &[u8]| u32::from(pair[0]) << 8 | u32::from(pair.get(1).copied().unwrap_or(0));
    octets.chunks(2).map(word).sum()
}

fn checksum(octets: &[u8], start: u32) -> u16 {
    let mut sum = start + words(octets);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).expect("folded")
}

/// A link, its query and fragment on two lines: the link that is written after reading has the same
/// meaning, and every problem has a message.
pub fn link(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (query, fragment) = text.split_once('\n').unwrap_or(("", &text));
    let (link, problems) = Link::parse(query, fragment);
    for problem in &problems {
        assert!(!problem.text(Catalog::english()).is_empty());
    }
    let written = link.to_string();
    let (again, _) = Link::parse("", &written);
    assert_eq!(again.to_string(), written);
    assert_eq!(again, link.normalized(), "{written}");
    let _ = again.scenario_to_run();
}

/// A link's run: the invariants hold after every step, and the page can show it.
pub fn scenario(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (link, _) = Link::parse("", &text);
    let (mut world, mut trace) = World::new(Arc::new(link.scenario_to_run()));
    while trace.steps.len() < MOST_STEPS && world.step(&mut trace) {
        if let Err(violation) = laws::after_step(&world, &trace) {
            panic!("{violation}: {link}");
        }
    }
    // The invariants for the end hold only if the applications follow the lesson.
    let is_plain = !link.edits.iter().any(|edit| matches!(edit, Edit::Call(..)));
    if is_plain && world.next_at().is_none() {
        trace.ending = world.ending();
        if let Err(violation) = laws::at_end(&world, &trace) {
            panic!("{violation}: {link}");
        }
    }
    let timeline = Timeline::within(link.scenario_to_run(), Limits { steps: MOST_STEPS });
    assert_eq!(timeline.trace().steps.len(), trace.steps.len(), "the same run twice: {link}");
    assert!(trace.steps.is_sorted_by_key(|step| step.at), "{link}");
    for (index, record) in trace.segments.iter().enumerate() {
        assert!(record.arrives_at.is_none_or(|at| record.sent_at <= at), "{link}: {index}");
    }
    let state = AppState::open(link, vec![]);
    shows(&state);
    shows(&reduce(&state, Action::Play(Play::End)));
}

/// Computes everything that the page shows of a state.
fn shows(state: &AppState) {
    assert!(state.playhead.y <= state.run.ladder.axis.end());
    assert!(state.playhead.at <= state.run.end());
    let steps = state.run.timeline.trace().steps.len();
    assert!(state.playhead.step.is_none_or(|step| step < steps));
    for side in Side::BOTH {
        assert_eq!(tcb::rows(&state.run, state.playhead.step, side).len(), 17);
    }
    let _ = (chips(&state.run), state.link_now());
}

/// A packetdrill script: it is refused with the number of one of its lines, or runs within its
/// limits on either stack, and the page can show its trace.
pub fn packetdrill(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let lines = u32::try_from(text.split('\n').count()).expect("so short an input");
    let script = match packetdrill::parse(&text) {
        Ok(script) => script,
        Err(error) => {
            assert!((1..=lines).contains(&error.line), "line {} of {lines}", error.line);
            return;
        }
    };
    for (stack, isn) in [(Stack::FreeBsd, (0, 0)), (Stack::Linux, (0xffff_fff0, 0x7fff_fff0))] {
        let one_way_delay = Duration::from_millis(50);
        let options = Options {
            stack,
            isn,
            one_way_delay,
            most_work: Some(MOST_STEPS),
            ..Options::default()
        };
        let report = packetdrill::run(&script, &options);
        judge(&report, lines);
        let late = packetdrill::run(&script, &Options { one_way_delay: Duration::ZERO, ..options });
        assert_eq!(late.verdict, report.verdict, "the delay between the hosts changes nothing");
    }
    let mut state = AppState::open(Link::default(), vec![]);
    state = reduce(&state, Action::Open(Open::Script(text.into(), Stack::FreeBsd)));
    shows(&state);
    for _ in 0..4 {
        state = reduce(&state, Action::Play(Play::Step(1)));
        let lit = state.run.lit_lines(state.playhead.step);
        assert!(lit.iter().all(|line| *line <= lines));
    }
    shows(&reduce(&state, Action::Play(Play::End)));
}

fn judge(report: &Report, lines: u32) {
    let Report { verdict, trace, step_lines, segment_lines, .. } = report;
    assert_eq!(step_lines.len(), trace.steps.len());
    assert_eq!(segment_lines.len(), trace.segments.len());
    assert!(trace.segments.is_sorted_by_key(|record| record.sent_at));
    assert!(trace.steps.is_sorted_by_key(|step| step.at));
    if let Verdict::Failed(failure) = verdict {
        assert!(failure.line <= lines, "{failure}");
    }
}

/// A field of a message to a host page.
fn field<'a>(message: &'a Object, name: &str) -> Option<&'a Value> {
    message.fields().iter().find(|(other, _)| *other == name).map(|(_, value)| value)
}

/// Messages to the page, one on each line: each is dropped, refused or executed, and the page still
/// works.
pub fn message(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut state = AppState::open(Link::default(), vec![]);
    for line in text.lines().take(MOST_MESSAGES) {
        let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(line) else { continue };
        let Some(message) = host::read(Some(line.len()), &fields, &state) else { continue };
        let answer = match message.request {
            Ok(request) => {
                let mut reporter = Reporter::default();
                assert!(reporter.changes(&state).is_empty());
                if let Request::Act(actions) = &request {
                    for action in actions {
                        state = reduce(&state, action.clone());
                    }
                }
                for event in reporter.changes(&state) {
                    assert_eq!(field(&event.message(), "src"), Some(&host::SOURCE.into()));
                }
                host::reply(message.seq, &request, &state)
            }
            Err(error) => host::refusal(message.seq, &error),
        };
        assert_eq!(field(&answer, "seq"), Some(&message.seq.into()));
        shows(&state);
    }
}
