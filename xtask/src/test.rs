//! `cargo xtask test`: every check, one after the other, and what came of each.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use lexopt::Parser;

use crate::failure::{Failure, Result};
use crate::{arguments, browser, build, package, process, project, tools};

/// One check.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<()>,
    /// The step without whose success this one makes no sense. It is run along.
    needs: Option<&'static str>,
}

/// Every check, in the order in which they run: the quick ones first.
const STEPS: &[Step] = &[
    Step { name: "fmt", about: "rustfmt leaves nothing to change", run: fmt, needs: None },
    Step { name: "clippy", about: "no warning, native", run: clippy, needs: None },
    Step { name: "clippy-wasm", about: "no warning, wasm32", run: clippy_wasm, needs: None },
    Step { name: "native", about: "cargo's tests, native", run: native, needs: None },
    Step { name: "wasm", about: "cargo's tests, wasm32 under node", run: wasm, needs: None },
    Step { name: "build", about: "the release build, the npm package", run: built, needs: None },
    Step { name: "e2e", about: "the release in Chromium", run: e2e, needs: Some("build") },
    Step { name: "firefox", about: "the release in Firefox", run: firefox, needs: Some("build") },
];

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Skipped(&'static str),
}

/// A line of the closing table.
struct Row {
    step: &'static str,
    outcome: Outcome,
    time: Duration,
}

/// What `--help` adds.
pub fn help() -> String {
    let lines = STEPS.iter().map(|step| format!("  {:<14}{}\n", step.name, step.about));
    let steps = lines.collect::<Vec<_>>().concat();
    format!(
        "Without a STEP all are run. The steps:\n\n{steps}\n\
         A step that fails does not stop the others. The last lines tell what came of each.\n\
         What a step needs and does not find is installed first; where that cannot be done,\n\
         the step fails and says what to install.\n"
    )
}

/// Runs the command.
pub fn run(parser: Parser) -> Result<ExitCode> {
    let names = arguments::words(parser)?;
    let rows = run_steps(STEPS, &chosen(STEPS, &names)?);
    print!("\n{}", report(&rows));
    let failed = rows.iter().any(|row| row.outcome == Outcome::Failed);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The names of the steps to run: those asked for and those that they need; all if none was named.
fn chosen(steps: &[Step], names: &[String]) -> Result<Vec<&'static str>> {
    if let Some(unknown) = names.iter().find(|name| steps.iter().all(|step| step.name != **name)) {
        let known: Vec<_> = steps.iter().map(|step| step.name).collect();
        let known = known.join(", ");
        return Err(Failure::new(format!("there is no step `{unknown}`. The steps: {known}")));
    }
    let wants = |name: &str| names.is_empty() || names.iter().any(|word| word == name);
    let needed = |name| steps.iter().any(|step| step.needs == Some(name) && wants(step.name));
    Ok(steps.iter().map(|step| step.name).filter(|name| wants(name) || needed(name)).collect())
}

/// Runs the chosen steps in order.
fn run_steps(steps: &[Step], chosen: &[&str]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for step in steps {
        let start = Instant::now();
        let passed =
            |name| rows.iter().any(|row| row.step == name && row.outcome == Outcome::Passed);
        let outcome = if !chosen.contains(&step.name) {
            Outcome::Skipped("not asked for")
        } else if step.needs.is_some_and(|name| !passed(name)) {
            Outcome::Skipped("what it needs failed")
        } else {
            println!("\n=== {}: {}", step.name, step.about);
            (step.run)().map_or_else(
                |failure| {
                    println!("=== {}: FAILED: {failure}", step.name);
                    Outcome::Failed
                },
                |()| Outcome::Passed,
            )
        };
        rows.push(Row { step: step.name, outcome, time: start.elapsed() });
    }
    rows
}

/// The closing table, and the sums alone on the last line.
fn report(rows: &[Row]) -> String {
    let mut text = String::new();
    for Row { step, outcome, time } in rows {
        let (word, note) = match outcome {
            Outcome::Passed => ("ok", ""),
            Outcome::Failed => ("FAILED", ""),
            Outcome::Skipped(reason) => ("skipped", *reason),
        };
        let time = format!("{}.{} s", time.as_secs(), time.subsec_millis() / 100);
        let line = format!("{step:<14}{word:<8}{time:>10}  {note}");
        text += line.trim_end();
        text.push('\n');
    }
    let count = |wanted: fn(&Outcome) -> bool| rows.iter().filter(|r| wanted(&r.outcome)).count();
    text + &format!(
        "\n{} passed, {} failed, {} skipped\n",
        count(|outcome| matches!(outcome, Outcome::Passed)),
        count(|outcome| matches!(outcome, Outcome::Failed)),
        count(|outcome| matches!(outcome, Outcome::Skipped(_))),
    )
}

