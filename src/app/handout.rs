//! A run on paper: a table of its segments, and a worksheet with blanks to fill in.

use core::fmt::Write as _;

use crate::explain::side_name;
use crate::ladder::{Ladder, WIDTH};
use crate::locale::{self, Catalog};
use crate::sim::{Origin, Side, Timeline, Trace};
use crate::tcp::Flags;

/// A segment as a row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub id: String,
    /// When it is sent.
    pub at: String,
    /// The sender and the receiver.
    pub hosts: [String; 2],
    /// Its flags.
    pub flags: String,
    /// SEG.SEQ.
    pub seq: String,
    /// SEG.ACK; empty without the flag.
    pub ack: String,
    /// The length of its data in bytes; empty without data.
    pub octets: String,
    /// The state of the sender once it is sent; empty for a segment of an earlier connection.
    pub state: &'static str,
    /// Whether it is lost.
    pub is_lost: bool,
}

/// The segments of a run.
#[must_use]
pub fn rows(timeline: &Timeline, catalog: &Catalog) -> Vec<Row> {
    let trace = timeline.trace();
    let rows = trace.segments.iter().enumerate().map(|(index, record)| {
        let segment = &record.segment;
        let (from, to) = (record.from, record.from.peer());
        let octets = segment.text.len();
        Row {
            id: record.id.to_string(),
            at: locale::instant(record.sent_at),
            hosts: [from, to].map(|side| side_name(side, catalog)),
            flags: segment.flags.without(Flags::PSH).to_string(),
            seq: segment.seq.0.to_string(),
            ack: segment.acknowledgment().map_or_else(String::new, |ack| ack.0.to_string()),
            octets: if octets > 0 { octets.to_string() } else { String::new() },
            state: if record.id.origin == Origin::Old { "" } else { state_after(trace, index) },
            is_lost: record.lost.is_some(),
        }
    });
    rows.collect()
}

/// The sender's state after the step that sent a segment.
fn state_after(trace: &Trace, segment: usize) -> &'static str {
    let sent = |step: &&crate::sim::Step| {
        trace.effects(step).any(|effect| effect == crate::sim::Effect::Sent(segment))
    };
    trace.steps.iter().find(sent).map_or("", |step| step.state().name())
}

/// The height of the worksheet's picture, in pixels: that of a page without the table.
const MOST_HEIGHT: u64 = 900;
/// The height of one one-way delay, in pixels.
const FLIGHT_HEIGHT: u64 = 46;
/// The left and the right lifeline, and the width, in pixels.
const LEFT: u64 = 90;
const RIGHT: u64 = 550;
const ALL: u64 = 640;
/// The room above the first event, in pixels.
const TOP: u64 = 56;

/// The picture of a worksheet: the lifelines and the arrows of a run, with a blank for the label of
/// each segment and for each state.
#[must_use]
pub fn worksheet(timeline: &Timeline, catalog: &Catalog) -> String {
    let ladder = Ladder::of(timeline, false);
    let delay = timeline.scenario().network.delay.as_micros().max(1);
    let span = ladder.axis.end().max(1);
    let height = (span.saturating_mul(FLIGHT_HEIGHT) / delay).clamp(120, MOST_HEIGHT);
    let y = |at: u64| TOP + at.min(span) * height / span;
    let x = |side: Side| if side == Side::Client { LEFT } else { RIGHT };
    let bottom = TOP + height + 24;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {ALL} {}\" width=\"{ALL}\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#111\" stroke-linecap=\"round\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
        bottom + 16
    );
    for side in Side::BOTH {
        let at = x(side);
        let _ = write!(
            svg,
            "<text x=\"{at}\" y=\"20\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\
             <path d=\"M{at} 30V{bottom}\" stroke=\"#111\" stroke-width=\"2\"/>",
            side_name(side, catalog)
        );
    }
    svg += &states(&ladder, &y, &x);
    for arrow in &ladder.arrows {
        svg += &arrow_of(arrow, &y, &x);
    }
    svg + "</svg>"
}

/// A blank beside the lifeline for each state that a host enters.
fn states(ladder: &Ladder, y: &dyn Fn(u64) -> u64, x: &dyn Fn(Side) -> u64) -> String {
    let mut svg = String::new();
    let mut last = [None; 2];
    for interval in &ladder.intervals {
        let top = y(interval.y_from);
        // Two blanks in one place could not be told apart.
        let before = last[interval.side.index()].replace(top);
        if interval.step.is_none() || before.is_some_and(|before: u64| before + 20 > top) {
            continue;
        }
        let left = match interval.side {
            Side::Client => 2,
            Side::Server => x(Side::Server) + 8,
        };
        let _ = write!(
            svg,
            "<rect x=\"{left}\" y=\"{}\" width=\"80\" height=\"18\" rx=\"4\" fill=\"none\" \
             stroke=\"#777\"/>",
            top.saturating_sub(9)
        );
    }
    svg
}

/// A segment: its name, its line, and a blank above the line.
fn arrow_of(
    arrow: &crate::ladder::Arrow,
    y: &dyn Fn(u64) -> u64,
    x: &dyn Fn(Side) -> u64,
) -> String {
    let (from, to) = (x(arrow.from), x(arrow.from.peer()));
    let gone = from.abs_diff(to) * u64::from(arrow.reach) / u64::from(WIDTH);
    let end = if from < to { from + gone } else { from - gone };
    let (top, bottom) = (y(arrow.y_from), y(arrow.y_to));
    let inward = |by: u64| if from < to { end - by.min(gone) } else { end + by.min(gone) };
    let head = if arrow.lost.is_some() {
        format!("M{} {}l12 12m0-12l-12 12", end.saturating_sub(6), bottom.saturating_sub(6))
    } else {
        format!(
            "M{} {}L{end} {bottom}L{} {}",
            inward(10),
            bottom.saturating_sub(7),
            inward(11),
            bottom + 3
        )
    };
    // The blank lies at the sender's end of the line, the name before it.
    let at = top + (bottom.saturating_sub(top)) / 4;
    let (name, blank) = match arrow.from {
        Side::Client => (from + 8, from + 34),
        Side::Server => (from - 26, from - 234),
    };
    format!(
        "<path d=\"M{from} {top}L{end} {bottom}\" stroke=\"#111\" fill=\"none\"/>\
         <path d=\"{head}\" stroke=\"#111\" fill=\"none\"/>\
         <text x=\"{name}\" y=\"{}\" font-weight=\"bold\">{}</text>\
         <rect x=\"{blank}\" y=\"{}\" width=\"200\" height=\"18\" fill=\"#fff\" stroke=\"#777\" \
         stroke-dasharray=\"3 3\"/>",
        at + 14,
        arrow.id,
        at
    )
}
