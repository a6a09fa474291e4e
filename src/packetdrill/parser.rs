//! From text to [`Script`]: options, times, segments. System calls are read in `calls`, commands
//! and assertions in `commands`.

use super::calls::system_call;
use super::commands::{assertions, commands};
use super::cursor::Cursor;
use super::preamble::Preamble;
use super::script::{Action, Packet, ParseError, Script, ScriptEvent, When};
use crate::tcp::{Flags, Options, SackBlocks, SeqNumber, Timestamps};
use crate::time::{Duration, Instant};

/// The largest script, in bytes.
const MAX_SCRIPT: usize = 1 << 20;
/// The most events.
const MAX_EVENTS: usize = 10_000;
/// The most text of one segment, limited by an IPv4 packet, in bytes.
const MAX_TEXT: u32 = 65_495;

/// The names that are defined for `#ifdef` by default.
pub const DEFAULT_DEFINES: &[&str] = &["STANDARD"];

/// Reads a script.
pub fn parse(text: &str) -> Result<Script, ParseError> {
    parse_with(text, DEFAULT_DEFINES)
}

/// Reads a script with these names defined for `#ifdef`.
pub fn parse_with(text: &str, defines: &[&str]) -> Result<Script, ParseError> {
    if text.len() > MAX_SCRIPT {
        let message = format!("a script of more than {MAX_SCRIPT} octets");
        return Err(ParseError { line: 1, message, unsupported: false });
    }
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut cursor = Cursor::new(text, defines);
    let mut script = Script { preamble: Preamble::of(text), ..Script::default() };
    header(&mut cursor, &mut script)?;
    loop {
        cursor.blank()?;
        if cursor.rest().is_empty() && script.events.is_empty() {
            let message = "a script without an event".to_owned();
            return Err(ParseError { line: 1, message, unsupported: false });
        }
        if cursor.rest().is_empty() {
            return Ok(script);
        }
        if script.events.len() >= MAX_EVENTS {
            let message = format!("more than {MAX_EVENTS} events");
            return Err(ParseError { line: cursor.line(), message, unsupported: false });
        }
        let event = event(&mut cursor)?;
        script.events.push(event);
    }
}

/// `--name=value`, before the first event.
fn header(cursor: &mut Cursor, script: &mut Script) -> Result<(), ParseError> {
    while cursor.eat("--")? {
        let line = cursor.line();
        let option = cursor.take_until(char::is_whitespace);
        let refuse =
            || ParseError { line, message: format!("the option --{option}"), unsupported: true };
        let (name, value) = option.split_once('=').ok_or_else(refuse)?;
        let number = || value.parse::<u32>().map(u64::from).map_err(|_| refuse());
        match name {
            "ip_version" if value.starts_with("ipv4") => {}
            "ip_version" if value == "ipv6" => script.is_ipv6 = true,
            "local_ip" | "remote_ip" | "gateway_ip" | "netmask_ip" | "bind_port"
            | "connect_port" | "mtu" | "tolerance_percent" | "tcp_ts_tick_usecs" => {}
            "tolerance_usecs" => script.tolerance = Some(Duration::from_micros(number()?)),
            "time_wait_secs" => script.time_wait = Some(Duration::from_secs(number()?)),
            "rto_max_ms" => script.rto_max = Some(Duration::from_millis(number()?)),
            _ => return Err(refuse()),
        }
    }
    Ok(())
}

