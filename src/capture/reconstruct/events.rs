//! The steps of a captured connection: arrivals with the answers that they drew, losses, and the
//! calls and timers that the other segments reveal.

use super::super::notes::Note;
use super::host::Host;
use super::passed::Passed;
use crate::sim::{Call, Cause, Effect, HostView, Scenario, Side, Timeline, Trace};
use crate::tcp::segment::Flags;
use crate::tcp::{Segment, State, Timer};
use crate::time::{Duration, Instant};

/// A segment sent this soon after an arrival answers it: delayed acknowledgments take longer.
const ANSWER_TIME: Duration = Duration::from_millis(20);
/// A reset may take longer: it is no delayed acknowledgment.
const RESET_TIME: Duration = Duration::from_secs(1);

/// Something that happens to a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Sent,
    Lost,
    Arrived,
}

#[derive(Clone, Copy, Debug)]
struct Happening {
    at: Instant,
    segment: usize,
    stage: Stage,
    side: Side,
}

struct Recorder<'a> {
    passed: &'a [Passed<'a>],
    hosts: [Host; 2],
    trace: Trace,
    happenings: Vec<Happening>,
    /// Whether each happening belongs to a step that was recorded before.
    is_done: Vec<bool>,
    /// The shift count of the windows that each host announces (RFC 7323 §2.2).
    scales: [u8; 2],
}

