//! The sentence that explains the current event, and the RFC clause behind it.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::{Action, Change, Look, Run};
use crate::explain::{self, citation_url, cite};
use crate::locale::{self, Catalog};
use crate::ui::late;
use crate::ui::page::{Page, Shared};
use crate::ui::panels::why::WhyProps;
use crate::ui::setup::edits::edit_words;

/// The least time between two announcements to screen readers while playing, in milliseconds.
const SPOKEN_EVERY_MILLIS: u32 = 1_500;
/// The delay of an announcement while paused, in milliseconds.
const SPOKEN_AFTER_MILLIS: u32 = 200;

/// The properties of [`Explanation`].
#[derive(Properties, PartialEq)]
pub struct ExplanationProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The run on the other side of the last edit, while it is kept for comparison.
    pub ghost: Option<Shared<Run>>,
    /// Whether the two are shown beside each other.
    pub compares: bool,
    /// What the last change tuned.
    #[prop_or_default]
    pub tuned: Option<String>,
    /// The current step; `None` before the first.
    pub step: Option<usize>,
    /// Whether the run plays.
    pub playing: bool,
    /// Whether the quiz is running; `None` where there is no quiz.
    #[prop_or_default]
    pub quizzes: Option<bool>,
    /// The quiz's card, shown in place of the sentence.
    #[prop_or_default]
    pub children: Html,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The sentence, always visible, and the reasons for it on demand.
#[component]
pub fn Explanation(props: &ExplanationProps) -> Html {
    let ExplanationProps { run, ghost, compares, step, playing, page, .. } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let is_open = use_state(|| false);
    let text = |key: &str| catalog.text(key).to_owned();
    let trace = run.timeline.trace();
    let headline = step.and_then(|step| explain::headline(trace, step, catalog));
    let is_explained = headline.is_some();
    let (sentence, citation, time) = match (headline, step) {
        (Some((sentence, citation)), Some(step)) => {
            (sentence, citation, locale::instant(trace.steps[*step].at))
        }
        _ => (text(begin(run)), None, text("ui.explanation.title")),
    };
    let is_last = step.is_some_and(|step| step + 1 == trace.steps.len());
    let cut = cut(run, page).filter(|_| is_last);
    let aloud = cut.as_ref().map_or(sentence.clone(), |(cut, _)| format!("{sentence} {cut}"));
    let spoken = use_spoken(&aloud, *playing);
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let quiz =
        |is_asked: bool| dispatch.reform(move |_: MouseEvent| Action::Look(Look::Quiz(!is_asked)));
    html! {
        <section class="explanation" aria-label={text("ui.explanation.title")}>
            <p class="visually-hidden" role="status">{ spoken }</p>
            <div class="explanation__head">
                <span class="explanation__time">{ time }</span>
                if let Some(rule) = citation {
                    <a class="explanation__cite" href={citation_url(rule)} target="_blank"
                        rel="noopener noreferrer">{ cite(rule) }</a>
                }
                <span class="explanation__links">
                    if is_explained {
                        <button type="button" class="link-button explanation__why" onclick={toggle}
                            aria-expanded={if *is_open { "true" } else { "false" }}>
                            { text("ui.explanation.why") }
                        </button>
                    }
                    if let Some(is_asked) = props.quizzes {
                        <button type="button" class="link-button explanation__quiz"
                            id={crate::ui::quiz::TOGGLE} onclick={quiz(is_asked)}
                            aria-expanded={if is_asked { "true" } else { "false" }}>
                            { text("ui.quiz.title") }
                        </button>
                    }
                </span>
            </div>
            <p class="explanation__sentence">{ with_segments(&sentence, run, dispatch) }</p>
            { for cut.map(|(words, more)| html! {
                <p class="explanation__cut">{ words }{ " " }{ more }</p>
            }) }
            if *is_open && is_explained {
                <div class="explanation__more" tabindex="0" role="group"
                    aria-label={text("ui.explanation.why")}>
                    { late::mount(&late::REASON, WhyProps {
                        run: run.clone(), step: *step, page: page.clone(),
                    }, page) }
                </div>
            }
            { props.children.clone() }
            <EditedBanner run={run.clone()} ghost={ghost.clone()} compares={*compares}
                tuned={props.tuned.clone()} {page} />
        </section>
    }
}

/// The sentence that the run was stopped although it would go on, and a button to compute more.
pub fn cut(run: &Run, page: &Page) -> Option<(String, Html)> {
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let steps = run.cut_after()?;
    let words = catalog.format("ui.explanation.cut", &[("steps", &steps)]);
    let extend = dispatch.reform(|_: MouseEvent| Action::Edit(Change::Extend));
    let more = run.can_extend().then(|| {
        html! {
            <button type="button" class="link-button" onclick={extend}>
                { catalog.text("ui.explanation.extend").to_owned() }
            </button>
        }
    });
    Some((words, more.unwrap_or_default()))
}

