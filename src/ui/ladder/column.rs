//! The marks beside a lifeline: states, calls, and timers that expired. None covers another.

use super::frame::Frame;
use super::px::Px;
use super::words;
use crate::app::Run;
use crate::ladder::{Interval, Moment};
use crate::locale;
use crate::sim::Side;
use crate::tcp::State;

/// What a mark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A timer expired.
    Expiry,
    /// An application made a call.
    Call,
    /// A state was entered.
    State(State),
}

/// A mark beside a lifeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which lifeline.
    pub side: Side,
    /// What it is about.
    pub subject: Subject,
    /// Its text.
    pub text: String,
    /// The step that it belongs to; `None` for the state at the start.
    pub step: Option<usize>,
    /// Where it belongs on the lifeline.
    pub event: Px,
    /// Its middle. Of a name along the lifeline: its top.
    pub y: Px,
    /// Its height; of a name along the lifeline: its length.
    pub height: Px,
    /// The lowest place for its bottom, if it is a name along the lifeline.
    pub lowest: Px,
}

/// The most pixels by which a mark may be moved from its event.
const FAR: i32 = 66;
/// The space that the present time takes above and below the now-line, in a compact ladder.
const PLATE: Px = Px::new(12);

/// The marks beside the lifeline of a host. A compact ladder has only the names of long states.
pub fn marks(run: &Run, frame: &Frame, side: Side) -> Vec<Mark> {
    let intervals = run.ladder.intervals.iter().filter(|interval| interval.side == side);
    if frame.compact {
        let last = intervals.clone().next_back();
        let is_last = |interval: &Interval| last == Some(interval);
        return intervals.filter_map(|it| along(frame, it, is_last(it))).collect();
    }
    let mut marks: Vec<Mark> = vec![];
    let mut put = |y: u64, subject: Subject, text: String, step: Option<usize>| {
        let mark = wanted(frame, y, subject, text, step, side);
        // At one event: what expired, the call, then the state that follows. All three are in the
        // order of time already, so that few move.
        let key = |mark: &Mark| (mark.event, mark.step, rank(mark.subject));
        let place = marks.partition_point(|other| key(other) <= key(&mark));
        marks.insert(place, mark);
    };
    for span in run.ladder.timers.iter().filter(|span| span.side == side && span.expired) {
        let length = locale::span(span.deadline.since(span.from));
        let text = format!("{} {length}", words::timer(span.timer));
        put(span.y_to, Subject::Expiry, text, span.steps.to);
    }
    for call in run.ladder.calls.iter().filter(|call| call.side == side) {
        put(call.y, Subject::Call, call.label(), Some(call.step));
    }
    for interval in intervals {
        let (state, name) = (Subject::State(interval.state), interval.state.name().to_owned());
        put(interval.y_from, state, name, interval.step);
    }
    arrange(&marks)
}

const fn rank(subject: Subject) -> u8 {
    match subject {
        Subject::Expiry => 0,
        Subject::Call => 1,
        Subject::State(_) => 2,
    }
}

fn wanted(
    frame: &Frame,
    y: u64,
    subject: Subject,
    text: String,
    step: Option<usize>,
    side: Side,
) -> Mark {
    let event = frame.y(y);
    let height = Px::new(if matches!(subject, Subject::State(_)) { 20 } else { 15 });
    Mark { side, subject, text, step, event, y: event, height, lowest: Px::new(0) }
}

/// Moves marks so that none covers another. Those before a state at one event are above it; each
/// moves down as far as it must, and is left out if that is too far.
fn arrange(marks: &[Mark]) -> Vec<Mark> {
    let mut placed: Vec<Mark> = vec![];
    let mut free = Px::new(0);
    for (index, mark) in marks.iter().enumerate() {
        let below = marks[index + 1..].iter().take_while(|other| other.event == mark.event);
        let lift: Px = below.fold(Px::new(0), |lift, other| lift + other.height + Px::new(1));
        let lift = if lift > Px::new(0) { lift - Px::new(2) } else { lift };
        let y = (mark.event - lift).max(free + mark.height / 2);
        if (y - mark.event).whole() > FAR {
            continue;
        }
        free = y + mark.height / 2 + Px::new(2);
        placed.push(Mark { y, ..mark.clone() });
    }
    placed
}

