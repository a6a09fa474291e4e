//! smoltcp at its best: interfaces, buffers and packets are created once and reused; only the
//! sockets are new for each connection. It is polled only when something is due.

use std::collections::VecDeque;

use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{ChecksumCapabilities, Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::tcp;
use smoltcp::time::Instant;
use smoltcp::wire::{HardwareAddress, IpAddress, IpCidr};

use super::workload::{BUFFER, Loss, MORE, ONE_WAY, REPLY, REQUEST};

const CLIENT: usize = 0;
const SERVER: usize = 1;
const PORTS: [u16; 2] = [49_152, 80];

fn address(side: usize) -> IpAddress {
    IpAddress::v4(192, 0, 2, if side == CLIENT { 1 } else { 2 })
}

/// A packet in flight.
struct Packet {
    arrives: u64,
    to: usize,
    octets: Vec<u8>,
}

/// The queue between the two interfaces.
struct Net {
    queue: VecDeque<Packet>,
    /// Delivered packets, whose memory is reused.
    spare: Vec<Vec<u8>>,
    /// The packet being delivered.
    arrived: Vec<u8>,
    sent: [usize; 2],
    loss: Loss,
    now: u64,
}

/// One side's end of the queue.
struct Port<'a> {
    net: &'a mut Net,
    side: usize,
}

struct Arrived<'a>(&'a [u8]);

struct Sending<'a> {
    queue: &'a mut VecDeque<Packet>,
    spare: &'a mut Vec<Vec<u8>>,
    sent: &'a mut usize,
    loss: Loss,
    now: u64,
    side: usize,
}

impl RxToken for Arrived<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(self.0)
    }
}

impl TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, write: F) -> R {
        let mut octets = self.spare.pop().unwrap_or_default();
        octets.resize(length, 0);
        let result = write(&mut octets);
        *self.sent += 1;
        if self.loss.takes(self.side, *self.sent) {
            self.spare.push(octets);
        } else {
            let (arrives, to) = (self.now + ONE_WAY, 1 - self.side);
            self.queue.push_back(Packet { arrives, to, octets });
        }
        result
    }
}

impl Device for Port<'_> {
    type RxToken<'a>
        = Arrived<'a>
    where
        Self: 'a;
    type TxToken<'a>
        = Sending<'a>
    where
        Self: 'a;

    fn receive(&mut self, _: Instant) -> Option<(Arrived<'_>, Sending<'_>)> {
        let net = &mut *self.net;
        if net.queue.front()?.to != self.side {
            return None;
        }
        let packet = net.queue.pop_front()?;
        let read = std::mem::replace(&mut net.arrived, packet.octets);
        net.spare.push(read);
        let sending = Sending {
            queue: &mut net.queue,
            spare: &mut net.spare,
            sent: &mut net.sent[self.side],
            loss: net.loss,
            now: net.now,
            side: self.side,
        };
        Some((Arrived(&net.arrived), sending))
    }

    fn transmit(&mut self, _: Instant) -> Option<Sending<'_>> {
        let net = &mut *self.net;
        Some(Sending {
            queue: &mut net.queue,
            spare: &mut net.spare,
            sent: &mut net.sent[self.side],
            loss: net.loss,
            now: net.now,
            side: self.side,
        })
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ip;
        capabilities.max_transmission_unit = 1_500;
        capabilities.checksum = ChecksumCapabilities::ignored();
        capabilities
    }
}

/// The state that is reused from connection to connection.
pub struct Theirs {
    interfaces: [Interface; 2],
    net: Net,
    buffers: [[Vec<u8>; 2]; 2],
}

impl Theirs {
    pub fn new() -> Self {
        let loss = Loss { percent: 0, seed: 0 };
        let mut net = Net {
            queue: VecDeque::new(),
            spare: vec![],
            arrived: vec![],
            sent: [0; 2],
            loss,
            now: 0,
        };
        let interfaces = [CLIENT, SERVER].map(|side| {
            let mut port = Port { net: &mut net, side };
            let mut interface =
                Interface::new(Config::new(HardwareAddress::Ip), &mut port, Instant::ZERO);
            interface.update_ip_addrs(|addresses| {
                addresses.push(IpCidr::new(address(side), 24)).expect("room for one address");
            });
            interface
        });
        let buffers = [(); 2].map(|()| [(); 2].map(|()| vec![0; BUFFER as usize]));
        Self { interfaces, net, buffers }
    }

    /// Runs one connection; returns the number of its segments.
    pub fn connection(&mut self, loss: Loss) -> u64 {
        let Self { interfaces, net, buffers } = self;
        net.queue.clear();
        (net.sent, net.loss, net.now) = ([0; 2], loss, 0);
        let mut slots = [const { [smoltcp::iface::SocketStorage::EMPTY; 1] }; 2];
        let mut run = Run::new(interfaces, net, buffers, &mut slots);
        while run.step() {}
        let client = run.ends[CLIENT].socket();
        assert!(matches!(client.state(), tcp::State::TimeWait | tcp::State::Closed));
        assert_eq!([run.phases[CLIENT], run.phases[SERVER]], [3, 2]);
        (run.net.sent[CLIENT] + run.net.sent[SERVER]) as u64
    }
}

