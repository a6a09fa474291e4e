//! Following a host that was observed, not simulated: what it sent is a fact.

use super::connection::Connection;
use super::outbox::Outbox;
use super::output::Event;
use super::rule::Rule;
use super::segment::Segment;
use super::state::State;
use super::timer::TimerTable;

/// A larger jump of the sequence numbers belongs to another connection, in bytes.
const LARGEST_GAP: u32 = 1 << 24;

impl Connection {
    /// Accounts for a segment that the observed host sent: text and FIN beyond SND.NXT count as
    /// handed over by its user and sent, whatever the window or Nagle's algorithm would say. Text
    /// before it that was never seen counts too. No segment is put into `out`.
    ///
    /// SYN and RST belong to calls ([`open_active`](Self::open_active), [`abort`](Self::abort)) or
    /// to the segment that they answer; they have no effect here.
    pub fn follow(&mut self, segment: &Segment, out: &mut Outbox) {
        let may_send =
            matches!(self.state, State::SynReceived | State::Established | State::CloseWait)
                && self.fin_sent.is_none();
        let start = segment.seq + u32::from(segment.syn());
        let end = start + segment.text.len();
        let octets = end.distance_from(self.tcb.snd_nxt);
        if !may_send || end.before(self.tcb.snd_nxt) || octets > LARGEST_GAP {
            return;
        }
        if octets > 0 {
            out.record(Event::Queued { octets }, Rule::SendTakes);
            self.queue.append(&vec![0; octets as usize]);
            self.tcb.snd_nxt = end;
        }
        if segment.fin() {
            let to = if self.state == State::CloseWait { State::LastAck } else { State::FinWait1 };
            self.is_closing = true;
            self.transition(to, Rule::CloseSendsFin, out);
            self.fin_sent = Some(end);
            self.tcb.snd_nxt = end + 1;
        }
    }

    /// Stops all timers: when those of an observed host run is not known.
    pub fn stop_timers(&mut self) {
        self.timers = TimerTable::default();
    }
}
