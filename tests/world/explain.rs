//! Every step of every scenario is explained in complete sentences, in every language.
//! `cargo test --test world explain -- --nocapture` prints all of them for reading.

use tcp_handshake::explain::{Explanation, citation_url, cite, explain, naming_segments};
use tcp_handshake::link::Link;
use tcp_handshake::locale::{Catalog, LANGUAGES};
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::Timeline;
use tcp_handshake::tcp::Rule;
use tcp_handshake::time::Duration;

/// Explains every step of a run in every language, and prints the sentences if `is_printed`.
fn check(query: &str, is_printed: bool) {
    let timeline = Timeline::of(Link::parse(query, "").0.scenario_to_run());
    let trace = timeline.trace();
    for language in LANGUAGES {
        let catalog = Catalog::built_in(language.code).unwrap();
        for (index, step) in trace.steps.iter().enumerate() {
            let explanation = explain(trace, index, &catalog).unwrap();
            let texts = [&explanation.sentence, &explanation.why];
            if is_printed {
                println!("{query} {} {}  {}", language.code, step.at, explanation.sentence);
                for detail in &explanation.details {
                    println!("      - {detail}");
                }
            }
            for text in texts.into_iter().chain(&explanation.details) {
                let is_whole = !text.is_empty() && !text.contains(['{', '}']);
                assert!(is_whole, "{query} {}: {text}", step.at);
                assert!(!text.contains("explain.") && !text.contains("rule."), "{text}");
            }
        }
    }
}

#[test]
fn every_step_of_every_scenario_is_explained() {
    for lesson in LESSONS {
        check(&format!("scenario={}", lesson.id), true);
        check(&format!("scenario={}&stack=linux&rtt=1500", lesson.id), false);
    }
}

/// Runs unlike the lessons: failing calls, unusual orders, random losses, a tiny MSS.
#[test]
fn unusual_runs_are_explained_too() {
    for query in [
        "scenario=normal&do=close:C@0,open:C@10ms,send:C:5@20ms,abort:C@3s,close:C@4s,read:C@5s",
        "scenario=normal&do=send:S:5@0,close:S@120ms,send:S:7@130ms,abort:S@130ms,open:S@140ms",
        "scenario=refused&do=listen:C@0,send:C:9@60ms",
        "scenario=normal&mss=16&do=send:C:200@250ms,drop:C5,dup:C6,delay:C7:300ms,crash:S@900ms",
        "scenario=normal&mss=16&stack=linux&do=send:C:500@250ms,drop:C6,drop:C8,drop:C9",
        "scenario=half-close&do=drop:C4,dup:C5:2s,delay:S4:3s,abort:C@600ms",
        "scenario=simultaneous-open&do=drop:C1,delay:S1:2s,dup:S2",
        "scenario=zero-window&do=drop:S5,drop:S6,close:C@300ms",
        "scenario=zero-window&do=exit:C@300ms,exit:S@1s",
        "scenario=normal&do=cut:100ms@50ms,cut:S@2s",
        "scenario=normal&mss=16&do=send:C:90@300ms,exit:C@310ms,exit:S@0ms,exit:C@5s",
        "scenario=half-close&do=exit:C@180ms,send:C:5@200ms,read:C@210ms",
        "scenario=last-ack-lost&do=dup:C1:1s,dup:C3:1300ms,dup:S3:2s",
    ] {
        check(query, true);
    }
    (0..300).for_each(check_lossy);
}

/// Runs with many random losses.
fn check_lossy(seed: u64) {
    check(&format!("scenario=normal&loss=30&mss=16&seed={seed}&do=send:C:90@300ms"), false);
    check(&format!("scenario=simultaneous-close&loss=40&seed={seed}&stack=linux"), false);
}

/// A copy of text beyond a gap: the sentence says that it is already queued, and what is missing.
#[test]
fn a_copy_of_queued_text_is_called_a_copy() {
    let query = "scenario=normal&mss=16&do=send:C:48@380ms,drop:C5,dup:C6:10ms";
    let timeline = Timeline::of(Link::parse(query, "").0.scenario_to_run());
    let trace = timeline.trace();
    let sentences: Vec<String> = (0..trace.steps.len())
        .filter_map(|step| explain(trace, step, Catalog::english()))
        .filter(|words| words.citations.first() == Some(&Rule::AlreadyKept))
        .map(|words| words.sentence)
        .collect();
    assert_eq!(sentences.len(), 1, "{sentences:?}");
    assert!(sentences[0].contains("already keeps"), "{}", sentences[0]);
}

/// The answer to the peer's SYN that comes again is no challenge in these runs: it acknowledges it.
#[test]
fn a_syn_that_comes_again_is_acknowledged_again() {
    for (query, told) in [
        (
            "scenario=normal&do=drop:C2,drop:C3",
            "S2 (SYN,ACK, SEQ 300) repeats the server's SYN: C4 (ACK 301) acknowledges it again.",
        ),
        (
            "scenario=simultaneous-open&do=drop:S2",
            "C3 (SYN,ACK, SEQ 100) repeats the client's SYN: S3 (ACK 101) acknowledges it again.",
        ),
    ] {
        assert_eq!(first(query, Rule::SynChallenged).sentence, told);
    }
    let other = first("scenario=half-open", Rule::SynChallenged).sentence;
    assert!(other.contains("challenge ACK, S2"), "{other}");
}

