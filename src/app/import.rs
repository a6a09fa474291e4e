//! A JSON trace that was exported: its run is made anew, and held against the file.

use serde_json::Value;

use super::script::{Complaint, MAX_SCRIPT};
use crate::export::VERSION;
use crate::link::Link;
use crate::sim::Timeline;

/// The longest trace that is read, in octets.
pub const MAX_TRACE: usize = 4 * 1024 * 1024;

/// Whether a text can only be a trace: no script begins like that.
pub(super) fn is_trace(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// Whether a text is no longer than what is read of its kind.
pub(super) fn fits(text: &str) -> Result<(), Complaint> {
    let (octets, most) = (text.len(), if is_trace(text) { MAX_TRACE } else { MAX_SCRIPT });
    if octets > most { Err(Complaint::TooLong { octets, most }) } else { Ok(()) }
}

/// The link in a trace, to its run; or the field at fault.
pub(super) fn link_in(text: &str) -> Result<String, Complaint> {
    let file: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| wrong(&format!("JSON:{}:{}", error.line(), error.column())))?;
    if file["version"] != VERSION {
        return Err(wrong("version"));
    }
    let text = file["link"].as_str().ok_or_else(|| wrong("link"))?;
    let (link, problems) = Link::parse("", text);
    if !problems.is_empty() {
        return Err(wrong("link"));
    }
    let link = link.run_only();
    if file["scenario"] != link.scenario {
        return Err(wrong("scenario"));
    }
    let timeline = Timeline::of(link.scenario_to_run());
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
    Ok(text.to_owned())
}

fn wrong(field: &str) -> Complaint {
    Complaint::Field(field.to_owned())
}

/// A list of the file, if it is as long as the run has it.
fn list<'a>(file: &'a Value, name: &str, length: usize) -> Result<&'a [Value], Complaint> {
    match file[name].as_array() {
        Some(list) if list.len() == length => Ok(list),
        _ => Err(wrong(name)),
    }
}
