//! The ladder: two lifelines, time running downwards, and each segment as a slanted line between
//! them.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use tcp_handshake_html::{classes, html};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ResizeObserver, SvgElement};
use yew::prelude::*;

mod action_bar;
mod chips;
mod crowd;
mod drag;
mod geometry;
mod guess;
mod handle;
mod host_head;
mod lane;
mod lifelines;
mod moving;
mod now_line;
mod pill;
mod segment;
mod sight;
mod words;

use action_bar::Actions;
use chips::Chips;
use geometry::{Frame, Layout};
use handle::Handle;
use host_head::HostHead;
use lane::Lanes;
use lifelines::{Ghost, Lifelines};
use moving::Moving;
use now_line::{NowLine, NowTags};
use segment::Segment;
use sight::{Sight, use_sight};
pub use words::{brief, state_class};

use crate::app::quiz::Guess;
use crate::app::{Action, Play, Playhead, Run};
use crate::ladder::{Arrow, Fate};
use crate::sim::{SegmentId, Side};
use crate::ui::browser::clock::{Clock, use_first_mover};
use crate::ui::page::{Page, Shared};

/// The least height of the ladder, in pixels, at which the action bar floats in it.
const ROOM_FOR_ACTIONS: i32 = 300;

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
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The ladder.
#[component]
pub fn Ladder(props: &LadderProps) -> Html {
    let scroller = use_node_ref();
    let (width, height, whole) = use_size(&scroller);
    let layout = use_layout(&props.run, width);
    let handles = use_mut_ref(Handles::new);
    let now = layout.frame.y(props.playhead.y).whole();
    let (sight, onscroll) = use_sight(&scroller, props.run.ladder.arrows.len(), height, now);
    let before = use_previous_selection(props.selected);
    let is_held = use_memo((), |()| Cell::new(false));
    use_follow(&scroller, &is_held, &props.clock, &layout, height);
    // Decided only when a segment is selected: a docked bar takes its height from the ladder, so
    // deciding again would let it switch back and forth.
    let is_low = use_memo(props.selected.is_some(), |_| height < ROOM_FOR_ACTIONS);
    let is_docked = layout.frame.compact || *is_low;
    let heads = heads(props);
    let actions = props.selected.map(|id| {
        html! {
            <Actions run={props.run.clone()} now={props.playhead.moment()} {id} brief={is_docked}
                page={&props.page} />
        }
    });
    let reach = props.selected.and_then(|id| reach_of(props, &layout, id));
    let float = use_node_ref();
    use_reveal(&scroller, &float, props.selected, reach);
    let below = reach.map(|(_, bottom)| bottom + 16);
    let (floating, docked) = if is_docked { (None, actions) } else { (actions, None) };
    let class = classes!(
        "ladder",
        is_docked.then_some("ladder--compact"),
        docked.is_some().then_some("ladder--docked"),
    );
    let label = props.page.catalog.text("ui.ladder.segments").to_owned();
    let (content, style, docked) = if whole <= lane::HIGHEST {
        let content = html! {
            <div class="ladder__scroller" ref={scroller} role="group" aria-label={label}>
                <Lanes run={props.run.clone()} {layout} {height} now={props.playhead.moment()}
                    clock={&props.clock} selected={props.selected} tab_stop={tab_stop(props)}
                    page={&props.page} />
            </div>
        };
        (content, None, docked.or(floating))
    } else {
        let [left, right] = Side::BOTH.map(|side| layout.frame.x(side));
        let style = format!("--left: {left}px; --right: {}px", layout.frame.width - right);
        let segments = segments(props, &layout, (sight, before), &mut handles.borrow_mut());
        let content = html! {
            <div class="ladder__scroller" ref={scroller} {onscroll} tabindex="0" role="group"
                aria-label={label}>
                <div class="ladder__canvas">
                    { picture(props, &layout, sight, &is_held) }
                    { above(props, &layout, segments) }
                    if let Some((floating, y)) = floating.zip(below) {
                        <div class="ladder__float" ref={float} style={format!("top: {y}px")}>
                            { floating }
                        </div>
                    }
                </div>
            </div>
        };
        (content, Some(style), docked)
    };
    html! {
        <section {class} {style}
            aria-label={props.page.catalog.text("ui.ladder.title").to_owned()}>
            <div class="ladder__heads">{ for heads }</div>
            { content }
            if let Some(docked) = docked {
                <div class="ladder__dock">{ docked }</div>
            }
        </section>
    }
}

