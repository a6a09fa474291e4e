//! The notes of a segment, by the segments of its connection before it.
//!
//! The rules are those that Wireshark documents for its TCP analysis (User's Guide §7.5, "TCP
//! Analysis"), so that the notes agree with tshark's; `docs/capture.md` lists the differences.
//! Each rule says what it takes as a sign of what. None is proof: a capture shows the network at
//! one point.

use super::notes::{Note, Notes};
use super::segment::CapturedSegment;
use crate::tcp::segment::Flags;
use crate::tcp::seq::SeqNumber;

const SYN: Flags = Flags::SYN;
const FIN: Flags = Flags::FIN;
const RST: Flags = Flags::RST;
const ACK: Flags = Flags::ACK;

const MILLISECOND: i64 = 1_000_000;
/// A fast retransmission follows the duplicate ACKs within this time.
const FAST: i64 = 20 * MILLISECOND;
/// An overtaken segment follows within this time if the round trip is not known.
const OVERTAKEN: i64 = 3 * MILLISECOND;
/// Duplicate ACKs that call for a fast retransmission. RFC 5681 has three; one may be missing.
const DUPLICATES: u32 = 2;

/// Whether a direction's windows are scaled (RFC 7323 §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Scale {
    /// Its SYN was not captured.
    #[default]
    Unknown,
    /// A SYN came without the option.
    Off,
    /// By so many bits, if the other side has the option too.
    By(u8),
}

/// One direction of a connection, as far as it was seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Direction {
    /// The first sequence number: SEQ of the SYN, or one before that of the first segment.
    pub base: Option<SeqNumber>,
    /// The highest sequence number after a segment.
    next: Option<SeqNumber>,
    /// When `next` was reached.
    next_at: i64,
    /// How far the segments before are known without a gap: an ACK beyond acknowledges more
    /// than was captured.
    contiguous: Option<SeqNumber>,
    /// The acknowledgment field of the last segment; 0 before the first.
    last_ack: SeqNumber,
    last_at: i64,
    /// The window field of the last segment; `None` before the first.
    window: Option<u16>,
    /// Duplicates of `last_ack` in a row.
    duplicates: u32,
    scale: Scale,
    /// Whether a window of this direction counts as scaled: those of SYN segments never are.
    is_window_scaled: bool,
    last_notes: Notes,
}

/// The time from a connection's last SYN to the first ACK after it, in nanoseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct RoundTrip {
    syn_at: Option<i64>,
    pub first: Option<i64>,
}

impl RoundTrip {
    pub fn observe(&mut self, segment: &CapturedSegment) {
        if segment.has(SYN) && !segment.has(ACK) {
            self.syn_at = Some(segment.at);
        } else if segment.has(ACK) && !segment.has(SYN) && self.first.is_none() {
            self.first = self.syn_at.map(|at| segment.at.saturating_sub(at)).filter(|t| *t != 0);
        }
    }
}

/// A segment with its own direction and the opposite one.
struct Analysis<'a> {
    segment: &'a CapturedSegment,
    own: &'a mut Direction,
    peer: &'a mut Direction,
    notes: Notes,
}

/// Notes a segment and remembers it.
pub(super) fn analyse(
    segment: &CapturedSegment,
    own: &mut Direction,
    peer: &mut Direction,
    round_trip: Option<i64>,
    is_port_reused: bool,
) -> Notes {
    let mut notes = Notes::NONE;
    if is_port_reused {
        notes.add(Note::PortReused);
    }
    let mut analysis = Analysis { segment, own, peer, notes };
    analysis.set_bases();
    analysis.note_window_and_acknowledgment();
    analysis.note_acknowledged_unseen();
    analysis.note_sent_again(round_trip);
    analysis.remember();
    analysis.notes
}

