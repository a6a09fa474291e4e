//! The picture shown before the program runs is that of the default scenario.

use std::fmt::Write;

use tcp_handshake::ladder::{Arrow, Caption, Ladder};
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::sim::{SegmentRecord, Side, Timeline};

/// As `ui::ladder` draws it: where the run begins, and the height of a round trip.
const TOP: u64 = 26;
const ROUND_TRIP: u64 = 104;
const HEAD: &str = "M-4 0-14-5.5-12 0-14 5.5z";
const LOADING: &str = include_str!("../../static/loading.js");
const PAGE: &str = include_str!("../../index.html");

fn y(arrow_y: u64, rtt: u64) -> u64 {
    TOP + arrow_y * ROUND_TRIP / rtt
}

/// The longest caption without a change of the window, which the page shows only where it fits.
fn label(arrow: &Arrow, record: &SegmentRecord) -> String {
    let [_, caption, ..] = Caption::forms(arrow, &record.segment);
    caption.words().collect::<Vec<_>>().join(" ")
}

/// The lines by kind, then the arrowheads and the labels in order.
fn poster() -> String {
    let (link, _) = Link::parse("", "");
    let timeline = Timeline::of(link.scenario_to_run());
    let ladder = Ladder::of(&timeline, false);
    let rtt = timeline.scenario().network.delay.as_micros() * 2;
    let end = ladder.arrows.iter().map(|arrow| y(arrow.y_to, rtt)).max().unwrap();
    let mut lines = format!(
        "<svg viewBox=\"0 0 100 {end}\" height=\"{end}\" preserveAspectRatio=\"none\">\n\
         <path class=\"poster__life\" d=\"M0 0V{end}M100 0V{end}\"/>\n",
    );
    let mut marks = String::from("</svg>\n<svg>\n");
    let mut kinds: Vec<&str> = vec![];
    for kind in ladder.arrows.iter().map(|arrow| arrow.kind.name()) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    for kind in kinds {
        let arrows = ladder.arrows.iter().filter(|arrow| arrow.kind.name() == kind);
        let path: String = arrows.map(|arrow| path(arrow, rtt)).collect();
        writeln!(lines, "<path class=\"poster__{kind}\" d=\"{path}\"/>").unwrap();
    }
    for arrow in &ladder.arrows {
        let record = &timeline.trace().segments[arrow.segment];
        let (from, to) = (y(arrow.y_from, rtt), y(arrow.y_to, rtt));
        let kind = arrow.kind.name();
        let text = label(arrow, record);
        let (start, end, side) = match arrow.from {
            Side::Client => ("", " x=\"100%\"", "client"),
            Side::Server => (" x=\"100%\"", "", "server"),
        };
        let head = format!("<path class=\"poster__{kind} {side}\" d=\"{HEAD}\"/>");
        let name = format!("<text class=\"{side}\">{text}</text>");
        write!(marks, "<svg{end} y=\"{to}\">{head}</svg>").unwrap();
        writeln!(marks, "<svg{start} y=\"{from}\">{name}</svg>").unwrap();
    }
    format!("{lines}{marks}</svg>")
}

fn path(arrow: &Arrow, rtt: u64) -> String {
    let (from, to) = match arrow.from {
        Side::Client => (0, 100),
        Side::Server => (100, 0),
    };
    format!("M{from} {}L{to} {}", y(arrow.y_from, rtt), y(arrow.y_to, rtt))
}

#[test]
fn its_texts_are_those_of_the_page() {
    let korean = Catalog::built_in("ko").unwrap();
    for key in ["ui.explanation.title", "ui.explanation.begin", "ui.host.client", "ui.host.server"]
    {
        let name = key.rsplit('.').next().unwrap();
        let english = format!("data-text=\"{name}\">{}<", Catalog::english().text(key));
        assert!(PAGE.contains(&english), "index.html should say {english}");
        let korean = format!("{name}: \"{}\"", korean.text(key));
        assert!(LOADING.contains(&korean), "static/loading.js should say {korean}");
    }
}

#[test]
fn the_poster_shows_the_default_scenario() {
    let poster = poster();
    assert!(PAGE.contains(&poster), "index.html's poster should be:\n{poster}");
}
