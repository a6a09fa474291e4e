//! The transport: play, pause, step, speed and undo, below the scrubber.

use tcp_handshake_html::{classes, html};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::scrubber::Scrubber;
use crate::app::{self, Action, Change, Play, Playhead, Run, SpeedChange};
use crate::link::{PauseOn, Speed};
use crate::time::Instant;
use crate::ui::browser::clock::{Clock, use_text_playhead};
use crate::ui::browser::window::toggle_full_screen;
use crate::ui::ladder::brief;
use crate::ui::page::{Page, Shared};

/// The properties of [`Transport`].
#[derive(Properties, PartialEq)]
pub struct TransportProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The run before the last edit, drawn faintly behind the one shown.
    pub ghost: Option<Shared<Run>>,
    /// The clock that moves parts of the picture between two events.
    pub clock: Shared<Clock>,
    /// The state's playhead, which does not move between two events.
    pub playhead: Playhead,
    /// Whether the run plays.
    pub playing: bool,
    /// The playback speed.
    pub speed: Speed,
    /// Where the run pauses while it plays.
    pub pause_on: PauseOn,
    /// Called when the run was started or paused with a pointer.
    pub leave: Callback<()>,
    /// Whether future events have marks.
    pub show_future: bool,
    /// Whether there is a change to undo.
    pub can_undo: bool,
    /// Whether there is a change to redo.
    pub can_redo: bool,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The transport.
