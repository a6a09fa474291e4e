//! JavaScript, as far as the limits on size need it. The repository's formatting is assumed.

/// A named function of a script.
pub struct Function<'a> {
    pub name: &'a str,
    /// Counted from one.
    pub line: usize,
    /// Lines with code, the first and the last included.
    pub length: usize,
}

/// Functions and methods with a body on lines of its own: it ends at the first closing brace that
/// is indented like its first line.
pub fn functions(text: &str) -> Vec<Function<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = declared_function(line) else { continue };
        let indentation = line.len() - line.trim_start().len();
        let is_end = |line: &&str| {
            line.len() - line.trim_start().len() == indentation
                && line.trim_start().starts_with('}')
        };
        let end = lines[index + 1..].iter().position(is_end).unwrap_or(0);
        let length = lines[index..=index + 1 + end].iter().filter(|line| is_code(line)).count();
        found.push(Function { name, line: index + 1, length });
    }
    found
}

/// The name of the function that begins in this line: `function name(…) {`, `const name = (…) => {`
/// or `name(…) {` in a class or an object.
fn declared_function(line: &str) -> Option<&str> {
    let line = line.trim();
    if !line.ends_with('{') || line.starts_with(['}', '/', '*']) {
        return None;
    }
    let mut rest = line;
    for word in [
        "export ",
        "default ",
        "static ",
        "async ",
        "function* ",
        "function ",
        "const ",
        "get ",
        "set ",
    ] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name = rest.split(|letter: char| !is_word(letter)).next()?;
    let is_function = line.contains("function ") || line.contains("function* ");
    let is_arrow = rest.contains(" = ") && line.ends_with("=> {");
    let is_method = rest[name.len()..].starts_with('(') && line.ends_with(") {");
    let is_statement = ["if", "for", "while", "switch", "catch", "with"].contains(&name);
    (!name.is_empty() && !is_statement && (is_function || is_arrow || is_method)).then_some(name)
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || ['_', '$', '#'].contains(&letter)
}

/// How many lines of a script or stylesheet hold code.
pub fn length(text: &str) -> usize {
    text.lines().filter(|line| is_code(line)).count()
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    let is_comment = ["//", "/*", "*"].iter().any(|start| line.starts_with(start));
    !line.is_empty() && !is_comment
}

#[test]
fn functions_are_found_with_their_lengths() {
    let text = "\
export async function first(a) {
  // why

  if (a) {
    b();
  }
}
class A {
  get second() {
    return 1;
  }
}
const third = async (a) => {
  b();
};
";
    let found = functions(text);
    let found: Vec<_> = found.iter().map(|it| (it.name, it.line, it.length)).collect();
    assert_eq!(found, [("first", 1, 5), ("second", 9, 3), ("third", 13, 3)]);
}
