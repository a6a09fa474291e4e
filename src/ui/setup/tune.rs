//! The Tune panel: the network, the hosts, and the stack whose defaults they use.

use tcp_handshake_html::{classes, html};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::app::stacks::{FACTS, Fact};
use crate::app::tune::{Tunable, tuned};
use crate::app::{Action, Change, Run};
use crate::link::{Link, Panel};
use crate::locale::Catalog;
use crate::scenarios::Stack;
use crate::sim::Side;
use crate::ui::page::{Page, Shared};

/// The properties of [`Tune`].
#[derive(Properties, PartialEq)]
pub struct TuneProps {
    /// The link of the run shown.
    pub link: Shared<Link>,
    /// The run shown.
    pub run: Shared<Run>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The panel's id, in the document and among a link's panels.
const ID: &str = "tune";

/// The panel, which is closed at first.
#[component]
pub fn Tune(props: &TuneProps) -> Html {
    let TuneProps { link, page, .. } = props;
    let catalog = &page.catalog;
    let is_open = use_state(|| link.view.panels.contains(&Panel::Tune));
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    html! {
        <section class="tune" aria-label={catalog.text("ui.tune.title").to_owned()}>
            <h2 class="panel__title">
                <button type="button" class="tune__toggle" onclick={toggle} aria-controls={ID}
                    aria-expanded={if *is_open { "true" } else { "false" }}>
                    <span class="tune__arrow" aria-hidden="true">{ "▸" }</span>
                    <span>{ catalog.text("ui.tune.title") }</span>
                    if !*is_open { <span class="tune__summary">{ summary(props) }</span> }
                </button>
            </h2>
            if *is_open { { body(props) } }
        </section>
    }
}

/// The tuned values in short.
fn summary(props: &TuneProps) -> String {
    let tuned = tuned(&props.link, &props.page.catalog).into_iter();
    tuned.map(|it| it.text).collect::<Vec<_>>().join(" · ")
}

fn name(tunable: Tunable, catalog: &Catalog) -> String {
    catalog.text(&format!("ui.tune.{}", tunable.id())).to_owned()
}

fn body(props: &TuneProps) -> Html {
    let TuneProps { link, page, .. } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let text = |key: &str| catalog.text(key).to_owned();
    let reset = {
        let (dispatch, link) = (dispatch.clone(), link.clone());
        Callback::from(move |_: MouseEvent| tune(&dispatch, link.untuned()))
    };
    let is_plain = link.untuned() == **link;
    let fields = Tunable::ALL.map(|tunable| {
        html! {
            <Field
                key={tunable.id()} {tunable} link={link.clone()} run={props.run.clone()} {page}
            />
        }
    });
    let options = Tunable::OPTIONS.map(|tunable| {
        html! {
            <Field
                key={tunable.id()} {tunable} link={link.clone()} run={props.run.clone()} {page}
            />
        }
    });
    let is_changed = Tunable::OPTIONS.iter().any(|tunable| tunable.is_tuned(link));
    let facts = FACTS.iter().map(|fact| fact_of(fact, link.tuning().stack, catalog));
    html! {
        <div class="tune__body" id={ID}>
            <fieldset class="tune__stacks">
                <legend>{ text("ui.tune.stack") }</legend>
                { for Stack::ALL.map(|stack| choice(stack, props)) }
            </fieldset>
            <div class="tune__fields">{ for fields }</div>
            <details class="tune__options" open={is_changed}>
                <summary>{ text("ui.tune.options") }</summary>
                <div class="tune__fields">{ for options }</div>
            </details>
            <button type="button" class="button" onclick={reset} disabled={is_plain}>
                { text("ui.tune.reset") }
            </button>
            <details class="tune__facts">
                <summary>{ text("ui.tune.facts") }</summary>
                <dl>{ for facts }</dl>
            </details>
        </div>
    }
}

fn tune(dispatch: &Callback<Action>, link: Link) {
    dispatch.emit(Action::Edit(Change::Tune(Box::new(link))));
}

/// One of the two stacks.
fn choice(stack: Stack, props: &TuneProps) -> Html {
    let TuneProps { link, page, .. } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let onchange = {
        let (dispatch, link) = (dispatch.clone(), link.clone());
        Callback::from(move |_: Event| {
            if let Ok(link) = link.tuned("stack", stack.id()) {
                tune(&dispatch, link);
            }
        })
    };
    html! {
        <label class="tune__stack">
            <input type="radio" name="stack" value={stack.id()} {onchange}
                checked={link.tuning().stack == stack} />
            <span>{ catalog.text(&format!("ui.tune.{}", stack.id())).to_owned() }</span>
        </label>
    }
}

/// A number of both stacks with its sources. The number of the stack in use is emphasized.
fn fact_of(fact: &Fact, used: Stack, catalog: &Catalog) -> Html {
    let rows = Stack::ALL.into_iter().zip(fact.sources).map(|(stack, source)| {
        let class = classes!("tune__fact", (stack == used).then_some("tune__fact--used"));
        html! {
            <dd {class}>
                <span>{ catalog.text(&format!("ui.tune.{}", stack.id())).to_owned() }</span>
                <b>{ fact.value(stack, catalog) }</b>
                <span class="tune__source" lang="en">{ source }</span>
            </dd>
        }
    });
    html! { <>
        <dt>{ catalog.text(&format!("ui.tune.fact.{}", fact.id)).to_owned() }</dt>
        { for rows }
    </> }
}

#[derive(Properties, PartialEq)]
struct FieldProps {
    tunable: Tunable,
    link: Shared<Link>,
    run: Shared<Run>,
    page: Page,
}

/// A field. A valid value applies as it is typed; an invalid one shows a complaint.
#[component]
fn Field(props: &FieldProps) -> Html {
    let FieldProps { tunable, link, page, .. } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let tunable = *tunable;
    // The text being typed, and the complaint about it.
    let typed = use_state(|| None::<String>);
    let complaint = use_state_eq(|| None::<String>);
    let take = {
        let (typed, complaint) = (typed.clone(), complaint.clone());
        let (link, dispatch, catalog) = (link.clone(), dispatch.clone(), catalog.clone());
        Callback::from(move |text: String| {
            match tunable.set(&link, &text) {
                Ok(link) => {
                    complaint.set(None);
                    tune(&dispatch, link);
                }
                Err(kind) => complaint.set(Some(tunable.complaint(kind, &catalog))),
            }
            typed.set(Some(text));
        })
    };
    let oninput = take.reform(|event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        input.value()
    });
    // A valid value is then rewritten in the link's notation; an invalid one stays, to be
    // corrected.
    let settle = {
        let (typed, complaint) = (typed.clone(), complaint.clone());
        move |even_bad: bool| {
            if even_bad || complaint.is_none() {
                typed.set(None);
                complaint.set(None);
            }
        }
    };
    let onchange = {
        let settle = settle.clone();
        Callback::from(move |_: Event| settle(false))
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            settle(true);
        }
    });
    if let Some(choices) = tunable.choices() {
        return switch(props, choices, &take);
    }
    let id = format!("tune-{}", tunable.id());
    let note_id = format!("{id}-note");
    let name = name(tunable, catalog);
    let note = (*complaint).clone().or_else(|| own_value(props));
    let is_bad = complaint.is_some();
    html! {
        <div class={classes!("tune__field", is_bad.then_some("tune__field--bad"))}>
            <label for={id.clone()}>{ name.clone() }</label>
            { extra(props, name, &take) }
            <input {id} type="text" autocomplete="off" spellcheck="false" {oninput} {onchange}
                {onkeydown} inputmode={if tunable.is_span() { "text" } else { "numeric" }}
                value={(*typed).clone().unwrap_or_else(|| tunable.value(link))}
                aria-invalid={is_bad.then_some("true")}
                aria-describedby={note.is_some().then(|| note_id.clone())} />
            <p class="tune__note" id={note_id} role={is_bad.then_some("alert")}>
                { note.unwrap_or_default() }
            </p>
        </div>
    }
}

