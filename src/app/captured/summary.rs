//! What happened in a captured connection, in a few sentences.

use core::fmt::Display;

use super::Captured;
use crate::app::run::Run;
use crate::capture::{Closing, Note, Opening};
use crate::locale::{self, Catalog};
use crate::sim::{SegmentId, SegmentRecord, Side};
use crate::tcp::State;
use crate::tcp::segment::Flags;

/// A sentence names at most this many segments.
const MOST_NAMES: usize = 6;

/// The sentences: how it opened, what was transferred, what went wrong, how it ended. `words` is
/// the catalog of the file `capture.json`. Empty for the run of a link.
#[must_use]
pub fn summary(run: &Run, words: &Catalog) -> Vec<String> {
    let Some(captured) = &run.capture else { return vec![] };
    let summary = Summary { run, captured, words };
    let mut sentences = vec![];
    if captured.source.before == 0 {
        sentences.push(summary.opening());
    }
    sentences.push(summary.transfer());
    sentences.extend(summary.trouble());
    if captured.after() == 0 {
        sentences.push(summary.ending());
        sentences.extend(summary.states());
    }
    sentences
}

struct Summary<'a> {
    run: &'a Run,
    captured: &'a Captured,
    words: &'a Catalog,
}

impl Summary<'_> {
    fn segments(&self) -> &[SegmentRecord] {
        &self.run.timeline.trace().segments
    }

    /// The first segment of a host that has all of some flags, and not the others.
    fn first(&self, from: Side, has: Flags, lacks: Flags) -> Option<&SegmentRecord> {
        self.segments().iter().find(|record| {
            let flags = record.segment.flags;
            record.from == from && flags.contains(has) && flags.bits() & lacks.bits() == 0
        })
    }

    fn say(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        self.words.format(&format!("capture.sum.{key}"), values)
    }

    fn host(&self, index: usize) -> &str {
        self.words.text(if index == 0 { "capture.client" } else { "capture.server" })
    }

    fn opening(&self) -> String {
        let syn = self.first(Side::Client, Flags::SYN, Flags::ACK).map(|record| record.id);
        let syn = syn.unwrap_or(SegmentId::of(Side::Client, 1));
        // An answer to another SYN, such as an old duplicate, counts only without this one's.
        let of_syn = self.segments().iter().find(|record| record.id == syn);
        let expected = of_syn.map(|record| record.segment.end());
        let answer = self
            .segments()
            .iter()
            .find(|record| {
                record.from == Side::Server
                    && record.segment.syn()
                    && record.segment.acknowledgment().is_some_and(|it| Some(it) == expected)
            })
            .or_else(|| self.first(Side::Server, Flags::SYN | Flags::ACK, Flags::NONE));
        match self.captured.connection.opening() {
            Opening::Handshake => {
                let ack = answer.and_then(|answer| {
                    let after = self.segments().iter().skip_while(|record| record.id != answer.id);
                    after.skip(1).find(|record| {
                        record.from == Side::Client
                            && !record.segment.rst()
                            && record.segment.acknowledgment().is_some()
                    })
                });
                let Some((answer, ack)) = answer.zip(ack) else {
                    return self.say("not-captured", &[]);
                };
                let took = locale::span(self.took(syn, ack));
                self.say(
                    "handshake",
                    &[("syn", &syn), ("answer", &answer.id), ("ack", &ack.id), ("time", &took)],
                )
            }
            Opening::Simultaneous => {
                let other = self.first(Side::Server, Flags::SYN, Flags::ACK);
                let other = other.map_or(SegmentId::of(Side::Server, 1), |record| record.id);
                self.say("simultaneous", &[("syn", &syn), ("other", &other)])
            }
            Opening::Incomplete => {
                let answer = answer.map_or(SegmentId::of(Side::Server, 1), |record| record.id);
                self.say("incomplete", &[("syn", &syn), ("answer", &answer)])
            }
            Opening::Refused => {
                let reset = self.first(Side::Server, Flags::RST, Flags::NONE);
                let reset = reset.map_or(SegmentId::of(Side::Server, 1), |record| record.id);
                self.say("refused", &[("syn", &syn), ("reset", &reset)])
            }
            Opening::Unanswered => {
                let count = self.segments().iter().filter(|record| record.segment.syn()).count();
                self.say("unanswered", &[("syn", &syn), ("count", &count)])
            }
            Opening::NotCaptured => self.say("not-captured", &[]),
        }
    }

    /// The time from the departure of a segment to that of a later one.
    fn took(&self, from: SegmentId, to: &SegmentRecord) -> crate::time::Duration {
        let first = self.segments().iter().find(|record| record.id == from);
        to.sent_at.since(first.map_or(to.sent_at, |first| first.sent_at))
    }

    fn transfer(&self) -> String {
        let [there, back] = self.captured.connection.ends.each_ref().map(|end| end.bytes);
        if there + back == 0 {
            return self.say("no-data", &[]);
        }
        let (there, back) = (locale::number(there), locale::number(back));
        self.say("data", &[("there", &there), ("back", &back)])
    }

    /// The segments with a note, in order.
    fn noted(&self, note: Note) -> Vec<SegmentId> {
        let segments = self.segments().iter().zip(&self.captured.notes);
        segments.filter(|(_, notes)| notes.has(note)).map(|(record, _)| record.id).collect()
    }

    fn trouble(&self) -> Vec<String> {
        let lost = self.segments().iter().filter(|record| record.lost.is_some());
        let found = [
            ("lost", lost.map(|record| record.id).collect()),
            ("again", self.noted(Note::Retransmission)),
            ("fast", self.noted(Note::FastRetransmission)),
            ("spurious", self.noted(Note::SpuriousRetransmission)),
            ("out-of-order", self.noted(Note::OutOfOrder)),
            ("zero-window", self.noted(Note::ZeroWindow)),
            ("keep-alive", self.noted(Note::KeepAlive)),
            ("missing", self.noted(Note::PreviousNotCaptured)),
            ("acked-unseen", self.noted(Note::AckedUnseen)),
        ];
        let mut sentences: Vec<String> = found
            .iter()
            .filter(|(_, ids)| !ids.is_empty())
            .map(|(key, ids)| {
                let (count, names) = (ids.len(), names(ids));
                self.say(key, &[("count", &count), ("segments", &names)])
            })
            .collect();
        if sentences.is_empty() {
            sentences.push(self.say("untroubled", &[]));
        }
        let duplicates = self.captured.duplicates();
        if duplicates > 0 {
            sentences.push(self.say("duplicates", &[("count", &duplicates)]));
        }
        sentences
    }

    fn ending(&self) -> String {
        let fin = |side| self.first(side, Flags::FIN, Flags::NONE);
        let side = |index| if index == 0 { Side::Client } else { Side::Server };
        match self.captured.connection.closing() {
            Closing::Closed => {
                let order = |record: &SegmentRecord| {
                    self.segments().iter().position(|other| other.id == record.id)
                };
                let mut fins = Side::BOTH.map(fin);
                fins.sort_by_key(|record| record.map(order));
                let [Some(first), Some(second)] = fins else {
                    return self.say("closed-other", &[]);
                };
                let host = self.host(first.from.index());
                self.say("closed", &[("host", &host), ("first", &first.id), ("second", &second.id)])
            }
            Closing::HalfClosed(index) => {
                let Some(fin) = fin(side(index)) else { return self.say("closed-other", &[]) };
                let (host, peer) = (self.host(index), self.host(1 - index));
                self.say("half", &[("host", &host), ("fin", &fin.id), ("peer", &peer)])
            }
            Closing::Reset(index) => {
                let reset = self.first(side(index), Flags::RST, Flags::NONE);
                let Some(reset) = reset else { return self.say("closed-other", &[]) };
                // A reset of something else, such as an old duplicate's connection, ends nothing.
                let goes_on = self.hosts().is_some_and(|states| {
                    states.iter().all(|state| !matches!(state, State::Closed | State::Listen))
                });
                let key = if goes_on { "reset-only" } else { "reset" };
                self.say(key, &[("host", &self.host(index)), ("reset", &reset.id)])
            }
            Closing::Open => self.say("open", &[]),
        }
    }

    /// The states of both hosts at the end.
    fn hosts(&self) -> Option<[State; 2]> {
        let last = self.run.timeline.trace().steps.len().checked_sub(1)?;
        Some(self.run.timeline.hosts_after(Some(last)).map(|host| host.state))
    }

    fn states(&self) -> Option<String> {
        let [client, server] = self.hosts()?;
        Some(self.say("states", &[("client", &client), ("server", &server)]))
    }
}

/// The names of some segments: the first few, and a sign that there are more.
fn names(ids: &[SegmentId]) -> String {
    let first: Vec<String> = ids.iter().take(MOST_NAMES).map(ToString::to_string).collect();
    let more = if ids.len() > MOST_NAMES { ", …" } else { "" };
    format!("{}{more}", first.join(", "))
}
