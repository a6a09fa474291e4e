//! The card beside the run of a captured connection.

use std::cell::Cell;
use std::rc::Rc;

use tcp_handshake_html::html;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::file::{self, shown_source};
use crate::app::captured::Captured;
use crate::app::captured::scenario::{NotAScenario, scenario};
use crate::app::captured::summary::summary;
use crate::app::{Action, Look, Open, Run};
use crate::capture::{CapturePoint, MOST_SEGMENTS, date_and_time};
use crate::explain;
use crate::export;
use crate::locale::{self, Catalog};
use crate::sim::SegmentId;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::page::{Page, Shared};

/// The properties of [`CaptureCard`].
#[derive(Properties, PartialEq)]
pub struct CaptureCardProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The card.
#[component]
pub fn CaptureCard(props: &CaptureCardProps) -> Html {
    let CaptureCardProps { run, selected, page } = props;
    let words = use_words("capture", &page.lang, true);
    let Some(captured) = &run.capture else { return Html::default() };
    let title = page.catalog.text("ui.capture.name").to_owned();
    let words = match words {
        Words::Ready(words) => words,
        Words::Loading => return html! { <section class="captured" aria-busy="true"></section> },
        Words::Failed => {
            return html! {
                <section class="captured">
                    <p role="alert">{ page.catalog.text("ui.late.failed").to_owned() }</p>
                </section>
            };
        }
    };
    let dispatch = &page.dispatch;
    let text = |key: &str| words.text(key).to_owned();
    let list = dispatch.reform(|_: MouseEvent| Action::Look(Look::ShowCapture(true)));
    let leave = dispatch.reform(|_: MouseEvent| Action::Open(Open::Leave));
    html! {
        <section class="captured" aria-label={title}>
            <h2 class="panel__title">{ text("capture.card") }</h2>
            <div class="captured__row">
                <button type="button" class="button" onclick={list}>
                    { text("capture.to-list") }
                </button>
                <button type="button" class="button" onclick={leave}>
                    { text("capture.to-simulator") }
                </button>
            </div>
            { ends(captured, &words) }
            <div class="captured__summary" role="group" aria-label={text("capture.summary")}>
                { for summary(run, &words).iter().map(|sentence| html! {
                    <p>{ with_segments(sentence, run, dispatch) }</p>
                }) }
            </div>
            <Selected run={run.clone()} selected={*selected} words={words.clone()} />
            { place(captured, &words, dispatch) }
            <p class="captured__legend">
                <svg viewBox="0 0 44 20" width="44" height="20" aria-hidden="true">
                    <path class="captured__line" d="M2 10h40" />
                </svg>
                <span>{ text("capture.legend") }</span>
            </p>
            <Window captured={Shared::from(Rc::clone(captured))} words={words.clone()} {page} />
            <p class="captured__hint">{ text("capture.fixed") }</p>
            <Make run={run.clone()} words={words.clone()} {page} />
        </section>
    }
}

fn ends(captured: &Captured, words: &Catalog) -> Html {
    let [client, server] = captured.addresses.map(|address| address.to_string());
    let start = date_and_time(captured.start);
    let name = match &*captured.source.file {
        "" => words.text("capture.pasted").to_owned(),
        name => name.to_owned(),
    };
    let rows = [
        ("capture.client", client),
        ("capture.server", server),
        ("capture.start", start),
        ("capture.source", name),
    ];
    html! {
        <dl class="captured__ends">
            { for rows.into_iter().map(|(key, value)| html! {
                <div><dt>{ words.text(key).to_owned() }</dt><dd>{ value }</dd></div>
            }) }
        </dl>
    }
}

/// A sentence in which each segment of the run is a button that selects it.
fn with_segments(sentence: &str, run: &Run, dispatch: &Callback<Action>) -> Html {
    let pieces = explain::naming_segments(sentence, run.timeline.trace());
    let pieces = pieces.map(|(text, id)| match id {
        None => html! { { text.to_owned() } },
        Some(id) => {
            let onclick =
                dispatch.reform(move |_: MouseEvent| Action::Look(Look::Select(Some(id))));
            html! {
                <button type="button" class="explanation__segment" {onclick}>
                    { text.to_owned() }
                </button>
            }
        }
    });
    pieces.collect()
}

/// Where the capture was made, and the choice of another place.
fn place(captured: &Rc<Captured>, words: &Catalog, dispatch: &Callback<Action>) -> Html {
    let path = captured.path;
    let said = export::place(path, words);
    let delay = locale::span(crate::time::Duration::from_micros(path.one_way_delay.unsigned_abs()));
    let delay = words.format("capture.delay", &[("delay", &delay)]);
    let choices = [
        ("capture.point.client", CapturePoint::Client),
        ("capture.point.between", CapturePoint::Between(500)),
        ("capture.point.server", CapturePoint::Server),
    ];
    let onchange = {
        let (captured, dispatch) = (Rc::clone(captured), dispatch.clone());
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let chosen = choices.iter().find(|(key, _)| *key == select.value());
            let shown = captured.at(chosen.map(|(_, point)| *point));
            dispatch.emit(Action::Open(Open::Capture(shown)));
        })
    };
    let is_at =
        |point: CapturePoint| std::mem::discriminant(&point) == std::mem::discriminant(&path.point);
    html! { <>
        <p>{ said }{ " " }{ delay }</p>
        <label class="captured__point">
            { words.text("capture.point.title").to_owned() }{ " " }
            <select {onchange}>
                { for choices.into_iter().map(|(key, point)| html! {
                    <option value={key} selected={is_at(point) && !path.is_inferred}>
                        { words.text(key).to_owned() }
                    </option>
                }) }
                <option value="inferred" selected={path.is_inferred}>
                    { words.text("capture.point.inferred").to_owned() }
                </option>
            </select>
        </label>
    </> }
}

