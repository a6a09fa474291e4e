//! The panel of reasons: what else followed from an event, why, and where it is written.

use tcp_handshake_html::html;
use yew::prelude::*;

use crate::app::Run;
use crate::explain;
use crate::ui::page::{Page, Shared};
use crate::ui::player::explanation::reason;

/// What the panel shows.
#[derive(Properties, PartialEq)]
pub struct WhyProps {
    /// The run.
    pub run: Shared<Run>,
    /// The step.
    pub step: Option<usize>,
    /// The words, and the way to act.
    pub page: Page,
}

/// The panel: what else followed, why, and where it is written.
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
