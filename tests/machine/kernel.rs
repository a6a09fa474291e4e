//! Interoperation with the kernel's TCP over a TUN device: text both ways, losses made by the test,
//! and each end checks the other's checksums. The tests are skipped if no device can be created.
// The kernel runs in real time, and its calls block.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddrV4, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{process, thread, time};

use tappers::{AddAddressV4, Interface, Tun};

use tcp_handshake::tcp::wire::{self, Envelope, WireError};
use tcp_handshake::tcp::{
    Config, Connection, Event, Flags, Outbox, Output, ReceiveError, Segment, SeqNumber, State,
};
use tcp_handshake::time::{Duration, Instant};

pub(super) const PATIENCE: time::Duration = time::Duration::from_secs(20);
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
static NEXT_PORT: AtomicU16 = AtomicU16::new(40_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Us,
    Kernel,
}

/// A segment that the test loses when it is first sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    Nothing,
    Syn,
    SynAck,
    ThirdAck,
    FirstFin,
    LastFin,
    LastAck,
}

#[derive(Clone, Copy, Debug)]
struct Case {
    client: Side,
    closes_first: Side,
    loss: Loss,
    /// Each way.
    octets: usize,
}

/// A cable to the kernel. The device is removed when it is dropped.
pub(super) struct Cable {
    pub(super) tun: Tun,
    pub(super) ours: Ipv4Addr,
    pub(super) kernels: Ipv4Addr,
}

impl Cable {
    /// A device and a subnet for this process alone.
    fn new() -> io::Result<Self> {
        let id = process::id();
        let base = u32::from(Ipv4Addr::new(198, 18, 0, 0)) + id % (1 << 15) * 4;
        let (kernels, ours) = (Ipv4Addr::from(base + 1), Ipv4Addr::from(base + 2));
        let mut tun = Tun::new_named(Interface::new(format!("hs{id}"))?)?;
        let mut address = AddAddressV4::new(kernels);
        address.set_netmask(30);
        tun.add_addr(address)?;
        tun.set_up()?;
        tun.set_nonblocking(true)?;
        Ok(Self { tun, ours, kernels })
    }

    /// The next segment from the kernel. A wrong checksum fails the test.
    pub(super) fn receive(&self) -> Option<(Envelope, Segment)> {
        let mut octets = [0; 2_048];
        loop {
            let count = match self.tun.recv(&mut octets) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => return None,
                count => count.expect("a TUN device gives datagrams"),
            };
            match wire::decode(&octets[..count]) {
                Ok(arrived) => return Some(arrived),
                // Other packets of the kernel, such as router solicitations.
                Err(WireError::NotIpv4 | WireError::NotTcp) => {}
                Err(error) => panic!("the kernel sent {error}"),
            }
        }
    }
}

/// A port that no other test uses.
pub(super) fn next_port() -> u16 {
    NEXT_PORT.fetch_add(1, Ordering::Relaxed)
}

pub(super) fn with_cable(test: impl FnOnce(&Cable)) {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    match Cable::new() {
        Ok(cable) => test(&cable),
        Err(error) => println!("skipped: no TUN device: {error}"),
    }
}

/// Our host: the machine, its user and its clock.
struct Host<'a> {
    cable: &'a Cable,
    case: Case,
    connection: Connection,
    start: time::Instant,
    port: u16,
    peer_port: u16,
    has_lost: bool,
    client_is_synchronized: bool,
    /// SEG.SEQ after our FIN and after the kernel's.
    fin_ends: [Option<SeqNumber>; 2],
    text: Vec<u8>,
    sent: usize,
    has_closed: bool,
    received: Vec<u8>,
    peer_has_closed: bool,
    events: Vec<Event>,
    arrived: usize,
}

impl<'a> Host<'a> {
    fn new(cable: &'a Cable, case: Case) -> Self {
        let port = next_port();
        let config = Config {
            rto_min: Duration::from_millis(200),
            time_wait: Duration::from_millis(700),
            // So that the sequence numbers of every other run wrap.
            ..Config::rfc9293(SeqNumber(
                u32::from(port).wrapping_mul(0x8000_0000).wrapping_sub(900),
            ))
        };
        Self {
            cable,
            case,
            connection: Connection::new(config),
            start: time::Instant::now(),
            port,
            peer_port: 0,
            has_lost: case.loss == Loss::Nothing,
            client_is_synchronized: false,
            fin_ends: [None; 2],
            text: text(Side::Us, case.octets),
            sent: 0,
            has_closed: false,
            received: vec![],
            peer_has_closed: false,
            events: vec![],
            arrived: 0,
        }
    }

    fn now(&self) -> Instant {
        Instant::from_micros(u64::try_from(self.start.elapsed().as_micros()).unwrap())
    }

