//! System calls: `name(arguments) = result`.

use super::cursor::Cursor;
use super::events::Events;
use super::script::{
    Call, Descriptor, ErrorWord, How, ParseError, SocketOption, SystemCall, Wanted, Watch, When,
};
use crate::time::Duration;

/// The most bytes of one `write` or `read`.
const MAX_OCTETS: u32 = 1 << 20;
/// The deepest nesting of brackets in arguments.
const MAX_DEPTH: usize = 16;

/// A system call, from its name to its result.
pub(super) fn system_call(
    cursor: &mut Cursor,
    until: Option<When>,
) -> Result<SystemCall, ParseError> {
    let start = cursor.clone();
    let name = cursor.peek_word();
    cursor.expect(name)?;
    cursor.expect("(")?;
    let arguments = arguments(cursor)?;
    cursor.expect("=")?;
    let wanted = wanted(cursor)?;
    let call = Arguments { name, list: &arguments, at: &start }.call()?;
    let text = format!("{name}({})", arguments.join(", "));
    Ok(SystemCall { text, call, wanted, until })
}

/// The arguments up to the closing parenthesis, split at the commas between them.
fn arguments(cursor: &mut Cursor) -> Result<Vec<String>, ParseError> {
    let mut list = vec![String::new()];
    let mut open = Vec::new();
    loop {
        cursor.blank()?;
        let Some(char) = cursor.peek() else {
            return Err(cursor.unsupported("a system call without `)`"));
        };
        let current = list.len() - 1;
        if char == '"' {
            cursor.expect("\"")?;
            let text = cursor.take_through("\"")?;
            list[current].extend(["\"", text, "\""]);
            continue;
        }
        if char.is_ascii_alphanumeric() || char == '_' {
            let word = cursor.take_until(|char| !char.is_ascii_alphanumeric() && char != '_');
            list[current].push_str(word);
            continue;
        }
        let closes = match char {
            '(' => Some(')'),
            '[' => Some(']'),
            '{' => Some('}'),
            _ => None,
        };
        cursor.expect(char.encode_utf8(&mut [0; 4]))?;
        match char {
            ')' if open.is_empty() => {
                list.retain(|argument| !argument.is_empty());
                return Ok(list);
            }
            ',' if open.is_empty() => list.push(String::new()),
            ')' | ']' | '}' => {
                if open.pop() != Some(char) {
                    return Err(cursor.unsupported(format!("`{char}` that closes nothing")));
                }
                list[current].push(char);
            }
            _ => {
                open.extend(closes);
                if open.len() > MAX_DEPTH {
                    return Err(cursor.unsupported("brackets nested too deep"));
                }
                list[current].push(char);
            }
        }
    }
}

/// The wanted result, after `=`.
fn wanted(cursor: &mut Cursor) -> Result<Wanted, ParseError> {
    if cursor.eat("...")? {
        return Ok(Wanted::Any);
    }
    let is_negative = cursor.eat("-")?;
    cursor.blank()?;
    let word = cursor.peek_word();
    let result = if word.starts_with(|char: char| char.is_ascii_digit()) {
        cursor.expect(word)?;
        let value = integer(word).ok_or_else(|| cursor.unsupported(format!("result {word}")))?;
        if is_negative && value != 1 {
            return Err(cursor.unsupported(format!("the result -{value}")));
        }
        cursor.blank()?;
        let name = cursor.peek_word();
        if is_negative && name.starts_with('E') {
            cursor.expect(name)?;
            Wanted::Error(Some(name.to_owned()))
        } else if is_negative {
            Wanted::Error(None)
        } else {
            Wanted::Value(value)
        }
    } else if word.starts_with("O_") && !is_negative {
        open_flags(cursor)?
    } else {
        return Err(cursor.unexpected("a result"));
    };
    // An explanation in parentheses.
    if cursor.eat("(")? {
        cursor.take_through(")")?;
    }
    Ok(result)
}

