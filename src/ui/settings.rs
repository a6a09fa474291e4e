//! The dialog for the viewer's settings.

use tcp_handshake_html::html;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::{Action, Look, Play, Settings};
use crate::link::{PauseOn, Speed};
use crate::locale::Catalog;
use crate::ui::browser::focus::use_modal;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::page::Page;
use crate::ui::player::transport::Tempo;

/// The properties of [`SettingsDialog`].
#[derive(Properties, PartialEq)]
pub struct SettingsDialogProps {
    /// Whether the dialog is open.
    pub is_open: bool,
    /// The viewer's settings.
    pub settings: Settings,
    /// Whether the future of the run is drawn.
    pub show_future: bool,
    /// Whether idle gaps are drawn to scale.
    pub true_scale: bool,
    /// The playback speed.
    pub speed: Speed,
    /// Where the run pauses while it plays.
    pub pause_on: PauseOn,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The dialog. Its words come with those of the help.
#[component]
pub fn SettingsDialog(props: &SettingsDialogProps) -> Html {
    let SettingsDialogProps { is_open, page, .. } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let dialog = use_node_ref();
    use_modal(&dialog, *is_open);
    let sheet = use_words("help", &page.lang, *is_open);
    let text = |key: &str| catalog.text(key).to_owned();
    let onclose = dispatch.reform(|_: Event| Action::Look(Look::Settings(false)));
    let close = dispatch.reform(|_: MouseEvent| Action::Look(Look::Settings(false)));
    // The page's shortcuts do not apply in the dialog.
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    let content = match sheet {
        _ if !*is_open => Html::default(),
        Words::Ready(words) => content(props, &words),
        Words::Loading => html! { <p aria-busy="true">{ "…" }</p> },
        Words::Failed => html! { <p role="alert">{ text("ui.help.failed") }</p> },
    };
    html! {
        <dialog ref={dialog} class="sheet settings" aria-labelledby="settings-title" {onclose}
            {onkeydown}>
            <div class="sheet__head">
                <h2 id="settings-title">{ text("ui.settings.title") }</h2>
                <button type="button" class="button" onclick={close}>
                    { text("ui.help.close") }
                </button>
            </div>
            { content }
        </dialog>
    }
}

fn content(props: &SettingsDialogProps, words: &Catalog) -> Html {
    let Settings { single_keys, still } = props.settings;
    let is_still = still.unwrap_or_else(crate::ui::browser::frame::wants_no_motion);
    let switch = |key: &str, is_on: bool, act: fn(&SettingsDialogProps, bool) -> Action| {
        let action = act(props, !is_on);
        let onchange = props.page.dispatch.reform(move |_: Event| action.clone());
        html! {
            <label class="settings__switch">
                <input type="checkbox" role="switch" checked={is_on} {onchange} />
                <span>{ words.text(key).to_owned() }</span>
            </label>
        }
    };
    let pause = props.page.dispatch.reform(|event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        let chosen = PauseOn::ALL.into_iter().find(|it| it.id() == value);
        Action::Play(Play::PauseOn(chosen.unwrap_or_default()))
    });
    html! {
        <div class="settings__switches">
            { switch("help.setting.keys", single_keys, |props, single_keys| {
                Action::Look(Look::Set(Settings { single_keys, ..props.settings }))
            }) }
            { switch("help.setting.still", is_still, |props, still| {
                Action::Look(Look::Set(Settings { still: Some(still), ..props.settings }))
            }) }
            { switch("help.setting.future", props.show_future, |_, on| {
                Action::Look(Look::ShowFuture(on))
            }) }
            { switch("help.setting.scale", props.true_scale, |_, on| {
                Action::Look(Look::TrueScale(on))
            }) }
            <label class="settings__switch">
                <span>{ props.page.catalog.text("ui.transport.speed").to_owned() }</span>
                <Tempo speed={props.speed} pause_on={props.pause_on} page={&props.page} />
            </label>
            <label class="settings__switch">
                <span>{ words.text("help.setting.pause").to_owned() }</span>
                <select onchange={pause}>
                    { for PauseOn::ALL.map(|it| html! {
                        <option value={it.id()} selected={it == props.pause_on}>
                            { words.text(&format!("help.pause.{}", it.id())).to_owned() }
                        </option>
                    }) }
                </select>
            </label>
        </div>
    }
}
