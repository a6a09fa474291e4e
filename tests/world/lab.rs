//! What people really meet, each as a link and the segments that it must give.

use std::sync::Arc;

use tcp_handshake::explain::explain;
use tcp_handshake::export::{Format, NotExpressible, Options, export};
use tcp_handshake::ladder::Ladder;
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::packetdrill;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::check::laws;
use tcp_handshake::sim::{Call, Cause, Effect, LossCause, Side, Timeline, World};
use tcp_handshake::tcp::{Config, Event, KeepAlive};
use tcp_handshake::time::{Duration, Instant};

fn run(link: &str) -> Timeline {
    let (link, problems) = Link::parse(link, "");
    assert_eq!(problems, []);
    Timeline::of(link.scenario_to_run())
}

/// Every segment from `from` on: its name, when it is sent, its flags, its text if it has any, and
/// a cross if it is lost.
#[track_caller]
fn check(link: &str, from: &str, expected: &[&str]) {
    let timeline = run(link);
    let records = timeline.trace().segments.iter();
    let lines = records.map(|record| {
        let segment = &record.segment;
        let text = match segment.text.len() {
            0 => String::new(),
            octets => format!(" {octets}"),
        };
        let lost = if record.lost.is_some() { " x" } else { "" };
        format!("{} {} {}{text}{lost}", record.id, record.sent_at, segment.flags)
    });
    let lines: Vec<String> =
        lines.skip_while(|line| !line.starts_with(&format!("{from} "))).collect();
    assert_eq!(lines, expected, "{link}");
}

#[test]
fn text_for_an_application_that_ended_draws_a_reset() {
    let link = "scenario=half-close&do=exit:C@180ms";
    let fate = ["C3 180ms FIN,ACK", "S2 230ms ACK", "S3 330ms PSH,ACK 12", "C4 380ms RST"];
    check(link, "C3", &fate);
    let on_linux = ["C3 180ms FIN,ACK", "S2 234ms ACK", "S3 330ms PSH,ACK 12", "C4 380ms RST"];
    check(&format!("{link}&stack=linux"), "C3", &on_linux);
    let timeline = run(link);
    let states = timeline.hosts_after(Some(usize::MAX)).map(|host| host.state.name());
    assert_eq!(states, ["CLOSED", "CLOSED"]);
}

#[test]
fn the_lessons_about_applications_that_end() {
    check(
        "scenario=late-data",
        "C4",
        &["C4 250ms FIN,ACK", "S3 300ms ACK", "S4 400ms PSH,ACK 12", "C5 450ms RST"],
    );
    let end = ["S4 400ms PSH,ACK 7", "C5 450ms ACK", "S5 550ms RST"];
    check("scenario=unread-data", "S4", &end);
    let end = ["S4 400ms PSH,ACK 7", "C5 450ms ACK", "S5 550ms RST,ACK"];
    check("scenario=unread-data&stack=linux", "S4", &end);
    // The server's FIN and the request cross. The reset has SND.NXT, so that a client that follows
    // the RFC accepts it after the FIN; Linux answers as from CLOSED, and accepts that.
    let rest = ["C5 5210ms PSH,ACK 9", "S4 5250ms FIN,ACK", "S5 5260ms RST"];
    let answered = ["C6 5300ms ACK", "S6 5350ms RST"];
    check("scenario=bad-gateway", "C5", &[&rest[..], &answered].concat());
    check("scenario=bad-gateway&stack=linux", "C5", &rest);
    for link in ["scenario=bad-gateway", "scenario=bad-gateway&rtt=4s&stack=linux"] {
        let timeline = run(link);
        let is_reset = |effect| matches!(effect, Effect::Event(Event::Reset, _));
        let trace = timeline.trace();
        let mut told = trace.steps.iter().filter(|step| trace.effects(step).any(is_reset));
        assert_eq!(told.next().map(|step| step.side), Some(Side::Client), "{link}");
    }
    // A minute after FIN-WAIT-2 began its connection is forgotten; CLOSE-WAIT lasts.
    let end = ["S2 300ms ACK", "S3 75300ms PSH,ACK 6", "C4 75350ms RST"];
    check("scenario=fin-wait-2-timeout", "S2", &end);
    let timeline = run("scenario=fin-wait-2-timeout");
    let at = timeline.seek(Instant::from_millis(60_400)).step;
    let states = timeline.hosts_after(at).map(|host| host.state.name());
    assert_eq!(states, ["CLOSED", "CLOSE-WAIT"]);
}

