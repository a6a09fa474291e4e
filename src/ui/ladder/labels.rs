//! Where the words of each segment are drawn: the longest caption that meets no line, no fold and
//! no other words.

use super::bands::Band;
use super::flight::{Flight, Label, Tag};
use super::frame::Frame;
use super::px::{Point, Px, middle, part_way};
use super::shapes::Shape;
use super::words;
use crate::app::Run;
use crate::ladder::{Arrow, Caption, OutageBand};
use crate::locale;
use crate::sim::Side;

/// The distance between the lifeline and a label, in pixels.
pub const INSET: i32 = 14;
/// The top and bottom of a label below its line, and above it.
const BELOW: [i32; 2] = [5, 20];
const ABOVE: [i32; 2] = [-20, -4];
/// The most flights before and after one that can be near it.
const NEAR: usize = 90;

/// Places the words of all segments and bands. Returns the places of the outages' names.
pub fn place(
    run: &Run,
    frame: &Frame,
    flights: &mut [Flight],
    bands: &mut [Band],
) -> Vec<Option<Point>> {
    let mut fixed: Vec<Shape> = folds(run, frame);
    let outages = run.ladder.outages.iter();
    let outages = outages.map(|it| outage(it, frame, flights, &mut fixed)).collect();
    for band in bands.iter_mut() {
        band.place_name(flights, &fixed);
        fixed.extend(band.place.iter().map(|place| place.2.clone()));
    }
    let extents: Vec<_> = flights.iter().map(Flight::extent).collect();
    for index in 0..flights.len() {
        let arrow = &run.ladder.arrows[index];
        if flights[index].is_bundled {
            continue;
        }
        let (top, bottom) = extents[index];
        let near = index.saturating_sub(NEAR)..(index + NEAR).min(flights.len());
        let is_near = |other: &usize| {
            let (other_top, other_bottom) = extents[*other];
            other_top <= bottom + Px::new(24) && top - Px::new(24) <= other_bottom
        };
        let near: Vec<usize> = near.filter(is_near).collect();
        let mut words: Vec<Shape> = fixed.clone();
        for other in &near {
            words.extend(flights[*other].label.iter().map(|label| label.area.clone()));
            words.extend(flights[*other].tags.iter().map(|tag| tag.area.clone()));
        }
        let mut lines: Vec<Shape> = vec![];
        for other in near.iter().filter(|other| **other != index) {
            lines.append(&mut lines_of(&flights[*other]));
        }
        let tags = tags(arrow, &flights[index], &words, &lines);
        words.extend(tags.iter().map(|tag| tag.area.clone()));
        words.append(&mut lines);
        words.append(&mut branches(&flights[index]));
        let segment = &run.timeline.trace().segments[arrow.segment].segment;
        let label =
            label(&Caption::forms(arrow, segment), frame, arrow.from, &flights[index], &words);
        let flight = &mut flights[index];
        (flight.tags, flight.label) = (tags, label);
    }
    outages
}

/// The most places that are tried for the name of an outage.
const TRIES: i32 = 40;

/// The first place for the name of an outage that meets no line and nothing `fixed`.
fn outage(
    band: &OutageBand,
    frame: &Frame,
    flights: &[Flight],
    fixed: &mut Vec<Shape>,
) -> Option<Point> {
    let (top, bottom) = (frame.y(band.y_from), frame.y(band.y_to));
    let [left, right] = outage_sides(band, frame);
    // Room for the longest word that any language has for it.
    let width = Px::new(words::text_width(&band.label("Outage")) + 24);
    let mut taken = fixed.clone();
    // The plate with the present time passes along the left edge.
    let clock = Px::new(frame.clock_width());
    let center = Point { x: clock / 2, y: (top + bottom) / 2 };
    taken.push(Shape::around(center, clock, bottom - top));
    for flight in flights {
        let (from, to) = flight.extent();
        if from <= bottom && top <= to {
            taken.append(&mut lines_of(flight));
        }
    }
    for row in 0..TRIES {
        let y = top + Px::new(13 + 9 * row);
        if y + Px::new(12) > bottom {
            break;
        }
        for percent in [50, 75, 25] {
            let place = Point { x: left + (right - left).ratio(percent, 100), y };
            let area = Shape::around(place, width, Px::new(20));
            if !taken.iter().any(|other| other.meets(&area)) {
                fixed.push(area);
                return Some(place);
            }
        }
    }
    None
}

