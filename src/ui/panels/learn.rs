//! The panel that teaches: the steps of both handshakes, highlighted in time with the run, and
//! common questions and mistakes, each with a run that demonstrates the answer.

use gloo::utils::document;
use tcp_handshake_html::html;
use wasm_bindgen::JsCast;
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::app::course;
use crate::app::learn::{
    Demo, HandshakeStep, MISTAKES, OPENING, Progress as Step, QUESTIONS, Question, rows,
};
use crate::app::progress::{Grade, Progress};
use crate::app::{Action, Look, Open, Play, Run};
use crate::explain::section_url;
use crate::ladder::Moment;
use crate::locale::Catalog;
use crate::sim::Side;
use crate::time::Instant;
use crate::ui::browser::progress;
use crate::ui::browser::window::copy;
use crate::ui::ending::place;
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
    /// The open question.
    pub question: Option<u16>,
    /// The scenario's id.
    pub scenario: &'static str,
    /// Whether the run is the lesson itself, without edits.
    pub is_lesson: bool,
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
    let root = use_node_ref();
    let moment = moment(props);
    use_follow(&root, latest(&*rows, moment, &props.run));
    use_question(&root, props.question);
    let update = use_force_update();
    let kept = progress::kept();
    let forget = {
        let update = update.clone();
        Callback::from(move |_: MouseEvent| {
            progress::forget();
            update.force_update();
        })
    };
    let known = (1..=QUESTIONS.len()).filter(|it| kept.grade(*it) == Some(Grade::Knew)).count();
    let known =
        props.words.format("learn.known", &[("known", &known), ("count", &QUESTIONS.len())]);
    html! {
        <div class="learn" ref={root}>
            { lesson(props, &kept) }
            <p>{ text("learn.phases") }</p>
            { handshake(props, "open", open) }
            { handshake(props, "close", close) }
            <Copying words={props.words.clone()} address={props.address.clone()}
                page={&props.page} />
            <h2>{ text("learn.questions") }</h2>
            <p class="learn__try">{ text("learn.try") }{ " " }{ known }</p>
            <ol class="learn__questions">
                { for (1..).zip(&QUESTIONS).map(|(number, it)| {
                    question(props, number, it, &kept, &update)
                }) }
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
            <p class="learn__kept">
                { text("learn.kept") }
                { " " }
                <button type="button" class="link-button" onclick={forget}
                    disabled={kept.is_empty()}>{ text("learn.forget") }</button>
            </p>
        </div>
    }
}

/// The place of the run's scenario in the course, the question that it answers, and the next one.
fn lesson(props: &LearnProps, kept: &Progress) -> Html {
    let LearnProps { scenario, is_lesson, page, .. } = props;
    let catalog = &page.catalog;
    let next = course::next(scenario, kept).map(|lesson| {
        let id = lesson.id;
        let onclick = page.dispatch.reform(move |_: MouseEvent| Action::Open(Open::Scenario(id)));
        let title = catalog.text(&format!("scenario.{id}.title")).to_owned();
        html! {
            <button type="button" class="link-button learn__next" {onclick} title={title.clone()}>
                { props.words.format("learn.next", &[("title", &title)]) }
            </button>
        }
    });
    html! {
        <div class="learn__lesson">
            <p class="learn__place">
                if *is_lesson { { place(scenario, kept.has_played(scenario), page) } }
                { for next }
            </p>
            if *is_lesson {
                <p class="learn__asks">
                    { catalog.text(&format!("scenario.{scenario}.question")).to_owned() }
                </p>
            }
        </div>
    }
}

/// The moment of the current step.
fn moment(props: &LearnProps) -> Moment {
    let trace = props.run.timeline.trace();
    let at = props.step.and_then(|step| trace.steps.get(step)).map_or(Instant::ZERO, |it| it.at);
    Moment { at, step: props.step }
}

/// The place among all steps of the latest one that has begun.
fn latest(rows: &[HandshakeStep], moment: Moment, run: &Run) -> Option<usize> {
    let progress = rows.iter().map(|row| row.progress(run, moment)).collect::<Vec<_>>();
    let flying = progress.iter().position(|it| *it == Step::Flying);
    let has_begun = |it: &Step| matches!(it, Step::Done | Step::Lost);
    flying.or_else(|| progress.iter().rposition(has_begun))
}

