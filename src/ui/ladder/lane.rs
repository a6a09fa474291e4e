//! The replacement of a ladder that is too low: two horizontal lanes in which segments move from
//! side to side, and where the last few stay visible after their arrival.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use super::frame::Frame;
use super::layout::Layout;
use super::pill::{copy_place, pill, pill_width};
use super::px::Px;
use super::segment::use_focus_on;
use super::words;
use crate::app::{Action, Look, Run};
use crate::ladder::{Arrow, Fate, Moment};
use crate::sim::{SegmentId, Side};
use crate::ui::browser::clock::{Clock, Mover, use_mover, write};
use crate::ui::page::{Page, Shared};

/// The greatest height in pixels at which lanes replace the ladder. Only an embedded player is that
/// low.
pub const HIGHEST: i32 = 139;
/// The number of recent segments that a lane shows.
const LAST: usize = 6;
/// The distance between two arrived segments, in pixels.
const GAP: i32 = 6;

/// The properties of [`Lanes`].
#[derive(Properties, PartialEq)]
pub struct LanesProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The layout of the ladder; lanes use only its width.
    pub layout: Shared<Layout>,
    /// The height of the lanes in pixels.
    pub height: i32,
    /// The moment shown.
    pub now: Moment,
    /// The clock that moves segments between two events.
    pub clock: Shared<Clock>,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// The segment that the Tab key focuses.
    pub tab_stop: Option<SegmentId>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The two lanes: segments of the client above, of the server below.
#[component]
pub fn Lanes(props: &LanesProps) -> Html {
    let frame = &props.layout.frame;
    let (width, height) = (frame.width.to_string(), props.height.to_string());
    let lifelines = Side::BOTH.map(|side| {
        let x = frame.x(side).to_string();
        let state = props.run.host(props.now.step, side).state;
        let class = classes!("state", words::state_class(state));
        html! { <rect {class} {x} width="8" height={height.clone()} transform="translate(-4)" /> }
    });
    html! {
        <svg class="lanes" {width} height={height.clone()} role="presentation">
            { for lifelines }
            { for Side::BOTH.map(|side| lane(props, side)) }
        </svg>
    }
}

/// The y-coordinate of a host's lane in pixels.
fn height_of(side: Side, height: i32) -> i32 {
    match side {
        Side::Client => height * 3 / 10,
        Side::Server => height * 7 / 10,
    }
}

/// The lane of a host, with its most recent segments.
fn lane(props: &LanesProps, side: Side) -> Html {
    let LanesProps { run, layout, now, .. } = props;
    let frame = &layout.frame;
    let out = Frame::outward(side);
    let (from, to) = (frame.x(side) - Px::new(12) * out, frame.x(side.peer()) + Px::new(12) * out);
    let y = height_of(side, props.height).to_string();
    let sent = run.ladder.arrows.iter().enumerate().rev();
    let sent = sent.filter(|(_, arrow)| arrow.from == side && arrow.fate(*now) != Fate::Future);
    // Arrived segments queue in front of their receiver, the latest one first.
    let mut free = to;
    let middle = frame.x(side) - frame.span() * out / 2;
    let items = sent.take(LAST).enumerate().filter_map(|(age, (index, arrow))| {
        let fate = arrow.fate(*now);
        let copy_flies = arrow.copy.is_some_and(|(at, _)| now.at < at);
        let x = match fate {
            Fate::Arrived if !copy_flies => {
                let width = Px::new(pill_width(&label(props, arrow)));
                let x = free + width / 2 * out;
                free = free + (width + Px::new(GAP)) * out;
                // The queue fills at most half of the lane.
                ((free - middle) * out < Px::new(0)).then_some(x)?
            }
            // A lost segment disappears when the host sends the next one.
            Fate::Lost => (age == 0).then(|| layout.flights[index].line.last().copied())??.x,
            _ => from,
        };
        Some(html! {
            <Item key={arrow.id.to_string()} run={run.clone()} layout={layout.clone()} {index}
                {fate} is_copy={copy_flies && fate == Fate::Arrived} text={label(props, arrow)}
                place={(x.whole(), height_of(side, props.height))} {age}
                clock={props.clock.clone()} is_selected={props.selected == Some(arrow.id)}
                is_tab_stop={props.tab_stop == Some(arrow.id)} page={&props.page} />
        })
    });
    let items: Vec<Html> = items.collect();
    let tip = Px::new(7) * out;
    let d = format!("M{from} {y}H{to}m{tip}-4L{to} {y}l{tip} 4");
    html! { <>
        <path class="lanes__way" {d} />
        // A later segment is drawn above an earlier one.
        { for items.into_iter().rev() }
    </> }
}

