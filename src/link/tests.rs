use proptest::prelude::*;

use super::{
    Goal, LOCKS, Link, Lock, MAX_EDITS, MAX_LENGTH, MAX_NAME, MAX_TASK, PauseOn, Problem,
    ProblemKind, Speed, Theme,
};
use crate::scenarios::{LESSONS, Stack, Switches, WindowScale};
use crate::sim::{Call, Edit, Outage, Part, SegmentId, Side};
use crate::tcp::{Config, KeepAlive, SeqNumber, State};
use crate::time::{Duration, Instant};

fn read(text: &str) -> (Link, Vec<Problem>) {
    Link::parse("", text)
}

fn problem(key: &str, part: &str, kind: ProblemKind) -> Problem {
    Problem { key: key.to_owned(), part: part.to_owned(), kind }
}

#[test]
fn nothing_is_the_default() {
    let (link, problems) = Link::parse("?", "#");
    assert_eq!((link, problems), (Link::default(), vec![]));
    assert_eq!(Link::default().to_string(), "scenario=normal");
}

#[test]
fn every_bad_part_is_named_and_the_rest_works() {
    let (link, problems) =
        Link::parse("?scenario=nope&do=drop:X9,delay:C1:-5s,drop:C2&rtt=banana&mss=536", "");
    assert_eq!(link.to_string(), "scenario=normal&do=drop:C2&mss=536");
    assert_eq!(
        problems,
        [
            problem("scenario", "nope", ProblemKind::UnknownScenario),
            problem("do", "drop:X9", ProblemKind::NotASegment),
            problem("do", "delay:C1:-5s", ProblemKind::NotATime),
            problem("rtt", "banana", ProblemKind::NotATime),
        ]
    );
}

#[test]
fn everything_is_written_in_one_order_and_spelling() {
    let text = "EMBED=1&Panels=log,tcb&theme=DARK&lang=ko-KR&speed=0.25x&autoplay=true&t=1.5s\
                &rto=0.4s,90S&MSL=5&window=4096\
                &stack=linux&isn=0,4294967295&mss=536&seed=7&loss=5%&rtt=200\
                &do=Drop:c1&PART=Close&\
                do=close:c@900&scenario=half-close";
    let (link, problems) = read(text);
    assert_eq!(problems, []);
    assert_eq!(
        link.to_string(),
        "scenario=half-close&part=close&do=drop:C1,close:C@900ms&rtt=200ms&loss=5&seed=7&mss=536\
         &isn=0,4294967295&stack=linux&window=4096&msl=5ms&rto=400ms,90s\
         &t=1500ms&autoplay=1&speed=0.25&lang=ko&theme=dark\
         &panels=log,tcb&embed=1"
    );
}

#[test]
fn defaults_are_left_out() {
    let (link, problems) = read(
        "scenario=normal&do=&rtt=100ms&loss=0&seed=1&isn=100,300&stack=rfc9293&autoplay=0&speed=1\
         &theme=auto&panels=&embed=0",
    );
    assert_eq!((link, problems), (Link::default(), vec![]));
}

#[test]
fn the_fragment_wins_key_by_key() {
    let (link, problems) = Link::parse("?scenario=abort&rtt=30&x=1", "#scenario=refused&X=2");
    assert_eq!(problems, [problem("x", "2", ProblemKind::UnknownKey)]);
    assert_eq!(link.to_string(), "scenario=refused&rtt=30ms&x=2");
}

#[test]
fn unknown_names_of_a_query_are_dropped_without_a_word() {
    let tracked = "?utm_source=news&scenario=abort&fbclid=%FF&gclid&%FF=1&rtt=30ms&utm_source=2";
    let (link, problems) = Link::parse(tracked, "#t=5ms");
    assert_eq!(problems, []);
    assert_eq!(link.to_string(), "scenario=abort&rtt=30ms&t=5ms");
    let many: Vec<String> = (0..500).map(|number| format!("a{number}=1")).collect();
    let (link, problems) = Link::parse(&format!("{}&scenario=abort", many.join("&")), "");
    assert_eq!((link.scenario, problems), ("abort", vec![]));
}

