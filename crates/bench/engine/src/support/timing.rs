//! Rows of times, measured repeatedly and alternating with the peer.

use std::hint::black_box;

use serde_json::{Value, json};
use web_time::Instant;

use crate::support::report::row;

/// The number of measurements; the table shows their median and spread.
const RUNS: usize = 9;
/// A measurement is the best of this many slices: other programs can only make a slice slower.
const SLICES: usize = 6;
/// The least duration of a slice, in seconds: shorter than the time slices of a busy machine.
const LEAST: f64 = 0.002;

/// Something to measure: a function that does its work a given number of times.
pub struct Contender<'a> {
    work: Box<dyn FnMut(u32) + 'a>,
    /// The units in one piece of work, such as the events of a run.
    units: u32,
    times: u32,
    /// Nanoseconds for a unit, for each measurement.
    pub samples: Vec<f64>,
}

impl<'a> Contender<'a> {
    pub fn new<R>(units: u32, mut work: impl FnMut(u32) -> R + 'a) -> Self {
        let work = Box::new(move |index| {
            black_box(work(index));
        });
        Self { work, units, times: 1, samples: vec![] }
    }

    fn run(&mut self) -> f64 {
        let start = Instant::now();
        for index in 0..self.times {
            (self.work)(index);
        }
        start.elapsed().as_secs_f64()
    }

    /// Finds how often the work must be repeated for a slice to be long enough.
    fn calibrate(&mut self) {
        while self.run() < LEAST {
            self.times *= 2;
        }
    }

    /// Nanoseconds for a unit, in one slice.
    fn slice(&mut self) -> f64 {
        self.run() * 1e9 / f64::from(self.times) / f64::from(self.units)
    }

    /// Nanoseconds for a unit: the median.
    pub fn nanos(&self) -> f64 {
        median(&self.samples)
    }
}

/// Measures the contenders in turn, slice by slice, so that a disturbance affects all of them.
pub fn interleave(contenders: &mut [Contender]) {
    for contender in &mut *contenders {
        contender.calibrate();
    }
    for _ in 0..RUNS {
        let mut best = vec![f64::MAX; contenders.len()];
        for _ in 0..SLICES {
            for (contender, best) in contenders.iter_mut().zip(&mut best) {
                *best = best.min(contender.slice());
            }
        }
        for (contender, best) in contenders.iter_mut().zip(best) {
            contender.samples.push(best);
        }
    }
}

fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// The row of a time compared with a peer's. The ratio is the median over pairs of measurements.
pub fn against_peer(what: &str, ours: &Contender, peer: &Contender, goal: f64) -> Value {
    let ratios: Vec<f64> = peer.samples.iter().zip(&ours.samples).map(|(p, o)| p / o).collect();
    let mut row = row(what, "ns", ours.nanos(), Some(peer.nanos()), Some(goal));
    row["ratio"] = json!(median(&ratios));
    row["spread"] = json!(spread(&ratios));
    row
}

/// The row of a time compared with a limit.
pub fn against_limit(what: &str, ours: &Contender, limit: Option<f64>) -> Value {
    let mut row = row(what, "ns", ours.nanos(), limit, limit.map(|_| 1.0));
    row["spread"] = json!(spread(&ours.samples));
    row
}

/// The lowest and the highest sample, relative to the median.
fn spread(samples: &[f64]) -> [f64; 2] {
    let middle = median(samples);
    let low = samples.iter().copied().fold(f64::MAX, f64::min);
    let high = samples.iter().copied().fold(f64::MIN, f64::max);
    [low / middle, high / middle]
}
