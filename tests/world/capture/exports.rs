//! The pcapng exports of every scenario are read back.

use tcp_handshake::capture::TracedSegment;
use tcp_handshake::export::{Format, Options, Place, export};
use tcp_handshake::link::Link;
use tcp_handshake::locale::Catalog;
use tcp_handshake::scenarios::LESSONS;
use tcp_handshake::sim::{Cause, Effect, SegmentRecord, Side, Timeline};
use tcp_handshake::tcp::{Flags, SeqNumber};

use super::open;

/// The fields compared: time in microseconds, ports, SEQ, ACK, flags, window, length.
type Fields = (u64, u16, u16, SeqNumber, SeqNumber, Flags, u16, u32);

fn of_record(at: u64, record: &SegmentRecord) -> Fields {
    let (from, to) = (record.from.address(), record.from.peer().address());
    let segment = &record.segment;
    let (flags, length) = (segment.flags, segment.text.len());
    (at, from.port(), to.port(), segment.seq, segment.ack, flags, segment.window, length)
}

fn of_capture(traced: &TracedSegment) -> Fields {
    let segment = &traced.segment;
    let at = u64::try_from(segment.at / 1_000).unwrap();
    let (from, to) = (segment.from.port(), segment.to.port());
    (at, from, to, segment.seq, segment.ack, segment.flags, segment.window, segment.length)
}

/// The segments that the interfaces at a place see, in order.
fn seen(timeline: &Timeline, sides: &[Side]) -> Vec<Fields> {
    let trace = timeline.trace();
    let mut seen = Vec::new();
    for step in trace.steps.iter().filter(|step| sides.contains(&step.side)) {
        let at = step.at.as_micros();
        match step.cause {
            Cause::Arrival(index, _) => seen.push(of_record(at, &trace.segments[index])),
            Cause::Loss(index) if trace.segments[index].is_damaged() => {
                seen.push(of_record(at, &trace.segments[index]));
            }
            _ => {}
        }
        for effect in trace.effects(step) {
            if let Effect::Sent(index) = effect {
                seen.push(of_record(at, &trace.segments[index]));
            }
        }
    }
    seen
}

#[test]
fn the_capture_of_every_scenario_is_read_back() {
    let catalog = Catalog::built_in("en").unwrap();
    let places = [
        (Place::Client, &[Side::Client][..]),
        (Place::Server, &[Side::Server]),
        (Place::Both, &Side::BOTH),
    ];
    for lesson in LESSONS {
        let (link, _) = Link::parse("", &format!("scenario={}", lesson.id));
        let timeline = Timeline::of(link.scenario_to_run());
        for (at, sides) in places {
            let options = Options { at, ..Options::default() };
            let file = export(&timeline, &link, Format::Pcapng, &catalog, &options).unwrap();
            let opened = open(&file);
            assert_eq!(opened.result, Ok(()), "{}", lesson.id);
            let read: Vec<Fields> = opened.segments.iter().map(of_capture).collect();
            assert_eq!(read, seen(&timeline, sides), "{} {at:?}", lesson.id);
        }
    }
}
