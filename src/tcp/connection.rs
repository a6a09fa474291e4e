//! One end of a connection.

use super::config::Config;
use super::congestion::Congestion;
use super::growth::Growth;
use super::habits::GiveUp;
use super::outbox::Outbox;
use super::output::Event;
use super::rhythm::{AckLimiter, AckPacing, Keeping};
use super::rto::RtoEstimator;
use super::rule::Rule;
use super::scoreboard::{Received, Scoreboard};
use super::segment::{Options, Segment, Text};
use super::sent::{Probe, Sent};
use super::seq::SeqNumber;
use super::state::{State, edges_between};
use super::stream::Stream;
use super::tcb::Tcb;
use super::timer::{Timer, TimerTable};
use super::timestamps::{STAMPS_LENGTH, Stamps};
use crate::time::Instant;

/// One end of a TCP connection: the whole of RFC 9293 §3.10 for one TCB, without I/O or a clock.
///
/// Four kinds of methods:
/// - the user's calls: [`open_passive`](Self::open_passive), [`open_active`](Self::open_active),
///   [`send`](Self::send), [`receive`](Self::receive), [`close`](Self::close),
///   [`abort`](Self::abort);
/// - inputs: [`handle_segment`](Self::handle_segment),
///   [`handle_timeout`](Self::handle_timeout);
/// - when to call again: [`poll_timeout`](Self::poll_timeout), after each of the above;
/// - getters: [`state`](Self::state), [`tcb`](Self::tcb) and the rest.
///
/// `now` never goes back. Each call appends its outputs to the [`Outbox`], in causal order.
#[derive(Clone, Debug)]
pub struct Connection {
    pub(super) config: Config,
    pub(super) state: State,
    pub(super) tcb: Tcb,
    /// Whether the connection began with a passive OPEN: a reset in SYN-RECEIVED then returns
    /// to LISTEN (MUST-11).
    pub(super) is_passive: bool,
    /// How many connections this end has opened; each one moves ISS by a step.
    incarnations: u32,

    // Sending.
    /// Bytes from SND.UNA on (from ISS+1 while the SYN is not acknowledged): sent and unsent.
    pub(super) queue: Stream,
    /// Whether our SYN was sent but is not acknowledged. SND.UNA = ISS is no substitute: sequence
    /// numbers wrap.
    pub(super) syn_is_in_flight: bool,
    /// Whether the user has called CLOSE: a FIN follows the queued text.
    pub(super) is_closing: bool,
    /// The FIN's sequence number, once it was sent.
    pub(super) fin_sent: Option<SeqNumber>,
    /// SMSS: the most text in one segment, in bytes.
    pub(super) send_mss: u16,
    pub(super) snd_scale: u8,
    pub(super) rto: RtoEstimator,
    /// The transmission being timed: its end, and when it was sent. Cleared by Karn's algorithm.
    pub(super) timing: Option<(SeqNumber, Instant)>,
    /// How often the head of the queue was retransmitted, and when it was first sent.
    pub(super) retransmissions: u32,
    pub(super) waiting_since: Instant,
    /// When it was first retransmitted.
    pub(super) repeating_since: Instant,
    /// Whether the timer expired for our SYN (RFC 6298 §5.7).
    pub(super) syn_timed_out: bool,
    /// The congestion window, and the loss that is being repaired.
    pub(super) congestion: Congestion,
    /// How often the window was probed since it closed.
    pub(super) probes: u32,

    // Receiving.
    /// Bytes in order that the user has not read.
    pub(super) readable: Stream,
    /// Text beyond a gap, sorted by sequence number; pieces may overlap.
    pub(super) kept: Vec<(SeqNumber, Text)>,
    /// The sequence number of the peer's FIN, once received.
    pub(super) fin_seen: Option<SeqNumber>,
    pub(super) rcv_scale: u8,
    pub(super) need: AckNeed,
    /// Segments with text since the last acknowledgment.
    pub(super) unacknowledged_segments: u8,
    /// When the last segment arrived.
    pub(super) last_heard: Instant,
    pub(super) pacing: AckPacing,
    pub(super) ack_limiter: AckLimiter,

    /// Whether the application has given up the connection.
    pub(super) user_is_gone: bool,
    pub(super) keeping: Keeping,
    /// SND.NXT after the last segment that was not full (Minshall's form of Nagle's algorithm).
    pub(super) small_end: Option<SeqNumber>,
    /// How many bytes were acknowledged, as far as 32 bits count.
    pub(super) octets_acknowledged: u32,

    pub(super) timers: TimerTable,