#[test]
fn close_of_one_direction_still_reads() {
    // shutdown(SHUT_WR), for comparison: the same FIN, and everything is read.
    let timeline = run("scenario=half-close");
    assert!(timeline.trace().segments.iter().all(|record| !record.segment.rst()));
}

#[test]
fn an_application_that_ended_or_crashed_makes_no_further_calls() {
    let calls = |link: &str, side: Side| -> Vec<Call> {
        let trace = run(link).trace().clone();
        let made = trace.steps.iter().filter(|step| step.side == side);
        made.filter_map(|step| match step.cause {
            Cause::Call(call) => Some(call),
            _ => None,
        })
        .collect()
    };
    let whole = calls("scenario=normal", Side::Client);
    assert_eq!(whole, [Call::Connect, Call::Send(5), Call::Close]);
    for (verb, call) in [("exit", Call::Exit), ("crash", Call::Crash)] {
        let link = format!("scenario=normal&do={verb}:C@150ms");
        assert_eq!(calls(&link, Side::Client), [Call::Connect, call]);
    }
    // What follows from what arrives later is not done either.
    let server = calls("scenario=normal&do=exit:S@180ms", Side::Server);
    assert_eq!(server, [Call::Listen, Call::Exit]);
    // The application of a host that restarts opens again, and so can a reader.
    let restarted = calls("scenario=half-open", Side::Client);
    assert_eq!(restarted, [Call::Connect, Call::Crash, Call::Connect]);
    let by_hand =
        calls("scenario=normal&do=crash:C@150ms,open:C@160ms,send:C:3@900ms", Side::Client);
    assert!(by_hand.ends_with(&[Call::Connect, Call::Send(3)]), "{by_hand:?}");
    // An end without a connection is an end too.
    assert_eq!(calls("scenario=refused&do=exit:S@1ms", Side::Server), [Call::Exit]);
}

#[test]
fn nobody_is_told_after_the_end() {
    let (english, timeline) = (Catalog::english(), run("scenario=half-close&do=exit:C@180ms"));
    let told = |side| {
        let trace = timeline.trace();
        let steps = trace.steps.iter().enumerate().filter(|(_, step)| step.side == side);
        let words = steps.filter_map(|(index, _)| explain(trace, index, english));
        words
            .flat_map(|it| it.details)
            .filter(|it| it.starts_with("The application is told"))
            .count()
    };
    assert_eq!((told(Side::Client), told(Side::Server)), (0, 2));
}

#[test]
fn the_end_is_explained_in_words_of_sockets_and_of_the_rfc() {
    for (code, word) in [("en", "shutdown(SHUT_WR) is the RFC's CLOSE"), ("ko", "RFC의 CLOSE")] {
        let catalog = Catalog::built_in(code).unwrap();
        for link in
            ["scenario=half-close&do=exit:C@180ms", "scenario=normal&do=exit:C@400ms,exit:C@1s"]
        {
            let timeline = run(link);
            let trace = timeline.trace();
            for (index, step) in trace.steps.iter().enumerate() {
                if step.cause == Cause::Call(Call::Exit) {
                    let words = explain(trace, index, &catalog).unwrap();
                    assert!(words.sentence.contains("close(2)"), "{}", words.sentence);
                    assert!(words.why.contains(word), "{}", words.why);
                }
            }
        }
    }
}

