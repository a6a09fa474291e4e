//! The run before the last change, drawn beside the current one on the same time axis, and the
//! difference between the two in one line.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use tcp_handshake_html::html;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::app::compare::{Comparison, compare, differences};
use crate::app::{Action, Play, Playhead, Run};
use crate::ladder::SegmentKind;
use crate::locale::{self, Catalog};
use crate::time::Duration;
use crate::ui::browser::clock::{Clock, use_mover};
use crate::ui::ladder::{Ladder, brief};
use crate::ui::page::{Page, PageParts, Shared};

/// The properties of [`Before`].
#[derive(Properties, PartialEq)]
pub struct BeforeProps {
    /// The run before the last change.
    pub before: Shared<Run>,
    /// The current run.
    pub after: Shared<Run>,
    /// The clock of the current run.
    pub clock: Shared<Clock>,
    /// Whether the future of the runs is drawn, faintly.
    pub show_future: bool,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The distance in pixels of a swipe from one run to the other.
const SWIPE: i32 = 48;

/// The result, and the ladder of the run before.
#[component]
pub fn Before(props: &BeforeProps) -> Html {
    let BeforeProps { before, after, clock, show_future, page } = props;
    let catalog = &page.catalog;
    let own = Shared::from(use_memo((), |()| Clock::default()));
    let playhead = use_state_eq(|| at(before, clock.now()));
    use_mover(clock, {
        let (before, own, set) = (before.clone(), own.clone(), playhead.setter());
        Some(Box::new(move |now| {
            let there = at(&before, now.playhead);
            own.follow(there, now.is_drawn);
            set.set(event_of(&before, there));
        }))
    });
    let marks = Shared::from(use_memo((before.clone(), after.clone()), |(before, after)| {
        differences(before, after)
    }));
    let strip = use_node_ref();
    let shows_before = use_state_eq(|| false);
    use_player(&strip, *shows_before);
    use_swipe(&strip, &shows_before);
    let result = sentence(&compare(before, after), catalog);
    let tab = |key: &str, is_before: bool| {
        let shows_before = shows_before.clone();
        let is_shown = *shows_before == is_before;
        let onclick = Callback::from(move |_: MouseEvent| shows_before.set(is_before));
        html! {
            <button type="button" class="compare__tab" {onclick}
                aria-pressed={if is_shown { "true" } else { "false" }}>
                { catalog.text(key).to_owned() }
            </button>
        }
    };
    html! { <>
        <div class="compare" ref={strip} role="group"
            aria-label={catalog.text("ui.compare.title").to_owned()}>
            { tab("ui.compare.before", true) }
            <p class="compare__result" role="status">{ result }</p>
            { tab("ui.compare.after", false) }
        </div>
        // Nothing in it can be changed: it is past.
        <div class="compare__before" inert="">
            <Ladder run={before} ghost={None} guess={None} clock={own} playhead={*playhead}
                selected={None} show_future={*show_future} differences={Some(marks)}
                page={quiet(page)} />
        </div>
    </> }
}

/// The playhead of the other run at the same instant. Before the first step it is so in both.
fn at(run: &Run, now: Playhead) -> Playhead {
    let step = now.step.and_then(|_| run.timeline.trace().step_at(now.at));
    Playhead { step, ..now }
}

/// The last instant at which something changed that must be drawn anew; in between only the clock
/// moves.
fn event_of(run: &Run, now: Playhead) -> Playhead {
    let trace = run.timeline.trace();
    let stepped = now.step.and_then(|step| trace.steps.get(step)).map(|step| step.at);
    let ends = run.ladder.arrows.iter().flat_map(|arrow| [arrow.sent_at, arrow.ends_at]);
    let last = ends.chain(stepped).filter(|at| *at <= now.at).max().unwrap_or_default();
    Playhead { y: run.ladder.axis.y(last), at: last, step: now.step }
}

/// The page's shared values, with a dispatcher that lets nothing but the time pass.
fn quiet(page: &Page) -> Page {
    let dispatch = page.dispatch.clone();
    let dispatch = Callback::from(move |action: Action| {
        if matches!(action, Action::Play(Play::SeekY(_))) {
            dispatch.emit(action);
        }
    });
    Shared::new(PageParts {
        catalog: page.catalog.clone(),
        extent: page.extent,
        want_all: page.want_all.clone(),
        load_again: page.load_again.clone(),
        lang: page.lang.clone(),
        dispatch,
    })
}

/// The result in one line: `+1.00 s, 1 more SYN, same end`.
fn sentence(found: &Comparison, catalog: &Catalog) -> String {
    let length = Duration::from_micros(found.longer.unsigned_abs());
    let mut parts = vec![match found.longer {
        0 => catalog.text("ui.compare.same-length").to_owned(),
        1.. => format!("+{}", brief(length)),
        _ => format!("−{}", brief(length)),
    }];
    parts.extend(found.more.iter().map(|(kind, more)| {
        let key = if *more > 0 { "ui.compare.more" } else { "ui.compare.fewer" };
        let (count, kind) = (locale::number(more.unsigned_abs()), name(*kind));
        catalog.format(key, &[("count", &count), ("kind", &kind)])
    }));
    parts.push(match found.other_end {
        None => catalog.text("ui.compare.same-end").to_owned(),
        Some([client, server]) => {
            let (client, server) = (client.name(), server.name());
            catalog.format("ui.compare.other-end", &[("client", &client), ("server", &server)])
        }
    });
    parts.join(", ")
}

const fn name(kind: SegmentKind) -> &'static str {
    match kind {
        SegmentKind::Syn => "SYN",
        SegmentKind::Fin => "FIN",
        SegmentKind::Rst => "RST",
        SegmentKind::Data => "DATA",
        SegmentKind::Ack => "ACK",
    }
}

