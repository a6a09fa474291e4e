//! Flags and values of one subcommand. Whatever was not taken by the end is an error.

use crate::failure::{Failure, Result};

/// The arguments after the subcommand's name, taken one by one.
#[derive(Debug)]
pub struct Options(Vec<String>);

impl Options {
    /// All arguments, `--flag=value` split in two.
    pub fn new(arguments: impl Iterator<Item = String>) -> Self {
        let split = |argument: String| match argument.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => vec![flag.into(), value.into()],
            _ => vec![argument],
        };
        Self(arguments.flat_map(split).collect())
    }

    /// Whether `--help` or `-h` is among them.
    pub fn asks_for_help(&self) -> bool {
        self.0.iter().any(|argument| argument == "--help" || argument == "-h")
    }

    /// Takes a flag without a value; true if it was given.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|argument| argument != name);
        self.0.len() < before
    }

    /// Takes a flag with its value, if it was given.
    pub fn value(&mut self, name: &str) -> Result<Option<String>> {
        let Some(at) = self.0.iter().position(|argument| argument == name) else {
            return Ok(None);
        };
        self.0.remove(at);
        if at == self.0.len() {
            return Err(Failure::new(format!("{name} needs a value")));
        }
        Ok(Some(self.0.remove(at)))
    }

    /// Takes the words that are not flags.
    pub fn words(&mut self) -> Vec<String> {
        let (flags, words) = self.0.drain(..).partition(|argument| argument.starts_with('-'));
        self.0 = flags;
        words
    }

    /// The end: nothing may be left.
    pub fn finish(self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(left) => Err(Failure::new(format!("`{left}` is not understood; see --help"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> Options {
        Options::new(line.split_whitespace().map(String::from))
    }

    #[test]
    fn flags_values_and_words_are_taken_in_any_order() {
        let mut options = options("e2e --port=81 --open fmt");
        assert!(options.flag("--open"));
        assert!(!options.flag("--release"));
        assert_eq!(options.value("--port").unwrap().as_deref(), Some("81"));
        assert_eq!(options.words(), ["e2e", "fmt"]);
        options.finish().unwrap();
    }

    #[test]
    fn what_is_left_is_an_error() {
        assert!(options("--prot 81").finish().is_err());
        assert!(options("--port").value("--port").is_err());
    }
}
