//! The ladder: two lifelines, time running downwards, and each segment as a slanted line between
//! them.

use std::cell::Cell;
use std::rc::Rc;

use tcp_handshake_html::{classes, html};
use wasm_bindgen::prelude::*;
use web_sys::{Element, SvgElement};
use yew::prelude::*;

mod action_bar;
mod band;
mod bands;
mod column;
mod crowd;
mod drag;
mod flight;
mod frame;
mod guess;
mod handle;
mod host_head;
mod labels;
mod lane;
mod layout;
mod lifelines;
mod margins;
mod moving;
mod now_line;
mod pill;
mod px;
mod scrolling;
mod segment;
mod shapes;
mod sight;
mod traffic;
mod words;

use action_bar::Actions;
use band::Bundle;
use frame::{Frame, Room};
use handle::Handle;
use host_head::HostHead;
use lane::Lanes;
use layout::Layout;
use lifelines::{Ghost, Lifelines};
use margins::Margins;
use moving::Moving;
use now_line::{NowLine, NowTags};
use scrolling::{use_follow, use_reveal, use_size};
use segment::Segment;
use sight::{Sight, use_sight};
use traffic::{Owner, Traffic};
pub use words::{brief, state_class};

use crate::app::compare::Difference;
use crate::app::quiz::Guess;
use crate::app::{Action, Play, Playhead, Run};
use crate::ladder::{Arrow, Fate};
use crate::sim::{SegmentId, Side};
use crate::ui::browser::clock::Clock;
use crate::ui::page::{Page, Shared};

/// The least height of the ladder, in pixels, at which the actions leave room for the explanation.
const ROOM_FOR_ACTIONS: i32 = 300;
/// The height of the hosts' heads and the least width that is enlarged, in pixels.
const HEADS: i32 = 50;
const PLAIN_WIDTH: i32 = 960;

/// The properties of [`Ladder`].
#[derive(Properties, PartialEq)]
pub struct LadderProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The run before the last edit, drawn faintly behind the one shown.
    pub ghost: Option<Shared<Run>>,
    /// The segment of a wrong answer in the quiz, drawn beside the true one.
    pub guess: Option<Guess>,
    /// The clock that moves segments between two events.
    pub clock: Shared<Clock>,
    /// The state's playhead, which does not move between two events.
    pub playhead: Playhead,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// Whether the future of the run is drawn, faintly.
    pub show_future: bool,
    /// How each segment differs from its counterpart in a run beside this one.
    #[prop_or_default]
    pub differences: Option<Shared<Vec<Option<Difference>>>>,
    /// Whether it is enlarged to fill a screen.
    #[prop_or_default]
    pub is_large: bool,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The ladder.
#[component]
pub fn Ladder(props: &LadderProps) -> Html {
    let scroller = use_node_ref();
    let (width, height, whole) = use_size(&scroller);
    let opened = use_state_eq(Vec::new);
    let scale =
        if props.is_large { (width * 1_000 / PLAIN_WIDTH).clamp(1_000, 3_000) } else { 1_000 };
    let room = Room { width, height: whole - HEADS, scale };
    let layout = use_layout(&props.run, room, &opened);
    let handles = use_mut_ref(Handles::new);
    let now = layout.frame.y(props.playhead.y).whole();
    let (sight, onscroll) =
        use_sight(&scroller, props.run.ladder.arrows.len(), Room { height, ..room }, now);
    let before = use_previous_selection(props.selected);
    let is_held = use_memo((), |()| Cell::new(false));
    use_follow(&scroller, &is_held, &props.clock, &layout, height);
    // Decided only when a segment is selected: the bar takes its height from the ladder, so
    // deciding again would let the explanation come and go.
    let is_low = use_memo(props.selected.is_some(), |_| height < ROOM_FOR_ACTIONS);
    let is_compact = layout.frame.compact;
    let dock = props.selected.map(|id| {
        html! {
            <div class="ladder__dock">
                <Actions run={props.run.clone()} now={props.playhead.moment()} {id}
                    page={&props.page} />
            </div>
        }
    });
    use_reveal(&scroller, props.selected, reach_of(props, &layout));
    let class = classes!(
        "ladder",
        is_compact.then_some("ladder--compact"),
        (dock.is_some() && (is_compact || *is_low)).then_some("ladder--docked"),
    );
    let label = props.page.catalog.text("ui.ladder.segments").to_owned();
    let content = if whole <= lane::HIGHEST {
        html! {
            <div class="ladder__scroller" ref={scroller} role="group" aria-label={label}>
                <Lanes run={props.run.clone()} {layout} {height} now={props.playhead.moment()}
                    clock={&props.clock} selected={props.selected} tab_stop={tab_stop(props)}
                    page={&props.page} />
            </div>
        }
    } else {
        let traffic = Traffic::of(&props.run, &layout, props.playhead);
        let [segments, moving] =
            segments(props, &layout, (sight, before), &traffic, &mut handles.borrow_mut());
        let segments = html! { <>{ bundles(props, &layout, &traffic, &opened) }{ segments }</> };
        let style = (scale > 1_000).then(|| enlarged(scale));
        html! {
            <div class="ladder__scroller" ref={scroller} {onscroll} tabindex="0" role="group"
                aria-label={label}>
                <div class="ladder__canvas" {style}>
                    { picture(props, &layout, sight, &is_held) }
                    { above(props, &layout, sight, [segments, moving]) }
                </div>
            </div>
        }
    };
    html! {
        <section {class} aria-label={props.page.catalog.text("ui.ladder.title").to_owned()}>
            <div class="ladder__heads">{ for heads(props) }</div>
            { content }
            { dock.unwrap_or_default() }
        </section>
    }
}

