//! The fields of the selected segment: value, reason, position and bytes.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use super::pointing::Pointing;
use crate::app::inspector::{FieldRow, Inspection, Span};
use crate::app::{Action, Look};
use crate::locale::Catalog;
use crate::sim::SegmentId;
use crate::tcp::HeaderField;
use crate::ui::page::Page;

/// All fields, each with its value and why it has it.
pub fn fields(inspection: &Inspection, pointing: &Pointing, page: &Page) -> Html {
    html! {
        <ul class="fields">
            { for inspection.rows.iter().map(|row| {
                field(inspection, row, pointing, page)
            }) }
        </ul>
    }
}

fn field(inspection: &Inspection, row: &FieldRow, pointing: &Pointing, page: &Page) -> Html {
    let catalog = &page.catalog;
    let span = row.span;
    let is_open = pointing.pinned.is_some_and(|pinned| pinned.overlaps(span));
    let class = classes!(
        "field",
        pointing.is_lit(span).then_some("field--lit"),
        is_open.then_some("field--open"),
    );
    let is_flags = row.field == HeaderField::ControlBits;
    let pinned_bit = row.bits.iter().find(|bit| pointing.pinned == Some(bit.span));
    html! {
        <li key={row.name()} {class} onmouseleave={pointing.hover.reform(|_| None)}
            onmouseenter={pointing.hover.reform(move |_| Some(span))}>
            <button type="button" class="field__head"
                aria-expanded={if is_open { "true" } else { "false" }}
                onclick={pointing.pin.reform(move |_| span)}
                onfocus={pointing.hover.reform(move |_| Some(span))}
                onblur={pointing.hover.reform(|_| None)}>
                <span class="field__name" lang="en" translate="no">{ row.name() }</span>
                <span class="field__value" translate="no">{ row.value.clone() }</span>
            </button>
            if is_flags { { flags(row, pointing) } }
            if row.is_telling || is_open { { why(row, page) } }
            if let Some(bit) = pinned_bit {
                <p class="field__bit">
                    <strong translate="no">{ bit.name() }</strong>
                    { " " }{ catalog.text(bit.meaning).to_owned() }
                    { " " }{ bit.why.text(catalog) }
                </p>
            } else if is_open {
                <p class="field__meaning">{ catalog.text(row.meaning).to_owned() }</p>
            }
            if is_open { { place(inspection, pinned_bit.unwrap_or(row), catalog) } }
        </li>
    }
}

/// The eight flags; those that are set are filled.
fn flags(row: &FieldRow, pointing: &Pointing) -> Html {
    let flag = |bit: &FieldRow| {
        let (span, all) = (bit.span, row.span);
        let is_pinned = pointing.pinned == Some(span);
        let is_lit = pointing.lit == Some(span);
        let class = classes!(
            "field__flag",
            (bit.value == "1").then_some("field__flag--set"),
            (is_lit || is_pinned).then_some("field__flag--lit"),
        );
        html! {
            <button type="button" key={bit.name()} {class} translate="no"
                aria-pressed={if is_pinned { "true" } else { "false" }}
                aria-label={format!("{} {}", bit.name(), bit.value)}
                onclick={pointing.pin.reform(move |_| span)}
                onmouseenter={pointing.hover.reform(move |_| Some(span))}
                onmouseleave={pointing.hover.reform(move |_| Some(all))}
                onfocus={pointing.hover.reform(move |_| Some(span))}
                onblur={pointing.hover.reform(|_| None)}>
                { bit.name() }
            </button>
        }
    };
    html! { <div class="field__flags">{ for row.bits.iter().map(flag) }</div> }
}

fn why(row: &FieldRow, page: &Page) -> Html {
    let catalog = &page.catalog;
    html! {
        <p class="field__why">
            { row.why.text(catalog) }
            if let Some(id) = row.why.about {
                { " " }
                <Jump {id} {page} text={id.to_string()}
                    name={catalog.format("ui.inspector.show", &[("id", &id)])} />
            }
        </p>
    }
}

/// The position of a field, and its bytes.
fn place(inspection: &Inspection, row: &FieldRow, catalog: &Catalog) -> Html {
    let Span { from, to } = row.span;
    let key = if to - from == 1 { "ui.inspector.bit-one" } else { "ui.inspector.bit-range" };
    let hex = inspection.hex_of(row.span);
    let brief: String = hex.chars().take(35).collect();
    let rest = if brief.len() < hex.len() { " …" } else { "" };
    html! {
        <p class="field__place" translate="no">
            <span>{ catalog.format(key, &[("first", &from), ("last", &(to - 1))]) }</span>
            <code>{ brief }{ rest }</code>
        </p>
    }
}

/// The details of the highlighted field, below a view that shows no text.
pub fn card(inspection: &Inspection, row: Option<&FieldRow>, page: &Page) -> Html {
    let catalog = &page.catalog;
    let Some(row) = row else {
        return html! {
            <p class="inspector__card inspector__card--empty">
                { catalog.text("ui.inspector.hint").to_owned() }
            </p>
        };
    };
    html! {
        <div class="inspector__card">
            <p class="inspector__card-title" translate="no">
                <span class="field__name" lang="en">{ row.name() }</span>
                <span class="field__value">{ row.value.clone() }</span>
            </p>
            { why(row, page) }
            <p class="field__meaning">{ catalog.text(row.meaning).to_owned() }</p>
            { place(inspection, row, catalog) }
        </div>
    }
}

/// The properties of [`Jump`].
#[derive(Properties, PartialEq)]
pub struct JumpProps {
    /// The segment.
    pub id: SegmentId,
    /// The text of the button.
    pub text: String,
    /// Its accessible name.
    pub name: String,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// A button that selects another segment.
#[component]
pub fn Jump(props: &JumpProps) -> Html {
    let id = props.id;
    let onclick = props.page.dispatch.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Action::Look(Look::Select(Some(id)))
    });
    html! {
        <button type="button" class="inspector__jump" {onclick} aria-label={props.name.clone()}>
            { props.text.clone() }
        </button>
    }
}
