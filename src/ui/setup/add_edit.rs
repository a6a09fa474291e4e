//! The form in which edits are written in the notation of links.

use tcp_handshake_html::html;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::{Action, Change};
use crate::link::{self, MAX_EDITS, Problem, ProblemKind};
use crate::ui::page::Page;

/// The properties of [`AddEdit`].
#[derive(Properties, PartialEq)]
pub struct AddEditProps {
    /// The number of edits in the link.
    pub count: usize,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The form. Valid edits are added; the rest stays in the field, with a complaint.
#[component]
pub fn AddEdit(props: &AddEditProps) -> Html {
    let AddEditProps { count, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let field = use_node_ref();
    let problem = use_state_eq(|| None::<Problem>);
    let text = |key: &str| catalog.text(key).to_owned();
    let onsubmit = {
        let (field, problem, dispatch, room) =
            (field.clone(), problem.clone(), dispatch.clone(), MAX_EDITS.saturating_sub(*count));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.cast::<HtmlInputElement>() else { return };
            let written = input.value();
            let (edits, problems) = link::edits(&written);
            let mut first = problems.into_iter().next();
            if first.is_none() && edits.len() > room {
                first = Some(Problem {
                    key: "do".to_owned(),
                    part: edits[room].to_string(),
                    kind: ProblemKind::TooMany,
                });
            }
            if first.is_none() {
                input.set_value("");
                for edit in edits {
                    dispatch.emit(Action::Edit(Change::Add(edit)));
                }
            }
            problem.set(first);
        })
    };
    let said = problem.as_ref().map(|problem| problem.text(catalog));
    html! {
        <details class="edits__add">
            <summary>{ text("ui.script.add") }</summary>
            <form {onsubmit}>
                <label for="add-edit">{ text("ui.script.as-in-link") }</label>
                <div class="edits__write">
                    <input ref={field} id="add-edit" type="text" placeholder="drop:C2"
                        autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="2000"
                        aria-invalid={said.is_some().then_some("true")}
                        aria-describedby="add-edit-problem" />
                    <button class="button">{ text("ui.script.add-it") }</button>
                </div>
                <p id="add-edit-problem" class="edits__problem" role="alert">{ said }</p>
            </form>
        </details>
    }
}
