//! Reads a fence's text as a link, and writes the figure that replaces the fence.

use std::fmt::Write as _;
use std::path::Path;

use tcp_handshake::export::{Format, Options, export};
use tcp_handshake::link::{Link, ProblemKind};
use tcp_handshake::locale::Catalog;
use tcp_handshake::sim::{Edit, Timeline};

use crate::fence::Fence;

/// The default height of a figure, in pixels.
pub const HEIGHT: u16 = 460;
/// The range of a figure's height, in pixels.
const HEIGHTS: std::ops::RangeInclusive<u16> = 120..=4000;

/// The settings of a book.
pub struct Settings {
    /// The form of the output.
    pub shape: Shape,
    /// The location of the simulator; without one, figures are pictures only.
    pub page: Option<Page>,
    /// The default height of a figure, in pixels.
    pub height: u16,
    /// The default language of a figure.
    pub language: &'static str,
}

/// The form of a figure in the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The custom element, with a picture inside.
    Element,
    /// A Markdown table.
    Table,
}

/// The location of the simulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// At an address, which ends with a slash.
    Address(String),
    /// In this folder of the book.
    Inside(String),
}

impl Page {
    /// Reads `url` of `book.toml`; `None` if it is neither an address nor a folder.
    pub fn read(url: &str) -> Option<Self> {
        let url = url.split(['?', '#']).next().unwrap_or_default().trim();
        let url = url.strip_suffix("index.html").unwrap_or(url).trim_end_matches('/');
        let is_address = ["http://", "https://"].iter().any(|scheme| {
            url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        match url {
            "" => None,
            _ if is_address || url.starts_with('/') => Some(Self::Address(format!("{url}/"))),
            // Schemes such as `javascript:` are rejected.
            _ if url.contains(':') => None,
            _ => Some(Self::Inside(url.trim_start_matches("./").to_owned())),
        }
    }

    /// The location relative to the chapter at `path`, with a slash at its end.
    fn seen_from(&self, path: &Path) -> String {
        match self {
            Self::Address(address) => address.clone(),
            Self::Inside(folder) => {
                let depth = path.components().count().saturating_sub(1);
                format!("{}{folder}/", "../".repeat(depth))
            }
        }
    }
}

/// Limits a height to [`HEIGHTS`].
pub fn bounded(height: u16) -> u16 {
    height.clamp(*HEIGHTS.start(), *HEIGHTS.end())
}

/// A problem: its line, counted from the opening fence, and its description.
type Complaint = (usize, String);

/// One figure.
pub struct Figure {
    link: Link,
    height: u16,
    catalog: Catalog,
}

impl Figure {
    /// Reads a fence. `None` if there is no such scenario: another one in its place would mislead.
    pub fn read(fence: &Fence, settings: &Settings) -> (Option<Self>, Vec<Complaint>) {
        let mut complaints = vec![];
        let mut height = settings.height;
        let mut lines: Vec<String> = fence.body.lines().map(parameters).collect();
        for option in fence.options.split_whitespace() {
            match option.split_once('=') {
                Some(("height", value)) => match value.trim_end_matches("px").parse() {
                    Ok(pixels) => height = bounded(pixels),
                    Err(_) => complaints.push((0, format!("height: {value} is no number"))),
                },
                Some(_) => lines.push(option.to_owned()),
                None => complaints.push((0, format!("{option} is no option: name=value"))),
            }
        }
        let (mut link, problems) = Link::parse("", &lines.join("\n"));
        let is_wrong = problems.iter().any(|it| it.kind == ProblemKind::UnknownScenario);
        for problem in problems {
            let is_named = |line: &str| !problem.part.is_empty() && line.contains(&problem.part);
            let below = fence.body.lines().position(is_named).map_or(0, |index| index + 1);
            complaints.push((below, problem.text(Catalog::english())));
        }
        link.view.embed = false;
        let language = link.view.lang.get_or_insert_with(|| settings.language.to_owned());
        let catalog = Catalog::built_in(language);
        let catalog = catalog.unwrap_or_else(|| Catalog::english().clone());
        let figure = (!is_wrong).then_some(Self { link, height, catalog });
        (figure, complaints)
    }

    /// The element on one line, in a form that works in any Markdown context: a block that begins
    /// with an HTML comment ends with that line, and needs no blank line after it.
    pub fn html(&self, settings: &Settings, chapter: &Path, with_script: bool) -> String {
        let mut html = "<!-- tcp-handshake -->".to_owned();
        let picture = self.picture();
        let Some(page) = &settings.page else {
            html.push_str("<p>");
            html.push_str(&picture);
            html.push_str("</p>");
            return html;
        };
        let page = page.seen_from(chapter);
        // The element has no attributes for parameters that this version does not know.
        let link = Link { unknown: vec![], ..self.link.clone() }.to_string();
        html.push_str("<tcp-handshake");
        // Writing to a `String` cannot fail, here and below.
        let mut attribute = |name: &str, value: &str| {
            let _ = write!(html, " {name}=\"{}\"", escape(value));
        };
        attribute("src", &page);
        attribute("height", &self.height.to_string());
        attribute("label", self.title());
        let known = link.split('&').filter_map(|pair| pair.split_once('='));
        for (name, value) in known {
            attribute(name, value);
        }
        let address = escape(&format!("{page}#{link}"));
        let _ = write!(html, "><a href=\"{address}\">{picture}</a></tcp-handshake>");
        if with_script {
            let script = escape(&format!("{page}tcp-handshake.js"));
            let _ = write!(html, "<script type=\"module\" src=\"{script}\"></script>");
        }
        html
    }

    /// The steps as a Markdown table, with the scenario's name above it.
    pub fn table(&self) -> String {
        let text = self.export(Format::Markdown);
        // The title is not a heading, which would appear in the book's table of contents.
        match text.split_once('\n') {
            Some((title, rest)) => format!("**{}**\n{rest}", title.trim_start_matches(['#', ' '])),
            None => text,
        }
    }

    /// The picture, as an `img` so that its styles and ids do not affect the page.
    fn picture(&self) -> String {
        let svg = self.export(Format::Svg);
        let question = self.catalog.text(&self.key("question")).to_owned();
        let alt = escape(&format!("{}. {question}", self.title()));
        let (width, height) = (number_after(&svg, "width=\""), number_after(&svg, "height=\""));
        let source = data_address(&svg);
        format!(
            "<img src=\"{source}\" alt=\"{alt}\" width=\"{width}\" height=\"{height}\" \
             style=\"max-width:100%;height:auto\">"
        )
    }

    fn export(&self, format: Format) -> String {
        let timeline = Timeline::of(self.link.scenario_to_run());
        let octets = export(&timeline, &self.link, format, &self.catalog, &Options::default());
        // Exports in these formats cannot fail, and are text.
        octets.map(|octets| String::from_utf8_lossy(&octets).into_owned()).unwrap_or_default()
    }

    fn title(&self) -> &str {
        let key = self.key("title");
        self.catalog.find(&key).unwrap_or(self.link.scenario)
    }

    fn key(&self, part: &str) -> String {
        format!("scenario.{}.{part}", self.link.scenario)
    }
}

/// The parameters in a line of a fence. A line may also be an edit alone, or a complete address
/// copied from the page.
fn parameters(line: &str) -> String {
    let line = line.trim();
    if line.contains("://") {
        let from = line.find(['?', '#']).map_or(line.len(), |at| at + 1);
        return line[from..].replace('#', "&");
    }
    if line.parse::<Edit>().is_ok() {
        return format!("do={line}");
    }
    line.trim_start_matches(['?', '#']).to_owned()
}

/// The digits after the first occurrence of `before`.
fn number_after<'a>(text: &'a str, before: &str) -> &'a str {
    let rest = text.split_once(before).map_or("", |(_, rest)| rest);
    &rest[..rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len())]
}

