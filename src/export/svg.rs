//! The ladder diagram as SVG, on an opaque background. Text is `<text>`, and animation is CSS:
//! without it the finished run is shown.

use std::fmt::Write as _;

use super::options::{cut, title};
use crate::ladder::{Arrow, Ladder, WIDTH};
use crate::link::Link;
use crate::locale::{self, Catalog};
use crate::sim::{Side, Timeline};
use crate::tcp::Flags;

/// Whether the picture is animated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motion {
    /// A still picture.
    Still,
    /// It plays once and stops at the end.
    PlaysOnce,
}

/// The width of the picture, and the positions of the lifelines, in pixels.
const PAGE: i64 = 640;
const CLIENT_X: i64 = 140;
const SERVER_X: i64 = 500;
/// The height of the title and the hosts' names.
const HEAD: i64 = 84;
/// The space below the last arrow.
const FOOT: i64 = 34;
/// The height of a round trip.
const ROUND_TRIP: u64 = 84;
/// How long a round trip plays, and the longest time of a chapter, in milliseconds.
const ROUND_TRIP_PLAYS: u64 = 900;
const CHAPTER_PLAYS: u64 = 5_000;
/// The most arrows; the picture must stay small enough for a README.
const MAX_ARROWS: usize = 100;

const STYLE: &str = "text{font:12px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2328}\
.t{font-size:16px;font-weight:600}.q,.n{fill:#57606a}.b{font-weight:600}\
.l,.g{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:11px;text-anchor:middle;\
stroke:#fff;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}.g{fill:#57606a}\
.i{font-size:11px}.e{text-anchor:end}.m{text-anchor:middle}\
path{fill:none;stroke-width:1.6}.h{stroke:none}\
.syn{stroke:#0969da}.fin{stroke:#8250df}.rst{stroke:#cf222e}\
.data{stroke:#1a7f37}.ack{stroke:#57606a}\
.h.syn{fill:#0969da}.h.fin{fill:#8250df}.h.rst{fill:#cf222e}\
.h.data{fill:#1a7f37}.h.ack{fill:#57606a}\
.r{stroke-dasharray:1.6 1}.x{stroke:#cf222e;stroke-width:2.4}";

const MOTION: &str = ".d{animation:d linear backwards}.f{animation:f .2s linear backwards}\
@keyframes d{from{stroke-dasharray:0 100}to{stroke-dasharray:100 0}}\
@keyframes f{from{opacity:0}}\
@media (prefers-reduced-motion:reduce){.d,.f{animation:none}}";

pub(super) fn write(timeline: &Timeline, link: &Link, catalog: &Catalog, motion: Motion) -> String {
    let ladder = Ladder::of(timeline, false);
    let mut picture = Picture::of(&ladder, timeline, catalog, motion);
    picture.lifelines();
    picture.states();
    picture.folds();
    let arrows = || ladder.arrows.iter().take(MAX_ARROWS);
    for arrow in arrows() {
        picture.flights(arrow);
    }
    // Labels are drawn on top of all lines.
    for arrow in arrows() {
        picture.label(arrow);
    }
    picture.rest();
    picture.close(link)
}

struct Picture<'a> {
    ladder: &'a Ladder,
    timeline: &'a Timeline,
    catalog: &'a Catalog,
    motion: Motion,
    /// Presentation time per round trip.
    unit: u64,
    /// Where the picture ends, in presentation time.
    end: u64,
    /// The duration of the animation, in milliseconds.
    plays: u64,
    body: String,
}

impl<'a> Picture<'a> {
    fn of(
        ladder: &'a Ladder,
        timeline: &'a Timeline,
        catalog: &'a Catalog,
        motion: Motion,
    ) -> Self {
        let unit = timeline.scenario().network.delay.as_micros().saturating_mul(2).max(1_000);
        let end = match ladder.arrows.get(MAX_ARROWS) {
            Some(first_left_out) => first_left_out.y_from,
            None => ladder.axis.end(),
        };
        let chapters = ladder.chapters.len().max(1) as u64;
        let plays = scale(end, ROUND_TRIP_PLAYS, unit).min(chapters * CHAPTER_PLAYS);
        Self { ladder, timeline, catalog, motion, unit, end, plays, body: String::new() }
    }

    /// The y coordinate of a presentation time, in pixels.
    fn y(&self, y: u64) -> i64 {
        HEAD + i64::try_from(scale(y.min(self.end), ROUND_TRIP, self.unit)).unwrap_or(0)
    }

    /// The attributes of an element that appears at a presentation time: its class and delay.
    fn appears(&self, class: &str, y: u64) -> String {
        match self.motion {
            Motion::Still => format!("class=\"{class}\""),
            Motion::PlaysOnce => {
                format!("class=\"{class} f\" style=\"animation-delay:{}ms\"", self.millis(y))
            }
        }
    }

    fn millis(&self, y: u64) -> u64 {
        scale(y.min(self.end), self.plays, self.end.max(1))
    }

