//! `cargo xtask serve`: the page on this machine, built again on every change.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use lexopt::Arg::Long;
use lexopt::{Parser, ValueExt as _};

use crate::failure::{Failure, Result};
use crate::{process, project, tools};

/// The port that is tried first, as in `Trunk.toml`.
const FIRST_PORT: u16 = 8080;

/// How many ports are tried if none is given.
const PORTS: u16 = 50;

/// The part of the help below the usage.
pub fn help() -> String {
    format!(
        "  --open      open the browser once the page is there\n  \
           --port N    this port (else {FIRST_PORT}, or the next that is free)\n  \
           --release   the optimized build\n\n\
         The page is served to this machine only. dist/ is left alone.\n\
         Tools that are missing are built first, into a cache folder (about 15 minutes, once).\n"
    )
}

/// The arguments of the command.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request {
    open: bool,
    release: bool,
    port: Option<u16>,
}

impl Request {
    fn read(mut parser: Parser) -> Result<Self> {
        let mut request = Self::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("open") => request.open = true,
                Long("release") => request.release = true,
                Long("port") => {
                    let text = parser.value()?.string()?;
                    let port = text.parse().map_err(|_| {
                        Failure::new(format!("--port takes a number from 1 to 65535, not `{text}`"))
                    })?;
                    request.port = Some(port);
                }
                _ => return Err(argument.unexpected().into()),
            }
        }
        Ok(request)
    }
}

/// Runs the command, until it is stopped.
pub fn run(parser: Parser) -> Result<ExitCode> {
    let request = Request::read(parser)?;
    let mut trunk = tools::trunk()?;
    let port = choose_port(request.port)?;
    trunk.args(["serve", "--address", "127.0.0.1", "--port", &port.to_string()]);
    // Its own folder, so that a release build in dist/ is not overwritten.
    trunk.arg("--dist").arg(project::target().join("serve"));
    // Trunk's list of the machine's addresses would only repeat ours.
    trunk.arg("--disable-address-lookup");
    trunk.args(request.open.then_some("--open"));
    trunk.args(request.release.then_some("--release"));
    thread::spawn(move || announce(port));
    process::run(&mut trunk)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the address once something answers there.
fn announce(port: u16) {
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        thread::sleep(Duration::from_millis(100));
    }
    println!("\n    The simulator is at http://127.0.0.1:{port}/ (Ctrl-C stops it)\n");
}

/// The wanted port, which must be free; or the first free one from [`FIRST_PORT`] on.
fn choose_port(wanted: Option<u16>) -> Result<u16> {
    if let Some(port) = wanted {
        return is_free(port).then_some(port).ok_or_else(|| {
            Failure::new(format!("port {port} is busy. Choose another, or leave --port out"))
        });
    }
    let last = FIRST_PORT + PORTS - 1;
    let port = (FIRST_PORT..=last).find(|port| is_free(*port)).ok_or_else(|| {
        Failure::new(format!("ports {FIRST_PORT} to {last} are all busy. Choose one by --port"))
    })?;
    if port != FIRST_PORT {
        println!("Port {FIRST_PORT} is busy: taking {port}.");
    }
    Ok(port)
}

fn is_free(port: u16) -> bool {
    port != 0 && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_busy_port_that_was_asked_for_is_an_error_that_names_it() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let failure = choose_port(Some(port)).unwrap_err().to_string();
        assert!(failure.contains(&port.to_string()), "{failure}");
    }

    #[test]
    fn flags_come_in_any_order() {
        let read = |words: &[&str]| Request::read(Parser::from_args(words));
        let request = read(&["--port=81", "--open"]).unwrap();
        assert_eq!(request, Request { open: true, release: false, port: Some(81) });
        for bad in [["--port"].as_slice(), &["--port", "many"], &["--prot", "81"], &["81"]] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn plain_trunk_serve_takes_the_same_port_first() {
        let settings = fs::read_to_string(project::root().join("Trunk.toml")).unwrap();
        assert!(settings.lines().any(|line| line == format!("port = {FIRST_PORT}")));
    }
}
