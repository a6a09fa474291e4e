//! The study notes in `static/notes/`: their pictures and listings are exports, their links can be
//! read, and both languages have the same parts.
//!
//! `UPDATE_EXPORTS=1 cargo test --test page notes` writes the pictures and listings again.

use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use tcp_handshake::export::{Format, Options, export};
use tcp_handshake::link::Link;
use tcp_handshake::locale::{Catalog, LANGUAGES};
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
    let timeline = Timeline::of(link.scenario_to_run());
    let octets = export(&timeline, &link, format, &catalog, &Options::default()).unwrap();
    String::from_utf8(octets).unwrap()
}

#[test]
fn pictures_are_exports() {
    for language in LANGUAGES {
        let page = page(language.code);
        let images: Vec<Tag<'_>> = tags(&page).filter(|tag| tag.name() == "img").collect();
        let mut made = vec![];
        for tag in &images {
            let name = tag.attribute("src").unwrap();
            let Some(run) = tag.attribute("data-run") else { continue };
            let svg = exported(tag, &run);
            let path = folder().join(&name);
            if writes() {
                fs::write(&path, &svg).unwrap();
            }
            let file = fs::read_to_string(&path).unwrap_or_default();
            assert!(file == svg, "{name} differs; UPDATE_EXPORTS=1 writes it anew");
            made.push(name);
        }
        assert_eq!(made.len(), 5, "{made:?}");
        for tag in &images {
            let name = tag.attribute("src").unwrap();
            assert!(made.contains(&name), "{name} is no export");
            assert!(tag.attribute("alt").is_some_and(|alt| !alt.is_empty()), "{name}");
            // Its size is reserved, so that the text does not jump.
            let svg = fs::read_to_string(folder().join(&name)).unwrap();
            let size = |name: &str| format!(" {name}=\"{}\"", tag.attribute(name).unwrap());
            let sizes = format!("{}{}", size("width"), size("height"));
            assert!(svg.contains(&sizes), "{name} is not{sizes}");
        }
    }
}

#[test]
fn listings_are_exports() {
    for language in LANGUAGES {
        let mut page = page(language.code);
        let mut listings = 0;
        // From the end, so that a replacement does not move the remaining positions.
        let found: Vec<(usize, String)> = tags(&page)
            .filter(|tag| tag.name() == "pre")
            .filter_map(|tag| Some((tag.range.end, exported(&tag, &tag.attribute("data-run")?))))
            .collect();
        for (start, text) in found.into_iter().rev() {
            let wanted = escape(text.trim_end());
            let end = start + page[start..].find("</pre>").unwrap();
            if writes() {
                page.replace_range(start..end, &wanted);
                fs::write(folder().join(format!("{}.html", language.code)), &page).unwrap();
            } else {
                let listed = &page[start..end];
                assert!(listed == wanted, "a listing differs; UPDATE_EXPORTS=1 writes it anew");
            }
            listings += 1;
        }
        assert_eq!(listings, 2);
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
                    ["scenario", "t", "lang"].into_iter().filter_map(of).collect();
                assert_eq!(Link::parse("", &run.join("&")).1, [], "{run:?}");
            }
            if let Some(player) = tag.attribute("data-player") {
                assert!(page.contains(&format!("id=\"{player}\" scenario=\"normal\"")), "{player}");
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
