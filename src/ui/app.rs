//! The whole page: its state, and the arrangement of its parts.

use std::rc::Rc;

use gloo::utils::document;
use tcp_handshake_html::{Classes, classes, html};
use yew::prelude::*;

use crate::app::quiz::{Phase, Quiz};
use crate::app::tune::newly_tuned;
use crate::app::{Action, AppState, Look};
use crate::ladder::Fate;
use crate::link::{Link, Theme};
use crate::locale::Catalog;
use crate::time::Duration;
use crate::ui::browser::address;
use crate::ui::browser::focus::use_focus_kept;
use crate::ui::browser::host_page;
use crate::ui::browser::keys;
use crate::ui::browser::language;
use crate::ui::browser::window::toggle_full_screen;
use crate::ui::capture::{CaptureCardProps, CaptureDialogProps};
use crate::ui::help::{self, HelpProps};
use crate::ui::import::{use_drop, use_reader};
use crate::ui::late;
use crate::ui::page::{Page, PageParts, Shared};
use crate::ui::panels::tabs::TabsProps;
use crate::ui::panels::tcb::TcbsProps;
use crate::ui::player::Player;
use crate::ui::player::explanation::Explanation;
use crate::ui::present::PresenterProps;
use crate::ui::quiz::QuizProps;
use crate::ui::setup::edits::ScriptProps;
use crate::ui::setup::packetdrill::{ListingProps, ScriptPanelProps};
use crate::ui::setup::tune::TuneProps;
use crate::ui::store::{Store, use_store};
use crate::ui::task::TaskProps;
use crate::ui::top::header::HeaderProps;
use crate::ui::top::problems::Problems;

/// The page.
#[component]
pub fn App() -> Html {
    let store = use_store(open);
    let state = store.state();
    let dispatch = {
        let store = store.clone();
        use_callback((), move |action: Action, ()| store.act(action))
    };
    use_effect({
        let store = store.clone();
        move || store.clock().show(true)
    });
    let (page, language_again) = use_page(&state, &dispatch);
    let page = page.as_ref();
    use_surroundings(&store, &state, page, &dispatch);
    let root = use_node_ref();
    let onfocusin = use_focus_kept(&root);
    let onkeydown = use_keys(&store, &dispatch);
    let advance = {
        let store = store.clone();
        use_callback((), move |span, ()| store.advance(span))
    };
    let address = {
        let store = store.clone();
        use_callback((), move |(), ()| address::address(&store.now().link_now()))
    };
    let link = Shared::from(use_memo(state.link.clone(), Link::clone));
    // Once opened, a dialog stays mounted, so that it can return the focus when it closes.
    let was_help_open = use_latched(state.help);
    let was_draft_open = use_latched(state.draft.is_open);
    let was_capture_open = use_latched(state.capture_list.is_open);

    let Some(page) = page else {
        // Keep the static placeholder until the catalog has loaded.
        return html! { <div aria-busy="true"></div> };
    };
    let problems = html! {
        <Problems problems={state.problems.clone()} refused={state.refused}
            {language_again} {page} />
    };
    let player = player(&store, &state, advance, page);
    let view = &state.link.view;
    let content = if view.embed {
        html! { <>
            { problems }
            <main class="stage__player">{ player }</main>
            { full_link(&store, page) }
        </> }
    } else {
        html! { <>
            { header(&state, address.clone(), page) }
            { problems }
            { task(&state, &link, page) }
            { dialogs(&state, was_draft_open, was_capture_open, page) }
            <div class="stage">
                <main class="stage__player">{ player }</main>
                <div class="stage__left">{ left(&store, &state, link, page) }</div>
                <aside class="stage__right">{ right(&state, address, page) }</aside>
            </div>
        </> }
    };
    html! {
        // The page can have the focus, so that its shortcuts work after a click anywhere.
        <div class={class_of(&state)} tabindex="-1" ref={root} {onkeydown} {onfocusin}>
            { content }
            { presenter(&state, page) }
            if was_help_open {
                { help(&state, page) }
            }
        </div>
    }
}

