//! The texts and files for sharing a run: each leads back to the run, in every language.

use std::fs;
use std::path::Path;

use tcp_handshake::app::share::{Files, Offer, Sharing, Snippet, Target};
use tcp_handshake::export::{Format, NotExpressible, Options, Width, export};
use tcp_handshake::link::{Link, Theme};
use tcp_handshake::locale::{Catalog, LANGUAGES};
use tcp_handshake::sim::{Part, Timeline};

const RUN: &str = "scenario=syn-lost&do=drop:C2,close:C@900ms&rtt=40ms&isn=7,9&msl=5s";

fn sheet(lang: &str) -> Catalog {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("static/words/{lang}/share.json"));
    Catalog::parse(&fs::read_to_string(path).unwrap()).unwrap()
}

fn sharing(address: &str, lang: &str) -> Sharing {
    Sharing::new(address, lang, Catalog::built_in(lang).unwrap(), sheet(lang))
}

fn link(text: &str) -> Link {
    let (link, problems) = Link::parse("", text);
    assert_eq!(problems, [], "{text}");
    link
}

fn snippet(sharing: &Sharing, target: Target, id: &str) -> String {
    let snippets = sharing.snippets(target, false, Some(Files::ALL));
    let found = snippets.into_iter().find(|snippet| snippet.id == id);
    found.unwrap_or_else(|| panic!("{target:?} has no {id}")).text
}

/// Every link to the page at this address in a text of HTML or Markdown.
fn links(text: &str, page: &str) -> Vec<Link> {
    // Notion's address has the parameters in the query.
    let text = text.replace(&format!("{page}?"), &format!("{page}#"));
    let start = format!("{page}#");
    let parts = text.split(start.as_str()).skip(1);
    let ends = ['"', ')', '\n', ' '];
    parts.map(|part| link(&part.split(ends).next().unwrap().replace("&amp;", "&"))).collect()
}

/// All texts offered.
fn all(sharing: &Sharing, from_instant: bool) -> Vec<(Target, Snippet)> {
    let of = |target| {
        sharing
            .snippets(target, from_instant, Some(Files::ALL))
            .into_iter()
            .map(move |it| (target, it))
    };
    Target::ALL.into_iter().flat_map(of).collect()
}

#[test]
fn everything_offered_has_its_texts_in_every_language() {
    for language in LANGUAGES {
        let (sharing, words) =
            (sharing("https://a.b/#scenario=normal", language.code), sheet(language.code));
        let mut keys = vec![];
        for (target, snippet) in all(&sharing, false) {
            assert_eq!(Target::from_id(target.id()), Some(target));
            keys.push(format!("share.target.{}", target.id()));
            keys.extend(["title", "how"].map(|it| format!("share.snippet.{}.{it}", snippet.id)));
        }
        for offer in Offer::ALL {
            assert_eq!(Offer::from_id(offer.id), Some(offer));
            keys.extend(["title", "how"].map(|it| format!("share.file.{}.{it}", offer.id)));
            keys.extend(offer.choices.iter().map(|choice| format!("share.choice.{choice}")));
        }
        keys.extend(Width::ALL.map(|width| format!("share.picture.{}", width.id())));
        keys.extend(Theme::ALL.map(|theme| format!("share.picture.{}", theme.id())));
        keys.extend(NotExpressible::ALL.map(|reason| format!("share.not.{}", reason.id())));
        for key in keys {
            assert!(words.keys().any(|other| other == key), "{}: {key}", language.code);
        }
    }
}

#[test]
fn every_link_leads_back_to_the_run() {
    let page = "https://example.org/tcp/";
    for address in [format!("{page}#{RUN}&t=850ms"), format!("{page}index.html?x=1#{RUN}&t=850ms")]
    {
        for from_instant in [false, true] {
            let sharing = sharing(&address, "en");
            let mut count = 0;
            for (target, snippet) in all(&sharing, from_instant) {
                for found in links(&snippet.text, page) {
                    let mut wanted = link(RUN);
                    let starts = from_instant && snippet.id != "table";
                    wanted.view.t = link("t=850ms").view.t.filter(|_| starts);
                    wanted.view.embed = found.view.embed;
                    assert_eq!(found, wanted, "{target:?} {}", snippet.id);
                    count += 1;
                }
            }
            // The link, a frame twice, an element three times, three pictures, a table, and
            // Notion's.
            assert_eq!(count, 11);
        }
    }
}

#[test]
fn frames_show_the_embed_and_everything_else_the_page() {
    let sharing = sharing(&format!("https://a.b/#{RUN}&embed=1&autoplay=1"), "ko");
    for (target, snippet) in all(&sharing, false) {
        let is_frame = matches!(snippet.id, "iframe" | "obsidian-frame" | "embed");
        for found in links(&snippet.text, "https://a.b/") {
            assert_eq!(found.view.embed, is_frame, "{target:?} {}", snippet.id);
            assert!(!found.view.autoplay);
        }
    }
}

