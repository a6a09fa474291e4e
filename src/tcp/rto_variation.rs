//! The estimator of Linux (`tcp_rtt_estimator` in `net/ipv4/tcp_input.c`): RFC 6298 with the floor
//! on the variation, which grows at once and shrinks once in a round trip.

use super::seq::SeqNumber;
use crate::time::Duration;

/// The estimator's sums, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Variation {
    floor: u64,
    /// Eight times SRTT; zero before the first sample.
    srtt: u64,
    /// Four times the mean deviation, and its largest value in this round trip.
    deviation: u64,
    most: u64,
    /// Four times RTTVAR, never below the floor.
    total: u64,
    /// SND.NXT when this round trip began.
    round: SeqNumber,
}

impl Variation {
    pub(super) const fn new(floor: Duration) -> Self {
        let floor = floor.as_micros();
        Self { floor, srtt: 0, deviation: 0, most: 0, total: 0, round: SeqNumber(0) }
    }

    pub(super) fn sample(&mut self, rtt: Duration, una: SeqNumber, nxt: SeqNumber) {
        let rtt = rtt.as_micros().max(1);
        if self.srtt == 0 {
            self.srtt = rtt * 8;
            self.deviation = rtt * 2;
            self.total = self.deviation.max(self.floor);
            self.most = self.total;
            self.round = nxt;
            return;
        }
        let mean = self.srtt / 8;
        self.srtt = self.srtt - mean + rtt;
        let (error, share) = (rtt.abs_diff(mean), self.deviation / 4);
        if error >= share {
            // A round trip that became shorter is no reason for a longer RTO: it counts less.
            let growth = error - share;
            self.deviation += if rtt < mean { growth / 8 } else { growth };
        } else {
            self.deviation -= share - error;
        }
        if self.deviation > self.most {
            self.most = self.deviation;
            self.total = self.total.max(self.most);
        }
        if una.after(self.round) {
            if self.most < self.total {
                self.total -= (self.total - self.most) / 4;
            }
            self.round = nxt;
            self.most = self.floor;
        }
    }

    pub(super) const fn srtt(&self) -> Duration {
        Duration::from_micros(self.srtt / 8)
    }

    pub(super) const fn rttvar(&self) -> Duration {
        Duration::from_micros(self.total / 4)
    }

    pub(super) const fn rto(&self) -> Duration {
        Duration::from_micros(self.srtt / 8 + self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::Variation;
    use crate::tcp::SeqNumber;
    use crate::time::Duration;

    /// The kernel's RTO after these round trips of one segment each.
    #[track_caller]
    fn check(millis: &[u64], rto: u64) {
        let mut estimator = Variation::new(Duration::from_millis(200));
        let mut una = SeqNumber(1);
        for rtt in millis {
            una += 10;
            estimator.sample(Duration::from_millis(*rtt), una, una + 10);
        }
        assert_eq!(estimator.rto().as_micros(), rto, "{millis:?}");
    }

    #[test]
    fn the_floor_is_that_of_the_variation() {
        check(&[10], 210_000);
        check(&[100], 300_000);
        check(&[100; 9], 300_000);
        // 4 RTTVAR is 600 ms, and shrinks by a quarter of its distance to the floor each time.
        check(&[300], 900_000);
        check(&[300, 300], 900_000);
    }

    #[test]
    fn a_longer_round_trip_counts_at_once_and_a_shorter_one_little() {
        check(&[100, 100, 500], 150_000 + 512_500);
        check(&[500, 100], 450_000 + 1_018_750);
    }
}
