//! The whole page: its state, and where everything stands.

use std::rc::Rc;

use gloo::utils::document;
use yew::prelude::*;

use super::address;
use super::explanation::Explanation;
use super::header::Header;
use super::keys;
use super::language;
use super::page::Shared;
use super::player::Player;
use super::problems::Problems;
use super::script::Script;
use super::tabs::Tabs;
use super::tcb::Tcbs;
use crate::app::{Action, AppState, reduce, view};
use crate::ladder::Fate;
use crate::link::Theme;

/// The state, as Yew holds it.
struct Store(AppState);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Self(reduce(&self.0, action)))
    }
}

/// The page.
#[component]
pub fn App() -> Html {
    let store = use_reducer(|| {
        let (link, problems) = address::read();
        Store(AppState::open(link, problems))
    });
    let dispatch = {
        let store = store.dispatcher();
        use_callback((), move |action: Action, ()| store.dispatch(action))
    };
    let state = &store.0;
    let view = &state.link.view;
    // A link says only which language was chosen: who opens it without one reads their own.
    let preferred = use_memo((), |()| language::preferred());
    let lang = view.lang.as_deref().unwrap_or(*preferred);
    let (catalog, language_failed) = language::use_catalog(lang);
    address::use_address(state, dispatch.clone());
    use_theme(view.theme);

    let onkeydown = {
        let (state, dispatch) = (state.clone(), dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(action) = keys::on_key_down(&event, &state) {
                dispatch.emit(action);
            }
        })
    };

    let Some(catalog) = catalog else {
        return html! { <div class="page" aria-busy="true"><p class="loading">{ "…" }</p></div> };
    };
    let run = Shared::from(Rc::clone(&state.run));
    let step = state.playhead.step;
    let player = html! {
        <Player run={run.clone()} ghost={state.ghost.clone().map(Shared::from)}
            playhead={state.playhead} playing={state.playing} speed={view.speed}
            selected={state.selected} show_future={state.show_future}
            can_undo={state.can_undo()} can_redo={state.can_redo()}
            catalog={catalog.clone()} dispatch={dispatch.clone()}>
            <Explanation run={run.clone()} {step} playing={state.playing}
                edited={state.ghost.is_some()} last_edit={state.link.edits.last().copied()}
                catalog={catalog.clone()} dispatch={dispatch.clone()} />
        </Player>
    };
    if view.embed {
        let href = address::address(&{
            let mut link = state.link_now();
            link.view.embed = false;
            link
        });
        return html! {
            <div class="page page--embed" {onkeydown}>
                <Problems problems={state.problems.clone()} {language_failed}
                    catalog={catalog.clone()} dispatch={dispatch.clone()} />
                <main class="stage__player">{ player }</main>
                <a class="page__open" {href} target="_blank" rel="noopener">
                    { catalog.text("ui.shell.open-full").to_owned() }
                </a>
            </div>
        };
    }
    html! {
        <div class="page" {onkeydown}>
            <Header scenario={state.link.scenario} lang={lang.to_owned()}
                theme={view.theme} address={address::address(&state.link_now())}
                catalog={catalog.clone()} dispatch={dispatch.clone()} />
            <Problems problems={state.problems.clone()} {language_failed}
                catalog={catalog.clone()} dispatch={dispatch.clone()} />
            <div class="stage">
                <main class="stage__player">{ player }</main>
                <div class="stage__left">
                    <Script run={run.clone()} link={Shared::new(state.link.clone())}
                        catalog={catalog.clone()} dispatch={dispatch.clone()} />
                    <Tcbs run={run.clone()} {step} at={timer_at(state)}
                        catalog={catalog.clone()} />
                </div>
                <aside class="stage__right">
                    <Tabs {run} {step} selected={state.selected} fate={selected_fate(state)}
                        open={view.panels.clone()} {catalog} {dispatch} />
                </aside>
            </div>
        </div>
    }
}

/// What became of the selected segment by now.
fn selected_fate(state: &AppState) -> Option<Fate> {
    let arrow = state.selected.and_then(|id| view::arrow(&state.run, id))?;
    Some(arrow.fate(state.playhead.at))
}

/// The instant for the running timers: exact when time stands still, else of the last step.
fn timer_at(state: &AppState) -> crate::time::Instant {
    if !state.playing {
        return state.playhead.at;
    }
    let steps = &state.run.timeline.trace().steps;
    let step = state.playhead.step.and_then(|step| steps.get(step));
    step.map_or(crate::time::Instant::ZERO, |step| step.at)
}

/// Light or dark, as the document's own attribute: the stylesheets do the rest.
#[hook]
fn use_theme(theme: Theme) {
    use_effect_with(theme, |theme| {
        if let Some(root) = document().document_element() {
            // The element is the document's own: the attribute can be set.
            let _ = match theme {
                Theme::Auto => root.remove_attribute("data-theme"),
                Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.id()),
            };
        }
    });
}

/// Shows the sentence that stands ready in the document for the day when the program fails.
pub fn tell_panic() {
    if let Some(notice) = document().get_element_by_id("panic") {
        // Nothing is left to do where even this fails.
        let _ = notice.remove_attribute("hidden");
    }
}
