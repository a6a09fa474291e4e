//! Proportional rate reduction (RFC 9937): how much leaves for each ACK of a recovery, so that the
//! window comes down to ssthresh evenly.

/// The counters of one recovery, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prr {
    /// `RecoverFS`: what was in the network when the loss was noticed.
    recover_flight: u32,
    /// What was delivered to the peer since then.
    delivered: u32,
    /// What was sent since then.
    sent: u32,
}

/// An ACK in a recovery.
pub(super) struct Delivery {
    /// `DeliveredData`: what this ACK newly acknowledges, by its number or by SACK.
    pub(super) octets: u32,
    pub(super) pipe: u32,
    pub(super) ssthresh: u32,
    pub(super) smss: u32,
    /// `SafeACK`: SND.UNA moved, and the ACK shows no further loss.
    pub(super) is_safe: bool,
}

impl Prr {
    pub(super) const fn begin(flight: u32) -> Self {
        Self { recover_flight: if flight == 0 { 1 } else { flight }, delivered: 0, sent: 0 }
    }

    pub(super) const fn note_sent(&mut self, octets: u32) {
        self.sent = self.sent.saturating_add(octets);
    }

    /// RFC 9937 §6.2: `SndCnt`, how much may leave now.
    pub(super) fn allowance(&mut self, ack: &Delivery) -> u32 {
        self.delivered = self.delivered.saturating_add(ack.octets);
        let allowed = if ack.pipe > ack.ssthresh {
            // The proportional part: sent / delivered = ssthresh / RecoverFS, rounded up.
            let share = u64::from(self.delivered) * u64::from(ack.ssthresh);
            let due = share.div_ceil(u64::from(self.recover_flight));
            u32::try_from(due).unwrap_or(u32::MAX).saturating_sub(self.sent)
        } else {
            // Below ssthresh: packet conservation, and one segment more for each safe ACK.
            let mut limit = self.delivered.saturating_sub(self.sent).max(ack.octets);
            if ack.is_safe {
                limit = limit.saturating_add(ack.smss);
            }
            limit.min(ack.ssthresh - ack.pipe)
        };
        // The fast retransmit itself is always sent.
        if self.sent == 0 { allowed.max(ack.smss) } else { allowed }
    }
}

#[cfg(test)]
mod tests {
    use super::{Delivery, Prr};

    fn ack(octets: u32, pipe: u32, is_safe: bool) -> Delivery {
        Delivery { octets, pipe, ssthresh: 7_000, smss: 1_000, is_safe }
    }

    /// RFC 9937's example: ten segments in flight come down to seven; of each ten delivered, seven
    /// are sent.
    #[test]
    fn the_window_comes_down_evenly() {
        let mut prr = Prr::begin(10_000);
        let mut sent = 0;
        for _ in 0..10 {
            let allowed = prr.allowance(&ack(1_000, 9_000, false));
            if allowed >= 1_000 {
                prr.note_sent(1_000);
                sent += 1;
            }
        }
        assert_eq!(sent, 7);
    }

    #[test]
    fn below_ssthresh_it_keeps_what_is_delivered() {
        let mut prr = Prr::begin(10_000);
        prr.note_sent(1_000);
        // Five segments were delivered at once, and the pipe has room up to ssthresh.
        assert_eq!(prr.allowance(&ack(5_000, 2_000, false)), 5_000);
        assert_eq!(prr.allowance(&ack(1_000, 6_500, true)), 500);
        let mut prr = Prr::begin(10_000);
        prr.note_sent(1_000);
        assert_eq!(prr.allowance(&ack(1_000, 2_000, true)), 2_000, "a safe ACK adds a segment");
    }

    #[test]
    fn the_first_retransmission_is_always_sent() {
        assert_eq!(Prr::begin(10_000).allowance(&ack(0, 9_000, false)), 1_000);
    }
}
