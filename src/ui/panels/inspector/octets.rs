//! A segment's bytes in the inspector: as a short strip, bit by bit, and as a dump.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use super::pointing::Pointing;
use crate::app::inspector::{Cell, FieldRow, Inspection, Span, ascii};
use crate::tcp::HeaderField;
use crate::ui::page::{Page, Shared};

/// The most bytes in the strip.
const STRIP: usize = 32;
/// The most bytes in the dump before the viewer asks for all.
const DUMP: usize = 96;
/// The bytes in a line: a word of 32 bits.
const WORD: usize = 4;

/// The properties of [`Strip`].
#[derive(Properties, PartialEq)]
pub struct StripProps {
    /// The segment.
    pub inspection: Shared<Inspection>,
    /// The highlighted bits.
    pub pointing: Pointing,
}

/// The first bytes in a few lines. Hidden from screen readers, which read the dump.
#[component]
pub fn Strip(props: &StripProps) -> Html {
    let StripProps { inspection, pointing } = props;
    let octet = |(index, octet): (usize, &u8)| {
        let all = inspection.around_octet(index);
        let class = classes!(
            "octets__octet",
            (index >= inspection.header).then_some("octets__octet--data"),
            pointing.is_lit(Span::octet(index)).then_some("octets__octet--lit"),
        );
        html! {
            <span key={index} {class} onclick={pointing.pin.reform(move |_| all)}
                onmouseenter={pointing.hover.reform(move |_| Some(all))}
                onmouseleave={pointing.hover.reform(|_| None)}>
                { format!("{octet:02x}") }
            </span>
        }
    };
    html! {
        <div class="octets__strip" aria-hidden="true" translate="no">
            { for inspection.octets.iter().enumerate().take(STRIP).map(octet) }
            if inspection.octets.len() > STRIP { <span class="octets__strip-more">{ "…" }</span> }
        </div>
    }
}

/// The properties of [`Bits`] and [`Bytes`].
#[derive(Properties, PartialEq)]
pub struct OctetsProps {
    /// The segment.
    pub inspection: Shared<Inspection>,
    /// The highlighted bits.
    pub pointing: Pointing,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The header as the RFC draws it: 32 bits a row, or 8 in a narrow panel.
#[component]
pub fn Bits(props: &OctetsProps) -> Html {
    let OctetsProps { inspection, pointing, page } = props;
    let catalog = &page.catalog;
    let beyond = inspection.octets_beyond_cells();
    html! {
        <div class="octets__bits" translate="no">
            <div class="octets__bits-ruler" aria-hidden="true">
                { for [0, 8, 16, 24].map(|bit| html! { <span>{ bit }</span> }) }
            </div>
            <div class="octets__bits-grid">
                { for inspection.cells().into_iter().map(|it| cell(inspection, it, pointing)) }
            </div>
            if beyond > 0 {
                <p class="octets__more">
                    { catalog.format("ui.inspector.more", &[("count", &beyond)]) }
                </p>
            }
        </div>
    }
}

/// The bits of one byte that belong to one field.
fn cell(inspection: &Inspection, it: Cell, pointing: &Pointing) -> Html {
    let row = &inspection.rows[it.row];
    let all = row.span;
    let is_first = it.span.from == all.from;
    let class = classes!(
        "octets__cell",
        format!("octets__cell--{}", it.span.len()),
        is_first.then_some("octets__cell--first"),
        (it.span.to == all.to).then_some("octets__cell--last"),
        it.span.to.is_multiple_of(8).then_some("octets__cell--edge-8"),
        it.span.to.is_multiple_of(32).then_some("octets__cell--edge-32"),
        (row.field == HeaderField::ControlBits).then_some("octets__cell--flags"),
        pointing.is_lit(it.span).then_some("octets__cell--lit"),
    );
    let onclick = pointing.pin.reform(move |_| all);
    let onmouseenter = pointing.hover.reform(move |_| Some(all));
    let onmouseleave = pointing.hover.reform(|_| None);
    let body = if row.bits.is_empty() {
        html! { <>
            if is_first { <span class="octets__cell-name">{ row.name() }</span> }
            <span class="octets__cell-digits">
                { for (it.span.from..it.span.to).map(|at| digit(inspection.bit(at), false)) }
            </span>
        </> }
    } else {
        html! { <span class="octets__cell-digits">
            { for row.bits.iter().map(|bit| flag(bit, all, pointing)) }
        </span> }
    };
    if !is_first {
        return html! {
            <span {class} {onclick} {onmouseenter} {onmouseleave} aria-hidden="true">{ body }</span>
        };
    }
    html! {
        <button type="button" {class} {onclick} {onmouseenter} {onmouseleave}
            aria-label={format!("{}: {}", row.name(), row.value)}
            aria-pressed={if pointing.pinned == Some(all) { "true" } else { "false" }}
            onfocus={pointing.hover.reform(move |_| Some(all))}
            onblur={pointing.hover.reform(|_| None)}>
            { body }
        </button>
    }
}

fn digit(bit: u8, is_lit: bool) -> Html {
    let class = classes!(
        "octets__digit",
        (bit == 1).then_some("octets__digit--one"),
        is_lit.then_some("octets__digit--lit"),
    );
    html! { <span {class}>{ bit }</span> }
}

/// A flag: its name, and whether it is set.
fn flag(bit: &FieldRow, all: Span, pointing: &Pointing) -> Html {
    let span = bit.span;
    let class = classes!(
        "octets__digit",
        "octets__digit--flag",
        (bit.value == "1").then_some("octets__digit--one"),
        (pointing.lit == Some(span)).then_some("octets__digit--lit"),
    );
    let onclick = {
        let pin = pointing.pin.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            pin.emit(span);
        })
    };
    html! {
        <span key={bit.name()} {class} {onclick}
            onmouseenter={pointing.hover.reform(move |_| Some(span))}
            onmouseleave={pointing.hover.reform(move |_| Some(all))}>
            <span class="octets__digit-name">{ bit.name() }</span>
            { bit.value.clone() }
        </span>
    }
}