/// A name along the lifeline, if its state lasts long enough for it to fit.
fn along(frame: &Frame, interval: &Interval, is_last: bool) -> Option<Mark> {
    let (y, y_to) = (frame.y(interval.y_from), frame.y(interval.y_to));
    // The name of the last state may extend below the end of the run.
    let lowest = if is_last { y_to + Px::new(94) } else { y_to };
    let text = interval.state.name().to_owned();
    let height = Px::new(i32::try_from(text.len()).unwrap_or(12) * 74 / 10);
    let (top, lowest) = (y + Px::new(5), lowest - Px::new(2));
    (top + height <= lowest).then_some(Mark {
        side: interval.side,
        subject: Subject::State(interval.state),
        text,
        step: interval.step,
        event: y,
        y: top,
        height,
        lowest,
    })
}

/// The remaining time of a running timer, on a plate below the now-line.
pub struct Plate {
    /// Which lifeline.
    pub side: Side,
    /// Its text.
    pub text: String,
    /// Its top, below the now-line.
    pub y: Px,
}

/// The height of a [`Plate`].
pub const PLATE_HEIGHT: i32 = 17;

/// The plates of the timers that run at a moment, clear of the marks of the past.
pub fn plates(run: &Run, frame: &Frame, marks: &[Mark], now: Moment, line: Px) -> Vec<Plate> {
    let mut plates = vec![];
    for side in Side::BOTH {
        let mut free = line + Px::new(13);
        let is_past = |mark: &&Mark| mark.side == side && mark.step <= now.step;
        for span in run.running_timers(now, side) {
            for mark in marks.iter().filter(is_past).filter(|_| !frame.compact) {
                let (top, bottom) = (mark.y - mark.height / 2, mark.y + mark.height / 2);
                if top < free + Px::new(PLATE_HEIGHT) && free < bottom {
                    free = bottom + Px::new(2);
                }
            }
            let left = span.deadline.since(now.at);
            let text = if frame.compact {
                words::briefest(left)
            } else {
                format!("{} {}", words::timer(span.timer), words::brief(left))
            };
            plates.push(Plate { side, text, y: free - line });
            free = free + Px::new(PLATE_HEIGHT + 1);
        }
    }
    plates
}

/// Where each mark is drawn while the now-line is at `line`; `None` for one that is covered by the
/// present time or by a timer, or that belongs to a future that is hidden.
pub fn shown(
    marks: &[Mark],
    frame: &Frame,
    plates: &[Plate],
    (now, line): (Moment, Px),
    show_future: bool,
) -> Vec<Option<Px>> {
    let zone = |side: Side| {
        let bottoms = plates.iter().filter(|plate| plate.side == side);
        let lowest = bottoms.map(|plate| line + plate.y + Px::new(PLATE_HEIGHT + 2)).max();
        let has_time = frame.compact && side == Side::Client;
        let top = if has_time { line - PLATE } else { line + Px::new(11) };
        let bottom = lowest.or(has_time.then_some(line + PLATE))?;
        Some((top, bottom))
    };
    let zones = Side::BOTH.map(zone);
    let place = |mark: &Mark| {
        let is_future = mark.step > now.step;
        if is_future && !show_future {
            return None;
        }
        let zone = zones[mark.side.index()];
        if !frame.compact {
            let (top, bottom) = (mark.y - mark.height / 2, mark.y + mark.height / 2);
            let is_covered = zone.is_some_and(|zone| top < zone.1 && zone.0 < bottom);
            return (!(is_covered && is_future)).then_some(mark.y);
        }
        let Some((top, bottom)) = zone else { return Some(mark.y) };
        if mark.y + mark.height <= top || bottom <= mark.y {
            return Some(mark.y);
        }
        // Below the plates, if its state lasts that long.
        (bottom + mark.height <= mark.lowest).then_some(bottom)
    };
    marks.iter().map(place).collect()
}