#[test]
fn the_address_for_notion_has_no_fragment() {
    let sharing = sharing(&format!("https://a.b/?utm_source=c#{RUN}"), "en");
    let text = snippet(&sharing, Target::Notion, "embed");
    assert_eq!(text, format!("https://a.b/?embed=1&{RUN}"));
}

#[test]
fn the_element_and_the_fence_describe_the_same_run() {
    let sharing = sharing(&format!("https://a.b/#{RUN}&lang=ko&theme=dark"), "ko");
    let wanted = link(&format!("{RUN}&lang=ko&theme=dark"));
    let fence = snippet(&sharing, Target::MdBook, "fence");
    let body = fence.strip_prefix("```tcp-handshake\n").unwrap().strip_suffix("\n```\n").unwrap();
    assert_eq!(link(body), wanted);

    let element = snippet(&sharing, Target::Html, "element");
    let (script, element) = element.split_once('\n').unwrap();
    assert_eq!(script, r#"<script type="module" src="https://a.b/tcp-handshake.js"></script>"#);
    let tag = element.strip_prefix("<tcp-handshake ").unwrap().split_once('>').unwrap().0;
    let (attributes, label) = tag.split_once(" label=").unwrap();
    assert!(label.starts_with('"') && label.contains("TCP"), "{label}");
    let pairs = attributes.split("\" ").map(|pair| pair.trim_end_matches('"').replace("=\"", "="));
    assert_eq!(link(&pairs.collect::<Vec<_>>().join("&")), wanted);
    assert!(element.ends_with("</a></tcp-handshake>"));
}

#[test]
fn texts_for_github_need_no_script() {
    let sharing = sharing("https://a.b/#scenario=syn-lost", "en");
    let picture = &sharing.snippets(Target::GitHub, false, Some(Files::ALL))[0];
    assert_eq!(
        picture.text,
        "[![The SYN is lost](syn-lost-animated.svg)](https://a.b/#scenario=syn-lost)"
    );
    // The text names the file that is offered with it.
    assert_eq!(sharing.name(picture.file.unwrap(), ""), "syn-lost-animated.svg");
    let mermaid = snippet(&sharing, Target::GitHub, "mermaid");
    assert!(mermaid.starts_with("```mermaid\nsequenceDiagram\n") && mermaid.ends_with("\n```\n"));
    let attachment = &sharing.snippets(Target::Obsidian, false, Some(Files::ALL))[1];
    let name = sharing.name(attachment.file.unwrap(), "");
    assert!(attachment.text.starts_with(&format!("![[{name}]]\n")));
}

#[test]
fn a_hostile_address_is_escaped() {
    let evil = "https://a.b/'\"><script>alert(1)</script>(x)/#scenario=normal&y=%22%3E%3Cscript%3E";
    for (target, snippet) in all(&sharing(evil, "en"), false) {
        let text = &snippet.text;
        assert!(!text.contains("<script>") && !text.contains("alert(1)"), "{target:?} {text}");
        assert!(!text.contains("(x)") && !text.contains("b/'"), "{target:?} {text}");
    }
}

#[test]
fn files_are_what_the_command_line_writes_and_are_named_by_their_scenario() {
    let sharing = sharing(&format!("https://a.b/#{RUN}&t=850ms&theme=dark"), "ko");
    let wanted = link(RUN);
    let timeline = Timeline::of(wanted.scenario_to_run());
    let catalog = Catalog::built_in("ko").unwrap();
    let mut names = vec![];
    for offer in Offer::ALL {
        for choice in offer.choices.iter().chain(offer.choices.is_empty().then_some(&"")) {
            names.push(sharing.name(offer.format, choice));
            let options = sharing.options(choice);
            let octets = export(&timeline, &wanted, offer.format, &catalog, &options).unwrap();
            assert!(sharing.file(offer.format, choice).unwrap() == octets, "{}", offer.id);
        }
    }
    assert_eq!(
        names,
        [
            "syn-lost.md",
            "syn-lost-full.md",
            "syn-lost.mmd",
            "syn-lost.svg",
            "syn-lost-animated.svg",
            "syn-lost.svg",
            "syn-lost-client.pcapng",
            "syn-lost-server.pcapng",
            "syn-lost-both.pcapng",
            "syn-lost-client.pkt",
            "syn-lost-server.pkt",
            "syn-lost.json",
        ]
    );
}

/// Files do not depend on how the run is shown, except that a table's link has the language.
#[test]
fn files_do_not_depend_on_the_view() {
    let plain = link(RUN);
    let looked_at = link(&format!("{RUN}&t=1s&autoplay=1&speed=2&theme=dark&panels=why"));
    let timeline = Timeline::of(plain.scenario_to_run());
    for format in Format::ALL {
        let options = Options { page: Some("https://a.b/".to_owned()), ..Options::default() };
        let file = |link| export(&timeline, link, format, Catalog::english(), &options).unwrap();
        assert!(file(&plain) == file(&looked_at), "{}", format.id());
    }
}

#[test]
fn a_part_is_shared_alone() {
    let mut sharing = sharing("https://a.b/#scenario=four-way-close&t=100ms", "ko");
    let names: Vec<String> = sharing.parts().into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["연결 수립", "연결 종료", "TIME-WAIT"]);
    sharing.choose("part", "close");
    assert_eq!(sharing.part(), Some(Part::Close));
    for (target, snippet) in all(&sharing, false) {
        for found in links(&snippet.text, "https://a.b/") {
            assert_eq!(found.part, Some(Part::Close), "{target:?} {}", snippet.id);
        }
    }
    let table = String::from_utf8(sharing.file(Format::Markdown, "notes").unwrap()).unwrap();
    assert_eq!(table.lines().filter(|line| line.starts_with('|')).count(), 2 + 4);
    assert_eq!(sharing.name(Format::Markdown, "notes"), "four-way-close-close.md");
    assert!(sharing.preview().contains("연결 종료"));
    sharing.choose("part", "");
    assert_eq!(sharing.part(), None);
    assert_eq!(snippet(&sharing, Target::Link, "link"), "https://a.b/#scenario=four-way-close");
}

