//! The ladder diagram as SVG, in the page's visual language, on an opaque background. Text is
//! `<text>`, and animation is CSS: without it the finished run is shown.
//!
//! Nothing covers anything else: each mark and label takes the first of its places that is free.

mod geometry;
mod hosts;
mod outages;
mod palette;
mod scene;
mod segments;
mod text;

use core::fmt::Write as _;

use super::options::{Heading, Options, cut};
use crate::explain;
use crate::ladder::Ladder;
use crate::locale::Catalog;
use crate::sim::Timeline;
use geometry::{Area, Px, Taken, Tenths};
use scene::{Measures, Scene, scale};
use text::escape;

/// Whether the picture is animated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motion {
    /// A still picture.
    Still,
    /// It plays once and stops at the end.
    PlaysOnce,
}

/// The most bytes of a picture: it must stay small enough for a README.
const MOST_BYTES: usize = 60 * 1024;
/// The most segments, and the most sentences, of a picture.
const MOST_ARROWS: usize = 100;
const MOST_SENTENCES: usize = 60;
/// How long a round trip plays, and the longest time of a chapter, in milliseconds.
const ROUND_TRIP_PLAYS: u64 = 1_200;
const CHAPTER_PLAYS: u64 = 5_000;
/// The space around the contents.
const EDGE: Tenths = 160;

const MOTION: &str = ".d{animation:d linear backwards}.a{animation:a .2s linear backwards}\
.p{opacity:0;animation:p linear}\
@keyframes d{from{stroke-dasharray:0 100}to{stroke-dasharray:100 0}}\
@keyframes a{from{opacity:0}}\
@keyframes p{from{opacity:1}to{opacity:1;transform:translate(var(--x),var(--y))}}\
@media(prefers-reduced-motion:reduce){.d,.a,.p{animation:none}}";

pub(super) fn write(
    timeline: &Timeline,
    heading: &Heading,
    catalog: &Catalog,
    options: &Options,
    motion: Motion,
) -> String {
    let ladder = Ladder::of(timeline, false);
    let mut most = MOST_ARROWS.min(ladder.arrows.len());
    loop {
        let picture = Picture::of(&ladder, timeline, catalog, options, motion, most, heading);
        let svg = picture.draw(heading);
        if svg.len() <= MOST_BYTES || most <= 1 {
            return svg;
        }
        most = (most * MOST_BYTES / svg.len()).min(most - 1);
    }
}

struct Picture<'a> {
    scene: Scene<'a>,
    timeline: &'a Timeline,
    catalog: &'a Catalog,
    options: &'a Options,
    motion: Motion,
    /// The lines of the title and of the question.
    title: Vec<String>,
    question: Vec<String>,
    /// The duration of the animation, in milliseconds.
    plays: u64,
    /// Everything that is drawn, as areas.
    taken: Taken,
    /// What marks had no room to say, by the index of the segment.
    unsaid: Vec<(usize, String)>,
    /// The lowest point of what is written beside the lifelines.
    lowest: Tenths,
    /// The layers, from the lowest.
    ground: String,
    lines: String,
    words: String,
    pills: String,
}

impl<'a> Picture<'a> {
    fn of(
        ladder: &'a Ladder,
        timeline: &'a Timeline,
        catalog: &'a Catalog,
        options: &'a Options,
        motion: Motion,
        most: usize,
        heading: &Heading,
    ) -> Self {
        let measures = Measures::of(options.width);
        let room = measures.width - 2 * EDGE;
        let title = measures.title.wrap(&heading.title, room);
        let question = measures.question.wrap(&heading.text, room);
        let top =
            heads(measures, title.len(), question.len()) + measures.host.size * 10 + 120 + 260;
        let scene = Scene::of(ladder, timeline, options, top, most);
        let chapters = ladder.chapters.len().max(1) as u64;
        let unit = timeline.scenario().network.delay.as_micros().saturating_mul(2).max(1_000);
        let plays = scale(scene.end, ROUND_TRIP_PLAYS, unit).min(chapters * CHAPTER_PLAYS);
        Self {
            scene,
            timeline,
            catalog,
            options,
            motion,
            title,
            question,
            plays,
            taken: Taken::default(),
            unsaid: vec![],
            lowest: 0,
            ground: String::new(),
            lines: String::new(),
            words: String::new(),
            pills: String::new(),
        }
    }

    fn draw(mut self, heading: &Heading) -> String {
        let measures = self.scene.measures;
        let bottom = self.scene.lowest() + 140;
        // Nothing is written beyond the edges.
        for x in [-measures.width, measures.width - 10] {
            self.taken.add(Area::upright(x, -bottom, measures.width + 10, 4 * bottom));
        }
        self.hosts(heads(measures, self.title.len(), self.question.len()), bottom);
        self.outages();
        self.captions();
        self.lines();
        self.states();
        self.timers();
        self.calls();
        self.folds();
        self.outage_names();
        self.labels();
        if self.motion == Motion::PlaysOnce {
            self.pills();
        }
        let mut y = bottom.max(self.lowest) + 140;
        y = self.rest(y);
        if self.options.sentences {
            y = self.sentences(y);
        }
        self.close(heading, y)
    }

    /// The end of the attribute `class` of an element that fades in at a presentation time.
    fn fades(&self, y: u64) -> String {
        match self.motion {
            Motion::Still => "\"".to_owned(),
            Motion::PlaysOnce => format!(" a\" style=\"animation-delay:{}ms\"", self.millis(y)),
        }
    }

    /// The attributes of an element that appears at a presentation time: its class and delay.
    fn appears(&self, class: &str, y: u64) -> String {
        format!("class=\"{class}{}", self.fades(y))
    }

