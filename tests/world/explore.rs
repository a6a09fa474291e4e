//! Every fate of the first transmissions of every built-in scenario: delivered, dropped, duplicated
//! or delayed. `cargo xtask explore` goes deeper.

use std::fmt::Write as _;

use tcp_handshake::scenarios::{LESSONS, Stack, Tuning};
use tcp_handshake::sim::check::explore::every_fate;

/// The number of transmissions that get every fate: 4^4 runs for each scenario.
const DEPTH: usize = 4;

fn check(tuning: &Tuning, depth: usize) {
    let mut report = String::new();
    let mut runs = 0;
    for lesson in LESSONS {
        let explored = every_fate(&lesson.scenario(tuning), depth);
        assert!(explored.runs >= 4, "{}: nothing was explored", lesson.id);
        runs += explored.runs;
        for (edits, violation) in explored.violations.iter().take(3) {
            let edits: Vec<String> = edits.iter().map(ToString::to_string).collect();
            let (id, stack) = (lesson.id, tuning.stack.id());
            let edits = edits.join(",");
            writeln!(report, "{violation}\n  #scenario={id}&do={edits}&stack={stack}").unwrap();
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(runs > 5_000, "only {runs} runs");
}

fn linux() -> Tuning {
    Tuning { stack: Stack::Linux, ..Tuning::default() }
}

/// Sequence numbers that pass 2^31 and 2^32 in the handshake.
fn wrapping() -> Tuning {
    let isn = [u32::MAX - 2, 0x7fff_fffe].map(tcp_handshake::tcp::SeqNumber);
    Tuning { isn, ..Tuning::default() }
}

#[test]
fn every_fate_keeps_the_invariants_with_the_numbers_of_the_rfc() {
    check(&Tuning::default(), DEPTH);
}

#[test]
fn every_fate_keeps_the_invariants_with_the_numbers_of_linux() {
    check(&linux(), DEPTH);
}

#[test]
fn every_fate_keeps_the_invariants_with_wrapping_sequence_numbers() {
    check(&wrapping(), DEPTH);
}

mod deep {
    use super::*;

    /// 4^7 runs for each scenario.
    const DEPTH: usize = 7;

    #[test]
    #[ignore = "deep: every fate of seven transmissions"]
    fn every_fate_keeps_the_invariants_with_the_numbers_of_the_rfc() {
        check(&Tuning::default(), DEPTH);
    }

    #[test]
    #[ignore = "deep: every fate of seven transmissions"]
    fn every_fate_keeps_the_invariants_with_the_numbers_of_linux() {
        check(&linux(), DEPTH);
    }

    #[test]
    #[ignore = "deep: every fate of seven transmissions"]
    fn every_fate_keeps_the_invariants_with_wrapping_sequence_numbers() {
        check(&wrapping(), DEPTH);
    }
}
