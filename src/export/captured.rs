//! A captured connection as a file.

use core::fmt;

use super::options::{Heading, Options};
use super::picture::Motion;
use super::{Format, json, markdown, mermaid, pcapng, picture};
use crate::capture::{CapturePoint, Path, Reconstruction};
use crate::locale::Catalog;

/// Why a captured connection cannot be written in a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotForCaptures {
    /// A script needs the calls of the application and the timers; a capture shows neither.
    Packetdrill,
}

impl fmt::Display for NotForCaptures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Packetdrill => {
                "packetdrill: a capture shows neither the calls nor the timers that a script needs"
            }
        })
    }
}

impl core::error::Error for NotForCaptures {}

/// A captured connection as the bytes of a file.
///
/// A capture in pcapng format has other addresses and no data: it can be passed on. The JSON and
/// the titles name the addresses.
///
/// # Errors
///
/// The format says more than a capture shows.
pub fn export_capture(
    run: &Reconstruction,
    format: Format,
    catalog: &Catalog,
    options: &Options,
) -> Result<Vec<u8>, NotForCaptures> {
    let timeline = &run.timeline;
    let heading = heading(run, catalog);
    let text = match format {
        Format::Markdown => markdown::write(timeline, &heading, catalog, options),
        Format::Json => json::write_capture(run),
        Format::Mermaid => mermaid::write(timeline, catalog),
        Format::Svg => picture::write(timeline, &heading, catalog, options, Motion::Still),
        Format::SvgAnimated => {
            picture::write(timeline, &heading, catalog, options, Motion::PlaysOnce)
        }
        Format::Pcapng => return Ok(pcapng::write(timeline, catalog, options.at)),
        Format::Packetdrill => return Err(NotForCaptures::Packetdrill),
    };
    Ok(text.into_bytes())
}

fn heading(run: &Reconstruction, catalog: &Catalog) -> Heading {
    let [client, server] = run.addresses;
    let ends: &[(&str, &dyn fmt::Display)] = &[("client", &client), ("server", &server)];
    let mut text = place(run.path, catalog);
    for sentence in [
        Some(catalog.text("capture.estimated").to_owned()),
        (run.left_out > 0).then(|| catalog.format("capture.left-out", &[("count", &run.left_out)])),
    ]
    .into_iter()
    .flatten()
    {
        text.push(' ');
        text.push_str(&sentence);
    }
    Heading { title: catalog.format("capture.title", ends), text, link: None }
}

/// The sentence that says where the capture was made, and how that is known.
#[must_use]
pub fn place(path: Path, catalog: &Catalog) -> String {
    let how = if path.is_inferred { "inferred" } else { "assumed" };
    match path.point {
        CapturePoint::Client => catalog.text(&format!("capture.at-client.{how}")).to_owned(),
        CapturePoint::Server => catalog.text(&format!("capture.at-server.{how}")).to_owned(),
        CapturePoint::Between(part) => {
            let percent = part / 10;
            catalog.format(&format!("capture.at-between.{how}"), &[("percent", &percent)])
        }
    }
}
