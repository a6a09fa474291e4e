//! The files of a run. Their code is large, so the page loads it when the first one is asked for.

use super::{Files, Sharing};
use crate::export::{Format, NotExpressible, Options, export};
use crate::link::Theme;

impl Files {
    /// The functions themselves.
    pub const ALL: Self = Self {
        file: Sharing::file,
        preview: Sharing::preview,
        for_pixels: Sharing::for_pixels,
        for_paper: Sharing::for_paper,
    };
}

impl Sharing {
    /// The content of a file.
    ///
    /// # Errors
    ///
    /// The run cannot be expressed in this format.
    pub fn file(&self, format: Format, choice: &str) -> Result<Vec<u8>, NotExpressible> {
        export(&self.timeline, &self.link, format, &self.catalog, &self.options(choice))
    }

    /// The picture in the colours of paper, whatever the page's are.
    #[must_use]
    pub fn for_paper(&self) -> String {
        let options = Options { theme: Theme::Light, ..self.options("") };
        // A picture can show every run.
        let svg = export(&self.timeline, &self.link, Format::Svg, &self.catalog, &options);
        String::from_utf8(svg.unwrap_or_default()).unwrap_or_default()
    }

    /// The picture of the run, as it is chosen to look.
    #[must_use]
    pub fn preview(&self) -> String {
        // A picture is text, and cannot fail.
        let octets = self.file(Format::Svg, "").unwrap_or_default();
        String::from_utf8_lossy(&octets).into_owned()
    }

    /// The picture from which a PNG is made. Pixels follow no reader's system, so they are light
    /// unless they are chosen to be dark.
    #[must_use]
    pub fn for_pixels(&self) -> Vec<u8> {
        let mut light = self.clone();
        if light.look.theme == Theme::Auto {
            light.look.theme = Theme::Light;
        }
        light.preview().into_bytes()
    }
}
