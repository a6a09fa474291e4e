//! The TCBs of both hosts by RFC names, with the changes of the current step marked.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use crate::app::Run;
use crate::app::view::tcb::{self, TcbRow, TcbValue};
use crate::explain::{call_name, timer_name};
use crate::locale::{self, Catalog};
use crate::sim::{Cause, Side};
use crate::ui::browser::clock::{Clock, use_text_playhead};
use crate::ui::ladder::brief;
use crate::ui::page::{Page, Shared};

/// The properties of [`Tcbs`].
#[derive(Properties, PartialEq)]
pub struct TcbsProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The current step; `None` before the first.
    pub step: Option<usize>,
    /// The clock, for the remaining times of the timers.
    pub clock: Shared<Clock>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The table and the timers.
#[component]
pub fn Tcbs(props: &TcbsProps) -> Html {
    let TcbsProps { run, step, clock, page } = props;
    let catalog = &page.catalog;
    let is_explained = use_state(|| false);
    let is_relative = use_state(|| false);
    let toggle = |name: &str, title: Option<&str>, is_on: &UseStateHandle<bool>| {
        let onclick = {
            let is_on = is_on.clone();
            Callback::from(move |_: MouseEvent| is_on.set(!*is_on))
        };
        html! {
            <button type="button" class="link-button" {onclick}
                title={title.map(|title| catalog.text(title).to_owned())}
                aria-pressed={if **is_on { "true" } else { "false" }}>
                { catalog.text(name).to_owned() }
            </button>
        }
    };
    html! {
        <section class="tcb" aria-label={catalog.text("ui.tcb.title").to_owned()}>
            <div class="tcb__top">
                <h2 class="panel__title">{ catalog.text("ui.tcb.title").to_owned() }</h2>
                <div class="tcb__toggles">
                    { toggle("ui.tcb.relative", Some("ui.tcb.relative-hint"), &is_relative) }
                    { toggle("ui.tcb.explain", None, &is_explained) }
                </div>
            </div>
            <Table run={run.clone()} step={*step} is_explained={*is_explained}
                is_relative={*is_relative} {page} />
            <Timers run={run.clone()} {clock} {page} />
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct TableProps {
    run: Shared<Run>,
    step: Option<usize>,
    is_explained: bool,
    is_relative: bool,
    page: Page,
}

/// A row for each variable, a column for each host, and the meaning of each variable on demand.
#[component]
fn Table(props: &TableProps) -> Html {
    let TableProps { run, step, is_explained, is_relative, page } = props;
    let catalog = &page.catalog;
    let [client, server] = Side::BOTH.map(|side| tcb::rows(run, *step, side));
    let causes =
        Side::BOTH.map(|side| if *is_explained { tcb::causes(run, *step, side) } else { vec![] });
    let rows = client.iter().zip(&server).enumerate().map(|(index, (client, server))| {
        let since = Side::BOTH.into_iter().filter_map(|side| {
            let step = causes[side.index()].get(index).copied().flatten()?;
            Some(cause(run, step, side, catalog))
        });
        let since = since.collect::<Vec<_>>().join(" · ");
        let gloss = catalog.text(&format!("term.{}", client.name)).to_owned();
        html! {
            <tbody key={client.name}>
                <tr>
                    <th scope="row">
                        <abbr title={gloss.clone()}><span lang="en">{ client.name }</span></abbr>
                    </th>
                    { cell(client, *is_relative) }
                    { cell(server, *is_relative) }
                </tr>
                if *is_explained {
                    <tr class="tcb__gloss">
                        <td colspan="3">{ gloss }<span class="tcb__since">{ since }</span></td>
                    </tr>
                }
            </tbody>
        }
    });
    html! {
        <table class={classes!("tcb__table", is_explained.then_some("tcb__table--explained"))}>
            <thead>
                <tr>
                    <td></td>
                    { for Side::BOTH.map(|side| html! {
                        <th scope="col" class={classes!("tcb__host", side.name())}>
                            { host_name(side, catalog) }
                        </th>
                    }) }
                </tr>
            </thead>
            { for rows }
        </table>
    }
}

/// The event that gave a variable its value: `Client: S1, 100 ms`.
fn cause(run: &Run, step: usize, side: Side, catalog: &Catalog) -> String {
    let trace = run.timeline.trace();
    let step = &trace.steps[step];
    let cause = match step.cause {
        Cause::Arrival(index, _) | Cause::Loss(index) => trace.segments[index].id.to_string(),
        Cause::Call(call) => call_name(call, catalog),
        Cause::Timer(timer) => timer_name(timer, catalog),
    };
    let (host, at) = (host_name(side, catalog), locale::instant(step.at));
    catalog.format("ui.tcb.since", &[("host", &host), ("cause", &cause), ("at", &at)])
}

/// The name of a host on its own, as in `Client`.
fn host_name(side: Side, catalog: &Catalog) -> String {
    catalog.text(&format!("ui.host.{}", side.name())).to_owned()
}

fn cell(row: &TcbRow, is_relative: bool) -> Html {
    let value = text(row.value, is_relative);
    let is_state = matches!(row.value, Some(TcbValue::State(_)));
    let state = is_state.then_some("tcb__state");
    match row.before {
        Some(before) => html! {
            <td class={classes!("tcb__changed", state)}>
                <span class="tcb__before">{ text(before, is_relative) }{ " → " }</span>
                <strong>{ value }</strong>
            </td>
        },
        None => html! { <td class={classes!(state)}>{ value }</td> },
    }
}

fn text(value: Option<TcbValue>, is_relative: bool) -> String {
    match value {
        None => "–".to_owned(),
        Some(TcbValue::Number(number)) => number.to_string(),
        Some(TcbValue::Sequence { value, first }) if is_relative => {
            value.distance_from(first).to_string()
        }
        Some(TcbValue::Sequence { value, .. }) => value.to_string(),
        Some(TcbValue::Span(span)) => locale::span(span),
        Some(TcbValue::State(state)) => state.name().to_owned(),
    }
}

#[derive(Properties, PartialEq)]
struct TimersProps {
    run: Shared<Run>,
    clock: Shared<Clock>,
    page: Page,
}

/// The timers that are running, and their remaining times.
#[component]
fn Timers(props: &TimersProps) -> Html {
    let TimersProps { run, clock, page } = props;
    let catalog = &page.catalog;
    let now = use_text_playhead(clock).moment();
    let running = Side::BOTH.into_iter().flat_map(|side| run.running_timers(now, side));
    let rows = running.map(|span| {
        let left = span.deadline.since(now.at);
        let whole = span.deadline.since(span.from).as_micros().max(1);
        let host = host_name(span.side, catalog);
        let name = format!("{host} · {}", timer_name(span.timer, catalog));
        html! {
            <li class={classes!("tcb__timer", span.side.name())}>
                <span>{ name.clone() }</span>
                <progress max={whole.to_string()} value={left.as_micros().to_string()}
                    aria-label={name}></progress>
                <span class="tcb__left">{ brief(left) }</span>
            </li>
        }
    });
    html! { <ul class="tcb__timers">{ for rows }</ul> }
}
