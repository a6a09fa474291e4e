//! The player: the ladder, a word about it, and the transport.

use yew::prelude::*;

use super::frame::use_playback;
use super::ladder::Ladder;
use super::page::Shared;
use super::transport::Transport;
use crate::app::{Action, Playhead, Run};
use crate::link::Speed;
use crate::locale::Catalog;
use crate::sim::SegmentId;
use crate::ui::markup::html;

/// What the player shows.
#[derive(Properties, PartialEq)]
pub struct PlayerProps {
    /// The run.
    pub run: Shared<Run>,
    /// The run before the last change.
    pub ghost: Option<Shared<Run>>,
    /// Where the viewer is.
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
    /// The words.
    pub catalog: Shared<Catalog>,
    /// The one way to act.
    pub dispatch: Callback<Action>,
    /// What stands between the ladder and the transport: the sentence about the current event.
    #[prop_or_default]
    pub children: Html,
}

/// The player.
#[component]
pub fn Player(props: &PlayerProps) -> Html {
    use_playback(props.playing, props.still, props.dispatch.clone());
    let PlayerProps { run, ghost, playhead, playing, speed, selected, show_future, .. } = props;
    let (catalog, dispatch) = (&props.catalog, &props.dispatch);
    html! {
        <div class="player" data-time={playhead.at.as_millis().to_string()}
            data-playing={if *playing { "true" } else { "false" }}>
            <Ladder run={run.clone()} ghost={ghost.clone()} playhead={*playhead}
                selected={*selected} show_future={*show_future} catalog={catalog.clone()}
                {dispatch} />
            { props.children.clone() }
            <Transport run={run.clone()} playhead={*playhead} playing={*playing} speed={*speed}
                can_undo={props.can_undo} can_redo={props.can_redo} catalog={catalog.clone()}
                {dispatch} />
        </div>
    }
}
