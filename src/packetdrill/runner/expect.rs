//! Expected segments: compared with those that the host under test sends.

use super::{ANY_TIME, Runner};
use crate::packetdrill::options::Stack;
use crate::packetdrill::record::{Emitted, notation};
use crate::packetdrill::report::Failure;
use crate::packetdrill::script::{Packet, ScriptEvent, When};
use crate::tcp::{Flags, Text};

impl Runner<'_> {
    pub(super) fn expect(&mut self, event: &ScriptEvent, packet: &Packet) -> Result<(), Failure> {
        let at = (event.when != When::Any).then(|| self.time_of(event.when));
        let latest = event.latest.map(|when| self.time_of(when)).or(at);
        let limit = latest.map_or(self.host.now + ANY_TIME, |at| at + self.tolerance);
        while self.host.emitted.is_empty() && self.expire_by(limit)? {}
        let time = at.map_or("any time".to_owned(), |at| self.seconds(at));
        let want = notation(packet.flags, packet.seq, packet.len, packet.ack);
        let want = format!("`{want}` at {time}");
        let Some(emitted) = self.host.emitted.pop_front() else {
            return Err(self.failure(event.line, want, "nothing".to_owned()));
        };
        let emitted = self.merge(emitted, packet);
        self.host.recorder.segment_lines[emitted.index] = Some(event.line);
        let is_in_time = at.is_none_or(|at| {
            let latest = latest.unwrap_or(at);
            let (early, late) = (at.since(emitted.at), emitted.at.since(latest));
            early <= self.tolerance && late <= self.tolerance
        });
        if is_in_time && self.matches(packet, &emitted, event.line) {
            return Ok(());
        }
        let (seq, ack) = self.host.recorder.script_numbers(&emitted);
        let segment = &emitted.segment;
        let got = notation(segment.flags, seq, segment.text.len(), ack);
        Err(self.failure(event.line, want, format!("`{got}` at {}", self.seconds(emitted.at))))
    }

    /// With segmentation offload, a capture shows all text sent at one instant as one long segment.
    fn merge(&mut self, mut emitted: Emitted, packet: &Packet) -> Emitted {
        if self.host.stack != Stack::Linux {
            return emitted;
        }
        while !emitted.segment.text.is_empty()
            && emitted.segment.text.len() < packet.len
            && let Some(next) = self.host.emitted.front()
            && next.at == emitted.at
            && next.segment.seq == emitted.segment.end()
            && !next.segment.text.is_empty()
        {
            let text = [emitted.segment.text.octets(), next.segment.text.octets()].concat();
            emitted.segment.text = Text::new(&text);
            emitted.segment.flags |= next.segment.flags;
            emitted.segment.ack = next.segment.ack;
            let index = next.index;
            self.host.recorder.segment_lines[index] = Some(self.host.recorder.line);
            self.host.emitted.pop_front();
        }
        emitted
    }

    fn matches(&mut self, packet: &Packet, emitted: &Emitted, line: u32) -> bool {
        const NOT_COMPARED: [Flags; 3] = [Flags::PSH, Flags::ECE, Flags::CWR];
        let plain = |flags: Flags| NOT_COMPARED.into_iter().fold(flags, Flags::without);
        let (seq, ack) = self.host.recorder.script_numbers(emitted);
        let flags = plain(emitted.segment.flags);
        let is_same_ack = ack.is_none() || ack == packet.ack;
        let len = emitted.segment.text.len();
        if (flags, len) == (plain(packet.flags), packet.len) && seq == packet.seq && is_same_ack {
            return true;
        }
        // BSD repeats its FIN with an ACK that the RFC sends without.
        let repeats_fin = plain(packet.flags) == Flags::FIN | Flags::ACK
            && packet.len == 0
            && (flags, len, seq) == (Flags::ACK, 0, packet.seq.wrapping_add(1))
            && is_same_ack
            && self.sent_fin(packet.seq, emitted.index);
        if repeats_fin {
            self.spellings += 1;
            self.note(line, "a repeated FIN, where the RFC sends an ACK".to_owned());
        }
        repeats_fin
    }

    /// Whether a FIN at `seq`, in the script's numbers, left before the segment with this index.
    fn sent_fin(&self, seq: u32, before: usize) -> bool {
        let recorder = &self.host.recorder;
        recorder.trace.segments[..before].iter().any(|record| {
            let fin = record.segment.end() - 1;
            record.from == recorder.side && record.segment.fin() && (fin - recorder.isn.0).0 == seq
        })
    }
}
