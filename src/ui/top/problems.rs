//! The banner that lists the invalid parts of the link. The page works without them.

use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::{Action, Look, Refusal};
use crate::link::Problem;
use crate::ui::page::Page;

/// The properties of [`Problems`].
#[derive(Properties, PartialEq)]
pub struct ProblemsProps {
    /// The parts of the link that were ignored.
    pub problems: Vec<Problem>,
    /// Why the last edit was refused, if it was.
    pub refused: Option<Refusal>,
    /// Loads the language again, if loading it failed.
    pub language_again: Option<Callback<MouseEvent>>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The banner; empty if there are no problems.
#[component]
pub fn Problems(props: &ProblemsProps) -> Html {
    let ProblemsProps { problems, refused, language_again, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    if problems.is_empty() && refused.is_none() && language_again.is_none() {
        return Html::default();
    }
    let dismiss = dispatch.reform(|_: MouseEvent| Action::Look(Look::DismissProblems));
    let sentences = problems.iter().map(|problem| {
        let key = format!("problem.{}", problem.kind.id());
        // Isolated: Arabic or Hebrew in a part would change the order of the words around it.
        let [part, name] = [&problem.part, &problem.key].map(|it| format!("\u{2068}{it}\u{2069}"));
        catalog.format(&key, &[("part", &part), ("key", &name)])
    });
    html! {
        <div class="problems" role="alert">
            <div class="problems__text">
                if !problems.is_empty() {
                    <strong>{ catalog.text("ui.problems.title").to_owned() }</strong>
                    <ul>{ for sentences.map(|sentence| html! { <li>{ sentence }</li> }) }</ul>
                }
                if let Some(refused) = refused {
                    <p>{ catalog.text(reason(*refused)).to_owned() }</p>
                }
                if let Some(onclick) = language_again {
                    <p>
                        { catalog.text("ui.problems.language").to_owned() }
                        { " " }
                        // A reader of Korean may not understand the English sentence.
                        <span lang="ko">
                            { catalog.text("ui.problems.language-ko").to_owned() }
                        </span>
                        { " " }
                        <button type="button" class="link-button" {onclick}>
                            { catalog.text("ui.problems.again").to_owned() }
                        </button>
                    </p>
                }
            </div>
            if refused.is_some() || !problems.is_empty() {
                <button type="button" class="icon-button" onclick={dismiss}
                    aria-label={catalog.text("ui.problems.dismiss").to_owned()}>{ "✕" }</button>
            }
        </div>
    }
}

/// The key of the sentence that says why an edit was refused.
const fn reason(refused: Refusal) -> &'static str {
    match refused {
        Refusal::Script => "ui.packetdrill.fixed",
        Refusal::Capture => "ui.problems.captured",
        Refusal::Locked => "ui.problems.locked",
    }
}
