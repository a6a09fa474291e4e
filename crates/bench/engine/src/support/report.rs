//! Rows of the table, as JSON.

use serde_json::{Value, json};

/// The row of a number that does not vary. The ratio says how many times better ours is.
pub fn row(what: &str, unit: &str, ours: f64, peer: Option<f64>, goal: Option<f64>) -> Value {
    json!({
        "what": what,
        "unit": unit,
        "ours": ours,
        "peer": peer,
        "ratio": peer.map(|peer| peer / ours),
        "spread": null,
        "goal": goal,
    })
}

/// The rows as lines of JSON.
pub fn lines(rows: &[Value]) -> String {
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    lines.join("\n") + "\n"
}
