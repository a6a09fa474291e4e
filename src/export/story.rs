//! What a table or a diagram tells of each segment besides its numbers: what it means, including
//! an acknowledgment that rides along, and what happened to it on the way.

use super::options::loss;
use crate::explain::{side_name, span};
use crate::locale::Catalog;
use crate::sim::{Cause, Effect, Origin, SegmentId, SegmentRecord, Side, Timeline, Trace};
use crate::tcp::{Flags, Rule, SeqNumber, State, Timer};
use crate::time::Duration;

/// The segments of a run, and where each begins and ends in it.
pub(super) struct Story<'a> {
    timeline: &'a Timeline,
    catalog: &'a Catalog,
    about: Vec<About>,
}

#[derive(Clone, Copy, Debug, Default)]
struct About {
    /// The step that sends it; `None` for an old duplicate.
    sent_in: Option<usize>,
    /// The step in which it arrives, or is lost.
    ends_in: Option<usize>,
    /// What it acknowledges that no earlier segment has told the peer.
    news: Option<News>,
    /// Whether a segment that was sent later arrives earlier.
    is_overtaken: bool,
}

/// The last thing that an acknowledgment covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    Syn,
    Data,
    Fin,
    /// Data, and the FIN after it.
    DataAndFin,
}

/// What happened to a segment, in a few words.
pub(super) struct Remark {
    pub(super) text: String,
    /// Whether its receiver did not get it.
    pub(super) is_loss: bool,
}

/// The most segments that are named as overtaking another.
const MOST_NAMED: usize = 3;

impl<'a> Story<'a> {
    pub(super) fn of(timeline: &'a Timeline, catalog: &'a Catalog) -> Self {
        let trace = timeline.trace();
        let mut about = vec![About::default(); trace.segments.len()];
        for (index, step) in trace.steps.iter().enumerate() {
            if let Cause::Arrival(segment, false) | Cause::Loss(segment) = step.cause
                && let Some(about) = about.get_mut(segment)
            {
                about.ends_in = Some(index);
            }
            for effect in trace.effects(step) {
                if let Effect::Sent(segment) = effect
                    && let Some(about) = about.get_mut(segment)
                {
                    about.sent_in = Some(index);
                }
            }
        }
        find_news(timeline, &mut about);
        find_overtaken(trace, &mut about);
        Self { timeline, catalog, about }
    }

