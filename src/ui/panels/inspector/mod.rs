//! The inspector of the selected segment: its fields, its bits and its bytes. A field that is
//! pointed at in one view is highlighted in all.

use tcp_handshake_html::{classes, html};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

mod fields;
mod octets;
mod pointing;

use fields::{Jump, card, fields};
use octets::{Bits, Bytes, Strip};
use pointing::use_pointing;

use crate::app::inspector::Inspection;
use crate::app::{Action, Look, Run};
use crate::explain::{self, citation_url, cite, side_name};
use crate::ladder::{Arrow, Fate};
use crate::locale;
use crate::sim::{LossCause, SegmentId};
use crate::ui::browser::focus::move_in_tabs;
use crate::ui::browser::window::copy;
use crate::ui::page::{Page, Shared};

/// The properties of [`Inspector`].
#[derive(Properties, PartialEq)]
pub struct InspectorProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// The segment's fate at the moment shown.
    pub fate: Option<Fate>,
    /// The catalog, its language, and the dispatcher.
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
    let root = use_node_ref();
    // Another segment is read from its top.
    use_effect_with(*selected, {
        let root = root.clone();
        move |_| {
            let top = |element: web_sys::Element| element.set_scroll_top(0);
            if let Some(element) = root.cast::<web_sys::Element>() {
                element.parent_element().into_iter().for_each(top);
                top(element);
            }
        }
    });
    match (&*inspection, arrow) {
        (Some(inspection), Some(arrow)) => html! {
            <div ref={root}
                class={classes!("inspector", format!("inspector--{}", arrow.kind.name()))}>
                { head(run, arrow, fate.unwrap_or(Fate::Future), page) }
                <Views inspection={inspection.clone()} {page} />
            </div>
        },
        _ => empty(run, page),
    }
}

/// The instructions while no segment is selected.
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

/// The segment's name, its fate, and the reason why it was sent.
fn head(run: &Run, arrow: &Arrow, fate: Fate, page: &Page) -> Html {
    let catalog = &page.catalog;
    let record = &run.timeline.trace().segments[arrow.segment];
    let (from, to) = (side_name(arrow.from, catalog), side_name(arrow.from.peer(), catalog));
    let at = |key: &str, at| catalog.format(key, &[("at", &locale::instant(at))]);
    let (end, lost) = match (arrow.lost, fate) {
        (Some(LossCause::Corruption), _) => ("ui.inspector.discarded-at", "ui.inspector.damaged"),
        (Some(_), _) => ("ui.inspector.lost-at", "ui.inspector.never"),
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

/// A view of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Fields,
    Bits,
    Bytes,
}

impl Mode {
    const ALL: [Self; 3] = [Self::Fields, Self::Bits, Self::Bytes];

    /// The id of its tab.
    fn tab_id(self) -> String {
        let name = match self {
            Self::Fields => "fields",
            Self::Bits => "bits",
            Self::Bytes => "bytes",
        };
        format!("look-{name}")
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Fields => "ui.inspector.fields",
            Self::Bits => "ui.inspector.bits",
            Self::Bytes => "ui.inspector.bytes",
        }
    }
}

#[derive(Properties, PartialEq)]
struct ViewsProps {
    inspection: Shared<Inspection>,
    page: Page,
}

/// The three views, one of which is shown at a time.
#[component]
fn Views(props: &ViewsProps) -> Html {
    let ViewsProps { inspection, page } = props;
    let catalog = &page.catalog;
    let look = use_state_eq(|| Mode::Fields);
    let pointing = use_pointing();
    let tab = |it: Mode| {
        let is_current = it == *look;
        let look = look.clone();
        let onclick = Callback::from(move |_: MouseEvent| look.set(it));
        html! {
            <button type="button" role="tab" id={it.tab_id()}
                class="inspector__looks-tab"
                {onclick} aria-selected={if is_current { "true" } else { "false" }}
                aria-controls="look" tabindex={if is_current { "0" } else { "-1" }}>
                { catalog.text(it.key()).to_owned() }
            </button>
        }
    };
    let onkeydown = {
        let look = look.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(next) = move_in_tabs(&event, &Mode::ALL.map(Mode::tab_id)) {
                look.set(Mode::ALL[next]);
            }
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
            aria-labelledby={look.tab_id()}>
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

/// Copies the bytes as hexadecimal digits.
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
