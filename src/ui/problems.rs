//! What was wrong with the link: each part by name, and the page works all the same.

use yew::prelude::*;

use super::page::Shared;
use crate::app::Action;
use crate::link::Problem;
use crate::locale::Catalog;
use crate::ui::markup::html;

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct ProblemsProps {
    /// What was ignored.
    pub problems: Vec<Problem>,
    /// Whether an edit was refused.
    pub refused: bool,
    /// Whether the language that was asked for could not be had.
    pub language_failed: bool,
    /// The words.
    pub catalog: Shared<Catalog>,
    /// The one way to act.
    pub dispatch: Callback<Action>,
}

/// The banner; nothing where nothing is wrong.
#[component]
pub fn Problems(props: &ProblemsProps) -> Html {
    let ProblemsProps { problems, refused, language_failed, catalog, dispatch } = props;
    if problems.is_empty() && !refused && !language_failed {
        return Html::default();
    }
    let dismiss = dispatch.reform(|_: MouseEvent| Action::DismissProblems);
    let sentences = problems.iter().map(|problem| {
        let key = format!("problem.{}", problem.kind.id());
        catalog.format(&key, &[("part", &problem.part), ("key", &problem.key)])
    });
    html! {
        <div class="problems" role="alert">
            <div class="problems__text">
                if !problems.is_empty() {
                    <strong>{ catalog.text("ui.problems.title").to_owned() }</strong>
                    <ul>{ for sentences.map(|sentence| html! { <li>{ sentence }</li> }) }</ul>
                }
                if *refused {
                    <p>{ catalog.text("ui.packetdrill.fixed").to_owned() }</p>
                }
                if *language_failed {
                    <p>{ catalog.text("ui.problems.language").to_owned() }</p>
                }
            </div>
            if *refused || !problems.is_empty() {
                <button type="button" class="icon-button" onclick={dismiss}
                    aria-label={catalog.text("ui.problems.dismiss").to_owned()}>{ "✕" }</button>
            }
        </div>
    }
}