#[test]
fn the_end_is_exported_as_close() {
    for stack in ["rfc9293", "linux"] {
        let link = format!("scenario=half-close&stack={stack}&do=exit:C@180ms");
        let (link, _) = Link::parse(&link, "");
        let timeline = Timeline::of(link.scenario_to_run());
        let (english, options) = (Catalog::english(), Options::default());
        let script = export(&timeline, &link, Format::Packetdrill, english, &options).unwrap();
        let script = String::from_utf8(script).unwrap();
        assert!(script.contains("close(3) = 0") && !script.contains("shutdown"), "{script}");
        let parsed = packetdrill::parse(&script).unwrap();
        let report = packetdrill::run(&parsed, &packetdrill::Options::default());
        assert!(report.passed(), "{}", report.verdict.line(stack));
    }
}

#[test]
fn what_is_sent_or_due_in_an_outage_is_lost() {
    // C5 of `normal` is sent at 450 ms and due at 500 ms.
    let fate = |outage: &str, id: &str| {
        let timeline = run(&format!("scenario=normal&do={outage}"));
        let record = timeline.trace().segment(id.parse().unwrap()).unwrap().clone();
        record.lost.map(|(at, cause)| (at.as_millis(), cause))
    };
    let lost = |at| Some((at, LossCause::Outage));
    assert_eq!(fate("cut@450ms", "C5"), lost(475), "it is sent when the outage begins");
    assert_eq!(fate("cut@490ms", "C5"), lost(490), "it is under way");
    assert_eq!(fate("cut@500ms", "C5"), lost(500), "it arrives when the outage begins");
    assert_eq!(fate("cut@501ms", "C5"), None);
    assert_eq!(fate("cut:50ms@400ms", "C5"), None, "the outage ends when it is sent");
    assert_eq!(fate("cut:51ms@400ms", "C5"), lost(475));
    assert_eq!(fate("cut:C@450ms", "C5"), lost(475));
    assert_eq!(fate("cut:S@450ms", "C5"), None, "only the server's segments");
    assert_eq!(fate("cut:S@450ms", "S4"), lost(525));
    // Edits apply in their order.
    assert_eq!(fate("cut@450ms,deliver:C5", "C5"), None);
    assert_eq!(fate("deliver:C5,cut@450ms", "C5"), lost(475));
    // A copy that would arrive in the outage does not.
    let timeline = run("scenario=normal&do=dup:C5:20ms,cut:S:10ms@510ms,cut:C:10ms@515ms");
    let record = timeline.trace().segment("C5".parse().unwrap()).unwrap();
    assert_eq!((record.lost, record.copy_arrives_at), (None, None));
}

#[test]
fn the_lessons_about_outages() {
    let lost = ["C4 1200ms PSH,ACK 20 x", "C5 2200ms PSH,ACK 20 x", "C6 4200ms PSH,ACK 20"];
    let timeline = run("scenario=cable-out");
    let sent: Vec<String> = timeline.trace().segments.iter().map(|it| it.id.to_string()).collect();
    assert!(sent.ends_with(&["S6".to_owned(), "C9".to_owned()]), "it goes on and closes: {sent:?}");
    let rest = ["S3 4250ms ACK", "S4 4300ms PSH,ACK 7", "C7 4350ms ACK"];
    let close = ["C8 4450ms FIN,ACK", "S5 4500ms ACK", "S6 4600ms FIN,ACK", "C9 4650ms ACK"];
    check("scenario=cable-out", "C4", &[&lost[..], &rest, &close].concat());
    // For good: the client gives up after R2, and closing is never reached.
    let timeline = run("scenario=cable-out&do=cut@4s");
    let told = timeline.trace().steps.last().unwrap();
    let is_told = |effect| matches!(effect, Effect::Event(Event::TimedOut, _));
    assert!(timeline.trace().effects(told).any(is_told));
    let end = ["C7 8200ms PSH,ACK 20 x", "C8 16200ms PSH,ACK 20", "S3 16250ms RST"];
    check("scenario=power-lost", "C7", &end);
    let end = ["C10 10800ms PSH,ACK 20 x", "C11 20400ms PSH,ACK 20", "S3 20450ms RST"];
    check("scenario=power-lost&stack=linux", "C10", &end);
    // A probe a minute after the last sign of life, then three that nobody answers.
    let answered = ["C4 60300ms ACK", "S3 60350ms ACK"];
    let probes = ["C5 120400ms ACK x", "C6 130400ms ACK x", "C7 140400ms ACK x"];
    let end = ["C8 150400ms RST x"];
    check("scenario=keep-alive", "C4", &[&answered[..], &probes, &end].concat());
}

