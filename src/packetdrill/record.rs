//! Records the run, for comparing and for the report.

use super::options::Options as RunOptions;
use super::script::Packet;
use crate::sim::{Call, Cause, Effect, SegmentId, SegmentRecord, Side, Trace};
use crate::tcp::{
    Connection, Flags, Options, Outbox, Output, Rule, SackBlocks, Segment, SeqNumber, Text, Timer,
    Transmission,
};
use crate::time::{Duration, Instant};

/// A segment that the host under test sent.
#[derive(Clone, Debug)]
pub(super) struct Emitted {
    pub(super) at: Instant,
    pub(super) segment: Segment,
    pub(super) rule: Rule,
    /// Its index in the trace.
    pub(super) index: usize,
}

/// The cause of a step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trigger {
    /// The segment with this index in the trace arrived.
    Arrival(usize),
    /// A system call.
    Call(Call),
    /// A timer expired.
    Timer(Timer),
}

/// The trace under construction.
#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) trace: Trace,
    pub(super) side: Side,
    pub(super) step_lines: Vec<u32>,
    pub(super) segment_lines: Vec<Option<u32>>,
    /// The present line of the script.
    pub(super) line: u32,
    /// ISS and IRS, which are added to the script's relative numbers.
    pub(super) isn: (u32, u32),
    /// The time from a segment's departure to its arrival.
    one_way_delay: Duration,
    transmissions: [u32; 2],
}

impl Recorder {
    pub(super) fn new(side: Side, options: &RunOptions) -> Self {
        Self {
            trace: Trace::default(),
            side,
            step_lines: Vec::new(),
            segment_lines: Vec::new(),
            line: 0,
            isn: options.isn,
            one_way_delay: options.one_way_delay,
            transmissions: [0; 2],
        }
    }

    /// The segment of a script's packet.
    pub(super) fn segment_of(&self, packet: &Packet, text: Text) -> Segment {
        let (iss, irs) = self.isn;
        let blocks = packet.options.sack.blocks().iter();
        let blocks: Vec<_> = blocks.map(|(start, end)| (*start + iss, *end + iss)).collect();
        Segment {
            seq: SeqNumber(packet.seq) + irs,
            ack: packet.ack.map_or(SeqNumber(0), |ack| SeqNumber(ack) + iss),
            window: packet.window.unwrap_or(u16::MAX),
            flags: packet.flags,
            options: Options { sack: SackBlocks::new(&blocks), ..packet.options.clone() },
            text,
        }
    }

    /// SEQ and ACK of a sent segment, in the script's relative numbers.
    pub(super) fn script_numbers(&self, emitted: &Emitted) -> (u32, Option<u32>) {
        let (iss, irs) = self.isn;
        let Emitted { segment, rule, .. } = emitted;
        let ack = segment.acknowledgment();
        // There is no ISS in CLOSED: the SEQ of its RST,ACK is an absolute zero.
        let is_literal = *rule == Rule::ClosedResets && ack.is_some();
        let seq = if is_literal { segment.seq } else { segment.seq - iss };
        (seq.0, ack.map(|ack| (ack - irs).0))
    }

    /// Records a segment that arrives from the script. Returns its index.
    pub(super) fn injected(&mut self, at: Instant, segment: &Segment) -> usize {
        self.keep(at, self.side.peer(), segment, None, Transmission::First)
    }

    /// Records a step of the host under test. Returns the segments that it sent.
    pub(super) fn step(
        &mut self,
        at: Instant,
        trigger: Trigger,
        connection: &Connection,
        outbox: &mut Outbox,
    ) -> Vec<Emitted> {
        let mut emitted = Vec::new();
        for output in outbox.drain() {
            match output {
                Output::Transmit(segment, transmission, rule) => {
                    let index = self.keep(at, self.side, &segment, Some(rule), transmission);
                    self.trace.note(Effect::Sent(index));
                    emitted.push(Emitted { at, segment, rule, index });
                }
                Output::Event(event, rule) => self.trace.note(Effect::Event(event, rule)),
            }
        }
        let cause = match trigger {
            Trigger::Arrival(index) => Cause::Arrival(index, false),
            Trigger::Call(call) => Cause::Call(call),
            Trigger::Timer(timer) => Cause::Timer(timer),
        };
        self.trace.push(at, self.side, cause, connection);
        self.step_lines.push(self.line);
        emitted
    }