/// The dialogs in which scripts and captures are opened.
fn dialogs(state: &AppState, scripts: bool, captures: bool, page: &Page) -> Html {
    html! { <>
        if scripts {
            { late::mount(&late::SCRIPT_PANEL, ScriptPanelProps {
                draft: state.draft.clone(), page: page.clone(),
            }, page) }
        }
        if captures {
            { late::mount(&late::CAPTURE_DIALOG, CaptureDialogProps {
                list: state.capture_list, page: page.clone(),
            }, page) }
        }
    </> }
}

fn class_of(state: &AppState) -> Classes {
    let is_embedded = state.link.view.embed;
    classes!(
        "page",
        is_embedded.then_some("page--embed"),
        state.presents.then_some("present"),
        state.run.capture.is_some().then_some("page--captured"),
    )
}

/// What leaves the presenter mode.
fn presenter(state: &AppState, page: &Page) -> Html {
    if !state.presents {
        return Html::default();
    }
    late::mount(&late::PRESENTER, PresenterProps { page: page.clone() }, page)
}

/// The initial state, from the link in the address bar and the settings of the last visit.
fn open() -> AppState {
    let (link, problems) = address::read();
    let mut state = AppState::open(link, problems);
    state.settings = help::kept();
    state
}

/// The shared properties, once the catalog has loaded. The second value loads the language again
/// after a failure.
#[hook]
fn use_page(
    state: &AppState,
    dispatch: &Callback<Action>,
) -> (Option<Page>, Option<Callback<MouseEvent>>) {
    // A link names a language only if the viewer chose one; otherwise the browser's preference
    // applies.
    let preferred = use_memo((), |()| language::preferred());
    let lang = state.link.view.lang.as_deref().unwrap_or(*preferred);
    // An embedded player needs the other texts only once a panel is opened.
    let texts = language::use_catalog(lang, !state.link.view.embed);
    let again = texts.has_failed.then(|| texts.load_again.reform(|_: MouseEvent| ()));
    let (want_all, load_again) = (texts.want_all, texts.load_again);
    let page =
        use_memo((texts.catalog, texts.extent, lang.to_owned()), |(catalog, extent, lang)| {
            let (extent, lang, dispatch) = (*extent, lang.clone(), dispatch.clone());
            let parts = |catalog| {
                let parts = PageParts { catalog, extent, want_all, load_again, lang, dispatch };
                Shared::new(parts)
            };
            catalog.clone().map(parts)
        });
    ((*page).clone(), again)
}

/// Connects the state to the page's surroundings: the address bar, the document, dropped files,
/// the host page and the browser's storage.
#[hook]
fn use_surroundings(
    store: &Shared<Store>,
    state: &Rc<AppState>,
    page: Option<&Page>,
    dispatch: &Callback<Action>,
) {
    address::use_address(state, store, dispatch.clone());
    use_theme(state.link.view.theme);
    use_arrival(page.is_some());
    let name = name_of(state).filter(|_| !state.is_script());
    use_title(name, title_key(state), page.map(|page| &page.catalog));
    use_drop(state.link.view.embed, dispatch);
    use_reader(&state.draft, dispatch);
    host_page::use_host_page(state, store, page.is_some(), dispatch.clone());
    help::use_kept(state.settings);
}

/// Handles the keys that are pressed in the page.
#[hook]
fn use_keys(store: &Shared<Store>, dispatch: &Callback<Action>) -> Callback<KeyboardEvent> {
    let store = store.clone();
    use_callback(dispatch.clone(), move |event: KeyboardEvent, dispatch| {
        match keys::on_key_down(&event, &store.now()) {
            Some(Action::Look(Look::FullScreen)) => {
                dispatch.emit(Action::Look(Look::Present(toggle_full_screen())));
            }
            Some(action) => {
                keys::follow(&event, &action);
                dispatch.emit(action);
            }
            None => {}
        }
    })
}

