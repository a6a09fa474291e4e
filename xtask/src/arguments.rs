//! Reads the arguments of a subcommand. A flag or word that it does not take is an error.

use lexopt::{Arg, Parser, ValueExt as _};

use crate::failure::Result;

/// For a subcommand without arguments.
pub fn none(mut parser: Parser) -> Result<()> {
    match parser.next()? {
        None => Ok(()),
        Some(argument) => Err(argument.unexpected().into()),
    }
}

/// For a subcommand that takes names only.
pub fn words(mut parser: Parser) -> Result<Vec<String>> {
    let mut words = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(word) => words.push(word.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_arguments_are_errors() {
        assert_eq!(words(Parser::from_args(["e2e", "fmt"])).unwrap(), ["e2e", "fmt"]);
        assert!(words(Parser::from_args(["e2e", "--fast"])).is_err());
        none(Parser::from_args::<[&str; 0]>([])).unwrap();
        for left in ["e2e", "--fast", "-f"] {
            let failure = none(Parser::from_args([left])).unwrap_err().to_string();
            assert!(failure.contains(left), "{failure}");
        }
    }
}
