//! Our engine: a bare pair of connections with a queue between them, and a whole timeline.

use std::sync::Arc;

use tcp_handshake::sim::scenario::Planned;
use tcp_handshake::sim::{Application, Call, Host, Limits, Network, Scenario, Timeline, When};
use tcp_handshake::tcp::{Config, Connection, GiveUp, Outbox, SeqNumber, State};
use tcp_handshake::time::{Duration, Instant};

use super::workload::{BUFFER, Loss, MORE, ONE_WAY, REPLY, REQUEST};

const CLIENT: usize = 0;
const SERVER: usize = 1;

/// Never gives up, because smoltcp does not by default.
fn config(iss: u32) -> Config {
    let never = GiveUp::Retransmissions(u32::MAX);
    Config {
        receive_buffer: BUFFER,
        send_buffer: BUFFER,
        syn_give_up: never,
        syn_ack_give_up: never,
        give_up: never,
        user_timeout: None,
        ..Config::rfc9293(SeqNumber(iss))
    }
}

/// The network's memory, reused from connection to connection.
pub struct Ours {
    /// The segments of each side. They are not copied: they stay here until the connection ends.
    sent: [Outbox; 2],
    /// The arrivals, in order.
    queue: Vec<Flying>,
}

/// A segment in flight.
struct Flying {
    arrives: Instant,
    from: usize,
    /// Its index among the sender's segments.
    index: usize,
}

/// A connection in progress.
struct Run<'a> {
    net: &'a mut Ours,
    /// The number of elements of the queue that have arrived.
    arrived: usize,
    /// The number of segments that each side has sent.
    sent: [usize; 2],
    ends: [Connection; 2],
    phases: [u8; 2],
    /// When each end's next timer expires; updated after each call.
    timers: [Instant; 2],
    loss: Loss,
    now: Instant,
}

impl Ours {
    pub fn new() -> Self {
        Self { sent: [Outbox::new(), Outbox::new()], queue: vec![] }
    }

    /// Runs one connection; returns the number of its segments.
    pub fn connection(&mut self, loss: Loss) -> u64 {
        self.sent.iter_mut().for_each(Outbox::clear);
        self.queue.clear();
        let mut run = Run {
            net: self,
            arrived: 0,
            sent: [0; 2],
            ends: [Connection::new(config(100)), Connection::new(config(300))],
            phases: [0; 2],
            timers: [Instant::MAX; 2],
            loss,
            now: Instant::ZERO,
        };
        run.begin();
        while run.step() {}
        assert!(matches!(run.ends[CLIENT].state(), State::TimeWait | State::Closed));
        assert_eq!(run.phases, [3, 2]);
        run.sent.iter().sum::<usize>() as u64
    }
}

