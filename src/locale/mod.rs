//! The words in every language: catalogs of templates, and numbers and times as text.
//!
//! To add a language, add its folder of words and a line in [`LANGUAGES`].

mod catalog;
mod language;
mod numbers;
mod reader;

pub use catalog::{Arguments, Catalog, CatalogError};
pub use language::{LANGUAGES, Language, language};
pub use numbers::{clock, instant, number, span};
