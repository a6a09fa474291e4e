//! The state diagram: every arrow of Figure 5 once, no overlaps, and the path of both hosts through
//! it.

use tcp_handshake::app::Run;
use tcp_handshake::app::path::{Path, moves};
use tcp_handshake::diagram::{
    self, Anchor, BOX_HEIGHT, BOXES, HEIGHT, Label, Point, Route, StateBox, WIDTH,
};
use tcp_handshake::link::Link;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::Side;
use tcp_handshake::tcp::State;
use tcp_handshake::tcp::state::{EDGES, Edge, Trigger};

/// A rectangle: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
struct Area(i32, i32, i32, i32);

impl Area {
    fn overlaps(self, other: Self) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    fn is_on_canvas(self) -> bool {
        self.0 >= 0 && self.1 >= 0 && self.2 <= WIDTH && self.3 <= HEIGHT
    }
}

fn area(it: &StateBox) -> Area {
    Area(it.x, it.y, it.x + it.width, it.y + BOX_HEIGHT)
}

/// The areas of a label's lines: a letter is about 5.5 wide.
fn label_areas(route: &Route) -> Vec<Area> {
    let Label { at, anchor, leading, .. } = route.label;
    let mut areas = vec![];
    for (index, line) in route.lines.iter().enumerate() {
        let width = i32::try_from(line.len()).unwrap() * 11 / 2;
        let left = match anchor {
            Anchor::Start => at.x,
            Anchor::Middle => at.x - width / 2,
            Anchor::End => at.x - width,
        };
        let base = at.y + leading * i32::try_from(index).unwrap();
        areas.push(Area(left, base - 8, left + width, base + 2));
    }
    areas
}

/// The straight parts of an arrow as thin rectangles.
fn strokes(route: &Route) -> Vec<Area> {
    let points: Vec<Point> = route.points().collect();
    let stroke = |pair: &[Point]| {
        let ([x0, x1], [y0, y1]) = ([pair[0].x, pair[1].x], [pair[0].y, pair[1].y]);
        Area(x0.min(x1), y0.min(y1), x0.max(x1) + 1, y0.max(y1) + 1)
    };
    points.windows(2).map(stroke).collect()
}

/// An arrow as text, for messages.
fn name(edge: Edge) -> String {
    format!("{} -> {} on {:?}", edge.from, edge.to, edge.on)
}

#[test]
fn every_state_has_one_box_and_closed_has_two_as_in_figure_5() {
    for state in State::ALL {
        let count = BOXES.iter().filter(|it| it.state == state).count();
        assert_eq!(count, if state == State::Closed { 2 } else { 1 }, "{state}");
    }
}

#[test]
fn boxes_are_on_the_canvas_and_do_not_overlap() {
    for (index, one) in BOXES.iter().enumerate() {
        assert!(area(one).is_on_canvas(), "{}", one.state);
        for other in &BOXES[index + 1..] {
            assert!(!area(one).overlaps(area(other)), "{} and {}", one.state, other.state);
        }
    }
}

#[test]
fn every_arrow_of_figure_5_is_drawn_once() {
    let figure = diagram::figure();
    let wanted: Vec<&Edge> = EDGES.iter().filter(|edge| edge.in_figure).collect();
    let drawn: Vec<&Edge> = figure.iter().map(|route| route.edge).collect();
    assert_eq!(drawn, wanted);
    for (index, one) in figure.iter().enumerate() {
        for other in &figure[index + 1..] {
            assert_ne!(one.corners, other.corners, "{}", name(*one.edge));
        }
    }
}

#[test]
fn every_legal_change_of_state_has_an_arrow() {
    for edge in EDGES {
        let route = diagram::route(edge).unwrap_or_else(|| panic!("{}", name(*edge)));
        let name = name(*edge);
        assert_eq!(BOXES[route.target].state, edge.to, "{name}");
        let first = route.points().next().unwrap();
        let starts = BOXES.iter().any(|it| it.state == edge.from && it.has_on_border(first));
        assert!(starts, "{name} starts elsewhere");
        let points: Vec<Point> = route.points().collect();
        for pair in points.windows(2) {
            assert!((pair[0].x == pair[1].x) != (pair[0].y == pair[1].y), "{name} is slanted");
        }
    }
}

#[test]
fn no_arrow_runs_through_a_box() {
    for edge in EDGES {
        let route = diagram::route(edge).unwrap();
        for stroke in strokes(&route) {
            for it in &BOXES {
                let Area(left, top, right, bottom) = area(it);
                let inside = Area(left + 1, top + 1, right, bottom);
                assert!(!stroke.overlaps(inside), "{} runs through {}", name(*edge), it.state);
            }
        }
    }
}

