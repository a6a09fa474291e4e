//! What a release does not need on its way: long names between a program and its glue, notes for
//! debuggers, indentation.

use std::iter;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// A program and its JavaScript, after each function that the program imports has a short name in
/// both; without the program's custom sections. `None` if they are not what wasm-bindgen writes.
///
/// The names that wasm-bindgen gives end in a hash, which no compression makes shorter.
pub fn shorten(wasm: &[u8], glue: &str) -> Option<(Vec<u8>, String)> {
    const CUSTOM: u8 = 0;
    const IMPORTS: u8 = 2;
    let (head, mut rest) = wasm.split_at_checked(8)?;
    let (mut out, mut glue) = (head.to_vec(), glue.to_owned());
    while let Some((&kind, after)) = rest.split_first() {
        rest = after;
        let length = number(&mut rest)?;
        let content = take(&mut rest, length)?;
        let content = match kind {
            CUSTOM => continue,
            IMPORTS => imports(content, &mut glue)?,
            _ => content.to_vec(),
        };
        out.push(kind);
        write_number(&mut out, content.len());
        out.extend(content);
    }
    Some((out, glue))
}

/// The module whose functions load chunks: both sides know their names.
const LOADER: &[u8] = b"./split.js";

/// A module without its custom sections, of which the relocations alone are two or three times the
/// code; with or without the names of its functions. `None` if it is not wasm.
pub fn without_custom_sections(wasm: &[u8], keeps_names: bool) -> Option<Vec<u8>> {
    let (head, mut rest) = wasm.split_at_checked(8)?;
    let mut out = head.to_vec();
    while let Some((&kind, after)) = rest.split_first() {
        rest = after;
        let length = number(&mut rest)?;
        let content = take(&mut rest, length)?;
        if kind != 0 || (keeps_names && content.starts_with(b"\x04name")) {
            out.push(kind);
            write_number(&mut out, length);
            out.extend(content);
        }
    }
    Some(out)
}

/// The digest by which a browser checks a file (Subresource Integrity).
pub fn integrity(content: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(content)))
}

/// The section of imports with short names, which the glue is given too.
fn imports(mut section: &[u8], glue: &mut String) -> Option<Vec<u8>> {
    let count = number(&mut section)?;
    let mut out = vec![];
    write_number(&mut out, count);
    for index in 0..count {
        let length = number(&mut section)?;
        let module = take(&mut section, length)?;
        let length = number(&mut section)?;
        let name = str::from_utf8(take(&mut section, length)?).ok()?;
        // A function by its type; wasm-bindgen imports nothing else.
        let (0, after) = section.split_first().map(|(kind, rest)| (*kind, rest))? else {
            return None;
        };
        section = after;
        let kind = number(&mut section)?;
        let mut short = name.to_owned();
        if module != LOADER {
            let key = format!(" {name}: ");
            short = short_name(index);
            if glue.matches(&key).count() != 1 {
                return None;
            }
            *glue = glue.replacen(&key, &format!(" {short}: "), 1);
        }
        for text in [module, short.as_bytes()] {
            write_number(&mut out, text.len());
            out.extend(text);
        }
        out.push(0);
        write_number(&mut out, kind);
    }
    section.is_empty().then_some(out)
}

/// `a`, `b`, …, `z`, `aa`, `ab`, …
fn short_name(index: usize) -> String {
    let places = iter::successors(Some(index), |rest| (rest / 26).checked_sub(1));
    let letters = places.map(|rest| char::from(b'a' + u8::try_from(rest % 26).unwrap_or(0)));
    letters.collect::<Vec<_>>().into_iter().rev().collect()
}

/// JavaScript without indentation and without lines that are only comment. Left as it is where a
/// text goes over several lines, in which spaces count.
pub fn unindented(script: &str) -> String {
    if script.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return script.to_owned();
    }
    let mut in_comment = false;
    let mut out = String::with_capacity(script.len());
    for line in script.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        let is_code = !in_comment && !line.is_empty() && !line.starts_with("//");
        in_comment &= !line.ends_with("*/");
        if is_code {
            out += line;
            out.push('\n');
        }
    }
    out
}

/// The next bytes.
pub fn take<'a>(from: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(taken)
}

/// A number as wasm has it: seven bits a byte, the lowest first (LEB128).
pub fn number(from: &mut &[u8]) -> Option<usize> {
    let mut value = 0_usize;
    for place in 0..5 {
        let octet = take(from, 1)?[0];
        value |= usize::from(octet & 0x7f) << (7 * place);
        if octet < 0x80 {
            return Some(value);
        }
    }
    None
}

/// Writes a number as [`number`] reads it.
pub fn write_number(into: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        into.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
        value >>= 7;
    }
    into.push(u8::try_from(value).unwrap_or(0));
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"\0asm\x01\0\0\0";
    const GLUE: &str = "{\n    __wbg_a_1: function() {},\n    __wbg_b_2: function() {},\n}";

    fn program(sections: &[(u8, &[u8])]) -> Vec<u8> {
        let mut wasm = HEAD.to_vec();
        for (kind, content) in sections {
            wasm.push(*kind);
            write_number(&mut wasm, content.len());
            wasm.extend(*content);
        }
        wasm
    }

    #[test]
    fn imports_get_short_names_in_both() {
        let long = b"\x02\x01m\x09__wbg_b_2\0\x85\x01\x01m\x09__wbg_a_1\0\x03";
        let wasm = program(&[(0, b"\x04note"), (1, b"type"), (2, long), (10, b"code")]);
        let (short, glue) = shorten(&wasm, GLUE).unwrap();
        let imports = b"\x02\x01m\x01a\0\x85\x01\x01m\x01b\0\x03";
        assert_eq!(short, program(&[(1, b"type"), (2, imports), (10, b"code")]));
        assert_eq!(glue, "{\n    b: function() {},\n    a: function() {},\n}");
    }

    #[test]
    fn what_is_not_understood_is_left_alone() {
        let name = |name: &[u8]| [b"\x01\x01m\x09", name, b"\0\x03"].concat();
        assert!(shorten(&program(&[(2, &name(b"__wbg_a_1"))]), GLUE).is_some());
        assert!(shorten(&program(&[(2, &name(b"__wbg_c_3"))]), GLUE).is_none(), "not in the glue");
        let memory = b"\x01\x01m\x09__wbg_a_1\x02\0\x01";
        assert!(shorten(&program(&[(2, memory)]), GLUE).is_none());
        let whole = program(&[(2, &name(b"__wbg_a_1"))]);
        for length in 0..whole.len() {
            let is_head = length == HEAD.len();
            assert_eq!(shorten(&whole[..length], GLUE).is_some(), is_head, "{length}");
        }
    }

    #[test]
    fn names_are_letters_and_all_differ() {
        let names: Vec<_> = [0, 25, 26, 27, 701, 702].map(short_name).into();
        assert_eq!(names, ["a", "z", "aa", "ab", "zz", "aaa"]);
    }

    #[test]
    fn a_digest_is_written_as_browsers_read_it() {
        assert_eq!(integrity(b""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn a_script_loses_its_indentation_and_its_comments() {
        let script = "/** a\n * b\n */\nif (c) {\n  // d\n  e(`f`);\n\n  /* g */\n}\n";
        assert_eq!(unindented(script), "if (c) {\ne(`f`);\n}\n");
        let text = "a = `\n  b`;\n";
        assert_eq!(unindented(text), text);
    }
}
