//! One host of a captured connection: our state machine follows what the host received and sent.

use super::super::segment::CapturedSegment;
use crate::tcp::segment::{Flags, Options};
use crate::tcp::{
    Config, Connection, Event, Outbox, Output, Rule, Segment, SeqNumber, State, Text,
};
use crate::time::Instant;

/// The receive buffer of a host whose window is not known yet, in bytes.
const AMPLE: u32 = 1 << 30;
/// The most bytes that a host is assumed to have received without a trace in the capture.
const LARGEST_GAP: u32 = 1 << 24;

/// A host.
#[derive(Debug)]
pub(super) struct Host {
    pub connection: Connection,
    /// The events since they were last taken.
    pub events: Vec<(Event, Rule)>,
    /// The flags and the rule of each segment that our machine sent in answer to the last arrival.
    pub answers: Vec<(Flags, Rule)>,
    /// The end of the window that the host last announced.
    window_end: Option<SeqNumber>,
    out: Outbox,
}

impl Host {
    /// The host whose first captured segment is `own`, and whose SYN is `syn`.
    pub fn new(own: Option<&CapturedSegment>, syn: Option<&CapturedSegment>) -> Self {
        let first = syn.or(own);
        let mut config = Config::rfc9293(first.map_or(SeqNumber(0), |segment| segment.seq));
        let options = syn.map(|segment| segment.options).unwrap_or_default();
        config.mss = options.mss.unwrap_or(config.mss);
        config.window_scale =
            options.window_scale.map(|shift| shift.min(Options::MAX_WINDOW_SCALE));
        config.receive_buffer = AMPLE;
        config.send_buffer = u32::MAX;
        config.nagle = false;
        config.user_timeout = None;
        Self {
            connection: Connection::new(config),
            events: vec![],
            answers: vec![],
            window_end: None,
            out: Outbox::new(),
        }
    }

    /// The configuration with which the host began.
    pub fn config(&self) -> &Config {
        self.connection.config()
    }

    /// A segment arrives.
    pub fn receive(&mut self, now: Instant, segment: &Segment) {
        self.account_for_unseen(now, segment);
        self.connection.handle_segment(now, segment, &mut self.out);
        self.answers.clear();
        self.take_output();
        self.read_all(now);
    }

    /// The host listens.
    pub fn listen(&mut self, now: Instant) {
        // A connection that exists already stays.
        let _ = self.connection.open_passive(now, &mut self.out);
        self.take_output();
    }

    /// The host starts again, with this ISS.
    pub fn restart(&mut self, iss: SeqNumber) {
        let mut config = self.connection.config().clone();
        config.iss = iss;
        self.connection = Connection::new(config);
        self.window_end = None;
    }

    /// The host opens actively.
    pub fn connect(&mut self, now: Instant) {
        let _ = self.connection.open_active(now, &mut self.out);
        self.take_output();
    }

    /// The host resets the connection.
    pub fn abort(&mut self, now: Instant) {
        let _ = self.connection.abort(now, &mut self.out);
        self.take_output();
    }

    /// The host sends a segment: its sequence numbers are taken over.
    pub fn follow(&mut self, segment: &Segment) {
        self.connection.follow(segment, &mut self.out);
        self.take_output();
    }

    /// Brings the machine to where the host must be if it sends this segment: part of what it
    /// received may not have been captured.
    pub fn catch_up(&mut self, now: Instant, segment: &Segment) {
        let Some(ack) = segment.acknowledgment().filter(|_| !segment.rst()) else { return };
        match self.connection.state() {
            State::Closed if !segment.syn() && self.window_end.is_none() => {
                self.join(now, segment.seq, ack);
            }
            State::Listen => {
                self.feed(now, &control(ack - 1, None));
                if !segment.syn() {
                    self.feed(now, &control_ack(ack, segment.seq));
                }
            }
            State::SynSent if !segment.syn() => {
                self.feed(now, &control(ack - 1, Some(segment.seq)));
            }
            State::SynReceived if !segment.syn() => {
                self.feed(now, &control_ack(ack, segment.seq));
            }
            _ => {}
        }
        let missing = ack.distance_from(self.connection.tcb().rcv_nxt);
        if self.connection.state().is_synchronized() && (1..LARGEST_GAP).contains(&missing) {
            let tcb = *self.connection.tcb();
            self.connection.set_receive_window(AMPLE);
            self.feed(
                now,
                &Segment {
                    seq: tcb.rcv_nxt,
                    ack: tcb.snd_una,
                    window: u16::try_from(tcb.snd_wnd).unwrap_or(u16::MAX),
                    flags: Flags::ACK,
                    text: Text::new(&vec![0; missing as usize]),
                    ..Segment::default()
                },
            );
        }
    }