/// The player, with the explanation of the current event or the quiz.
fn player(
    store: &Shared<Store>,
    state: &AppState,
    advance: Callback<Duration>,
    page: &Page,
) -> Html {
    let run = Shared::from(Rc::clone(&state.run));
    let quiz = state.quiz.clone().map(Shared::from);
    let guess = state.quiz.as_ref().and_then(|quiz| quiz.guess.clone());
    let ghost = state.ghost.as_ref().filter(|_| !is_asking(state));
    let ghost = ghost.map(|ghost| Shared::from(Rc::clone(&ghost.run)));
    let before = state.link_before().filter(|_| ghost.is_some());
    let tuned = before.and_then(|before| newly_tuned(before, &state.link, &page.catalog));
    html! {
        <Player run={run.clone()} ghost={ghost.clone()}
            clock={store.clock().clone()} {advance}
            playhead={state.playhead} playing={state.is_playing()} still={state.settings.still}
            speed={state.link.view.speed}
            selected={state.selected} show_future={state.show_future}
            compares={state.is_comparing()} is_large={state.presents}
            guess={guess} can_undo={state.can_undo()} can_redo={state.can_redo()} {page}>
            <Explanation {run} step={state.playhead.step} playing={state.is_playing()}
                {ghost} {tuned} compares={state.is_comparing()}
                quizzes={Some(quiz.is_some())} {page}>
                if let Some(quiz) = quiz {
                    { late::mount(&late::QUIZ, QuizProps {
                        quiz, selected: state.selected, page: page.clone(),
                    }, page) }
                }
            </Explanation>
        </Player>
    }
}

/// Whether the quiz hides the future of the run, or shows another run.
fn is_asking(state: &AppState) -> bool {
    let is_other = |quiz: &Rc<Quiz>| quiz.round.is_some() || matches!(quiz.phase, Phase::Seen(_));
    state.quiz.as_ref().is_some_and(|quiz| quiz.question.is_some() || is_other(quiz))
}

/// The panels on the left: the run's edits and tuning, or the script, and the hosts' TCBs.
fn left(store: &Shared<Store>, state: &AppState, link: Shared<Link>, page: &Page) -> Html {
    let run = Shared::from(Rc::clone(&state.run));
    let step = state.playhead.step;
    let edited = Shared::from(Rc::clone(state.whole_run()));
    html! { <>
        if state.run.capture.is_some() {
            { late::mount(&late::CAPTURE_CARD, CaptureCardProps {
                run: run.clone(), selected: state.selected, page: page.clone(),
            }, page) }
        } else if state.is_script() {
            // The script lists the expected segments, which would give the answer away.
            if !is_asking(state) {
                { late::mount(&late::LISTING, ListingProps {
                    run: run.clone(), step, page: page.clone(),
                }, page) }
            }
        } else {
            { late::mount(&late::EDITS, ScriptProps {
                run: edited.clone(), scenario: state.link.scenario, link: link.clone(),
                page: page.clone(),
            }, page) }
            { late::mount(&late::TUNE, TuneProps {
                link, run: edited, page: page.clone(),
            }, page) }
        }
        { late::mount(&late::TCBS, TcbsProps {
            run, step, clock: store.clock().clone(), page: page.clone(),
        }, page) }
    </> }
}

/// The header, above the player.
fn header(state: &AppState, address: Callback<(), String>, page: &Page) -> Html {
    let properties = HeaderProps {
        scenario: state.link.scenario,
        name: name_of(state),
        is_script: state.is_script(),
        is_fixed: state.is_fixed(),
        theme: state.link.view.theme,
        address,
        page: page.clone(),
    };
    late::mount(&late::HEADER, properties, page)
}