/// A field with one of four values: on for both hosts, for one of them, or for neither.
fn switch(props: &FieldProps, choices: [&'static str; 4], take: &Callback<String>) -> Html {
    let FieldProps { tunable, link, page, .. } = props;
    let catalog = &page.catalog;
    let id = format!("tune-{}", tunable.id());
    let value = tunable.value(link);
    let keys = ["ui.tune.on", "ui.tune.client-only", "ui.tune.server-only", "ui.tune.off"];
    let options = choices.into_iter().zip(keys).map(|(choice, key)| {
        let text = catalog.text(key).to_owned();
        html! { <option value={choice} selected={choice == value}>{ text }</option> }
    });
    let onchange = take.reform(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        select.value()
    });
    html! {
        <div class="tune__field">
            <label for={id.clone()}>{ name(*tunable, catalog) }</label>
            <select {id} {onchange}>{ for options }</select>
        </div>
    }
}

/// The note that the scenario gives some hosts a value of their own.
fn own_value(props: &FieldProps) -> Option<String> {
    let FieldProps { tunable, link, run, page } = props;
    let host = |side: &Side| page.catalog.text(&format!("ui.host.{}", side.name())).to_owned();
    let own = tunable.set_by_scenario(link, run);
    let hosts = own.iter().map(host).collect::<Vec<_>>().join(", ");
    (!own.is_empty()).then(|| page.catalog.format("ui.tune.own", &[("hosts", &hosts)]))
}

/// A slider for the round-trip time and the loss rate, a button for the seed.
fn extra(props: &FieldProps, name: String, take: &Callback<String>) -> Html {
    let FieldProps { tunable, link, page, .. } = props;
    let catalog = &page.catalog;
    let tuning = link.tuning();
    let (value, max, step, unit) = match tunable {
        Tunable::Rtt => (tuning.rtt.as_millis().min(1_000), "1000", "10", "ms"),
        Tunable::Loss => (tuning.loss_percent.into(), "100", "1", ""),
        Tunable::Seed => {
            let next = tuning.seed.wrapping_add(1).to_string();
            let onclick = take.reform(move |_: MouseEvent| next.clone());
            return html! {
                <button type="button" class="link-button" {onclick}>
                    { catalog.text("ui.tune.another").to_owned() }
                </button>
            };
        }
        _ => return Html::default(),
    };
    let oninput = take.reform(move |event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        format!("{}{unit}", input.value())
    });
    html! {
        <input class="tune__slider" type="range" min="0" {max} {step} value={value.to_string()}
            aria-label={name} {oninput} />
    }
}