#[test]
fn an_outage_is_a_band_in_every_picture() {
    let (link, _) = Link::parse("scenario=cable-out&do=cut:S:200ms@5s,cut@99s", "");
    let timeline = Timeline::of(link.scenario_to_run());
    let ladder = Ladder::of(&timeline, false);
    let spans =
        ladder.outages.iter().map(|it| (ladder.axis.at(it.y_from), ladder.axis.at(it.y_to)));
    let spans: Vec<_> = spans.map(|(from, to)| [from, to].map(Instant::as_millis)).collect();
    // The run ends 2MSL after 4.65 s, so that the third one is in it.
    assert_eq!(spans, [[1_000, 4_000], [5_000, 5_200], [99_000, 244_650]]);
    for (code, word) in [("en", "outage"), ("ko", "통신 두절")] {
        let catalog = Catalog::built_in(code).unwrap();
        for format in [Format::Svg, Format::SvgAnimated] {
            let picture = export(&timeline, &link, format, &catalog, &Options::default()).unwrap();
            let picture = String::from_utf8(picture).unwrap();
            let bands = picture.matches("fill-opacity=\".12\" class=\"ls").count();
            assert_eq!(bands, 3, "{picture}");
            assert!(picture.contains(&format!(">{word} 3 s</text>")), "{picture}");
        }
    }
    let (link, _) = Link::parse("scenario=normal&do=cut@900s", "");
    let late = Timeline::of(link.scenario_to_run());
    assert_eq!(Ladder::of(&late, false).outages, [], "it begins after the end of the run");
}

#[test]
fn a_quiz_does_not_betray_an_outage() {
    let timeline = run("scenario=normal&do=cut@490ms");
    let trace = timeline.trace();
    let sent = Instant::from_millis(460);
    let step = trace.step_at(sent).unwrap();
    let known = timeline.known(step + 1, sent);
    let record = known.trace().segment("C5".parse().unwrap()).unwrap();
    assert_eq!((record.lost, record.arrives_at), (None, Some(Instant::from_millis(500))));
}

/// The options of both hosts of a link, by some field.
fn hosts<T>(link: &str, field: impl Fn(&Config) -> T) -> [T; 2] {
    run(link).scenario().hosts.each_ref().map(|host| field(&host.config))
}

#[test]
fn each_host_can_have_options_of_its_own() {
    let usual = KeepAlive::DEFAULT;
    let seconds = Duration::from_secs;
    assert_eq!(hosts("nodelay=on", |it| it.nagle), [false; 2]);
    assert_eq!(hosts("nodelay=C:on", |it| it.nagle), [false, true]);
    let delack = |link: &str| hosts(link, |it| it.delayed_ack.map(Duration::as_millis));
    assert_eq!(delack("delack=S:200ms"), [None, Some(200)]);
    assert_eq!(delack("delack=off,90ms&stack=linux"), [None, Some(90)]);
    assert_eq!(hosts("keepalive=on,off", |it| it.keep_alive), [Some(usual), None]);
    let times = KeepAlive { idle: seconds(60), interval: seconds(10), probes: 3 };
    assert_eq!(hosts("keepalive=C:60s-10s-3", |it| it.keep_alive), [Some(times), None]);
    let idle = KeepAlive { idle: seconds(90), ..usual };
    assert_eq!(hosts("keepalive=S:90s", |it| it.keep_alive), [None, Some(idle)]);
    assert_eq!(hosts("user-timeout=30s,off", |it| it.user_timeout), [Some(seconds(30)), None]);
    assert_eq!(hosts("rfc5961=S:off", |it| it.challenge_rst), [true, false]);
    assert_eq!(hosts("rfc5961=S:off", |it| it.challenge_syn), [true, false]);
    assert_eq!(hosts("rfc1337=on,off", |it| it.time_wait_ignores_rst), [true, false]);
    assert_eq!(hosts("reopen=S:on", |it| it.habits.time_wait_reopens), [false, true]);
    assert_eq!(hosts("reopen=off&stack=linux", |it| it.habits.time_wait_reopens), [false; 2]);
}