/// The left and the right edge of an outage: of the half of the host whose segments are lost.
pub fn outage_sides(band: &OutageBand, frame: &Frame) -> [Px; 2] {
    let [left, right] = Side::BOTH.map(|side| frame.x(side));
    let middle = (left + right) / 2;
    match band.outage.of {
        None => [left, right],
        Some(Side::Client) => [left, middle],
        Some(Side::Server) => [middle, right],
    }
}

/// The plates of the folded gaps.
fn folds(run: &Run, frame: &Frame) -> Vec<Shape> {
    let folds = run.ladder.axis.folds.iter().map(|fold| {
        let y = (frame.y(fold.y_from) + frame.y(fold.y_to)) / 2;
        let width = words::text_width(&locale::span(fold.length())) + 40;
        Shape::around(Point { x: frame.width / 2, y }, Px::new(width), Px::new(26))
    });
    folds.collect()
}

/// All lines of a flight.
fn lines_of(flight: &Flight) -> Vec<Shape> {
    let mut lines = branches(flight);
    if let [from, to, ..] = flight.line[..] {
        lines.push(Shape::line(from, to));
    }
    lines
}

/// The lines of a flight beside its own: of its copy, and where it was due.
fn branches(flight: &Flight) -> Vec<Shape> {
    let mut branches = vec![];
    for [from, to] in [flight.copy, flight.due].into_iter().flatten() {
        branches.push(Shape::line(from, to));
    }
    for leg in flight.line.windows(2).skip(1) {
        branches.push(Shape::line(leg[0], leg[1]));
    }
    branches
}

/// The longest caption that has room, below the line if possible, at the sender's end: there it is
/// clear of the segment that it answers and of the answers to it.
fn label(
    forms: &[Caption],
    frame: &Frame,
    from: Side,
    flight: &Flight,
    obstacles: &[Shape],
) -> Option<Label> {
    let [start, next, ..] = flight.line[..] else { return None };
    let room = flight.line.last().map_or(0, |end| (end.x - start.x).whole().abs());
    let room = room.min(frame.span().whole()) - 12;
    let towards = if from == Side::Client { (start, next) } else { (next, start) };
    let try_form = |words: &Caption, (is_above, across): (bool, [i32; 2])| {
        let reach = INSET + words::label_width(words);
        let x = match from {
            Side::Client => [INSET, reach],
            Side::Server => [-reach, -INSET],
        };
        let area = Shape::along(start, towards, x.map(Px::new), across.map(Px::new));
        let is_free = reach <= room && !obstacles.iter().any(|other| other.meets(&area));
        is_free.then(|| Label { words: words.clone(), is_above, reach, area })
    };
    let below = (false, BELOW);
    let above = (true, ABOVE);
    let (long, short) = forms.split_at(3);
    let tries = [(long, below), (long, above), (short, below), (short, above)];
    tries.into_iter().find_map(|(forms, place)| forms.iter().find_map(|form| try_form(form, place)))
}

/// The plates for the effects on a segment: its delay, its copy.
fn tags(arrow: &Arrow, flight: &Flight, words: &[Shape], lines: &[Shape]) -> Vec<Tag> {
    let mut tags: Vec<Tag> = vec![];
    let mut put = |text: String, line: [Point; 2]| {
        let width = Px::new(words::text_width(&text) + 12);
        let spot = |percent: i64| {
            let at = part_way(line[0], line[1], percent);
            Tag { text: text.clone(), at, area: Shape::around(at, width, Px::new(20)) }
        };
        let spots = [50, 65, 35, 75, 25].map(spot);
        let meets = |tag: &Tag, shapes: &[Shape]| shapes.iter().any(|other| other.meets(&tag.area));
        let own: Vec<Shape> = tags.iter().map(|tag| tag.area.clone()).collect();
        let is_clear = |tag: &&Tag| !meets(tag, words) && !meets(tag, &own);
        let best = spots.iter().find(|tag| is_clear(tag) && !meets(tag, lines));
        tags.extend(best.or_else(|| spots.iter().find(is_clear)).cloned());
    };
    if let Some((due, _)) = arrow.due.filter(|_| arrow.lost.is_none()) {
        let [start, .., end] = flight.line[..] else { return tags };
        // Beside the line rather than on it, so that the token does not cover the plate.
        let line = flight.due.unwrap_or([middle(start, end), end]);
        put(words::lateness(due, arrow.ends_at), line);
    }
    if let Some(line) = flight.copy {
        put("×2".to_owned(), line);
    }
    tags
}