#[test]
fn an_address_is_read_and_a_text_alone_is_a_fragment() {
    let read = |text: &str| {
        let (link, problems) = Link::of_address(text);
        (link.to_string(), problems.len())
    };
    let run = "scenario=refused&rtt=30ms";
    for address in [
        run.to_owned(),
        format!("#{run}"),
        format!("?{run}"),
        format!("https://notes.example/#{run}"),
        format!("https://notes.example/?{run}&utm_source=a"),
        format!("https://notes.example/a?b=c&scenario=abort#{run}"),
    ] {
        assert_eq!(read(&address), (run.to_owned(), 0), "{address}");
    }
    assert_eq!(read("https://notes.example/"), ("scenario=normal".into(), 0));
    assert_eq!(read("scenario=abort&later=1"), ("scenario=abort&later=1".into(), 1));
}

#[test]
fn unknown_parameters_are_kept_in_order_and_harmless() {
    let (link, problems) = read("zeta=%3Cscript%3E&alpha=a+b|c&=1&q=%zz&r=%FF");
    let kinds: Vec<ProblemKind> = problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(link.to_string(), "scenario=normal&zeta=%3Cscript%3E&alpha=a%20b%7Cc&q=%25zz");
    assert_eq!(kinds[0], ProblemKind::BadEncoding);
    assert_eq!(kinds[1..], [ProblemKind::UnknownKey; 4]);
}

#[test]
fn a_quoted_part_cannot_change_the_sentence_around_it() {
    let (_, problems) = read("scenario=%1b[2Jx%e2%80%ae%e2%81%a6&rtt=%d7%a9%0a");
    let parts: Vec<&str> = problems.iter().map(|problem| problem.part.as_str()).collect();
    assert_eq!(parts, ["\u{fffd}[2Jx\u{fffd}\u{fffd}", "ש"]);
}

#[test]
fn a_repeated_parameter_is_reported_and_the_later_one_counts() {
    let (link, problems) = read("rtt=20&rtt=30");
    assert_eq!(link.rtt, Some(Duration::from_millis(30)));
    assert_eq!(problems, [problem("rtt", "20", ProblemKind::Repeated)]);
}

#[test]
fn line_breaks_separate_parameters() {
    let (link, problems) = read("scenario=syn-lost\r\ndo=drop:C2\ndo=delay:S1:300ms\n");
    assert_eq!(problems, []);
    assert_eq!(link.to_string(), "scenario=syn-lost&do=drop:C2,delay:S1:300ms");
}

#[test]
fn ranges_are_kept() {
    for bad in [
        "rtt=61s",
        "loss=101",
        "loss=-1",
        "mss=15",
        "mss=65496",
        "isn=1",
        "isn=1,4294967296",
        "seed=18446744073709551616",
        "seed=0x1",
        "speed=3",
        "lang=xx",
        "theme=pink",
        "part=",
        "part=middle",
        "t=-1",
        "embed=2",
        "stack=bsd",
        "window=0",
        "window=65536",
        "msl=0",
        "msl=3601s",
        "rto=1s",
        "rto=1s,2s,3s",
        "rto=0,2s",
        "rto=2s,1s",
        "rto=1s,3601s",
        "sack=1",
        "sack=X:on",
        "ts=on,off,on",
        "wscale=15",
        "wscale=C:",
        "panels=a/b",
        "do=send:C:0@1s",
        "do=close:X@1s",
        "do=melt:C1",
        "do=drop:C1:C2",
        "do=close:C",
    ] {
        let (link, problems) = read(bad);
        assert_eq!((link, problems.len()), (Link::default(), 1), "{bad}");
    }
    for good in [
        "rtt=0",
        "rtt=60s",
        "loss=100",
        "mss=16",
        "mss=65495",
        "t=20000s",
        "window=1",
        "window=65535",
        "msl=1ms",
        "msl=3600s",
        "rto=1ms,1ms",
        "rto=1ms,3600s",
        "sack=on",
        "ts=C:off",
        "wscale=S:14",
        "wscale=off,0",
    ] {
        assert_eq!(read(good).1, [], "{good}");
    }
}