/// Adds the steps to a trace that has the segments.
pub(super) fn record(
    passed: &[Passed<'_>],
    hosts: [Host; 2],
    trace: Trace,
    scenario: Scenario,
) -> Timeline {
    let happenings = happenings(&trace);
    let scales = hosts.each_ref().map(|host| host.config().window_scale);
    let scales = scales.map(|scale| scale.filter(|_| scales.iter().all(Option::is_some)));
    let mut recorder = Recorder {
        passed,
        hosts,
        trace,
        is_done: vec![false; happenings.len()],
        happenings,
        scales: scales.map(Option::unwrap_or_default),
    };
    recorder.begin();
    let before = recorder.hosts.each_ref().map(|host| HostView::of(&host.connection));
    for index in 0..recorder.happenings.len() {
        if !recorder.is_done[index] {
            recorder.step(index);
        }
    }
    Timeline::observed(scenario, recorder.trace, before)
}

/// All that happens, in order. At one instant the segments keep the order of the capture.
fn happenings(trace: &Trace) -> Vec<Happening> {
    let mut all = vec![];
    for (segment, record) in trace.segments.iter().enumerate() {
        all.push(Happening { at: record.sent_at, segment, stage: Stage::Sent, side: record.from });
        if let Some(at) = record.arrives_at {
            let side = record.from.peer();
            all.push(Happening { at, segment, stage: Stage::Arrived, side });
        }
        if let Some((at, _)) = record.lost {
            all.push(Happening { at, segment, stage: Stage::Lost, side: record.from });
        }
    }
    all.sort_by_key(|each| (each.at, each.segment));
    all
}

impl Recorder<'_> {
    /// Sets both hosts up as they were before the first segment.
    fn begin(&mut self) {
        let syn = self.passed.iter().find(|each| each.segment.has(Flags::SYN));
        let Some(syn) = syn else {
            if let Some(first) = self.passed.first() {
                self.join(first);
            }
            return;
        };
        let has_syn = self
            .passed
            .iter()
            .any(|each| each.from == Side::Client && each.segment.has(Flags::SYN));
        let answers = self
            .passed
            .iter()
            .any(|each| each.from == Side::Server && !each.segment.has(Flags::RST));
        let opens = self.passed.iter().any(|each| {
            each.from == Side::Server
                && each.segment.has(Flags::SYN)
                && !each.segment.has(Flags::ACK)
        });
        let first = self.passed.iter().find(|each| each.from == Side::Server);
        let server = &mut self.hosts[Side::Server.index()];
        match first.map(|each| each.segment) {
            // The server still has an earlier connection.
            Some(first) if !first.has_any(Flags::SYN | Flags::RST) && first.has(Flags::ACK) => {
                server.join(Instant::ZERO, first.seq, first.ack);
            }
            _ if answers && !opens => server.listen(Instant::ZERO),
            _ => {}
        }
        if !has_syn && syn.segment.has(Flags::ACK) {
            // The SYN that this SYN,ACK answers was not captured.
            let iss = syn.segment.ack - 1;
            let client = &mut self.hosts[Side::Client.index()];
            client.connection.reconfigure(|config| config.iss = iss);
            client.connect(Instant::ZERO);
            let unseen = Segment { seq: iss, flags: Flags::SYN, ..Segment::default() };
            self.hosts[Side::Server.index()].receive(Instant::ZERO, &unseen);
        }
        self.forget_events();
    }

    /// Both hosts are in a connection whose opening was not captured.
    fn join(&mut self, first: &Passed<'_>) {
        let peer = self.passed.iter().find(|each| each.from != first.from);
        let own = first.segment.seq;
        let acknowledged = first.segment.has(Flags::ACK).then_some(first.segment.ack);
        let theirs = peer.map(|each| each.segment.seq);
        let theirs = acknowledged.or(theirs).unwrap_or_default();
        self.hosts[first.from.index()].join(Instant::ZERO, own, theirs);
        let expected = peer.filter(|each| each.segment.has(Flags::ACK));
        let expected = expected.map(|each| each.segment.ack).filter(|ack| ack.before(own));
        self.hosts[first.from.peer().index()].join(Instant::ZERO, theirs, expected.unwrap_or(own));
        self.forget_events();
    }

    fn forget_events(&mut self) {
        for host in &mut self.hosts {
            host.events.clear();
            host.answers.clear();
        }
    }

    fn step(&mut self, index: usize) {
        let Happening { at, segment, stage, side } = self.happenings[index];
        match stage {
            Stage::Lost => self.push(at, side, Cause::Loss(segment)),
            Stage::Arrived => {
                self.listen_again(index);
                let arriving = self.trace.segments[segment].segment.clone();
                self.hosts[side.index()].receive(at, &arriving);
                self.note_events(side);
                self.note_answers(index);
                self.push(at, side, Cause::Arrival(segment, false));
            }
            Stage::Sent => self.departure(at, segment, side),
        }
    }

    /// A host in CLOSED whose answer to a SYN is a SYN,ACK was listening again.
    fn listen_again(&mut self, index: usize) {
        let Happening { at, segment, side, .. } = self.happenings[index];
        let syn = &self.trace.segments[segment].segment;
        let is_closed = self.hosts[side.index()].connection.state() == State::Closed;
        if !is_closed || !syn.syn() || syn.acknowledgment().is_some() {
            return;
        }
        let answer = self.trace.segments[segment..].iter().find(|record| {
            record.from == side && record.segment.acknowledgment() == Some(syn.end())
        });
        if let Some(answer) = answer.filter(|answer| answer.segment.syn()) {
            self.hosts[side.index()].restart(answer.segment.seq);
            self.hosts[side.index()].listen(at);
            self.note_events(side);
            self.push(at, side, Cause::Call(Call::Listen));
        }
    }

    /// Adds the segments that answer the arrival with this index to its step.
    fn note_answers(&mut self, index: usize) {
        let Happening { at, side, .. } = self.happenings[index];
        let mut next = index + 1;
        while let Some(happening) = self.happenings.get(next).copied() {
            let is_own = happening.side == side && happening.stage != Stage::Lost;
            if is_own && !self.is_done[next] {
                let answers = happening.stage == Stage::Sent
                    && self.is_answer(happening.segment, happening.at.since(at), side);
                if !answers {
                    return;
                }
                self.is_done[next] = true;
                self.send(happening.at, happening.segment, side);
            }
            if happening.at.since(at) > RESET_TIME {
                return;
            }
            next += 1;
        }
    }

    /// Whether a segment that is sent `after` an arrival answers it.
    fn is_answer(&self, index: usize, after: Duration, side: Side) -> bool {
        let host = &self.hosts[side.index()];
        let segment = &self.trace.segments[index].segment;
        let answered = |flags: Flags| host.answers.iter().any(|(sent, _)| sent.contains(flags));
        if segment.rst() {
            return after <= RESET_TIME && answered(Flags::RST);
        }
        if after > ANSWER_TIME {
            return false;
        }
        if segment.syn() {
            return segment.acknowledgment().is_some() && answered(Flags::SYN);
        }
        let notes = self.passed[index].notes;
        notes.has(Note::FastRetransmission)
            || (segment.is_empty()
                && !notes.has(Note::KeepAlive)
                && segment.acknowledgment().is_some())
    }

    /// A host sends a segment of its own accord.
    fn departure(&mut self, at: Instant, index: usize, side: Side) {
        let segment = self.trace.segments[index].segment.clone();
        let notes = self.passed[index].notes;
        let host = &mut self.hosts[side.index()];
        host.catch_up(at, &segment);
        let nxt = host.connection.tcb().snd_nxt;
        let is_new = segment.end().after(nxt);
        let text_end = segment.seq + u32::from(segment.syn()) + segment.text.len();
        let cause = if segment.syn() {
            // With another ISS it is a new connection: the old one was given up unseen.
            let opens = matches!(host.connection.state(), State::Closed | State::Listen)
                || segment.seq != host.connection.tcb().iss;
            if opens && segment.acknowledgment().is_none() {
                host.restart(segment.seq);
                host.connect(at);
                Cause::Call(Call::Connect)
            } else {
                Cause::Timer(Timer::Retransmission)
            }
        } else if segment.rst() {
            host.abort(at);
            Cause::Call(Call::Abort)
        } else if is_new && text_end.after(nxt) {
            let octets = text_end.distance_from(nxt);
            if segment.fin() {
                let text = Segment { flags: segment.flags.without(Flags::FIN), ..segment.clone() };
                host.follow(&text);
                self.note_events(side);
                self.push(at, side, Cause::Call(Call::Send(octets)));
                Cause::Call(Call::Close)
            } else {
                Cause::Call(Call::Send(octets))
            }
        } else if is_new && segment.fin() {
            Cause::Call(Call::Close)
        } else if notes.has(Note::ZeroWindowProbe) || notes.has(Note::KeepAlive) {
            Cause::Timer(Timer::Persist)
        } else if !segment.is_empty() {
            Cause::Timer(Timer::Retransmission)
        } else {
            Cause::Timer(Timer::DelayedAck)
        };
        self.send(at, index, side);
        self.push(at, side, cause);
    }

    /// Takes a segment over into its sender, and notes it.
    fn send(&mut self, at: Instant, index: usize, side: Side) {
        let segment = self.trace.segments[index].segment.clone();
        let scale = self.scales[side.index()];
        let host = &mut self.hosts[side.index()];
        host.catch_up(at, &segment);
        host.follow(&segment);
        host.announce(&segment, scale);
        let of_kind = segment.flags.without(Flags::PSH);
        let answer = host.answers.iter().find(|(flags, _)| flags.without(Flags::PSH) == of_kind);
        self.trace.segments[index].rule = answer.map(|(_, rule)| *rule);
        self.note_events(side);
        self.trace.note(Effect::Sent(index));
    }

    fn note_events(&mut self, side: Side) {
        for (event, rule) in self.hosts[side.index()].events.drain(..) {
            self.trace.note(Effect::Event(event, rule));
        }
    }

    fn push(&mut self, at: Instant, side: Side, cause: Cause) {
        self.trace.push(at, side, cause, &self.hosts[side.index()].connection);
    }
}
