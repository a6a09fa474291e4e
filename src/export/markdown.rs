//! A Markdown table: the study notes' short form, and the full one.

use std::fmt::Write as _;

use super::options::{Heading, Options, cut};
use super::story::Story;
use crate::locale::{Catalog, clock};
use crate::sim::{Side, Timeline};

pub(super) fn write(
    timeline: &Timeline,
    heading: &Heading,
    catalog: &Catalog,
    options: &Options,
) -> String {
    let mut text = format!("### {}\n\n{}\n\n", escape(&heading.title), escape(&heading.text));
    if options.full {
        full_table(timeline, catalog, &mut text);
    } else {
        notes_table(timeline, catalog, &mut text);
    }
    // Writing to a String cannot fail, here and below.
    if let Some(cut) = cut(timeline, catalog) {
        let _ = writeln!(text, "\n{}", escape(&cut));
    }
    if let Some(link) = &heading.link {
        let _ = match &options.page {
            Some(page) => {
                let page = destination(page);
                writeln!(text, "\n[{}]({page}#{link})", escape(catalog.text("export.link")))
            }
            None => writeln!(text, "\n`{link}`"),
        };
    }
    text
}

fn notes_table(timeline: &Timeline, catalog: &Catalog, text: &mut String) {
    head(
        text,
        catalog,
        &["export.step", "export.from", "export.to", "export.segment", "export.meaning.title"],
    );
    let story = Story::of(timeline, catalog);
    for (index, record) in timeline.trace().segments.iter().enumerate() {
        let segment = format!("{} {}", record.id, record.segment.flags);
        let meaning = with_remarks(&story, index);
        let step = (index + 1).to_string();
        let (from, to) = (side(record.from, catalog), side(record.from.peer(), catalog));
        row(text, &[&step, from, to, &segment, &meaning]);
    }
}

fn full_table(timeline: &Timeline, catalog: &Catalog, text: &mut String) {
    head(
        text,
        catalog,
        &[
            "export.step",
            "export.time",
            "export.segment",
            "export.from",
            "export.flags",
            "export.seq",
            "export.ack",
            "export.length",
            "export.states",
            "export.meaning.title",
        ],
    );
    let story = Story::of(timeline, catalog);
    for (index, record) in timeline.trace().segments.iter().enumerate() {
        let segment = &record.segment;
        let ack = segment.acknowledgment().map_or_else(String::new, |ack| ack.to_string());
        let meaning = with_remarks(&story, index);
        row(
            text,
            &[
                &(index + 1).to_string(),
                &clock(record.sent_at),
                &record.id.to_string(),
                side(record.from, catalog),
                &segment.flags.to_string(),
                &segment.seq.to_string(),
                &ack,
                &segment.text.len().to_string(),
                &states(timeline, story.ends_in(index)),
                &meaning,
            ],
        );
    }
}

/// The states of both hosts after the step in which the segment arrives or is lost. Later steps of
/// the same instant are not part of it.
fn states(timeline: &Timeline, step: Option<usize>) -> String {
    let last = || timeline.trace().steps.len().checked_sub(1);
    let [client, server] = timeline.hosts_after(step.or_else(last)).map(|host| host.state);
    format!("{client} / {server}")
}

fn with_remarks(story: &Story<'_>, index: usize) -> String {
    let (meaning, remarks) = (story.meaning(index), story.remarks(index));
    let texts: Vec<String> = remarks
        .into_iter()
        .map(|it| if it.is_loss { format!("**{}**", it.text) } else { it.text })
        .collect();
    if texts.is_empty() { meaning } else { format!("{meaning} ({})", texts.join("; ")) }
}

fn side(side: Side, catalog: &Catalog) -> &str {
    match side {
        Side::Client => catalog.text("export.client"),
        Side::Server => catalog.text("export.server"),
    }
}

fn head(text: &mut String, catalog: &Catalog, keys: &[&str]) {
    let cells: Vec<&str> = keys.iter().map(|key| catalog.text(key)).collect();
    row(text, &cells);
    text.push('|');
    for _ in keys {
        text.push_str(" --- |");
    }
    text.push('\n');
}

fn row(text: &mut String, cells: &[&str]) {
    text.push('|');
    for cell in cells {
        let _ = write!(text, " {} |", escape_cell(cell));
    }
    text.push('\n');
}

/// An address as the destination of a link: without the characters that would end it.
fn destination(address: &str) -> String {
    let mut encoded = String::with_capacity(address.len());
    for char in address.chars() {
        if char.is_whitespace() || char.is_control() || "<>()[]\\|\"`".contains(char) {
            let mut octets = [0; 4];
            for octet in char.encode_utf8(&mut octets).bytes() {
                let _ = write!(encoded, "%{octet:02X}");
            }
        } else {
            encoded.push(char);
        }
    }
    encoded
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if "\\`*_[]<>#|".contains(char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// Emphasis in a cell is kept; only HTML and the end of a cell are escaped.
fn escape_cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}