#[test]
fn one_parameter_is_set_or_taken_out() {
    let (link, _) = read("scenario=abort&do=drop:C1&rtt=30&window=9&t=1s&x=1");
    let set = |key, value| link.tuned(key, value).map(|link| link.to_string());
    let rest = "&t=1s&x=1";
    assert_eq!(
        set("rto", " 200 , 2s "),
        Ok(format!("scenario=abort&do=drop:C1&rtt=30ms&window=9&rto=200ms,2s{rest}"))
    );
    assert_eq!(set("window", ""), Ok(format!("scenario=abort&do=drop:C1&rtt=30ms{rest}")));
    assert_eq!(set("rtt", "100"), Ok(format!("scenario=abort&do=drop:C1&window=9{rest}")));
    assert_eq!(link.untuned().to_string(), format!("scenario=abort&do=drop:C1{rest}"));
    assert_eq!(set("rto", "2s,1s"), Err(ProblemKind::Reversed));
    assert_eq!(set("rtt", "61s"), Err(ProblemKind::NotATime));
    assert_eq!(set("mss", "x"), Err(ProblemKind::NotANumber));
    assert_eq!(set("scenario", "abort"), Err(ProblemKind::UnknownKey));
}

#[test]
fn an_assignment_is_read_and_each_bad_part_of_it_named() {
    let (link, problems) = read(
        "name=Hold+on&task=Keep%20it%0Ahere&goal=s:last-ack@10s,x:1,changes@1&lock=2,DROP,tunes",
    );
    assert_eq!(
        problems,
        [
            problem("goal", "x:1", ProblemKind::NotASide),
            problem("lock", "tunes", ProblemKind::UnknownValue),
        ]
    );
    assert_eq!(
        link.to_string(),
        "scenario=normal&name=Hold%20on&task=Keep%20it%0Ahere&goal=S:LAST-ACK@10s,changes@1\
         &lock=2,drop"
    );
    assert!(link.view.is_assignment());
    assert_eq!(read(&format!("name={}", "x".repeat(MAX_NAME + 1))).1.len(), 1);
    assert_eq!(
        read(&format!("goal={}", ["C:CLOSED"; 9].join(","))).1[0].kind,
        ProblemKind::TooMany
    );
}

#[test]
fn the_hosts_are_what_the_link_says() {
    let (link, problems) =
        read("stack=linux&mss=536&window=9&msl=2s&rto=300ms,7s&isn=7,8&scenario=close-wait-leak");
    assert_eq!(problems, []);
    for (host, iss) in link.scenario_to_run().hosts.iter().zip([7, 8]) {
        let mut expected = Config::linux(SeqNumber(iss));
        expected.mss = 536;
        expected.receive_buffer = 9;
        // So small a window is not scaled.
        expected.window_scale = Some(0);
        expected.time_wait = Duration::from_secs(4);
        expected.rto_min = Duration::from_millis(300);
        expected.rto_max = Duration::from_secs(7);
        assert_eq!(host.config, expected);
    }
}

#[test]
fn a_parameter_of_the_hosts_can_be_said_for_one_of_them() {
    for (said, canonical, wanted) in [
        ("sack=on,on", "&sack=on", [true, true]),
        ("sack=C:on", "&sack=C:on", [true, false]),
        ("sack=s:ON", "&sack=S:on", [false, true]),
        ("sack=on,off", "&sack=on,off", [true, false]),
        ("stack=linux&sack=S:off", "&stack=linux&sack=S:off", [true, false]),
    ] {
        let (link, problems) = read(said);
        assert_eq!(problems, [], "{said}");
        assert_eq!(link.to_string(), format!("scenario=normal{canonical}"));
        let hosts = link.scenario_to_run().hosts;
        assert_eq!(hosts.map(|host| host.config.sack), wanted, "{said}");
    }
    let (link, _) = read("stack=linux&wscale=off,3&ts=off");
    let hosts = link.scenario_to_run().hosts;
    assert_eq!(hosts.each_ref().map(|host| host.config.window_scale), [None, Some(3)]);
    assert!(hosts.iter().all(|host| !host.config.timestamps));
}

#[test]
fn bounds_hold() {
    let edits = vec!["drop:C1"; MAX_EDITS + 9].join(",");
    let (link, problems) = read(&format!("do={edits}&rtt=20"));
    assert_eq!((link.edits.len(), problems.len()), (MAX_EDITS, 1));
    assert_eq!(link.rtt, Some(Duration::from_millis(20)));
    let (link, problems) = read(&format!("rtt=20&do={}", "é".repeat(MAX_LENGTH)));
    assert_eq!((link.to_string().as_str(), problems.len()), ("scenario=normal&rtt=20ms", 1));
    let (_, problems) = read(&"x&".repeat(1_000));
    assert!(problems.len() <= 64 && problems.iter().any(|it| it.kind == ProblemKind::Repeated));
}

