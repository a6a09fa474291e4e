//! A new SYN in TIME-WAIT opens the next connection immediately (RFC 9293 §3.6.1, MAY-2).

use super::connection::Connection;
use super::outbox::Outbox;
use super::rule::Rule;
use super::segment::Segment;
use super::seq::SeqNumber;
use super::state::State;
use crate::time::Instant;

/// How far the new ISS is beyond the old SND.NXT: more than the largest window without scaling.
const ISS_AHEAD: u32 = 65_537;

impl Connection {
    /// Whether a segment is a new SYN that opens the next connection from TIME-WAIT: its number is
    /// beyond everything that the old connection received, or its timestamp is newer (RFC 6191,
    /// SHLD-4), so that it is no old duplicate.
    #[must_use]
    pub fn reopens_for(&self, segment: &Segment) -> bool {
        self.config.habits.time_wait_reopens
            && self.state == State::TimeWait
            && segment.syn()
            && !segment.rst()
            && !segment.fin()
            && segment.acknowledgment().is_none()
            && (segment.seq.after(self.tcb.rcv_nxt) || self.stamps.is_newer(segment))
            && !self.stamps.is_outdated(segment)
    }

    /// ISS of the connection that follows: larger than any number of the old one (MAY-2).
    #[must_use]
    pub fn next_iss(&self) -> SeqNumber {
        self.tcb.snd_nxt + ISS_AHEAD
    }

    /// Only an end that listened can be opened by a SYN.
    pub(super) fn may_reopen(&self, segment: &Segment) -> bool {
        self.is_passive && self.reopens_for(segment)
    }

    /// Leaves TIME-WAIT for the connection that the SYN asks for.
    pub(super) fn reopen(&mut self, now: Instant, segment: &Segment, out: &mut Outbox) {
        let iss = self.next_iss();
        self.transition(State::SynReceived, Rule::TimeWaitReopens, out);
        self.forget();
        self.stamps.tick(now);
        self.begin(true);
        self.set_iss(iss);
        self.accept_syn(segment);
        self.keep_text_of_syn(segment, out);
        self.emit_syn(now, Rule::TimeWaitReopens, out);
    }
}
