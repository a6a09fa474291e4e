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
    /// The playback speed.
    pub speed: Speed,
    /// Where the run pauses while it plays.
    pub pause_on: PauseOn,
    /// The language, a code of [`locale::LANGUAGES`](crate::locale::LANGUAGES).
    pub lang: Option<String>,
    /// The colour theme.
    pub theme: Theme,
    /// The open panels; empty for the page's default.
    pub panels: Vec<Panel>,
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

/// The speed at which a run is played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speed {
    /// 0.1
    Tenth,
    /// 0.25
    Quarter,
    /// 0.5
    Half,
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
    pub const ALL: [Self; 6] =
        [Self::Tenth, Self::Quarter, Self::Half, Self::One, Self::Two, Self::Four];

    /// As a percentage.
    #[must_use]
    pub const fn percent(self) -> u16 {
        match self {
            Self::Tenth => 10,
            Self::Quarter => 25,
            Self::Half => 50,
            Self::One => 100,
            Self::Two => 200,
            Self::Four => 400,
        }
    }

    /// In the notation of links: `0.25`, `2`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Tenth => "0.1",
            Self::Quarter => "0.25",
            Self::Half => "0.5",
            Self::One => "1",
            Self::Two => "2",
            Self::Four => "4",
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