    /// Takes over the window of a segment that the host sent, whose shift count is `scale`.
    pub fn announce(&mut self, segment: &Segment, scale: u8) {
        if let Some(ack) = segment.acknowledgment()
            && !segment.rst()
        {
            let scale = if segment.syn() { 0 } else { scale };
            self.window_end = Some(ack + (u32::from(segment.window) << scale));
            self.restore_window();
        }
    }

    /// Joins a connection whose opening was not captured.
    pub fn join(&mut self, now: Instant, snd_nxt: SeqNumber, rcv_nxt: SeqNumber) {
        self.connection.reconfigure(|config| config.iss = snd_nxt - 1);
        if self.connection.state() == State::Closed {
            let _ = self.connection.open_active(now, &mut self.out);
            self.out.clear();
            self.feed(now, &control(rcv_nxt - 1, Some(snd_nxt)));
            self.events.clear();
        }
    }

    /// The acknowledgment of something that was sent, but not captured.
    fn account_for_unseen(&mut self, now: Instant, segment: &Segment) {
        let Some(ack) = segment.acknowledgment() else { return };
        let tcb = *self.connection.tcb();
        if self.connection.state().is_synchronized() && ack.after(tcb.snd_nxt) && !segment.rst() {
            let missing = ack.distance_from(tcb.snd_nxt).min(LARGEST_GAP);
            let unseen = Segment {
                seq: tcb.snd_nxt,
                ack: tcb.rcv_nxt,
                flags: Flags::ACK,
                text: Text::new(&vec![0; missing as usize]),
                ..Segment::default()
            };
            self.follow(&unseen);
        } else if self.connection.state() == State::Closed && !segment.syn() && !segment.rst() {
            let is_new = tcb.snd_nxt == SeqNumber(0) && tcb.rcv_nxt == SeqNumber(0);
            if is_new && self.window_end.is_none() {
                self.join(now, ack, segment.seq);
            }
        }
    }

    /// Feeds a segment that was not captured.
    fn feed(&mut self, now: Instant, segment: &Segment) {
        self.connection.handle_segment(now, segment, &mut self.out);
        self.take_output();
        self.read_all(now);
    }

    /// The application reads all; when it really does so is not known.
    fn read_all(&mut self, now: Instant) {
        let _ = self.connection.receive_with(now, usize::MAX, &mut self.out, |_| ());
        self.out.clear();
        self.restore_window();
    }

    fn restore_window(&mut self) {
        let nxt = self.connection.tcb().rcv_nxt;
        if let Some(end) = self.window_end
            && self.connection.state() != State::Closed
        {
            let room = if end.before(nxt) { 0 } else { end.distance_from(nxt) };
            self.connection.set_receive_window(room);
        }
    }

    fn take_output(&mut self) {
        for output in self.out.drain() {
            match output {
                Output::Transmit(segment, _, rule) => self.answers.push((segment.flags, rule)),
                Output::Event(event, rule) => {
                    if is_visible(event) {
                        self.events.push((event, rule));
                    }
                }
            }
        }
        self.connection.stop_timers();
    }
}

/// Whether an event can be known from a capture: the timers and the congestion window of a host
/// cannot.
const fn is_visible(event: Event) -> bool {
    !matches!(
        event,
        Event::AckDelayed
            | Event::Expired { .. }
            | Event::TimeWaitStarted { .. }
            | Event::RttMeasured { .. }
            | Event::RtoChanged { .. }
            | Event::CongestionChanged { .. }
    )
}

/// A SYN that was not captured, or a SYN,ACK.
fn control(seq: SeqNumber, ack: Option<SeqNumber>) -> Segment {
    let flags = if ack.is_some() { Flags::SYN | Flags::ACK } else { Flags::SYN };
    Segment {
        seq,
        ack: ack.unwrap_or_default(),
        window: u16::MAX,
        flags,
        options: Options { mss: Some(1460), ..Options::default() },
        ..Segment::default()
    }
}

/// An ACK that was not captured.
fn control_ack(seq: SeqNumber, ack: SeqNumber) -> Segment {
    Segment { seq, ack, window: u16::MAX, flags: Flags::ACK, ..Segment::default() }
}
