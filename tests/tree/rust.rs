//! Rust source as tokens with their lines, and its words, functions and paths.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use crate::repository;

/// A source file, without comments and documentation.
pub struct Source {
    pub path: String,
    tokens: Vec<Token>,
    paths: Vec<Path>,
}

struct Token {
    kind: Kind,
    /// The lines on which it begins and ends, counted from one.
    lines: (usize, usize),
    is_test: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// An identifier or keyword.
    Word(String),
    Sign(char),
    Literal(String),
    /// An opening delimiter, and the index of the token that closes it.
    Open(Delimiter, usize),
    Close,
}

/// A named function.
pub struct Function<'a> {
    pub name: &'a str,
    pub line: usize,
    /// Lines with code, from `fn` to the closing brace; 0 without a body.
    pub length: usize,
    pub is_test: bool,
}

/// A path such as `crate::tcp::Segment`, or one branch of a `use`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub segments: Vec<String>,
    pub line: usize,
    pub is_test: bool,
    /// Set for a branch of a `use`, not for a path in other code.
    pub import: Option<Import>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The name in this file; none for `*` and `as _`.
    pub name: Option<String>,
    /// `pub use`, `pub(crate) use` and the like.
    pub is_reexport: bool,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        let mut source = Self { path: path.to_owned(), tokens, paths: Vec::new() };
        source.mark_tests();
        source.paths = source.find_paths();
        source
    }

    /// The lines where `word` is an identifier or keyword.
    pub fn words(&self, word: &str) -> impl Iterator<Item = usize> {
        let is_word = move |token: &&Token| matches!(&token.kind, Kind::Word(name) if name == word);
        self.tokens.iter().filter(is_word).map(|token| token.lines.0)
    }

    /// The lines where a macro is called: `name!`.
    pub fn macro_calls(&self, name: &str) -> impl Iterator<Item = usize> {
        let calls = self.tokens.windows(2).filter(move |pair| {
            matches!(&pair[0].kind, Kind::Word(word) if word == name)
                && pair[1].kind == Kind::Sign('!')
        });
        calls.map(|pair| pair[0].lines.0)
    }

    /// The lines of numbers with a fraction, an exponent or a float's suffix.
    pub fn float_literals(&self) -> impl Iterator<Item = usize> {
        let floats = (0..self.tokens.len()).filter(|index| {
            let Kind::Literal(text) = &self.tokens[*index].kind else { return false };
            let is_number = text.starts_with(|letter: char| letter.is_ascii_digit());
            let is_radix = ["0x", "0b", "0o"].iter().any(|prefix| text.starts_with(prefix));
            // In `pair.0.1` the `0.1` is two fields.
            let is_fields =
                *index > 1 && self.is_sign(index - 1, '.') && !self.is_sign(index - 2, '.');
            let is_float = text.contains('.') || text.ends_with("f32") || text.ends_with("f64");
            is_number && is_float && !is_radix && !is_fields
        });
        floats.map(|index| self.tokens[index].lines.0)
    }

    /// How many lines hold code outside tests.
    pub fn length(&self) -> usize {
        self.lines(0..self.tokens.len(), |token| !token.is_test)
    }

    pub fn functions(&self) -> Vec<Function<'_>> {
        let mut found = Vec::new();
        for (index, pair) in self.tokens.windows(2).enumerate() {
            let [
                Token { kind: Kind::Word(word), lines, is_test },
                Token { kind: Kind::Word(name), .. },
            ] = pair
            else {
                continue;
            };
            if word == "fn" {
                let end = self.item_end(index);
                let has_body = self.tokens[end].kind == Kind::Close;
                let length = if has_body { self.lines(index..end + 1, |_| true) } else { 0 };
                found.push(Function { name, line: lines.0, length, is_test: *is_test });
            }
        }
        found
    }

    /// Every path of two or more segments, and every branch of a `use`.
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    fn find_paths(&self) -> Vec<Path> {
        let mut found = Vec::new();
        let mut index = 0;
        while index < self.tokens.len() {
            let before = found.len();
            if self.is_use(index) {
                let import = Import { name: None, is_reexport: self.is_public(index) };
                index = self.path(index + 1, Vec::new(), Some(&import), &mut found);
            } else if matches!(self.tokens[index].kind, Kind::Word(_)) {
                index = self.path(index, Vec::new(), None, &mut found);
            } else {
                index += 1;
            }
            let is_single = |path: &Path| path.import.is_none() && path.segments.len() < 2;
            if found[before..].iter().all(is_single) {
                found.truncate(before);
            }
        }
        found
    }

    /// Whether `name` is used in code that is neither a `use` nor a test.
    pub fn uses_word(&self, name: &str) -> bool {
        let mut index = 0;
        while index < self.tokens.len() {
            if self.is_use(index) {
                index = self.item_end(index) + 1;
                continue;
            }
            let token = &self.tokens[index];
            if !token.is_test && matches!(&token.kind, Kind::Word(word) if word == name) {
                return true;
            }
            index += 1;
        }
        false
    }

    // ---- Tokens ----

    fn is_sign(&self, index: usize, sign: char) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == Kind::Sign(sign))
    }

    fn is_separator(&self, index: usize) -> bool {
        self.is_sign(index, ':') && self.is_sign(index + 1, ':')
    }

    fn word(&self, index: usize) -> Option<&str> {
        match &self.tokens.get(index)?.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Whether a `use` declaration begins here; in `impl Trait + use<'a>` none does.
    fn is_use(&self, index: usize) -> bool {
        self.word(index) == Some("use") && !self.is_sign(index + 1, '<')
    }

    /// Whether there is a `pub` or `pub(…)` before the item.
    fn is_public(&self, index: usize) -> bool {
        let Some(mut before) = index.checked_sub(1) else { return false };
        if self.tokens[before].kind == Kind::Close {
            let closes =
                |token: &Token| matches!(token.kind, Kind::Open(_, close) if close == before);
            let open = self.tokens.iter().position(closes).unwrap_or(0);
            before = open.saturating_sub(1);
        }
        self.word(before) == Some("pub")
    }

    /// The index of the brace or semicolon that ends the item beginning at `start`.
    fn item_end(&self, start: usize) -> usize {
        let is_use = self.is_use(start);
        let mut index = start;
        while index < self.tokens.len() {
            match self.tokens[index].kind {
                Kind::Open(Delimiter::Brace, close) if !is_use => return close,
                Kind::Open(_, close) => index = close,
                Kind::Sign(';') => return index,
                _ => {}
            }
            index += 1;
        }
        self.tokens.len() - 1
    }

    fn lines(&self, range: Range<usize>, counts: impl Fn(&Token) -> bool) -> usize {
        let tokens = self.tokens[range].iter().filter(|token| counts(token));
        tokens.flat_map(|token| token.lines.0..=token.lines.1).collect::<BTreeSet<_>>().len()
    }

    /// Marks the items under `#[cfg(test)]` and `#[test]`, or a whole file of tests.
    fn mark_tests(&mut self) {
        let is_all = repository::is_test_file(&self.path);
        let starts = if is_all { vec![] } else { self.test_attributes() };
        for start in starts {
            let end = self.item_end(start);
            self.tokens[start..=end].iter_mut().for_each(|token| token.is_test = true);
        }
        if is_all {
            self.tokens.iter_mut().for_each(|token| token.is_test = true);
        }
    }

    fn test_attributes(&self) -> Vec<usize> {
        let is_attribute = |index: &usize| {
            let Some(Token { kind: Kind::Open(Delimiter::Bracket, close), .. }) =
                self.tokens.get(index + 1)
            else {
                return false;
            };
            let words: Vec<_> = (*index..*close).filter_map(|at| self.word(at)).collect();
            self.is_sign(*index, '#')
                && matches!(words[..], ["test"] | ["cfg", "test"] | ["cfg", "all", "test", ..])
        };
        (0..self.tokens.len()).filter(is_attribute).collect()
    }

    /// Reads the path at `index`, after `segments`; returns the index after it.
    fn path(
        &self,
        mut index: usize,
        mut segments: Vec<String>,
        import: Option<&Import>,
        found: &mut Vec<Path>,
    ) -> usize {
        let (line, is_test) = (self.tokens[index].lines.0, self.tokens[index].is_test);
        let mut name = None;
        while let Some(token) = self.tokens.get(index) {
            match &token.kind {
                Kind::Word(word) => {
                    if word != "self" || segments.is_empty() {
                        segments.push(word.clone());
                    }
                    name = segments.last().cloned();
                    index += 1;
                }
                Kind::Open(Delimiter::Brace, close) if import.is_some() => {
                    let mut at = index + 1;
                    while at < *close {
                        at = self.path(at, segments.clone(), import, found);
                        at += usize::from(self.is_sign(at, ','));
                    }
                    return close + 1;
                }
                Kind::Sign('*') if import.is_some() => {
                    name = None;
                    index += 1;
                }
                // `::a`, from the list of crates.
                Kind::Sign(':') if segments.is_empty() => {
                    index += 2;
                    continue;
                }
                _ => break,
            }
            if !self.is_separator(index) {
                break;
            }
            index += 2;
        }
        if import.is_some() && self.word(index) == Some("as") {
            name = self.word(index + 1).filter(|alias| *alias != "_").map(str::to_owned);
            index += 2;
        }
        let import = import.map(|import| Import { name, ..import.clone() });
        found.push(Path { segments, line, is_test, import });
        index
    }
}

