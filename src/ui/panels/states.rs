//! The state diagram of RFC 9293, and the path of both hosts through it.

use tcp_handshake_html::{Classes, classes, html};
use yew::prelude::*;

use crate::app::path::{Move, Path};
use crate::app::{Action, Play, Run};
use crate::diagram::{self, Anchor, BOX_HEIGHT, BOXES, HEIGHT, Point, Route, WIDTH, event_words};
use crate::explain::side_name;
use crate::locale::Catalog;
use crate::sim::Side;
use crate::ui::ladder::state_class;
use crate::ui::page::{Page, Shared};

/// The distance of an event's number from the start of its arrow.
const BADGE_AT: i32 = 12;
/// The height of the badge around an event's number.
const BADGE_HEIGHT: i32 = 12;

/// The properties of [`Diagram`].
#[derive(Properties, PartialEq)]
pub struct DiagramProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The current step; `None` before the first.
    pub step: Option<usize>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The diagram, and the same path as a list of text.
#[component]
pub fn Diagram(props: &DiagramProps) -> Html {
    let DiagramProps { run, step, page } = props;
    let catalog = &page.catalog;
    let figure = use_memo((), |()| diagram::figure());
    let path = use_memo((run.clone(), *step), |(run, step)| Path::of(run, *step));
    let last = path.last();
    let edge = |route: &Route| {
        let taken = path.taken(&[route.edge]);
        edge(route, &taken, last, page)
    };
    // Arrows between the same two states are drawn as one.
    let beyond = path.beyond_figure().into_iter().filter_map(|edges| {
        let mut routes = edges.iter().filter_map(|edge| diagram::route(edge));
        let mut route = routes.next()?;
        route.lines.extend(routes.flat_map(|other| other.lines));
        Some(self::edge(&route, &path.taken(&edges), last, page))
    });
    // Arrows that were taken are drawn above the others.
    let (taken, rest): (Vec<&Route>, Vec<&Route>) =
        figure.iter().partition(|route| !path.taken(&[route.edge]).is_empty());
    html! {
        <div class="diagram">
            <div class="diagram__canvas">
                <svg class="diagram__picture" viewBox={format!("0 0 {WIDTH} {HEIGHT}")}
                    role="group" aria-label={catalog.text("ui.diagram.title").to_owned()}>
                    { for rest.into_iter().map(edge) }
                    { for taken.into_iter().map(edge) }
                    { for beyond }
                    { for (0..BOXES.len()).map(|place| state(place, &path, page)) }
                    { for Side::BOTH.into_iter().filter(|side| run.scripted_side() != Some(*side))
                        .map(|side| token(side, &path)) }
                </svg>
            </div>
            <p class="diagram__legend">{ catalog.text("ui.diagram.legend").to_owned() }</p>
            <h3 class="panel__subtitle">{ catalog.text("ui.diagram.path").to_owned() }</h3>
            if path.moves.is_empty() {
                <p class="panel__empty">{ catalog.text("ui.diagram.nothing").to_owned() }</p>
            }
            <ol class="diagram__path">
                { for path.moves.iter().rev().map(|it| line(it, last, page)) }
            </ol>
        </div>
    }
}

/// An arrow with its label and, if it was taken, with the numbers of the events that took it.
fn edge(route: &Route, taken: &[Move], last: &[Move], page: &Page) -> Html {
    let catalog = &page.catalog;
    let latest = taken.last();
    let host = match taken {
        [] => None,
        [only] => Some(only.side.name()),
        [..] => Some("both"),
    };
    let class = classes!(
        "diagram__edge",
        host.map(|_| "diagram__edge--taken"),
        host.map(|host| format!("diagram__edge--{host}")),
        taken.iter().any(|it| last.contains(it)).then_some("diagram__edge--last"),
        (!route.edge.in_figure).then_some("diagram__edge--beyond"),
    );
    let parts = html! { <>
        <path class="diagram__edge-hit" d={route.path()} />
        <path class="diagram__edge-line" d={route.path()} />
        <path class="diagram__edge-head" d={route.head()} />
        { label(route) }
        { badges(route, taken) }
    </> };
    match latest {
        Some(it) => {
            let name = move_words(it, catalog);
            html! { <Goal {class} step={it.step} {name} {page}>{ parts }</Goal> }
        }
        None => html! { <g {class} aria-hidden="true">{ parts }</g> },
    }
}

