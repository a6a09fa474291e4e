//! The whole page: its state, and where everything stands.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::utils::document;
use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::{Action, AppState, Look, Play, reduce};
use crate::ladder::Fate;
use crate::link::{Link, Theme};
use crate::locale::Catalog;
use crate::ui::browser::address;
use crate::ui::browser::clock::Clock;
use crate::ui::browser::focus::use_focus_kept;
use crate::ui::browser::host_page;
use crate::ui::browser::keys;
use crate::ui::browser::language;
use crate::ui::browser::window::toggle_full_screen;
use crate::ui::help::{self, Help};
use crate::ui::import::{use_drop, use_reader};
use crate::ui::page::{PageParts, Shared};
use crate::ui::panels::tabs::Tabs;
use crate::ui::panels::tcb::Tcbs;
use crate::ui::player::Player;
use crate::ui::player::explanation::Explanation;
use crate::ui::quiz::Quiz;
use crate::ui::setup::edits::Script;
use crate::ui::setup::packetdrill::{Listing, ScriptPanel};
use crate::ui::setup::tune::Tune;
use crate::ui::top::header::Header;
use crate::ui::top::problems::Problems;

/// The state, as Yew holds it, and as what acts on a press or a message asks for it: after every
/// action so far, drawn or not.
struct Store(AppState, Latest);

type Latest = Rc<RefCell<AppState>>;

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let state = reduce(&self.0, action);
        self.1.borrow_mut().clone_from(&state);
        Rc::new(Self(state, Rc::clone(&self.1)))
    }
}

