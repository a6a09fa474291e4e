//! Messages as values. A program that sends one turns it into objects of its own kind.

use crate::time::Instant;

/// A value in a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A finite number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object.
    Object(Object),
}

/// An object in a message: its fields in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object(Vec<(&'static str, Value)>);

impl Object {
    /// The fields, in the order in which they were added.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, Value)] {
        &self.0
    }

    /// The same object with one more field.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// The same object with the fields of another behind its own.
    #[must_use]
    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Value {
    #[allow(clippy::cast_precision_loss, reason = "a message's numbers are doubles")]
    fn from(value: u64) -> Self {
        Self::Number(value as f64)
    }
}

impl From<usize> for Value {
    #[allow(clippy::cast_precision_loss, reason = "a message's numbers are doubles")]
    fn from(value: usize) -> Self {
        Self::Number(value as f64)
    }
}

/// Virtual time in milliseconds, with a fraction if there is one.
impl From<Instant> for Value {
    #[allow(clippy::cast_precision_loss, reason = "a message's numbers are doubles")]
    fn from(at: Instant) -> Self {
        Self::Number(at.as_micros() as f64 / 1_000.0)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Self>> for Value {
    fn from(items: Vec<Self>) -> Self {
        Self::List(items)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