#[test]
fn options_are_written_as_short_as_possible() {
    let written = |text: &str| Link::parse(text, "").0.to_string();
    for (given, expected) in [
        ("keepalive=90s-75s-9", "keepalive=90s"),
        ("nodelay=ON,on", "nodelay=on"),
        ("delack=0.04s,40", "delack=40ms"),
        ("user-timeout=OFF&rfc5961=c:off", "user-timeout=off&rfc5961=C:off"),
        ("reopen=on&rfc1337=off,on", "rfc1337=off,on&reopen=on"),
    ] {
        assert_eq!(written(given), format!("scenario=normal&{expected}"));
        assert_eq!(written(&written(given)), written(given));
    }
    for bad in [
        "keepalive=60s-10s",
        "keepalive=0",
        "delack=500ms",
        "delack=0",
        "nodelay=yes",
        "rfc5961=X:on",
        "user-timeout=0",
        "keepalive=9s-9s-128",
    ] {
        assert_eq!(Link::parse(bad, "").1.len(), 1, "{bad}");
    }
}

#[test]
fn options_change_what_happens() {
    let sent = |link: &str| run(link).trace().segments.len();
    // Nagle's algorithm holds back the second of two small segments.
    let burst = "scenario=normal&do=send:C:5@210ms";
    let nodelay = format!("{burst}&nodelay=C:on");
    let second = |link: &str| run(link).trace().segments[4].sent_at.as_millis();
    assert_eq!((second(burst), second(&nodelay)), (250, 210));
    // An ACK that waits is carried by the answer.
    assert_eq!(sent("scenario=normal") - sent("scenario=normal&delack=60ms"), 1);
    // The user timeout ends what R2 would end later.
    let timeline = run("scenario=cable-out&do=cut@1s&user-timeout=C:5s");
    let is_told = |effect| matches!(effect, Effect::Event(Event::TimedOut, _));
    let trace = timeline.trace();
    let told = trace.steps.iter().find(|step| trace.effects(step).any(is_told)).unwrap();
    assert_eq!((told.side, told.at.as_millis()), (Side::Client, 6_200));
    // Keep-alives of the scenario give way to those of the link.
    assert_eq!(sent("scenario=keep-alive&keepalive=off"), 5);
}

#[test]
fn options_of_hosts_are_exported_or_refused() {
    let script = |link: &str| {
        let (link, _) = Link::parse(link, "");
        let timeline = Timeline::of(link.scenario_to_run());
        let (english, options) = (Catalog::english(), Options::default());
        let script = export(&timeline, &link, Format::Packetdrill, english, &options)?;
        Ok(String::from_utf8(script).unwrap())
    };
    let script_of = "scenario=normal&nodelay=on&keepalive=60s-10s-3&user-timeout=30s";
    for stack in ["rfc9293", "linux"] {
        let script = script(&format!("{script_of}&stack={stack}")).unwrap();
        for option in [
            "TCP_NODELAY, [1]",
            "TCP_KEEPIDLE, [60]",
            "TCP_KEEPINTVL, [10]",
            "TCP_KEEPCNT, [3]",
            "TCP_USER_TIMEOUT, [30000]",
            "SO_KEEPALIVE, [1]",
        ] {
            assert!(script.contains(option), "{script}");
        }
        let parsed = packetdrill::parse(&script).unwrap();
        let report = packetdrill::run(&parsed, &packetdrill::Options::default());
        assert!(report.passed(), "{}", report.verdict.line(stack));
    }
    for option in ["rfc5961=off", "rfc1337=on", "reopen=on", "user-timeout=off"] {
        let link = format!("scenario=normal&{option}");
        assert_eq!(script(&link), Err(NotExpressible::Option), "{option}");
    }
}