#[test]
fn the_options_of_a_picture_change_it_and_its_name() {
    let mut sharing = sharing("https://a.b/#scenario=syn-lost", "en");
    let mut seen = vec![sharing.preview()];
    for (what, value, name) in [
        ("width", "360", "syn-lost-360.svg"),
        ("theme", "dark", "syn-lost-360-dark.svg"),
        ("captions", "false", "syn-lost-360-dark-plain.svg"),
        ("sentences", "true", "syn-lost-360-dark-plain-sentences.svg"),
    ] {
        sharing.choose(what, value);
        assert_eq!(sharing.name(Format::Svg, ""), name);
        let picture = sharing.preview();
        assert!(!seen.contains(&picture), "{what}");
        assert!(sharing.file(Format::Svg, "").unwrap() == picture.as_bytes(), "{what}");
        seen.push(picture);
    }
    assert!(sharing.for_pixels() == sharing.preview().into_bytes());
    let text = snippet(&sharing, Target::GitHub, "picture");
    assert!(text.contains("(syn-lost-animated-360-dark-plain-sentences.svg)"), "{text}");
    for (what, value) in
        [("width", "640"), ("theme", "auto"), ("captions", "true"), ("sentences", "false")]
    {
        sharing.choose(what, value);
    }
    assert!(sharing.preview() == seen[0]);
    assert!(seen[0].contains("prefers-color-scheme"));
    let pixels = String::from_utf8(sharing.for_pixels()).unwrap();
    assert!(!pixels.contains("prefers-color-scheme"));
    sharing.speak("ko", Catalog::built_in("ko").unwrap());
    assert!(sharing.preview().contains("클라이언트"));
}

#[test]
fn a_scenario_as_it_comes_is_shared_by_addresses_that_stay() {
    let page = "https://example.org/tcp/";
    let with = |run: &str, lang| sharing(&format!("{page}#{run}"), lang).with_previews(true);
    let picture = |sharing: &Sharing, target| snippet(sharing, target, "hosted-picture");
    let lost = with("scenario=syn-lost&t=50ms&theme=dark", "ko");
    for target in [Target::GitHub, Target::Velog] {
        let text = picture(&lost, target);
        assert!(text.contains("(https://example.org/tcp/s/syn-lost/ko.animated.svg)"), "{text}");
        assert_eq!(links(&text, page).len(), 1, "{text}");
    }
    let pages = ["en", "ko"]
        .map(|lang| snippet(&with("scenario=syn-lost", lang), Target::Link, "preview-page"));
    assert_eq!(pages, [format!("{page}s/syn-lost/"), format!("{page}s/syn-lost/ko/")]);
    let part = with("scenario=normal&part=open", "en");
    assert!(picture(&part, Target::GitHub).contains("/s/normal/en.open.animated.svg"));

    let mut phone = with("scenario=syn-lost", "en");
    phone.choose("width", "360");
    let edited = with("scenario=syn-lost&rtt=40ms", "en");
    let absent = sharing(&format!("{page}#scenario=syn-lost"), "en");
    for sharing in [phone, edited, absent] {
        assert!(snippet(&sharing, Target::GitHub, "picture").contains("(syn-lost"));
    }
}
