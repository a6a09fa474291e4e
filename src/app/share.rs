//! The ways to share a run: texts to paste, each for the place where it is pasted, and files.
//!
//! The page loads this code with the Share dialog, not at first.

use crate::export::{Format, NotExpressible, Options, Place, Width, file_name, title};
use crate::link::{Link, Theme};
use crate::locale::{self, Catalog, LANGUAGES};
use crate::scenarios::LESSONS;
use crate::sim::{Part, Timeline};
use crate::time::Instant;

mod files;

/// The place where a text is pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A chat, an e-mail, a bookmark.
    Link,
    /// An HTML page of one's own.
    Html,
    /// README files, issues and wikis on GitHub, which show pictures and Mermaid and run no
    /// scripts.
    GitHub,
    /// A post on velog, which shows pictures and tables, and frames of a few sites only.
    Velog,
    /// A book built by mdBook.
    MdBook,
    /// A site built by Docusaurus 3.
    Docusaurus,
    /// A site built by `VitePress`.
    VitePress,
    /// A page in Notion.
    Notion,
    /// A vault in Obsidian.
    Obsidian,
}

impl Target {
    /// Every place.
    pub const ALL: [Self; 9] = [
        Self::Link,
        Self::Html,
        Self::GitHub,
        Self::Velog,
        Self::MdBook,
        Self::Docusaurus,
        Self::VitePress,
        Self::Notion,
        Self::Obsidian,
    ];

    /// Its name in the catalog: `share.target.<id>`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Html => "html",
            Self::GitHub => "github",
            Self::Velog => "velog",
            Self::MdBook => "mdbook",
            Self::Docusaurus => "docusaurus",
            Self::VitePress => "vitepress",
            Self::Notion => "notion",
            Self::Obsidian => "obsidian",
        }
    }

    /// The place with this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.id() == id)
    }
}

/// A text to paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Its name in the catalog: `share.snippet.<id>.title`, and `.how` for its instructions.
    pub id: &'static str,
    /// The text.
    pub text: String,
    /// The file that the text refers to, to be saved beside it.
    pub file: Option<Format>,
}

impl Snippet {
    const fn new(id: &'static str, text: String) -> Self {
        Self { id, text, file: None }
    }
}

/// A kind of file that can be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its name in the catalog: `share.file.<id>.title` and `.how`.
    pub id: &'static str,
    /// The export format that it is made from.
    pub format: Format,
    /// The ids of its options, the default first: `share.choice.<id>`.
    pub choices: &'static [&'static str],
    /// Whether the browser renders the format to a PNG.
    pub is_png: bool,
}

const fn offer(id: &'static str, format: Format, choices: &'static [&'static str]) -> Offer {
    Offer { id, format, choices, is_png: false }
}

impl Offer {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        offer("markdown", Format::Markdown, &["notes", "full"]),
        offer("mermaid", Format::Mermaid, &[]),
        offer("svg", Format::Svg, &[]),
        offer("svg-animated", Format::SvgAnimated, &[]),
        Self { id: "png", format: Format::Svg, choices: &[], is_png: true },
        offer("pcapng", Format::Pcapng, &["client", "server", "both"]),
        offer("packetdrill", Format::Packetdrill, &["client", "server"]),
        offer("json", Format::Json, &[]),
    ];

    /// The kind with this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|offer| offer.id == id)
    }

    /// Whether it is text that can be copied, rather than a file only.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        self.format.is_text() && !self.is_png
    }
}

/// The functions that write files. Code that only has a value of this type, and calls no method of
/// [`Sharing`] that is named here, does not need the exports.
#[derive(Clone, Copy, Debug)]
pub struct Files {
    /// See [`Sharing::file`].
    pub file: fn(&Sharing, Format, &str) -> Result<Vec<u8>, NotExpressible>,
    /// See [`Sharing::preview`].
    pub preview: fn(&Sharing) -> String,
    /// See [`Sharing::for_pixels`].
    pub for_pixels: fn(&Sharing) -> Vec<u8>,
    /// See [`Sharing::for_paper`].
    pub for_paper: fn(&Sharing) -> String,
}