#[test]
fn a_path_that_loses_long_segments_is_a_black_hole() {
    let lesson = run("scenario=mtu-black-hole");
    let fate = |timeline: &Timeline| -> Vec<(u32, bool)> {
        let client = timeline.trace().segments.iter().filter(|it| it.from == Side::Client);
        client.map(|it| (it.segment.text.len(), it.lost.is_some())).collect()
    };
    let sent = fate(&lesson);
    assert_eq!(
        sent[..6],
        [(0, false), (0, false), (5, false), (0, false), (1460, true), (1460, true)]
    );
    assert!(sent[6..].iter().all(|(octets, is_lost)| *octets == 1460 && *is_lost), "{sent:?}");
    let causes = lesson.trace().segments.iter().filter_map(|record| record.lost);
    assert!(causes.map(|(_, cause)| cause).all(|cause| cause == LossCause::Mtu));
    let is_told = |effect| matches!(effect, Effect::Event(Event::TimedOut, _));
    assert!(lesson.trace().effects(lesson.trace().steps.last().unwrap()).any(is_told));
    // A smaller MSS passes, as does an edit that delivers; the limit counts 40 bytes of headers.
    for link in ["mss=1360", "mtu=1500", "mtu=1361&mss=1321"] {
        let timeline = run(&format!("scenario=mtu-black-hole&{link}"));
        assert!(timeline.trace().segments.iter().all(|it| it.lost.is_none()), "{link}");
    }
    let timeline = run("scenario=mtu-black-hole&mtu=1361&mss=1322");
    assert!(timeline.trace().segments.iter().any(|it| it.lost.is_some()));
    let timeline = run("scenario=mtu-black-hole&do=deliver:C5");
    assert_eq!(timeline.trace().segment("C5".parse().unwrap()).unwrap().lost, None);
    // Timestamps take 12 bytes of each segment.
    let timeline = run("scenario=mtu-black-hole&mss=1349&stack=linux");
    assert!(timeline.trace().segments.iter().all(|it| it.lost.is_none()));
}

/// Applications that end anywhere, outages and options: every law holds after every step.
#[test]
fn no_law_is_broken_by_ends_outages_and_options() {
    const VERBS: [&str; 10] = [
        "exit:C@T",
        "exit:S@T",
        "crash:S@T",
        "cut@T",
        "cut:D@T",
        "cut:C:D@T",
        "cut:S:D@T",
        "send:C:700@T",
        "close:S@T",
        "deliver:C4",
    ];
    const OPTIONS: [&str; 9] = [
        "nodelay=on",
        "delack=C:90ms",
        "keepalive=5s-2s-3",
        "user-timeout=4s",
        "rfc5961=off",
        "rfc1337=on",
        "reopen=on",
        "mtu=400",
        "stack=linux",
    ];
    let mut state = 1_u64;
    let mut below = |end: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    };
    for _ in 0..3_000 {
        let lesson = LESSONS[below(LESSONS.len())].id;
        let mut edits = vec![];
        for _ in 0..=below(4) {
            let at = format!("{}ms", below(80) * 20);
            let lasts = format!("{}ms", below(40) * 50);
            edits.push(VERBS[below(VERBS.len())].replace('T', &at).replace('D', &lasts));
        }
        let options = [below(9), below(9)].map(|index| OPTIONS[index]).join("&");
        let link = format!("scenario={lesson}&mss=200&do={}&{options}", edits.join(","));
        let (link, _) = Link::parse(&link, "");
        assert_eq!(link.edits.len(), edits.len(), "{link}");
        let (mut world, mut trace) = World::new(Arc::new(link.scenario_to_run()));
        while trace.steps.len() < 1_500 && world.step(&mut trace) {
            if let Err(violation) = laws::after_step(&world, &trace) {
                panic!("{violation}: {link}");
            }
        }
        let fresh = Timeline::of(link.scenario_to_run());
        assert!(fresh.trace().steps.len() >= trace.steps.len(), "{link}");
    }
}
