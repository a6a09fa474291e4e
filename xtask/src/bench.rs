//! `cargo xtask bench`: measurements beside a peer or a limit, in one table.
//!
//! A part builds and runs programs that print rows. A new part is one row of [`PARTS`].

mod engine;
mod page;

use std::fs;
use std::process::{Command, ExitCode};
use std::thread;

use lexopt::Parser;
use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::{arguments, process, project};

/// One thing to measure, or several that are measured together.
struct Part {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<Vec<Value>>,
}

const PARTS: &[Part] = &[
    Part { name: "native", about: "the engine next to smoltcp, its growth", run: engine::native },
    Part { name: "wasm", about: "the same in WebAssembly, under node", run: engine::wasm },
    Part { name: "wasm-page", about: "the same, compiled as the page is", run: engine::wasm_page },
    Part { name: "weight", about: "what the first load weighs", run: page::weight },
    Part { name: "paint", about: "the first picture, the first touch", run: page::paint },
    Part { name: "frames", about: "the main thread while it plays", run: page::frames },
];

/// The part of the help below the usage.
pub fn help() -> String {
    let lines = PARTS.iter().map(|part| format!("  {:<14}{}\n", part.name, part.about));
    let parts = lines.collect::<Vec<_>>().concat();
    format!(
        "Without a PART all are measured. The parts:\n\n{parts}\n\
         The ratio says how many times better we are than the peer or the limit: the median of\n\
         runs that take turns. The spread is that of the ratio, or else of our own time.\n\
         The rows are written to target/bench.json too.\n"
    )
}

/// Runs the command.
pub fn run(parser: Parser) -> Result<ExitCode> {
    let names = arguments::words(parser)?;
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        return Err(Failure::new(format!("there is no part `{unknown}`; see --help")));
    }
    let mut rows = Vec::new();
    for part in PARTS {
        if names.is_empty() || names.iter().any(|name| name == part.name) {
            println!("\n=== {}: {}", part.name, part.about);
            for mut row in (part.run)()? {
                row["part"] = json!(part.name);
                rows.push(row);
            }
        }
    }
    let machine = machine()?;
    print!("\n{}\n\n{}", machine.values().map(text).collect::<Vec<_>>().join(", "), table(&rows));
    let path = project::target().join("bench.json");
    let report = json!({ "machine": machine, "rows": rows });
    fs::write(&path, format!("{report:#}\n")).map_err(Failure::while_doing(path.display()))?;
    println!("\nWritten to {}.", path.display());
    Ok(ExitCode::SUCCESS)
}

/// The machine and the versions that the numbers depend on.
fn machine() -> Result<serde_json::Map<String, Value>> {
    let answer = |program: &str| process::answer(Command::new(program).arg("--version"));
    let cpu = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(": ")?.1.to_owned())
    });
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processor = format!("{} x {}", cores, cpu.as_deref().unwrap_or("unknown processor"));
    let mut facts = serde_json::Map::new();
    facts.insert("processor".into(), json!(processor));
    facts.insert("rustc".into(), json!(answer("rustc").unwrap_or_default()));
    facts.insert("node".into(), json!(format!("node {}", answer("node").unwrap_or_default())));
    let smoltcp = project::locked_version("smoltcp")?;
    facts.insert("smoltcp".into(), json!(format!("smoltcp {smoltcp}")));
    Ok(facts)
}

/// The rows as a table in Markdown.
fn table(rows: &[Value]) -> String {
    const HEAD: [&str; 7] = ["part", "what", "ours", "peer or limit", "ratio", "spread", "goal"];
    let mut lines = vec![HEAD.map(String::from)];
    lines.extend(rows.iter().map(cells));
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    let print = |line: &[String; 7]| {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("| {cell:<width$} "));
        cells.collect::<String>() + "|\n"
    };
    let rule = widths.iter().map(|width| format!("|{}", "-".repeat(width + 2)));
    let rule = rule.collect::<String>() + "|\n";
    print(&lines[0]) + &rule + &lines[1..].iter().map(print).collect::<String>()
}

fn cells(row: &Value) -> [String; 7] {
    let unit = text(&row["unit"]);
    let amount = |key: &str| row[key].as_f64().map_or_else(String::new, |it| quantity(it, &unit));
    let times = |ratio: f64| format!("{ratio:.2}");
    let ratio = row["ratio"].as_f64();
    let spread = match (row["spread"][0].as_f64(), row["spread"][1].as_f64()) {
        (Some(low), Some(high)) => {
            format!("-{:.0} % +{:.0} %", (1.0 - low) * 100.0, (high - 1.0) * 100.0)
        }
        _ => String::new(),
    };
    let goal = row["goal"].as_f64().map_or_else(String::new, |goal| {
        let is_met = ratio.is_some_and(|ratio| ratio >= goal);
        format!("{goal} {}", if is_met { "met" } else { "NOT met" })
    });
    let ratio = ratio.map_or_else(String::new, times);
    [text(&row["part"]), text(&row["what"]), amount("ours"), amount("peer"), ratio, spread, goal]
}

/// A number with its unit; nanoseconds in the unit that suits them.
fn quantity(amount: f64, unit: &str) -> String {
    match (unit, amount) {
        ("ns", ns) if ns >= 1e6 => format!("{:.2} ms", ns / 1e6),
        ("ns", ns) if ns >= 1e4 => format!("{:.1} µs", ns / 1e3),
        ("ns", ns) if ns >= 100.0 => format!("{ns:.0} ns"),
        ("ns", ns) => format!("{ns:.1} ns"),
        ("", count) => format!("{count}"),
        ("x", factor) => format!("{factor:.2}"),
        (unit, amount) => format!("{amount:.0} {unit}"),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_its_goal_is_met() {
        let row = |ratio: f64| {
            cells(&json!({
                "part": "native", "what": "w", "unit": "ns", "ours": 1045.2, "peer": 1_700_000.0,
                "ratio": ratio, "spread": [0.9, 1.25], "goal": 3.0,
            }))
        };
        let cells = row(2.996);
        assert_eq!(&cells[2..], ["1045 ns", "1.70 ms", "3.00", "-10 % +25 %", "3 NOT met"]);
        assert_eq!(row(3.0)[6], "3 met");
    }

    #[test]
    fn what_has_no_peer_leaves_its_cells_empty() {
        let row = json!({ "what": "w", "unit": "", "ours": 3.0, "peer": null, "ratio": null });
        assert_eq!(cells(&row)[2..], ["3", "", "", "", ""].map(String::from));
        let table = table(&[row]);
        let widths: Vec<usize> = table.lines().map(|line| line.chars().count()).collect();
        assert!(widths.windows(2).all(|two| two[0] == two[1]), "{table}");
    }
}
