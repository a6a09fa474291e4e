//! The transport: play, pause, step, speed, undo, and the scrubber with a mark for each event.

use tcp_handshake_html::{classes, html};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::app::{self, Action, Change, Play, Playhead, Run, SpeedChange};
use crate::ladder::{Chapter, Mark, MarkKind};
use crate::link::Speed;
use crate::locale::Catalog;
use crate::sim::{Cause, Side};
use crate::time::Instant;
use crate::ui::browser::clock::{
    Clock, transform, use_slow_mover, use_text_mover, use_text_playhead,
};
use crate::ui::browser::window::toggle_full_screen;
use crate::ui::ladder::brief;
use crate::ui::page::{Page, Shared};

/// Above this number, the marks are drawn as a few paths instead of an element each.
const MANY: usize = 400;
/// The horizontal resolution of such a path: marks at the same position are drawn once.
const LANE: u64 = 4_000;
/// The least width of the lane in a narrow and in a wide player, in pixels. Chapter names that fit
/// there fit in any.
const NARROW: u64 = 260;
const WIDE: u64 = 500;

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
                <Buttons playing={*playing} {page} />
                <Time {clock} end={run.end()} />
                <Choices speed={*speed} can_undo={*can_undo} can_redo={*can_redo} {page} />
            </div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct TimeProps {
    clock: Shared<Clock>,
    end: Instant,
}

/// The time of the playhead and of the end: `1.05 s / 4.60 s`.
#[component]
fn Time(props: &TimeProps) -> Html {
    let now = use_text_playhead(&props.clock).at;
    let text = |at: Instant| brief(at.since(Instant::ZERO));
    html! {
        <p class="transport__clock">
            <span class="transport__now">{ text(now) }</span>
            <span class="transport__end">{ " / " }{ text(props.end) }</span>
        </p>
    }
}

#[derive(Properties, PartialEq)]
struct ButtonsProps {
    playing: bool,
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
    html! {
        <div class="transport__buttons">
            { button("restart", "Home r", "M5 4v12M15.5 4.5v11L8 10z", Action::Play(Play::Home)) }
            { button("previous", ",", "M14 4.5v11L7 10z", Action::Play(Play::Step(-1))) }
            <span class={classes!("transport__play", props.playing.then_some("is-playing"))}>
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
    can_undo: bool,
    can_redo: bool,
    page: Page,
}

/// Speed, undo and redo.
#[component]
fn Choices(props: &ChoicesProps) -> Html {
    let ChoicesProps { speed, can_undo, can_redo, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            if let Ok(percent) = select.value().parse() {
                dispatch.emit(Action::Play(Play::Speed(SpeedChange::Percent(percent))));
            }
        })
    };
    let options = Speed::ALL.map(|option| {
        html! {
            <option value={option.percent().to_string()} selected={option == *speed}>
                { format!("{}×", option.id()) }
            </option>
        }
    });
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
            <select class="transport__speed" {onchange}
                aria-label={catalog.text("ui.transport.speed").to_owned()}
                title={catalog.text("ui.transport.speed-hint").to_owned()}>
                { for options }
            </select>
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

#[derive(Properties, PartialEq)]
struct ScrubberProps {
    run: Shared<Run>,
    ghost: Option<Shared<Run>>,
    clock: Shared<Clock>,
    playhead: Playhead,
    show_future: bool,
    page: Page,
}

