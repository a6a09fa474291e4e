//! The choices about a file, and what several formats share.

use crate::link::{Link, Theme};
use crate::locale::Catalog;
use crate::sim::{SegmentRecord, Side, Timeline};

/// The choices about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Markdown: every number and state, instead of the study notes' short form.
    pub full: bool,
    /// Capture and script: at which host.
    pub at: Place,
    /// The page's address without its fragment, for a link back to the run.
    pub page: Option<String>,
    /// Pictures: the width.
    pub width: Width,
    /// Pictures: the colours. `auto` follows the reader's system.
    pub theme: Theme,
    /// Pictures: without the names of the chapters.
    pub no_captions: bool,
    /// Pictures: with the sentence of each step below.
    pub sentences: bool,
}

/// The width of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// 640 pixels, for a page.
    #[default]
    Page,
    /// 360 pixels, for a phone.
    Phone,
}

impl Width {
    /// Both widths.
    pub const ALL: [Self; 2] = [Self::Page, Self::Phone];

    /// Its name on the command line and in the JavaScript API: the number of pixels.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Page => "640",
            Self::Phone => "360",
        }
    }

    /// The width of this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|width| width.id() == id)
    }
}

/// The title of a run: that of its scenario, after the name of the part if it is one.
#[must_use]
pub fn title(timeline: &Timeline, link: &Link, catalog: &Catalog) -> String {
    let title = catalog.text(&format!("scenario.{}.title", link.scenario)).to_owned();
    let Some(part) = timeline.is_part() else { return title };
    let part = catalog.text(&format!("export.part.{}", part.id())).to_owned();
    catalog.format("export.part.title", &[("part", &part), ("title", &title)])
}

/// What stands above and below a run in a file.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    /// The title.
    pub title: String,
    /// The sentence below it.
    pub text: String,
    /// The link back to the run; `None` if no link holds it.
    pub link: Option<Link>,
}

impl Heading {
    /// That of a link's run: the title and the question of its scenario.
    pub fn of(timeline: &Timeline, link: &Link, catalog: &Catalog) -> Self {
        Self {
            title: title(timeline, link, catalog),
            text: catalog.text(&format!("scenario.{}.question", link.scenario)).to_owned(),
            link: Some(link.clone()),
        }
    }
}

/// The key of the word for a segment that its receiver did not take; `None` if it did.
pub(super) fn loss(record: &SegmentRecord) -> Option<&'static str> {
    let key = if record.is_damaged() { "export.damaged" } else { "export.lost" };
    record.lost.map(|_| key)
}

/// The sentence that the run was stopped although it would go on, if it was.
pub(super) fn cut(timeline: &Timeline, catalog: &Catalog) -> Option<String> {
    let steps = timeline.cut_after()?;
    Some(catalog.format("export.cut", &[("steps", &steps)]))
}

/// The interfaces at which segments are captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// At the client's interface.
    #[default]
    Client,
    /// At the server's interface.
    Server,
    /// Both, as two interfaces of one capture. A script then tests the client.
    Both,
}

impl Place {
    /// All places.
    pub const ALL: [Self; 3] = [Self::Client, Self::Server, Self::Both];

    /// Its name on the command line and in the JavaScript API.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Both => "both",
        }
    }

    /// The place of this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.id() == id)
    }

    /// Whether events at this host are captured.
    pub(super) const fn sees(self, side: Side) -> bool {
        match self {
            Self::Client => matches!(side, Side::Client),
            Self::Server => matches!(side, Side::Server),
            Self::Both => true,
        }
    }
}
