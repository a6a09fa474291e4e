//! Goals and locks in words.

use super::progress::Progress;
use crate::explain::side_name;
use crate::link::{Goal, LOCKS, Lock};
use crate::locale::{self, Catalog};
use crate::time::Duration;

/// A goal as a sentence, from the assignment's `words` and the page's `catalog`.
#[must_use]
pub fn goal_words(goal: Goal, words: &Catalog, catalog: &Catalog) -> String {
    let of = |key: &str, side, name: &str, value: &str| {
        let host = side_name(side, catalog);
        words.format(key, &[("host", &host), (name, &value)])
    };
    match goal {
        Goal::Enters(side, state) => of("goal.enters", side, "state", state.name()),
        Goal::Ends(side, state) => of("goal.ends", side, "state", state.name()),
        Goal::Stays(side, state, span) => words.format(
            "goal.stays",
            &[
                ("host", &side_name(side, catalog)),
                ("state", &state.name()),
                ("span", &locale::span(span)),
            ],
        ),
        Goal::Receives(side, count) => {
            of("goal.receives", side, "count", &locale::number(count.into()))
        }
        Goal::Resends(side, count) => {
            of("goal.resends", side, "count", &locale::number(count.into()))
        }
        Goal::Changes(count) => words.format("goal.changes", &[("count", &count)]),
    }
}

/// How far a run is from a goal that asks for a time or a number.
#[must_use]
pub fn progress_words(progress: &Progress, words: &Catalog) -> Option<String> {
    let so_far = |value: String| words.format("task.so-far", &[("value", &value)]);
    let forever = Duration::from_micros(u64::MAX);
    match (progress.longest, progress.count) {
        (Some(span), _) if span >= forever => Some(words.text("task.for-good").to_owned()),
        (Some(span), _) => Some(so_far(locale::span(span))),
        (None, Some(count)) => Some(so_far(locale::number(count.into()))),
        (None, None) => None,
    }
}

/// What an assignment locks, as a list; `None` if it locks nothing.
#[must_use]
pub fn lock_words(lock: Lock, words: &Catalog) -> Option<String> {
    let given = (lock.given > 0).then(|| words.format("lock.given", &[("count", &lock.given)]));
    let kinds = LOCKS.iter().enumerate().filter(|(kind, _)| lock.has(*kind));
    let kinds = kinds.map(|(_, name)| words.text(&format!("lock.{name}")).to_owned());
    let all: Vec<String> = given.into_iter().chain(kinds).collect();
    (!all.is_empty()).then(|| words.format("task.locked", &[("what", &all.join(", "))]))
}
