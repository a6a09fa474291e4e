//! The help dialog: gestures, keys, the meaning of each mark, and a few settings.

use tcp_handshake_html::{classes, html};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::{Action, Look, Play, Settings};
use crate::link::PauseOn;
use crate::locale::Catalog;
use crate::ui::browser::focus::use_modal;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::browser::storage;
use crate::ui::page::Page;

/// The properties of [`Help`].
#[derive(Properties, PartialEq)]
pub struct HelpProps {
    /// Whether the dialog is open.
    pub is_open: bool,
    /// The viewer's settings.
    pub settings: Settings,
    /// Whether the future of the run is drawn.
    pub show_future: bool,
    /// Whether idle gaps are drawn to scale.
    pub true_scale: bool,
    /// Where the run pauses while it plays.
    pub pause_on: PauseOn,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// Each row of the key table: the keys, and the catalog key of their description.
const KEYS: [(&str, &str); 23] = [
    ("Space K", "help.key.play"),
    (", .", "help.key.step"),
    ("← →", "help.key.nudge"),
    ("Shift+← Shift+→", "help.key.tenth"),
    ("J L", "help.key.rtt"),
    ("[ ]", "help.key.chapter"),
    ("Home End", "help.key.ends"),
    ("0 … 9", "help.key.digits"),
    ("< >", "help.key.speed"),
    ("↑ ↓", "help.key.segments"),
    ("Enter", "help.key.enter"),
    ("D Delete", "help.key.drop"),
    ("U", "help.key.twice"),
    ("+ -", "help.key.delay"),
    ("Esc", "help.key.escape"),
    ("Ctrl+Z", "help.key.undo"),
    ("Ctrl+Shift+Z", "help.key.redo"),
    ("R", "help.key.restart"),
    ("Shift+R", "help.key.clear"),
    ("G", "help.key.future"),
    ("P", "help.key.present"),
    ("F", "help.key.full"),
    ("?", "help.key.help"),
];

const LINE: (&str, &str) = ("segment__line", "M2 5 70 15");

/// A row of the legend: the catalog key of its description, the classes that style it, and the
/// classes and paths of its lines, in a box of 72 by 20.
struct Mark(&'static str, &'static str, &'static [(&'static str, &'static str)]);

const MARKS: [Mark; 14] = [
    Mark("help.mark.syn", "segment--syn", &[LINE]),
    Mark("help.mark.ack", "segment--ack", &[LINE]),
    Mark("help.mark.data", "segment--data", &[LINE]),
    Mark("help.mark.fin", "segment--fin", &[LINE]),
    Mark("help.mark.rst", "segment--rst", &[LINE, ("segment__core", LINE.1)]),
    Mark("help.mark.repeat", "segment--data segment--repeat", &[LINE]),
    Mark(
        "help.mark.lost",
        "segment--data segment--lost",
        &[("segment__line", "M2 5 44 11"), ("segment__cross", "M39 6l10 10M49 6 39 16")],
    ),
    Mark(
        "help.mark.delayed",
        "segment--data",
        &[("segment__due", "M36 6 70 9"), ("segment__line", "M2 3 36 6 70 17")],
    ),
    Mark(
        "help.mark.copy",
        "segment--data",
        &[("segment__line", "M2 3 70 9"), ("segment__copy", "M2 3 70 17")],
    ),
    Mark("help.mark.future", "segment--data segment--future", &[LINE]),
    Mark("help.mark.ghost", "", &[("lifeline__ghost-line", LINE.1)]),
    Mark("help.mark.fold", "", &[("lifeline__fold-tooth", "M28 7l5-4 6 4 5-4M28 17l5-4 6 4 5-4")]),
    Mark(
        "help.mark.half",
        "state--fin-wait-2",
        &[("state", "M32 1h8v18h-8z"), ("help__mark-hatch", "M32 1h8v18h-8z")],
    ),
    Mark(
        "help.mark.timer",
        "lifeline__timer--expired",
        &[("lifeline__timer-bar", "M36 1v17"), ("lifeline__timer-end", "M32 18h8")],
    ),
];

/// The dialog. Its words are fetched when it is first opened.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let HelpProps { is_open, page, .. } = props;
    let (lang, catalog, dispatch) = (&page.lang, &page.catalog, &page.dispatch);
    let dialog = use_node_ref();
    use_modal(&dialog, *is_open);
    let sheet = use_words("help", lang, *is_open);
    let text = |key: &str| catalog.text(key).to_owned();
    let onclose = dispatch.reform(|_: Event| Action::Look(Look::Help(false)));
    let close = dispatch.reform(|_: MouseEvent| Action::Look(Look::Help(false)));
    // The page's shortcuts do not apply in the dialog.
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    let content = match sheet {
        _ if !*is_open => Html::default(),
        Words::Ready(words) => content(props, &words),
        Words::Loading => html! { <p aria-busy="true">{ "…" }</p> },
        Words::Failed => html! { <p role="alert">{ text("ui.help.failed") }</p> },
    };
    html! {
        <dialog ref={dialog} class="sheet help" aria-labelledby="help-title" {onclose} {onkeydown}>
            <div class="sheet__head">
                <h2 id="help-title">{ text("ui.help.title") }</h2>
                <button type="button" class="button" onclick={close}>
                    { text("ui.help.close") }
                </button>
            </div>
            { content }
        </dialog>
    }
}

fn content(props: &HelpProps, words: &Catalog) -> Html {
    let text = |key: &str| words.text(key).to_owned();
    let keys = KEYS.map(|(keys, key)| {
        let keys = keys.split(' ').map(|key| match key {
            "…" => html! { { " … " } },
            key => html! { <kbd>{ key }</kbd> },
        });
        html! { <div class="help__key"><dt>{ for keys }</dt><dd>{ text(key) }</dd></div> }
    });
    let marks = MARKS.map(|Mark(key, look, lines)| {
        let lines = lines.iter().map(|(class, d)| html! { <path class={*class} d={*d} /> });
        html! {
            <li class="help__mark">
                <svg class={classes!("help__mark-picture", look)} width="72" height="20"
                    aria-hidden="true">
                    { for lines }
                </svg>
                <span>{ text(key) }</span>
            </li>
        }
    });
    let notes = ["help.click", "help.drag", "help.ladder", "help.hosts", "help.quiz"];
    html! { <>
        <section>
            <h3>{ text("help.pointer") }</h3>
            <ul class="help__notes">{ for notes.map(|key| html! { <li>{ text(key) }</li> }) }</ul>
        </section>
        <section>
            <h3>{ text("help.settings") }</h3>
            { settings(props, words) }
        </section>
        <section>
            <h3>{ text("help.legend") }</h3>
            <ul class="help__marks">{ for marks }</ul>
        </section>
        <section>
            <h3>{ text("help.keyboard") }</h3>
            <p class="help__where">{ text("help.where") }</p>
            <dl class="help__keys">{ for keys }</dl>
        </section>
        <p class="help__version">{ concat!("tcp-handshake ", env!("CARGO_PKG_VERSION")) }</p>
    </> }
}

fn settings(props: &HelpProps, words: &Catalog) -> Html {
    let Settings { single_keys, still } = props.settings;
    let is_still = still.unwrap_or_else(crate::ui::browser::frame::wants_no_motion);
    let switch = |key: &str, is_on: bool, act: fn(&HelpProps, bool) -> Action| {
        let action = act(props, !is_on);
        let onchange = props.page.dispatch.reform(move |_: Event| action.clone());
        html! {
            <label class="help__switch">
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
        <div class="help__switches">
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
            <label class="help__switch">
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

/// Stores the settings in the browser, if it allows that.
#[hook]
pub fn use_kept(settings: Settings) {
    use_effect_with(settings, |settings| {
        let defaults = Settings::default();
        storage::keep("keys", (settings.single_keys != defaults.single_keys).then_some("off"));
        storage::keep("motion", settings.still.map(|still| if still { "steps" } else { "glide" }));
    });
}

/// The settings stored by an earlier visit, or else the defaults.
pub fn kept() -> Settings {
    let defaults = Settings::default();
    Settings {
        single_keys: storage::kept("keys").map_or(defaults.single_keys, |value| value != "off"),
        still: storage::kept("motion").map(|value| value == "steps"),
    }
}
