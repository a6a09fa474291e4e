//! The outages, as bands across the diagram.

use super::axis::Axis;
use crate::locale;
use crate::sim::{Edit, Outage, Side, Timeline};
use crate::time::Instant;

/// An outage as a band across the diagram, or across the half of the host whose segments are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutageBand {
    /// The outage.
    pub outage: Outage,
    /// Where it begins, in presentation time.
    pub y_from: u64,
    /// Where it ends, or the diagram does.
    pub y_to: u64,
}

impl OutageBand {
    /// Its label, with the word for an outage: `outage 3 s`, `outage → 3 s`, `outage`.
    #[must_use]
    pub fn label(&self, word: &str) -> String {
        let way = match self.outage.of {
            None => "",
            Some(Side::Client) => " →",
            Some(Side::Server) => " ←",
        };
        let lasts = self.outage.lasts.map(|lasts| format!(" {}", locale::span(lasts)));
        format!("{word}{way}{}", lasts.unwrap_or_default())
    }
}

/// The outages of a run, in the order of the edits.
pub(super) fn outages(timeline: &Timeline) -> impl Iterator<Item = &Outage> {
    timeline.scenario().edits.iter().filter_map(|edit| match edit {
        Edit::Cut(outage) => Some(outage),
        _ => None,
    })
}

/// Where the outages of a run begin and end, as far as it goes.
pub(super) fn edges(timeline: &Timeline) -> Vec<Instant> {
    let edges = outages(timeline).flat_map(|it| [Some(it.from), it.to()]).flatten();
    edges.filter(|at| *at <= timeline.end()).collect()
}

/// The bands on a diagram that ends at `end`.
pub(super) fn bands(timeline: &Timeline, axis: &Axis, end: Instant) -> Vec<OutageBand> {
    let start = timeline.start();
    let is_shown = |it: &&Outage| it.from < end && it.to().is_none_or(|to| start < to);
    outages(timeline)
        .filter(is_shown)
        .map(|outage| OutageBand {
            outage: *outage,
            y_from: axis.y(outage.from.max(start)),
            y_to: axis.y(outage.to().unwrap_or(end).min(end)),
        })
        .collect()
}
