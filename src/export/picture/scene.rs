//! Where everything in a picture is: its measures, its time axis, and the lines of its segments.

use super::geometry::{Point, Tenths};
use super::text::Type;
use crate::export::options::{Options, Width};
use crate::ladder::{Arrow, Ladder, WIDTH, bursts};
use crate::sim::{Side, Timeline};

/// The space for a chapter's caption above its first event.
const ROW: Tenths = 360;
/// The least distance between parallel segments of one host.
const APART: Tenths = 210;
/// The height of a band at its sender, which has room for its label.
const HIGH: Tenths = 320;
/// The least number of segments that are drawn as one band.
const BAND: usize = 4;

/// The measures of a picture. All but the types are in tenths of a pixel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measures {
    pub(super) width: Tenths,
    /// The distance of a lifeline from the edge.
    pub(super) margin: Tenths,
    /// The height of a round trip.
    pub(super) round_trip: Tenths,
    /// The distance between a lifeline and what is written beside it.
    pub(super) beside: Tenths,
    pub(super) chip_height: Tenths,
    pub(super) title: Type,
    pub(super) question: Type,
    pub(super) host: Type,
    pub(super) label: Type,
    pub(super) chip: Type,
    pub(super) note: Type,
}

const WIDE: Measures = Measures {
    width: 6_400,
    margin: 1_340,
    round_trip: 1_040,
    beside: 150,
    chip_height: 200,
    title: Type::bold(18),
    question: Type::new(14),
    host: Type::bold(14),
    label: Type::new(13),
    chip: Type::bold(11),
    note: Type::new(12),
};

const NARROW: Measures = Measures {
    width: 3_600,
    margin: 1_015,
    round_trip: 1_100,
    beside: 110,
    chip_height: 180,
    title: Type::bold(17),
    question: Type::new(13),
    host: Type::bold(13),
    label: Type::new(12),
    chip: Type::bold(10),
    note: Type::new(11),
};

impl Measures {
    pub(super) const fn of(width: Width) -> Self {
        match width {
            Width::Page => WIDE,
            Width::Phone => NARROW,
        }
    }

    /// The x-coordinate of a lifeline.
    pub(super) const fn x(&self, side: Side) -> Tenths {
        match side {
            Side::Client => self.margin,
            Side::Server => self.width - self.margin,
        }
    }

    /// The distance between the lifelines.
    pub(super) const fn span(&self) -> Tenths {
        self.width - 2 * self.margin
    }
}

/// The direction away from the middle.
pub(super) const fn outward(side: Side) -> i64 {
    match side {
        Side::Client => -1,
        Side::Server => 1,
    }
}

/// The line of one segment.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    /// From its departure to its arrival or loss, with a bend where a delay begins.
    pub(super) line: Vec<Point>,
    /// When it is at each point of the line, in presentation time.
    pub(super) times: Vec<u64>,
    /// The line that a delayed segment would have followed after its bend.
    pub(super) due: Option<[Point; 2]>,
    /// The line of its copy, and when that arrives.
    pub(super) copy: Option<([Point; 2], u64)>,
}

/// The geometry of a picture.
pub(super) struct Scene<'a> {
    pub(super) ladder: &'a Ladder,
    pub(super) measures: Measures,
    /// The chapters with a caption.
    pub(super) chapters: Vec<(u64, &'static str)>,
    /// The flights of the segments that are shown.
    pub(super) flights: Vec<Flight>,
    /// The segments that are drawn as bands, by index.
    pub(super) bands: Vec<Vec<usize>>,
    /// Where the picture ends, in presentation time.
    pub(super) end: u64,
    /// Presentation time per round trip.
    unit: u64,
    /// The y-coordinate of the start.
    top: Tenths,
}

impl<'a> Scene<'a> {
    /// The scene of the first `most` segments, below the `top`.
    pub(super) fn of(
        ladder: &'a Ladder,
        timeline: &Timeline,
        options: &Options,
        top: Tenths,
        most: usize,
    ) -> Self {
        let measures = Measures::of(options.width);
        let unit = timeline.scenario().network.delay.as_micros().saturating_mul(2).max(1_000);
        let first_left_out = ladder.arrows.get(most).map(|arrow| arrow.y_from);
        let end = first_left_out.unwrap_or_else(|| ladder.axis.end());
        let mut scene = Self {
            ladder,
            measures,
            chapters: if options.no_captions { vec![] } else { chapters(ladder, end) },
            flights: vec![],
            bands: vec![],
            end,
            unit,
            top,
        };
        scene.place(most.min(ladder.arrows.len()));
        scene
    }

