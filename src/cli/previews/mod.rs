//! `tcp-handshake previews`: static pages and pictures for every scenario.
//!
//! A link in a chat has a preview only if its page says, without a script, what it is about. The
//! fragment of a run's link never reaches the server, so each scenario has a page of its own, which
//! leads to the run. Its pictures have stable addresses for README files and blogs.

mod card;
mod page;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use lexopt::Arg::{Long, Value};
use lexopt::{Parser, ValueExt as _};
use tcp_handshake::export::{Format, Options, Width, export, title};
use tcp_handshake::link::{Link, Theme};
use tcp_handshake::locale::{Catalog, LANGUAGES};
use tcp_handshake::scenarios::{LESSONS, Lesson};
use tcp_handshake::sim::{Part, Timeline};

use super::failure::Failure;
use super::png::Renderer;
use card::Card;
use page::Preview;

pub const USAGE: &str = "\
usage: tcp-handshake previews FOLDER [--address URL]

Writes to FOLDER, for every scenario, ID/index.html in English and ID/LANG/index.html in the others,
with what a link preview needs: title, question, picture, and oEmbed data. Beside them are the
pictures ID/LANG.svg, ID/LANG.animated.svg, ID/LANG.png, and of each part ID/LANG.PART.svg.
Needs a build with --features png.

  --address URL    where the page will be, the folder above FOLDER: 'https://host/tcp/'. Without it
                   addresses are relative, which most services that show previews do not follow
";

/// One scenario in one language.
struct Edition<'a> {
    lesson: &'a Lesson,
    lang: &'static str,
    catalog: &'a Catalog,
    link: Link,
    timeline: Timeline,
}

/// Writes all pages.
pub fn run(mut parser: Parser) -> Result<(), Failure> {
    let (mut folder, mut address) = (None, String::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Long("address") => address = base(&parser.value()?.string()?)?,
            Value(path) if folder.is_none() => folder = Some(PathBuf::from(path)),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let folder = folder.ok_or_else(|| Failure::Usage("no folder is given".to_owned()))?;
    let (folder, address) = (&folder, &address);
    thread::scope(|scope| {
        let each = |index: usize| {
            let lang = LANGUAGES[index].code;
            scope.spawn(move || language(lang, index == 0, folder, address))
        };
        let threads: Vec<_> = (0..LANGUAGES.len()).map(each).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().map_err(|_| Failure::Failed("a thread failed".to_owned()))?
        })
    })
}

/// The address of the page, with a slash at its end.
fn base(address: &str) -> Result<String, Failure> {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    if !is_web || address.contains(['#', '?', '"', '<', '>', ' ']) {
        let error = format!("'{address}' is not the address of a folder on the web");
        return Err(Failure::Usage(error));
    }
    Ok(format!("{}/", address.trim_end_matches('/')))
}

/// Writes the pages of all scenarios in one language.
fn language(lang: &'static str, is_first: bool, to: &Path, address: &str) -> Result<(), Failure> {
    let no_words = || Failure::Failed(format!("the words of '{lang}' cannot be read"));
    let catalog = Catalog::built_in(lang).ok_or_else(no_words)?;
    let renderer = Renderer::new(lang).map_err(Failure::Failed)?;
    for lesson in LESSONS {
        let (link, _) = Link::parse("", &format!("scenario={}", lesson.id));
        let timeline = Timeline::of(link.scenario_to_run());
        let edition = Edition { lesson, lang, catalog: &catalog, link, timeline };
        let folder = to.join(lesson.id);
        fs::create_dir_all(&folder)?;
        edition.write_pictures(&folder)?;
        let card = edition.card().map_err(Failure::Failed)?;
        let png = renderer.render(card.as_bytes(), 1.0).map_err(Failure::Failed)?;
        fs::write(folder.join(format!("{lang}.png")), png)?;
        let preview = edition.preview(is_first, address);
        fs::write(folder.join(format!("{lang}.json")), preview.oembed())?;
        let folder = if is_first { folder } else { folder.join(lang) };
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("index.html"), preview.html())?;
    }
    Ok(())
}

impl Edition<'_> {
    fn title(&self) -> String {
        title(&self.timeline, &self.link, self.catalog)
    }

    fn question(&self) -> &str {
        self.catalog.find(&self.question_key()).unwrap_or_default()
    }

    fn question_key(&self) -> String {
        format!("scenario.{}.question", self.lesson.id)
    }

    /// Writes the pictures of the run and of each of its parts.
    fn write_pictures(&self, folder: &Path) -> Result<(), Failure> {
        let parts = self.timeline.parts().into_iter().map(Some);
        for part in [None].into_iter().chain(parts) {
            for format in [Format::Svg, Format::SvgAnimated] {
                let name = picture_name(self.lang, part, format);
                fs::write(folder.join(name), self.picture(part, format, &Options::default())?)?;
            }
        }
        Ok(())
    }

    fn picture(
        &self,
        part: Option<Part>,
        format: Format,
        options: &Options,
    ) -> Result<Vec<u8>, Failure> {
        let link = self.link.clone().showing(part);
        export(&self.timeline, &link, format, self.catalog, options)
            .map_err(|error| Failure::Failed(error.to_string()))
    }

    /// The picture of a preview. It shows as much of the run as there is room for.
    fn card(&self) -> Result<String, String> {
        let options = Options { width: Width::Page, theme: Theme::Light, ..Options::default() };
        let picture = self.picture(None, Format::Svg, &options).ok();
        let picture = picture.and_then(|bytes| String::from_utf8(bytes).ok());
        let card = Card {
            site: self.catalog.text("export.preview.site"),
            title: &self.title(),
            question: self.question(),
            picture: &picture.ok_or("the picture cannot be drawn")?,
        };
        Ok(card.svg())
    }

    fn preview<'a>(&'a self, is_first: bool, address: &'a str) -> Preview<'a> {
        Preview {
            id: self.lesson.id,
            lang: self.lang,
            is_first,
            title: self.title(),
            question: self.question(),
            catalog: self.catalog,
            address,
        }
    }
}

/// `ko.svg`, `ko.open.animated.svg`.
fn picture_name(lang: &str, part: Option<Part>, format: Format) -> String {
    let part = part.map_or_else(String::new, |part| format!(".{}", part.id()));
    let motion = if format == Format::SvgAnimated { ".animated" } else { "" };
    format!("{lang}{part}{motion}.svg")
}
