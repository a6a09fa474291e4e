//! The selected segment laid open: its fields, its bits, its octets. What is pointed at in one view
//! lights up in all.

use tcp_handshake_html::{classes, html};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

mod octets;

use octets::{Bits, Bytes, Strip};

use crate::app::inspector::{FieldRow, Inspection, Span};
use crate::app::{Action, Look, Run};
use crate::explain::{self, citation_url, cite, side_name};
use crate::ladder::{Arrow, Fate};
use crate::locale::{self, Catalog};
use crate::sim::{LossCause, SegmentId};
use crate::tcp::HeaderField;
use crate::ui::browser::focus::focus_by_id;
use crate::ui::browser::window::copy;
use crate::ui::page::{Page, Shared};

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct InspectorProps {
    /// The run.
    pub run: Shared<Run>,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// What became of it by now.
    pub fate: Option<Fate>,
    /// The words, and the way to act.
    pub page: Page,
}

/// The inspector.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    let InspectorProps { run, selected, fate, page } = props;
    let inspection = use_memo((run.clone(), *selected), |(run, selected)| {
        let inspection = selected.and_then(|id| Inspection::of(run, id));
        inspection.map(Shared::new)
    });
    let arrow = selected.and_then(|id| run.arrow(id));
    match (&*inspection, arrow) {
        (Some(inspection), Some(arrow)) => html! {
            <div class={classes!("inspector", format!("inspector--{}", arrow.kind.name()))}>
                { head(run, arrow, fate.unwrap_or(Fate::Future), page) }
                <Views inspection={inspection.clone()} {page} />
            </div>
        },
        _ => empty(run, page),
    }
}

/// Nothing is selected: what to do.
fn empty(run: &Run, page: &Page) -> Html {
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let first = run.ladder.arrows.first().map(|arrow| {
        let id = arrow.id;
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Look(Look::Select(Some(id))));
        html! {
            <button type="button" class="button" {onclick}>
                { catalog.format("ui.inspector.open-first", &[("id", &id)]) }
            </button>
        }
    });
    html! {
        <div class="inspector inspector--empty">
            <svg viewBox="0 0 120 64" width="120" height="64" aria-hidden="true">
                <path class="inspector__lifelines" d="M14 4v56M106 4v56" />
                <path class="inspector__flight" d="M14 18 100 40" />
                <path class="inspector__flight-head" d="M106 41.5 95 43l3-8z" />
                <path class="inspector__pointer" d="M58 30v17l4.5-4 3 7 3.5-1.5-3-7h6z" />
            </svg>
            <p>{ catalog.text("ui.inspector.empty").to_owned() }</p>
            <p class="inspector__aside">{ catalog.text("ui.inspector.empty-keys").to_owned() }</p>
            { first }
        </div>
    }
}

/// Which segment, what became of it, and why it was sent.
fn head(run: &Run, arrow: &Arrow, fate: Fate, page: &Page) -> Html {
    let catalog = &page.catalog;
    let record = &run.timeline.trace().segments[arrow.segment];
    let (from, to) = (side_name(arrow.from, catalog), side_name(arrow.from.peer(), catalog));
    let at = |key: &str, at| catalog.format(key, &[("at", &locale::instant(at))]);
    let (end, lost) = match (arrow.lost, fate) {
        (Some(LossCause::Corruption), _) => ("ui.inspector.discarded-at", "ui.inspector.damaged"),
        (Some(LossCause::Edit | LossCause::Chance), _) => {
            ("ui.inspector.lost-at", "ui.inspector.never")
        }
        (None, Fate::Arrived) => ("ui.inspector.arrived", ""),
        (None, _) => ("ui.inspector.arrives", ""),
    };
    let end = at(end, arrow.ends_at);
    let remark = match fate {
        Fate::Lost => Some(lost),
        Fate::Future => Some("ui.inspector.future"),
        Fate::Flying => Some("ui.inspector.flying"),
        Fate::Arrived => arrow.is_old.then_some("ui.inspector.old"),
    };
    html! {
        <header class="inspector__head">
            <h3 class="inspector__title">
                <span class="inspector__id">{ arrow.id.to_string() }</span>
                <span class="inspector__flags" translate="no">{ arrow.flags.clone() }</span>
                if let Some(id) = arrow.repeats {
                    <Jump {id} {page} text={format!("↻ {id}")}
                        name={catalog.format("ui.inspector.repeats", &[("id", &id)])} />
                }
            </h3>
            <p class="inspector__way">
                { catalog.format("ui.inspector.route", &[("from", &from), ("to", &to)]) }
                { " · " }{ at("ui.inspector.sent", arrow.sent_at) }{ " · " }{ end }
            </p>
            if let Some(remark) = remark {
                <p class={classes!("inspector__note", format!("inspector__note--{}", fate.name()))}>
                    { catalog.text(remark).to_owned() }
                </p>
            }
            if let Some(rule) = record.rule {
                <p class="inspector__rule">
                    <span class="inspector__label">
                        { catalog.text("ui.inspector.why-sent").to_owned() }
                    </span>
                    { explain::says(rule, catalog) }
                    { " " }
                    <a href={citation_url(rule)} target="_blank" rel="noopener noreferrer">
                        { cite(rule) }
                    </a>
                </p>
            }
        </header>
    }
}

#[derive(Properties, PartialEq)]
struct JumpProps {
    id: SegmentId,
    text: String,
    name: String,
    page: Page,
}

/// Another segment by its name; a press selects it.
#[component]
fn Jump(props: &JumpProps) -> Html {
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

/// One of three ways to look at a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Fields,
    Bits,
    Bytes,
}

impl Mode {
    const ALL: [Self; 3] = [Self::Fields, Self::Bits, Self::Bytes];