    /// The y-coordinate of a presentation time.
    pub(super) fn y(&self, y: u64) -> Tenths {
        let y = y.min(self.end);
        let rows = self.chapters.iter().filter(|(start, _)| *start <= y).count();
        let rows = i64::try_from(rows).unwrap_or(0);
        let height = scale(y, self.measures.round_trip.unsigned_abs(), self.unit);
        self.top + i64::try_from(height).unwrap_or(0) + rows * ROW
    }

    /// The middle of a chapter's caption.
    pub(super) fn caption_y(&self, start: u64) -> Tenths {
        self.y(start) - ROW + 40
    }

    /// Places the lines of the first segments. One that leaves right after another of its host is
    /// lowered, so that their lines do not run into each other.
    fn place(&mut self, count: usize) {
        let arrows = &self.ladder.arrows[..count];
        let apart = scale(self.unit, APART.unsigned_abs(), self.measures.round_trip.unsigned_abs());
        let is_plain =
            |arrow: &Arrow| arrow.lost.is_none() && arrow.copy.is_none() && arrow.due.is_none();
        let is_band = |burst: &Vec<usize>| {
            burst.len() >= BAND && burst.iter().all(|index| is_plain(&arrows[*index]))
        };
        self.bands = bursts(arrows, apart).into_iter().filter(is_band).collect();
        let mut lowest = [Tenths::MIN; 2];
        for (index, arrow) in arrows.iter().enumerate() {
            let place = |band: &Vec<usize>| {
                band.iter().position(|it| *it == index).map(|at| (at, band.len()))
            };
            let inside = self.bands.iter().find_map(place);
            let apart = match inside {
                Some((at, count)) if at > 0 => HIGH / i64::try_from(count - 1).unwrap_or(1),
                _ => APART,
            };
            let natural = self.y(arrow.y_from);
            let y = natural.max(lowest[arrow.from.index()].saturating_add(apart));
            lowest[arrow.from.index()] = y;
            self.flights.push(self.flight(arrow, y - natural));
        }
    }

    fn flight(&self, arrow: &Arrow, lowered: Tenths) -> Flight {
        let x = |reach: u32| {
            let distance = self.measures.span() * i64::from(reach) / i64::from(WIDTH);
            self.measures.x(arrow.from) - distance * outward(arrow.from)
        };
        let departs = self.y(arrow.y_from);
        let start = Point::new(x(0), departs + lowered);
        let landing = |at: u64| {
            let y = self.y(at);
            Point::new(x(WIDTH), y + (lowered - (y - departs) / 2).max(0))
        };
        let end = Point::new(x(arrow.reach), landing(arrow.y_to).y);
        let copy = arrow.copy.map(|(_, at)| ([start, landing(at)], at));
        match arrow.due {
            // A delayed segment follows its usual line half-way, and bends there.
            Some((_, due)) if arrow.lost.is_none() && due < arrow.y_to => {
                let landing = landing(due);
                let bend = start.toward(landing, 1, 2);
                let times = vec![arrow.y_from, u64::midpoint(arrow.y_from, due), arrow.y_to];
                Flight { line: vec![start, bend, end], times, due: Some([bend, landing]), copy }
            }
            _ => Flight {
                line: vec![start, end],
                times: vec![arrow.y_from, arrow.y_to],
                due: None,
                copy,
            },
        }
    }

    /// The lowest point of a line.
    pub(super) fn lowest(&self) -> Tenths {
        let ends = self.flights.iter().flat_map(|flight| {
            flight.line.iter().chain(flight.copy.iter().flat_map(|(line, _)| line)).map(|it| it.y)
        });
        ends.chain([self.y(self.end)]).max().unwrap_or(self.top)
    }
}

/// The chapters that get a caption: those whose beginning the state chips do not already name. A
/// picture of one chapter needs none.
fn chapters(ladder: &Ladder, end: u64) -> Vec<(u64, &'static str)> {
    let is_named = |id: &str| ["open", "data", "close", "reset", "gave-up"].contains(&id);
    let chapters = ladder.chapters.iter().filter(|it| is_named(it.id) && it.y <= end);
    let chapters: Vec<_> = chapters.map(|it| (it.y, it.id)).collect();
    if chapters.len() > 1 { chapters } else { vec![] }
}

/// `value` times `numerator` over `denominator`, without overflow.
pub(super) fn scale(value: u64, numerator: u64, denominator: u64) -> u64 {
    let scaled = u128::from(value) * u128::from(numerator) / u128::from(denominator.max(1));
    u64::try_from(scaled).unwrap_or(u64::MAX)
}
