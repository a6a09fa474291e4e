//! The panel that teaches: the steps of both handshakes, highlighted in time with the run, and
//! common questions and mistakes, each with a run that demonstrates the answer.

use gloo::utils::document;
use tcp_handshake_html::html;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::app::learn::{
    Demo, HandshakeStep, MISTAKES, OPENING, Progress, QUESTIONS, Question, rows,
};
use crate::app::{Action, Open, Play, Run};
use crate::explain::section_url;
use crate::ladder::Moment;
use crate::locale::Catalog;
use crate::sim::Side;
use crate::time::Instant;
use crate::ui::browser::window::copy;
use crate::ui::late;
use crate::ui::page::{Page, Shared};

/// The properties of [`Learn`].
#[derive(Properties, PartialEq)]
pub struct LearnProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The current step; `None` before the first.
    pub step: Option<usize>,
    /// The texts of the lessons.
    pub words: Shared<Catalog>,
    /// Computes the address of the present view.
    pub address: Callback<(), String>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The panel.
#[component]
pub fn Learn(props: &LearnProps) -> Html {
    let text = |key: &str| props.words.text(key).to_owned();
    let rows = use_memo(props.run.clone(), |run| rows(run.timeline.trace()));
    let (open, close) = rows.split_at(OPENING);
    html! {
        <div class="learn">
            <p>{ text("learn.phases") }</p>
            { handshake(props, "open", open) }
            { handshake(props, "close", close) }
            <Copying words={props.words.clone()} address={props.address.clone()}
                page={&props.page} />
            <h2>{ text("learn.questions") }</h2>
            <p class="learn__try">{ text("learn.try") }</p>
            <ol class="learn__questions">
                { for (1..).zip(&QUESTIONS).map(|(number, it)| question(props, number, it)) }
            </ol>
            <h2>{ text("learn.mistakes") }</h2>
            <ul class="learn__mistakes">
                { for (1..).zip(&MISTAKES).map(|(number, shown)| html! {
                    <li>
                        <p class="learn__claim">
                            { text(&format!("learn.mistake.{number}.claim")) }
                        </p>
                        <p>{ text(&format!("learn.mistake.{number}.fact")) }</p>
                        { see(props, &[*shown]) }
                    </li>
                }) }
            </ul>
            <p><a href={format!("notes/{}.html", props.page.lang)}>{ text("learn.notes") }</a></p>
        </div>
    }
}

/// A handshake: its steps, its purpose, and an answer for an interview.
fn handshake(props: &LearnProps, name: &str, rows: &[HandshakeStep]) -> Html {
    let text = |key: &str| props.words.text(&format!("learn.{name}.{key}")).to_owned();
    let reasons = ["why.1", "why.2", "why.3"];
    html! {
        <section>
            <h2>{ text("title") }</h2>
            <ol class="learn__steps">
                { for (1..).zip(rows).map(|(number, row)| step(props, name, number, row)) }
            </ol>
            <h3>{ text("why.title") }</h3>
            <ol class="learn__reasons">
                { for reasons.map(|key| html! { <li>{ text(key) }</li> }) }
            </ol>
            <p class="learn__point">
                <b>{ props.words.text("learn.point").to_owned() }</b>
                { " " }
                { text("interview") }
            </p>
        </section>
    }
}

/// The flags of each step's segment.
const SEGMENTS: [(&str, [&str; 4]); 2] =
    [("open", ["SYN", "SYN,ACK", "ACK", ""]), ("close", ["FIN", "ACK", "FIN", "ACK"])];

