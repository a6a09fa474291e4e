//! The parameters of a link that set how its run is shown.

use super::goal::{Goal, Lock};
use super::panel::Panel;
use crate::time::Instant;

/// How a run is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The instant shown.
    pub t: Option<Instant>,
    /// Whether it plays as soon as it is opened.
    pub autoplay: bool,
    /// The playback speed; `None` leaves it to whoever opens the link.
    pub speed: Option<Speed>,
    /// Where the run pauses while it plays.
    pub pause_on: PauseOn,
    /// The language, a code of [`locale::LANGUAGES`](crate::locale::LANGUAGES).
    pub lang: Option<String>,
    /// The colour theme.
    pub theme: Theme,
    /// The open panels; empty for the page's default.
    pub panels: Vec<Panel>,
    /// The open question of the lessons, from 1.
    pub learn: Option<u16>,
    /// The quiz that begins when the link is opened.
    pub quiz: Option<Asked>,
    /// Whether the page is embedded in another page.
    pub embed: bool,
    /// The run's own name; the title of an assignment.
    pub name: Option<String>,
    /// What an assignment asks for, in words.
    pub task: Option<String>,
    /// The goals of an assignment; empty for any other run.
    pub goals: Vec<Goal>,
    /// What the solver of an assignment must not change.
    pub lock: Lock,
}

impl View {
    /// The same view without a name and without an assignment.
    #[must_use]
    pub fn unnamed(self) -> Self {
        Self { name: None, task: None, goals: vec![], lock: Lock::default(), ..self }
    }

    /// Whether the run is an assignment.
    #[must_use]
    pub const fn is_assignment(&self) -> bool {
        !self.goals.is_empty()
    }
}

impl View {
    /// The playback speed: 1x if the link names none.
    #[must_use]
    pub fn tempo(&self) -> Speed {
        self.speed.unwrap_or_default()
    }
}

/// The speed at which a run is played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speed {
    /// 0.1
    Tenth,
    /// 0.25
    Quarter,
    /// 0.5
    Half,
    /// From event to event, with a pause at each for its words to be read.
    Read,
    /// 1
    #[default]
    One,
    /// 2
    Two,
    /// 4
    Four,
}

impl Speed {
    /// All, the slowest first.
    pub const ALL: [Self; 7] =
        [Self::Tenth, Self::Quarter, Self::Half, Self::Read, Self::One, Self::Two, Self::Four];

    /// The speed between two events, as a percentage.
    #[must_use]
    pub const fn percent(self) -> u16 {
        match self {
            Self::Tenth => 10,
            Self::Quarter => 25,
            Self::Half => 50,
            Self::Read | Self::One => 100,
            Self::Two => 200,
            Self::Four => 400,
        }
    }

    /// In the notation of links: `0.25`, `2`, `read`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Tenth => "0.1",
            Self::Quarter => "0.25",
            Self::Half => "0.5",
            Self::Read => "read",
            Self::One => "1",
            Self::Two => "2",
            Self::Four => "4",
        }
    }
}

/// What a quiz asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What happens next?
    Next,
    /// Which segment was lost?
    Loss,
}

impl Asked {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Next, Self::Loss];

    /// Its name in links.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Loss => "loss",
        }
    }
}

/// Where a run pauses while it plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PauseOn {
    /// Nowhere.
    #[default]
    None,
    /// At the start of each chapter.
    Chapter,
    /// At each event.
    Event,
}

impl PauseOn {
    /// All, the default first.
    pub const ALL: [Self; 3] = [Self::None, Self::Chapter, Self::Event];

    /// Its name in links.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Chapter => "chapter",
            Self::Event => "event",
        }
    }
}

/// The colour theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The theme of the system, or of the host page.
    #[default]
    Auto,
    /// Dark text on a light background.
    Light,
    /// Light text on a dark background.
    Dark,
}

impl Theme {
    /// All, the default first.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Its name in links.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}