/// The layout of a run at a width, computed once and shared.
#[hook]
fn use_layout(run: &Shared<Run>, width: i32) -> Shared<Layout> {
    let layout =
        use_memo((run.clone(), width), |(run, width)| Layout::of(run, Frame::of(run, *width)));
    Shared::from(layout)
}

/// The heads of both lifelines.
fn heads(props: &LadderProps) -> [Html; 2] {
    Side::BOTH.map(|side| {
        let trace = props.run.timeline.trace();
        let after = props.playhead.step.and_then(|step| trace.host_after(step, side));
        let host = after.unwrap_or(props.run.timeline.before(side));
        let state = (props.run.scripted_side() != Some(side)).then_some(host.state);
        let waits = host.readable > 0;
        let is_fixed = props.run.script.is_some();
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
            dispatch.emit(Action::Play(Play::SeekY(layout.frame.time(event.offset_y()))));
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
            <Lifelines run={props.run.clone()} layout={layout.clone()} {sight} />
            if let Some(ghost) = &props.ghost {
                <Ghost ghost={ghost.clone()} run={props.run.clone()}
                    layout={layout.clone()} {sight} />
            }
        </svg>
    }
}

/// The layers above the lifelines, each an SVG that is painted separately: the now-line, the
/// segments, their moving parts, and the labels of the now-line.
fn above(props: &LadderProps, layout: &Shared<Layout>, [segments, moving]: [Html; 2]) -> Html {
    let clock = &props.clock;
    html! {
        <div class="ladder__above">
            <NowLine run={props.run.clone()} layout={layout.clone()} {clock} />
            <svg class="ladder__picture" role="presentation">
                <Chips run={props.run.clone()} layout={layout.clone()}
                    entered={entered(props)} page={&props.page} />
                { segments }
                { for props.guess.iter().map(|it| guess::drawn(it, &props.run, layout)) }
            </svg>
            // Each frame repaints this one without the rest of the ladder.
            <svg class="ladder__picture ladder__moving" aria-hidden="true">{ moving }</svg>
            <NowTags run={props.run.clone()} layout={layout.clone()} {clock} />
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

/// The latest step in which a host entered a state.
fn entered(props: &LadderProps) -> Option<usize> {
    let steps = props.run.ladder.intervals.iter().map(|interval| interval.step);
    steps.filter(|step| *step <= props.playhead.step).max().flatten()
}

/// What the moving parts of each segment that is drawn need of it.
type Handles = BTreeMap<SegmentId, Shared<Handle>>;

/// The segments, and the moving parts of those in flight.
fn segments(
    props: &LadderProps,
    layout: &Shared<Layout>,
    (sight, previous): (Sight, Option<SegmentId>),
    handles: &mut Handles,
) -> [Html; 2] {
    let (now, at) = (props.playhead.moment(), props.playhead.at);
    let arrows = &props.run.ladder.arrows;
    let tab_stop = tab_stop(props);
    let is_held = |arrow: &Arrow| [props.selected, tab_stop, previous].contains(&Some(arrow.id));
    let is_visible = |index: &usize| {
        let arrow = &arrows[*index];
        let is_shown = arrow.fate(now) != Fate::Future
            || props.show_future
            || props.selected == Some(arrow.id);
        is_shown && (is_held(arrow) || sight.shows(&layout.flights[*index]))
    };
    let visible: Vec<usize> = (0..arrows.len()).filter(is_visible).collect();
    let near = crowd::near(arrows, &visible, now);
    let (single, crowd): (Vec<_>, Vec<_>) = visible
        .iter()
        .enumerate()
        .partition(|(place, index)| near.contains(place) || is_held(&arrows[**index]));
    let single: Vec<usize> = single.into_iter().map(|(_, index)| *index).collect();
    let drawn: BTreeSet<SegmentId> = single.iter().map(|index| arrows[*index].id).collect();
    handles.retain(|id, _| drawn.contains(id));
    let (mut segments, mut moving) = (vec![], vec![]);
    for index in single {
        let arrow = &arrows[index];
        let handle = handles.entry(arrow.id).or_insert_with(|| Shared::new(Handle::default()));
        let fate = arrow.fate(now);
        let copy_flies = arrow.copy.is_some_and(|(copy_at, _)| at < copy_at);
        let moves = fate == Fate::Flying || (fate == Fate::Arrived && copy_flies);
        let selected = props.selected == Some(arrow.id);
        let (key, show_future) = (arrow.id.to_string(), props.show_future);
        if moves {
            moving.push(html! {
                <Moving key={key.clone()} run={props.run.clone()} layout={layout.clone()} {index}
                    {fate} clock={props.clock.clone()} {selected} {show_future}
                    handle={handle.clone()} />
            });
        }
        segments.push(html! {
            <Segment {key} run={props.run.clone()} layout={layout.clone()} {index} {fate} {moves}
                clock={props.clock.clone()} {selected} tabbable={tab_stop == Some(arrow.id)}
                {show_future} handle={handle.clone()} page={&props.page} />
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

/// The top and bottom of a segment, in pixels.
fn reach_of(props: &LadderProps, layout: &Layout, id: SegmentId) -> Option<(i32, i32)> {
    let index = props.run.ladder.arrows.iter().position(|arrow| arrow.id == id)?;
    let (top, bottom) = layout.flights[index].extent();
    Some((top.whole(), bottom.whole()))
}

/// Measures the width and height of an element in pixels, and the height of its parent.
#[hook]
fn use_size(node: &NodeRef) -> (i32, i32, i32) {
    let size = use_state_eq(|| (first_width(), 640, 640));
    let node = node.clone();
    let setter = size.setter();
    use_effect_with((), move |()| {
        let measured = node.cast::<HtmlElement>().and_then(|element| {
            let measure = {
                let element = element.clone();
                move || {
                    let whole = element.parent_element().map_or(640, |it| it.client_height());
                    setter.set((element.client_width().max(240), element.client_height(), whole));
                }
            };
            measure();
            let callback = Closure::<dyn FnMut()>::new(measure);
            let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
            observer.observe(&element);
            Some((observer, callback))
        });
        move || {
            if let Some((observer, _callback)) = measured {
                observer.disconnect();
            }
        }
    });
    *size
}

/// The width before the first measurement: that of the static placeholder. A wrong guess could pick
/// the wrong one of the compact and wide layouts, and the page would jump.
fn first_width() -> i32 {
    let waiting = gloo::utils::document().query_selector("#waiting .ladder__scroller");
    let width = waiting.ok().flatten().map_or(0, |waiting| waiting.client_width());
    if width > 0 { width } else { 640 }
}

/// Scrolls as little as needed to show a newly selected segment and the action bar below it.
#[hook]
fn use_reveal(
    node: &NodeRef,
    float: &NodeRef,
    selected: Option<SegmentId>,
    reach: Option<(i32, i32)>,
) {
    let (node, float) = (node.clone(), float.clone());
    use_effect_with(selected, move |_| {
        if let Some((element, (top, bottom))) = node.cast::<HtmlElement>().zip(reach) {
            let float = float.cast::<HtmlElement>();
            let bottom = float.map_or(bottom, |it| it.offset_top() + it.offset_height()) + 8;
            let (from, height) = (element.scroll_top(), element.client_height());
            let target = from.max(bottom - height).min(top - 24);
            if target != from {
                element.set_scroll_top(target.max(0));
            }
        }
    });
}

/// Keeps the now-line visible when it moves or the box's height changes. Not while the mouse drags
/// it, because scrolling would move it away from the mouse.
#[hook]
fn use_follow(
    node: &NodeRef,
    is_held: &Rc<Cell<bool>>,
    clock: &Shared<Clock>,
    layout: &Shared<Layout>,
    room: i32,
) {
    let last = use_mut_ref(|| None::<(i32, i32)>);
    let (node, is_held, layout) = (node.clone(), Rc::clone(is_held), layout.clone());
    // Reads the scroll position before other movers change the document, which would make it
    // expensive.
    use_first_mover(
        clock,
        Box::new(move |now| {
            let y = layout.frame.y(now.playhead.y).whole();
            if last.replace(Some((y, room))) == Some((y, room)) || is_held.get() {
                return;
            }
            if let Some(element) = node.cast::<HtmlElement>() {
                let (top, height) = (element.scroll_top(), element.client_height());
                let (highest, lowest) = (y - height * 62 / 100, y - height * 22 / 100);
                if top < highest {
                    element.set_scroll_top(highest);
                } else if top > lowest.max(0) {
                    element.set_scroll_top(lowest.max(0));
                }
            }
        }),
    );
}
