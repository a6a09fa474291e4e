//! The player: the ladder, a word about it, and the transport.

use tcp_handshake_html::html;
use yew::prelude::*;

pub mod explanation;
mod transport;

use transport::Transport;

use crate::app::{Playhead, Run};
use crate::link::Speed;
use crate::sim::SegmentId;
use crate::time::Duration;
use crate::ui::browser::clock::{Clock, use_mover, write};
use crate::ui::browser::frame::use_playback;
use crate::ui::ladder::Ladder;
use crate::ui::page::{Page, Shared};

/// What the player shows.
#[derive(Properties, PartialEq)]
pub struct PlayerProps {
    /// The run.
    pub run: Shared<Run>,
    /// The run before the last change.
    pub ghost: Option<Shared<Run>>,
    /// What moves with time.
    pub clock: Shared<Clock>,
    /// Lets time go on.
    pub go_on: Callback<Duration>,
    /// Where the viewer is, or was at the last event.
    pub playhead: Playhead,
    /// Whether time goes on.
    pub playing: bool,
    /// Whether it goes in steps; `None` is as the system has it.
    pub still: Option<bool>,
    /// How fast.
    pub speed: Speed,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// Whether what is still to come is drawn, faintly.
    pub show_future: bool,
    /// Whether a change can be taken back.
    pub can_undo: bool,
    /// Whether a change can be made again.
    pub can_redo: bool,
    /// What stands between the ladder and the transport: the sentence about the current event.
    #[prop_or_default]
    pub children: Html,
    /// The words, and the way to act.
    pub page: Page,
}

/// The player.
#[component]
pub fn Player(props: &PlayerProps) -> Html {
    use_playback(props.playing, props.still, props.go_on.clone(), props.page.dispatch.clone());
    let node = use_node_ref();
    let written = use_mut_ref(|| None);
    use_mover(&props.clock, {
        let node = node.clone();
        Some(Box::new(move |now| {
            let millis = now.playhead.at.as_millis();
            if written.replace(Some(millis)) != Some(millis) {
                write(&node, "data-time", &millis.to_string());
            }
        }))
    });
    let clock = &props.clock;
    let PlayerProps { run, ghost, playhead, playing, speed, selected, show_future, .. } = props;
    let page = &props.page;
    html! {
        <div class="player" ref={node}
            data-playing={if *playing { "true" } else { "false" }}>
            <Ladder {run} ghost={ghost.clone()} {clock} playhead={*playhead}
                selected={*selected} show_future={*show_future} {page} />
            { props.children.clone() }
            <Transport {run} ghost={ghost.clone()} {clock} playhead={*playhead}
                playing={*playing} speed={*speed} show_future={*show_future}
                can_undo={props.can_undo} can_redo={props.can_redo} {page} />
        </div>
    }
}
