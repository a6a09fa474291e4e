//! Sharing: the button in the header, and the dialog in which a run is shared and exported.
//!
//! `app::share` defines the links, snippets and files. The dialog is plain DOM, without
//! Yew.

mod dialog;
mod dom;
mod file;
mod later;
mod make;
mod modal;
mod open;
mod picture;
mod print;
mod runs;

use tcp_handshake_html::html;
use yew::prelude::*;

pub use self::later::{HandOut, Later};
pub use self::open::{hand_out, open, table};
use crate::locale::Catalog;
use crate::ui::late;
use crate::ui::page::Shared;

/// The properties of [`Share`].
#[derive(Properties, PartialEq)]
pub struct ShareProps {
    /// Computes the address of the present view.
    pub address: Callback<(), String>,
    /// The language's code.
    pub lang: String,
    /// The texts of the page.
    pub catalog: Shared<Catalog>,
}

/// The button. If the dialog could not be loaded, its label says so, and pressing it tries again.
#[component]
pub fn Share(props: &ShareProps) -> Html {
    let ShareProps { address, lang, catalog } = props;
    let failed = use_state_eq(|| false);
    let onclick = {
        let (failed, address, lang) = (failed.clone(), address.clone(), lang.clone());
        Callback::from(move |_: MouseEvent| {
            let (failed, address, lang) = (failed.clone(), address.emit(()), lang.clone());
            yew::platform::spawn_local(async move {
                failed.set(late::open_share(address, lang).await.is_err());
            });
        })
    };
    let key = if *failed { "ui.share.failed" } else { "ui.share.title" };
    html! {
        <button type="button" class="button header__share" {onclick} aria-haspopup="dialog">
            <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                <path d="M10 12V3M6.5 6.5 10 3l3.5 3.5M6 9H4v8h12V9h-2" />
            </svg>
            <span class="header__share-text" aria-live="polite">
                { catalog.text(key).to_owned() }
            </span>
        </button>
    }
}