/// The style that enlarges the picture, given a factor in thousandths.
fn enlarged(scale: i32) -> String {
    format!("width: calc(100% * 1000 / {scale}); transform: scale(calc({scale} / 1000))")
}

/// The layout of a run in a box, computed once and shared.
#[hook]
fn use_layout(run: &Shared<Run>, room: Room, opened: &[SegmentId]) -> Shared<Layout> {
    let needs = (run.clone(), room, opened.to_vec());
    let layout =
        use_memo(needs, |(run, room, opened)| Layout::of(run, Frame::of(run, *room), opened));
    Shared::from(layout)
}

/// The bursts that are drawn as one. A press opens or closes one.
fn bundles(
    props: &LadderProps,
    layout: &Shared<Layout>,
    traffic: &Traffic,
    opened: &UseStateHandle<Vec<SegmentId>>,
) -> Html {
    let toggle = {
        let (opened, layout, run) = (opened.clone(), layout.clone(), props.run.clone());
        Callback::from(move |index: usize| {
            let first = run.ladder.arrows[layout.bands[index].ends[0]].id;
            let mut open: Vec<SegmentId> = (*opened).clone();
            if layout.bands[index].is_open {
                open.retain(|id| *id != first);
            } else {
                open.push(first);
            }
            opened.set(open);
        })
    };
    let is_covered = |index: usize| {
        let place = layout.bands[index].place.as_ref();
        place.is_some_and(|(_, _, area)| traffic.meets(area, None))
    };
    let bundles = (0..layout.bands.len()).map(|index| {
        html! {
            <Bundle key={index} run={props.run.clone()} layout={layout.clone()} {index}
                now={props.playhead.moment()} show_future={props.show_future}
                is_covered={is_covered(index)} is_crowded={traffic.crowds(Owner::Band(index))}
            clock={props.clock.clone()} toggle={toggle.clone()} page={&props.page} />
        }
    });
    html! { <g class="bands">{ for bundles }</g> }
}

/// The heads of both lifelines.
fn heads(props: &LadderProps) -> [Html; 2] {
    Side::BOTH.map(|side| {
        let trace = props.run.timeline.trace();
        let after = props.playhead.step.and_then(|step| trace.host_after(step, side));
        let host = after.unwrap_or(props.run.timeline.before(side));
        let state = (props.run.scripted_side() != Some(side)).then_some(host.state);
        let waits = host.readable > 0;
        let is_fixed = props.run.is_fixed();
        html! {
            <HostHead {side} {state} {waits} {is_fixed} page={&props.page} />
        }
    })
}

