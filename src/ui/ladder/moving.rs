//! The moving parts of a segment in flight: the part of its line that is covered, and its token,
//! the pill that moves along the line. They are drawn in an SVG of their own, above the ladder, the
//! only one that is painted for every frame.
//!
//! A portal from within the segment would be simpler, but Yew never removes the listeners of a
//! portal from its host.

use std::cell::Cell;

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

use super::flight::Covered;
use super::handle::{Handle, relay};
use super::layout::Layout;
use super::pill::{beside, copy_place, dot, pill, pill_width};
use super::px::{Point, points};
use super::segment::{distance, tags};
use super::words;
use crate::app::Run;
use crate::ladder::{Fate, SegmentKind};
use crate::ui::browser::clock::{Clock, Mover, use_mover, write};
use crate::ui::browser::focus::focus_node;
use crate::ui::page::Shared;

/// The properties of [`Moving`].
#[derive(Properties, PartialEq)]
pub struct MovingProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The layout of the ladder.
    pub layout: Shared<Layout>,
    /// The index of the segment's arrow.
    pub index: usize,
    /// The segment's fate at the moment shown.
    pub fate: Fate,
    /// The clock that moves it between two events.
    pub clock: Shared<Clock>,
    /// Whether it is selected.
    pub selected: bool,
    /// Whether a token is about to run over its plates.
    pub covered: Covered,
    /// Whether the future of the run is drawn.
    pub show_future: bool,
    /// The segment.
    pub handle: Shared<Handle>,
}

/// The moving parts of a segment that is in flight, or whose copy is.
#[component]
pub fn Moving(props: &MovingProps) -> Html {
    let MovingProps { handle, fate, .. } = props;
    let arrow = &props.run.ladder.arrows[props.index];
    let flight = &props.layout.flights[props.index];
    let parts = use_parts();
    use_mover(&props.clock, Some(mover(props, parts.clone())));
    let class = classes!(
        "segment__flight",
        format!("segment--{}", arrow.kind.name()),
        format!("segment--{}", fate.name()),
        arrow.repeats.map(|_| "segment--repeat"),
        arrow.is_old.then_some("segment--old"),
        props.selected.then_some("segment--selected"),
    );
    // Without this handler a press would take the focus, and with it the keyboard shortcuts, away
    // from the segment.
    let onmousedown = {
        let handle = handle.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            focus_node(&handle.node);
        })
    };
    let text = token_text(&props.run, props.index);
    let copies = arrow.copy.is_some();
    let flies = *fate == Fate::Flying;
    html! {
        <g {class} aria-hidden="true" data-token={arrow.id.to_string()} {onmousedown}
            onclick={relay(handle, |it| &it.onclick)}
            onpointerdown={relay(handle, |it| &it.onpointerdown)}
            onpointermove={relay(handle, |it| &it.onpointermove)}
            onpointerup={relay(handle, |it| &it.onpointerup)}
            onpointercancel={relay(handle, |it| &it.onpointercancel)}>
            if copies {
                <polyline class="segment__copy" ref={parts.copy_line.clone()} />
            }
            if flies {
                <polyline class="segment__line" ref={parts.line.clone()} />
                if arrow.kind == SegmentKind::Rst {
                    <polyline class="segment__core" ref={parts.core.clone()} />
                }
            }
            { tags(flight, *fate, props.covered, props.show_future) }
            if copies {
                { token(&parts.copy_token, &text, "segment__token--copy", props.covered.copy) }
            }
            if flies {
                { token(&parts.token, &text, "", props.covered.token) }
            }
        </g>
    }
}

/// A token, with its words if there is room for them.
fn token(node: &NodeRef, text: &str, class: &'static str, is_crowded: bool) -> Html {
    if is_crowded { dot(node) } else { pill(node, text, class) }
}

/// The elements that move.
#[derive(Clone)]
struct Parts {
    line: NodeRef,
    core: NodeRef,
    token: NodeRef,
    copy_line: NodeRef,
    copy_token: NodeRef,
}

#[hook]
fn use_parts() -> Parts {
    Parts {
        line: use_node_ref(),
        core: use_node_ref(),
        token: use_node_ref(),
        copy_line: use_node_ref(),
        copy_token: use_node_ref(),
    }
}

/// Moves the parts while the segment or its copy is in flight.
fn mover(props: &MovingProps, parts: Parts) -> Mover {
    let (run, layout, index) = (props.run.clone(), props.layout.clone(), props.index);
    let flies = props.fate == Fate::Flying;
    let (needed, label) = (label_distance(props), props.handle.label.clone());
    let text = token_text(&run, index);
    let passed = Cell::new(None);
    Box::new(move |now| {
        let flight = &layout.flights[index];
        let y = layout.frame.y(now.playhead.y);
        let at = |here: Point| format!("translate({} {})", here.x, here.y);
        if flies {
            let (past, here) = (points(&flight.past(y)), flight.place(y));
            write(&parts.line, "points", &past);
            write(&parts.core, "points", &past);
            write(&parts.token, "transform", &at(beside(&layout.frame, here, &text)));
            let gone = flight.line.first().map_or(0, |start| distance(*start, here));
            let is_passed = needed.is_some_and(|needed| gone >= needed);
            if passed.replace(Some(is_passed)) != Some(is_passed) {
                let visibility = if is_passed { "visible" } else { "hidden" };
                write(&label, "visibility", visibility);
            }
        }
        if let Some((here, [start, _])) = copy_place(&run, &layout, index, y).zip(flight.copy) {
            write(&parts.copy_line, "points", &points(&[start, here]));
            write(&parts.copy_token, "transform", &at(beside(&layout.frame, here, &text)));
        }
    })
}

/// The distance in pixels that the token must cover before the label appears. `None` if the segment
/// has none.
fn label_distance(props: &MovingProps) -> Option<i32> {
    let label = props.layout.flights[props.index].label.as_ref()?;
    Some(label.reach + pill_width(&token_text(&props.run, props.index)) / 2 + 4)
}

/// The text in a segment's token.
fn token_text(run: &Run, index: usize) -> String {
    let arrow = &run.ladder.arrows[index];
    words::token(arrow, &run.timeline.trace().segments[arrow.segment])
}
