//! The event log: one line for each step, which is a button that goes to the step.

use tcp_handshake_html::{classes, html};
use web_sys::{HtmlElement, HtmlSelectElement};
use yew::prelude::*;

use crate::app::view::log::LogFilter;
use crate::app::{Action, Play, Run};
use crate::explain::{call_name, timer_name};
use crate::locale::{self, Catalog};
use crate::sim::{Cause, Effect, Step};
use crate::tcp;
use crate::time::Instant;
use crate::ui::browser::focus::follow;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::page::{Page, Shared};
use crate::ui::player::explanation::cut;

/// The properties of [`Log`].
#[derive(Properties, PartialEq)]
pub struct LogProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The current step; `None` before the first.
    pub step: Option<usize>,
    /// Whether the steps to come are listed.
    pub show_future: bool,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// A log with more lines than this is divided into parts, and only visible parts have their lines.
const LONG: usize = 300;
/// A step that sends more segments than this is listed with the first and the last.
const MANY: usize = 3;
/// The number of lines in a part.
const PART: usize = 50;
/// The assumed height of a part that has not been rendered yet, in pixels.
const PART_HEIGHT: i32 = 1_700;
/// The distance outside the visible area within which a part keeps its lines, in pixels.
const MARGIN: i32 = 600;

/// The panel.
#[component]
pub fn Log(props: &LogProps) -> Html {
    let LogProps { run, step, show_future, page } = props;
    let known = if *show_future { usize::MAX } else { step.map_or(0, |step| step + 1) };
    let catalog = &page.catalog;
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
    let listed = Shared::from(use_memo((run.clone(), *filter, known), |(run, filter, known)| {
        let trace = run.timeline.trace();
        let steps = trace.steps.iter().enumerate().take(*known);
        let listed = steps.filter(|(_, happened)| filter.matches(trace, happened));
        listed.map(|(index, _)| index).collect::<Vec<_>>()
    }));
    let columns = columns(run, &listed);
    // The words for what was noted in a capture.
    let notes = match use_words("capture", &page.lang, run.capture.is_some()) {
        Words::Ready(words) => Some(words),
        Words::Loading | Words::Failed => None,
    };
    html! { <>
        <label class="log__filter">
            <span>{ catalog.text("ui.log.only.title").to_owned() }</span>
            <select {onchange}>{ for LogFilter::ALL.map(choice) }</select>
        </label>
        if listed.len() > LONG {
            <Parts run={run.clone()} listed={listed.clone()} step={*step} {list} {columns}
                {notes} {page} />
        } else {
            <ol class="log" ref={list} style={columns}>
                <Lines run={run.clone()} listed={listed.clone()} from={0} to={listed.len()}
                    step={*step} {notes} {page} />
            </ol>
        }
        { for cut(run, page).map(|(words, more)| html! {
            <p class="panel__empty">{ words }{ " " }{ more }</p>
        }) }
        if listed.is_empty() {
            <p class="panel__empty log__none">{ catalog.text("ui.log.only.none").to_owned() }</p>
        }
    </> }
}

/// The widths of the columns, by the longest number and time listed: the same in every line.
fn columns(run: &Run, listed: &[usize]) -> String {
    let steps = &run.timeline.trace().steps;
    let times = listed.iter().map(|index| locale::instant(steps[*index].at).chars().count());
    let time = times.max().unwrap_or(0).max(7);
    let number = listed.last().map_or(0, |last| last + 1).to_string().len().max(2);
    format!("--number: {number}ch; --time: {time}ch")
}

#[derive(Properties, PartialEq)]
struct PartsProps {
    run: Shared<Run>,
    /// The indices of the listed steps.
    listed: Shared<Vec<usize>>,
    step: Option<usize>,
    /// The element that scrolls.
    list: NodeRef,
    columns: String,
    notes: Option<Shared<Catalog>>,
    page: Page,
}

