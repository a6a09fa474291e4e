//! The study notes in `static/notes/`: their pictures, listings and lists are generated, their
//! links can be read, and both languages have the same parts.
//!
//! `UPDATE_EXPORTS=1 cargo test --test page notes` writes what is generated again.

use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use tcp_handshake::app::Run;
use tcp_handshake::app::learn::{Demo, MISTAKES, QUESTIONS};
use tcp_handshake::export::{Format, Options, Width, export};
use tcp_handshake::link::Link;
use tcp_handshake::locale::{Catalog, LANGUAGES};
use tcp_handshake::scenarios::{Group, LESSONS};
use tcp_handshake::sim::Timeline;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("static/notes")
}

fn page(language: &str) -> String {
    fs::read_to_string(folder().join(format!("{language}.html"))).unwrap()
}

/// Whether files that differ are written again.
fn writes() -> bool {
    std::env::var_os("UPDATE_EXPORTS").is_some()
}

/// A tag of a page: its place and its text.
struct Tag<'a> {
    range: Range<usize>,
    text: &'a str,
}

impl<'a> Tag<'a> {
    fn name(&self) -> &'a str {
        let inner = self.text.trim_start_matches('<');
        &inner[..inner.find([' ', '>']).unwrap_or(inner.len())]
    }

    /// An attribute's value, its references resolved.
    fn attribute(&self, name: &str) -> Option<String> {
        let (_, rest) = self.text.split_once(&format!(" {name}=\""))?;
        Some(unescape(rest.split('"').next()?))
    }
}

