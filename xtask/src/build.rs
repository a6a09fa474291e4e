//! `cargo xtask build`: the release in `dist/`.

use std::process::ExitCode;

use lexopt::Arg::Long;
use lexopt::{Parser, ValueExt as _};

use crate::failure::Result;
use crate::{files, previews, process, project, tools};

/// The part of the help below the usage.
pub fn help() -> String {
    "  --address URL   where the page will be: pictures of link previews need whole addresses\n\n\
     Every other address in dist/ is relative: copy its content into any folder of any static\n\
     host. Tools that are missing are built first, into a cache folder (about 15 minutes,\n\
     once).\n"
        .into()
}

/// Runs the command.
pub fn run(mut parser: Parser) -> Result<ExitCode> {
    let mut address = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("address") => address = Some(parser.value()?.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    release(address.as_deref())?;
    Ok(ExitCode::SUCCESS)
}

/// Builds `dist/`, with the previews of a page at `address`, and lists its files.
pub fn release(address: Option<&str>) -> Result<()> {
    let dist = project::dist();
    process::run(tools::trunk()?.args(["build", "--release", "--locked", "--dist"]).arg(&dist))?;
    previews::write(&dist, address)?;
    let (pages, mut files): (Vec<_>, Vec<_>) =
        files::list(&dist)?.into_iter().partition(|(name, _)| is_preview(name));
    let size = pages.iter().map(|(_, size)| size).sum();
    files.push((format!("{} previews in {}/", pages.len(), previews::FOLDER), size));
    print!("{}", table(&mut files));
    Ok(())
}

fn is_preview(name: &str) -> bool {
    name.split(['/', '\\']).next() == Some(previews::FOLDER)
}

/// The files by size, largest first, and their sum.
fn table(files: &mut [(String, u64)]) -> String {
    files.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let total = files.iter().map(|(_, size)| size).sum::<u64>();
    let row = |name: &str, size: u64| format!("{:>12}  {name}\n", grouped(size));
    let rows = files.iter().map(|(name, size)| row(name, *size));
    rows.chain([row("octets in dist/", total)]).collect()
}

/// `1234567` -> `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(123), "123");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }

    #[test]
    fn the_largest_comes_first_and_the_sum_last() {
        let mut files = [("a".into(), 1), ("b".into(), 2_000)];
        let text = table(&mut files);
        let names: Vec<_> =
            text.lines().map(|line| line.trim().split_once("  ").unwrap()).collect();
        assert_eq!(names, [("2,000", "b"), ("1", "a"), ("2,001", "octets in dist/")]);
    }
}
