//! `tcp-handshake explore`: every combination of fates of a scenario's first transmissions.

use std::io::{self, Write as _};

use lexopt::Arg::{Long, Value};
use lexopt::{Parser, ValueExt as _};
use tcp_handshake::scenarios::{LESSONS, Lesson, Tuning};
use tcp_handshake::sim::check::explore::every_fate;

use super::failure::Failure;

pub const USAGE: &str = "\
usage: tcp-handshake explore [--depth N] [SCENARIO]...

Delivers, drops, duplicates or delays each of the first N transmissions of each scenario, in every
combination, and checks the protocol's invariants after every step. Prints the runs, the checks and
the violations; each violation with the link that shows it.

  --depth N        how many transmissions; 4^N runs a scenario (6 if not given)
  SCENARIO         the id of a built-in scenario; all of them if none is given
";

const DEFAULT_DEPTH: usize = 6;

/// How many violations of one scenario are printed.
const MAX_PRINTED: usize = 5;

/// Explores, and fails if an invariant is violated.
pub fn run(parser: Parser) -> Result<(), Failure> {
    let (depth, lessons) = read(parser)?;
    let mut out = io::stdout();
    let (mut runs, mut checks, mut violations) = (0, 0, 0);
    for lesson in &lessons {
        let explored = every_fate(&lesson.scenario(&Tuning::default()), depth);
        writeln!(
            out,
            "{:<20} {:>9} runs {:>12} laws {:>4} violations",
            lesson.id,
            explored.runs,
            explored.laws,
            explored.violations.len()
        )?;
        for (edits, violation) in explored.violations.iter().take(MAX_PRINTED) {
            let edits: Vec<String> = edits.iter().map(ToString::to_string).collect();
            writeln!(out, "  {violation}\n    #scenario={}&do={}", lesson.id, edits.join(","))?;
        }
        runs += explored.runs;
        checks += explored.laws;
        violations += explored.violations.len();
    }
    let scenarios = lessons.len();
    writeln!(
        out,
        "{scenarios} scenarios, {runs} runs, {checks} laws checked, {violations} violations"
    )?;
    if violations == 0 { Ok(()) } else { Err(Failure::Reported) }
}

fn read(mut parser: Parser) -> Result<(usize, Vec<&'static Lesson>), Failure> {
    let mut depth = DEFAULT_DEPTH;
    let mut lessons = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("depth") => depth = parser.value()?.parse()?,
            Value(id) => {
                let id = id.string()?;
                let lesson = Lesson::find(&id);
                lessons.push(lesson.ok_or_else(|| Failure::Usage(format!("no scenario {id}")))?);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    if lessons.is_empty() {
        lessons.extend(LESSONS);
    }
    Ok((depth, lessons))
}