/// A run, with the data needed to share it.
#[derive(Clone, Debug)]
pub struct Sharing {
    link: Link,
    timeline: Timeline,
    page: String,
    /// The language of the files.
    lang: String,
    catalog: Catalog,
    words: Catalog,
    /// How pictures look.
    look: Options,
    /// Whether the page has pages and pictures of every scenario under addresses that stay.
    has_previews: bool,
}

impl Sharing {
    /// Prepares the run at an address, in a language, with the page's `catalog` and the dialog's
    /// `words`.
    #[must_use]
    pub fn new(address: &str, lang: &str, catalog: Catalog, words: Catalog) -> Self {
        let (page, fragment) = address.split_once('#').unwrap_or((address, ""));
        let (link, _) = Link::parse("", fragment);
        let timeline = link.shown(Timeline::of(link.scenario_to_run()));
        let page = page.split('?').next().unwrap_or_default();
        let page = in_any_text(page.strip_suffix("index.html").unwrap_or(page));
        let (lang, look) = (lang.to_owned(), Options::default());
        Self { link, timeline, page, lang, catalog, words, look, has_previews: false }
    }

    /// The same, for a page that has a preview of every scenario beside it, if `has` is true.
    #[must_use]
    pub fn with_previews(self, has: bool) -> Self {
        Self { has_previews: has, ..self }
    }