/// The lifelines, and behind them the background on which a click or a drag by mouse seeks. A drag
/// by touch scrolls.
fn picture(
    props: &LadderProps,
    layout: &Shared<Layout>,
    sight: Sight,
    is_held: &Rc<Cell<bool>>,
) -> Html {
    let seek = {
        let (dispatch, layout) = (props.page.dispatch.clone(), layout.clone());
        Callback::from(move |event: MouseEvent| {
            let ground = event.target().and_then(|it| it.dyn_into::<Element>().ok());
            let top = ground.map_or(0.0, |it| it.get_bounding_client_rect().top());
            let y = layout.frame.in_picture(event.client_y() - whole(top));
            dispatch.emit(Action::Play(Play::SeekY(layout.frame.time(y))));
        })
    };
    let onpointerdown = {
        let (is_held, seek) = (Rc::clone(is_held), seek.clone());
        Callback::from(move |event: PointerEvent| {
            if event.pointer_type() == "mouse" && event.button() == 0 {
                is_held.set(true);
                let ground = event.target().and_then(|it| it.dyn_into::<SvgElement>().ok());
                // Fails if the pointer has already left the screen; then there is nothing to
                // capture.
                let _ = ground.map(|ground| ground.set_pointer_capture(event.pointer_id()));
                seek.emit(event.into());
            }
        })
    };
    let onpointermove = {
        let (is_held, seek) = (Rc::clone(is_held), seek.clone());
        Callback::from(move |event: PointerEvent| {
            if is_held.get() {
                seek.emit(event.into());
            }
        })
    };
    let onlostpointercapture = {
        let is_held = Rc::clone(is_held);
        Callback::from(move |_: PointerEvent| is_held.set(false))
    };
    let (width, height) = (layout.frame.width.to_string(), layout.height.to_string());
    html! {
        <svg class="ladder__picture" width={width.clone()} height={height.clone()}
            aria-hidden="true">
            { hatch() }
            <rect class="ladder__ground" {width} {height} onclick={seek}
                {onpointerdown} {onpointermove} {onlostpointercapture} />
            <Lifelines run={props.run.clone()} layout={layout.clone()} {sight}
                outage={props.page.catalog.text("ui.ladder.outage").to_owned()} />
            if let Some(ghost) = &props.ghost {
                <Ghost ghost={ghost.clone()} run={props.run.clone()}
                    layout={layout.clone()} {sight} />
            }
        </svg>
    }
}

/// The layers above the lifelines, each an SVG that is painted separately: the now-line, the
/// segments, their moving parts, and the labels of the now-line.
fn above(
    props: &LadderProps,
    layout: &Shared<Layout>,
    sight: Sight,
    [segments, moving]: [Html; 2],
) -> Html {
    let clock = &props.clock;
    html! {
        <div class="ladder__above">
            <NowLine run={props.run.clone()} layout={layout.clone()} {clock}
                show_future={props.show_future} />
            <svg class="ladder__picture" role="presentation">
                <Margins run={props.run.clone()} layout={layout.clone()} {clock} {sight}
                    now={props.playhead.moment()} show_future={props.show_future}
                    page={&props.page} />
                { segments }
                { for props.guess.iter().map(|it| guess::drawn(it, &props.run, layout)) }
            </svg>
            // Each frame repaints this one without the rest of the ladder.
            <svg class="ladder__picture ladder__moving" aria-hidden="true">{ moving }</svg>
            <NowTags run={props.run.clone()} layout={layout.clone()} {clock}
                show_future={props.show_future} />
        </div>
    }
}

/// The pattern that fills half-closed states.
fn hatch() -> Html {
    html! {
        <defs>
            <pattern id="tcp-hatch" width="6" height="6" patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)">
                <rect class="lifeline__hatch" width="2.5" height="6" />
            </pattern>
        </defs>
    }
}

/// What the moving parts of each segment that is drawn need of it. They are a few hundred at most.
type Handles = Vec<(SegmentId, Shared<Handle>)>;

fn handle_of(handles: &mut Handles, id: SegmentId) -> Shared<Handle> {
    if let Some((_, handle)) = handles.iter().find(|(of, _)| *of == id) {
        return handle.clone();
    }
    let handle = Shared::new(Handle::default());
    handles.push((id, handle.clone()));
    handle
}