/// The page.
#[component]
pub fn App() -> Html {
    let store = use_reducer(|| {
        let (link, problems) = address::read();
        let mut state = AppState::open(link, problems);
        state.settings = help::kept();
        let latest = Rc::new(RefCell::new(state.clone()));
        Store(state, latest)
    });
    let clock = Shared::from(use_memo((), |()| Clock::default()));
    let dispatch = {
        let (store, clock) = (store.dispatcher(), clock.clone());
        use_callback((), move |action: Action, ()| {
            // Whatever happens happens now, and not where the last event was.
            let ahead = clock.take_ahead();
            if !ahead.is_zero() {
                store.dispatch(Action::Play(Play::Tick(ahead)));
            }
            store.dispatch(action);
        })
    };
    let state = &store.0;
    clock.set(state);
    use_effect({
        let clock = clock.clone();
        move || clock.show(true)
    });
    let view = &state.link.view;
    // A link says only which language was chosen: who opens it without one reads their own.
    let preferred = use_memo((), |()| language::preferred());
    let lang = view.lang.as_deref().unwrap_or(*preferred);
    let (catalog, language_again) = language::use_catalog(lang);
    let latest = Rc::clone(&store.1);
    let page = use_memo((catalog.clone(), lang.to_owned()), |(catalog, lang)| {
        let (lang, dispatch) = (lang.clone(), dispatch.clone());
        let parts = catalog.clone().map(|catalog| PageParts { catalog, lang, dispatch });
        parts.map(Shared::new)
    });
    address::use_address(state, &latest, dispatch.clone());
    use_theme(view.theme);
    use_arrival(catalog.is_some());
    use_title(title_key(state), catalog.as_ref());
    use_drop(&dispatch);
    use_reader(&state.draft, &dispatch);
    host_page::use_host_page(state, &latest, catalog.is_some(), dispatch.clone());
    help::use_kept(state.settings);
    let go_on = {
        let (latest, clock) = (Rc::clone(&latest), clock.clone());
        use_callback(dispatch.clone(), move |span, dispatch| {
            let is_due = clock.go_on(&latest.borrow(), span);
            match is_due {
                Some(ahead) => dispatch.emit(Action::Play(Play::Tick(ahead))),
                None => latest.borrow_mut().playhead = clock.now(),
            }
        })
    };
    let onkeydown = {
        let latest = Rc::clone(&latest);
        use_callback(dispatch.clone(), move |event: KeyboardEvent, dispatch| {
            let action = keys::on_key_down(&event, &latest.borrow());
            match action {
                Some(Action::Look(Look::FullScreen)) => toggle_full_screen(),
                Some(action) => dispatch.emit(action),
                None => {}
            }
        })
    };
    let root = use_node_ref();
    let onfocusin = use_focus_kept(&root);
    let link = use_memo(state.link.clone(), Link::clone);
    let address = {
        let latest = Rc::clone(&latest);
        use_callback((), move |(), ()| address::address(&latest.borrow().link_now()))
    };

    let Some(page) = &*page else {
        // Keep the static placeholder until the catalog has loaded.
        return html! { <div aria-busy="true"></div> };
    };
    let run = Shared::from(Rc::clone(&state.run));
    // The network script is always the link's, whichever run is looked at.
    let edited = state.ghost.as_ref().filter(|_| state.is_comparing());
    let edited = edited.map_or(state.whole_run(), |ghost| &ghost.run);
    let edited = Shared::from(Rc::clone(edited));
    let quiz = state.quiz.clone().map(Shared::from);
    let asks = quiz.as_ref().is_some_and(|quiz| quiz.question.is_some());
    let ghost = state.ghost.as_ref().filter(|_| !asks);
    let ghost = ghost.map(|ghost| Shared::from(Rc::clone(&ghost.run)));
    let step = state.playhead.step;
    let link = Shared::from(link);
    let player = html! {
        <Player run={run.clone()} ghost={ghost.clone()}
            clock={clock.clone()} {go_on}
            playhead={state.playhead} playing={state.is_playing()} still={state.settings.still}
            speed={view.speed}
            selected={state.selected} show_future={state.show_future}
            can_undo={state.can_undo()} can_redo={state.can_redo()} {page}>
            <Explanation run={run.clone()} {step} playing={state.is_playing()}
                {ghost} compares={state.is_comparing()} quizzes={Some(quiz.is_some())} {page}>
                if let Some(quiz) = quiz {
                    <Quiz {quiz} selected={state.selected} {page} />
                }
            </Explanation>
        </Player>
    };
    let help = html! {
        <Help is_open={state.help} settings={state.settings} show_future={state.show_future}
            true_scale={state.true_scale} pause_on={view.pause_on} {page} />
    };
    if view.embed {
        let full = move || {
            let mut link = latest.borrow().link_now();
            link.view.embed = false;
            address::address(&link)
        };
        let href = full();
        // While it plays, where it stands when it is pressed.
        let onclick = Callback::from(move |event: MouseEvent| {
            let link: web_sys::Element = event.target_unchecked_into();
            let _ = link.set_attribute("href", &full());
        });
        return html! {
            // A press anywhere in it is enough for the keys to be its own.
            <div class="page page--embed" tabindex="-1" ref={root} {onkeydown} {onfocusin}>
                <Problems problems={state.problems.clone()} refused={state.refused}
                    {language_again} {page} />
                <main class="stage__player">{ player }</main>
                <a class="page__open" {href} {onclick} target="_blank" rel="noopener">
                    { page.catalog.text("ui.shell.open-full").to_owned() }
                </a>
                { help }
            </div>
        };
    }
    html! {
        <div class="page" tabindex="-1" ref={root} {onkeydown} {onfocusin}>
            <Header scenario={state.link.scenario} is_script={state.is_script()} {page}
                theme={view.theme} address={address.clone()} />
            <Problems problems={state.problems.clone()} refused={state.refused}
                {language_again} {page} />
            <ScriptPanel draft={state.draft.clone()} {page} />
            <div class="stage">
                <main class="stage__player">{ player }</main>
                <div class="stage__left">
                    if state.is_script() {
                        // It says what the machine is expected to send.
                        if !asks {
                            <Listing run={run.clone()} {step} {page} />
                        }
                    } else {
                        <Script run={edited.clone()} scenario={state.link.scenario} {page} />
                        <Tune {link} run={edited} {page} />
                    }
                    <Tcbs run={run.clone()} {step} {clock} {page} />
                </div>
                <aside class="stage__right">
                    <Tabs {run} {step} selected={state.selected} fate={selected_fate(state)}
                        open={view.panels.clone()} {page} {address} />
                </aside>
            </div>
            { help }
        </div>
    }
}

/// What became of the selected segment by now.
fn selected_fate(state: &AppState) -> Option<Fate> {
    let arrow = state.selected.and_then(|id| state.run.arrow(id))?;
    Some(arrow.fate(state.playhead.moment()))
}

/// The text that names what is shown.
fn title_key(state: &AppState) -> AttrValue {
    if state.is_script() {
        return AttrValue::Static("ui.packetdrill.name");
    }
    AttrValue::from(format!("scenario.{}.title", state.link.scenario))
}

/// What is shown, in the title: tabs, bookmarks and the browser's history tell runs apart by it.
#[hook]
fn use_title(key: AttrValue, catalog: Option<&Shared<Catalog>>) {
    use_effect_with((key, catalog.cloned()), |(key, catalog)| {
        if let Some(catalog) = catalog {
            let page = catalog.text("ui.header.title");
            document().set_title(&format!("{} · {page}", catalog.text(key)));
        }
    });
}

/// Takes away what stood there until the page came.
#[hook]
fn use_arrival(is_there: bool) {
    use_effect_with(is_there, |is_there| {
        let waiting = document().get_element_by_id("waiting").filter(|_| *is_there);
        if let Some(waiting) = waiting {
            waiting.remove();
        }
    });
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
