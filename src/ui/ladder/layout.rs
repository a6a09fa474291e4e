//! The geometry of a whole ladder.

use super::bands::{Band, bands, stands_out};
use super::column::{self, Mark};
use super::flight::{Flight, flight};
use super::frame::{APART, BOTTOM, Frame};
use super::px::{Point, Px};
use super::{labels, words};
use crate::app::Run;
use crate::sim::{SegmentId, Side};

/// The geometry of every segment in a ladder.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The coordinate system.
    pub frame: Frame,
    /// The height of the picture.
    pub height: Px,
    /// The geometry of each arrow, in the order of the arrows.
    pub flights: Vec<Flight>,
    /// The bursts that are drawn as one.
    pub bands: Vec<Band>,
    /// Where the name of each outage is drawn, if it has room.
    pub outages: Vec<Option<Point>>,
    /// What is beside the lifelines.
    pub marks: Vec<Mark>,
    /// The times of the events, each with its height.
    pub times: Vec<(Px, String)>,
}

impl Layout {
    /// The layout of a run, with the bands that begin with these segments open.
    pub fn of(run: &Run, frame: Frame, open: &[SegmentId]) -> Self {
        let ladder = &run.ladder;
        let mut lowest: [Option<Px>; 2] = [None; 2];
        let mut flights = vec![];
        let (mut bands, members) = bands(run, &frame, open);
        for (arrow, member) in ladder.arrows.iter().zip(members) {
            let band = member.map(|(band, _)| &bands[band]);
            let is_first = member.is_none_or(|(_, place)| place == 0);
            let apart = band.filter(|_| !is_first).map_or(APART, Band::apart);
            let lowest = &mut lowest[arrow.from.index()];
            let natural = frame.y(arrow.y_from);
            let y = lowest.map_or(natural, |lowest| natural.max(lowest + apart));
            *lowest = Some(y);
            let is_bundled = band.is_some_and(|band| !band.is_open) && !stands_out(arrow);
            flights.push(Flight { is_bundled, ..flight(&frame, arrow, y - natural) });
        }
        let outages = labels::place(run, &frame, &mut flights, &mut bands);
        let ends = flights.iter().filter_map(|flight| flight.line.last());
        let lowest = ends.map(|end| end.y).max().unwrap_or_default();
        let height = lowest.max(frame.y(ladder.axis.end())) + BOTTOM;
        let marks = Side::BOTH.map(|side| column::marks(run, &frame, side)).concat();
        let times = times(run, &frame);
        Self { frame, height, flights, bands, outages, marks, times }
    }
}

/// The times of the events at the left edge, as far as they have room.
fn times(run: &Run, frame: &Frame) -> Vec<(Px, String)> {
    let mut times: Vec<(Px, String)> = vec![];
    let marks = run.ladder.marks.iter().filter(|_| !frame.compact);
    for mark in marks {
        let y = frame.y(mark.y);
        if times.last().is_none_or(|(last, _)| y >= *last + Px::new(24)) {
            times.push((y, words::event(mark.at)));
        }
    }
    times
}
