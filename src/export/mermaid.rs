//! A Mermaid sequence diagram, in the syntax that every version supports.

use std::fmt::Write as _;

use crate::locale::{self, Catalog};
use crate::sim::{Cause, Effect, Origin, SegmentRecord, Side, Timeline};
use crate::tcp::Event;

pub(super) fn write(timeline: &Timeline, catalog: &Catalog) -> String {
    let trace = timeline.trace();
    let mut text = String::from("sequenceDiagram\n");
    for (letter, key) in [("C", "export.client"), ("S", "export.server")] {
        line(&mut text, &format!("participant {letter} as {}", plain(catalog.text(key))));
    }
    // A pause of more than two round trips gets a note, since the diagram has no time scale.
    let pause = timeline.scenario().network.delay.saturating_mul(4);
    let mut last = timeline.start();
    for step in &trace.steps {
        let effects = trace.effects(step);
        if step.at.since(last) > pause {
            let span = locale::span(step.at.since(last));
            let idle = catalog.format("export.idle", &[("span", &span)]);
            line(&mut text, &format!("Note over C,S: {}", plain(&idle)));
        }
        last = step.at;
        if let Cause::Arrival(index, false) = step.cause {
            let record = &trace.segments[index];
            if record.id.origin == Origin::Old {
                arrow(&mut text, record, catalog);
            }
        }
        for effect in effects {
            match effect {
                Effect::Sent(index) => arrow(&mut text, &trace.segments[index], catalog),
                Effect::Event(Event::Transition { to, .. }, _) => {
                    line(&mut text, &format!("Note over {}: {to}", step.side.letter()));
                }
                Effect::Event(..) | Effect::Failed(_) => {}
            }
        }
    }
    text
}

fn arrow(text: &mut String, record: &SegmentRecord, catalog: &Catalog) {
    let (from, to) = (record.from.letter(), record.from.peer().letter());
    let segment = &record.segment;
    let head = match (record.lost, record.repeats) {
        (Some(_), _) => "-x",
        (None, Some(_)) => "-->>",
        (None, None) => "->>",
    };
    let mut label = format!("{} {} SEQ={}", record.id, segment.flags, segment.seq);
    if let Some(ack) = segment.acknowledgment() {
        // Writing to a String cannot fail, here and below.
        let _ = write!(label, " ACK={ack}");
    }
    if !segment.text.is_empty() {
        let _ = write!(label, " LEN={}", segment.text.len());
    }
    if let Some(id) = record.repeats {
        let _ = write!(label, " ({})", catalog.format("export.repeats", &[("id", &id)]));
    }
    if record.id.origin == Origin::Old {
        let _ = write!(label, " ({})", catalog.text("export.old"));
    }
    line(text, &format!("{from}{head}{to}: {}", plain(&label)));
    if record.lost.is_some() {
        // Mermaid draws the cross at the receiver; the note says that the segment was lost on the
        // way.
        let (lost, damaged) = ("export.lost-in-network", "export.arrives-damaged");
        let key = if record.is_damaged() { damaged } else { lost };
        let lost = catalog.format(key, &[("id", &record.id)]);
        line(text, &format!("Note over C,S: {}", plain(&lost)));
    }
    if record.copy_arrives_at.is_some() {
        let twice = format!("{}: {}", record.id, catalog.text("export.twice"));
        line(text, &format!("Note over {}: {}", Side::peer(record.from).letter(), plain(&twice)));
    }
}

fn line(text: &mut String, content: &str) {
    let _ = writeln!(text, "    {content}");
}

/// A label without Mermaid's syntax: `;`, `#`, line breaks, the word `end`.
fn plain(text: &str) -> String {
    let text = text.replace([';', '#', '\n', '\r', '<', '>', '{', '}'], " ");
    let words = text.split(' ').map(|word| if word == "end" { "End" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
