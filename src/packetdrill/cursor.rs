//! Reads a script's characters: white space, comments, `#ifdef`, words, numbers.

use super::script::ParseError;
use crate::time::Duration;

/// The deepest nesting of `#ifdef`.
const MAX_CONDITIONS: usize = 32;

/// A position in a script.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    /// Whether there is only white space before it on its line.
    is_line_start: bool,
    defines: &'a [&'a str],
    /// For each open `#ifdef`: its line, and whether its `#else` was seen.
    conditions: Vec<(u32, bool)>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, defines: &'a [&'a str]) -> Self {
        Self { text, at: 0, line: 1, is_line_start: true, defines, conditions: Vec::new() }
    }

    /// The line of the next character.
    pub(super) const fn line(&self) -> u32 {
        self.line
    }

    /// The unread part.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character; blank is skipped with [`blank`](Self::blank) first.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// An error: something unsupported is next.
    pub(super) fn unsupported(&self, message: impl Into<String>) -> ParseError {
        ParseError { line: self.line, message: message.into(), unsupported: true }
    }

    /// A syntax error.
    pub(super) fn unexpected(&self, wanted: &str) -> ParseError {
        let line = self.rest().lines().next().unwrap_or_default().trim_end();
        let found: String = line.chars().take(40).collect();
        let found = if found.is_empty() { "the end".to_owned() } else { format!("`{found}`") };
        self.unsupported(format!("{wanted} expected, {found} found"))
    }

    /// Skips white space, comments and what `#ifdef` excludes.
    pub(super) fn blank(&mut self) -> Result<(), ParseError> {
        loop {
            let rest = self.rest();
            if rest.starts_with("//") {
                let end = rest.find('\n').unwrap_or(rest.len());
                self.advance(end);
            } else if rest.starts_with("/*") {
                let Some(end) = rest.find("*/") else {
                    return Err(self.unsupported("a comment without an end"));
                };
                self.advance(end + 2);
            } else if rest.starts_with('#') && self.is_line_start {
                self.directive()?;
            } else if let Some(blank) = rest.chars().next().filter(|char| char.is_whitespace()) {
                self.advance(blank.len_utf8());
            } else {
                break;
            }
        }
        match (self.rest(), self.conditions.last()) {
            ("", Some(&(line, _))) => Err(ParseError {
                line,
                message: "#ifdef without #endif".to_owned(),
                unsupported: true,
            }),
            _ => Ok(()),
        }
    }

    /// Skips white space and then `token`, if it is next. Returns whether it was.
    pub(super) fn eat(&mut self, token: &str) -> Result<bool, ParseError> {
        self.blank()?;
        let found = self.rest().starts_with(token);
        if found {
            self.advance(token.len());
        }
        Ok(found)
    }

    /// Skips white space and then `token`, which must be next.
    pub(super) fn expect(&mut self, token: &str) -> Result<(), ParseError> {
        if self.eat(token)? { Ok(()) } else { Err(self.unexpected(&format!("`{token}`"))) }
    }

    /// Skips white space and then the whole word, if it is next. Returns whether it was.
    pub(super) fn eat_word(&mut self, word: &str) -> Result<bool, ParseError> {
        self.blank()?;
        let found = self.peek_word() == word;
        if found {
            self.advance(word.len());
        }
        Ok(found)
    }

    /// The word (letters, digits, `_`) that is next; it may be empty.
    pub(super) fn peek_word(&self) -> &'a str {
        let rest = self.rest();
        let end = rest
            .find(|char: char| !char.is_ascii_alphanumeric() && char != '_')
            .unwrap_or(rest.len());
        &rest[..end]
    }

    /// The characters up to the first that `ends`.
    pub(super) fn take_until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(ends).unwrap_or(rest.len());
        self.advance(end);
        &rest[..end]
    }

    /// Everything up to `end`, raw, and `end` itself.
    pub(super) fn take_through(&mut self, end: &str) -> Result<&'a str, ParseError> {
        let rest = self.rest();
        let Some(length) = rest.find(end) else {
            return Err(self.unsupported(format!("no `{end}` follows")));
        };
        self.advance(length + end.len());
        Ok(&rest[..length])
    }

    /// An unsigned number of at most 32 bits.
    pub(super) fn number(&mut self) -> Result<u32, ParseError> {
        self.blank()?;
        let digits = self.digits();
        if digits.is_empty() {
            return Err(self.unexpected("a number"));
        }
        digits.parse().map_err(|_| self.unsupported(format!("{digits} does not fit 32 bits")))
    }

    /// A decimal number of seconds, exact to the microsecond.
    pub(super) fn seconds(&mut self) -> Result<Duration, ParseError> {
        self.blank()?;
        let whole = self.digits();
        let mut fraction = "";
        if self.rest().starts_with('.') && !self.rest().starts_with("..") {
            self.advance(1);
            fraction = self.digits();
        }
        if whole.is_empty() && fraction.is_empty() {
            return Err(self.unexpected("a time"));
        }
        if whole.len() > MAX_SECONDS_DIGITS || fraction.len() > MAX_FRACTION_DIGITS {
            return Err(self.unsupported("a time that is too long or too exact"));
        }
        let seconds: u64 = whole.parse().unwrap_or(0);
        let micros: u64 = format!("{fraction:0<6}")[..6].parse().unwrap_or(0);
        Ok(Duration::from_secs(seconds) + Duration::from_micros(micros))
    }

    fn digits(&mut self) -> &'a str {
        self.take_until(|char| !char.is_ascii_digit())
    }

    fn advance(&mut self, octets: usize) {
        for char in self.rest()[..octets].chars() {
            if char == '\n' {
                self.line += 1;
                self.is_line_start = true;
            } else if !char.is_whitespace() {
                self.is_line_start = false;
            }
        }
        self.at += octets;
    }

    /// A line that begins with `#`.
    fn directive(&mut self) -> Result<(), ParseError> {
        let line = self.line;
        let (word, name) = self.directive_words();
        match word {
            "ifdef" | "ifndef" if !name.is_empty() => {
                if self.conditions.len() >= MAX_CONDITIONS {
                    return Err(self.unsupported("#ifdef nested too deep"));
                }
                self.conditions.push((line, false));
                if self.defines.contains(&name) == (word == "ifdef") {
                    self.next_line();
                } else {
                    self.skip_branch()?;
                }
            }
            // The branch before `#else` was taken.
            "else" => {
                match self.conditions.last_mut() {
                    Some((_, seen)) if !*seen => *seen = true,
                    _ => return Err(self.unsupported("#else without #ifdef")),
                }
                self.skip_branch()?;
            }
            "endif" => {
                if self.conditions.pop().is_none() {
                    return Err(self.unsupported("#endif without #ifdef"));
                }
                self.next_line();
            }
            _ => return Err(self.unexpected("#ifdef, #ifndef, #else or #endif")),
        }
        Ok(())
    }

    /// Skips lines up to the matching `#else` or `#endif`, and that line too.
    fn skip_branch(&mut self) -> Result<(), ParseError> {
        let mut depth = 0_usize;
        self.next_line();
        while !self.rest().is_empty() {
            let (word, _) = self.directive_words();
            match word {
                "if" | "ifdef" | "ifndef" => depth += 1,
                "endif" if depth == 0 => {
                    self.conditions.pop();
                    self.next_line();
                    return Ok(());
                }
                "endif" => depth -= 1,
                "else" if depth == 0 => match self.conditions.last_mut() {
                    Some((_, seen)) if !*seen => {
                        *seen = true;
                        self.next_line();
                        return Ok(());
                    }
                    _ => return Err(self.unsupported("a second #else")),
                },
                _ => {}
            }
            self.next_line();
        }
        Ok(())
    }

    /// The directive of this line and the name behind it; empty where there is none.
    fn directive_words(&self) -> (&'a str, &'a str) {
        let line = self.rest().lines().next().unwrap_or_default();
        let Some(directive) = line.trim_start().strip_prefix('#') else {
            return ("", "");
        };
        let mut words = directive.split_whitespace();
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }

    fn next_line(&mut self) {
        let rest = self.rest();
        let end = rest.find('\n').map_or(rest.len(), |end| end + 1);
        self.advance(end);
        self.is_line_start = true;
    }
}

/// A script lasts less than 32 years.
const MAX_SECONDS_DIGITS: usize = 9;
/// No clock is finer than this.
const MAX_FRACTION_DIGITS: usize = 12;
