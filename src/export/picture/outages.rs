//! The outages of a picture: a band across it for the time during which nothing passes.

use core::fmt::Write as _;

use super::Picture;
use super::geometry::{Area, Px};
use super::text::escape;
use crate::ladder::OutageBand;
use crate::sim::Side;

impl Picture<'_> {
    /// The bands that have begun by the end of the picture, behind everything else.
    pub(super) fn outages(&mut self) {
        let ladder = self.scene.ladder;
        for band in ladder.outages.iter().filter(|band| band.y_from <= self.scene.end) {
            let [left, right] = self.outage_sides(band);
            let (from, to) = (self.scene.y(band.y_from), self.scene.y(band.y_to));
            let class = self.appears("ls", band.y_from);
            let _ = writeln!(
                self.ground,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill-opacity=\".12\" {class}/>",
                Px(left),
                Px(from),
                Px(right - left),
                Px((to - from).max(20))
            );
        }
    }

    /// Their names, each at the first place that is free.
    pub(super) fn outage_names(&mut self) {
        let ladder = self.scene.ladder;
        let word = self.catalog.text("ui.ladder.outage").to_owned();
        for band in ladder.outages.iter().filter(|band| band.y_from <= self.scene.end) {
            let [left, right] = self.outage_sides(band);
            let (from, to) = (self.scene.y(band.y_from), self.scene.y(band.y_to));
            let (words, note) = (band.label(&word), self.scene.measures.note);
            let (width, height) = (note.width(&words) + 80, note.size * 10 + 40);
            let rows = (0..60).map(|row| from + height / 2 + 20 + row * 40);
            let rows = rows.take_while(|y| *y + height / 2 <= to);
            let places = rows.flat_map(|y| {
                [2, 3, 1].map(|quarter| {
                    let x = left + (right - left) * quarter / 4;
                    (Area::upright(x - width / 2, y - height / 2, width, height), (x, y))
                })
            });
            let Some((x, y)) = self.taken.take(places) else { continue };
            let class = self.appears("o mi ls", band.y_from);
            let (x, y) = (Px(x), Px(y + note.size * 36 / 10));
            let words = escape(&words);
            let _ = writeln!(self.words, "<text x=\"{x}\" y=\"{y}\" {class}>{words}</text>");
        }
    }

    fn outage_sides(&self, band: &OutageBand) -> [i64; 2] {
        let [left, right] = Side::BOTH.map(|side| self.scene.measures.x(side));
        let middle = i64::midpoint(left, right);
        match band.outage.of {
            None => [left, right],
            Some(Side::Client) => [left, middle],
            Some(Side::Server) => [middle, right],
        }
    }
}
