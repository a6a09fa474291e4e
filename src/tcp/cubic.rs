//! CUBIC (RFC 9438) in integers: bytes, milliseconds, and thousandths.

use crate::time::{Duration, Instant};

/// An acknowledgment in congestion avoidance.
pub(super) struct Round {
    pub(super) cwnd: u32,
    pub(super) smss: u32,
    pub(super) acked: u32,
    pub(super) now: Instant,
    pub(super) rtt: Duration,
}

/// What CUBIC remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cubic {
    /// `W_max`: the window before the last loss, in bytes; zero before the first.
    most: u32,
    /// The growth since the last loss.
    epoch: Option<Epoch>,
    /// The part of the next whole segment that has been earned, in bytes.
    credit: u32,
}

/// A stretch of congestion avoidance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Epoch {
    start: Instant,
    /// The window that the curve comes back to, after K milliseconds.
    plateau: u32,
    k: u64,
    /// `W_est`: the window that Reno would have, in bytes.
    reno: u32,
    /// Bytes acknowledged that are not yet part of `reno`, in thousandths of a segment's share.
    reno_credit: u64,
}

/// `beta_cubic`, in thousandths (RFC 9438 §4.6).
const BETA: u64 = 700;
/// `alpha_cubic` = 3 (1 - beta) / (1 + beta), in thousandths (RFC 9438 §4.3).
const ALPHA: u64 = 529;
/// The longest distance from K that is told apart, in milliseconds; its cube fits 64 bits.
const FARTHEST: u64 = 1_000_000;

impl Cubic {
    pub(super) const fn new() -> Self {
        Self { most: 0, epoch: None, credit: 0 }
    }

    /// RFC 9438 §4.6 and §4.7: the multiplicative decrease, with fast convergence.
    pub(super) fn after_loss(&mut self, cwnd: u32) -> u32 {
        self.most = if cwnd < self.most { share(cwnd, u64::midpoint(1_000, BETA)) } else { cwnd };
        self.epoch = None;
        self.credit = 0;
        share(cwnd, BETA)
    }

    /// After a pause the curve starts again: time without traffic must not count.
    pub(super) const fn forget_epoch(&mut self) {
        self.epoch = None;
    }

    /// RFC 9438 §4.2 to §4.5: by how much the window grows, in whole segments.
    pub(super) fn avoid(&mut self, round: &Round) -> u32 {
        let Round { cwnd, smss, acked, now, rtt } = *round;
        let most = self.most;
        let epoch = self.epoch.get_or_insert_with(|| Epoch::begin(most, cwnd, smss, now));
        epoch.follow_reno(acked, cwnd, smss);
        let millis = |end: Instant| end.since(epoch.start).as_millis();
        if epoch.curve(millis(now), smss) < epoch.reno {
            // §4.3: at least as fast as Reno.
            let behind = epoch.reno.saturating_sub(cwnd);
            return behind - behind % smss;
        }
        // §4.4, §4.5: towards where the curve is one round trip from now. §4.2: at least cwnd, at
        // most one and a half times cwnd.
        let target = epoch.curve(millis(now + rtt), smss);
        let target = target.clamp(cwnd, cwnd.saturating_add(cwnd / 2));
        let gain = u64::from(target - cwnd) * u64::from(acked) / u64::from(cwnd.max(1));
        self.credit = self.credit.saturating_add(u32::try_from(gain).unwrap_or(u32::MAX));
        let whole = self.credit - self.credit % smss;
        self.credit -= whole;
        whole
    }
}

impl Epoch {
    fn begin(most: u32, cwnd: u32, smss: u32, start: Instant) -> Self {
        let plateau = most.max(cwnd);
        // K = cbrt((W_max - cwnd) / C), with C = 0.4 segments per second cubed.
        let below = u64::from(plateau - cwnd);
        let k = cube_root(u128::from(below) * 2_500_000_000 / u128::from(smss.max(1)));
        Self { start, plateau, k, reno: cwnd, reno_credit: 0 }
    }

    /// `W_cubic(t)` = C (t - K)^3 + `W_max`, in bytes, `millis` after the start.
    fn curve(&self, millis: u64, smss: u32) -> u32 {
        let distance = millis.abs_diff(self.k).min(FARTHEST);
        let cube = u128::from(distance).pow(3) * u128::from(smss) * 4 / 10_000_000_000;
        let cube = u32::try_from(cube).unwrap_or(u32::MAX);
        if millis < self.k {
            self.plateau.saturating_sub(cube)
        } else {
            self.plateau.saturating_add(cube)
        }
    }

