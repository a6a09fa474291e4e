//! The share link: everything that a viewer chose, as one line of text, both ways.
//!
//! Equal states give equal links: one order, one spelling, no defaults. What cannot be read is
//! reported and skipped; the rest still works.

use core::fmt::{self, Write as _};

use crate::locale::Catalog;
use crate::scenarios::{self, Lesson, Stack, Tuning};
use crate::sim::edit::EditErrorKind;
use crate::sim::{Edit, Scenario};
use crate::tcp::SeqNumber;
use crate::time::{Duration, Instant};

mod panel;
mod parameters;
mod read;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

pub use panel::Panel;
use parameters::TUNING;

/// The most edits in a link.
pub const MAX_EDITS: usize = 64;
/// The longest query or fragment that is read, in octets.
pub const MAX_LENGTH: usize = 64 * 1024;
/// The longest round-trip time.
pub const MAX_RTT: Duration = Duration::from_secs(60);
/// The smallest and the largest MSS.
pub const MSS_RANGE: core::ops::RangeInclusive<u16> = 16..=65_495;
/// The shortest MSL and the shortest bound of RTO; the longest of both is
/// [`edit::LONGEST`](crate::sim::edit::LONGEST).
pub const SHORTEST: Duration = Duration::from_millis(1);

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The id of a built-in scenario.
    pub scenario: &'static str,
    /// The viewer's edits; the scenario's own come before them.
    pub edits: Vec<Edit>,
    /// The round-trip time, if not the default.
    pub rtt: Option<Duration>,
    /// How many of a hundred segments are lost by chance, if not the default.
    pub loss: Option<u8>,
    /// What chance depends on, if not the default.
    pub seed: Option<u64>,
    /// The MSS that both hosts announce, if not the stack's own.
    pub mss: Option<u16>,
    /// ISS of the client and of the server, if not the default.
    pub isn: Option<[SeqNumber; 2]>,
    /// Whose habits the hosts have, if not the default.
    pub stack: Option<Stack>,
    /// The receive buffer of both hosts, in octets, if not the stack's own.
    pub window: Option<u16>,
    /// The MSL of both hosts, if not the stack's own.
    pub msl: Option<Duration>,
    /// The floor and the cap of RTO, if not the stack's own.
    pub rto: Option<[Duration; 2]>,
    /// How the run is shown.
    pub view: View,
    /// What was in the link and means nothing here: kept, in order.
    pub unknown: Vec<(String, String)>,
}

/// How a run is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The instant that is shown.
    pub t: Option<Instant>,
    /// Whether it plays at once.
    pub autoplay: bool,
    /// How fast it plays.
    pub speed: Speed,
    /// Where it pauses while it plays.
    pub pause_on: PauseOn,
    /// The language, a code of [`locale::LANGUAGES`](crate::locale::LANGUAGES).
    pub lang: Option<String>,
    /// Light or dark.
    pub theme: Theme,
    /// The panels that are open; empty for the page's own choice.
    pub panels: Vec<Panel>,
    /// Whether it is shown inside another page.
    pub embed: bool,
}

/// How fast a run is played.
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

    /// In per cent.
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

    /// As in links: `0.25`, `2`.
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
    /// Where each chapter begins.
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

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system, or the host page, has it.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
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

/// A part of a link that was ignored. Its text in each language: `problem.<kind>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The parameter.
    pub key: String,
    /// The piece at fault, as it was written; cut if it is long.
    pub part: String,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

impl Problem {
    /// The problem in one sentence.
    #[must_use]
    pub fn text(&self, catalog: &Catalog) -> String {
        let key = format!("problem.{}", self.kind.id());
        catalog.format(&key, &[("key", &self.key), ("part", &self.part)])
    }
}

