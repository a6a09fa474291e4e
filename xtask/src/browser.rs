//! The browsers of the end-to-end tests. `e2e/browser.mjs` finds their paths.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::{process, project};

/// A browser that the tests drive.
pub struct Browser {
    name: &'static str,
    /// The name by which `e2e/browser.mjs` knows it.
    id: &'static str,
    /// The environment variable with its path.
    variable: &'static str,
    /// Its Debian packages, with the fonts that the page's texts need.
    packages: &'static [&'static str],
    advice: &'static str,
}

/// The browser of every test.
pub const CHROMIUM: Browser = Browser {
    name: "Chromium",
    id: "chromium",
    variable: "CHROMIUM",
    packages: &["chromium", "fonts-noto-cjk"],
    advice: "Install Chromium or Chrome (Debian: `apt-get install chromium`; Fedora: `dnf install \
        chromium`; macOS: `brew install --cask chromium`), or set CHROMIUM to its path",
};

/// The browser of the tests in [`crate::test`] that also run in a second browser.
pub const FIREFOX: Browser = Browser {
    name: "Firefox",
    id: "firefox",
    variable: "FIREFOX",
    packages: &["firefox-esr", "fonts-noto-cjk"],
    advice: "Install Firefox (Debian: `apt-get install firefox-esr`; Fedora: `dnf install \
        firefox`; macOS: `brew install --cask firefox`), or set FIREFOX to its path",
};

/// The browser's path. Installs the browser if it is missing and the user is permitted to.
pub fn ensure(browser: &Browser) -> Result<PathBuf> {
    if let Some(path) = find(browser) {
        return Ok(path);
    }
    let Browser { name, variable, advice, .. } = browser;
    if let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()) {
        let path = path.display();
        return Err(Failure::new(format!("{variable} is set to {path}, which does not run")));
    }
    install(browser)?;
    let broken = || Failure::new(format!("{name} was installed but does not run. {advice}"));
    find(browser).ok_or_else(broken)
}

fn find(browser: &Browser) -> Option<PathBuf> {
    let script = project::e2e().join("browser.mjs");
    let mut node = Command::new("node");
    process::answer(node.arg(script).env("BROWSER", browser.id)).map(PathBuf::from)
}

/// `apt-get install`, as root or with a sudo that needs no password.
fn install(browser: &Browser) -> Result<()> {
    let Browser { name, packages, advice, .. } = browser;
    let is_root = process::answer(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    let sudo = if is_root { &[][..] } else { &["sudo", "-n"][..] };
    let may = is_root || process::answer(Command::new("sudo").args(["-n", "true"])).is_some();
    if process::find("apt-get").is_none() || !may {
        return Err(Failure::new(format!("no {name} is found. {advice}")));
    }
    println!("Installing {name}, and letters for Korean, by apt-get: a minute or two.");
    let apt = |arguments: &[&str]| {
        let words = [sudo, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], arguments];
        let words = words.concat();
        process::run(Command::new(words[0]).args(&words[1..]))
    };
    apt(&["update", "-q"])?;
    apt(&[&["install", "-q", "-y", "--no-install-recommends"], *packages].concat())
}