/// A picture as a `data:` URL.
fn data_address(svg: &str) -> String {
    let mut address = "data:image/svg+xml,".to_owned();
    for byte in svg.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!*'(),;:@/=+$".contains(&byte) {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fence;

    fn settings() -> Settings {
        let page = Page::read("https://notes.example/tcp");
        Settings { shape: Shape::Element, page, height: HEIGHT, language: "en" }
    }

    fn read(options: &str, body: &str) -> (Option<Figure>, Vec<Complaint>) {
        let fences = fence::find(&format!("```tcp-handshake {options}\n{body}\n```\n"));
        Figure::read(&fences[0], &settings())
    }

    #[track_caller]
    fn link(options: &str, body: &str) -> String {
        let (figure, complaints) = read(options, body);
        assert_eq!(complaints, []);
        figure.unwrap().link.to_string()
    }

    #[test]
    fn a_body_is_a_link_an_address_or_one_edit_on_each_line() {
        let wanted = "scenario=normal&do=drop:C2,delay:S1:300ms&lang=en";
        assert_eq!(link("", "scenario=normal\ndo=drop:C2\ndo=delay:S1:300ms"), wanted);
        assert_eq!(link("", "drop:C2\ndelay:S1:300ms"), wanted);
        assert_eq!(link("", "https://host/x/?embed=1#do=drop:C2,delay:S1:300ms"), wanted);
        assert_eq!(link("lang=ko", "scenario=abort"), "scenario=abort&lang=ko");
        assert_eq!(link("", ""), "scenario=normal&lang=en");
    }

    #[test]
    fn problems_are_reported_with_their_line() {
        let (figure, complaints) = read("height=tall wide", "scenario=normal\ndo=drop:X1");
        assert!(figure.is_some());
        let lines: Vec<usize> = complaints.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [0, 0, 2], "{complaints:?}");
        assert!(complaints[2].1.contains("drop:X1"), "{complaints:?}");

        let (figure, complaints) = read("", "scenario=nowhere");
        assert!(figure.is_none());
        assert_eq!(complaints.len(), 1);
        assert_eq!(complaints[0].0, 1);
    }

    #[test]
    fn heights_are_bounded() {
        assert_eq!(read("height=1", "").0.unwrap().height, 120);
        assert_eq!(read("height=300px", "").0.unwrap().height, 300);
        assert_eq!(read("height=65535", "").0.unwrap().height, 4000);
    }

    #[test]
    fn the_element_is_one_line_and_its_text_is_escaped() {
        let (figure, _) = read("", "scenario=syn-lost\n\"><script>alert(1)</script>=<b>");
        let html = figure.unwrap().html(&settings(), Path::new("a/b.md"), true);
        assert!(!html.contains('\n') && !html.contains("<b>"), "{html}");
        assert_eq!(html.matches("<script").count(), 1, "{html}");
        let script = r#"<script type="module" src="https://notes.example/tcp/tcp-handshake.js">"#;
        assert!(html.contains(script), "{html}");
        assert!(
            html.contains(r#"<a href="https://notes.example/tcp/#scenario=syn-lost"#),
            "{html}"
        );
        assert!(html.contains(r#"<img src="data:image/svg+xml,%3Csvg"#), "{html}");
    }

    #[test]
    fn a_page_inside_the_book_is_found_from_every_chapter() {
        let inside = Page::read("./tcp-handshake/index.html?x#y").unwrap();
        assert_eq!(inside, Page::Inside("tcp-handshake".to_owned()));
        assert_eq!(inside.seen_from(Path::new("a.md")), "tcp-handshake/");
        assert_eq!(inside.seen_from(Path::new("a/b/c.md")), "../../tcp-handshake/");
        assert_eq!(Page::read("javascript:alert(1)"), None);
        assert_eq!(Page::read("  "), None);
        let address = Page::read("HTTPS://host").unwrap();
        assert_eq!(address.seen_from(Path::new("a/b.md")), "HTTPS://host/");
    }

    #[test]
    fn without_a_page_it_is_a_picture() {
        let settings = Settings { page: None, ..settings() };
        let html = read("", "").0.unwrap().html(&settings, Path::new("a.md"), true);
        assert!(html.contains("<img") && !html.contains("<tcp-handshake"), "{html}");
    }

    #[test]
    fn a_table_has_no_heading() {
        let table = read("lang=ko", "scenario=syn-lost").0.unwrap().table();
        assert!(table.starts_with("**"), "{table}");
        assert!(table.contains("| C1 SYN |"), "{table}");
    }
}