/// All bytes in words of 32 bits, with their ASCII characters.
#[component]
pub fn Bytes(props: &OctetsProps) -> Html {
    let OctetsProps { inspection, pointing, page } = props;
    let catalog = &page.catalog;
    let all = use_state_eq(|| false);
    let count = inspection.octets.len();
    let most = if *all { count } else { DUMP };
    let words = inspection.octets.chunks(WORD).enumerate().take(most.div_ceil(WORD));
    let more = (count > most).then(|| {
        let onclick = Callback::from(move |_: MouseEvent| all.set(true));
        html! {
            <button type="button" class="button" {onclick}>
                { catalog.format("ui.inspector.show-all", &[("count", &count)]) }
            </button>
        }
    });
    html! {
        <div class="octets__bytes" translate="no">
            <div class="octets__bytes-grid">
                { for words.map(|(index, octets)| word(inspection, index, octets, pointing)) }
            </div>
            { more }
        </div>
    }
}

fn word(inspection: &Inspection, index: usize, octets: &[u8], pointing: &Pointing) -> Html {
    let start = index * WORD;
    let letters = octets.iter().enumerate().map(|(index, octet)| {
        let all = inspection.around_octet(start + index);
        let is_lit = pointing.is_lit(Span::octet(start + index));
        html! {
            <span class={classes!("octets__letter", is_lit.then_some("octets__letter--lit"))}
                onclick={pointing.pin.reform(move |_| all)}
                onmouseenter={pointing.hover.reform(move |_| Some(all))}
                onmouseleave={pointing.hover.reform(|_| None)}>
                { ascii(&[*octet]) }
            </span>
        }
    });
    html! {
        <div key={index} class="octets__word">
            <span class="octets__word-offset" aria-hidden="true">{ format!("{start:02x}") }</span>
            { for octets.iter().enumerate().map(|(index, octet)| {
                byte(inspection, start + index, *octet, pointing)
            }) }
            <span class="octets__word-letters" aria-hidden="true">{ for letters }</span>
        </div>
    }
}

/// A byte. The first byte of each field is a button that names the field.
fn byte(inspection: &Inspection, index: usize, octet: u8, pointing: &Pointing) -> Html {
    let here = Span::octet(index);
    let all = inspection.around_octet(index);
    let class = classes!(
        "octets__octet",
        (all.from == here.from).then_some("octets__octet--first"),
        (index >= inspection.header).then_some("octets__octet--data"),
        pointing.is_lit(here).then_some("octets__octet--lit"),
    );
    let onclick = pointing.pin.reform(move |_| all);
    let onmouseenter = pointing.hover.reform(move |_| Some(all));
    let onmouseleave = pointing.hover.reform(|_| None);
    let hex = format!("{octet:02x}");
    if all.from != here.from {
        return html! {
            <span {class} {onclick} {onmouseenter} {onmouseleave} aria-hidden="true">{ hex }</span>
        };
    }
    let name = inspection.row_of(all).map_or("", FieldRow::name);
    html! {
        <button type="button" {class} {onclick} {onmouseenter} {onmouseleave}
            aria-label={format!("{name}: {}", inspection.hex_of(all))}
            aria-pressed={if pointing.pinned == Some(all) { "true" } else { "false" }}
            onfocus={pointing.hover.reform(move |_| Some(all))}
            onblur={pointing.hover.reform(|_| None)}>
            { hex }
        </button>
    }
}
