//! The parameters of a link, in the order in which they are written. The parser, the writer, the
//! Tune panel and the tests of the documents all use this table.

use super::model::Link;
use super::problem::ProblemKind;
use super::values::{
    Range, choose, join, keep_alive, off_or, on_or_off, per_host, two, write_keep_alive,
    write_per_host, write_span, write_switch,
};
use crate::scenarios::{Stack, Tuning, WindowScale};
use crate::sim::edit::LONGEST;
use crate::tcp::{Options, SeqNumber};
use crate::time::Duration;

const RTT: Range = Range::Spans(Duration::ZERO, Duration::from_secs(60));
const LOSS: Range = Range::Numbers(0, 100);
const SEED: Range = Range::Numbers(0, u64::MAX);
/// At least the longest datagram without text: 20 bytes for IP, 60 for TCP.
const MTU: Range = Range::Numbers(80, 65_535);
const MSS: Range = Range::Numbers(16, 65_495);
const ISN: Range = Range::Numbers(0, u32::MAX as u64);
const SCALE: Range = Range::Numbers(0, Options::MAX_WINDOW_SCALE as u64);
const WINDOW: Range = Range::Numbers(1, u16::MAX as u64);
/// The range of `msl` and of both bounds in `rto`.
const TIMER: Range = Range::Spans(Duration::from_millis(1), LONGEST);

/// The range of `delack`: MUST-40 limits the delay of an ACK to half a second.
const DELAY: Range = Range::Spans(Duration::from_millis(1), Duration::from_millis(499));

/// A parameter that tunes the run.
pub(super) struct Parameter {
    /// Its name.
    pub(super) name: &'static str,
    /// The range of its value, or of each of its two values, apart from `off`; `None` if its values
    /// are names.
    range: Option<Range>,
    /// Its value in a link, if it has one.
    pub(super) write: fn(&Link) -> Option<String>,
    /// Sets it to a value in the notation of links, or returns why the value is invalid.
    pub(super) read: fn(&mut Link, &str) -> Result<(), ProblemKind>,
    /// Removes it.
    clear: fn(&mut Link),
}

/// Every parameter that tunes the run.
pub(super) const TUNING: [Parameter; 20] = [
    Parameter {
        name: "rtt",
        range: Some(RTT),
        write: |link| Some(link.rtt?.to_string()),
        read: |link, value| RTT.span(value).map(|rtt| link.rtt = Some(rtt)),
        clear: |link| link.rtt = None,
    },
    Parameter {
        name: "loss",
        range: Some(LOSS),
        write: |link| Some(link.loss?.to_string()),
        read: |link, value| {
            let percent = value.strip_suffix('%').unwrap_or(value);
            LOSS.number(percent).map(|percent| link.loss = Some(percent))
        },
        clear: |link| link.loss = None,
    },
    Parameter {
        name: "seed",
        range: Some(SEED),
        write: |link| Some(link.seed?.to_string()),
        read: |link, value| SEED.number(value).map(|seed| link.seed = Some(seed)),
        clear: |link| link.seed = None,
    },
    Parameter {
        name: "mtu",
        range: Some(MTU),
        write: |link| Some(link.mtu?.to_string()),
        read: |link, value| MTU.number(value).map(|mtu| link.mtu = Some(mtu)),
        clear: |link| link.mtu = None,
    },
    Parameter {
        name: "mss",
        range: Some(MSS),
        write: |link| Some(link.mss?.to_string()),
        read: |link, value| MSS.number(value).map(|mss| link.mss = Some(mss)),
        clear: |link| link.mss = None,
    },
    Parameter {
        name: "isn",
        range: Some(ISN),
        write: |link| link.isn.map(join),
        read: |link, value| {
            let [client, server] = two(value).ok_or(ProblemKind::NotANumber)?;
            link.isn = Some([SeqNumber(ISN.number(client)?), SeqNumber(ISN.number(server)?)]);
            Ok(())
        },
        clear: |link| link.isn = None,
    },
    Parameter {
        name: "stack",
        range: None,
        write: |link| Some(link.stack?.id().to_owned()),
        read: |link, value| {
            choose(value, Stack::ALL, Stack::id).map(|stack| link.stack = Some(stack))
        },
        clear: |link| link.stack = None,
    },
    Parameter {
        name: "window",
        range: Some(WINDOW),
        write: |link| Some(link.window?.to_string()),
        read: |link, value| WINDOW.number(value).map(|window| link.window = Some(window)),
        clear: |link| link.window = None,
    },
    Parameter {
        name: "msl",
        range: Some(TIMER),
        write: |link| Some(link.msl?.to_string()),
        read: |link, value| TIMER.span(value).map(|msl| link.msl = Some(msl)),
        clear: |link| link.msl = None,
    },
    Parameter {
        name: "rto",
        range: Some(TIMER),
        write: |link| link.rto.map(join),
        read: |link, value| {
            let [min, max] = two(value).ok_or(ProblemKind::NotATime)?;
            let [min, max] = [TIMER.span(min)?, TIMER.span(max)?];
            if min > max {
                return Err(ProblemKind::Reversed);
            }
            link.rto = Some([min, max]);
            Ok(())
        },
        clear: |link| link.rto = None,
    },
    Parameter {
        name: "sack",
        range: None,
        write: |link| write_per_host(link.sack, write_switch),
        read: |link, value| per_host(value, on_or_off).map(|sack| link.sack = sack),
        clear: |link| link.sack = [None; 2],
    },
    Parameter {
        name: "ts",
        range: None,
        write: |link| write_per_host(link.ts, write_switch),
        read: |link, value| per_host(value, on_or_off).map(|ts| link.ts = ts),
        clear: |link| link.ts = [None; 2],
    },
    Parameter {
        name: "wscale",
        range: Some(SCALE),
        write: |link| write_per_host(link.wscale, write_scale),
        read: |link, value| per_host(value, scale).map(|wscale| link.wscale = wscale),
        clear: |link| link.wscale = [None; 2],
    },
    Parameter {
        name: "nodelay",
        range: None,
        write: |link| write_per_host(link.switches.nodelay, write_switch),
        read: |link, value| per_host(value, on_or_off).map(|it| link.switches.nodelay = it),
        clear: |link| link.switches.nodelay = [None; 2],
    },
    Parameter {
        name: "delack",
        range: Some(DELAY),
        write: |link| write_per_host(link.switches.delayed_ack, write_span),
        read: |link, value| {
            per_host(value, |value| off_or(DELAY, value)).map(|it| link.switches.delayed_ack = it)
        },
        clear: |link| link.switches.delayed_ack = [None; 2],
    },
    Parameter {
        name: "keepalive",
        range: None,
        write: |link| write_per_host(link.switches.keep_alive, write_keep_alive),
        read: |link, value| per_host(value, keep_alive).map(|it| link.switches.keep_alive = it),
        clear: |link| link.switches.keep_alive = [None; 2],
    },
    Parameter {
        name: "user-timeout",
        range: Some(TIMER),
        write: |link| write_per_host(link.switches.user_timeout, write_span),
        read: |link, value| {
            per_host(value, |value| off_or(TIMER, value)).map(|it| link.switches.user_timeout = it)
        },
        clear: |link| link.switches.user_timeout = [None; 2],
    },
    Parameter {
        name: "rfc5961",
        range: None,
        write: |link| write_per_host(link.switches.rfc5961, write_switch),
        read: |link, value| per_host(value, on_or_off).map(|it| link.switches.rfc5961 = it),
        clear: |link| link.switches.rfc5961 = [None; 2],
    },
    Parameter {
        name: "rfc1337",
        range: None,
        write: |link| write_per_host(link.switches.rfc1337, write_switch),
        read: |link, value| per_host(value, on_or_off).map(|it| link.switches.rfc1337 = it),
        clear: |link| link.switches.rfc1337 = [None; 2],
    },
    Parameter {
        name: "reopen",
        range: None,
        write: |link| write_per_host(link.switches.reopens, write_switch),
        read: |link, value| per_host(value, on_or_off).map(|it| link.switches.reopens = it),
        clear: |link| link.switches.reopens = [None; 2],
    },
];

