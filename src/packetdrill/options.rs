//! How a script is run.

use crate::time::Duration;

/// How a script is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whose habits the script assumes.
    pub stack: Stack,
    /// How long an acknowledgment may wait, whatever the stack's habit is; zero: not at all.
    pub delayed_ack: Option<Duration>,
    /// The least tolerance; a script may have a greater one.
    pub tolerance: Option<Duration>,
    /// ISS and IRS: added to the script's numbers, so that one script tests wrap-around too.
    pub isn: (u32, u32),
    /// Whether a segment that the script does not speak of at its end is a failure.
    pub strict_tail: bool,
    /// How long a segment is under way in the trace. The trace's clock is ahead of the script's
    /// by as much, so that what arrives at once has a departure; verdicts keep the script's time.
    pub way: Duration,
    /// The most steps and segments of the run, if not the default.
    pub most_work: Option<usize>,
}

/// Whose habits a script assumes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stack {
    /// Delayed ACK of 40 ms, RTO from 1 s to 64 s, 2MSL 60 s, no window scaling.
    #[default]
    FreeBsd,
    /// No delayed ACK, the peer's window scale honoured, segmentation offload.
    Linux,
}

impl Stack {
    /// The tolerance of a script that names none.
    pub(super) const fn tolerance(self) -> Duration {
        match self {
            Self::FreeBsd => Duration::from_millis(4),
            Self::Linux => Duration::from_millis(10),
        }
    }
}