fn event(cursor: &mut Cursor) -> Result<ScriptEvent, ParseError> {
    cursor.blank()?;
    let line = cursor.line();
    let Time { when, until, latest } = time(cursor)?;
    cursor.blank()?;
    let action = match cursor.peek() {
        Some('<') => {
            cursor.expect("<")?;
            Action::Inject(packet(cursor)?)
        }
        Some('>') => {
            cursor.expect(">")?;
            Action::Expect(packet(cursor)?)
        }
        Some('`') => Action::Commands(commands(cursor)?),
        Some('%') => Action::Assert(assertions(cursor)?),
        Some(char) if char.is_ascii_alphabetic() && when.is_some() => {
            Action::Call(system_call(cursor, until)?)
        }
        _ if when.is_none() => return Err(cursor.unexpected("a time")),
        _ => return Err(cursor.unexpected("a segment, a system call or a command")),
    };
    let refuse =
        |message: &str| Err(ParseError { line, message: message.into(), unsupported: true });
    match (&action, when) {
        (Action::Call(_), _) if latest.is_none() => {}
        (Action::Expect(_), _) if latest.is_some() => {}
        _ if latest.is_some() => return refuse("`T1~T2` on what is no expected segment"),
        (_, _) if until.is_some() => return refuse("`T1...T2` on what is no system call"),
        (Action::Inject(_) | Action::Expect(_), None) => return refuse("a segment without a time"),
        _ => {}
    }
    if when == Some(When::Any) && !matches!(action, Action::Expect(_)) {
        return refuse("the time `*` on what is no expected segment");
    }
    let when = when.unwrap_or(When::After(Duration::ZERO));
    Ok(ScriptEvent { line, when, latest, action })
}

/// The time of an event.
#[derive(Default)]
struct Time {
    when: Option<When>,
    /// `T1...T2`.
    until: Option<When>,
    /// `T1~T2`.
    latest: Option<When>,
}

/// `+T`, `T`, `*`, or nothing; then `...T2` or `~T2`.
fn time(cursor: &mut Cursor) -> Result<Time, ParseError> {
    let when = if cursor.eat("*")? {
        return Ok(Time { when: Some(When::Any), ..Time::default() });
    } else if cursor.eat("+")? {
        When::After(cursor.seconds()?)
    } else if cursor.rest().starts_with(|char: char| char.is_ascii_digit() || char == '.') {
        When::At(Instant::ZERO + cursor.seconds()?)
    } else {
        return Ok(Time::default());
    };
    let is_range = cursor.eat("~")?;
    if !is_range && !cursor.eat("...")? {
        return Ok(Time { when: Some(when), ..Time::default() });
    }
    // T2 is relative to the same instant as T1.
    let until = if cursor.eat("+")? || matches!(when, When::After(_)) {
        When::After(cursor.seconds()?)
    } else {
        When::At(Instant::ZERO + cursor.seconds()?)
    };
    let is_backwards = match (when, until) {
        (When::After(from), When::After(to)) => to < from,
        (When::At(from), When::At(to)) => to < from,
        _ => return Err(cursor.unsupported("`T1...+T2`")),
    };
    if is_backwards {
        return Err(cursor.unsupported("a time that ends before it begins"));
    }
    let (until, latest) = if is_range { (None, Some(until)) } else { (Some(until), None) };
    Ok(Time { when: Some(when), until, latest })
}

/// `FLAGS SEQ [ack N] [win N] [urg N] [<options>]`, after `<` or `>`.
fn packet(cursor: &mut Cursor) -> Result<Packet, ParseError> {
    ip_marks(cursor)?;
    let flags = flags(cursor)?;
    let seq = cursor.number()?;
    cursor.expect(":")?;
    let end = cursor.number()?;
    cursor.expect("(")?;
    let len = cursor.number()?;
    cursor.expect(")")?;
    let line = cursor.line();
    let refuse = |message: String| Err(ParseError { line, message, unsupported: false });
    if end != seq.wrapping_add(len) {
        return refuse(format!("{seq}:{end} does not hold {len} octets"));
    }
    if len > MAX_TEXT {
        return refuse(format!("{len} octets do not fit into a segment"));
    }
    let ack = if cursor.eat_word("ack")? {
        Some(cursor.number()?)
    } else {
        // The field exists even without its flag.
        flags.contains(Flags::ACK).then_some(0)
    };
    let window = if cursor.eat_word("win")? {
        let window = cursor.number()?;
        Some(u16::try_from(window).map_err(|_| cursor.unsupported(format!("win {window}")))?)
    } else {
        None
    };
    if cursor.eat_word("urg")? {
        cursor.number()?;
    }
    cursor.blank()?;
    let options = if is_option_list(cursor) { options(cursor)? } else { Options::default() };
    Ok(Packet { flags, seq, len, ack, window, options })
}

