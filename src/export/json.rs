//! The trace as JSON: versioned, in one order, integers only; see `docs/trace.schema.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::capture::{Note, Reconstruction};
use crate::link::Link;
use crate::sim::{
    Call, CallError, Cause, Effect, Ending, HostView, LossCause, SegmentId, SegmentRecord, Side,
    Step, Timeline, Trace,
};
use crate::tcp::{Event, Rule, State, Timer, Timestamps};
use crate::time::{Duration, Instant};

/// The version of the format. It is incremented with every incompatible change.
pub const VERSION: u32 = 1;

pub(super) fn write(timeline: &Timeline, link: &Link) -> String {
    // Serialization fails only for maps with keys other than texts, and there are none.
    let mut text = serde_json::to_string(&trace(timeline, link)).unwrap_or_default();
    text.push('\n');
    text
}

/// The trace of a run, or of a part of it, for any serializer.
#[must_use]
pub fn trace(timeline: &Timeline, link: &Link) -> impl Serialize + use<> {
    let link = link.run_only();
    let trace = timeline.trace();
    File {
        version: VERSION,
        link: link.to_string(),
        scenario: link.scenario,
        edits: timeline.scenario().edits.iter().map(ToString::to_string).collect(),
        segments: trace.segments.iter().map(SegmentEntry::of).collect(),
        steps: trace.steps.iter().map(|step| StepEntry::of(trace, step)).collect(),
        ending: trace.ending,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    version: u32,
    link: String,
    scenario: &'static str,
    edits: Vec<String>,
    segments: Vec<SegmentEntry>,
    steps: Vec<StepEntry>,
    ending: Ending,
}

/// The version of the trace of a captured connection: in place of a link it has `capture`.
const CAPTURE_VERSION: u32 = 2;

/// The trace of a captured connection.
pub(super) fn write_capture(run: &Reconstruction) -> String {
    let trace = run.timeline.trace();
    let segments = trace.segments.iter().zip(&run.frames).zip(&run.notes);
    let file = CaptureFile {
        version: CAPTURE_VERSION,
        source: "capture",
        capture: CaptureEntry {
            client: run.addresses[0].to_string(),
            server: run.addresses[1].to_string(),
            started_at: run.start,
            at: run.path.point.thousandths(),
            is_inferred: run.path.is_inferred,
            one_way_delay: run.path.one_way_delay,
            left_out: run.left_out,
        },
        segments: segments
            .map(|((record, frame), notes)| CapturedEntry {
                frame: *frame,
                notes: notes.iter().map(Note::name).collect(),
                segment: SegmentEntry { text: String::new(), ..SegmentEntry::of(record) },
            })
            .collect(),
        steps: trace.steps.iter().map(|step| StepEntry::of(trace, step)).collect(),
    };
    let mut text = serde_json::to_string(&file).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CaptureFile {
    version: u32,
    source: &'static str,
    capture: CaptureEntry,
    segments: Vec<CapturedEntry>,
    steps: Vec<StepEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CaptureEntry {
    client: String,
    server: String,
    started_at: i64,
    /// The part of the way from the client to the server, in thousandths.
    at: u16,
    is_inferred: bool,
    one_way_delay: i64,
    left_out: usize,
}

#[derive(Serialize)]
struct CapturedEntry {
    frame: u64,
    notes: Vec<&'static str>,
    #[serde(flatten)]
    segment: SegmentEntry,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SegmentEntry {
    id: SegmentId,
    from: Side,
    flags: Vec<&'static str>,
    seq: u32,
    ack: Option<u32>,
    window: u16,
    mss: Option<u16>,
    window_scale: Option<u8>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    sack_permitted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamps: Option<Timestamps>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sack: Vec<[u32; 2]>,
    length: u32,
    text: String,
    sent_at: Instant,
    arrives_at: Option<Instant>,
    copy_arrives_at: Option<Instant>,
    lost_at: Option<Instant>,
    lost_by: Option<LossCause>,
    delayed_by: Duration,
    repeats: Option<SegmentId>,
    rule: Option<Rule>,
}

impl SegmentEntry {
    fn of(record: &SegmentRecord) -> Self {
        let segment = &record.segment;
        Self {
            id: record.id,
            from: record.from,
            flags: segment.flags.names().collect(),
            seq: segment.seq.0,
            ack: segment.acknowledgment().map(|ack| ack.0),
            window: segment.window,
            mss: segment.options.mss,
            window_scale: segment.options.window_scale,
            sack_permitted: segment.options.sack_permitted,
            timestamps: segment.options.timestamps,
            sack: segment.options.sack.blocks().iter().map(|(a, b)| [a.0, b.0]).collect(),
            length: segment.text.len(),
            text: segment.text.octets().escape_ascii().to_string(),
            sent_at: record.sent_at,
            arrives_at: record.arrives_at,
            copy_arrives_at: record.copy_arrives_at,
            lost_at: record.lost.map(|(at, _)| at),
            lost_by: record.lost.map(|(_, cause)| cause),
            delayed_by: record.delayed_by,
            repeats: record.repeats,
            rule: record.rule,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StepEntry {
    at: Instant,
    host: Side,
    cause: CauseEntry,
    effects: Vec<EffectEntry>,
    after: HostEntry,
}

impl StepEntry {
    fn of(trace: &Trace, step: &Step) -> Self {
        let effects = trace.effects(step);
        Self {
            at: step.at,
            host: step.side,
            cause: CauseEntry::of(trace, step),
            effects: effects.map(|effect| EffectEntry::of(trace, effect)).collect(),
            after: HostEntry::of(&trace.after(step)),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum CauseEntry {
    Arrival { segment: SegmentId, is_copy: bool },
    Loss { segment: SegmentId },
    Call { call: &'static str, octets: Option<u32> },
    Timer { timer: Timer },
}

impl CauseEntry {
    fn of(trace: &Trace, step: &Step) -> Self {
        match step.cause {
            Cause::Arrival(index, is_copy) => {
                Self::Arrival { segment: trace.segments[index].id, is_copy }
            }
            Cause::Loss(index) => Self::Loss { segment: trace.segments[index].id },
            Cause::Call(call) => Self::Call { call: call_name(call), octets: call.octets() },
            Cause::Timer(timer) => Self::Timer { timer },
        }
    }
}

const fn call_name(call: Call) -> &'static str {
    match call {
        Call::Listen => "passive-open",
        Call::Connect => "active-open",
        Call::Send(_) => "send",
        Call::Read => "receive",
        Call::Window(_) => "window",
        Call::Close => "close",
        Call::Abort => "abort",
        Call::Exit => "exit",
        Call::Crash => "restart",
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum EffectEntry {
    Sent {
        sent: SegmentId,
    },
    Event {
        #[serde(flatten)]
        event: Event,
        rule: Rule,
    },
    Failed {
        failed: CallError,
    },
}

impl EffectEntry {
    fn of(trace: &Trace, effect: Effect) -> Self {
        match effect {
            Effect::Sent(index) => Self::Sent { sent: trace.segments[index].id },
            Effect::Event(event, rule) => Self::Event { event, rule },
            Effect::Failed(failed) => Self::Failed { failed },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HostEntry {
    state: State,
    iss: u32,
    snd_una: u32,
    snd_nxt: u32,
    snd_wnd: u32,
    snd_wl1: u32,
    snd_wl2: u32,
    irs: u32,
    rcv_nxt: u32,
    rcv_wnd: u32,
    rto: Duration,
    srtt: Duration,
    rttvar: Duration,
    retransmissions: u32,
    queued: u32,
    readable: u32,
    kept: u32,
    cwnd: u32,
    ssthresh: Option<u32>,
    in_flight: u32,
    duplicate_acks: u32,
    timers: BTreeMap<&'static str, Instant>,
}

impl HostEntry {
    fn of(host: &HostView) -> Self {
        let tcb = &host.tcb;
        let deadline = |timer| Some((timer_name(timer), host.deadline(timer)?));
        Self {
            state: host.state,
            iss: tcb.iss.0,
            snd_una: tcb.snd_una.0,
            snd_nxt: tcb.snd_nxt.0,
            snd_wnd: tcb.snd_wnd,
            snd_wl1: tcb.snd_wl1.0,
            snd_wl2: tcb.snd_wl2.0,
            irs: tcb.irs.0,
            rcv_nxt: tcb.rcv_nxt.0,
            rcv_wnd: tcb.rcv_wnd,
            rto: host.rto,
            srtt: host.srtt,
            rttvar: host.rttvar,
            retransmissions: host.retransmissions,
            queued: host.queued,
            readable: host.readable,
            kept: host.kept,
            cwnd: host.cwnd,
            ssthresh: host.ssthresh,
            in_flight: host.in_flight,
            duplicate_acks: host.duplicate_acks,
            timers: Timer::ALL.into_iter().filter_map(deadline).collect(),
        }
    }
}

/// The name of a timer, as [`Timer`] serializes.
const fn timer_name(timer: Timer) -> &'static str {
    match timer {
        Timer::User => "user",
        Timer::Retransmission => "retransmission",
        Timer::Persist => "persist",
        Timer::DelayedAck => "delayed-ack",
        Timer::TimeWait => "time-wait",
        Timer::KeepAlive => "keep-alive",
        Timer::FinWait2 => "fin-wait-2",
        Timer::LossProbe => "loss-probe",
    }
}
