//! Backquoted commands, and `%{ }%`.

use super::assertions::comparison;
use super::cursor::Cursor;
use super::script::{Assertion, Command, ParseError};
use crate::tcp::State;

/// Set-up programs without an effect on the state machine.
const NOT_RUN: &[&str] =
    &["ip", "ifconfig", "route", "kldload", "modprobe", "true", "rm", "nstat", "tc", "ethtool"];

/// Reads `` `command` ``, which can consist of several.
pub(super) fn commands(cursor: &mut Cursor) -> Result<Vec<Command>, ParseError> {
    let start = cursor.clone();
    cursor.expect("`")?;
    let text = cursor.take_through("`")?.replace("\\\n", " ").replace("&&", "\n");
    let mut list = Vec::new();
    for line in text.split(['\n', ';']) {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            command(line, &start, &mut list)?;
        }
    }
    Ok(list)
}

fn command(line: &str, at: &Cursor, list: &mut Vec<Command>) -> Result<(), ParseError> {
    let refuse = || at.unsupported(format!("the command `{line}`"));
    let mut words = words(line);
    // Redirections do not matter, except into a kernel variable.
    let redirection = words.iter().position(|word| word.contains('>'));
    let sets_variable = line.contains("/proc/sys/");
    words.truncate(redirection.unwrap_or(words.len()));
    let Some(program) = words.first() else {
        return Ok(());
    };
    let program = program.rsplit('/').next().unwrap_or(program);
    if program == "sockstat" {
        list.push(count_state(line).ok_or_else(refuse)?);
        return Ok(());
    }
    // Any other pipe is an unknown assertion.
    if line.contains('|') {
        return Err(refuse());
    }
    match program {
        "sysctl" => {
            for word in &words[1..] {
                if let Some((name, value)) = word.split_once('=') {
                    let (name, value) = (name.to_owned(), value.to_owned());
                    list.push(Command::Sysctl { name, value });
                }
            }
        }
        "sleep" => {
            let mut time = Cursor::new(words.get(1).map_or("", String::as_str), &[]);
            list.push(Command::Sleep(time.seconds().map_err(|_| refuse())?));
        }
        "echo" if sets_variable => list.push(Command::NotRun(line.to_owned())),
        _ if NOT_RUN.contains(&program) || is_script(program) => {
            list.push(Command::NotRun(line.to_owned()));
        }
        _ => return Err(refuse()),
    }
    Ok(())
}

/// Whether a command only sets up a system: `defaults.sh`, `set_sysctls.py`.
fn is_script(program: &str) -> bool {
    let extension = program.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("sh" | "py"))
}

/// Splits a command into words, with quotes as in a shell.
fn words(line: &str) -> Vec<String> {
    let mut list = vec![String::new()];
    let mut quote = None;
    for char in line.chars() {
        match (quote, char) {
            (Some(open), char) if open == char => quote = None,
            (None, '"' | '\'') => quote = Some(char),
            (None, char) if char.is_whitespace() => list.push(String::new()),
            (_, char) => {
                if let Some(word) = list.last_mut() {
                    word.push(char);
                }
            }
        }
    }
    list.retain(|word| !word.is_empty());
    list
}

/// `sockstat … | grep … | grep -c STATE | grep N`.
fn count_state(line: &str) -> Option<Command> {
    let mut stages = line.split('|').skip(1).map(words);
    let mut counted = None;
    let mut pattern = None;
    for stage in stages.by_ref() {
        let words: Vec<&str> = stage.iter().map(String::as_str).collect();
        match words[..] {
            ["grep", "-c", state] if counted.is_none() => counted = Some(state_of(state)?),
            ["grep", number] | ["grep", "-q" | "-w" | "-x", number]
                if counted.is_some() && pattern.is_none() =>
            {
                pattern = Some(number.to_owned());
            }
            ["grep", _] if counted.is_none() => {}
            _ => return None,
        }
    }
    let pattern = pattern.filter(|pattern| pattern.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(Command::CountState { state: counted?, pattern })
}

/// A state as systems spell it: `TIME_WAIT`, `SYN_RCVD`, `FIN_WAIT_2`.
fn state_of(name: &str) -> Option<State> {
    match name {
        "SYN_RCVD" | "SYN_RECV" => Some(State::SynReceived),
        "FIN_WAIT1" => Some(State::FinWait1),
        "FIN_WAIT2" => Some(State::FinWait2),
        "CLOSE" => Some(State::Closed),
        _ => State::from_name(&name.replace('_', "-")),
    }
}

/// `%{ assert …; … }%`.
pub(super) fn assertions(cursor: &mut Cursor) -> Result<Vec<Assertion>, ParseError> {
    let start = cursor.clone();
    cursor.expect("%{")?;
    let text = cursor.take_through("}%")?;
    let mut list = Vec::new();
    for line in text.split(['\n', ';']) {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            list.push(assertion(line, &start)?);
        }
    }
    Ok(list)
}

fn assertion(line: &str, at: &Cursor) -> Result<Assertion, ParseError> {
    let not_checked = || Assertion::NotChecked(line.to_owned());
    let Some(claim) = line.strip_prefix("assert").map(str::trim_start) else {
        return Ok(not_checked());
    };
    // A message can follow the assertion.
    let claim = claim.split(',').next().unwrap_or(claim);
    let claim = claim.trim().trim_start_matches('(').trim_end_matches(')');
    let compared = || {
        let text = line.to_owned();
        comparison(claim).map_or_else(not_checked, |it| Assertion::Compare(it, text))
    };
    let Some((left, right)) = claim.split_once("==") else {
        return Ok(compared());
    };
    let (left, right) = (left.trim(), right.trim());
    let name = right.strip_prefix("TCPI_").or_else(|| right.strip_prefix("TCP_"));
    let is_name = right.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match name {
        Some(name) if left == "tcpi_state" && is_name => state_of(name)
            .map(Assertion::State)
            .ok_or_else(|| at.unsupported(format!("the state {right}"))),
        _ => Ok(compared()),
    }
}
