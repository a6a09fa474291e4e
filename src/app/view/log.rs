//! The filter of the log.

use crate::sim::{Cause, Effect, Side, Step, Trace};
use crate::tcp::Event;

/// Which steps the log lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFilter {
    /// Every step.
    #[default]
    All,
    /// The steps of one host.
    Of(Side),
    /// The steps in which a host changes its state.
    States,
    /// Losses, expired timers, retransmissions, and discarded segments.
    Trouble,
}

impl LogFilter {
    /// Every filter, in the order of the menu.
    pub const ALL: [Self; 5] =
        [Self::All, Self::Of(Side::Client), Self::Of(Side::Server), Self::States, Self::Trouble];

    /// Its name in locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Of(side) => side.name(),
            Self::States => "states",
            Self::Trouble => "trouble",
        }
    }

    /// Whether the log lists a step.
    #[must_use]
    pub fn matches(self, trace: &Trace, step: &Step) -> bool {
        let mut effects = trace.effects(step);
        match self {
            Self::All => true,
            Self::Of(side) => step.side == side,
            Self::States => {
                effects.any(|effect| matches!(effect, Effect::Event(Event::Transition { .. }, _)))
            }
            Self::Trouble => {
                matches!(step.cause, Cause::Loss(_) | Cause::Timer(_))
                    || effects.any(|effect| match effect {
                        Effect::Sent(index) => trace.segments[index].repeats.is_some(),
                        Effect::Event(event, _) => matches!(event, Event::Discarded),
                        Effect::Failed(_) => true,
                    })
            }
        }
    }
}