#[test]
fn data_on_a_segment_that_is_sent_for_another_reason_is_told() {
    let query = "scenario=normal&do=send:C:20@10ms";
    let words = first(query, Rule::SynSentEstablishes);
    assert!(words.details.iter().any(|it| it == "C2 also carries 20 bytes of data."), "{words:?}");
    let words = first("scenario=normal", Rule::SynSentEstablishes);
    assert!(!words.details.iter().any(|it| it.contains("carries")), "{words:?}");
}

#[test]
fn a_retransmission_that_is_longer_says_what_it_adds() {
    let timeline = Timeline::of(Link::to("zero-window").scenario_to_run());
    let trace = timeline.trace();
    let details = (0..trace.steps.len())
        .filter_map(|step| explain(trace, step, Catalog::english()))
        .flat_map(|words| words.details);
    let told: Vec<String> = details.filter(|it| it.contains(" repeats ")).collect();
    assert_eq!(told, ["C5 repeats C4.", "C6 repeats C5 and adds 9 new bytes."]);
}

#[test]
fn a_call_after_a_crash_is_not_the_old_connections() {
    let query = "scenario=normal&do=crash:S@260ms,send:S:7@300ms";
    let timeline = Timeline::of(Link::parse(query, "").0.scenario_to_run());
    let trace = timeline.trace();
    let mut steps = (0..trace.steps.len()).filter_map(|it| explain(trace, it, Catalog::english()));
    let words = steps.find(|it| it.sentence.contains("SEND in CLOSED")).unwrap();
    assert!(words.sentence.starts_with("The server has rebooted"), "{}", words.sentence);
}

/// Korean writes the unit of seconds in Hangul.
#[test]
fn seconds_have_the_unit_of_the_language() {
    let timeline = Timeline::of(Link::to("syn-lost").scenario_to_run());
    let trace = timeline.trace();
    let korean = Catalog::built_in("ko").unwrap();
    let expiry = |catalog: &Catalog| {
        let mut steps = (0..trace.steps.len()).filter_map(|it| explain(trace, it, catalog));
        steps.find(|it| it.citations.contains(&Rule::SynRetransmitted)).unwrap().sentence
    };
    assert!(expiry(Catalog::english()).contains("(1 s)"));
    assert!(expiry(&korean).contains("(1초)"));
}

/// The first step of a run that this rule explains, in English.
fn first(query: &str, rule: Rule) -> Explanation {
    let timeline = Timeline::of(Link::parse(query, "").0.scenario_to_run());
    let trace = timeline.trace();
    let mut steps =
        (0..trace.steps.len()).filter_map(|step| explain(trace, step, Catalog::english()));
    steps.find(|words| words.citations.first() == Some(&rule)).unwrap()
}

/// If a segment fills a gap, one sentence reports all queued text that is now in order.
#[test]
fn queued_text_is_reported_once() {
    let query = "scenario=normal&mss=28&do=send:S:100@310ms,delay:S4:60ms";
    let timeline = Timeline::of(Link::parse(query, "").0.scenario_to_run());
    let trace = timeline.trace();
    let details: Vec<String> = (0..trace.steps.len())
        .filter_map(|step| explain(trace, step, Catalog::english()))
        .flat_map(|words| words.details)
        .filter(|detail| detail.contains("in order"))
        .collect();
    assert_eq!(details, ["56 bytes that were kept are now in order too."]);
}

/// A delayed ACK that leaves in the same step, on a segment sent for another reason, is not said
/// to wait.
#[test]
fn an_ack_that_leaves_at_once_is_not_said_to_wait() {
    let (link, _) = Link::parse("scenario=half-close&do=drop:C5", "");
    let mut scenario = link.scenario_to_run();
    for host in &mut scenario.hosts {
        host.config.delayed_ack = Some(Duration::from_millis(40));
    }
    let timeline = Timeline::of(scenario);
    let trace = timeline.trace();
    let mut steps = (0..trace.steps.len()).filter_map(|it| explain(trace, it, Catalog::english()));
    let is_it = |words: &Explanation| words.citations.first() == Some(&Rule::FinEndsFinWait2);
    let words = steps.find(is_it).unwrap();
    assert!(words.citations.contains(&Rule::AckDelayed), "{words:?}");
    assert!(!words.details.iter().any(|detail| detail.contains("held back")), "{words:?}");
}

