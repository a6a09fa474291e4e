//! The hosts of a picture: their names, lifelines, states, timers and calls.

use core::fmt::Write as _;

use super::Picture;
use super::geometry::{Area, Point, Px, Tenths};
use super::palette;
use super::scene::outward;
use super::text::escape;
use crate::explain;
use crate::ladder::{Fold, Interval, TimerSpan};
use crate::locale;
use crate::sim::Side;
use crate::tcp::Timer;

/// Half the width of a lifeline with its state.
const BAR: Tenths = 40;

impl Picture<'_> {
    /// The names of the hosts and their lifelines, down to `bottom`.
    pub(super) fn hosts(&mut self, heads: Tenths, bottom: Tenths) {
        let host = self.scene.measures.host;
        for (side, key) in [(Side::Client, "export.client"), (Side::Server, "export.server")] {
            let x = self.scene.measures.x(side);
            let name = self.catalog.text(key);
            let width = host.width(name) + 280;
            let height = host.size * 10 + 120;
            let (left, top) = (Px(x - width / 2), Px(heads));
            let _ = writeln!(
                self.ground,
                "<path d=\"M{} {}V{}\" class=\"w st\"/>\n<rect x=\"{left}\" y=\"{top}\" \
                 width=\"{}\" height=\"{}\" rx=\"8\" class=\"pl\"/>\n\
                 <text x=\"{}\" y=\"{}\" class=\"ho mi\">{}</text>",
                Px(x),
                Px(heads + height),
                Px(bottom),
                Px(width),
                Px(height),
                Px(x),
                Px(heads + height / 2 + host.size * 36 / 10),
                escape(name)
            );
            self.taken.add(Area::upright(x - width / 2, heads, width, height));
            self.taken.add(Area::upright(x - BAR, heads, 2 * BAR, bottom - heads));
        }
    }

    /// The captions of the chapters, each with a rule.
    pub(super) fn captions(&mut self) {
        let note = self.scene.measures.note;
        let mut last = None;
        for (start, id) in self.scene.chapters.clone() {
            let y = self.scene.caption_y(start);
            // Two chapters may begin at nearly the same time: there is room for the first.
            if last.is_some_and(|last| y < last + note.size * 14) {
                continue;
            }
            last = Some(y);
            let words = self.catalog.text(&format!("chapter.{id}")).to_owned();
            let width = super::text::Type::bold(note.size).width(&words);
            let class = self.appears("cap", start);
            let _ = writeln!(
                self.ground,
                "<path d=\"M{} {}H{}\" class=\"w ru\"/>\n<text x=\"14\" y=\"{}\" {class}>{}</text>",
                Px(140 + width + 80),
                Px(y),
                Px(self.scene.measures.width - 140),
                Px(y + note.size * 36 / 10),
                escape(&words)
            );
            self.taken.add(Area::upright(140, y - note.size * 6, width, note.size * 12));
        }
    }

    /// The states: a bar along the lifeline, and a chip with the name where it begins.
    pub(super) fn states(&mut self) {
        let ladder = self.scene.ladder;
        let end = self.scene.end;
        for interval in ladder.intervals.iter().filter(|interval| interval.y_from <= end) {
            let x = self.scene.measures.x(interval.side);
            let (from, to) = (self.scene.y(interval.y_from), self.scene.y(interval.y_to));
            let class = palette::class(interval.state);
            let fade = self.fades(interval.y_from);
            let _ = writeln!(
                self.ground,
                "<rect x=\"{}\" y=\"{}\" width=\"8\" height=\"{}\" rx=\"2\" \
                 class=\"b {class}{fade}/>",
                Px(x - BAR),
                Px(from),
                Px((to - from).max(20))
            );
            if interval.half_closed && to - from > 60 {
                // Stripes: one direction is closed.
                let _ = writeln!(
                    self.ground,
                    "<path d=\"M{} {}V{}\" class=\"ht{fade}/>",
                    Px(x),
                    Px(from + 20),
                    Px(to)
                );
            }
            self.chip(interval);
        }
    }

    fn chip(&mut self, interval: &Interval) {
        let measures = self.scene.measures;
        let name = interval.state.name();
        let (width, height) = (measures.chip.width(name) + 80, measures.chip_height);
        let inner = measures.x(interval.side) + measures.beside * outward(interval.side);
        let x = if interval.side == Side::Client { inner - width } else { inner };
        let natural = self.scene.y(interval.y_from) - height / 2;
        let places = (0..200).map(|step| {
            let y = natural + step * 20;
            (Area::upright(x, y - 10, width, height + 20), y)
        });
        let Some(y) = self.taken.take(places) else { return };
        let class = palette::class(interval.state);
        let paper = self.appears(&format!("c {class}"), interval.y_from);
        let ink = self.appears(&format!("ch mi {class}"), interval.y_from);
        let _ = writeln!(
            self.words,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"5\" {paper}/>\n\
             <text x=\"{}\" y=\"{}\" {ink}>{name}</text>",
            Px(x),
            Px(y),
            Px(width),
            Px(height),
            Px(x + width / 2),
            Px(y + height / 2 + measures.chip.size * 36 / 10)
        );
        self.lowest = self.lowest.max(y + height);
    }

    /// The timers: a thin bar while one runs, and its name and length where it expires.
    pub(super) fn timers(&mut self) {
        let ladder = self.scene.ladder;
        let end = self.scene.end;
        for span in ladder.timers.iter().filter(|span| span.y_from <= end) {
            let side = span.side;
            let x = self.scene.measures.x(side) + 90 * outward(side);
            let (from, to) = (self.scene.y(span.y_from), self.scene.y(span.y_to));
            let class = self.appears(if span.expired { "te" } else { "tm" }, span.y_from);
            let _ =
                writeln!(self.ground, "<path d=\"M{} {}V{}\" {class}/>", Px(x), Px(from), Px(to));
            if span.expired && span.y_to <= end {
                let class = self.appears("te", span.y_to);
                let _ = writeln!(self.ground, "<path d=\"M{} {}h8\" {class}/>", Px(x - 40), Px(to));
                self.timer_words(span, [from, to]);
            }
        }
    }

    fn timer_words(&mut self, span: &TimerSpan, [from, to]: [Tenths; 2]) {
        let name = match span.timer {
            Timer::Retransmission => "RTO",
            Timer::TimeWait => "2MSL",
            Timer::Persist => "persist",
            Timer::KeepAlive => "keep-alive",
            Timer::FinWait2 => "FIN-WAIT-2",
            Timer::LossProbe => "PTO",
            Timer::DelayedAck | Timer::User => return,
        };
        let words = format!("{name} {}", locale::span(span.deadline.since(span.from)));
        let above = (0..60).map(|step| to - 130 - step * 20).take_while(|y| *y >= from);
        let below = (0..20).map(|step| to + 130 + step * 20);
        self.beside(span.side, &words, above.chain(below), "ti", span.y_to);
    }

    /// Writes words beside a lifeline at the first free height; nothing if there is none.
    fn beside(
        &mut self,
        side: Side,
        words: &str,
        middles: impl Iterator<Item = Tenths>,
        class: &str,
        at: u64,
    ) {
        let measures = self.scene.measures;
        let note = super::text::Type { size: measures.note.size, is_bold: class == "ti" };
        let (width, height) = (note.width(words), note.size * 10);
        let inner = measures.x(side) + measures.beside * outward(side);
        let (x, anchor) = match side {
            Side::Client => (inner - width, " e"),
            Side::Server => (inner, ""),
        };
        let places = middles.map(|y| (Area::upright(x, y - height / 2, width, height), y));
        let Some(y) = self.taken.take(places) else { return };
        let class = self.appears(&format!("o {class}{anchor}"), at);
        let (x, y) = (Px(inner), y + note.size * 36 / 10);
        let words = escape(words);
        let _ = writeln!(self.words, "<text x=\"{x}\" y=\"{}\" {class}>{words}</text>", Px(y));
        self.lowest = self.lowest.max(y + 30);
    }

    /// The calls of the applications, above the state that they lead to.
    pub(super) fn calls(&mut self) {
        let ladder = self.scene.ladder;
        let (end, half) = (self.scene.end, self.scene.measures.chip_height / 2);
        for call in ladder.calls.iter().filter(|call| call.y <= end) {
            let y = self.scene.y(call.y);
            let middles = [0, half + 70, half + 100, half + 130].map(|up| y - up);
            self.beside(call.side, &call.label(), middles.into_iter(), "m", call.y);
        }
    }

    /// The folded gaps: both lifelines are broken, and a plate says how long the gap is.
    pub(super) fn folds(&mut self) {
        let ladder = self.scene.ladder;
        let end = self.scene.end;
        for fold in ladder.axis.folds.iter().filter(|fold| fold.y_to <= end) {
            self.fold(fold);
        }
    }

    fn fold(&mut self, fold: &Fold) {
        let measures = self.scene.measures;
        let y = i64::midpoint(self.scene.y(fold.y_from), self.scene.y(fold.y_to));
        let fade = self.fades(fold.y_from);
        for side in Side::BOTH {
            let at = Point::new(measures.x(side), y);
            let _ = writeln!(
                self.ground,
                "<path d=\"M{}h16v14h-16z\" class=\"gp{fade}/>\n\
                 <path d=\"M{}l5-4 6 4 5-4m-16 10l5-4 6 4 5-4\" class=\"z{fade}/>",
                Point::new(at.x - 80, at.y - 70),
                Point::new(at.x - 80, at.y - 20)
            );
        }
        let span = explain::span(fold.length(), self.catalog);
        let words = self.catalog.format("export.idle", &[("span", &span)]);
        let note = measures.note;
        let (width, height) = (note.width(&words) + 240, note.size * 10 + 100);
        let middle = measures.width / 2;
        let places = (0..40).flat_map(|step| [1, -1].map(|side| y + step * side * 20));
        let places =
            places.map(|y| (Area::upright(middle - width / 2, y - height / 2, width, height), y));
        let Some(y) = self.taken.take(places) else { return };
        let paper = self.appears("pl", fold.y_from);
        let ink = self.appears("m mi nt", fold.y_from);
        let _ = writeln!(
            self.words,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" {paper}/>\n\
             <text x=\"{}\" y=\"{}\" {ink}>{}</text>",
            Px(middle - width / 2),
            Px(y - height / 2),
            Px(width),
            Px(height),
            Px(height / 2),
            Px(middle),
            Px(y + note.size * 36 / 10),
            escape(&words)
        );
    }
}