fn label(route: &Route) -> Html {
    let label = route.label;
    let anchor = match label.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let x = label.at.x.to_string();
    let mut y = label.at.y - label.leading;
    let lines = route.lines.iter().map(|line| {
        y += label.leading;
        html! { <tspan x={x.clone()} y={y.to_string()}>{ line }</tspan> }
    });
    html! { <>
        if label.is_on_line() { { plate(route) } }
        <text class="diagram__edge-label" text-anchor={anchor}>{ for lines }</text>
    </> }
}

/// A plate that interrupts the line behind its label.
fn plate(route: &Route) -> Html {
    let letters = route.lines.iter().map(String::len).max().unwrap_or(0);
    let width = i32::try_from(letters).unwrap_or(0) * 11 / 2 + 4;
    let height = i32::try_from(route.lines.len()).unwrap_or(1) * route.label.leading + 2;
    let Point { x, y } = route.label.at;
    html! {
        <rect class="diagram__edge-plate" x={(x - width / 2).to_string()} y={(y - 10).to_string()}
            width={width.to_string()} height={height.to_string()} />
    }
}

/// The numbers of the events at the start of an arrow: round for the client, square for the server.
fn badges(route: &Route, taken: &[Move]) -> Html {
    let Point { x, y } = route.along(BADGE_AT);
    let is_upright = route.corners.first().map(|it| it.0) == route.corners.get(1).map(|it| it.0);
    let badge = |(index, it): (usize, &Move)| {
        let number = (it.step + 1).to_string();
        let width = 7 + 5 * i32::try_from(number.len()).unwrap_or(1);
        // Two badges are placed side by side, across the line.
        let aside = match (taken.len(), index) {
            (0 | 1, _) => 0,
            (_, 0) => -1,
            _ => 1,
        };
        let (x, y) = if is_upright {
            (x + aside * (width / 2 + 1), y)
        } else {
            (x, y + aside * (BADGE_HEIGHT / 2 + 1))
        };
        let radius = match it.side {
            Side::Client => BADGE_HEIGHT / 2,
            Side::Server => 2,
        };
        html! {
            <g class={classes!("diagram__badge", format!("diagram__badge--{}", it.side.name()))}
                aria-hidden="true"
                transform={format!("translate({x} {y})")}>
                <rect x={format!("-{}.5", width / 2)} y={(-BADGE_HEIGHT / 2).to_string()}
                    width={width.to_string()} height={BADGE_HEIGHT.to_string()}
                    rx={radius.to_string()} />
                <text y="3" text-anchor="middle">{ number }</text>
            </g>
        }
    };
    html! { <>{ for taken.iter().enumerate().map(badge) }</> }
}

/// A state's box.
fn state(place: usize, path: &Path, page: &Page) -> Html {
    let catalog = &page.catalog;
    let here = &BOXES[place];
    let hosts: Vec<Side> =
        Side::BOTH.into_iter().filter(|side| path.places[side.index()] == place).collect();
    let entered = path.entered(place);
    let name = here.state.name();
    let class = classes!(
        "diagram__node",
        state_class(here.state),
        entered.map(|_| "diagram__node--been"),
        (!hosts.is_empty()).then_some("diagram__node--here"),
    );
    let Point { x, y } = here.center();
    let parts = html! { <>
        <rect x={here.x.to_string()} y={here.y.to_string()} width={here.width.to_string()}
            height={BOX_HEIGHT.to_string()} rx="6" />
        <text x={x.to_string()} y={(y + 4).to_string()} text-anchor="middle">{ name }</text>
    </> };
    let mut words = vec![name.to_owned()];
    words.extend(hosts.iter().map(|side| {
        let key = match side {
            Side::Client => "ui.diagram.client-here",
            Side::Server => "ui.diagram.server-here",
        };
        catalog.text(key).to_owned()
    }));
    match entered {
        Some(it) => {
            words.push(catalog.format("ui.diagram.entered", &[("step", &(it.step + 1))]));
            html! {
                <Goal {class} step={it.step} name={words.join(", ")} {page}>{ parts }</Goal>
            }
        }
        None => html! { <g {class} role="img" aria-label={words.join(", ")}>{ parts }</g> },
    }
}

