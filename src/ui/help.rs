//! The help dialog: gestures, keys, and the meaning of each mark.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use crate::app::{Action, Look};
use crate::locale::Catalog;
use crate::ui::browser::focus::use_modal;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::page::Page;

/// The properties of [`Help`].
#[derive(Properties, PartialEq)]
pub struct HelpProps {
    /// Whether the dialog is open.
    pub is_open: bool,
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
    let settings = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Look(Look::Help(false)));
            dispatch.emit(Action::Look(Look::Settings(true)));
        })
    };
    // The page's shortcuts do not apply in the dialog.
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    let content = match sheet {
        _ if !*is_open => Html::default(),
        Words::Ready(words) => content(&words),
        Words::Loading => html! { <p aria-busy="true">{ "…" }</p> },
        Words::Failed => html! { <p role="alert">{ text("ui.help.failed") }</p> },
    };
    html! {
        <dialog ref={dialog} class="sheet help" aria-labelledby="help-title" {onclose} {onkeydown}>
            <div class="sheet__head">
                <h2 id="help-title">{ text("ui.help.title") }</h2>
                <button type="button" class="button help__settings" onclick={settings}>
                    { text("ui.settings.title") }
                </button>
                <button type="button" class="button" onclick={close}>
                    { text("ui.help.close") }
                </button>
            </div>
            { content }
        </dialog>
    }
}

fn content(words: &Catalog) -> Html {
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