/// The panels on the right, one at a time.
fn right(state: &AppState, address: Callback<(), String>, page: &Page) -> Html {
    let properties = TabsProps {
        run: Shared::from(Rc::clone(&state.run)),
        show_future: state.show_future,
        step: state.playhead.step,
        selected: state.selected,
        fate: selected_fate(state),
        open: state.link.view.panels.clone(),
        address,
        page: page.clone(),
    };
    late::mount(&late::TABS, properties, page)
}

/// The card of an assignment.
fn task(state: &AppState, link: &Shared<Link>, page: &Page) -> Html {
    if state.is_fixed() || !state.link.view.is_assignment() {
        return Html::default();
    }
    late::mount(&late::TASK, TaskProps { link: link.clone(), page: page.clone() }, page)
}

/// The help, in a dialog.
fn help(state: &AppState, page: &Page) -> Html {
    let properties = HelpProps {
        is_open: state.help,
        settings: state.settings,
        show_future: state.show_future,
        true_scale: state.true_scale,
        pause_on: state.link.view.pause_on,
        page: page.clone(),
    };
    late::mount(&late::HELP, properties, page)
}

/// The name of the run: that of the link, or both ends of a captured connection.
fn name_of(state: &AppState) -> Option<String> {
    let captured = state.run.capture.as_ref().map(|captured| captured.title.clone());
    captured.or_else(|| state.link.view.name.clone())
}

/// Whether a condition holds or has held before.
#[hook]
fn use_latched(is_now: bool) -> bool {
    let latch = use_mut_ref(|| false);
    let mut latch = latch.borrow_mut();
    *latch |= is_now;
    *latch
}

/// The link from an embedded player to the whole page. It holds the view at the time of the click.
fn full_link(store: &Shared<Store>, page: &Page) -> Html {
    let full = {
        let store = store.clone();
        move || {
            let mut link = store.now().link_now();
            link.view.embed = false;
            address::address(&link)
        }
    };
    let href = full();
    let onclick = Callback::from(move |event: MouseEvent| {
        let link: web_sys::Element = event.target_unchecked_into();
        // The attribute's name is valid.
        let _ = link.set_attribute("href", &full());
    });
    html! {
        <a class="page__open" {href} {onclick} target="_blank" rel="noopener">
            { page.catalog.text("ui.shell.open-full").to_owned() }
        </a>
    }
}

/// The fate of the selected segment at the moment shown.
fn selected_fate(state: &AppState) -> Option<Fate> {
    let arrow = state.selected.and_then(|id| state.run.arrow(id))?;
    Some(arrow.fate(state.playhead.moment()))
}

/// The catalog key of the run's title.
fn title_key(state: &AppState) -> AttrValue {
    if state.is_script() {
        return AttrValue::Static("ui.packetdrill.name");
    }
    AttrValue::from(format!("scenario.{}.title", state.link.scenario))
}

/// Names the run in the document's title, for tabs, bookmarks and the browser's history.
#[hook]
fn use_title(name: Option<String>, key: AttrValue, catalog: Option<&Shared<Catalog>>) {
    use_effect_with((name, key, catalog.cloned()), |(name, key, catalog)| {
        if let Some(catalog) = catalog {
            let page = catalog.text("ui.header.title");
            let run = name.as_deref().unwrap_or_else(|| catalog.text(key));
            document().set_title(&format!("{run} · {page}"));
        }
    });
}

/// Removes the static placeholder once the page is drawn.
#[hook]
fn use_arrival(is_there: bool) {
    use_effect_with(is_there, |is_there| {
        let waiting = document().get_element_by_id("waiting").filter(|_| *is_there);
        if let Some(waiting) = waiting {
            waiting.remove();
        }
    });
}

/// Sets the theme as an attribute of the document, for the stylesheets.
#[hook]
fn use_theme(theme: Theme) {
    use_effect_with(theme, |theme| {
        if let Some(root) = document().document_element() {
            // The element is the document's own, so the attribute can be set.
            let _ = match theme {
                Theme::Auto => root.remove_attribute("data-theme"),
                Theme::Light | Theme::Dark => root.set_attribute("data-theme", theme.id()),
            };
        }
    });
}