    fn call<R>(&mut self, call: impl FnOnce(&mut Connection, Instant, &mut Outbox) -> R) -> R {
        let mut out = Outbox::new();
        let now = self.now();
        let result = call(&mut self.connection, now, &mut out);
        for output in out.drain() {
            match output {
                Output::Transmit(segment, ..) => self.transmit(&segment),
                Output::Event(event, _) => self.events.push(event),
            }
        }
        result
    }

    fn transmit(&mut self, segment: &Segment) {
        if self.is_lost(Side::Us, segment) {
            return;
        }
        let from = SocketAddrV4::new(self.cable.ours, self.port);
        let to = SocketAddrV4::new(self.cable.kernels, self.peer_port);
        let octets = wire::encode(segment, &Envelope { from, to, id: 0, ttl: 64 }).unwrap();
        assert_eq!(self.cable.tun.send(&octets).unwrap(), octets.len());
    }

    /// Whether this is the segment to lose.
    fn is_lost(&mut self, from: Side, segment: &Segment) -> bool {
        let Case { client, closes_first, loss, .. } = self.case;
        let is_third = from == client && !segment.syn() && !self.client_is_synchronized;
        self.client_is_synchronized |= is_third;
        let acknowledges_last_fin = from == closes_first
            && segment.acknowledgment().is_some()
            && segment.acknowledgment() == self.fin_ends[1 - closes_first as usize];
        if segment.fin() {
            self.fin_ends[from as usize] = Some(segment.end());
        }
        let is_it = match loss {
            Loss::Nothing => false,
            Loss::Syn => segment.flags.contains(Flags::SYN) && from == client,
            Loss::SynAck => segment.flags.contains(Flags::SYN) && from != client,
            Loss::ThirdAck => is_third,
            Loss::FirstFin => segment.fin() && from == closes_first,
            Loss::LastFin => segment.fin() && from != closes_first,
            Loss::LastAck => acknowledges_last_fin,
        };
        let is_lost = is_it && !self.has_lost;
        self.has_lost |= is_lost;
        is_lost
    }

    /// Handles the segments that have arrived and the timer that has expired.
    fn turn(&mut self) {
        let mut is_idle = true;
        while let Some((envelope, segment)) = self.cable.receive() {
            is_idle = false;
            if envelope.to.port() != self.port || self.is_lost(Side::Kernel, &segment) {
                continue;
            }
            self.arrived += 1;
            self.peer_port = envelope.from.port();
            self.call(|c, now, out| c.handle_segment(now, &segment, out));
        }
        if self.connection.poll_timeout().is_some_and(|due| due <= self.now()) {
            self.call(Connection::handle_timeout);
        } else if is_idle {
            thread::sleep(time::Duration::from_micros(100));
        }
        let state = self.connection.state();
        assert!(self.start.elapsed() < PATIENCE, "{:?} hangs in {state:?}", self.case);
    }

    /// Sends, receives and closes as the case says.
    fn run_user(&mut self) {
        if !matches!(self.connection.state(), State::Established | State::CloseWait) {
            return self.read();
        }
        let is_held = self.case.closes_first == Side::Kernel && !self.peer_has_closed;
        let end = if is_held { self.text.len() / 2 } else { self.text.len() };
        let count = (end - self.sent).min(16_384);
        if count > 0 && self.connection.unacknowledged_octets() < 65_536 {
            let piece = self.text[self.sent..self.sent + count].to_vec();
            self.call(|c, now, out| c.send(now, &piece, out)).expect("there is room");
            self.sent += count;
        }
        self.read();
        if self.sent == self.text.len() && !is_held && !self.has_closed {
            self.has_closed = true;
            self.call(Connection::close).expect("CLOSE is legal here");
        }
    }

    fn read(&mut self) {
        match self.call(|c, now, out| c.receive(now, usize::MAX, out)) {
            Ok(text) => self.received.extend(text.octets()),
            Err(ReceiveError::Closing) => self.peer_has_closed = true,
            Err(ReceiveError::NotOpen) => {}
        }
    }

    fn check(&self) {
        let case = self.case;
        assert!(self.received == text(Side::Kernel, case.octets), "{case:?}: to us");
        assert!(self.has_lost, "{case:?}: nothing was lost");
        let bad = [Event::Refused, Event::Reset, Event::TimedOut];
        assert!(
            !self.events.iter().any(|event| bad.contains(event)),
            "{case:?}: {:?}",
            self.events
        );
        let waited = self.events.iter().any(|event| matches!(event, Event::TimeWaitStarted { .. }));
        assert_eq!(waited, case.closes_first == Side::Us, "{case:?}: TIME-WAIT");
        assert!(self.events.contains(&Event::CloseCompleted), "{case:?}: our FIN");
    }
}

/// Text whose bytes depend on the sender and the position.
fn text(from: Side, octets: usize) -> Vec<u8> {
    let step = if from == Side::Us { 251 } else { 241 };
    (0..octets).map(|index| u8::try_from(index % step).unwrap()).collect()
}