impl Analysis<'_> {
    /// Notes the first sequence number of each direction.
    fn set_bases(&mut self) {
        let segment = self.segment;
        self.own.base.get_or_insert(if segment.has(SYN) { segment.seq } else { segment.seq - 1 });
        if segment.has(ACK) {
            self.peer.base.get_or_insert(segment.ack - 1);
        }
    }

    /// Whether the segment begins where the highest one before it ended.
    fn is_next(&self) -> bool {
        self.own.next.unwrap_or_default() == self.segment.seq
    }

    /// Whether none of SYN, FIN, RST is set: such segments are probes and repeated ACKs.
    fn is_plain(&self) -> bool {
        !self.segment.has_any(SYN | FIN | RST)
    }

    /// The notes that tell of windows, probes and repeated ACKs; the first that answers a probe
    /// excludes the ones after it.
    fn note_window_and_acknowledgment(&mut self) {
        let segment = self.segment;
        // One byte at the next sequence number, into a window that was closed.
        if segment.length == 1 && self.is_next() && self.peer.window == Some(0) {
            self.notes.add(Note::ZeroWindowProbe);
            return;
        }
        if segment.window == 0 && self.is_plain() {
            self.notes.add(Note::ZeroWindow);
        }
        // A gap between the highest sequence number so far and this segment.
        if self.own.next.is_some_and(|next| segment.seq.after(next)) && !segment.has(RST) {
            self.notes.add(Note::PreviousNotCaptured);
        }
        // At most one byte, just before the next sequence number: its receiver must answer.
        let before = self.own.next.unwrap_or_default() - 1;
        if segment.length <= 1 && segment.seq == before && self.is_plain() {
            self.notes.add(Note::KeepAlive);
        }
        // Data up to the last byte of the window that the other side advertised.
        if segment.length > 0 && self.is_plain() && self.peer.right_edge() == Some(self.end()) {
            self.notes.add(Note::WindowFull);
        }
        // What follows repeats the window and ACK of the segment before, without data.
        let is_repeat = segment.length == 0
            && self.own.window == Some(segment.window)
            && self.is_next()
            && self.is_plain();
        if !is_repeat {
            return;
        }
        let same_ack = segment.ack == self.own.last_ack;
        if segment.window == 0 {
            // Some receivers take the byte of the probe.
            let takes_byte = segment.ack == self.own.last_ack + 1;
            if self.peer.last_notes.has(Note::ZeroWindowProbe) && (same_ack || takes_byte) {
                self.notes.add(Note::ZeroWindowProbeAck);
                if takes_byte {
                    self.peer.next = Some(segment.ack);
                    self.peer.contiguous = Some(segment.ack);
                }
            }
        } else if same_ack && self.peer.last_notes.has(Note::KeepAlive) {
            self.notes.add(Note::KeepAliveAck);
        } else if same_ack {
            self.own.duplicates += 1;
            self.notes.add(Note::DuplicateAck);
        }
    }

    /// The sequence number after the data.
    fn end(&self) -> SeqNumber {
        self.segment.seq + self.segment.length
    }

    /// The sequence number after the data and SYN or FIN.
    fn end_with_control(&self) -> SeqNumber {
        self.end() + u32::from(self.segment.has_any(SYN | FIN))
    }

    /// Notes an ACK of more than was captured of the other direction.
    fn note_acknowledged_unseen(&mut self) {
        let segment = self.segment;
        if segment.ack != self.own.last_ack {
            self.own.duplicates = 0;
        }
        if segment.has(ACK) && self.peer.contiguous.is_some_and(|end| segment.ack.after(end)) {
            self.notes.add(Note::AckedUnseen);
            // Note one gap once: the next is expected after the highest number captured, or, if
            // that is exceeded too, not before this direction sends again.
            let highest = self.peer.next;
            self.peer.contiguous = highest.filter(|next| self.peer.contiguous != Some(*next));
        }
    }

    /// Notes sequence numbers that do not advance: sent again, or overtaken.
    fn note_sent_again(&mut self, round_trip: Option<i64>) {
        let segment = self.segment;
        let occupies = segment.length > 0 || segment.has_any(SYN | FIN);
        if !occupies || self.notes.has(Note::KeepAlive) {
            return;
        }
        // All of its data was acknowledged before it came.
        let acked = self.peer.last_ack;
        if segment.length > 0 && acked.0 != 0 && self.end().at_or_before(acked) {
            self.notes.add(Note::SpuriousRetransmission);
            self.notes.add(Note::Retransmission);
            return;
        }
        let Some(next) = self.own.next else { return };
        // New data behind the byte of a zero-window probe is not sent again.
        let follows_probe = segment.length > 1 && segment.seq == next - 1;
        if !segment.seq.before(next) || follows_probe {
            return;
        }
        let since_ack = segment.at.saturating_sub(self.peer.last_at);
        if since_ack < FAST && self.is_asked_for() {
            self.notes.add(Note::FastRetransmission);
            self.notes.add(Note::Retransmission);
            return;
        }
        // Soon after the segment that overtook it, and not just the last segment once more.
        let since_next = segment.at.saturating_sub(self.own.next_at);
        if since_next < round_trip.unwrap_or(OVERTAKEN) && self.end_with_control() != next {
            self.notes.add(Note::OutOfOrder);
        } else {
            self.notes.add(Note::Retransmission);
        }
    }

    /// Whether duplicate ACKs ask for this segment.
    fn is_asked_for(&self) -> bool {
        self.peer.duplicates >= DUPLICATES && self.peer.last_ack == self.segment.seq
    }

    /// Remembers the segment for those that follow.
    fn remember(&mut self) {
        let segment = self.segment;
        let end = self.end_with_control();
        let is_probe = self.notes.has(Note::ZeroWindowProbe);
        let old_next = self.own.next;
        if !is_probe && self.own.next.is_none_or(|next| end.after(next)) {
            // A RST that answers a SYN has SEQ 0 (RFC 9293 §3.5.2), which is no position.
            self.own.next = Some(end).filter(|end| end.0 != 0);
            self.own.next_at = segment.at;
        }
        // After a gap was noted, count from where the segments ended before it.
        let contiguous = *self.own.contiguous.get_or_insert(old_next.unwrap_or(segment.seq));
        if !is_probe && contiguous == segment.seq {
            self.own.contiguous = self.own.next;
        }
        self.own.window = Some(segment.window);
        self.own.last_ack = segment.ack;
        self.own.last_at = segment.at;
        self.own.last_notes = self.notes;
        self.own.is_window_scaled = !segment.has(SYN);
        if segment.has(SYN) {
            self.learn_scale();
        }
    }

    /// Learns whether windows will be scaled: only if both SYNs have the option.
    fn learn_scale(&mut self) {
        match segment_scale(self.segment) {
            Some(shift) => self.own.scale = Scale::By(shift),
            None if self.own.scale == Scale::Unknown => {
                self.own.scale = Scale::Off;
                self.peer.scale = Scale::Off;
            }
            None => {}
        }
        if self.segment.has(ACK) && self.peer.scale == Scale::Off {
            self.own.scale = Scale::Off;
        }
    }
}

fn segment_scale(segment: &CapturedSegment) -> Option<u8> {
    // RFC 7323 §2.3: a shift above 14 is taken as 14.
    segment.options.window_scale.map(|shift| shift.min(14))
}

impl Direction {
    /// The sequence number after the last one that this direction's receiver accepts; `None` if
    /// the scale of its window is not known.
    fn right_edge(&self) -> Option<SeqNumber> {
        let shift = match self.scale {
            Scale::Unknown => return None,
            Scale::By(shift) if self.is_window_scaled => shift,
            Scale::By(_) | Scale::Off => 0,
        };
        Some(self.last_ack + (u32::from(self.window?) << shift))
    }

    /// Takes the highest number back to where the segments are known without a gap.
    ///
    /// A SYN that is sent again may follow a RST with the sequence number of an ACK that the other
    /// side made up (RFC 9293 §3.5.2), which is no position in this direction.
    pub fn restart(&mut self) {
        self.next = self.contiguous;
    }
}
