//! The order of the layers in docs/architecture.md, and what the engine may not use.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository::{Complaint, check_all, read, texts};
use crate::rust::{Path, Source};

/// The modules that must give the same result everywhere: no float, hash map, clock or thread.
const ENGINE: [&str; 3] = ["time", "tcp", "sim"];
const ENGINE_BANS: [&str; 9] =
    ["f32", "f64", "HashMap", "HashSet", "SystemTime", "rand", "thread", "async", "await"];
const ENGINE_BANNED_PATHS: [[&str; 2]; 2] = [["std", "time"], ["core", "time"]];

/// The modules that may use the browser's API.
const BROWSER: [&str; 1] = ["ui"];
const BROWSER_CRATES: [&str; 5] = ["yew", "web_sys", "js_sys", "wasm_bindgen", "gloo"];

/// The height of each module: it may use those that are lower.
struct Layers(BTreeMap<String, usize>);

impl Layers {
    /// Reads the line of the document: `a <- {b, c} <- d`.
    fn parse(document: &str) -> Self {
        let line =
            document.lines().find(|line| line.contains(" <- ")).expect("the order of layers");
        let mut heights = BTreeMap::new();
        for (height, names) in line.split(" <- ").enumerate() {
            for name in names.trim_matches(['{', '}']).split(", ") {
                heights.insert(name.to_owned(), height);
            }
        }
        Self(heights)
    }

    fn of_the_document() -> Self {
        Self::parse(&read("docs/architecture.md"))
    }

    fn height(&self, module: &str) -> Option<usize> {
        self.0.get(module).copied()
    }

    /// Finds uses of a module that is not in a lower layer.
    fn check(&self, source: &Source) -> Vec<Complaint> {
        let Some(module) = top_module(&source.path) else { return Vec::new() };
        let Some(own) = self.height(module) else {
            return vec![(
                1,
                format!("`{module}` is not among the layers in docs/architecture.md"),
            )];
        };
        let mut found = Vec::new();
        for path in source.paths() {
            let [first, used, ..] = &path.segments[..] else { continue };
            let is_below = self.height(used).is_some_and(|height| height < own);
            if first == "crate" && used != module && !is_below {
                let rule = format!("`{module}` may use only the layers below it, not `{used}`");
                found.push((path.line, rule));
            }
        }
        found
    }
}

/// The library's module that a file belongs to; `None` for its root and for other crates.
fn top_module(path: &str) -> Option<&str> {
    let name = path.strip_prefix("src/")?.trim_end_matches(".rs").split('/').next()?;
    (!["lib", "main", "cli"].contains(&name)).then_some(name)
}

#[test]
fn the_layers_are_in_order() {
    let layers = Layers::of_the_document();
    check_all(&texts(&["rs"]), |path, text| layers.check(&Source::new(path, text)));
}

#[test]
fn the_documents_layers_are_those_of_the_source() {
    let document = read("docs/architecture.md");
    let layers: BTreeSet<String> = Layers::parse(&document).0.into_keys().collect();
    let files = texts(&["rs"]);
    let modules = files.iter().filter_map(|(path, _)| top_module(path)).map(str::to_owned);
    assert_eq!(
        layers,
        modules.collect(),
        "the order in docs/architecture.md, and the modules in src/"
    );

    let section = document.split("## ").find(|section| section.starts_with("Layers"));
    let rows = section.expect("a section on layers").lines().filter_map(|line| {
        let cell = line.strip_prefix("| `")?;
        cell.split('`').next().map(str::to_owned)
    });
    assert_eq!(layers, rows.collect(), "the order and the table in docs/architecture.md");
}

#[test]
fn no_layer_is_left_by_super() {
    check_all(&texts(&["rs"]), |path, text| ways_out_by_super(&Source::new(path, text)));
}

#[test]
fn the_engine_is_deterministic() {
    check_all(&texts(&["rs"]), |path, text| engine_bans(&Source::new(path, text)));
}

#[test]
fn the_browser_is_used_by_its_layers_only() {
    check_all(&texts(&["rs"]), |path, text| browser_leaks(&Source::new(path, text)));
}

/// `super` must not lead out of a top module, because [`Layers::check`] would miss that use.
fn ways_out_by_super(source: &Source) -> Vec<Complaint> {
    if top_module(&source.path).is_none() {
        return Vec::new();
    }
    let is_inside = !source.path.ends_with("/mod.rs");
    // How often `super` may be repeated: `src/tcp/seq.rs` and `src/tcp/seq/mod.rs` are one below.
    let depth = source.path.matches('/').count() + usize::from(is_inside) - 2;
    let supers = |path: &Path| path.segments.iter().take_while(|it| *it == "super").count();
    let paths = source.paths().iter().filter(|path| !path.is_test);
    let outside = paths.filter(|path| supers(path) > depth);
    outside
        .map(|path| (path.line, "another module is named by its `crate::` path".into()))
        .collect()
}

fn engine_bans(source: &Source) -> Vec<Complaint> {
    if !top_module(&source.path).is_some_and(|module| ENGINE.contains(&module)) {
        return Vec::new();
    }
    let rule = |name: &str| format!("{name} has no place in the engine");
    let mut found: Vec<Complaint> =
        source.float_literals().map(|line| (line, rule("a fraction"))).collect();
    for name in ENGINE_BANS {
        found.extend(source.words(name).map(|line| (line, rule(name))));
    }
    for path in source.paths() {
        if ENGINE_BANNED_PATHS
            .iter()
            .any(|banned| path.segments.starts_with(&banned.map(str::to_owned)))
        {
            found.push((path.line, rule(&path.segments[..2].join("::"))));
        }
    }
    found
}

