//! The widths of texts, estimated, so that a picture can be laid out without a browser.

/// The letters' widths in thousandths of the type size, in Arial and in the fonts of its metrics,
/// from the space to the tilde.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Text of one size and weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Type {
    /// The size, in pixels.
    pub(super) size: i64,
    /// Whether it is bold.
    pub(super) is_bold: bool,
}

impl Type {
    pub(super) const fn new(size: i64) -> Self {
        Self { size, is_bold: false }
    }

    pub(super) const fn bold(size: i64) -> Self {
        Self { size, is_bold: true }
    }

    /// The width of a text in tenths of a pixel, rather too much than too little.
    pub(super) fn width(self, text: &str) -> i64 {
        // Bold capitals are as wide as others, bold small letters are not.
        let of = |letter: char| match (self.is_bold, letter.is_ascii_lowercase()) {
            (true, true) => thousandths(letter) * 11 / 10,
            _ => thousandths(letter),
        };
        let thousandths: i64 = text.chars().map(of).sum();
        // A reader's font may be a little wider.
        thousandths * self.size * 106 / 10_000
    }

    /// Breaks a text into lines of at most `room` tenths of a pixel: between words, or inside a
    /// word that is longer.
    pub(super) fn wrap(self, text: &str, room: i64) -> Vec<String> {
        let mut lines = vec![];
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer) <= room {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if self.width(&line) > room && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
}

fn thousandths(letter: char) -> i64 {
    let place = (letter as usize).checked_sub(0x20);
    match place.and_then(|place| WIDTHS.get(place)) {
        Some(width) => i64::from(*width),
        None if (letter as u32) < 0x1100 => 600,
        None => 1_000,
    }
}

/// A text as XML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Characters that XML does not allow.
            char if char.is_control() => escaped.push(' '),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_lose_nothing() {
        let text = "How does a TCP connection begin, carry data and end?";
        let small = Type::new(12);
        let lines = small.wrap(text, 1_400);
        assert!(lines.len() > 1 && lines.iter().all(|line| small.width(line) <= 1_400));
        assert_eq!(lines.join(" "), text);
        assert_eq!(small.wrap("연결을끝내는세그먼트", 400).concat(), "연결을끝내는세그먼트");
        assert_eq!(small.wrap("", 400), Vec::<String>::new());
        assert_eq!(small.wrap("ab", 0), ["a", "b"]);
    }

    #[test]
    fn bold_and_korean_text_is_wider() {
        assert!(Type::bold(12).width("lost") > Type::new(12).width("lost"));
        assert!(Type::new(12).width("연결") > Type::new(12).width("ab"));
    }
}