/// `O_RDWR|O_NONBLOCK`.
fn open_flags(cursor: &mut Cursor) -> Result<Wanted, ParseError> {
    let (mut access, mut nonblocking) = (0, false);
    loop {
        cursor.blank()?;
        let word = cursor.peek_word();
        match word {
            "O_RDONLY" => {}
            "O_WRONLY" => access = 1,
            "O_RDWR" => access = 2,
            "O_NONBLOCK" => nonblocking = true,
            _ => return Err(cursor.unexpected("O_RDONLY, O_WRONLY, O_RDWR or O_NONBLOCK")),
        }
        cursor.expect(word)?;
        if !cursor.eat("|")? {
            return Ok(Wanted::Flags(access, nonblocking));
        }
    }
}

/// A number as C writes it: `10`, `0x0a`, `012`.
fn integer(word: &str) -> Option<i64> {
    if let Some(digits) = word.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok();
    }
    if word.len() > 1
        && let Some(digits) = word.strip_prefix('0')
    {
        return i64::from_str_radix(digits, 8).ok();
    }
    word.parse().ok()
}

/// The value of `name=` in the text of a structure.
fn field_of(text: &str, name: &str) -> Option<String> {
    let inner = text.trim_matches(['[', ']', '{', '}', ',', ' ']);
    inner.split(',').find_map(|part| {
        let (key, value) = part.trim_start_matches(['{', ' ']).split_once('=')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}

/// A call's name and arguments.
struct Arguments<'a> {
    name: &'a str,
    list: &'a [String],
    at: &'a Cursor<'a>,
}

impl Arguments<'_> {
    fn call(&self) -> Result<Call, ParseError> {
        let call = match (self.name, self.list.len()) {
            ("socket", 3) => self.socket()?,
            ("bind", 3) => Call::Bind(self.descriptor()?),
            ("listen", 2) => Call::Listen(self.descriptor()?),
            ("connect", 3) => Call::Connect(self.descriptor()?),
            ("accept", 3) => Call::Accept(self.descriptor()?),
            ("close", 1) => Call::Close(self.descriptor()?),
            ("shutdown", 2) => Call::Shutdown(self.descriptor()?, self.how()?),
            ("write", 3) => Call::Write(self.descriptor()?, self.octets()?),
            ("sendto", 6) | ("send", 4) => {
                self.words(3, &["MSG_NOSIGNAL", "MSG_DONTWAIT", "MSG_EOR"])?;
                Call::Write(self.descriptor()?, self.octets()?)
            }
            ("poll", 3) => Call::Poll(self.poll_list()?),
            ("epoll_create" | "epoll_create1", 1) => Call::EpollCreate,
            ("epoll_ctl", 4) => self.epoll_control()?,
            ("epoll_wait", 4) => {
                let events = self.field(1, "events").and_then(|text| Events::read(&text));
                Call::EpollWait(self.descriptor()?, events)
            }
            ("read", 3) => Call::Read { fd: self.descriptor()?, len: self.octets()?, peek: false },
            ("recv", 4) => {
                let words = self.words(3, &["MSG_PEEK", "MSG_DONTWAIT", "MSG_NOSIGNAL"])?;
                let peek = words.contains(&"MSG_PEEK");
                Call::Read { fd: self.descriptor()?, len: self.octets()?, peek }
            }
            ("fcntl", 2) if self.list[1] == "F_GETFL" => Call::GetFlags(self.descriptor()?),
            ("fcntl", 3) if self.list[1] == "F_SETFL" => {
                let words = self.words(2, &["O_RDWR", "O_RDONLY", "O_WRONLY", "O_NONBLOCK"])?;
                Call::SetFlags(self.descriptor()?, words.contains(&"O_NONBLOCK"))
            }
            ("ioctl", 3) if matches!(self.list[1].as_str(), "SIOCINQ" | "FIONREAD") => {
                Call::Unread(self.descriptor()?, self.pointed_number(2)?)
            }
            ("getsockopt", 5) => self.option_sought()?,
            ("setsockopt", 5) => Call::SetOption(self.descriptor()?, self.option_set()?),
            _ => return Err(self.refuse()),
        };
        Ok(call)
    }

    /// An error: the call is not supported.
    fn refuse(&self) -> ParseError {
        self.at.unsupported(format!("the system call {}({})", self.name, self.list.join(", ")))
    }

    fn descriptor(&self) -> Result<Descriptor, ParseError> {
        let word = self.list.first().map(String::as_str).unwrap_or_default();
        integer(word).ok_or_else(|| self.refuse())
    }

    fn octets(&self) -> Result<u32, ParseError> {
        let octets = integer(&self.list[2]).and_then(|octets| u32::try_from(octets).ok());
        octets.filter(|octets| *octets <= MAX_OCTETS).ok_or_else(|| self.refuse())
    }

    /// The words of an argument `A|B`. Of numbers only 0 is supported: no word.
    fn words(&self, index: usize, known: &[&str]) -> Result<Vec<&str>, ParseError> {
        let words: Vec<&str> = self.list[index].split('|').collect();
        let is_known = |word: &&str| known.contains(word) || *word == "0" || *word == "...";
        if words.iter().all(is_known) { Ok(words) } else { Err(self.refuse()) }
    }

    /// `[v]`, or `v`; `None` where the script says `...`.
    fn pointed(&self, index: usize) -> Option<&str> {
        let word = self.list[index].as_str();
        let inner = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')).unwrap_or(word);
        (inner != "...").then_some(inner)
    }

    fn pointed_number(&self, index: usize) -> Result<Option<i64>, ParseError> {
        match self.pointed(index) {
            None => Ok(None),
            Some(word) => integer(word).map(Some).ok_or_else(|| self.refuse()),
        }
    }

    fn socket(&self) -> Result<Call, ParseError> {
        let words = self.words(1, &["SOCK_STREAM", "SOCK_NONBLOCK", "SOCK_CLOEXEC"])?;
        let is_tcp = matches!(
            self.list[0].as_str(),
            "..." | "AF_INET" | "PF_INET" | "AF_INET6" | "PF_INET6"
        ) && matches!(self.list[2].as_str(), "..." | "0" | "IPPROTO_TCP")
            && words.contains(&"SOCK_STREAM");
        if !is_tcp {
            return Err(self.refuse());
        }
        Ok(Call::Socket { nonblocking: words.contains(&"SOCK_NONBLOCK") })
    }

    fn how(&self) -> Result<How, ParseError> {
        match self.list[1].as_str() {
            "SHUT_RD" => Ok(How::Read),
            "SHUT_WR" => Ok(How::Write),
            "SHUT_RDWR" => Ok(How::Both),
            _ => Err(self.refuse()),
        }
    }

    fn option_sought(&self) -> Result<Call, ParseError> {
        let fd = self.descriptor()?;
        match (self.list[1].as_str(), self.list[2].as_str()) {
            ("SOL_SOCKET", "SO_ERROR") => {
                let word = self.pointed(3).map(|word| match integer(word) {
                    Some(number) => Ok(ErrorWord::Number(number)),
                    None if word.starts_with('E') => Ok(ErrorWord::Name(word.to_owned())),
                    None => Err(self.refuse()),
                });
                Ok(Call::GetError(fd, word.transpose()?))
            }
            ("SOL_SOCKET", "SO_RCVBUF") => {
                let size = self.pointed_number(3)?.map(u32::try_from).transpose();
                Ok(Call::GetReceiveBuffer(fd, size.map_err(|_| self.refuse())?))
            }
            _ => Err(self.refuse()),
        }
    }

    fn option_set(&self) -> Result<SocketOption, ParseError> {
        let name = self.list[2].as_str();
        let number =
            || -> Result<i64, ParseError> { self.pointed_number(3)?.ok_or_else(|| self.refuse()) };
        let small = || u32::try_from(number()?).map_err(|_| self.refuse());
        Ok(match name {
            "TCP_NODELAY" => SocketOption::NoDelay(number()? != 0),
            "TCP_CORK" | "TCP_NOPUSH" => SocketOption::Cork(number()? != 0),
            "SO_KEEPALIVE" => SocketOption::KeepAlive(number()? != 0),
            "TCP_KEEPIDLE" => SocketOption::KeepIdle(Duration::from_secs(u64::from(small()?))),
            "TCP_KEEPINTVL" => SocketOption::KeepInterval(Duration::from_secs(u64::from(small()?))),
            "TCP_KEEPCNT" => SocketOption::KeepCount(small()?),
            "TCP_SYNCNT" => SocketOption::SynCount(small()?),
            "SO_SNDBUF" => SocketOption::SendBuffer(small()?),
            "TCP_KEEPINIT" => SocketOption::OpenTimeout(Duration::from_secs(u64::from(small()?))),
            "TCP_USER_TIMEOUT" => {
                SocketOption::UserTimeout(Duration::from_millis(u64::from(small()?)))
            }
            "TCP_MAXSEG" => {
                let mss = u16::try_from(number()?).ok().filter(|mss| *mss > 0);
                SocketOption::MaxSegment(mss.ok_or_else(|| self.refuse())?)
            }
            "SO_RCVBUF" => SocketOption::ReceiveBuffer(small()?),
            "SO_LINGER" => self.linger()?,
            // These change segments in ways that are not supported.
            "TCP_FASTOPEN" | "TCP_FASTOPEN_CONNECT" | "TCP_MD5SIG" | "TCP_ULP" | "TCP_REPAIR" => {
                return Err(self.refuse());
            }
            _ if name.starts_with(|char: char| char.is_ascii_uppercase()) => {
                SocketOption::Other(name.to_owned())
            }
            _ => return Err(self.refuse()),
        })
    }

    /// The value of `name=` in a structure; structures do not nest here.
    fn field(&self, index: usize, name: &str) -> Option<String> {
        field_of(&self.list[index], name)
    }

    /// `[{fd=4, events=POLLIN, revents=POLLIN}, …]`.
    fn poll_list(&self) -> Result<Vec<Watch>, ParseError> {
        let list = self.list[0].trim_matches(['[', ']']);
        let parts = list.split('}').filter(|part| part.contains('='));
        let watch = |part: &str| {
            let events = |name| field_of(part, name).and_then(|text| Events::read(&text));
            let fd = integer(&field_of(part, "fd")?)?;
            Some(Watch { fd, asked: events("events")?, wanted: events("revents") })
        };
        parts.map(watch).collect::<Option<Vec<_>>>().ok_or_else(|| self.refuse())
    }

    /// `epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, fd=4})`.
    fn epoll_control(&self) -> Result<Call, ParseError> {
        let fd = integer(&self.list[2]).ok_or_else(|| self.refuse())?;
        let events = match self.list[1].as_str() {
            "EPOLL_CTL_DEL" => None,
            "EPOLL_CTL_ADD" | "EPOLL_CTL_MOD" => {
                let events = self.field(3, "events").and_then(|text| Events::read(&text));
                Some(events.ok_or_else(|| self.refuse())?)
            }
            _ => return Err(self.refuse()),
        };
        Ok(Call::EpollControl(self.descriptor()?, fd, events))
    }

    /// `{onoff=1, linger=0}`, and its spelling with `l_`.
    fn linger(&self) -> Result<SocketOption, ParseError> {
        let text = self.list[3].trim_matches(['[', ']', '{', '}']);
        let (mut is_on, mut span) = (None, None);
        for field in text.split(',') {
            match field.split_once('=') {
                Some(("onoff" | ".l_onoff" | "l_onoff", value)) => is_on = integer(value),
                Some(("linger" | ".l_linger" | "l_linger", value)) => span = integer(value),
                _ => return Err(self.refuse()),
            }
        }
        match (is_on, span) {
            (Some(is_on), Some(span)) => Ok(SocketOption::AbortOnClose(is_on != 0 && span == 0)),
            _ => Err(self.refuse()),
        }
    }
}
