//! The timers of a connection.

use serde::Serialize;

use crate::time::Instant;

/// A timer. Where two expire at one instant, the earlier in this list goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timer {
    /// When to abort, since nothing was acknowledged for the user timeout (RFC 9293 §3.10.8).
    User,
    /// When to retransmit the head of the queue (RFC 6298 §5).
    Retransmission,
    /// When to probe a zero or too small window (RFC 9293 §3.8.6.1).
    Persist,
    /// When to send an acknowledgment that was delayed (RFC 9293 §3.8.6.3).
    DelayedAck,
    /// When TIME-WAIT ends (2MSL, RFC 9293 §3.4.2).
    TimeWait,
}

impl Timer {
    /// Every timer, in the order of expiry at one instant.
    pub const ALL: [Self; 5] =
        [Self::User, Self::Retransmission, Self::Persist, Self::DelayedAck, Self::TimeWait];
}

/// The deadlines of a connection's timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerTable([Instant; Timer::ALL.len()]);

impl Default for TimerTable {
    fn default() -> Self {
        Self([Instant::MAX; Timer::ALL.len()])
    }
}

impl TimerTable {
    /// Starts a timer, or moves its deadline.
    pub(super) fn set(&mut self, timer: Timer, deadline: Instant) {
        self.0[timer as usize] = deadline;
    }

    /// Stops a timer; nothing happens if it does not run.
    pub(super) fn stop(&mut self, timer: Timer) {
        self.0[timer as usize] = Instant::MAX;
    }

    /// Stops them all.
    pub(super) fn stop_all(&mut self) {
        *self = Self::default();
    }

    /// Every deadline, in the order of [`Timer::ALL`]; [`Instant::MAX`] where a timer does not run.
    #[must_use]
    pub const fn deadlines(&self) -> &[Instant; Timer::ALL.len()] {
        &self.0
    }

    /// The deadline of a timer that runs.
    #[must_use]
    pub fn deadline(&self, timer: Timer) -> Option<Instant> {
        let deadline = self.0[timer as usize];
        (deadline < Instant::MAX).then_some(deadline)
    }

    /// The timer that expires first, and when.
    #[must_use]
    pub fn next(&self) -> Option<(Timer, Instant)> {
        let first = self.first();
        let index = self.0.iter().position(|deadline| *deadline == first)?;
        (first < Instant::MAX).then_some((Timer::ALL[index], first))
    }

    /// When the first of them expires; [`Instant::MAX`] where none runs.
    #[must_use]
    pub fn first(&self) -> Instant {
        let [user, retransmission, persist, delayed_ack, time_wait] = self.0;
        user.min(retransmission).min(persist.min(delayed_ack)).min(time_wait)
    }
}