    /// §4.3: `W_est` grows by `alpha_cubic` segments for each window acknowledged, and by one once
    /// it has reached `W_max`.
    fn follow_reno(&mut self, acked: u32, cwnd: u32, smss: u32) {
        let alpha = if self.reno < self.plateau { ALPHA } else { 1_000 };
        self.reno_credit += alpha * u64::from(acked) * u64::from(smss) / u64::from(cwnd.max(1));
        let whole = self.reno_credit / 1_000;
        self.reno_credit %= 1_000;
        self.reno = self.reno.saturating_add(u32::try_from(whole).unwrap_or(u32::MAX));
    }
}

/// `thousandths` of a window.
fn share(window: u32, thousandths: u64) -> u32 {
    u32::try_from(u64::from(window) * thousandths / 1_000).unwrap_or(u32::MAX)
}

/// The largest integer whose cube is at most `number`.
fn cube_root(number: u128) -> u64 {
    let mut root: u64 = 0;
    for bit in (0..21).rev() {
        let next = root | 1 << bit;
        if u128::from(next).pow(3) <= number {
            root = next;
        }
    }
    root
}

#[cfg(test)]
mod tests {
    use super::{Cubic, Round, cube_root};
    use crate::time::{Duration, Instant};

    const SMSS: u32 = 1_000;

    /// The window, in segments, after each of some milliseconds, with a window acknowledged every
    /// `rtt` milliseconds.
    fn windows(cubic: &mut Cubic, mut cwnd: u32, rtt: u64, until: &[u64]) -> Vec<u32> {
        let mut seen = vec![];
        let mut now = 0;
        for end in until {
            while now < *end {
                now += rtt;
                for _ in 0..cwnd / SMSS {
                    let at = Instant::ZERO + Duration::from_millis(now);
                    let rtt = Duration::from_millis(rtt);
                    cwnd += cubic.avoid(&Round { cwnd, smss: SMSS, acked: SMSS, now: at, rtt });
                }
            }
            seen.push(cwnd / SMSS);
        }
        seen
    }

    #[test]
    fn cube_roots_are_exact() {
        for root in [1, 2, 10, 999, 1_000, 1_999_999] {
            let cube = u128::from(root).pow(3);
            assert_eq!(cube_root(cube), root);
            assert_eq!(cube_root(cube + 1), root);
            assert_eq!(cube_root(cube - 1), root - 1);
        }
    }

    #[test]
    fn a_loss_leaves_seven_tenths() {
        assert_eq!(Cubic::new().after_loss(100 * SMSS), 70 * SMSS);
    }

    /// RFC 9438 §4.7: a window that falls short of the last one leaves room to others.
    #[test]
    fn a_second_loss_below_the_first_lowers_the_plateau() {
        let mut cubic = Cubic::new();
        cubic.after_loss(100 * SMSS);
        assert_eq!(cubic.most, 100 * SMSS);
        cubic.after_loss(80 * SMSS);
        assert_eq!(cubic.most, 68 * SMSS);
        cubic.after_loss(90 * SMSS);
        assert_eq!(cubic.most, 90 * SMSS);
    }

    /// K = cbrt(30 / 0.4) s = 4.217 s: concave up to the plateau of 100 segments, then convex.
    #[test]
    fn the_window_follows_the_cubic() {
        let mut cubic = Cubic::new();
        let cwnd = cubic.after_loss(100 * SMSS);
        let seen = windows(&mut cubic, cwnd, 200, &[1_000, 2_000, 4_000, 6_000, 8_000]);
        let wanted = [86, 95, 99, 101, 121];
        for (seen, wanted) in seen.iter().zip(wanted) {
            assert!(seen.abs_diff(wanted) <= 4, "{seen} segments, where the curve has {wanted}");
        }
    }

    /// On a short path the curve is slower than Reno, which it then follows.
    #[test]
    fn on_a_short_path_it_grows_like_reno() {
        let mut cubic = Cubic::new();
        let cwnd = cubic.after_loss(20 * SMSS);
        let seen = windows(&mut cubic, cwnd, 5, &[100, 200]);
        // 0.529 segments for each round trip: 6 after 11 of them, which is W_max; then 1 segment.
        assert_eq!(seen, [28, 48]);
    }
}
