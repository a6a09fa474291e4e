//! Two endpoints and the segments in flight between them; a test reads like a figure of the RFC.

use tcp_handshake::tcp::{Config, Connection, Event, Outbox, Output, Segment};
use tcp_handshake::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    A,
    B,
}

pub struct Pair {
    pub ends: [Connection; 2],
    pub now: Instant,
    /// The segments that were sent and neither delivered nor dropped, oldest first.
    in_flight: Vec<(Side, Segment)>,
    /// The events of each end since they were last taken.
    events: [Vec<Event>; 2],
}

impl Side {
    fn peer(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

impl Pair {
    pub fn new(a: Config, b: Config) -> Self {
        Self {
            ends: [Connection::new(a), Connection::new(b)],
            now: Instant::ZERO,
            in_flight: vec![],
            events: [vec![], vec![]],
        }
    }

    pub fn end(&mut self, side: Side) -> &mut Connection {
        &mut self.ends[side as usize]
    }

    /// Makes a call of one end's user.
    pub fn call<R>(
        &mut self,
        side: Side,
        call: impl FnOnce(&mut Connection, Instant, &mut Outbox) -> R,
    ) -> R {
        let mut out = Outbox::new();
        let result = call(&mut self.ends[side as usize], self.now, &mut out);
        self.collect(side, out);
        result
    }

    #[track_caller]
    pub fn open_passive(&mut self, side: Side) {
        self.call(side, Connection::open_passive).expect("CLOSED");
    }

    #[track_caller]
    pub fn open_active(&mut self, side: Side) {
        self.call(side, Connection::open_active).expect("CLOSED or LISTEN");
    }

    #[track_caller]
    pub fn send(&mut self, side: Side, text: &[u8]) {
        self.call(side, |c, now, out| c.send(now, text, out)).expect("SEND is legal here");
    }

    #[track_caller]
    pub fn close(&mut self, side: Side) {
        self.call(side, Connection::close).expect("CLOSE is legal here");
    }

    /// Reads everything that an end's user can read.
    pub fn receive(&mut self, side: Side) -> Vec<u8> {
        let text = self.call(side, |c, now, out| c.receive(now, usize::MAX, out));
        text.map(|text| text.octets().to_vec()).unwrap_or_default()
    }

    /// Checks that a segment of `side` is in flight.
    #[track_caller]
    pub fn sent(&self, side: Side, segment: &str) {
        self.find(side, segment);
    }

    /// Delivers a segment of `side` to the other end.
    #[track_caller]
    pub fn arrives(&mut self, side: Side, segment: &str) {
        let (_, segment) = self.in_flight.remove(self.find(side, segment));
        self.inject(side.peer(), &segment);
    }

    /// Loses a segment of `side`.
    #[track_caller]
    pub fn lost(&mut self, side: Side, segment: &str) {
        assert!(self.try_lose(side, segment), "no {side:?} {segment} in {:?}", self.printed());
    }

    /// Delivers a segment to `side` that the other end did not send, such as an old duplicate.
    pub fn inject(&mut self, side: Side, segment: &Segment) {
        self.call(side, |c, now, out| c.handle_segment(now, segment, out));
    }

    /// Checks the states of both ends.
    #[track_caller]
    pub fn states(&self, a: &str, b: &str) {
        let states = [self.ends[0].state().name(), self.ends[1].state().name()];
        assert_eq!(states, [a, b]);
    }

    /// Checks that nothing is in flight.
    #[track_caller]
    pub fn quiet(&self) {
        assert!(self.in_flight.is_empty(), "in flight: {:?}", self.printed());
    }

    /// The events of an end since they were last taken, without its changes of state.
    pub fn reported(&mut self, side: Side) -> Vec<Event> {
        std::mem::take(&mut self.events[side as usize])
    }

    /// Lets time pass.
    pub fn wait(&mut self, span: Duration) {
        let end = self.now + span;
        loop {
            let due = [Side::A, Side::B]
                .into_iter()
                .filter_map(|side| self.ends[side as usize].poll_timeout().map(|due| (due, side)));
            let Some((due, side)) = due.min_by_key(|(due, _)| *due).filter(|(due, _)| *due <= end)
            else {
                break;
            };
            self.now = due;
            self.call(side, Connection::handle_timeout);
        }
        self.now = end;
    }

    /// Delivers every segment in flight, and the replies, without loss.
    pub fn settle(&mut self) {
        for _ in 0..1_000 {
            if !self.deliver_oldest() {
                return;
            }
        }
        panic!("they never stop: {:?}", self.printed());
    }

    /// Delivers the oldest segment in flight, if there is one.
    pub fn deliver_oldest(&mut self) -> bool {
        self.deliver_nth(0, false)
    }

    /// Delivers a segment in flight, by its index modulo their number, or only a copy of it.
    pub fn deliver_nth(&mut self, index: u8, keeps: bool) -> bool {
        let Some(index) = usize::from(index).checked_rem(self.in_flight.len()) else {
            return false;
        };
        let (side, segment) = self.in_flight[index].clone();
        if !keeps {
            self.in_flight.remove(index);
        }
        self.inject(side.peer(), &segment);
        true
    }

    /// Loses a segment in flight, by its index modulo their number.
    pub fn lose_nth(&mut self, index: u8) {
        if let Some(index) = usize::from(index).checked_rem(self.in_flight.len()) {
            self.in_flight.remove(index);
        }
    }

    /// Loses a segment of `side` if it is in flight.
    pub fn try_lose(&mut self, side: Side, segment: &str) -> bool {
        let index = self.position(side, segment);
        index.map(|index| self.in_flight.remove(index)).is_some()
    }

    fn position(&self, side: Side, segment: &str) -> Option<usize> {
        self.in_flight
            .iter()
            .position(|(from, flying)| *from == side && flying.to_string() == segment)
    }

    #[track_caller]
    fn find(&self, side: Side, segment: &str) -> usize {
        self.position(side, segment)
            .unwrap_or_else(|| panic!("no {side:?} {segment} among {:#?}", self.printed()))
    }

    fn printed(&self) -> Vec<String> {
        self.in_flight.iter().map(|(side, segment)| format!("{side:?} {segment}")).collect()
    }

    fn collect(&mut self, side: Side, mut out: Outbox) {
        for output in out.drain() {
            match output {
                Output::Transmit(segment, ..) => self.in_flight.push((side, segment)),
                Output::Event(Event::Transition { .. }, _) => {}
                Output::Event(event, _) => self.events[side as usize].push(event),
            }
        }
    }
}