/// `[ect0]`, `(tos 0x2)`: marks of the IP header, which change nothing here.
fn ip_marks(cursor: &mut Cursor) -> Result<(), ParseError> {
    loop {
        cursor.blank()?;
        if cursor.eat("[")? {
            cursor.take_through("]")?;
        } else if cursor.eat("(")? {
            cursor.take_through(")")?;
        } else {
            return Ok(());
        }
    }
}

fn flags(cursor: &mut Cursor) -> Result<Flags, ParseError> {
    cursor.blank()?;
    let mut before = cursor.clone();
    let word = cursor.take_until(|char| char.is_whitespace() || char.is_ascii_digit());
    let mut flags = Flags::NONE;
    if word == "-" {
        return Ok(flags);
    }
    // `A` is AccECN's bit, which was NS once.
    for letter in word.chars().filter(|letter| *letter != 'A') {
        let Some(flag) = Flags::from_letter(letter) else {
            return Err(before.unexpected("letters of S F R P and `.`, or `-`,"));
        };
        if flags.contains(flag) {
            return Err(before.unexpected("each control bit once"));
        }
        flags |= flag;
    }
    if word.is_empty() {
        before.blank()?;
        return Err(before.unexpected("control bits"));
    }
    Ok(flags)
}

/// Whether `<` opens a list of options: a segment is on a line of its own.
fn is_option_list(cursor: &Cursor) -> bool {
    cursor.rest().starts_with('<')
}

fn options(cursor: &mut Cursor) -> Result<Options, ParseError> {
    let mut options = Options::default();
    cursor.expect("<")?;
    if cursor.eat("...")? {
        cursor.expect(">")?;
        return Ok(options);
    }
    while !cursor.eat(">")? {
        cursor.blank()?;
        let word = cursor.peek_word();
        match word {
            "mss" => {
                cursor.expect(word)?;
                let mss = cursor.number()?;
                options.mss =
                    Some(u16::try_from(mss).map_err(|_| cursor.unsupported(format!("mss {mss}")))?);
            }
            "wscale" => {
                cursor.expect(word)?;
                let shift = cursor.number()?;
                let refuse = |_| cursor.unsupported(format!("wscale {shift}"));
                options.window_scale = Some(u8::try_from(shift).map_err(refuse)?);
            }
            "nop" | "eol" => cursor.expect(word)?,
            "sackOK" => {
                cursor.expect(word)?;
                options.sack_permitted = true;
            }
            "TS" => {
                cursor.expect(word)?;
                cursor.expect("val")?;
                let value = cursor.number()?;
                cursor.expect("ecr")?;
                options.timestamps = Some(Timestamps { value, echo: cursor.number()? });
            }
            "sack" => options.sack = sack(cursor)?,
            "" => return Err(cursor.unexpected("an option")),
            // Fast Open, MD5, AccECN, experiments: a receiver that does not know them skips them.
            _ => {
                cursor.take_until(|char| matches!(char, ',' | '>'));
            }
        }
        if !cursor.eat(",")? {
            cursor.expect(">")?;
            break;
        }
    }
    Ok(options)
}

/// `sack a:b c:d`.
fn sack(cursor: &mut Cursor) -> Result<SackBlocks, ParseError> {
    let mut blocks = vec![];
    cursor.expect("sack")?;
    cursor.blank()?;
    while cursor.rest().starts_with(|char: char| char.is_ascii_digit()) {
        let start = SeqNumber(cursor.number()?);
        cursor.expect(":")?;
        blocks.push((start, SeqNumber(cursor.number()?)));
        cursor.blank()?;
    }
    Ok(SackBlocks::new(&blocks))
}