#[test]
fn the_scenario_begins_with_its_own_edits() {
    let (link, _) = read("scenario=syn-timeout&do=deliver:C3");
    let run = link.scenario_to_run();
    assert_eq!(link.own_edits(), 8);
    assert_eq!(run.edits[8..], link.edits[..]);
}

fn segment() -> impl Strategy<Value = SegmentId> {
    (any::<bool>(), 1..2_000_u32).prop_map(|(client, ordinal)| {
        SegmentId::of(if client { Side::Client } else { Side::Server }, ordinal)
    })
}

fn edit() -> impl Strategy<Value = Edit> {
    let span = || (0..=3_600_000_000_u64).prop_map(Duration::from_micros);
    let side = || any::<bool>().prop_map(|it| if it { Side::Client } else { Side::Server });
    let call = prop_oneof![
        Just(Call::Listen),
        Just(Call::Connect),
        (1..=65_535_u32).prop_map(Call::Send),
        (0..=65_535_u32).prop_map(Call::Window),
        Just(Call::Read),
        Just(Call::Close),
        Just(Call::Abort),
        Just(Call::Exit),
        Just(Call::Crash),
    ];
    prop_oneof![
        segment().prop_map(Edit::Drop),
        segment().prop_map(Edit::Corrupt),
        (segment(), proptest::option::of(span()))
            .prop_map(|(id, flight)| Edit::Deliver(id, flight)),
        (segment(), span()).prop_map(|(id, by)| Edit::Delay(id, by)),
        (segment(), proptest::option::of(span())).prop_map(|(id, by)| Edit::Duplicate(id, by)),
        (side(), call, span()).prop_map(|(side, call, at)| Edit::Call(
            side,
            call,
            Instant::ZERO + at
        )),
        (proptest::option::of(side()), proptest::option::of(span()), span()).prop_map(
            |(of, lasts, from)| Edit::Cut(Outage { of, from: Instant::ZERO + from, lasts })
        ),
    ]
}

fn goal() -> impl Strategy<Value = Goal> {
    let state = || (0..State::ALL.len()).prop_map(|index| State::ALL[index]);
    let side = || any::<bool>().prop_map(|it| if it { Side::Client } else { Side::Server });
    let span = (0..=3_600_000_000_u64).prop_map(Duration::from_micros);
    prop_oneof![
        (side(), state()).prop_map(|(side, state)| Goal::Enters(side, state)),
        (side(), state(), span).prop_map(|(side, state, span)| Goal::Stays(side, state, span)),
        (side(), state()).prop_map(|(side, state)| Goal::Ends(side, state)),
        (side(), any::<u32>()).prop_map(|(side, octets)| Goal::Receives(side, octets)),
        (side(), any::<u32>()).prop_map(|(side, count)| Goal::Resends(side, count)),
        any::<u32>().prop_map(Goal::Changes),
    ]
}

