//! The command line: `tcp-handshake [run|explore|packetdrill|open|previews] …`.
//!
//! The exit status is 0 if everything succeeded, 1 if something failed, and 2 if the arguments are
//! invalid. A new subcommand is a module with `USAGE` and `run`, and a row of [`SUBCOMMANDS`].

mod explore;
mod failure;
mod open;
mod packetdrill;
mod png;
mod previews;
mod run;

use std::ffi::OsString;
use std::process::ExitCode;

use lexopt::Parser;

use failure::Failure;

/// One subcommand.
struct Subcommand {
    name: &'static str,
    usage: &'static str,
    run: fn(Parser) -> Result<(), Failure>,
}

/// Every subcommand; the first is the one that runs when none is named.
const SUBCOMMANDS: &[Subcommand] = &[
    Subcommand { name: "run", usage: run::USAGE, run: run::run },
    Subcommand { name: "explore", usage: explore::USAGE, run: explore::run },
    Subcommand { name: "packetdrill", usage: packetdrill::USAGE, run: packetdrill::run },
    Subcommand { name: "open", usage: open::USAGE, run: open::run },
    Subcommand { name: "previews", usage: previews::USAGE, run: previews::run },
];

/// Printed below the usage of `run` when no subcommand is named.
const OTHERS: &str = "
subcommands, each with a --help of its own:
  run              what happens without a subcommand
  explore          try every loss, duplicate and delay of the first transmissions
  packetdrill      run packetdrill scripts against the machine
  open             list the connections of a capture, or its segments
  previews         write a page for link previews, with pictures, for every scenario

  --version        print the version
";

/// Runs the subcommand in `words`, the arguments after the program's name.
pub fn main(mut words: Vec<OsString>) -> ExitCode {
    let named = words.first().and_then(|word| SUBCOMMANDS.iter().find(|it| word == it.name));
    let subcommand = named.unwrap_or(&SUBCOMMANDS[0]);
    if named.is_some() {
        words.remove(0);
    } else if words.first().is_some_and(|word| word == "--version" || word == "-V") {
        println!("tcp-handshake {}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    if words.iter().any(|word| word == "--help" || word == "-h") {
        print!("{}{}", subcommand.usage, if named.is_none() { OTHERS } else { "" });
        return ExitCode::SUCCESS;
    }
    match (subcommand.run)(Parser::from_args(words)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Reported) => ExitCode::FAILURE,
        Err(Failure::Failed(error)) => {
            eprintln!("tcp-handshake: {error}");
            ExitCode::FAILURE
        }
        Err(Failure::Usage(error)) => {
            eprint!("tcp-handshake: {error}\n\n{}", subcommand.usage);
            ExitCode::from(2)
        }
    }
}
