//! Sentences of the catalog, with their arguments.

use crate::explain;
use crate::locale::Catalog;
use crate::sim::{SegmentId, Side};

/// A sentence of the catalog, with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its key.
    pub key: &'static str,
    /// The values of its placeholders, by name.
    pub arguments: Vec<(&'static str, Argument)>,
    /// The other segment that explains the value.
    pub about: Option<SegmentId>,
}

/// The value of a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A number, a name: the same in every language.
    Text(String),
    /// A host.
    Host(Side),
}

impl Sentence {
    /// The sentence in a language.
    #[must_use]
    pub fn text(&self, catalog: &Catalog) -> String {
        let words = self.arguments.iter().map(|(name, argument)| match argument {
            Argument::Text(text) => (*name, text.clone()),
            Argument::Host(side) => (*name, explain::side_name(*side, catalog)),
        });
        let words: Vec<(&str, String)> = words.collect();
        let arguments: Vec<(&str, &dyn core::fmt::Display)> =
            words.iter().map(|(name, text)| (*name, text as &dyn core::fmt::Display)).collect();
        catalog.format(self.key, &arguments)
    }
}