/// Reads `off`, or a number of bits.
fn scale(value: &str) -> Result<WindowScale, ProblemKind> {
    if value.eq_ignore_ascii_case("off") {
        return Ok(WindowScale::Off);
    }
    SCALE.number(value).map(WindowScale::Bits)
}

fn write_scale(scale: WindowScale) -> String {
    match scale {
        WindowScale::Off => "off".to_owned(),
        WindowScale::Bits(bits) => bits.to_string(),
    }
}

/// The parameters that choose the run, before those that tune it.
const RUN_NAMES: [&str; 3] = ["scenario", "part", "do"];
/// The parameters of the view, after those that tune it.
const VIEW_NAMES: [&str; 12] = [
    "t", "autoplay", "speed", "pauseOn", "lang", "theme", "panels", "embed", "name", "task",
    "goal", "lock",
];

/// The names of all parameters, in the order in which they are written.
pub fn names() -> impl Iterator<Item = &'static str> {
    let tuning = TUNING.iter().map(|parameter| parameter.name);
    RUN_NAMES.into_iter().chain(tuning).chain(VIEW_NAMES)
}

/// The range of a tuning parameter's value, or of each of its two values; `None` if its values are
/// names or if no such parameter tunes the run.
#[must_use]
pub fn range(name: &str) -> Option<Range> {
    tuning(name)?.range
}

/// The tuning parameter with this name.
pub(super) fn tuning(name: &str) -> Option<&'static Parameter> {
    const TABLE: &[Parameter] = &TUNING;
    TABLE.iter().find(|parameter| parameter.name == name)
}

impl Link {
    /// The same link with one tuning parameter set to a value in the notation of links. An empty
    /// value removes the parameter.
    ///
    /// # Errors
    ///
    /// Why the value is invalid, or that there is no such tuning parameter.
    pub fn tuned(&self, name: &str, value: &str) -> Result<Self, ProblemKind> {
        let parameter = tuning(name).ok_or(ProblemKind::UnknownKey)?;
        let mut link = self.clone();
        match value.trim() {
            "" => (parameter.clear)(&mut link),
            value => (parameter.read)(&mut link, value)?,
        }
        Ok(link.normalized())
    }

    /// The same link without tuning parameters.
    #[must_use]
    pub fn untuned(&self) -> Self {
        let mut link = self.clone();
        for parameter in &TUNING {
            (parameter.clear)(&mut link);
        }
        link
    }

    /// The names of the tuning parameters that differ between two links.
    #[must_use]
    pub fn tuning_differences(&self, other: &Self) -> Vec<&'static str> {
        let differing = TUNING.iter().filter(|it| (it.write)(self) != (it.write)(other));
        differing.map(|parameter| parameter.name).collect()
    }

    /// The same link in canonical form: without tuning parameters that have their default value.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        let Tuning { rtt, loss_percent, seed, mss, isn, stack, window, msl, rto, .. } =
            Tuning::default();
        let default = Self {
            rtt: Some(rtt),
            loss: Some(loss_percent),
            seed: Some(seed),
            mss,
            isn: Some(isn),
            stack: Some(stack),
            window,
            msl,
            rto,
            ..Self::default()
        };
        for parameter in &TUNING {
            if (parameter.write)(&self) == (parameter.write)(&default) {
                (parameter.clear)(&mut self);
            }
        }
        self
    }
}