fn tags(page: &str) -> impl Iterator<Item = Tag<'_>> {
    page.match_indices('<').map(|(start, _)| {
        let end = page[start..].find('>').map_or(page.len(), |at| start + at + 1);
        Tag { range: start..end, text: &page[start..end] }
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The export that a tag with `data-run` and `data-format` asks for.
fn exported(tag: &Tag<'_>, run: &str) -> String {
    let (link, problems) = Link::parse("", run);
    assert_eq!(problems, [], "{run}");
    let format = Format::from_id(&tag.attribute("data-format").unwrap()).unwrap();
    let catalog = Catalog::built_in(link.view.lang.as_deref().unwrap()).unwrap();
    let timeline = link.shown(Timeline::of(link.scenario_to_run()));
    let width = tag.attribute("data-width").map(|id| Width::from_id(&id).unwrap());
    let options = Options { width: width.unwrap_or_default(), ..Options::default() };
    let octets = export(&timeline, &link, format, &catalog, &options).unwrap();
    String::from_utf8(octets).unwrap()
}

/// The name of the picture that an `img` shows, or a `source`, which has the narrow form of it.
fn shown(tag: &Tag<'_>) -> Option<String> {
    match tag.name() {
        "img" => tag.attribute("src"),
        "source" => tag.attribute("srcset"),
        _ => None,
    }
}

/// The pictures of a page: the name of the file, and its content.
fn pictures(page: &str) -> Vec<(String, String)> {
    let made = tags(page).filter_map(|tag| {
        let (name, run) = (shown(&tag)?, tag.attribute("data-run")?);
        Some((name, exported(&tag, &run)))
    });
    made.collect()
}

/// A page with everything that is generated: the sizes of its pictures, its listings and lists.
fn generated(page: &str, language: &str) -> String {
    let pictures = pictures(page);
    let mut page = page.to_owned();
    // From the end, so that a replacement does not move the remaining positions.
    let found: Vec<(Range<usize>, String)> = tags(&page)
        .filter_map(|tag| match tag.name() {
            "img" | "source" => {
                let name = shown(&tag)?;
                let (_, svg) = pictures.iter().find(|(made, _)| *made == name)?;
                Some((tag.range.clone(), sized(tag.text, svg)))
            }
            "pre" => {
                let text = exported(&tag, &tag.attribute("data-run")?);
                Some((content(&page, &tag), escape(text.trim_end())))
            }
            _ => {
                let list = list(&tag.attribute("data-list")?, language);
                Some((content(&page, &tag), format!("\n{list}")))
            }
        })
        .collect();
    for (range, text) in found.into_iter().rev() {
        page.replace_range(range, &text);
    }
    page
}

/// The place of an element's content. None of these elements contains another of its name.
fn content(page: &str, tag: &Tag<'_>) -> Range<usize> {
    let end = page[tag.range.end..].find(&format!("</{}>", tag.name())).unwrap();
    tag.range.end..tag.range.end + end
}

/// The tag of an image with the size of its picture, so that the text does not jump.
fn sized(tag: &str, svg: &str) -> String {
    let size = |name: &str| {
        let (_, rest) = svg.split_once(&format!(" {name}=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (before, rest) = tag.split_once(" width=\"").unwrap();
    let after = rest.splitn(4, '"').nth(3).unwrap();
    format!("{before} width=\"{}\" height=\"{}\"{after}", size("width"), size("height"))
}

/// The items of a list of the lessons, the questions or the mistakes.
fn list(name: &str, language: &str) -> String {
    let catalog = Catalog::built_in(language).unwrap();
    let learn = format!("../words/{language}/learn.json");
    let learn = Catalog::parse(&fs::read_to_string(folder().join(learn)).unwrap()).unwrap();
    let mut html = String::new();
    match name {
        "lessons" => lessons(&mut html, &catalog, language),
        "questions" => questions(&mut html, &learn),
        "mistakes" => mistakes(&mut html, &learn, language),
        _ => panic!("{name}"),
    }
    html
}

fn lessons(html: &mut String, catalog: &Catalog, language: &str) {
    for group in Group::ALL {
        let name = catalog.text(&format!("ui.picker.{}", group.id())).to_owned();
        writeln!(html, "<h3>{}</h3>\n<ul>", escape(&name)).unwrap();
        for lesson in LESSONS.iter().filter(|lesson| lesson.group == group) {
            let [title, question] = ["title", "question"]
                .map(|it| escape(catalog.text(&format!("scenario.{}.{it}", lesson.id))));
            let link = format!("../?lang={language}#scenario={}", lesson.id);
            writeln!(html, "<li><a href=\"{link}\">{title}</a><br>{question}</li>").unwrap();
        }
        writeln!(html, "</ul>").unwrap();
    }
}

fn questions(html: &mut String, learn: &Catalog) {
    for (number, question) in (1..).zip(&QUESTIONS) {
        let [asked, answer] = ["asked", "answer"]
            .map(|it| escape(learn.text(&format!("learn.question.{number}.{it}"))));
        let clauses: Vec<String> = question
            .clauses
            .iter()
            .map(|(rfc, section)| match *section {
                "" => format!("RFC {rfc}"),
                section => format!("RFC {rfc} §{section}"),
            })
            .collect();
        let clauses = clauses.join(", ");
        writeln!(
            html,
            "<details><summary>{number}. {asked}</summary><p>{answer} \
             <span class=\"rfc\">{clauses}</span></p></details>"
        )
        .unwrap();
    }
}

fn mistakes(html: &mut String, learn: &Catalog, language: &str) {
    let see = learn.text("learn.see").to_owned();
    for (number, shown) in (1..).zip(&MISTAKES) {
        let [claim, fact] =
            ["claim", "fact"].map(|it| escape(learn.text(&format!("learn.mistake.{number}.{it}"))));
        let link = escape(&moment(shown));
        let link = format!("<a href=\"../?lang={language}#{link}\">{see}</a>");
        writeln!(html, "<dt>{claim}</dt>\n<dd>{fact} {link}</dd>").unwrap();
    }
}

/// The link to the moment of a demo.
fn moment(shown: &Demo) -> String {
    let run = Run::of(&shown.open(), false);
    let step = shown.step(&run).unwrap();
    format!("{}&t={}us", shown.link, run.timeline.trace().steps[step].at.as_micros())
}

/// Pictures first: a page has their sizes. One test, because it writes files that it also reads.
#[test]
fn pictures_listings_and_lists_are_generated() {
    for language in LANGUAGES {
        let code = language.code;
        let page = page(code);
        let pictures = pictures(&page);
        for (name, svg) in &pictures {
            let path = folder().join(name);
            if writes() {
                fs::write(&path, svg).unwrap();
            }
            let file = fs::read_to_string(&path).unwrap_or_default();
            assert!(file == *svg, "{name} differs; UPDATE_EXPORTS=1 writes it anew");
        }
        assert_eq!(pictures.len(), 14, "{code}");
        for tag in tags(&page) {
            let Some(name) = shown(&tag) else { continue };
            assert!(pictures.iter().any(|(made, _)| *made == name), "{name} is no export");
            let is_source = tag.name() == "source";
            assert!(is_source || tag.attribute("alt").is_some_and(|alt| !alt.is_empty()), "{name}");
        }
        let generated = generated(&page, code);
        if writes() {
            fs::write(folder().join(format!("{code}.html")), &generated).unwrap();
        } else {
            assert!(page == generated, "{code}.html differs; UPDATE_EXPORTS=1 writes it anew");
        }
        assert_eq!(generated.matches("<pre class=\"code\" data-run").count(), 2);
        assert_eq!(generated.matches("<dt>").count(), MISTAKES.len());
        assert!(generated.matches("<details>").count() > QUESTIONS.len());
    }
}

/// No picture of an earlier version of the notes is left behind.
#[test]
fn every_picture_is_used() {
    let used: Vec<String> = LANGUAGES
        .iter()
        .flat_map(|language| pictures(&page(language.code)))
        .map(|(name, _)| name)
        .collect();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            Path::new(&name).extension() != Some("svg".as_ref()) || used.contains(&name),
            "{name}"
        );
    }
}

/// First the two handshakes, each with a table of sender, receiver, segment and meaning.
#[test]
fn the_two_handshakes_come_first() {
    for language in LANGUAGES {
        let page = page(language.code);
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}"));
        let sections = ["id=\"open\"", "id=\"close\"", "id=\"data\"", "id=\"lessons\""];
        assert!(sections.map(place).is_sorted());
        let rows = |player: &str| page.matches(&format!("data-player=\"{player}\"")).count();
        assert_eq!([rows("opening"), rows("closing")], [3, 4]);
        assert_eq!(page.matches("<th scope=\"col\">").count(), 10);
    }
}

#[test]
fn every_link_and_every_run_is_read() {
    for language in LANGUAGES {
        let page = page(language.code);
        let mut links = 0;
        for tag in tags(&page) {
            let target = tag.attribute("href").or_else(|| tag.attribute("src"));
            if let Some(simulator) = target.as_deref().and_then(|it| it.strip_prefix("../?")) {
                let (query, fragment) = simulator.split_once('#').unwrap_or((simulator, ""));
                let (link, problems) = Link::parse(query, fragment);
                assert_eq!(problems, [], "{simulator}");
                assert_eq!(link.view.lang.as_deref(), Some(language.code), "{simulator}");
                links += 1;
            }
            if let Some(anchor) = target.as_deref().and_then(|it| it.strip_prefix('#')) {
                assert!(page.contains(&format!(" id=\"{anchor}\"")), "nothing is at #{anchor}");
            }
            if tag.name() == "tcp-handshake" {
                let of = |name: &str| tag.attribute(name).map(|value| format!("{name}={value}"));
                let run: Vec<String> =
                    ["scenario", "part", "t", "lang"].into_iter().filter_map(of).collect();
                assert_eq!(Link::parse("", &run.join("&")).1, [], "{run:?}");
            }
            if let Some(player) = tag.attribute("data-player") {
                assert!(page.contains(&format!("id=\"{player}\" scenario=")), "{player}");
            }
        }
        assert!(links > 20, "{links}");
    }
}

#[test]
fn a_strict_policy_allows_the_notes() {
    for language in LANGUAGES {
        for tag in tags(&page(language.code)) {
            let is_inline = tag.name() == "style"
                || tag.name() == "script" && tag.attribute("src").is_none()
                || tag.attribute("style").is_some()
                || tag.text.split('"').step_by(2).any(|outside| outside.contains(" on"));
            assert!(!is_inline, "{}", tag.text);
            let source = tag.attribute("src").unwrap_or_default();
            assert!(!source.contains(':'), "{source} is elsewhere");
        }
    }
}

/// The same sections, figures, tables, runs and links, in the same order.
#[test]
fn both_languages_have_the_same_parts() {
    let outline = |language: &str| -> Vec<String> {
        let page = page(language);
        let other = if language == "en" { "ko" } else { "en" };
        let names = ["h1", "h2", "h3", "img", "iframe", "tcp-handshake", "tr", "details", "dt"];
        let is_named = |tag: &Tag<'_>| names.contains(&tag.name()) || tag.name() == "a";
        tags(&page)
            .filter(is_named)
            .map(|tag| {
                let of = |name: &str| tag.attribute(name).unwrap_or_default();
                let what = ["id", "scenario", "t", "href", "src", "data-run"].map(of).concat();
                let what = what.replace(language, "LANG").replace(other, "LANG");
                format!("{} {what}", tag.name())
            })
            .collect()
    };
    let (english, korean) = (outline("en"), outline("ko"));
    for (index, (one, other)) in english.iter().zip(&korean).enumerate() {
        assert_eq!(one, other, "at {index}");
    }
    assert_eq!(english.len(), korean.len());
}