    fn record(&self, index: usize) -> &'a SegmentRecord {
        &self.timeline.trace().segments[index]
    }

    /// The step in which a segment arrives, or is lost.
    pub(super) fn ends_in(&self, index: usize) -> Option<usize> {
        self.about[index].ends_in
    }

    /// Whether a segment arrives later than usual, or after one that was sent later.
    pub(super) fn is_late(&self, index: usize) -> bool {
        let record = self.record(index);
        let is_sent = record.id.origin != Origin::Old && record.lost.is_none();
        is_sent && (self.about[index].is_overtaken || !record.delayed_by.is_zero())
    }

    /// The meaning of a segment in a few words, as in study notes.
    pub(super) fn meaning(&self, index: usize) -> String {
        let main = self.say(self.key(index), self.record(index));
        match self.also(index) {
            None => main,
            Some(also) => {
                self.catalog.format("export.meaning.and", &[("main", &main), ("also", &also)])
            }
        }
    }

    /// What a segment with data or a FIN acknowledges that the peer has not been told before.
    pub(super) fn also(&self, index: usize) -> Option<String> {
        let key = match self.about[index].news? {
            News::Syn => "also-syn",
            News::Data => "also-data",
            News::Fin => "also-fin",
            News::DataAndFin => "also-data-and-fin",
        };
        let rides = matches!(self.key(index), "data" | "data-and-fin" | "fin" | "probe");
        rides.then(|| self.say(key, self.record(index)))
    }

    fn say(&self, key: &str, record: &SegmentRecord) -> String {
        let segment = &record.segment;
        self.catalog.format(
            &format!("export.meaning.{key}"),
            &[
                ("from", &side_name(record.from, self.catalog)),
                ("to", &side_name(record.from.peer(), self.catalog)),
                ("seq", &segment.seq),
                ("ack", &segment.ack),
                ("last", &(segment.ack - 1)),
                ("window", &segment.window),
                ("count", &segment.text.len()),
            ],
        )
    }

    fn key(&self, index: usize) -> &'static str {
        let record = self.record(index);
        let segment = &record.segment;
        let acks = segment.flags.contains(Flags::ACK);
        if segment.rst() {
            return match record.rule {
                Some(Rule::ClosedResets) => "no-connection",
                Some(Rule::SynSentBadAckResets | Rule::ListenResetsAck | Rule::AckResets) => {
                    "forget"
                }
                _ => "reset",
            };
        }
        if segment.syn() {
            return match (acks, record.rule) {
                (true, Some(Rule::SynSentSimultaneous)) => "syn-ack-crossed",
                (true, _) => "syn-ack",
                (false, _) => "syn",
            };
        }
        let is_probe = record.rule == Some(Rule::ZeroWindowProbed);
        match (segment.text.is_empty(), segment.fin()) {
            (true, false) => self.key_of_ack(index),
            (false, true) => "data-and-fin",
            _ if is_probe => "probe",
            (true, true) => "fin",
            (false, false) => "data",
        }
    }

    /// The meaning of a segment that only acknowledges.
    fn key_of_ack(&self, index: usize) -> &'static str {
        let (record, news) = (self.record(index), self.about[index].news);
        match record.rule {
            Some(Rule::SynSentEstablishes) => "ack-of-syn",
            _ if news == Some(News::DataAndFin) => "ack-of-data-and-fin",
            Some(Rule::FinAcknowledgedToPeer | Rule::FinRestartsTimeWait) => "ack-of-fin",
            Some(Rule::WindowOpened | Rule::WindowShrunk) => "window",
            Some(Rule::SynChallenged) if self.answers_the_syn_again(index) => "ack-of-syn-again",
            Some(Rule::ResetChallenged | Rule::SynChallenged) => "challenge",
            _ if news == Some(News::Fin) => "ack-of-fin",
            _ if news.is_some() => "ack",
            Some(Rule::OutsideWindowAcks | Rule::ZeroWindowLooksAtAck)
                if record.segment.window == 0 =>
            {
                "still-closed"
            }
            Some(
                Rule::OutsideWindowAcks
                | Rule::ZeroWindowLooksAtAck
                | Rule::GapAcknowledged
                | Rule::AckOfUnsent
                | Rule::AckTooOld,
            ) => "expects",
            _ => "ack",
        }
    }

    /// Whether a segment answers the peer's SYN that opened the connection, once more.
    fn answers_the_syn_again(&self, index: usize) -> bool {
        let trace = self.timeline.trace();
        let step = self.about[index].sent_in.and_then(|step| trace.steps.get(step));
        step.is_some_and(|step| match step.cause {
            Cause::Arrival(segment, _) => {
                let arrived = &trace.segments[segment].segment;
                arrived.syn() && arrived.seq == trace.after(step).tcb.irs
            }
            Cause::Loss(_) | Cause::Call(_) | Cause::Timer(_) => false,
        })
    }

    /// What happened to a segment: that it repeats another, or was lost, late or doubled.
    pub(super) fn remarks(&self, index: usize) -> Vec<Remark> {
        let (record, catalog) = (self.record(index), self.catalog);
        let mut texts = vec![];
        if record.id.origin == Origin::Old {
            texts.push(catalog.text("export.old").to_owned());
        }
        texts.extend(record.repeats.map(|id| self.repeats(index, id)));
        texts.extend(self.delay(record));
        texts.extend(self.overtaken(index));
        if record.copy_arrives_at.is_some() {
            texts.push(catalog.text("export.twice").to_owned());
        }
        let mut remarks: Vec<Remark> =
            texts.into_iter().map(|text| Remark { text, is_loss: false }).collect();
        let lost = loss(record).map(|key| catalog.text(key).to_owned());
        remarks.extend(lost.map(|text| Remark { text, is_loss: true }));
        remarks
    }

    /// The earlier segment that it repeats, and why, or what it carries besides.
    fn repeats(&self, index: usize, id: SegmentId) -> String {
        let (trace, catalog) = (self.timeline.trace(), self.catalog);
        let added = trace.added_octets(index);
        if added > 0 {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("id", &id), ("count", &added)];
            return catalog.format("export.repeats-more", &values);
        }
        match self.about[index].sent_in.and_then(|step| self.expired_rto(step)) {
            Some(rto) => {
                let rto = span(rto, catalog);
                catalog.format("export.repeats-rto", &[("id", &id), ("rto", &rto)])
            }
            None => catalog.format("export.repeats", &[("id", &id)]),
        }
    }

    /// The RTO that has passed, if a step is the expiry of the retransmission timer.
    pub(super) fn expired_rto(&self, step: usize) -> Option<Duration> {
        let trace = self.timeline.trace();
        let is_expiry = trace.steps.get(step)?.cause == Cause::Timer(Timer::Retransmission);
        trace.host_before(step).filter(|_| is_expiry).map(|host| host.rto)
    }

    fn delay(&self, record: &SegmentRecord) -> Option<String> {
        let catalog = self.catalog;
        if record.id.origin == Origin::Old {
            return None;
        }
        if !record.delayed_by.is_zero() {
            let by = span(record.delayed_by, catalog);
            return Some(catalog.format("export.delayed", &[("by", &by)]));
        }
        let usual = record.sent_at + self.timeline.scenario().network.delay;
        let early = record.arrives_at.map(|at| usual.since(at)).filter(|it| !it.is_zero())?;
        Some(catalog.format("export.hastened", &[("by", &span(early, catalog))]))
    }

    fn overtaken(&self, index: usize) -> Option<String> {
        if !self.is_late(index) || !self.about[index].is_overtaken {
            return None;
        }
        let (record, segments) = (self.record(index), &self.timeline.trace().segments);
        let before_it = |(later, it): &(usize, &SegmentRecord)| {
            let arrives_before = self.about[*later].ends_in < self.about[index].ends_in;
            it.from == record.from && it.lost.is_none() && arrives_before
        };
        let later = segments.iter().enumerate().skip(index + 1);
        let mut names = later
            .take_while(|(_, it)| Some(it.sent_at) < record.arrives_at)
            .filter(before_it)
            .map(|(_, it)| it.id.to_string());
        let mut ids: Vec<String> = names.by_ref().take(MOST_NAMED).collect();
        if names.next().is_some() {
            ids.push("…".to_owned());
        }
        Some(self.catalog.format("export.overtaken", &[("ids", &ids.join(", "))]))
    }
}

