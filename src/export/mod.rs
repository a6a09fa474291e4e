//! A run as a file: tables, diagrams, pictures, captures, scripts and data. No DOM, no clock.
//!
//! The same link gives the same bytes, on the page and on the command line.

mod captured;
mod json;
mod markdown;
mod mermaid;
mod options;
mod packetdrill;
mod pcapng;
mod picture;
mod socket_options;
mod story;

use crate::link::{Link, Theme};
use crate::locale::Catalog;
use crate::sim::Timeline;

pub use captured::{NotForCaptures, export_capture, place};
pub use json::{VERSION, trace};
use options::Heading;
pub use options::{Options, Place, Width, title};
pub use packetdrill::NotExpressible;
use picture::Motion;

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A Markdown table.
    Markdown,
    /// The trace, in the format of `docs/trace.schema.json`.
    Json,
    /// A Mermaid sequence diagram.
    Mermaid,
    /// A picture of the finished run.
    Svg,
    /// A picture that plays once, animated by CSS.
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

    /// The extension of a file's name.
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

    /// Whether it is text; otherwise it is binary.
    #[must_use]
    pub const fn is_text(self) -> bool {
        !matches!(self, Self::Pcapng)
    }
}

/// The name of a file, made of the scenario and the options.
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
    let part = link.part.map_or_else(String::new, |part| format!("-{}", part.id()));
    let look = match format {
        Format::Svg | Format::SvgAnimated => look(options),
        _ => String::new(),
    };
    format!("{}{part}{detail}{look}.{}", link.scenario, format.extension())
}

/// The part of a picture's name that says how it differs from the usual one.
fn look(options: &Options) -> String {
    let words = [
        (options.width == Width::Phone, "-360"),
        (options.theme == Theme::Light, "-light"),
        (options.theme == Theme::Dark, "-dark"),
        (options.no_captions, "-plain"),
        (options.sentences, "-sentences"),
    ];
    words.into_iter().filter(|(is_so, _)| *is_so).map(|(_, word)| word).collect()
}

/// A run, or the part of it that the link shows, as the bytes of a file. How it is shown does not
/// matter: of the link only the run itself is used, and the language for the link back to the page
/// in a table.
///
/// Only packetdrill scripts can fail: not every run can be expressed as one.
pub fn export(
    timeline: &Timeline,
    link: &Link,
    format: Format,
    catalog: &Catalog,
    options: &Options,
) -> Result<Vec<u8>, NotExpressible> {
    let lang = link.view.lang.clone();
    let link = &link.run_only();
    let part = link.part.and_then(|part| timeline.part(part));
    let timeline = part.as_ref().unwrap_or(timeline);
    let heading = Heading::of(timeline, &link.clone().in_language(lang), catalog);
    let text = match format {
        Format::Markdown => markdown::write(timeline, &heading, catalog, options),
        Format::Json => json::write(timeline, link),
        Format::Mermaid => mermaid::write(timeline, catalog),
        Format::Svg => picture::write(timeline, &heading, catalog, options, Motion::Still),
        Format::SvgAnimated => {
            picture::write(timeline, &heading, catalog, options, Motion::PlaysOnce)
        }
        Format::Pcapng => return Ok(pcapng::write(timeline, catalog, options.at)),
        Format::Packetdrill => packetdrill::write(timeline, options.at)?,
    };
    Ok(text.into_bytes())
}
