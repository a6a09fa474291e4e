//! The reason for each field's value, derived from the run.

use super::sentence::{Argument, Sentence};
use crate::app::run::Run;
use crate::sim::{Cause, Effect, HostView, Origin, SegmentId, SegmentRecord, Side, Trace};
use crate::tcp::wire::Field;
use crate::tcp::{HeaderField, Rule, SeqNumber};

/// A segment in its run.
pub(super) struct Context<'a> {
    pub(super) record: &'a SegmentRecord,
    trace: &'a Trace,
    /// Its index in [`Trace::segments`].
    index: usize,
    /// The step that sent it; an old duplicate has none.
    step: Option<usize>,
    /// The window scale that its sender applies; 0 if none was negotiated.
    shift: u8,
}

impl<'a> Context<'a> {
    pub(super) fn of(run: &'a Run, id: SegmentId) -> Option<Self> {
        let trace = run.timeline.trace();
        let index = trace.segments.iter().position(|record| record.id == id)?;
        let record = &trace.segments[index];
        let sends = |step| trace.effects(step).any(|effect| effect == Effect::Sent(index));
        let step = trace.steps.iter().position(sends);
        let hosts = &run.timeline.scenario().hosts;
        let scales = hosts.iter().all(|host| host.config.window_scale.is_some());
        let own = hosts[record.from.index()].config.window_scale;
        let shift = own.filter(|_| scales && !record.segment.syn()).unwrap_or(0);
        Some(Self { record, trace, index, step, shift })
    }

    /// The reason for a field's value, and whether it is specific to this run.
    pub(super) fn why(&self, field: &Field) -> (Sentence, bool) {
        let is_old = matches!(self.record.id.origin, Origin::Old);
        let (port, other) = (self.record.from, self.record.from.peer());
        let quiet = |sentence| (sentence, false);
        match field.field {
            HeaderField::SequenceNumber
            | HeaderField::AcknowledgmentNumber
            | HeaderField::Window
                if is_old =>
            {
                (plain("field.old"), true)
            }
            HeaderField::SourcePort => quiet(port_of(port)),
            HeaderField::DestinationPort => quiet(port_of(other)),
            HeaderField::SequenceNumber => (self.sequence(), true),
            HeaderField::AcknowledgmentNumber => (self.acknowledgment(), true),
            HeaderField::DataOffset => quiet(offset(field.value)),
            HeaderField::Reserved => quiet(plain("field.reserved.zero")),
            HeaderField::Window => (self.window(), true),
            HeaderField::Checksum => (self.checksum(), true),
            HeaderField::UrgentPointer => quiet(plain("field.urgent.unset")),
            HeaderField::MaximumSegmentSize => (mss(field.value), true),
            HeaderField::WindowScale => (scale(field.value), true),
            HeaderField::SackPermitted => (plain("field.sack-permitted.why"), true),
            HeaderField::Sack => (plain("field.sack.why"), true),
            HeaderField::Timestamps => (plain("field.timestamps.why"), true),
            HeaderField::NoOperation => quiet(plain("field.nop.why")),
            HeaderField::Data => (self.data(), true),
            HeaderField::Syn if field.value > 0 => quiet(self.host("field.syn.set")),
            HeaderField::Fin if field.value > 0 => quiet(self.host("field.fin.set")),
            HeaderField::Rst if field.value > 0 => quiet(self.host("field.rst.set")),
            HeaderField::Psh if field.value > 0 => quiet(self.host("field.psh.set")),
            HeaderField::Ack if field.value > 0 => quiet(plain("field.ack-bit.set")),
            field if field.is_flag() => quiet(plain("field.bit.unset")),
            _ => quiet(plain("field.padding.why")),
        }
    }

    /// The reason for the flags as a whole.
    pub(super) fn why_control_bits(&self) -> Sentence {
        let segment = &self.record.segment;
        let acks = segment.acknowledgment().is_some();
        self.host(match (segment.rst(), segment.syn(), segment.fin(), acks) {
            (true, ..) => "field.control-bits.rst",
            (_, true, _, false) => "field.control-bits.syn",
            (_, true, _, true) => "field.control-bits.syn-ack",
            (_, _, true, _) => "field.control-bits.fin",
            _ if segment.text.is_empty() => "field.control-bits.ack",
            _ => "field.control-bits.data",
        })
    }

    fn sequence(&self) -> Sentence {
        let segment = &self.record.segment;
        if let Some(id) = self.record.repeats {
            return about("field.seq.repeat", id, vec![]);
        }
        if segment.syn() {
            return self.host("field.seq.iss");
        }
        if segment.rst()
            && let Some(answered) = self.answered()
            && self.takes_numbers_from_answered()
        {
            let key = match answered.segment.acknowledgment() {
                Some(_) => "field.seq.reset",
                None => "field.seq.zero",
            };
            return about(key, answered.id, vec![]);
        }
        let earlier = self.trace.segments[..self.index].iter().rev();
        let before = earlier
            .filter(|record| self.is_own(record))
            .find(|record| !record.segment.is_empty() && record.segment.end() == segment.seq);
        let Some(before) = before else { return self.host("field.seq.snd-nxt") };
        let key = if segment.is_empty() { "field.seq.empty" } else { "field.seq.next" };
        let arguments = vec![
            ("seq", text(&before.segment.seq)),
            ("count", text(&before.segment.len())),
            ("next", text(&segment.seq)),
        ];
        about(key, before.id, arguments)
    }

