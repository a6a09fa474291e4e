//! The numbers that can be set for every scenario.

use crate::sim::Side;
use crate::tcp::{Config, SeqNumber};
use crate::time::Duration;

/// What can be tuned about every scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// The round-trip time.
    pub rtt: Duration,
    /// How many of a hundred segments are lost by chance.
    pub loss_percent: u8,
    /// What chance depends on.
    pub seed: u64,
    /// The MSS that both hosts announce, if not the stack's own.
    pub mss: Option<u16>,
    /// ISS of the client and of the server.
    pub isn: [SeqNumber; 2],
    /// Whose habits the hosts have.
    pub stack: Stack,
    /// The receive buffer of both hosts, in octets, if not the stack's own.
    pub window: Option<u16>,
    /// The MSL of both hosts, if not the stack's own: TIME-WAIT lasts twice as long.
    pub msl: Option<Duration>,
    /// The floor and the cap of RTO, if not the stack's own.
    pub rto: Option<[Duration; 2]>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            rtt: Duration::from_millis(100),
            loss_percent: 0,
            seed: 1,
            mss: None,
            // The RFC's own numbers, in its figures.
            isn: [SeqNumber(100), SeqNumber(300)],
            stack: Stack::Rfc9293,
            window: None,
            msl: None,
            rto: None,
        }
    }
}

impl Tuning {
    /// A host's options, where the scenario does not set its own.
    #[must_use]
    pub fn config(&self, side: Side) -> Config {
        let mut config = self.stack.config(self.isn[side.index()]);
        config.mss = self.mss.unwrap_or(config.mss);
        config.receive_buffer = self.window.map_or(config.receive_buffer, u32::from);
        config.time_wait = self.msl.map_or(config.time_wait, |msl| msl.saturating_mul(2));
        if let Some([min, max]) = self.rto {
            (config.rto_min, config.rto_max) = (min, max);
        }
        config
    }
}

/// Whose habits the hosts have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stack {
    /// RFC 9293's and RFC 6298's numbers.
    Rfc9293,
    /// Linux's numbers.
    Linux,
}

impl Stack {
    /// Both, the default first.
    pub const ALL: [Self; 2] = [Self::Rfc9293, Self::Linux];

    /// Its name in links.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Rfc9293 => "rfc9293",
            Self::Linux => "linux",
        }
    }

    /// A host's options.
    #[must_use]
    pub const fn config(self, iss: SeqNumber) -> Config {
        match self {
            Self::Rfc9293 => Config::rfc9293(iss),
            Self::Linux => Config::linux(iss),
        }
    }
}
