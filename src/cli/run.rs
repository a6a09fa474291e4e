//! `tcp-handshake run`: exports the run of a link.

use std::io::Write as _;

use lexopt::Arg::{Long, Value};
use lexopt::{Parser, ValueExt as _};
use tcp_handshake::export::{Format, Options, Place, Width, export};
use tcp_handshake::link::{Link, ProblemKind, Theme};
use tcp_handshake::locale::{Catalog, LANGUAGES, language};
use tcp_handshake::scenarios::Lesson;
use tcp_handshake::sim::{Limits, Part, Timeline};

use super::failure::Failure;
use super::png::Renderer;

/// How much larger than the SVG a PNG is, for sharp letters.
const PNG_SCALE: f32 = 2.0;

pub const USAGE: &str = "\
usage: tcp-handshake [run] [--format FORMAT] [--lang LANG] [--part PART] [--full] [--at PLACE]
                           [--page URL] [--width WIDTH] [--theme THEME] [--no-captions]
                           [--sentences] [--steps N] [LINK]

Runs what the link says and writes it to standard output.

  --format FORMAT  markdown (the default), json, mermaid, svg, svg-animated, pcapng, packetdrill;
                   png if built with --features png
  --lang LANG      en or ko; else the link's, else en
  --part PART      one part of the run alone: open, data, close, half-close, time-wait or reset
  --full           markdown: every number and state
  --at PLACE       pcapng, packetdrill: client (the default), server or both; a capture of both
                   has each segment twice, which Wireshark marks as duplicates
  --page URL       markdown: the page that the table links to
  --steps N        how many steps to run at most (2000 if not given)
  --width WIDTH    svg, svg-animated, png: 640 (the default), or 360 for a phone
  --theme THEME    the same: light, dark, or auto (the default), which follows the reader's system
  --no-captions    the same: without the names of the chapters
  --sentences      the same: with the sentence of each step below
  LINK             as in the page's address: 'scenario=syn-lost&do=drop:C2'; or a scenario alone

A part of the link that is not understood is reported and left out; the exit status is then 1.
If there is no such scenario, nothing is written.
";

/// The arguments of `run`.
struct Request {
    format: Format,
    /// Whether the SVG is rendered to pixels.
    is_png: bool,
    /// The language code; `None` uses the link's language.
    lang: Option<String>,
    /// The part of the run; `None` uses the link's.
    part: Option<Part>,
    options: Options,
    /// The most steps.
    steps: usize,
    link: Option<String>,
}

/// Writes the export. Fails afterwards if a part of the link was invalid.
pub fn run(parser: Parser) -> Result<(), Failure> {
    let request = read(parser)?;
    let (link, problems) = Link::of_address(request.link.as_deref().unwrap_or_default());
    let part = request.part.or(link.part);
    let mut options = request.options;
    if request.is_png && options.theme == Theme::Auto {
        // Pixels cannot follow the reader's system.
        options.theme = Theme::Light;
    }
    let link = link.showing(part);
    let lang = request.lang.as_deref().or(link.view.lang.as_deref());
    let catalog = Catalog::built_in(lang.unwrap_or(LANGUAGES[0].code))
        .ok_or_else(|| Failure::Failed("the language file cannot be read".to_owned()))?;
    for problem in &problems {
        eprintln!("tcp-handshake: {}", problem.text(&catalog));
    }
    if problems.iter().any(|problem| problem.kind == ProblemKind::UnknownScenario) {
        // Another scenario in its place would mislead.
        return Err(Failure::Reported);
    }
    let limits = Limits { steps: request.steps };
    let timeline = link.shown(Timeline::within(link.scenario_to_run(), limits));
    if let Some(part) = part.filter(|_| timeline.is_part().is_none()) {
        return Err(absent(part, &timeline));
    }
    if let Some(steps) = timeline.cut_after() {
        let cut = catalog.format("export.cut", &[("steps", &steps)]);
        eprintln!("tcp-handshake: {cut} (--steps)");
    }
    let mut bytes = export(&timeline, &link, request.format, &catalog, &options)
        .map_err(|error| Failure::Failed(error.to_string()))?;
    if request.is_png {
        let renderer = Renderer::new(lang.unwrap_or_default()).map_err(Failure::Failed)?;
        bytes = renderer.render(&bytes, PNG_SCALE).map_err(Failure::Failed)?;
    }
    std::io::stdout().write_all(&bytes)?;
    if problems.is_empty() { Ok(()) } else { Err(Failure::Reported) }
}

fn read(mut parser: Parser) -> Result<Request, Failure> {
    let mut request = Request {
        format: Format::Markdown,
        is_png: false,
        lang: None,
        part: None,
        options: Options::default(),
        steps: Limits::default().steps,
        link: None,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("full") => request.options.full = true,
            Long("format") => {
                let id = parser.value()?.string()?;
                request.is_png = id == "png";
                let id = if request.is_png { Format::Svg.id() } else { &id };
                request.format = Format::from_id(id).ok_or_else(|| unknown("format", id))?;
            }
            Long("lang") => {
                let tag = parser.value()?.string()?;
                let known = language(&tag).ok_or_else(|| unknown("language", &tag))?;
                request.lang = Some(known.code.to_owned());
            }
            Long("part") => {
                let id = parser.value()?.string()?;
                let known = Part::ALL.into_iter().find(|part| part.id() == id);
                request.part = Some(known.ok_or_else(|| unknown("part", &id))?);
            }
            Long("at") => {
                let id = parser.value()?.string()?;
                request.options.at = Place::from_id(&id).ok_or_else(|| unknown("place", &id))?;
            }
            Long("steps") => request.steps = parser.value()?.parse()?,
            Long("width") => {
                let id = parser.value()?.string()?;
                request.options.width = Width::from_id(&id).ok_or_else(|| unknown("width", &id))?;
            }
            Long("theme") => {
                let id = parser.value()?.string()?;
                let known = Theme::ALL.into_iter().find(|theme| theme.id() == id);
                request.options.theme = known.ok_or_else(|| unknown("theme", &id))?;
            }
            Long("no-captions") => request.options.no_captions = true,
            Long("sentences") => request.options.sentences = true,
            Long("page") => request.options.page = Some(parser.value()?.string()?),
            Value(_) if request.link.is_some() => {
                return Err(Failure::Usage("more than one link".to_owned()));
            }
            Value(text) => request.link = Some(link(text.string()?)?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(request)
}

/// The link in `text`, or the link to the scenario whose id it is.
fn link(text: String) -> Result<String, Failure> {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if text.is_empty() || !text.chars().all(is_word) {
        Ok(text)
    } else if Lesson::find(&text).is_some() {
        Ok(format!("scenario={text}"))
    } else {
        Err(unknown("scenario", &text))
    }
}

/// The error for a run that has no such part: it names those that the run has.
fn absent(part: Part, timeline: &Timeline) -> Failure {
    let parts: Vec<&str> = timeline.parts().into_iter().map(Part::id).collect();
    let parts = if parts.is_empty() { "none".to_owned() } else { parts.join(", ") };
    Failure::Failed(format!("the run has no part {}; its parts: {parts}", part.id()))
}

fn unknown(kind: &str, name: &str) -> Failure {
    Failure::Usage(format!("no {kind} {name}"))
}
