//! The time-sequence graph of what one host sends, as tcptrace and Wireshark draw it, and the
//! variables of its loss recovery on the same time axis.

use crate::app::run::Run;
use crate::sim::{Effect, HostView, SegmentId, SegmentRecord, Side, Step, Trace};
use crate::tcp::{Event, Flags, SeqNumber, State};
use crate::time::{Duration, Instant};

/// The graph of what one host sends. Sequence numbers count from the host's first ISS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// The sending host.
    pub side: Side,
    /// Its segments that occupy sequence numbers, in the order in which they were sent.
    pub bars: Vec<Bar>,
    /// The host's variables whenever one of them changed.
    pub rows: Vec<Row>,
    /// The largest sequence number shown.
    pub most_sequence: u64,
    /// The largest number of bytes of [`Row::cwnd`], [`Row::ssthresh`] and [`Row::in_flight`].
    pub most_bytes: u64,
    /// The largest RTO.
    pub most_rto: Duration,
    /// When the last of this happened.
    pub end: Instant,
}

/// A segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its name.
    pub id: SegmentId,
    /// When it was sent.
    pub at: Instant,
    /// Its first sequence number.
    pub from: u64,
    /// The sequence number after its last.
    pub to: u64,
    /// Its mark.
    pub mark: Mark,
    /// Whether it was lost.
    pub is_lost: bool,
}

/// How a segment is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Data that was not sent before.
    Data,
    /// SYN or FIN without data.
    Control,
    /// Sequence numbers that were sent before.
    Retransmission,
}

/// The variables of the host from an instant on, until the next row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The instant.
    pub at: Instant,
    /// The step that made the last change of this instant.
    pub step: usize,
    /// SND.UNA: everything before it is acknowledged.
    pub acknowledged: u64,
    /// SND.UNA + SND.WND: the end of the receiver's window.
    pub window_end: u64,
    /// The congestion window, in bytes.
    pub cwnd: u32,
    /// The slow start threshold, in bytes; `None` before the first loss.
    pub ssthresh: Option<u32>,
    /// Sequence numbers that are sent and, as far as the sender knows, still in the network.
    pub in_flight: u32,
    /// RTO.
    pub rto: Duration,
}

impl Mark {
    /// Its name in words and styles.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Control => "control",
            Self::Retransmission => "retransmission",
        }
    }

    fn of(record: &SegmentRecord) -> Self {
        if record.repeats.is_some() {
            Self::Retransmission
        } else if record.segment.text.is_empty() {
            Self::Control
        } else {
            Self::Data
        }
    }
}

/// The host whose graph says most: the one that sends more bytes of data, else the client.
#[must_use]
pub fn busier_side(run: &Run) -> Side {
    let bytes = Side::BOTH.map(|side| {
        let own = run.timeline.trace().segments.iter().filter(|record| record.from == side);
        own.map(|record| u64::from(record.segment.text.len())).sum::<u64>()
    });
    if bytes[1] > bytes[0] { Side::Server } else { Side::Client }
}

impl Graph {
    /// The graph of what `side` sends in a run.
    #[must_use]
    pub fn of(run: &Run, side: Side) -> Self {
        let trace = run.timeline.trace();
        let own = || trace.segments.iter().filter(|record| record.from == side);
        let syn = own().find(|record| record.segment.flags.contains(Flags::SYN));
        let base = syn.or_else(|| own().next()).map_or(SeqNumber(0), |record| record.segment.seq);
        let bars: Vec<Bar> =
            own().filter(|record| !record.segment.is_empty()).map(|it| bar(it, base)).collect();
        let rows = rows(run, side, base);
        let most = |of: &dyn Fn(&Row) -> u64| rows.iter().map(of).max().unwrap_or(0);
        let sent = bars.iter().map(|bar| bar.to).max().unwrap_or(0);
        Self {
            most_sequence: sent.max(most(&|row| row.acknowledged)).max(1),
            most_bytes: most(&|row| {
                u64::from(row.cwnd.max(row.ssthresh.unwrap_or(0)).max(row.in_flight))
            })
            .max(1),
            most_rto: rows.iter().map(|row| row.rto).max().unwrap_or_default(),
            end: rows
                .iter()
                .map(|row| row.at)
                .chain(bars.iter().map(|bar| bar.at))
                .max()
                .unwrap_or(Instant::ZERO),
            side,
            bars,
            rows,
        }
    }

    /// The row in force at an instant; `None` before the first.
    #[must_use]
    pub fn row_at(&self, at: Instant) -> Option<&Row> {
        self.rows[..self.rows.partition_point(|row| row.at <= at)].last()
    }
}

