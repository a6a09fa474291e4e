//! The retransmission timeout (RFC 6298), in integers.

use super::habits::RtoFloor;
use super::rto_variation::Variation;
use super::seq::SeqNumber;
use crate::time::Duration;

/// The estimator: SRTT, RTTVAR and the RTO computed from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RtoEstimator {
    srtt: Option<Duration>,
    rttvar: Duration,
    rto: Duration,
    min: Duration,
    max: Duration,
    /// The sums of Linux's estimator, if its floor is that of the variation.
    variation: Option<Variation>,
}

/// G, the clock's granularity: virtual time ticks in microseconds.
const GRANULARITY: Duration = Duration::from_micros(1);

impl RtoEstimator {
    /// An estimator without a sample: RTO is `initial` (RFC 6298 §2.1), kept within `min..=max`.
    #[must_use]
    pub fn new(initial: Duration, min: Duration, max: Duration) -> Self {
        let rto = initial.min(max);
        Self { srtt: None, rttvar: Duration::ZERO, rto, min, max, variation: None }
    }

    /// The same with another meaning of the floor.
    #[must_use]
    pub(super) fn with_floor(self, floor: RtoFloor) -> Self {
        let variation = match floor {
            RtoFloor::Sum => None,
            RtoFloor::Variation => Some(Variation::new(self.min)),
        };
        Self { variation, ..self }
    }

    /// SRTT; `None` before the first sample.
    #[must_use]
    pub const fn srtt(&self) -> Option<Duration> {
        self.srtt
    }

    /// RTTVAR; zero before the first sample.
    #[must_use]
    pub const fn rttvar(&self) -> Duration {
        self.rttvar
    }

    /// RTO, including the back-off after a timeout.
    #[must_use]
    pub const fn rto(&self) -> Duration {
        self.rto
    }

    /// Takes a sample when SND.UNA and SND.NXT are `una` and `nxt`, which tell one round trip from
    /// the next.
    pub(super) fn sample_of(&mut self, rtt: Duration, una: SeqNumber, nxt: SeqNumber) {
        if let Some(variation) = &mut self.variation {
            variation.sample(rtt, una, nxt);
            self.srtt = Some(variation.srtt());
            self.rttvar = variation.rttvar();
            self.rto = variation.rto().min(self.max);
        } else {
            self.sample(rtt);
        }
    }

    /// Takes a sample. By Karn's algorithm (MUST-18) the caller never samples a segment that was
    /// retransmitted.
    pub fn sample(&mut self, rtt: Duration) {
        if let Some(srtt) = self.srtt {
            // RFC 6298 (2.3): RTTVAR first, with the old SRTT; alpha = 1/8, beta = 1/4.
            let error = srtt.max(rtt) - srtt.min(rtt);
            self.rttvar =
                Duration::from_micros((3 * self.rttvar.as_micros() + error.as_micros()) / 4);
            self.srtt = Some(Duration::from_micros((7 * srtt.as_micros() + rtt.as_micros()) / 8));
        } else {
            // RFC 6298 (2.2): the first sample.
            self.srtt = Some(rtt);
            self.rttvar = Duration::from_micros(rtt.as_micros() / 2);
        }
        let variation = self.rttvar.saturating_mul(4).max(GRANULARITY);
        let raw = self.srtt.unwrap_or(rtt) + variation;
        // RFC 6298 (2.4) and (2.5): the floor and the cap.
        self.rto = raw.max(self.min).min(self.max);
    }

    /// RFC 6298 (5.5): doubles RTO after a timeout, up to the cap.
    pub fn back_off(&mut self) {
        self.rto = self.rto.saturating_mul(2).min(self.max);
    }

    /// RFC 6298 (5.7): sets RTO without a sample.
    pub(super) fn set(&mut self, rto: Duration) {
        self.rto = rto.min(self.max);
    }
}

#[cfg(test)]
mod tests {
    use super::RtoEstimator;
    use crate::time::Duration;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn estimator() -> RtoEstimator {
        RtoEstimator::new(ms(1000), ms(1000), ms(60_000))
    }

    #[track_caller]
    fn check(samples: &[u64], srtt: u64, rttvar: u64, rto: u64) {
        let mut estimator = estimator();
        for sample in samples {
            estimator.sample(ms(*sample));
        }
        assert_eq!(estimator.srtt().map(Duration::as_micros), Some(srtt));
        assert_eq!(estimator.rttvar().as_micros(), rttvar);
        assert_eq!(estimator.rto().as_micros(), rto);
    }

    #[test]
    fn vectors() {
        check(&[100], 100_000, 50_000, 1_000_000);
        check(&[100, 200], 112_500, 62_500, 1_000_000);
        check(&[600], 600_000, 300_000, 1_800_000);
        check(&[600, 1000], 650_000, 325_000, 1_950_000);
        check(&[600, 1000, 200], 593_750, 356_250, 2_018_750);
    }

    #[test]
    fn backs_off_to_the_cap() {
        let mut estimator = estimator();
        estimator.sample(ms(600));
        let mut seen = vec![];
        for _ in 0..6 {
            estimator.back_off();
            seen.push(estimator.rto().as_millis());
        }
        assert_eq!(seen, [3600, 7200, 14_400, 28_800, 57_600, 60_000]);
    }
}