impl Run<'_> {
    fn begin(&mut self) {
        self.ends[SERVER].open_passive(self.now, &mut self.net.sent[SERVER]).expect("CLOSED");
        self.take(SERVER);
        self.ends[CLIENT].open_active(self.now, &mut self.net.sent[CLIENT]).expect("CLOSED");
        self.take(CLIENT);
    }

    /// Handles the next arrival or timeout; returns false when the connection has ended.
    fn step(&mut self) -> bool {
        if self.ends[SERVER].state() == State::Closed {
            return false;
        }
        let timer = self.timers[CLIENT].min(self.timers[SERVER]);
        if let Some(Flying { arrives, from, index }) = self.net.queue.get(self.arrived)
            && *arrives <= timer
        {
            self.arrived += 1;
            self.now = *arrives;
            let to = 1 - from;
            let [client, server] = &mut self.net.sent;
            let (theirs, ours) = if to == SERVER { (client, server) } else { (server, client) };
            self.ends[to].handle_segment(self.now, &theirs.segments()[*index], ours);
            self.take(to);
        } else {
            assert!(timer < Instant::MAX, "nothing is due, and the connection is not over");
            self.now = timer;
            let side = usize::from(self.timers[CLIENT] > timer);
            self.ends[side].handle_timeout(timer, &mut self.net.sent[side]);
            self.take(side);
        }
        true
    }

    /// Sends the output of an end, lets its application act, and updates when its timer expires.
    fn take(&mut self, side: usize) {
        if self.has_to_act(side) {
            self.act(side);
        }
        for index in self.sent[side]..self.net.sent[side].segments().len() {
            self.sent[side] += 1;
            if !self.loss.takes(side, self.sent[side]) {
                let arrives = self.now + Duration::from_micros(ONE_WAY);
                self.net.queue.push(Flying { arrives, from: side, index });
            }
        }
        self.timers[side] = self.ends[side].poll_timeout().unwrap_or(Instant::MAX);
    }

    /// Whether the condition that the application waits for holds now.
    fn has_to_act(&self, side: usize) -> bool {
        let end = &self.ends[side];
        match (side, self.phases[side]) {
            (CLIENT, 0) => end.state() == State::Established,
            (SERVER, 1) => end.state() == State::CloseWait,
            (CLIENT, 1 | 2) | (SERVER, 0) => end.readable_octets() >= 32,
            _ => false,
        }
    }

    #[inline(never)]
    fn act(&mut self, side: usize) {
        match (side, self.phases[side]) {
            (CLIENT, 0) => self.send(side, REQUEST),
            (CLIENT, 1) => {
                self.read(side, REPLY);
                self.close(side);
            }
            (CLIENT, _) => self.read(side, MORE),
            (_, 0) => {
                self.read(side, REQUEST);
                self.send(side, REPLY);
            }
            _ => {
                self.send(side, MORE);
                self.close(side);
            }
        }
        self.phases[side] += 1;
    }

    fn close(&mut self, side: usize) {
        self.ends[side].close(self.now, &mut self.net.sent[side]).expect("an open connection");
    }

    fn send(&mut self, side: usize, text: &[u8]) {
        self.ends[side].send(self.now, text, &mut self.net.sent[side]).expect("an open connection");
    }

    fn read(&mut self, side: usize, expected: &[u8]) {
        let out = &mut self.net.sent[side];
        let right = |octets: &[u8]| octets == expected;
        assert_eq!(self.ends[side].receive_with(self.now, usize::MAX, out, right), Ok(true));
    }
}

/// The same connection as a scenario.
pub fn scenario(loss: Loss) -> Scenario {
    let when = |when, call| Planned { when, after: Duration::ZERO, call };
    let host = |iss, plan| Host {
        config: config(iss),
        application: Application { plan, reads_by_hand: false },
    };
    let client = vec![
        when(When::Start, Call::Connect),
        when(When::Established, Call::Send(32)),
        when(When::Received(32), Call::Close),
    ];
    let server = vec![
        when(When::Start, Call::Listen),
        when(When::Received(32), Call::Send(32)),
        when(When::PeerClosed, Call::Send(32)),
        when(When::PeerClosed, Call::Close),
    ];
    Scenario {
        hosts: [host(100, client), host(300, server)],
        network: Network {
            delay: Duration::from_micros(ONE_WAY),
            loss_percent: loss.percent,
            seed: loss.seed,
            mtu: None,
        },
        strays: vec![],
        edits: vec![],
    }
}

/// Runs the scenario to its end, and keeps everything.
pub fn timeline(scenario: &Arc<Scenario>) -> Timeline {
    Timeline::of(Arc::clone(scenario))
}

/// A long run of text in one direction, 32 bytes in each segment, that ends after `steps` steps.
pub fn long_run(steps: usize) -> Timeline {
    let when = |when, call| Planned { when, after: Duration::ZERO, call };
    // The text arrives, then its acknowledgment: two steps for 32 bytes.
    let octets = u32::try_from(steps).expect("a short run") * 16;
    let config = |iss| Config { mss: 32, send_buffer: octets, ..config(iss) };
    let client =
        vec![when(When::Start, Call::Connect), when(When::Established, Call::Send(octets))];
    let server = vec![when(When::Start, Call::Listen)];
    let host = |iss, plan| Host {
        config: config(iss),
        application: Application { plan, reads_by_hand: false },
    };
    let scenario = Scenario {
        hosts: [host(100, client), host(300, server)],
        network: Network {
            delay: Duration::from_micros(ONE_WAY),
            loss_percent: 0,
            seed: 1,
            mtu: None,
        },
        strays: vec![],
        edits: vec![],
    };
    Timeline::within(scenario, Limits { steps })
}
