//! The panel of reasons: the other effects of an event, the reason for it, and the RFC clauses.

use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::Run;
use crate::explain;
use crate::ui::page::{Page, Shared};
use crate::ui::player::explanation::reason;

/// The properties of [`Why`].
#[derive(Properties, PartialEq)]
pub struct WhyProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The current step; `None` before the first.
    pub step: Option<usize>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The panel.
#[component]
pub fn Why(props: &WhyProps) -> Html {
    let WhyProps { run, step, page } = props;
    let catalog = &page.catalog;
    let words = step.and_then(|step| explain::explain(run.timeline.trace(), step, catalog));
    let Some(words) = words else {
        return html! { <p class="panel__empty">{ catalog.text("ui.why.empty").to_owned() }</p> };
    };
    html! {
        <div class="why">
            <p class="why__sentence">{ words.sentence.clone() }</p>
            { reason(&words, catalog) }
        </div>
    }
}