    /// An instant in the script's time and notation: `1.250000`.
    pub(super) fn seconds(&self, at: Instant) -> String {
        let micros = at.as_micros().saturating_sub(self.one_way_delay.as_micros());
        format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
    }

    /// The last segments in the script's own notation, for a failure's context.
    pub(super) fn last_segments(&self) -> String {
        let (iss, irs) = self.isn;
        let first = self.trace.segments.len().saturating_sub(SHOWN_SEGMENTS);
        let lines: Vec<String> = self.trace.segments[first..]
            .iter()
            .map(|record| {
                let segment = &record.segment;
                let leaves = record.from == self.side;
                let (seq, ack) = if leaves { (iss, irs) } else { (irs, iss) };
                let is_literal =
                    record.rule == Some(Rule::ClosedResets) && segment.acknowledgment().is_some();
                let seq = if is_literal { segment.seq } else { segment.seq - seq };
                let ack = segment.acknowledgment().map(|number| (number - ack).0);
                let arrow = if leaves { '>' } else { '<' };
                let seen_at =
                    if leaves { record.sent_at } else { record.sent_at + self.one_way_delay };
                let at = self.seconds(seen_at);
                format!("{at} {arrow} {}", notation(segment.flags, seq.0, segment.text.len(), ack))
            })
            .collect();
        lines.join(", ")
    }

    fn keep(
        &mut self,
        at: Instant,
        from: Side,
        segment: &Segment,
        rule: Option<Rule>,
        transmission: Transmission,
    ) -> usize {
        let count = &mut self.transmissions[from.index()];
        *count += 1;
        let id = SegmentId::of(from, *count);
        let repeats = (transmission == Transmission::Retransmission)
            .then(|| {
                let earlier = self.trace.segments.iter().rev();
                earlier
                    .filter(|record| record.from == from && !record.segment.is_empty())
                    .find(|record| record.segment.seq == segment.seq)
                    .map(|record| record.id)
            })
            .flatten();
        // The host under test sees it now, the script's side one delay earlier or later.
        let (sent_at, arrives_at) = if from == self.side {
            (at, at + self.one_way_delay)
        } else {
            (
                Instant::from_micros(at.as_micros().saturating_sub(self.one_way_delay.as_micros())),
                at,
            )
        };
        self.trace.segments.push(SegmentRecord {
            id,
            from,
            segment: segment.clone(),
            sent_at,
            repeats,
            rule,
            arrives_at: Some(arrives_at),
            copy_arrives_at: None,
            lost: None,
            delayed_by: Duration::ZERO,
        });
        self.segment_lines.push(rule.is_none().then_some(self.line));
        self.trace.segments.len() - 1
    }
}

/// The number of segments in the message of a failure.
const SHOWN_SEGMENTS: usize = 4;

/// A segment in the notation of scripts: `F. 1:1(0) ack 2`.
pub(super) fn notation(flags: Flags, seq: u32, len: u32, ack: Option<u32>) -> String {
    // Scripts put the dot last.
    let (ack_bits, others): (Vec<_>, Vec<_>) = Flags::LETTERS
        .into_iter()
        .filter(|(flag, _)| flags.contains(*flag))
        .partition(|(flag, _)| *flag == Flags::ACK);
    let mut text: String = others.into_iter().chain(ack_bits).map(|(_, letter)| letter).collect();
    if text.is_empty() {
        text.push('-');
    }
    let end = seq.wrapping_add(len);
    let ack = ack.map_or(String::new(), |ack| format!(" ack {ack}"));
    format!("{text} {seq}:{end}({len}){ack}")
}
