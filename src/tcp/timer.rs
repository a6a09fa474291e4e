//! The timers of a connection.

use serde::Serialize;

use crate::time::Instant;

/// A timer. Of two that expire at the same instant, the earlier in this list goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timer {
    /// Aborts when nothing was acknowledged for the user timeout (RFC 9293 §3.10.8).
    User,
    /// Retransmits the head of the queue (RFC 6298 §5).
    Retransmission,
    /// Probes a window that is zero or too small (RFC 9293 §3.8.6.1).
    Persist,
    /// Sends a delayed acknowledgment (RFC 9293 §3.8.6.3).
    DelayedAck,
    /// Ends TIME-WAIT (2MSL, RFC 9293 §3.4.2).
    TimeWait,
    /// Asks an idle peer whether it is still there (RFC 9293 §3.8.4).
    KeepAlive,
    /// Ends FIN-WAIT-2 once the application is gone; not in the RFC.
    #[serde(rename = "fin-wait-2")]
    FinWait2,
    /// Probes whether the end of what was sent is lost (RFC 8985 §7).
    LossProbe,
}

impl Timer {
    /// Every timer, in the order of expiry at one instant.
    pub const ALL: [Self; 8] = [
        Self::User,
        Self::Retransmission,
        Self::Persist,
        Self::DelayedAck,
        Self::TimeWait,
        Self::KeepAlive,
        Self::FinWait2,
        Self::LossProbe,
    ];
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

    /// Stops a timer; does nothing if it is not running.
    pub(super) fn stop(&mut self, timer: Timer) {
        self.0[timer as usize] = Instant::MAX;
    }

    /// Stops all timers.
    pub(super) fn stop_all(&mut self) {
        *self = Self::default();
    }

    /// Every deadline, in the order of [`Timer::ALL`]; [`Instant::MAX`] for a stopped timer.
    #[must_use]
    pub const fn deadlines(&self) -> &[Instant; Timer::ALL.len()] {
        &self.0
    }

    /// The deadline of a timer, if it is running.
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

    /// When the first timer expires; [`Instant::MAX`] if none is running.
    #[must_use]
    pub fn first(&self) -> Instant {
        let [user, retransmission, persist, delayed_ack, time_wait, keep_alive, fin_wait_2, probe] =
            self.0;
        let last = time_wait.min(keep_alive).min(fin_wait_2.min(probe));
        user.min(retransmission).min(persist.min(delayed_ack)).min(last)
    }
}
