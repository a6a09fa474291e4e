//! Losses and reordering in the middle of 64 KiB, with the kernel as sender and as receiver. Its
//! congestion control is set to CUBIC. The tests are skipped if no device can be created.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddrV4, TcpListener, TcpStream};
use std::{fs, thread, time};

use super::kernel::{Cable, PATIENCE, next_port, with_cable};
use tcp_handshake::tcp::wire::{self, Envelope};
use tcp_handshake::tcp::{Config, Connection, Outbox, Output, Rule, Segment, SeqNumber, State};
use tcp_handshake::time::{Duration, Instant};

const OCTETS: usize = 64 * 1024;

/// What happens to the data segments, counted from 0 by their first transmission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    One,
    Two,
    Last,
    /// One arrives after so many later ones.
    Late(usize),
}

const FAULTS: [Fault; 5] = [Fault::One, Fault::Two, Fault::Last, Fault::Late(1), Fault::Late(5)];

/// The kernel's default congestion control, set while this lives.
struct Cubic(String);

const DEFAULT: &str = "/proc/sys/net/ipv4/tcp_congestion_control";

impl Cubic {
    fn set() -> Self {
        let before = fs::read_to_string(DEFAULT).unwrap();
        fs::write(DEFAULT, "cubic").unwrap();
        Self(before)
    }
}

impl Drop for Cubic {
    fn drop(&mut self) {
        let _ = fs::write(DEFAULT, &self.0);
    }
}

fn text() -> Vec<u8> {
    (0..OCTETS).map(|index| u8::try_from(index % 251).unwrap()).collect()
}

/// A link that treats the sender's data segments as the fault says.
struct Link {
    fault: Fault,
    start: Option<SeqNumber>,
    /// Where each data segment begins, and its length, in the order of transmission.
    seen: Vec<(u32, u32)>,
    highest: u32,
    firsts: usize,
    held: Option<(Segment, usize)>,
}

impl Link {
    fn new(fault: Fault) -> Self {
        Self { fault, start: None, seen: vec![], highest: 0, firsts: 0, held: None }
    }

    /// The segments that arrive when this one is sent.
    fn pass(&mut self, segment: Segment) -> Vec<Segment> {
        if segment.syn() {
            self.start = Some(segment.seq + 1);
        }
        let Some(start) = self.start.filter(|_| !segment.text.is_empty()) else {
            return vec![segment];
        };
        let offset = segment.seq.distance_from(start);
        self.seen.push((offset, segment.text.len()));
        let end = offset + segment.text.len();
        let is_first = end > self.highest;
        if !is_first {
            return vec![segment];
        }
        self.highest = end;
        let (index, is_last) = (self.firsts, end as usize == OCTETS);
        self.firsts += 1;
        match self.fault {
            Fault::One if index == 20 => return vec![],
            Fault::Two if index == 20 || index == 23 => return vec![],
            Fault::Last if is_last => return vec![],
            Fault::Late(later) if index == 20 => {
                self.held = Some((segment, later));
                return vec![];
            }
            _ => {}
        }
        let mut arriving = vec![segment];
        if let Some((_, later)) = &mut self.held {
            *later -= 1;
        }
        arriving.extend(self.held.take_if(|(_, later)| *later == 0).map(|(segment, _)| segment));
        arriving
    }

    /// What was sent more than once: the first byte and the length of each repetition.
    fn repeated(&self) -> Vec<(u32, u32)> {
        let mut highest = 0;
        let mut repeated = vec![];
        for (offset, length) in &self.seen {
            if offset + length > highest {
                highest = offset + length;
            } else {
                repeated.push((*offset, *length));
            }
        }
        repeated
    }
}

/// The result of a transfer.
struct Outcome {
    repeated: Vec<(u32, u32)>,
    rules: Vec<Rule>,
    took: time::Duration,
}

