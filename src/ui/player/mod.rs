//! The player: the ladder, an explanation, and the transport.

use tcp_handshake_html::{classes, html};
use yew::prelude::*;

pub mod explanation;
mod transport;

use transport::Transport;

use crate::app::compare::differences;
use crate::app::quiz::Guess;
use crate::app::{Playhead, Run};
use crate::link::Speed;
use crate::sim::SegmentId;
use crate::time::Duration;
use crate::ui::browser::clock::{Clock, use_mover, write};
use crate::ui::browser::frame::use_playback;
use crate::ui::compare::BeforeProps;
use crate::ui::ladder::Ladder;
use crate::ui::late;
use crate::ui::page::{Page, Shared};

/// The properties of [`Player`].
#[derive(Properties, PartialEq)]
pub struct PlayerProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The run before the last edit, drawn faintly behind the one shown.
    pub ghost: Option<Shared<Run>>,
    /// The clock that moves parts of the picture between two events.
    pub clock: Shared<Clock>,
    /// Advances by an amount of real time.
    pub advance: Callback<Duration>,
    /// The state's playhead, which does not move between two events.
    pub playhead: Playhead,
    /// Whether the run plays.
    pub playing: bool,
    /// Whether the playhead jumps from event to event; `None` follows the system's setting for
    /// reduced motion.
    pub still: Option<bool>,
    /// The playback speed.
    pub speed: Speed,
    /// The selected segment.
    pub selected: Option<SegmentId>,
    /// Whether the future of the run is drawn, faintly.
    pub show_future: bool,
    /// The segment of a wrong answer in the quiz.
    #[prop_or_default]
    pub guess: Option<Guess>,
    /// Whether there is a change to undo.
    pub can_undo: bool,
    /// Whether there is a change to redo.
    pub can_redo: bool,
    /// Whether that run is drawn beside the one shown instead.
    #[prop_or_default]
    pub compares: bool,
    /// Whether the ladder is enlarged to fill a screen.
    #[prop_or_default]
    pub is_large: bool,
    /// The content between the ladder and the transport: the explanation, or the quiz.
    #[prop_or_default]
    pub children: Html,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The player.
#[component]
pub fn Player(props: &PlayerProps) -> Html {
    use_playback(props.playing, props.still, props.advance.clone(), props.page.dispatch.clone());
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
    let before = ghost.as_ref().filter(|_| props.compares);
    let marks = use_memo((run.clone(), before.cloned()), |(run, before)| {
        before.as_ref().map(|before| Shared::new(differences(run, before)))
    });
    html! {
        <div class={classes!("player", before.map(|_| "compare__both"))} ref={node}
            data-playing={if *playing { "true" } else { "false" }}>
            if let Some(before) = before {
                { late::mount(&late::BEFORE, BeforeProps {
                    before: before.clone(), after: run.clone(), clock: clock.clone(),
                    show_future: *show_future, page: page.clone(),
                }, page) }
            }
            <Ladder key="ladder" {run} ghost={ghost.clone().filter(|_| before.is_none())}
                guess={props.guess.clone()} {clock} playhead={*playhead} selected={*selected}
                show_future={*show_future}
                differences={(*marks).clone()} is_large={props.is_large} {page} />
            { props.children.clone() }
            <Transport {run} ghost={ghost.clone()} {clock} playhead={*playhead}
                playing={*playing} speed={*speed} show_future={*show_future}
                can_undo={props.can_undo} can_redo={props.can_redo} {page} />
        </div>
    }
}