/// The start of a text, as a link keeps it.
fn short(text: &str, most: usize) -> Option<String> {
    let text: String = text.trim().chars().take(most).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn per_host<T: Clone + core::fmt::Debug>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = [Option<T>; 2]> {
    proptest::array::uniform2(proptest::option::of(value))
}

prop_compose! {
    fn switches()(
        [nodelay, rfc5961, rfc1337, reopens] in any::<[[Option<bool>; 2]; 4]>(),
        delayed_ack in per_host(proptest::option::of(1_000..=499_000_u64)),
        user_timeout in per_host(proptest::option::of(1_000..=3_600_000_000_u64)),
        keep_alive in per_host(proptest::option::of((1..=3_600_u64, 1..=75_u64, 1..=9_u32))),
    ) -> Switches {
        let spans = |host: Option<Option<u64>>| host.map(|it| it.map(Duration::from_micros));
        let seconds = Duration::from_secs;
        Switches {
            nodelay,
            delayed_ack: delayed_ack.map(spans),
            keep_alive: keep_alive.map(|host| {
                host.map(|times| {
                    times.map(|(idle, interval, probes)| KeepAlive {
                        idle: seconds(idle),
                        interval: seconds(interval),
                        probes,
                    })
                })
            }),
            user_timeout: user_timeout.map(spans),
            rfc5961,
            rfc1337,
            reopens,
        }
    }
}

prop_compose! {
    fn link()(
        lesson in 0..LESSONS.len(),
        part in 0..=Part::ALL.len(),
        edits in proptest::collection::vec(edit(), 0..8),
        rtt in proptest::option::of(0..=60_000_000_u64),
        loss in proptest::option::of(0..=100_u8),
        seed in any::<Option<u64>>(),
        (mss, mtu) in (proptest::option::of(16..=65_495_u16), proptest::option::of(80..=u16::MAX)),
        isn in any::<Option<[u32; 2]>>(),
        linux in any::<bool>(),
        window in proptest::option::of(1..=u16::MAX),
        msl in proptest::option::of(1_000..=3_600_000_000_u64),
        rto in proptest::option::of((1_000..=3_600_000_000_u64, 1_000..=3_600_000_000_u64)),
        sack in any::<[Option<bool>; 2]>(),
        ts in any::<[Option<bool>; 2]>(),
        wscale in proptest::array::uniform2(proptest::option::of(0..=15_u8)),
        switches in switches(),
        t in any::<Option<u64>>(),
        autoplay in any::<bool>(),
        speed in 0..Speed::ALL.len(),
        lang in proptest::option::of(0..crate::locale::LANGUAGES.len()),
        theme in 0..Theme::ALL.len(),
        pause_on in 0..PauseOn::ALL.len(),
        panels in proptest::collection::vec("[a-z][a-z0-9-]{0,9}", 0..4),
        embed in any::<bool>(),
        (name, task) in any::<(Option<String>, Option<String>)>(),
        goals in proptest::collection::vec(goal(), 0..4),
        (given, locked) in (0..9_usize, 0..LOCKS.len()),
        unknown in proptest::collection::vec(("x-\\PC{1,9}", "\\PC{0,9}"), 0..3),
    ) -> Link {
        let mut link = Link::to(LESSONS[lesson].id);
        link.part = Part::ALL.get(part).copied();
        link.edits = edits;
        link.rtt = rtt.map(Duration::from_micros);
        link.loss = loss;
        link.seed = seed;
        (link.mss, link.mtu) = (mss, mtu);
        link.isn = isn.map(|isn| isn.map(SeqNumber));
        link.stack = linux.then_some(Stack::Linux);
        link.window = window;
        link.msl = msl.map(Duration::from_micros);
        link.rto = rto.map(|(a, b)| [a.min(b), a.max(b)].map(Duration::from_micros));
        (link.sack, link.ts) = (sack, ts);
        link.wscale = wscale.map(|scale| {
            scale.map(|bits| if bits > 14 { WindowScale::Off } else { WindowScale::Bits(bits) })
        });
        link.switches = switches;
        link.view.t = t.map(Instant::from_micros);
        link.view.autoplay = autoplay;
        link.view.speed = Speed::ALL[speed];
        link.view.lang = lang.map(|index| crate::locale::LANGUAGES[index].code.to_owned());
        link.view.theme = Theme::ALL[theme];
        link.view.pause_on = PauseOn::ALL[pause_on];
        link.view.panels = panels.into_iter().map(super::Panel::named).collect();
        link.view.panels.sort();
        link.view.panels.dedup();
        link.view.embed = embed;
        link.view.name = name.as_deref().and_then(|it| short(it, MAX_NAME));
        link.view.task = task.as_deref().and_then(|it| short(it, MAX_TASK));
        link.view.goals = goals;
        link.view.lock = Lock::of_edits(given).with(locked);
        for (key, value) in unknown {
            let key = key.trim().to_ascii_lowercase();
            if link.unknown.iter().all(|(other, _)| *other != key) {
                link.unknown.push((key, value));
            }
        }
        link.normalized()
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(link in link()) {
        let text = link.to_string();
        let (read, problems) = read(&text);
        prop_assert_eq!(&read, &link);
        prop_assert_eq!(problems.len(), link.unknown.len());
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".,:@_-=&%".contains(&byte);
        prop_assert!(text.bytes().all(is_plain));
    }

    #[test]
    fn any_text_is_read_and_settles(
        query in "\\PC{0,80}",
        fragment in "[a-zA-Z0-9=&,:%@.#-]{0,80}",
    ) {
        let (link, _) = Link::parse(&query, &fragment);
        let text = link.to_string();
        prop_assert_eq!(&read(&text).0, &link);
        prop_assert_eq!(read(&text).0.to_string(), text);
    }
}
