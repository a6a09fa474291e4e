//! An exported JSON trace: the run of its link is derived again and compared with the file.

use serde_json::Value;

use super::Complaint;
use crate::export::VERSION;
use crate::link::Link;
use crate::sim::Timeline;

/// The longest trace that is read, in bytes.
pub const MAX_TRACE: usize = 4 * 1024 * 1024;

/// Whether a text can only be a trace: a trace is a JSON object, and no script begins with a brace.
pub(super) fn is_trace(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// The link to a trace's run, or the first field that disagrees with that run.
pub(super) fn link_in(text: &str) -> Result<Link, Complaint> {
    let file: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Complaint::NotJson { line: error.line(), column: error.column() })?;
    if file["version"] != VERSION {
        return Err(wrong("version"));
    }
    let (link, problems) = Link::parse("", file["link"].as_str().ok_or_else(|| wrong("link"))?);
    if !problems.is_empty() {
        return Err(wrong("link"));
    }
    let link = link.run_only();
    if file["scenario"] != link.scenario {
        return Err(wrong("scenario"));
    }
    let timeline = link.shown(Timeline::of(link.scenario_to_run()));
    let (trace, edits) = (timeline.trace(), &timeline.scenario().edits);
    for (index, edit) in list(&file, "edits", edits.len())?.iter().zip(edits).enumerate() {
        if edit.0.as_str() != Some(&edit.1.to_string()) {
            return Err(wrong(&format!("edits[{index}]")));
        }
    }
    let segments = list(&file, "segments", trace.segments.len())?;
    for (index, (entry, record)) in segments.iter().zip(&trace.segments).enumerate() {
        let fields = [
            ("id", entry["id"].as_str() == Some(&record.id.to_string())),
            ("seq", entry["seq"] == record.segment.seq.0),
            ("sentAt", entry["sentAt"] == record.sent_at.as_micros()),
        ];
        if let Some((name, _)) = fields.iter().find(|(_, is_right)| !is_right) {
            return Err(wrong(&format!("segments[{index}].{name}")));
        }
    }
    let steps = list(&file, "steps", trace.steps.len())?;
    for (index, (entry, step)) in steps.iter().zip(&trace.steps).enumerate() {
        if entry["at"] != step.at.as_micros() {
            return Err(wrong(&format!("steps[{index}].at")));
        }
    }
    Ok(link)
}

fn wrong(field: &str) -> Complaint {
    Complaint::Field(field.to_owned())
}

/// A list in the file, if it is as long as the run's.
fn list<'a>(file: &'a Value, name: &str, length: usize) -> Result<&'a [Value], Complaint> {
    match file[name].as_array() {
        Some(list) if list.len() == length => Ok(list),
        _ => Err(wrong(name)),
    }
}
