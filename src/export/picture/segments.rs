//! The segments of a picture: their lines, labels, marks, and the pills that travel along.

use core::fmt::Write as _;

use super::Picture;
use super::geometry::{Area, Direction, Point, Px, Tenths, distance};
use super::scene::Flight;
use super::text::escape;
use crate::ladder::{Arrow, Caption, SegmentKind};
use crate::locale;
use crate::sim::{LossCause, SegmentRecord, Side};
use crate::time::Duration;

/// The length and half the width of an arrowhead.
const HEAD: [Tenths; 2] = [100, 45];
/// The distance between a lifeline and the beginning of a label.
const INSET: Tenths = 130;
/// The distance between a line and its label.
const GAP: Tenths = 30;

/// The words of a label: each with its class.
type Words = Vec<(&'static str, String)>;

impl Picture<'_> {
    /// Draws every line, and keeps its place.
    pub(super) fn lines(&mut self) {
        for index in 0..self.scene.flights.len() {
            if self.is_in_band(index) {
                continue;
            }
            let (arrow, flight) =
                (&self.scene.ladder.arrows[index], self.scene.flights[index].clone());
            let is_dashed = arrow.repeats.is_some();
            let look = if arrow.is_old {
                " od"
            } else if is_dashed {
                " rd"
            } else {
                ""
            };
            self.line(arrow, &flight, look);
            if let Some((line, at)) = flight.copy {
                self.stroke(arrow, &line, &[arrow.y_from, at], " cp");
                self.head(arrow, &line, at);
            }
            if let Some([from, to]) = flight.due {
                let kind = arrow.kind.name();
                let _ = writeln!(self.lines, "<path d=\"M{from}L{to}\" class=\"du {kind}\"/>");
            }
        }
        for band in self.scene.bands.clone() {
            self.band(&band);
        }
    }

    /// The segments of a burst as one band, with its label.
    fn band(&mut self, band: &[usize]) {
        let [Some(first), Some(last)] = [band.first(), band.last()] else { return };
        let arrows = &self.scene.ladder.arrows;
        let (arrow, end) = (&arrows[*first], &arrows[*last]);
        let corners = [first, last].map(|index| self.scene.flights[*index].line.clone());
        let [[a, .., b], [d, .., c]] = [corners[0].as_slice(), corners[1].as_slice()] else {
            return;
        };
        let kind = arrow.kind.name();
        let fade = self.fades(end.y_to);
        let _ = writeln!(self.ground, "<path d=\"M{a}L{b}L{c}L{d}z\" class=\"bd {kind}{fade}/>");
        for (arrow, line) in [(arrow, &corners[0]), (end, &corners[1])] {
            let ends = [line[0], line[line.len() - 1]];
            self.stroke(arrow, &ends, &[arrow.y_from, arrow.y_to], "");
            self.head(arrow, &ends, arrow.y_to);
        }
    }

    /// The label of a band: its segments, and their data.
    fn band_label(&mut self, band: &[usize]) {
        let [Some(first), Some(last)] = [band.first(), band.last()] else { return };
        let arrows = &self.scene.ladder.arrows;
        let (arrow, end) = (&arrows[*first], &arrows[*last]);
        let kind = arrow.kind.name();
        let line = self.scene.flights[*first].line.clone();
        let records = band.iter().filter_map(|index| self.record(&arrows[*index]));
        let octets: u64 = records.map(|record| u64::from(record.segment.text.len())).sum();
        let subject = match arrow.kind {
            SegmentKind::Data => format!("DATA {} B", locale::number(octets)),
            _ => format!("{} ×{}", arrow.flags, band.len()),
        };
        let words = vec![("m", format!("{}–{}", arrow.id, end.id)), (kind, subject)];
        let brief = vec![words[1].clone()];
        self.write_label(arrow, &line, &[words, brief], arrow.y_to);
    }

    fn is_in_band(&self, index: usize) -> bool {
        self.scene.bands.iter().any(|band| band.contains(&index))
    }

    fn record(&self, arrow: &Arrow) -> Option<&SegmentRecord> {
        self.timeline.trace().segments.get(arrow.segment)
    }

    /// A line with its end: an arrowhead, or a cross if the segment is lost.
    fn line(&mut self, arrow: &Arrow, flight: &Flight, look: &str) {
        self.stroke(arrow, &flight.line, &flight.times, look);
        let Some(end) = flight.line.last().copied() else { return };
        if arrow.lost.is_none() {
            let last = flight.line.len().saturating_sub(2);
            self.head(arrow, &flight.line[last..], arrow.y_to);
            return;
        }
        let class = self.appears("x", arrow.y_to);
        let corner = Point::new(end.x - 50, end.y - 50);
        let _ = writeln!(self.lines, "<path d=\"M{corner}l10 10m0-10l-10 10\" {class}/>");
        self.taken.add(Area::upright(corner.x, corner.y, 100, 100));
    }

    fn stroke(&mut self, arrow: &Arrow, line: &[Point], times: &[u64], look: &str) {
        let kind = arrow.kind.name();
        let mut path = String::new();
        for (index, point) in line.iter().enumerate() {
            let _ = write!(path, "{}{point}", if index == 0 { 'M' } else { 'L' });
        }
        let (from, to) = (times.first().copied(), times.last().copied());
        let motion = self.draws(from.unwrap_or(0), to.unwrap_or(0));
        let class = format!("class=\"{kind}{look}");
        let _ = writeln!(self.lines, "<path pathLength=\"100\" d=\"{path}\" {class}{motion}/>");
        for pair in line.windows(2) {
            self.taken.add(Area::line(pair[0], pair[1], 24));
        }
    }

    fn head(&mut self, arrow: &Arrow, line: &[Point], at: u64) {
        let [.., before, end] = line else { return };
        let direction = Direction::of(*before, *end);
        let class = self.appears(&format!("f {}", arrow.kind.name()), at);
        let matrix = direction.matrix(*end);
        let _ = writeln!(self.lines, "<path d=\"M-3 0l-10-4.5v9z\" {matrix} {class}/>");
        let [length, half] = HEAD;
        let area = Area::turned(*end, direction, [-length - 30, 0], [-half, half]);
        self.taken.add(area);
    }

    /// The labels and marks of all segments.
    pub(super) fn labels(&mut self) {
        // Marks first: they have fewer places than labels.
        for index in 0..self.scene.flights.len() {
            if !self.is_in_band(index) {
                self.marks(index);
            }
        }
        for band in self.scene.bands.clone() {
            self.band_label(&band);
        }
        for index in 0..self.scene.flights.len() {
            if !self.is_in_band(index) {
                self.label(index);
            }
        }
    }

    /// What happened to a segment on its way: a loss, a delay, a second copy.
    fn marks(&mut self, index: usize) {
        let (arrow, flight) = (&self.scene.ladder.arrows[index], self.scene.flights[index].clone());
        if let Some(cause) = arrow.lost {
            let key = match cause {
                LossCause::Corruption => "export.damaged",
                _ => "export.lost",
            };
            self.loss(index, arrow, &flight, key);
        }
        if let (Some((due, _)), None) = (arrow.due, arrow.lost) {
            let text = match arrow.ends_at.since(due) {
                Duration::ZERO => format!("−{}", locale::span(due.since(arrow.ends_at))),
                by => format!("+{}", locale::span(by)),
            };
            let last = flight.line.len().saturating_sub(2);
            self.tag(&flight.line[last..], &text, arrow.y_to);
        }
        if let Some((line, at)) = flight.copy {
            self.tag(&line, "×2", at);
        }
    }

    /// The word beside the cross of a lost segment; its label says it if there is no room.
    fn loss(&mut self, index: usize, arrow: &Arrow, flight: &Flight, key: &str) {
        let Some(end) = flight.line.last().copied() else { return };
        let note = self.scene.measures.note;
        let words = escape(self.catalog.text(key).split(',').next().unwrap_or_default());
        let (width, height) = (note.width(&words), note.size * 11);
        let beside = [20, -120, 70, -180, 120, -240, 180];
        let sides = beside.into_iter().flat_map(|dy| [(90, dy), (-90 - width, dy)]);
        let places = sides.chain([(-width / 2, 80), (-width / 2, -190)]);
        let places =
            places.map(|(dx, dy)| (Area::upright(end.x + dx, end.y + dy, width, height), (dx, dy)));
        if let Some((dx, dy)) = self.taken.take(places) {
            let class = self.appears("o ls", arrow.y_to);
            let (x, y) = (Px(end.x + dx), Px(end.y + dy + note.size * 85 / 10));
            let _ = writeln!(self.words, "<text x=\"{x}\" y=\"{y}\" {class}>{words}</text>");
        } else {
            self.unsaid.push((index, words));
        }
    }

    /// A plate beside a line.
    fn tag(&mut self, line: &[Point], text: &str, at: u64) {
        let [from, to] = line else { return };
        let note = self.scene.measures.note;
        let (width, height) = (note.width(text) + 120, note.size * 10 + 50);
        let place = |(part, side): (i64, i64)| {
            let middle = from.toward(*to, part, 12);
            let direction = Direction::of(*from, *to);
            let half = direction.half_extent(width, height) + 30;
            let below = direction.from(middle, 0, side * half);
            let area = Area::upright(below.x - width / 2, below.y - height / 2, width, height);
            (area, below)
        };
        let parts = [6, 5, 7, 4, 8, 3, 9];
        let places = parts.into_iter().flat_map(|part| [1, -1, 2, -2].map(|side| (part, side)));
        if let Some(middle) = self.taken.take(places.map(place)) {
            let (x, y) = (Px(middle.x - width / 2), Px(middle.y - height / 2));
            let class = self.appears("tg", at);
            let (width, height) = (Px(width), Px(height));
            let _ = writeln!(
                self.words,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\" {class}/>"
            );
            let class = self.appears("o rt mi", at);
            let (x, y) = (Px(middle.x), Px(middle.y + note.size * 36 / 10));
            let _ = writeln!(self.words, "<text x=\"{x}\" y=\"{y}\" {class}>{text}</text>");
        }
    }

    fn label(&mut self, index: usize) {
        let (arrow, flight) = (&self.scene.ladder.arrows[index], self.scene.flights[index].clone());
        let Some(record) = self.record(arrow) else { return };
        let name = if arrow.repeats.is_some() { "rt" } else { "m" };
        let kind = arrow.kind.name();
        let unsaid = self.unsaid.iter().find(|(other, _)| *other == index);
        let unsaid = unsaid.map_or(String::new(), |(_, words)| words.clone());
        let old = if arrow.is_old { self.catalog.text("export.old") } else { "" };
        let forms = Caption::forms(arrow, &record.segment);
        let forms = forms.into_iter().skip(1).map(|form| {
            let parts = [
                (name, form.name),
                (kind, form.subject),
                ("", form.flags),
                ("", form.numbers),
                ("", form.window),
                ("m", old.to_owned()),
                ("ls", unsaid.clone()),
            ];
            parts.into_iter().filter(|(_, word)| !word.is_empty()).collect()
        });
        let mut forms: Vec<Words> = forms.collect();
        forms.dedup();
        // The label of a lost segment may reach beyond the cross.
        let mut line = flight.line;
        if let ([from, to], Some(_)) = (line.as_slice(), arrow.lost) {
            let reach = i64::from(arrow.reach.max(1));
            let end = from.toward(*to, i64::from(crate::ladder::WIDTH), reach);
            line = vec![*from, end];
        }
        self.write_label(arrow, &line, &forms, u64::midpoint(arrow.y_from, arrow.y_to));
    }

    /// Writes the longest form that fits, at the first place along the line that is free: at the
    /// sender's end, in the middle, at the receiver's; below the line, or above.
    fn write_label(&mut self, arrow: &Arrow, line: &[Point], forms: &[Words], at: u64) {
        let label = self.scene.measures.label;
        let (rise, fall) = (label.size * 8, label.size * 25 / 10);
        let width = |words: &Words| -> Tenths {
            let bold = super::text::Type::bold(label.size);
            let of = |(class, word): &(&str, String)| {
                let is_bold = !class.is_empty() && *class != "m" && *class != "rt";
                if is_bold { bold.width(word) } else { label.width(word) }
            };
            let spaces = i64::try_from(words.len().saturating_sub(1)).unwrap_or(0);
            words.iter().map(of).sum::<Tenths>() + spaces * label.width(" ")
        };
        let mut places = vec![];
        for words in forms {
            let width = width(words);
            for pair in line.windows(2) {
                let [left, right] = match arrow.from {
                    Side::Client => [pair[0], pair[1]],
                    Side::Server => [pair[1], pair[0]],
                };
                let direction = Direction::of(left, right);
                let length = distance(left, right);
                let room = length - width;
                let (near, far) = (INSET, room - INSET - HEAD[0]);
                if far + HEAD[0] < near {
                    continue;
                }
                let (sender, receiver) = match arrow.from {
                    Side::Client => (near, far),
                    Side::Server => (room - near, near + HEAD[0]),
                };
                for start in [sender, room / 2, i64::midpoint(sender, receiver), receiver] {
                    for (top, base) in [(GAP, GAP + rise), (-GAP - rise - fall, -GAP - fall)] {
                        let area = Area::turned(
                            left,
                            direction,
                            [start, start + width],
                            [top, top + rise + fall],
                        );
                        let origin = direction.from(left, start, base);
                        places.push((area, (words, direction, origin)));
                    }
                }
            }
        }
        if let Some((words, direction, origin)) = self.taken.take(places) {
            let class = self.appears("l", at);
            let _ = write!(self.words, "<text {} {class}>", direction.matrix(origin));
            for (index, (class, word)) in words.iter().enumerate() {
                let space = if index > 0 { " " } else { "" };
                let word = escape(word);
                let _ = match *class {
                    "" => write!(self.words, "{space}{word}"),
                    class => write!(self.words, "{space}<tspan class=\"{class}\">{word}</tspan>"),
                };
            }
            self.words.push_str("</text>\n");
        }
    }

    /// A pill for each segment, which travels along its line.
    pub(super) fn pills(&mut self) {
        for index in 0..self.scene.flights.len() {
            let (arrow, flight) =
                (&self.scene.ladder.arrows[index], self.scene.flights[index].clone());
            let is_middle = self.scene.bands.iter().any(|band| band[1..].contains(&index));
            if is_middle {
                continue;
            }
            let text = match (arrow.kind, self.record(arrow)) {
                (SegmentKind::Data, Some(record)) => format!("{} B", record.segment.text.len()),
                _ => arrow.flags.clone(),
            };
            for (line, times) in flight.line.windows(2).zip(flight.times.windows(2)) {
                self.pill(arrow, [line[0], line[1]], [times[0], times[1]], &text);
            }
            if let Some((line, at)) = flight.copy {
                self.pill(arrow, line, [arrow.y_from, at], &text);
            }
        }
    }

    fn pill(
        &mut self,
        arrow: &Arrow,
        [from, to]: [Point; 2],
        [y_from, y_to]: [u64; 2],
        text: &str,
    ) {
        let chip = self.scene.measures.chip;
        let width = chip.width(text) + 140;
        let (left, delay) = (Px(-width / 2), self.millis(y_from));
        let lasts = (self.millis(y_to) - delay).max(1);
        let kind = arrow.kind.name();
        let (dx, dy) = (Px(to.x - from.x), Px(to.y - from.y));
        let _ = writeln!(
            self.pills,
            "<g transform=\"translate({from})\"><g class=\"p\" style=\"animation-delay:{delay}ms;\
             animation-duration:{lasts}ms;--x:{dx}px;--y:{dy}px\"><rect x=\"{left}\" y=\"-10\" \
             width=\"{}\" height=\"20\" rx=\"10\" class=\"f {kind}\"/><text y=\"4\" \
             class=\"pt ch mi\">{}</text></g></g>",
            Px(width),
            escape(text)
        );
    }
}