fn browser_leaks(source: &Source) -> Vec<Complaint> {
    let module = top_module(&source.path);
    if module.is_none_or(|module| BROWSER.contains(&module)) {
        return Vec::new();
    }
    let uses = BROWSER_CRATES
        .into_iter()
        .flat_map(|name| source.words(name).map(move |line| (line, name)));
    uses.map(|(line, name)| (line, format!("`{name}` is for {BROWSER:?} only"))).collect()
}

mod can_fail {
    use super::*;
    use crate::repository::assert_complaint;

    fn source(path: &str, text: &str) -> Source {
        Source::new(path, text)
    }

    fn order(path: &str, text: &str) -> Vec<Complaint> {
        Layers::parse("time <- tcp <- sim <- {scenarios, ladder} <- export <- ui\n")
            .check(&source(path, text))
    }

    #[test]
    fn a_layer_uses_those_below_it() {
        let both = "use crate::tcp::{Segment, seq};\nuse crate::time::Instant;";
        assert_eq!(order("src/sim/world.rs", both), []);
        let own = "use crate::tcp::segment::Segment; pub(crate) fn f() {}";
        assert_eq!(order("src/tcp/seq.rs", own), []);
        assert_complaint(&order("src/tcp/seq.rs", "\nuse crate::sim::World;"), 2, "not `sim`");
        assert_complaint(&order("src/tcp/seq.rs", "fn f() { crate::ui::start() }"), 1, "not `ui`");
        let beside = order("src/ladder.rs", "use crate::scenarios::ALL;");
        assert_complaint(&beside, 1, "not `scenarios`");
    }

    #[test]
    fn groups_are_taken_apart() {
        let group = "use crate::{\n    tcp::{Segment, seq::{A, B}},\n    time::Instant,\n};";
        assert_eq!(order("src/sim/world.rs", group), []);
        let group = "use crate::{time::{A, sim},\nexport::B};";
        assert_complaint(&order("src/tcp/seq.rs", group), 2, "`export`");
    }

    #[test]
    fn a_new_module_needs_a_place_and_the_roots_need_none() {
        assert_complaint(&order("src/other/mod.rs", ""), 1, "`other` is not among the layers");
        assert_eq!(order("src/lib.rs", "pub use crate::ui::start;"), []);
        assert_eq!(browser_leaks(&source("src/main.rs", "use yew::Renderer;")), []);
    }

    #[test]
    fn super_does_not_lead_out() {
        let found = |path, text| ways_out_by_super(&source(path, text));
        let words = "by its `crate::` path";
        assert_eq!(found("src/tcp/seq.rs", "use super::segment::Segment;"), []);
        assert_complaint(&found("src/tcp/seq.rs", "use super::super::sim::World;"), 1, words);
        assert_complaint(&found("src/tcp/mod.rs", "use super::sim::World;"), 1, words);
        assert_eq!(found("src/tcp/seq/mod.rs", "use super::segment::Segment;"), []);
        assert_eq!(found("src/tcp/seq/a.rs", "use super::super::segment::Segment;"), []);
        assert_complaint(&found("src/time.rs", "use super::sim::World;"), 1, words);
        assert_eq!(found("src/time.rs", "#[cfg(test)]\nmod tests {\n    use super::*;\n}"), []);
        assert_eq!(found("src/tcp/seq/tests.rs", "use super::super::segment::Segment;"), []);
    }

    #[test]
    fn the_engine_is_integers_and_arguments() {
        let found = |path, text| engine_bans(&source(path, text));
        let words = "no place in the engine";
        assert_complaint(&found("src/tcp/rto.rs", "fn f(x: f64) {}"), 1, words);
        assert_complaint(&found("src/tcp/rto.rs", "const A: X = x(\n    1.5);"), 2, words);
        assert_complaint(&found("src/tcp/rto.rs", "const A: X = x(1f32);"), 1, words);
        let map = "use std::collections::HashMap;";
        assert_complaint(&found("src/sim/world.rs", map), 1, words);
        assert_complaint(&found("src/sim/world.rs", "use std::time::Duration;"), 1, words);
        assert_complaint(&found("src/sim/world.rs", "async fn f() {}"), 1, words);
        let fields = "fn f() { let buf32 = pair.0.1; for i in 0..10 { g(0xf32) } }";
        assert_eq!(found("src/tcp/rto.rs", fields), []);
        assert_eq!(found("src/app/mod.rs", "fn f(x: f64) {}"), []);
    }

    #[test]
    fn comments_and_strings_are_not_code() {
        let found = |text| engine_bans(&source("src/tcp/rto.rs", text));
        assert_eq!(found("// f64 in crate::ui\n/* a /* b */ 1.5 */\n"), []);
        assert_eq!(found("//! f64\n/// f64\nfn f() {}"), []);
        assert_eq!(found(r##"const A: &str = "f64 \" 1.5"; const B: &str = r#""f64"#;"##), []);
        assert_eq!(found(r"fn f<'a>(x: &'a str) { g('\'', '\u{1F600}', '{') }"), []);
        assert_complaint(&found("fn f<'a>(x: &'a f64) {}"), 1, "f64");
        assert_complaint(&found("const Q: char = '\"'; const A: f64 = x;"), 1, "f64");
    }

    #[test]
    fn the_browser_stays_in_its_layers() {
        let found = |path| browser_leaks(&source(path, "use web_sys::Window;"));
        assert_complaint(&found("src/app/mod.rs"), 1, "`web_sys` is for");
        assert_eq!(found("src/ui/mod.rs"), []);
    }
}
