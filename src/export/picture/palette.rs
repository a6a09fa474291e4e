//! The colours of pictures: those of the page, for light and for dark readers.

use core::fmt::Write as _;

use crate::link::Theme;
use crate::tcp::State;

/// Red, green and blue.
type Colour = [u8; 3];

/// The colours of one scheme; `static/styles/tokens.css` has the same.
struct Palette {
    surface: Colour,
    text: Colour,
    muted: Colour,
    line: Colour,
    syn: Colour,
    ack: Colour,
    data: Colour,
    fin: Colour,
    rst: Colour,
    rtx: Colour,
}

const LIGHT: Palette = Palette {
    surface: [0xff, 0xff, 0xff],
    text: [0x1a, 0x20, 0x28],
    muted: [0x56, 0x61, 0x6d],
    line: [0xdd, 0xe2, 0xe8],
    syn: [0x0b, 0x5f, 0xb0],
    ack: [0x4a, 0x55, 0x60],
    data: [0x0a, 0x6b, 0x5a],
    fin: [0x8a, 0x3f, 0xa8],
    rst: [0xb3, 0x26, 0x1e],
    rtx: [0x9a, 0x4b, 0x00],
};

const DARK: Palette = Palette {
    surface: [0x14, 0x18, 0x1d],
    text: [0xe6, 0xea, 0xee],
    muted: [0x9a, 0xa5, 0xb1],
    line: [0x2b, 0x33, 0x3c],
    syn: [0x7c, 0xb7, 0xff],
    ack: [0xae, 0xb8, 0xc2],
    data: [0x5e, 0xd3, 0xbc],
    fin: [0xd6, 0xa3, 0xec],
    rst: [0xff, 0x9a, 0x92],
    rtx: [0xff, 0xb3, 0x5c],
};

/// `percent` of one colour and the rest of another, as CSS's `color-mix` in sRGB.
fn mix(one: Colour, percent: u16, other: Colour) -> Colour {
    let mixed = |index: usize| {
        let [one, other] = [one, other].map(|colour| u16::from(colour[index]));
        (one * percent + other * (100 - percent) + 50) / 100
    };
    [0, 1, 2].map(|index| u8::try_from(mixed(index)).unwrap_or(u8::MAX))
}

fn hex([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The class of a state's colour.
pub(super) const fn class(state: State) -> &'static str {
    match state {
        State::Closed => "s0",
        State::Listen => "s1",
        State::SynSent | State::SynReceived => "s2",
        State::Established => "s3",
        State::FinWait1 | State::FinWait2 | State::CloseWait | State::Closing | State::LastAck => {
            "s4"
        }
        State::TimeWait => "s5",
    }
}

/// The rules that set the colours for a theme.
pub(super) fn css(theme: Theme) -> String {
    match theme {
        Theme::Light => rules(&LIGHT),
        Theme::Dark => rules(&DARK),
        Theme::Auto => {
            format!("{}@media(prefers-color-scheme:dark){{{}}}", rules(&LIGHT), rules(&DARK))
        }
    }
}

fn rules(palette: &Palette) -> String {
    let Palette { surface, text, muted, line, rst, rtx, .. } = *palette;
    let mut css = String::new();
    let mut rule = |selector: &str, declarations: &[(&str, Colour)]| {
        css.push_str(selector);
        css.push('{');
        for (index, (name, colour)) in declarations.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(css, "{}{name}:{}", if index > 0 { ";" } else { "" }, hex(*colour));
        }
        css.push('}');
    };
    rule("text", &[("fill", text)]);
    rule(".l,.o", &[("stroke", surface)]);
    rule(".m", &[("fill", muted)]);
    rule(".bg,.pl", &[("fill", surface), ("stroke", line)]);
    rule(".w", &[("stroke", line)]);
    rule(".gp", &[("fill", surface)]);
    rule(".ht", &[("stroke", surface)]);
    rule(".z", &[("stroke", muted)]);
    rule(".tm", &[("stroke", mix(muted, 45, surface))]);
    rule(".te", &[("stroke", rtx)]);
    rule(".x", &[("stroke", rst)]);
    rule(".rt,.ti", &[("fill", rtx)]);
    rule(".ls", &[("fill", rst)]);
    rule(".tg", &[("fill", surface), ("stroke", rtx)]);
    rule(".pt", &[("fill", surface)]);
    let kinds = [
        ("syn", palette.syn),
        ("ack", palette.ack),
        ("data", palette.data),
        ("fin", palette.fin),
        ("rst", rst),
    ];
    for (name, colour) in kinds {
        rule(&format!("path.{name}"), &[("stroke", colour)]);
        rule(&format!(".f.{name},tspan.{name}"), &[("fill", colour)]);
        rule(&format!(".bd.{name}"), &[("fill", mix(colour, 16, surface))]);
    }
    let states = [
        (mix(muted, 45, surface), muted),
        (mix(muted, 75, surface), muted),
        (palette.syn, mix(palette.syn, 80, text)),
        (palette.data, mix(palette.data, 80, text)),
        (palette.fin, mix(palette.fin, 80, text)),
        (rtx, mix(rtx, 80, text)),
    ];
    for (index, (colour, ink)) in states.into_iter().enumerate() {
        rule(&format!(".b.s{index}"), &[("fill", colour)]);
        let paper = [("fill", mix(colour, 13, surface)), ("stroke", mix(colour, 40, surface))];
        rule(&format!(".c.s{index}"), &paper);
        rule(&format!("text.s{index}"), &[("fill", ink)]);
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page and the pictures have one set of colours.
    #[test]
    fn colours_are_those_of_the_page() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/static/styles/tokens.css");
        let tokens = std::fs::read_to_string(path).unwrap();
        let of = |palette: &Palette| {
            [
                ("surface", palette.surface),
                ("text", palette.text),
                ("muted", palette.muted),
                ("line", palette.line),
                ("syn", palette.syn),
                ("ack", palette.ack),
                ("data", palette.data),
                ("fin", palette.fin),
                ("rst", palette.rst),
                ("rtx", palette.rtx),
            ]
        };
        for ((name, light), (_, dark)) in of(&LIGHT).into_iter().zip(of(&DARK)) {
            let token = format!("--tcp-{name}: light-dark({}, {});", hex(light), hex(dark));
            assert!(tokens.contains(&token), "{token}");
        }
    }

    #[test]
    fn a_mixture_is_between_its_colours() {
        assert_eq!(mix([0, 100, 255], 50, [100, 100, 0]), [50, 100, 128]);
        assert_eq!(mix([1, 2, 3], 100, [9, 9, 9]), [1, 2, 3]);
    }
}
