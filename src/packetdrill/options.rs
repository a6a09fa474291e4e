//! The options of a run.

use crate::time::Duration;

/// The options of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The stack that the script assumes.
    pub stack: Stack,
    /// The delay of an acknowledgment, instead of the stack's; zero turns delayed ACKs off.
    pub delayed_ack: Option<Duration>,
    /// The minimum tolerance; a script can set a greater one.
    pub tolerance: Option<Duration>,
    /// ISS and IRS. They are added to the script's relative numbers, so that a script can also test
    /// wrap-around.
    pub isn: (u32, u32),
    /// Whether an unexpected segment at the end of the script is a failure.
    pub strict_tail: bool,
    /// The one-way delay shown in the trace. The trace's clock is ahead of the script's by this
    /// much, so that a segment that arrives at time zero has a departure. Verdicts use the script's
    /// time.
    pub one_way_delay: Duration,
    /// The most steps and segments of the run; `None` for the default.
    pub most_work: Option<usize>,
}

/// The stack that a script assumes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stack {
    /// Delayed ACK of 40 ms, RTO from 1 s to 64 s, 2MSL 60 s, no window scaling.
    #[default]
    FreeBsd,
    /// Linux's numbers and habits, with segmentation offload.
    Linux,
    /// RFC 9293's and RFC 6298's numbers.
    Rfc9293,
}

impl Stack {
    /// Every stack, the default first.
    pub const ALL: [Self; 3] = [Self::FreeBsd, Self::Linux, Self::Rfc9293];

    /// Its name on the command line and in scripts.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::FreeBsd => "freebsd",
            Self::Linux => "linux",
            Self::Rfc9293 => "rfc9293",
        }
    }

    /// The stack of this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stack| stack.id() == id)
    }

    /// The tolerance of a script that sets none.
    pub(super) const fn tolerance(self) -> Duration {
        match self {
            Self::FreeBsd | Self::Rfc9293 => Duration::from_millis(4),
            Self::Linux => Duration::from_millis(10),
        }
    }
}