    /// A text of the dialog.
    #[must_use]
    pub fn words<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.text(key)
    }

    /// A text of the dialog, with its `{name}` placeholders filled in.
    #[must_use]
    pub fn sentence(&self, key: &str, arguments: locale::Arguments<'_>) -> String {
        self.words.format(key, arguments)
    }

    /// The parts of the run that can be shared alone, and the name of each.
    #[must_use]
    pub fn parts(&self) -> Vec<(Part, String)> {
        let parts = self.timeline.parts().into_iter();
        let name = |part: Part| self.catalog.text(&format!("export.part.{}", part.id())).to_owned();
        parts.map(|part| (part, name(part))).collect()
    }

    /// The part that is shared; `None` for the whole run.
    #[must_use]
    pub fn part(&self) -> Option<Part> {
        self.timeline.is_part()
    }

    /// Makes a choice: the `part` of the run, or how pictures look: their `width`, `theme`,
    /// `captions` and `sentences`. An unknown value chooses the default.
    pub fn choose(&mut self, what: &str, value: &str) {
        match what {
            "part" => {
                self.link.part = Part::ALL.into_iter().find(|part| part.id() == value);
                self.timeline = self.link.shown(self.timeline.whole().clone());
            }
            "width" => self.look.width = Width::from_id(value).unwrap_or_default(),
            "theme" => {
                let theme = Theme::ALL.into_iter().find(|theme| theme.id() == value);
                self.look.theme = theme.unwrap_or_default();
            }
            "captions" => self.look.no_captions = value != "true",
            "sentences" => self.look.sentences = value == "true",
            _ => {}
        }
    }

    /// Writes files in another language.
    pub fn speak(&mut self, lang: &str, catalog: Catalog) {
        lang.clone_into(&mut self.lang);
        self.catalog = catalog;
    }

    /// The instant shown, unless it is the start.
    #[must_use]
    pub fn instant(&self) -> Option<Instant> {
        self.link.view.t.filter(|at| *at > self.timeline.start())
    }

    /// The texts for a place, the best first. They start at the run's start, or at the instant
    /// shown. Without `files`, a text that is a file is left out.
    #[must_use]
    pub fn snippets(
        &self,
        target: Target,
        from_instant: bool,
        files: Option<Files>,
    ) -> Vec<Snippet> {
        let mut link = self.link.clone();
        link.unknown.clear();
        link.view.t = self.instant().filter(|_| from_instant);
        link.view.autoplay = false;
        link.view.embed = false;
        match target {
            Target::Link => [Snippet::new("link", self.address(&link))]
                .into_iter()
                .chain(self.preview_page().map(|address| Snippet::new("preview-page", address)))
                .collect(),
            Target::Html => vec![
                Snippet::new("iframe", self.iframe(&link)),
                Snippet::new("element", format!("{}\n{}", self.script(), self.element(&link))),
            ],
            Target::GitHub => {
                let mermaid = files.map(|files| Snippet::new("mermaid", self.mermaid(files)));
                [self.linked_picture(&link)].into_iter().chain(mermaid).collect()
            }
            Target::Velog => {
                let table = files.map(|files| Snippet::new("table", self.table(files)));
                [self.linked_picture(&link)].into_iter().chain(table).collect()
            }
            Target::MdBook => vec![
                Snippet::new("fence", fence(&link)),
                Snippet::new(
                    "book-toml",
                    format!("[preprocessor.tcp-handshake]\nurl = \"{}\"\n", self.page),
                ),
            ],
            Target::Docusaurus => vec![
                Snippet::new("tag", self.element(&link)),
                Snippet::new(
                    "docusaurus-config",
                    format!(
                        "scripts: [{{ src: '{}tcp-handshake.js', type: 'module' }}],\n",
                        self.page
                    ),
                ),
            ],
            Target::VitePress => vec![
                Snippet::new("tag", self.element(&link)),
                Snippet::new("vitepress-config", self.vitepress()),
            ],
            Target::Notion => vec![Snippet::new("embed", self.address_in_query(&link))],
            Target::Obsidian => vec![
                Snippet::new("obsidian-frame", self.iframe(&link)),
                Snippet {
                    file: Some(Format::Svg),
                    ..Snippet::new("attachment", self.attachment(&link))
                },
            ],
        }
    }

    /// The export options for a choice.
    #[must_use]
    pub fn options(&self, choice: &str) -> Options {
        Options {
            full: choice == "full",
            at: Place::from_id(choice).unwrap_or_default(),
            page: Some(self.page.clone()),
            ..self.look.clone()
        }
    }

    /// The name of a file.
    #[must_use]
    pub fn name(&self, format: Format, choice: &str) -> String {
        file_name(&self.link, format, &self.options(choice))
    }

    /// The link to the run.
    #[must_use]
    pub const fn link(&self) -> &Link {
        &self.link
    }

    /// The run.
    #[must_use]
    pub const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The texts of the page.
    #[must_use]
    pub const fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The run's name: its own, or else that of its scenario.
    #[must_use]
    pub fn title(&self) -> String {
        if let Some(name) = &self.link.view.name {
            return name.clone();
        }
        title(&self.timeline, &self.link, &self.catalog)
    }

    fn label(&self) -> String {
        self.words.format("share.label", &[("title", &self.title())])
    }

    /// The address of a link in this page.
    #[must_use]
    pub fn address(&self, link: &Link) -> String {
        format!("{}#{link}", self.page)
    }

    /// The address of the embedded player without a fragment, which some sites drop.
    fn address_in_query(&self, link: &Link) -> String {
        format!("{}?embed=1&{link}", self.page)
    }

    fn iframe(&self, link: &Link) -> String {
        let source = escape(&self.address(&embedded(link)));
        let title = escape(&self.label());
        format!(
            "<iframe src=\"{source}\" title=\"{title}\" width=\"100%\" height=\"460\" \
             loading=\"lazy\" allow=\"fullscreen; clipboard-write\" style=\"border:0\"></iframe>"
        )
    }

    fn script(&self) -> String {
        let source = escape(&format!("{}tcp-handshake.js", self.page));
        format!("<script type=\"module\" src=\"{source}\"></script>")
    }

    /// The custom element, with a link inside for pages where it is not defined.
    fn element(&self, link: &Link) -> String {
        let link_text = link.to_string();
        let attribute = |(name, value)| format!(" {name}=\"{}\"", escape(value));
        let attributes: String = pairs(&link_text).map(attribute).collect();
        let (label, title) = (escape(&self.label()), escape(&self.title()));
        let address = escape(&self.address(link));
        format!(
            "<tcp-handshake{attributes} label=\"{label}\"><a href=\"{address}\">{title}</a>\
             </tcp-handshake>"
        )
    }

    /// A picture that links to the run: the page's own, or else one to put beside the text.
    fn linked_picture(&self, link: &Link) -> Snippet {
        let is_usual = self.look == Options::default();
        let hosted = self.preview_of_run().filter(|_| is_usual).map(|folder| {
            let part = self.part().map_or_else(String::new, |part| format!(".{}", part.id()));
            let file = format!("{folder}{}{part}.animated.svg", self.lang);
            Snippet::new("hosted-picture", self.picture(&file, link))
        });
        hosted.unwrap_or_else(|| {
            let file = self.name(Format::SvgAnimated, "");
            let text = self.picture(&file, link);
            Snippet { file: Some(Format::SvgAnimated), ..Snippet::new("picture", text) }
        })
    }

    fn picture(&self, file: &str, link: &Link) -> String {
        format!("[![{}]({file})]({})", brackets_escaped(&self.title()), self.address(link))
    }

    /// The page of the scenario, of which services make a preview.
    fn preview_page(&self) -> Option<String> {
        let folder = self.preview_of_run().filter(|_| self.part().is_none())?;
        let is_first = LANGUAGES.first().is_some_and(|language| language.code == self.lang);
        Some(if is_first { folder } else { format!("{folder}{}/", self.lang) })
    }

    /// The folder with the page and the pictures of this run, if it is a scenario as it comes.
    fn preview_of_run(&self) -> Option<String> {
        let usual = Link { scenario: self.link.scenario, ..Link::default() };
        let is_usual = self.link.run_only().showing(None) == usual;
        let is_lesson = LESSONS.iter().any(|lesson| lesson.id == self.link.scenario);
        (is_usual && is_lesson && self.has_previews)
            .then(|| format!("{}s/{}/", self.page, self.link.scenario))
    }

    fn table(&self, files: Files) -> String {
        // The Markdown export is text, and cannot fail.
        let octets = (files.file)(self, Format::Markdown, "notes").unwrap_or_default();
        String::from_utf8_lossy(&octets).into_owned()
    }

    fn attachment(&self, link: &Link) -> String {
        let file = self.name(Format::Svg, "");
        format!("![[{file}]]\n[{}]({})\n", brackets_escaped(&self.title()), self.address(link))
    }

    fn mermaid(&self, files: Files) -> String {
        // The Mermaid export is text, and cannot fail.
        let octets = (files.file)(self, Format::Mermaid, "").unwrap_or_default();
        format!("```mermaid\n{}\n```\n", String::from_utf8_lossy(&octets).trim_end())
    }

    fn vitepress(&self) -> String {
        let page = &self.page;
        format!(
            "head: [['script', {{ type: 'module', src: '{page}tcp-handshake.js' }}]],\n\
             vue: {{\n  template: {{ compilerOptions: {{ isCustomElement: (tag) => \
             tag === 'tcp-handshake' }} }},\n}},\n"
        )
    }
}

/// Encodes the characters that end a string, a Markdown link or an attribute.
fn in_any_text(address: &str) -> String {
    let codes =
        [('\'', "%27"), ('"', "%22"), ('(', "%28"), (')', "%29"), ('<', "%3C"), ('>', "%3E")];
    codes.into_iter().fold(address.to_owned(), |text, (letter, code)| text.replace(letter, code))
}

fn embedded(link: &Link) -> Link {
    let mut link = link.clone();
    link.view.embed = true;
    link
}

/// A code fence with the parameters of a link, one a line.
fn fence(link: &Link) -> String {
    format!("```tcp-handshake\n{}\n```\n", link.to_string().replace('&', "\n"))
}

/// The parameters of a link's text. `&` is encoded in every value.
fn pairs(link: &str) -> impl Iterator<Item = (&str, &str)> {
    link.split('&').filter_map(|pair| pair.split_once('='))
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn brackets_escaped(text: &str) -> String {
    text.replace('[', "\\[").replace(']', "\\]")
}
