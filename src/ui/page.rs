//! The properties that most components share, and shared values that compare by identity.

use std::ops::Deref;
use std::rc::Rc;

use yew::Callback;
use yew::html::ImplicitClone;

use crate::app::Action;
use crate::locale::Catalog;

/// The catalog, its language and the dispatcher, which most components need.
pub type Page = Shared<PageParts>;

/// The fields of a [`Page`].
#[derive(Debug)]
pub struct PageParts {
    /// The texts of the page.
    pub catalog: Shared<Catalog>,
    /// Which texts `catalog` has.
    pub extent: Extent,
    /// Loads the texts of the whole page, unless they have been asked for before.
    pub want_all: Callback<()>,
    /// Loads the texts of the whole page anew, after a failure.
    pub load_again: Callback<()>,
    /// The code of the catalog's language, such as `en`.
    pub lang: String,
    /// Dispatches an action to the state.
    pub dispatch: Callback<Action>,
}

/// Which texts a catalog has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The player's. The others have not been asked for.
    Player,
    /// The player's, while the others load.
    Loading,
    /// The player's. The others could not be loaded.
    Failed,
    /// All of the page's.
    Whole,
}

/// A shared value as a property. It equals only its own clones, so comparing two is cheap.
#[derive(Debug)]
pub struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    /// Shares a value.
    pub fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T> From<Rc<T>> for Shared<T> {
    fn from(value: Rc<T>) -> Self {
        Self(value)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> ImplicitClone for Shared<T> {}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
