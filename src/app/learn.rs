//! The content of the Learn panel: the steps of both handshakes as found in a run, and common
//! questions and mistakes, each with a run that demonstrates the answer. The texts are in
//! `static/words/CODE/learn.json`.

use super::run::Run;
use crate::ladder::{Fate, Moment};
use crate::link::Link;
use crate::sim::{Cause, Effect, Origin, SegmentId, SegmentRecord, Side, Step, Trace};
use crate::tcp::{Event, Segment, SeqNumber, State};

/// The number of steps of the three-way handshake. The steps of the close follow them.
pub const OPENING: usize = 3;
/// The number of steps of both handshakes.
pub const STEPS: usize = 7;

/// A step of a handshake, as found in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandshakeStep {
    /// The side that takes the step.
    pub from: Side,
    /// The segments that carry the step, retransmissions included.
    pub segments: Vec<SegmentId>,
}

/// The progress of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// No segment of the run carries it.
    Absent,
    /// Its segment has not been sent yet.
    ToCome,
    /// A segment that carries it is in flight.
    Flying,
    /// A segment that carries it has arrived.
    Done,
    /// No segment that carries it has arrived, and the last one sent was lost.
    Lost,
}

impl Progress {
    /// The value of `data-progress`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::ToCome => "to-come",
            Self::Flying => "flying",
            Self::Done => "done",
            Self::Lost => "lost",
        }
    }
}

impl HandshakeStep {
    /// The progress of the step at a moment.
    #[must_use]
    pub fn progress(&self, run: &Run, now: Moment) -> Progress {
        let fates = self.segments.iter().filter_map(|id| run.arrow(*id));
        let progress = fates.map(|arrow| match arrow.fate(now) {
            Fate::Future => Progress::ToCome,
            Fate::Flying => Progress::Flying,
            Fate::Arrived => Progress::Done,
            Fate::Lost => Progress::Lost,
        });
        progress.reduce(furthest).unwrap_or(Progress::Absent)
    }

    /// The names of its segments; those that are lost by then are called so.
    #[must_use]
    pub fn names(&self, run: &Run, now: Moment, lost: &str) -> String {
        let is_lost = |id| run.arrow(id).is_some_and(|arrow| arrow.fate(now) == Fate::Lost);
        let name =
            |id: &SegmentId| if is_lost(*id) { format!("{id} ({lost})") } else { id.to_string() };
        self.segments.iter().map(name).collect::<Vec<_>>().join(" ")
    }

    /// The run's step that sends it: the next retransmission after `now`, if it has been sent by
    /// then, or else the first transmission.
    #[must_use]
    pub fn sent_after(&self, trace: &Trace, now: Option<usize>) -> Option<usize> {
        let sent = |id: &SegmentId| Until::Sent(*id).step(trace);
        let first = self.segments.iter().find_map(sent)?;
        let mut repeated = self.segments.iter().filter_map(sent).filter(|step| now < Some(*step));
        let is_sent = now >= Some(first);
        repeated.next().filter(|_| is_sent).or(Some(first))
    }
}

/// Priority: flying, done, lost, to come.
fn furthest(one: Progress, other: Progress) -> Progress {
    let all = [Progress::Flying, Progress::Done, Progress::Lost];
    all.into_iter().find(|it| [one, other].contains(it)).unwrap_or(Progress::ToCome)
}

/// The steps of both handshakes in a run. The close begins with whichever side sends the first FIN.
#[must_use]
pub fn rows(trace: &Trace) -> [HandshakeStep; STEPS] {
    let sent = |from: Side, is_it: &dyn Fn(&Segment) -> bool| {
        let origin = Origin::Host(from);
        let records = trace.segments.iter().filter(|record| record.id.origin == origin);
        let all: Vec<&SegmentRecord> = records.filter(|record| is_it(&record.segment)).collect();
        (from, all)
    };
    let is_ack = |segment: &Segment| !segment.syn() && !segment.rst();
    let syn = sent(Side::Client, &|it| it.syn() && it.acknowledgment().is_none());
    let syn_ack = sent(Side::Server, &|it| it.syn() && it.acknowledgment().is_some());
    let (asked, answered) = (ends(&syn), ends(&syn_ack));
    let ack = sent(Side::Client, &|it| {
        is_ack(it) && asked.contains(&it.seq) && acknowledges(it, &answered)
    });
    let first_fin = trace.segments.iter().find(|record| record.segment.fin());
    let closer = first_fin.map_or(Side::Client, |record| record.from);
    let fin = sent(closer, &Segment::fin);
    let peers_fin = sent(closer.peer(), &Segment::fin);
    let (one, other) = (ends(&fin), ends(&peers_fin));
    let fin_ack = sent(closer.peer(), &|it| is_ack(it) && acknowledges(it, &one));
    let last_ack = sent(closer, &|it| is_ack(it) && acknowledges(it, &other));
    // A later segment with the same acknowledgment and other content is not part of the handshake.
    let [ack, fin_ack, last_ack] = [ack, fin_ack, last_ack].map(first_and_alike);
    [syn, syn_ack, ack, fin, fin_ack, peers_fin, last_ack].map(|(from, records)| HandshakeStep {
        from,
        segments: records.into_iter().map(|record| record.id).collect(),
    })
}

