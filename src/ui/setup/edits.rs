//! The list of the run's edits, each as a chip.

use tcp_handshake_html::{classes, html};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::add_edit::AddEdit;
use crate::app::tune::{Tuned, tuned};
use crate::app::view::chips::{Chip, chips};
use crate::app::{Action, Change, Open, Run};
use crate::explain::{call_name, side_name};
use crate::link::Link;
use crate::locale::{self, Catalog};
use crate::scenarios::Lesson;
use crate::sim::edit::LONGEST;
use crate::sim::{Edit, Outage, Part};
use crate::time::{Duration, Instant};
use crate::ui::page::{Page, Shared};
use crate::ui::top::scenario_picker::builds_on;

/// The properties of [`Script`].
#[derive(Properties, PartialEq)]
pub struct ScriptProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The scenario's id.
    pub scenario: &'static str,
    /// The link of the run.
    pub link: Shared<Link>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// An edit in words: `Drop C1`, `Delay S2 by 300 ms`, `Server: CLOSE at 900 ms`.
pub fn edit_words(edit: &Edit, catalog: &Catalog) -> String {
    match edit {
        Edit::Drop(id) => catalog.format("ui.script.drop", &[("id", id)]),
        Edit::Corrupt(id) => catalog.format("ui.script.corrupt", &[("id", id)]),
        Edit::Deliver(id, None) => catalog.format("ui.script.deliver", &[("id", id)]),
        Edit::Deliver(id, Some(flight)) => {
            let flight = locale::span(*flight);
            catalog.format("ui.script.deliver-after", &[("id", id), ("flight", &flight)])
        }
        Edit::Delay(id, by) => {
            catalog.format("ui.script.delay", &[("id", id), ("by", &locale::span(*by))])
        }
        Edit::Duplicate(id, None) => catalog.format("ui.script.duplicate", &[("id", id)]),
        Edit::Duplicate(id, Some(later)) => {
            let later = locale::span(*later);
            catalog.format("ui.script.duplicate-later", &[("id", id), ("later", &later)])
        }
        Edit::Call(side, call, at) => {
            let mut what = call_name(*call, catalog);
            if let Some(octets) = call.octets() {
                what = format!("{what} {octets}");
            }
            let (host, at) = (side_name(*side, catalog), locale::instant(*at));
            catalog.format("ui.script.call", &[("host", &host), ("call", &what), ("at", &at)])
        }
        Edit::Cut(Outage { of, from, lasts }) => {
            let at = locale::instant(*from);
            let cut = match lasts.map(locale::span) {
                None => catalog.format("ui.script.cut", &[("at", &at)]),
                Some(lasts) => {
                    catalog.format("ui.script.cut-for", &[("at", &at), ("lasts", &lasts)])
                }
            };
            match of.map(|of| side_name(of, catalog)) {
                None => cut,
                Some(host) => catalog.format("ui.script.cut-of", &[("cut", &cut), ("host", &host)]),
            }
        }
    }
}

/// The time that an edit names.
fn span_of(edit: &Edit) -> Option<Duration> {
    match edit {
        Edit::Delay(_, by) | Edit::Duplicate(_, Some(by)) | Edit::Deliver(_, Some(by)) => Some(*by),
        Edit::Call(_, _, at) => Some(at.since(Instant::ZERO)),
        Edit::Cut(outage) => Some(outage.lasts.unwrap_or(outage.from.since(Instant::ZERO))),
        Edit::Drop(_) | Edit::Corrupt(_) | Edit::Deliver(_, None) | Edit::Duplicate(_, None) => {
            None
        }
    }
}

/// The same edit with another time.
fn with_span(edit: Edit, by: Duration) -> Edit {
    match edit {
        Edit::Delay(id, _) => Edit::Delay(id, by),
        Edit::Duplicate(id, Some(_)) => Edit::Duplicate(id, Some(by)),
        Edit::Deliver(id, Some(_)) => Edit::Deliver(id, Some(by)),
        Edit::Call(side, call, _) => Edit::Call(side, call, Instant::ZERO + by),
        Edit::Cut(outage) if outage.lasts.is_some() => {
            Edit::Cut(Outage { lasts: Some(by), ..outage })
        }
        Edit::Cut(outage) => Edit::Cut(Outage { from: Instant::ZERO + by, ..outage }),
        Edit::Drop(_) | Edit::Corrupt(_) | Edit::Deliver(_, None) | Edit::Duplicate(_, None) => {
            edit
        }
    }
}