#[test]
fn a_segment_that_is_used_in_part_is_not_called_dropped() {
    let timeline =
        Timeline::of(Link::parse("scenario=zero-window&do=delay:C4:3s", "").0.scenario_to_run());
    let trace = timeline.trace();
    let mut steps = (0..trace.steps.len()).filter_map(|it| explain(trace, it, Catalog::english()));
    let words = steps.find(|it| it.citations.contains(&Rule::OutsideWindowTrimmed)).unwrap();
    assert_eq!(words.citations[0], Rule::TextDelivered);
    assert!(words.sentence.contains("9 bytes arrive in order"), "{}", words.sentence);
    let detail = "At the server: Leaves out what lies outside the window.";
    assert!(words.details.iter().any(|it| it == detail), "{:?}", words.details);
}

#[test]
fn one_octet_is_singular() {
    let query = "scenario=zero-window&window=1";
    let timeline = Timeline::of(Link::parse(query, "").0.scenario_to_run());
    let trace = timeline.trace();
    let mut found = 0;
    for step in 0..trace.steps.len() {
        let words = explain(trace, step, Catalog::english()).unwrap();
        for text in core::iter::once(&words.sentence).chain(&words.details) {
            assert!(!text.contains(" 1 bytes"), "{text}");
            found += usize::from(text.contains("a window of 1 byte"));
        }
    }
    assert!(found > 0);
}

/// The sentences say that RTO is at its upper bound, or that the endpoint gives up.
#[test]
fn bounds_are_explained_as_such() {
    let timeline = Timeline::of(Link::parse("scenario=syn-timeout", "").0.scenario_to_run());
    let trace = timeline.trace();
    let steps: Vec<_> = (0..trace.steps.len())
        .map(|step| explain(trace, step, Catalog::english()).unwrap())
        .collect();
    let count =
        |text: &str| steps.iter().flat_map(|it| &it.details).filter(|it| *it == text).count();
    assert_eq!(count("RTO backs off to 60 s."), 1);
    assert_eq!(count("RTO stays at its upper limit, 60 s."), 1);
    assert_eq!(steps.last().unwrap().citations, [Rule::GaveUp]);
}

/// A requirement's label is cited only with the section that defines it.
#[test]
fn labels_are_cited_with_their_sections() {
    let sections = [
        ("MUST-3", "3.1"),
        ("MUST-20", "3.8.3"),
        ("MUST-36", "3.8.6.1"),
        ("MUST-38", "3.8.6.2.1"),
        ("MUST-39", "3.8.6.2.2"),
        ("MUST-40", "3.8.6.3"),
        ("MUST-41", "3.9.1.1"),
        ("MUST-58", "3.10.7.4"),
        ("MUST-29", "3.8.4"),
        ("SHLD-3", "3.6.1"),
        ("SHLD-12", "3.8.4"),
        ("SHLD-14", "3.8.6"),
        ("SHLD-18", "3.8.6.3"),
        ("SHLD-31", "3.10.7.4"),
        ("MAY-2", "3.6.1"),
        ("MAY-12", "3.10.7.4"),
    ];
    for rule in Rule::ALL {
        let citation = rule.citation();
        let Some(label) = citation.label else { continue };
        let (_, section) = sections.iter().find(|(known, _)| *known == label).unwrap();
        assert_eq!((citation.rfc, citation.section), (9293, *section), "{}", rule.id());
    }
}

#[test]
fn clauses_are_cited_with_their_address() {
    assert_eq!(cite(Rule::TextAcknowledged), "RFC 9293 §3.10.7.4, MUST-58");
    assert_eq!(cite(Rule::BackedOff), "RFC 6298 §5.5");
    assert_eq!(cite(Rule::GapAcknowledged), "RFC 5681 §4.2");
    let url = "https://www.rfc-editor.org/rfc/rfc9293#section-3.10.7.4";
    assert_eq!(citation_url(Rule::TextAcknowledged), url);
    // RFC 6298 numbers its rules, but only its sections have addresses.
    assert_eq!(citation_url(Rule::BackedOff), "https://www.rfc-editor.org/rfc/rfc6298#section-5");
}

#[test]
fn the_segments_that_a_sentence_names_are_found_in_it() {
    let timeline = Timeline::of(Link::to("normal").scenario_to_run());
    let pieces = |text| naming_segments(text, timeline.trace()).collect::<Vec<_>>();
    let named = |text| -> Vec<String> {
        pieces(text).iter().filter_map(|it| it.1).map(|id| id.to_string()).collect()
    };
    assert_eq!(named("C1 (SYN, SEQ 100) asks: S1, not S99, XC1 or C12x"), ["C1", "S1"]);
    assert_eq!(named("서버는 S1 세그먼트(SYN,ACK)로 답합니다. C2"), ["S1", "C2"]);
    assert!(pieces("").is_empty());
    for text in ["C1", "no name", "C1C2 S1", "é C1…"] {
        let whole: String = pieces(text).iter().map(|it| it.0).collect();
        assert_eq!(whole, text);
    }
}

mod deep {
    use super::*;

    #[test]
    #[ignore = "deep: 10,000 more seeds"]
    fn lossy_runs_are_explained() {
        (300..10_300).for_each(check_lossy);
    }
}