/// What is wrong with a part of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// No built-in scenario has this id.
    UnknownScenario,
    /// No edit begins with this word.
    UnknownVerb,
    /// Not a segment's name, such as `C1`.
    NotASegment,
    /// Not `C` or `S`.
    NotASide,
    /// Not a time such as `300ms`, or too long.
    NotATime,
    /// Not a count of octets in its range.
    NotACount,
    /// An edit with too few or too many pieces.
    WrongShape,
    /// Not a number in its range.
    NotANumber,
    /// None of the values that this parameter has.
    UnknownValue,
    /// A lower bound above the upper one.
    Reversed,
    /// No parameter has this name; it is kept.
    UnknownKey,
    /// It stood here before; the later one counts.
    Repeated,
    /// Not percent-encoded UTF-8.
    BadEncoding,
    /// More than can be read; the rest is ignored.
    TooMany,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::UnknownScenario,
        Self::UnknownVerb,
        Self::NotASegment,
        Self::NotASide,
        Self::NotATime,
        Self::NotACount,
        Self::WrongShape,
        Self::NotANumber,
        Self::UnknownValue,
        Self::Reversed,
        Self::UnknownKey,
        Self::Repeated,
        Self::BadEncoding,
        Self::TooMany,
    ];

    /// Why a text is no edit.
    const fn of_edit(kind: EditErrorKind) -> Self {
        match kind {
            EditErrorKind::UnknownVerb => Self::UnknownVerb,
            EditErrorKind::NotASegment => Self::NotASegment,
            EditErrorKind::NotASide => Self::NotASide,
            EditErrorKind::NotATime => Self::NotATime,
            EditErrorKind::NotACount => Self::NotACount,
            EditErrorKind::WrongShape => Self::WrongShape,
        }
    }

    /// Its name in locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::UnknownScenario => "unknown-scenario",
            Self::UnknownVerb => "unknown-verb",
            Self::NotASegment => "not-a-segment",
            Self::NotASide => "not-a-side",
            Self::NotATime => "not-a-time",
            Self::NotACount => "not-a-count",
            Self::WrongShape => "wrong-shape",
            Self::NotANumber => "not-a-number",
            Self::UnknownValue => "unknown-value",
            Self::Reversed => "reversed",
            Self::UnknownKey => "unknown-key",
            Self::Repeated => "repeated",
            Self::BadEncoding => "bad-encoding",
            Self::TooMany => "too-many",
        }
    }
}

/// Reads edits as they stand in `do=`, and what is wrong with those that cannot be read.
#[must_use]
pub fn edits(text: &str) -> (Vec<Edit>, Vec<Problem>) {
    read::edits(text)
}

impl Default for Link {
    fn default() -> Self {
        Self::to(scenarios::DEFAULT)
    }
}

impl Link {
    /// The link to a built-in scenario as it is; to the default one where `id` names none.
    #[must_use]
    pub fn to(id: &str) -> Self {
        Self {
            scenario: Lesson::find(id).map_or(scenarios::DEFAULT, |lesson| lesson.id),
            edits: vec![],
            rtt: None,
            loss: None,
            seed: None,
            mss: None,
            isn: None,
            stack: None,
            window: None,
            msl: None,
            rto: None,
            view: View::default(),
            unknown: vec![],
        }
    }

    /// Reads a query and a fragment, with or without their `?` and `#`. Where both name a
    /// parameter, the fragment wins. Line breaks separate parameters as `&` does.
    #[must_use]
    pub fn parse(query: &str, fragment: &str) -> (Self, Vec<Problem>) {
        read::read(query, fragment)
    }

    /// The same link with one parameter of the run's tuning set as in a link; an empty value takes
    /// it out.
    ///
    /// # Errors
    ///
    /// Why the value is none of this parameter, or that no such parameter is tuned.
    pub fn tuned(&self, key: &str, value: &str) -> Result<Self, ProblemKind> {
        read::tuned(self, key, value)
    }

    /// The same link with nothing tuned.
    #[must_use]
    pub fn untuned(&self) -> Self {
        let mut link = self.clone();
        for parameter in &TUNING {
            (parameter.clear)(&mut link);
        }
        link
    }

