//! The page: its release and the smallest Yew page, measured in Chromium by `e2e/bench/`.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::engine::rows_of;
use crate::failure::Result;
use crate::{browser, build, process, project, tools};

/// The size of the first load.
pub fn weight() -> Result<Vec<Value>> {
    measured("weight.mjs")
}

/// The time until the page is usable, with a cold cache.
pub fn paint() -> Result<Vec<Value>> {
    measured("paint.mjs")
}

/// The main thread's work for a frame.
pub fn frames() -> Result<Vec<Value>> {
    measured("frames.mjs")
}

fn measured(script: &str) -> Result<Vec<Value>> {
    tools::ensure_node()?;
    tools::ensure_npm_packages()?;
    let browser = browser::ensure(&browser::CHROMIUM)?;
    build::release(None)?;
    let hello = hello()?;
    let mut node = Command::new("node");
    node.arg(project::e2e().join("bench").join(script)).env("CHROMIUM", browser);
    rows_of(node.env("DIST", project::dist()).env("HELLO", hello))
}

/// Builds the smallest Yew page with the same settings as ours. Returns its folder.
fn hello() -> Result<PathBuf> {
    let dist = project::target().join("hello");
    let mut trunk = tools::trunk()?;
    trunk.args(["build", "--release", "--locked", "--dist"]).arg(&dist);
    process::run(trunk.current_dir(project::root().join(HELLO)))?;
    Ok(dist)
}

/// Where its sources are.
const HELLO: &str = "crates/bench/hello";
