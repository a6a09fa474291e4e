//! Finds the fences in a chapter by the rules of `CommonMark`: also in lists and quotations, but
//! not inside longer fences.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The first word of a fence's info string.
const WORD: &str = "tcp-handshake";

/// A `tcp-handshake` fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// Its range in the chapter, both fences included.
    pub range: Range<usize>,
    /// The line of its opening fence, from 1.
    pub line: usize,
    /// The info string after `tcp-handshake`.
    pub options: String,
    /// The text inside, without the prefix that a list or quotation puts before each line.
    pub body: String,
    /// The text before the fence on its line.
    before: String,
}

/// All `tcp-handshake` fences, in order.
pub fn find(chapter: &str) -> Vec<Fence> {
    // mdBook's options that affect where blocks begin.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    let mut fences: Vec<Fence> = vec![];
    let mut is_inside = false;
    for (event, range) in Parser::new_ext(chapter, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let Some(options) = options_of(&info) else { continue };
                let line_start = chapter[..range.start].rfind('\n').map_or(0, |at| at + 1);
                is_inside = true;
                fences.push(Fence {
                    line: chapter[..range.start].matches('\n').count() + 1,
                    before: chapter[line_start..range.start].to_owned(),
                    range,
                    options: options.to_owned(),
                    body: String::new(),
                });
            }
            Event::Text(text) if is_inside => {
                if let Some(fence) = fences.last_mut() {
                    fence.body.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => is_inside = false,
            _ => {}
        }
    }
    fences
}

/// The info string after `tcp-handshake`; `None` for any other fence.
fn options_of(info: &str) -> Option<&str> {
    let rest = info.trim().strip_prefix(WORD)?;
    // mdBook separates options by commas: ```rust,ignore.
    let is_word = rest.is_empty() || rest.starts_with([' ', '\t', ',']);
    is_word.then(|| rest.trim_start_matches(',').trim())
}

impl Fence {
    /// Indents a block to replace the fence. Each line but the first gets the prefix of the list or
    /// quotation, and blank lines separate the block from its neighbours.
    pub fn indent(&self, block: &str) -> String {
        let keep = |letter| if letter == '>' || letter == '\t' { letter } else { ' ' };
        let prefix: String = self.before.chars().map(keep).collect();
        let blank = prefix.trim_end();
        // Right after a list marker a blank line would end the item, so none is added.
        let is_first = self.before.chars().all(|letter| letter == '>' || letter.is_whitespace());
        let mut text = String::new();
        if is_first {
            text.push('\n');
            text.push_str(&prefix);
        }
        for (index, line) in block.trim().lines().enumerate() {
            if index > 0 {
                text.push('\n');
                text.push_str(if line.is_empty() { blank } else { &prefix });
            }
            text.push_str(line);
        }
        text.push('\n');
        text.push_str(blank);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn only(chapter: &str) -> Fence {
        let mut fences = find(chapter);
        assert_eq!(fences.len(), 1, "{chapter}: {fences:?}");
        fences.remove(0)
    }

    #[test]
    fn a_fence_is_found_with_its_line_options_and_body() {
        let chapter = "# One\n\nText\n```tcp-handshake height=300\n\
            scenario=syn-lost\n\ndo=drop:C2\n```\nmore\n";
        let fence = only(chapter);
        assert_eq!(fence.line, 4);
        assert_eq!(fence.options, "height=300");
        assert_eq!(fence.body, "scenario=syn-lost\n\ndo=drop:C2\n");
        let raw = &chapter[fence.range];
        assert!(raw.starts_with("```tcp") && raw.trim_end().ends_with("\n```"), "{raw}");
        assert_eq!(only("~~~ tcp-handshake,height=1\n~~~").options, "height=1");
        assert_eq!(only("```tcp-handshake\nscenario=abort").body, "scenario=abort");
    }

    #[test]
    fn other_fences_are_left_alone() {
        assert_eq!(find("```tcp-handshakes\n```\n\n```rust\ntcp-handshake\n```\n"), []);
        let shown = "````markdown\n```tcp-handshake\nscenario=abort\n```\n````\n";
        assert_eq!(find(shown), []);
        assert_eq!(find("<!--\n```tcp-handshake\n```\n-->\n"), []);
        assert_eq!(find("    ```tcp-handshake\n    ```\n"), []);
    }

    #[test]
    fn inside_lists_and_quotations_the_body_is_clean() {
        let fence = only("- one\n\n  > ```tcp-handshake\n  > scenario=abort\n  > ```\n");
        assert_eq!(fence.body, "scenario=abort\n");
        assert_eq!(fence.indent("| a |\n\nb"), "\n  > | a |\n  >\n  > b\n  >");
        let fence = only("1. ```tcp-handshake\n   scenario=abort\n   ```\n");
        assert_eq!(fence.indent("| a |\nb"), "| a |\n   b\n");
    }
}
