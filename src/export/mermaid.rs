//! A Mermaid sequence diagram, in the syntax that every version supports.

use std::fmt::{Display, Write as _};

use super::options::cut;
use super::story::Story;
use crate::explain::{span, timer_name};
use crate::locale::Catalog;
use crate::sim::{Cause, Effect, Origin, SegmentRecord, Timeline};
use crate::tcp::Event;

/// The most characters of a diagram: Mermaid refuses a longer text (`maxTextSize`). The rest is for
/// the note about what is left out, and for the fence around the diagram.
const MOST_CHARACTERS: usize = 49_000;

pub(super) fn write(timeline: &Timeline, catalog: &Catalog) -> String {
    let mut diagram = Diagram {
        timeline,
        catalog,
        story: Story::of(timeline, catalog),
        text: String::from("sequenceDiagram\n"),
        length: 0,
        left_out: 0,
    };
    for (letter, key) in [("C", "export.client"), ("S", "export.server")] {
        diagram.line(&format!("participant {letter} as {}", plain(catalog.text(key))));
    }
    diagram.steps();
    let left_out = Some(diagram.left_out).filter(|count| *count > 0);
    let more = left_out.map(|count| catalog.format("export.more", &[("count", &count)]));
    // These have room beyond the limit.
    for note in [more, cut(timeline, catalog)].into_iter().flatten() {
        let _ = writeln!(diagram.text, "    Note over C,S: {}", plain(&note));
    }
    diagram.text
}

struct Diagram<'a> {
    timeline: &'a Timeline,
    catalog: &'a Catalog,
    story: Story<'a>,
    text: String,
    /// The number of characters so far.
    length: usize,
    /// The number of segments for which there was no room.
    left_out: usize,
}

impl Diagram<'_> {
    fn steps(&mut self) {
        let trace = self.timeline.trace();
        // A pause of more than two round trips gets a note, since the diagram has no time scale.
        let pause = self.timeline.scenario().network.delay.saturating_mul(4);
        let mut last = self.timeline.start();
        for (index, step) in trace.steps.iter().enumerate() {
            if step.at.since(last) > pause {
                let span = span(step.at.since(last), self.catalog);
                let idle = self.catalog.format("export.idle", &[("span", &span)]);
                self.note("C,S", &idle);
            }
            last = step.at;
            self.cause(index, step.cause, step.side.letter());
            for effect in trace.effects(step) {
                match effect {
                    Effect::Sent(segment) => self.sent(segment),
                    Effect::Event(Event::Transition { to, .. }, _) => {
                        self.note(step.side.letter(), to.name());
                    }
                    Effect::Event(..) | Effect::Failed(_) => {}
                }
            }
        }
    }

    /// What begins a step, where no arrow shows it: the expiry of a timer, a copy, a segment that
    /// comes late or from an earlier connection.
    fn cause(&mut self, step: usize, cause: Cause, letter: char) {
        let (catalog, trace) = (self.catalog, self.timeline.trace());
        match cause {
            Cause::Arrival(segment, true) => {
                let id = trace.segments[segment].id;
                self.note(letter, &catalog.format("export.copy", &[("id", &id)]));
            }
            Cause::Arrival(segment, false) => {
                let is_old = trace.segments[segment].id.origin == Origin::Old;
                if is_old || self.story.is_late(segment) {
                    self.arrow(segment);
                }
            }
            Cause::Timer(timer) => {
                let timer = timer_name(timer, catalog);
                let text = match self.story.expired_rto(step) {
                    Some(rto) => {
                        let rto = span(rto, catalog);
                        catalog.format("export.rto-expires", &[("timer", &timer), ("rto", &rto)])
                    }
                    None => catalog.format("export.expires", &[("timer", &timer)]),
                };
                self.note(letter, &text);
            }
            Cause::Loss(_) | Cause::Call(_) => {}
        }
    }

    /// A segment is sent. One that will be late gets its arrow where it arrives, so that the order
    /// of the arrows is the order of arrival.
    fn sent(&mut self, index: usize) {
        if !self.story.is_late(index) {
            self.arrow(index);
            return;
        }
        let record = &self.timeline.trace().segments[index];
        let label = label(record);
        let sends = self.catalog.format("export.sends", &[("segment", &label)]);
        let sends = self.with_remarks(index, &sends);
        self.note(record.from.letter(), &sends);
    }

    fn arrow(&mut self, index: usize) {
        if self.length >= MOST_CHARACTERS {
            self.left_out += 1;
            return;
        }
        let record = &self.timeline.trace().segments[index];
        let (from, to) = (record.from.letter(), record.from.peer().letter());
        let head = match (record.lost, record.repeats) {
            (Some(_), _) => "-x",
            (None, Some(_)) => "-->>",
            (None, None) => "->>",
        };
        let label = self.with_remarks(index, &label(record));
        self.line(&format!("{from}{head}{to}: {}", plain(&label)));
        if record.lost.is_some() {
            // Mermaid draws the cross at the receiver; the note says that the segment was lost on
            // the way.
            let (lost, damaged) = ("export.lost-in-network", "export.arrives-damaged");
            let key = if record.is_damaged() { damaged } else { lost };
            self.note("C,S", &self.catalog.format(key, &[("id", &record.id)]));
        }
    }

    /// A label with the acknowledgment that rides along, and the remarks. A loss has a note of its
    /// own.
    fn with_remarks(&self, index: usize, label: &str) -> String {
        let remarks = self.story.remarks(index).into_iter().filter(|it| !it.is_loss);
        let also = self.story.also(index).into_iter();
        let texts: Vec<String> = also.chain(remarks.map(|it| it.text)).collect();
        // A semicolon would end the statement.
        match texts.as_slice() {
            [] => label.to_owned(),
            texts => format!("{label} ({})", texts.join(", ")),
        }
    }

    fn note(&mut self, over: impl Display, text: &str) {
        self.line(&format!("Note over {over}: {}", plain(text)));
    }

    fn line(&mut self, content: &str) {
        if self.length >= MOST_CHARACTERS {
            return;
        }
        self.length += content.chars().count() + 5;
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(self.text, "    {content}");
    }
}

/// The name, flags and numbers of a segment.
fn label(record: &SegmentRecord) -> String {
    let segment = &record.segment;
    let mut label = format!("{} {} SEQ={}", record.id, segment.flags, segment.seq);
    if let Some(ack) = segment.acknowledgment() {
        let _ = write!(label, " ACK={ack}");
    }
    if !segment.text.is_empty() {
        let _ = write!(label, " LEN={}", segment.text.len());
    }
    label
}

/// A label without Mermaid's syntax: `;`, `#`, line breaks, the word `end`.
fn plain(text: &str) -> String {
    let text = text.replace([';', '#', '\n', '\r', '<', '>', '{', '}'], " ");
    let words = text.split(' ').map(|word| if word == "end" { "End" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
