//! The project's commands: `cargo xtask serve`, `cargo xtask build`, `cargo xtask test`.
//!
//! Each installs missing tools on first use, and says so. A new command is a module with `run` and
//! a row of [`COMMANDS`].

mod arguments;
mod bench;
mod browser;
mod build;
mod build_paths;
mod chunks;
mod deep;
mod explore;
mod failure;
mod files;
mod notices;
mod package;
mod page;
mod previews;
mod process;
mod project;
mod segments;
mod serve;
mod shrink;
mod test;
mod tools;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use lexopt::Parser;

use failure::Result;

/// One subcommand: its name, its help and its function.
struct Subcommand {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    help: fn() -> String,
    run: fn(Parser) -> Result<ExitCode>,
}

/// Every subcommand, in the order of the help.
const COMMANDS: &[Subcommand] = &[
    Subcommand {
        name: "serve",
        usage: "[--open] [--port N] [--release]",
        about: "build the page, serve it on this machine, build again on every change",
        help: serve::help,
        run: serve::run,
    },
    Subcommand {
        name: "build",
        usage: "",
        about: "make the release in dist/, which works from any folder of any static host",
        help: build::help,
        run: build::run,
    },
    Subcommand {
        name: "package",
        usage: "",
        about: "make the npm package in target/package/, and check it",
        help: package::help,
        run: package::run,
    },
    Subcommand {
        name: "page",
        usage: "",
        about: "finish a page that Trunk has built: its hook",
        help: page::help,
        run: page::run,
    },
    Subcommand {
        name: "test",
        usage: "[STEP...]",
        about: "run every check, or only the named ones, and say which passed",
        help: test::help,
        run: test::run,
    },
    Subcommand {
        name: "bench",
        usage: "[PART...]",
        about: "measure, next to a peer or a limit",
        help: bench::help,
        run: bench::run,
    },
    Subcommand {
        name: "explore",
        usage: "",
        about: "try every fate of the first transmissions of every scenario",
        help: explore::help,
        run: explore::run,
    },
];

fn main() -> ExitCode {
    let mut words: Vec<_> = env::args_os().skip(1).collect();
    let name = if words.is_empty() { OsString::new() } else { words.remove(0) };
    if ["", "help", "-h", "--help"].iter().any(|word| name == *word) {
        print!("{}", overview());
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| name == command.name) else {
        eprint!("error: there is no command `{}`\n\n{}", name.display(), overview());
        return ExitCode::FAILURE;
    };
    if words.iter().any(|word| word == "--help" || word == "-h") {
        print!("{}", synopsis(command));
        return ExitCode::SUCCESS;
    }
    (command.run)(Parser::from_args(words)).unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        ExitCode::FAILURE
    })
}

/// The text of `cargo xtask --help`.
fn overview() -> String {
    let lines = COMMANDS.iter().map(|command| {
        let call = format!("{} {}", command.name, command.usage);
        format!("  {call:<40} {}\n", command.about)
    });
    format!(
        "The project's commands\n\nUsage: cargo xtask COMMAND\n\n{}\n\
         `cargo xtask COMMAND --help` tells more about one.\n",
        lines.collect::<Vec<_>>().concat()
    )
}

/// The text of `cargo xtask COMMAND --help`.
fn synopsis(command: &Subcommand) -> String {
    let call = format!("cargo xtask {} {}", command.name, command.usage);
    format!("{}: {}\n\nUsage: {}\n\n{}", command.name, command.about, call.trim(), (command.help)())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_the_overview_and_has_help() {
        for command in COMMANDS {
            assert!(overview().contains(command.about));
            assert!(synopsis(command).contains("Usage: cargo xtask "));
        }
    }
}
