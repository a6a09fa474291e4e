//! The outputs of a connection in a compact form, since a trace keeps all of them.

use super::output::{Event, Output, Transmission};
use super::rule::Rule;
use super::segment::Segment;
use super::seq::SeqNumber;
use super::state::State;
use super::timer::Timer;
use crate::time::{Duration, Instant};

/// The outputs of calls, in causal order. The caller drains it after each call.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    pub(crate) events: Vec<PackedEvent>,
    /// The segments among the outputs, in order.
    pub(crate) segments: Vec<Segment>,
}

impl Outbox {
    /// An empty outbox.
    #[must_use]
    pub const fn new() -> Self {
        Self { events: Vec::new(), segments: Vec::new() }
    }

    /// Whether there is no output.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The number of outputs.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.events.len()
    }

    /// Removes all outputs.
    pub fn clear(&mut self) {
        self.events.clear();
        self.segments.clear();
    }

    /// The outputs; segments are cloned.
    pub fn iter(&self) -> impl Iterator<Item = Output> {
        outputs(self.events.iter().copied(), self.segments.iter().cloned())
    }

    /// Removes and returns the outputs.
    pub fn drain(&mut self) -> impl Iterator<Item = Output> {
        outputs(self.events.drain(..), self.segments.drain(..))
    }

    /// The segments alone, in their order.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    #[inline]
    pub(super) fn record(&mut self, event: Event, rule: Rule) {
        self.events.push(PackedEvent::new(event, rule));
    }

    #[inline]
    pub(super) fn transmit(&mut self, segment: Segment, transmission: Transmission, rule: Rule) {
        *self.next_segment(transmission, rule) = segment;
    }

    /// Adds an empty segment, which the caller fills in place.
    #[inline]
    pub(super) fn next_segment(&mut self, transmission: Transmission, rule: Rule) -> &mut Segment {
        self.events.push(PackedEvent::pack(PackedEvent::TRANSMIT, rule, transmission as u64, 0));
        let index = self.segments.len();
        self.segments.push(Segment::default());
        &mut self.segments[index]
    }
}

#[inline]
fn outputs(
    events: impl Iterator<Item = PackedEvent>,
    mut segments: impl Iterator<Item = Segment>,
) -> impl Iterator<Item = Output> {
    events.map(move |packed| {
        if let Some((event, rule)) = packed.event() {
            return Output::Event(event, rule);
        }
        let segment = segments.next().unwrap_or_default();
        Output::Transmit(segment, packed.transmission(), packed.rule())
    })
}

/// An event and its rule in 16 bytes.
///
/// The first word holds, from the lowest bit on, the kind (8 bits), the rule (8) and a narrow value
/// (48); the second word holds a wide value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PackedEvent(u64, u64);

#[allow(clippy::cast_possible_truncation)] // Both halves are checked below.
impl PackedEvent {
    const TRANSMIT: u8 = 0;
    const TRANSITION: u8 = 1;
    const DISCARDED: u8 = 2;
    const IGNORED: u8 = 3;
    const ACKNOWLEDGED: u8 = 4;
    const WINDOW_CHANGED: u8 = 5;
    const QUEUED: u8 = 6;
    const DELIVERED: u8 = 7;
    const KEPT: u8 = 8;
    const READ: u8 = 9;
    const CLOSE_WAITS: u8 = 10;
    const CLOSE_COMPLETED: u8 = 11;
    const PEER_CLOSED: u8 = 12;
    const REFUSED: u8 = 13;
    const RESET: u8 = 14;
    const TIMED_OUT: u8 = 15;
    const ACK_DELAYED: u8 = 16;
    const EXPIRED: u8 = 17;
    const TIME_WAIT_STARTED: u8 = 18;
    const RTT_MEASURED: u8 = 19;
    const RTO_CHANGED: u8 = 20;
    const CONGESTION_CHANGED: u8 = 24;
    const DUPLICATE_ACK: u8 = 25;
    const SACKED: u8 = 26;
    const DUPLICATE_REPORTED: u8 = 27;
    /// Kinds from here on are notes that the simulator adds to the same list.
    const NOTE: u8 = 32;

    /// The largest narrow value: nine years in microseconds, enough for any round trip.
    const NARROW: u64 = (1 << 48) - 1;

    #[inline]
    const fn pack(kind: u8, rule: Rule, narrow: u64, wide: u64) -> Self {
        Self(kind as u64 | (rule as u64) << 8 | narrow << 16, wide)
    }