/// A long log, divided into parts.
#[component]
fn Parts(props: &PartsProps) -> Html {
    let PartsProps { run, listed, step, list, columns, notes, page } = props;
    let sight = use_state_eq(|| (0, 0));
    let heights = use_mut_ref(Vec::<i32>::new);
    let onscroll = {
        let (list, heights, sight) = (list.clone(), heights.clone(), sight.clone());
        Callback::from(move |_: web_sys::Event| {
            if let Some(list) = list.cast::<HtmlElement>() {
                sight.set(in_sight(&list, &mut heights.borrow_mut()));
            }
        })
    };
    let current = step.and_then(|step| listed.binary_search(&step).ok());
    let parts = listed.chunks(PART).enumerate().map(|(part, steps)| {
        let from = part * PART;
        let to = from + steps.len();
        let is_current = current.is_some_and(|current| current / PART == part);
        if is_current || (sight.0..=sight.1).contains(&part) {
            // Limited to the part's own steps, so that a change in another part does not render
            // this one.
            let step = step.filter(|step| *step >= steps[0]);
            let step = step.map(|step| step.min(steps[steps.len() - 1] + 1));
            return html! {
                <ol class="log__part" key={part}>
                    <Lines run={run.clone()} listed={listed.clone()} {from} {to} {step}
                        notes={notes.clone()} {page} />
                </ol>
            };
        }
        let height = heights.borrow().get(part).copied().unwrap_or(PART_HEIGHT);
        html! { <ol class="log__part" key={part} style={format!("height: {height}px")} /> }
    });
    html! {
        <div class="log" ref={list.clone()} style={columns.clone()} {onscroll}>{ for parts }</div>
    }
}

/// The first and the last visible part. Records the height of every part, for when it is not
/// rendered.
fn in_sight(element: &HtmlElement, heights: &mut Vec<i32>) -> (usize, usize) {
    let top = element.scroll_top() - MARGIN;
    let bottom = element.scroll_top() + element.client_height() + MARGIN;
    heights.clear();
    let (mut first, mut last, mut y) = (None, 0, 0);
    let mut next = element.first_element_child();
    while let Some(part) = next {
        let height = part.client_height();
        if y + height >= top && y <= bottom {
            first = first.or(Some(heights.len()));
            last = heights.len();
        }
        heights.push(height);
        y += height;
        next = part.next_element_sibling();
    }
    (first.unwrap_or(0), last)
}

#[derive(Properties, PartialEq)]
struct LinesProps {
    run: Shared<Run>,
    listed: Shared<Vec<usize>>,
    /// The index in `listed` of the first line.
    from: usize,
    /// The index after the last line.
    to: usize,
    step: Option<usize>,
    /// The words for the notes of a capture.
    notes: Option<Shared<Catalog>>,
    page: Page,
}

/// The lines of some of the listed steps.
#[component]
fn Lines(props: &LinesProps) -> Html {
    let LinesProps { run, listed, from, to, step, notes, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let words = (run.clone(), listed.clone(), *from, *to, catalog.clone(), notes.clone());
    let lines = use_memo(words, |(run, listed, from, to, catalog, notes)| {
        let steps = &run.timeline.trace().steps;
        let notes = notes.as_deref();
        let lines = listed[*from..*to].iter();
        let lines = lines.map(|index| line(run, &steps[*index], catalog, notes));
        lines.collect::<Vec<_>>()
    });
    let steps = &run.timeline.trace().steps;
    let edges = outage_edges(run, listed, catalog);
    let lines = listed[*from..*to].iter().zip(lines.iter()).map(|(index, line)| {
        let index = *index;
        let before = index.checked_sub(1).map(|before| steps[before].at);
        let outages = edges
            .iter()
            .filter(|(at, _)| before.is_none_or(|before| before < *at) && *at <= steps[index].at);
        let outages: Html = outages.map(outage_line).collect();
        let is_current = *step == Some(index);
        let is_to_come = step.is_none_or(|step| index > step);
        let class = classes!(
            "log__line",
            steps[index].side.name(),
            is_to_come.then_some("log__line--to-come"),
        );
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Play(Play::SeekStep(index)));
        html! { <>
            { outages }
            <li key={index}>
                <button type="button" {class} {onclick}
                    aria-current={is_current.then_some("step")}>
                    <span class="log__number">{ (index + 1).to_string() }</span>
                    <span class="log__time">{ locale::instant(steps[index].at) }</span>
                    <span class="log__side">{ steps[index].side.letter() }</span>
                    <span class="log__text">{ line.clone() }</span>
                </button>
            </li>
        </> }
    });
    html! { <>{ for lines }</> }
}

