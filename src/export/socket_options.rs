//! The options of a host as `setsockopt` calls of a packetdrill script.

use crate::tcp::Config;

/// The options that are not those of `usual`, each as `LEVEL, NAME, [VALUE], 4`; `None` if the host
/// has one that no call can set.
pub(super) fn socket_options(config: &Config, usual: &Config) -> Option<Vec<String>> {
    let with_habits = |config: &Config| {
        let Config { challenge_rst, challenge_syn, time_wait_ignores_rst, habits, .. } = config;
        (*challenge_rst, *challenge_syn, *time_wait_ignores_rst, habits.time_wait_reopens)
    };
    if with_habits(config) != with_habits(usual) {
        return None;
    }
    let mut options = vec![];
    let mut set = |level: &str, name: &str, value: u64| {
        options.push(format!("{level}, {name}, [{value}], 4"));
    };
    if config.mss != 1460 {
        set("IPPROTO_TCP", "TCP_MAXSEG", config.mss.into());
    }
    if config.receive_buffer != 65_535 {
        set("SOL_SOCKET", "SO_RCVBUF", config.receive_buffer.into());
    }
    if config.nagle != usual.nagle {
        set("IPPROTO_TCP", "TCP_NODELAY", u64::from(!config.nagle));
    }
    if config.user_timeout != usual.user_timeout {
        let timeout = config.user_timeout?;
        set("IPPROTO_TCP", "TCP_USER_TIMEOUT", timeout.as_millis());
    }
    if config.keep_alive != usual.keep_alive {
        set("SOL_SOCKET", "SO_KEEPALIVE", u64::from(config.keep_alive.is_some()));
        if let Some(times) = config.keep_alive {
            for (name, span) in [("TCP_KEEPIDLE", times.idle), ("TCP_KEEPINTVL", times.interval)] {
                if !span.as_micros().is_multiple_of(1_000_000) {
                    return None;
                }
                set("IPPROTO_TCP", name, span.as_micros() / 1_000_000);
            }
            set("IPPROTO_TCP", "TCP_KEEPCNT", times.probes.into());
        }
    }
    Some(options)
}