/// One side of a connection.
struct End<'a> {
    sockets: SocketSet<'a>,
    handle: SocketHandle,
}

impl<'a> End<'a> {
    fn socket(&mut self) -> &mut tcp::Socket<'a> {
        self.sockets.get_mut(self.handle)
    }
}

/// A connection in progress.
struct Run<'a> {
    interfaces: &'a mut [Interface; 2],
    net: &'a mut Net,
    ends: [End<'a>; 2],
    /// The progress of the applications.
    phases: [u8; 2],
    /// When each interface must be polled next; updated after each poll.
    timers: [u64; 2],
}

impl<'a> Run<'a> {
    fn new(
        interfaces: &'a mut [Interface; 2],
        net: &'a mut Net,
        buffers: &'a mut [[Vec<u8>; 2]; 2],
        slots: &'a mut [[smoltcp::iface::SocketStorage<'a>; 1]; 2],
    ) -> Self {
        let [buffers0, buffers1] = buffers;
        let [slots0, slots1] = slots;
        let end = |[receive, send]: &'a mut [Vec<u8>; 2], slots| {
            let buffer = |octets: &'a mut Vec<u8>| tcp::SocketBuffer::new(octets.as_mut_slice());
            let mut socket = tcp::Socket::new(buffer(receive), buffer(send));
            socket.set_ack_delay(None);
            let mut sockets = SocketSet::new(slots);
            let handle = sockets.add(socket);
            End { sockets, handle }
        };
        let ends = [end(buffers0, &mut slots0[..]), end(buffers1, &mut slots1[..])];
        let mut run = Self { interfaces, net, ends, phases: [0; 2], timers: [u64::MAX; 2] };
        run.ends[SERVER].socket().listen(PORTS[SERVER]).expect("a free port");
        let client = run.ends[CLIENT].sockets.get_mut::<tcp::Socket>(run.ends[CLIENT].handle);
        let context = run.interfaces[CLIENT].context();
        let server = (address(SERVER), PORTS[SERVER]);
        client.connect(context, server, PORTS[CLIENT]).expect("an address to connect to");
        run.egress(CLIENT);
        run.ask(CLIENT);
        run
    }

    fn ask(&mut self, side: usize) {
        let due = self.interfaces[side].poll_at(self.now(), &self.ends[side].sockets);
        self.timers[side] =
            due.map_or(u64::MAX, |at| u64::try_from(at.total_micros()).expect("a time to come"));
    }

    fn now(&self) -> Instant {
        Instant::from_micros(i64::try_from(self.net.now).expect("a short run"))
    }

    fn egress(&mut self, side: usize) {
        let now = self.now();
        let mut port = Port { net: self.net, side };
        self.interfaces[side].poll_egress(now, &mut port, &mut self.ends[side].sockets);
    }

    /// Handles the next arrival or timeout; returns false when the connection has ended.
    fn step(&mut self) -> bool {
        if self.ends[SERVER].socket().state() == tcp::State::Closed {
            return false;
        }
        let timer = self.timers[CLIENT].min(self.timers[SERVER]);
        match self.net.queue.front() {
            Some(packet) if packet.arrives <= timer => {
                let side = packet.to;
                self.net.now = packet.arrives;
                let now = self.now();
                let mut port = Port { net: self.net, side };
                self.interfaces[side].poll_ingress_single(
                    now,
                    &mut port,
                    &mut self.ends[side].sockets,
                );
                self.egress(side);
                self.application(side);
                self.ask(side);
            }
            _ => {
                assert!(timer < u64::MAX, "nothing is due, and the connection is not over");
                self.net.now = self.net.now.max(timer);
                let side = usize::from(self.timers[CLIENT] > timer);
                self.egress(side);
                self.ask(side);
            }
        }
        true
    }

    fn application(&mut self, side: usize) {
        let socket = self.ends[side].socket();
        match (side, self.phases[side]) {
            (CLIENT, 0) if socket.may_send() => {
                socket.send_slice(REQUEST).expect("an open connection");
            }
            (CLIENT, 1) if socket.recv_queue() >= REPLY.len() => {
                read(socket, REPLY);
                socket.close();
            }
            (CLIENT, 2) if socket.recv_queue() >= MORE.len() => read(socket, MORE),
            (SERVER, 0) if socket.recv_queue() >= REQUEST.len() => {
                read(socket, REQUEST);
                socket.send_slice(REPLY).expect("an open connection");
            }
            (SERVER, 1) if socket.state() == tcp::State::CloseWait => {
                socket.send_slice(MORE).expect("a half-open connection");
                self.egress(side);
                self.ends[side].socket().close();
            }
            _ => return,
        }
        self.phases[side] += 1;
        self.egress(side);
    }
}

fn read(socket: &mut tcp::Socket, expected: &[u8; 32]) {
    let mut octets = [0; 32];
    assert_eq!(socket.recv_slice(&mut octets), Ok(32));
    assert_eq!(&octets, expected);
}
