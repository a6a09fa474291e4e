//! The card of an assignment: its task, its goals, the code of a solution, and the check of a code.

use std::rc::Rc;

use tcp_handshake_html::html;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::app::assignment::{
    CodeError, Progress, Solution, check_code, goal_words, lock_words, progress, progress_words,
    result_code,
};
use crate::app::{Action, Open};
use crate::link::Link;
use crate::locale::{self, Catalog};
use crate::sim::Timeline;
use crate::time::Duration;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::browser::window::copy;
use crate::ui::page::{Page, Shared};

/// The properties of [`TaskCard`].
#[derive(Properties, PartialEq)]
pub struct TaskProps {
    /// The link of the run, with the assignment.
    pub link: Shared<Link>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The card.
#[component]
pub fn TaskCard(props: &TaskProps) -> Html {
    let TaskProps { link, page } = props;
    let words = use_words("task", &page.lang, true);
    let opened_at = use_memo((), |()| now());
    let key = run_key(link);
    let state = use_memo(key, |_| {
        let timeline = Timeline::of(link.scenario_to_run());
        let progress = progress(link, timeline.trace());
        let is_solved = progress.iter().all(|it| it.is_reached);
        let code = is_solved.then(|| {
            let (solved_at, taken) = (now(), now().saturating_sub(*opened_at));
            result_code(&Solution { link: Link::clone(link), solved_at, taken })
        });
        (progress, code)
    });
    let words = match words {
        Words::Ready(words) => words,
        Words::Loading => return html! { <section class="task" aria-busy="true"></section> },
        Words::Failed => {
            return html! {
                <section class="task">
                    <p role="alert">{ page.catalog.text("ui.late.failed").to_owned() }</p>
                </section>
            };
        }
    };
    let (progress, code) = &*state;
    let text = |key: &str| words.text(key).to_owned();
    let reached = progress.iter().filter(|it| it.is_reached).count();
    let count = progress.len();
    let title = link.view.name.clone().unwrap_or_else(|| text("task.title"));
    let standing = words.format("task.standing", &[("reached", &reached), ("count", &count)]);
    html! {
        <section class="task" aria-labelledby="task-title">
            <h2 class="task__title" id="task-title">{ title }</h2>
            if let Some(task) = &link.view.task {
                <p class="task__text">{ task.clone() }</p>
            }
            <p class="visually-hidden" role="status">{ standing }</p>
            <ol class="task__goals" role="list">
                { for progress.iter().map(|it| goal(it, &words, page)) }
            </ol>
            if let Some(locked) = lock_words(link.view.lock, &words) {
                <p class="task__note">{ locked }</p>
            }
            if let Some(code) = code {
                <Code code={code.clone()} words={words.clone()} />
            }
            <Check link={link.clone()} words={words.clone()} {page} />
        </section>
    }
}

/// The run of a link, by which it is decided whether the goals have to be compared again.
fn run_key(link: &Link) -> String {
    let mut link = link.clone();
    link.view.t = None;
    link.to_string()
}

/// The time now, in seconds since 1970.
fn now() -> u32 {
    // The clock of a browser is far within the range until the year 2106.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as said above")]
    let seconds = (js_sys::Date::now() / 1_000.0) as u32;
    seconds
}

fn goal(progress: &Progress, words: &Catalog, page: &Page) -> Html {
    let (class, mark, key) = if progress.is_reached {
        ("task__goal task__goal--reached", "✓", "task.reached")
    } else {
        ("task__goal", "○", "task.open")
    };
    html! {
        <li {class}>
            <span class="task__mark" aria-hidden="true">{ mark }</span>
            <span>
                { goal_words(progress.goal, words, &page.catalog) }
                <span class="visually-hidden">{ " " }{ words.text(key).to_owned() }</span>
                if let Some(so_far) = progress_words(progress, words) {
                    { " " }<span class="task__note">{ so_far }</span>
                }
            </span>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct CodeProps {
    code: String,
    words: Shared<Catalog>,
}

/// The code of a solution, with a button that copies it.
#[component]
fn Code(props: &CodeProps) -> Html {
    let CodeProps { code, words } = props;
    let copied = use_state_eq(|| None::<bool>);
    let field = use_node_ref();
    let onclick = {
        let (code, copied, field) = (code.clone(), copied.clone(), field.clone());
        Callback::from(move |_: MouseEvent| {
            let (code, copied, field) = (code.clone(), copied.clone(), field.clone());
            yew::platform::spawn_local(async move {
                let is_copied = copy(&code).await;
                if let Some(field) = field.cast::<HtmlInputElement>().filter(|_| !is_copied) {
                    field.select();
                }
                copied.set(Some(is_copied));
            });
        })
    };
    let text = |key: &str| words.text(key).to_owned();
    let said = match *copied {
        None => String::new(),
        Some(true) => text("task.copied"),
        Some(false) => text("task.selected"),
    };
    html! {
        <div class="task__solved">
            <p><strong>{ text("task.solved") }</strong>{ " " }{ text("task.hand-in") }</p>
            <div class="task__row">
                <label class="task__label" for="task-code">{ text("task.code") }</label>
                <input class="task__field" id="task-code" type="text" readonly={true}
                    ref={field} value={code.clone()} spellcheck="false" translate="no" />
                <button type="button" class="button" {onclick}>{ text("task.copy") }</button>
                <span role="status">{ said }</span>
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct CheckProps {
    link: Shared<Link>,
    words: Shared<Catalog>,
    page: Page,
}

/// The check of a code.
#[component]
fn Check(props: &CheckProps) -> Html {
    let CheckProps { link, words, page } = props;
    let checked = use_state(|| None::<Rc<Result<Solution, CodeError>>>);
    let field = use_node_ref();
    let text = |key: &str| words.text(key).to_owned();
    let onsubmit = {
        let (link, field, checked) = (link.clone(), field.clone(), checked.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let code = field.cast::<HtmlTextAreaElement>().map(|field| field.value());
            checked.set(Some(Rc::new(check_code(&link, &code.unwrap_or_default()))));
        })
    };
    // The page's shortcuts do not apply in the field.
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    let is_bad = checked.as_ref().is_some_and(|it| it.is_err());
    html! {
        <details class="task__check">
            <summary>{ text("task.check") }</summary>
            <form class="task__row" {onsubmit} {onkeydown}>
                <label class="task__label" for="task-given">{ text("task.given") }</label>
                <textarea class="task__field" id="task-given" rows="2" ref={field}
                    spellcheck="false" autocomplete="off" aria-describedby="task-verdict"
                    aria-invalid={is_bad.then_some("true")}></textarea>
                <button type="submit" class="button">{ text("task.do-check") }</button>
            </form>
            <div id="task-verdict" role="status">
                { checked.as_ref().map(|it| verdict(it, words, page)).unwrap_or_default() }
            </div>
        </details>
    }
}

/// The result of a check.
fn verdict(checked: &Result<Solution, CodeError>, words: &Catalog, page: &Page) -> Html {
    match checked {
        Ok(solution) => {
            let date = js_sys::Date::new(&(f64::from(solution.solved_at) * 1_000.0).into());
            let at = String::from(date.to_locale_string(&page.lang, &js_sys::Object::new()));
            let taken = locale::span(Duration::from_secs(u64::from(solution.taken)));
            let link = solution.link.clone();
            let onclick = page.dispatch.reform(move |_: MouseEvent| {
                Action::Open(Open::Link(Box::new(link.clone()), vec![]))
            });
            html! {
                <div class="task__verdict task__verdict--right">
                    <p><strong>{ words.text("check.right").to_owned() }</strong></p>
                    <p>{ words.format("check.when", &[("at", &at), ("taken", &taken)]) }</p>
                    <p class="task__note">{ words.text("check.not-who").to_owned() }</p>
                    <button type="button" class="button" {onclick}>
                        { words.text("check.show").to_owned() }
                    </button>
                </div>
            }
        }
        Err(error) => {
            let mut places = vec![];
            if let CodeError::Missed(missed) = error {
                places.extend(missed.iter().map(|place| (place + 1).to_string()));
            }
            let places = places.join(", ");
            let said = words.format(&format!("check.{}", error.id()), &[("goals", &places)]);
            html! { <p class="task__verdict task__verdict--wrong">{ said }</p> }
        }
    }
}