/// The slider, above the lane of marks.
#[component]
fn Scrubber(props: &ScrubberProps) -> Html {
    let ScrubberProps { run, ghost, clock, playhead, page, .. } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let end = run.ladder.axis.end();
    let max = end.max(1);
    let oninput = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let whole = input.value().split('.').next().and_then(|whole| whole.parse().ok());
            if let Some(y) = whole {
                dispatch.emit(Action::Play(Play::SeekY(y)));
            }
        })
    };
    // The slider accepts every value: rounding to a step would move the thumb away from the
    // playhead. The page handles the arrow keys itself (`app::keys`), a tenth of a round trip each.
    let range = use_node_ref();
    use_text_mover(clock, {
        let range = range.clone();
        Box::new(move |now| {
            if let Some(range) = range.cast::<HtmlInputElement>() {
                range.set_value(&now.playhead.y.to_string());
            }
        })
    });
    // The visible thumb is an element of our own: moving the browser's thumb would lay out the
    // whole slider in every frame.
    let played = use_node_ref();
    use_slow_mover(clock, {
        let played = played.clone();
        Box::new(move |now| {
            transform(&played, &format!("translateX({})", percent(now.playhead.y, max)));
        })
    });
    // The lane has no marks of the future while the ladder hides it.
    let until = if props.show_future { max } else { playhead.y };
    html! {
        <div class="scrubber">
            <Lane run={run.clone()} ghost={ghost.clone()} {max} {until} {page} />
            <input class="scrubber__range" ref={range} type="range" min="0" max={max.to_string()}
                step="any" {oninput}
                aria-label={catalog.text("ui.transport.time").to_owned()}
                aria-valuetext={value_text(catalog, run, playhead)} />
            <div class="scrubber__played" aria-hidden="true"><i ref={played} /></div>
        </div>
    }
}

/// The slider's value for screen readers:
/// `1.20 s of 4.60 s — client: ESTABLISHED, server: SYN-RECEIVED`.
fn value_text(catalog: &Catalog, run: &Run, playhead: &Playhead) -> String {
    let state = |side: Side| {
        let trace = run.timeline.trace();
        let after = playhead.step.and_then(|step| trace.host_after(step, side));
        after.unwrap_or(run.timeline.before(side)).state.name()
    };
    let text = |at: Instant| brief(at.since(Instant::ZERO));
    catalog.format(
        "ui.transport.value",
        &[
            ("now", &text(playhead.at)),
            ("end", &text(run.end())),
            ("client", &state(Side::Client)),
            ("server", &state(Side::Server)),
        ],
    )
}

#[derive(Properties, PartialEq)]
struct LaneProps {
    run: Shared<Run>,
    ghost: Option<Shared<Run>>,
    max: u64,
    until: u64,
    page: Page,
}

/// The lane: a mark for each event, a hatched area for each folded gap, and the chapters' names;
/// above them the marks of the run before the last edit.
#[component]
fn Lane(props: &LaneProps) -> Html {
    let LaneProps { run, ghost, max, until, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let ladder = &run.ladder;
    let folds = ladder.axis.folds.iter().filter(|fold| fold.y_from <= *until).map(|fold| {
        let style = format!(
            "left: {}; width: {}",
            percent(fold.y_from, *max),
            percent(fold.y_to - fold.y_from, *max),
        );
        html! { <span class="scrubber__fold" {style} /> }
    });
    let chapters = named(&ladder.chapters, *max, *until, catalog).into_iter().map(|name| {
        let (dispatch, at) = (dispatch.clone(), name.chapter.at);
        let onclick =
            Callback::from(move |_: MouseEvent| dispatch.emit(Action::Play(Play::Seek(at))));
        let class = classes!(
            "scrubber__chapter",
            name.is_before.then_some("scrubber__chapter--before"),
            name.is_wide.then_some("scrubber__chapter--wide"),
        );
        html! {
            <span {class} style={format!("left: {}", percent(name.chapter.y, *max))} {onclick}>
                { name.text }
            </span>
        }
    });
    let before = ghost.iter().flat_map(|ghost| &ghost.ladder.marks);
    let before = before.map(|mark| ladder.axis.y(mark.at)).filter(|y| y <= until);
    let is_seen = |mark: &&Mark| mark.y <= *until;
    let marks = if ladder.marks.len() > MANY {
        many_marks(run, *max, before, ladder.marks.iter().filter(is_seen))
    } else {
        let before = before.map(|y| {
            let style = format!("left: {}", percent(y, *max));
            html! { <span class="scrubber__before" {style} /> }
        });
        let marks = ladder.marks.iter().filter(is_seen).map(|mark| {
            let kind = mark_kind(run, mark);
            let shape = if mark.kind == MarkKind::Arrival { "arrival" } else { kind };
            let class = classes!(
                "scrubber__mark",
                format!("scrubber__mark--{kind}"),
                format!("scrubber__shape--{shape}"),
                format!("scrubber__mark--{}", mark.side.name()),
            );
            html! { <span {class} style={format!("left: {}", percent(mark.y, *max))} /> }
        });
        html! { <>{ for before }{ for marks }</> }
    };
    html! {
        <div class="scrubber__lane" aria-hidden="true">
            <div class="scrubber__chapters">{ for chapters }</div>
            <div class="scrubber__track">{ for folds }{ marks }</div>
        </div>
    }
}

/// A chapter's name in the lane.
struct Name<'a> {
    chapter: &'a Chapter,
    text: String,
    /// Whether the name ends at its mark, because there is no room after it.
    is_before: bool,
    /// Whether the name is shown only in a wide lane.
    is_wide: bool,
}

