//! No two files import each other, directly or through others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::repository::{assert_none, is_test_file, texts};
use crate::rust::{Path, Source};

/// Files that may import each other, each group with its reason.
const CYCLES: &[(&[&str], &str)] = &[];

/// A file, the files that it imports, and the line of the first such import.
type Graph = BTreeMap<String, BTreeMap<String, usize>>;

#[test]
fn no_rust_files_import_each_other() {
    let sources = texts(&["rs"]).into_iter().filter(|(path, _)| !is_test_file(path));
    let sources: Vec<_> = sources.map(|(path, text)| Source::new(&path, &text)).collect();
    check(&imports_of_rust(&sources));
}

#[test]
fn no_scripts_import_each_other() {
    check(&imports_of_scripts(&texts(&["mjs", "js"])));
}

#[track_caller]
fn check(graph: &Graph) {
    let is_allowed = |cycle: &Vec<String>| {
        CYCLES.iter().any(|(group, _)| cycle.iter().all(|file| group.contains(&file.as_str())))
    };
    let cycles = cycles(graph).into_iter().filter(|cycle| !is_allowed(cycle));
    assert_none(&cycles.map(|cycle| describe(graph, &cycle)).collect::<Vec<_>>());
}

/// The imports between the files of a cycle, one on each line.
fn describe(graph: &Graph, cycle: &[String]) -> String {
    let mut text = String::from("these files import each other:\n");
    for from in cycle {
        for (to, line) in graph[from].iter().filter(|(to, _)| cycle.contains(to)) {
            writeln!(text, "  {from}:{line} imports {to}").unwrap();
        }
    }
    text
}

// ---- Rust ----

/// A module: its crate's folder and its path from the crate's root.
type Module = (String, Vec<String>);

struct Crates<'a> {
    modules: BTreeMap<Module, &'a Source>,
}

/// The module of a file by the usual rules, without `#[path]`.
fn module_of(path: &str, roots: &BTreeSet<String>) -> Module {
    let is_root = |folder: &str| roots.contains(folder);
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = name.trim_end_matches(".rs");
    let mut names = if ["lib", "main", "mod"].contains(&name) { vec![] } else { vec![name] };
    let mut root = folder;
    while !is_root(root) {
        let Some((above, name)) = root.rsplit_once('/') else { break };
        names.insert(0, name);
        root = above;
    }
    (root.to_owned(), names.into_iter().map(str::to_owned).collect())
}

impl<'a> Crates<'a> {
    fn new(sources: &'a [Source]) -> Self {
        let is_root =
            |path: &&Source| path.path.ends_with("/lib.rs") || path.path.ends_with("/main.rs");
        let folder =
            |source: &Source| source.path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        let roots = sources.iter().filter(is_root).filter_map(folder).collect();
        let mut modules = BTreeMap::new();
        for source in sources {
            let module = module_of(&source.path, &roots);
            // Beside a lib.rs, main.rs is a program that sees only the library's public parts.
            let is_program = source.path.ends_with("/main.rs") && modules.contains_key(&module);
            if !is_program {
                modules.insert(module, source);
            }
        }
        Self { modules }
    }

    /// The path from the crate's root that `path` means in a module; `None` for another crate.
    fn absolute(&self, (root, module): &Module, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let mut start = module.clone();
        match first.as_str() {
            "crate" => start.clear(),
            "self" => {}
            "super" => {
                start.pop()?;
                return match rest.first().map(String::as_str) {
                    Some("super") => self.absolute(&(root.clone(), start), rest),
                    _ => Some([&start, rest].concat()),
                };
            }
            _ => {
                start.push(first.clone());
                if !self.modules.contains_key(&(root.clone(), start.clone())) {
                    return None;
                }
            }
        }
        Some([&start, rest].concat())
    }

