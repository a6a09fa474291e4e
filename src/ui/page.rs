//! The properties that every component has, and shared values that compare by identity.

use std::ops::Deref;
use std::rc::Rc;

use yew::Callback;
use yew::html::ImplicitClone;

use crate::app::Action;
use crate::locale::Catalog;

/// The words of the page, and the one way to act: a property of every component.
pub type Page = Shared<PageParts>;

/// What a [`Page`] consists of.
#[derive(Debug)]
pub struct PageParts {
    /// The words.
    pub catalog: Shared<Catalog>,
    /// The code of their language, such as `en`.
    pub lang: String,
    /// Changes the state.
    pub dispatch: Callback<Action>,
}

/// A shared value as a property: equal only to itself, so comparing it costs nothing.
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