/// The numbers of a side's present connection, as far as its segments tell them.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    /// The numbers after its SYN and after its FIN.
    syn: Option<SeqNumber>,
    fin: Option<SeqNumber>,
    /// The latest acknowledgment that it sent and that was not lost.
    acked: Option<SeqNumber>,
}

fn find_news(timeline: &Timeline, about: &mut [About]) {
    let trace = timeline.trace();
    // A part of a run begins with what its hosts have acknowledged before.
    let mut sides = timeline.hosts_after(None).map(|host| {
        let has_acked = !matches!(host.state, State::Closed | State::Listen | State::SynSent);
        let acked = has_acked.then_some(host.tcb.rcv_nxt);
        Numbers { acked, ..Numbers::default() }
    });
    for (record, about) in trace.segments.iter().zip(about) {
        let segment = &record.segment;
        if record.id.origin == Origin::Old || segment.rst() {
            continue;
        }
        let peer = sides[record.from.peer().index()];
        let own = &mut sides[record.from.index()];
        if segment.syn() && own.syn != Some(segment.seq + 1) {
            *own = Numbers { syn: Some(segment.seq + 1), ..Numbers::default() };
        }
        if segment.fin() {
            own.fin = Some(segment.end());
        }
        let Some(ack) = segment.acknowledgment() else { continue };
        if own.acked.is_some_and(|acked| ack.at_or_before(acked)) {
            continue;
        }
        let is_fin_alone = own.acked.or(peer.syn) == Some(ack - 1);
        about.news = Some(match Some(ack) {
            end if end == peer.fin && is_fin_alone => News::Fin,
            end if end == peer.fin => News::DataAndFin,
            end if end == peer.syn => News::Syn,
            _ => News::Data,
        });
        if record.lost.is_none() {
            own.acked = Some(ack);
        }
    }
}

fn find_overtaken(trace: &Trace, about: &mut [About]) {
    let mut earliest: [Option<usize>; 2] = [None; 2];
    for (record, about) in trace.segments.iter().zip(about).rev() {
        if record.id.origin == Origin::Old || record.lost.is_some() {
            continue;
        }
        let Some(ends_in) = about.ends_in else { continue };
        let side: Side = record.from;
        let earliest = &mut earliest[side.index()];
        about.is_overtaken = earliest.is_some_and(|earliest| earliest < ends_in);
        *earliest = Some(earliest.map_or(ends_in, |earliest| earliest.min(ends_in)));
    }
}
