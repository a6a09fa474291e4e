//! A snapshot of a host's connection.

use crate::tcp::{Connection, SeqNumber, State, Tcb, Timer};
use crate::time::{Duration, Instant};

/// A snapshot of a host's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostView {
    /// The state.
    pub state: State,
    /// The sequence variables.
    pub tcb: Tcb,
    /// RTO.
    pub rto: Duration,
    /// SRTT; zero before the first sample.
    pub srtt: Duration,
    /// RTTVAR.
    pub rttvar: Duration,
    /// SMSS.
    pub send_mss: u16,
    /// How often the oldest unacknowledged segment was retransmitted.
    pub retransmissions: u32,
    /// Bytes of text that are not acknowledged, sent or not.
    pub queued: u32,
    /// Bytes that the application can RECEIVE.
    pub readable: u32,
    /// Bytes kept beyond a gap.
    pub kept: u32,
    /// cwnd, in bytes; zero before the peer's SYN.
    pub cwnd: u32,
    /// ssthresh, in bytes; `None` before the first loss.
    pub ssthresh: Option<u32>,
    /// Sequence numbers that are sent and, as far as the sender knows, still in the network.
    pub in_flight: u32,
    /// Duplicate ACKs since SND.UNA last moved.
    pub duplicate_acks: u32,
    deadlines: [Instant; Timer::ALL.len()],
}

/// The fields of a host that most steps change.
#[derive(Clone, Copy, Debug)]
pub(super) struct FrequentFields {
    snd_una: SeqNumber,
    snd_nxt: SeqNumber,
    snd_wnd: u32,
    snd_wl1: SeqNumber,
    snd_wl2: SeqNumber,
    rcv_nxt: SeqNumber,
    rcv_wnd: u32,
    queued: u32,
    readable: u32,
    cwnd: u32,
    /// The index of the other fields in the trace's list.
    pub(super) rare: u32,
    user: Instant,
    retransmission: Instant,
}

/// The fields of a host that few steps change. All steps between two changes share one copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RareFields {
    iss: SeqNumber,
    irs: SeqNumber,
    max_snd_wnd: u32,
    retransmissions: u32,
    kept: u32,
    send_mss: u16,
    ssthresh: Option<u32>,
    /// What is in the network, if that is not all that is not acknowledged.
    pipe: Option<u32>,
    duplicate_acks: u32,
    rto: Duration,
    srtt: Duration,
    rttvar: Duration,
    persist: Instant,
    delayed_ack: Instant,
    time_wait: Instant,
    keep_alive: Instant,
    fin_wait_2: Instant,
    loss_probe: Instant,
}

impl FrequentFields {
    pub(super) fn of(connection: &Connection, rare: u32) -> Self {
        let count = |octets: usize| u32::try_from(octets).unwrap_or(u32::MAX);
        let (tcb, timers) = (connection.tcb(), connection.timers());
        Self {
            snd_una: tcb.snd_una,
            snd_nxt: tcb.snd_nxt,
            snd_wnd: tcb.snd_wnd,
            snd_wl1: tcb.snd_wl1,
            snd_wl2: tcb.snd_wl2,
            rcv_nxt: tcb.rcv_nxt,
            rcv_wnd: tcb.rcv_wnd,
            queued: count(connection.unacknowledged_octets()),
            readable: count(connection.readable_octets()),
            cwnd: connection.congestion().cwnd(),
            rare,
            user: timers.deadlines()[Timer::User as usize],
            retransmission: timers.deadlines()[Timer::Retransmission as usize],
        }
    }
}

impl RareFields {
    pub(super) fn of(connection: &Connection) -> Self {
        let (tcb, timers, rto) = (connection.tcb(), connection.timers(), connection.rto());
        Self {
            iss: tcb.iss,
            irs: tcb.irs,
            max_snd_wnd: tcb.max_snd_wnd,
            retransmissions: connection.retransmissions(),
            kept: connection.kept_octets(),
            send_mss: connection.send_mss(),
            ssthresh: connection.congestion().ssthresh(),
            pipe: Some(connection.pipe()).filter(|pipe| *pipe != tcb.in_flight()),
            duplicate_acks: connection.congestion().duplicates(),
            rto: rto.rto(),
            srtt: rto.srtt().unwrap_or_default(),
            rttvar: rto.rttvar(),
            persist: timers.deadlines()[Timer::Persist as usize],
            delayed_ack: timers.deadlines()[Timer::DelayedAck as usize],
            time_wait: timers.deadlines()[Timer::TimeWait as usize],
            keep_alive: timers.deadlines()[Timer::KeepAlive as usize],
            fin_wait_2: timers.deadlines()[Timer::FinWait2 as usize],
            loss_probe: timers.deadlines()[Timer::LossProbe as usize],
        }
    }
}

impl HostView {
    /// A snapshot of a connection.
    #[must_use]
    pub fn of(connection: &Connection) -> Self {
        let (frequent, rare) = (FrequentFields::of(connection, 0), RareFields::of(connection));
        Self::join(connection.state(), &frequent, &rare)
    }

    pub(super) fn join(state: State, frequent: &FrequentFields, rare: &RareFields) -> Self {
        let FrequentFields { snd_una, snd_nxt, snd_wnd, snd_wl1, snd_wl2, .. } = *frequent;
        let FrequentFields { rcv_nxt, rcv_wnd, queued, readable, cwnd, .. } = *frequent;
        let RareFields { iss, irs, max_snd_wnd, retransmissions, kept, send_mss, .. } = *rare;
        let RareFields { ssthresh, pipe, duplicate_acks, .. } = *rare;
        let RareFields { rto, srtt, rttvar, persist, delayed_ack, time_wait, .. } = *rare;
        let RareFields { keep_alive, fin_wait_2, .. } = *rare;
        Self {
            state,
            tcb: Tcb {
                iss,
                snd_una,
                snd_nxt,
                snd_wnd,
                snd_wl1,
                snd_wl2,
                max_snd_wnd,
                irs,
                rcv_nxt,
                rcv_wnd,
            },
            rto,
            srtt,
            rttvar,
            send_mss,
            retransmissions,
            queued,
            readable,
            kept,
            cwnd,
            ssthresh,
            in_flight: pipe.unwrap_or_else(|| snd_nxt.distance_from(snd_una)),
            duplicate_acks,
            // In the order of `Timer::ALL`.
            deadlines: [
                frequent.user,
                frequent.retransmission,
                persist,
                delayed_ack,
                time_wait,
                keep_alive,
                fin_wait_2,
                rare.loss_probe,
            ],
        }
    }

    /// When a timer expires, if it is running.
    #[must_use]
    pub fn deadline(&self, timer: Timer) -> Option<Instant> {
        let deadline = self.deadlines[timer as usize];
        (deadline < Instant::MAX).then_some(deadline)
    }
}