    /// Whether both SYNs allow selective acknowledgments.
    pub(super) takes_sack: bool,
    /// What to tell the peer of.
    pub(super) received: Received,
    /// What the peer told of.
    pub(super) scoreboard: Scoreboard,
    pub(super) stamps: Stamps,
    /// The segments in flight.
    pub(super) sent: Sent,
    /// The tail loss probe that is not answered.
    pub(super) probe: Option<Probe>,
    /// Whether the segment being handled reports a duplicate.
    pub(super) duplicate_was_reported: bool,
}

/// Whether an acknowledgment is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AckNeed {
    /// No acknowledgment is owed.
    Nothing,
    /// One is owed, and may be delayed.
    Later,
    /// One is owed now, for this reason.
    Now(Rule),
}

impl Connection {
    /// An end in CLOSED.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let rto = RtoEstimator::new(config.rto_initial, config.rto_min, config.rto_max)
            .with_floor(config.habits.rto_floor);
        let send_mss = config.default_send_mss;
        let congestion = Congestion::new(Growth::new(config.congestion));
        Self {
            config,
            state: State::Closed,
            tcb: Tcb::default(),
            is_passive: false,
            incarnations: 0,
            queue: Stream::new(),
            syn_is_in_flight: false,
            is_closing: false,
            fin_sent: None,
            send_mss,
            snd_scale: 0,
            rto,
            timing: None,
            retransmissions: 0,
            waiting_since: Instant::ZERO,
            repeating_since: Instant::ZERO,
            syn_timed_out: false,
            congestion,
            probes: 0,
            readable: Stream::new(),
            kept: Vec::new(),
            fin_seen: None,
            rcv_scale: 0,
            need: AckNeed::Nothing,
            unacknowledged_segments: 0,
            last_heard: Instant::ZERO,
            pacing: AckPacing::default(),
            ack_limiter: AckLimiter::default(),
            user_is_gone: false,
            keeping: Keeping::default(),
            small_end: None,
            octets_acknowledged: 0,
            timers: TimerTable::default(),
            takes_sack: false,
            received: Received::default(),
            scoreboard: Scoreboard::default(),
            stamps: Stamps::default(),
            sent: Sent::default(),
            probe: None,
            duplicate_was_reported: false,
        }
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called; ask again after each call.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let first = self.timers.first();
        (first < Instant::MAX).then_some(first)
    }

    /// The state.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// The sequence variables; all zero without a connection.
    #[must_use]
    pub const fn tcb(&self) -> &Tcb {
        &self.tcb
    }

    /// The options of this end.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Changes the options. What the connection has already negotiated does not change.
    pub fn reconfigure(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config);
    }

    /// Sets RCV.WND, even beyond what a header can announce: real systems accept whatever fits
    /// their buffer. The caller must not shrink it while text can arrive (SHLD-14).
    pub fn set_receive_window(&mut self, octets: u32) {
        self.tcb.rcv_wnd = octets;
    }

    /// The round-trip estimator and its RTO.
    #[must_use]
    pub const fn rto(&self) -> &RtoEstimator {
        &self.rto
    }

    /// The congestion window.
    #[must_use]
    pub const fn congestion(&self) -> &Congestion {
        &self.congestion
    }

    /// The timers that run.
    #[must_use]
    pub const fn timers(&self) -> &TimerTable {
        &self.timers
    }

    /// How many bytes of the user's text are not acknowledged, sent or not.
    #[must_use]
    pub const fn unacknowledged_octets(&self) -> usize {
        self.queue.len()
    }

    /// How many bytes can be read with RECEIVE.
    #[must_use]
    pub const fn readable_octets(&self) -> usize {
        self.readable.len()
    }

    /// How many bytes are kept beyond a gap.
    #[must_use]
    pub fn kept_octets(&self) -> u32 {
        self.kept.iter().map(|(_, text)| text.len()).sum()
    }

    /// Whether the peer's FIN was reached: no text follows the readable bytes.
    #[must_use]
    pub fn peer_has_closed(&self) -> bool {
        self.fin_seen.is_some_and(|fin| fin.before(self.tcb.rcv_nxt))
    }

    /// SMSS: the most text that this end puts into one segment, in bytes.
    #[must_use]
    pub const fn send_mss(&self) -> u16 {
        self.send_mss
    }

    /// Whether this connection began with a passive OPEN.
    #[must_use]
    pub const fn is_passive(&self) -> bool {
        self.is_passive
    }

    /// How often the oldest unacknowledged segment was retransmitted.
    #[must_use]
    pub const fn retransmissions(&self) -> u32 {
        self.retransmissions
    }

    /// The only place where the state changes. Every move is an arrow of
    /// [`EDGES`](super::state::EDGES).
    pub(super) fn transition(&mut self, to: State, rule: Rule, out: &mut Outbox) {
        let from = self.state;
        debug_assert!(
            edges_between(from, to).next().is_some(),
            "no arrow leads from {from} to {to} ({rule:?})"
        );
        self.state = to;
        out.record(Event::Transition { from, to }, rule);
    }

    /// Chooses ISS and prepares the send variables for a SYN.
    pub(super) fn begin(&mut self, is_passive: bool) {
        let iss = self.config.iss + self.config.iss_step.wrapping_mul(self.incarnations);
        self.incarnations = self.incarnations.wrapping_add(1);
        self.is_passive = is_passive;
        self.set_iss(iss);
        self.tcb.rcv_wnd = self.config.receive_buffer.min(u32::from(u16::MAX));
    }

    pub(super) const fn set_iss(&mut self, iss: SeqNumber) {
        self.tcb.iss = iss;
        self.tcb.snd_una = iss;
        self.tcb.snd_nxt = iss;
    }

    /// Deletes the TCB, and goes to CLOSED. The user can still read text that arrived in order.
    pub(super) fn delete(&mut self, rule: Rule, out: &mut Outbox) {
        self.transition(State::Closed, rule, out);
        let readable = std::mem::replace(&mut self.readable, Stream::new());
        self.forget();
        self.readable = readable;
    }

    /// Deletes the TCB, flushes both queues, tells the user why (MUST-12), and goes to CLOSED.
    pub(super) fn fail(&mut self, signal: Event, rule: Rule, out: &mut Outbox) {
        self.tell(signal, rule, out);
        if self.config.habits.reset_keeps_text {
            self.delete(rule, out);
            return;
        }
        self.transition(State::Closed, rule, out);
        self.forget();
    }

    /// Gives up a half-open connection, and returns to LISTEN.
    pub(super) fn return_to_listen(&mut self, rule: Rule, out: &mut Outbox) {
        self.transition(State::Listen, rule, out);
        self.forget();
        self.is_passive = true;
    }

    /// Resets everything but the state, the options and the count of connections.
    pub(super) fn forget(&mut self) {
        let state = self.state;
        let incarnations = self.incarnations;
        // Only the options survive the old connection.
        let config = self.config.clone();
        *self = Self { state, incarnations, ..Self::new(config) };
    }

    /// Whether the FIN was sent and acknowledged.
    pub(super) fn fin_is_acknowledged(&self) -> bool {
        self.fin_sent.is_some_and(|fin| fin.before(self.tcb.snd_una))
    }

    /// Whether R2 is reached at `now` (RFC 9293 §3.8.3).
    pub(super) fn gives_up(&self, limit: GiveUp, now: Instant) -> bool {
        match limit {
            GiveUp::After(span) => now.since(self.waiting_since) >= span,
            GiveUp::AfterRepeating(span) => {
                self.retransmissions > 0 && now.since(self.repeating_since) >= span
            }
            GiveUp::Retransmissions(count) => self.retransmissions >= count,
        }
    }

    /// Takes the peer's options from its SYN.
    pub(super) fn learn_options(&mut self, syn: &Segment) {
        let options = &syn.options;
        self.takes_sack = options.sack_permitted && self.config.sack;
        self.stamps.begin(options.timestamps.filter(|_| self.config.timestamps), self.tcb.rcv_nxt);
        // MUST-15: without the option, assume 536 (IPv4) or 1220 (IPv6).
        self.send_mss = options.mss.unwrap_or(self.config.default_send_mss).min(self.config.mss);
        // RFC 6691: the MSS counts the options of each segment.
        let options_in_each = if self.stamps.are_used { STAMPS_LENGTH } else { 0 };
        self.send_mss = self.send_mss.saturating_sub(options_in_each).max(1);
        let smss = u32::from(self.send_mss);
        self.congestion.begin(smss, self.config.initial_window, self.tcb.iss);
        // The tail loss probe does what the rescue is for.
        self.congestion.rescues = !self.config.tail_loss_probe;
        if let (Some(offered), Some(ours)) = (options.window_scale, self.config.window_scale) {
            self.snd_scale = offered.min(Options::MAX_WINDOW_SCALE);
            self.rcv_scale = ours.min(Options::MAX_WINDOW_SCALE);
        }
    }

    /// Starts or restarts the user timeout while anything is unacknowledged.
    pub(super) fn restart_user_timeout(&mut self, now: Instant) {
        let opening = matches!(self.state, State::SynSent | State::SynReceived);
        let span = if opening { self.config.open_timeout } else { None };
        match span.or(self.config.user_timeout) {
            Some(span) => self.timers.set(Timer::User, now + span),
            None => self.timers.stop(Timer::User),
        }
    }
}