    /// Packs an event.
    #[inline]
    pub(crate) fn new(event: Event, rule: Rule) -> Self {
        let two = |seq: SeqNumber, octets: u32| u64::from(seq.0) | u64::from(octets) << 32;
        let (kind, narrow, wide) = match event {
            Event::Transition { from, to } => (Self::TRANSITION, from as u64 | (to as u64) << 8, 0),
            Event::Discarded => (Self::DISCARDED, 0, 0),
            Event::Ignored => (Self::IGNORED, 0, 0),
            Event::Acknowledged { una, octets } => (Self::ACKNOWLEDGED, 0, two(una, octets)),
            Event::WindowChanged { wnd } => (Self::WINDOW_CHANGED, 0, u64::from(wnd)),
            Event::Queued { octets } => (Self::QUEUED, 0, u64::from(octets)),
            Event::Delivered { octets } => (Self::DELIVERED, 0, u64::from(octets)),
            Event::Kept { seq, octets } => (Self::KEPT, 0, two(seq, octets)),
            Event::Read { octets } => (Self::READ, 0, u64::from(octets)),
            Event::CloseWaits => (Self::CLOSE_WAITS, 0, 0),
            Event::CloseCompleted => (Self::CLOSE_COMPLETED, 0, 0),
            Event::PeerClosed => (Self::PEER_CLOSED, 0, 0),
            Event::Refused => (Self::REFUSED, 0, 0),
            Event::Reset => (Self::RESET, 0, 0),
            Event::TimedOut => (Self::TIMED_OUT, 0, 0),
            Event::AckDelayed => (Self::ACK_DELAYED, 0, 0),
            Event::Expired { timer } => (Self::EXPIRED, timer as u64, 0),
            Event::TimeWaitStarted { until } => (Self::TIME_WAIT_STARTED, 0, until.as_micros()),
            Event::RttMeasured { rtt, rto } => {
                (Self::RTT_MEASURED, rtt.as_micros().min(Self::NARROW), rto.as_micros())
            }
            Event::RtoChanged { rto } => (Self::RTO_CHANGED, 0, rto.as_micros()),
            Event::CongestionChanged { cwnd, ssthresh } => {
                let ssthresh = u64::from(ssthresh.unwrap_or(u32::MAX));
                (Self::CONGESTION_CHANGED, 0, u64::from(cwnd) | ssthresh << 32)
            }
            Event::Sacked { seq, octets } => (Self::SACKED, 0, two(seq, octets)),
            Event::DuplicateReported { seq, octets } => {
                (Self::DUPLICATE_REPORTED, 0, two(seq, octets))
            }
            Event::DuplicateAck { count } => (Self::DUPLICATE_ACK, 0, u64::from(count)),
        };
        Self::pack(kind, rule, narrow, wide)
    }

    /// A note, told apart from events and other notes by its `kind`, which is less than 224.
    pub(crate) const fn note(kind: u8, value: u64) -> Self {
        Self::pack(Self::NOTE + kind, Rule::OpenPassive, 0, value)
    }

    /// The arguments of [`note`](Self::note), if this is a note.
    pub(crate) fn noted(self) -> Option<(u8, u64)> {
        Some((self.0.to_le_bytes()[0].checked_sub(Self::NOTE)?, self.1))
    }

    /// The rule that caused it.
    pub(crate) fn rule(self) -> Rule {
        Rule::ALL[usize::from(self.0.to_le_bytes()[1])]
    }

    const fn transmission(self) -> Transmission {
        if self.0 >> 16 == Transmission::First as u64 {
            Transmission::First
        } else {
            Transmission::Retransmission
        }
    }

    /// Whether this is a retransmitted segment. Only for [segments](Self::is_segment).
    pub(crate) const fn is_retransmission(self) -> bool {
        matches!(self.transmission(), Transmission::Retransmission)
    }

    /// Whether this stands for the next segment of the outbox.
    pub(crate) const fn is_segment(self) -> bool {
        self.0 as u8 == Self::TRANSMIT
    }

    /// The event, if it is one that an application can wait for.
    #[inline]
    pub(crate) fn awaited(self) -> Option<Event> {
        let [kind, _, from, to, ..] = self.0.to_le_bytes();
        Some(match kind {
            Self::TRANSITION => Event::Transition {
                from: State::ALL[usize::from(from)],
                to: State::ALL[usize::from(to)],
            },
            Self::DELIVERED => Event::Delivered { octets: self.1 as u32 },
            Self::PEER_CLOSED => Event::PeerClosed,
            Self::REFUSED => Event::Refused,
            Self::RESET => Event::Reset,
            Self::TIMED_OUT => Event::TimedOut,
            _ => return None,
        })
    }

