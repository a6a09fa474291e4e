//! One endpoint whose peer is the test, with numbers relative to ISS and IRS.

use tcp_handshake::tcp::{Config, Connection, Event, Outbox, Output, SeqNumber, State, Text};
use tcp_handshake::time::{Duration, Instant};

use super::notation::{Numbers, text_at};

pub struct Bench {
    pub connection: Connection,
    pub now: Instant,
    pub numbers: Numbers,
    /// The outputs of the last call, arrival or timeout.
    pub outputs: Vec<Output>,
    /// The options of the peer's SYN, in the notation of segments.
    pub offers: &'static str,
}

/// Brings the endpoint into a state, by calls and segments alone. SYN-RECEIVED has two ways.
pub const STATES: [&str; 12] = [
    "CLOSED",
    "LISTEN",
    "SYN-SENT",
    "SYN-RECEIVED",
    "SYN-RECEIVED (active)",
    "ESTABLISHED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "CLOSE-WAIT",
    "CLOSING",
    "LAST-ACK",
    "TIME-WAIT",
];

impl Bench {
    pub fn new(config: Config, irs: u32) -> Self {
        let numbers = Numbers { iss: config.iss, irs: SeqNumber(irs) };
        let connection = Connection::new(config);
        Self { connection, now: Instant::ZERO, numbers, outputs: vec![], offers: "" }
    }

    /// An endpoint in `state`.
    pub fn in_state(state: &str, config: Config, irs: u32) -> Self {
        let mut bench = Self::new(config, irs);
        bench.go_to(state);
        bench
    }

    /// The same with a peer whose SYN has these options.
    pub fn in_state_with(state: &str, config: Config, irs: u32, offers: &'static str) -> Self {
        let mut bench = Self::new(config, irs);
        bench.offers = offers;
        bench.go_to(state);
        bench
    }

    /// Goes from CLOSED into `state`.
    pub fn go_to(&mut self, state: &str) {
        match state {
            "CLOSED" => {}
            "LISTEN" => self.call(Connection::open_passive).expect("CLOSED"),
            "SYN-SENT" => self.call(Connection::open_active).expect("CLOSED"),
            "SYN-RECEIVED" => self.go_on("LISTEN", "S 0"),
            "SYN-RECEIVED (active)" => self.go_on("SYN-SENT", "S 0"),
            "ESTABLISHED" => self.go_on("SYN-SENT", "S. 0 ack 1"),
            "FIN-WAIT-1" => self.go_on_by_close("ESTABLISHED"),
            "FIN-WAIT-2" => self.go_on("FIN-WAIT-1", ". 1 ack 2"),
            "CLOSE-WAIT" => self.go_on("ESTABLISHED", "F. 1 ack 1"),
            "CLOSING" => self.go_on("FIN-WAIT-1", "F. 1 ack 1"),
            "LAST-ACK" => self.go_on_by_close("CLOSE-WAIT"),
            "TIME-WAIT" => self.go_on("FIN-WAIT-2", "F. 1 ack 2"),
            other => panic!("no way leads to {other}"),
        }
        assert_eq!(self.state(), state.split(' ').next().unwrap_or(state));
    }

    fn go_on(&mut self, from: &str, segment: &str) {
        self.go_to(from);
        let offers = if segment.starts_with('S') { self.offers } else { "" };
        self.arrive(&format!("{segment}{offers}"));
    }

    fn go_on_by_close(&mut self, from: &str) {
        self.go_to(from);
        self.close();
    }

    pub fn state(&self) -> &'static str {
        self.connection.state().name()
    }

    /// Lets a segment arrive; returns the segments sent in reply.
    #[track_caller]
    pub fn arrive(&mut self, segment: &str) -> Vec<String> {
        let segment = self.numbers.arriving(segment);
        self.call(|c, now, out| c.handle_segment(now, &segment, out));
        self.sent()
    }

    /// Like [`arrive`](Self::arrive), and checks the replies: segments joined by `; `.
    #[track_caller]
    pub fn gets(&mut self, segment: &str, replies: &str) {
        let sent = self.arrive(segment).join("; ");
        assert_eq!(sent, replies, "answers to {segment:?} in {}", self.state());
    }

    pub fn call<R>(&mut self, call: impl FnOnce(&mut Connection, Instant, &mut Outbox) -> R) -> R {
        let mut out = Outbox::new();
        let result = call(&mut self.connection, self.now, &mut out);
        self.outputs = out.drain().collect();
        self.check();
        result
    }

    #[track_caller]
    pub fn close(&mut self) -> Vec<String> {
        self.call(Connection::close).expect("CLOSE is legal here");
        self.sent()
    }

    #[track_caller]
    pub fn abort(&mut self) -> Vec<String> {
        self.call(Connection::abort).expect("ABORT is legal here");
        self.sent()
    }

    /// Calls SEND with this many bytes.
    #[track_caller]
    pub fn send(&mut self, octets: usize) -> Vec<String> {
        let text = text_at(0, octets);
        self.call(|c, now, out| c.send(now, &text, out)).expect("SEND is legal here");
        self.sent()
    }

    #[track_caller]
    pub fn receive(&mut self, max: usize) -> Text {
        self.call(|c, now, out| c.receive(now, max, out)).expect("RECEIVE is legal here")
    }

    /// The segments of the last step.
    pub fn sent(&self) -> Vec<String> {
        let sent = self.outputs.iter().filter_map(|output| match output {
            Output::Transmit(segment, ..) => Some(self.numbers.print(segment)),
            Output::Event(..) => None,
        });
        sent.collect()
    }

    /// The events of the last step.
    pub fn events(&self) -> Vec<Event> {
        let events = self.outputs.iter().filter_map(|output| match output {
            Output::Transmit(..) => None,
            Output::Event(event, _) => Some(*event),
        });
        events.collect()
    }

    /// The rules of the last step.
    pub fn rules(&self) -> Vec<&'static str> {
        self.outputs.iter().map(|output| output.rule().id()).collect()
    }

    /// Lets time pass; returns the segments sent, each with its time in ms from now: `1000 S 0`.
    pub fn wait(&mut self, millis: u64) -> Vec<String> {
        self.wait_exactly(Duration::from_millis(millis))
    }

    pub fn wait_exactly(&mut self, span: Duration) -> Vec<String> {
        let (start, end) = (self.now, self.now + span);
        let mut sent = vec![];
        let mut outputs = vec![];
        while let Some(due) = self.connection.poll_timeout().filter(|due| *due <= end) {
            assert!(due >= self.now, "a deadline in the past");
            self.now = due;
            self.call(Connection::handle_timeout);
            let millis = due.since(start).as_millis();
            sent.extend(self.sent().iter().map(|segment| format!("{millis} {segment}")));
            outputs.append(&mut self.outputs);
        }
        self.now = end;
        self.outputs = outputs;
        sent
    }

    /// Checks the invariants that hold after every step.
    pub fn check(&self) {
        let (connection, tcb) = (&self.connection, self.connection.tcb());
        assert!(tcb.snd_una.at_or_before(tcb.snd_nxt), "SND.UNA =< SND.NXT");
        let timers = connection.timers();
        let runs = timers.deadline(tcp_handshake::tcp::Timer::Retransmission).is_some();
        assert_eq!(runs, tcb.in_flight() > 0, "in {}: {tcb}", connection.state());
        if connection.state() == State::Closed {
            assert_eq!(connection.poll_timeout(), None);
        }
    }
}
