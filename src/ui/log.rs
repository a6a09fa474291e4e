//! The event log: every step, and a press goes there.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::page::{Shared, follow};
use crate::app::view::LogFilter;
use crate::app::{Action, Run};
use crate::explain::{call_name, timer_name};
use crate::locale::{self, Catalog};
use crate::sim::{Cause, Effect, Step};
use crate::tcp;
use crate::ui::markup::{classes, html};

/// What is shown.
#[derive(Properties, PartialEq)]
pub struct LogProps {
    /// The run.
    pub run: Shared<Run>,
    /// The step.
    pub step: Option<usize>,
    /// The words.
    pub catalog: Shared<Catalog>,
    /// The one way to act.
    pub dispatch: Callback<Action>,
}

/// The log.
#[component]
pub fn Log(props: &LogProps) -> Html {
    let LogProps { run, step, catalog, dispatch } = props;
    let list = use_node_ref();
    let filter = use_state_eq(LogFilter::default);
    {
        let list = list.clone();
        use_effect_with((*step, *filter), move |_| follow(&list, "[aria-current]"));
    }
    let onchange = {
        let filter = filter.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let chosen = LogFilter::ALL.into_iter().find(|it| it.id() == select.value());
            filter.set(chosen.unwrap_or_default());
        })
    };
    let choice = |it: LogFilter| {
        let words = catalog.text(&format!("ui.log.only.{}", it.id())).to_owned();
        html! { <option value={it.id()} selected={*filter == it}>{ words }</option> }
    };
    let lines = use_memo((run.clone(), catalog.clone()), |(run, catalog)| {
        let steps = run.timeline.trace().steps.iter();
        steps.map(|step| line(run, step, catalog)).collect::<Vec<_>>()
    });
    let trace = run.timeline.trace();
    let steps = trace.steps.iter().enumerate();
    let listed = steps.filter(|(_, happened)| filter.lets(trace, happened)).collect::<Vec<_>>();
    let is_empty = listed.is_empty();
    html! { <>
        <label class="log__filter">
            <span>{ catalog.text("ui.log.only.title").to_owned() }</span>
            <select {onchange}>{ for LogFilter::ALL.map(choice) }</select>
        </label>
        <ol class="log" ref={list}>
            { for listed.into_iter().map(|(index, happened)| {
                let is_current = *step == Some(index);
                let is_to_come = step.is_none_or(|step| index > step);
                let class = classes!(
                    "log__line",
                    happened.side.name(),
                    is_to_come.then_some("log__line--to-come"),
                );
                let onclick = dispatch.reform(move |_: MouseEvent| Action::SeekStep(index));
                html! {
                    <li key={index}>
                        <button type="button" {class} {onclick}
                            aria-current={is_current.then_some("step")}>
                            <span class="log__number">{ (index + 1).to_string() }</span>
                            <span class="log__time">{ locale::instant(happened.at) }</span>
                            <span class="log__side">{ happened.side.letter() }</span>
                            <span class="log__text">{ lines[index].clone() }</span>
                        </button>
                    </li>
                }
            }) }
        </ol>
        if is_empty {
            <p class="panel__empty log__none">{ catalog.text("ui.log.only.none").to_owned() }</p>
        }
    </> }
}

/// A step in a few words: what set it off, what left, and the new state.
fn line(run: &Run, step: &Step, catalog: &Catalog) -> Html {
    let trace = run.timeline.trace();
    let segment = |index: usize| {
        let record = &trace.segments[index];
        let flags = record.segment.flags.without(crate::tcp::Flags::PSH);
        let octets = match record.segment.text.len() {
            0 => String::new(),
            octets => format!(" {octets}B"),
        };
        format!("{} {flags}{octets}", record.id)
    };
    let mut parts = vec![Html::from(match step.cause {
        Cause::Arrival(index, is_copy) => {
            let key = if is_copy { "ui.log.copy" } else { "ui.log.arrives" };
            catalog.format(key, &[("segment", &segment(index))])
        }
        Cause::Loss(index) => catalog.format("ui.log.lost", &[("segment", &segment(index))]),
        Cause::Call(call) => call_name(call, catalog),
        Cause::Timer(timer) => {
            catalog.format("ui.log.expires", &[("timer", &timer_name(timer, catalog))])
        }
    })];
    for effect in trace.effects(step) {
        match effect {
            Effect::Sent(index) => {
                let sends = catalog.format("ui.log.sends", &[("segment", &segment(index))]);
                parts.push(sends.into());
            }
            Effect::Event(tcp::Event::Transition { to, .. }, _) => {
                parts.push(html! { <b class="log__state">{ to.name() }</b> });
            }
            Effect::Event(tcp::Event::Discarded, rule) => {
                let says = crate::explain::says(rule, catalog);
                parts.push(catalog.format("ui.log.discarded", &[("why", &says)]).into());
            }
            Effect::Event(..) | Effect::Failed(_) => {}
        }
    }
    // The dot stays with what stands before it.
    let separated = |(index, part)| {
        html! { <>if index > 0 { { "\u{a0}· " } }{ part }</> }
    };
    parts.into_iter().enumerate().map(separated).collect()
}
