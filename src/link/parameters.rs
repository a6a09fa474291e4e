//! The parameters that tune the run, in the order in which a link writes them. The parser, the
//! writer and the Tune panel all use this one table.

use super::{Link, MAX_RTT, MSS_RANGE, ProblemKind, SHORTEST};
use crate::link::read::{OrBad, choose, number, span_in};
use crate::scenarios::Stack;
use crate::sim::edit::LONGEST;
use crate::tcp::SeqNumber;
use crate::time::Duration;

/// A parameter that tunes the run.
pub(super) struct Parameter {
    /// Its name in links.
    pub(super) key: &'static str,
    /// Its value in a link, if it has one.
    pub(super) write: fn(&Link) -> Option<String>,
    /// Sets it to a value as links spell it, or says why the value is wrong.
    pub(super) read: fn(&mut Link, &str) -> Result<(), ProblemKind>,
    /// Removes it.
    pub(super) clear: fn(&mut Link),
}

/// Every parameter that tunes the run.
pub(super) const TUNING: [Parameter; 9] = [
    Parameter {
        key: "rtt",
        write: |link| Some(link.rtt?.to_string()),
        read: |link, value| span_in(value, Duration::ZERO, MAX_RTT).map(|it| link.rtt = Some(it)),
        clear: |link| link.rtt = None,
    },
    Parameter {
        key: "loss",
        write: |link| Some(link.loss?.to_string()),
        read: |link, value| {
            let percent = number(value.strip_suffix('%').unwrap_or(value))?;
            link.loss = Some(u8::try_from(percent).ok().filter(|loss| *loss <= 100).or_bad()?);
            Ok(())
        },
        clear: |link| link.loss = None,
    },
    Parameter {
        key: "seed",
        write: |link| Some(link.seed?.to_string()),
        read: |link, value| number(value).map(|it| link.seed = Some(it)),
        clear: |link| link.seed = None,
    },
    Parameter {
        key: "mss",
        write: |link| Some(link.mss?.to_string()),
        read: |link, value| {
            let mss = u16::try_from(number(value)?).ok();
            link.mss = Some(mss.filter(|mss| MSS_RANGE.contains(mss)).or_bad()?);
            Ok(())
        },
        clear: |link| link.mss = None,
    },
    Parameter {
        key: "isn",
        write: |link| link.isn.map(|[client, server]| format!("{client},{server}")),
        read: |link, value| {
            let (client, server) = value.split_once(',').or_bad()?;
            let isn = |text: &str| {
                let number = u32::try_from(number(text.trim())?).ok().or_bad()?;
                Ok(SeqNumber(number))
            };
            link.isn = Some([isn(client)?, isn(server)?]);
            Ok(())
        },
        clear: |link| link.isn = None,
    },
    Parameter {
        key: "stack",
        write: |link| Some(link.stack?.id().to_owned()),
        read: |link, value| choose(value, Stack::ALL, Stack::id).map(|it| link.stack = Some(it)),
        clear: |link| link.stack = None,
    },
    Parameter {
        key: "window",
        write: |link| Some(link.window?.to_string()),
        read: |link, value| {
            let window = u16::try_from(number(value)?).ok();
            link.window = Some(window.filter(|window| *window > 0).or_bad()?);
            Ok(())
        },
        clear: |link| link.window = None,
    },
    Parameter {
        key: "msl",
        write: |link| Some(link.msl?.to_string()),
        read: |link, value| span_in(value, SHORTEST, LONGEST).map(|it| link.msl = Some(it)),
        clear: |link| link.msl = None,
    },
    Parameter {
        key: "rto",
        write: |link| link.rto.map(|[min, max]| format!("{min},{max}")),
        read: |link, value| {
            let (min, max) = value.split_once(',').ok_or(ProblemKind::NotATime)?;
            let bound = |text: &str| span_in(text.trim(), SHORTEST, LONGEST);
            let (min, max) = (bound(min)?, bound(max)?);
            if min > max {
                return Err(ProblemKind::Reversed);
            }
            link.rto = Some([min, max]);
            Ok(())
        },
        clear: |link| link.rto = None,
    },
];

/// The parameter of a name.
pub(super) fn tuning(key: &str) -> Option<&'static Parameter> {
    const TABLE: &[Parameter] = &TUNING;
    TABLE.iter().find(|parameter| parameter.key == key)
}