/// When outages begin and end, in words; nothing in a log that leaves steps out.
fn outage_edges(run: &Run, listed: &[usize], catalog: &Catalog) -> Vec<(Instant, String)> {
    if listed.last().is_none_or(|last| last + 1 != listed.len()) {
        return vec![];
    }
    let word = catalog.text("ui.ladder.outage");
    let edges = run.ladder.outages.iter().flat_map(|band| {
        let says = |key| catalog.format(key, &[("outage", &band.label(word))]);
        let ends = band.outage.to().map(|to| (to, says("ui.log.outage-ends")));
        [Some((band.outage.from, says("ui.log.outage-begins"))), ends]
    });
    let mut edges: Vec<(Instant, String)> = edges.flatten().collect();
    edges.sort();
    edges
}

/// An outage begins or ends, at neither of the hosts.
fn outage_line((at, words): &(Instant, String)) -> Html {
    html! {
        <li class="log__line log__line--outage">
            <span class="log__number" />
            <span class="log__time">{ locale::instant(*at) }</span>
            <span class="log__side" />
            <span class="log__text">{ words.clone() }</span>
        </li>
    }
}

/// The segments of a long SEND in short: `C3–C43 59,860 B`.
fn burst(run: &Run, sent: &[usize]) -> String {
    let segments = &run.timeline.trace().segments;
    let octets = sent.iter().map(|index| u64::from(segments[*index].segment.text.len()));
    let octets = locale::number(octets.sum());
    let ends = sent.first().zip(sent.last());
    ends.map_or(String::new(), |(first, last)| {
        format!("{}–{} {octets} B", segments[*first].id, segments[*last].id)
    })
}

/// What was noted about a captured segment.
fn noted(run: &Run, index: usize, words: Option<&Catalog>) -> Option<String> {
    let (captured, words) = run.capture.as_ref().zip(words)?;
    let notes = captured.notes.get(index)?.iter();
    let notes: Vec<String> =
        notes.map(|note| words.text(&format!("capture.note.{}", note.name())).to_owned()).collect();
    (!notes.is_empty()).then(|| notes.join(", "))
}

/// A step in short: its cause, the segments that it sent, and the new state.
fn line(run: &Run, step: &Step, catalog: &Catalog, notes: Option<&Catalog>) -> Html {
    let trace = run.timeline.trace();
    let segment = |index: usize| {
        let record = &trace.segments[index];
        let flags = record.segment.flags;
        let octets = match record.segment.text.len() {
            0 => String::new(),
            octets => format!(" {octets} B"),
        };
        format!("{} {flags}{octets}", record.id)
    };
    let mut parts = vec![Html::from(match step.cause {
        Cause::Arrival(index, is_copy) => {
            let key = if is_copy { "ui.log.copy" } else { "ui.log.arrives" };
            catalog.format(key, &[("segment", &segment(index))])
        }
        Cause::Loss(index) => {
            let is_damaged = trace.segments[index].is_damaged();
            let key = if is_damaged { "ui.log.arrives" } else { "ui.log.lost" };
            catalog.format(key, &[("segment", &segment(index))])
        }
        Cause::Call(call) => call_name(call, catalog),
        Cause::Timer(timer) => {
            catalog.format("ui.log.expires", &[("timer", &timer_name(timer, catalog))])
        }
    })];
    let sent = trace.effects(step).filter_map(|effect| match effect {
        Effect::Sent(index) => Some(index),
        Effect::Event(..) | Effect::Failed(_) => None,
    });
    let sent: Vec<usize> = sent.collect();
    let says = |what: &str| Html::from(catalog.format("ui.log.sends", &[("segment", &what)]));
    if sent.len() > MANY {
        parts.push(says(&burst(run, &sent)));
    }
    for effect in trace.effects(step) {
        match effect {
            Effect::Sent(index) if sent.len() <= MANY => {
                parts.push(says(&segment(index)));
                parts.extend(noted(run, index, notes).map(Html::from));
            }
            Effect::Event(tcp::Event::Transition { to, .. }, _) => {
                parts.push(html! { <b class="log__state">{ to.name() }</b> });
            }
            Effect::Event(tcp::Event::Discarded, rule) => {
                let says = crate::explain::says(rule, catalog);
                parts.push(catalog.format("ui.log.discarded", &[("why", &says)]).into());
            }
            Effect::Sent(_) | Effect::Event(..) | Effect::Failed(_) => {}
        }
    }
    // The separating dot belongs to the part before it, so that no line begins with a dot.
    let separated = |(index, part)| {
        html! { <>if index > 0 { { "\u{a0}· " } }{ part }</> }
    };
    parts.into_iter().enumerate().map(separated).collect()
}
