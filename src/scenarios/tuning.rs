//! The numbers that can be set for every scenario.

use crate::sim::Side;
use crate::tcp::{Config, KeepAlive, SeqNumber};
use crate::time::Duration;

/// A value for the client and for the server; `None` for the stack's own.
pub type PerHost<T> = [Option<T>; 2];

/// Whether a SYN offers window scaling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowScale {
    /// It does not.
    Off,
    /// It offers to shift windows by this many bits.
    Bits(u8),
}

/// What a host's TCP does, if not the stack's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    /// Whether small segments leave at once: Nagle's algorithm is off (`TCP_NODELAY`).
    pub nodelay: PerHost<bool>,
    /// How long an ACK may wait; `None` acknowledges at once.
    pub delayed_ack: PerHost<Option<Duration>>,
    /// The keep-alives (`SO_KEEPALIVE`), if any.
    pub keep_alive: PerHost<Option<KeepAlive>>,
    /// The user timeout (`TCP_USER_TIMEOUT`), if any.
    pub user_timeout: PerHost<Option<Duration>>,
    /// Whether a RST or SYN that is not exactly as expected is challenged (RFC 5961).
    pub rfc5961: PerHost<bool>,
    /// Whether TIME-WAIT ignores RST (RFC 1337).
    pub rfc1337: PerHost<bool>,
    /// Whether a new SYN opens a connection from TIME-WAIT (RFC 9293 §3.6.1).
    pub reopens: PerHost<bool>,
}

impl Switches {
    fn apply(&self, side: usize, config: &mut Config) {
        config.nagle = self.nodelay[side].map_or(config.nagle, |it| !it);
        config.delayed_ack = self.delayed_ack[side].unwrap_or(config.delayed_ack);
        config.keep_alive = self.keep_alive[side].unwrap_or(config.keep_alive);
        config.user_timeout = self.user_timeout[side].unwrap_or(config.user_timeout);
        config.challenge_rst = self.rfc5961[side].unwrap_or(config.challenge_rst);
        config.challenge_syn = self.rfc5961[side].unwrap_or(config.challenge_syn);
        config.time_wait_ignores_rst = self.rfc1337[side].unwrap_or(config.time_wait_ignores_rst);
        let habits = &mut config.habits;
        habits.time_wait_reopens = self.reopens[side].unwrap_or(habits.time_wait_reopens);
    }
}

/// The parameters of every scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// The round-trip time.
    pub rtt: Duration,
    /// The probability that a segment is lost, in per cent.
    pub loss_percent: u8,
    /// The seed of the losses.
    pub seed: u64,
    /// The longest datagram that the network carries, if there is a limit.
    pub mtu: Option<u16>,
    /// The MSS that both hosts announce, in bytes; `None` for the stack's own.
    pub mss: Option<u16>,
    /// ISS of the client and of the server.
    pub isn: [SeqNumber; 2],
    /// The stack whose numbers the hosts use.
    pub stack: Stack,
    /// The receive buffer of both hosts, in bytes; `None` for the stack's own.
    pub window: Option<u16>,
    /// The MSL of both hosts, half of TIME-WAIT; `None` for the stack's own.
    pub msl: Option<Duration>,
    /// The floor and the cap of RTO; `None` for the stack's own.
    pub rto: Option<[Duration; 2]>,
    /// Whether the SYNs offer selective acknowledgments (RFC 2018).
    pub sack: PerHost<bool>,
    /// Whether the SYNs offer timestamps (RFC 7323).
    pub timestamps: PerHost<bool>,
    /// Whether the SYNs offer window scaling (RFC 7323).
    pub window_scale: PerHost<WindowScale>,
    /// What each host's TCP does.
    pub switches: Switches,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            rtt: Duration::from_millis(100),
            loss_percent: 0,
            seed: 1,
            mtu: None,
            mss: None,
            // The numbers of the RFC's figures.
            isn: [SeqNumber(100), SeqNumber(300)],
            stack: Stack::Rfc9293,
            window: None,
            msl: None,
            rto: None,
            sack: [None; 2],
            timestamps: [None; 2],
            window_scale: [None; 2],
            switches: Switches::default(),
        }
    }
}

impl Tuning {
    /// The options of a host, which a scenario may override.
    #[must_use]
    pub fn config(&self, side: Side) -> Config {
        let mut config = self.stack.config(self.isn[side.index()]);
        config.mss = self.mss.unwrap_or(config.mss);
        config.receive_buffer = self.window.map_or(config.receive_buffer, u32::from);
        config.time_wait = self.msl.map_or(config.time_wait, |msl| msl.saturating_mul(2));
        if let Some([min, max]) = self.rto {
            (config.rto_min, config.rto_max) = (min, max);
        }
        let side = side.index();
        config.sack = self.sack[side].unwrap_or(config.sack);
        config.timestamps = self.timestamps[side].unwrap_or(config.timestamps);
        config.window_scale = match self.window_scale[side] {
            // A window that is chosen small is not scaled to nothing.
            None => config.window_scale.map(|bits| bits.min(fitting(config.receive_buffer))),
            Some(WindowScale::Off) => None,
            Some(WindowScale::Bits(bits)) => Some(bits),
        };
        self.switches.apply(side, &mut config);
        config
    }
}

/// The most bits by which a window of this size can be shifted and still be told to 1/256.
fn fitting(octets: u32) -> u8 {
    let bits = (octets / 256).checked_ilog2().unwrap_or(0);
    u8::try_from(bits).unwrap_or(0)
}

/// The stack whose numbers the hosts use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stack {
    /// RFC 9293's and RFC 6298's numbers.
    Rfc9293,
    /// Linux's numbers.
    Linux,
}

impl Stack {
    /// Both stacks, the default first.
    pub const ALL: [Self; 2] = [Self::Rfc9293, Self::Linux];

    /// Its name in links.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Rfc9293 => "rfc9293",
            Self::Linux => "linux",
        }
    }

    /// The options of a host.
    #[must_use]
    pub const fn config(self, iss: SeqNumber) -> Config {
        match self {
            Self::Rfc9293 => Config::rfc9293(iss),
            Self::Linux => Config::linux(iss),
        }
    }
}
