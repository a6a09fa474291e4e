//! The texts on and about a segment.

use crate::app::Run;
use crate::ladder::{Arrow, Caption, Fate, SegmentKind};
use crate::locale::{self, Catalog};
use crate::sim::{LossCause, SegmentRecord};
use crate::tcp::{State, Timer};
use crate::time::{Duration, Instant};

/// The approximate width of a label, in pixels; rather more than less.
pub fn label_width(label: &Caption) -> i32 {
    let bold = text_width(&label.subject) * 108 / 100;
    let words = [&label.name, &label.flags, &label.numbers, &label.window].into_iter();
    let widths = words.filter(|word| !word.is_empty()).map(|word| text_width(word) + 6);
    widths.sum::<i32>() + bold
}

/// The approximate width of a text of 12 pixels, rather more than less.
pub fn text_width(text: &str) -> i32 {
    let tenths = |letter: char| match letter {
        'i' | 'l' | 'j' | '.' | ',' | '·' | ' ' | '/' => 40,
        'm' | 'w' | 'M' | 'W' => 108,
        'A'..='Z' => 86,
        _ if letter.is_ascii() => 74,
        _ => 90,
    };
    text.chars().map(tenths).sum::<i32>() / 10 + 1
}

/// The text in the token of a segment in flight.
pub fn token(arrow: &Arrow, record: &SegmentRecord) -> String {
    match arrow.kind {
        SegmentKind::Data => format!("{} B", record.segment.text.len()),
        SegmentKind::Syn | SegmentKind::Fin | SegmentKind::Rst | SegmentKind::Ack => {
            arrow.flags.clone()
        }
    }
}

/// The accessible name of a segment: `C1, SYN, sequence 100, sent 0 ms, arrives 50 ms`.
pub fn description(catalog: &Catalog, run: &Run, arrow: &Arrow, fate: Fate) -> String {
    let record = &run.timeline.trace().segments[arrow.segment];
    let segment = &record.segment;
    let mut parts = vec![arrow.id.to_string(), arrow.flags.clone()];
    parts.push(catalog.format("ui.ladder.sequence", &[("seq", &segment.seq)]));
    if let Some(ack) = segment.acknowledgment() {
        parts.push(catalog.format("ui.ladder.acknowledgment", &[("ack", &ack)]));
    }
    if !segment.text.is_empty() {
        parts.push(catalog.format("ui.ladder.octets", &[("count", &segment.text.len())]));
    }
    if let Some(id) = arrow.repeats {
        parts.push(catalog.format("ui.ladder.repeats", &[("id", &id)]));
    }
    let at = |key: &str, at: Instant| catalog.format(key, &[("t", &locale::instant(at))]);
    parts.push(at("ui.ladder.sent", arrow.sent_at));
    let end = match (arrow.lost, fate) {
        (Some(LossCause::Corruption), _) => "ui.ladder.damaged",
        (Some(_), _) => "ui.ladder.lost",
        (None, Fate::Arrived) => "ui.ladder.arrived",
        (None, _) => "ui.ladder.arrives",
    };
    parts.push(at(end, arrow.ends_at));
    if let Some((due, _)) = arrow.due.filter(|_| arrow.lost.is_none()) {
        let (key, by) = match arrow.ends_at.since(due) {
            Duration::ZERO => ("ui.ladder.hastened", due.since(arrow.ends_at)),
            by => ("ui.ladder.delayed", by),
        };
        parts.push(catalog.format(key, &[("by", &locale::span(by))]));
    }
    if let Some((copy, _)) = arrow.copy {
        parts.push(at("ui.ladder.copy", copy));
    }
    parts.join(", ")
}

/// The time by which an event is late, or early: `+300 ms`.
pub fn lateness(due: Instant, at: Instant) -> String {
    match at.since(due) {
        Duration::ZERO if at < due => format!("−{}", locale::span(due.since(at))),
        by => format!("+{}", locale::span(by)),
    }
}

/// The class that gives an element the colour of a state.
pub fn state_class(state: State) -> String {
    format!("state--{}", state.name().to_ascii_lowercase())
}

/// The short name of a timer.
pub const fn timer(timer: Timer) -> &'static str {
    match timer {
        Timer::Retransmission => "RTO",
        Timer::TimeWait => "2MSL",
        Timer::Persist => "persist",
        Timer::DelayedAck => "ACK",
        Timer::User => "R2",
        Timer::KeepAlive => "keep-alive",
        Timer::FinWait2 => "FIN-WAIT-2",
        Timer::LossProbe => "PTO",
    }
}

/// A span that is rounded for display. Digits after the point stay, so that a running number does
/// not jump.
pub fn brief(span: Duration) -> String {
    match span.as_micros() {
        0 => "0 ms".to_owned(),
        micros @ 1..10_000 => format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100),
        micros @ 10_000..1_000_000 => format!("{} ms", micros / 1_000),
        micros @ 1_000_000..1_000_000_000 => {
            format!("{}.{:02} s", micros / 1_000_000, micros % 1_000_000 / 10_000)
        }
        micros => format!("{} s", locale::number(micros / 1_000_000)),
    }
}

/// An instant of an event: exact, unless that is too long for the edge of the ladder.
pub fn event(at: Instant) -> String {
    let exact = locale::instant(at);
    if exact.chars().count() <= 8 { exact } else { brief(at.since(Instant::ZERO)) }
}

/// A span with three digits at most, for the narrowest places.
pub fn briefest(span: Duration) -> String {
    match span.as_micros() {
        0 => "0".to_owned(),
        micros @ 10_000_000..100_000_000 => {
            format!("{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000)
        }
        micros @ 100_000_000.. => format!("{} s", micros / 1_000_000),
        _ => brief(span),
    }
}
