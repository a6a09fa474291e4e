//! The value of the attribute `class`.

use crate::element::{Attribute, Element};

/// Class names, separated by spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes(String);

impl Classes {
    /// Appends one name, or several separated by spaces.
    #[inline(never)]
    pub fn add(&mut self, names: &str) {
        if !self.0.is_empty() && !names.is_empty() {
            self.0.push(' ');
        }
        self.0 += names;
    }
}

impl Attribute for Classes {
    fn set_on(self, element: &mut Element, index: usize) {
        self.0.set_on(element, index);
    }
}

/// A value that names a class; an `Option` may name none.
pub trait Class {
    /// Appends the name.
    fn add_to(self, classes: &mut Classes);
}

impl Class for &str {
    fn add_to(self, classes: &mut Classes) {
        classes.add(self);
    }
}

impl Class for String {
    fn add_to(self, classes: &mut Classes) {
        classes.add(&self);
    }
}

impl Class for Classes {
    fn add_to(self, classes: &mut Classes) {
        classes.add(&self.0);
    }
}

impl<C: Class> Class for Option<C> {
    fn add_to(self, classes: &mut Classes) {
        if let Some(name) = self {
            name.add_to(classes);
        }
    }
}

/// Joins class names into the value of `class`:
/// `classes!["chip", is_lost.then_some("chip--lost")]`.
#[macro_export]
macro_rules! classes {
    ($($name:expr),* $(,)?) => {{
        let mut classes = $crate::Classes::default();
        $($crate::Class::add_to($name, &mut classes);)*
        classes
    }};
}
