//! The panels that a link can open.

use core::fmt;

/// A panel of the page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Panel {
    /// The list of events.
    Log,
    /// The selected segment, field by field.
    Inspect,
    /// The state diagram.
    States,
    /// The RFC clauses behind the current step.
    Why,
    /// The time-sequence graph of a host.
    Graph,
    /// The steps of both handshakes, and common questions.
    Learn,
    /// The tuning of the run.
    Tune,
    /// A panel that this version does not have. The link keeps its name.
    Other(String),
}

impl Panel {
    /// The panels that share the place beside the run, in the order of their tabs.
    pub const TABS: [Self; 6] =
        [Self::Log, Self::Inspect, Self::States, Self::Graph, Self::Why, Self::Learn];

    /// The panel with a name in the notation of links: lower-case letters, digits and hyphens.
    #[must_use]
    pub fn named(name: String) -> Self {
        let mut known = Self::TABS.into_iter().chain([Self::Tune]);
        known.find(|panel| panel.id() == name).unwrap_or(Self::Other(name))
    }

    /// Its name in links.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Log => "log",
            Self::Inspect => "inspect",
            Self::States => "states",
            Self::Graph => "graph",
            Self::Why => "why",
            Self::Learn => "learn",
            Self::Tune => "tune",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for Panel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
