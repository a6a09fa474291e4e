//! The panel of reasons, which can also be opened below the player's sentence: the other effects of
//! an event, the reason for it, and the RFC clauses.

use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::Run;
use crate::explain::{self, Explanation, citation_url, cite};
use crate::locale::Catalog;
use crate::ui::page::{Page, Shared};

/// The properties of [`Why`].
#[derive(Properties, PartialEq)]
pub struct WhyProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The current step; `None` before the first.
    pub step: Option<usize>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The panel.
#[component]
pub fn Why(props: &WhyProps) -> Html {
    let WhyProps { run, step, page } = props;
    let catalog = &page.catalog;
    let words = step.and_then(|step| explain::explain(run.timeline.trace(), step, catalog));
    let Some(words) = words else {
        return html! { <p class="panel__empty">{ catalog.text("ui.why.empty").to_owned() }</p> };
    };
    html! {
        <div class="why">
            <p class="why__sentence">{ words.sentence.clone() }</p>
            { reason(&words, catalog) }
        </div>
    }
}

/// The panel without its sentence, for below the player's.
#[component]
pub fn Reason(props: &WhyProps) -> Html {
    let WhyProps { run, step, page } = props;
    let catalog = &page.catalog;
    let words = step.and_then(|step| explain::explain(run.timeline.trace(), step, catalog));
    words.map_or_else(Html::default, |words| reason(&words, catalog))
}

/// The reason for an event, its other effects, and the clauses that require it.
fn reason(words: &Explanation, catalog: &Catalog) -> Html {
    html! {
        <>
            <p class="why__paragraph">{ words.why.clone() }</p>
            if !words.details.is_empty() {
                <h2 class="why__heading">{ catalog.text("ui.why.also").to_owned() }</h2>
                <ul>{ for words.details.iter().map(|detail| html! { <li>{ detail }</li> }) }</ul>
            }
            if !words.citations.is_empty() {
                <h2 class="why__heading">{ catalog.text("ui.why.clauses").to_owned() }</h2>
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
        </>
    }
}