impl Name<'_> {
    /// The presentation times that the name covers in a lane `lane` pixels wide.
    fn reach(&self, lane: u64, max: u64) -> (u64, u64) {
        let from = self.chapter.y;
        let width = max * width(&self.text) / lane;
        if self.is_before { (from.saturating_sub(width), from) } else { (from, from + width) }
    }
}

/// An upper estimate of a name's width in pixels, with letters spaced out as WCAG 1.4.12 allows.
fn width(name: &str) -> u64 {
    name.chars().map(|letter| if letter.is_ascii() { 7 } else { 12 }).sum::<u64>() + 6
}

/// The names that fit without overlap in a narrow lane, and those that fit in a wide one besides.
fn named<'a>(chapters: &'a [Chapter], max: u64, until: u64, catalog: &Catalog) -> Vec<Name<'a>> {
    let mut names: Vec<Name> = vec![];
    for (lane, is_wide) in [(NARROW, false), (WIDE, true)] {
        for chapter in chapters.iter().filter(|chapter| chapter.y <= until) {
            let text = catalog.text(&format!("chapter.{}", chapter.id)).to_owned();
            let is_before = chapter.y + max * width(&text) / lane > max;
            let name = Name { chapter, text, is_before, is_wide };
            let (from, to) = name.reach(lane, max);
            let is_free = names.iter().all(|other| {
                let (other_from, other_to) = other.reach(lane, max);
                to <= other_from || other_to <= from
            });
            if is_free && to <= max {
                names.push(name);
            }
        }
    }
    names
}

/// The main kind of a step, for the colour of its mark.
fn mark_kind(run: &Run, mark: &Mark) -> &'static str {
    match run.timeline.trace().steps[mark.step].cause {
        Cause::Arrival(index, _) => run.ladder.arrows[index].kind.name(),
        Cause::Loss(_) => "loss",
        Cause::Timer(_) => "timer",
        Cause::Call(_) => "call",
    }
}

/// The marks of a long run: one path for each class, however many marks there are.
fn many_marks<'a>(
    run: &Run,
    max: u64,
    before: impl Iterator<Item = u64>,
    marks: impl Iterator<Item = &'a Mark>,
) -> Html {
    // For each class: its name, the position of its last mark, and its path.
    let mut lines: Vec<(String, u64, String)> = vec![];
    let mut add = |look: String, y: u64, stroke: &str| {
        let x = y.saturating_mul(LANE) / max;
        let found = lines.iter_mut().find(|line| line.0 == look);
        match found {
            Some((_, last, path)) if *last != x => {
                *last = x;
                path.extend(["M", &x.to_string(), " ", stroke]);
            }
            Some(_) => {}
            None => lines.push((look, x, format!("M{x} {stroke}"))),
        }
    };
    before.for_each(|y| add(String::from("scrubber__before"), y, "-4v3"));
    for mark in marks {
        let stroke = if mark.side == Side::Client { "0v10" } else { "5v7" };
        add(format!("scrubber__mark--{}", mark_kind(run, mark)), mark.y, stroke);
    }
    let lines = lines.into_iter().map(|(class, _, d)| html! { <path {class} {d} /> });
    html! {
        <svg class="scrubber__many" viewBox={format!("0 0 {LANE} 12")} preserveAspectRatio="none">
            { for lines }
        </svg>
    }
}

/// A fraction as a CSS percentage: `12.34%`.
fn percent(part: u64, whole: u64) -> String {
    let parts = u128::from(part) * 10_000 / u128::from(whole.max(1));
    format!("{}.{:02}%", parts / 100, parts % 100)
}