    fn put(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    fn lifelines(&mut self) {
        let bottom = self.y(self.end) + 8;
        for (x, key) in [(CLIENT_X, "export.client"), (SERVER_X, "export.server")] {
            let name = escape(self.catalog.text(key));
            let top = HEAD - 12;
            self.put(&format!("<text x=\"{x}\" y=\"{}\" class=\"m b\">{name}</text>", HEAD - 18));
            self.put(&format!("<path d=\"M{x} {top}V{bottom}\" stroke=\"#6e7781\"/>"));
        }
    }

    fn states(&mut self) {
        let mut free = [i64::MIN; 2];
        let (ladder, end) = (self.ladder, self.end);
        for interval in ladder.intervals.iter().filter(|interval| interval.y_from <= end) {
            let (x, class) = match interval.side {
                Side::Client => (CLIENT_X - 9, "i e"),
                Side::Server => (SERVER_X + 9, "i"),
            };
            // Names of short states move down, so that they do not overlap.
            let free = &mut free[interval.side.index()];
            let y = (self.y(interval.y_from) + 4).max(*free);
            *free = y + 13;
            let attributes = self.appears(class, interval.y_from);
            self.put(&format!("<text x=\"{x}\" y=\"{y}\" {attributes}>{}</text>", interval.state));
        }
    }

    fn folds(&mut self) {
        let (ladder, end) = (self.ladder, self.end);
        for fold in ladder.axis.folds.iter().filter(|fold| fold.y_to <= end) {
            let y = i64::midpoint(self.y(fold.y_from), self.y(fold.y_to));
            for x in [CLIENT_X, SERVER_X] {
                self.put(&format!(
                    "<path d=\"M{x} {}v20\" stroke=\"#fff\" stroke-width=\"4\" \
                     stroke-dasharray=\"3 3\"/>",
                    y - 10
                ));
            }
            let span = locale::span(fold.length());
            let text = escape(&self.catalog.format("export.idle", &[("span", &span)]));
            let (x, attributes) = (PAGE / 2, self.appears("m n", fold.y_from));
            self.put(&format!("<text x=\"{x}\" y=\"{}\" {attributes}>⋯ {text} ⋯</text>", y + 4));
        }
    }

    fn flights(&mut self, arrow: &Arrow) {
        self.line(arrow, arrow.y_to, arrow.repeats.is_some() || arrow.is_old);
        if let Some((_, y)) = arrow.copy {
            self.line(arrow, y, true);
        }
    }

    fn label(&mut self, arrow: &Arrow) {
        let segment = self.timeline.trace().segments.get(arrow.segment).map(|it| &it.segment);
        let mut label = arrow.id.to_string();
        if let Some(segment) = segment {
            let flags = segment.flags.without(Flags::PSH).names().collect::<Vec<_>>();
            let _ = write!(label, " {}", flags.join("·"));
            // Writing to a String cannot fail, here and below.
            let _ = write!(label, " seq={}", segment.seq);
            if let Some(ack) = segment.acknowledgment() {
                let _ = write!(label, " ack={ack}");
            }
            if !segment.text.is_empty() {
                let _ = write!(label, " len={}", segment.text.len());
            }
        }
        let slant = self.slant(arrow, arrow.y_to);
        let (x, y) = slant.at(match (arrow.due, arrow.lost) {
            // A slow segment has room for its label near its end.
            (Some(_), None) => 68,
            (_, Some(_)) => 24,
            (None, None) if self.is_crossed(arrow) => 26,
            (None, None) => 40,
        });
        let turn = slant.readable(x, y);
        let attributes = self.appears("l", arrow.y_from);
        self.put(&format!("<text {turn} dy=\"-5\" {attributes}>{}</text>", escape(&label)));
        if arrow.is_old {
            let old = escape(self.catalog.text("export.old"));
            let attributes = self.appears("g", arrow.y_from);
            self.put(&format!("<text {turn} dy=\"13\" {attributes}>{old}</text>"));
        }
    }

    /// Whether a segment of the other side is in flight at the same time. Both labels are then
    /// placed near the start of their arrows.
    fn is_crossed(&self, arrow: &Arrow) -> bool {
        let meets = |other: &Arrow| {
            other.from != arrow.from && other.y_from < arrow.y_to && arrow.y_from < other.y_to
        };
        self.ladder.arrows.iter().take(MAX_ARROWS).any(meets)
    }

    /// One arrow: a line with its head, or with a cross if the segment is lost.
    fn line(&mut self, arrow: &Arrow, y_to: u64, is_dashed: bool) {
        let slant = self.slant(arrow, y_to);
        let kind = arrow.kind.name();
        let ((x1, y1), (x2, y2)) = (slant.from, slant.to);
        let dashes = if is_dashed { " r" } else { "" };
        let motion = match self.motion {
            Motion::Still => format!("class=\"{kind}{dashes}\""),
            Motion::PlaysOnce => {
                let (from, to) = (self.millis(arrow.y_from), self.millis(y_to));
                format!(
                    "class=\"{kind}{dashes} d\" style=\"animation-delay:{from}ms;\
                     animation-duration:{}ms\"",
                    (to - from).max(1)
                )
            }
        };
        self.put(&format!("<path pathLength=\"100\" d=\"M{x1} {y1}L{x2} {y2}\" {motion}/>"));
        if arrow.lost.is_some() {
            let attributes = self.appears("x", y_to);
            self.put(&format!(
                "<path d=\"M{} {}l10 10m0-10l-10 10\" {attributes}/>",
                x2 - 5,
                y2 - 5
            ));
        } else {
            let attributes = self.appears(&format!("h {kind}"), y_to);
            let turn = slant.matrix(x2, y2);
            self.put(&format!("<path d=\"M0 0l-9-4v8z\" {turn} {attributes}/>"));
        }
    }

    fn slant(&self, arrow: &Arrow, y_to: u64) -> Slant {
        let reach = i64::from(arrow.reach) * (SERVER_X - CLIENT_X) / i64::from(WIDTH);
        let (x1, x2) = match arrow.from {
            Side::Client => (CLIENT_X, CLIENT_X + reach),
            Side::Server => (SERVER_X, SERVER_X - reach),
        };
        Slant { from: (x1, self.y(arrow.y_from)), to: (x2, self.y(y_to)) }
    }

    /// The note about segments that are left out.
    fn rest(&mut self) {
        let count = self.ladder.arrows.len().checked_sub(MAX_ARROWS).filter(|it| *it > 0);
        let more = count.map(|count| self.catalog.format("export.more", &[("count", &count)]));
        let notes = [more, cut(self.timeline, self.catalog)];
        let text = notes.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if !text.is_empty() {
            let text = escape(&text);
            let y = self.y(self.end) + 24;
            self.put(&format!("<text x=\"{}\" y=\"{y}\" class=\"m n\">{text}</text>", PAGE / 2));
        }
    }

    fn close(self, link: &Link) -> String {
        let height = self.y(self.end) + FOOT;
        let title = escape(&title(self.timeline, link, self.catalog));
        let question = format!("scenario.{}.question", link.scenario);
        let question = escape(self.catalog.text(&question));
        let motion = if self.motion == Motion::PlaysOnce { MOTION } else { "" };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{PAGE}\" height=\"{height}\" \
             viewBox=\"0 0 {PAGE} {height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
             <title id=\"title\">{title}</title>\n<desc id=\"desc\">{question}</desc>\n\
             <style>{STYLE}{motion}</style>\n\
             <rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"#fff\" \
             stroke=\"#6e7781\"/>\n\
             <text x=\"16\" y=\"26\" class=\"t\">{title}</text>\n\
             <text x=\"16\" y=\"45\" class=\"q\">{question}</text>\n{}</svg>\n",
            PAGE - 1,
            height - 1,
            self.body
        )
    }
}

