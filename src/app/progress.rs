//! What a reader has done so far, as the browser keeps it between two visits.
//!
//! The text must survive updates of the page in both directions: it begins with a version, a part
//! that cannot be read is kept as it is, and the names of scenarios that this version does not have
//! are kept too. A question is known by its number, so new questions come after the others.

use core::fmt;

/// The version of the text. A version only ever adds to itself.
const VERSION: &str = "1";
/// The longest text that is read, in bytes.
const MAX_LENGTH: usize = 16 * 1024;

/// How well a reader knew the answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// The reader knew it.
    Knew,
    /// The reader wants to try it again.
    Again,
}

impl Grade {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Knew, Self::Again];

    /// Its name in the text, and in the catalog.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Knew => "knew",
            Self::Again => "again",
        }
    }
}

/// The name of the list of scenarios that were played to the end.
const PLAYED: &str = "played";

/// What a reader has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The lists by their names, in the order of the text.
    lists: Vec<(String, Vec<String>)>,
    /// The parts that this version does not know.
    others: Vec<String>,
}

impl Progress {
    /// Reads the text that the browser has kept.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut progress = Self::default();
        let text = if text.len() > MAX_LENGTH { "" } else { text };
        for (index, part) in text.split_whitespace().enumerate() {
            match part.split_once('=') {
                Some((name, items)) if is_known(name) => {
                    items.split(',').filter(|it| !it.is_empty()).for_each(|item| {
                        progress.add(name, item);
                    });
                }
                // The version of whoever wrote it.
                None if index == 0 => {}
                _ => progress.others.push(part.to_owned()),
            }
        }
        progress
    }

    /// Whether a scenario was played to its end.
    #[must_use]
    pub fn has_played(&self, scenario: &str) -> bool {
        self.has(PLAYED, scenario)
    }

    /// Remembers that a scenario was played to its end.
    pub fn play(&mut self, scenario: &str) {
        self.add(PLAYED, scenario);
    }

    /// The grade of a question, if the reader gave one.
    #[must_use]
    pub fn grade(&self, question: usize) -> Option<Grade> {
        let name = question.to_string();
        Grade::ALL.into_iter().find(|grade| self.has(grade.id(), &name))
    }

    /// Gives a question another grade, or none.
    pub fn set_grade(&mut self, question: usize, grade: Option<Grade>) {
        let name = question.to_string();
        for (_, items) in self.lists.iter_mut().filter(|(list, _)| list != PLAYED) {
            items.retain(|item| *item != name);
        }
        if let Some(grade) = grade {
            self.add(grade.id(), &name);
        }
    }

    /// Whether there is nothing to forget.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lists.iter().all(|(_, items)| items.is_empty())
    }

    fn has(&self, list: &str, item: &str) -> bool {
        let items = self.lists.iter().filter(|(name, _)| name == list);
        items.flat_map(|(_, items)| items).any(|it| it == item)
    }

    fn add(&mut self, list: &str, item: &str) {
        if self.has(list, item) {
            return;
        }
        match self.lists.iter_mut().find(|(name, _)| name == list) {
            Some((_, items)) => items.push(item.to_owned()),
            None => self.lists.push((list.to_owned(), vec![item.to_owned()])),
        }
    }
}

fn is_known(name: &str) -> bool {
    name == PLAYED || Grade::ALL.iter().any(|grade| grade.id() == name)
}

/// The text to keep.
impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(VERSION)?;
        for (name, items) in self.lists.iter().filter(|(_, items)| !items.is_empty()) {
            write!(f, " {name}={}", items.join(","))?;
        }
        self.others.iter().try_for_each(|part| write!(f, " {part}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Grade, MAX_LENGTH, Progress};

    #[test]
    fn what_was_done_is_read_again() {
        let mut progress = Progress::default();
        assert!(progress.is_empty());
        assert_eq!(progress.to_string(), "1");
        progress.play("normal");
        progress.play("syn-lost");
        progress.play("normal");
        progress.set_grade(7, Some(Grade::Knew));
        progress.set_grade(12, Some(Grade::Again));
        assert_eq!(progress.to_string(), "1 played=normal,syn-lost knew=7 again=12");
        let read = Progress::read(&progress.to_string());
        assert_eq!(read, progress);
        assert!(read.has_played("syn-lost") && !read.has_played("refused"));
        assert_eq!(read.grade(7), Some(Grade::Knew));
        assert_eq!(read.grade(12), Some(Grade::Again));
        assert_eq!(read.grade(1), None);
    }

    #[test]
    fn a_question_has_one_grade_which_can_be_taken_back() {
        let mut progress = Progress::default();
        progress.set_grade(3, Some(Grade::Again));
        progress.set_grade(3, Some(Grade::Knew));
        assert_eq!(progress.to_string(), "1 knew=3");
        progress.set_grade(3, None);
        assert!(progress.is_empty());
        assert_eq!(progress.to_string(), "1");
    }

    #[test]
    fn what_another_version_wrote_is_kept() {
        let text = "2 played=normal,of-the-future knew=99 badges=gold,silver odd";
        let mut progress = Progress::read(text);
        assert!(progress.has_played("of-the-future"));
        progress.play("refused");
        let kept = "1 played=normal,of-the-future,refused knew=99 badges=gold,silver odd";
        assert_eq!(progress.to_string(), kept);
    }

    #[test]
    fn damaged_text_loses_no_more_than_its_damage() {
        assert_eq!(Progress::read(""), Progress::default());
        assert_eq!(Progress::read("\u{0}{]").others.len(), 0);
        let progress = Progress::read("1 played=normal,,normal, knew= =,= \n again=5");
        assert!(progress.has_played("normal"));
        assert_eq!(progress.grade(5), Some(Grade::Again));
        let long = format!("1 played={}", "a,".repeat(MAX_LENGTH));
        assert_eq!(Progress::read(&long), Progress::default());
    }
}