/// 64 KiB from us to the kernel, or from the kernel to us; the client sends.
fn transfer(cable: &Cable, we_send: bool, options: bool, fault: Fault) -> Outcome {
    let begin = time::Instant::now();
    let port = next_port();
    let config = Config {
        sack: options,
        timestamps: options,
        time_wait: Duration::from_millis(50),
        ..Config::linux(SeqNumber(u32::from(port).wrapping_mul(0x1234_5677)))
    };
    let mut connection = Connection::new(config);
    let now = || Instant::from_micros(u64::try_from(begin.elapsed().as_micros()).unwrap());
    let mut out = Outbox::new();
    let (kernel, mut peer_port) = if we_send {
        let listener = TcpListener::bind((cable.kernels, 0)).unwrap();
        let peer = listener.local_addr().unwrap().port();
        connection.open_active(now(), &mut out).unwrap();
        (thread::spawn(move || serve(listener.accept().unwrap().0, true)), peer)
    } else {
        connection.open_passive(now(), &mut out).unwrap();
        let to = (cable.ours, port);
        (thread::spawn(move || serve(TcpStream::connect(to).unwrap(), false)), 0)
    };
    let (mut link, mut rules, mut received) = (Link::new(fault), vec![], vec![]);
    let (mut has_sent, mut has_closed) = (false, false);
    while !(kernel.is_finished() && has_closed && connection.state() == State::Closed) {
        assert!(begin.elapsed() < PATIENCE, "{fault:?} hangs in {:?}", connection.state());
        let mut arrived = vec![];
        while let Some((envelope, segment)) = cable.receive() {
            if envelope.to.port() == port {
                peer_port = envelope.from.port();
                arrived.extend(if we_send { vec![segment] } else { link.pass(segment) });
            }
        }
        let is_idle = arrived.is_empty();
        for segment in arrived {
            connection.handle_segment(now(), &segment, &mut out);
        }
        if connection.poll_timeout().is_some_and(|due| due <= now()) {
            connection.handle_timeout(now(), &mut out);
        } else if is_idle {
            thread::sleep(time::Duration::from_micros(100));
        }
        if we_send && !has_sent && connection.state() == State::Established {
            has_sent = true;
            connection.send(now(), &text(), &mut out).unwrap();
        }
        if let Ok(text) = connection.receive(now(), usize::MAX, &mut out) {
            received.extend_from_slice(text.octets());
        }
        let may_close = if we_send { has_sent } else { connection.peer_has_closed() };
        if may_close && !has_closed && connection.close(now(), &mut out).is_ok() {
            has_closed = true;
        }
        for output in out.drain() {
            rules.push(output.rule());
            if let Output::Transmit(segment, ..) = output {
                let passing = if we_send { link.pass(segment) } else { vec![segment] };
                for segment in passing {
                    let from = SocketAddrV4::new(cable.ours, port);
                    let to = SocketAddrV4::new(cable.kernels, peer_port);
                    let envelope = Envelope { from, to, id: 0, ttl: 64 };
                    cable.tun.send(&wire::encode(&segment, &envelope).unwrap()).unwrap();
                }
            }
        }
    }
    let kernels = kernel.join().unwrap();
    assert!(if we_send { kernels == text() } else { received == text() }, "{fault:?}: the text");
    Outcome { repeated: link.repeated(), rules, took: begin.elapsed() }
}

/// The kernel's application: reads all, or writes all and waits for the end.
fn serve(mut stream: TcpStream, reads: bool) -> Vec<u8> {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    if !reads {
        stream.write_all(&text()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
    }
    let mut received = vec![];
    stream.read_to_end(&mut received).unwrap();
    received
}

#[test]
fn losses_are_repaired_in_both_roles() {
    with_cable(|cable| {
        let _cubic = Cubic::set();
        for options in [true, false] {
            for fault in FAULTS {
                let [ours, kernels] =
                    [true, false].map(|we_send| transfer(cable, we_send, options, fault));
                println!(
                    "{fault:?}, options {options}: we repeat {:?} in {:?}, the kernel {:?} in {:?}",
                    ours.repeated, ours.took, kernels.repeated, kernels.took
                );
                let timed_out = ours.rules.contains(&Rule::TextRetransmitted);
                match fault {
                    Fault::One | Fault::Two => {
                        assert!(!timed_out, "{fault:?}: no timer is needed");
                        assert!(ours.rules.contains(&Rule::FastRetransmit));
                    }
                    Fault::Last => {
                        let probed = ours.rules.contains(&Rule::TailLossProbed);
                        assert_eq!(probed, options, "{fault:?}: the probe needs SACK");
                    }
                    // On a slow machine the end may be probed; nothing is taken for lost.
                    Fault::Late(1) => assert!(!ours.rules.contains(&Rule::FastRetransmit)),
                    Fault::Late(_) => assert!(!timed_out),
                }
                let lost = match fault {
                    Fault::One | Fault::Last => 1,
                    Fault::Two => 2,
                    Fault::Late(_) => 0,
                };
                assert!(ours.repeated.len() >= lost && kernels.repeated.len() >= lost);
            }
        }
    });
}