/// Keeps the step of the handshakes that the run has come to in sight, unless the viewer reads
/// elsewhere in the panel.
#[hook]
fn use_follow(root: &NodeRef, latest: Option<usize>) {
    let (root, last) = (root.clone(), use_mut_ref(|| None::<usize>));
    use_effect_with(latest, move |latest| {
        let before = last.replace(*latest);
        let root = root.cast::<Element>();
        let list = root.as_ref().and_then(|root| root.parent_element());
        let Some((root, list)) = root.zip(list) else { return };
        let step = |place: usize| {
            let all = root.query_selector_all(".learn__step").ok()?;
            all.get(u32::try_from(place).ok()?)?.dyn_into::<Element>().ok()
        };
        let is_read = match before.and_then(step) {
            Some(before) => is_in_sight(&list, &before),
            None => list.scroll_top() == 0,
        };
        match latest.map(step) {
            Some(Some(step)) if is_read => scroll_to(&list, &step),
            None if is_read => list.set_scroll_top(0),
            _ => {}
        }
    });
}

fn is_in_sight(list: &Element, element: &Element) -> bool {
    let (outer, inner) = (list.get_bounding_client_rect(), element.get_bounding_client_rect());
    inner.bottom() > outer.top() && inner.top() < outer.bottom()
}

/// Scrolls a list, and nothing around it, until an element is wholly in sight.
#[allow(clippy::cast_possible_truncation, reason = "pixels on a screen")]
fn scroll_to(list: &Element, element: &Element) {
    let (outer, inner) = (list.get_bounding_client_rect(), element.get_bounding_client_rect());
    if inner.top() < outer.top() || inner.bottom() > outer.bottom() {
        list.set_scroll_top(list.scroll_top() + (inner.top() - outer.top() - MARGIN) as i32);
    }
}

/// The distance of an element from the top of the list that was scrolled to it, in pixels.
const MARGIN: f64 = 12.0;

/// Opens the question that the link names, and scrolls to it.
#[hook]
fn use_question(root: &NodeRef, question: Option<u16>) {
    let root = root.clone();
    use_effect_with(question, move |question| {
        let Some(number) = question else { return };
        let Some(root) = root.cast::<Element>() else { return };
        let found = root.query_selector(&format!("#question-{number}")).ok().flatten();
        let Some(details) = found.filter(|it| !it.has_attribute("open")) else { return };
        // The attribute's name is valid, so it can be set.
        let _ = details.set_attribute("open", "");
        if let Some(list) = root.parent_element() {
            scroll_to(&list, &details);
        }
    });
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
    let moment = moment(props);
    let progress = row.progress(run, moment);
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
    let names = row.names(run, moment, catalog.text("export.lost"));
    let is_absent = progress == Step::Absent;
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
            aria-current={(progress == Step::Flying).then_some("step")}>
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

fn question(
    props: &LearnProps,
    number: usize,
    question: &Question,
    kept: &Progress,
    update: &UseForceUpdateHandle,
) -> Html {
    let text = |key: &str| props.words.text(&format!("learn.question.{number}.{key}")).to_owned();
    let clause = |(rfc, section): &(u16, &'static str)| {
        let sign = if section.is_empty() { "" } else { " §" };
        html! {
            <a href={section_url(*rfc, section)} target="_blank" rel="noopener noreferrer">
                { format!("RFC {rfc}{sign}{section}") }
            </a>
        }
    };
    let given = kept.grade(number);
    let grade = |grade: Grade| {
        let is_given = given == Some(grade);
        let update = update.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            progress::change(|it| it.set_grade(number, (!is_given).then_some(grade)));
            update.force_update();
        });
        html! {
            <button type="button" class="button learn__grade" {onclick}
                aria-pressed={if is_given { "true" } else { "false" }}>
                { props.words.text(&format!("learn.grade.{}", grade.id())).to_owned() }
            </button>
        }
    };
    // The address names the question that was opened last.
    let ontoggle = {
        let (dispatch, asked) = (props.page.dispatch.clone(), props.question);
        Callback::from(move |event: Event| {
            let is_open = event.target_unchecked_into::<Element>().has_attribute("open");
            let own = u16::try_from(number).ok();
            if is_open {
                dispatch.emit(Action::Look(Look::Question(own)));
            } else if asked == own {
                dispatch.emit(Action::Look(Look::Question(None)));
            }
        })
    };
    html! {
        <li>
            <details id={format!("question-{number}")} {ontoggle}
                data-grade={given.map(Grade::id)}>
                <summary>{ text("asked") }</summary>
                <p>{ text("answer") }</p>
                <p class="learn__clauses">{ for question.clauses.iter().map(clause) }</p>
                { see(props, question.shown) }
                <p class="learn__grades">{ for Grade::ALL.map(grade) }</p>
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