type Sent<'a> = (Side, Vec<&'a SegmentRecord>);

/// The acknowledgment numbers that acknowledge these segments.
fn ends((_, records): &Sent<'_>) -> Vec<SeqNumber> {
    records.iter().map(|record| record.segment.end()).collect()
}

fn acknowledges(segment: &Segment, numbers: &[SeqNumber]) -> bool {
    segment.acknowledgment().is_some_and(|number| numbers.contains(&number))
}

/// The first of the segments, and those with the same content.
fn first_and_alike((from, mut records): Sent<'_>) -> Sent<'_> {
    let says = |record: &SegmentRecord| {
        let Segment { seq, ack, flags, .. } = record.segment;
        (seq, ack, flags, record.segment.len())
    };
    if let Some(first) = records.first().copied() {
        records.retain(|record| says(record) == says(first));
    }
    (from, records)
}

/// The moment up to which a demo plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// When a segment is sent.
    Sent(SegmentId),
    /// When a segment arrives.
    Arrives(SegmentId),
    /// When a host enters a state.
    State(Side, State),
    /// At the end of the run.
    End,
}

impl Until {
    /// The run's step at which the moment is reached.
    #[must_use]
    pub fn step(self, trace: &Trace) -> Option<usize> {
        let is_of = |index: usize, id| trace.segments.get(index).is_some_and(|it| it.id == id);
        let is_it = |step: &Step| match self {
            Self::Sent(id) => trace
                .effects(step)
                .any(|effect| matches!(effect, Effect::Sent(index) if is_of(index, id))),
            Self::Arrives(id) => {
                matches!(step.cause, Cause::Arrival(index, false) if is_of(index, id))
            }
            Self::State(side, state) => {
                step.side == side
                    && trace.effects(step).any(|effect| {
                        matches!(effect, Effect::Event(Event::Transition { to, .. }, _)
                            if to == state)
                    })
            }
            Self::End => false,
        };
        match self {
            Self::End => trace.steps.len().checked_sub(1),
            _ => trace.steps.iter().position(is_it),
        }
    }
}

/// A run that demonstrates something, and the moment at which it is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demo {
    /// The run, as the text of a link.
    pub link: &'static str,
    /// The scenario's id.
    pub scenario: &'static str,
    /// The moment.
    pub until: Until,
}

impl Demo {
    /// The link to open.
    #[must_use]
    pub fn open(&self) -> Link {
        Link::parse("", self.link).0
    }

    /// The run's step at which the demonstration is visible.
    #[must_use]
    pub fn step(&self, run: &Run) -> Option<usize> {
        self.until.step(run.timeline.trace())
    }
}

/// An interview question. Its texts are `learn.question.N`.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The sources: RFC numbers, each with a section, or an empty text for the whole RFC.
    pub clauses: &'static [(u16, &'static str)],
    /// The runs that demonstrate the answer.
    pub shown: &'static [Demo],
}

const fn shown(link: &'static str, scenario: &'static str, until: Until) -> Demo {
    Demo { link, scenario, until }
}

/// A built-in scenario without edits.
macro_rules! scenario {
    ($id:literal, $until:expr) => {
        shown(concat!("scenario=", $id), $id, $until)
    };
}

const fn c(ordinal: u32) -> SegmentId {
    SegmentId::of(Side::Client, ordinal)
}

const fn s(ordinal: u32) -> SegmentId {
    SegmentId::of(Side::Server, ordinal)
}

const fn ask(clauses: &'static [(u16, &'static str)], shown: &'static [Demo]) -> Question {
    Question { clauses, shown }
}