/// A line from one point to another, in pixels.
#[derive(Clone, Copy)]
struct Slant {
    from: (i64, i64),
    to: (i64, i64),
}

impl Slant {
    /// The point at `percent` of the distance between the lifelines, from the start of the line.
    fn at(self, percent: i64) -> (i64, i64) {
        let ((x1, y1), (x2, y2)) = (self.from, self.to);
        let run = (SERVER_X - CLIENT_X) * percent / 100;
        let width = (x2 - x1).abs().max(1);
        (x1 + run * (x2 - x1).signum(), y1 + (y2 - y1) * run / width)
    }

    /// The transform that rotates an element to the line, around a point.
    fn matrix(self, x: i64, y: i64) -> String {
        turn(self.to.0 - self.from.0, self.to.1 - self.from.1, x, y)
    }

    /// The same for text, which must read from left to right.
    fn readable(self, x: i64, y: i64) -> String {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        if dx < 0 { turn(-dx, -dy, x, y) } else { turn(dx, dy, x, y) }
    }
}

/// `transform="matrix(cos sin -sin cos x y)"` of a direction, in thousandths.
fn turn(dx: i64, dy: i64, x: i64, y: i64) -> String {
    let length = i64::try_from((dx * dx + dy * dy).unsigned_abs().isqrt()).unwrap_or(1).max(1);
    let (cos, sin) = (dx * 1_000 / length, dy * 1_000 / length);
    let [cos, sin, minus_sin] = [cos, sin, -sin].map(thousandths);
    format!("transform=\"matrix({cos} {sin} {minus_sin} {cos} {x} {y})\"")
}

fn thousandths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.abs();
    format!("{sign}{}.{:03}", value / 1_000, value % 1_000)
}

/// `value` times `numerator` over `denominator`, without overflow.
fn scale(value: u64, numerator: u64, denominator: u64) -> u64 {
    let scaled = u128::from(value) * u128::from(numerator) / u128::from(denominator.max(1));
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Characters that XML does not allow.
            char if char.is_control() => escaped.push(' '),
            char => escaped.push(char),
        }
    }
    escaped
}
