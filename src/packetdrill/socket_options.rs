//! The options of a stack, and what socket options change in them.

use super::options::Stack;
use super::script::SocketOption;
use crate::tcp::{Config, GiveUp, Habits, KeepAlive, SeqNumber};
use crate::time::Duration;

pub(super) fn apply(config: &mut Config, option: &SocketOption) {
    match option {
        SocketOption::NoDelay(is_on) => config.nagle = !is_on,
        SocketOption::OpenTimeout(span) => config.open_timeout = Some(*span),
        SocketOption::UserTimeout(span) => {
            config.user_timeout = Some(*span).filter(|span| !span.is_zero());
        }
        SocketOption::MaxSegment(mss) => config.mss = *mss,
        SocketOption::Cork(is_on) => config.corked = *is_on,
        SocketOption::SynCount(count) => {
            let count = count.saturating_add(config.habits.linear_syns);
            config.syn_give_up = GiveUp::Retransmissions(count);
        }
        SocketOption::SendBuffer(size) => config.send_buffer = *size,
        SocketOption::KeepAlive(is_on) => {
            config.keep_alive = is_on.then_some(config.keep_alive_times);
        }
        SocketOption::KeepIdle(span) => keep(config, |times| times.idle = *span),
        SocketOption::KeepInterval(span) => keep(config, |times| times.interval = *span),
        SocketOption::KeepCount(count) => keep(config, |times| times.probes = *count),
        SocketOption::ReceiveBuffer(_) | SocketOption::AbortOnClose(_) | SocketOption::Other(_) => {
        }
    }
}

pub(super) fn keep(config: &mut Config, change: impl Fn(&mut KeepAlive)) {
    change(&mut config.keep_alive_times);
    config.keep_alive = config.keep_alive.map(|_| config.keep_alive_times);
}

/// The MSS to announce, and the one to assume (MUST-15), over IPv6.
pub(super) const IPV6_MSS: (u16, u16) = (1440, 1220);

impl Stack {
    /// The options of the stack for which a script was written.
    #[must_use]
    pub fn options(self, iss: SeqNumber) -> Config {
        match self {
            Self::FreeBsd => Config {
                rto_max: Duration::from_secs(64),
                syn_give_up: GiveUp::Retransmissions(12),
                syn_ack_give_up: GiveUp::Retransmissions(3),
                give_up: GiveUp::Retransmissions(12),
                user_timeout: None,
                open_timeout: Some(Duration::from_secs(75)),
                time_wait: Duration::from_secs(60),
                delayed_ack: Some(Duration::from_millis(40)),
                habits: Habits {
                    unread_text_resets: false,
                    late_reset_at_ack: true,
                    ..Habits::RFC
                },
                ..Config::rfc9293(iss)
            },
            Self::Linux => Config::linux(iss),
            Self::Rfc9293 => Config::rfc9293(iss),
        }
    }
}
