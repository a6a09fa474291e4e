//! F-RTO (RFC 5682): after a timeout, a look at what the next two ACKs acknowledge tells whether
//! the timeout was spurious, so that the window need not stay reduced.

use super::congestion::{Frto, Phase};
use super::connection::Connection;
use super::outbox::Outbox;
use super::rule::Rule;
use super::seq::SeqNumber;
use crate::time::Instant;

impl Connection {
    /// RFC 5682 §2.1, steps 2 and 3, for an ACK that moved SND.UNA. Whether the usual
    /// retransmissions are to wait.
    pub(super) fn look_for_spurious_timeout(&mut self, ack: SeqNumber, out: &mut Outbox) -> bool {
        let Phase::Timeout { recover, .. } = self.congestion.phase else {
            self.congestion.frto = Frto::Off;
            return false;
        };
        match self.congestion.frto {
            Frto::Off => false,
            Frto::FirstAck => {
                // Step 2: (b) only if there is something new to send.
                let looks = ack.before(recover)
                    && self.scoreboard.is_empty()
                    && self.unsent_octets() > 0
                    && self.tcb.usable_window() > 0;
                self.congestion.frto = if looks { Frto::SecondAck } else { Frto::Off };
                looks
            }
            Frto::SecondAck => {
                // Step 3 (b): it acknowledges what was sent once, before the timeout.
                self.congestion.frto = Frto::Off;
                self.congestion.phase = Phase::Open;
                self.congestion.recover = None;
                self.congestion.undo();
                self.tell_congestion(Rule::SpuriousTimeout, out);
                true
            }
        }
    }

    /// RFC 5682 §2.1, step 3 (a): a duplicate ACK: the timeout was right.
    pub(super) fn confirm_timeout(&mut self, now: Instant, out: &mut Outbox) {
        if self.congestion.frto == Frto::SecondAck {
            self.congestion.frto = Frto::Off;
            self.repeat_lost(now, out);
        }
    }
}
