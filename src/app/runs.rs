//! A reader's own runs: named links, one per line, in the browser's storage and in files.

use crate::link::{Link, ProblemKind};

/// The most runs that are kept.
pub const MOST_RUNS: usize = 100;
/// The longest text of runs that is read, in bytes.
pub const MAX_RUNS_TEXT: usize = 512 * 1024;

/// Named runs, in the order in which they were saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnRuns {
    runs: Vec<Link>,
}

impl OwnRuns {
    /// Reads runs. Returns the number of lines that hold none as well; empty lines and comments
    /// after `//` do not count.
    #[must_use]
    pub fn read(text: &str) -> (Self, usize) {
        let mut runs = Self::default();
        let mut bad = 0;
        if text.len() > MAX_RUNS_TEXT {
            return (runs, 1);
        }
        let lines = text.lines().map(str::trim);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with("//")) {
            let (link, problems) = Link::of_address(line);
            let is_known = problems.iter().all(|it| it.kind == ProblemKind::UnknownKey);
            if !is_known || !runs.add(link) {
                bad += 1;
            }
        }
        (runs, bad)
    }

    /// The runs as text, which [`read`](Self::read) reads.
    #[must_use]
    pub fn text(&self) -> String {
        self.runs.iter().flat_map(|run| [run.to_string(), "\n".to_owned()]).collect()
    }

    /// The runs.
    #[must_use]
    pub fn all(&self) -> &[Link] {
        &self.runs
    }

    /// Adds a run, or replaces the one with its name. Returns whether it has a name and there is
    /// room for it.
    pub fn add(&mut self, mut link: Link) -> bool {
        if link.view.name.is_none() {
            return false;
        }
        link.view.t = None;
        link.view.autoplay = false;
        link.view.embed = false;
        if let Some(old) = self.runs.iter_mut().find(|old| old.view.name == link.view.name) {
            *old = link;
            return true;
        }
        let has_room = self.runs.len() < MOST_RUNS;
        if has_room {
            self.runs.push(link);
        }
        has_room
    }

    /// Adds other runs. Returns how many there was room for.
    pub fn merge(&mut self, other: Self) -> usize {
        other.runs.into_iter().filter(|run| self.add(run.clone())).count()
    }

    /// Removes the run in this place.
    pub fn remove(&mut self, place: usize) {
        if place < self.runs.len() {
            self.runs.remove(place);
        }
    }
}