/// `C1 SYN`; without the segment's name in a compact lane.
fn label(props: &LanesProps, arrow: &Arrow) -> String {
    let token = words::token(arrow, &props.run.timeline.trace().segments[arrow.segment]);
    if props.layout.frame.compact { token } else { format!("{} {token}", arrow.id) }
}

#[derive(Properties, PartialEq)]
struct ItemProps {
    run: Shared<Run>,
    layout: Shared<Layout>,
    index: usize,
    fate: Fate,
    is_copy: bool,
    text: String,
    place: (i32, i32),
    age: usize,
    clock: Shared<Clock>,
    is_selected: bool,
    is_tab_stop: bool,
    page: Page,
}

/// A segment in a lane: in flight, arrived, or lost.
#[component]
fn Item(props: &ItemProps) -> Html {
    let ItemProps { run, fate, place: (x, y), is_copy, .. } = props;
    let arrow = &run.ladder.arrows[props.index];
    let (node, button) = (use_node_ref(), use_node_ref());
    use_focus_on(&button, props.is_selected);
    let moves = *fate == Fate::Flying || *is_copy;
    use_mover(&props.clock, moves.then(|| mover(props, node.clone())));
    let id = arrow.id;
    let onclick = props.page.dispatch.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Action::Look(Look::Select(Some(id)))
    });
    let width = pill_width(&props.text);
    let outlined = if moves { "" } else { "segment__token--copy" };
    let beside = format!("translate({})", (width / 2 + 12) * -Frame::outward(arrow.from));
    let class = classes!(
        "segment",
        "lanes__segment",
        format!("segment--{}", arrow.kind.name()),
        format!("segment--{}", fate.name()),
        (!moves).then(|| format!("lanes__segment--{}", props.age)),
        props.is_selected.then_some("segment--selected"),
    );
    // The text is hidden from screen readers: the button's accessible name says the same in words.
    html! {
        <g {class} {onclick} ref={node} transform={format!("translate({x} {y})")}>
            <g class="lanes__button" ref={button} role="button"
                tabindex={if props.is_tab_stop { "0" } else { "-1" }}
                data-segment={id.to_string()} data-fate={fate.name()}
                aria-label={words::description(&props.page.catalog, run, arrow, *fate)}
                aria-pressed={if props.is_selected { "true" } else { "false" }}>
                <rect class="segment__pill-hit" x={(-width / 2).to_string()} y="-14"
                    width={width.to_string()} height="28" rx="14" />
            </g>
            <g aria-hidden="true" pointer-events="none">
                { pill(&NodeRef::default(), &props.text, outlined) }
                if *fate == Fate::Lost {
                    <path class="segment__cross" d="M-6-6 6 6M6-6-6 6" transform={beside} />
                }
            </g>
        </g>
    }
}

/// Moves the segment along its lane.
fn mover(props: &ItemProps, node: NodeRef) -> Mover {
    let (run, layout, index) = (props.run.clone(), props.layout.clone(), props.index);
    let (is_copy, y) = (props.is_copy, props.place.1);
    Box::new(move |now| {
        let at = layout.frame.y(now.playhead.y);
        let here = if is_copy {
            copy_place(&run, &layout, index, at)
        } else {
            Some(layout.flights[index].place(at))
        };
        if let Some(here) = here {
            write(&node, "transform", &format!("translate({} {y})", here.x));
        }
    })
}