    const fn id(self) -> &'static str {
        match self {
            Self::Fields => "fields",
            Self::Bits => "bits",
            Self::Bytes => "bytes",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Fields => "ui.inspector.fields",
            Self::Bits => "ui.inspector.bits",
            Self::Bytes => "ui.inspector.bytes",
        }
    }
}

/// What is pointed at, and how a view says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Pointing {
    /// The bits that are pointed at or, if none are, that were pressed last.
    pub lit: Option<Span>,
    /// The bits that were pressed last.
    pub pinned: Option<Span>,
    /// Called with what the pointer or the focus is on.
    pub hover: Callback<Option<Span>>,
    /// Called with what was pressed.
    pub pin: Callback<Span>,
}

impl Pointing {
    /// Whether these bits are pointed at.
    pub fn is_lit(&self, span: Span) -> bool {
        self.lit.is_some_and(|lit| lit.overlaps(span))
    }
}

#[derive(Properties, PartialEq)]
struct ViewsProps {
    inspection: Shared<Inspection>,
    page: Page,
}

/// The three views, one at a time.
#[component]
fn Views(props: &ViewsProps) -> Html {
    let ViewsProps { inspection, page } = props;
    let catalog = &page.catalog;
    let look = use_state_eq(|| Mode::Fields);
    let hovered = use_state_eq(|| None::<Span>);
    let pinned = use_state_eq(|| None::<Span>);
    let pointing = Pointing {
        lit: hovered.or(*pinned),
        pinned: *pinned,
        hover: {
            let hovered = hovered.clone();
            Callback::from(move |span| hovered.set(span))
        },
        pin: {
            let pinned = pinned.clone();
            Callback::from(move |span| pinned.set((*pinned != Some(span)).then_some(span)))
        },
    };
    let tab = |it: Mode| {
        let is_current = it == *look;
        let look = look.clone();
        let onclick = Callback::from(move |_: MouseEvent| look.set(it));
        html! {
            <button type="button" role="tab" id={format!("look-{}", it.id())} class="inspector__looks-tab"
                {onclick} aria-selected={if is_current { "true" } else { "false" }}
                aria-controls="look" tabindex={if is_current { "0" } else { "-1" }}>
                { catalog.text(it.key()).to_owned() }
            </button>
        }
    };
    let onkeydown = {
        let look = look.clone();
        Callback::from(move |event: KeyboardEvent| {
            let place = Mode::ALL.iter().position(|it| *it == *look).unwrap_or(0);
            let next = match event.key().as_str() {
                "ArrowRight" => Mode::ALL[(place + 1) % Mode::ALL.len()],
                "ArrowLeft" => Mode::ALL[(place + Mode::ALL.len() - 1) % Mode::ALL.len()],
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            look.set(next);
            focus_by_id(&format!("look-{}", next.id()));
        })
    };
    let lit = pointing.lit.and_then(|span| inspection.row_of(span)).cloned();
    let view = match *look {
        Mode::Fields => fields(inspection, &pointing, page),
        Mode::Bits => html! { <>
            <Bits inspection={inspection.clone()} {page}
                pointing={pointing.clone()} />
            { card(inspection, lit.as_ref(), page) }
        </> },
        Mode::Bytes => html! { <>
            <Bytes inspection={inspection.clone()} {page}
                pointing={pointing.clone()} />
            { card(inspection, lit.as_ref(), page) }
        </> },
    };
    html! { <>
        <div class="inspector__looks">
            <div role="tablist" class="inspector__looks-list" {onkeydown}
                aria-label={catalog.text("ui.inspector.views").to_owned()}>
                { for Mode::ALL.map(tab) }
            </div>
            <CopyHex inspection={inspection.clone()} {page} />
        </div>
        <div role="tabpanel" class="inspector__look" id="look"
            aria-labelledby={format!("look-{}", look.id())}>
            if *look != Mode::Bytes {
                <Strip inspection={inspection.clone()} pointing={pointing.clone()} />
            }
            { view }
        </div>
    </> }
}

#[derive(Properties, PartialEq)]
struct CopyHexProps {
    inspection: Shared<Inspection>,
    page: Page,
}

/// Copies the octets as hexadecimal digits.
#[component]
fn CopyHex(props: &CopyHexProps) -> Html {
    let outcome = use_state_eq(|| None::<bool>);
    {
        let outcome = outcome.clone();
        use_effect_with(props.inspection.clone(), move |_| outcome.set(None));
    }
    let onclick = {
        let (outcome, hex) = (outcome.clone(), props.inspection.hex());
        Callback::from(move |_: MouseEvent| {
            let (outcome, hex) = (outcome.clone(), hex.clone());
            spawn_local(async move {
                outcome.set(Some(copy(&hex).await));
            });
        })
    };
    let text = match *outcome {
        None => "ui.inspector.copy",
        Some(true) => "ui.inspector.copied",
        Some(false) => "ui.inspector.copy-failed",
    };
    html! {
        <button type="button" class="inspector__looks-copy" {onclick} aria-live="polite">
            <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
                <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />
            </svg>
            { props.page.catalog.text(text).to_owned() }
        </button>
    }
}

/// All fields, each with its value and why it has it.
fn fields(inspection: &Inspection, pointing: &Pointing, page: &Page) -> Html {
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

/// The eight flags, those that are set filled.
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

/// Where a field stands, and its octets.
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

/// What is pointed at in the views without words of their own.
fn card(inspection: &Inspection, row: Option<&FieldRow>, page: &Page) -> Html {
    let catalog = &page.catalog;
    let Some(row) = row else {
        return html! {
            <p class="inspector__card inspector__card--empty">{ catalog.text("ui.inspector.hint").to_owned() }</p>
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
