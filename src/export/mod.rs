//! A run as a file: tables, diagrams, pictures, captures, scripts and data. No DOM, no clock.
//!
//! The same link gives the same octets, on the page and on the command line.

mod json;
mod markdown;
mod meaning;
mod mermaid;
mod packetdrill;
mod pcapng;
mod svg;

use crate::link::Link;
use crate::locale::Catalog;
use crate::sim::{SegmentRecord, Side, Timeline};

pub use json::{VERSION, trace};
pub use meaning::meaning;
pub use packetdrill::NotExpressible;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A Markdown table.
    Markdown,
    /// The trace, as `docs/trace.schema.json` says.
    Json,
    /// A Mermaid sequence diagram.
    Mermaid,
    /// The finished picture.
    Svg,
    /// The picture that plays once, by CSS alone.
    SvgAnimated,
    /// A capture for Wireshark.
    Pcapng,
    /// A packetdrill script for one side.
    Packetdrill,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 7] = [
        Self::Markdown,
        Self::Json,
        Self::Mermaid,
        Self::Svg,
        Self::SvgAnimated,
        Self::Pcapng,
        Self::Packetdrill,
    ];

    /// Its name on the command line and in the JavaScript API.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Mermaid => "mermaid",
            Self::Svg => "svg",
            Self::SvgAnimated => "svg-animated",
            Self::Pcapng => "pcapng",
            Self::Packetdrill => "packetdrill",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }

    /// What a file's name ends with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Mermaid => "mmd",
            Self::Svg | Self::SvgAnimated => "svg",
            Self::Pcapng => "pcapng",
            Self::Packetdrill => "pkt",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown;charset=utf-8",
            Self::Json => "application/json",
            Self::Mermaid | Self::Packetdrill => "text/plain;charset=utf-8",
            Self::Svg | Self::SvgAnimated => "image/svg+xml",
            Self::Pcapng => "application/x-pcapng",
        }
    }

    /// Whether it is text, or else octets.
    #[must_use]
    pub const fn is_text(self) -> bool {
        !matches!(self, Self::Pcapng)
    }
}

/// What can be chosen about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Markdown: every number and state, instead of the study notes' short form.
    pub full: bool,
    /// Capture and script: where.
    pub at: Place,
    /// The page's address, without fragment, for a link back to the run.
    pub page: Option<String>,
}

/// The word for a segment that its receiver never took.
fn loss(record: &SegmentRecord) -> Option<&'static str> {
    let key = if record.is_damaged() { "export.damaged" } else { "export.lost" };
    record.lost.map(|_| key)
}

/// Where segments are seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// At the client's interface.
    #[default]
    Client,
    /// At the server's interface.
    Server,
    /// At both, as two interfaces of one capture. A script is for the client then.
    Both,
}

impl Place {
    /// All three.
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

    /// Whether what happens at this side is seen.
    const fn sees(self, side: Side) -> bool {
        match self {
            Self::Client => matches!(side, Side::Client),
            Self::Server => matches!(side, Side::Server),
            Self::Both => true,
        }
    }
}

/// What a file is called: by its scenario, and by what was chosen about it.
#[must_use]
pub fn file_name(link: &Link, format: Format, options: &Options) -> String {
    let detail = match (format, options.at) {
        (Format::Markdown, _) if options.full => "-full",
        (Format::SvgAnimated, _) => "-animated",
        (Format::Pcapng, at) => match at {
            Place::Client => "-client",
            Place::Server => "-server",
            Place::Both => "-both",
        },
        (Format::Packetdrill, Place::Server) => "-server",
        (Format::Packetdrill, Place::Client | Place::Both) => "-client",
        _ => "",
    };
    format!("{}{detail}.{}", link.scenario, format.extension())
}

/// A run as the octets of a file. How the run was looked at is no part of it: of the link only
/// what changes the run counts, and its language where a table leads back to the page.
///
/// Only a packetdrill script can fail: not every run can be said in that language.
pub fn export(
    timeline: &Timeline,
    link: &Link,
    format: Format,
    catalog: &Catalog,
    options: &Options,
) -> Result<Vec<u8>, NotExpressible> {
    let lang = link.view.lang.clone();
    let link = &link.run_only();
    let text = match format {
        Format::Markdown => {
            markdown::write(timeline, &link.clone().in_language(lang), catalog, options)
        }
        Format::Json => json::write(timeline, link),
        Format::Mermaid => mermaid::write(timeline, catalog),
        Format::Svg => svg::write(timeline, link, catalog, svg::Motion::Still),
        Format::SvgAnimated => svg::write(timeline, link, catalog, svg::Motion::PlaysOnce),
        Format::Pcapng => return Ok(pcapng::write(timeline, catalog, options.at)),
        Format::Packetdrill => packetdrill::write(timeline, options.at)?,
    };
    Ok(text.into_bytes())
}