/// The segments, and the moving parts of those in flight.
fn segments(
    props: &LadderProps,
    layout: &Shared<Layout>,
    (sight, previous): (Sight, Option<SegmentId>),
    traffic: &Traffic,
    handles: &mut Handles,
) -> [Html; 2] {
    let (now, at) = (props.playhead.moment(), props.playhead.at);
    let arrows = &props.run.ladder.arrows;
    let tab_stop = tab_stop(props);
    let is_held = |arrow: &Arrow| [props.selected, tab_stop, previous].contains(&Some(arrow.id));
    let is_visible = |index: &usize| {
        let (arrow, flight) = (&arrows[*index], &layout.flights[*index]);
        let is_shown = arrow.fate(now) != Fate::Future
            || props.show_future
            || props.selected == Some(arrow.id);
        is_shown && (is_held(arrow) || (!flight.is_bundled && sight.shows(flight)))
    };
    let visible: Vec<usize> = (0..arrows.len()).filter(is_visible).collect();
    let near = crowd::near(arrows, &visible, now);
    let (single, crowd): (Vec<_>, Vec<_>) = visible
        .iter()
        .enumerate()
        .partition(|(place, index)| near.contains(place) || is_held(&arrows[**index]));
    let single: Vec<usize> = single.into_iter().map(|(_, index)| *index).collect();
    handles.retain(|(id, _)| single.iter().any(|index| arrows[*index].id == *id));
    let difference = |index: usize| *props.differences.as_ref()?.get(index)?;
    let (mut segments, mut moving) = (vec![], vec![]);
    for index in single {
        let arrow = &arrows[index];
        let handle = handle_of(handles, arrow.id);
        let fate = arrow.fate(now);
        let copy_flies = arrow.copy.is_some_and(|(copy_at, _)| at < copy_at);
        let moves = fate == Fate::Flying || (fate == Fate::Arrived && copy_flies);
        let selected = props.selected == Some(arrow.id);
        let covered = traffic.covers(index, &layout.flights[index]);
        let (key, show_future) = (arrow.id.to_string(), props.show_future);
        if moves {
            moving.push(html! {
                <Moving key={key.clone()} run={props.run.clone()} layout={layout.clone()} {index}
                    {fate} clock={props.clock.clone()} {selected} {covered} {show_future}
                    handle={handle.clone()} />
            });
        }
        segments.push(html! {
            <Segment {key} run={props.run.clone()} layout={layout.clone()} {index} {fate} {moves}
                clock={props.clock.clone()} {selected} {covered} difference={difference(index)}
                tabbable={tab_stop == Some(arrow.id)} {show_future} handle={handle.clone()}
                page={&props.page} />
        });
    }
    let crowd: Vec<usize> = crowd.into_iter().map(|(_, index)| *index).collect();
    let segments = html! { <>
        if !crowd.is_empty() {
            { crowd::lines(arrows, layout, &crowd, now) }
        }
        <g class="segments">{ for segments }</g>
    </> };
    [segments, html! { <>{ for moving }</> }]
}

/// The previously selected segment, which may still have the focus.
#[hook]
fn use_previous_selection(selected: Option<SegmentId>) -> Option<SegmentId> {
    let last = use_mut_ref(|| [None; 2]);
    let mut last = last.borrow_mut();
    if last[0] != selected {
        *last = [selected, last[0]];
    }
    last[1]
}

/// The segment that the Tab key focuses: the selected one, else one in flight, else the last sent.
fn tab_stop(props: &LadderProps) -> Option<SegmentId> {
    let arrows = &props.run.ladder.arrows;
    let now = props.playhead.moment();
    let flying = || arrows.iter().find(|arrow| arrow.fate(now) == Fate::Flying);
    let last = || arrows.iter().rev().find(|arrow| arrow.fate(now) != Fate::Future);
    let first = || arrows.first().filter(|_| props.show_future);
    props.selected.or_else(|| flying().or_else(last).or_else(first).map(|arrow| arrow.id))
}

/// The top and bottom of the selected segment, in pixels on the screen.
fn reach_of(props: &LadderProps, layout: &Layout) -> Option<(i32, i32)> {
    let id = props.selected?;
    let index = props.run.ladder.arrows.iter().position(|arrow| arrow.id == id)?;
    let (top, bottom) = layout.flights[index].extent();
    Some((layout.frame.on_screen(top), layout.frame.on_screen(bottom)))
}

/// Rounds the browser's pixels to whole ones.
#[allow(clippy::cast_possible_truncation, reason = "a place on the screen; the cast saturates")]
fn whole(pixels: f64) -> i32 {
    pixels as i32
}
