//! `cargo xtask test`: every check, one after the other, and a table of the results.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use lexopt::Parser;

use crate::failure::{Failure, Result};
use crate::{arguments, browser, build, deep, package, process, project, tools};

/// One check.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<()>,
    /// The step that has to succeed first. It is run even if only this one is asked for.
    needs: Option<&'static str>,
    /// Whether it runs if no step is named.
    by_default: bool,
}

impl Step {
    const fn new(name: &'static str, about: &'static str, run: fn() -> Result<()>) -> Self {
        Self { name, about, run, needs: None, by_default: true }
    }

    /// A step that makes sense only after `needs`.
    const fn after(self, needs: &'static str) -> Self {
        Self { needs: Some(needs), ..self }
    }

    /// A step that runs only if it is named.
    const fn on_demand(self) -> Self {
        Self { by_default: false, ..self }
    }
}

/// Every check, in the order in which they run: the quick ones first.
const STEPS: &[Step] = &[
    Step::new("fmt", "rustfmt leaves nothing to change", fmt),
    Step::new("clippy", "no warning, native", clippy),
    Step::new("clippy-wasm", "no warning, wasm32", clippy_wasm),
    Step::new("native", "cargo's tests, native", native),
    Step::new("wasm", "cargo's tests, wasm32 under node", wasm),
    Step::new("build", "the release build, the npm package", built),
    Step::new("e2e", "the release in Chromium", e2e).after("build"),
    Step::new("firefox", "the release in Firefox", firefox).after("build"),
    Step::new("deep", "hours: fuzzing, thousands of random rounds", deep)
        .after("build")
        .on_demand(),
];

/// The result of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Skipped(&'static str),
}

/// A row of the closing table.
struct Row {
    step: &'static str,
    outcome: Outcome,
    time: Duration,
}

/// The part of the help below the usage.
pub fn help() -> String {
    let lines = STEPS.iter().map(|step| format!("  {:<14}{}\n", step.name, step.about));
    let steps = lines.collect::<Vec<_>>().concat();
    format!(
        "Without a STEP all but `deep` are run. The steps:\n\n{steps}\n\
         A step that fails does not stop the others. The last lines are a table of the results.\n\
         Missing tools are installed first. If that is not possible, the step fails and says\n\
         what to install.\n"
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

/// The names of the steps to run: those named and those that they need; without a name, those
/// that run by default.
fn chosen(steps: &[Step], names: &[String]) -> Result<Vec<&'static str>> {
    if let Some(unknown) = names.iter().find(|name| steps.iter().all(|step| step.name != **name)) {
        let known: Vec<_> = steps.iter().map(|step| step.name).collect();
        let known = known.join(", ");
        return Err(Failure::new(format!("there is no step `{unknown}`. The steps: {known}")));
    }
    let wants = |step: &Step| match names {
        [] => step.by_default,
        names => names.iter().any(|word| word == step.name),
    };
    let needed = |name| steps.iter().any(|step| step.needs == Some(name) && wants(step));
    let chosen = steps.iter().filter(|step| wants(step) || needed(step.name));
    Ok(chosen.map(|step| step.name).collect())
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

/// The closing table. Its last line is the sums.
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

/// The crates of the page: xtask is not for wasm32, and a benchmark need not be.
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
    // The tests of the feature `png`.
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
    build::release(None)?;
    package::package()
}

fn e2e() -> Result<()> {
    end_to_end(&[])
}

/// The end-to-end tests in Chromium, with additional environment variables.
fn end_to_end(variables: &[(&str, &str)]) -> Result<()> {
    tools::ensure_node()?;
    tools::ensure_npm_packages()?;
    let browser = browser::ensure(&browser::CHROMIUM)?;
    let mut node = Command::new("node");
    node.arg("run.mjs").current_dir(project::e2e());
    node.env("PACKAGE", project::target().join("package.tgz"));
    node.env("CHROMIUM", browser).env("DIST", project::dist());
    process::run(node.envs(variables.iter().copied()))
}

fn deep() -> Result<()> {
    deep::run(|| end_to_end(&[("DEEP", "1")]))
}

/// The tests for a second browser: that the page works there, not each of its details again.
const FIREFOX: &[&str] = &[
    "smoke",
    "play",
    "edit",
    "link",
    "keys",
    "language",
    "layout",
    "learn",
    "quiz",
    "quiz-look",
    "quiz-loss",
];

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
        Step { needs, ..Step::new(name, "", run) }
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
    fn a_step_on_demand_runs_only_if_it_is_named() {
        let steps = [step("a", GOOD, None), step("b", GOOD, None).on_demand()];
        let skipped = Outcome::Skipped("not asked for");
        assert_eq!(outcomes(&steps, &[]), [Outcome::Passed, skipped]);
        assert_eq!(outcomes(&steps, &["b"]), [skipped, Outcome::Passed]);
        let on_demand = STEPS.iter().filter(|step| !step.by_default).map(|step| step.name);
        assert_eq!(on_demand.collect::<Vec<_>>(), ["deep"]);
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