fn player_of(strip: &NodeRef) -> Option<Element> {
    strip.cast::<Element>()?.closest(".player").ok().flatten()
}

/// Tells the player that two runs are shown, and which of them where there is room for one; and
/// scrolls both ladders together.
#[hook]
fn use_player(strip: &NodeRef, shows_before: bool) {
    let strip = strip.clone();
    {
        let strip = strip.clone();
        use_effect_with(shows_before, move |shows_before| {
            if let Some(player) = player_of(&strip) {
                let shown = if *shows_before { "before" } else { "after" };
                // The attribute's name is valid, so it can be set.
                let _ = player.set_attribute("data-shown", shown);
            }
        });
    }
    use_effect_with((), move |()| {
        let player = player_of(&strip);
        let find = |selector| player.as_ref()?.query_selector(selector).ok().flatten();
        let main = find(".player > .ladder .ladder__scroller");
        let before = find(".compare__before .ladder__scroller");
        let listener = main.zip(before).map(|(main, before)| {
            before.set_scroll_top(main.scroll_top());
            EventListener::new(&main.clone(), "scroll", move |_| {
                before.set_scroll_top(main.scroll_top());
            })
        });
        move || {
            drop(listener);
            if let Some(player) = player {
                let _ = player.remove_attribute("data-shown");
            }
        }
    });
}

/// Changes the run by a swipe to the side, except on a segment in flight, which can be dragged.
#[hook]
fn use_swipe(strip: &NodeRef, shows_before: &UseStateHandle<bool>) {
    let (strip, set) = (strip.clone(), shows_before.setter());
    use_effect_with((), move |()| {
        let start = Rc::new(Cell::new(None::<(i32, i32)>));
        let point = |event: &Event| {
            let event = event.dyn_ref::<PointerEvent>()?;
            let is_touch = event.pointer_type() == "touch" && event.is_primary();
            is_touch.then(|| (event.client_x(), event.client_y()))
        };
        let listeners = player_of(&strip).map(|player| {
            let down = {
                let start = Rc::clone(&start);
                EventListener::new(&player, "pointerdown", move |event| {
                    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
                    let is_in = |place| {
                        let found = target.as_ref().map(|it| it.closest(place).ok().flatten());
                        found.flatten().is_some()
                    };
                    let is_free = is_in(".ladder") && !is_in("[data-token]");
                    start.set(point(event).filter(|_| is_free));
                })
            };
            let up = EventListener::new(&player, "pointerup", move |event| {
                let Some(((x, y), (to_x, to_y))) = start.take().zip(point(event)) else { return };
                let (dx, dy) = (to_x - x, to_y - y);
                if dx.abs() > SWIPE && dx.abs() > 2 * dy.abs() {
                    set.set(dx > 0);
                }
            });
            (down, up)
        });
        move || drop(listeners)
    });
}