    /// The end of the attribute `class` of a line that is drawn during a span.
    fn draws(&self, from: u64, to: u64) -> String {
        match self.motion {
            Motion::Still => "\"".to_owned(),
            Motion::PlaysOnce => {
                let (from, to) = (self.millis(from), self.millis(to));
                let lasts = to.saturating_sub(from).max(1);
                format!(" d\" style=\"animation-delay:{from}ms;animation-duration:{lasts}ms\"")
            }
        }
    }

    fn millis(&self, y: u64) -> u64 {
        scale(y.min(self.scene.end), self.plays, self.scene.end.max(1))
    }

    /// Notes about segments that are left out, and about a run that was stopped. Returns the
    /// y-coordinate below them.
    fn rest(&mut self, y: Tenths) -> Tenths {
        let (all, shown) = (self.scene.ladder.arrows.len(), self.scene.flights.len());
        let count = all.checked_sub(shown).filter(|it| *it > 0);
        let more = count.map(|count| self.catalog.format("export.more", &[("count", &count)]));
        let measures = self.scene.measures;
        let mut y = y;
        for text in [more, cut(self.timeline, self.catalog)].into_iter().flatten() {
            for line in measures.note.wrap(&text, measures.width - 2 * EDGE) {
                let (x, at) = (Px(measures.width / 2), Px(y));
                let line = escape(&line);
                let _ =
                    writeln!(self.words, "<text x=\"{x}\" y=\"{at}\" class=\"m mi\">{line}</text>");
                y += 160;
            }
        }
        y
    }

    /// The sentence of each step. Returns the y-coordinate below them.
    fn sentences(&mut self, mut y: Tenths) -> Tenths {
        let measures = self.scene.measures;
        let type_ = measures.question;
        let indent = EDGE + type_.width("000");
        let trace = self.timeline.trace();
        y += 60;
        for index in 0..trace.steps.len().min(MOST_SENTENCES) {
            let Some((sentence, _)) = explain::headline(trace, index, self.catalog) else { break };
            let number = Px(indent - 80);
            let line = Px(y);
            let _ = writeln!(
                self.words,
                "<text x=\"{number}\" y=\"{line}\" class=\"qu m e\">{}</text>",
                index + 1
            );
            for line in type_.wrap(&sentence, measures.width - indent - EDGE) {
                let (x, at) = (Px(indent), Px(y));
                let line = escape(&line);
                let _ =
                    writeln!(self.words, "<text x=\"{x}\" y=\"{at}\" class=\"qu\">{line}</text>");
                y += type_.size * 14;
            }
            y += type_.size * 3;
        }
        y
    }

    fn close(self, heading: &Heading, height: Tenths) -> String {
        let measures = self.scene.measures;
        let height = (height + 9) / 10;
        let width = measures.width / 10;
        let motion = if self.motion == Motion::PlaysOnce { MOTION } else { "" };
        let (name, question) = (escape(&heading.title), escape(&heading.text));
        let mut head = String::new();
        let mut y = EDGE;
        for (lines, type_, class) in
            [(&self.title, measures.title, "tt"), (&self.question, measures.question, "qu m")]
        {
            for text in lines {
                let at = Px(y + type_.size * 85 / 10);
                let text = escape(text);
                let _ = writeln!(head, "<text x=\"16\" y=\"{at}\" class=\"{class}\">{text}</text>");
                y += type_.size * 13;
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
             <title id=\"title\">{name}</title>\n<desc id=\"desc\">{question}</desc>\n\
             <style>{}{}{motion}</style>\n\
             <rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"8\" class=\"bg\"/>\n\
             {head}{}{}{}{}</svg>\n",
            style(&measures),
            palette::css(self.options.theme),
            width - 1,
            height - 1,
            self.ground,
            self.lines,
            self.words,
            self.pills
        )
    }
}

/// The y-coordinate of the hosts' names, below the title and the question.
fn heads(measures: Measures, titles: usize, questions: usize) -> Tenths {
    let lines = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 1_000_000);
    let titles = measures.title.size * 13 * lines(titles);
    EDGE + titles + measures.question.size * 13 * lines(questions) + 120
}

/// The rules of a picture that set no colours.
fn style(measures: &Measures) -> String {
    let Measures { title, question, host, label, chip, note, .. } = measures;
    let [title, question, host, label, chip, note] =
        [title, question, host, label, chip, note].map(|it| it.size);
    format!(
        "text{{font:{note}px -apple-system,'Segoe UI',Helvetica,Arial,'Apple SD Gothic Neo',\
         'Malgun Gothic','Noto Sans CJK KR',sans-serif}}\
         .tt{{font-size:{title}px;font-weight:600}}.qu{{font-size:{question}px}}\
         .ho{{font-size:{host}px;font-weight:600}}.l{{font-size:{label}px}}\
         .ch{{font-size:{chip}px;font-weight:700}}.cap,.ti{{font-weight:700}}\
         .l tspan:not(.m){{font-weight:700}}.mi{{text-anchor:middle}}.e{{text-anchor:end}}\
         .l,.o{{stroke-width:3px;stroke-linejoin:round;paint-order:stroke}}\
         path{{fill:none;stroke-width:2}}.f,.gp,.bd{{stroke:none}}\
         .st{{stroke-width:2}}.ru{{stroke-width:1}}.ht{{stroke-width:8;stroke-dasharray:3 4;\
         stroke-opacity:.6}}.z{{stroke-width:1.5}}.x{{stroke-width:3;stroke-linecap:round}}\
         .rd{{stroke-dasharray:2.4 1.2}}.od{{stroke-dasharray:.6 1.2}}.cp{{stroke-width:1.2}}\
         .du{{stroke-width:1.2;stroke-dasharray:2 4;opacity:.6}}"
    )
}