#[test]
fn labels_overlap_nothing() {
    let figure = diagram::figure();
    for edge in EDGES {
        let route = diagram::route(edge).unwrap();
        for area in label_areas(&route) {
            assert!(area.is_on_canvas(), "{} {area:?}", name(*edge));
        }
    }
    for route in &figure {
        let name = name(*route.edge);
        assert!(!route.lines.is_empty(), "{name} has no words");
        for label in label_areas(route) {
            for it in &BOXES {
                assert!(!label.overlaps(area(it)), "{name}'s words stand on {}", it.state);
            }
            for other in figure.iter().filter(|other| other.edge != route.edge) {
                let on_words = label_areas(other).into_iter().any(|area| area.overlaps(label));
                let on_line = strokes(other).into_iter().any(|area| area.overlaps(label));
                assert!(!on_words, "{name}'s words stand on those of {}", self::name(*other.edge));
                assert!(!on_line, "{name}'s words stand on {}", self::name(*other.edge));
            }
        }
    }
}

#[test]
fn heads_point_into_their_boxes() {
    let figure = diagram::figure();
    let listen = figure.iter().find(|it| it.edge.on == Trigger::PassiveOpen).unwrap();
    assert_eq!(listen.path(), "M130 46L130 86");
    assert_eq!(listen.head(), "M130 92L134 85L126 85Z");
    assert_eq!(listen.along(11), Point { x: 130, y: 57 });
    let send = figure.iter().find(|it| it.edge.on == Trigger::Send).unwrap();
    assert_eq!(send.path(), "M178 106L203 106Q210 106 210 113L210 164");
    assert_eq!(send.along(42), Point { x: 210, y: 116 });
}

fn run(link: &str) -> Run {
    Run::of(&Link::parse("", link).0, false)
}

#[test]
fn every_change_in_every_lesson_takes_an_arrow() {
    for lesson in LESSONS {
        let run = run(&format!("scenario={}", lesson.id));
        let trace = run.timeline.trace();
        for change in moves(trace, trace.steps.len().checked_sub(1)) {
            let Some(rule) = change.rule else { continue };
            let edge = change.edge.unwrap_or_else(|| panic!("{}: {change:?}", lesson.id));
            assert_eq!((edge.from, edge.to), (change.from, change.to));
            let trigger = tcp_handshake::app::path::trigger_of(rule);
            assert_eq!(Some(edge.on), trigger, "{}: {rule:?}", lesson.id);
        }
    }
}

#[test]
fn a_normal_run_leads_from_the_first_closed_to_the_last() {
    let run = run("scenario=normal");
    let before = Path::of(&run, None);
    assert_eq!((before.moves.len(), before.places), (0, [0, 0]));
    let last = run.timeline.trace().steps.len() - 1;
    let path = Path::of(&run, Some(last));
    assert_eq!(path.places, [BOXES.len() - 1; 2]);
    let states = |side| {
        let moves = path.moves.iter().filter(|it| it.side == side);
        moves.map(|it| it.to.name()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(states(Side::Client), "SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT CLOSED");
    assert_eq!(states(Side::Server), "LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED");
    assert!(path.beyond_figure().is_empty());
    assert_eq!(path.last().len(), 1);
    assert_eq!(path.last()[0].edge.map(|it| it.on), Some(Trigger::TimeWaitTimeout));
}

#[test]
fn two_hosts_on_one_arrow_are_distinguished() {
    let run = run("scenario=simultaneous-open");
    let last = run.timeline.trace().steps.len() - 1;
    let path = Path::of(&run, Some(last));
    let edge = EDGES
        .iter()
        .find(|it| (it.from, it.to, it.on) == (State::SynSent, State::SynReceived, Trigger::Syn))
        .unwrap();
    let taken = path.taken(&[edge]);
    assert_eq!(taken.len(), 2);
    assert_ne!(taken[0].side, taken[1].side);
}

#[test]
fn a_reset_leaves_the_figure() {
    let run = run("scenario=refused");
    let last = run.timeline.trace().steps.len() - 1;
    let path = Path::of(&run, Some(last));
    let beyond = path.beyond_figure();
    assert_eq!(beyond.len(), 1, "{beyond:?}");
    assert_eq!((beyond[0][0].from, beyond[0][0].on), (State::SynSent, Trigger::Rst));
    assert_eq!(path.state(Side::Client), State::Closed);
}

#[test]
fn two_ways_out_of_one_state_are_drawn_as_one() {
    let run = run("scenario=abort");
    let last = run.timeline.trace().steps.len() - 1;
    let beyond = Path::of(&run, Some(last)).beyond_figure();
    assert_eq!(beyond.len(), 1, "{beyond:?}");
    let triggers: Vec<Trigger> = beyond[0].iter().map(|edge| edge.on).collect();
    assert_eq!(triggers, [Trigger::Abort, Trigger::Rst]);
}

#[test]
fn a_crash_leads_back_to_the_first_closed_without_an_arrow() {
    let run = run("scenario=half-open");
    let last = run.timeline.trace().steps.len() - 1;
    let path = Path::of(&run, Some(last));
    let crash = path.moves.iter().find(|it| it.rule.is_none()).expect("a host crashes");
    assert_eq!((crash.edge, crash.to), (None, State::Closed));
    let then = Path::of(&run, Some(crash.step));
    assert_eq!(then.places[crash.side.index()], 0);
}