fn step(props: &LearnProps, name: &str, number: usize, row: &HandshakeStep) -> Html {
    let LearnProps { run, words, page, .. } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let trace = run.timeline.trace();
    let at = props.step.and_then(|step| trace.steps.get(step)).map_or(Instant::ZERO, |it| it.at);
    let progress = row.progress(run, Moment { at, step: props.step });
    let host = |side: Side| catalog.text(&format!("ui.host.{}", side.name())).to_owned();
    let in_text = |side: Side| catalog.text(&format!("explain.{}", side.name())).to_owned();
    // In the close, the side that closes first takes the first and the last step.
    let closer = if matches!(number, 1 | 4) { row.from } else { row.from.peer() };
    let says = words.format(
        &format!("learn.{name}.step.{number}"),
        &[("host", &in_text(closer)), ("peer", &in_text(closer.peer()))],
    );
    let direction =
        words.format("learn.way", &[("from", &host(row.from)), ("to", &host(row.from.peer()))]);
    let segment =
        SEGMENTS.iter().find(|(it, _)| *it == name).map_or("", |(_, all)| all[number - 1]);
    let moment = Moment { at, step: props.step };
    let names = row.names(run, moment, catalog.text("export.lost"));
    let is_absent = progress == Progress::Absent;
    let note = if is_absent { words.text("learn.absent").to_owned() } else { names };
    let target = row.sent_after(trace, props.step);
    let go = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(step) = target {
            go.emit(Action::Play(Play::SeekStep(step)));
            show_player();
        }
    });
    html! {
        <li class="learn__step" data-progress={progress.name()}
            aria-current={(progress == Progress::Flying).then_some("step")}>
            <button type="button" class="learn__go" {onclick} disabled={target.is_none()}
                title={words.format("learn.go", &[("step", &number)])}>
                <span class="learn__number">{ number.to_string() }</span>
                <span class="learn__way">{ direction }</span>
                <b class="learn__segment">{ segment }</b>
                <span class="learn__names">{ note }</span>
                <span class="learn__says">{ says }</span>
            </button>
        </li>
    }
}

fn question(props: &LearnProps, number: usize, question: &Question) -> Html {
    let text = |key: &str| props.words.text(&format!("learn.question.{number}.{key}")).to_owned();
    let clause = |(rfc, section): &(u16, &'static str)| {
        let sign = if section.is_empty() { "" } else { " §" };
        html! {
            <a href={section_url(*rfc, section)} target="_blank" rel="noopener noreferrer">
                { format!("RFC {rfc}{sign}{section}") }
            </a>
        }
    };
    html! {
        <li>
            <details>
                <summary>{ text("asked") }</summary>
                <p>{ text("answer") }</p>
                <p class="learn__clauses">{ for question.clauses.iter().map(clause) }</p>
                { see(props, question.shown) }
            </details>
        </li>
    }
}

/// The runs that demonstrate a point. They are real links; a plain click plays the run here.
fn see(props: &LearnProps, shown: &[Demo]) -> Html {
    let LearnProps { words, page, .. } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let link = |shown: &Demo| {
        let shown = *shown;
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |event: MouseEvent| {
            if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                event.prevent_default();
                dispatch.emit(Action::Open(Open::Demo(shown)));
                show_player();
            }
        });
        html! {
            <a href={format!("#{}", shown.link)} {onclick} class="learn__see">
                <span aria-hidden="true">{ "▶ " }</span>
                { words.text("learn.see").to_owned() }{ ": " }
                { catalog.text(&format!("scenario.{}.title", shown.scenario)).to_owned() }
            </a>
        }
    };
    html! { <p class="learn__shown">{ for shown.iter().map(link) }</p> }
}

/// Scrolls to the player, which is above the panel on a narrow page.
fn show_player() {
    if let Ok(Some(player)) = document().query_selector(".stage__player") {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        player.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

#[derive(Properties, PartialEq)]
struct CopyingProps {
    words: Shared<Catalog>,
    address: Callback<(), String>,
    page: Page,
}

/// The button that copies the run as a Markdown table, and reports the result.
#[component]
fn Copying(props: &CopyingProps) -> Html {
    let CopyingProps { words, address, page } = props;
    let lang = &page.lang;
    let said = use_state_eq(|| "");
    let onclick = {
        let (said, lang, address) = (said.clone(), lang.clone(), address.clone());
        Callback::from(move |_: MouseEvent| {
            let (said, lang, address) = (said.clone(), lang.clone(), address.emit(()));
            yew::platform::spawn_local(async move {
                let is_copied = match late::markdown_table(address, lang).await {
                    Ok(table) => copy(&table).await,
                    Err(_) => false,
                };
                said.set(if is_copied { "learn.copied" } else { "learn.not-copied" });
            });
        })
    };
    html! {
        <p class="learn__copying">
            <button type="button" class="button" {onclick}>
                { words.text("learn.copy").to_owned() }
            </button>
            <span role="status">
                { if said.is_empty() { String::new() } else { words.text(*said).to_owned() } }
            </span>
        </p>
    }
}