/// The text before the first step. The run of a script or a capture cannot be changed.
const fn begin(run: &Run) -> &'static str {
    if run.capture.is_some() {
        "ui.explanation.begin-capture"
    } else if run.script.is_some() {
        "ui.explanation.begin-script"
    } else {
        "ui.explanation.begin"
    }
}

/// A sentence in which each segment of the run is a button that selects it.
fn with_segments(sentence: &str, run: &Run, dispatch: &Callback<Action>) -> Html {
    let trace = run.timeline.trace();
    let pieces = explain::naming_segments(sentence, trace).map(|(text, id)| match id {
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

#[derive(Properties, PartialEq)]
struct BannerProps {
    run: Shared<Run>,
    ghost: Option<Shared<Run>>,
    compares: bool,
    tuned: Option<String>,
    page: Page,
}

/// After an edit: buttons to undo it, to compare with the run before it, or to keep it.
#[component]
fn EditedBanner(props: &BannerProps) -> Html {
    let BannerProps { run, ghost, compares, tuned, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let text = |key: &str| catalog.text(key).to_owned();
    let undo = dispatch.reform(|_: MouseEvent| Action::Edit(Change::Undo));
    let compare = dispatch.reform(|_: MouseEvent| Action::Look(Look::Compare));
    let keep = dispatch.reform(|_: MouseEvent| Action::Edit(Change::DismissGhost));
    html! {
        <div class="explanation__edited">
            <span role="status">
                if let Some(ghost) = ghost {
                    { text("ui.explanation.edited") }
                    if let Some(what) = difference(ghost, run, catalog).or(tuned.clone()) {
                        { ": " }<strong>{ what }</strong>
                    }
                }
            </span>
            if ghost.is_some() {
                <button type="button" class="link-button" onclick={undo}>
                    { text("ui.explanation.undo") }
                </button>
                <button type="button" class="link-button" onclick={compare}
                    aria-pressed={if *compares { "true" } else { "false" }}>
                    { text("ui.explanation.compare") }
                </button>
                <button type="button" class="link-button" onclick={keep}>
                    { text("ui.explanation.keep") }
                </button>
            }
        </div>
    }
}

/// The edit that the last change added or removed, in words.
fn difference(before: &Run, after: &Run, catalog: &Catalog) -> Option<String> {
    let [before, after] = [before, after].map(|run| &run.timeline.scenario().edits);
    if let Some(edit) = after.iter().rev().find(|edit| !before.contains(edit)) {
        return Some(edit_words(edit, catalog));
    }
    let gone = before.iter().filter(|edit| !after.contains(edit)).collect::<Vec<_>>();
    match gone[..] {
        [] => None,
        [edit] => {
            let words = edit_words(edit, catalog);
            Some(catalog.format("ui.explanation.without", &[("edit", &words)]))
        }
        _ => Some(catalog.text("ui.explanation.cleared").to_owned()),
    }
}

/// The text of the live region: the current sentence, announced at intervals that leave time to
/// listen, and not while the slider is moved, which announces its own value.
#[hook]
fn use_spoken(sentence: &str, playing: bool) -> String {
    let spoken = use_state(String::new);
    let next = use_mut_ref(String::new);
    let is_waiting = use_mut_ref(|| false);
    let timeout = use_mut_ref(|| None::<Timeout>);
    {
        let spoken = spoken.clone();
        use_effect_with((sentence.to_owned(), playing), move |(sentence, playing)| {
            next.borrow_mut().clone_from(sentence);
            let playing = *playing;
            // While playing, a newer sentence takes the place of one that is still waiting.
            if !playing || !*is_waiting.borrow() {
                *is_waiting.borrow_mut() = true;
                let wait = if playing { SPOKEN_EVERY_MILLIS } else { SPOKEN_AFTER_MILLIS };
                let is_waiting = Rc::clone(&is_waiting);
                let speak = move || {
                    *is_waiting.borrow_mut() = false;
                    if playing || !is_on_slider() {
                        spoken.set(next.borrow().clone());
                    }
                };
                *timeout.borrow_mut() = Some(Timeout::new(wait, speak));
            }
        });
    }
    (*spoken).clone()
}

fn is_on_slider() -> bool {
    let active = gloo::utils::document().active_element();
    active.is_some_and(|element| element.get_attribute("type").as_deref() == Some("range"))
}
