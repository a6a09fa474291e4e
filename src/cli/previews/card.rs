//! The picture of a link preview: what the run is about, beside how it looks.

/// The size that services ask for, in pixels.
pub const SIZE: [u32; 2] = [1_200, 630];

/// The size of the letters of the title and of the question, and the height of a line of them.
const TITLE: Type = Type { size: 52, line: 62, columns: 17 };
const QUESTION: Type = Type { size: 28, line: 40, columns: 33 };
/// The left edge of the text and the first baseline.
const MARGIN: u32 = 56;
const TOP: u32 = 130;
/// Where the picture of the run stands.
const PICTURE: [u32; 2] = [630, 0];
const PICTURE_WIDTH: u32 = 540;

struct Type {
    size: u32,
    line: u32,
    /// How many narrow letters fit into a line; a Korean syllable counts twice.
    columns: usize,
}

/// What the picture says.
pub struct Card<'a> {
    /// The name of the page.
    pub site: &'a str,
    pub title: &'a str,
    pub question: &'a str,
    /// The run as an SVG.
    pub picture: &'a str,
}

impl Card<'_> {
    pub fn svg(&self) -> String {
        let [width, height] = SIZE;
        let [x, y] = PICTURE;
        let mut texts = String::new();
        let title = lines(self.title, TITLE.columns);
        let question = lines(self.question, QUESTION.columns);
        let mut at = TOP;
        for line in title {
            texts.push_str(&text(&line, at, &TITLE, "700", "#14181d"));
            at += TITLE.line;
        }
        for line in question {
            texts.push_str(&text(&line, at, &QUESTION, "400", "#48525d"));
            at += QUESTION.line;
        }
        texts.push_str(&text(self.site, height - 48, &QUESTION, "600", "#1f6feb"));
        let picture = nested(self.picture, PICTURE_WIDTH, height);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">\
             <defs><linearGradient id=\"fade\" x2=\"0\" y2=\"1\">\
             <stop stop-color=\"#fff\" stop-opacity=\"0\"/><stop offset=\"1\" stop-color=\"#fff\"/>\
             </linearGradient></defs>\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\
             <svg x=\"{x}\" y=\"{y}\" width=\"{PICTURE_WIDTH}\" height=\"{height}\">{picture}</svg>\
             <rect x=\"{x}\" y=\"{fade}\" width=\"{PICTURE_WIDTH}\" height=\"90\" \
             fill=\"url(#fade)\"/>\
             <rect width=\"14\" height=\"{height}\" fill=\"#1f6feb\"/>{texts}</svg>",
            fade = height - 90,
        )
    }
}

/// The picture with another width, cut off at the bottom of the card.
fn nested(picture: &str, width: u32, height: u32) -> String {
    let (head, body) = picture.split_once('>').unwrap_or(("", picture));
    let view = head.split("viewBox=\"").nth(1).and_then(|rest| rest.split('"').next());
    let view = view.unwrap_or("0 0 640 630");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"{view}\" preserveAspectRatio=\"xMidYMin slice\"{class}>{body}",
        class = attribute(head, "class"),
    )
}

/// An attribute of a tag as it is written there, if the tag has it.
fn attribute(tag: &str, name: &str) -> String {
    let value = tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    value.map_or_else(String::new, |value| format!(" {name}=\"{value}\""))
}

/// Styled in place, since the rules of the run's picture hold for the whole document.
fn text(line: &str, y: u32, kind: &Type, weight: &str, colour: &str) -> String {
    format!(
        "<text x=\"{MARGIN}\" y=\"{y}\" style=\"font:{weight} {}px sans-serif;fill:{colour}\">\
         {}</text>",
        kind.size,
        escaped(line)
    )
}

/// Breaks a text at its spaces into lines of at most so many columns.
fn lines(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// How many narrow letters are as wide as a text.
fn width(text: &str) -> usize {
    text.chars().map(|letter| if letter < '\u{1100}' { 1 } else { 2 }).sum()
}

/// A text as it is written in HTML and SVG.
pub fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_spaces() {
        assert_eq!(lines("The SYN,ACK is lost", 11), ["The SYN,ACK", "is lost"]);
        assert_eq!(lines("연결을 여는 세 단계", 11), ["연결을 여는", "세 단계"]);
        assert_eq!(lines("a-word-that-is-too-long b", 5), ["a-word-that-is-too-long", "b"]);
    }

    #[test]
    fn what_is_said_stays_text() {
        let card = Card { site: "a", title: "<b>", question: "\"", picture: "<svg></svg>" };
        let svg = card.svg();
        assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>"), "{svg}");
    }
}