#[component]
pub fn Transport(props: &TransportProps) -> Html {
    let TransportProps { run, ghost, clock, playhead, playing, speed, .. } = props;
    let TransportProps { can_undo, can_redo, page, .. } = props;
    let catalog = &page.catalog;
    html! {
        <div class="transport" role="group"
            aria-label={catalog.text("ui.transport.title").to_owned()}>
            <Scrubber run={run.clone()} ghost={ghost.clone()} {clock} playhead={*playhead}
                show_future={props.show_future} {page} />
            <div class="transport__row">
                <Buttons playing={*playing} leave={props.leave.clone()} {page} />
                <Time {clock} count={run.timeline.trace().steps.len()} {page} />
                <Choices speed={*speed} pause_on={props.pause_on} can_undo={*can_undo}
                    can_redo={*can_redo} {page} />
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct TimeProps {
    clock: Shared<Clock>,
    count: usize,
    page: Page,
}

/// The step of the playhead, and its time: `step 3 of 21`, `50 ms`. The time of the end would
/// promise minutes, most of which are folded.
#[component]
fn Time(props: &TimeProps) -> Html {
    let TimeProps { clock, count, page } = props;
    let now = use_text_playhead(clock);
    let step = now.step.map_or(0, |step| step + 1);
    let step = page.catalog.format("ui.transport.step", &[("step", &step), ("count", count)]);
    html! {
        <p class="transport__clock">
            <span class="transport__now">{ step }</span>
            <span class="transport__at">{ brief(now.at.since(Instant::ZERO)) }</span>
        </p>
    }
}

#[derive(Properties, PartialEq)]
struct ButtonsProps {
    playing: bool,
    leave: Callback<()>,
    page: Page,
}

/// The five buttons that move the playhead.
#[component]
fn Buttons(props: &ButtonsProps) -> Html {
    let button = |key: &'static str, keys: &'static str, path: &'static str, action: Action| {
        icon_button(&props.page, &Look { key, keys, path }, action, false)
    };
    let play = if props.playing {
        button("pause", "Space k", "M6.5 4v12M13.5 4v12", Action::Play(Play::Pause))
    } else {
        button("play", "Space k", "M6 3.5v13l11-6.5z", Action::Play(Play::Start))
    };
    let leave = props.leave.clone();
    // A key that presses a button has no pointer, and leaves the focus where it is.
    let onclick = move |event: MouseEvent| {
        if event.detail() > 0 {
            leave.emit(());
        }
    };
    html! {
        <div class="transport__buttons">
            { button("restart", "Home r", "M5 4v12M15.5 4.5v11L8 10z", Action::Play(Play::Home)) }
            { button("previous", ",", "M14 4.5v11L7 10z", Action::Play(Play::Step(-1))) }
            <span class={classes!("transport__play", props.playing.then_some("is-playing"))}
                {onclick}>
                { play }
            </span>
            { button("next", ".", "M6 4.5v11l7-5.5z", Action::Play(Play::Step(1))) }
            { button("end", "End", "M15 4v12M4.5 4.5v11L12 10z", Action::Play(Play::End)) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ChoicesProps {
    speed: Speed,
    pause_on: PauseOn,
    can_undo: bool,
    can_redo: bool,
    page: Page,
}

/// The choice that pauses at each event, in place of a speed.
const EACH: &str = "event";

/// The properties of [`Tempo`].
#[derive(Properties, PartialEq)]
pub struct TempoProps {
    /// The playback speed.
    pub speed: Speed,
    /// Where the run pauses while it plays.
    pub pause_on: PauseOn,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The choice of the tempo: along with the reader, a pause at each event, or a speed.
#[component]
pub fn Tempo(props: &TempoProps) -> Html {
    let TempoProps { speed, pause_on, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let onchange = {
        let (dispatch, pauses) = (dispatch.clone(), *pause_on == PauseOn::Event);
        Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(speed) = Speed::ALL.into_iter().find(|it| it.id() == chosen) {
                dispatch.emit(Action::Play(Play::Speed(SpeedChange::To(speed))));
            }
            if (chosen == EACH) != pauses {
                let pause_on = if pauses { PauseOn::None } else { PauseOn::Event };
                dispatch.emit(Action::Play(Play::PauseOn(pause_on)));
            }
        })
    };
    let text = |key: &str| catalog.text(key).to_owned();
    let chosen = if *pause_on == PauseOn::Event { EACH } else { speed.id() };
    let option = |id: &'static str, name: String| {
        html! { <option value={id} selected={id == chosen}>{ name }</option> }
    };
    let speeds = Speed::ALL.into_iter().filter(|it| *it != Speed::Read);
    let options = html! { <>
        { option(Speed::Read.id(), text("ui.transport.read")) }
        { option(EACH, text("ui.transport.each")) }
        { for speeds.map(|it| option(it.id(), format!("{}×", it.id()))) }
    </> };
    html! {
        <select class="transport__speed" {onchange}
            aria-label={catalog.text("ui.transport.speed").to_owned()}
            title={catalog.text("ui.transport.speed-hint").to_owned()}>
            { options }
        </select>
    }
}

/// Speed, undo and redo.
#[component]
fn Choices(props: &ChoicesProps) -> Html {
    let ChoicesProps { speed, pause_on, can_undo, can_redo, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let undo =
        Look { key: "undo", keys: "Control+z", path: "M8 5 4 9l4 4M4 9h7a4.5 4.5 0 0 1 0 9" };
    let redo = Look {
        key: "redo",
        keys: "Control+Shift+z",
        path: "M12 5l4 4-4 4M16 9H9a4.5 4.5 0 0 0 0 9",
    };
    let full = catalog.text("ui.help.full-screen").to_owned();
    let full_screen =
        dispatch.reform(|_: MouseEvent| Action::Look(app::Look::Present(toggle_full_screen())));
    html! {
        <div class="transport__choices">
            <Tempo speed={*speed} pause_on={*pause_on} {page} />
            { icon_button(page, &undo, Action::Edit(Change::Undo), !can_undo) }
            { icon_button(page, &redo, Action::Edit(Change::Redo), !can_redo) }
            if gloo::utils::document().fullscreen_enabled() {
                <button type="button" class="icon-button transport__full"
                    onclick={full_screen} aria-keyshortcuts="f"
                    aria-label={full.clone()} title={full}>
                    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                        <path d="M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4" />
                    </svg>
                </button>
            }
        </div>
    }
}

/// The icon of a button, and the keys that do the same.
struct Look {
    key: &'static str,
    keys: &'static str,
    path: &'static str,
}

fn icon_button(page: &Page, look: &Look, action: Action, disabled: bool) -> Html {
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let label = catalog.text(&format!("ui.transport.{}", look.key)).to_owned();
    let onclick = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    html! {
        <button type="button" class={classes!("icon-button", format!("transport__{}", look.key))}
            aria-label={label.clone()} title={label} aria-keyshortcuts={look.keys} {onclick}
            {disabled}>
            <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                <path d={look.path} />
            </svg>
        </button>
    }
}
