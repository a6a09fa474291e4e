//! An assignment that is being written, in the fields of its form.

use crate::link::{Goal, LOCKS, Link, Lock, MAX_GOALS, MAX_NAME, MAX_TASK};
use crate::sim::Side;
use crate::tcp::State;

/// The kinds of goals, by their names in the form.
pub const GOAL_KINDS: [&str; 6] = ["stays", "ends", "enters", "receives", "resends", "changes"];

/// The fields of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssignmentDraft {
    /// The title.
    pub title: String,
    /// The task.
    pub task: String,
    /// The goals.
    pub goals: Vec<GoalDraft>,
    /// Which kinds of changes are locked, as in [`LOCKS`].
    pub locks: [bool; LOCKS.len()],
}

/// The fields of one goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoalDraft {
    /// One of [`GOAL_KINDS`].
    pub kind: String,
    /// The host.
    pub side: Side,
    /// The name of a state.
    pub state: String,
    /// A time in seconds, or a number.
    pub amount: String,
}

/// Why the form is not an assignment yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftError {
    /// It has no goal.
    NoGoal,
    /// It has too many goals.
    TooManyGoals,
    /// The amount of the goal in this place cannot be read.
    BadAmount(usize),
    /// The title is too long.
    LongTitle,
    /// The task is too long.
    LongTask,
}

impl DraftError {
    /// Its name in the catalog.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::NoGoal => "no-goal",
            Self::TooManyGoals => "too-many-goals",
            Self::BadAmount(_) => "bad-amount",
            Self::LongTitle => "long-title",
            Self::LongTask => "long-task",
        }
    }
}

impl AssignmentDraft {
    /// The link of the assignment: it begins with a run, whose edits stay.
    ///
    /// # Errors
    ///
    /// Why the form is not an assignment yet.
    pub fn link(&self, run: &Link) -> Result<Link, DraftError> {
        if self.goals.is_empty() {
            return Err(DraftError::NoGoal);
        }
        if self.goals.len() > MAX_GOALS {
            return Err(DraftError::TooManyGoals);
        }
        let words = |text: &str, most: usize, error| {
            let text = text.trim();
            let is_long = text.chars().nth(most).is_some();
            if is_long { Err(error) } else { Ok((!text.is_empty()).then(|| text.to_owned())) }
        };
        let mut link = run.run_only();
        link.view.lang.clone_from(&run.view.lang);
        link.view.name = words(&self.title, MAX_NAME, DraftError::LongTitle)?;
        link.view.task = words(&self.task, MAX_TASK, DraftError::LongTask)?;
        for (place, goal) in self.goals.iter().enumerate() {
            link.view.goals.push(goal.read().ok_or(DraftError::BadAmount(place))?);
        }
        let given = Lock::of_edits(link.edits.len());
        let locked = (0..LOCKS.len()).filter(|kind| self.locks[*kind]);
        link.view.lock = locked.fold(given, Lock::with);
        Ok(link)
    }
}

impl GoalDraft {
    /// The goal, if its amount can be read. The text is that of a link, so that both have the same
    /// limits.
    fn read(&self) -> Option<Goal> {
        let (side, state, amount) = (self.side.letter(), &self.state, self.amount.trim());
        let is_plain = amount.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let amount = Some(amount).filter(|amount| is_plain && !amount.is_empty());
        State::ALL.into_iter().find(|it| it.name() == self.state)?;
        let text = match self.kind.as_str() {
            "stays" => format!("{side}:{state}@{}s", amount?),
            "ends" => format!("{side}:{state}@end"),
            "enters" => format!("{side}:{state}"),
            "receives" => format!("{side}:received@{}", amount?),
            "resends" => format!("{side}:resent@{}", amount?),
            "changes" => format!("changes@{}", amount?),
            _ => return None,
        };
        text.parse().ok()
    }
}
