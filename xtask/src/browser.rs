//! The Chromium of the end-to-end tests. Which one is taken is for `e2e/browser.mjs` to say.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::{process, project};

/// The browser's path, after an installation where there is none and we may.
pub fn ensure() -> Result<PathBuf> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    if let Some(path) = env::var_os("CHROMIUM").filter(|path| !path.is_empty()) {
        let path = path.display();
        return Err(Failure::new(format!("CHROMIUM is set to {path}, which does not run")));
    }
    install()?;
    find().ok_or_else(|| Failure::new(format!("Chromium was installed but does not run. {ADVICE}")))
}

const ADVICE: &str = "Install Chromium or Chrome (Debian: `apt-get install chromium`; Fedora: `dnf \
    install chromium`; macOS: `brew install --cask chromium`), or set CHROMIUM to its path";

fn find() -> Option<PathBuf> {
    let script = project::e2e().join("browser.mjs");
    process::answer(Command::new("node").arg(script)).map(PathBuf::from)
}

/// `apt-get install chromium`, as root or by a sudo that asks for no password.
fn install() -> Result<()> {
    let is_root = process::answer(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    let sudo = if is_root { &[][..] } else { &["sudo", "-n"][..] };
    let may = is_root || process::answer(Command::new("sudo").args(["-n", "true"])).is_some();
    if process::find("apt-get").is_none() || !may {
        return Err(Failure::new(format!("no Chromium is found. {ADVICE}")));
    }
    println!("Installing Chromium, and letters for Korean, by apt-get: a minute or two.");
    let apt = |arguments: &[&str]| {
        let words = [sudo, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], arguments];
        let words = words.concat();
        process::run(Command::new(words[0]).args(&words[1..]))
    };
    apt(&["update", "-q"])?;
    apt(&["install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"])
}
