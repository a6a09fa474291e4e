//! Our own: a bare pair of connections on such a queue, and a whole timeline.

use std::collections::VecDeque;
use std::sync::Arc;

use tcp_handshake::sim::scenario::Planned;
use tcp_handshake::sim::{Application, Call, Host, Limits, Network, Scenario, Timeline, When};
use tcp_handshake::tcp::{
    Config, Connection, Event, GiveUp, Outbox, Output, Segment, SeqNumber, State,
};
use tcp_handshake::time::{Duration, Instant};

use super::workload::{BUFFER, Loss, MORE, ONE_WAY, REPLY, REQUEST};

const CLIENT: usize = 0;
const SERVER: usize = 1;

/// smoltcp never gives up unless it is told to, so neither do we.
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

/// A segment on its way.
struct Flying {
    arrives: Instant,
    to: usize,
    segment: Segment,
}

/// What lasts from connection to connection: the queue's memory.
pub struct Ours {
    queue: VecDeque<Flying>,
    outbox: Outbox,
}

/// One connection under way.
struct Run<'a> {
    net: &'a mut Ours,
    ends: [Connection; 2],
    phases: [u8; 2],
    sent: [u32; 2],
    received: [u32; 2],
    /// When each end wants to be called; asked again after each call.
    timers: [Instant; 2],
    loss: Loss,
    now: Instant,
}

impl Ours {
    pub fn new() -> Self {
        Self { queue: VecDeque::new(), outbox: Outbox::new() }
    }

    /// One connection; gives how many segments it took.
    pub fn connection(&mut self, loss: Loss) -> u64 {
        self.queue.clear();
        let mut run = Run {
            net: self,
            ends: [Connection::new(config(100)), Connection::new(config(300))],
            phases: [0; 2],
            sent: [0; 2],
            received: [0; 2],
            timers: [Instant::MAX; 2],
            loss,
            now: Instant::ZERO,
        };
        run.begin();
        while run.step() {}
        assert!(matches!(run.ends[CLIENT].state(), State::TimeWait | State::Closed));
        assert_eq!(run.phases, [3, 2]);
        u64::from(run.sent[CLIENT] + run.sent[SERVER])
    }
}

impl Run<'_> {
    fn begin(&mut self) {
        self.ends[SERVER].open_passive(self.now, &mut self.net.outbox).expect("CLOSED");
        self.take(SERVER);
        self.ends[CLIENT].open_active(self.now, &mut self.net.outbox).expect("CLOSED");
        self.take(CLIENT);
    }

    /// The next arrival or expiry; false where the connection is over.
    fn step(&mut self) -> bool {
        if self.ends[SERVER].state() == State::Closed {
            return false;
        }
        let timer = self.timers[CLIENT].min(self.timers[SERVER]);
        if let Some(flying) = self.net.queue.front()
            && flying.arrives <= timer
            && let Some(Flying { arrives, to, segment }) = self.net.queue.pop_front()
        {
            self.now = arrives;
            self.ends[to].handle_segment(arrives, &segment, &mut self.net.outbox);
            self.take(to);
        } else {
            assert!(timer < Instant::MAX, "nothing is due, and the connection is not over");
            self.now = timer;
            let side = usize::from(self.timers[CLIENT] > timer);
            self.ends[side].handle_timeout(timer, &mut self.net.outbox);
            self.take(side);
        }
        true
    }

    /// Puts on its way what an end sends, and lets its application act on what it is told.
    fn take(&mut self, side: usize) {
        let mut acts = false;
        for output in self.net.outbox.drain() {
            match output {
                Output::Transmit(segment, ..) => {
                    self.sent[side] += 1;
                    if !self.loss.takes(side, self.sent[side]) {
                        let arrives = self.now + Duration::from_micros(ONE_WAY);
                        self.net.queue.push_back(Flying { arrives, to: 1 - side, segment });
                    }
                }
                Output::Event(Event::Delivered { octets }, _) => {
                    self.received[side] += octets;
                    acts = true;
                }
                Output::Event(Event::Transition { to, .. }, _) => {
                    acts |= matches!(to, State::Established | State::CloseWait);
                }
                Output::Event(..) => {}
            }
        }
        if acts {
            self.application(side);
        }
        self.timers[side] = self.ends[side].poll_timeout().unwrap_or(Instant::MAX);
    }

    fn application(&mut self, side: usize) {
        let received = self.received[side];
        match (side, self.phases[side]) {
            (CLIENT, 0) => self.send(side, REQUEST),
            (CLIENT, 1) if received == 32 => {
                self.read(side, REPLY);
                self.phases[side] = 2;
                self.ends[side].close(self.now, &mut self.net.outbox).expect("ESTABLISHED");
                self.take(side);
                return;
            }
            (CLIENT, 2) if received == 64 => self.read(side, MORE),
            (SERVER, 0) if received == 32 => {
                self.read(side, REQUEST);
                self.send(side, REPLY);
            }
            (SERVER, 1) if self.ends[side].state() == State::CloseWait => {
                self.send(side, MORE);
                self.ends[side].close(self.now, &mut self.net.outbox).expect("CLOSE-WAIT");
            }
            _ => return,
        }
        self.phases[side] += 1;
        self.take(side);
    }

    fn send(&mut self, side: usize, text: &[u8]) {
        self.ends[side].send(self.now, text, &mut self.net.outbox).expect("an open connection");
    }

    fn read(&mut self, side: usize, expected: &[u8]) {
        let text = self.ends[side].receive(self.now, usize::MAX, &mut self.net.outbox);
        assert_eq!(text.expect("text to read").octets(), expected);
    }
}

/// The same connection as a scenario.
pub fn scenario(loss: Loss) -> Scenario {
    let when = |when, call| Planned { when, after: Duration::ZERO, call };
    let host = |iss, script| Host {
        config: config(iss),
        application: Application { script, reads_by_hand: false },
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
        },
        strays: vec![],
        edits: vec![],
    }
}

/// Runs the scenario to its end, and keeps all of it.
pub fn timeline(scenario: &Arc<Scenario>) -> Timeline {
    Timeline::of(Arc::clone(scenario))
}

/// A long run of one-directional text, 32 octets a segment, that ends after so many steps.
pub fn long_run(steps: usize) -> Timeline {
    let when = |when, call| Planned { when, after: Duration::ZERO, call };
    // An arrival of text and one of its acknowledgment: two steps for 32 octets.
    let octets = u32::try_from(steps).expect("a short run") * 16;
    let config = |iss| Config { mss: 32, send_buffer: octets, ..config(iss) };
    let client =
        vec![when(When::Start, Call::Connect), when(When::Established, Call::Send(octets))];
    let server = vec![when(When::Start, Call::Listen)];
    let host = |iss, script| Host {
        config: config(iss),
        application: Application { script, reads_by_hand: false },
    };
    let scenario = Scenario {
        hosts: [host(100, client), host(300, server)],
        network: Network { delay: Duration::from_micros(ONE_WAY), loss_percent: 0, seed: 1 },
        strays: vec![],
        edits: vec![],
    };
    Timeline::within(scenario, Limits { steps })
}
