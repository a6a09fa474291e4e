//! The scenario picker: scenarios grouped by phase, each with the question that it answers.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, window};
use tcp_handshake_html::html;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};
use yew::prelude::*;

use super::own_runs::own_runs;
use super::thumbnail::Thumbnail;
use crate::app::{Action, Look, Open};
use crate::link::Link;
use crate::locale::Catalog;
use crate::scenarios::{BLANK, DEFAULT, Group, LESSONS, Lesson};
use crate::ui::page::Page;

/// The properties of [`ScenarioPicker`].
#[derive(Properties, PartialEq)]
pub struct ScenarioPickerProps {
    /// The id of the scenario shown.
    pub scenario: &'static str,
    /// The run's own name, if it has one.
    pub name: Option<String>,
    /// Whether a packetdrill script is shown in place of a scenario.
    pub is_script: bool,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The button that opens the list.
#[component]
pub fn ScenarioPicker(props: &ScenarioPickerProps) -> Html {
    let ScenarioPickerProps { scenario, name, is_script, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let is_open = use_state(|| false);
    let root = use_node_ref();
    use_close_outside(*is_open, &root, {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    });
    use_first_focus(*is_open, &root);

    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    // Closes the list, and does what was chosen. A dialog returns the focus to the button.
    let close_with = {
        let (is_open, dispatch, root) = (is_open.clone(), dispatch.clone(), root.clone());
        Callback::from(move |action: Action| {
            is_open.set(false);
            focus(&root, ".picker__button");
            dispatch.emit(action);
        })
    };
    let choose = close_with.reform(|id: &'static str| Action::Open(Open::Scenario(id)));
    let choose_own = close_with.reform(|run: Link| Action::Open(Open::Link(Box::new(run), vec![])));
    let onkeydown = {
        let (is_open, root) = (is_open.clone(), root.clone());
        Callback::from(move |event: KeyboardEvent| {
            if *is_open && on_list_key(&event, &root) {
                is_open.set(false);
                focus(&root, ".picker__button");
            }
        })
    };
    let open_capture = close_with.reform(|_: MouseEvent| Action::Look(Look::ShowCapture(true)));
    let from_script = close_with.reform(|_: MouseEvent| Action::Look(Look::ShowDraft(true)));
    let (title, current) = if *is_script {
        (catalog.text("ui.packetdrill.name").to_owned(), "")
    } else if let Some(name) = name {
        (name.clone(), "")
    } else {
        (catalog.text(&format!("scenario.{scenario}.title")).to_owned(), *scenario)
    };
    html! {
        <div class="picker" ref={root} {onkeydown}>
            <button type="button" class="picker__button" onclick={toggle}
                aria-haspopup="true" aria-expanded={if *is_open { "true" } else { "false" }}>
                <span class="visually-hidden">{ catalog.text("ui.picker.label").to_owned() }{ ": " }
                </span>
                <span class="picker__current">{ title }</span>
                <span aria-hidden="true" class="picker__arrow">{ "▾" }</span>
            </button>
            if *is_open {
                <div class="picker__list" role="menu"
                    aria-label={catalog.text("ui.picker.label").to_owned()}>
                    { item(&BLANK, current, catalog, &choose) }
                    { for Group::ALL.iter().map(|group| {
                        group_of(*group, current, catalog, &choose)
                    }) }
                    { own_runs(name.as_deref(), catalog, &choose_own) }
                    { item_to_open("ui.capture.open", false, catalog, open_capture) }
                    { item_to_open("ui.packetdrill.from", *is_script, catalog, from_script) }
                </div>
            }
        </div>
    }
}

/// An item that opens the dialog for captures or for packetdrill scripts.
fn item_to_open(
    key: &str,
    is_current: bool,
    catalog: &Catalog,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button type="button" role="menuitemradio" tabindex="-1"
            aria-checked={if is_current { "true" } else { "false" }}
            class="picker__item picker__item--script" {onclick}>
            <span class="picker__name">
                { catalog.text(key).to_owned() }
            </span>
        </button>
    }
}

fn group_of(
    group: Group,
    current: &str,
    catalog: &Catalog,
    choose: &Callback<&'static str>,
) -> Html {
    let name = catalog.text(&format!("ui.picker.{}", group.id())).to_owned();
    let lessons = LESSONS.iter().filter(|lesson| lesson.group == group);
    html! {
        <div role="group" aria-label={name.clone()} class="picker__group">
            <p class="picker__heading" aria-hidden="true">{ name }</p>
            { for lessons.map(|lesson| item(lesson, current, catalog, choose)) }
        </div>
    }
}

fn item(
    lesson: &Lesson,
    current: &str,
    catalog: &Catalog,
    choose: &Callback<&'static str>,
) -> Html {
    let id = lesson.id;
    let onclick = choose.reform(move |_: MouseEvent| id);
    let is_current = if id == current { "true" } else { "false" };
    // Every lesson builds on the first one: name only another one.
    let after = Some(lesson.after).filter(|after| !matches!(*after, "" | DEFAULT));
    html! {
        <button type="button" role="menuitemradio" aria-checked={is_current} tabindex="-1"
            class="picker__item" data-scenario={id} {onclick}>
            <Thumbnail scenario={id} />
            <span class="picker__name">
                { catalog.text(&format!("scenario.{id}.title")).to_owned() }
            </span>
            <span class="picker__question">
                { catalog.text(&format!("scenario.{id}.question")).to_owned() }
                if let Some(after) = after {
                    <span class="picker__after">{ builds_on(after, catalog) }</span>
                }
            </span>
        </button>
    }
}

/// Names the lesson that should be seen first.
pub fn builds_on(scenario: &str, catalog: &Catalog) -> String {
    let title = catalog.text(&format!("scenario.{scenario}.title")).to_owned();
    catalog.format("ui.picker.builds-on", &[("scenario", &title)])
}

/// Moves the focus through the list. Returns whether the key closes it.
fn on_list_key(event: &KeyboardEvent, root: &NodeRef) -> bool {
    let by = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        "Home" => i32::MIN,
        "End" => i32::MAX,
        "Escape" => {
            event.stop_propagation();
            return true;
        }
        "Tab" => return true,
        // The page's shortcuts do not apply in the list.
        _ => {
            event.stop_propagation();
            return false;
        }
    };
    event.prevent_default();
    event.stop_propagation();
    let items = items(root);
    let active = document().active_element();
    let place = items.iter().position(|item| {
        active.as_ref().is_some_and(|active| active.is_same_node(Some(item.unchecked_ref())))
    });
    let place = i32::try_from(place.unwrap_or(0)).unwrap_or(0);
    let last = i32::try_from(items.len().saturating_sub(1)).unwrap_or(0);
    let target = place.saturating_add(by).clamp(0, last);
    if let Some(item) = usize::try_from(target).ok().and_then(|target| items.get(target)) {
        // An item of an open list can be focused.
        let _ = item.focus();
    }
    false
}

fn items(root: &NodeRef) -> Vec<HtmlElement> {
    let Some(root) = root.cast::<HtmlElement>() else { return vec![] };
    let Ok(found) = root.query_selector_all("[role=menuitemradio]") else { return vec![] };
    (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
}

fn focus(root: &NodeRef, selector: &str) {
    let element = root.cast::<HtmlElement>().and_then(|root| root.query_selector(selector).ok()?);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // What was found can be focused.
        let _ = element.focus();
    }
}

/// Moves the focus to the current scenario when the list opens.
#[hook]
fn use_first_focus(is_open: bool, root: &NodeRef) {
    let root = root.clone();
    use_effect_with(is_open, move |is_open| {
        if *is_open {
            focus(&root, "[aria-checked=true]");
        }
    });
}

/// Closes the list on a press outside.
#[hook]
fn use_close_outside(is_open: bool, root: &NodeRef, close: Callback<()>) {
    let root = root.clone();
    use_effect_with(is_open, move |is_open| {
        let listener = is_open.then(|| {
            let options = EventListenerOptions::run_in_capture_phase();
            EventListener::new_with_options(&window(), "pointerdown", options, move |event| {
                let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
                let inside = root.get().is_some_and(|root| root.contains(target.as_ref()));
                if !inside {
                    close.emit(());
                }
            })
        });
        move || drop(listener)
    });
}
