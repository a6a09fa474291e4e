//! The sentence about the current event, and the clause behind it.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use super::page::Shared;
use crate::app::{Action, Run};
use crate::explain::{self, citation_url, cite};
use crate::locale::{self, Catalog};
use crate::sim::Edit;

/// While playing, a screen reader hears at most one sentence in this time.
const SPOKEN_EVERY_MILLIS: u32 = 1_500;

/// What is explained.
#[derive(Properties, PartialEq)]
pub struct ExplanationProps {
    /// The run.
    pub run: Shared<Run>,
    /// The step.
    pub step: Option<usize>,
    /// Whether time goes on.
    pub playing: bool,
    /// Whether the run was changed and the one before it can be seen behind it.
    pub edited: bool,
    /// The last edit.
    pub last_edit: Option<Edit>,
    /// The words.
    pub catalog: Shared<Catalog>,
    /// The one way to act.
    pub dispatch: Callback<Action>,
}

/// The sentence, always to be seen.
#[component]
pub fn Explanation(props: &ExplanationProps) -> Html {
    let ExplanationProps { run, step, playing, edited, last_edit, catalog, dispatch } = props;
    let trace = run.timeline.trace();
    let words = step.and_then(|step| explain::explain(trace, step, catalog));
    let (sentence, time) = match (&words, step) {
        (Some(words), Some(step)) => {
            (words.sentence.clone(), Some(locale::instant(trace.steps[*step].at)))
        }
        _ => (catalog.text("ui.explanation.begin").to_owned(), None),
    };
    let spoken = use_spoken(&sentence, *playing);
    let citation = words.as_ref().and_then(|words| words.citations.first().copied());
    html! {
        <section class="explanation" aria-label={catalog.text("ui.explanation.title").to_owned()}>
            <p class="visually-hidden" role="status">{ spoken }</p>
            <p class="explanation__sentence">
                if let Some(time) = time { <span class="explanation__time">{ time }</span> }
                { sentence }
                if let Some(rule) = citation {
                    { " " }
                    <a class="explanation__cite" href={citation_url(rule)} target="_blank"
                        rel="noopener noreferrer">{ cite(rule) }</a>
                }
            </p>
            if *edited {
                <EditedBanner edit={*last_edit} catalog={catalog.clone()} {dispatch} />
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct BannerProps {
    edit: Option<Edit>,
    catalog: Shared<Catalog>,
    dispatch: Callback<Action>,
}

/// The run is another one now: take it back, or keep it.
#[component]
fn EditedBanner(props: &BannerProps) -> Html {
    let BannerProps { edit, catalog, dispatch } = props;
    let undo = dispatch.reform(|_: MouseEvent| Action::Undo);
    let keep = dispatch.reform(|_: MouseEvent| Action::DismissGhost);
    let what = edit.map(|edit| super::script::edit_words(&edit, catalog));
    html! {
        <p class="explanation__edited">
            <span>
                { catalog.text("ui.explanation.edited").to_owned() }
                if let Some(what) = what { { ": " } <strong>{ what }</strong> }
            </span>
            <button type="button" class="link-button" onclick={undo}>
                { catalog.text("ui.explanation.undo").to_owned() }
            </button>
            <button type="button" class="link-button" onclick={keep}>
                { catalog.text("ui.explanation.keep").to_owned() }
            </button>
        </p>
    }
}

/// What the live region says: the sentence, but not more often than one can listen to.
#[hook]
fn use_spoken(sentence: &str, playing: bool) -> String {
    let spoken = use_state(String::new);
    {
        let spoken = spoken.clone();
        use_effect_with((sentence.to_owned(), playing), move |(sentence, playing)| {
            let sentence = sentence.clone();
            let wait = if *playing { SPOKEN_EVERY_MILLIS } else { 100 };
            let timeout = Timeout::new(wait, move || spoken.set(sentence));
            move || drop(timeout)
        });
    }
    (*spoken).clone()
}

/// What the panel shows.
#[derive(Properties, PartialEq)]
pub struct WhyProps {
    /// The run.
    pub run: Shared<Run>,
    /// The step.
    pub step: Option<usize>,
    /// The words.
    pub catalog: Shared<Catalog>,
}

/// The panel: what else followed, why, and where it is written.
#[component]
pub fn Why(props: &WhyProps) -> Html {
    let WhyProps { run, step, catalog } = props;
    let words = step.and_then(|step| explain::explain(run.timeline.trace(), step, catalog));
    let Some(words) = words else {
        return html! { <p class="panel__empty">{ catalog.text("ui.why.empty").to_owned() }</p> };
    };
    html! {
        <div class="why">
            <p class="why__sentence">{ words.sentence.clone() }</p>
            <p class="why__paragraph">{ words.why.clone() }</p>
            if !words.details.is_empty() {
                <h3>{ catalog.text("ui.why.also").to_owned() }</h3>
                <ul>{ for words.details.iter().map(|detail| html! { <li>{ detail }</li> }) }</ul>
            }
            if !words.citations.is_empty() {
                <h3>{ catalog.text("ui.why.clauses").to_owned() }</h3>
                <ul class="why__clauses">
                    { for words.citations.iter().map(|rule| html! {
                        <li>
                            <a href={citation_url(*rule)} target="_blank" rel="noopener noreferrer">
                                { cite(*rule) }
                            </a>
                            <span>{ explain::says(*rule, catalog) }</span>
                        </li>
                    }) }
                </ul>
            }
        </div>
    }
}