    /// The event and its rule, if this is an event.
    #[inline]
    pub(crate) fn event(self) -> Option<(Event, Rule)> {
        let (narrow, wide) = (self.0 >> 16, self.1);
        let [kind, _, timer, ..] = self.0.to_le_bytes();
        let (low, high) = (wide as u32, (wide >> 32) as u32);
        if let Some(event) = self.awaited() {
            return Some((event, self.rule()));
        }
        let event = match kind {
            Self::DISCARDED => Event::Discarded,
            Self::IGNORED => Event::Ignored,
            Self::ACKNOWLEDGED => Event::Acknowledged { una: SeqNumber(low), octets: high },
            Self::WINDOW_CHANGED => Event::WindowChanged { wnd: low },
            Self::QUEUED => Event::Queued { octets: low },
            Self::KEPT => Event::Kept { seq: SeqNumber(low), octets: high },
            Self::READ => Event::Read { octets: low },
            Self::CLOSE_WAITS => Event::CloseWaits,
            Self::CLOSE_COMPLETED => Event::CloseCompleted,
            Self::ACK_DELAYED => Event::AckDelayed,
            Self::EXPIRED => Event::Expired { timer: Timer::ALL[usize::from(timer)] },
            Self::TIME_WAIT_STARTED => Event::TimeWaitStarted { until: Instant::from_micros(wide) },
            Self::RTT_MEASURED => Event::RttMeasured {
                rtt: Duration::from_micros(narrow),
                rto: Duration::from_micros(wide),
            },
            Self::CONGESTION_CHANGED => Event::CongestionChanged {
                cwnd: low,
                ssthresh: Some(high).filter(|ssthresh| *ssthresh < u32::MAX),
            },
            Self::SACKED => Event::Sacked { seq: SeqNumber(low), octets: high },
            Self::DUPLICATE_REPORTED => {
                Event::DuplicateReported { seq: SeqNumber(low), octets: high }
            }
            Self::DUPLICATE_ACK => Event::DuplicateAck { count: low },
            Self::RTO_CHANGED => Event::RtoChanged { rto: Duration::from_micros(wide) },
            _ => return None,
        };
        Some((event, self.rule()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Outbox, PackedEvent};
    use crate::tcp::output::{Event, Output, Transmission};
    use crate::tcp::segment::{Flags, Segment};
    use crate::tcp::{Rule, SeqNumber, State, Timer};
    use crate::time::{Duration, Instant};

    #[test]
    fn every_event_comes_out_as_it_went_in() {
        let far = Duration::from_secs(100_000_000);
        let (seq, most) = (SeqNumber(u32::MAX - 1), u32::MAX);
        let mut events = vec![
            Event::Discarded,
            Event::Ignored,
            Event::Acknowledged { una: seq, octets: most },
            Event::WindowChanged { wnd: most },
            Event::Queued { octets: most },
            Event::Delivered { octets: most },
            Event::Kept { seq, octets: most },
            Event::Read { octets: most },
            Event::CloseWaits,
            Event::CloseCompleted,
            Event::PeerClosed,
            Event::Refused,
            Event::Reset,
            Event::TimedOut,
            Event::AckDelayed,
            Event::TimeWaitStarted { until: Instant::ZERO + far },
            Event::RttMeasured { rtt: far, rto: far },
            Event::RtoChanged { rto: far },
            Event::CongestionChanged { cwnd: most - 1, ssthresh: None },
            Event::CongestionChanged { cwnd: most, ssthresh: Some(most - 1) },
            Event::DuplicateAck { count: most },
            Event::Sacked { seq, octets: most },
            Event::DuplicateReported { seq, octets: most },
        ];
        events.extend(Timer::ALL.map(|timer| Event::Expired { timer }));
        for from in State::ALL {
            events.extend(State::ALL.map(|to| Event::Transition { from, to }));
        }
        for (event, rule) in events.iter().zip(Rule::ALL.iter().cycle()) {
            assert_eq!(PackedEvent::new(*event, *rule).event(), Some((*event, *rule)));
            assert_eq!(PackedEvent::new(*event, *rule).noted(), None);
        }
        assert_eq!(PackedEvent::note(3, u64::MAX).event(), None);
        assert_eq!(PackedEvent::note(3, u64::MAX).noted(), Some((3, u64::MAX)));
    }

    #[test]
    fn rules_and_timers_are_listed_in_their_order() {
        assert!(Rule::ALL.iter().enumerate().all(|(index, rule)| *rule as usize == index));
        assert!(State::ALL.iter().enumerate().all(|(index, state)| *state as usize == index));
        assert!(Timer::ALL.iter().enumerate().all(|(index, timer)| *timer as usize == index));
    }

    #[test]
    fn the_order_is_causal() {
        let segment = |flags| Segment { flags, ..Segment::default() };
        let mut out = Outbox::new();
        out.transmit(segment(Flags::SYN), Transmission::First, Rule::OpenActive);
        out.record(Event::CloseWaits, Rule::CloseQueued);
        out.transmit(segment(Flags::FIN), Transmission::Retransmission, Rule::FinRetransmitted);
        let expected = [
            Output::Transmit(segment(Flags::SYN), Transmission::First, Rule::OpenActive),
            Output::Event(Event::CloseWaits, Rule::CloseQueued),
            Output::Transmit(
                segment(Flags::FIN),
                Transmission::Retransmission,
                Rule::FinRetransmitted,
            ),
        ];
        assert!(out.iter().eq(expected.clone()));
        assert_eq!(out.segments(), [segment(Flags::SYN), segment(Flags::FIN)]);
        assert!(out.drain().eq(expected));
        assert!(out.is_empty());
    }
}
