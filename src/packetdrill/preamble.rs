//! The comments at the head of a script that only our runner obeys. Others skip them, as comments.

use super::options::Stack;
use crate::tcp::Config;
use crate::time::Duration;

/// What the comments of a script say: `// stack: linux`, `// time-wait: 0.5`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preamble {
    /// The stack with which the script was made.
    pub stack: Option<Stack>,
    /// The times that differ from the stack's own.
    pub times: Vec<(Setting, Duration)>,
}

/// A time of a stack that a comment can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// 2MSL.
    TimeWait,
    /// The floor of RTO.
    RtoMin,
    /// The cap of RTO.
    RtoMax,
    /// How long an ACK waits; zero if it does not.
    DelayedAck,
    /// The same for the ACK of a FIN.
    DelayedAckOfFin,
}

impl Setting {
    /// Every setting.
    pub const ALL: [Self; 5] =
        [Self::TimeWait, Self::RtoMin, Self::RtoMax, Self::DelayedAck, Self::DelayedAckOfFin];

    /// Its name in a comment.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::TimeWait => "time-wait",
            Self::RtoMin => "rto-min",
            Self::RtoMax => "rto-max",
            Self::DelayedAck => "delayed-ack",
            Self::DelayedAckOfFin => "delayed-ack-of-fin",
        }
    }

    /// Its value in a stack's options.
    #[must_use]
    pub fn of(self, config: &Config) -> Duration {
        let delay = config.delayed_ack.unwrap_or(Duration::ZERO);
        match self {
            Self::TimeWait => config.time_wait,
            Self::RtoMin => config.rto_min,
            Self::RtoMax => config.rto_max,
            Self::DelayedAck => delay,
            Self::DelayedAckOfFin if config.delay_ack_of_fin => delay,
            Self::DelayedAckOfFin => Duration::ZERO,
        }
    }

    pub(super) fn set(self, config: &mut Config, span: Duration) {
        match self {
            Self::TimeWait => config.time_wait = span,
            Self::RtoMin => config.rto_min = span,
            Self::RtoMax => config.rto_max = span,
            Self::DelayedAck => config.delayed_ack = Some(span).filter(|span| !span.is_zero()),
            Self::DelayedAckOfFin => config.delay_ack_of_fin = !span.is_zero(),
        }
    }
}

impl Preamble {
    /// Reads the comments before the first line of another kind. What is not understood is a
    /// comment like any other.
    pub(super) fn of(text: &str) -> Self {
        let mut preamble = Self::default();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        for line in lines.map_while(|line| line.strip_prefix("//")) {
            let Some((name, value)) = line.split_once(':') else { continue };
            let (name, value) = (name.trim(), value.trim());
            if name == "stack" {
                preamble.stack = Stack::from_id(value).or(preamble.stack);
            }
            let setting = Setting::ALL.into_iter().find(|setting| setting.id() == name);
            if let (Some(setting), Some(span)) = (setting, seconds(value)) {
                preamble.times.push((setting, span));
            }
        }
        preamble
    }
}

/// A number of seconds with at most six decimals.
fn seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || fraction.len() > 6 || whole.is_empty() {
        return None;
    }
    let micros = format!("{fraction:0<6}").parse::<u64>().ok()?;
    Some(Duration::from_secs(whole.parse().ok()?) + Duration::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::{Preamble, Setting};
    use crate::packetdrill::Stack;
    use crate::time::Duration;

    #[test]
    fn comments_name_the_stack_and_its_times() {
        let text =
            "// stack: linux\n// Some words: none.\n\n//time-wait: 0.5\n0 `true`\n// rto-max: 3";
        let preamble = Preamble::of(text);
        assert_eq!(preamble.stack, Some(Stack::Linux));
        assert_eq!(preamble.times, [(Setting::TimeWait, Duration::from_millis(500))]);
        for text in
            ["", "// stack: sun", "// rto-max: 1e9", "// rto-max: .5", "0 `// stack: linux`"]
        {
            assert_eq!(Preamble::of(text), Preamble::default(), "{text}");
        }
    }
}
