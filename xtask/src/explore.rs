//! `cargo xtask explore`: every fate of the first transmissions of every built-in scenario.

use std::process::ExitCode;

use lexopt::Parser;

use crate::failure::Result;
use crate::{arguments, process};

/// How many transmissions take every fate: 4^8 runs a scenario, about a minute on two cores.
const DEPTH: &str = "8";

/// The part of the help below the usage.
pub fn help() -> String {
    "Each of the first 8 transmissions of each scenario is delivered, dropped, duplicated or\n\
     delayed past the RTO, in every combination; the invariants are checked after every step.\n"
        .into()
}

/// Runs the command.
pub fn run(parser: Parser) -> Result<ExitCode> {
    arguments::none(parser)?;
    every_fate()?;
    Ok(ExitCode::SUCCESS)
}

/// Tries every fate of the first transmissions of every scenario.
pub fn every_fate() -> Result<()> {
    // The release profile is for size; this one is for speed.
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
    ]))
}