/// The field for the time of an edit. The change applies when it is left or Enter is pressed.
fn field(edit: Edit, index: usize, by: Duration, page: &Page) -> Html {
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let dispatch = dispatch.clone();
    let onchange = Callback::from(move |event: web_sys::Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        match input.value().parse() {
            Ok(millis) if millis <= LONGEST.as_millis() => {
                let edit = with_span(edit, Duration::from_millis(millis));
                dispatch.emit(Action::Edit(Change::Replace(index, edit)));
            }
            // Not a time: restore the last valid value.
            _ => input.set_value(&by.as_millis().to_string()),
        }
    });
    let label = catalog.format("ui.script.millis", &[("edit", &edit_words(&edit, catalog))]);
    // As wide as its digits, and the browser's arrows.
    let width = format!("width: calc({}ch + 34px)", by.as_millis().to_string().len().max(3));
    html! { <>
        <input class="edits__chip-millis" style={width} type="number" min="0"
            max={LONGEST.as_millis().to_string()}
            inputmode="numeric" value={by.as_millis().to_string()} {onchange}
            aria-label={label} />
        <span aria-hidden="true">{ " ms" }</span>
    </> }
}

/// An edit as a chip: its words, the field for its time, and the button that removes it. An orphan,
/// an edit of a segment that is never sent, is struck through.
fn chip(index: usize, chip: &Chip, page: &Page) -> Html {
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let Chip { edit, index: own, is_orphan } = *chip;
    let remove = chip.removal();
    let words = edit_words(&edit, catalog);
    let class = classes!(
        "edits__chip",
        own.is_none().then_some("edits__chip--lesson"),
        is_orphan.then_some("edits__chip--orphan"),
    );
    html! {
        <li {class} key={index}>
            <span class="edits__chip-text">
                if is_orphan { <s>{ words.clone() }</s> } else { { words.clone() } }
                if let Some((index, by)) = own.zip(span_of(&edit)) {
                    { " " }
                    { field(edit, index, by, page) }
                }
                if let (true, Some(id)) = (is_orphan, edit.segment()) {
                    { " " }
                    <span class="edits__chip-note">
                        { catalog.format("ui.script.orphan", &[("id", &id)]) }
                    </span>
                }
            </span>
            if let Some(action) = remove {
                <button type="button" class="edits__chip-remove"
                    onclick={dispatch.reform(move |_: MouseEvent| action.clone())}
                    aria-label={catalog.format("ui.script.remove", &[("edit", &words)])}>
                    { "✕" }
                </button>
            }
        </li>
    }
}

/// The part of the run that is shown, and a button that shows the whole.
fn whole(part: Part, page: &Page) -> Html {
    let name = page.catalog.text(&format!("export.part.{}", part.id())).to_owned();
    let onclick = page.dispatch.reform(|_: MouseEvent| Action::Edit(Change::WholeRun));
    html! {
        <p class="edits__part">
            { page.catalog.format("ui.script.part", &[("part", &name)]) }
            { " " }
            <button type="button" class="link-button" {onclick}>
                { page.catalog.text("ui.script.whole").to_owned() }
            </button>
        </p>
    }
}

/// A tuned value as a chip, and the button that gives it back its default.
fn tuned_chip(tuned: Tuned, page: &Page) -> Html {
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let Tuned { text, without } = tuned;
    let onclick =
        dispatch.reform(move |_: MouseEvent| Action::Edit(Change::Tune(Box::new(without.clone()))));
    html! {
        <li class="edits__chip" key={text.clone()}>
            <span class="edits__chip-text">{ &text }</span>
            <button type="button" class="edits__chip-remove" {onclick}
                aria-label={catalog.format("ui.script.remove", &[("edit", &text)])}>
                { "✕" }
            </button>
        </li>
    }
}

/// The scenario's question, and the chips.
#[component]
pub fn Script(props: &ScriptProps) -> Html {
    let ScriptProps { run, scenario, link, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let text = |key: &str| catalog.text(key).to_owned();
    let after = Lesson::find(scenario).map(|it| it.after).filter(|after| !after.is_empty());
    let clear = dispatch.reform(|_: MouseEvent| Action::Edit(Change::Clear));
    let edits = chips(run);
    let tuned = tuned(link, catalog);
    html! {
        <section class="edits" aria-label={text("ui.script.title")}>
            <h2 class="panel__title">
                { catalog.text(&format!("scenario.{scenario}.title")).to_owned() }
            </h2>
            <p class="edits__question">
                { catalog.text(&format!("scenario.{scenario}.question")).to_owned() }
            </p>
            if let Some(after) = after {
                <button type="button" class="link-button edits__after"
                    onclick={dispatch.reform(move |_: MouseEvent| {
                        Action::Open(Open::Scenario(after))
                    })}>
                    { builds_on(after, catalog) }
                </button>
            }
            <div class="edits__head">
                <h3 class="panel__subtitle">{ text("ui.script.title") }</h3>
                if edits.len() > run.lesson_edits {
                    <button type="button" class="link-button" onclick={clear}>
                        { text("ui.script.clear") }
                    </button>
                }
            </div>
            { for run.timeline.is_part().map(|part| whole(part, page)) }
            if edits.is_empty() && tuned.is_empty() {
                <p class="panel__empty">{ text("ui.script.empty") }</p>
            } else {
                <ol class="edits__chips">
                    { for edits.iter().enumerate().map(|(index, it)| chip(index, it, page)) }
                    { for tuned.into_iter().map(|it| tuned_chip(it, page)) }
                </ol>
            }
            <AddEdit count={edits.len() - run.lesson_edits} {page} />
        </section>
    }
}
