//! Transmissions as arrows between the lifelines.

use super::axis::Axis;
use super::passage::Passage;
use super::window::WindowChange;
use crate::sim::{LossCause, Moment, Origin, Scenario, SegmentId, SegmentRecord, Side};
use crate::tcp::Segment;
use crate::time::Instant;

/// The distance between the lifelines.
pub const WIDTH: u32 = 1_000;

/// The main purpose of a segment, which determines its colour and its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// SYN, with or without ACK.
    Syn,
    /// FIN.
    Fin,
    /// RST.
    Rst,
    /// Text.
    Data,
    /// Only an acknowledgment.
    Ack,
}

impl SegmentKind {
    /// The kind of a segment.
    #[must_use]
    pub fn of(segment: &Segment) -> Self {
        if segment.rst() {
            Self::Rst
        } else if segment.syn() {
            Self::Syn
        } else if segment.fin() {
            Self::Fin
        } else if segment.text.is_empty() {
            Self::Ack
        } else {
            Self::Data
        }
    }

    /// Its name in class names and data attributes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Syn => "syn",
            Self::Fin => "fin",
            Self::Rst => "rst",
            Self::Data => "data",
            Self::Ack => "ack",
        }
    }
}

/// A transmission as a line between the lifelines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The segment's name.
    pub id: SegmentId,
    /// Its index in [`Trace::segments`].
    pub segment: usize,
    /// The lifeline where it begins.
    pub from: Side,
    /// Its kind.
    pub kind: SegmentKind,
    /// Its flags: `SYN`, `SYN,ACK`, `PSH,ACK`.
    pub flags: String,
    /// The window that it announces, if that changes or is closed.
    pub window: Option<WindowChange>,
    /// When it is sent.
    pub sent_at: Instant,
    /// When it arrives or is lost.
    pub ends_at: Instant,
    /// Where it begins, in presentation time.
    pub y_from: u64,
    /// Where it ends, in presentation time.
    pub y_to: u64,
    /// How far it gets, in units of [`WIDTH`] from its own side: the full width, unless it is lost.
    pub reach: u32,
    /// Why it was lost, if it was.
    pub lost: Option<LossCause>,
    /// When and where it would have arrived, if an edit moves its arrival.
    pub due: Option<(Instant, u64)>,
    /// When and where its copy arrives, if it was duplicated.
    pub copy: Option<(Instant, u64)>,
    /// The transmission that it repeats.
    pub repeats: Option<SegmentId>,
    /// Whether it is left over from an earlier connection.
    pub is_old: bool,
    /// The steps in which it is sent, and arrives or is lost.
    pub steps: Passage,
}

impl Arrow {
    /// What the segment is for, in a few letters: `SYN,ACK`, or `DATA 5 B`.
    #[must_use]
    pub fn subject(&self, segment: &Segment) -> String {
        match (self.kind, segment.text.len()) {
            (SegmentKind::Data, count) => format!("DATA {count} B"),
            (_, 0) => self.flags.clone(),
            (_, count) => format!("{} {count} B", self.flags),
        }
    }

    /// The state of the segment at a moment.
    #[must_use]
    pub fn fate(&self, now: Moment) -> Fate {
        if !self.steps.has_begun(now, self.sent_at) {
            Fate::Future
        } else if !self.steps.has_ended(now, self.ends_at) {
            Fate::Flying
        } else if self.lost.is_some() {
            Fate::Lost
        } else {
            Fate::Arrived
        }
    }

    /// How far the segment has got at presentation time `y`, in units of [`WIDTH`] from its own
    /// side.
    #[must_use]
    pub fn progress(&self, y: u64) -> u32 {
        let span = self.y_to.saturating_sub(self.y_from);
        if span == 0 {
            return if y >= self.y_to { self.reach } else { 0 };
        }
        let gone = y.saturating_sub(self.y_from).min(span);
        u32::try_from(u64::from(self.reach) * gone / span).unwrap_or(self.reach)
    }
}

/// The state of a segment at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has not been sent.
    Future,
    /// It is in flight.
    Flying,
    /// It has arrived.
    Arrived,
    /// The network has lost it.
    Lost,
}

impl Fate {
    /// The value of `data-fate`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Future => "future",
            Self::Flying => "flying",
            Self::Arrived => "arrived",
            Self::Lost => "lost",
        }
    }
}

/// The arrow of a transmission.
pub(super) fn arrow(axis: &Axis, record: &SegmentRecord, scenario: &Scenario) -> Arrow {
    let (ends_at, reach) = match (record.arrives_at, record.lost) {
        (Some(at), _) | (None, Some((at, LossCause::Corruption))) => (at, WIDTH),
        // An outage can begin later than half-way.
        (None, Some((at, LossCause::Outage))) => {
            let way = (scenario.due(record) + record.delayed_by).since(record.sent_at).as_micros();
            let gone = at.since(record.sent_at).as_micros().min(way) * u64::from(WIDTH);
            (at, u32::try_from(gone / way.max(1)).unwrap_or(WIDTH))
        }
        (None, Some((at, _))) => (at, WIDTH / 2),
        (None, None) => (record.sent_at, 0),
    };
    let due = scenario.moved_from(record).filter(|due| *due != ends_at);
    Arrow {
        id: record.id,
        segment: 0,
        from: record.from,
        kind: SegmentKind::of(&record.segment),
        flags: record.segment.flags.to_string(),
        window: None,
        sent_at: record.sent_at,
        ends_at,
        y_from: axis.y(record.sent_at),
        y_to: axis.y(ends_at),
        reach,
        lost: record.lost.map(|(_, cause)| cause),
        due: due.map(|due| (due, axis.y(due))),
        copy: record.copy_arrives_at.map(|at| (at, axis.y(at))),
        repeats: record.repeats,
        is_old: record.id.origin == Origin::Old,
        steps: Passage::default(),
    }
}