    /// The file that defines what an absolute path names, following re-exports; `None` for a
    /// module.
    fn definition(&self, root: &str, path: &[String], depth: usize) -> Option<&'a str> {
        let mut module: Module = (root.to_owned(), vec![]);
        let mut rest = path;
        while let Some((name, behind)) = rest.split_first() {
            module.1.push(name.clone());
            if !self.modules.contains_key(&module) {
                module.1.pop();
                let source = self.modules.get(&module)?;
                let reexported = source.paths().iter().find(|path| {
                    path.import.as_ref().is_some_and(|import| {
                        import.is_reexport && import.name.as_ref() == Some(name)
                    })
                });
                let target = reexported.and_then(|path| self.absolute(&module, &path.segments));
                let target = target.filter(|_| depth > 0);
                return match target {
                    Some(target) => {
                        let path = [&target, behind].concat();
                        self.definition(root, &path, depth - 1)
                    }
                    None => Some(&source.path),
                };
            }
            rest = behind;
        }
        None
    }
}

fn imports_of_rust(sources: &[Source]) -> Graph {
    let crates = Crates::new(sources);
    let mut graph = Graph::new();
    for (module, source) in &crates.modules {
        let edges = graph.entry(source.path.clone()).or_default();
        let paths: Vec<&Path> = source.paths().iter().filter(|path| !path.is_test).collect();
        // The names that `use` brings into the file, with their paths.
        let scope: BTreeMap<&str, Vec<String>> = paths
            .iter()
            .filter_map(|path| {
                let name = path.import.as_ref()?.name.as_deref()?;
                Some((name, crates.absolute(module, &path.segments)?))
            })
            .collect();
        for path in paths {
            // A file that only re-exports a name does not depend on it.
            let is_facade = path.import.as_ref().is_some_and(|import| {
                import.is_reexport
                    && !import.name.as_ref().is_some_and(|name| source.uses_word(name))
            });
            if is_facade {
                continue;
            }
            let named = scope.get(path.segments[0].as_str()).filter(|_| path.import.is_none());
            let absolute = match named {
                Some(start) => Some([start, &path.segments[1..]].concat()),
                None => crates.absolute(module, &path.segments),
            };
            let file = absolute.and_then(|path| crates.definition(&module.0, &path, 8));
            if let Some(file) = file.filter(|file| *file != source.path) {
                edges.entry(file.to_owned()).or_insert(path.line);
            }
        }
    }
    graph
}

// ---- Scripts ----

/// `import … from './a.mjs'` and `import('./a.mjs')`.
fn imports_of_scripts(files: &[(String, String)]) -> Graph {
    let mut graph = Graph::new();
    for (path, text) in files {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let edges = graph.entry(path.clone()).or_default();
        let code = text.lines().enumerate().filter(|(_, line)| !line.starts_with("//"));
        for (index, line) in code {
            let imported = line.split_once("from '").or_else(|| line.split_once("import('"));
            let name = imported.and_then(|(_, rest)| rest.split('\'').next());
            if let Some(name) = name.and_then(|name| name.strip_prefix("./")) {
                edges.entry(format!("{folder}/{name}")).or_insert(index + 1);
            }
        }
    }
    graph
}

// ---- Cycles ----

/// The groups of files that reach each other.
fn cycles(graph: &Graph) -> Vec<Vec<String>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|file| (file.as_str(), reachable(graph, file))).collect();
    let mut groups = BTreeSet::new();
    for (file, others) in &reached {
        let back = |other: &&&str| reached.get(**other).is_some_and(|files| files.contains(file));
        let group: Vec<String> =
            others.iter().filter(back).map(|other| (*other).to_owned()).collect();
        if !group.is_empty() {
            groups.insert(group);
        }
    }
    groups.into_iter().collect()
}

/// The files that are imported by a file, directly or through others.
fn reachable<'a>(graph: &'a Graph, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for to in graph.get(file).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(to.as_str()) {
                open.push(to);
            }
        }
    }
    found
}
