//! `cargo xtask explore`: every fate of the first transmissions of every built-in scenario.

use std::process::ExitCode;

use lexopt::Parser;

use crate::failure::Result;
use crate::{arguments, process};

/// How many transmissions have every fate: 4^8 runs a scenario, about a minute on two cores.
const DEPTH: &str = "8";

/// What `--help` adds.
pub fn help() -> String {
    "Each of the first 8 transmissions of each scenario is delivered, dropped, duplicated or\n\
     delayed past the RTO, in every combination; the invariants are checked after every step.\n"
        .into()
}

/// Runs the command.
pub fn run(parser: Parser) -> Result<ExitCode> {
    arguments::none(parser)?;
    // For speed: the page's own profile is for size.
    process::run(process::cargo().args([
        "run",
        "--quiet",
        "--release",
        "--config",
        "profile.release.opt-level=3",
        "--",
        "explore",
        "--depth",
        DEPTH,
    ]))?;
    Ok(ExitCode::SUCCESS)
}