    fn acknowledgment(&self) -> Sentence {
        let Some(ack) = self.record.segment.acknowledgment() else {
            let is_first = self.record.segment.syn();
            return self.host(if is_first { "field.ack.nothing" } else { "field.ack.unset" });
        };
        if let Some(answered) = self.answered() {
            if self.takes_numbers_from_answered() {
                return received("field.ack.reset", answered, ack);
            }
            if answered.segment.seq.after(ack) && !answered.segment.is_empty() {
                return about("field.ack.gap", answered.id, vec![("next", text(&ack))]);
            }
        }
        let Some(last) = self.received_up_to(ack) else { return self.host("field.ack.rcv-nxt") };
        let segment = &last.segment;
        let key = match (segment.syn(), segment.fin(), segment.text.is_empty()) {
            (true, _, true) => "field.ack.syn",
            (_, true, true) => "field.ack.fin",
            (_, true, false) => "field.ack.text-fin",
            (_, false, _) => "field.ack.text",
        };
        received(key, last, ack)
    }

    fn window(&self) -> Sentence {
        let segment = &self.record.segment;
        if segment.rst() {
            return plain("field.window.reset");
        }
        let Some(host) = self.sender() else { return self.host("field.window.open") };
        let mut sentence = self.host(match (segment.window, host.readable) {
            (0, _) => "field.window.zero",
            _ if self.shift > 0 => "field.window.scaled",
            (_, 0) => "field.window.open",
            _ => "field.window.part",
        });
        let octets = u32::from(segment.window) << self.shift;
        sentence.arguments.extend([
            ("octets", text(&octets)),
            ("shift", text(&self.shift)),
            ("readable", text(&host.readable)),
        ]);
        sentence
    }

    fn checksum(&self) -> Sentence {
        let (from, to) = (self.record.from.address(), self.record.from.peer().address());
        Sentence {
            arguments: vec![("from", text(&from.ip())), ("to", text(&to.ip()))],
            ..plain("field.checksum.why")
        }
    }

    fn data(&self) -> Sentence {
        let segment = &self.record.segment;
        let first = segment.seq + u32::from(segment.syn());
        let mut sentence = self.host("field.data.stream");
        sentence.arguments.extend([
            ("count", text(&segment.text.len())),
            ("first", text(&first)),
            ("last", text(&(first + segment.text.len() - 1))),
        ]);
        sentence
    }

    /// The segment whose arrival caused this one.
    fn answered(&self) -> Option<&'a SegmentRecord> {
        match self.trace.steps.get(self.step?)?.cause {
            Cause::Arrival(index, _) => self.trace.segments.get(index),
            Cause::Loss(_) | Cause::Call(_) | Cause::Timer(_) => None,
        }
    }

    /// Whether it is a reset that takes its numbers from the answered segment alone.
    fn takes_numbers_from_answered(&self) -> bool {
        matches!(
            self.record.rule,
            Some(
                Rule::ClosedResets
                    | Rule::ListenResetsAck
                    | Rule::SynSentBadAckResets
                    | Rule::AckResets
            )
        )
    }

    /// The segment that reached its sender and ends right before a number.
    fn received_up_to(&self, ack: SeqNumber) -> Option<&'a SegmentRecord> {
        let steps = self.trace.steps.get(..=self.step?)?.iter().rev();
        let arrived = steps.filter(|step| step.side == self.record.from).filter_map(|step| {
            let Cause::Arrival(index, _) = step.cause else { return None };
            self.trace.segments.get(index)
        });
        let mut arrived = arrived.filter(|it| !it.segment.is_empty() && it.segment.end() == ack);
        arrived.next()
    }

    /// Its sender, right after it was sent.
    fn sender(&self) -> Option<HostView> {
        Some(self.trace.after(self.trace.steps.get(self.step?)?))
    }

    /// Whether a segment comes from the same host, in this run.
    fn is_own(&self, record: &SegmentRecord) -> bool {
        record.id.origin == self.record.id.origin
    }

    fn host(&self, key: &'static str) -> Sentence {
        Sentence { arguments: vec![("host", Argument::Host(self.record.from))], ..plain(key) }
    }
}

const fn plain(key: &'static str) -> Sentence {
    Sentence { key, arguments: vec![], about: None }
}

/// A sentence about another segment, which it names `{id}`.
fn about(
    key: &'static str,
    id: SegmentId,
    mut arguments: Vec<(&'static str, Argument)>,
) -> Sentence {
    arguments.push(("id", text(&id)));
    Sentence { key, arguments, about: Some(id) }
}

/// A sentence about a segment that arrived, and the number after it.
fn received(key: &'static str, record: &SegmentRecord, next: SeqNumber) -> Sentence {
    let segment = &record.segment;
    let count = if key == "field.ack.reset" { segment.len() } else { segment.text.len() };
    let arguments =
        vec![("seq", text(&segment.seq)), ("count", text(&count)), ("next", text(&next))];
    about(key, record.id, arguments)
}

fn text(value: &impl ToString) -> Argument {
    Argument::Text(value.to_string())
}

const fn port_of(side: Side) -> Sentence {
    plain(match side {
        Side::Client => "field.port.client",
        Side::Server => "field.port.server",
    })
}

fn offset(words: u64) -> Sentence {
    let key = if words > 5 { "field.offset.options" } else { "field.offset.bare" };
    let octets = words * 4;
    let arguments = vec![
        ("words", text(&words)),
        ("octets", text(&octets)),
        ("options", text(&octets.saturating_sub(20))),
    ];
    Sentence { arguments, ..plain(key) }
}

fn mss(mss: u64) -> Sentence {
    Sentence { arguments: vec![("mtu", text(&(mss + 40)))], ..plain("field.mss.mtu") }
}

fn scale(shift: u64) -> Sentence {
    let unit = 1_u64 << shift.min(14);
    Sentence { arguments: vec![("unit", text(&unit))], ..plain("field.scale.unit") }
}