/// The token of a host, at a corner of its state's box: a disc for the client, a square for the
/// server.
fn token(side: Side, path: &Path) -> Html {
    let here = &BOXES[path.places[side.index()]];
    let (x, shape) = match side {
        Side::Client => (here.x, html! { <circle r="7" /> }),
        Side::Server => (
            here.x + here.width,
            html! { <rect x="-6.5" y="-6.5" width="13" height="13" rx="2" /> },
        ),
    };
    html! {
        <g key={side.name()}
            class={classes!("diagram__token", format!("diagram__token--{}", side.name()))}
            aria-hidden="true" style={format!("transform: translate({x}px, {}px)", here.y)}>
            { shape }
            <text y="3.2" text-anchor="middle">{ side.letter() }</text>
        </g>
    }
}

/// A change of state as a line of the list.
fn line(it: &Move, last: &[Move], page: &Page) -> Html {
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let step = it.step;
    let onclick = dispatch.reform(move |_: MouseEvent| Action::Play(Play::SeekStep(step)));
    let is_last = last.contains(it);
    html! {
        <li>
            <button type="button" {onclick}
                class={classes!("diagram__move", format!("diagram__move--{}", it.side.name()))}
                aria-current={is_last.then_some("step")}>
                // The shape of the number shows the host; screen readers need its name.
                <span class="visually-hidden">{ side_name(it.side, catalog) }{ " " }</span>
                <span class="diagram__move-number">{ step + 1 }</span>
                { " " }
                <span class="diagram__move-states" translate="no">
                    { it.from.name() }{ " → " }<strong>{ it.to.name() }</strong>
                </span>
                { " " }
                <span class="diagram__move-trigger" translate="no">
                    { trigger_words(it, catalog) }
                </span>
            </button>
        </li>
    }
}

fn trigger_words(it: &Move, catalog: &Catalog) -> String {
    match it.edge {
        Some(edge) => event_words(edge.on).to_owned(),
        None => catalog.text("ui.diagram.crash").to_owned(),
    }
}

/// The accessible name of a change: `Event 3: client, CLOSED to SYN-SENT, active OPEN`.
fn move_words(it: &Move, catalog: &Catalog) -> String {
    let arguments: [(&str, &dyn std::fmt::Display); 5] = [
        ("step", &(it.step + 1)),
        ("host", &side_name(it.side, catalog)),
        ("from", &it.from),
        ("to", &it.to),
        ("trigger", &trigger_words(it, catalog)),
    ];
    catalog.format("ui.diagram.move", &arguments)
}

#[derive(Properties, PartialEq)]
struct GoalProps {
    class: Classes,
    /// The step that a press goes to.
    step: usize,
    /// The accessible name.
    name: String,
    children: Html,
    page: Page,
}

/// A part of the diagram that goes to a step when it is pressed.
#[component]
fn Goal(props: &GoalProps) -> Html {
    let step = props.step;
    let onclick =
        props.page.dispatch.reform(move |_: MouseEvent| Action::Play(Play::SeekStep(step)));
    let onkeydown = {
        let dispatch = props.page.dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                event.stop_propagation();
                if !event.repeat() {
                    dispatch.emit(Action::Play(Play::SeekStep(step)));
                }
            }
        })
    };
    html! {
        <g class={props.class.clone()} role="button" tabindex="0" {onclick} {onkeydown}
            aria-label={props.name.clone()}>
            { props.children.clone() }
        </g>
    }
}