    /// The names of the tuning parameters that differ between two links.
    #[must_use]
    pub fn tuning_differences(&self, other: &Self) -> Vec<&'static str> {
        let differing = TUNING.iter().filter(|it| (it.write)(self) != (it.write)(other));
        differing.map(|parameter| parameter.key).collect()
    }

    /// The link to the same run, without the view and without unknown parameters.
    #[must_use]
    pub fn run_only(&self) -> Self {
        Self { view: View::default(), unknown: vec![], ..self.clone() }
    }

    /// The same link in a language, or in the reader's own.
    #[must_use]
    pub fn in_language(mut self, lang: Option<String>) -> Self {
        self.view.lang = lang;
        self
    }

    /// The built-in scenario.
    #[must_use]
    pub fn lesson(&self) -> &'static Lesson {
        Lesson::find(self.scenario).unwrap_or(&scenarios::LESSONS[0])
    }

    /// What is tuned about it.
    #[must_use]
    pub fn tuning(&self) -> Tuning {
        let default = Tuning::default();
        Tuning {
            rtt: self.rtt.unwrap_or(default.rtt),
            loss_percent: self.loss.unwrap_or(default.loss_percent),
            seed: self.seed.unwrap_or(default.seed),
            mss: self.mss.or(default.mss),
            isn: self.isn.unwrap_or(default.isn),
            stack: self.stack.unwrap_or(default.stack),
            window: self.window,
            msl: self.msl,
            rto: self.rto,
        }
    }

    /// The scenario to run: the built-in one, tuned, its own edits first, then the viewer's.
    #[must_use]
    pub fn scenario_to_run(&self) -> Scenario {
        let mut scenario = self.lesson().scenario(&self.tuning());
        scenario.edits.extend(&self.edits);
        scenario
    }

    /// How many edits at the start of [`scenario_to_run`](Self::scenario_to_run) are the built-in
    /// scenario's own.
    #[must_use]
    pub fn own_edits(&self) -> usize {
        self.lesson().scenario(&self.tuning()).edits.len()
    }

    /// The same link with every override that says the default left out, as it is written.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        let default = Tuning::default();
        self.rtt = self.rtt.filter(|rtt| *rtt != default.rtt);
        self.loss = self.loss.filter(|loss| *loss != default.loss_percent);
        self.seed = self.seed.filter(|seed| *seed != default.seed);
        self.isn = self.isn.filter(|isn| *isn != default.isn);
        self.stack = self.stack.filter(|stack| *stack != default.stack);
        self
    }
}

/// Prints the canonical fragment, without `#`.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let link = self.clone().normalized();
        write!(f, "scenario={}", link.scenario)?;
        list(f, "do", &link.edits)?;
        for parameter in &TUNING {
            pair(f, parameter.key, (parameter.write)(&link))?;
        }
        let view = &link.view;
        pair(f, "t", view.t)?;
        pair(f, "autoplay", view.autoplay.then_some(1))?;
        pair(f, "speed", (view.speed != Speed::One).then(|| view.speed.id()))?;
        pair(f, "pauseOn", (view.pause_on != PauseOn::None).then(|| view.pause_on.id()))?;
        pair(f, "lang", view.lang.as_deref())?;
        pair(f, "theme", (view.theme != Theme::Auto).then(|| view.theme.id()))?;
        list(f, "panels", &view.panels)?;
        pair(f, "embed", view.embed.then_some(1))?;
        for (key, value) in &link.unknown {
            f.write_char('&')?;
            encode(f, key)?;
            f.write_char('=')?;
            encode(f, value)?;
        }
        Ok(())
    }
}

fn pair(f: &mut fmt::Formatter<'_>, key: &str, value: Option<impl fmt::Display>) -> fmt::Result {
    value.map_or(Ok(()), |value| write!(f, "&{key}={value}"))
}

fn list(f: &mut fmt::Formatter<'_>, key: &str, items: &[impl fmt::Display]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        match index {
            0 => write!(f, "&{key}={item}")?,
            _ => write!(f, ",{item}")?,
        }
    }
    Ok(())
}

/// Writes a text in the alphabet that neither Markdown nor a chat tool touches.
fn encode(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b".,:@_-".contains(&byte) {
            f.write_char(char::from(byte))?;
        } else {
            write!(f, "%{byte:02X}")?;
        }
    }
    Ok(())
}