#[derive(Properties, PartialEq)]
struct MakeProps {
    run: Shared<Run>,
    words: Shared<Catalog>,
    page: Page,
}

/// The way to a run of the simulator that sends the same segments.
#[component]
fn Make(props: &MakeProps) -> Html {
    let MakeProps { run, words, page } = props;
    // The answer belongs to the run for which it was asked.
    let refused = use_state(|| None::<(Shared<Run>, NotAScenario)>);
    let onclick = {
        let (run, dispatch, refused) = (run.clone(), page.dispatch.clone(), refused.clone());
        Callback::from(move |_: MouseEvent| match scenario(&run) {
            Ok(link) => dispatch.emit(Action::Open(Open::Run(Box::new(link)))),
            Err(why) => refused.set(Some((run.clone(), why))),
        })
    };
    let why = refused.as_ref().filter(|(other, _)| other == run).map(|(_, why)| *why);
    html! {
        <div class="captured__make">
            <p class="captured__hint">{ words.text("capture.make.how").to_owned() }</p>
            <button type="button" class="button" {onclick}>
                { words.text("capture.make.title").to_owned() }
            </button>
            <p role="status">{ for why.map(|why| why_not(why, words, page)) }</p>
        </div>
    }
}

/// Why a captured connection is not a scenario.
fn why_not(why: NotAScenario, words: &Catalog, page: &Page) -> String {
    match why {
        NotAScenario::Incomplete => words.text("capture.make.incomplete").to_owned(),
        NotAScenario::TooLong => words.text("capture.make.too-long").to_owned(),
        NotAScenario::Differs { closest, first } => {
            let title = page.catalog.text(&format!("scenario.{closest}.title")).to_owned();
            match first {
                Some(id) => {
                    words.format("capture.make.differs", &[("scenario", &title), ("segment", &id)])
                }
                None => words.format("capture.make.more", &[("scenario", &title)]),
            }
        }
    }
}

#[derive(Properties, PartialEq)]
struct SelectedProps {
    run: Shared<Run>,
    selected: Option<SegmentId>,
    words: Shared<Catalog>,
}

/// What the capture says about the selected segment.
#[component]
fn Selected(props: &SelectedProps) -> Html {
    let SelectedProps { run, selected, words } = props;
    let found = selected.and_then(|id| {
        let (frame, notes) = run.capture.as_ref()?.of_segment(&run.timeline, id)?;
        Some((id, frame, notes))
    });
    let Some((id, frame, notes)) = found else { return Html::default() };
    html! {
        <div class="captured__selected" role="status">
            <p>{ words.format("capture.frame", &[("segment", &id), ("frame", &frame)]) }</p>
            { for notes.iter().map(|note| html! {
                <p>
                    <b>{ words.text(&format!("capture.note.{}", note.name())).to_owned() }</b>
                    { ": " }{ words.text(&format!("capture.says.{}", note.name())).to_owned() }
                </p>
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct WindowProps {
    captured: Shared<Captured>,
    words: Shared<Catalog>,
    page: Page,
}

/// Which segments of a long connection are shown, and the way to the others.
#[component]
fn Window(props: &WindowProps) -> Html {
    let WindowProps { captured, words, page } = props;
    let is_busy = use_state_eq(|| false);
    let failed = use_state_eq(|| false);
    let (before, after) = (captured.source.before, captured.after());
    let all = captured.connection.segments();
    if before == 0 && after == 0 {
        return Html::default();
    }
    let go = |to: u64| {
        let (captured, dispatch) = (captured.clone(), page.dispatch.clone());
        let (is_busy, failed) = (is_busy.clone(), failed.clone());
        Callback::from(move |_: MouseEvent| {
            let (captured, dispatch) = (captured.clone(), dispatch.clone());
            let (is_busy, failed) = (is_busy.clone(), failed.clone());
            is_busy.set(true);
            yew::platform::spawn_local(async move {
                let (number, connection) = (captured.source.number, captured.connection.clone());
                let source = shown_source();
                let shown = match &source {
                    Some(source) => {
                        let wanted = Cell::new(true);
                        file::open(source, number, connection, to, &wanted, |_| ()).await.ok()
                    }
                    None => None,
                };
                is_busy.set(false);
                failed.set(shown.is_none());
                if let Some(shown) = shown {
                    dispatch.emit(Action::Open(Open::Capture(shown)));
                }
            });
        })
    };
    let most = MOST_SEGMENTS as u64;
    let (first, last) = (locale::number(before + 1), locale::number(all - after));
    let said = words.format(
        "capture.window",
        &[("first", &first), ("last", &last), ("all", &locale::number(all))],
    );
    html! {
        <div class="captured__window">
            <p role="status">{ said }</p>
            if *failed {
                <p class="capture__error" role="alert">
                    { words.text("capture.unreadable").to_owned() }
                </p>
            }
            <div class="captured__row">
                <button type="button" class="button" disabled={before == 0 || *is_busy}
                    onclick={go(before.saturating_sub(most))}>
                    { words.text("capture.earlier").to_owned() }
                </button>
                <button type="button" class="button" disabled={after == 0 || *is_busy}
                    onclick={go(all - after)}>
                    { words.text("capture.later").to_owned() }
                </button>
            </div>
        </div>
    }
}
