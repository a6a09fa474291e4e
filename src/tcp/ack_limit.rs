//! ACKs that answer unacceptable segments are limited, so that nobody can make a host send many
//! (RFC 5961 §7), and two hosts do not answer each other for ever.

use super::connection::Connection;
use super::habits::AckLimit;
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::segment::Segment;

impl Connection {
    /// Whether a challenge ACK may be sent now. If not, that is noted.
    pub(super) fn may_challenge(&mut self, out: &mut Outbox) -> bool {
        let allowed = self.ack_limiter.allows(self.config.habits.ack_limit, self.last_heard);
        if !allowed {
            out.record(Event::Ignored, Rule::AckLimited);
        }
        allowed
    }

    /// Whether a segment outside the window may be answered now. Text is always answered: it
    /// cannot be part of a loop of ACKs.
    pub(super) fn may_answer(&mut self, segment: &Segment, out: &mut Outbox) -> bool {
        let is_exempt = matches!(self.config.habits.ack_limit, AckLimit::Count(..))
            || (!segment.is_empty() && !segment.syn());
        is_exempt || self.may_challenge(out)
    }
}
