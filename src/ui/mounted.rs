//! The player alone, in an element of another page. Its state is owned by the embedding program.

use std::rc::Rc;

use tcp_handshake_html::{ComponentVTable, html};
use yew::prelude::*;

use crate::app::{Action, AppState, Play};
use crate::ui::browser::clock::Clock;
use crate::ui::browser::keys;
use crate::ui::compare::Before;
use crate::ui::late;
use crate::ui::page::{Page, Shared};
use crate::ui::panels::why::Reason;
use crate::ui::player::Player;
use crate::ui::player::explanation::Explanation;

/// Provides the parts of a player that load late in the page. Called before a player is mounted.
pub fn provide_parts() {
    late::REASON.provide(ComponentVTable::of::<Reason>());
    late::BEFORE.provide(ComponentVTable::of::<Before>());
}

/// The properties of [`Mounted`].
#[derive(Properties, PartialEq)]
pub struct MountedProps {
    /// The state of the player.
    pub state: Shared<AppState>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The properties of [`Seat`].
#[derive(Properties, PartialEq)]
pub struct SeatProps {
    /// The player; `None` while no one uses the seat.
    pub player: Option<MountedProps>,
    /// Which of the players that the seat has had.
    pub count: u32,
}

/// A place for a player. Yew never removes the listeners of an application from its root, so a
/// program keeps the root of a player that has gone, and gives it to the next one.
#[component]
pub fn Seat(props: &SeatProps) -> Html {
    let Some(MountedProps { state, page }) = &props.player else { return Html::default() };
    // A component of its own, also where two players follow each other at once.
    html! { <Mounted key={props.count} state={state.clone()} page={page.clone()} /> }
}

/// The player, with its explanation and its keyboard shortcuts.
#[component]
pub fn Mounted(props: &MountedProps) -> Html {
    let MountedProps { state, page } = props;
    let dispatch = &page.dispatch;
    let onkeydown = {
        let (state, dispatch) = (state.clone(), dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(action) = keys::on_key_down(&event, &state) {
                dispatch.emit(action);
            }
        })
    };
    // The embedding program may read the state at any time, so every frame updates the state itself
    // and nothing runs ahead on the clock.
    let clock = Shared::from(use_memo((), |()| Clock::default()));
    clock.set(state);
    use_effect({
        let clock = clock.clone();
        move || clock.show(true)
    });
    let advance = dispatch.reform(|span| Action::Play(Play::Tick(span)));
    let run = Shared::from(state.run.clone());
    let ghost = state.ghost.as_ref().map(|ghost| Shared::from(Rc::clone(&ghost.run)));
    html! {
        <div class="page page--embed" tabindex="-1" {onkeydown}>
            <div class="stage__player">
                <Player run={run.clone()} ghost={ghost.clone()} {clock} {advance}
                    playhead={state.playhead} playing={state.is_playing()}
                    still={state.settings.still}
                    speed={state.link.view.speed}
                    selected={state.selected} show_future={state.show_future}
                    compares={state.is_comparing()}
                    can_undo={state.can_undo()} can_redo={state.can_redo()} {page}>
                    <Explanation {run} step={state.playhead.step} playing={state.is_playing()}
                        {ghost} compares={state.is_comparing()} {page} />
                </Player>
            </div>
        </div>
    }
}