/// The questions, in the order of a connection's life; what practice adds comes last.
pub const QUESTIONS: [Question; 30] = {
    use Side::{Client, Server};
    use State::{CloseWait, Closed, Established, SynReceived, TimeWait};
    use Until::{Arrives, End, Sent, State as Comes};
    [
        ask(&[(9293, "3.4.1"), (9293, "3.5")], &[scenario!("old-duplicate-syn", Arrives(c(2)))]),
        ask(&[(9293, "3.4.1")], &[scenario!("normal", Arrives(c(2)))]),
        ask(&[(9293, "3.4")], &[scenario!("normal", Sent(s(1)))]),
        ask(
            &[(9293, "3.8.1"), (9293, "3.8.3"), (6298, "")],
            &[scenario!("syn-lost", Sent(c(2))), scenario!("syn-timeout", Comes(Client, Closed))],
        ),
        ask(
            &[(9293, "3.8.1"), (9293, "3.10.8")],
            &[
                scenario!("syn-ack-lost", Sent(s(2))),
                shown("scenario=syn-ack-lost&do=drop:C2", "syn-ack-lost", Sent(s(2))),
            ],
        ),
        ask(
            &[(9293, "3.10.7.4"), (9293, "3.10.8")],
            &[
                scenario!("ack-lost", Arrives(c(3))),
                shown("scenario=normal&do=drop:C2,drop:C3", "normal", Arrives(s(2))),
            ],
        ),
        ask(
            &[(9293, "3.5"), (9293, "3.10.7.3"), (7413, "")],
            &[shown("scenario=normal&do=send:C:20@10ms", "normal", Arrives(c(2)))],
        ),
        ask(&[(9293, "3.5")], &[scenario!("simultaneous-open", Comes(Client, Established))]),
        ask(&[(9293, "3.10.7.1")], &[scenario!("refused", Comes(Client, Closed))]),
        ask(&[(4987, "")], &[scenario!("syn-ack-lost", Comes(Server, SynReceived))]),
        ask(
            &[(9293, "3.5.1"), (9293, "3.6.1")],
            &[scenario!("half-open", Arrives(c(4))), scenario!("half-close", Arrives(s(4)))],
        ),
        ask(
            &[(9293, "3.6"), (9293, "3.8.6.3"), (9293, "3.10.7.4")],
            &[scenario!("normal", Comes(Client, TimeWait))],
        ),
        ask(
            &[(9293, "3.6"), (9293, "3.8.6.3")],
            &[scenario!("three-segment-close", Comes(Client, TimeWait))],
        ),
        ask(&[(9293, "3.6.1")], &[scenario!("half-close", Arrives(s(4)))]),
        ask(&[(9293, "3.10.7.4")], &[scenario!("reordered", Arrives(s(2)))]),
        ask(&[(9293, "3.10.7.4")], &[scenario!("last-ack-lost", Arrives(s(4)))]),
        ask(
            &[(9293, "3.6.1"), (9293, "3.4.2")],
            &[scenario!("last-ack-lost", Arrives(s(4))), scenario!("no-time-wait", Arrives(c(5)))],
        ),
        ask(&[(9293, "3.6")], &[scenario!("simultaneous-close", Comes(Client, TimeWait))]),
        ask(
            &[(9293, "3.6"), (9293, "3.10.4")],
            &[scenario!("close-wait-leak", End), scenario!("fin-wait-2-timeout", End)],
        ),
        ask(
            &[(9293, "3.10.5"), (9293, "3.6.1"), (9293, "3.5.3")],
            &[scenario!("abort", Comes(Server, Closed))],
        ),
        ask(&[(9293, "3.6.1"), (6191, "")], &[scenario!("normal", Comes(Client, TimeWait))]),
        ask(
            &[(9293, "3.6.1"), (9293, "3.10.4")],
            &[scenario!("half-close", Arrives(s(4))), scenario!("late-data", Sent(c(5)))],
        ),
        ask(
            &[(9293, "3.10.7.2"), (4987, "")],
            &[scenario!("ack-lost", Comes(Client, Established))],
        ),
        ask(&[(9293, "3.7.1"), (7323, ""), (2018, "")], &[scenario!("normal", Arrives(s(1)))]),
        ask(
            &[(5681, "3.2"), (6675, ""), (8985, "")],
            &[shown("scenario=normal&mss=16&do=send:C:80@120ms,drop:C3", "normal", Arrives(s(4)))],
        ),
        ask(
            &[(9293, "3.8.4"), (9293, "3.8.3"), (9293, "3.5.1")],
            &[
                scenario!("keep-alive", Comes(Client, Closed)),
                scenario!("power-lost", Comes(Client, Closed)),
                scenario!("half-open", Arrives(c(4))),
            ],
        ),
        ask(
            &[(9293, "3.5"), (7413, ""), (9000, "")],
            &[shown("scenario=normal&do=send:C:20@10ms", "normal", Arrives(s(2)))],
        ),
        ask(&[(9293, "3.3.2")], &[scenario!("close-wait-leak", Comes(Server, CloseWait))]),
        ask(
            &[(9293, "3.6.1"), (9110, "9.2.2")],
            &[scenario!("bad-gateway", Comes(Client, Closed))],
        ),
        ask(&[(1191, ""), (2923, "2.1")], &[scenario!("mtu-black-hole", Sent(c(7)))]),
    ]
};

/// A run for each common mistake that demonstrates why it is one. The texts are `learn.mistake.N`.
pub const MISTAKES: [Demo; 11] = [
    scenario!("reordered", Until::Arrives(s(2))),
    scenario!("normal", Until::State(Side::Server, State::CloseWait)),
    scenario!("normal", Until::Sent(c(2))),
    scenario!("syn-ack-lost", Until::Sent(s(2))),
    scenario!("normal", Until::Sent(c(5))),
    scenario!("close-wait-leak", Until::State(Side::Server, State::CloseWait)),
    scenario!("simultaneous-close", Until::State(Side::Client, State::Closing)),
    scenario!("half-close", Until::State(Side::Server, State::LastAck)),
    scenario!("last-ack-lost", Until::Sent(s(4))),
    scenario!("normal", Until::State(Side::Server, State::Established)),
    scenario!("no-time-wait", Until::Arrives(c(5))),
];
