//! Every fate of every built-in scenario: `cargo run --release --example explore -- [DEPTH [ID…]]`.
//!
//! Prints scenarios, runs, laws checked and violations; each violation with the link that shows it.

use std::process::ExitCode;

use tcp_handshake::scenarios::{LESSONS, Tuning};
use tcp_handshake::sim::check::explore::every_fate;

/// How many violations of one scenario are printed.
const SHOWN: usize = 5;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let depth = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(6);
    let wanted: Vec<String> = arguments.collect();
    let (mut scenarios, mut runs, mut laws, mut violations) = (0, 0, 0, 0);
    for lesson in LESSONS {
        if !wanted.is_empty() && !wanted.iter().any(|id| id == lesson.id) {
            continue;
        }
        let explored = every_fate(&lesson.scenario(&Tuning::default()), depth);
        println!(
            "{:<20} {:>9} runs {:>12} laws {:>4} violations",
            lesson.id,
            explored.runs,
            explored.laws,
            explored.violations.len()
        );
        for (edits, violation) in explored.violations.iter().take(SHOWN) {
            let edits: Vec<String> = edits.iter().map(ToString::to_string).collect();
            println!("  {violation}\n    #scenario={}&do={}", lesson.id, edits.join(","));
        }
        scenarios += 1;
        runs += explored.runs;
        laws += explored.laws;
        violations += explored.violations.len();
    }
    println!("{scenarios} scenarios, {runs} runs, {laws} laws checked, {violations} violations");
    if violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
