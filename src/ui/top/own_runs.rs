//! The reader's own runs in the list of scenarios.

use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::runs::OwnRuns;
use crate::link::Link;
use crate::locale::Catalog;
use crate::ui::browser::storage;

/// The group of the runs that the browser keeps; nothing if it keeps none.
pub fn own_runs(current: Option<&str>, catalog: &Catalog, choose: &Callback<Link>) -> Html {
    let (runs, _) = OwnRuns::read(&storage::kept(storage::RUNS).unwrap_or_default());
    if runs.all().is_empty() {
        return Html::default();
    }
    let name = catalog.text("ui.picker.own").to_owned();
    let items = runs.all().iter().map(|run| {
        let name = run.view.name.clone().unwrap_or_default();
        let is_current = current == Some(name.as_str());
        let run = run.clone();
        let onclick = choose.reform(move |_: MouseEvent| run.clone());
        html! {
            <button type="button" role="menuitemradio" tabindex="-1" {onclick}
                aria-checked={if is_current { "true" } else { "false" }}
                class="picker__item picker__item--script">
                <span class="picker__name">{ name }</span>
            </button>
        }
    });
    html! {
        <div role="group" aria-label={name.clone()} class="picker__group">
            <p class="picker__heading" aria-hidden="true">{ name }</p>
            { for items }
        </div>
    }
}
