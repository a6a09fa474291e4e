//! The top bar: scenario, language, theme, and link.

use gloo::timers::callback::Timeout;
use tcp_handshake_html::html;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::scenario_picker::ScenarioPicker;
use crate::app::{Action, Look};
use crate::link::Theme;
use crate::locale::LANGUAGES;
use crate::ui::browser::window::copy;
use crate::ui::page::Page;
use crate::ui::share::Share;

/// The properties of [`Header`].
#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    /// The id of the scenario shown.
    pub scenario: &'static str,
    /// The run's own name, if it has one.
    pub name: Option<String>,
    /// Whether a packetdrill script is shown in place of a scenario.
    pub is_script: bool,
    /// Whether no link holds what is shown.
    pub is_fixed: bool,
    /// The colour theme.
    pub theme: Theme,
    /// Computes the address of the present view.
    pub address: Callback<(), String>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The top bar.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let HeaderProps { scenario, name, is_script, is_fixed, theme, address, page } = props;
    let (lang, catalog, dispatch) = (&page.lang, &page.catalog, &page.dispatch);
    let text = |key: &str| catalog.text(key).to_owned();
    let language = dispatch.reform(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        Action::Look(Look::Language(select.value()))
    });
    let next_theme = match theme {
        Theme::Auto => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::Auto,
    };
    let switch = dispatch.reform(move |_: MouseEvent| Action::Look(Look::Theme(next_theme)));
    let help = dispatch.reform(|_: MouseEvent| Action::Look(Look::Help(true)));
    let theme_label = format!(
        "{}: {}",
        text("ui.header.theme"),
        text(&format!("ui.header.theme-{}", theme.id()))
    );
    html! {
        <header class="header">
            <h1 class="header__title">
                <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
                    <path d="M5 3v18M19 3v18" class="header__lines" />
                    <path d="M5 6l14 4M19 11l-14 4M5 16l14 4" class="header__arrows" />
                </svg>
                <span>{ text("ui.header.title") }</span>
            </h1>
            <ScenarioPicker {scenario} name={name.clone()} {is_script} {page} />
            <a class="icon-button header__notes" href={format!("notes/{lang}.html")}
                aria-label={text("ui.notes")} title={text("ui.notes")}>
                <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                    <path d="M10 5.4C8.2 4 5.9 3.5 3 3.6v11.6c2.9-.1 5.2.4 7 1.8 \
                        1.8-1.4 4.1-1.9 7-1.8V3.6c-2.9-.1-5.2.4-7 1.8zm0 0V17" />
                </svg>
            </a>
            <div class="header__tools">
                <label class="header__language">
                    <span class="visually-hidden">{ text("ui.header.language") }</span>
                    <select onchange={language}>
                        { for LANGUAGES.iter().map(|language| html! {
                            <option value={language.code} lang={language.code}
                                selected={language.code == lang}>{ language.name }</option>
                        }) }
                    </select>
                </label>
                <button type="button" class="icon-button header__theme" onclick={switch}
                    aria-label={theme_label.clone()} title={theme_label}>
                    { theme_icon(*theme) }
                </button>
                // No link holds the run of a script or a capture: there is nothing to share.
                if !is_fixed {
                    <CopyLink address={address.clone()} {page} />
                    <Share address={address.clone()} lang={lang.clone()}
                        catalog={catalog.clone()} />
                }
            </div>
            <button type="button" class="icon-button header__help" onclick={help}
                aria-label={text("ui.help.title")} title={text("ui.help.title")}
                aria-keyshortcuts="?" aria-haspopup="dialog">
                <span aria-hidden="true">{ "?" }</span>
            </button>
        </header>
    }
}

fn theme_icon(theme: Theme) -> Html {
    let path = match theme {
        Theme::Auto => html! { <><circle cx="10" cy="10" r="6.5" fill="none" />
        <path d="M10 3.5a6.5 6.5 0 0 1 0 13z" stroke="none" /></> },
        Theme::Light => html! { <><circle cx="10" cy="10" r="3.6" />
        <path d="M10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.4 1.4M14.3 14.3l1.4 1.4\
            M4.3 15.7l1.4-1.4M14.3 5.7l1.4-1.4" fill="none" /></> },
        Theme::Dark => html! { <path d="M16 12.5A6.8 6.8 0 0 1 7.5 4a6.8 6.8 0 1 0 8.5 8.5z" /> },
    };
    html! { <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">{ path }</svg> }
}

#[derive(Properties, PartialEq)]
struct CopyLinkProps {
    address: Callback<(), String>,
    page: Page,
}

/// How long the result of copying is shown, in milliseconds.
const COPIED_MILLIS: u32 = 2_000;

#[component]
fn CopyLink(props: &CopyLinkProps) -> Html {
    let CopyLinkProps { address, page } = props;
    let catalog = &page.catalog;
    // `None` before the button is pressed, then whether the link was copied.
    let copied = use_state(|| None::<bool>);
    let onclick = {
        let (copied, address) = (copied.clone(), address.clone());
        Callback::from(move |_: MouseEvent| {
            let (copied, address) = (copied.clone(), address.emit(()));
            yew::platform::spawn_local(async move {
                copied.set(Some(copy(&address).await));
                Timeout::new(COPIED_MILLIS, move || copied.set(None)).forget();
            });
        })
    };
    let key = match *copied {
        None => "ui.header.copy-link",
        Some(true) => "ui.header.copied",
        Some(false) => "ui.header.not-copied",
    };
    html! {
        <button type="button" class="button header__share" {onclick}>
            <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                <path d="M8.5 11.5a3 3 0 0 0 4.2 0l3-3a3 3 0 0 0-4.2-4.2l-1 1" />
                <path d="M11.5 8.5a3 3 0 0 0-4.2 0l-3 3a3 3 0 0 0 4.2 4.2l1-1" />
            </svg>
            <span class="header__share-text">
                <span aria-live="polite">{ catalog.text(key).to_owned() }</span>
                // As wide as both, so that nothing moves.
                { for ["copy-link", "copied"].map(|other| html! {
                    <i aria-hidden="true">
                        { catalog.text(&format!("ui.header.{other}")).to_owned() }
                    </i>
                }) }
            </span>
        </button>
    }
}