/// Appends the tokens in order, delimiters included, documentation left out.
fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut index = 0;
    while let Some(tree) = trees.get(index) {
        let documentation = documentation_length(&trees[index..]);
        if documentation > 0 {
            index += documentation;
            continue;
        }
        index += 1;
        let span = tree.span();
        let mut push = |kind, first: Span, last: Span| {
            let lines = (first.start().line, last.end().line);
            tokens.push(Token { kind, lines, is_test: false });
        };
        match tree {
            TokenTree::Ident(word) => push(Kind::Word(word.to_string()), span, span),
            TokenTree::Literal(literal) => push(Kind::Literal(literal.to_string()), span, span),
            TokenTree::Punct(sign) => push(Kind::Sign(sign.as_char()), span, span),
            TokenTree::Group(group) => {
                push(Kind::Close, group.span_open(), group.span_open());
                let open = tokens.len() - 1;
                flatten(group.stream(), tokens);
                tokens[open].kind = Kind::Open(group.delimiter(), tokens.len());
                let line = group.span_close().end().line;
                tokens.push(Token { kind: Kind::Close, lines: (line, line), is_test: false });
            }
        }
    }
}

/// How many tokens at the start are a documentation comment, which reads as `#[doc = "…"]`.
fn documentation_length(trees: &[TokenTree]) -> usize {
    let is_sign = |index: usize, sign| match trees.get(index) {
        Some(TokenTree::Punct(punct)) => punct.as_char() == sign,
        _ => false,
    };
    let before = if is_sign(0, '#') { 1 + usize::from(is_sign(1, '!')) } else { return 0 };
    let Some(TokenTree::Group(group)) = trees.get(before) else { return 0 };
    let first = group.stream().into_iter().next();
    let is_documentation = matches!(first, Some(TokenTree::Ident(word)) if word == "doc");
    if is_documentation { before + 1 } else { 0 }
}
