//! The card at the end of a run: what to do next.

use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::{Action, Change, Look, Open, Play, Run, course};
use crate::sim::Edit;
use crate::ui::browser::progress;
use crate::ui::page::{Page, Shared};

/// The properties of [`Ending`].
#[derive(Properties, PartialEq)]
pub struct EndingProps {
    /// The run that has ended.
    pub run: Shared<Run>,
    /// Its scenario's id.
    pub scenario: &'static str,
    /// Whether it is the lesson itself, without edits.
    pub is_lesson: bool,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The card. Once it is shown, the lesson counts as played.
#[component]
pub fn Ending(props: &EndingProps) -> Html {
    let EndingProps { run, scenario, is_lesson, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    use_effect_with((*scenario, *is_lesson), |(scenario, is_lesson)| {
        if *is_lesson {
            progress::change(|progress| progress.play(scenario));
        }
    });
    let next = course::next(scenario, &progress::kept());
    let loss = course::loss(run).map(|(id, flags)| {
        let onclick = {
            let dispatch = dispatch.clone();
            Callback::from(move |_: MouseEvent| {
                dispatch.emit(Action::Edit(Change::Add(Edit::Drop(id))));
                dispatch.emit(Action::Play(Play::Start));
            })
        };
        let words = catalog.format("ui.ending.lose", &[("flags", &flags)]);
        html! { <button type="button" class="button" {onclick}>{ words }</button> }
    });
    let lesson = next.map(|lesson| {
        let id = lesson.id;
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Open(Open::Scenario(id)));
        let title = catalog.text(&format!("scenario.{id}.title")).to_owned();
        let words = catalog.format("ui.ending.next", &[("title", &title)]);
        html! {
            <button type="button" class="button button--main ending__next" {onclick}>
                { words }
            </button>
        }
    });
    // The quiz asks about what comes after the playhead.
    let quiz = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Play(Play::Home));
            dispatch.emit(Action::Look(Look::Quiz(true)));
        })
    };
    html! {
        <div class="ending" role="group" aria-label={catalog.text("ui.ending.title").to_owned()}>
            <p class="ending__place">{ place(scenario, *is_lesson, page) }</p>
            { for lesson }
            { for loss }
            <button type="button" class="button" onclick={quiz}>
                { catalog.text("ui.ending.quiz").to_owned() }
            </button>
        </div>
    }
}

/// The place of a lesson in the course, and whether it was played to the end: `✓ Lesson 4 of 40`.
pub fn place(scenario: &str, is_played: bool, page: &Page) -> Html {
    let number = course::number(scenario).unwrap_or(1);
    let words =
        page.catalog.format("ui.ending.place", &[("number", &number), ("count", &course::count())]);
    html! { <>
        if is_played {
            <span class="ending__done" aria-hidden="true">{ "✓ " }</span>
            <span class="visually-hidden">
                { page.catalog.text("ui.ending.played").to_owned() }{ " " }
            </span>
        }
        { words }
    </> }
}