/// The kernel's user. The side that closes last sends its second half after the peer's FIN.
fn kernel_user(mut stream: TcpStream, case: Case) -> io::Result<Vec<u8>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let text = text(Side::Kernel, case.octets);
    let closes_first = case.closes_first == Side::Kernel;
    let early = if closes_first { text.len() } else { text.len() / 2 };
    let mut writing = stream.try_clone()?;
    let (early, late) = (text[..early].to_vec(), text[early..].to_vec());
    let writer = thread::spawn(move || {
        writing.write_all(&early)?;
        if closes_first { writing.shutdown(Shutdown::Write) } else { Ok(()) }
    });
    let mut received = vec![];
    stream.read_to_end(&mut received)?;
    writer.join().expect("the writer does not panic")?;
    stream.write_all(&late)?;
    Ok(received)
}

fn run(cable: &Cable, case: Case) {
    let mut host = Host::new(cable, case);
    let kernel = if case.client == Side::Us {
        let listener = TcpListener::bind((cable.kernels, 0)).unwrap();
        host.peer_port = listener.local_addr().unwrap().port();
        host.call(Connection::open_active).expect("CLOSED");
        thread::spawn(move || kernel_user(listener.accept()?.0, case))
    } else {
        host.call(Connection::open_passive).expect("CLOSED");
        let to = (cable.ours, host.port);
        thread::spawn(move || kernel_user(TcpStream::connect(to)?, case))
    };
    let mut begun = false;
    while !(begun && kernel.is_finished() && host.connection.state() == State::Closed) {
        host.turn();
        host.run_user();
        begun |= host.has_closed;
    }
    let received = kernel.join().unwrap().unwrap_or_else(|error| panic!("{case:?}: {error}"));
    assert!(received == text(Side::Us, case.octets), "{case:?}: to the kernel");
    host.check();
    println!("{case:?}: {} segments arrived, {:?}", host.arrived, host.start.elapsed());
}

/// Both roles, and both orders of closing.
fn roles() -> impl Iterator<Item = (Side, Side)> {
    let sides = [Side::Us, Side::Kernel];
    sides.into_iter().flat_map(move |client| sides.map(|closes_first| (client, closes_first)))
}

#[test]
fn text_goes_both_ways_and_half_closed() {
    with_cable(|cable| {
        for (client, closes_first) in roles() {
            run(cable, Case { client, closes_first, loss: Loss::Nothing, octets: 256 * 1024 });
        }
    });
}

#[test]
fn each_segment_of_handshake_and_close_may_be_lost() {
    with_cable(|cable| {
        for (client, closes_first) in roles() {
            for loss in [Loss::FirstFin, Loss::LastFin, Loss::LastAck] {
                run(cable, Case { client, closes_first, loss, octets: 2_000 });
            }
        }
        for client in [Side::Us, Side::Kernel] {
            for loss in [Loss::Syn, Loss::SynAck, Loss::ThirdAck] {
                run(cable, Case { client, closes_first: Side::Kernel, loss, octets: 2_000 });
            }
        }
    });
}

#[test]
fn a_closed_port_refuses() {
    let case = Case { client: Side::Us, closes_first: Side::Us, loss: Loss::Nothing, octets: 0 };
    with_cable(|cable| {
        let mut host = Host::new(cable, case);
        let listener = TcpListener::bind((cable.kernels, 0)).unwrap();
        host.peer_port = listener.local_addr().unwrap().port();
        drop(listener);
        host.call(Connection::open_active).expect("CLOSED");
        while host.connection.state() != State::Closed {
            host.turn();
        }
        assert!(host.events.contains(&Event::Refused), "{:?}", host.events);

        let mut host = Host::new(cable, Case { client: Side::Kernel, ..case });
        let to = (cable.ours, host.port);
        let kernel = thread::spawn(move || TcpStream::connect(to).map(drop));
        while !kernel.is_finished() {
            host.turn();
        }
        let error = kernel.join().unwrap().expect_err("nobody listens");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}

mod deep {
    use super::*;

    const LOSSES: [Loss; 7] = [
        Loss::Nothing,
        Loss::Syn,
        Loss::SynAck,
        Loss::ThirdAck,
        Loss::FirstFin,
        Loss::LastFin,
        Loss::LastAck,
    ];

    #[test]
    #[ignore = "deep: every loss in both roles with texts of every size, in real time"]
    fn each_segment_may_be_lost_with_texts_of_every_size() {
        with_cable(|cable| {
            for (client, closes_first) in roles() {
                for loss in LOSSES {
                    for octets in [1, 2_000, 20_000, 1 << 20] {
                        run(cable, Case { client, closes_first, loss, octets });
                    }
                }
            }
        });
    }
}
