//! Both TCBs in RFC names, with what the current step changed.

use yew::prelude::*;

use super::page::Shared;
use crate::app::Run;
use crate::app::view::{self, TcbRow, Value};
use crate::explain::{side_name, timer_name};
use crate::locale::{self, Catalog};
use crate::sim::Side;
use crate::time::Instant;

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct TcbsProps {
    /// The run.
    pub run: Shared<Run>,
    /// The step.
    pub step: Option<usize>,
    /// The instant, for the timers.
    pub at: Instant,
    /// The words.
    pub catalog: Shared<Catalog>,
}

/// The table: a row for each variable, a column for each host.
#[component]
pub fn Tcbs(props: &TcbsProps) -> Html {
    let TcbsProps { run, step, at, catalog } = props;
    let [client, server] = Side::BOTH.map(|side| view::tcb_rows_of(run, *step, side));
    html! {
        <section class="tcb" aria-label={catalog.text("ui.tcb.title").to_owned()}>
            <h2 class="panel__title">{ catalog.text("ui.tcb.title").to_owned() }</h2>
            <table class="tcb__table">
                <thead>
                    <tr>
                        <td></td>
                        { for Side::BOTH.map(|side| html! {
                            <th scope="col" class={classes!("tcb__host", side.name())}>
                                { side_name(side, catalog) }
                            </th>
                        }) }
                    </tr>
                </thead>
                <tbody>
                    { for client.iter().zip(&server).map(|(client, server)| {
                        let gloss = catalog.text(&format!("term.{}", client.name)).to_owned();
                        html! {
                            <tr key={client.name}>
                                <th scope="row" lang="en">
                                    <abbr title={gloss}>{ client.name }</abbr>
                                </th>
                                { cell(client) }
                                { cell(server) }
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
            if step.is_some() {
                <Timers run={run.clone()} at={*at} catalog={catalog.clone()} />
            }
        </section>
    }
}

fn cell(row: &TcbRow) -> Html {
    let value = text(row.value);
    let is_state = matches!(row.value, Some(Value::State(_)));
    let state = is_state.then_some("tcb__state");
    match row.before {
        Some(before) => html! {
            <td class={classes!("tcb__changed", state)}>
                <span class="tcb__before">{ text(before) }{ " → " }</span>
                <strong>{ value }</strong>
            </td>
        },
        None => html! { <td class={classes!(state)}>{ value }</td> },
    }
}

fn text(value: Option<Value>) -> String {
    match value {
        None => "–".to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Span(span)) => locale::span(span),
        Some(Value::State(state)) => state.name().to_owned(),
    }
}

#[derive(Properties, PartialEq)]
struct TimersProps {
    run: Shared<Run>,
    at: Instant,
    catalog: Shared<Catalog>,
}

/// The timers that run now, and how long they still do.
#[component]
fn Timers(props: &TimersProps) -> Html {
    let TimersProps { run, at, catalog } = props;
    let running = Side::BOTH.into_iter().flat_map(|side| {
        view::running_timers(run, *at, side).into_iter().map(move |timer| (side, timer))
    });
    let rows = running.map(|(side, timer)| {
        let left = timer.deadline.since(*at);
        let whole = timer.deadline.since(timer.from).as_micros().max(1);
        let name = format!("{} · {}", side_name(side, catalog), timer_name(timer.timer, catalog));
        html! {
            <li class={classes!("tcb__timer", side.name())}>
                <span>{ name.clone() }</span>
                <progress max={whole.to_string()} value={left.as_micros().to_string()}
                    aria-label={name}></progress>
                <span class="tcb__left">{ locale::span(left) }</span>
            </li>
        }
    });
    html! { <ul class="tcb__timers">{ for rows }</ul> }
}
