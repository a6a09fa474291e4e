//! Explanations: a step of a trace as a sentence, its details, and the clause behind it.
//!
//! They are made only of the step's cause, effects, rules and numbers, never of the scenario.

use crate::locale::Catalog;
use crate::sim::{Effect, Trace};
use crate::tcp::{Event, Rule};

mod citation;
mod details;
mod names;
mod step_view;
mod words;

pub use citation::{citation_url, cite, naming_segments, section_url};
pub use names::{call_name, says, side_name, state_gloss, timer_name};
use step_view::StepView;
use words::Words;
pub use words::span;

/// A step in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The main event, in one sentence.
    pub sentence: String,
    /// The other effects, one sentence each.
    pub details: Vec<String>,
    /// What the main clause requires, and why.
    pub why: String,
    /// The clauses that applied, the main one first. Empty if the network or the operator of the
    /// host acted, not TCP.
    pub citations: Vec<Rule>,
}

/// Explains the step with this index; `None` if there is no such step.
#[must_use]
pub fn explain(trace: &Trace, step: usize, catalog: &Catalog) -> Option<Explanation> {
    let view = StepView::of(trace, step)?;
    let words = Words::of(&view, catalog);
    Some(Explanation {
        sentence: words.sentence(),
        details: words.details(),
        why: words.why(),
        citations: citations(&view),
    })
}

/// The first part of an explanation, for which the player's texts are enough: the sentence, and the
/// main clause.
#[must_use]
pub fn headline(trace: &Trace, step: usize, catalog: &Catalog) -> Option<(String, Option<Rule>)> {
    let view = StepView::of(trace, step)?;
    Some((Words::of(&view, catalog).sentence(), citations(&view).first().copied()))
}

/// The rules that applied in a step, the main one first.
fn citations(view: &StepView<'_>) -> Vec<Rule> {
    let mut citations: Vec<Rule> = vec![];
    // The expiry of a timer has no clause of its own: its effects have.
    let is_cited = |effect: &&Effect| !matches!(effect, Effect::Event(Event::Expired { .. }, _));
    let rules = view.effects.iter().filter(is_cited).filter_map(|effect| view.rule_of(effect));
    for rule in view.headline().into_iter().chain(rules) {
        if !citations.contains(&rule) {
            citations.push(rule);
        }
    }
    citations
}