fn fmt() -> Result<()> {
    tools::ensure_component("rustfmt", "fmt")?;
    process::run(process::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    tools::ensure_component("clippy", "clippy")?;
    let arguments = ["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"];
    process::run(process::cargo().args(arguments))
}

/// What the page is built of: xtask is not for wasm32, and neither need a benchmark be.
fn clippy_wasm() -> Result<()> {
    tools::ensure_component("clippy", "clippy")?;
    tools::ensure_wasm_target()?;
    let mut cargo = process::cargo();
    cargo.args(["clippy", "--locked", "--target", tools::WASM, "--lib", "--bins", "--tests"]);
    cargo.args(["--package", "tcp-handshake", "--package", "tcp-handshake-api"]);
    cargo.args(["--package", "tcp-handshake-html"]);
    process::run(cargo.args(["--", "-D", "warnings"]))
}

fn native() -> Result<()> {
    process::run(process::cargo().args(["test", "--locked", "--workspace", "--no-fail-fast"]))?;
    // What a feature adds.
    let png = ["test", "--locked", "--features", "png", "--test", "world", "exports::png"];
    process::run(process::cargo().args(png))
}

fn wasm() -> Result<()> {
    tools::ensure_node()?;
    let mut cargo = process::cargo();
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools::wasm_test_runner()?);
    cargo.args(["test", "--locked", "--no-fail-fast", "--lib", "--tests"]);
    cargo.args(["--package", "tcp-handshake", "--package", "tcp-handshake-html"]);
    cargo.args(["--target", tools::WASM]);
    process::run(&mut cargo)
}

fn built() -> Result<()> {
    build::release()?;
    package::package()
}

fn e2e() -> Result<()> {
    tools::ensure_node()?;
    tools::ensure_npm_packages()?;
    let browser = browser::ensure(&browser::CHROMIUM)?;
    let mut node = Command::new("node");
    node.arg("run.mjs").current_dir(project::e2e());
    node.env("PACKAGE", project::target().join("package.tgz"));
    process::run(node.env("CHROMIUM", browser).env("DIST", project::dist()))
}

/// What a second browser is asked: that the page works there, not again each of its details.
const FIREFOX: &[&str] =
    &["smoke", "play", "edit", "link", "keys", "language", "layout", "learn", "quiz"];

fn firefox() -> Result<()> {
    tools::ensure_node()?;
    tools::ensure_npm_packages()?;
    let browser = browser::ensure(&browser::FIREFOX)?;
    let mut node = Command::new("node");
    node.arg("run.mjs").current_dir(project::e2e());
    node.args(FIREFOX.iter().map(|name| format!("{name}.test.mjs")));
    node.env("BROWSER", "firefox").env("FIREFOX", browser);
    process::run(node.env("DIST", project::dist()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: fn() -> Result<()> = || Ok(());
    const BAD: fn() -> Result<()> = || Err(Failure::new("no"));

    fn step(name: &'static str, run: fn() -> Result<()>, needs: Option<&'static str>) -> Step {
        Step { name, about: "", run, needs }
    }

    fn outcomes(steps: &[Step], names: &[&str]) -> Vec<Outcome> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let rows = run_steps(steps, &chosen(steps, &names).unwrap());
        rows.iter().map(|row| row.outcome).collect()
    }

    #[test]
    fn a_failing_step_stops_only_what_needs_it() {
        let steps = [step("a", BAD, None), step("b", GOOD, Some("a")), step("c", GOOD, None)];
        let skipped = Outcome::Skipped("what it needs failed");
        assert_eq!(outcomes(&steps, &[]), [Outcome::Failed, skipped, Outcome::Passed]);
    }

    #[test]
    fn a_named_step_brings_what_it_needs() {
        let steps = [step("a", GOOD, None), step("b", GOOD, Some("a")), step("c", BAD, None)];
        let skipped = Outcome::Skipped("not asked for");
        assert_eq!(outcomes(&steps, &["b"]), [Outcome::Passed, Outcome::Passed, skipped]);
        assert_eq!(outcomes(&steps, &["a"]), [Outcome::Passed, skipped, skipped]);
        assert!(chosen(&steps, &["d".into()]).is_err());
    }

    #[test]
    fn the_last_line_is_the_sums_alone() {
        let row = |step, outcome| Row { step, outcome, time: Duration::from_millis(1_250) };
        let text = report(&[
            row("fmt", Outcome::Passed),
            row("build", Outcome::Failed),
            row("e2e", Outcome::Skipped("what it needs failed")),
        ]);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "fmt           ok           1.2 s");
        assert_eq!(lines[2], "e2e           skipped      1.2 s  what it needs failed");
        assert_eq!(lines.last(), Some(&"1 passed, 1 failed, 1 skipped"));
    }
}