fn bar(record: &SegmentRecord, base: SeqNumber) -> Bar {
    let from = relative(record.segment.seq, base);
    Bar {
        id: record.id,
        at: record.sent_at,
        from,
        to: from + u64::from(record.segment.len()),
        mark: Mark::of(record),
        is_lost: record.lost.is_some(),
    }
}

/// A sequence number counted from `base`. One that lies before it belongs to an earlier connection,
/// and counts as the base.
fn relative(seq: SeqNumber, base: SeqNumber) -> u64 {
    if seq.before(base) { 0 } else { u64::from(seq.distance_from(base)) }
}

fn rows(run: &Run, side: Side, base: SeqNumber) -> Vec<Row> {
    let trace = run.timeline.trace();
    let mut rows: Vec<Row> = vec![];
    if run.scripted_side() == Some(side) {
        return rows;
    }
    for (step, record) in trace.steps.iter().enumerate().filter(|(_, it)| it.side == side) {
        let view = trace.after(record);
        let row = if matches!(view.state, State::Closed | State::Listen) {
            // The acknowledgment of the last FIN deletes the TCB.
            let Some((last, una)) = rows.last().zip(acknowledged(trace, record)) else { continue };
            let acknowledged = relative(una, base);
            Row { at: record.at, step, acknowledged, in_flight: 0, ..*last }
        } else {
            row(&view, record.at, step, base)
        };
        match rows.last_mut() {
            Some(last) if last.at == row.at => *last = row,
            Some(last) if Row { at: row.at, step: row.step, ..*last } == row => {}
            _ => rows.push(row),
        }
    }
    rows
}

/// The SND.UNA that a step sets.
fn acknowledged(trace: &Trace, step: &Step) -> Option<SeqNumber> {
    trace.effects(step).find_map(|effect| match effect {
        Effect::Event(Event::Acknowledged { una, .. }, _) => Some(una),
        _ => None,
    })
}

fn row(view: &HostView, at: Instant, step: usize, base: SeqNumber) -> Row {
    let acknowledged = relative(view.tcb.snd_una, base);
    Row {
        at,
        step,
        acknowledged,
        window_end: acknowledged + u64::from(view.tcb.snd_wnd),
        cwnd: view.cwnd,
        ssthresh: view.ssthresh,
        in_flight: view.in_flight,
        rto: view.rto,
    }
}

/// The marks of an axis from zero to `most`: at most `count` round numbers after zero.
#[must_use]
pub fn ticks(most: u64, count: u64) -> Vec<u64> {
    let least = most.div_ceil(count.max(1)).max(1);
    let mut unit = 1_u64;
    let step = loop {
        if let Some(step) = [1, 2, 5].into_iter().map(|it| it * unit).find(|it| *it >= least) {
            break step;
        }
        match unit.checked_mul(10) {
            Some(larger) if larger <= u64::MAX / 10 => unit = larger,
            _ => break least,
        }
    };
    (0..=most / step).map(|index| index * step).collect()
}

#[cfg(test)]
mod tests {
    use super::{Graph, Mark, busier_side, ticks};
    use crate::app::run::Run;
    use crate::link::Link;
    use crate::sim::Side;

    fn run(link: &str) -> Run {
        Run::of(&Link::parse("", link).0, false)
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(ticks(9, 4), [0, 5]);
        assert_eq!(ticks(1_460, 4), [0, 500, 1_000]);
        assert_eq!(ticks(0, 4), [0]);
        assert_eq!(ticks(u64::MAX, 1).len(), 2);
    }

    #[test]
    fn a_lost_segment_and_its_retransmission_have_the_same_sequence_numbers() {
        let run = run("scenario=normal&do=drop:C3");
        let graph = Graph::of(&run, Side::Client);
        let lost = graph.bars.iter().find(|bar| bar.is_lost).unwrap();
        let again = graph.bars.iter().find(|bar| bar.mark == Mark::Retransmission).unwrap();
        assert_eq!((lost.from, lost.to), (again.from, again.to));
        assert!(lost.at < again.at);
        assert_eq!(lost.mark, Mark::Data);
    }

    #[test]
    fn acknowledgments_never_go_back_and_end_where_the_bars_do() {
        let run = run("scenario=half-close");
        for side in Side::BOTH {
            let graph = Graph::of(&run, side);
            assert!(graph.rows.is_sorted_by_key(|row| row.at));
            assert!(graph.rows.is_sorted_by_key(|row| row.acknowledged));
            let sent = graph.bars.iter().map(|bar| bar.to).max();
            assert_eq!(graph.rows.last().map(|row| row.acknowledged), sent);
        }
    }

    #[test]
    fn the_graph_of_the_host_with_more_data_comes_first() {
        assert_eq!(busier_side(&run("scenario=syn-timeout")), Side::Client);
        assert_eq!(busier_side(&run("scenario=refused&do=send:C:5@1s")), Side::Client);
    }
}
